"""A document as Word: the few parts of the format that it needs, written out."""

from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from . import shapes
from .shapes import Line, Paper, Part, Row, Signatures, Table

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

BODY, TITLE, HEADING, SECOND, NUMBER = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
"""The typefaces of the standard. Word takes its own in their place where a machine lacks them."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def docx(paper: Paper) -> bytes:
    """The document for Word."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as package:
        for name, content in _FIXED.items():
            package.writestr(name, content)
        package.writestr("word/document.xml", _document(paper))
        package.writestr("word/media/code.png", shapes.code(paper, "png"))
        package.writestr("docProps/core.xml", _core(paper))
    return written.getvalue()


def _twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)


def _document(paper: Paper) -> str:
    gap = _paragraph("", indent=0)
    said = [_paragraph(paper.title, face=TITLE, size=shapes.TITLE, place="center", indent=0), gap]
    said += [_paragraph(f"{paper.to}：", indent=0)] if paper.to else []
    said += [_part(one) for one in paper.parts]
    if paper.issuer or paper.on:
        said += [gap, gap]
        said += [_paragraph(paper.issuer, place="right", indent=0, inset=2)] if paper.issuer else []
        said += [_paragraph(paper.on, place="right", indent=0, inset=4)] if paper.on else []
    said += [_code(paper)]
    if paper.printed_by:
        said += [_imprint(paper)]
    return f'{_HEAD}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{"".join(said)}{_section()}</w:body></w:document>'


def _section() -> str:
    """A4 with its margins, the grid of 22 lines, and page numbers that change sides."""
    below = _twips(shapes.BOTTOM - shapes.BELOW) - shapes.SMALL * 20  # 7.5 measures to the top of the number
    return (
        '<w:sectPr><w:footerReference w:type="default" r:id="odd"/><w:footerReference w:type="even" r:id="even"/>'
        f'<w:pgSz w:w="{_twips(210)}" w:h="{_twips(297)}"/><w:pgMar w:top="{_twips(shapes.TOP)}"'
        f' w:right="{_twips(shapes.RIGHT)}" w:bottom="{_twips(shapes.BOTTOM)}" w:left="{_twips(shapes.LEFT)}"'
        f' w:header="851" w:footer="{below}" w:gutter="0"/>'
        f'<w:docGrid w:type="linesAndChars" w:linePitch="{_LINE}" w:charSpace="{_CHARACTER}"/></w:sectPr>'
    )


_LINE = 225 * 1440 * 10 // (254 * 22)
"""Twips of a line of the grid: 22 on 225 mm."""
_CHARACTER = round((156 / 25.4 * 72 / shapes.CHARACTERS - shapes.BODY) * 4096)
"""What every character gives up, in 4096ths of a point, so that 28 stand on 156 mm."""


def _run(text: str, face: str = BODY, size: int = shapes.BODY) -> str:
    fonts = f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}" w:hint="eastAsia"/>'
    look = f'<w:rPr>{fonts}<w:sz w:val="{size * 2}"/><w:szCs w:val="{size * 2}"/></w:rPr>'
    lines = [f'<w:t xml:space="preserve">{escape(_clean(line))}</w:t>' for line in text.split("\n")]
    return f"<w:r>{look}{'<w:br/>'.join(lines)}</w:r>" if text else ""


def _clean(text: str) -> str:
    """Without the signs that XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign == "\t")


def _paragraph(
    text: str, *, face: str = BODY, size: int = shapes.BODY, place: str = "both", indent: int = 2, inset: int = 0,
) -> str:  # fmt: skip
    """`indent` and `inset` are characters before the first line and after every line."""
    spacing = f'<w:spacing w:before="0" w:after="0" w:line="{shapes.PITCH * 20}" w:lineRule="exact"/>'
    ind = f'<w:ind w:rightChars="{inset * 100}" w:right="{inset * size * 20}" w:firstLineChars="{indent * 100}"'
    ind += f' w:firstLine="{indent * size * 20}"/>'
    return f'<w:p><w:pPr>{spacing}{ind}<w:jc w:val="{place}"/></w:pPr>{_run(text, face, size)}</w:p>'


def _part(part: Part) -> str:
    match part:
        case Line(text, 1):
            return _paragraph(text, face=HEADING)
        case Line(text, 2):
            return _paragraph(text, face=SECOND)
        case Line(text):
            return _paragraph(text)
        case Table():
            return _table(part)
        case Signatures(places, seal):
            said = [_paragraph("", indent=0)] + [_paragraph(f"{one}：{'＿' * 10}", indent=0) for one in places]
            said += [_paragraph(f"（{seal}盖章处）", place="right", indent=0, inset=2)] if seal else []
            return "".join(said)


def _table(table: Table) -> str:
    widths = table.widths or (1,) * len(table.columns)
    whole = _twips(156)
    columns = [whole * one // sum(widths) for one in widths]
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in columns)
    rows = [_row(table.columns, columns, HEADING, head=True)] if any(table.columns) else []
    rows += [_row(one, columns, BODY) for one in table.rows]
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{whole}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _row(cells: Row, widths: list[int], face: str, head: bool = False) -> str:
    said = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{_paragraph(cell, face=face, size=shapes.SMALL, place='left', indent=0)}</w:tc>"
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{said}</w:tr>"


def _code(paper: Paper) -> str:
    """The QR code, 22 mm wide, and the way back in words."""
    size = 22 * 36_000
    picture = (
        f'<wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing"><wp:extent cx="{size}" cy="{size}"/>'
        f'<wp:docPr id="1" name="code" descr="本件网址的二维码"/><a:graphic xmlns:a="{_DRAWING}/main">'
        f'<a:graphicData uri="{_DRAWING}/picture"><pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="code.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="code"/>'
        '<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{size}" cy="{size}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline>"
    )
    beside = _run(f"　{paper.way_back}", size=shapes.SMALL)
    return f'<w:p><w:pPr><w:spacing w:before="240"/></w:pPr><w:r><w:drawing>{picture}</w:drawing></w:r>{beside}</w:p>'


def _imprint(paper: Paper) -> str:
    """Who had it printed, and when, between two lines (7.4)."""
    line = f'w:val="single" w:sz="{round(shapes.IMPRINT / 25.4 * 72 * 8)}" w:space="1" w:color="000000"'
    look = (
        f"<w:pBdr><w:top {line}/><w:bottom {line}/></w:pBdr>"
        f'<w:tabs><w:tab w:val="right" w:pos="{_twips(151)}"/></w:tabs>'
        f'<w:ind w:leftChars="100" w:left="{shapes.SMALL * 20}"/>'
    )
    by, on = _run(paper.printed_by, size=shapes.SMALL), _run(f"{paper.printed_on}印发", size=shapes.SMALL)
    return f"<w:p><w:pPr>{look}</w:pPr>{by}<w:r><w:tab/></w:r>{on}</w:p>"


def _core(paper: Paper) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(_clean(paper.title))}</dc:title>'
        "</cp:coreProperties>"
    )


def _footer(place: str) -> str:
    """— 1 —, one character in from its side (7.5)."""
    side = "right" if place == "right" else "left"
    number = f'<w:fldSimple w:instr=" PAGE ">{_run("1", NUMBER, shapes.SMALL)}</w:fldSimple>'
    field = f"{_run('— ', NUMBER, shapes.SMALL)}{number}"
    ind = f'<w:ind w:{side}Chars="100" w:{side}="{shapes.SMALL * 20}"/><w:jc w:val="{place}"/>'
    said = f"<w:p><w:pPr>{ind}</w:pPr>{field}{_run(' —', NUMBER, shapes.SMALL)}</w:p>"
    return f'{_HEAD}<w:ftr xmlns:w="{_W}">{said}</w:ftr>'


def _related(*ends: tuple[str, str, str]) -> str:
    said = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in ends)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{said}</Relationships>'


def _types() -> str:
    parts = (
        ("/word/document.xml", f"{_TYPE}.document.main+xml"), ("/word/styles.xml", f"{_TYPE}.styles+xml"),
        ("/word/settings.xml", f"{_TYPE}.settings+xml"), ("/word/footer1.xml", f"{_TYPE}.footer+xml"),
        ("/word/footer2.xml", f"{_TYPE}.footer+xml"),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
    )  # fmt: skip
    said = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts)
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="png"'
        f' ContentType="image/png"/><Default Extension="xml" ContentType="application/xml"/>{said}</Types>'
    )


_FIXED = {
    "[Content_Types].xml": _types(),
    "_rels/.rels": _related(
        ("document", f"{_R}/officeDocument", "word/document.xml"),
        ("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ),
    "word/_rels/document.xml.rels": _related(
        ("styles", f"{_R}/styles", "styles.xml"), ("settings", f"{_R}/settings", "settings.xml"),
        ("odd", f"{_R}/footer", "footer1.xml"), ("even", f"{_R}/footer", "footer2.xml"),
        ("code", f"{_R}/image", "media/code.png"),
    ),
    "word/footer1.xml": _footer("right"),
    "word/footer2.xml": _footer("left"),
    "word/settings.xml": f'{_HEAD}<w:settings xmlns:w="{_W}"><w:evenAndOddHeaders/></w:settings>',
    "word/styles.xml": (
        f'{_HEAD}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'<w:rFonts w:ascii="{BODY}" w:hAnsi="{BODY}" w:eastAsia="{BODY}"/><w:sz w:val="{shapes.BODY * 2}"/>'
        '<w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr>'
        '</w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        '<w:name w:val="Normal"/></w:style></w:styles>'
    ),
}  # fmt: skip

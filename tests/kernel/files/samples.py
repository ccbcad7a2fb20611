"""Files as people send them, with something hidden in each place where something can hide."""

import io
import zipfile
from typing import Any

import pypdf
import xlsxwriter
from PIL import Image
from pypdf.annotations import Text
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

CLEAN_TEXT = "收支公开，收入 1,200.00 元"


def jpg(**exif: Any) -> bytes:
    """A picture with the camera's remarks: a place, a make, an author."""
    made, remarks = io.BytesIO(), Image.Exif()
    remarks[0x010F], remarks[0x013B], remarks[0x0112] = "CANARY-MAKE", exif.get("author", "CANARY-AUTHOR"), 6
    remarks.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (40, 20), "red").save(made, "JPEG", exif=remarks, comment=b"CANARY-COMMENT")
    return made.getvalue() + b"CANARY-TAIL"


def png() -> bytes:
    from PIL.PngImagePlugin import PngInfo

    made, remarks = io.BytesIO(), PngInfo()
    remarks.add_text("Author", "CANARY-AUTHOR")
    Image.new("RGBA", (40, 20), (1, 2, 3, 4)).save(made, "PNG", pnginfo=remarks)
    return made.getvalue() + b"CANARY-TAIL"


def packed(parts: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def docx(text: str = CLEAN_TEXT, inside: str = "", **parts: str | bytes) -> bytes:
    """A Word file of one paragraph; `inside` is further markup of its body, `parts` further parts by path."""
    body = f'<w:p w:rsidR="00CANARY"><w:r><w:t>{text}</w:t></w:r></w:p>{inside}'
    types = "".join(
        f'<Override PartName="/{name}" ContentType="application/xml"/>' for name in ("word/document.xml", *parts)
    )
    links = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/{name}" Target="/{name}"/>' for at, name in enumerate(parts)
    )
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/xml"/>{types}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:v="urn:v"><w:body>{body}</w:body></w:document>',
            **parts,
        }
    )


def part(text: str) -> str:
    """A part of a Word file with one paragraph."""
    return f'<w:part xmlns:w="{W}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:part>'


HIDING_IN_WORD = {
    "core properties": lambda told: docx(**{"docProps/core.xml": f"<c><creator>{told}</creator></c>"}),
    "company": lambda told: docx(**{"docProps/app.xml": f"<c><Company>{told}</Company></c>"}),
    "comments": lambda told: docx(**{"word/comments.xml": part(told)}),
    "people": lambda told: docx(**{"word/people.xml": part(told)}),
    "custom data": lambda told: docx(**{"customXml/item1.xml": f"<d>{told}</d>"}),
    "struck text": lambda told: docx(inside=f"<w:p><w:del><w:r><w:delText>{told}</w:delText></w:r></w:del></w:p>"),
    "hidden run": lambda told: docx(inside=f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{told}</w:t></w:r></w:p>"),
}
"""What is not on the page and must not come along."""

SHOWN_IN_WORD = {
    "header": lambda told: docx(**{"word/header1.xml": part(told)}),
    "footer": lambda told: docx(**{"word/footer1.xml": part(told)}),
    "footnote": lambda told: docx(**{"word/footnotes.xml": part(told)}),
    "text box": lambda told: docx(
        inside=f"<w:p><w:r><v:textbox><w:txbxContent><w:p><w:r><w:t>{told}</w:t></w:r></w:p></w:txbxContent>"
        "</v:textbox></w:r></w:p>"
    ),
    "table": lambda told: docx(
        inside=f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>{told}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    ),
    "in pieces": lambda told: docx(
        inside="<w:p>"
        + "".join(f"<w:r><w:t>{told[at : at + 5]}</w:t></w:r>" for at in range(0, len(told), 5))
        + "</w:p>"
    ),
    "accepted change": lambda told: docx(inside=f"<w:p><w:ins><w:r><w:t>{told}</w:t></w:r></w:ins></w:p>"),
}


def xlsx(**where: str) -> bytes:
    """A workbook with something in the places named."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("收支")
        sheet.write("A1", where.get("cell", CLEAN_TEXT))
        if "number" in where:
            sheet.write_number("A2", int(where["number"]))
        if "comment" in where:
            sheet.write_comment("A1", where["comment"])
        if "text box" in where:
            sheet.insert_textbox("C3", where["text box"])
        if "header" in where:
            sheet.set_header(f"&C{where['header']}")
        if "author" in where:
            book.set_properties({"author": where["author"], "comments": where["author"]})
        _hide(book, sheet, where)
        if "name" in where:
            book.define_name("_told", f'="{where["name"]}"')
        if "link" in where:
            sheet.write_url("A9", f"https://example.org/{where['link']}", string="链接")
    return made.getvalue()


def _hide(book: Any, sheet: Any, where: dict[str, str]) -> None:
    if "hidden sheet" in where:
        hidden = book.add_worksheet("底稿")
        hidden.write("A1", where["hidden sheet"])
        hidden.hide()
    if "hidden row" in where:
        sheet.write("A5", where["hidden row"])
        sheet.set_row(4, None, None, {"hidden": True})
    if "hidden column" in where:
        sheet.write("H1", where["hidden column"])
        sheet.set_column("H:H", None, None, {"hidden": True})


def pdf(text: str = "open", **where: str) -> bytes:
    """A PDF of one page, with something in the places named."""
    written = pypdf.PdfWriter()
    page = written.add_blank_page(300, 300)
    font = DictionaryObject(
        {NameObject(key): NameObject(value) for key, value in
         {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}.items()}
    )  # fmt: skip
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): written._add_object(font)})}
    )
    content = DecodedStreamObject()
    covered = f"({where['covered']}) Tj 0 g 0 0 300 300 re f" if "covered" in where else ""
    content.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj {covered} ET".encode())
    page[NameObject("/Contents")] = written._add_object(content)
    if "author" in where:
        written.add_metadata({"/Author": where["author"]})
    if "remark" in where:
        written.add_annotation(0, Text(text=where["remark"], rect=(10, 10, 20, 20)))
    if "attachment" in where:
        written.add_attachment("list.txt", where["attachment"].encode())
    if "script" in where:
        script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(f"app.alert('{where['script']}')")}
        action = DictionaryObject({NameObject(key): value for key, value in script.items()})
        written.root_object[NameObject("/OpenAction")] = page[NameObject("/AA")] = written._add_object(action)
    made = io.BytesIO()
    written.write(made)
    return made.getvalue()

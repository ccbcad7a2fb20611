"""Word and Excel files: what is not on the page is left out, or, where it cannot be told apart, the file is refused."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from . import images
from .refusing import Unfit

PARTS = 2000
UNPACKED = 200 << 20
BIG, RATIO = 1 << 20, 100
"""A part of BIG bytes or more that shrinks further than this is made to fill memory."""

_LEFT_OUT = re.compile(
    r"docProps/|customXml/|word/(?:comments|commentsExtended|commentsIds|commentsExtensible|people)[^/]*\.xml$|"
    r"xl/(?:comments[^/]*\.xml|comments/|threadedComments/|persons/|printerSettings/|drawings/vmlDrawing[^/]*)|"
    r"(?:word|xl)/printerSettings/"
)
_REFUSED = {
    r"vbaProject|macrosheets|\.bin$(?<!printerSettings1\.bin)": "宏或嵌着的程序",
    r"/embeddings/|/oleObject": "嵌着的别的文件",
    r"/activeX/|/ctrlProps/": "控件",
    r"/externalLinks/|/connections\.xml|/queryTables/": "连着别的文件或数据库的数据",
    r"/media/.*\.svg$|\.html?$": "网页图形",
}
_ACCEPTED_TAGS = ("w:ins", "w:moveTo")
_STRUCK_TAGS = (
    "w:del", "w:moveFrom", "w:rPrChange", "w:pPrChange", "w:sectPrChange", "w:tblPrChange", "w:trPrChange",
    "w:tcPrChange", "w:commentRangeStart", "w:commentRangeEnd", "w:commentReference", "w:annotationRef",
    "w:moveFromRangeStart", "w:moveFromRangeEnd", "w:moveToRangeStart", "w:moveToRangeEnd", "legacyDrawing",
    "legacyDrawingHF",
)  # fmt: skip
_BREAKS = {"p", "br", "cr", "row", "si", "comment", "sheet", "definedName", "Relationship"}
_PIECES = {"t", "delText", "instrText"}
_CELLS = {"c", "tc", "tab"}
_GUID = re.compile(r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?")


def opened(content: bytes) -> tuple[str, dict[str, bytes]]:
    """The kind of the file and its parts, once its directory has been asked how big they are."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
        names = {part.filename for part in parts}
        kind = "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else ""
        if not kind:
            raise Unfit("只收 Word（.docx）、Excel（.xlsx）、PDF 和 JPG、PNG 图片。旧格式请另存为新格式再传。")
        if (
            len(parts) > PARTS
            or len(names) < len(parts)
            or sum(part.file_size for part in parts) > UNPACKED
            or any(part.file_size > BIG and part.file_size > RATIO * max(part.compress_size, 1) for part in parts)
        ):
            raise Unfit("文件展开后大得不正常，没有收。请另存为新文件再传。")
        return kind, {part.filename: archive.read(part) for part in parts if not part.is_dir()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        raise Unfit("文件打不开，可能有密码或没有传完整。请去掉密码另存再传。") from None


def cleaned(content: bytes) -> tuple[str, bytes]:
    """The kind, and the file with only what stands on its pages."""
    kind, parts = opened(content)
    for pattern, what in _REFUSED.items():
        if any(re.search(pattern, name) for name in parts if not _LEFT_OUT.match(name)):
            raise Unfit(f"文件里有{what}，公开后别人能取出来。请删去，另存再传。")
    kept = {name: part for name, part in parts.items() if not _LEFT_OUT.match(name)}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in kept.items():
            # A moment of its own in every entry would tell when the author worked.
            archive.writestr(
                zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), _bare(name, part, kept), zipfile.ZIP_DEFLATED
            )
    return kind, made.getvalue()


def _bare(name: str, part: bytes, kept: dict[str, bytes]) -> bytes:
    if re.search(r"\.(?:jpe?g|png)$", name.lower()):
        return images.redrawn(part)
    if not name.endswith((".xml", ".rels", ".vml")):
        return part
    tree = _read(part)
    if name == "[Content_Types].xml":
        _remove(node for node in tree.getElementsByTagName("Override") if node.getAttribute("PartName")[1:] not in kept)
    elif name.endswith(".rels"):
        _remove(node for node in tree.getElementsByTagName("Relationship") if _is_loose(name, node, kept))
    else:
        _nothing_hidden(name, tree)
        _settle(tree)
    return tree.toxml(encoding="UTF-8")


def _read(part: bytes) -> minidom.Document:
    # Without a document type there are no entities to unfold; in UTF-16 the words would be spelt otherwise.
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\0" in part[:200]:
        raise Unfit("文件的内部写法不正常，没有收。请用 Word、Excel 或 WPS 打开，另存再传。")
    try:
        return minidom.parseString(part)  # noqa: S318  # in the child, and see above
    except (ExpatError, ValueError):
        raise Unfit("文件内部有损坏。请用 Word、Excel 或 WPS 打开，另存再传。") from None


def _is_loose(name: str, node: minidom.Element, kept: dict[str, bytes]) -> bool:
    """A link to a part that is left out, or out of the file to anything but a page of the web."""
    target = node.getAttribute("Target")
    if node.getAttribute("TargetMode") == "External":
        return not (
            node.getAttribute("Type").endswith("/hyperlink") and target.startswith(("http:", "https:", "mailto:"))
        )
    if target.startswith("#"):
        return False
    folder = PurePosixPath(name).parent.parent
    return _flat(target[1:] if target.startswith("/") else f"{folder}/{target}") not in kept


def _flat(path: str) -> str:
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in (".", ""):
            steps.append(step)
    return "/".join(steps)


def _nothing_hidden(name: str, tree: minidom.Document) -> None:
    """Raises Unfit for hidden sheets, rows and columns: nobody can tell here whether they were meant to be seen."""
    for sheet in tree.getElementsByTagName("sheet") if name == "xl/workbook.xml" else ():
        if sheet.getAttribute("state") in ("hidden", "veryHidden"):
            raise Unfit(f"工作表“{sheet.getAttribute('name')}”是隐藏的。请删掉它，或取消隐藏，再传。")
    if name.startswith("xl/worksheets/"):
        for tag, what in (("row", "行"), ("col", "列")):
            if any(node.getAttribute("hidden") in ("1", "true") for node in tree.getElementsByTagName(tag)):
                raise Unfit(f"表里有隐藏的{what}。请删掉，或取消隐藏，再传。")


def _settle(tree: minidom.Document) -> None:
    """Takes changes as accepted, remarks out, runs that are not shown out, and marks of who edited when out."""
    for tag in _STRUCK_TAGS:
        _remove(tree.getElementsByTagName(tag))
    _remove(
        run for run in tree.getElementsByTagName("w:r")
        if any(mark.getAttribute("w:val") not in ("0", "false") for mark in run.getElementsByTagName("w:vanish"))
    )  # fmt: skip
    for tag in _ACCEPTED_TAGS:
        for node in list[Any](tree.getElementsByTagName(tag)):
            for child in list(node.childNodes):
                node.parentNode.insertBefore(child, node)
            node.parentNode.removeChild(node)
    for node in tree.getElementsByTagName("*"):
        marks = [key for key, _ in node.attributes.items() if key.startswith("w:rsid") or key == "w:author"]
        for key in marks:
            node.removeAttribute(key)


def _remove(nodes: Iterable[Any]) -> None:
    for node in list(nodes):
        if node.parentNode is not None:
            node.parentNode.removeChild(node)


_CALLED = (
    ("word/document", "正文"), ("word/header", "页眉"), ("word/footer", "页脚"), ("word/comments", "批注"),
    ("word/footnotes", "脚注"), ("word/endnotes", "尾注"), ("xl/comments", "批注"), ("xl/threadedComments", "批注"),
    ("docProps/", "文档属性"), ("xl/sharedStrings", "单元格"), ("xl/worksheets/sheet", "工作表"), ("xl/drawings", "文本框"),
    ("xl/workbook", "工作表名称"), ("customXml/", "隐藏数据"),
)  # fmt: skip


def texts(content: bytes) -> Iterator[tuple[str, str]]:
    """Every text of the file with its place, shown or not."""
    _, parts = opened(content)
    for name, part in sorted(parts.items()):
        where = next(
            (said for begin, said in _CALLED if name.startswith(begin)), f"内部文件 {PurePosixPath(name).name}"
        )
        if name.endswith((".xml", ".rels", ".vml")):
            yield where, _said(_read(part))
        elif not re.search(r"\.(?:jpe?g|png|gif|emf|wmf|ttf|odttf)$", name.lower()):
            yield where, f"{part.decode('latin-1')}\n{part.decode('utf-16-le', 'ignore')}"


def _said(tree: minidom.Document) -> str:
    """Text and attributes of a part. What runs on in a paragraph runs on here, however many pieces it is stored in."""
    said, asides = list[str](), list[str]()

    def walk(node: Any) -> None:
        if node.nodeType in (node.TEXT_NODE, node.CDATA_SECTION_NODE):
            said.append(_number(node))
        elif node.nodeType == node.COMMENT_NODE:
            asides.append(node.data)
        for _, value in node.attributes.items() if node.attributes else ():
            if sum(sign.isdigit() for sign in value) >= 7 and not _GUID.fullmatch(value):
                asides.append(unquote(value))
        for child in node.childNodes:
            walk(child)
        said.append(_after(node))

    walk(tree)
    return "".join(said) + "\n" + "\n".join(asides)


def _after(node: Any) -> str:
    """What parts an element's text from the next: nothing between pieces of a run, a tab after a cell, else a line."""
    tag = (node.nodeName or "").rpartition(":")[2]
    if tag in _PIECES:
        return ""
    if tag in _CELLS:
        return "\t"
    has_text = any(child.nodeType == child.TEXT_NODE and child.data.strip() for child in node.childNodes)
    return "\n" if tag in _BREAKS or has_text else ""


def _number(node: Any) -> str:
    """The text of a node; a number of a cell as it is shown, not as 1.38E+10."""
    text = str(node.data)
    if node.parentNode.nodeName != "v" or node.parentNode.parentNode.getAttribute("t") == "s":
        return "" if node.parentNode.nodeName == "v" else text
    try:
        return f"{float(text):.0f}" if "E" in text.upper() else text
    except ValueError:
        return text

"""PDF files: a new file of the pages alone. Attachments, scripts, remarks and the author's name do not come along."""

import io
from collections.abc import Iterator
from typing import Any

import pypdf
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from .images import bare_jpeg
from .refusing import Unfit

PAGES = 500
_SPOILT = (PyPdfError, KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError, NotImplementedError)
"""What a spoilt file may come to inside the reader."""

_OF_PAGES = {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Resources", "/Contents", "/Rotate", "/Group", "/UserUnit"}
_HIDDEN = ("/Metadata", "/PieceInfo", "/LastModified", "/AA", "/OpenAction", "/JS", "/JavaScript", "/EF", "/Thumb",
           "/StructParents", "/StructParent", "/OPI", "/OC")  # fmt: skip


def _opened(content: bytes) -> pypdf.PdfReader:
    try:
        found = pypdf.PdfReader(io.BytesIO(content))
        if found.is_encrypted:
            raise Unfit("PDF 有密码或限制。请去掉密码，或重新打印成 PDF 再传。")
        if len(found.pages) > PAGES:
            raise Unfit(f"PDF 超过 {PAGES} 页。请分成几份再传。")
    except _SPOILT:
        raise Unfit("PDF 打不开，可能没有传完整。请重新导出再传。") from None
    return found


def cleaned(content: bytes) -> bytes:
    """The pages alone."""
    found = _opened(content)
    try:
        form: Any = found.root_object.get("/AcroForm")
        if form is not None and form.get_object().get("/Fields"):
            raise Unfit("PDF 里有可以填写的表单。请打印成 PDF（填好的内容会印在纸面上）再传。")
        written = pypdf.PdfWriter()
        for page in found.pages:
            for key in [one for one in page if one not in _OF_PAGES]:
                del page[key]
            written.add_page(page)
        written.metadata = None
        for one in list(written._objects):
            _bare(one)
        made = io.BytesIO()
        written.write(made)
    except _SPOILT:
        raise Unfit("PDF 里有读不懂的地方。请重新打印成 PDF 再传。") from None
    return made.getvalue()


def _bare(one: Any) -> None:
    """An object without what is not shown; a picture of a camera without the camera's remarks."""
    if not isinstance(one, DictionaryObject):
        return
    for key in _HIDDEN:
        one.pop(NameObject(key), None)
    if isinstance(one, StreamObject) and one.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        one._data = bare_jpeg(one._data)


def texts(content: bytes) -> Iterator[tuple[str, str]]:
    """Every text of the file with its place: pages, remarks, attachments by their bytes, the author and the like."""
    found = _opened(content)
    for number, page in enumerate(found.pages, start=1):
        try:
            yield f"第 {number} 页", page.extract_text()
        except _SPOILT:
            yield f"第 {number} 页", ""
    yield from (("文件属性和批注", said) for one in _objects(found) if (said := _strings(one)))
    try:
        for name, parts in found.attachments.items():
            for part in parts:
                yield (
                    f"夹带的文件“{name[:30]}”",
                    f"{name}\n{part.decode('utf-8', 'replace')}\n{part.decode('utf-16-le', 'replace')}",
                )
    except _SPOILT:
        return


def _objects(found: pypdf.PdfReader) -> Iterator[Any]:
    """Every object that the file keeps."""
    for number in sorted({number for table in found.xref.values() for number in table} | set(found.xref_objStm)):
        try:
            yield found.get_object(number)
        except _SPOILT:
            continue


def _strings(one: Any, depth: int = 0) -> str:
    """The texts in an object that are written for people: remarks, titles, field values, packets of properties."""
    if depth > 4:
        return ""
    said = []
    if isinstance(one, str) and not isinstance(one, NameObject):
        said.append(str(one))
    elif isinstance(one, StreamObject) and one.get("/Type") == "/Metadata":
        said.append(one.get_data().decode("utf-8", "replace"))
    if isinstance(one, dict):
        said += [_strings(value, depth + 1) for key, value in one.items() if key not in ("/Parent", "/ID", "/P")]
    elif isinstance(one, list):
        said += [_strings(value, depth + 1) for value in one]
    return "\n".join(filter(None, said))

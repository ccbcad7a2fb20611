"""What a document consists of, and the measures of GB/T 9704—2012《党政机关公文格式》 that both ways of writing it keep."""

from dataclasses import dataclass
from io import BytesIO

import segno

TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
"""Margins in millimetres (5.2.1): on A4 they leave a type area of 156 by 225."""
TITLE, BODY, SMALL = 22, 16, 14
"""Sizes in points: 2号 of the title (7.3.1), 3号 of all else (5.2.2), 4号 of page numbers and imprint (7.4, 7.5)."""
PITCH = 28
"""Points from line to line: 22 lines a page (5.2.3)."""
CHARACTERS = 28
"""Characters a line (5.2.3)."""
BELOW = 7
"""Millimetres from the type area to the dashes beside the page number (7.5)."""
IMPRINT = 0.35
"""Millimetres of the first and last line of the imprint (7.4.1)."""

type Row = tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A paragraph, or with `level` a heading: 1 is 一、 in 黑体, 2 is （一） in 楷体 (7.3.3)."""

    text: str
    level: int = 0


@dataclass(frozen=True)
class Table:
    """A ruled table. `widths` are parts of the line; without them all columns are as wide."""

    columns: Row
    rows: tuple[Row, ...]
    widths: tuple[int, ...] = ()


@dataclass(frozen=True)
class Signatures:
    """Places to sign, and the place of the seal."""

    places: tuple[str, ...]
    seal: str = ""


type Part = Line | Table | Signatures


@dataclass(frozen=True)
class Paper:
    """A document. `number` and `address` find the way back to the record: in words, and as a QR code.

    `issuer` and `on` sign it (7.3.5); `printed_by` and `printed_on` are its imprint (7.4).
    """

    title: str
    parts: tuple[Part, ...]
    number: str
    address: str
    to: str = ""
    issuer: str = ""
    on: str = ""
    printed_by: str = ""
    printed_on: str = ""

    @property
    def way_back(self) -> str:
        """The line beside the QR code."""
        return f"编号 {self.number}。扫码，或在系统的列表里输入编号，找到这份记录。"


def code(paper: Paper, kind: str) -> bytes:
    """The QR code of the record's address, as `png` or `svg`."""
    written = BytesIO()
    segno.make(paper.address, error="m", micro=False).save(written, kind=kind, scale=8, border=2)
    return written.getvalue()

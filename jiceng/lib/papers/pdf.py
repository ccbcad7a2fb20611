"""A document as PDF. The layout is a fixed file, and what the document says is only data to it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jiceng.lib.refusals import Refused

from . import shapes
from .shapes import Line, Paper, Part, Signatures, Table

PDF = "application/pdf"
LAYOUT = Path(__file__).with_name("paper.typ")

FACES = {
    "body": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "FZFangSong-Z02", "STFangsong"),
    "title": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05"),
    "heading": ("SimHei", "黑体", "FZHei-B01", "Noto Sans CJK SC", "Noto Sans SC"),
    "second": ("KaiTi_GB2312", "KaiTi", "楷体", "FZKai-Z03", "LXGW WenKai"),
    "number": ("SimSun", "宋体", "NSimSun"),
}
"""The typefaces that the standard wants, under the names by which they are sold, best first."""

INSTEAD = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Noto Sans CJK SC")
"""Free ones that are set where the wanted one is not installed."""


@cache
def _fonts() -> Any:
    import typst  # noqa: PLC0415  # eighty megabytes that only a document needs

    return typst.Fonts(include_embedded_fonts=False)


def faces() -> dict[str, list[str]]:
    """Of every face the families that this machine has. Raises Refused where none of them can write Chinese."""
    there = set(_fonts().families())
    found = {face: [name for name in (*wanted, *INSTEAD) if name in there] for face, wanted in FACES.items()}
    if not all(found.values()):
        raise Refused(
            "服务器上没有中文字体，做不出 PDF。请下载 Word；或请管理员安装字体（Debian 的 fonts-noto-cjk）后重启。"
        )
    return found


def pdf(paper: Paper) -> bytes:
    """The document with its typefaces in it. Raises Refused where this machine has no Chinese typeface."""
    import typst  # noqa: PLC0415  # as above

    told = {
        "title": paper.title, "to": paper.to, "parts": [_part(one) for one in paper.parts], "issuer": paper.issuer,
        "on": paper.on, "printed_by": paper.printed_by, "printed_on": paper.printed_on, "back": paper.way_back,
        "code": shapes.code(paper, "svg").decode(), "faces": faces(), "measures": _MEASURES,
    }  # fmt: skip
    inputs = {"paper": json.dumps(told, ensure_ascii=False)}
    made: bytes = typst.compile(LAYOUT, font_paths=_fonts(), sys_inputs=inputs)
    return made


_MEASURES = {
    "top": shapes.TOP, "bottom": shapes.BOTTOM, "left": shapes.LEFT, "right": shapes.RIGHT, "below": shapes.BELOW,
    "title": shapes.TITLE, "body": shapes.BODY, "small": shapes.SMALL, "pitch": shapes.PITCH,
    "characters": shapes.CHARACTERS, "imprint": shapes.IMPRINT,
}  # fmt: skip


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Line(text, level):
            return {"is": "line", "text": text, "level": level}
        case Table(columns, rows, widths):
            return {"is": "table", "columns": columns, "rows": rows, "widths": widths or (1,) * len(columns)}
        case Signatures(places, seal):
            return {"is": "signatures", "places": places, "seal": seal}

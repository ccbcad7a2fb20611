"""Reads folders of packs: every declaration in them, and everything that is wrong with them."""

import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .declarations import KINDS, Declaration
from .kinds import Geometry

LARGEST = 1_000_000
"""Characters of a file that is still read."""

GEOMETRY = "geometry.geojson"
LARGEST_GEOMETRY = 50_000_000
"""Bytes of a file of outlines that is still read."""
MOST_FAULTS = 20
"""Faults of a file of outlines that are told: what is wrong with one point is wrong with all."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one file: which file, where in it, and what to do, in a sentence."""

    file: Path
    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}：{self.where + '：' if self.where else ''}{self.sentence}"


@dataclass
class Folder:
    """What a folder declares, file by file, and its faults."""

    declared: dict[Path, Declaration] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_folder(folder: Path) -> Folder:
    """Every TOML file in a folder and below. A file with a fault declares nothing."""
    found = Folder()
    for file in sorted(folder.rglob("*.toml")):
        outcome = read_file(file)
        if isinstance(outcome, Declaration):
            found.declared[file] = outcome
        else:
            found.faults += outcome
    found.faults += _repeated(found.declared.items())
    return found


def read_file(file: Path) -> Declaration | list[Fault]:
    """The declaration that a file makes, or all its faults."""
    try:
        text = file.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as error:
        return [Fault(file, "", f"读不出来，请存成 UTF-8 文本：{error}。")]
    outcome = read_text(text)
    return outcome if isinstance(outcome, Declaration) else [Fault(file, where, said) for where, said in outcome]


def read_text(text: str) -> Declaration | list[tuple[str, str]]:
    """The declaration that a text makes, or (where, sentence) of all that is wrong with it."""
    if len(text) > LARGEST:
        return [("", f"文件太大，最多 {LARGEST} 个字符。")]
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [("", f"不是正确的 TOML：{error}。")]
    return read_table(table)


def read_table(table: dict[str, Any]) -> Declaration | list[tuple[str, str]]:
    """The same for a table already parsed."""
    kind = KINDS.get(str(table.get("kind")))
    if kind is None:
        return [("kind", f"没有这种文件；有：{'、'.join(sorted(KINDS))}。")]
    try:
        made = kind.model_validate(table)
    except ValidationError as error:
        return [(_where(fault["loc"]), _sentence(dict(fault))) for fault in error.errors()]
    return list(made.faults()) or made


def read_geometry(folder: Path) -> Geometry | list[Fault]:
    """The outlines in a folder, or what is wrong with them; no fault and no outlines where there is no such file."""
    file = folder / GEOMETRY
    if not file.exists():
        return []
    if file.stat().st_size > LARGEST_GEOMETRY:
        return [Fault(file, "", f"文件太大，最多 {LARGEST_GEOMETRY // 1_000_000} MB；请先简化边界。")]
    try:
        made = Geometry.model_validate(json.loads(file.read_bytes()))
    except ValidationError as error:
        return [Fault(file, _where(one["loc"]), _sentence(dict(one))) for one in islice(error.errors(), MOST_FAULTS)]
    except ValueError as error:
        return [Fault(file, "", f"不是正确的 JSON：{error}。")]
    return [Fault(file, where, said) for where, said in made.faults()] or made


def _repeated(declared: Iterable[tuple[Path, Declaration]]) -> Iterator[Fault]:
    seen: dict[tuple[Any, ...], Path] = {}
    for file, one in declared:
        first = seen.setdefault((one.kind, one.key, one.since), file)
        if first != file:
            yield Fault(file, "since", f"和 {first.name} 是同一种、同一个 key、同一天起用。新一版要写新的日期。")


def _where(steps: tuple[int | str, ...]) -> str:
    """`step[2].wait`: tables by name, members of lists counted from 1."""
    said = ""
    for step in steps:
        said += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return said.removeprefix(".")


_SENTENCES = {
    "missing": "缺少这一项。",
    "extra_forbidden": "没有这一项，请检查拼写。",
    "string_type": "要写成引号里的文字。",
    "int_type": "要写成整数。",
    "float_type": "要写成数。",
    "bool_type": "要写成 true 或 false。",
    "bool_parsing": "要写成 true 或 false。",
    "int_parsing": "要写成整数。",
    "int_from_float": "要写成整数。",
    "dataclass_type": "写法不对，请照说明写成引号里的文字。",
    "date_type": "要写成日期，例如 2026-01-01（不加引号）。",
    "date_parsing": "要写成日期，例如 2026-01-01（不加引号）。",
    "date_from_datetime_parsing": "要写成日期，例如 2026-01-01（不加引号）。",
    "date_from_datetime_inexact": "只写日期，不写钟点。",
    "dict_type": "要写成一张表。",
    "model_type": "要写成一张表。",
    "tuple_type": "要写成一列。",
    "string_too_short": "不能空着。",
    "too_short": "至少写一条。",
}


def _sentence(fault: dict[str, Any]) -> str:
    context = fault.get("ctx", {})
    match fault["type"]:
        case "value_error":
            return str(context.get("error", fault["msg"]))
        case "literal_error" | "enum":
            return f"只能是：{context['expected'].replace(' or ', '、').replace(', ', '、')}。"
        case "union_tag_invalid":
            return f"只能是：{context['expected_tags'].replace(', ', '、')}。"
        case "greater_than_equal":
            return f"不能小于 {context['ge']:g}。"
        case "less_than_equal":
            return f"不能大于 {context['le']:g}。"
        case "string_pattern_mismatch":
            return f"写法不对，要符合 {context['pattern']}。"
        case "string_too_long":
            return f"太长，最多 {context['max_length']} 个字。"
        case kind:
            return _SENTENCES.get(kind, f"值不对：{fault['msg']}。")

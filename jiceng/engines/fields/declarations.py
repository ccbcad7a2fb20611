"""Declared fields: what a file may ask for, what a value of each type is, and how it is read, kept and said.

A value is kept in one JSON column under the field's key, as `kept` writes it: text, whole numbers (money in fen), ISO
dates, true and false, and of an organisation its ref. Nothing else is kept, so what was kept can be read by any later
edition.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from pydantic import Field as Limit

from jiceng.engines.packs.declarations import ColumnKey, Part, Sentence
from jiceng.lib.facts import Column, ColumnKind
from jiceng.lib.numbers import yuan

type Type = Literal["text", "paragraph", "integer", "money", "date", "choice", "flag", "organisation"]
type Kept = str | int | bool
type Said = Mapping[str, Kept]
"""Values by field key. A field that was left empty is not in it."""

REF = re.compile(r"[0-9A-Za-z_-]{6,12}")

LONGEST: dict[str, int] = {"text": 200, "paragraph": 5000}
LARGEST = 10**15
"""The largest whole number, or number of fen."""

FORBIDDEN = re.compile("宗教|信仰|政治倾向|思想倾向|签到|打卡|定位|轨迹|人脸|指纹")
"""What no form may ask anybody (个人信息保护法 第六条、第二十八条; the platform's own never list)."""


class Choice(Part):
    """One answer of a choice."""

    key: ColumnKey
    label: Sentence


class Field(Part):
    """One thing to fill in. Required unless `optional`; `help` says in a sentence what is wanted."""

    key: ColumnKey
    label: Sentence
    type: Type
    optional: bool = False
    help: str = Limit(default="", max_length=200)
    choices: tuple[Choice, ...] = ()
    least: int | None = None
    most: int | None = None

    def faults(self) -> Iterator[str]:
        """What is wrong with the declaration itself, in Chinese sentences."""
        if (self.type == "choice") != bool(self.choices):
            yield "type 是 choice 的要写 choices，别的不写。"
        keys = [one.key for one in self.choices]
        if len(set(keys)) < len(keys):
            yield "choices 里有两个相同的 key。"
        bounded = self.least is not None or self.most is not None
        if bounded and self.type not in ("integer", "money"):
            yield "least 和 most 只用于 integer 和 money。"
        if self.least is not None and self.most is not None and self.least > self.most:
            yield "least 比 most 大。"
        if found := FORBIDDEN.search(self.label + self.help):
            yield f"不许收集“{found.group()}”一类的内容。"


def faults(fields: Sequence[Field]) -> Iterator[tuple[int, str]]:
    """(place from 1, sentence) of everything wrong with a list of fields."""
    seen: set[str] = set()
    for place, one in enumerate(fields, start=1):
        yield from ((place, sentence) for sentence in one.faults())
        if one.key in seen:
            yield place, f"前面已有 key 为“{one.key}”的栏目。"
        seen.add(one.key)


class Wrong(ValueError):
    """A text is no value of its field: a Chinese sentence says what to do."""


def read(field: Field, text: str) -> Kept | None:
    """The value that a text says; None where it is left empty. Raises Wrong."""
    said = text.strip()
    if not said:
        if field.optional or field.type == "flag":
            return False if field.type == "flag" and not field.optional else None
        raise Wrong(f"请填写{field.label}。")
    return _READERS[field.type](field, said)


def _text(field: Field, said: str) -> str:
    longest = LONGEST[field.type]
    if len(said) > longest:
        raise Wrong(f"最多 {longest} 个字，现在是 {len(said)} 个。")
    return said


def _integer(field: Field, said: str) -> int:
    return _bounded(field, _number(said, "请填整数，不带单位。"), str)


def _money(field: Field, said: str) -> int:
    """Fen. Least and most are in fen too."""
    return _bounded(field, _number(said.removesuffix("元"), "请填以元为单位的金额，到分为止。", Decimal(100)), yuan)


def _number(said: str, sentence: str, times: Decimal = Decimal(1)) -> int:
    try:
        found = Decimal(said.replace(",", "").replace("，", "")) * times
    except InvalidOperation:
        raise Wrong(sentence) from None
    if not found.is_finite() or abs(found) > LARGEST or found != found.to_integral_value():
        raise Wrong(sentence)
    return int(found)


def _bounded(field: Field, value: int, show: Callable[[int], str]) -> int:
    if field.least is not None and value < field.least:
        raise Wrong(f"不能小于 {show(field.least)}。")
    if field.most is not None and value > field.most:
        raise Wrong(f"不能大于 {show(field.most)}。")
    return value


def _date(field: Field, said: str) -> str:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        raise Wrong("请填日期，例如 2026-07-01。") from None


def _choice(field: Field, said: str) -> str:
    for one in field.choices:
        if said in (one.key, one.label):
            return one.key
    raise Wrong(f"请从这些里选：{'、'.join(one.label for one in field.choices)}。")


def _flag(field: Field, said: str) -> bool:
    if said in ("是", "true", "on", "1"):
        return True
    if said in ("否", "false", "0"):
        return False
    raise Wrong("请填“是”或“否”。")


def _ref(field: Field, said: str) -> str:
    """A ref, which whoever shows or keeps the value looks up."""
    if not REF.fullmatch(said):
        raise Wrong("请填组织代码，或者完整的名称。")
    return said


_READERS: dict[str, Callable[[Field, str], Kept]] = {
    "text": _text, "paragraph": _text, "integer": _integer, "money": _money, "date": _date, "choice": _choice,
    "flag": _flag, "organisation": _ref,
}  # fmt: skip


def say(field: Field, value: Kept | None, names: Mapping[str, str] | None = None) -> str:
    """A kept value as people read it, refs by their `names`; a value of an older edition that no longer fits is shown
    as it was kept."""
    if value is None:
        return "未填"
    match field.type:
        case "money" if isinstance(value, int):
            return yuan(value)
        case "integer" if isinstance(value, int):
            return f"{value:,}"
        case "flag":
            return "是" if value else "否"
        case "organisation":
            return (names or {}).get(str(value), "看不到的组织")
        case "choice":
            return next((one.label for one in field.choices if one.key == value), str(value))
        case _:
            return str(value)


def text_of(field: Field, value: Kept | None) -> str:
    """The text that `read` takes for the same value, as a form is filled with it again."""
    if value is None:
        return ""
    if field.type == "money" and isinstance(value, int):
        sign, fen = ("-" if value < 0 else ""), abs(value)
        return f"{sign}{fen // 100}.{fen % 100:02d}"
    return say(field, value) if field.type == "flag" else str(value)


def keep(field: Field, value: Kept | None) -> Kept | None:
    """The value again, if a form could have given it. Raises Wrong."""
    found = read(field, text_of(field, value))
    if value is not None and (type(found) is not type(value) or found != value):
        raise Wrong("不是这一栏能填的内容。")
    return found


@dataclass(frozen=True)
class Reading:
    """What a whole form came to: the values, and by field key what is wrong."""

    said: dict[str, Kept]
    wrong: dict[str, str]


def read_all(fields: Iterable[Field], texts: Mapping[str, str]) -> Reading:
    """Every field read, every fault at once."""
    reading = Reading({}, {})
    for one in fields:
        try:
            value = read(one, texts.get(one.key, ""))
        except Wrong as wrong:
            reading.wrong[one.key] = str(wrong)
        else:
            if value is not None:
                reading.said[one.key] = value
    return reading


_KINDS: dict[str, ColumnKind] = {
    "integer": "integer", "money": "money", "date": "date", "choice": "code", "flag": "flag",
}  # fmt: skip


def columns(fields: Iterable[Field]) -> dict[str, Column]:
    """The fields that a condition may ask about; free text is none of them."""
    return {
        one.key: Column(one.key, one.label, _KINDS[one.type], tuple((c.key, c.label) for c in one.choices))
        for one in fields
        if one.type in _KINDS
    }


def row(fields: Iterable[Field], said: Said) -> dict[str, Any]:
    """Kept values as a condition asks for them: dates as dates, flags as 0 and 1, what is empty as None."""
    found: dict[str, Any] = {}
    for one in fields:
        value = said.get(one.key)
        if one.type == "date" and isinstance(value, str):
            found[one.key] = date.fromisoformat(value)
        else:
            found[one.key] = int(value) if isinstance(value, bool) else value
    return found

"""What a condition is made of, and whether it fits the columns it asks about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

from jiceng.lib.facts import Column, ColumnKind

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
ELAPSED = ("age", "months", "days")
LONGEST = 100_000
"""The largest number of years, months or days that may be asked for."""


class TheDay(Enum):
    """The word `day`: the day that a figure is asked for."""

    DAY = "day"


type Literal = str | Fraction | date | TheDay
type Condition = All | Any | Not | Test


@dataclass(frozen=True)
class All:
    """Every part holds; with no parts, always."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Any:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True)
class Test:
    """One field against literals. `elapsed` is age, months or days when a date is asked how long ago it was."""

    field: str
    operator: str
    literals: tuple[Literal, ...] = ()
    elapsed: str = ""
    at: int = 0


def tests(condition: Condition) -> Iterator[Test]:
    """Every single test in a condition."""
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from tests(part)
        case Not(part):
            yield from tests(part)
        case Test():
            yield condition


def faults(condition: Condition, columns: Mapping[str, Column]) -> Iterator[str]:
    """What does not fit these columns, one Chinese sentence each."""
    for test in tests(condition):
        column = columns.get(test.field)
        if column is None:
            yield f"第 {test.at + 1} 个字符：没有“{test.field}”这一项；有：{'、'.join(columns)}。"
        else:
            yield from (f"第 {test.at + 1} 个字符：{why}" for why in _misfits(test, column))


def _misfits(test: Test, column: Column) -> Iterator[str]:
    if test.elapsed and column.kind != "date":
        yield f"{test.elapsed}(…) 只能问日期，“{column.name}”不是日期。"
        return
    for literal in test.literals:
        if test.elapsed:
            if not (isinstance(literal, Fraction) and literal.denominator == 1 and 0 <= literal <= LONGEST):
                yield f"“{column.name}”过了多久，要和 0 到 {LONGEST} 的整数比较。"
        elif not _suits(literal, column.kind):
            yield f"“{column.name}”要和{_WANTED[column.kind]}比较。"
        elif column.kind == "code" and column.labels and literal not in dict(column.labels):
            yield f"“{column.name}”没有代码“{literal}”；有：{'、'.join(code for code, _ in column.labels)}。"


_WANTED: dict[ColumnKind, str] = {
    "code": "引号里的代码", "integer": "整数或分数", "money": "整数（分）", "flag": " 0 或 1 ", "date": "日期",
}  # fmt: skip


def _suits(literal: Literal, kind: ColumnKind) -> bool:
    match kind:
        case "code":
            return isinstance(literal, str)
        case "date":
            return isinstance(literal, date | TheDay)
        case "flag":
            return literal in (Fraction(0), Fraction(1))
        case _:
            return isinstance(literal, Fraction) and max(abs(literal.numerator), literal.denominator) < 10**15

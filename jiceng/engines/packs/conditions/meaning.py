"""What a condition means for one row, said in plain Python: the oracle that every engine is tested against."""

import calendar
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any as Anything

from .parts import All, Any, Condition, Literal, Not, Test, TheDay


def holds(condition: Condition, row: Mapping[str, Anything], day: date) -> bool:
    """Whether the row fulfils the condition, for a figure of that day."""
    match condition:
        case All(parts):
            return all(holds(part, row, day) for part in parts)
        case Any(parts):
            return any(holds(part, row, day) for part in parts)
        case Not(part):
            return not holds(part, row, day)
        case Test():
            return _passes(condition, row[condition.field], day)


def _passes(test: Test, value: Anything, day: date) -> bool:
    if test.operator == "is":
        return value is None
    if value is None:
        return False
    if test.elapsed:
        value = elapsed(value, day, test.elapsed)
    literals = [_meant(literal, day) for literal in test.literals]
    if test.operator == "in":
        return value in literals
    if test.operator == "between":
        return bool(literals[0] <= value <= literals[1])
    return bool(_COMPARE[test.operator](value, literals[0]))


def _meant(literal: Literal, day: date) -> str | Fraction | date:
    return day if isinstance(literal, TheDay) else literal


_COMPARE = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def elapsed(since: date, day: date, unit: str) -> int:
    """How many full years, months or days have passed; negative before it began."""
    if unit == "days":
        return (day - since).days
    months = (day.year - since.year) * 12 + day.month - since.month
    anniversary = min(since.day, calendar.monthrange(day.year, day.month)[1])
    if day.day < anniversary:
        months -= 1
    return months // 12 if unit == "age" else months

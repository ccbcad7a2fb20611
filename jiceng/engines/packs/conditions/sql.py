"""A condition as SQL: one text, the same on SQLite, PostgreSQL and DuckDB, with `?` for each parameter in order.

Tests are two-valued: the empty field is asked for first, so that `not` never meets NULL. Fractions are compared by
multiplying out, elapsed times by a date; nothing is a float.
"""

import calendar
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .parts import All, Any, Condition, Literal, Not, Test, TheDay


class Fragment(NamedTuple):
    """A piece of SQL and its parameters."""

    text: str
    parameters: tuple[str | int | date, ...] = ()


def sql(condition: Condition, day: date, alias: str = "f") -> Fragment:
    """The condition about the row `alias`, for a figure of that day."""
    match condition:
        case All(()):
            return Fragment("1 = 1")
        case All(parts):
            return _joined(" AND ", [sql(part, day, alias) for part in parts])
        case Any(parts):
            return _joined(" OR ", [sql(part, day, alias) for part in parts])
        case Not(part):
            text, parameters = sql(part, day, alias)
            return Fragment(f"NOT ({text})", parameters)
        case Test():
            return _test(condition, day, f'{alias}."{condition.field}"')


def _joined(word: str, parts: list[Fragment]) -> Fragment:
    text = word.join(f"({part.text})" for part in parts)
    return Fragment(text, tuple(value for part in parts for value in part.parameters))


def _test(test: Test, day: date, field: str) -> Fragment:
    if test.operator == "is":
        return Fragment(f"{field} IS NULL")
    if test.elapsed:
        found = _elapsed(test, day, field)
    elif test.operator == "in":
        found = _joined(" OR ", [_compared(field, "=", literal, day) for literal in test.literals])
    elif test.operator == "between":
        low, high = test.literals
        found = _joined(" AND ", [_compared(field, ">=", low, day), _compared(field, "<=", high, day)])
    else:
        found = _compared(field, test.operator, test.literals[0], day)
    return Fragment(f"{field} IS NOT NULL AND ({found.text})", found.parameters)


def _compared(field: str, operator: str, literal: Literal, day: date) -> Fragment:
    sign = "<>" if operator == "!=" else operator
    match literal:
        case Fraction():
            factor = f" * {literal.denominator}" if literal.denominator > 1 else ""
            return Fragment(f"{field}{factor} {sign} ?", (literal.numerator,))
        case TheDay():
            return Fragment(f"{field} {sign} ?", (day,))
        case _:
            return Fragment(f"{field} {sign} ?", (literal,))


def _elapsed(test: Test, day: date, field: str) -> Fragment:
    """At least n years ago is on or before the day n years ago; every other comparison follows from that one."""
    said = [int(literal) for literal in test.literals if isinstance(literal, Fraction)]

    def at_least(n: int) -> Fragment:
        return Fragment(f"{field} <= ?", (cutoff(day, test.elapsed, n),))

    def less_than(n: int) -> Fragment:
        return Fragment(f"{field} > ?", (cutoff(day, test.elapsed, n),))

    def exactly(n: int) -> Fragment:
        return _joined(" AND ", [at_least(n), less_than(n + 1)])

    match test.operator:
        case ">=":
            return at_least(said[0])
        case ">":
            return at_least(said[0] + 1)
        case "<":
            return less_than(said[0])
        case "<=":
            return less_than(said[0] + 1)
        case "between":
            return _joined(" AND ", [at_least(said[0]), less_than(said[1] + 1)])
        case "!=":
            return _joined(" OR ", [less_than(said[0]), at_least(said[0] + 1)])
        case _:
            return _joined(" OR ", [exactly(n) for n in said])


def cutoff(day: date, unit: str, n: int) -> date:
    """The latest date from which n full years, months or days have passed on that day.

    The anniversary of a day that a month lacks is that month's last day (29 February, 31 January).
    """
    if unit == "days":
        return date.fromordinal(max(day.toordinal() - n, 1))
    years, month = divmod(day.year * 12 + day.month - 1 - n * (12 if unit == "age" else 1), 12)
    if years < 1:
        return date.min
    last = calendar.monthrange(years, month + 1)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(years, month + 1, last if is_last else min(day.day, last))

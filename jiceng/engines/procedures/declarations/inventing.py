"""Invented values for a trial: of every field type a plain one, and those on both sides of what conditions compare."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from jiceng.engines.assembly.declarations import Share
from jiceng.engines.assembly.declarations.tallies import Gate, Outcome, Tally, Votes, outcome
from jiceng.engines.fields.declarations import Field, Kept
from jiceng.engines.packs.conditions import Literal, Test
from jiceng.kernel.calendars.declarations import Calendar, Span, Unit

from .words import Gathering

ROLL = 12
"""So many invented people belong to every invented meeting."""
ORGANISATION = "TRIAL000"
NAMES = {ORGANISATION: "试走组织"}
"""What an invented ref is called."""
HALF = Share.read("> 1/2 of roll")


def values(field: Field, asked: Iterable[Test], day: date) -> list[Kept | None]:
    """What may be filled in on a day: the plain value first, then one on each side of every boundary that the tests of
    this field set. None, where the field may stay empty and a condition asks about it."""
    found: list[Kept | None] = []
    tests = list(asked)
    for one in _INVENT[field.type](field, tests, day):
        if one not in found:
            found.append(one)
    if tests and field.optional:
        found.append(None)
    return found


def _text(field: Field, tests: list[Test], day: date) -> Iterator[Kept]:
    yield f"试走时填的{field.label}"


def _whole(field: Field, tests: list[Test], day: date) -> Iterator[Kept]:
    """Whole numbers, fen for money."""
    least = field.least if field.least is not None else -(10**15)
    most = field.most if field.most is not None else 10**15
    plain = 100_000 if field.type == "money" else 1
    yield min(max(plain, least), most)
    for one in _numbers(tests):
        near = one.__floor__()
        yield from (number for number in range(near - 1, near + 3) if least <= number <= most)
    if tests:
        yield from (number for number in (field.least, field.most) if number is not None)


def _numbers(tests: list[Test]) -> Iterator[Fraction]:
    for test in tests:
        yield from (one for one in test.literals if isinstance(one, Fraction))


def _date(field: Field, tests: list[Test], day: date) -> Iterator[Kept]:
    yield day.isoformat()
    for test in tests:
        for literal in test.literals:
            for middle in _days_of(test, literal, day):
                yield from (str(middle + timedelta(days=days)) for days in (-1, 0, 1))


def _days_of(test: Test, literal: Literal, day: date) -> Iterator[date]:
    if isinstance(literal, date):
        yield literal
    elif isinstance(literal, Fraction):
        units: dict[str, Unit] = {"age": "year", "months": "month", "days": "day"}
        yield from (_before(day, Span(int(literal) + more, units[test.elapsed])) for more in (0, 1))
    else:
        yield day


def _before(day: date, span: Span) -> date:
    """The latest day from which a span of days, months or years is over on `day`; the first of all where none is."""
    if span.unit == "day":
        return day - timedelta(days=min(span.number, day.toordinal() - 2))
    months = day.year * 12 + day.month - 1 - span.number * (12 if span.unit == "year" else 1)
    if months < 24:
        return date(2, 1, 2)
    year, month = divmod(months, 12)
    last = Calendar().after(date(year, month + 1, 1), Span(1, "month")).on - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def _choice(field: Field, tests: list[Test], day: date) -> Iterator[Kept]:
    yield from (one.key for one in (field.choices if tests else field.choices[:1]))


def _flag(field: Field, tests: list[Test], day: date) -> Iterator[Kept]:
    yield True
    if tests:
        yield False


def _organisation(field: Field, tests: list[Test], day: date) -> Iterator[Kept]:
    yield ORGANISATION


_INVENT: dict[str, Callable[[Field, list[Test], date], Iterator[Kept]]] = {
    "text": _text, "paragraph": _text, "integer": _whole, "money": _whole, "date": _date, "choice": _choice,
    "flag": _flag, "organisation": _organisation,
}  # fmt: skip


def vote(word: Gathering, *, passed: bool) -> Outcome:
    """What an invented meeting came to: everybody is there, and just enough or one too few are for it."""
    share = word.passes or HALF
    yes = share.least(ROLL) - (0 if passed else 1)
    return outcome(Tally(ROLL, ROLL, Votes(yes, ROLL - yes)), Gate(share, word.quorum, word.basis))

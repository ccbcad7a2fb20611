"""One stride of a trial: the current step, ended with invented values as early as the calendar allows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, product

from jiceng.engines.fields.declarations import Field, Kept
from jiceng.engines.packs.conditions import Test, tests
from jiceng.kernel.calendars.declarations import Calendar

from . import inventing
from .hindrances import Board, Ending, Hindrance, Sat, goes_on, of_ending
from .machine import Act, Record, Standing, earliest, standing, stands_until
from .procedure import Procedure
from .words import Outcome, Step

MOST_FILLINGS = 2_000
"""So many ways of filling in one form are tried."""
REASON = "试走时写的原因"


@dataclass(frozen=True)
class Stride:
    """One step as it was walked: before it, what was written down, and how it ended. `let_pass` are sentences that the
    reason let pass, `sat` is the sum of the vote, `until` the first day on which the notice need not stand."""

    before: Standing
    step: Step
    outcome: Outcome
    records: tuple[Record, ...]
    said: Mapping[str, Kept]
    let_pass: tuple[Hindrance, ...] = ()
    sat: Sat | None = None
    until: date | None = None

    @property
    def on(self) -> date:
        """The day on which the step ended."""
        return self.records[-1].on


@dataclass(frozen=True)
class Attempt:
    """One way of ending the step that was tried: the stride, or everything that forbade it."""

    said: Mapping[str, Kept]
    stride: Stride | None
    forbidden: tuple[Hindrance, ...] = ()


def asked(procedure: Procedure) -> dict[str, list[Test]]:
    """By field key, every test that a condition of the procedure makes."""
    found = defaultdict[str, list[Test]](list)
    for step in procedure.step:
        for one in ((step.when,) if step.when else ()) + tuple(gate.holds for gate in step.gates):
            for test in tests(one.condition):
                found[test.field].append(test)
    return dict(found)


def lasting(procedure: Procedure) -> list[tuple[int, Test]]:
    """The tests that may tell one case from another at a later step, each with the place of the step that makes it:
    all but those that a gate makes of a field of its own step."""
    found: list[tuple[int, Test]] = []
    for place, step in enumerate(procedure.step):
        own = {one.key for one in step.field}
        found += [(place, test) for one in ((step.when,) if step.when else ()) for test in tests(one.condition)]
        found += [(place, test) for gate in step.gates for test in tests(gate.holds.condition) if test.field not in own]
    return found


def fillings(fields: Sequence[Field], questions: Mapping[str, list[Test]], day: date) -> Iterator[dict[str, Kept]]:
    """Ways of filling in a form, the plain one first."""
    offered = [inventing.values(one, questions.get(one.key, ()), day) for one in fields]
    for chosen in islice(product(*offered), MOST_FILLINGS):
        yield {one.key: value for one, value in zip(fields, chosen, strict=True) if value is not None}


def attempts(
    procedure: Procedure, records: Sequence[Record], outcome: Outcome, questions: Mapping[str, list[Test]],
    calendar: Calendar,
) -> Iterator[Attempt]:  # fmt: skip
    """Every way of ending the current step with this outcome. Raises OverflowError past the year 9999."""
    before = standing(procedure, records)
    step = before.step
    assert step  # only a case that is under way is asked
    forward = goes_on(procedure, outcome)
    made, sat, until = _prepared(procedure, records, before, outcome, calendar, forward=forward)
    now = standing(procedure, [*records, *made])
    on = max((before.since, *(one.on for one in made), *_days(now, calendar, forward=forward)))
    for said in fillings(step.field if forward else (), questions, on):
        ending = Ending(outcome.key, on, on, said, REASON, sat, Board(until=until) if until else None)
        found = of_ending(procedure, now, ending, calendar)
        if forbidden := tuple(one for one in found if one.hard):
            yield Attempt(said, None, forbidden)
        else:
            number = len(records) + len(made) + 1
            last = Record(number, Act.DONE, on, step.key, outcome.key, said)
            yield Attempt(said, Stride(before, step, outcome, (*made, last), said, tuple(found), sat, until))


def _days(now: Standing, calendar: Calendar, *, forward: bool) -> tuple[date, ...]:
    due = earliest(now, calendar) if forward else None
    return (due.on,) if due else ()


def _prepared(
    procedure: Procedure, records: Sequence[Record], before: Standing, outcome: Outcome, calendar: Calendar, *,
    forward: bool,
) -> tuple[tuple[Record, ...], Sat | None, date | None]:  # fmt: skip
    """What is written down before the step ends: rounds, replies, papers, the meeting and the notice."""
    step = before.step
    assert step
    made: list[Record] = []

    def add(act: Act, on: date, key: str = "") -> None:
        made.append(Record(len(records) + len(made) + 1, act, on, step.key, key))

    first = max((before.since, *_days(before, calendar, forward=forward)))
    sat = None
    if forward:
        for on in _rounds(before, first, calendar):
            add(Act.ROUND, on)
        for reply in step.replies:
            add(Act.REPLY, made[-1].on if made else before.since, reply.key)
        for paper in step.papers:
            add(Act.PAPER, made[-1].on if made else before.since, paper.key)
    if step.meeting and (forward or outcome.vote):
        on = max((first, *(one.on for one in made)))
        add(Act.MET, on)
        told = inventing.vote(step.meeting, passed=outcome.vote != "failed") if step.meeting.passes else None
        sat = Sat(on, True, told.passed if told else None, told.sentence if told else "")
    if step.notice is None or not forward:
        return tuple(made), sat, None
    posted = made[-1].on if made else before.since
    add(Act.POSTED, posted)
    return tuple(made), sat, stands_until(step.notice, posted, calendar).on


def _rounds(before: Standing, first: date, calendar: Calendar) -> list[date]:
    found: list[date] = []
    assert before.step
    while before.step.repeats and (not found or found[-1] < first):
        last = found[-1] if found else before.since
        following = calendar.after(last, before.step.repeats.every).on
        found.append(following)
        if following == last:  # every 0 days: once is as good as ever
            break
    return found


def barred(procedure: Procedure, stride: Stride, calendar: Calendar) -> list[Hindrance]:
    """What the step would have answered to somebody who ended it at once, with nothing done for it."""
    ending = Ending(stride.outcome.key, stride.before.since, stride.before.since, {}, "")
    return of_ending(procedure, replace(stride.before, given=frozenset()), ending, calendar)

"""From the records of a case to where it stands: pure, without a store and without a clock.

A case is its records, in the order in which they were written. Nothing else is kept of where it stands, so a correction
of a record corrects everything that follows from it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from jiceng.engines.fields.declarations import Kept, row
from jiceng.engines.packs.conditions import holds
from jiceng.kernel.calendars.declarations import Calendar, Due, Span

from .procedure import END, NEXT, Procedure
from .words import OPENED, End, Posting, Step, Wait


class Act(StrEnum):
    """What a record tells of."""

    OPENED = "opened"
    ENTERED = "entered"
    DONE = "done"
    ROUND = "round"
    REPLY = "reply"
    PAPER = "paper"
    MET = "met"
    POSTED = "posted"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    HANDED = "handed-over"


@dataclass(frozen=True)
class Record:
    """One act: its number in the case, the day it happened, the step, and what was said.

    `key` is the outcome of a step, or which reply or paper; `of` is the number of the record that a correction
    corrects; `done` says of a case entered under way when its earlier steps were done.
    """

    number: int
    act: Act
    on: date
    step: str = ""
    key: str = ""
    said: Mapping[str, Kept] = field(default_factory=dict)
    of: int = 0
    done: Mapping[str, date] = field(default_factory=dict)


class State(StrEnum):
    """Whether anything may be done."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


@dataclass(frozen=True)
class Standing:
    """Where a case stands. `since` is the day on which the step became due to be done; `done` are the days of steps
    that count; `given` are the replies and papers that the current step has; `met` and `posted` are the numbers of the
    records that tell of its meeting and of its notice. `taken` are all outcomes of steps so far, returns included;
    `held` is how long a step that is done again takes."""

    state: State
    step: Step | None
    since: date
    opened: date
    end: End | None = None
    said: Mapping[str, Kept] = field(default_factory=dict)
    done: Mapping[str, date] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    taken: frozenset[tuple[str, str]] = frozenset()
    held: tuple[date, Span] | None = None
    rounds: tuple[date, ...] = ()
    met: int = 0
    posted: int = 0
    posted_on: date | None = None
    passed_over: frozenset[str] = frozenset()
    paused: tuple[tuple[date, date], ...] = ()
    suspended_on: date | None = None


def corrected(records: Iterable[Record]) -> list[Record]:
    """The records as they are believed now: each with the day and the values of its last correction."""
    believed: dict[int, Record] = {}
    for one in records:
        if one.act is not Act.CORRECTED:
            believed[one.number] = one
        elif one.of in believed:
            before = believed[one.of]
            believed[one.of] = replace(before, on=one.on, said={**before.said, **one.said})
    return list(believed.values())


def standing(procedure: Procedure, records: Sequence[Record]) -> Standing:
    """Where the case stands after these records. The first one opens the case, or enters one that is under way.

    Raises ValueError for records that the procedure cannot have led to.
    """
    first, *rest = corrected(records)
    if first.act is Act.ENTERED:
        step = _step(procedure, first.step)
        now = Standing(State.RUNNING, step, first.on, first.done.get(OPENED, first.on), None, first.said, first.done)
    elif first.act is Act.OPENED:
        now = Standing(State.RUNNING, None, first.on, first.on, said=dict(first.said))
        now = _arrive(procedure, now, 0, first.on)
    else:
        raise ValueError("a case begins by being opened or entered")
    for one in rest:
        now = _after(procedure, now, one)
    return now


def _step(procedure: Procedure, key: str) -> Step:
    found = procedure.find(key)
    if found is None:
        raise ValueError(f"{procedure.key} has no step {key}")
    return found


def _after(procedure: Procedure, now: Standing, one: Record) -> Standing:
    match one.act, now.state:
        case Act.RESUMED, State.SUSPENDED:
            assert now.suspended_on
            paused = (*now.paused, (now.suspended_on, one.on))
            return replace(now, state=State.RUNNING, suspended_on=None, paused=paused)
        case Act.WITHDRAWN, State.RUNNING | State.SUSPENDED:
            return replace(now, state=State.WITHDRAWN, step=None, since=one.on)
        case Act.SUSPENDED, State.RUNNING:
            return replace(now, state=State.SUSPENDED, suspended_on=one.on)
        case Act.HANDED, State.RUNNING | State.SUSPENDED:
            return now
        case (Act.REPLY | Act.PAPER, State.RUNNING) if _is_current(now, one):
            return replace(now, given=now.given | {one.key}, said={**now.said, **one.said})
        case (Act.ROUND, State.RUNNING) if _is_current(now, one):
            return replace(now, rounds=(*now.rounds, one.on), said={**now.said, **one.said})
        case (Act.MET, State.RUNNING) if _is_current(now, one):
            return replace(now, met=one.number)
        case (Act.POSTED, State.RUNNING) if _is_current(now, one):
            return replace(now, posted=one.number, posted_on=one.on)
        case (Act.DONE, State.RUNNING) if _is_current(now, one):
            return _ended_step(procedure, now, one)
        case _:
            raise ValueError(f"record {one.number}: {one.act} does not follow {now.state}")


def _is_current(now: Standing, one: Record) -> bool:
    return now.step is not None and now.step.key == one.step


def _ended_step(procedure: Procedure, now: Standing, one: Record) -> Standing:
    assert now.step
    outcome = now.step.outcome_of(one.key)
    if outcome is None:
        raise ValueError(f"record {one.number}: {now.step.key} has no outcome {one.key}")
    said = {**now.said, **one.said}
    taken = now.taken | {(one.step, one.key)}
    if outcome.returns:
        place = procedure.place_of(outcome.to)
        undone = {step.key for step in procedure.step[place:]}
        done = {key: on for key, on in now.done.items() if key not in undone}
        passed = frozenset(now.passed_over - undone)
        now = replace(now, said=said, done=done, passed_over=passed, taken=taken)
        return replace(_arrive(procedure, now, place, one.on), held=(one.on, outcome.wait) if outcome.wait else None)
    here = procedure.place_of(one.step)
    now = replace(now, said=said, done={**now.done, one.step: one.on}, taken=taken)
    if outcome.to.startswith(END):
        return _finish(procedure, now, outcome.to.removeprefix(END), one.on)
    place = here + 1 if outcome.to == NEXT else procedure.place_of(outcome.to)
    jumped = frozenset(step.key for step in procedure.step[here + 1 : place])
    return _arrive(procedure, replace(now, passed_over=now.passed_over | jumped), place, one.on)


def _arrive(procedure: Procedure, now: Standing, place: int, on: date) -> Standing:
    """At the first step from that place on which is not passed over."""
    passed = set(now.passed_over)
    for step in procedure.step[place:]:
        if step.when is None or holds(step.when.condition, values(procedure, now.said), on):
            return replace(
                now, step=step, since=on, given=frozenset(), rounds=(), passed_over=frozenset(passed), end=None, met=0,
                posted=0, posted_on=None, held=None,
            )  # fmt: skip
        passed.add(step.key)
    return _finish(procedure, replace(now, passed_over=frozenset(passed)), "finished", on)


def _finish(procedure: Procedure, now: Standing, key: str, on: date) -> Standing:
    return replace(now, state=State.ENDED, step=None, end=procedure.end_of(key), since=on)


def values(procedure: Procedure, said: Mapping[str, Kept]) -> dict[str, object]:
    """Everything that was said, as conditions ask for it; what no step has asked yet is empty."""
    return row([*procedure.field, *(one for step in procedure.step for one in step.field)], said)


# Clocks


def _from(now: Standing, wait: Wait) -> date | None:
    """The day from which a wait counts; None where the step that it waits for was passed over."""
    if wait.after == OPENED:
        return now.opened
    return now.done.get(wait.after)


def earliest(now: Standing, calendar: Calendar) -> Due | None:
    """Before which day the current step may not end: the last of its waits."""
    if now.step is None:
        return None
    waits = [(begun, one.wait) for one in now.step.not_before if (begun := _from(now, one))]
    if now.step.repeats:
        waits.append((now.since, now.step.repeats.at_least))
    if now.held:
        waits.append(now.held)
    dues = [calendar.after(begun, wait) for begun, wait in waits]
    if now.step.notice and now.posted_on:
        dues.append(stands_until(now.step.notice, now.posted_on, calendar))
    return max(dues, key=lambda due: due.on, default=None)


def stands_until(notice: Posting, since: date, calendar: Calendar) -> Due:
    """The first day on which a notice put up on `since` need not stand any more: the term is over the day before."""
    last = calendar.after(since, notice.term)
    return Due(last.on + timedelta(days=1), last.provisional)


def latest(now: Standing, calendar: Calendar) -> Due | None:
    """Until which day the current step should end. Days on which the case was suspended do not count."""
    if now.step is None or now.step.within is None:
        return None
    begun = _from(now, now.step.within)
    if begun is None:
        return None
    due = calendar.after(begun, now.step.within.wait)
    stood = sum((until - max(since, begun)).days for since, until in now.paused if until > begun)
    return calendar.after(due.on, Span(stood, "day")) if stood else due


def next_round(now: Standing, calendar: Calendar) -> Due | None:
    """When a repeated step is due the next time."""
    if now.step is None or now.step.repeats is None:
        return None
    return calendar.after(now.rounds[-1] if now.rounds else now.since, now.step.repeats.every)

"""What stands in the way of ending a step: what forbids it, and what a reason lets pass."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from jiceng.engines.fields.declarations import Kept
from jiceng.engines.packs.conditions import holds
from jiceng.kernel.calendars.declarations import Calendar, Due

from .machine import Standing, State, earliest, latest, values
from .procedure import END, Procedure
from .words import Outcome, Step


@dataclass(frozen=True)
class Hindrance:
    """A sentence that says what is missing and why; with `hard`, no reason helps."""

    sentence: str
    hard: bool = True
    basis: str = ""

    def __str__(self) -> str:
        return f"{self.sentence}（依据：{self.basis}）" if self.basis else self.sentence


@dataclass(frozen=True)
class Sat:
    """The meeting of the step: the day it was held, whether its record is whole, and what its vote came to."""

    on: date
    closed: bool
    passed: bool | None = None
    sentence: str = ""


@dataclass(frozen=True)
class Board:
    """The notice of the step: whether it was taken down, until when it stands, and objections without an answer."""

    withdrawn: bool = False
    until: date | None = None
    unanswered: int = 0


@dataclass(frozen=True)
class Ending:
    """How somebody would end the current step: the outcome, the day it happened, what is filled in, and the day of
    writing it down."""

    outcome: str
    on: date
    today: date
    said: Mapping[str, Kept]
    reason: str = ""
    sat: Sat | None = None
    board: Board | None = None


def goes_on(procedure: Procedure, outcome: Outcome) -> bool:
    """Whether the outcome takes the matter forward; a refusal or a return needs none of what the step asks for."""
    if outcome.returns:
        return False
    return not outcome.to.startswith(END) or procedure.end_of(outcome.to.removeprefix(END)).reached


def of_ending(procedure: Procedure, now: Standing, ending: Ending, calendar: Calendar) -> list[Hindrance]:
    """Everything in the way, all at once."""
    if now.state is not State.RUNNING or now.step is None:
        return [Hindrance(NOT_RUNNING[now.state])]
    outcome = now.step.outcome_of(ending.outcome)
    if outcome is None:
        return [Hindrance(f"“{now.step.name}”没有这种结果；有：{'、'.join(one.label for one in now.step.outcome)}。")]
    found = list(_of_days(now, ending))
    if (outcome.reason or outcome.returns) and not ending.reason.strip():
        found.append(Hindrance(f"选“{outcome.label}”要写明原因。"))
    if outcome.vote or (now.step.meeting and goes_on(procedure, outcome)):
        found += _of_meeting(now.step, outcome, ending)
    if outcome.once and (now.step.key, outcome.key) in now.taken:
        found.append(Hindrance(f"“{outcome.label}”只能有一次，这件事已经有过。", basis=now.step.basis))
    if goes_on(procedure, outcome):
        found += _of_notice(now.step, ending)
        found += _of_waits(now, now.step, ending, calendar)
        found += _of_things(now, now.step)
        found += _of_gates(procedure, now, now.step, ending)
    return found


NOT_RUNNING = {
    State.RUNNING: "这件事没有正在办的步骤。",
    State.SUSPENDED: "这件事已经中止，恢复以后才能接着办。",
    State.WITHDRAWN: "这件事已经撤回，不再办理。",
    State.ENDED: "这件事已经办结。",
}


def _of_days(now: Standing, ending: Ending) -> Iterator[Hindrance]:
    if ending.on > ending.today:
        yield Hindrance("日期不能晚于今天。")
    if ending.on < now.since:
        yield Hindrance(f"日期不能早于上一步（{now.since}）。")
    last = max(now.rounds, default=now.since)
    if last > ending.on >= now.since:
        yield Hindrance(f"日期不能早于最近一次记录（{last}）。")


def _of_waits(now: Standing, step: Step, ending: Ending, calendar: Calendar) -> Iterator[Hindrance]:
    first, last = earliest(now, calendar), latest(now, calendar)
    if first and ending.on < first.on:
        yield Hindrance(f"最早 {_said(first)} 才能办。", basis=step.basis)
    if last and step.within and ending.on > last.on:
        days = (ending.on - last.on).days
        if step.within.hard:
            yield Hindrance(f"已过期限（{_said(last)}），不能再办。", basis=step.basis)
        else:
            yield Hindrance(f"已过期限（{_said(last)}）{days} 天，请写明原因。", hard=False, basis=step.basis)


def _said(due: Due) -> str:
    return f"{due.on}（暂算，当年放假安排未公布）" if due.provisional else str(due.on)


def _of_meeting(step: Step, outcome: Outcome, ending: Ending) -> Iterator[Hindrance]:
    assert step.meeting  # the file is refused that asks for a vote without one
    sat, name, basis = ending.sat, step.meeting.name, step.meeting.basis or step.basis
    if sat is None:
        yield Hindrance(f"还没有记下“{name}”。", basis=basis)
        return
    if not sat.closed:
        yield Hindrance(f"“{name}”的记录还没有完。", basis=basis)
    if ending.on < sat.on:
        yield Hindrance(f"日期不能早于开会那天（{sat.on}）。")
    if outcome.vote and sat.passed is None:
        yield Hindrance(f"“{name}”还没有表决。", basis=basis)
    elif outcome.vote and sat.passed != (outcome.vote == "passed"):
        yield Hindrance(f"表决的结果不是“{outcome.label}”：{sat.sentence}")


def _of_notice(step: Step, ending: Ending) -> Iterator[Hindrance]:
    if step.notice is None:
        return
    board = ending.board
    if board is None:
        yield Hindrance("还没有公开。", basis=step.basis)
    elif board.withdrawn:
        yield Hindrance("公开的内容已经撤下，请重新公开。", basis=step.basis)
    else:
        if board.until and ending.on < board.until:
            yield Hindrance(f"公开期到 {board.until - timedelta(days=1)} 为止，期满才能办完。", basis=step.basis)
        if board.unanswered:
            yield Hindrance(f"还有 {board.unanswered} 条异议没有答复。", basis=step.basis)


def _of_things(now: Standing, step: Step) -> Iterator[Hindrance]:
    for reply in step.replies:
        if reply.key not in now.given:
            yield Hindrance(f"还没有“{reply.name}”的意见。", basis=step.basis)
    for paper in step.papers:
        if paper.required and paper.key not in now.given:
            yield Hindrance(f"还没有“{paper.name}”。", basis=step.basis)
    if step.repeats and not now.rounds:
        yield Hindrance("一次也没有记录。", basis=step.basis)


def _of_gates(procedure: Procedure, now: Standing, step: Step, ending: Ending) -> Iterator[Hindrance]:
    for one in step.field:
        if not one.optional and one.key not in ending.said and one.key not in now.said:
            yield Hindrance(f"请填写{one.label}。")
    row = values(procedure, {**now.said, **ending.said})
    for gate in step.gates:
        if not holds(gate.holds.condition, row, ending.on):
            yield Hindrance(gate.says, gate.hard, gate.basis or step.basis)

"""What stands in the way of ending a step: what forbids it, and what a reason lets pass."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

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
class Ending:
    """How somebody would end the current step: the outcome, the day it happened, what is filled in, and the day of
    writing it down."""

    outcome: str
    on: date
    today: date
    said: Mapping[str, Kept]
    reason: str = ""


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
    if goes_on(procedure, outcome):
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

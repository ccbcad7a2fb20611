"""Saying right what a closed meeting says wrong. Both stay."""

from collections.abc import Mapping
from datetime import date, datetime

from jiceng.kernel.access import Actor, action
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..models import Attendance, Correction, Meeting
from .holding import Mark, Written, mark, write
from .standing import held, not_later_than_today, said


@action(rules.correct)
def correct(
    subject: Meeting, *, reason: str, by: Actor, at: datetime, held_on: date | None = None,
    marks: Mapping[int, Mark] | None = None, written: Written | None = None,
) -> Correction:  # fmt: skip
    """Corrects one thing of a meeting that is over: the day, who came, or the minutes."""
    found = held(subject, "closed", "short")
    why = said(reason, "请写明为什么更正。")
    if sum(one is not None for one in (held_on, marks, written)) != 1:
        raise Refused("一次更正一样：日期、到会情况或会议记录。")
    what, before, after = Correction.What.DAY, "", ""
    if held_on is not None:
        before, after = _moved(found, held_on, at)
    elif marks is not None:
        what = Correction.What.ATTENDANCE
        before, after = _marked(found, marks, by, at)
    elif written is not None:
        what, old = Correction.What.MINUTES, queries.minutes_of(found)
        before, after = old.text if old else "", write(found, written, by, at).text
    if before == after:
        raise Refused("和原来的一样，没有什么要更正。")
    return Correction.objects.create(
        meeting=found, what=what, before=before, after=after, reason=why, by_name=by.name, at=at
    )


def _moved(found: Meeting, held_on: date, at: datetime) -> tuple[str, str]:
    not_later_than_today(held_on, at)
    if held_on < found.called_on:
        raise Refused("开会日期不能早于通知日期。")
    before, found.held_on = found.held_on, held_on
    found.save(update_fields=["held_on"])
    return str(before), str(held_on)


def _marked(found: Meeting, marks: Mapping[int, Mark], by: Actor, at: datetime) -> tuple[str, str]:
    """Who was marked otherwise, by number: a name stands in the roll and is not copied."""
    _, changed = mark(found, marks, by, at)
    labels = dict(Attendance.State.choices)
    was = [f"{entry.number} 号{labels[old.state] if old else '未登记'}" for entry, old, _ in changed]
    now = [f"{entry.number} 号{labels[new.state]}" for entry, _, new in changed]
    return "；".join(was), "；".join(now)

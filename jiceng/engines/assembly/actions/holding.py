"""Holding a meeting: who belongs to it is settled, who came is marked, what was said is written down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.journal.clock import moment
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..models import AgendaItem, Attendance, Closing, Exclusion, Meeting, Minutes, Opening, RollEntry
from ..queries import Named
from .standing import held, not_later_than_today, said

NAMES_SHOWN = 5


@dataclass(frozen=True)
class Mark:
    """Whether somebody came; of somebody who did not, why leave was asked, and written words sent before."""

    state: str
    note: str = ""
    letter: str = ""


@dataclass(frozen=True)
class Marked:
    """How many were marked anew, and the digest of them."""

    rows: int
    root: str


@dataclass(frozen=True)
class Written:
    """What the minutes say, who led, and who wrote."""

    text: str
    chair: str
    recorder: str


@action(rules.open)
def open(  # noqa: A001  # the verb's own word
    subject: Meeting, *, on: date, by: Actor, at: datetime, roll: Sequence[Named] = ()
) -> Opening:
    """Opens the meeting on the day it was held and settles who belongs to it: those of its electorate on that day, or
    those who are handed in."""
    found = held(subject, "called")
    not_later_than_today(on, at)
    if on < found.called_on:
        raise Refused("开会日期不能早于通知日期。")
    named = list(roll) or queries.electorate(found.organisation, found.electorate, on)
    if not any(one.has_vote for one in named):
        raise Refused(f"{on} 这天应到名册上没有一个有表决权的人，请先核对名册。")
    _once(named)
    rows = RollEntry.objects.bulk_create(
        RollEntry(
            meeting=found, number=number, person_id=one.person, name="" if one.person else one.name.strip(),
            source=one.source.strip()[:80], has_vote=one.has_vote,
        )
        for number, one in enumerate(named, start=1)
    )  # fmt: skip
    made = Opening.objects.create(
        meeting=found, on=on, set_for=found.held_on, rows=len(rows), by_name=by.name, at=at,
        root=bulk_root((one.number, one.person_id, one.name, one.source, one.has_vote) for one in rows),
    )  # fmt: skip
    found.held_on = on
    found.save(update_fields=["held_on"])
    return made


def _once(named: Sequence[Named]) -> None:
    """Raises Refused where somebody stands there twice, or nobody."""
    seen = set[object]()
    for one in named:
        words = one.name.strip()
        if one.person is None and not 0 < len(words) <= 60:
            raise Refused("名册上的姓名不能为空，最多 60 个字。")
        who = one.person or (words, one.source.strip())
        if who in seen:
            raise Refused(f"名册上“{words or '同一个人'}”出现了两次；同名的请在名单出处里区分。")
        seen.add(who)


@action(rules.exclude)
def exclude(
    subject: RollEntry, *, why: str, by: Actor, at: datetime, note: str = "", item: AgendaItem | None = None
) -> Exclusion:
    """Somebody on the roll does not count, in the whole meeting or, as one who is recused, on one item."""
    found = held(subject.meeting, "open")
    if why not in Exclusion.Reason.values:
        raise Refused("请选不计入的原因。")
    if why == Exclusion.Reason.OTHER and not note.strip():
        raise Refused("请写明是什么原因。")
    if not subject.has_vote:
        raise Refused("本来就没有表决权，不在应到之内。")
    if item is not None and item.meeting_id != found.pk:
        raise Refused("没有这个议题。")
    _not_voted(found, item)
    there = Exclusion.objects.filter(entry=subject, superseded_at=None)
    if there.filter(item=None).exists() or there.filter(item=item).exists():
        raise Refused("已经不计入了。")
    return Exclusion.objects.create(entry=subject, item=item, why=why, note=note.strip()[:200], by_name=by.name, at=at)


@action(rules.readmit)
def readmit(subject: Exclusion, *, by: Actor, at: datetime) -> Exclusion:
    """The exclusion was a mistake: somebody counts again. That it was written stays."""
    found = held(subject.entry.meeting, "open")
    _not_voted(found, subject.item)
    subject.refresh_from_db()
    if subject.superseded_at is not None:
        raise Refused("已经收回过了。")
    subject.superseded_at = moment()
    subject.save(update_fields=["superseded_at"])
    return subject


def _not_voted(meeting: Meeting, item: AgendaItem | None) -> None:
    """Raises Refused where a vote has been counted of those who belonged to it."""
    votes = meeting.votes.filter(superseded_at=None)
    if (votes.filter(item=item) if item else votes).exists():
        raise Refused("已经表决过，应到不能再改；表决记错了的，请更正那次表决。")


@action(rules.attend)
def attend(subject: Meeting, *, marks: Mapping[int, Mark], by: Actor, at: datetime) -> Marked:
    """Marks who came, by the ids of roll entries. What was marked before and is the same is left alone."""
    return mark(held(subject, "open"), marks, by, at)[0]


def mark(
    found: Meeting, marks: Mapping[int, Mark], by: Actor, at: datetime
) -> tuple[Marked, list[tuple[RollEntry, Attendance | None, Mark]]]:
    """Writes marks that differ; tells of whom, what was believed before, and what is now."""
    roll = {one.pk: one for one in queries.roll_of(found)}
    if strange := set(marks) - set(roll):
        raise Refused(f"名册上没有这 {len(strange)} 个人。")
    told = {pk: _checked(one) for pk, one in marks.items()}
    new = [(roll[pk], queries.mark_of(roll[pk]), one) for pk, one in sorted(told.items())]
    new = [row for row in new if row[1] is None or Mark(row[1].state, row[1].note, row[1].letter) != row[2]]
    Attendance.objects.filter(superseded_at=None, entry__in=[entry.pk for entry, _, _ in new]).update(
        superseded_at=moment()
    )
    Attendance.objects.bulk_create(
        Attendance(entry=entry, state=one.state, note=one.note, letter=one.letter, by_name=by.name, at=at)
        for entry, _, one in new
    )
    return Marked(len(new), bulk_root((entry.pk, one.state) for entry, _, one in new)), new


def _checked(one: Mark) -> Mark:
    if one.state not in Attendance.State.values:
        raise Refused("到会情况只能是到会、请假或缺席。")
    told = Mark(one.state, one.note.strip(), one.letter.strip())
    if told.state == Attendance.State.PRESENT and (told.note or told.letter):
        raise Refused("到会的人不写请假事由和书面意见。")
    if len(told.note) > 100 or len(told.letter) > 1000:
        raise Refused("请假事由最多 100 个字，书面意见最多 1000 个字。")
    return told


@action(rules.write_minutes)
def write_minutes(subject: Meeting, *, written: Written, by: Actor, at: datetime) -> Minutes:
    """Writes the minutes, or writes them anew; earlier versions stay."""
    return write(held(subject, "open"), written, by, at)


def write(found: Meeting, written: Written, by: Actor, at: datetime) -> Minutes:
    """Keeps the minutes in place of those that are believed."""
    text = said(written.text, "请写会议记录。", 20_000)
    chair, recorder = said(written.chair, "请写主持人。", 60), said(written.recorder, "请写记录人。", 60)
    found.minutes.filter(superseded_at=None).update(superseded_at=moment())
    return Minutes.objects.create(meeting=found, text=text, chair=chair, recorder=recorder, by_name=by.name, at=at)


@action(rules.close)
def close(subject: Meeting, *, by: Actor, at: datetime) -> Closing:
    """Ends the meeting once everybody is marked and the minutes are written."""
    found = held(subject, "open")
    unmarked = [one.number for one in _unmarked(queries.roll_of(found))]
    if unmarked:
        shown = "、".join(f"{number} 号" for number in unmarked[:NAMES_SHOWN])
        more = "等" if len(unmarked) > NAMES_SHOWN else ""
        raise Refused(f"还有 {len(unmarked)} 人没有登记到会情况：{shown}{more}。")
    if queries.minutes_of(found) is None:
        raise Refused("还没有会议记录，请先写记录。")
    return Closing.objects.create(meeting=found, by_name=by.name, at=at)


def _unmarked(roll: Iterable[RollEntry]) -> list[RollEntry]:
    return [one for one in roll if queries.mark_of(one) is None and not queries.is_left_out(one)]

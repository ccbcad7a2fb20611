"""Calling a meeting, changing or cancelling the call, and calling again where too few came."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from jiceng.kernel.access import Actor, action
from jiceng.kernel.orgs import queries as orgs
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refs import new_ref
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..declarations import Base, Electorate, WrongShare, share_or_none
from ..models import AgendaItem, Cancellation, Change, Meeting, Reconvening
from .standing import held, not_later_than_today, said

ITEMS = 30


@dataclass(frozen=True)
class Called:
    """What a call says. `kind` is a key and `name` what people call it; `token` makes a call that comes twice one."""

    kind: str
    name: str
    title: str
    called_on: date
    held_on: date
    venue: str
    hour: str = ""
    items: Sequence[str] = ()
    electorate: Electorate = Electorate.MEMBERS
    quorum: str = ""
    token: str = field(default_factory=new_ref)


@action(rules.call)
def call(subject: Organisation, *, told: Called, by: Actor, at: datetime) -> Meeting:
    """Calls a meeting; one that was held already is entered in the same way, with the days on which it was."""
    before = Meeting.objects.filter(organisation=subject, token=told.token).first()
    if before is not None:
        return before
    orgs.hold_tree(subject)
    if subject.closed_on:
        raise Refused(f"“{subject.name}”已于 {subject.closed_on} 撤销，不能再召集会议。")
    not_later_than_today(told.called_on, at)
    return _called(subject, told, by, at)


def _called(organisation: Organisation, told: Called, by: Actor, at: datetime) -> Meeting:
    if told.held_on < told.called_on:
        raise Refused("开会日期不能早于通知日期。")
    made = Meeting.objects.create(
        organisation=organisation, kind=said(told.kind, "请选会议种类。", 40),
        kind_name=said(told.name, "请选会议种类。", 60), title=said(told.title, "请写会议名称。", 120),
        electorate=Electorate(told.electorate), quorum=_quorum(told.quorum), called_on=told.called_on,
        held_on=told.held_on, hour=told.hour.strip()[:20], venue=said(told.venue, "请写开会地点。", 120),
        token=told.token, by_name=by.name, at=at,
    )  # fmt: skip
    _number(made, told.items)
    return made


def _quorum(text: str) -> str:
    try:
        quorum = share_or_none(text)
    except WrongShare as wrong:
        raise Refused(str(wrong)) from None
    if quorum and quorum.base is not Base.ROLL:
        raise Refused("法定到会按应到计算。")
    return str(quorum) if quorum else ""


def _number(meeting: Meeting, items: Sequence[str]) -> None:
    words = [said(one, "议题不能为空。") for one in items]
    if len(words) > ITEMS:
        raise Refused(f"一次会最多 {ITEMS} 个议题。")
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, number=number, text=text) for number, text in enumerate(words, start=1)
    )


@action(rules.change)
def change(
    subject: Meeting, *, held_on: date, hour: str, venue: str, items: Sequence[str], reason: str, by: Actor,
    at: datetime,
) -> Change:  # fmt: skip
    """Before it is held: another day, hour, place or agenda. What stood there before stays readable."""
    found = held(subject, "called")
    why = said(reason, "请写明为什么变更。")
    if held_on < found.called_on:
        raise Refused("开会日期不能早于通知日期。")
    was = [one.text for one in found.items.order_by("number")]
    now = [one.strip() for one in items if one.strip()]
    venue = said(venue, "请写开会地点。", 120)
    told = [
        f"{name}：{before or '（空）'} → {after or '（空）'}"
        for name, before, after in (
            ("日期", str(found.held_on), str(held_on)), ("时间", found.hour, hour.strip()),
            ("地点", found.venue, venue), ("议题", "；".join(was), "；".join(now)),
        )
        if before != after
    ]  # fmt: skip
    if not told:
        raise Refused("什么都没有改。")
    found.held_on, found.hour, found.venue = held_on, hour.strip()[:20], venue
    found.save(update_fields=["held_on", "hour", "venue"])
    if was != now:
        found.items.all().delete()
        _number(found, now)
    return Change.objects.create(meeting=found, told="\n".join(told)[:1000], reason=why, by_name=by.name, at=at)


@action(rules.cancel)
def cancel(subject: Meeting, *, reason: str, by: Actor, at: datetime) -> Cancellation:
    """The meeting that was called will not be held."""
    found = held(subject, "called")
    why = said(reason, "请写明为什么取消。")
    return Cancellation.objects.create(meeting=found, reason=why, by_name=by.name, at=at)


@action(rules.reconvene)
def reconvene(subject: Meeting, *, held_on: date, hour: str, venue: str, by: Actor, at: datetime) -> Reconvening:
    """Too few came: the same meeting is called again for another day, and both stay joined."""
    found = held(subject, "open")
    enough, sentence = queries.quorum_of(found, queries.presence(queries.roll_of(found)))
    if enough:
        raise Refused(f"{sentence}：到会人数够，不用重新召集。")
    if found.votes.exists():
        raise Refused("这次会已经表决过，不能当作没有开成。")
    if held_on < found.held_on:
        raise Refused("再开的日期不能早于这一次。")
    told = Called(
        kind=found.kind, name=found.kind_name, title=found.title, electorate=Electorate(found.electorate),
        quorum=found.quorum, called_on=min(held_on, timezone.localdate(at)), held_on=held_on, hour=hour, venue=venue,
        items=[one.text for one in found.items.order_by("number")],
    )  # fmt: skip
    again = _called(found.organisation, told, by, at)
    return Reconvening.objects.create(meeting=found, again=again, reason=sentence, by_name=by.name, at=at)

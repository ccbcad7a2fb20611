"""A poll is recorded, or taken back where it was recorded wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from jiceng.engines.assembly.declarations import Share, WrongShare
from jiceng.kernel.access import Actor, action
from jiceng.kernel.journal.clock import moment
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Person
from jiceng.lib.refs import new_ref
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..declarations import POLLS
from ..models import Contestant, Poll


@dataclass(frozen=True, slots=True)
class Stood:
    """Somebody who stood in a poll: a person of our records or a name, and the votes for them."""

    yes: int
    person: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Polled:
    """The totals of a poll on paper. Shares and basis, if not given, are those of the law."""

    body: str
    held_on: date
    registered: int
    issued: int
    returned: int
    spoiled: int
    stood: Sequence[Stood]
    quorum: str = ""
    passes: str = ""
    basis: str = ""
    token: str = field(default_factory=new_ref)


@action(rules.record_poll)
def record_poll(subject: Organisation, *, told: Polled, by: Actor, at: datetime) -> Poll:
    """Records the totals of a poll that was counted. Raises Refused where they cannot be true."""
    before = Poll.objects.filter(organisation=subject, token=told.token).first()
    if before is not None:
        return before
    if told.body not in POLLS:
        raise Refused("请选这次投票选什么。")
    usual = POLLS[told.body]
    quorum, passes = (share(told.quorum or usual.quorum), share(told.passes or usual.passes))
    differs = quorum != share(usual.quorum) or passes != share(usual.passes)
    if differs and not told.basis.strip():
        raise Refused(f"{usual.basis}规定的是：有效{share(usual.quorum).said}，当选{share(usual.passes).said}。"
                      "按别的规定办的，请写依据。")  # fmt: skip
    poll = Poll(
        organisation=subject, body=told.body, held_on=told.held_on, registered=told.registered, issued=told.issued,
        returned=told.returned, spoiled=told.spoiled, quorum=str(quorum), passes=str(passes),
        basis=told.basis.strip()[:300] or usual.basis, token=told.token, by_name=by.name, at=at,
    )  # fmt: skip
    if wrong := [*_impossible(told, at), *(_too_few(told) if usual.spare else ())]:
        raise Refused("\n".join(wrong))
    rows = [Contestant(number=number, yes=one.yes, person_id=one.person, name="" if one.person else one.name.strip())
            for number, one in enumerate(told.stood, start=1)]  # fmt: skip
    elected = queries.outcome_of(poll, rows).elected
    poll.passed = bool(elected)
    poll.save()
    for place, row in enumerate(rows):
        row.poll, row.elected = poll, place in elected
    Contestant.objects.bulk_create(rows)
    return poll


def share(text: str) -> Share:
    """A share as it is written. Raises Refused."""
    try:
        return Share.read(text)
    except WrongShare as wrong:
        raise Refused(str(wrong)) from None


def _impossible(told: Polled, at: datetime) -> Iterator[str]:
    if told.held_on > timezone.localdate(at):
        yield "投票日期不能晚于今天。"
    if min(told.registered, told.issued, told.returned, told.spoiled, *(one.yes for one in told.stood), 0) < 0:
        yield "人数和票数不能小于 0。"
    if told.issued > told.registered:
        yield f"发出 {told.issued} 张票，多于登记的 {told.registered} 人。"
    if told.returned > told.issued:
        yield f"收回 {told.returned} 张票，多于发出的 {told.issued} 张：这次投票无效，请重新投票。"
    if told.spoiled > told.returned:
        yield f"废票 {told.spoiled} 张，多于收回的 {told.returned} 张。"
    given, valid = sum(one.yes for one in told.stood), told.returned - told.spoiled
    if given > valid:
        yield f"得票共 {given} 张，多于有效票 {valid} 张；一张票只选一人。"
    names = [one.person or one.name.strip() for one in told.stood]
    if not names or not all(names):
        yield "请写参选人。"
    if len(set(names)) < len(names):
        yield "同一个参选人写了两次。"
    known = {one.person for one in told.stood if one.person}
    if Person.objects.filter(pk__in=known).count() < len(known):
        yield "参选人里有人没有档案。"


def _too_few(told: Polled) -> Iterator[str]:
    """《中华人民共和国村民委员会组织法》第十五条: more candidates than seats."""
    if len(told.stood) < 2:
        yield f"候选人的名额要多于应选名额（{POLLS[told.body].basis}）。"


@action(rules.withdraw_poll)
def withdraw_poll(subject: Poll, *, by: Actor, at: datetime) -> Poll:
    """The poll was recorded wrong: it is no longer believed, and is recorded anew. Not once somebody took office."""
    Organisation.objects.select_for_update().get(pk=subject.organisation_id)
    subject.refresh_from_db()
    if subject.superseded_at is not None:
        raise Refused("这次投票的记录已经撤回。")
    if subject.took_office.exists():
        raise Refused("已经按这次投票就任，不能撤回；请在任职里更正。")
    subject.superseded_at = moment()
    subject.save(update_fields=["superseded_at"])
    return subject

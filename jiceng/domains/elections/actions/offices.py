"""Those who were elected take office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from jiceng.engines.assembly.declarations import Electorate, is_quorate, share_or_none
from jiceng.engines.assembly.models import RollEntry, Vote
from jiceng.engines.procedures import actions as procedures
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Actor, Role, action
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Membership
from jiceng.kernel.posts import actions as posts
from jiceng.kernel.posts.models import Post, Term
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..declarations import ELECTION, FIRST_MEETING, PASSES, POLLS, QUORUM, REGULATIONS, TAKING_OFFICE
from ..models import Contestant, Elected, Election, Poll
from .polls import share

COMMITTEE = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)
"""Posts that a new committee fills anew."""


@dataclass(frozen=True)
class TakingOffice:
    """Whom the recorded votes elected. `committee` elects the members; without one the assembly elects the secretary
    itself. `fewer` is the motion by which the assembly was content with fewer seats. `passes` is what an elected must
    have reached, where the rules of the day say otherwise."""

    on: date
    document: str
    replied_on: date
    secretary: Vote
    committee: Vote | None = None
    deputy: Vote | None = None
    polls: Sequence[Poll] = ()
    fewer: Vote | None = None
    ends_on: date | None = None
    case: Case | None = None
    passes: str = PASSES


@dataclass(frozen=True, slots=True)
class _Winner:
    person: int
    role: str
    yes: int
    vote: Vote | None = None
    poll: Poll | None = None


@action(rules.take_office)
def take_office(subject: Organisation, *, told: TakingOffice, by: Actor, at: datetime) -> Election:
    """Whoever the recorded votes elected takes office; their predecessors leave, and a new term begins that day."""
    place = Organisation.objects.select_for_update().get(pk=subject.pk)
    _dated(told, at)
    if told.case is not None:
        _as_the_case(place, told, told.case)
    winners = [*_of_committee(place, told), *_of_polls(place, told)]
    last = Term.objects.open().filter(organisation=place).first()
    _make_room(place, told, {one.role for one in winners}, by, at)
    term = posts.open_term(place, since=told.on, ends_on=told.ends_on, document=told.document, by=by, at=at)
    new = [
        posts.NewPost(
            place.pk, one.person, one.role, told.on, source=Post.Source.ELECTED, document=told.document.strip()
        )
        for one in winners
    ]
    posts.appoint_many(place, posts=new, by=by, at=at)
    made = Election.objects.create(
        organisation=place, number=term.number, held_on=(told.committee or told.secretary).meeting.held_on, on=told.on,
        timing=_timing(last, told.on), document=told.document.strip()[:80], replied_on=told.replied_on, case=told.case,
        by_name=by.name, at=at,
    )  # fmt: skip
    Elected.objects.bulk_create(
        Elected(election=made, person_id=one.person, role=one.role, yes=one.yes, vote=one.vote, poll=one.poll)
        for one in winners
    )
    if told.case is not None:
        ended = procedures.Told(max(told.on, told.case.stood_since), reason=f"第 {term.number} 届就任")
        procedures.end_step(told.case, outcome="done", told=ended, by=by, at=at)
    return made


def _as_the_case(place: Organisation, told: TakingOffice, case: Case) -> None:
    """The case stands where the elected take office, and its meetings are those that voted."""
    waits = Case.objects.filter(pk=case.pk, organisation=place, edition__key=ELECTION, step=TAKING_OFFICE)
    if not waits.exists():
        raise Refused("这件换届事项还没有办到就任，或者不是这个组织的。")
    votes = [vote for vote in (told.committee, told.secretary, told.deputy) if vote is not None]
    held = set(case.entries.exclude(meeting=None).values_list("meeting", flat=True))
    if strange := [vote.question for vote in votes if vote.meeting_id not in held]:
        raise Refused(f"“{strange[0]}”不是这件换届事项里开的会上表决的。")


def _dated(told: TakingOffice, at: datetime) -> None:
    held = (told.committee or told.secretary).meeting.held_on
    if not told.document.strip():
        raise Refused("请填上级批复的文号：选举结果要报上级党组织批准。")
    if not held <= told.replied_on <= timezone.localdate(at):
        raise Refused(f"批复日期要在选举那天（{held}）和今天之间。")
    if not held <= told.on <= timezone.localdate(at):
        raise Refused(f"就任日期要在选举那天（{held}）和今天之间。")
    for one in told.polls:
        if one.held_on > told.on:
            raise Refused(f"{one.get_body_display()}在 {one.held_on} 才选出，就任日期不能更早。")


def _of_committee(place: Organisation, told: TakingOffice) -> list[_Winner]:
    """Secretary, deputies and the other members of the new committee; each person once."""
    if told.committee is None:
        office = _office(place, told, told.secretary, Role.SECRETARY, None)
        return [*office, *(_office(place, told, told.deputy, Role.DEPUTY_SECRETARY, None) if told.deputy else ())]
    seats = _assembly(place, told, told.committee)
    members = {one.person_id for one in seats.elected}
    found = _office(place, told, told.secretary, Role.SECRETARY, members)
    if told.deputy is not None:
        found += _office(place, told, told.deputy, Role.DEPUTY_SECRETARY, members)
    if len({one.person for one in found}) < len(found):
        raise Refused("书记和副书记不能是同一个人。")
    held = {one.person for one in found}
    rest = [one for one in seats.elected if one.person_id not in held]
    return found + [_Winner(one.person_id or 0, Role.COMMITTEE_MEMBER, one.yes, vote=told.committee) for one in rest]


def _office(
    place: Organisation, told: TakingOffice, vote: Vote, role: Role, members: set[int | None] | None
) -> list[_Winner]:
    """Who was elected to an office: at the new committee's first meeting, or, without a committee, by the assembly."""
    if members is None:
        seats = _assembly(place, told, vote)
    else:
        _of_this(place, vote)
        roll = set(RollEntry.objects.filter(meeting=vote.meeting).values_list("person", flat=True))
        if roll != members:
            raise Refused(f"选举{role.label}的会，应到名册要正好是新当选的 {len(members)} 名委员。")
        seats = queries.settled(vote)
        _full(seats, told, FIRST_MEETING)
    if role is Role.SECRETARY and vote.seats != 1:
        raise Refused("书记只有一名。")
    if members is not None and not {one.person_id for one in seats.elected} <= members:
        raise Refused(f"{role.label}要从新当选的委员里选出。")
    return [_Winner(one.person_id or 0, role, one.yes, vote=vote) for one in seats.elected]


def _assembly(place: Organisation, told: TakingOffice, vote: Vote) -> queries.Settled:
    """What a members' assembly elected, if it was held as the regulations want it."""
    _of_this(place, vote)
    delegates = (Electorate.LISTED,) if told.committee is not None else ()
    if vote.meeting.electorate not in (Electorate.MEMBERS, Electorate.FULL_MEMBERS, *delegates):
        raise Refused(f"“{vote.question}”要在党员大会或党员代表大会上选（{REGULATIONS}第四条）。")
    if told.committee is not None and not vote.spare:
        raise Refused(f"委员要差额选举，候选人多于应选名额 20%；这次表决没有写差额（{REGULATIONS}）。")
    seats = queries.settled(vote)
    _full(seats, told, QUORUM)
    return seats


def _of_this(place: Organisation, vote: Vote) -> None:
    if not queries.votes_waiting(place).filter(pk=vote.pk).exists():
        raise Refused(f"第 {vote.number} 次表决不是“{place.name}”散了会的选举，或者已经按它就任，或者已经更正过。")


def _reaches(vote: Vote, quorum: str, passes: str) -> None:
    """The presence and the share are asked of the numbers, whatever the vote was recorded under."""
    wanted = share_or_none(quorum)
    if not is_quorate(vote.roll, vote.present, wanted):
        assert wanted
        raise Refused(f"“{vote.question}”应到 {vote.roll}，实到 {vote.present}：实到要{wanted.said}（{REGULATIONS}）。")
    asked, kept = share(passes), share(vote.passes)
    if kept.base != asked.base or (kept.fraction, kept.more) < (asked.fraction, asked.more):
        raise Refused(f"“{vote.question}”按“{kept.said}”算当选；当选要{asked.said}（{REGULATIONS}）。")


def _full(seats: queries.Settled, told: TakingOffice, quorum: str) -> None:
    """Enough were there, every seat is filled, or the assembly was content with fewer; and everybody elected may be."""
    for vote in seats.votes:
        _reaches(vote, quorum, told.passes)
    if seats.vacant:
        _consented(seats, told)
    if not seats.elected:
        raise Refused(f"“{seats.vote.question}”没有选出人，请另行选举。")
    if any(one.person_id is None for one in seats.elected):
        raise Refused(f"“{seats.vote.question}”当选的人里有没有档案的，请先更正表决，选定党员档案。")
    wanted = {one.person_id for one in seats.elected}
    full = Membership.objects.on(seats.vote.meeting.held_on).filter(person__in=wanted, kind=Membership.Kind.FULL)
    missing = wanted - set(full.values_list("person_id", flat=True))
    if missing:
        raise Refused(
            f"“{seats.vote.question}”当选的 {len(missing)} 人那天不是正式党员，没有被选举权（{REGULATIONS}第五条）。"
        )


def _consented(seats: queries.Settled, told: TakingOffice) -> None:
    vote, motion = seats.vote, told.fewer
    if vote != told.committee or motion is None:
        raise Refused(
            f"“{vote.question}”还缺 {seats.vacant} 名：请另行选举，或者经半数以上选举人同意减少名额，把那次表决选上"
            f"（{REGULATIONS}）。"
        )
    carried = motion.meeting_id == vote.meeting_id and motion.superseded_at is None and motion.passed
    if not carried or motion.elects or not share(PASSES).met(motion.yes or 0, motion.roll):
        raise Refused("同意减少名额的表决要在同一次会上，赞成超过应到的 1/2。")


def _of_polls(place: Organisation, told: TakingOffice) -> list[_Winner]:
    found = []
    for poll in told.polls:
        if not queries.polls_waiting(place).filter(pk=poll.pk).exists():
            raise Refused(f"{poll.get_body_display()}的投票没有选出人，或者已经按它就任。")
        winner = Contestant.objects.get(poll=poll, elected=True)
        if winner.person_id is None:
            raise Refused(f"当选的{poll.get_body_display()}没有党员档案，请在任职里登记。")
        found.append(_Winner(winner.person_id, POLLS[poll.body].role, winner.yes, poll=poll))
    if len({one.role for one in found}) < len(found):
        raise Refused("同一个职务选了两次投票。")
    return found


def _make_room(place: Organisation, told: TakingOffice, roles: set[str], by: Actor, at: datetime) -> None:
    """Predecessors leave on the day; of offices that were not elected now, nobody does."""
    going = Post.objects.from_day(told.on).filter(organisation=place, role__in={*COMMITTEE, *roles})
    for post in going.order_by("pk"):
        posts.vacate(post, on=told.on, leaving=Post.Leaving.TERM_ENDED, by=by, at=at)


def _timing(last: Term | None, on: date) -> str:
    if last is None:
        return Election.Timing.FIRST
    planned = last.planned_on or last.ends_on
    if on > planned:
        return Election.Timing.LATE
    return Election.Timing.ON_TIME if (planned - on).days <= ON_TIME else Election.Timing.EARLY


ON_TIME = 31
"""Days before the end of a term within which an election counts as held on time."""

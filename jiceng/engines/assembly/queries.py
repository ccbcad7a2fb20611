"""Reads of meetings: where each stands, who belongs to it, who was there, and what a vote came to."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from jiceng.kernel.access import Actor, Role
from jiceng.kernel.orgs import queries as orgs
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Membership, Person
from jiceng.kernel.people.rules import see as see_person
from jiceng.kernel.posts.models import Post
from jiceng.kernel.residents import queries as residents
from jiceng.kernel.residents.models import Listing
from jiceng.lib.refs import heard

from .declarations import (
    Ballots,
    Candidacy,
    Election,
    Electorate,
    Gate,
    Result,
    Share,
    Tally,
    Votes,
    is_quorate,
    outcome,
    quorum_sentence,
    result,
    share_or_none,
)
from .models import AgendaItem, Attendance, Candidate, Exclusion, Meeting, Minutes, RollEntry, Vote

type State = Literal["called", "cancelled", "open", "short", "closed"]

COMMITTEE = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)

STATES: dict[State, Q] = {
    "called": Q(opening=None, cancellation=None),
    "cancelled": Q(cancellation__isnull=False),
    "open": Q(opening__isnull=False, closing=None, reconvening=None),
    "short": Q(reconvening__isnull=False),
    "closed": Q(closing__isnull=False),
}
"""Each state as the rows that make it; a meeting is in exactly one."""


def with_state(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """The meetings with the rows that say where each stands."""
    return meetings.select_related("organisation", "cancellation", "opening", "closing", "reconvening__again")


def state_of(meeting: Meeting) -> State:
    """Where the meeting stands."""
    if hasattr(meeting, "cancellation"):
        return "cancelled"
    if not hasattr(meeting, "opening"):
        return "called"
    if hasattr(meeting, "closing"):
        return "closed"
    return "short" if hasattr(meeting, "reconvening") else "open"


def late(on: date, recorded_at: datetime) -> int:
    """How many days after it happened it was written down."""
    return max(0, (timezone.localdate(recorded_at) - on).days)


# Who belongs to a meeting


@dataclass(frozen=True)
class Named:
    """Somebody for a roll: a person's id, or a name and the list that it comes from."""

    person: int | None = None
    name: str = ""
    source: str = ""
    has_vote: bool = True


OF_VILLAGES = (Electorate.REPRESENTATIVES, Electorate.HOUSEHOLDS, Electorate.VOTERS)
"""Rolls of people who need not be members; they stand on a meeting's roll by name and by the roll's own source."""


def _villager(one: Listing) -> Named:
    return Named(name=one.name, source=f"{one.get_roll_display()}名册 {one.team}".strip()[:80])


def electorate(organisation: Organisation, asked: str, day: date) -> list[Named]:
    """Who belongs to such a meeting of that organisation on a day, as known now. Whom nobody lists: nobody."""
    if asked == Electorate.COMMITTEE:
        held = Post.objects.on(day).filter(organisation=organisation, role__in=COMMITTEE).order_by("since", "pk")
        return [Named(person) for person in dict.fromkeys(held.values_list("person_id", flat=True))]
    if asked == Electorate.LISTED:
        return []
    if asked in OF_VILLAGES:
        return [_villager(one) for one in residents.on_roll(organisation, str(asked), day)]
    stood = orgs.standing_on(organisation, day)
    if stood is None:
        return []
    here = orgs.below_on(stood, day).values("organisation")
    members = Membership.objects.on(day).filter(organisation__in=here)
    if asked == Electorate.FULL_MEMBERS:
        members = members.filter(kind=Membership.Kind.FULL)
    rows = members.order_by("person_id").values_list("person_id", "kind")
    return [Named(person, has_vote=kind == Membership.Kind.FULL) for person, kind in rows]


# Who was there


@dataclass(frozen=True)
class Presence:
    """How many belong, came, asked leave, stayed away, are not marked; those with a vote, and letters of the absent."""

    roll: int = 0
    present: int = 0
    excused: int = 0
    absent: int = 0
    unmarked: int = 0
    letters: int = 0
    without_vote: int = 0
    left_out: int = 0


def roll_of(meeting: Meeting) -> list[RollEntry]:
    """The roll in order, each with `now` (the attendance believed, in a list of at most one) and `left_out`."""
    believed = Prefetch("attendances", Attendance.objects.filter(superseded_at=None), to_attr="now")
    out = Exclusion.objects.filter(superseded_at=None).select_related("item")
    rows = RollEntry.objects.filter(meeting=meeting).select_related("person").order_by("number")
    return list(rows.prefetch_related(believed, Prefetch("exclusions", out, to_attr="left_out")))


def is_left_out(entry: RollEntry, item: AgendaItem | None = None) -> bool:
    """Whether somebody does not count, in the whole meeting or on that item. The entry comes from `roll_of`."""
    out: list[Exclusion] = entry.left_out  # type: ignore[attr-defined]  # put there by roll_of
    return any(one.item_id is None or (item is not None and one.item_id == item.pk) for one in out)


def mark_of(entry: RollEntry) -> Attendance | None:
    """What is believed of somebody's presence. The entry comes from `roll_of`."""
    return next(iter(entry.now), None)  # type: ignore[attr-defined]  # put there by roll_of


def is_there(entry: RollEntry) -> bool:
    """Whether somebody is marked as present. The entry comes from `roll_of`."""
    mark = mark_of(entry)
    return mark is not None and mark.state == Attendance.State.PRESENT


def has_letter(entry: RollEntry) -> bool:
    """Whether somebody who is away sent written words."""
    mark = mark_of(entry)
    return mark is not None and bool(mark.letter)


def voters(roll: Iterable[RollEntry], item: AgendaItem | None = None) -> list[RollEntry]:
    """Those of the roll who count: with a vote, and not left out."""
    return [one for one in roll if one.has_vote and not is_left_out(one, item)]


def presence(roll: Sequence[RollEntry], item: AgendaItem | None = None) -> Presence:
    """The numbers of a roll."""
    counted = voters(roll, item)
    states = [mark.state if (mark := mark_of(one)) else "" for one in counted]
    return Presence(
        roll=len(counted), present=states.count("present"), excused=states.count("excused"),
        absent=states.count("absent"), unmarked=states.count(""), letters=sum(has_letter(one) for one in counted),
        without_vote=sum(not one.has_vote for one in roll),
        left_out=sum(one.has_vote and is_left_out(one, item) for one in roll),
    )  # fmt: skip


def quorum_of(meeting: Meeting, there: Presence) -> tuple[bool, str]:
    """Whether enough are there for the meeting itself, and the numbers in words."""
    quorum = share_or_none(meeting.quorum)
    return is_quorate(there.roll, there.present, quorum), quorum_sentence(there.roll, there.present, quorum)


def minutes_of(meeting: Meeting) -> Minutes | None:
    """The minutes as they are believed."""
    return meeting.minutes.filter(superseded_at=None).first()


# What a vote came to


@dataclass(frozen=True)
class Told:
    """A vote as it reads: the sentence, whether it passed, and, of an election, its result by candidate."""

    vote: Vote
    sentence: str
    passed: bool
    candidates: Sequence[Candidate] = field(default=())
    result: Result | None = None

    @property
    def run_off(self) -> list[Candidate]:
        """Those among whom it is to be voted once more."""
        return [self.candidates[place] for place in self.result.run_off] if self.result else []


def votes_of(meeting: Meeting) -> list[Vote]:
    """The votes that are believed, in order."""
    believed = meeting.votes.filter(superseded_at=None).select_related("item").order_by("number")
    candidates = Candidate.objects.select_related("person").order_by("number")
    return list(believed.prefetch_related(Prefetch("candidates", candidates)))


def by_number(candidate: Candidate) -> str:
    """A candidate without a name, where a sentence is kept or read by somebody who may not be told."""
    return f"{candidate.number} 号"


def told(vote: Vote, called: Callable[[Candidate], str] = by_number) -> Told:
    """What the vote came to, reckoned from its numbers."""
    gate = Gate(Share.read(vote.passes), share_or_none(vote.quorum), vote.basis)
    if not vote.elects:
        found = outcome(tally_of(vote), gate)
        return Told(vote, found.sentence, found.passed)
    candidates = list(vote.candidates.all())
    made = result(election_of(vote, candidates, called), gate)
    return Told(vote, made.sentence, made.vacant == 0, candidates, made)


def tally_of(vote: Vote) -> Tally:
    """The numbers of a motion."""
    return Tally(
        vote.roll, vote.present, Votes(vote.yes, vote.no, vote.abstained),
        Votes(vote.letters_yes, vote.letters_no, vote.letters_abstained), ballots_of(vote),
    )  # fmt: skip


def ballots_of(vote: Vote) -> Ballots | None:
    """The papers of a secret vote."""
    if vote.issued is None or vote.returned is None:
        return None
    return Ballots(vote.issued, vote.returned, vote.spoiled or 0)


def election_of(vote: Vote, candidates: Iterable[Candidate], called: Callable[[Candidate], str]) -> Election:
    """The numbers of an election."""
    rows = tuple(Candidacy(called(one), one.yes, one.no, one.abstained, one.nominated) for one in candidates)
    spare = Fraction(vote.spare) if vote.spare else None
    return Election(vote.roll, vote.present, ballots_of(vote) or Ballots(0, 0), vote.seats or 0, rows, spare)


# A meeting that is about to be entered


def roll_for(
    organisation: Organisation, asked: Electorate, day: date, name: str, actor: Actor
) -> list[tuple[Named, str]]:
    """Who belongs to such a meeting on a day; of a list, those of the last meeting of that name. Somebody whose record
    the actor may not see stands there by number alone."""
    if asked is Electorate.LISTED:
        last = Meeting.objects.filter(organisation=organisation, kind_name=name, closing__isnull=False)
        rows = RollEntry.objects.filter(meeting=last.order_by("-held_on", "-pk").values("pk")[:1]).order_by("number")
        return [(Named(name=one.name, source=one.source, has_vote=one.has_vote), one.name) for one in rows]
    named = electorate(organisation, asked, day)
    if asked in OF_VILLAGES:
        return [(one, one.name) for one in named]
    names = names_of([one.person for one in named if one.person], actor)
    return [(one, names.get(one.person or 0, f"名册上第 {number} 位")) for number, one in enumerate(named, start=1)]


def members_by_name(organisation: Organisation, day: date, actor: Actor) -> dict[str, list[int]]:
    """The members of the organisation and of those below it on a day, by name, as far as the actor may see them."""
    named = electorate(organisation, Electorate.MEMBERS, day)
    found: dict[str, list[int]] = {}
    for person, name in names_of([one.person for one in named if one.person], actor).items():
        found.setdefault(name, []).append(person)
    return found


def names_of(persons: Collection[int], actor: Actor) -> dict[int, str]:
    """The names of those persons whose records the actor may see."""
    return dict(see_person.among(Person.objects.filter(pk__in=persons), actor).values_list("pk", "name"))


def last_venue(organisation: Organisation) -> str:
    """Where the organisation met the last time, so that it need not be typed again."""
    return (
        Meeting.objects.filter(organisation=organisation).order_by("-pk").values_list("venue", flat=True).first() or ""
    )


def listed(meetings: QuerySet[Meeting], said: dict[str, Any]) -> QuerySet[Meeting]:
    """Those of the meetings that a filter leaves: by kind, and words of the title or the number on a paper."""
    if said.get("kind"):
        meetings = meetings.filter(kind=said["kind"])
    if said.get("q"):
        meetings = meetings.filter(Q(title__icontains=said["q"]) | Q(ref=heard(said["q"])))
    return meetings

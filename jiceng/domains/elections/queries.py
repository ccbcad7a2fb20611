"""Reads of elections: which recorded votes and polls wait for somebody to take office, and what came of each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from jiceng.engines.assembly import queries as assembly
from jiceng.engines.assembly.declarations import Ballots, Candidacy, Gate, Result, Share, result, share_or_none
from jiceng.engines.assembly.declarations import Election as Numbers
from jiceng.engines.assembly.models import Candidate, Vote
from jiceng.kernel.orgs.models import Organisation

from .models import Contestant, Elected, Election, Poll


@dataclass(frozen=True)
class Settled:
    """An election with its run-offs: who is elected, in the order of the votes, and how many seats stay empty."""

    votes: list[Vote]
    elected: list[Candidate]
    vacant: int

    @property
    def vote(self) -> Vote:
        """The first."""
        return self.votes[0]


def votes_waiting(place: Organisation) -> QuerySet[Vote]:
    """Elections of meetings that are over, of which nobody has taken office; run-offs stand with the first vote."""
    held = Vote.objects.filter(meeting__organisation=place, meeting__closing__isnull=False, superseded_at=None)
    first = held.filter(elects=True, again=None).exclude(pk__in=Elected.objects.filter(vote__in=held).values("vote"))
    return first.select_related("meeting").order_by("-meeting__held_on", "-pk")


def motions_of(place: Organisation) -> QuerySet[Vote]:
    """Motions that were carried at meetings of the organisation: one may have consented to fewer seats."""
    held = Vote.objects.filter(meeting__organisation=place, superseded_at=None, elects=False, passed=True)
    return held.select_related("meeting").order_by("-meeting__held_on", "-pk")


def polls_waiting(place: Organisation) -> QuerySet[Poll]:
    """Polls that elected somebody who has not taken office."""
    found = Poll.objects.filter(organisation=place, superseded_at=None, passed=True, took_office=None)
    return found.order_by("-held_on", "-pk")


def polls_of(place: Organisation) -> QuerySet[Poll]:
    """Every poll that is believed, latest first."""
    found = Poll.objects.filter(organisation=place, superseded_at=None).prefetch_related("contestants")
    return found.order_by("-held_on", "-pk")


def settled(vote: Vote) -> Settled:
    """The vote and its run-offs, one after the other; each asks what the one before left open."""
    votes: list[Vote] = []
    elected: list[Candidate] = []
    seats = vote.seats or 0
    now: Vote | None = vote
    while now is not None:
        votes.append(now)
        told = assembly.told(now)
        places = told.result.elected if told.result else ()
        elected += [told.candidates[place] for place in places][: seats - len(elected)]
        now = Vote.objects.filter(again=now, superseded_at=None).order_by("number").first()
    return Settled(votes, elected, seats - len(elected))


def outcome_of(poll: Poll, contestants: Iterable[Contestant], called: Callable[[int], str] | None = None) -> Result:
    """What the poll came to, reckoned from its numbers. Whoever votes is whose paper came back."""
    name = called or (lambda number: f"{number} 号")
    rows = tuple(Candidacy(name(one.number), one.yes) for one in contestants)
    numbers = Numbers(poll.registered, poll.returned, Ballots(poll.returned, poll.returned, poll.spoiled), 1, rows)
    return result(numbers, Gate(Share.read(poll.passes), share_or_none(poll.quorum), poll.basis))


def latest(elections: QuerySet[Election]) -> QuerySet[Election]:
    """The elections, latest first, with their organisations."""
    return elections.select_related("organisation").order_by("-on", "-pk")

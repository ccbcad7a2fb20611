"""The lines of elections, and the election and poll of each village that has some."""

from datetime import date
from typing import Any

from jiceng.domains.elections.models import Contestant, Elected, Election, Poll
from jiceng.engines.assembly.models import Meeting, Vote
from jiceng.kernel.journal.clock import one_moment
from tests import builders
from tests.guard import outside
from tests.walls.lines import ANYBODY, FORM, OFFICE, OFFICE_OR_SECRETARY, ORG, POSTED, TODAY, Line, form

SEEN = "below:SDCOA"
_POLL = {
    "body": "residents", "held_on": TODAY, "registered": 9, "issued": 9, "returned": 9, "spoiled": 0,
    "stood": "甲甲 5\n乙乙 4", "token": "A",
}  # fmt: skip
ELECTIONS = {
    "elections": Line("list", ANYBODY),
    "election": Line("election", SEEN),
    "organisation-elections": Line("organisation", f"{ORG} & {SEEN}"),
    "polling": form("organisation", "living", OFFICE_OR_SECRETARY, "elections.record_poll", **_POLL),
    "taking-office": Line("organisation", f"living & {OFFICE}", FORM, OFFICE, "elections.take_office"),
    "poll-withdrawal": Line("poll", OFFICE, POSTED, OFFICE, "elections.withdraw_poll"),
}

AT = ("甲镇", "甲村0", "乙村")
DAY = date(2021, 3, 15)


def build(world: Any) -> None:
    """The secretary of each was elected, and is village director by a poll."""
    for at in AT:
        place = world.places[at]
        head = next(one for one in world.posts if one.organisation_id == place.pk and one.role == "secretary")
        told = {"by_name": "甲", "at": builders.NOON}
        with outside(), one_moment():
            meeting = Meeting.objects.create(
                organisation=place, kind="general", kind_name="党员大会", title="换届", electorate="members",
                called_on=DAY, held_on=DAY, venue="村委会", token=f"换届 {at}", **told,
            )  # fmt: skip
            vote = Vote.objects.create(
                meeting=meeting, number=1, question="选举书记", passes="> 1/2 of roll", roll=5, present=5, secret=True,
                elects=True, issued=5, returned=5, spoiled=0, seats=1, passed=True, token=at, **told,
            )  # fmt: skip
            poll = Poll.objects.create(
                organisation=place, body="residents", held_on=DAY, registered=9, issued=9, returned=9, spoiled=0,
                quorum="> 1/2 of roll", passes="> 1/2 of present", basis="村规民约", passed=True, token="B", **told,
            )  # fmt: skip
            Contestant.objects.create(poll=poll, number=1, person=head.person, yes=9, elected=True)
            made = Election.objects.create(
                organisation=place, number=1, held_on=DAY, on=DAY, timing="first", document="批 1", replied_on=DAY,
                **told,
            )  # fmt: skip
            Elected.objects.create(election=made, person=head.person, role="secretary", yes=5, vote=vote)

"""A village branch that elects: the assembly, the first meeting of the new committee, and polls of the village."""

from datetime import date
from fractions import Fraction

from jiceng.domains.elections import actions
from jiceng.domains.elections.actions import Polled, Stood, TakingOffice
from jiceng.engines.assembly import actions as meetings
from jiceng.engines.assembly.actions import Cast, Standing
from jiceng.engines.assembly.declarations import Ballots, Electorate
from jiceng.engines.assembly.models import Meeting
from jiceng.engines.assembly.queries import Named
from jiceng.kernel.access import Role
from jiceng.kernel.journal.clock import one_moment
from jiceng.kernel.people.models import Person
from jiceng.kernel.posts.models import Post
from tests.builders import NOON, officer
from tests.engines.assembly.cast import ACT, DAY, WRITTEN, branch, entries_of, opened
from tests.guard import outside

REPLY = "某委〔2026〕18号"
REPLIED = date(2026, 5, 22)
HALF = "> 1/2 of roll"


def folk(home):
    """The members of a branch in the order in which they came."""
    return list(Person.objects.filter(organisation=home).order_by("pk"))


def over(meeting):
    """The meeting, ended."""
    meetings.write_minutes(meeting, written=WRITTEN, **ACT)
    meetings.close(meeting, **ACT)
    return Meeting.objects.get(pk=meeting.pk)


def assembly(home, present, **told):
    """An assembly of the branch that is open, with so many there."""
    said = {"kind": "general", "name": "党员大会", "title": "换届选举党员大会", "items": ("选举委员",), **told}
    return opened(home, present, **said)


def elect(
    meeting, seats, votes, *, issued=None, quorum=">= 4/5 of roll", passes=HALF, spare=Fraction(1, 5), again=None
):
    """A vote on paper: votes by person. Whoever is there gets a paper and gives it back."""
    there = issued if issued is not None else sum(1 for one in entries_of(meeting) if one.attendances.filter(
        state="present", superseded_at=None).exists())  # fmt: skip
    told = Cast(
        question=f"选举 {seats} 名", passes=passes, quorum=quorum, ballots=Ballots(there, there), seats=seats,
        spare=spare, again=again, standing=[Standing(who.pk, "", yes) for who, yes in votes.items()],
    )  # fmt: skip
    return meetings.record_vote(meeting, told=told, **ACT)


def first_meeting(home, members, secretary, yes=None, required="", **more):
    """The new committee meets and elects its secretary."""
    roll = [Named(one.pk) for one in members]
    held = opened(
        home, len(roll), roll, kind="committee", name="第一次全体会议", electorate=Electorate.LISTED, quorum=required
    )
    made = elect(held, 1, {secretary: yes or len(roll)}, quorum=">= 2/3 of roll", spare=None, **more)
    over(held)
    return made


def committee(home, present=None, votes=None, **more):
    """Three of the first four members are elected at an assembly where so many are there."""
    people = folk(home)
    there = len(people) if present is None else present
    votes = votes or dict(zip(people, (there, there, there, 0), strict=False))
    held = assembly(home, there)
    made = elect(held, 3, votes, **more)
    over(held)
    return made


def whole(size=8, **details):
    """A branch where everything went as it should: the branch, its three elected, and what is told of it."""
    home = branch(size, **details)
    three = folk(home)[:3]
    return home, three, {"committee": committee(home), "secretary": first_meeting(home, three, three[0])}


def sits(who, role, home, since):
    """Gives a post without asking."""
    with outside(), one_moment():
        return Post.objects.create(organisation=home, person=who, role=role, title=Role(role).label, since=since)


def take(home, *, by=None, **told):
    """The elected take office."""
    said = {"on": DAY, "document": REPLY, "replied_on": REPLIED, **told}
    return actions.take_office(home, told=TakingOffice(**said), by=by or officer(home.parent), at=NOON)


def polled(home, winner, body="residents", *, by=None, **told):
    """A poll that elects somebody: 900 of 1,000 come, 600 are for the winner."""
    said = {
        "body": body, "held_on": DAY, "registered": 1000, "issued": 900, "returned": 900, "spoiled": 20,
        "stood": (Stood(700, winner and winner.pk), Stood(150, name="陈水生")), **told,
    }  # fmt: skip
    return actions.record_poll(home, told=Polled(**said), by=by or officer(home.parent), at=NOON)

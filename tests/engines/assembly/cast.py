"""A branch, its members, and a meeting as far as a test needs it."""

from datetime import date

from jiceng.engines.assembly import actions, queries
from jiceng.engines.assembly.actions import Called, Cast, Mark, Written
from jiceng.engines.assembly.declarations import Electorate
from jiceng.engines.assembly.models import Meeting, RollEntry
from jiceng.engines.assembly.queries import Named
from tests.builders import BUILDER, NOON, member, org

DAY = date(2026, 5, 18)
CALLED = date(2026, 5, 12)
MORE_THAN_HALF = "> 1/2 of roll"
ACT = {"by": BUILDER, "at": NOON}
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"


def branch(members=5, probationary=0, **details):
    """A branch with so many full members, and so many on probation."""
    made = org(**details)
    for number in range(members):
        member(made, f"{SURNAMES[number % 16]}正{number}")
    for number in range(probationary):
        member(made, f"{SURNAMES[number % 16]}预{number}", kind="probationary")
    return made


def called(home, **told):
    """A members' meeting that was called for 18 May."""
    said = {
        "kind": "general", "name": "党员大会", "title": "讨论村集体收益分配", "called_on": CALLED, "held_on": DAY,
        "venue": "党群服务中心", "items": ("收益分配方案",), "quorum": MORE_THAN_HALF, **told,
    }  # fmt: skip
    return actions.call(home, told=Called(**said), **ACT)


def opened(home, present=0, roll=(), **told):
    """The same, opened on its day; the first so many are there, the others are absent."""
    made = called(home, **told)
    actions.open(made, on=DAY, roll=roll, **ACT)
    if present:
        came(made, present)
    return Meeting.objects.get(pk=made.pk)


def came(meeting, present, rest="absent"):
    """Marks everybody: the first so many as present."""
    entries = list(entries_of(meeting))
    marks = {one.pk: Mark("present" if place < present else rest) for place, one in enumerate(entries)}
    actions.attend(meeting, marks=marks, **ACT)
    return entries


def entries_of(meeting):
    return RollEntry.objects.filter(meeting=meeting).order_by("number")


def listed(number, source="东山村第九届村民代表名册"):
    """So many people of a list that is not the members'."""
    return [Named(name=f"村民{place}", source=source) for place in range(1, number + 1)]


def hands(meeting, **words):
    """An open vote in which so many of the first say yes, then no, then abstain."""
    said = [word for word, times in words.items() for _ in range(times)]
    return {one.pk: word for one, word in zip(entries_of(meeting), said, strict=False)}


def closed(home, present, **told):
    """A whole meeting, from the call to its end."""
    made = opened(home, present, **told)
    actions.write_minutes(made, written=WRITTEN, **ACT)
    actions.close(made, **ACT)
    return Meeting.objects.get(pk=made.pk)


WRITTEN = Written("会议通过了方案。", "李建国", "周敏")


def motion(meeting, **said):
    """A vote on a motion."""
    return actions.record_vote(
        meeting, told=Cast(**{"question": "通过收益分配方案", "passes": MORE_THAN_HALF, **said}), **ACT
    )


def listed_meeting(present, of, **told):
    """A meeting of a list, without a branch to fill."""
    return opened(org(), present, listed(of), electorate=Electorate.LISTED, **told)


def state(meeting):
    return queries.state_of(queries.with_state(Meeting.objects.all()).get(pk=meeting.pk))

"""Plain builders: a world in a few words, made by the same verbs that people use."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from jiceng.kernel.access import Actor, Role
from jiceng.kernel.journal.clock import one_moment
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.orgs.models import Kind, Organisation
from jiceng.kernel.people.models import Membership, Particulars, Person
from jiceng.kernel.posts.models import Post
from tests import guard

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
"""The acting moment of most tests: noon of 1 June 2026 in China."""

LONG_AGO = date(2000, 1, 1)
BUILDER = Actor.command("builder")
_numbers = count(1)


def because(on: date = LONG_AGO, reason: str = "工作需要") -> orgs.Because:
    return orgs.Because(on=on, reason=reason)


def root(name: str = "某市委员会", **details: Any) -> Organisation:
    """A city's committee: the top of a tree."""
    new = orgs.New(code=f"R{next(_numbers)}", name=name, kind=Kind.COMMITTEE, **details)
    return orgs.begin(None, new=new, because=because(), by=BUILDER, at=NOON)


def org(
    name: str = "东山村党支部", *, under: Organisation | None = None, kind: str = Kind.BRANCH, on: date = LONG_AGO,
    code: str = "", **details: Any,
) -> Organisation:  # fmt: skip
    """An organisation under a given one, or under a root of its own."""
    new = orgs.New(code=code or f"C{next(_numbers)}", name=name, kind=kind, **details)
    return orgs.found(under or root(), new=new, because=because(on), by=BUILDER, at=NOON)


def member(
    place: Organisation, name: str = "王小明", *, since: date = LONG_AGO, kind: str = Membership.Kind.FULL,
    **particulars: Any,
) -> Person:  # fmt: skip
    """A member of an organisation, written without the verbs that would lead there."""
    with guard.outside(), one_moment():
        person = Person.objects.create(
            organisation=place, name=name, sex="1", birth_on=date(1980, 1, 1), joined_on=since, is_member=True
        )
        Membership.objects.create(person=person, organisation=place, kind=kind, start="recorded", since=since)
        said = {"education": "20", "occupation": "10", **particulars}
        Particulars.objects.create(person=person, since=since, **said)
    return person


def holder(place: Organisation, role: Role, *, since: date = LONG_AGO, person: Person | None = None) -> Actor:
    """Somebody who holds that post at the organisation since that day, as the `by` of a verb."""
    person = person or member(place, name=f"{role.label}甲")
    with guard.outside(), one_moment():
        Post.objects.create(organisation=place, person=person, role=role, title=role.label, since=since)
    return Actor("user", person.name, person=person.pk)


def officer(place: Organisation) -> Actor:
    """An officer of the organisation department there: acts for everything at and below it."""
    with guard.outside():
        home, _ = Organisation.objects.get_or_create(
            code="OFFICE", defaults={"name": "外单位", "kind": Kind.COMMITTEE, "path": "zzzz", "founded_on": LONG_AGO}
        )
    return holder(place, Role.OFFICER, person=member(home, name="组织员甲"))

"""People with posts, for tests of posts and accounts."""

from datetime import date
from typing import Any

from jiceng.kernel.access import Actor, Role
from jiceng.kernel.journal.clock import one_moment
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Membership, Particulars, Person
from jiceng.kernel.posts.models import Post
from tests.builders import LONG_AGO
from tests.guard import outside


def person(name: str = "张三", *, of: Organisation | None = None, education: str = "", **details: Any) -> Person:
    """A person, a member of an organisation if one is given."""
    told = {"sex": "1", "birth_on": date(1980, 5, 4), **details}
    with outside(), one_moment():
        made = Person.objects.create(name=name, organisation=of, **told)
        if of is not None:
            Membership.objects.create(person=made, organisation=of, since=LONG_AGO, kind="full", start="recorded")
        if education:
            Particulars.objects.create(person=made, **_home(of), since=LONG_AGO, education=education, occupation="01")
    return made


def _home(of: Organisation | None) -> dict[str, Any]:
    names = {field.name for field in Particulars._meta.get_fields()}
    return {"organisation": of} if "organisation" in names else {}


def holder(role: str, at: Organisation, name: str = "李四", *, of: Organisation | None = None) -> Person:
    """A person who has long held that post there."""
    made = person(name, of=of or at)
    put(made, role, at)
    return made


def put(who: Person, role: str, at: Organisation) -> Post:
    """Gives a post without asking."""
    with outside(), one_moment():
        return Post.objects.create(organisation=at, person=who, role=role, title=Role(role).label, since=LONG_AGO)


def actor(who: Person) -> Actor:
    """The person as the `by` of a verb."""
    return Actor("user", who.name, user=who.pk, person=who.pk)


def officer(at: Organisation) -> Actor:
    return actor(holder(Role.OFFICER, at, "王组织"))


def security_administrator(at: Organisation) -> Actor:
    return actor(holder(Role.SECURITY_ADMINISTRATOR, at, "赵安全"))

"""People with ID numbers of a region that does not exist, and those who act on them."""

from datetime import date
from itertools import count
from typing import Any

from jiceng.kernel.access import Actor, Role
from jiceng.kernel.journal.clock import one_moment
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people import actions
from jiceng.kernel.people.models import Person
from jiceng.kernel.posts.models import Post
from tests.builders import LONG_AGO, NOON
from tests.guard import outside

NOWHERE = "990000"
_serials = count(1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FARMER = actions.Told(education="61", occupation="02")


def number(born: date = date(1980, 5, 4), sex: str = "1") -> str:
    """A new ID number that is right in every digit and nobody's."""
    serial = next(_serials)
    body = f"{NOWHERE}{born:%Y%m%d}{serial // 5 % 100:02d}{serial % 5 * 2 + (sex == '1')}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def actor(role: str, at: Organisation, name: str = "李四") -> Actor:
    """Somebody new who has long held that post there, and signs in."""
    with outside(), one_moment():
        who = Person.objects.create(name=name, sex="1", birth_on=date(1980, 1, 1), organisation=at)
        Post.objects.create(organisation=at, person=who, role=role, title=Role(role).label, since=LONG_AGO)
    return Actor("user", name, user=who.pk, person=who.pk)


def officer(at: Organisation) -> Actor:
    return actor(Role.OFFICER, at, "王组织")


def secretary(at: Organisation) -> Actor:
    held = Post.objects.open().filter(organisation=at, role=Role.SECRETARY).select_related("person").first()
    if held is None:
        return actor(Role.SECRETARY, at, "赵书记")
    return Actor("user", held.person.name, user=held.person_id, person=held.person_id)


def new(name: str = "张三", **details: Any) -> actions.NewMember:
    """What is written of a farmer who has been a full member since 2010, on the books here since 2015."""
    born, sex = details.pop("born", date(1980, 5, 4)), details.get("sex", "1")
    told = {
        "name": name, "sex": "1", "since": date(2015, 1, 1), "told": FARMER, "number": number(born, sex),
        "joined_on": date(2010, 7, 1), "full_on": date(2011, 7, 1), "phone": "13800138000",
    }  # fmt: skip
    return actions.NewMember(**{**told, **details})


def member(of: Organisation, name: str = "张三", **details: Any) -> Person:
    """A member, registered by an officer of that organisation."""
    return actions.admit(of, new=new(name, **details), by=officer(of), at=NOON)

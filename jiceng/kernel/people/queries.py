"""Reads of people: members in the order of the tree, by name, by number, and who looked at them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from jiceng.kernel.access import Actor, Rule
from jiceng.kernel.orgs.models import Form, Kind, Organisation
from jiceng.kernel.units.models import Unit
from jiceng.lib import text
from jiceng.lib.paths import is_under

from . import rules
from .models import Floating, Look, Membership, NameKey, Particulars, Person, Purpose, Renumbering

PAGE = 50
CAP = 10_000
"""Where counting stops: more is said as 10,000+."""

IN = 5000
"""Values of one IN list."""


# One person


def with_number(digest: bytes) -> Person | None:
    """Whoever has the number now, or had it before it was corrected; a united record leads to the one that was kept."""
    person = Person.objects.filter(number_hash=digest).select_related("organisation").first()
    if person is None:
        trace = Renumbering.objects.filter(old_hash=digest).select_related("person__organisation").first()
        person = trace.person if trace else None
    while union := getattr(person, "union", None):
        person = union.kept
    return person


class Known(NamedTuple):
    """Somebody who is registered, as a list is compared with the store."""

    pk: int
    organisation: int | None
    name: str
    is_member: bool
    salt: bytes
    phone_sealed: bytes | None


def by_digest(digests: Iterable[bytes]) -> dict[bytes, Known]:
    """Those who are registered already under one of these digests of numbers."""
    found = map(_with_digests, batched(digests, IN))
    return {bytes(digest): _known(*row) for rows in found for digest, *row in rows.values_list("number_hash", *_KNOWN)}


def _with_digests(some: Sequence[bytes]) -> QuerySet[Person]:
    if connection.vendor != "postgresql":
        return Person.objects.filter(number_hash__in=some)
    # One text is read at once and joined by the index; thousands of values are read one by one and planned as a scan.
    asked = RawSQL("SELECT decode(one, 'hex') FROM string_to_table(%s, ',') AS one", [",".join(map(bytes.hex, some))])
    return Person.objects.filter(number_hash__in=asked)


def by_ids(ids: Iterable[int]) -> dict[int, Known]:
    """Those who are registered under these ids."""
    found = (Person.objects.filter(pk__in=some) for some in batched(ids, IN))
    return {row[0]: _known(*row) for rows in found for row in rows.values_list(*_KNOWN)}


_KNOWN = ("pk", "organisation_id", "name", "is_member", "salt", "phone_sealed")


def _known(pk: int, home: int | None, name: str, is_member: bool, salt: Any, phone: Any) -> Known:
    return Known(pk, home, name, is_member, bytes(salt), bytes(phone) if phone else None)


def home_name(by: Actor) -> str:
    """The organisation whose post the actor holds, as it is written beside a look."""
    held = by.held()
    if not held:
        return ""
    return Organisation.objects.values_list("name", flat=True).get(pk=held[0].organisation)


def state_on(person: Person, day: date) -> tuple[Membership | None, Particulars | None]:
    """The membership and the particulars of a day, as known now."""
    membership = Membership.objects.on(day).filter(person=person).select_related("organisation").first()
    return membership, Particulars.objects.on(day).filter(person=person).select_related("unit").first()


def memberships(person: Person) -> QuerySet[Membership]:
    """Where the person has been a member, oldest first."""
    return Membership.objects.known().filter(person=person).select_related("organisation").order_by("since")


def looks(person: Person) -> QuerySet[Look]:
    """Who looked, latest first."""
    return Look.objects.filter(person=person).order_by("-at", "-pk")


# Many people


@dataclass(frozen=True)
class Scope:
    """What an actor may list of an organisation: all below it, or its own members only."""

    organisation: Organisation
    whole: bool

    def members(self) -> QuerySet[Person]:
        """The members in it, without an order."""
        members = Person.objects.filter(is_member=True)
        if self.whole:
            return members.filter(organisation__path__under=self.organisation.path)
        return members.filter(organisation=self.organisation.pk)


def scope_of(asked: Rule, organisation: Organisation, actor: Actor) -> Scope | None:
    """How far the actor's posts reach into an organisation; None where they do not reach at all."""
    reached = is_reached(asked, organisation, actor)
    if not reached and not asked.allows(actor, organisation):
        return None
    return Scope(organisation, reached)


def is_reached(asked: Rule, organisation: Organisation, actor: Actor) -> bool:
    """Whether a post held at or above the organisation reaches down through it."""
    return any(is_under(organisation.path, post.path) for post in asked.held_by(actor))


@dataclass(frozen=True)
class After:
    """The last row of a page: where the next one begins."""

    path: str
    pk: int


def page(members: QuerySet[Person], after: After | None = None, size: int = PAGE) -> list[Person]:
    """The next members in the order of the tree, with their organisations."""
    if after is not None:
        # The first condition bounds the index, the second leaves out what was shown.
        members = members.filter(organisation__path__gte=after.path)
        members = members.filter(Q(organisation__path__gt=after.path) | Q(pk__gt=after.pk))
    return list(members.select_related("organisation").order_by("organisation__path", "pk")[:size])


def count_capped(members: QuerySet[Any], cap: int = CAP) -> int:
    """How many there are, or one more than the cap."""
    return members.order_by().values("pk")[: cap + 1].count()


@dataclass(frozen=True)
class Wanted:
    """Which members of a scope; empty means any. Ages are whole years on `day`, the upper one included."""

    day: date
    kind: str = ""
    sex: str = ""
    age_from: int | None = None
    age_to: int | None = None
    education: Sequence[str] = ()
    station: str = ""
    floating: bool | None = None
    hardship: bool | None = None


def filtered(members: QuerySet[Person], wanted: Wanted) -> QuerySet[Person]:
    """Those whom the filters want, by what is believed to hold today."""
    if wanted.sex:
        members = members.filter(sex=wanted.sex)
    if wanted.age_from is not None:
        members = members.filter(birth_on__lte=years_before(wanted.day, wanted.age_from))
    if wanted.age_to is not None:
        members = members.filter(birth_on__gt=years_before(wanted.day, wanted.age_to + 1))
    if wanted.kind:
        members = members.filter(Exists(Membership.objects.open().filter(person=OuterRef("pk"), kind=wanted.kind)))
    if wanted.floating is not None:
        floats = Exists(Floating.objects.open().filter(person=OuterRef("pk")))
        members = members.filter(floats if wanted.floating else ~floats)
    told = {
        "education__in": wanted.education or None, "station": wanted.station or None, "hardship": wanted.hardship,
    }  # fmt: skip
    asked = {key: value for key, value in told.items() if value is not None}
    if asked:
        members = members.filter(Exists(Particulars.objects.open().filter(person=OuterRef("pk"), **asked)))
    return members


def years_before(day: date, years: int) -> date:
    """The same calendar day so many years earlier; whoever was born on it or before is that old on `day`."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


# By name

MANY = 5000
"""So many hits of a key are walked, whatever the scope."""

NARROW = 4000
"""So many members of a scope are read instead, where a key has more hits than are walked."""

HOMES = 400
"""So many organisations such a scope may have."""


def named(query: str, scope: Scope, size: int = PAGE) -> list[Person]:
    """Members of a scope whose name contains the query (two characters or more), or whose initials begin with it.

    The index of keys alone says who is in the scope, and a wide scope soon fills a page. Only where a key is very
    common and the scope is narrow, its members are read instead. Raises Refused for a query that is too short.
    """
    keys = text.query_keys(query)
    hits = NameKey.objects.filter(key__under=keys.prefix) if keys.prefix else _rarest(keys.exact)
    few = hits[: MANY + 1].count() <= MANY
    people = None if few else _read_through(scope, keys, size)
    if people is None:
        people = _walked(hits, scope, keys.exact[1:] and keys.exact, size)
    found = Person.objects.filter(pk__in=people).select_related("organisation").in_bulk()
    return [found[pk] for pk in people]


def _rarest(keys: Sequence[str]) -> QuerySet[NameKey]:
    """The hits of whichever key has fewest."""
    hits = [NameKey.objects.filter(key=key) for key in keys]
    return hits[0] if len(hits) == 1 else min(hits, key=lambda rows: rows[: MANY + 1].count())


def _walked(hits: QuerySet[NameKey], scope: Scope, all_of: Sequence[str], size: int) -> list[int]:
    """Along the index of keys, until a page is full of people whose names have all of the keys."""
    home = scope.organisation
    here = hits.filter(organisation__path__under=home.path) if scope.whole else hits.filter(organisation=home.pk)
    for key in all_of:
        here = here.filter(Exists(NameKey.objects.filter(person=OuterRef("person"), key=key)))
    return list(here.order_by("key", "person").values_list("person_id", flat=True)[:size])


def _read_through(scope: Scope, keys: text.Keys, size: int) -> list[int] | None:
    """Along the members of a narrow scope; None for a wide one."""
    homes = Organisation.objects.filter(path__under=scope.organisation.path).order_by("path")
    here = list(homes.values_list("pk", flat=True)[: HOMES + 1]) if scope.whole else [scope.organisation.pk]
    if len(here) > HOMES:
        return None
    members = Person.objects.filter(is_member=True, organisation__in=here).order_by("organisation", "pk")
    names = list(members.values_list("pk", "name")[: NARROW + 1])
    if len(names) > NARROW:
        return None
    wanted = set(keys.exact)
    own = ((pk, text.name_keys(name)) for pk, name in names)
    return [pk for pk, said in own if wanted <= set(said) and any(key.startswith(keys.prefix) for key in said)][:size]


# Purposes and looks


def purpose_of(actor: Actor, organisation: Organisation, at: datetime) -> Purpose | None:
    """What the actor said today they read names below this organisation for."""
    if actor.user is None:
        return None
    stated = Purpose.objects.filter(user=actor.user, until__gt=at, at__lte=at).select_related("organisation")
    return next((one for one in stated.order_by("-at") if is_under(organisation.path, one.organisation.path)), None)


def needs_purpose(actor: Actor, organisation: Organisation) -> bool:
    """Whether names of this organisation's members are shown for a stated purpose only: to whoever reaches down to it
    from an office, its own team excepted."""
    return is_reached(rules.list_members, organisation, actor) and not any(
        post.organisation == organisation.pk and post.role in rules.TEAM for post in actor.held()
    )


def not_yet_listed(people: Sequence[int], actor: Actor, since: datetime) -> list[int]:
    """Those of the people whom the actor has not seen in a list since then."""
    seen = Look.objects.filter(user=actor.user or 0, at__gte=since, kind=Look.Kind.LIST, person__in=people)
    known = set(seen.values_list("person_id", flat=True))
    return [pk for pk in people if pk not in known]


# Setting advice


@dataclass(frozen=True)
class Advice:
    """A hint about how an organisation is set up: what, and the article it comes from. Never acted upon by itself."""

    what: str
    basis: str


BRANCH_BASIS = "《中国共产党支部工作条例（试行）》第四条"
JOINT_BASIS = "《中国共产党支部工作条例（试行）》第五条"
LARGER_BASIS = "《中国共产党农村基层组织工作条例》第五条；机关、国有企业等另有规定"

FEWEST, BRANCH_AT_MOST, GENERAL_BRANCH_AT_MOST, JOINT_UNITS_AT_MOST = 3, 50, 100, 5


def setting_advice(organisation: Organisation, day: date) -> list[Advice]:
    """What the rules on setting up organisations suggest for its members of that day. The office above decides."""
    below = Membership.objects.on(day).filter(organisation__path__under=organisation.path)
    full = below.filter(kind=Membership.Kind.FULL).count()
    members = below.count()
    said = []
    if organisation.kind == Kind.BRANCH and organisation.form == Form.STANDARD and full < FEWEST:
        said.append(Advice(f"正式党员 {full} 人，不足 {FEWEST} 人：可以和邻近单位联合组建。", JOINT_BASIS))
    if organisation.kind == Kind.BRANCH and members > BRANCH_AT_MOST:
        said.append(
            Advice(f"党员 {members} 人，一般不超过 {BRANCH_AT_MOST} 人：可以分设，或升格为党总支。", BRANCH_BASIS)
        )
    if organisation.kind == Kind.GENERAL_BRANCH and members > GENERAL_BRANCH_AT_MOST:
        said.append(Advice(f"党员 {members} 人，超过 {GENERAL_BRANCH_AT_MOST} 人：可以报批升格为党委。", LARGER_BASIS))
    if organisation.form == Form.JOINT:
        units = Unit.objects.filter(organisation=organisation).count()
        if units > JOINT_UNITS_AT_MOST:
            said.append(Advice(f"联合了 {units} 个单位，一般不超过 {JOINT_UNITS_AT_MOST} 个。", JOINT_BASIS))
    return said

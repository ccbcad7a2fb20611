"""Who holds what, on which day; whose term ends; who sits where."""

from collections.abc import Collection
from datetime import date
from itertools import batched
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, SmallIntegerField, Subquery, When
from django.utils import timezone

from jiceng.kernel.access import ADMINISTRATORS, Actor, Held, Role
from jiceng.kernel.history.models import CHUNK, Dated
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Particulars, Person

from . import rules
from .declarations import months_after
from .models import Formation, JointBody, PairedUnit, Post, Seat, Term

BY_SECURITY = ADMINISTRATORS | {Role.AUDITOR}
"""Posts that the security administrator gives and takes away: GB/T 22239-2019 8.1.5 (三员)."""

ONE_AT_A_TIME = frozenset({Role.SECRETARY})
"""Posts that one person at a time holds at an organisation."""


def held_now(people: Collection[int]) -> dict[int, list[Held]]:
    """The people's posts today at today's paths: what every rule asks first. One query a chunk of people."""
    held: dict[int, list[Held]] = {}
    for some in batched(people, CHUNK):
        posts = Post.objects.on(timezone.localdate()).filter(person__in=some).order_by("pk")
        rows = posts.values_list("person_id", "role", "organisation_id", "organisation__path")
        for person, role, organisation, path in rows:
            held.setdefault(person, []).append(Held(role, organisation, path))
    return held


def seen(posts: QuerySet[Post], actor: Actor) -> QuerySet[Post]:
    """Those of the posts that exist for the actor; the security administrator sees the ones he gives out."""
    found = rules.see.among(posts, actor)
    if not rules.see_administrators.held_by(actor):
        return found
    return found | rules.see_administrators.among(posts.filter(role__in=BY_SECURITY), actor)


def team(organisation: Organisation, day: date) -> QuerySet[Post]:
    """The posts of an organisation on a day, with who held them, in the order of the closed list."""
    held = Post.objects.on(day).filter(organisation=organisation).select_related("person")
    return held.order_by(_RANK, "since", "pk")


_RANK = Case(*(When(role=role, then=rank) for rank, role in enumerate(Role)), output_field=SmallIntegerField())


def overlapping[D: Dated](rows: QuerySet[D], since: date, until: date | None) -> QuerySet[D]:
    """Rows that hold on at least one day of the span; `until` is exclusive, None is for ever."""
    rows = rows.filter(Q(until=None) | Q(until__gt=since))
    return rows if until is None else rows.filter(since__lt=until)


def clashing(place: Organisation, person: Person, role: str, since: date, until: date | None) -> QuerySet[Post]:
    """Believed posts that leave no room: the same person's same post, or somebody else's only one."""
    same = Q(organisation=place, role=role)
    if role not in ONE_AT_A_TIME:
        same &= Q(person=person)
    found = overlapping(Post.objects.known(), since, until).filter(same)
    return found.select_related("person").order_by("since")


def team_of(organisation: Organisation, day: date) -> QuerySet[Post]:
    """The team on a day with each holder's education of that day."""
    told = Particulars.objects.on(day).filter(person=OuterRef("person")).values("education")[:1]
    return team(organisation, day).annotate(education=Subquery(told))


def history(organisation: Organisation) -> QuerySet[Post]:
    """Everybody who is believed to have served there, latest first."""
    known = Post.objects.known().filter(organisation=organisation)
    return known.select_related("person").order_by("-since", "-pk")


def of_person(person: Person) -> QuerySet[Post]:
    """The person's posts, latest first."""
    return Post.objects.known().filter(person=person).select_related("organisation").order_by("-since", "-pk")


def secretaries(among: QuerySet[Post], day: date) -> QuerySet[Any]:
    """Secretaries of a day, and whether each is also village director and head of the cooperative (三个一肩挑)."""

    def also(role: Role) -> Exists:
        same = {"person": OuterRef("person"), "organisation": OuterRef("organisation")}
        return Exists(Post.objects.on(day).filter(role=role, **same))

    held = among.filter(pk__in=Post.objects.on(day).filter(role=Role.SECRETARY).values("pk"))
    return held.annotate(is_director=also(Role.VILLAGE_DIRECTOR), is_head=also(Role.COOPERATIVE_HEAD))


def by_source(among: QuerySet[Post], day: date, role: str = Role.SECRETARY) -> dict[str, int]:
    """How those who hold a post came to it (头雁工程): numbers by source, every source named."""
    held = among.filter(pk__in=Post.objects.on(day).filter(role=role).values("pk"))
    found = dict(held.order_by().values_list("source").annotate(Count("pk")))
    return {source: found.get(source, 0) for source in Post.Source.values}


def terms_ending(among: QuerySet[Term], day: date, months: int) -> QuerySet[Term]:
    """Running terms that end within so many months of the day, those already over their end included."""
    return among.filter(until=None, superseded_at=None, ends_on__lt=months_after(day, months))


def terms_overdue(among: QuerySet[Term], day: date) -> QuerySet[Term]:
    """Running terms that should have ended by the day."""
    return among.filter(until=None, superseded_at=None, ends_on__lte=day)


def term_of(organisation: Organisation) -> Term | None:
    """The term that runs."""
    return Term.objects.open().filter(organisation=organisation).first()


def formed(bodies: QuerySet[JointBody], day: date) -> QuerySet[JointBody]:
    """Joint bodies that there were on a day."""
    return bodies.filter(pk__in=Formation.objects.on(day).values("body"))


def seats_on(body: JointBody, day: date) -> QuerySet[Seat]:
    """Who sat there on a day, for which organisation."""
    held = Seat.objects.on(day).filter(body=body)
    return held.select_related("person", "represented").order_by("capacity", "pk")


def pairs_on(body: JointBody, day: date) -> QuerySet[PairedUnit]:
    """The units paired with it on a day."""
    return PairedUnit.objects.on(day).filter(body=body).select_related("unit").order_by("pk")


def holders_without_account(place: Organisation, role: str, day: date) -> list[int]:
    """People who hold that post at or below the place on a day and have no account yet, in the order of the tree."""
    held = Post.objects.on(day).filter(organisation__path__under=place, role=role, person__user=None)
    return list(dict.fromkeys(held.order_by("organisation__path").values_list("person_id", flat=True)))

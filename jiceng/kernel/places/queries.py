"""Reads of the tree of places: as it is, as it was, and by old names and old codes."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jiceng.kernel.access import Actor
from jiceng.lib.paths import ancestors

from .models import Change, Naming, Place

_TREE_LOCK = 7_305_003

SHORTEST = 2
"""Characters of a name that are enough to search by."""


def lock_tree() -> None:
    """Lets one structural change run at a time. SQLite's immediate transactions already do."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])


def living() -> QuerySet[Place]:
    """Places that have not ended, in pre-order of the tree."""
    return Place.objects.filter(until=None).order_by("path")


def children(parent: Place | None) -> QuerySet[Place]:
    """What stands directly below (provinces, below nothing), each with `below`, how many stand below it in turn."""
    return _counted(living().filter(parent=parent))


def children_of(parents: Iterable[str]) -> QuerySet[Place]:
    """The same below several places, given by their refs."""
    return _counted(living().filter(parent__ref__in=list(parents)))


def _counted(places: QuerySet[Place]) -> QuerySet[Place]:
    counted = Place.objects.filter(parent=OuterRef("pk"), until=None).order_by().values("parent")
    return places.annotate(below=Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0))


def opened_for(actor: Actor) -> list[str]:
    """Refs of what to open so that the first level below the actor's own reach shows: down to where the organisations
    of the actor's posts stand, or the nearest above them; for whoever holds none, the only top there is."""
    lines = [[*ancestors(post.path), post.path] for post in actor.held()]
    above = {path for line in lines for path in line}
    stands = dict(living().filter(organisation__path__in=above).values_list("organisation__path", "path"))
    own = {next((stands[path] for path in reversed(line) if path in stands), "") for line in lines} - {""}
    opened = {path for one in own for path in (*ancestors(one), one)}
    tops = living().filter(path__in=opened) if opened else children(None)[:2]
    refs = [place.ref for place in tops]
    return refs if opened or len(refs) == 1 else []


def chain(place: Place) -> Sequence[Place]:
    """The place's ancestors from the top down."""
    return list(Place.objects.filter(path__in=ancestors(place.path)).order_by("path"))


def chains(places: Iterable[Place]) -> dict[int, list[Place]]:
    """The ancestors of each place from the top down, in one query for all of them."""
    places = list(places)
    wanted = {path for place in places for path in ancestors(place.path)}
    by_path = {found.path: found for found in Place.objects.filter(path__in=wanted)}
    return {place.pk: [by_path[path] for path in ancestors(place.path)] for place in places}


def coded(code: str) -> QuerySet[Place]:
    """Places that have the code or once had it: the living first, and of those the highest."""
    ever = Naming.objects.known().filter(code=code).values("place")
    return Place.objects.filter(pk__in=ever).order_by(Coalesce("until", date.max).desc(), "path")


def found(words: str, among: QuerySet[Place]) -> QuerySet[Place]:
    """Those whose code begins with the digits, or whose name contains the words, today or formerly."""
    words = words.strip()
    if len(words) < SHORTEST:
        return among.none()
    if words.isdecimal():
        return among.filter(pk__in=Naming.objects.known().filter(code__under=words).values("place"))
    formerly = Naming.objects.known().filter(until__isnull=False, name__contains=words).values("place")
    return among.filter(Q(name__contains=words) | Q(pk__in=formerly))


def naming_on(place: Place, day: date, *, known_at: datetime | None = None) -> Naming | None:
    """What the place was called and where it stood on a day, as known now or at a moment; None if it was not there."""
    return Naming.objects.on(day, known_at=known_at).filter(place=place).first()


def below_on(naming: Naming, day: date, *, known_at: datetime | None = None) -> QuerySet[Naming]:
    """Everything that stood at or below it on that day, in pre-order."""
    return Naming.objects.on(day, known_at=known_at).filter(path__under=naming.path).order_by("path")


def namings(place: Place) -> QuerySet[Naming]:
    """The believed history of one place, oldest first."""
    return Naming.objects.known().filter(place=place).select_related("change", "parent").order_by("since")


def former_codes(place: Place, history: Iterable[Naming]) -> list[str]:
    """曾用代码: the codes that the place had before, oldest first, each once."""
    return list(dict.fromkeys(naming.code for naming in history if naming.code != place.code))


def former_names(place: Place, history: Iterable[Naming]) -> list[str]:
    """曾用名: the names that the place had before, oldest first, each once."""
    return list(dict.fromkeys(naming.name for naming in history if naming.name != place.name))


def changes(place: Place) -> QuerySet[Change]:
    """What happened to the place, newest first; among it what was done to others with a part for this one."""
    return Change.objects.filter(Q(place=place) | Q(pk__in=place.namings.values("change"))).order_by("-on", "-pk")

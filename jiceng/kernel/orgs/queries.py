"""Reads of the tree: as it is, and as it was."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import connection
from django.db.models import QuerySet

from jiceng.kernel.access import Actor
from jiceng.lib import text
from jiceng.lib.paths import ancestors

from . import rules
from .models import NameKey, Organisation, Standing

_TREE_LOCK = 7_305_002


def lock_tree() -> None:
    """Lets one structural change run at a time, once whoever holds the tree is done. SQLite's immediate transactions
    already do. What a change finds out about members, posts and units it must find out after this."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])


def hold_tree(*organisations: Organisation) -> None:
    """Until the running verb is done nothing is closed, merged or moved; any number of verbs may hold the tree at once.

    Reads the organisations anew, for a verb that had to wait may find them changed. A verb that changes the tree too
    takes `lock_tree` first: two that hold the tree and then want it alone would wait for each other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_TREE_LOCK])
    for one in organisations:
        one.refresh_from_db()


def visible(actor: Actor) -> QuerySet[Organisation]:
    """The organisations that exist for somebody."""
    return rules.see.among(Organisation.objects.all(), actor).select_related("place")


def living() -> QuerySet[Organisation]:
    """Organisations that are not closed, in pre-order of the tree."""
    return Organisation.objects.filter(closed_on=None).order_by("path")


def by_code(codes: Iterable[str]) -> dict[str, Organisation]:
    """The organisations of these codes, closed ones too."""
    wanted, found = sorted(codes), dict[str, Organisation]()
    for start in range(0, len(wanted), 2000):
        some = Organisation.objects.filter(code__in=wanted[start : start + 2000])
        found |= {one.code: one for one in some}
    return found


def chain(organisation: Organisation) -> Sequence[Organisation]:
    """The organisation's ancestors from the top down."""
    return list(Organisation.objects.filter(path__in=ancestors(organisation.path)).order_by("path"))


def standing_on(organisation: Organisation, day: date, *, known_at: datetime | None = None) -> Standing | None:
    """How the organisation stood on a day, as known now or at a moment; None if it did not exist then."""
    return Standing.objects.on(day, known_at=known_at).filter(organisation=organisation).first()


def below_on(standing: Standing, day: date, *, known_at: datetime | None = None) -> QuerySet[Standing]:
    """Everything that stood at or below it on that day, in pre-order."""
    return Standing.objects.on(day, known_at=known_at).filter(path__under=standing.path).order_by("path")


def timeline(organisation: Organisation) -> QuerySet[Standing]:
    """The believed history of one organisation, oldest first."""
    return Standing.objects.known().filter(organisation=organisation).select_related("change").order_by("since")


def named(query: str, among: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Those whose name contains the query (two characters or more), or whose pinyin initials begin with it."""
    keys = text.query_keys(query)
    for key in keys.exact:
        among = among.filter(pk__in=NameKey.objects.filter(key=key).values("organisation"))
    if keys.prefix:
        among = among.filter(pk__in=NameKey.objects.filter(key__under=keys.prefix).values("organisation"))
    return among.filter(name__contains=query.strip()) if keys.exact else among

"""Reads of units: by name, by code, and as they were on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from jiceng.lib import text

from .models import Unit, UnitNameKey, UnitState


def by_code(codes: Iterable[str]) -> dict[str, Unit]:
    """The units of these codes, closed ones too."""
    wanted, found = sorted(codes), dict[str, Unit]()
    for start in range(0, len(wanted), 2000):
        found |= {unit.code: unit for unit in Unit.objects.filter(code__in=wanted[start : start + 2000])}
    return found


def by_credit_code(codes: Iterable[str]) -> dict[str, Unit]:
    """The units that bear these unified social credit codes."""
    wanted, found = sorted(set(codes) - {""}), dict[str, Unit]()
    for start in range(0, len(wanted), 2000):
        some = Unit.objects.filter(credit_code__in=wanted[start : start + 2000])
        found |= {unit.credit_code: unit for unit in some}
    return found


def there_on(day: date, among: QuerySet[Unit]) -> QuerySet[Unit]:
    """Those that existed on that day."""
    return among.filter(Exists(UnitState.objects.on(day).filter(unit=OuterRef("pk"))))


def state_on(unit: Unit, day: date) -> UnitState | None:
    """How the unit was on that day; None where it was not registered yet, or closed."""
    return UnitState.objects.on(day).filter(unit=unit).select_related("organisation").first()


def timeline(unit: Unit) -> QuerySet[UnitState]:
    """The believed history of one unit, oldest first."""
    return UnitState.objects.known().filter(unit=unit).select_related("organisation").order_by("since")


def named(query: str, among: QuerySet[Unit]) -> QuerySet[Unit]:
    """Those whose name contains the query, whose pinyin initials begin with it, or whose code it is."""
    wanted = query.strip()
    if wanted.isascii() and any(sign.isdigit() for sign in wanted):
        return among.filter(code=wanted) | among.filter(credit_code=wanted.upper())
    keys = text.query_keys(query)
    for key in keys.exact:
        among = among.filter(pk__in=UnitNameKey.objects.filter(key=key).values("unit"))
    if keys.prefix:
        among = among.filter(pk__in=UnitNameKey.objects.filter(key__under=keys.prefix).values("unit"))
    return among.filter(name__contains=wanted) if keys.exact else among

"""How long a committee serves, and by how much its election may come early or late."""

from calendar import monthrange
from datetime import date

from jiceng.kernel.orgs.models import Kind
from jiceng.kernel.places.models import Level

_YEARS = {Kind.COMMITTEE: 5, Kind.GENERAL_BRANCH: 3, Kind.BRANCH: 3}
_IN_VILLAGES = 5
SHIFT = 12
"""Months by which an election may come early or late, with approval: 《中国共产党基层组织选举工作条例》第三条."""


def years_of(kind: str, level: str) -> int | None:
    """Years of a term: 《关于党的基层组织任期的意见》 gives committees and everything in villages and communities five,
    other general branches and branches three. None where nothing is elected for a term (working committees, groups)."""
    years = _YEARS.get(Kind(kind))
    return _IN_VILLAGES if years and level == Level.VILLAGE else years


def months_after(day: date, months: int) -> date:
    """The same day so many months later (earlier, if negative), or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

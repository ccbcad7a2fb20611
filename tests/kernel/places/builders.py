"""A small country in a few words."""

from datetime import date
from itertools import count
from typing import Any

from jiceng.kernel.places import actions
from jiceng.kernel.places.editions import Division, full
from jiceng.kernel.places.models import Level, Place
from tests.builders import BUILDER, NOON

EDITION = date(2026, 1, 1)
_numbers = count(1)


def because(on: date = EDITION, reason: str = "批准文件") -> actions.Because:
    return actions.Because(on=on, reason=reason)


def load(*rows: Division, on: date = EDITION) -> actions.Loaded:
    return actions.load_divisions(None, rows=rows, because=because(on, "区划表"), by=BUILDER, at=NOON)


def province(name: str = "甲省") -> Place:
    """A province with a code of its own."""
    code = full(str(10 + next(_numbers) % 90))
    load(Division(code, name, Level.PROVINCE, ""))
    return Place.objects.get(code=code, level=Level.PROVINCE)


def county(name: str = "甲县", code: str = "110101000000") -> Place:
    """A county with its chain, loaded as an edition."""
    load(
        Division(full(code[:2]), "甲省", Level.PROVINCE, ""),
        Division(full(code[:4]), "甲市", Level.CITY, full(code[:2])),
        Division(code, name, Level.COUNTY, full(code[:4])),
    )
    return Place.objects.get(code=code, level=Level.COUNTY)


def add(parent: Place, name: str, level: str, code: str = "", on: date = EDITION) -> Place:
    new = actions.New(name=name, level=level, code=code)
    return actions.add_below(parent, new=new, because=because(on), by=BUILDER, at=NOON)


def do(verb: Any, place: Place, *, on: date, **details: Any) -> Any:
    return verb(place, because=because(on), by=BUILDER, at=NOON, **details)

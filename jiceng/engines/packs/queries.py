"""Which declarations are in force, at a place, on a day."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

import jiceng
from jiceng.kernel.access import Role
from jiceng.kernel.calendars.declarations import Calendar

from .declarations import Declaration
from .kinds import Codes, Geometry, Holidays, Titles
from .reading import Fault, Folder, read_folder, read_geometry

NATIONAL = "national"
SHIPPED = Path(jiceng.__path__[0]) / "packs"


@dataclass(frozen=True)
class Pack:
    """National and local files of one day, resolved: one edition of each (kind, key), local before national."""

    place: str
    on: date
    declared: tuple[Declaration, ...]

    def of[D: Declaration](self, kind: type[D]) -> tuple[D, ...]:
        """All declarations of one kind, by key."""
        return tuple(one for one in self.declared if isinstance(one, kind))

    def find[D: Declaration](self, kind: type[D], key: str) -> D | None:
        """The declaration of that kind and key, if one is in force."""
        return next((one for one in self.of(kind) if one.key == key), None)

    @property
    def edition(self) -> str:
        """The hash of everything in force."""
        return hashlib.sha256("".join(one.edition for one in self.declared).encode()).hexdigest()


def packs_dir() -> Path:
    """Where the packs lie: the shipped ones, unless the installation has a folder of its own."""
    return Path(getattr(settings, "PACKS_DIR", None) or SHIPPED)


def this_place() -> str:
    """The place whose pack this installation follows."""
    return str(getattr(settings, "PLACE", NATIONAL))


def places() -> list[str]:
    """Every place that has a pack, the national one left out."""
    return sorted(one.name for one in packs_dir().iterdir() if one.is_dir() and one.name != NATIONAL)


@cache
def _folder(folder: Path) -> Folder:
    return read_folder(folder)


def declared_in(place: str) -> Folder:
    """A place's own files, read once for the life of the process."""
    return _folder(packs_dir() / place)


def resolve(place: str | None = None, on: date = date.max) -> Pack:
    """What is in force at a place on a day: the latest edition of each key, a local one before any national one."""
    place = place or this_place()
    in_force: dict[tuple[str, str], Declaration] = {}
    for folder in dict.fromkeys((NATIONAL, place)):
        in_force |= _latest(declared_in(folder).declared.values(), on)
    return Pack(place, on, tuple(in_force[key] for key in sorted(in_force)))


def _latest(declared: Iterable[Declaration], on: date) -> dict[tuple[str, str], Declaration]:
    by_age = sorted(declared, key=lambda one: one.since)
    return {(one.kind, one.key): one for one in by_age if one.since <= on}


def check(folder: Path) -> list[Fault]:
    """Everything wrong in a folder: a place's, or one that holds the folders of places."""
    inside = [one for one in sorted(folder.iterdir()) if one.is_dir()]
    holds_places = any(one.name == NATIONAL for one in inside)
    return [fault for one in (inside if holds_places else [folder]) for fault in _faults(one)]


def _faults(folder: Path) -> list[Fault]:
    outlines = read_geometry(folder)
    return read_folder(folder).faults + (outlines if isinstance(outlines, list) else [])


def geometry(place: str | None = None) -> Geometry | None:
    """The outlines of places that the installation has put into a place's pack; a file with a fault is none."""
    return _geometry(packs_dir() / (place or this_place()))


@cache
def _geometry(folder: Path) -> Geometry | None:
    found = read_geometry(folder)
    return found if isinstance(found, Geometry) else None


def labels(key: str, *, place: str | None = None, on: date = date.max) -> dict[str, str]:
    """Codes and names of a code table, in its order; empty if there is no such table."""
    found = resolve(place, on).find(Codes, key)
    return dict(found.codes) if found else {}


def role_of(title: str, *, place: str | None = None, on: date = date.max) -> Role | None:
    """The function that a local title stands for; a place's own word before the national one."""
    place = place or this_place()
    for folder in dict.fromkeys((place, NATIONAL)):
        for declaration in _latest(declared_in(folder).declared.values(), on).values():
            if isinstance(declaration, Titles):
                for one in declaration.title:
                    if one.title == title:
                        return one.role
    return None


@cache
def calendar(place: str | None = None) -> Calendar:
    """Working days as announced, by every year's file; a place's own file of a year before the national one."""
    years = resolve(place).of(Holidays)
    return Calendar(
        frozenset(day for one in years for day in one.rests), frozenset(day for one in years for day in one.works),
        frozenset(one.year for one in years),
    )  # fmt: skip


def as_table(declaration: Declaration) -> dict[str, Any]:
    """A declaration as plain data, for JSON and for comparing two editions."""
    return declaration.model_dump(mode="json")

"""Editions of the national division codes: as the published package has them, and as our shipped files do."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from .models import DIGITS, Level

COLUMNS = ("code", "name", "level", "parent")

FILES = {
    "provinces.csv": (Level.PROVINCE, ""),
    "cities.csv": (Level.CITY, "provinceCode"),
    "areas.csv": (Level.COUNTY, "cityCode"),
    "streets.csv": (Level.TOWNSHIP, "areaCode"),
    "villages.csv": (Level.VILLAGE, "streetCode"),
}
"""The package's tables from the top down, and the column in which each names the parent."""


class Division(NamedTuple):
    """One line of an edition: full 12-digit codes; the parent's is empty for a province."""

    code: str
    name: str
    level: str
    parent: str


def full(code: str) -> str:
    """The 12-digit form of a division's own digits."""
    return code.ljust(DIGITS[Level.VILLAGE], "0") if code else ""


def own_digits(code: str, level: str) -> str:
    """The digits that a division shares with everything below it; all of them for cells and buildings."""
    return code[: DIGITS.get(Level(level), len(code))]


def read(source: Path) -> list[Division]:
    """An edition from the unpacked package's folder or from one of our files."""
    if source.is_dir():
        return list(_from_package(source))
    with source.open(encoding="utf-8-sig", newline="") as lines:
        return [Division(**row) for row in csv.DictReader(lines)]


def _from_package(folder: Path) -> Iterator[Division]:
    for file, (level, parent) in FILES.items():
        with (folder / "dist" / file).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield Division(full(row["code"]), row["name"], level.value, full(row.get(parent, "")))


def part(edition: Iterable[Division], top: str) -> list[Division]:
    """The division with that code (12 digits), everything below it, and its chain of ancestors."""
    known = list(edition)
    above = {top}
    for row in reversed(known):
        if row.code in above and row.parent:
            above.add(row.parent)
    kept = {top}
    chosen = []
    for row in known:
        if row.code in above or row.parent in kept:
            chosen.append(row)
            kept |= {row.code} if row.parent in kept else set()
    return chosen


def top_of(rows: Iterable[Division]) -> str:
    """The code of the division that a shipped file is about: the first below which there is more than one."""
    known = list(rows)
    children = Counter(row.parent for row in known)
    return next(row.code for row in known if children[row.code] != 1)


def write(rows: Iterable[Division], file: Path) -> None:
    """Writes a file that is the same, byte for byte, on every machine."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(COLUMNS)
        lines.writerows(sorted(rows))

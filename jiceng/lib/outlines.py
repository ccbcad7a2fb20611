"""Outlines of places on a flat picture: degrees become units of the picture, and points that nobody would see go."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

type Point = tuple[float, float]
type Ring = tuple[Point, ...]
"""A closed line: its last point is its first."""

TOLERANCE = 0.5
"""Units of the picture by which a simplified line may lie off: less than a line is thick."""
ROOM = 24.0
"""A shape at least so wide and high has room for a mark."""


@dataclass(frozen=True)
class Flat:
    """A shape as SVG draws it, and the middle of its largest part."""

    path: str
    x: float
    y: float
    has_room: bool


@dataclass(frozen=True)
class Sheet:
    """Shapes by code, all on one picture."""

    width: float
    height: float
    shapes: dict[str, Flat]


def flatten(outlines: Mapping[str, Sequence[Ring]], *, width: float, height: float) -> Sheet:
    """Fits outlines (longitude and latitude in degrees) into a picture, by equirectangular projection.

    Degrees of longitude are shortened as they are at the middle latitude, so a county keeps its shape.
    """
    points = [point for rings in outlines.values() for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shorter = math.cos(math.radians((south + north) / 2))
    across, up = (east - west) * shorter or 1e-9, (north - south) or 1e-9
    scale = min(width / across, height / up)

    def place(ring: Ring) -> Ring:
        return tuple(((x - west) * shorter * scale, (north - y) * scale) for x, y in ring)

    shapes = {code: _flat([place(ring) for ring in rings]) for code, rings in outlines.items()}
    return Sheet(across * scale, up * scale, shapes)


def _flat(rings: Sequence[Ring]) -> Flat:
    largest = max(rings, key=lambda ring: abs(_area(ring)))
    kept = [simplified(ring) for ring in rings]
    drawn = [ring for ring in kept if len(ring) > 3] or [largest]
    x, y = _middle(largest)
    across = max(x for x, _ in largest) - min(x for x, _ in largest)
    down = max(y for _, y in largest) - min(y for _, y in largest)
    return Flat("".join(map(_path, drawn)), x, y, min(across, down) >= ROOM)


def simplified(ring: Ring, tolerance: float = TOLERANCE) -> Ring:
    """The ring without points that lie within the tolerance of the line between others (Douglas and Peucker, 1973)."""
    kept, waiting = {0, len(ring) - 1}, [(0, len(ring) - 1)]
    while waiting:
        first, last = waiting.pop()
        away, at = max(((_apart(ring[n], ring[first], ring[last]), n) for n in range(first + 1, last)), default=(0, 0))
        if away > tolerance:
            kept.add(at)
            waiting += [(first, at), (at, last)]
    return tuple(ring[n] for n in sorted(kept))


def _apart(point: Point, one: Point, other: Point) -> float:
    """How far a point lies from the stretch between two others."""
    (x, y), (x1, y1), (x2, y2) = point, one, other
    along = (x2 - x1) ** 2 + (y2 - y1) ** 2
    share = min(1.0, max(0.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / along)) if along else 0.0
    return math.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1))


def _steps(ring: Ring) -> Iterable[tuple[Point, Point, float]]:
    for (x1, y1), (x2, y2) in pairwise(ring):
        yield (x1, y1), (x2, y2), x1 * y2 - x2 * y1


def _area(ring: Ring) -> float:
    return sum(cross for _, _, cross in _steps(ring)) / 2


def _middle(ring: Ring) -> Point:
    """The centre of gravity; of a ring without an area, its first point."""
    area = _area(ring)
    if not area:
        return ring[0]
    x = sum((x1 + x2) * cross for (x1, _), (x2, _), cross in _steps(ring)) / (6 * area)
    y = sum((y1 + y2) * cross for (_, y1), (_, y2), cross in _steps(ring)) / (6 * area)
    return x, y


def _path(ring: Ring) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring[:-1]) + "Z"

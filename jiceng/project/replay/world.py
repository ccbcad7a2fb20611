"""What a replay has built so far, by the names that the scenario uses."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from jiceng.kernel.access import Actor
from jiceng.kernel.journal import actions as journal
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.paths import AFTER_ALL, SEGMENT


def noon(day: date) -> datetime:
    """Twelve o'clock in China."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Node:
    """An organisation as the replay remembers it."""

    pk: int
    code: str
    name: str
    path: str
    place: int | None
    place_path: str


@dataclass
class World:
    """Layers by key, units by key, and members who have not been given a task yet."""

    top: Organisation
    officer: Actor
    simulated: bool
    now: datetime | None = None
    layers: dict[str, list[Node]] = field(default_factory=dict)
    units: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    free: "Free" = field(default_factory=lambda: Free([]))

    def at(self, day: date) -> datetime:
        """The acting moment on a day of the story; a simulation's clock follows, a real one stays what it is.

        No clock goes back: what the story tells later of an earlier day is entered late, as in life.
        """
        if not self.simulated:
            return datetime.now(UTC)
        self.now = max(self.now or noon(day), noon(day))
        journal.set_simulated_clock(now=self.now)
        return self.now

    def of(self, layers: Iterable[str]) -> list[Node]:
        """The organisations of these layers, in the order in which they were set up."""
        return [node for key in layers for node in self.layers[key]]

    def refresh(self) -> None:
        """Reads the paths again after something moved."""
        paths = dict(Organisation.objects.values_list("pk", "path"))
        for key, nodes in self.layers.items():
            self.layers[key] = [
                Node(node.pk, node.code, node.name, paths[node.pk], node.place, node.place_path) for node in nodes
            ]


class Free:
    """Members in tree order, each given out once: first those of the organisation asked for, then those below it."""

    def __init__(self, members: Iterable[tuple[str, int]]) -> None:
        self._members = sorted(members)
        self._paths = [path for path, _ in self._members]
        self._taken: set[int] = set()
        self._next: dict[str, int] = {}

    def take(self, path: str) -> int:
        """The next member at or below a path. Raises LookupError where all have been given out."""
        start = self._next.get(path, bisect_left(self._paths, path))
        for place in range(start, len(self._paths)):
            if self._paths[place] >= path + AFTER_ALL:
                break
            if place not in self._taken:
                self._taken.add(place)
                self._next[path] = place + 1
                return self._members[place][1]
        raise LookupError(f"no member is left at or below {path}")

    def take_near(self, path: str) -> int:
        """The next member there, or below the nearest organisation above that still has one."""
        for end in range(len(path), 0, -SEGMENT):
            try:
                return self.take(path[:end])
            except LookupError:
                continue
        raise LookupError("no member is left anywhere")

    def each(self, paths: Iterable[str], number: int) -> Iterator[tuple[str, int]]:
        """So many members, going round the paths again and again; a path that has none left is passed over."""
        waiting = list(paths)
        while number and waiting:
            for path in list(waiting):
                try:
                    member = self.take(path)
                except LookupError:
                    waiting.remove(path)
                    continue
                yield path, member
                number -= 1
                if not number:
                    return
        if number:
            raise LookupError(f"{number} members are missing")

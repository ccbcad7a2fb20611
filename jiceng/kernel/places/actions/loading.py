"""Brings in a whole edition of division codes at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.history.models import CHUNK, succeed
from jiceng.kernel.journal.clock import moment
from jiceng.lib import bulk
from jiceng.lib.paths import segment
from jiceng.lib.refs import new_ref
from jiceng.lib.refusals import Refused

from .. import rules
from ..editions import Division, full, own_digits
from ..models import RANK, Change, Level, Naming, Place
from ..queries import lock_tree
from .changes import Because, name_of

type Key = tuple[str, str]
"""Code and level: what an edition knows a division by."""

_SHOWN = 5


@dataclass(frozen=True)
class Loaded:
    """What a load did. `elsewhere` counts divisions that stand under another parent here than in the edition."""

    added: int
    renamed: int
    unchanged: int
    elsewhere: int
    root: str

    @property
    def rows(self) -> int:
        """How many rows were written, for the journal."""
        return self.added + self.renamed


@dataclass(slots=True)
class _Node:
    """A place while a load is under way: enough to put others below it."""

    pk: int
    path: str
    parent: int | None
    children_made: int
    since: date
    here: bool


class _Known(NamedTuple):
    """What is believed of a code: the naming's own id, name and parent, and the place."""

    naming: int
    name: str
    parent: int | None
    since: date
    until: date | None
    code: str
    level: str
    place: int
    path: str
    above: int | None
    children_made: int
    ended: date | None


_ASKED = (
    "pk", "name", "parent_id", "since", "until", "code", "place__level", "place_id", "place__path", "place__parent_id",
    "place__children_made", "place__until",
)  # fmt: skip


@dataclass
class _Load:
    """The working memory of one load."""

    on: date
    nodes: dict[Key, _Node] = field(default_factory=dict)
    upper: dict[str, _Node] = field(default_factory=dict)
    wrong: dict[int, str] = field(default_factory=dict)
    unchanged: int = 0
    elsewhere: int = 0


@action(rules.load)
def load_divisions(
    subject: None, *, rows: Iterable[Division], because: Because, by: Actor, at: datetime,
    tell: Callable[[str], None] = lambda said: None, batch: int | None = None,
) -> Loaded:  # fmt: skip
    """Adds what is missing and renames what the edition calls otherwise; the day of `because` is the edition's.

    Set-wise and repeatable: a second load of the same edition changes nothing, whatever was changed here since.
    What is here and not in the edition stays.
    """
    lock_tree()
    edition = sorted(rows, key=lambda row: (RANK[Level(row.level)], row.code))
    _is_sound(edition)
    tell(f"读入 {len(edition):,} 个区划，与已有的核对……")
    load = _Load(because.on)
    _compare(load, edition)
    fresh = [row for row in edition if (row.code, row.level) not in load.nodes]
    if not fresh and not load.wrong:
        return Loaded(0, 0, load.unchanged, load.elsewhere, bulk_root(()))
    change = Change.objects.create(
        kind=Change.Kind.LOAD, on=because.on, reason=because.reason, document=because.document, by_name=name_of(by),
        at=at, told=f"新增 {len(fresh)} 个，更名 {len(load.wrong)} 个", batch=batch,
    )  # fmt: skip
    tell(f"新增 {len(fresh):,} 个……")
    root = bulk_root([*_add(load, fresh, change), *sorted(load.wrong)])
    _rename(load, change)
    return Loaded(len(fresh), len(load.wrong), load.unchanged, load.elsewhere, root)


def _is_sound(edition: Sequence[Division]) -> None:
    """Raises Refused unless every division is there once, with a code of its level's form and its parent above it."""
    seen: set[str] = set()
    faults: list[str] = []
    for row in edition:
        if len(row.code) != 12 or not row.code.isdecimal() or row.code != full(own_digits(row.code, row.level)):
            faults.append(f"代码 {row.code}（{row.name}）不是{Level(row.level).label}区划的 12 位代码")
        if row.parent and row.parent not in seen:
            faults.append(f"{row.name}（{row.code}）的上级 {row.parent} 不在表里")
        seen.add(row.code)
    twice = Counter((row.code, row.level) for row in edition)
    faults += [f"代码 {code} 在同一层级出现了 {times} 次" for (code, _), times in twice.items() if times > 1]
    if faults:
        more = f"等 {len(faults)} 处" if len(faults) > _SHOWN else ""
        raise Refused("区划表有错，一行也没有载入：" + "；".join(faults[:_SHOWN]) + more + "。")


def _compare(load: _Load, edition: Sequence[Division]) -> None:
    """Finds which divisions are here already, by what stood on the edition's day or else stands now."""
    for start in range(0, len(edition), CHUNK):
        chunk = edition[start : start + CHUNK]
        known = _known([row.code for row in chunk], load.on)
        for row in chunk:
            if found := known.get((row.code, row.level)):
                _recognise(load, row, found)


def _known(codes: Sequence[str], on: date) -> dict[Key, _Known]:
    """Of each code, who had it on that day; failing that, who has it now although it began later."""
    rows = Naming.objects.from_day(on).filter(code__in=codes).order_by("-since").values_list(*_ASKED)
    return {(row.code, row.level): row for row in map(_Known._make, rows) if row.until is None or row.since <= on}


def _recognise(load: _Load, row: Division, found: _Known) -> None:
    upper = load.upper.get(row.parent)
    load.elsewhere += found.parent != (upper.pk if upper else None)
    node = _Node(found.place, found.path, found.above, found.children_made, found.ended or date.min, here=True)
    # Rows come from the top down, so what stands below finds the lowest division that has its parent's code.
    load.nodes[row.code, row.level] = load.upper[row.code] = node
    if found.name != row.name and found.since <= load.on:
        load.wrong[found.naming] = row.name
    else:
        load.unchanged += 1


def _add(load: _Load, fresh: Sequence[Division], change: Change) -> list[tuple[int, str]]:
    """Writes the new places and their namings; returns their ids and codes."""
    roots = Place.objects.filter(parent=None).count()
    top = _Node(0, "", None, roots, load.on, here=False)
    _settle([load.upper[row.parent] for row in fresh if row.parent in load.upper], load.on)
    made = []
    for row, pk in zip(fresh, bulk.new_keys(Place, len(fresh)), strict=True):
        upper = load.upper[row.parent] if row.parent else top
        node = _Node(pk, upper.path + segment(upper.children_made), upper.pk or None, 0, upper.since, here=False)
        upper.children_made += 1
        load.nodes[row.code, row.level] = load.upper[row.code] = node
        made.append((row, node))
    bulk.insert(Place, _PLACE, (_place(row, node) for row, node in made))
    bulk.insert(Naming, _NAMING, _namings(made, change))
    _keep_counts([load.upper[row.parent] for row in fresh if row.parent])
    return [(node.pk, row.code) for row, node in made]


_PLACE = ("id", "ref", "code", "name", "level", "parent_id", "path", "since", "children_made")
_NAMING = ("place_id", "name", "code", "parent_id", "path", "change_id", "since", "recorded_at")


def _place(row: Division, node: _Node) -> tuple[Any, ...]:
    return (
        node.pk, new_ref(), row.code, row.name, str(row.level), node.parent, node.path, node.since, node.children_made,
    )  # fmt: skip


def _namings(made: Iterable[tuple[Division, _Node]], change: Change) -> Iterator[tuple[Any, ...]]:
    now = moment()
    for row, node in made:
        yield node.pk, row.name, row.code, node.parent, node.path, change.pk, node.since, now


def _settle(parents: Iterable[_Node], on: date) -> None:
    """New places stand under a parent that was here from the edition's day, or since the parent last moved."""
    nodes = {node.pk: node for node in parents if node.here}
    for node in nodes.values():
        if node.since != date.min:
            raise Refused(f"表里有新的区划属于已于 {node.since} 撤销的地方，请改用较新的区划表。")
    keys = list(nodes)
    for start in range(0, len(keys), CHUNK):
        rows = Naming.objects.open().filter(place__in=keys[start : start + CHUNK])
        for pk, since in rows.values_list("place_id", "since"):
            nodes[pk].since = max(since, on)


def _keep_counts(parents: Iterable[_Node]) -> None:
    """Remembers, of parents that were here before, which segments are used up."""
    here = {node.pk: Place(pk=node.pk, children_made=node.children_made) for node in parents if node.here}
    Place.objects.bulk_update(here.values(), ["children_made"], batch_size=CHUNK)


def _rename(load: _Load, change: Change) -> None:
    keys = list(load.wrong)
    for start in range(0, len(keys), CHUNK):
        rows = list(Naming.objects.filter(pk__in=keys[start : start + CHUNK]))
        said = succeed(
            rows, on=load.on, changes={row.pk: {"name": load.wrong[row.pk]} for row in rows}, change_id=change.pk
        )
        today = [Place(pk=row.place_id, name=row.name) for row in said if row.until is None]
        Place.objects.bulk_update(today, ["name"], batch_size=CHUNK)

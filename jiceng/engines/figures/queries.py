"""Questions about figures. One node, every node, its children, its splits, its course, and the records behind it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from jiceng.engines.packs import queries as packs
from jiceng.engines.packs.conditions import All, Condition
from jiceng.kernel.orgs.models import Organisation, Standing
from jiceng.lib.paths import SEGMENT

from . import catalogue, expression
from .expression import Rows, Text, statement
from .indicators import Indicator, Measure, Structure, Window, window
from .models import Reporting
from .sources import Columnar, Source, current
from .trees import Anything, Integers

EVERYTHING = All()


class Value(NamedTuple):
    """A figure: part of whole for a rate, else the part alone; `records` is how many rows the drill-down lists."""

    part: int
    whole: int | None
    records: int


class Record(NamedTuple):
    """One row behind a figure: the primary key of what opens it, whose it is, and its dates."""

    record: int
    organisation: int
    since: date
    until: date | None


class Child(NamedTuple):
    """What a child adds to its parent's figure. The parent's own rows have the parent's id; `is_own` says so."""

    organisation: int
    value: Value
    is_own: bool
    stands: bool
    """Whether it stands there on the figure's day; if not, it was moved or closed before."""


@dataclass(frozen=True, eq=False)
class EveryNode:
    """Figures of every organisation that existed on the day, in pre-order: arrays aligned with `organisations`."""

    organisations: Integers
    paths: Anything
    parts: dict[str, Integers]
    wholes: dict[str, Integers | None]

    def value(self, indicator: str, organisation: int) -> tuple[int, int | None]:
        """Part and whole of one organisation. Raises KeyError if it did not exist on the day."""
        found = np.flatnonzero(self.organisations == organisation)
        if not len(found):
            raise KeyError(organisation)
        whole = self.wholes[indicator]
        return int(self.parts[indicator][found[0]]), None if whole is None else int(whole[found[0]])


def indicators(place: str | None = None, on: date = date.max) -> tuple[Indicator, ...]:
    """The indicators in force at a place on a day, by key."""
    return packs.resolve(place, on).of(Indicator)


def indicator(key: str, place: str | None = None, on: date = date.max) -> Indicator | None:
    """The indicator of that key, if one is in force."""
    return packs.resolve(place, on).find(Indicator, key)


def source_for(*asked: Indicator) -> Source:
    """Where pages ask these indicators: the columnar file, or the database if the file lacks a fact."""
    return current(*(catalogue.fact(one.fact) for one in asked))


def value(
    asked: Indicator, node: int, *, on: date, structure: Structure | None = None, known_at: datetime | None = None,
    source: Source | None = None,
) -> Value:  # fmt: skip
    """One figure of one organisation and all below it."""
    return values([asked], node, on=on, structure=structure, known_at=known_at, source=source)[asked.key]


def values(
    asked: Sequence[Indicator], node: int, *, on: date, structure: Structure | None = None,
    known_at: datetime | None = None, source: Source | None = None,
) -> dict[str, Value]:  # fmt: skip
    """Many figures of one organisation: one query for each fact and period, none for what the file has kept."""
    source = source or source_for(*asked)
    found: dict[str, Value] = {}
    for one in asked:
        if known_at is None and (sums := _kept(source, one, on, structure or one.structure)):
            place = source.tree(structure or one.structure, None).place_of(node)
            found[one.key] = _value(one, [0 if place is None else int(numbers[place]) for numbers in sums])
    rest = [one for one in asked if one.key not in found]
    for together, rows in _questions(rest, on, structure, known_at):
        found |= _totals(source, together, _at(source, rows, node))
    return found


def _kept(source: Source, asked: Indicator, on: date, structure: Structure) -> list[Anything] | None:
    """The sums of every organisation, once a figure of one day has been asked of one file a second time.

    A file never changes, so nothing kept can be out of date; it goes when the file does.
    """
    if not isinstance(source, Columnar) or any(measure.function == "distinct" for measure in _numbers(asked)):
        return None
    key = (asked.key, asked.since, asked.filter.text, asked.whole and asked.whole.filter.text, on, structure)
    if key not in source.kept and key in source.asked:
        ((_, rows),) = _questions([asked], on, structure, None)
        source.keep(key, _folded(source, rows, _numbers(asked)))
    source.asked.add(key)
    return source.kept.get(key)


def _totals(source: Source, asked: Sequence[Indicator], rows: Rows) -> dict[str, Value]:
    numbers = list(source.rows(expression.totals(rows, [measure for one in asked for measure in _numbers(one)]))[0])
    found = {}
    for one in asked:
        wanted = len(_numbers(one))
        found[one.key] = _value(one, numbers[:wanted])
        del numbers[:wanted]
    return found


def every_node(
    asked: Sequence[Indicator], *, on: date, structure: Structure | None = None, known_at: datetime | None = None,
    source: Source | None = None,
) -> EveryNode:  # fmt: skip
    """Many figures of every organisation at once: one group by leaf for each fact and period, then prefix sums."""
    source = source or source_for(*asked)
    chosen: Structure = structure or (asked[0].structure if asked else "then")
    tree = source.tree(chosen, known_at)
    nodes, paths = tree.nodes_on(on)
    parts: dict[str, Integers] = {}
    wholes: dict[str, Integers | None] = {}
    for together, rows in _questions(asked, on, chosen, known_at):
        places = np.searchsorted(tree.names, nodes)
        folded = [sums[places] for sums in _folded(source, rows, list(_parts_and_wholes(together)))]
        for one in together:
            parts[one.key] = folded.pop(0)
            wholes[one.key] = folded.pop(0) if one.whole else None
    return EveryNode(nodes, paths, parts, wholes)


def _parts_and_wholes(asked: Iterable[Indicator]) -> Iterator[Measure]:
    for one in asked:
        yield from _numbers(one)[1:]


def _folded(source: Source, rows: Rows, measures: Sequence[Measure]) -> list[Integers]:
    """Of each measure its sums by owner: what adds up by prefix sums, what must be told apart by its own path."""
    tree = source.tree(rows.structure, rows.known_at)
    additive = [one for one in measures if one.function != "distinct"]
    columns: Iterator[Anything] = iter(())
    if additive:
        key, *numbers = source.columns(expression.by_leaf(rows, additive))
        leaves, columns = _leaves(source, rows, key), iter(numbers)
    found = []
    for measure in measures:
        if measure.function == "distinct":
            where, seen = source.columns(expression.distinct_by_leaf(rows, measure))
            found.append(tree.distinct_sums(_leaves(source, rows, where), seen))
        else:
            found.append(tree.owner_sums(tree.subtree_sums(leaves, np.asarray(next(columns), dtype=np.int64))))
    return found


def _leaves(source: Source, rows: Rows, key: Anything) -> Integers:
    tree = source.tree(rows.structure, rows.known_at)
    if expression.leaf(rows)[1] == "text":
        return tree.leaves_at(key)
    return tree.leaves_on(np.asarray(key, dtype=np.int64), rows.day)


def by_child(
    asked: Indicator, node: int, *, on: date, structure: Structure | None = None, known_at: datetime | None = None,
    source: Source | None = None,
) -> list[Child]:  # fmt: skip
    """The figure by child, in the order of the tree; with the node's own rows, the parts add up to its figure.

    A child that was moved or closed within the period is listed with what it did here. Distinct counts do not add up.
    """
    source = source or source_for(asked)
    ((_, rows),) = _questions([asked], on, structure, known_at)
    adding = _Adding(source, asked)
    standing: dict[int, bool] = {node: True}
    for path in node_paths(source, node, rows):
        below = _under(rows, (path,))
        owners = _children(source, below, path, on)
        standing |= {one: standing.get(one, False) or stands for one, stands in owners.values()}
        adding.take(below, len(path) + SEGMENT, {path: node, **{at: one for at, (one, _) in owners.items()}})
    listed = [one for one in standing if one in adding.found or (standing[one] and one != node)]
    return [Child(one, adding.value(one), one == node, standing[one]) for one in listed]


class _Adding:
    """Numbers by child over all the paths that a node has had; different values are told apart over all of them."""

    def __init__(self, source: Source, asked: Indicator) -> None:
        self.source, self.asked, self.measures = source, asked, _numbers(asked)
        self.found: dict[int, list[int]] = {}
        self.seen: dict[tuple[int, int], set[Any]] = {}

    def take(self, rows: Rows, length: int, owners: dict[str, int]) -> None:
        # A distinct measure is counted as rows here, and as different values below.
        additive = [
            Measure("count", None, one.condition) if one.function == "distinct" else one for one in self.measures
        ]
        for prefix, *numbers in self.source.rows(expression.by_prefix(rows, additive, length)):
            before = self.found.get(owners[prefix], [0] * len(numbers))
            self.found[owners[prefix]] = [a + b for a, b in zip(before, numbers, strict=True)]
        for place, measure in enumerate(self.measures):
            if measure.function == "distinct":
                for prefix, value in self.source.rows(expression.distinct_by_prefix(rows, measure, length)):
                    self.seen.setdefault((owners[prefix], place), set()).add(value)

    def value(self, owner: int) -> Value:
        numbers = self.found.get(owner, [0] * len(self.measures))
        told = [
            len(self.seen.get((owner, place), ())) if measure.function == "distinct" else numbers[place]
            for place, measure in enumerate(self.measures)
        ]
        return _value(self.asked, told)


def by_dimension(
    asked: Indicator, node: int, column: str, *, on: date, structure: Structure | None = None,
    known_at: datetime | None = None, source: Source | None = None,
) -> dict[str | int | None, Value]:  # fmt: skip
    """The figure by the values of a column, sorted by value; None is what was not filled in."""
    source = source or source_for(asked)
    ((_, rows),) = _questions([asked], on, structure, known_at)
    answer = source.rows(expression.by_column(_at(source, rows, node), _numbers(asked), column))
    split = {row[0]: _value(asked, row[1:]) for row in answer}
    return {
        key: split[key]
        for key in sorted(split, key=lambda key: (key is None, key))
        if split[key].records or split[key].whole
    }


def trend(
    asked: Indicator, node: int, days: Iterable[date], *, structure: Structure | None = None,
    known_at: datetime | None = None, source: Source | None = None,
) -> list[tuple[date, Value]]:  # fmt: skip
    """The figure on each of the days, each with the structure of its own day."""
    source = source or source_for(asked)
    paths: tuple[str, ...] | None = None
    found = []
    for day in days:
        ((_, rows),) = _questions([asked], day, structure, known_at)
        paths = node_paths(source, node, rows) if paths is None else paths
        found.append((day, _totals(source, [asked], _under(rows, paths))[asked.key]))
    return found


def records(
    asked: Indicator, node: int, *, on: date, whole: bool = False, after: tuple[int, int, date] | None = None,
    limit: int = 50, only: Condition = EVERYTHING, structure: Structure | None = None,
    known_at: datetime | None = None, source: Source | None = None,
) -> list[Record]:  # fmt: skip
    """A page of the rows behind the figure (or behind its whole), by the same filter; `only` is one slice of a split.

    `after` is the last row's (record, organisation, since).
    """
    source = source or source_for(asked)
    ((_, rows),) = _questions([asked], on, structure, known_at)
    measure = asked.whole_measure if whole and asked.whole_measure else asked.part_measure
    measure = replace(measure, condition=All((measure.condition, only)))
    page = expression.records(_at(source, rows, node), measure, after, limit)
    return [Record(*row) for row in source.rows(page)]


def same_day_last_year(day: date) -> date:
    """The same day a year before; 28 February for 29 February."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def month_ends(on: date, months: int) -> list[date]:
    """The last days of the months before, and the day itself: the points of a trend."""
    days = [on]
    first = on.replace(day=1)
    for _ in range(months):
        before = date.fromordinal(first.toordinal() - 1)
        days.append(before)
        first = before.replace(day=1)
    return days[::-1]


def node_paths(source: Source, node: int, rows: Rows) -> tuple[str, ...]:
    """The paths that the organisation has had, as believed; or the one it has today."""
    if rows.structure == "now":
        select = Text("SELECT path AS a FROM org WHERE organisation = ? AND living = 1", node)
    else:
        select = Text("SELECT DISTINCT s.path AS a FROM standing s WHERE s.organisation = ? AND ", node)
        select += expression.known("s", rows.known_at)
    query = statement(select, ["text"], structure=rows.structure, known_at=rows.known_at)
    return tuple(sorted(row[0] for row in source.rows(query)))


def _questions(
    asked: Sequence[Indicator], on: date, structure: Structure | None, known_at: datetime | None
) -> list[tuple[list[Indicator], Rows]]:
    """Indicators that one query can answer together: of one fact, of one period, in one structure."""

    def question(one: Indicator) -> tuple[str, Window, Structure]:
        return one.fact, window(one, on), structure or one.structure

    found = []
    for (fact, dates, chosen), together in groupby(sorted(asked, key=lambda one: repr(question(one))), key=question):
        found.append((list(together), Rows(catalogue.fact(fact), dates, chosen, known_at)))
    return found


def _at(source: Source, rows: Rows, node: int) -> Rows:
    return _under(rows, node_paths(source, node, rows))


def _under(rows: Rows, paths: tuple[str, ...]) -> Rows:
    return Rows(rows.fact, rows.window, rows.structure, rows.known_at, paths)


def _numbers(asked: Indicator) -> list[Measure]:
    """The count of the records, the part, and the whole of a rate."""
    count = Measure("count", None, asked.part_measure.condition)
    return [count, asked.part_measure, *([asked.whole_measure] if asked.whole_measure else [])]


def _value(asked: Indicator, numbers: Sequence[int]) -> Value:
    return Value(numbers[1], numbers[2] if asked.whole else None, numbers[0])


def _children(source: Source, rows: Rows, path: str, on: date) -> dict[str, tuple[int, bool]]:
    """Every child path of a path, ever: whose it is, and whether it stands there on the day; in order."""
    level = Text(f" WHERE length(p.path) = {len(path) + SEGMENT} AND ") + expression.under((path,))
    if rows.structure == "now":
        select = Text("SELECT p.path AS a, p.organisation AS b, 1 AS c FROM org p") + level + " AND p.living = 1"
    else:
        there = "p.began <= ? AND (p.ended IS NULL OR p.ended > ?) AND (p.until IS NULL OR p.until > ?)"
        select = Text(
            f"SELECT p.path AS a, p.organisation AS b, MAX(CASE WHEN {there} THEN 1 ELSE 0 END) AS c", on, on, on
        )
        select += Text(" FROM placed p") + level + " GROUP BY p.path, p.organisation"
    query = statement(
        select + " ORDER BY 1", ["text", "integer", "integer"], structure=rows.structure, known_at=rows.known_at
    )
    return {row[0]: (row[1], bool(row[2])) for row in source.rows(query)}


@dataclass(frozen=True)
class Told:
    """A figure as it was reported, beside today's answer to the same question."""

    reporting: Reporting
    today: Value

    @property
    def difference(self) -> int:
        """How much the part has changed since: late entries and corrections, never hidden."""
        return self.today.part - self.reporting.part

    @property
    def whole_difference(self) -> int:
        return (self.today.whole or 0) - (self.reporting.whole or 0)


def reportings(asked: Indicator, node: int, *, source: Source | None = None, limit: int = 12) -> list[Told]:
    """What the organisation reported of an indicator, newest first, each with what the same question answers today."""
    rows = Reporting.objects.filter(organisation=node, indicator=asked.key).order_by("-on", "-at")[:limit]
    return [Told(row, value(asked, node, on=row.on, structure=_structure(row), source=source)) for row in rows]


def _structure(row: Reporting) -> Structure:
    return "now" if row.structure == "now" else "then"


def stood(node: int, on: date, structure: Structure) -> bool:
    """Whether the organisation existed on the day; or, asked in today's structure, exists today."""
    if structure == "now":
        return Organisation.objects.filter(pk=node, closed_on=None).exists()
    return Standing.objects.on(on).filter(organisation=node).exists()

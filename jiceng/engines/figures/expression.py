"""The one expression: the SELECT text that every engine runs, with `?` for each parameter in order.

It asks three relations that a source provides under the same names: the fact's rows (`fact_<key>`), `standing`
(organisation, path, since, until, recorded_at, superseded_at) and `org` (organisation, path today, living). `placed`
is made of `standing` here: for each organisation an unbroken line of places in time, the first reaching back and the
last reaching on, so that no row is ever lost from a total because an organisation was entered late or closed early.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from jiceng.engines.packs.conditions import sql
from jiceng.lib.facts import Fact
from jiceng.lib.paths import AFTER_ALL

from .indicators import Measure, Structure, Window

type Parameter = str | int | date | datetime
type Type = Literal["integer", "text", "date", "any"]


@dataclass(frozen=True)
class Query:
    """A SELECT, the types of its columns, and what it asks of the source: a fact, and `placed` as believed when."""

    select: str
    parameters: tuple[Parameter, ...]
    types: tuple[Type, ...]
    fact: Fact | None = None
    asks_placed: bool = False
    known_at: datetime | None = None


@dataclass(frozen=True)
class Rows:
    """Which rows of a fact: their dates, what was believed, and under which paths of which structure (None = all)."""

    fact: Fact
    window: Window
    structure: Structure = "then"
    known_at: datetime | None = None
    under: tuple[str, ...] | None = None

    @property
    def day(self) -> date:
        return self.window.last


class Text:
    """Text and parameters, put together in the order in which they are read."""

    def __init__(self, text: str = "", *parameters: Parameter) -> None:
        self.text, self.parameters = text, parameters

    def __add__(self, other: "Text | str") -> "Text":
        more = other if isinstance(other, Text) else Text(other)
        return Text(self.text + more.text, *self.parameters, *more.parameters)


def joined(separator: str, parts: Iterable[Text]) -> Text:
    """The parts with the separator between them."""
    parts = list(parts)
    return Text(separator.join(part.text for part in parts), *(value for part in parts for value in part.parameters))


def relation(fact: Fact) -> str:
    """The name under which a source provides a fact."""
    return "fact_" + fact.key.replace("-", "_")


def known(alias: str, known_at: datetime | None) -> Text:
    """What was believed at a moment; now, if none is given."""
    if known_at is None:
        return Text(f"{alias}.superseded_at IS NULL")
    believed = f"{alias}.recorded_at <= ? AND ({alias}.superseded_at IS NULL OR {alias}.superseded_at > ?)"
    return Text(believed, known_at, known_at)


def placed(known_at: datetime | None) -> Text:
    """The unbroken line of places of every organisation; `began` and `ended` are what was really said."""
    by_time = "OVER (PARTITION BY s.organisation ORDER BY s.since)"
    head = Text(
        f"placed AS (SELECT s.organisation, s.path, CASE WHEN lag(s.since) {by_time} IS NULL THEN ? ELSE s.since END"
        f" AS since, lead(s.since) {by_time} AS until, s.since AS began, s.until AS ended FROM standing s WHERE ",
        date.min,
    )
    return head + known("s", known_at) + ")"


def statement(
    select: Text, types: Sequence[Type], *, fact: Fact | None = None, structure: Structure, known_at: datetime | None
) -> Query:
    """The query that a source can run."""
    asks_placed = structure == "then" and " placed " in select.text
    return Query(select.text, select.parameters, tuple(types), fact, asks_placed, known_at)


def within(window: Window) -> Text:
    """The rows' dates."""
    if window.first is None:
        return Text("f.since <= ? AND (f.until IS NULL OR f.until > ?)", window.last, window.last)
    column = "f.since" if window.event == "start" else "f.until"
    return Text(f"{column} >= ? AND {column} <= ?", window.first, window.last)


def place(window: Window, structure: Structure, alias: str = "p") -> Text:
    """JOIN with where each row stood: on the figure's day, or on the day of its event; today, if structure is now."""
    if structure == "now":
        return Text(f" JOIN org {alias} ON {alias}.organisation = f.organisation")
    start = f" JOIN placed {alias} ON {alias}.organisation = f.organisation"
    if window.first is None:
        return Text(
            f"{start} AND {alias}.since <= ? AND ({alias}.until IS NULL OR {alias}.until > ?)", window.last, window.last
        )
    if window.event == "start":
        return Text(f"{start} AND {alias}.since <= f.since AND ({alias}.until IS NULL OR {alias}.until > f.since)")
    # The last day on which the row held is the day before `until`.
    return Text(f"{start} AND {alias}.since < f.until AND ({alias}.until IS NULL OR {alias}.until >= f.until)")


def under(paths: Sequence[str], alias: str = "p") -> Text:
    """At one of the paths or below: literal ranges, as an index wants them."""
    if not paths:
        return Text("1 = 0")
    ranges = (Text(f"{alias}.path >= ? AND {alias}.path < ?", path, path + AFTER_ALL) for path in paths)
    return Text("(") + joined(" OR ", ranges) + ")"


def source(rows: Rows, *more: Text, with_place: bool = False) -> Text:
    """FROM … WHERE … of the rows: the same for a total, for its split, and for the list of its records."""
    found = Text(f" FROM {relation(rows.fact)} f")
    if with_place or rows.under is not None:
        found += place(rows.window, rows.structure)
    conditions = [within(rows.window), known("f", rows.known_at), *more]
    if rows.under is not None:
        conditions.append(under(rows.under))
    return found + " WHERE " + joined(" AND ", conditions)


def condition(measure: Measure, day: date) -> Text:
    """The measure's filter on a figure's day."""
    text, parameters = sql(measure.condition, day)
    return Text(f"({text})", *parameters)


def measured(measure: Measure, day: date) -> Text:
    """The measure as an aggregate over the rows that its filter lets through; whole numbers only."""
    only = Text(" FILTER (WHERE ") + condition(measure, day) + ")"
    match measure.function:
        case "count":
            return Text("COUNT(*)") + only
        case "distinct":
            return Text(f'COUNT(DISTINCT f."{measure.of}")') + only
        case "sum":
            return Text(f'CAST(COALESCE(SUM(f."{measure.of}")') + only + ", 0) AS BIGINT)"


def numbers(rows: Rows, measures: Sequence[Measure]) -> Text:
    """The measures, named n0, n1, …"""
    return joined(", ", (measured(one, rows.day) + f" AS n{place}" for place, one in enumerate(measures)))


def totals(rows: Rows, measures: Sequence[Measure]) -> Query:
    """One row: every measure over the rows."""
    select = Text("SELECT ") + numbers(rows, measures) + source(rows)
    return _of(rows, select, _integers(measures))


def by_leaf(rows: Rows, measures: Sequence[Measure]) -> Query:
    """Every measure by leaf: by organisation where one day decides where it stood, else by the path of the event."""
    key, typed, with_place = leaf(rows)
    select = (
        Text(f"SELECT {key} AS k, ")
        + numbers(rows, measures)
        + source(rows, with_place=with_place)
        + f" GROUP BY {key}"
    )
    return _of(rows, select, [typed, *_integers(measures)])


def leaf(rows: Rows) -> tuple[str, Type, bool]:
    """What names a leaf: its column, the column's type, and whether rows must be joined with their place for it."""
    if rows.structure == "then" and rows.window.first is not None:
        return "p.path", "text", True
    return "f.organisation", "integer", False


def distinct_by_leaf(rows: Rows, measure: Measure) -> Query:
    """Which different values of a column stand at which leaf."""
    key, typed, with_place = leaf(rows)
    only = [condition(measure, rows.day), Text(f'f."{measure.of}" IS NOT NULL')]
    select = Text(f'SELECT DISTINCT {key} AS k, f."{measure.of}" AS v') + source(rows, *only, with_place=with_place)
    return _of(rows, select, [typed, "any"])


def by_prefix(rows: Rows, measures: Sequence[Measure], length: int) -> Query:
    """Every additive measure by the first `length` characters of the path: a node's own rows, and each child's.

    Where one day decides where a row stood, organisations are added up before their paths are looked at.
    """
    if rows.window.first is not None and rows.structure == "then":
        head = Text(f"SELECT substr(p.path, 1, {length}) AS k, ") + numbers(rows, measures)
        return _of(rows, head + source(rows) + " GROUP BY 1", ["text", *_integers(measures)])
    there = Text("SELECT p.organisation FROM ") + _standing(rows) + " WHERE " + under(rows.under or ())
    inner = Text("SELECT f.organisation, ") + numbers(rows, measures)
    inner += Text(f" FROM {relation(rows.fact)} f WHERE f.organisation IN (") + there + ") AND "
    inner += joined(" AND ", [within(rows.window), known("f", rows.known_at)]) + " GROUP BY f.organisation"
    sums = ", ".join(f"CAST(SUM(g.n{place}) AS BIGINT) AS n{place}" for place, _ in enumerate(measures))
    select = Text(f"SELECT substr(p.path, 1, {length}) AS k, {sums} FROM (") + inner + ") g JOIN ("
    select += Text("SELECT p.organisation, p.path FROM ") + _standing(rows)
    select += ") p ON p.organisation = g.organisation GROUP BY 1"
    return _of(rows, select, ["text", *_integers(measures)])


def _standing(rows: Rows) -> Text:
    """The one place of each organisation on the figure's day, or today."""
    if rows.structure == "now":
        return Text("(SELECT o.organisation, o.path FROM org o) p")
    line = "(SELECT o.organisation, o.path FROM placed o WHERE o.since <= ? AND (o.until IS NULL OR o.until > ?)) p"
    return Text(line, rows.day, rows.day)


def distinct_by_prefix(rows: Rows, measure: Measure, length: int) -> Query:
    """Which different values of a column stand under each prefix."""
    only = [condition(measure, rows.day), Text(f'f."{measure.of}" IS NOT NULL')]
    select = Text(f'SELECT DISTINCT substr(p.path, 1, {length}) AS k, f."{measure.of}" AS v') + source(rows, *only)
    return _of(rows, select, ["text", "any"])


def by_column(rows: Rows, measures: Sequence[Measure], column: str) -> Query:
    """Every measure by the values of a column; NULL is a value."""
    select = Text(f'SELECT f."{column}" AS k, ') + numbers(rows, measures) + source(rows) + f' GROUP BY f."{column}"'
    return _of(rows, select, ["any", *_integers(measures)])


def records(rows: Rows, measure: Measure, after: tuple[int, int, date] | None, limit: int) -> Query:
    """A page of the rows behind a measure: the same filter, in order of record."""
    more = [condition(measure, rows.day)]
    if after is not None:
        more.append(Text("(f.record, f.organisation, f.since) > (?, ?, ?)", *after))
    order = f" ORDER BY f.record, f.organisation, f.since LIMIT {limit}"
    select = Text("SELECT f.record, f.organisation, f.since, f.until") + source(rows, *more) + order
    return _of(rows, select, ["integer", "integer", "date", "date"])


def _integers(measures: Sequence[Measure]) -> list[Type]:
    return ["integer" for _ in measures]


def _of(rows: Rows, select: Text, types: Sequence[Type]) -> Query:
    return statement(select, types, fact=rows.fact, structure=rows.structure, known_at=rows.known_at)

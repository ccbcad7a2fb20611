"""Compares what the account reported with what the records give, counted twice: by the engine and by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from jiceng.engines.figures import catalogue, queries
from jiceng.engines.figures.indicators import Indicator, Measure, Window, window
from jiceng.engines.packs.conditions.meaning import holds
from jiceng.kernel.orgs.models import Standing

from .scenario import Scenario, Wanted


@dataclass(frozen=True)
class Line:
    """One figure of the account: what was reported, what came out, and whether that will do."""

    row: str
    name: str
    reported: float
    computed: float
    part: int
    whole: int | None
    by_hand: tuple[int, int | None]
    ok: bool

    def __str__(self) -> str:
        base = f"（{self.part:,}/{self.whole:,}）" if self.whole is not None else ""
        ok = "ok" if self.ok else "不符"
        return f"{self.row} | {self.name} | {self.reported:g} | {self.computed:g}{base} | {ok}"


def lines(scenario: Scenario, top: int) -> Iterator[Line]:
    """Each figure of the account, in the order of the file. Raises LookupError for an indicator that no pack has."""
    for wanted in scenario.figure:
        on = wanted.on or scenario.asks
        indicator = queries.indicator(wanted.indicator, scenario.places)
        if indicator is None:
            raise LookupError(f"没有指标“{wanted.indicator}”。")
        value = queries.value(indicator, top, on=on)
        hand = by_hand(indicator, top, on)
        computed = _shown(wanted, value.part, value.whole)
        ok = _holds(wanted, computed) and hand == (value.part, value.whole)
        yield Line(
            wanted.row, wanted.name, wanted.reported, float(round(computed, 4)), value.part, value.whole, hand, ok
        )


def _shown(wanted: Wanted, part: int, whole: int | None) -> Fraction:
    if wanted.unit == "number":
        return Fraction(part)
    return Fraction(part * 100, whole) if whole else Fraction(0)


def _holds(wanted: Wanted, computed: Fraction) -> bool:
    reported = Fraction(str(wanted.reported))
    match wanted.how:
        case "exact":
            return computed == reported
        case "at-least":
            return computed >= reported
        case "rounded":
            return abs(computed - reported) <= Fraction(str(wanted.within))


def by_hand(indicator: Indicator, top: int, on: date) -> tuple[int, int | None]:
    """The figure as a clerk would count it: every row in turn, climbing from parent to parent to see whose it is."""
    asked = window(indicator, on)
    rows = [row for row in catalogue.fact(indicator.fact).rows() if row["superseded_at"] is None and _falls(row, asked)]
    below = _below(top, rows, asked)
    counted = [row for row in rows if row["organisation"] in below(row)]
    whole = indicator.whole_measure
    return _count(indicator.part_measure, counted, on), None if whole is None else _count(whole, counted, on)


def _falls(row: dict[str, Any], asked: Window) -> bool:
    if asked.first is None:
        return row["since"] <= asked.last and (row["until"] is None or row["until"] > asked.last)
    day = row["since"] if asked.event == "start" else row["until"]
    return day is not None and asked.first <= day <= asked.last


def _below(top: int, rows: list[dict[str, Any]], asked: Window) -> Any:
    """For each row, the organisations that stood below the top on the row's own day."""
    trees: dict[date, set[int]] = {}

    def below(row: dict[str, Any]) -> set[int]:
        day = asked.last if asked.first is None else row["since" if asked.event == "start" else "until"]
        if day not in trees:
            trees[day] = _standing_below(top, day)
        return trees[day]

    return below


def _standing_below(top: int, day: date) -> set[int]:
    parents = dict(Standing.objects.on(day).values_list("organisation", "parent"))
    verdicts: dict[int, bool] = {top: True}

    def climbs(one: int | None) -> bool:
        if one is None or one not in parents:
            return one == top
        if one not in verdicts:
            verdicts[one] = climbs(parents[one])
        return verdicts[one]

    return {one for one in parents if climbs(one)}


def _count(measure: Measure, rows: list[dict[str, Any]], on: date) -> int:
    chosen = [row for row in rows if holds(measure.condition, row, on)]
    if measure.function == "count" or measure.of is None:
        return len(chosen)
    values = [row[measure.of] for row in chosen if row[measure.of] is not None]
    return sum(values) if measure.function == "sum" else len(set(values))

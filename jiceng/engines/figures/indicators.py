"""Indicators: what is counted, declared in packs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from jiceng.engines.packs.conditions import All, Condition, faults, said
from jiceng.engines.packs.declarations import ColumnKey, Declaration, FilterText, Part, Sentence, declares
from jiceng.lib.facts import Column, Fact

from . import catalogue

type Structure = Literal["then", "now"]
type Function = Literal["count", "sum", "distinct"]
type Period = Literal["day", "month", "quarter", "year", "ever"]

_PERIODS = {"month": "当月", "quarter": "当季", "year": "当年", "ever": "历年"}


class Whole(Part):
    """What a rate is a part of: its own filter, and its own measure where that differs."""

    filter: FilterText
    measure: Function | None = None
    of: ColumnKey | None = None


@declares("indicator", "指标")
class Indicator(Declaration):
    """指标：从哪类记录、按什么条件、数什么。有 whole 的是比率：分子总在分母之内，逐级相加，从不平均。

    `period = "day"` counts what holds on the day; any other counts what began (or with `event = "end"`, ended)
    from the first day of that month, quarter or year up to and including the day.
    """

    kind: Literal["indicator"]
    fact: str
    filter: FilterText
    measure: Function = "count"
    of: ColumnKey | None = None
    whole: Whole | None = None
    period: Period = "day"
    event: Literal["start", "end"] = "start"
    structure: Structure = "then"
    unit: Sentence = "条"
    by: tuple[ColumnKey, ...] = ()

    def faults(self) -> Iterator[tuple[str, str]]:
        try:
            fact = catalogue.fact(self.fact)
        except KeyError:
            yield "fact", f"没有“{self.fact}”这类记录；有：{'、'.join(one.key for one in catalogue.facts())}。"
            return
        columns = columns_of(fact)
        yield from (("filter", why) for why in faults(self.filter.condition, columns))
        yield from _measure_faults(fact, "", self.measure, self.of)
        if self.whole:
            yield from (("whole.filter", why) for why in faults(self.whole.filter.condition, columns))
            yield from _measure_faults(fact, "whole.", self.whole.measure or self.measure, self.whole.of or self.of)
        may_split = [column.key for column in fact.columns if column.kind in ("code", "flag", "integer")]
        yield from (
            ("by", f"不能按“{key}”分；能分的有：{'、'.join(may_split)}。") for key in self.by if key not in may_split
        )

    @property
    def part_measure(self) -> "Measure":
        """What is counted; of a rate, the upper number."""
        conditions = [self.whole.filter.condition] if self.whole else []
        return Measure(self.measure, self.of, _both(*conditions, self.filter.condition))

    @property
    def whole_measure(self) -> "Measure | None":
        """Of a rate, the lower number."""
        if self.whole is None:
            return None
        function = self.whole.measure or self.measure
        return Measure(
            function, (self.whole.of or self.of) if function != "count" else None, self.whole.filter.condition
        )


@dataclass(frozen=True)
class Measure:
    """One number of a figure: how rows are counted, and which."""

    function: Function
    of: str | None
    condition: Condition


@dataclass(frozen=True)
class Window:
    """Which rows a figure asks for by their dates: what holds on `last`, or what began or ended from `first` to it."""

    last: date
    first: date | None = None
    event: Literal["start", "end"] = "start"


def window(indicator: Indicator, on: date) -> Window:
    """The dates that the indicator means on a day."""
    if indicator.period == "day":
        return Window(on)
    return Window(on, first_day(indicator.period, on), indicator.event)


def first_day(period: Period, on: date) -> date:
    """The first day of the month, quarter or year that the day is in."""
    match period:
        case "month":
            return on.replace(day=1)
        case "quarter":
            return on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return on.replace(month=1, day=1)
        case _:
            return date.min


def columns_of(fact: Fact) -> dict[str, Column]:
    """What filters of a fact may ask about: its columns, and since when and until when."""
    own = {column.key: column for column in fact.columns}
    return {"since": Column("since", "起", "date"), "until": Column("until", "止", "date"), **own}


def formula(indicator: Indicator) -> str:
    """How the figure is made, in one sentence, from the declaration itself."""
    fact = catalogue.fact(indicator.fact)
    when = "截止日当天的" if indicator.period == "day" else f"{_PERIODS[indicator.period]}{_EVENTS[indicator.event]}"
    part = _measured(fact, indicator.part_measure)
    whole = indicator.whole_measure
    said_part = f"{when}“{fact.name}”：{part}"
    return f"{said_part}；除以：{_measured(fact, whole)}" if whole else said_part


_EVENTS = {"start": "新增的", "end": "结束的"}


def _measured(fact: Fact, measure: Measure) -> str:
    columns = columns_of(fact)
    of = columns[measure.of].name if measure.of else ""
    words = {"count": "条数", "sum": f"{of}合计", "distinct": f"不重复的{of}数"}
    return f"{said(measure.condition, columns)}的{words[measure.function]}"


def _both(*conditions: Condition) -> Condition:
    parts = tuple(one for one in conditions if one != All())
    return parts[0] if len(parts) == 1 else All(parts)


def _measure_faults(fact: Fact, where: str, function: str, of: str | None) -> Iterator[tuple[str, str]]:
    column = next((one for one in fact.columns if one.key == of), None)
    if function == "count" and of is not None and not where:
        yield f"{where}of", "数条数时不写 of。"
    elif function != "count" and column is None:
        yield f"{where}of", f"要写明数哪一项；有：{'、'.join(one.key for one in fact.columns)}。"
    elif function == "sum" and column is not None and column.kind not in ("integer", "money", "flag"):
        yield f"{where}of", f"“{column.name}”不是数，不能相加。"


def day_before(day: date) -> date:
    """The day before, for balances that open on the last day of a period."""
    return day - timedelta(days=1)

"""The plain values that pages hand to parts.

Parts read attributes by name, so a model row with the same names will do too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from jiceng.ui.words import percent, rate

type StateKind = Literal["done", "doing", "wait", "late", "draft", "stopped", "sealed", "info"]


@dataclass(frozen=True)
class MenuItem:
    """One entry of the left menu or the bottom bar.

    `key` is the letter that goes there after `g`; `waiting` is a count shown beside it.
    """

    label: str
    url: str
    icon: str = ""
    current: bool = False
    key: str = ""
    waiting: int = 0


@dataclass(frozen=True)
class MenuGroup:
    """Entries of one area of work, under its name."""

    label: str
    items: Sequence[MenuItem]


@dataclass(frozen=True)
class Scope:
    """The organisation one stands on, and the page where another is chosen."""

    label: str
    url: str
    kind: str = ""


@dataclass(frozen=True)
class Link:
    """A crumb, a tab or any other named link; with `count`, how many are behind it."""

    label: str
    url: str = ""
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Event:
    """One line of a timeline. `late` says by how much it was late, in words, and is empty when it was not."""

    what: str
    who: str
    at: date | datetime
    late: str = ""
    detail: str = ""
    url: str = ""
    kind: StateKind = "info"


@dataclass(frozen=True)
class Step:
    """One step of a procedure picture. `note` says who and when, or what it waits for; `drawn` is one of a procedure
    that nobody runs, of which there is nothing to say yet."""

    label: str
    state: Literal["done", "current", "late", "coming", "skipped", "drawn"] = "coming"
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a table; `sort_url` makes its head a link, `sorted` says how it is sorted now.

    The column of `row_check` boxes says `choose`; one without a visible head, such as acts, `hidden_label`.
    """

    label: str
    number: bool = False
    sort_url: str = ""
    sorted: Literal["", "ascending", "descending"] = ""
    hidden_label: bool = False
    choose: bool = False


@dataclass(frozen=True)
class Page:
    """Where a keyset page stands in its list. `count` is said, capped where counting stopped."""

    count: str = ""
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True)
class Bar:
    """One child of a figure. Bars stand in the order they are given: that of the tree, never by size."""

    label: str
    part: int
    whole: int
    url: str = ""

    @property
    def said(self) -> str:
        return percent(self.part, self.whole)


@dataclass(frozen=True)
class Area:
    """One shape of a map, as SVG draws it, and what it says. Levels go up from 1; at 0 nothing is known."""

    label: str
    said: str
    level: int
    path: str
    x: float
    y: float
    has_room: bool = True
    url: str = ""


@dataclass(frozen=True)
class Map:
    """Places coloured by level, always with the table that says the same. `levels` are the words of 0, 1 and so on."""

    title: str
    width: float
    height: float
    areas: Sequence[Area]
    levels: Sequence[str]
    note: str = ""

    @property
    def by_level(self) -> list[tuple[int, str, list[Area]]]:
        """Every level that somebody is on, in words, and who is, in the order given."""
        found = [(at, said, [one for one in self.areas if one.level == at]) for at, said in enumerate(self.levels)]
        return [row for row in found if row[2]]


@dataclass(frozen=True)
class Figure:
    """A number with all that makes it a figure. With a whole it is a rate; without, a count with a unit."""

    label: str
    part: int
    on: date
    whole: int | None = None
    unit: str = ""
    url: str = ""
    records: int | None = None
    trend: Sequence[int | None] = ()
    trend_said: str = ""
    basis: str = ""
    change: str = ""

    @property
    def rate(self) -> str:
        return rate(self.part, self.whole or 0)


@dataclass(frozen=True)
class Node:
    """A row of a tree. `children` are drawn below it when open; `toggle_url` opens or closes it."""

    label: str
    url: str
    kind: str = ""
    count: str = ""
    current: bool = False
    open: bool = False
    toggle_url: str = ""
    children: Sequence["Node"] = ()


@dataclass(frozen=True)
class Answer:
    """One line of a check-answers page."""

    question: str
    answer: str
    change_url: str = ""


@dataclass(frozen=True)
class Wait:
    """One thing that waits for somebody: what, where, until when, and one button."""

    what: str
    url: str
    act: str
    due: date | None = None
    where: str = ""
    working_days: int | None = None


@dataclass(frozen=True)
class Series:
    """One line or set of columns of a chart; None where nothing is known."""

    name: str
    values: Sequence[int | None]


@dataclass(frozen=True)
class Chart:
    """A picture over time or over children, always with its table. Values are whole numbers of `unit`."""

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str
    on: date
    kind: Literal["line", "bar"] = "line"
    links: Sequence[str] = field(default=())

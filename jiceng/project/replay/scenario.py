"""The words of a scenario file, typed and closed: a word that is not here is an error, with its place in the file."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

type Weights = dict[str, int]
"""A value and how often it comes, as whole numbers."""


class Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Top(Words):
    """The organisation at the top of the tree."""

    code: str
    name: str
    kind: str = "committee"


class Layer(Words):
    """Organisations of one sort under those of other layers: one for each place of a level, or so many in all.

    `fill` is the number of living organisations that the whole tree must reach; the layer makes up the difference.
    `closes` says how many of them are dissolved again, and on which day: they must not be counted any more.
    """

    key: str
    under: tuple[str, ...] = ("top",)
    each: str = ""
    count: int = 0
    fill: int = 0
    kind: str
    form: str = "standard"
    name: str
    on: date | None = None
    mission: str = ""
    ends_on: date | None = None
    closes: int = 0
    closes_on: date | None = None


class Members(Words):
    """How many members are in which layers, and what they are like."""

    layers: tuple[str, ...]
    total: int
    at_least: int = 3
    on: date | None = None
    kinds: Weights = {"full": 95, "probationary": 5}
    sexes: Weights = {"1": 70, "2": 30}
    ages: Weights = {"20-30": 12, "31-45": 26, "46-60": 32, "61-85": 30}
    education: Weights = {"21": 20, "31": 22, "41": 8, "61": 20, "71": 24, "81": 6}
    occupations: Weights = {"02": 34, "03": 12, "04": 10, "05": 12, "07": 12, "08": 20}
    stations: Weights = {"in-post": 55, "without-post": 45}
    """Of those under sixty; the others are retired."""
    hardship: int = 20
    """One member in so many lives in hardship."""
    skilled: int = 15
    """One member in so many is a skilled producer."""


class Cover(Words):
    """From a day on, units of the group (all, or so many) are covered in a form by organisations of a layer."""

    on: date
    form: Literal["single", "joint", "instructor"]
    layer: str = ""
    count: int | None = None
    skip: int = 0


class Units(Words):
    """Units of one sort; `members` of each are members of the tree who work there."""

    key: str
    count: int
    kind: str
    grade: str = ""
    name: str
    under: tuple[str, ...]
    staff: tuple[int, int] = (5, 60)
    premises: bool = True
    activity: str = "running"
    members: int = 0
    since: date | None = None
    cover: tuple[Cover, ...] = ()


class Posts(Words):
    """Posts of one function: `count` of them, or one at each organisation of the layers; holders are members there."""

    layers: tuple[str, ...]
    role: str
    title: str = ""
    source: str = "appointed"
    count: int | None = None
    on: date | None = None
    until: date | None = None
    also: tuple[str, ...] = ()
    """Functions that the same person holds at the same organisation."""


class Floating(Words):
    """Members of some layers who float to organisations of another, or somewhere unorganised."""

    count: int
    layers: tuple[str, ...]
    to: str = ""
    where: str = "外地"
    on: date
    home_on: date | None = None


class Loans(Words):
    """Members lent to temporary organisations; they stay counted at home."""

    count: int
    layers: tuple[str, ...]
    to: str
    on: date


class Bodies(Words):
    """Joint bodies, one for each organisation of a layer, with units of a group paired to them in turn."""

    layer: str
    kind: str
    name: str
    on: date
    units: str = ""
    count: int | None = None


class Pairs(Words):
    """Each unit of a group paired with organisations of a layer in turn."""

    units: str
    layer: str
    purpose: str
    on: date
    ends_on: date | None = None
    count: int | None = None


class Terms(Words):
    """The term that each organisation of the layers is in; the ends lie evenly over `spread` days."""

    layers: tuple[str, ...]
    on: date
    ends_on: date
    spread: int = Field(default=0, ge=0)


class Awards(Words):
    """A title given on one day to the first `count` organisations of the layers, or to so many of their members."""

    layers: tuple[str, ...]
    category: str
    honour: str
    level: str
    count: int
    on: date


class Deeds(Words):
    """One thing that was done to each of the cases of a block after they came in."""

    act: Literal["reply", "paper", "round", "done"]
    on: date
    key: str = ""
    said: dict[str, str | int] = {}
    reason: str = ""


class Cases(Words):
    """Cases of a procedure, at so many organisations of the layers in turn: entered at a step, and what followed."""

    layers: tuple[str, ...]
    procedure: str
    title: str
    count: int
    skip: int = 0
    step: str
    on: date
    done: dict[str, date] = {}
    said: dict[str, str | int] = {}
    deeds: tuple[Deeds, ...] = ()


class Deliberations(Words):
    """Meetings of villagers' representatives in so many villages of the layers, and the matters that they decided.

    `amount` is what all the matters come to, in fen; meetings lie evenly from `on` to `last`.
    """

    layers: tuple[str, ...]
    villages: int
    runs: int
    matters: int
    amount: int
    on: date
    last: date
    representatives: int = 30


class Event(Words):
    """Something done to `count` organisations of a layer on a day, passing over the first `skip`."""

    act: Literal["upgrade", "rename", "dissolve", "reparent", "merge"]
    layer: str
    count: int
    skip: int = 0
    on: date
    reason: str
    kind: str = ""
    to: str = ""
    name: str = ""


class Wanted(Words):
    """One figure of the account, and the indicator that must give it. `whole` and `percent` are for rates."""

    row: str
    name: str
    indicator: str
    on: date | None = None
    reported: float
    how: Literal["exact", "at-least", "rounded"] = "exact"
    within: float = 0.05
    unit: Literal["number", "percent"] = "number"


class Scenario(Words):
    """One place's account, replayed."""

    kind: Literal["scenario"]
    key: str
    name: str
    basis: str
    since: date
    seed: int
    opens: date
    """The first day that is recorded."""
    asks: date
    """The day on which the account counts."""
    places: str
    """The pack whose places the tree stands on."""
    place: str
    """The code of the place at the top."""
    top: Top
    layer: tuple[Layer, ...]
    members: tuple[Members, ...] = ()
    units: tuple[Units, ...] = ()
    posts: tuple[Posts, ...] = ()
    terms: tuple[Terms, ...] = ()
    floating: tuple[Floating, ...] = ()
    loans: tuple[Loans, ...] = ()
    bodies: tuple[Bodies, ...] = ()
    pairs: tuple[Pairs, ...] = ()
    awards: tuple[Awards, ...] = ()
    cases: tuple[Cases, ...] = ()
    deliberations: tuple[Deliberations, ...] = ()
    event: tuple[Event, ...] = ()
    figure: tuple[Wanted, ...] = Field(min_length=1)


def read(file: Path) -> Scenario:
    """The scenario of a file. Raises pydantic's ValidationError or tomllib's TOMLDecodeError with the place."""
    said: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return Scenario.model_validate(said)

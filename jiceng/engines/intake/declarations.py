"""What a sheet is: its columns, who may bring it in, and what is done with its rows. Areas fill these in."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from django.utils import timezone

from jiceng.kernel.access import Actor, Rule
from jiceng.kernel.orgs.models import Organisation


class Kind(StrEnum):
    """What stands in the cells of a column, and so what value a row gets. An empty cell is None."""

    TEXT = "text"  # str
    CODE = "code"  # str: a code of `codes`; the cell may hold the code or its label
    REFERENCE = "reference"  # str: a code of something in the store; `Scope.found` gives what `find` found
    DATE = "date"  # date
    MONTH = "month"  # PartialDate: a day, or a month where the day is not known
    RESIDENT_ID = "resident-id"  # str: 18 characters, checked
    NUMBER = "number"  # str: another long number, checked only for what a spreadsheet does to long numbers
    CREDIT_CODE = "credit-code"  # str: 18 characters, checked
    PHONE = "phone"  # str
    INTEGER = "integer"  # int
    MONEY = "money"  # int: fen; the cell holds yuan
    FLAG = "flag"  # bool: 是 or 否


class PartialDate(NamedTuple):
    """A day, or the first of a month of which no day is known."""

    day: date
    to: Literal["day", "month"] = "day"


type Value = str | int | date | PartialDate | bool | None


@dataclass
class Scope:
    """In whose name, under which organisation and when a sheet is worked on; lives as long as one check or apply."""

    organisation: Organisation
    by: Actor
    at: datetime
    batch: int = 0
    columns: frozenset[str] = frozenset()
    """Keys of the columns that the file has; a column that it lacks changes nothing in the store."""
    known: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    foreseen: dict[int, str] = field(default_factory=dict, repr=False)
    """What `whole` says that rows will come to, by number; under 0 the whole file. Only a preview shows it."""

    @property
    def today(self) -> date:
        """The day on which it is done, where people live."""
        return timezone.localtime(self.at).date()

    def found(self, column: str, code: str | None) -> Any:
        """What the `find` of a REFERENCE column found for a code; None for no code or for another row of the file."""
        return self.known.get(column, {}).get(code or "")


@dataclass(frozen=True)
class Column:
    """One column of a sheet. `change` says what a difference from the store means: a change from some day on (dated),
    a correction, or a fault. A `sealed` column holds personal numbers: masked in lists, encrypted where staged."""

    key: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    change: Literal["dated", "correctable", "fixed"] = "dated"
    help: str = ""
    example: str = ""
    also: tuple[str, ...] = ()  # other labels by which the column is known
    codes: tuple[tuple[str, str], ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()  # other words for a code: ("汉", "01")
    standard: str = ""
    longest: int = 120
    least: int | None = 0
    future: bool = False
    sealed: bool = False
    find: Callable[[Scope, Collection[str]], Mapping[str, Any]] | None = None
    own: str = ""  # a REFERENCE may also name a row of the same file, by this column
    unknown: str = "没有这个代码，或它不在您办理的范围之内。"

    def __post_init__(self) -> None:
        if self.kind is Kind.CODE and not self.codes:
            raise ValueError(f"column {self.key} has no codes")
        if len({label for _, label in self.codes}) < len(self.codes):
            raise ValueError(f"two codes of column {self.key} have one label")
        if self.kind is Kind.REFERENCE and self.find is None:
            raise ValueError(f"column {self.key} has no find")


@dataclass(slots=True)
class Row:
    """One row of the file: its number there, and its values by column key. Columns that the file lacks are None."""

    number: int
    said: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.said.get(key)


class Fault(NamedTuple):
    """Something wrong with a row: in which column (empty: the whole row), what, and what to do about it."""

    row: int
    column: str
    wrong: str
    remedy: str = ""
    value: str = ""


class Stored(NamedTuple):
    """What the store holds under one identity: the record's id, and its values by column key. A key left out is not
    compared (sealed numbers); REFERENCE values are codes."""

    subject: int
    said: Mapping[str, Any]


type Outcome = Literal["add", "change", "unchanged"]


@dataclass(slots=True)
class Staged:
    """A row found right: what it will do. Empty cells and missing columns of a change hold what the store holds."""

    row: Row
    outcome: Outcome
    subject: int | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)


WHO = "#person"
"""Where a row of an export that tells of people keeps the id of its person; it is no column and is not written."""


class Applied(NamedTuple):
    """What an apply or an undo did: how many records, and the digest of their opaque ids (`access.bulk_root`)."""

    rows: int
    root: str


def by_identity(scope: Scope, row: Row, columns: Sequence[str]) -> Hashable | None:
    """The values of the identity columns: the value itself where it is one; None where one is missing."""
    values = tuple(row.said.get(key) for key in columns)
    if None in values:
        return None
    return values[0] if len(values) == 1 else values


def _nothing(scope: Scope, rows: Sequence[Row]) -> Iterable[Fault]:
    return ()


@dataclass(frozen=True)
class Sheet:
    """A list that can be brought in, changed and exported as a spreadsheet.

    `identity` are the columns that tell of which record a row speaks; `identify` gives it another way (a digest).
    `read` gives what the store holds under some identities, in one query a chunk. `check` finds what the columns do
    not say, a chunk at a time: it gets rows whose required cells are right. `whole` looks at all rows of a faultless
    file together. `apply` stores them through the area's set-wise verbs, given every staged row in order; `undo`
    takes them back or raises Refused with the list. A sheet with `stage` keeps its own rows, a chunk at a time;
    then `apply` and `undo` get no rows, `apply` must notice by itself what changed since, and `discard` drops them.
    `export` gives the rows of an organisation and below and `count` says how many; `see` says who may have them. An
    export that tells of people names them in `people`, and each row in WHO: they read who took it, and what for.
    `shown` are the columns of previews (otherwise the first six that are not sealed).
    """

    key: str
    name: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...]
    rule: Rule
    apply: Callable[[Scope, Sequence[Staged]], Applied]
    undo: Callable[[Scope, Sequence[Staged]], Applied] | None = None
    read: Callable[[Scope, Sequence[Hashable]], Mapping[Hashable, Stored]] | None = None
    identify: Callable[[Scope, Row], Hashable | None] | None = None
    check: Callable[[Scope, Sequence[Row]], Iterable[Fault]] = _nothing
    whole: Callable[[Scope, Sequence[Row]], Iterable[Fault]] = _nothing
    stage: Callable[[Scope, Sequence[Staged]], None] | None = None
    discard: Callable[[Scope], None] | None = None
    export: Callable[[Scope], Iterable[Mapping[str, Any]]] | None = None
    count: Callable[[Scope], int] | None = None
    people: Callable[[Scope], Iterable[int]] | None = None
    see: Rule | None = None
    shown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        labels = [label for column in self.columns for label in (column.label, *column.also)]
        if len(set(keys)) < len(keys) or len(set(labels)) < len(labels):
            raise ValueError(f"two columns of {self.key} have one key or label")
        strangers = {*self.identity, *self.shown, *(column.own for column in self.columns if column.own)} - set(keys)
        if strangers:
            raise ValueError(f"{self.key} has no columns {', '.join(sorted(strangers))}")
        if self.export and not (self.count and self.see):
            raise ValueError(f"the export of {self.key} does not say how long it is, or who may have it")
        if self.export and self.people is None and any(column.sealed for column in self.columns):
            raise ValueError(f"the export of {self.key} does not say of whom it tells")

    def column(self, key: str) -> Column:
        """The column of that key. Raises KeyError."""
        return next(column for column in self.columns if column.key == key)

    def key_of(self, scope: Scope, row: Row) -> Hashable | None:
        """Of which record the row speaks; None where it does not say."""
        return self.identify(scope, row) if self.identify else by_identity(scope, row, self.identity)

    @property
    def preview(self) -> list[Column]:
        """The columns of previews."""
        open_ones = [column for column in self.columns if not column.sealed]
        return [self.column(key) for key in self.shown] or open_ones[:6]

    @property
    def labels(self) -> dict[str, str]:
        """Every label by which a column is known, and the column's key."""
        return {label: column.key for column in self.columns for label in (column.label, *column.also)}

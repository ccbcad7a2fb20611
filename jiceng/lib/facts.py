"""What an area offers for counting."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

type ColumnKind = Literal["code", "integer", "date", "flag", "money"]


@dataclass(frozen=True)
class Column:
    """One thing that rows of a fact can be filtered or split by. Money is in fen; a flag is 0 or 1; a code is text."""

    key: str
    name: str
    kind: ColumnKind
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Fact:
    """Rows that may be counted. `rows()` gives a QuerySet of `.values()` that yields exactly, by name:

    `record` (primary key of the row opened in a drill-down), `organisation` (id of the answering organisation),
    `since`, `until` (dates, exclusive end, NULL = still), `recorded_at`, `superseded_at` (the store's clock,
    NULL = still believed), and one value per declared column. `distinct` names the column to count once
    where the grain is finer than what is counted. `opens` is the url name of the page of one record (by its `ref`).
    `called(records, actor)` says what people call each of the records that this actor may see.
    """

    key: str
    name: str
    grain: str
    rows: Callable[[], Any]
    columns: tuple[Column, ...]
    distinct: str | None = None
    opens: str | None = None
    called: Callable[[Collection[int], Any], Mapping[int, str]] | None = None

    def column(self, key: str) -> Column:
        """The column of that key. Raises KeyError with the keys there are."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(f"{self.key} has no column {key}; it has {', '.join(c.key for c in self.columns)}")

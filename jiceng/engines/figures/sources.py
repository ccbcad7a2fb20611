"""Where figures are asked: the live database, or the columnar file. Both run the same text."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import duckdb
import numpy as np
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from jiceng.kernel.journal.clock import store_now
from jiceng.kernel.orgs.models import Organisation, Standing
from jiceng.lib.facts import Column, Fact

from .expression import Parameter, Query, Text, Type, placed, relation, statement
from .indicators import Structure
from .trees import Anything, Tree

KEPT = 10_000_000
"""Whole numbers that a file keeps of sums already worked out: 80 MB, or 200 rates of 16,000 organisations."""

OWN = ("record", "organisation", "since", "until", "recorded_at", "superseded_at")
"""What every row of every fact has."""


MEMORY = "512MB"
"""What one process may use to answer from the columnar file; more spills to disk."""


class Source(Protocol):
    """An engine that answers queries. `moment` is when its data was true."""

    @property
    def moment(self) -> datetime: ...

    def rows(self, query: Query) -> list[tuple[Any, ...]]: ...

    def columns(self, query: Query) -> list[Anything]: ...

    def tree(self, structure: Structure, known_at: datetime | None) -> Tree: ...


class Live:
    """The database itself. The fact's own query stands in the WITH part, so nothing is copied."""

    def __init__(self) -> None:
        self.moment = store_now()

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        parts = list(relations(connection, query.fact))
        if query.asks_placed:
            line = placed(query.known_at)
            parts.append((line.text.replace("?", "%s"), line.parameters))
        text = "WITH " + ", ".join(text for text, _ in parts) + " " + query.select.replace("?", "%s")
        given = [value for _, values in parts for value in values]
        parameters = [_adapted(value) for value in (*given, *query.parameters)]
        with connection.cursor() as cursor:
            cursor.execute(text, parameters)
            return [_typed(row, query.types) for row in cursor.fetchall()]

    def columns(self, query: Query) -> list[Anything]:
        rows = self.rows(query)
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(query.types)
        return [_array(column, typed) for column, typed in zip(columns, query.types, strict=True)]

    def tree(self, structure: Structure, known_at: datetime | None) -> Tree:
        return read_tree(self, structure, known_at)


class Columnar:
    """One columnar file, opened to be read only. It holds codes and ids, and its moment."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._connection = duckdb.connect(str(file), read_only=True, config={"memory_limit": MEMORY})
        told = self._connection.execute("SELECT moment, facts FROM about").fetchone()
        assert told is not None
        self.moment: datetime = told[0].replace(tzinfo=UTC)
        self._facts: frozenset[str] = frozenset(told[1])
        self._trees: dict[Structure, Tree] = {}
        self.asked: set[object] = set()
        self.kept: dict[object, list[Anything]] = {}

    def has(self, fact: Fact) -> bool:
        """Whether the file holds the fact with the columns that it has today."""
        return signature(fact) in self._facts

    def keep(self, key: object, sums: list[Anything]) -> None:
        """Keeps sums of every organisation; those kept longest make room."""
        self.kept[key] = sums
        while sum(len(numbers) for one in self.kept.values() for numbers in one) > KEPT:
            self.kept.pop(next(iter(self.kept)))

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._run(query).fetchall()
        return found

    def columns(self, query: Query) -> list[Anything]:
        found = self._run(query).fetchnumpy().values()
        return [_filled(column, typed) for column, typed in zip(found, query.types, strict=True)]

    def tree(self, structure: Structure, known_at: datetime | None) -> Tree:
        """Today's belief is read once for the life of the file, which never changes."""
        if known_at is not None:
            return read_tree(self, structure, known_at)
        if structure not in self._trees:
            self._trees[structure] = read_tree(self, structure, None)
        return self._trees[structure]

    def _run(self, query: Query) -> duckdb.DuckDBPyConnection:
        """Where organisations stood as believed now is a table of the file; as believed earlier it is worked out."""
        text, parameters = query.select, query.parameters
        if query.asks_placed and query.known_at is not None:
            line = placed(query.known_at)
            text, parameters = f"WITH {line.text} {text}", line.parameters + parameters
        return self._connection.cursor().execute(text, [_naive(value) for value in parameters])


def relations(database: BaseDatabaseWrapper, fact: Fact | None) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The relations that the expression asks, as WITH parts over our tables."""
    organisations, standings = Organisation._meta.db_table, Standing._meta.db_table
    yield (
        f"org AS (SELECT o.id AS organisation, CASE WHEN o.closed_on IS NULL THEN o.path ELSE c.path END AS path,"
        f" CASE WHEN o.closed_on IS NULL THEN 1 ELSE 0 END AS living, o.code, o.kind, o.form"
        f" FROM {organisations} o LEFT JOIN {organisations} c ON c.id = o.custodian_id)",
        (),
    )
    yield (
        "standing AS (SELECT organisation_id AS organisation, path, since, until, recorded_at, superseded_at"
        f" FROM {standings})",
        (),
    )
    if fact is not None:
        yield from fact_relations(database, fact)


def fact_relations(database: BaseDatabaseWrapper, fact: Fact) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The fact's query under its declared names, then with flags as 0 and 1 and codes sorted by their bytes."""
    query = fact.rows().query
    text, parameters = query.get_compiler(connection=database).as_sql()
    given = list(query.selected)
    wanted = [*OWN, *(column.key for column in fact.columns)]
    if sorted(given) != sorted(wanted):
        raise ValueError(f"rows of {fact.key} give {', '.join(given)}, and should give {', '.join(wanted)}")
    names = ", ".join(f'"{name}"' for name in given)
    shown = ", ".join([*(f'"{name}"' for name in OWN), *(_normal(column, database) for column in fact.columns)])
    yield f"raw_{relation(fact)}({names}) AS ({text})", tuple(parameters)
    yield f"{relation(fact)} AS (SELECT {shown} FROM raw_{relation(fact)})", ()


def _normal(column: Column, database: BaseDatabaseWrapper) -> str:
    if column.kind == "flag":
        return f'CAST("{column.key}" AS INTEGER) AS "{column.key}"'
    if column.kind == "code" and database.vendor == "postgresql":
        return f'"{column.key}" COLLATE "C" AS "{column.key}"'
    return f'"{column.key}"'


def read_tree(source: Source, structure: Structure, known_at: datetime | None) -> Tree:
    """The tree of a structure, as believed at a moment."""
    if structure == "now":
        select = Text("SELECT organisation AS a, path AS b, living AS c FROM org")
        query = statement(select, ["integer", "text", "integer"], structure=structure, known_at=None)
        organisation, path, living = source.columns(query)
        start = np.full(len(path), np.datetime64(date.min, "D"))
        never = np.full(len(path), np.datetime64("NaT", "D"))
        return Tree.of(organisation, path, start, never, np.where(living == 1, start, never), never, living)
    columns = "organisation AS a, path AS b, since AS c, until AS d, began AS e, ended AS f"
    select = Text(f"SELECT {columns} FROM placed p")
    types: list[Type] = ["integer", "text", "date", "date", "date", "date"]
    return Tree.of(*source.columns(statement(select, types, structure=structure, known_at=known_at)))


def signature(fact: Fact) -> str:
    """What a fact's table looks like; a file made before a column was added does not have it."""
    return f"{fact.key}({', '.join(f'{column.key} {column.kind}' for column in fact.columns)})"


def _adapted(value: Parameter) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _naive(value: Parameter) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _typed(row: Sequence[Any], types: Sequence[Type]) -> tuple[Any, ...]:
    """SQLite answers dates as text."""
    return tuple(
        date.fromisoformat(value) if typed == "date" and isinstance(value, str) else value
        for value, typed in zip(row, types, strict=True)
    )


def _array(column: Sequence[Any], typed: Type) -> Anything:
    match typed:
        case "integer":
            return np.array(column, dtype=np.int64)
        case "text":
            return np.array(column, dtype="S") if column else np.zeros(0, dtype="S1")
        case "date":
            return np.array(["NaT" if value is None else value.isoformat() for value in column], dtype="datetime64[D]")
        case _:
            return np.array(column, dtype=object) if column and isinstance(column[0], str) else np.array(column)


def _filled(column: Any, typed: Type) -> Anything:
    """DuckDB's column as ours: whole numbers, bytes, days with NaT for none."""
    match typed:
        case "integer":
            return np.asarray(column, dtype=np.int64)
        case "text":
            return np.asarray(column).astype("S") if len(column) else np.zeros(0, dtype="S1")
        case "date":
            return np.ma.filled(column.astype("datetime64[D]"), np.datetime64("NaT", "D"))
        case _:
            return np.asarray(column)


def newest(directory: Path | None = None) -> Columnar | None:
    """The columnar file in use, if there is one."""
    found = sorted((directory or Path(settings.DATA_DIR)).glob("figures-*.duckdb"), key=number, reverse=True)
    for file in found:
        try:
            return _opened(file, file.stat().st_mtime_ns)
        except (duckdb.IOException, FileNotFoundError):  # swapped away between the look and the opening
            continue
    return None


@lru_cache(maxsize=2)
def _opened(file: Path, made: int) -> Columnar:
    return Columnar(file)


def number(file: Path) -> int:
    """The running number in a file's name."""
    return int(file.stem.rpartition("-")[2])


def current(*facts: Fact) -> Source:
    """Where pages ask: the columnar file if it holds these facts, else the database."""
    file = newest()
    return file if file is not None and all(file.has(fact) for fact in facts) else Live()

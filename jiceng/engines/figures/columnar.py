"""Makes the columnar file: every fact streamed into a new DuckDB file beside the old, then swapped in by its name.

No names, numbers or contacts go in: facts offer codes, dates, whole numbers and ids. Everything is read in one
transaction, so the file is true at one moment.
"""

import csv
import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.db import connection

from jiceng.kernel.journal.clock import store_now
from jiceng.lib.facts import ColumnKind, Fact

from . import catalogue
from .expression import placed, relation
from .sources import newest, number, relations, signature

CHUNK = 100_000
"""Rows between the database and the file at one time."""

KEPT = 2
"""Files that stay: the newest, and the one before for those who are still reading it."""

MEMORY = "512MB"
"""What building may use; more spills to disk."""

_TYPES: dict[ColumnKind, str] = {
    "code": "VARCHAR", "integer": "BIGINT", "money": "BIGINT", "flag": "TINYINT", "date": "DATE",
}  # fmt: skip
_OWN = "record BIGINT, organisation BIGINT, since DATE, until DATE, recorded_at TIMESTAMP, superseded_at TIMESTAMP"
_READ = (
    "(FORMAT csv, HEADER false, AUTO_DETECT false, DELIM ',', QUOTE '\"', ESCAPE '\"', NULLSTR '',"
    " ALLOW_QUOTED_NULLS false)"
)


def refresh(directory: Path | None = None) -> Path | None:
    """Builds the next file and returns it; None if another process is already building one."""
    directory = directory or Path(settings.DATA_DIR)
    directory.mkdir(parents=True, exist_ok=True)
    with _alone(directory) as alone:
        if not alone:
            return None
        existing = sorted(directory.glob("figures-*.duckdb"), key=number)
        following = _following(existing)
        building = directory / f"figures-{following}.building"
        for leftover in directory.glob("figures-*.building*"):
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        _build(building)
        made = building.rename(directory / f"figures-{following}.duckdb")
        for old in existing[: len(existing) + 1 - KEPT]:
            old.unlink()
    return made


def _following(existing: list[Path]) -> int:
    """A number never used before: a process that still has a file of that name open would be given the old one."""
    now = time.time_ns() // 1_000_000
    return max(now, number(existing[-1]) + 1) if existing else now


def refresh_if_older(than: timedelta, directory: Path | None = None) -> Path | None:
    """Builds a file unless the newest is young enough and holds every fact."""
    found = newest(directory)
    if found and all(found.has(one) for one in catalogue.facts()) and store_now() - found.moment < than:
        return None
    return refresh(directory)


def forget(directory: Path | None = None) -> None:
    """Removes every file made so far: the database they tell of is no longer the one in use."""
    for old in (directory or Path(settings.DATA_DIR)).glob("figures-*.duckdb"):
        old.unlink()


def _build(file: Path) -> None:
    facts = catalogue.facts()
    limits: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY, "temp_directory": f"{file}.tmp", "preserve_insertion_order": False,
    }  # fmt: skip
    with duckdb.connect(str(file), config=limits) as made, _one_view():
        moment = store_now()
        made.execute("CREATE TABLE about (moment TIMESTAMP, facts VARCHAR[])")
        told = [moment.astimezone(UTC).replace(tzinfo=None), [signature(fact) for fact in facts]]
        made.execute("INSERT INTO about VALUES (?, ?)", told)
        made.execute(
            "CREATE TABLE org (organisation BIGINT, path VARCHAR, living TINYINT, code VARCHAR, kind VARCHAR,"
            " form VARCHAR)"
        )
        _fill(made, file, "org", None, "SELECT organisation, path, living, code, kind, form FROM org")
        made.execute(
            "CREATE TABLE standing (organisation BIGINT, path VARCHAR, since DATE, until DATE,"
            " recorded_at TIMESTAMP, superseded_at TIMESTAMP)"
        )
        _fill(
            made,
            file,
            "standing",
            None,
            "SELECT organisation, path, since, until, recorded_at, superseded_at FROM standing",
        )
        line = placed(None)
        made.execute(f"CREATE TABLE placed AS WITH {line.text} SELECT * FROM placed ORDER BY path", line.parameters)
        for fact in facts:
            columns = "".join(f', "{column.key}" {_TYPES[column.kind]}' for column in fact.columns)
            made.execute(f"CREATE TABLE {relation(fact)} ({_OWN}{columns})")
            _fill(made, file, relation(fact), fact, f"SELECT * FROM {relation(fact)}")


def _fill(made: duckdb.DuckDBPyConnection, file: Path, table: str, fact: Fact | None, select: str) -> None:
    """Copies the answer of a query, a chunk at a time, by way of a text file that does not stay."""
    parts = list(relations(connection, fact))
    statement = "WITH " + ", ".join(text for text, _ in parts) + " " + select
    parameters = [value for _, values in parts for value in values]
    passing = file.with_suffix(".building.csv")
    try:
        for _ in _exported(statement, parameters, passing):
            made.execute(f"COPY {table} FROM '{passing}' {_READ}")
    finally:
        passing.unlink(missing_ok=True)


def _exported(statement: str, parameters: list[Any], to: Path) -> Iterator[int]:
    """Writes the rows to the file, chunk after chunk; yields how many it holds each time."""
    if connection.vendor == "postgresql":
        yield _copied_out(statement, parameters, to)
        return
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(CHUNK):
            with to.open("w", newline="", encoding="utf-8") as out:
                csv.writer(out, quoting=csv.QUOTE_STRINGS).writerows(rows)
            yield len(rows)


def _copied_out(statement: str, parameters: list[Any], to: Path) -> int:
    """PostgreSQL writes the text itself, which is many times faster than rows in Python."""
    octets = 0
    with connection.cursor() as cursor, to.open("wb") as out:
        plain = cursor.mogrify(statement, parameters)
        with cursor.copy(f"COPY ({plain}) TO STDOUT (FORMAT csv)") as copy:
            for block in copy:
                octets += out.write(block)
    return octets


@contextmanager
def _one_view() -> Iterator[None]:
    """One view of the database for all that is read inside, without keeping writers waiting."""
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


@contextmanager
def _alone(directory: Path) -> Iterator[bool]:
    """Whether no other process is building; the lock goes with the process."""
    with (directory / "figures.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True

"""Puts many rows into a table at once: COPY on PostgreSQL, one prepared statement on SQLite.

An insert through model instances costs ten times as much, and a division of a country has a million rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import batched
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

CHUNK = 10_000

_PLAIN = (str, int, bool, type(None))


def new_keys(model: type[Model], count: int) -> list[int]:
    """Primary keys that nobody else has had or will get, whatever was deleted meanwhile.

    They are taken from the sequence that the database itself numbers the table by: of a verb that fails PostgreSQL
    does not give them out again, SQLite takes its transaction back and does.
    """
    if not count:
        return []
    table, column = model._meta.db_table, model._meta.pk.name
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, column, count]
            )
            return [key for (key,) in cursor.fetchall()]
        # AUTOINCREMENT keeps the last number here; a table that never had a row has no line yet.
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s RETURNING seq", [count, table])
        found = cursor.fetchone()
        if found is None:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
        last = found[0] if found else count
    return list(range(last - count + 1, last + 1))


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Inserts the rows; `columns` are names of fields (with _id for keys), each row has its values in that order."""
    fields = [_field(model, name) for name in columns]
    quoted = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                for row in _prepared(fields, rows):
                    copy.write_row(row)
            if cursor.rowcount >= CHUNK:
                # Until the server gets round to it, the planner takes the table for empty and scans it.
                cursor.execute(f"ANALYZE {table}")
            return
        marks = ", ".join(["%s"] * len(columns))
        statement = f"INSERT INTO {table} ({quoted}) VALUES ({marks})"
        for some in batched(_prepared(fields, rows), CHUNK):
            cursor.executemany(statement, some)


def _field(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)


def _prepared(fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """The rows as the database wants them. Days and moments repeat in bulk, so each is prepared once."""
    said: dict[tuple[int, date], Any] = {}

    def prepared(place: int, value: Any) -> Any:
        if isinstance(value, _PLAIN):
            return value
        if not isinstance(value, date):
            return fields[place].get_db_prep_value(value, connection)
        if (place, value) not in said:
            said[place, value] = fields[place].get_db_prep_value(value, connection)
        return said[place, value]

    for row in rows:
        yield tuple(prepared(place, value) for place, value in enumerate(row))


def remove(model: type[Model], field: str, keys: Sequence[int]) -> None:
    """Deletes the rows whose `field` is one of the keys, without asking what points to them: the database does."""
    for some in batched(keys, CHUNK // 5):
        model._base_manager.filter(**{f"{field}__in": some})._raw_delete(connection.alias)


def settle(database: BaseDatabaseWrapper) -> None:
    """Tells PostgreSQL's planner what every table holds, after very many rows came in: seconds, whatever the size.

    The server does so by itself within minutes, unless it is told not to; until then a search may take seconds.
    """
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("ANALYZE")

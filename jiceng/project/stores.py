"""How each database is copied out whole and put back whole."""

import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import CommandError
from django.db.backends.base.base import BaseDatabaseWrapper

NOT_CONTENT = {"django_migrations", "django_content_type", "auth_permission"}
"""Tables that `migrate` fills by itself: a database with rows in no other is empty."""

FRESH_SCHEMA = (
    "DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner;"
    "GRANT USAGE ON SCHEMA public TO PUBLIC; COMMENT ON SCHEMA public IS 'standard public schema'"
)


class Store(NamedTuple):
    """What one kind of database needs: the name of its copy in a backup, and the two ways."""

    member: str
    dump: Callable[[BaseDatabaseWrapper, Path], None]
    load: Callable[[BaseDatabaseWrapper, Path], None]


def of(connection: BaseDatabaseWrapper) -> Store:
    """The store behind a connection."""
    return {"sqlite": SQLITE, "postgresql": POSTGRESQL}[connection.vendor]


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Whether no table holds a row that somebody's work has put there."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - NOT_CONTENT:
            cursor.execute(f"SELECT 1 FROM {quote(table)} LIMIT 1")
            if cursor.fetchone():
                return False
    return True


def _dump_sqlite(connection: BaseDatabaseWrapper, to: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(to)) as copy:
        connection.connection.backup(copy)


def _load_sqlite(connection: BaseDatabaseWrapper, source: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(source)) as copy:
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise CommandError(f"备份里的数据库自检不通过：{verdict}。什么也没有恢复。")
        copy.backup(connection.connection)
    connection.close()


def _dump_postgresql(connection: BaseDatabaseWrapper, to: Path) -> None:
    _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={to}"], connection)


def _load_postgresql(connection: BaseDatabaseWrapper, source: Path) -> None:
    """All in one transaction: whatever fails, the database stays as it was."""
    script = source.with_suffix(".sql")
    _run(["pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(source)], connection)
    connection.close()
    once = ["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    _run([*once, f"--command={FRESH_SCHEMA}", f"--file={script}"], connection)


def _run(command: list[str], connection: BaseDatabaseWrapper) -> None:
    """Runs one of PostgreSQL's own programs; the password goes by the environment, where no process list shows it."""
    try:
        done = subprocess.run(  # noqa: S603
            command, env=_environment(connection), capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise CommandError(f"找不到程序 {command[0]}。请安装 PostgreSQL 的客户端程序（postgresql-client）。") from None
    if done.returncode:
        raise CommandError(f"{command[0]} 没有成功：{done.stderr.strip()[-2000:]}")


def _environment(connection: BaseDatabaseWrapper) -> dict[str, str]:
    chosen: dict[str, Any] = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {variable: str(chosen[name]) for variable, name in names.items() if chosen.get(name)}
    options = {f"PG{name.upper()}": str(value) for name, value in chosen["OPTIONS"].items() if name.startswith("ssl")}
    return {**os.environ, **given, **options}


SQLITE = Store("database.sqlite3", _dump_sqlite, _load_sqlite)
POSTGRESQL = Store("database.pgdump", _dump_postgresql, _load_postgresql)

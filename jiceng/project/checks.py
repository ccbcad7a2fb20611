"""System checks of the storage floor: what was acknowledged survives a power cut, or the server does not start."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

OLDEST_POSTGRESQL = 15


class Fault(NamedTuple):
    """A setting under which the database may lose or spoil what it acknowledged, and what to do."""

    id: str
    why: str
    remedy: str


@register(Tags.database)
def storage_is_safe(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """One Error for each unsafe setting of the databases asked about."""
    return [
        Error(fault.why, hint=fault.remedy, id=fault.id)
        for alias in databases or ()
        for fault in faults(connections[alias])
    ]


def require_safe_storage() -> None:
    """Raises ImproperlyConfigured with every reason, so that a server on unsafe storage never answers a request."""
    found = list(faults(connections[DEFAULT_DB_ALIAS]))
    if found:
        raise ImproperlyConfigured("\n".join(f"{fault.id} {fault.why}{fault.remedy}" for fault in found))


def faults(connection: BaseDatabaseWrapper) -> Iterator[Fault]:
    """What is unsafe, as the live connection itself reports it."""
    if connection.vendor == "sqlite":
        yield from sqlite_faults(sqlite_settings(connection))
    elif connection.vendor == "postgresql":
        yield from postgresql_faults(postgresql_settings(connection))
    else:
        yield Fault("jiceng.E001", f"数据库 {connection.vendor} 没有试过。", "请改用 SQLite 或 PostgreSQL。")


def sqlite_settings(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """journal_mode, synchronous and foreign_keys as this connection runs, and how it begins transactions."""
    found = {name: str(_ask(connection, f"PRAGMA {name}")).upper() for name in _SQLITE_PRAGMAS}
    return {**found, "transaction_mode": str(getattr(connection, "transaction_mode", None)).upper()}


_SQLITE_PRAGMAS = ("journal_mode", "synchronous", "foreign_keys")


def sqlite_faults(found: dict[str, str]) -> Iterator[Fault]:
    """Weaker than WAL + FULL + IMMEDIATE + foreign keys."""
    remedy = "请用平台自带的 SQLite 选项，不要改动。"
    if found["journal_mode"] != "WAL":
        why = f"SQLite 的 journal_mode 是 {found['journal_mode']}，不是 WAL：断电时可能丢失已经确认的记录。"
        yield Fault("jiceng.E011", why, remedy)
    if found["synchronous"] not in {"2", "3"}:
        why = f"SQLite 的 synchronous 是 {found['synchronous']}，低于 2（FULL）：断电时可能丢失已经确认的记录。"
        yield Fault("jiceng.E012", why, remedy)
    if found["foreign_keys"] != "1":
        yield Fault("jiceng.E013", "SQLite 没有打开 foreign_keys：记录可能指向不存在的对象。", remedy)
    if found["transaction_mode"] not in {"IMMEDIATE", "EXCLUSIVE"}:
        why = f"SQLite 的事务方式是 {found['transaction_mode']}，不是 IMMEDIATE：先读后写的动作会中途失败。"
        yield Fault("jiceng.E014", why, remedy)


def postgresql_settings(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """fsync, synchronous_commit, full_page_writes and the version number as this connection sees them."""
    return {name: str(_ask(connection, f"SHOW {name}")) for name in _POSTGRESQL_SETTINGS}


_POSTGRESQL_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "server_version_num")


def postgresql_faults(found: dict[str, str]) -> Iterator[Fault]:
    """Settings under which PostgreSQL lost acknowledged transactions or whole pages in power cuts."""
    remedy = "请在 postgresql.conf 里改回 on，重新加载后再启动。"
    if found["fsync"] != "on":
        yield Fault("jiceng.E021", "PostgreSQL 的 fsync 关着：断电会丢记录，还会损坏数据库。", remedy)
    if found["synchronous_commit"] == "off":
        yield Fault("jiceng.E022", "PostgreSQL 的 synchronous_commit 关着：断电会丢失已经确认的记录。", remedy)
    if found["full_page_writes"] != "on":
        yield Fault("jiceng.E023", "PostgreSQL 的 full_page_writes 关着：断电会留下写了一半的页。", remedy)
    if int(found["server_version_num"]) < OLDEST_POSTGRESQL * 10000:
        why = f"PostgreSQL 版本是 {found['server_version_num']}，低于 {OLDEST_POSTGRESQL}。"
        yield Fault("jiceng.E024", why, f"请升级到 {OLDEST_POSTGRESQL} 或更新的版本。")


def _ask(connection: BaseDatabaseWrapper, question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        (answer,) = cursor.fetchone()
    return answer

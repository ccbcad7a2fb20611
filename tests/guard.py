"""Only verbs write: a guard on the database that fails any other statement that writes to our tables.

Tests' builders, and nothing else, may step outside.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.apps import apps

from jiceng.kernel.access import inside_verb

WRITE = re.compile(
    r"\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?)"
    r'\s+(?:ONLY\s+)?"?(\w+)"?',
    re.IGNORECASE,
)

JOURNAL = "journal"
"""The journal writes itself: an entry about each entry would never end."""

_outside: ContextVar[bool] = ContextVar("outside", default=False)
_armed = [False]


class WrittenOutsideAVerb(AssertionError):
    """Something wrote to our tables that is not a verb."""


@cache
def our_tables() -> frozenset[str]:
    """The tables of our areas, links of many-to-many fields included, without the journal's own."""
    return frozenset(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_config.name.startswith("jiceng.") and model._meta.app_label != JOURNAL
    )


def written_tables(sql: str) -> set[str]:
    """The tables that a statement writes to, however it is spelt."""
    return {name.lower() for name in WRITE.findall(sql)}


def guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """A wrapper for every statement; see Connection.execute_wrapper."""
    if _armed[0] and not _outside.get() and not inside_verb():
        touched = written_tables(str(sql)) & our_tables()
        if touched:
            raise WrittenOutsideAVerb(f"{', '.join(sorted(touched))} written outside a verb: {str(sql)[:200]}")
    return execute(sql, params, many, context)


def watch(connection: Any, **kwargs: Any) -> None:
    """Puts the guard on a connection, once."""
    if guard not in connection.execute_wrappers:
        connection.execute_wrappers.append(guard)


@contextmanager
def armed() -> Iterator[None]:
    """The body of a test; what sets up and tears down the database is not watched."""
    _armed[0] = True
    try:
        yield
    finally:
        _armed[0] = False


@contextmanager
def outside() -> Iterator[None]:
    """For builders only: puts a world in place without the verbs that would lead to it."""
    token = _outside.set(True)
    try:
        yield
    finally:
        _outside.reset(token)

"""What makes a function a verb: allowed, all-or-nothing, written down — and nothing more."""

import functools
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from jiceng.kernel.journal import actions as journal
from jiceng.kernel.journal.clock import one_moment

from .actors import Actor
from .rules import Rule, way_home

_depth: ContextVar[int] = ContextVar("verb_depth", default=0)


def inside_verb() -> bool:
    """Whether a verb is running: the only time when anything of ours may be written."""
    return _depth.get() > 0


@contextmanager
def _verb() -> Iterator[None]:
    token = _depth.set(_depth.get() + 1)
    try:
        yield
    finally:
        _depth.reset(token)


def bulk_root(rows: Iterable[object]) -> str:
    """The hex SHA-256 over the rows of a bulk verb, in the order given; rows must hold opaque ids only."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(row).encode() + b"\n")
    return digest.hexdigest()


def action[**P, R](asked: Rule) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Wraps `do(subject, *, by, at, …)`: asks the rule about the subject, runs it in one transaction, leaves one entry.

    A bulk verb returns an object with `rows` and `root`, which the entry keeps.
    """

    def wrap(do: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(do)
        def act(*args: P.args, **facts: P.kwargs) -> R:
            by, at, subject = _acting(do, args, facts)
            with transaction.atomic(), one_moment(), _verb():
                asked.require(by, subject)
                result = do(*args, **facts)
                _write_down(asked, by, at, subject, result)
            return result

        act.rule = asked  # type: ignore[attr-defined]  # the house tests and the drawn matrix read it
        return act

    return wrap


def _acting(do: Callable[..., Any], args: Any, facts: Any) -> tuple[Actor, datetime, Model | None]:
    by, at = facts.get("by"), facts.get("at")
    if not isinstance(by, Actor) or not isinstance(at, datetime) or len(args) != 1:
        raise TypeError(
            f"{do.__module__}.{do.__name__} takes its subject first, and by: Actor and at: datetime by name"
        )
    subject = args[0]
    return by, at, subject if isinstance(subject, Model) else None


def _write_down(asked: Rule, by: Actor, at: datetime, subject: Model | None, result: Any) -> None:
    on = result if isinstance(result, Model) and result.pk is not None else subject
    journal.write(
        asked.name,
        by=by.ref,
        on=f"{on._meta.label_lower}:{on.pk}" if on is not None else "",
        organisation=_home(on) or _home(subject),
        at=at,
        rows=getattr(result, "rows", None),
        root=getattr(result, "root", ""),
    )


def _home(record: Model | None) -> int | None:
    """The id of the record's answering organisation, found along its way home without asking twice."""
    if record is None:
        return None
    home: Any = record
    for step in filter(None, way_home(type(record)).split("__")):
        home = getattr(home, step, None)
    pk = getattr(home, "pk", None)
    return pk if isinstance(pk, int) else None

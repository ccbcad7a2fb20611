"""The store's clock: the third of the three clocks, and the only one that nobody can set.

`on`/`since` is when something happened, `at` is the acting moment that a face gives, and the moment here is when the
database wrote it down. A database marked as a simulation has its own clock, kept in its one `Simulation` row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)

_NOW = {
    "postgresql": "SELECT coalesce((SELECT now FROM journal_simulation LIMIT 1), transaction_timestamp())",
    "sqlite": "SELECT coalesce((SELECT now FROM journal_simulation LIMIT 1), strftime('%Y-%m-%d %H:%M:%f', 'now'))",
}


def store_now() -> datetime:
    """What the database's clock says (the simulation's clock in a simulation)."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW[connection.vendor])
        (said,) = cursor.fetchone()
    now: datetime = datetime.fromisoformat(said) if isinstance(said, str) else said
    return now if now.tzinfo else now.replace(tzinfo=UTC)


@contextmanager
def one_moment() -> Iterator[datetime]:
    """Everything written inside is recorded at one moment of the store's clock; nested use keeps the outer moment."""
    outer = _moment.get()
    if outer is not None:
        yield outer
        return
    token = _moment.set(store_now())
    try:
        yield moment()
    finally:
        _moment.reset(token)


def moment() -> datetime:
    """The moment of the running verb. Raises RuntimeError outside a verb: nothing is recorded there."""
    now = _moment.get()
    if now is None:
        raise RuntimeError("outside a verb there is no moment to record at")
    return now


class RecordedAtField(models.DateTimeField):  # type: ignore[type-arg]
    """When the store wrote the row. Whatever a caller puts here is ignored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if add:
            setattr(model_instance, self.attname, moment())
        return super().pre_save(model_instance, add)

"""Faults put in on purpose, in a process that is about to be killed: a checker that finds none of them proves nothing.

Those that leave a gap between two transactions hold it open for a moment, so that a random kill can fall into it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

from jiceng.kernel.access import verbs
from jiceng.kernel.history import models as history
from jiceng.kernel.journal import clock
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.actions import bulk, changes
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.posts.actions import appointments

GAP = 0.05
"""Seconds between a commit and what should have been in it."""


def without_a_transaction() -> None:
    """What a verb has written so far is committed before each further thing that it writes."""

    def commits(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        raw = connection.connection
        if connection.in_atomic_block and sql.startswith(("INSERT", "UPDATE", "DELETE")):
            if connection.vendor == "postgresql":
                raw.commit()
            elif raw.in_transaction:
                raw.execute("COMMIT")
                raw.execute("BEGIN IMMEDIATE")
        return execute(sql, *rest)

    connection.execute_wrappers.append(commits)


def entry_in_another_transaction() -> None:
    """The verb commits first, and writes its entry then."""
    write = verbs._write_down

    def later(*told: Any) -> None:
        _after_commit(lambda: write(*told))

    verbs._write_down = later


def standing_after_commit() -> None:
    """What was believed is taken back in the verb; what is believed instead is written afterwards."""

    def replace(old: list[Any], new: list[Any]) -> None:
        if old:
            rows = type(old[0])._default_manager
            rows.filter(pk__in=[row.pk for row in old]).update(superseded_at=clock.moment())
            _after_commit(lambda: rows.bulk_create(new))

    history._replace = replace


def path_outside() -> None:
    """The paths of today are brought up to date after the verb."""
    update = models.QuerySet.update

    def deferred(rows: Any, **said: Any) -> int:
        if rows.model is Organisation and "path" in said:
            _after_commit(lambda: update(rows, **said))
            return 0
        return update(rows, **said)

    models.QuerySet.update = deferred  # type: ignore[method-assign,assignment]


def no_entry() -> None:
    """A verb leaves no entry."""
    verbs._write_down = lambda *told: None


PLANTED: dict[str, Callable[[], None]] = {
    "a verb without a transaction": without_a_transaction,
    "the entry in another transaction": entry_in_another_transaction,
    "the standing written after the commit": standing_after_commit,
    "the path updated outside": path_outside,
    "no entry": no_entry,
}


def nobody_waits() -> None:
    """Two verbs at once do not wait for each other."""
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"] |= {"transaction_mode": "DEFERRED"}
        return
    for module in (tree, bulk, changes):
        module.lock_tree = lambda: None
    tree.hold_tree = lambda *organisations: None
    appointments._lock = lambda pk: Organisation.objects.get(pk=pk)


def _after_commit(write: Callable[[], Any]) -> None:
    at = clock.moment()

    def run() -> None:
        time.sleep(GAP)
        token = clock._moment.set(at)
        try:
            write()
        finally:
            clock._moment.reset(token)

    transaction.on_commit(run)


BEFORE_THE_COMMIT = -1
"""The point after a verb's last statement."""


@contextmanager
def stopping_before(statements: int | None, strike: Callable[[], None]) -> Iterator[list[int]]:
    """Strikes before the statement of that number, wherever that is; counts them in the list it gives."""
    count = [0]

    def trap(execute: Callable[..., Any], *rest: Any) -> Any:
        if count[0] == statements:
            strike()
        done = execute(*rest)
        count[0] += 1
        return done

    write = verbs._write_down

    def last(*told: Any) -> None:
        write(*told)
        if statements == BEFORE_THE_COMMIT and verbs._depth.get() == 1:
            strike()

    verbs._write_down = last
    with connection.execute_wrapper(trap):
        yield count
    verbs._write_down = write

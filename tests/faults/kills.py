"""Kills processes in the middle of verbs, and asks what is left."""

import hashlib
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from django.db import connection

from jiceng.kernel.journal.models import Entry
from jiceng.kernel.journal.queries import Anchor

from . import checker, planted, world
from .children import STRUCK, Child, Say, alone
from .stores import Store

AFRESH = 10
"""Kills in one copy of the database; it grows, and looking at all of it takes longer."""


@dataclass
class Toll:
    """What a run of kills came to."""

    kills: int = 0
    inside: int = 0
    done: int = 0
    bad: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, faults: list[str]) -> None:
        self.bad += bool(faults)
        self.faults = (self.faults + faults)[:20]


def at_random(store: Store, work: str, kills: int, *, seed: int, fault: str = "", until_bad: bool = False) -> Toll:
    """Starts the work, kills it at a random moment, looks; so many times. With `until_bad`, stops once it is seen."""
    chance, toll, anchors = random.Random(seed), Toll(), list[Anchor]()
    longest = 0.0
    while toll.kills < kills and not (until_bad and toll.bad):
        if toll.kills % AFRESH == 0:
            store.fresh()
            anchors = []
            longest = longest or _time_of(work)
            store.fresh()
        inside, acknowledged = _kill_one(work, chance, longest, fault)
        faults, head = alone(lambda: _look(acknowledged, anchors))  # noqa: B023  # gone by the next turn
        anchors.append(Anchor(**head))
        toll.kills += 1
        toll.inside += inside
        toll.done += len(acknowledged)
        toll.add(faults)
    return toll


def _time_of(work: str) -> float:
    """Seconds that a verb of the work takes here: the longest of a few, for a refusal takes next to none."""

    def measure() -> float:
        steps, moments = world.endlessly(work, 0), list[float]()
        for _ in range(6):
            next(steps)
            moments.append(time.monotonic())
        return max(after - before for before, after in pairwise(moments))

    return float(alone(measure))


def _kill_one(work: str, chance: random.Random, longest: float, fault: str) -> tuple[bool, list[int]]:
    """Whether it died in a verb that had begun to write, and the entries that verbs had returned with."""
    seed = chance.randrange(2**32)
    child = Child(lambda say: _do(work, seed, fault, say))
    first = child.next()
    time.sleep(chance.uniform(0, 2 * longest))
    said = child.kill()
    if child.code != -signal.SIGKILL:
        raise RuntimeError(f"{work} ended by itself, with {child.code}")
    acknowledged = [one for one in (first, *said) if one is not None]
    return said[-1:] == [None], acknowledged


def _do(work: str, seed: int, fault: str, say: Say) -> None:
    """The life of a process that is going to be killed: the number of an entry after its verb, null at the first
    statement that a verb writes with. One verb is done beforehand: the first in a process is mostly imports.
    """
    if fault:
        planted.PLANTED[fault]()
    steps, quiet = world.endlessly(work, seed), [True]

    def tell(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not quiet[0] and sql.startswith(("INSERT", "UPDATE", "DELETE")):
            quiet[0] = True
            say(None)
        return execute(sql, *rest)

    with connection.execute_wrapper(tell):
        while True:
            next(steps)
            say(Entry.objects.order_by("-pk").values_list("pk", flat=True).first())
            quiet[0] = False


def _look(acknowledged: list[int], anchors: list[Anchor]) -> tuple[list[str], dict[str, Any]]:
    return checker.look(acknowledged, anchors), asdict(checker.anchor())


@dataclass
class Boundaries(Toll):
    """The same for a verb stopped after each of its statements: `kills` points in all."""

    changed: int = 0
    """Points at which the whole content was not, byte for byte, what it had been before."""


def at_each_statement(store: Store, work: str, *, fault: str = "", until_bad: bool = False) -> Boundaries:
    """Does one verb whole, then stops it after its last statement before the commit, after the one before …"""
    toll = Boundaries(done=1)
    store.fresh()
    before = alone(fingerprint)
    count = alone(lambda: _do_whole(work, fault))
    toll.add(alone(lambda: checker.look([], [])))
    store.fresh()
    for point in (planted.BEFORE_THE_COMMIT, *reversed(range(count))):
        if until_bad and toll.bad:
            break
        child = Child(lambda say: _stop(work, point, fault))  # noqa: B023  # gone by the next turn
        child.end()
        if child.code != STRUCK and not (fault and child.code == 0):
            raise RuntimeError(f"{work} was not stopped at statement {point}: exit code {child.code}")
        toll.kills += 1
        if alone(fingerprint) != before:
            toll.changed += 1
            toll.add(alone(lambda: checker.look([], [])))
            store.fresh()
    return toll


def _do_whole(work: str, fault: str) -> int:
    """How many statements the verb has."""
    connection.ensure_connection()
    if fault:
        planted.PLANTED[fault]()
    with planted.stopping_before(None, lambda: None) as count:
        world.WORKS[work](random.Random(1))
    return count[0]


def _stop(work: str, point: int, fault: str) -> None:
    connection.ensure_connection()
    if fault:
        planted.PLANTED[fault]()
    with planted.stopping_before(point, lambda: os._exit(STRUCK)):
        world.WORKS[work](random.Random(1))


def fingerprint() -> str:
    """A digest of every row of every table except the seals, which the looking itself adds."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table == "journal_seal":
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(repr([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in cursor)
            digest.update(f"{table}:{len(rows)}".encode() + "".join(rows).encode())
    return digest.hexdigest()


def caught(store: Store, strike: Callable[[str, str], Toll]) -> dict[str, bool]:
    """Which of the planted faults were seen. The move of a county is the work in which each can show."""
    return {fault: strike("move", fault).bad > 0 for fault in planted.PLANTED}


def tampering(store: Store, work: str = "mixed") -> dict[str, bool]:
    """After a run, somebody with the database in hand alters it: which ways were seen, given the anchors outside."""
    seen = {}
    for name, statements in TAMPERS.items():
        at_random(store, work, 1, seed=7)
        anchors = [Anchor(**alone(lambda: _look([], [])[1]))]
        alone(lambda: _alter(statements))  # noqa: B023  # gone by the next turn
        seen[name] = bool(alone(lambda: checker.look([], anchors)))  # noqa: B023  # as above
    return seen


TAMPERS = {
    "an entry altered": ["UPDATE journal_entry SET verb = verb || 'x' WHERE id = (SELECT max(id) FROM journal_entry)"],
    "an entry removed": [
        "DELETE FROM journal_seal WHERE number = 3",
        "DELETE FROM journal_entry WHERE id NOT IN (SELECT entry_id FROM journal_seal)",
    ],
    "the end cut off": [
        "DELETE FROM journal_seal WHERE number > 4",
        "DELETE FROM journal_entry WHERE id NOT IN (SELECT entry_id FROM journal_seal)",
    ],
    "all linked anew": ["UPDATE journal_entry SET rows = 7 WHERE id = 2", "DELETE FROM journal_seal"],
}
"""What the owner of a database could do. Seals that are missing are written anew by the next sealing."""


def _alter(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in ("journal_entry", "journal_seal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'journal_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            cursor.execute(statement)

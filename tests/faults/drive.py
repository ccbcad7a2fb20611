"""`python -m tests.faults.drive sqlite|postgresql kills=10 races=6 …`: one database, all faults; prints a report."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import django

from .stores import Store, environment, room

SERVER = os.environ.get("JICENG_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")

type Part = Callable[[Store, int], dict[str, Any]]


@contextmanager
def ready(engine: str, server: str = SERVER) -> Iterator[Store]:
    """Django set up for a database of our own, in which a small city stands; everything is gone afterwards."""
    with room() as place:
        os.environ.update(environment(engine, server, place))
        django.setup()
        store = Store()
        try:
            from . import world  # models are there only now

            store.build(world.build)
            yield store
        finally:
            store.drop()


def random_kills(store: Store, number: int) -> dict[str, Any]:
    """So many kills of an intake, of a move and of single verbs."""
    from . import kills  # as above

    works = ("intake", "move", "mixed")
    return {f"kills: {work}": asdict(kills.at_random(store, work, number, seed=time.time_ns())) for work in works}


def statements(store: Store, number: int) -> dict[str, Any]:
    """Verbs stopped after each statement: the first `number` of these."""
    from . import kills  # as above

    works = ("move", "intake", "merge", "appoint")[:number]
    return {f"statements: {work}": asdict(kills.at_each_statement(store, work)) for work in works}


def planted_statements(store: Store, number: int) -> dict[str, Any]:
    """The planted faults, stopped after each statement until one is seen."""
    from . import kills  # as above

    seen = kills.caught(store, lambda work, fault: kills.at_each_statement(store, work, fault=fault, until_bad=True))
    return {"planted: statements": seen}


def planted_kills(store: Store, number: int) -> dict[str, Any]:
    """The planted faults under random kills, at most so many each."""
    from . import kills  # as above

    def strike(work: str, fault: str) -> kills.Toll:
        return kills.at_random(store, work, number, seed=time.time_ns(), fault=fault, until_bad=True)

    return {"planted: kills": kills.caught(store, strike)}


def two_at_once(store: Store, number: int) -> dict[str, Any]:
    """So many races of each kind."""
    from . import races  # as above

    return {f"races: {name}": asdict(races.run(store, name, number)) for name in races.RACES}


def planted_races(store: Store, number: int) -> dict[str, Any]:
    """The races with nobody waiting, at most so many each; two children are kept apart by their parent's row alone."""
    from . import races  # as above

    names = ("each under the other", "two secretaries")
    seen = {name: races.run(store, name, number, free=True, until_wrong=True).wrong > 0 for name in names}
    return {"planted: races": seen}


def tampering(store: Store, number: int) -> dict[str, Any]:
    """What an owner of the database does afterwards."""
    from . import kills  # as above

    return {"planted: tampering": kills.tampering(store)}


PARTS: dict[str, Part] = {
    "kills": random_kills, "statements": statements, "planted_statements": planted_statements,
    "planted_kills": planted_kills, "races": two_at_once, "planted_races": planted_races, "tampering": tampering,
}  # fmt: skip


def main(engine: str, *wanted: str) -> None:
    signal.signal(signal.SIGTERM, lambda *said: sys.exit(1))  # so that nothing of ours is left behind
    report: dict[str, Any] = {}
    with ready(engine) as store:
        for one in wanted:
            name, _, number = one.partition("=")
            began = time.monotonic()
            said = PARTS[name](store, int(number or 1))
            sys.stderr.write(f"{engine} {name}: {time.monotonic() - began:.1f} s\n")
            report |= said
    sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

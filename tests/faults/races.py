"""Two processes at once, let go at one moment, about the same thing."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.db import connection
from django.utils import timezone

from jiceng.engines.procedures import actions as procedures
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Role
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.orgs.models import Kind
from jiceng.kernel.people.models import Person
from jiceng.kernel.posts import actions as posts
from jiceng.lib.refusals import Refused

from . import checker, planted, world
from .children import Child, Say, alone
from .stores import Store


@dataclass
class Result:
    """How the races of one kind ended. `wrong` are those that ended in another way than they must."""

    races: int = 0
    wrong: int = 0
    faults: list[str] = field(default_factory=list)


def each_under_the_other(turn: int, side: int) -> None:
    """Two towns, each moved under the other."""
    towns = [world.by_code(f"T{(2 * turn + n) % world.TOWNS}") for n in range(2)]
    by = world.officer()
    orgs.reparent(towns[side], parent=towns[1 - side], because=world.WHY, by=by, at=timezone.now())


def two_secretaries(turn: int, side: int) -> None:
    """Two people appointed to the one post of secretary."""
    branch, person = world.by_code(f"T{turn % world.TOWNS}-{turn % 5 + 3}"), Person.objects.order_by("pk")[side]
    posts.appoint(branch, person=person, role=Role.SECRETARY, since=world.ON, by=world.officer(), at=timezone.now())


def two_children(turn: int, side: int) -> None:
    """Two organisations set up under one parent."""
    new = orgs.New(f"P{turn}-{side}", "新设党支部", Kind.BRANCH)
    orgs.found(world.by_code("T0"), new=new, because=world.WHY, by=world.officer(), at=timezone.now())


def two_ends(turn: int, side: int) -> None:
    """One step of a case ended by two people who see the same page."""
    case = Case.objects.order_by("pk")[turn % world.RACED]
    told = procedures.Told(world.ON, seen=1)
    outcome = ("accepted", "refused")[side]
    procedures.end_step(case, outcome=outcome, told=told, by=world.BUILDER, at=timezone.now())


RACES: dict[str, tuple[Callable[[int, int], None], int]] = {
    "each under the other": (each_under_the_other, 1),
    "two secretaries": (two_secretaries, 1),
    "two children": (two_children, 2),
    "two ends": (two_ends, 1),
}
"""Each race, and how many of the two must win; the other is told why in a sentence."""

AFRESH = 6
"""Races in one copy of the database: so many pairs of towns are there."""


def run(store: Store, name: str, races: int, *, free: bool = False, until_wrong: bool = False) -> Result:
    """Lets two processes race so many times. `free` plants the fault that nobody waits."""
    result, (race, winners) = Result(), RACES[name]
    while result.races < races and not (until_wrong and result.wrong):
        if result.races % AFRESH == 0:
            store.fresh()
        said = _one(race, result.races, free)
        result.races += 1
        faults = alone(lambda: checker.look([], []))
        right = sum(one == "won" for one in said) == winners and all(one == "won" or "。" in one for one in said)
        result.wrong += bool(faults) or not right
        result.faults = (result.faults + faults + ([] if right else said))[:20]
    return result


def _one(race: Callable[[int, int], None], turn: int, free: bool) -> list[str]:
    """What the two say: that they won, the sentence that refused them, or the error that nobody meant."""
    start = Gate()
    pair = [Child(partial(_run, race, turn, side, free, start)) for side in (0, 1)]
    for child in pair:
        child.next()
    start.open()
    return [child.end()[-1] for child in pair]


def _run(race: Callable[[int, int], None], turn: int, side: int, free: bool, start: "Gate", say: Say) -> None:
    if free:
        planted.nobody_waits()
    connection.ensure_connection()
    world.officer()
    say("ready")
    start.wait()
    say(_outcome(race, turn, side))


def _outcome(race: Callable[[int, int], None], turn: int, side: int) -> str:
    try:
        race(turn, side)
    except Refused as refusal:
        return str(refusal)
    except Exception as error:  # whatever else comes is what the race is run to find
        return f"error: {type(error).__name__}: {error}".replace("。", ".")
    return "won"


class Gate:
    """A pipe that ends for everybody at once."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()

    def wait(self) -> None:
        """Called in a child."""
        os.close(self._writer)
        os.read(self._reader, 1)

    def open(self) -> None:
        """Called in the parent."""
        os.close(self._writer)
        os.close(self._reader)

"""Cases of a scenario: brought in as a list, or decided by one meeting of villagers' representatives after another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle, islice, pairwise

from jiceng.engines.assembly import queries as assembly
from jiceng.engines.assembly.actions import Mark, Motion, Sheet, Written
from jiceng.engines.assembly.declarations import Electorate
from jiceng.engines.assembly.queries import Named
from jiceng.engines.procedures import actions as procedures
from jiceng.engines.procedures.declarations.machine import Act
from jiceng.kernel.access import Actor
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.residents import actions as residents
from jiceng.kernel.residents import queries

from .scenario import Cases, Deliberations
from .world import Node, World

FOUR = "four-deliberations"
TERM = (date(2017, 5, 1), date(2022, 5, 1))
"""The term of the villagers' committees that were elected in 2017."""

SENT_BEFORE = timedelta(days=3)
"""The plan is with the members so long before their assembly (村级“四议两公开”：党员大会召开三天前)."""


def enter(world: World, block: Cases, at: datetime) -> None:
    """All cases of the block, by the verb with which an office brings in a list."""
    nodes = list(islice(cycle(world.of(block.layers)), block.skip, block.skip + block.count))
    deeds = [procedures.Deed(Act(one.act), one.on, one.key, one.said, one.reason) for one in block.deeds]
    rows = [
        procedures.Past(
            node.pk, block.title.format(name=node.name, n=number), block.step, block.on, block.done, block.said, deeds
        )
        for number, node in enumerate(nodes, start=1)
    ]  # fmt: skip
    procedures.enter_many(world.top, procedure=block.procedure, rows=rows, by=world.officer, at=at)


@dataclass(frozen=True)
class Run:
    """One meeting, and what each of the matters that it decides comes to, in fen."""

    village: Node
    number: int
    on: date
    amounts: Sequence[int]
    representatives: int


def runs(world: World, told: Deliberations) -> Iterator[Run]:
    """Meetings evenly over the villages and the days; the matters' amounts grow and add up to the whole to a fen."""
    villages = world.of(told.layers)[: told.villages]
    if len(villages) < told.villages:
        raise ValueError(f"there are only {len(villages)} villages")
    days, whole = (told.last - told.on).days, told.matters * (told.matters + 1)
    sums = [told.amount * place * (place + 1) // whole for place in range(told.matters + 1)]
    amounts = [after - before for before, after in pairwise(sums)]
    for run in range(told.runs):
        first, last = told.matters * run // told.runs, told.matters * (run + 1) // told.runs
        on = told.on + timedelta(days * run // told.runs)
        yield Run(villages[run % told.villages], run, on, amounts[first:last], told.representatives)


def decide(world: World, run: Run, at: datetime) -> None:
    """The matters come in as far as they had come; the representatives meet, and all is passed."""
    home = Organisation.objects.get(pk=run.village.pk)
    by = Actor.command("replay")
    sent = run.on - SENT_BEFORE
    done = {"opened": sent, "proposal": sent, "consultation": sent, "plan-sent": sent, "member-assembly": run.on}
    rows = [
        procedures.Past(
            home.pk, f"第 {run.number + 1} 次议事第 {place} 项", "resolution", run.on, done,
            {"matter": "project", "amount": fen, "reason": "村集体经济项目。"},
        )
        for place, fen in enumerate(run.amounts, start=1)
    ]  # fmt: skip
    entered = procedures.enter_many(world.top, procedure=FOUR, rows=rows, by=world.officer, at=at)
    first, *others = procedures.cases_of(entered)
    procedures.hold_meeting(first, sheet=_sheet(run, _roll(home, run, by, at)), also=others, by=by, at=at)
    for case in (first, *others):
        procedures.end_step(case, outcome="passed", told=procedures.Told(run.on), by=by, at=at)


def _roll(home: Organisation, run: Run, by: Actor, at: datetime) -> list[Named]:
    """The village's representatives; where there are none yet, so many are chosen for the term."""
    if not queries.on_roll(home, "representatives", run.on).exists():
        names = [residents.NewListing(f"代表{place}") for place in range(1, run.representatives + 1)]
        residents.list_many(
            home,
            roll="representatives",
            names=names,
            source="各村民小组推选",
            since=TERM[0],
            until=TERM[1],
            by=by,
            at=at,
        )
    return [one for one, _ in assembly.roll_for(home, Electorate.REPRESENTATIVES, run.on, "", by)]


def _sheet(run: Run, roll: list[Named]) -> Sheet:
    """Most came and most were in favour: of whom it was is invented, as the account does not say."""
    present = run.representatives - run.number % 9
    choices = {place: "no" if place < run.number % 5 else "yes" for place in range(present)}
    return Sheet(
        "case", "村民代表会议", f"村民代表会议第 {run.number + 1} 次", run.on, "村委会", roll,
        {place: Mark("present" if place in choices else "absent") for place in range(run.representatives)},
        Written("逐项表决，通过。", "村委会主任", "村委会文书"), electorate=Electorate.REPRESENTATIVES, quorum=">= 2/3 of roll",
        motions=[Motion(1, "逐项表决", "> 1/2 of present", ">= 2/3 of roll", choices=choices)],
    )  # fmt: skip

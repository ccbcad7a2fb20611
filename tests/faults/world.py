"""A small city made by verbs alone, and the works that go on in it while processes are killed."""

import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from jiceng.engines.procedures import actions as procedures
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Actor, Role
from jiceng.kernel.journal import actions as journal
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.orgs.models import Kind, Organisation
from jiceng.kernel.people import actions as people
from jiceng.kernel.people.models import Membership, Person
from jiceng.kernel.posts import actions as posts
from jiceng.kernel.posts.models import Post
from jiceng.kernel.reorganisation import actions as reorganisation
from jiceng.lib.refusals import Refused

SINCE = date(2000, 1, 1)
ON = date(2026, 3, 1)
WHY = orgs.Because(on=ON, reason="工作需要")
BUILDER = Actor.command("builder")
TOWNS, BRANCHES = 12, 24
"""So that a county has 300 organisations below it."""

RACED = 6
"""Disputes about which two act at once, a race each."""

LIST = 300
"""Members in one list of the intake."""


def build(branches: int = BRANCHES) -> None:
    """A city, two districts, a county of 12 towns with that many branches each, an officer, forty members."""
    call_command("migrate", verbosity=0)
    because, now = orgs.Because(on=SINCE, reason="建账"), timezone.now
    top = orgs.begin(None, new=orgs.New("CITY", "某市委员会", Kind.COMMITTEE), because=because, by=BUILDER, at=now())
    for code, name in (("EAST", "东区委员会"), ("WEST", "西区委员会")):
        orgs.found(top, new=orgs.New(code, name, Kind.COMMITTEE), because=because, by=BUILDER, at=now())
    east = by_code("EAST")
    county = orgs.found(
        east, new=orgs.New("COUNTY", "某县委员会", Kind.COMMITTEE), because=because, by=BUILDER, at=now()
    )
    rows = [orgs.NewUnder(f"T{town}", f"第{town}镇委员会", Kind.COMMITTEE) for town in range(TOWNS)]
    rows += [
        orgs.NewUnder(f"T{town}-{n}", f"第{town}镇第{n}村支部", Kind.BRANCH, parent_code=f"T{town}")
        for town in range(TOWNS)
        for n in range(branches)
    ]
    rows.append(orgs.NewUnder("GENERAL", "第1镇总支部", Kind.GENERAL_BRANCH, parent_code="T1"))
    rows += [orgs.NewUnder(f"G{n}", f"总支第{n}支部", Kind.BRANCH, parent_code="GENERAL") for n in range(2)]
    orgs.found_many(county, rows=rows, because=because, by=BUILDER, at=now())
    first = people.admit(top, new=member("组织员甲"), by=BUILDER, at=now())
    posts.appoint_administrator(top, person=first, role=Role.OFFICER, since=SINCE, by=BUILDER, at=now())
    admit(county, ["T0-0", "T0-1", "GENERAL", "G0"], 40, batch=0)
    for _ in range(RACED):
        dispute(county)
    journal.seal(at=now())


def by_code(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def officer() -> Actor:
    """The city's officer, who may do everything below the city."""
    post = Post.objects.known().get(role=Role.OFFICER)
    return Actor("user", "组织员甲", person=post.person_id)


def member(name: str, home: int | None = None) -> people.NewMember:
    return people.NewMember(
        name=name, sex="1", since=SINCE, told=people.Told(education="20", occupation="02"), birth_on=date(1970, 1, 1),
        joined_on=date(1995, 7, 1), organisation=home,
    )  # fmt: skip


def admit(county: Organisation, codes: list[str], count: int, *, batch: int) -> Any:
    """Registers a list of that many members, spread over the organisations of these codes."""
    homes = list(Organisation.objects.filter(code__in=codes).order_by("pk").values_list("pk", flat=True))
    rows = [member(f"王{'甲乙丙丁'[n % 4]}{'春夏秋冬'[n // 4 % 4]}", homes[n % len(homes)]) for n in range(count)]
    return people.admit_many(county, rows=rows, by=officer(), at=timezone.now(), batch=batch)


def intake(chance: random.Random) -> None:
    """One list of members comes in."""
    codes = [f"T{chance.randrange(TOWNS)}-{n}" for n in range(BRANCHES)]
    admit(by_code("COUNTY"), codes, LIST, batch=chance.randrange(1, 2**40))


def move(chance: random.Random) -> None:
    """The county, with everything below it, goes to the other district."""
    county = by_code("COUNTY")
    to = by_code("WEST" if county.parent_id == by_code("EAST").pk else "EAST")
    orgs.reparent(county, parent=to, because=WHY, by=officer(), at=timezone.now())


def merge(chance: random.Random) -> None:
    """A general branch closes: its two branches and its members go to a town."""
    reorganisation.merge(by_code("GENERAL"), into=by_code("T2"), because=WHY, by=officer(), at=timezone.now())


def appoint(chance: random.Random) -> None:
    """Somebody takes a post in one of the branches."""
    person = chance.choice(list(Person.objects.order_by("pk")[:41]))
    role = chance.choice([Role.SECRETARY, Role.COMMITTEE_MEMBER])
    posts.appoint(_branch(chance), person=person, role=role, since=ON, by=officer(), at=timezone.now())


def found(chance: random.Random) -> None:
    new = orgs.New(f"N{chance.randrange(2**60)}", "新设党支部", Kind.BRANCH)
    orgs.found(_town(chance), new=new, because=WHY, by=officer(), at=timezone.now())


def rename(chance: random.Random) -> None:
    name = f"改名第{chance.randrange(10**6)}村支部"
    orgs.rename(_branch(chance), name=name, because=WHY, by=officer(), at=timezone.now())


def reparent(chance: random.Random) -> None:
    orgs.reparent(_branch(chance), parent=_town(chance), because=WHY, by=officer(), at=timezone.now())


def transfer(chance: random.Random) -> None:
    """One member goes from branch to branch."""
    person = Membership.objects.open().order_by("pk")[chance.randrange(40)].person_id
    moves = [(person, _branch(chance).pk)]
    people.transfer_many(
        by_code("CITY"), moves=moves, on=ON, start=Membership.Start.TRANSFERRED, by=officer(), at=timezone.now()
    )


TALKS = ("accepted", "done", "agreed", "done", "not-applied", "kept")
SAID = {1: {"facts": "边界不清"}, 3: {"terms": "各半"}}


def mediate(chance: random.Random) -> None:
    """A dispute is opened, or the next thing is done about one that runs."""
    case = Case.objects.filter(state="running").order_by("pk").first()
    if case is None or chance.random() < 0.2:
        dispute(_branch(chance))
        return
    steps = ("acceptance", "inquiry", "talks", "agreement", "confirmation", "follow-up")
    place = steps.index(case.step)
    if case.step == "agreement":
        told = procedures.Told(ON, reason="档案柜")
        procedures.keep_paper(case, paper="agreement", told=told, by=BUILDER, at=timezone.now())
    told = procedures.Told(ON, SAID.get(place, {}))
    procedures.end_step(case, outcome=TALKS[place], told=told, by=BUILDER, at=timezone.now())


def dispute(home: Organisation) -> Case:
    """Two families disagree."""
    told = procedures.Told(ON, {"dispute": "neighbours", "started": "asked"})
    return procedures.open(home, procedure="mediation", title="晒场纠纷", told=told, by=BUILDER, at=timezone.now())


def mixed(chance: random.Random) -> None:
    """Any one verb of the others; a refusal is an answer too."""
    try:
        chance.choice([appoint, found, rename, reparent, transfer, mediate, mediate])(chance)
    except Refused:
        return


def _branch(chance: random.Random) -> Organisation:
    found = Organisation.objects.filter(kind=Kind.BRANCH, closed_on=None).order_by("pk")
    return found[chance.randrange(200)]


def _town(chance: random.Random) -> Organisation:
    return by_code(f"T{chance.randrange(TOWNS)}")


WORKS: dict[str, Callable[[random.Random], None]] = {
    "intake": intake, "move": move, "mixed": mixed, "merge": merge, "appoint": appoint,
}  # fmt: skip


def endlessly(work: str, seed: int) -> Iterator[None]:
    """Does the work again and again; stands between two verbs at each step."""
    chance = random.Random(seed)
    while True:
        WORKS[work](chance)
        yield

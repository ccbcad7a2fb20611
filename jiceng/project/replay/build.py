"""Builds the world of a scenario through bulk verbs, day after day."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import cycle, islice

from jiceng.kernel.access import Actor, Role
from jiceng.kernel.journal import actions as journal
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people import actions as people
from jiceng.kernel.places.models import Place
from jiceng.kernel.posts import actions as posts
from jiceng.kernel.units import actions as units

from .chance import Chance
from .happenings import happenings
from .scenario import Layer, Members, Scenario, Units
from .world import Free, Node, World, noon

type Tell = Callable[[str], None]

WORKING = "24-57"
"""The ages of members who work in a unit."""

COMMAND = Actor.command("replay")


def build(scenario: Scenario, *, simulated: bool, tell: Tell) -> World:
    """The whole story, from the first organisation to the day on which the account counts."""
    chance = Chance(scenario.seed)
    world = _begin(scenario, chance, simulated)
    tell(f"{scenario.name}：组织")
    _found(scenario, world)
    tell(f"{scenario.name}：单位")
    for group in scenario.units:
        _register(scenario, world, group, chance)
    tell(f"{scenario.name}：党员")
    _admit(scenario, world, chance)
    told = ""
    for day, name, do in sorted(happenings(scenario, world), key=lambda happening: happening[0]):
        if name != told:  # what happens again and again is told of once
            tell(f"{scenario.name}：{day} {name}")
        told = name
        do(world.at(day))
    world.at(scenario.asks)
    return world


def _begin(scenario: Scenario, chance: Chance, simulated: bool) -> World:
    """The top of the tree and one officer, who does everything that follows under the ordinary rules."""
    if simulated:
        journal.mark_as_simulation(now=noon(scenario.opens))
    said = scenario.top
    place = Place.objects.get(code=scenario.place, until=None)
    world = World(top=None, officer=COMMAND, simulated=simulated)  # type: ignore[arg-type]  # set two lines below
    at = world.at(scenario.opens)
    because = orgs.Because(on=scenario.opens, reason="建账")
    new = orgs.New(code=said.code, name=said.name, kind=said.kind, place=place.pk)
    world.top = orgs.begin(None, new=new, because=because, by=COMMAND, at=at)
    world.layers["top"] = [Node(world.top.pk, said.code, said.name, world.top.path, place.pk, place.path)]
    world.officer = _officer(scenario, world, chance)
    return world


def _officer(scenario: Scenario, world: World, chance: Chance) -> Actor:
    born = chance.birth("35-50", scenario.opens)
    told = people.Told(education="21", occupation="05")
    new = people.NewMember(
        name=chance.name(), sex="1", since=scenario.opens, told=told, number=chance.number(born, "1"),
        joined_on=date(born.year + 22, 7, 1),
    )  # fmt: skip
    at = world.at(scenario.opens)
    person = people.admit(world.top, new=new, by=COMMAND, at=at)
    posts.appoint(
        world.top, person=person, role=Role.OFFICER, title="组织部干部", since=scenario.opens, by=COMMAND, at=at
    )
    return Actor("user", person.name, user=0, person=person.pk)


def _found(scenario: Scenario, world: World) -> None:
    for number, layer in enumerate(scenario.layer, start=1):
        rows = list(_rows_of(scenario, world, layer, number))
        on = layer.on or scenario.opens
        made = orgs.found_many(
            world.top, rows=[row for row, _ in rows], because=orgs.Because(on=on, reason="建账"), by=world.officer,
            at=world.at(on),
        )  # fmt: skip
        paths = dict(Organisation.objects.filter(pk__in=made.ids.values()).values_list("pk", "path"))
        world.layers[layer.key] = [
            Node(made.ids[row.code], row.code, row.name, paths[made.ids[row.code]], row.place, place_path)
            for row, place_path in rows
        ]


def _rows_of(scenario: Scenario, world: World, layer: Layer, number: int) -> Iterator[tuple[orgs.NewUnder, str]]:
    parents = world.of(layer.under)
    if layer.each:
        spots = _places_below(parents, layer.each, scenario)
    else:
        count = layer.count or _missing(scenario, layer)
        spots = ((parent, parent.place, parent.place_path, "") for parent in islice(cycle(parents), count))
    turns: dict[int, int] = {}
    for serial, (parent, place, place_path, place_name) in enumerate(spots, start=1):
        turns[parent.pk] = turn = turns.get(parent.pk, 0) + 1
        name = layer.name.format(place=place_name, parent=_short(parent.name), n=turn, serial=serial)
        row = orgs.NewUnder(
            code=f"{scenario.top.code}{number:02d}{serial:05d}", name=name, kind=layer.kind, form=layer.form,
            founded_on=layer.on or scenario.opens, place=place, parent_code=parent.code, mission=layer.mission,
            ends_on=layer.ends_on,
        )  # fmt: skip
        yield row, place_path


def _missing(scenario: Scenario, layer: Layer) -> int:
    """How many are wanting to the number of living organisations, once those that will be dissolved are gone."""
    will_close = sum(one.closes for one in scenario.layer[: scenario.layer.index(layer) + 1])
    return layer.fill - Organisation.objects.filter(closed_on=None).count() + will_close


def _short(name: str) -> str:
    for tail in ("工作委员会", "委员会", "总支部", "支部", "党委", "党总支", "党支部"):
        if name.endswith(tail):
            return name.removesuffix(tail).removeprefix("中共").removeprefix("中国共产党")
    return name


def _places_below(parents: list[Node], level: str, scenario: Scenario) -> Iterator[tuple[Node, int | None, str, str]]:
    """Every place of the level, with the organisation whose own place is nearest above it."""
    by_path = {parent.place_path: parent for parent in reversed(parents)}
    top = Place.objects.get(code=scenario.place, until=None)
    for place in Place.objects.filter(path__under=top.path, level=level, until=None).order_by("path"):
        above = next(
            (by_path[place.path[:end]] for end in range(len(place.path), 0, -4) if place.path[:end] in by_path), None
        )
        if above is not None:
            yield above, place.pk, place.path, _spoken(place.name)


def _spoken(name: str) -> str:
    """The place without the body that the statistics name it by: 三堡村民委员会 is 三堡村, 雅怡社区居委会 is 雅怡社区."""
    for tail, said in (("村民委员会", "村"), ("村委会", "村"), ("居民委员会", ""), ("居委会", "")):
        if name.endswith(tail):
            return name.removesuffix(tail) + said
    return name


def _register(scenario: Scenario, world: World, group: Units, chance: Chance) -> None:
    since = group.since or scenario.opens
    hosts = list(islice(cycle(world.of(group.under)), group.count))
    rows = [
        units.NewUnit(
            code=f"{scenario.top.code}-{group.key}-{serial}", kind=group.kind, place=host.place, since=since,
            name=group.name.format(parent=_short(host.name), n=serial), registered_on=since,
            organisation_code=host.code,
            state=units.State(
                grade=group.grade, staff=chance.between(*group.staff), premises=group.premises, activity=group.activity
            ),
        )
        for serial, host in enumerate(hosts, start=1)
    ]  # fmt: skip
    made = units.register_many(world.top, rows=rows, on=since, by=world.officer, at=world.at(since))
    world.units[group.key] = [(row.code, made.ids[row.code]) for row in rows]


def _admit(scenario: Scenario, world: World, chance: Chance) -> None:
    jobs = _jobs(scenario, world)
    known: list[tuple[str, int]] = []
    for block in scenario.members:
        homes = world.of(block.layers)
        shares = chance.share_out(block.total, len(homes), block.at_least)
        where = [home for home, share in zip(homes, shares, strict=True) for _ in range(share)]
        rows = [_member(scenario, block, home, chance, jobs) for home in where]
        on = block.on or scenario.opens
        made = people.admit_many(world.top, rows=rows, by=world.officer, at=world.at(on))
        known += [
            (home.path, person)
            for home, row, person in zip(where, rows, made.people, strict=True)
            if not is_old(row.born_on, on)
        ]
    if next(jobs, None) is not None:
        raise ValueError("there are fewer members than the units need")
    world.free = Free(known)


def is_old(born: date, on: date) -> bool:
    """Past sixty: retired, and given no post, no loan and no journey."""
    return on.toordinal() - born.toordinal() > 60 * 365


def _jobs(scenario: Scenario, world: World) -> Iterator[int]:
    """The unit in which the next member works, as often as its group says."""
    for group in scenario.units:
        for _, unit in world.units[group.key]:
            yield from [unit] * group.members


def _member(scenario: Scenario, block: Members, home: Node, chance: Chance, jobs: Iterator[int]) -> people.NewMember:
    on = block.on or scenario.opens
    job = next(jobs, None)
    sex, born = chance.pick(block.sexes), chance.birth(WORKING if job else chance.pick(block.ages), on)
    kind = "full" if job else chance.pick(block.kinds)
    told = people.Told(
        education=chance.pick(block.education), occupation=chance.pick(block.occupations),
        station="in-post" if job else chance.pick(block.stations), unit=job,
        hardship=chance.one_in(block.hardship), skilled=chance.one_in(block.skilled),
    )  # fmt: skip
    joined = _joined(born, on, kind, chance)
    return people.NewMember(
        name=chance.name(), sex=sex, since=on, told=told, number=chance.number(born, sex), joined_on=joined, kind=kind,
        organisation=home.pk,
    )  # fmt: skip


def _joined(born: date, on: date, kind: str, chance: Chance) -> date:
    """A probationary member joined within the last year, a full one at least a year ago; nobody before eighteen."""
    if kind == "probationary":
        return date.fromordinal(on.toordinal() - chance.between(1, 180))
    first, last = born.toordinal() + 18 * 366 + 5, on.toordinal() - 400
    return date.fromordinal(chance.between(first, max(first, last)) if first < last else last)

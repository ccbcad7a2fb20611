"""What happens in a scenario after everybody is there: each happening has its day, its name, and its verb."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle, islice

from jiceng.domains.coverage import actions as coverage
from jiceng.domains.coverage.models import Coverage, Pairing
from jiceng.domains.honours import actions as honours
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.orgs.models import Form, Organisation
from jiceng.kernel.people import actions as people
from jiceng.kernel.posts import actions as posts
from jiceng.kernel.reorganisation import actions as reorganisation

from .deciding import decide, enter, runs
from .scenario import Awards, Bodies, Cover, Event, Floating, Layer, Loans, Pairs, Posts, Scenario, Terms, Units
from .world import World

type Happening = tuple[date, str, Callable[[datetime], object]]


def happenings(scenario: Scenario, world: World) -> Iterator[Happening]:
    """Everything that the scenario tells, in no order; a day that is not told is the first of all."""
    yield from _about_posts(scenario, world)
    yield from _about_members(scenario, world)
    yield from _about_units(scenario, world)
    for block in scenario.cases:
        latest = max((block.on, *(deed.on for deed in block.deeds)))
        yield latest, f"事项 {block.procedure}", partial(enter, world, block)
    for told in scenario.deliberations:
        for run in runs(world, told):
            yield run.on, "四议两公开", partial(decide, world, run)
    for event in scenario.event:
        yield event.on, event.reason, partial(_change, world, event)
    for layer in scenario.layer:
        if layer.closes_on:
            yield layer.closes_on, "撤销", partial(_close, world, layer)


def _about_posts(scenario: Scenario, world: World) -> Iterator[Happening]:
    for block in scenario.terms:
        yield block.on, "届期", partial(_open_terms, world, block)
    for given in scenario.posts:
        on = given.on or scenario.opens
        yield on, f"任职 {given.role}", partial(_appoint, world, given, on)
    for award in scenario.awards:
        yield award.on, f"表彰 {award.honour}", partial(_commend, world, award)
    for body in scenario.bodies:
        yield body.on, f"联席 {body.kind}", partial(_form, world, body)


def _about_members(scenario: Scenario, world: World) -> Iterator[Happening]:
    for away in scenario.floating:
        yield away.on, "流动党员", partial(_float, world, away)
    for loan in scenario.loans:
        yield loan.on, "借用", partial(_lend, world, loan)


def _about_units(scenario: Scenario, world: World) -> Iterator[Happening]:
    for group in scenario.units:
        for cover in group.cover:
            yield cover.on, f"覆盖 {group.key}", partial(_cover, world, group, cover)
    for pair in scenario.pairs:
        yield pair.on, "结对", partial(_pair, world, pair)
        if pair.ends_on:
            yield pair.ends_on, "结对结束", partial(_unpair, world, pair, pair.ends_on)


def _open_terms(world: World, block: Terms, at: datetime) -> None:
    nodes = world.of(block.layers)
    terms = [
        posts.NewTerm(node.pk, since=block.on, ends_on=block.ends_on + timedelta(block.spread * place // len(nodes)))
        for place, node in enumerate(nodes)
    ]
    posts.open_terms(world.top, terms=terms, by=world.officer, at=at)


def _appoint(world: World, block: Posts, on: date, at: datetime) -> None:
    nodes = world.of(block.layers)
    made: list[posts.NewPost] = []
    for node in islice(cycle(nodes), block.count or len(nodes)):
        person = world.free.take_near(node.path)
        for role in (block.role, *block.also):
            title = block.title if role == block.role else ""
            made.append(posts.NewPost(node.pk, person, role, on, block.until, title, block.source))
    posts.appoint_many(world.top, posts=made, by=world.officer, at=at)


def _commend(world: World, block: Awards, at: datetime) -> None:
    what = honours.Honour(block.category, block.honour, block.level, world.top.name, block.on)
    nodes = world.of(block.layers)
    if block.category == "organisation":
        rows = [honours.NewAward(what, organisation=node.pk) for node in nodes[: block.count]]
    else:
        members = world.free.each([node.path for node in nodes], block.count)
        rows = [honours.NewAward(what, person=person) for _, person in members]
    honours.award_many(world.top, rows=rows, by=world.officer, at=at)


def _cover(world: World, group: Units, cover: Cover, at: datetime) -> None:
    """Each unit gets an organisation of the layer in turn: one of its own, or one shared with others."""
    units = world.units[group.key][cover.skip :]
    chosen = units[: cover.count] if cover.count is not None else units
    for row in Coverage.objects.open().filter(unit__in=[unit for _, unit in chosen]).exclude(form=cover.form):
        coverage.uncover(row, on=cover.on, by=world.officer, at=at)
    hosts = cycle(world.layers[cover.layer])
    rows = [
        coverage.NewCoverage(unit_code=code, organisation_code=next(hosts).code, form=cover.form, since=cover.on)
        for code, _ in chosen
    ]  # fmt: skip
    coverage.cover_many(world.top, rows=rows, by=world.officer, at=at)


def _float(world: World, block: Floating, at: datetime) -> None:
    hosts = cycle(world.layers[block.to]) if block.to else None
    homes = [node.path for node in world.of(block.layers)]
    rows = []
    for _, person in world.free.each(homes, block.count):
        host = next(hosts) if hosts else None
        rows.append(people.Away(person=person, since=block.on, to=host.pk if host else None, where=block.where))
    people.float_many(world.top, rows=rows, by=world.officer, at=at)


def _lend(world: World, block: Loans, at: datetime) -> None:
    hosts = cycle(world.layers[block.to])
    homes = [node.path for node in world.of(block.layers)]
    lent: dict[int, list[int]] = {}
    for _, person in world.free.each(homes, block.count):
        lent.setdefault(next(hosts).pk, []).append(person)
    for host, persons in lent.items():
        people.lend_many(
            world.top, people=persons, to=Organisation.objects.get(pk=host), on=block.on, by=world.officer, at=at
        )


def _form(world: World, block: Bodies, at: datetime) -> None:
    """Every unit of the group is paired once, the bodies taken in turn."""
    nodes = world.layers[block.layer][: block.count] if block.count else world.layers[block.layer]
    paired: dict[int, list[int]] = {}
    for node, (_, unit) in zip(cycle(nodes), world.units[block.units] if block.units else (), strict=False):
        paired.setdefault(node.pk, []).append(unit)
    bodies = [
        posts.NewBody(
            organisation=node.pk, name=block.name.format(parent=node.name), kind=block.kind, since=block.on,
            units=tuple(paired.get(node.pk, ())),
        )
        for node in nodes
    ]  # fmt: skip
    posts.form_bodies(world.top, bodies=bodies, by=world.officer, at=at)


def _pair(world: World, block: Pairs, at: datetime) -> None:
    units = world.units[block.units]
    hosts = cycle(world.layers[block.layer])
    rows = [
        coverage.NewPairing(unit_code=code, organisation_code=next(hosts).code, purpose=block.purpose, since=block.on)
        for code, _ in islice(units, block.count or len(units))
    ]  # fmt: skip
    coverage.pair_many(world.top, rows=rows, by=world.officer, at=at)


def _unpair(world: World, block: Pairs, on: date, at: datetime) -> None:
    units = [unit for _, unit in islice(world.units[block.units], block.count or None)]
    for pairing in Pairing.objects.open().filter(unit__in=units):
        coverage.unpair(pairing, on=on, by=world.officer, at=at)


def _change(world: World, event: Event, at: datetime) -> None:
    because = orgs.Because(on=event.on, reason=event.reason)
    goals = cycle(world.layers[event.to]) if event.to else None
    nodes = world.layers[event.layer][event.skip : event.skip + event.count]
    if len(nodes) < event.count:
        raise ValueError(f"the layer {event.layer} has only {len(nodes)} organisations from number {event.skip} on")
    for node in nodes:
        one = Organisation.objects.get(pk=node.pk)
        name = event.name.format(name=one.name) if event.name else ""
        match event.act:
            case "upgrade":
                orgs.upgrade(one, kind=event.kind, name=name, because=because, by=world.officer, at=at)
            case "rename":
                orgs.rename(one, name=name, because=because, by=world.officer, at=at)
            case "dissolve":
                orgs.dissolve(one, because=because, by=world.officer, at=at)
            case "reparent" | "merge":
                goal = Organisation.objects.get(pk=next(goals).pk)  # type: ignore[arg-type]  # read from the scenario
                verb, key = (orgs.reparent, "parent") if event.act == "reparent" else (orgs.merge, "into")
                verb(one, because=because, by=world.officer, at=at, **{key: goal})
    world.refresh()


def _close(world: World, layer: Layer, at: datetime) -> None:
    """The last of the layer are closed again: they had no members of their own and no longer count."""
    temporary = layer.form == Form.TEMPORARY
    close = reorganisation.end_temporary if temporary else orgs.dissolve
    because = orgs.Because(on=layer.closes_on or at.date(), reason="任务完成" if temporary else "不再符合设置条件")
    for node in world.layers[layer.key][-layer.closes :]:
        close(Organisation.objects.get(pk=node.pk), because=because, by=world.officer, at=at)

"""Everything between an empty database and a place that can be shown: places, the story, accounts to sign in with."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.db import connection
from django.utils import timezone

from jiceng.engines.figures import columnar
from jiceng.kernel.access import ADMINISTRATORS, Role
from jiceng.kernel.accounts import actions as accounts
from jiceng.kernel.accounts.actions.passwords import Slip
from jiceng.kernel.journal import actions as journal
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people import actions as people
from jiceng.kernel.people.models import Person
from jiceng.kernel.places import actions as places
from jiceng.kernel.places import editions
from jiceng.kernel.posts import actions as posts
from jiceng.lib.bulk import settle

from .build import COMMAND, build
from .chance import SAMPLES, Chance
from .scenario import Scenario
from .world import Node, World, noon

PACKS = Path(__file__).resolve().parent.parent.parent / "packs"
EDITION = date(2023, 6, 30)
"""The day of the shipped edition of the division codes."""


def file_of(place: str) -> Path:
    """The scenario of a place that we ship."""
    return Path(__file__).resolve().parent / "stories" / f"{place}.toml"


def tell_story(scenario: Scenario, *, simulated: bool, tell: Callable[[str], None]) -> World:
    """Loads the places, builds the world, and refreshes the figures."""
    if simulated:
        journal.mark_as_simulation(now=noon(scenario.opens))
    tell(f"{scenario.name}：地方")
    rows = editions.read(PACKS / scenario.places / "places.csv")
    because = places.Because(on=min(EDITION, scenario.opens), reason="载入国家统计局 2023 年版区划代码")
    places.load_divisions(None, rows=rows, because=because, by=COMMAND, at=timezone.now())
    world = build(scenario, simulated=simulated, tell=tell)
    settle(connection)
    tell(f"{scenario.name}：数字")
    columnar.refresh()
    return world


def sample_accounts(scenario: Scenario, world: World) -> list[tuple[str, Slip]]:
    """One account for each sample role, each held by somebody of the story: role in words, and the slip."""
    chance = Chance(scenario.seed, SAMPLES)
    top = world.layers["top"][0]
    county = world.layers.get("county", [top])[0]
    town = next(node for node in world.layers["town"] if node.path.startswith(county.path))
    branch = next(node for node in world.of(("village",)) if node.path.startswith(town.path))
    day = timezone.localdate()
    asked: list[tuple[str, Node, Role | None]] = [
        *([("市级组织员", top, Role.OFFICER)] if county is not top else []),
        ("县（区）级组织员", county, Role.OFFICER),
        ("镇街组织员", town, Role.OFFICER),
        ("支部书记", branch, Role.SECRETARY),
        ("党员", branch, None),
        ("审计人员", top, Role.AUDITOR),
        ("安全管理员", top, Role.SECURITY_ADMINISTRATOR),
        ("审计管理员", top, Role.AUDIT_ADMINISTRATOR),
    ]
    slips = []
    for words, node, role in asked:
        person = _somebody(node, role, chance, day)
        opened = accounts.open_accounts(world.top, people=[person.pk], by=COMMAND, at=timezone.now())
        slips += [(words, slip) for slip in opened.slips]
    return slips


def _somebody(node: Node, role: Role | None, chance: Chance, day: date) -> Person:
    """Whoever holds the post already; else a new member, who is appointed to it."""
    place = Organisation.objects.get(pk=node.pk)
    if role is Role.SECRETARY:
        holder = place.posts.open().filter(role=role).first()
        if holder is not None:
            return holder.person
    born = chance.birth("30-50", day)
    new = people.NewMember(
        name=chance.name(), sex="2", since=day, told=people.Told(education="21", occupation="05"),
        number=chance.number(born, "2"), joined_on=date(born.year + 25, 7, 1),
    )  # fmt: skip
    at = timezone.now()
    person = people.admit(place, new=new, by=COMMAND, at=at)
    if role in {*ADMINISTRATORS, Role.AUDITOR}:
        posts.appoint_administrator(place, person=person, role=role, since=day, by=COMMAND, at=at)
    elif role is not None:
        posts.appoint(place, person=person, role=role, title=role.label, since=day, by=COMMAND, at=at)
    return person

"""The rates of coverage stand side by side, each over its own universe."""

from datetime import date

import pytest

from jiceng.domains.coverage import actions
from jiceng.domains.coverage.actions import NewCoverage
from jiceng.engines.figures import queries as figures
from jiceng.engines.figures.sources import Live
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.units import actions as units
from jiceng.kernel.units.actions import NewUnit, State
from jiceng.kernel.units.models import Unit
from tests.builders import BUILDER, NOON, because, member, org, root

pytestmark = pytest.mark.django_db(transaction=True)

START = date(2026, 1, 1)
DAY = date(2026, 3, 31)

FIVE = State(grade="五类企业", staff=100)
SMALL = State(staff=7)
NO_PLACE = State(staff=50, premises=False)
STOPPED = State(staff=50, activity="suspended")

WORLD = [
    # code, kind, state, members, covered how
    ("A", "enterprise", FIVE, 3, "single"),
    ("B", "enterprise", FIVE, 3, "joint"),
    ("C", "enterprise", FIVE, 1, "joint"),
    ("D", "enterprise", FIVE, 1, ""),
    ("E", "enterprise", FIVE, 0, "joint"),
    ("F", "enterprise", SMALL, 1, "joint"),
    ("G", "enterprise", NO_PLACE, 0, ""),
    ("H", "enterprise", STOPPED, 0, ""),
    ("I", "social-organisation", State(staff=9), 0, "single"),
    ("J", "social-organisation", STOPPED, 0, ""),
    ("K", "law-firm", State(staff=9), 4, "single"),
    ("L", "law-firm", State(staff=9), 4, "joint"),
]

EXPECTED = {
    "coverage-five-classes": (3, 4),
    "coverage-five-classes-own": (1, 2),
    "coverage-enterprises": (4, 5),
    "coverage-sizeable-enterprises": (4, 5),
    "coverage-running-societies": (1, 1),
    "coverage-societies": (1, 2),
    "law-firms-own": (1, None),
    "law-firms": (2, None),
}


@pytest.fixture
def city():
    top = root()
    rows = [NewUnit(code, f"第{code}号单位", kind, state=state) for code, kind, state, _, _ in WORLD]
    units.register_many(top, rows=rows, on=START, by=BUILDER, at=NOON)
    for code, _, _, members, _ in WORLD:
        for _ in range(members):
            member(top, unit=Unit.objects.get(code=code))
    covered = []
    for code, *_, form in WORLD:
        if form:
            org(f"第{code}号单位党支部", under=top, code=f"ORG{code}")
            covered.append(NewCoverage(code, f"ORG{code}", form, START))
    actions.cover_many(top, rows=covered, by=BUILDER, at=NOON)
    return top


def told(node, day):
    asked = [figures.indicator(key) for key in EXPECTED]
    found = figures.values(asked, node.pk, on=day, source=Live())
    return {key: (found[key].part, found[key].whole) for key in EXPECTED}


def test_each_rate_has_its_own_universe(city):
    assert told(city, DAY) == EXPECTED


def test_nothing_is_counted_before_it_was_there(city):
    assert {part for part, _ in told(city, date(2025, 12, 31)).values()} == {0}


def test_what_a_dissolved_organisation_covered_counts_no_more(city):
    from jiceng.kernel.orgs.models import Organisation

    gone = Organisation.objects.get(code="ORGA")
    orgs.dissolve(gone, because=because(date(2026, 4, 1)), by=BUILDER, at=NOON)
    assert told(city, DAY) == EXPECTED
    assert told(city, date(2026, 4, 1))["coverage-five-classes"] == (2, 4)

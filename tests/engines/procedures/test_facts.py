"""M27, M44: figures of cases fall out of what was recorded, at every node, and open to the cases."""

from datetime import date

import pytest

from jiceng.engines.figures import queries as figures
from jiceng.engines.procedures import actions
from jiceng.engines.procedures.actions import Told
from tests.builders import BUILDER, NOON, org
from tests.engines.procedures.test_pages import dispute

pytestmark = pytest.mark.django_db

TALKS = (
    ("accepted", {}), ("done", {"facts": "边界不清"}), ("agreed", {}), ("done", {"terms": "各半"}),
    ("not-applied", {}), ("kept", {}),
)  # fmt: skip


def settled(case, on=date(2026, 3, 5), steps=6):
    for number, (outcome, said) in enumerate(TALKS[:steps]):
        if number == 3:
            actions.keep_paper(case, paper="agreement", told=Told(on, reason="档案柜"), by=BUILDER, at=NOON)
        actions.end_step(case, outcome=outcome, told=Told(on, said), by=BUILDER, at=NOON)


@pytest.fixture
def town():
    return org("某镇党委", kind="committee")


@pytest.fixture
def villages(town):
    return [org(f"{name}村党支部", under=town) for name in ("东山", "西山")]


def figure(key, where, on=date(2026, 6, 1)):
    asked = figures.indicator(key, "chaozhou")
    found = figures.value(asked, where.pk, on=on)
    behind = figures.records(asked, where.pk, on=on)
    assert len({one.record for one in behind}) == found.part, "点开的就是数的"
    return found.part


def test_m44_disputes_that_were_settled_at_every_node(town, villages):
    east, west = villages
    for home, number in ((east, 3), (west, 2)):
        for _ in range(number):
            settled(dispute(home))
    settled(dispute(west), steps=3)
    failed = dispute(east)
    actions.end_step(failed, outcome="refused", told=Told(date(2026, 3, 5)), by=BUILDER, at=NOON)
    assert [figure("disputes-mediated", one) for one in (town, east, west)] == [5, 3, 2]
    assert [figure("disputes-open", one) for one in (town, east, west)] == [1, 0, 1]
    assert figure("disputes-open", town, date(2026, 3, 4)) == 7, "办结以前都在办"
    assert figure("disputes-mediated", town, date(2026, 3, 4)) == 0


def weak(home):
    told = Told(date(2024, 3, 4), {"kind_of_weakness": "idle", "found": "不开会"})
    return actions.open(home, procedure="weak-organisations", title="整顿", told=told, by=BUILDER, at=NOON)


def accepted(case, on=date(2024, 7, 1)):
    plan = {"county_leader": "赵某", "town_leader": "钱某", "measures": "配齐班子"}
    day = date(2024, 3, 5)
    actions.end_step(case, outcome="proposed", told=Told(day), by=BUILDER, at=NOON)
    actions.end_step(case, outcome="approved", told=Told(day), by=BUILDER, at=NOON)
    actions.keep_paper(case, paper="file", told=Told(day, reason="镇里"), by=BUILDER, at=NOON)
    actions.end_step(case, outcome="done", told=Told(day, plan), by=BUILDER, at=NOON)
    return looked_at(case, on)


def looked_at(case, on, outcome="removed"):
    actions.note_round(case, told=Told(on, reason="开了会"), by=BUILDER, at=NOON)
    actions.end_step(case, outcome="done", told=Told(on), by=BUILDER, at=NOON)
    actions.end_step(case, outcome="passed", told=Told(on, {"asked": 9, "content": 9}), by=BUILDER, at=NOON)
    for body in ("discipline", "politics-law", "petitions"):
        actions.give_reply(case, reply=body, told=Told(on, reason="同意"), by=BUILDER, at=NOON)
    return actions.end_step(case, outcome=outcome, told=Told(on), by=BUILDER, at=NOON)


def test_m27_an_organisation_that_relapses_and_is_put_right_again_is_counted_once(town, villages):
    first, second = (weak(home) for home in villages)
    accepted(first)
    actions.end_step(first, outcome="relapsed", told=Told(date(2025, 7, 2), reason="又不开会了"), by=BUILDER, at=NOON)
    looked_at(first, date(2025, 11, 3))
    assert [figure("weak-organisations-removed", one) for one in (town, *villages)] == [1, 1, 0]
    assert figure("weak-organisations-open", town) == 2
    entry = accepted(second)
    actions.correct(second, of=entry.number, told=Told(date(2025, 1, 2), reason="日期写错了"), by=BUILDER, at=NOON)
    assert figure("weak-organisations-removed", town, date(2024, 12, 31)) == 1, "更正以后，第二个是 2025 年摘的"
    assert figure("weak-organisations-removed", town) == 2

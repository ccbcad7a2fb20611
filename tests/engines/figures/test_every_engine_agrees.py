"""The database, the columnar file, every node at once and the drill-down all equal a walk from parent to parent."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jiceng.engines.figures import balances, columnar, queries
from jiceng.engines.figures.sources import Columnar, Live
from tests.engines.figures import world as worlds
from tests.engines.figures.world import ACTS, DAYS, MOMENTS, ROWS, STEP, day

pytestmark = pytest.mark.django_db

CAREFULLY = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
MOMENT = st.sampled_from(MOMENTS)
ON = st.integers(0, DAYS * STEP).map(lambda n: date.fromordinal(day(0).toordinal() + n))


@pytest.fixture
def cast():
    return worlds.orgs_and_people()


@CAREFULLY
@given(first=ACTS, second=ACTS, rows=ROWS, on=ON, known_at=MOMENT)
def test_figures_of_every_node_equal_the_oracles(cast, tmp_path_factory, first, second, rows, on, known_at):
    asked = worlds.indicators()
    with transaction.atomic():
        world = worlds.build(first, second, rows, *cast)
        sources = [Live(), Columnar(columnar.refresh(tmp_path_factory.mktemp("figures")))]
        for structure in ("then", "now"):
            expected = {
                (one.key, node): (
                    world.answer(one.part_measure, one, node, on, structure, known_at),
                    world.answer(one.whole_measure, one, node, on, structure, known_at) if one.whole else None,
                )
                for one in asked
                for node in cast[0]
            }
            for source in sources:
                agree(world, source, asked, on, structure, known_at, expected)
        transaction.set_rollback(True)


def agree(world, source, asked, on, structure, known_at, expected):
    how = {"on": on, "structure": structure, "known_at": known_at, "source": source}
    table = queries.every_node(asked, **how)
    nodes = table.organisations.tolist()
    belief = world.belief(known_at)
    assert set(nodes) == {
        node for node in world.second.spans
        if (belief.stands(node, on) if structure == "then" else world.second.is_open(node))
    }  # fmt: skip
    for node in world.second.spans:
        if structure == "now" and node not in nodes:
            continue
        found = queries.values(asked, node, **how)
        for one in asked:
            assert found[one.key][:2] == expected[one.key, node], (one.key, node, source)
            if node in nodes:
                assert table.value(one.key, node) == expected[one.key, node], (one.key, node, source)


@CAREFULLY
@given(first=ACTS, second=ACTS, rows=ROWS, on=ON, known_at=MOMENT, structure=st.sampled_from(["then", "now"]))
def test_what_is_listed_and_what_is_split_is_what_is_counted(cast, first, second, rows, on, known_at, structure):
    asked = worlds.indicators()
    with transaction.atomic():
        world = worlds.build(first, second, rows, *cast)
        how = {"on": on, "structure": structure, "known_at": known_at, "source": Live()}
        for one in asked:
            for node in cast[0]:
                whole = queries.value(one, node, **how)
                assert paged(one, node, how) == sorted(
                    row.record for row in world.under(one, node, on, structure, known_at)
                    if worlds.holds(one.part_measure.condition, vars(row), on)
                ) * (not (structure == "now" and not world.second.is_open(node)))  # fmt: skip
                assert len(paged(one, node, how)) == whole.records
                if one.measure != "distinct":
                    split = queries.by_dimension(one, node, "sex", **how).values()
                    assert sum(part.part for part in split) == whole.part
                    children = queries.by_child(one, node, **how)
                    assert sum(child.value.part for child in children) == whole.part
                    assert sum(child.value.records for child in children) == whole.records
        transaction.set_rollback(True)


def paged(one, node, how):
    found, after = [], None
    while page := queries.records(one, node, after=after, limit=3, **how):
        found += [row.record for row in page]
        after = (page[-1].record, page[-1].organisation, page[-1].since)
    return found


@CAREFULLY
@given(
    first=ACTS,
    second=ACTS,
    rows=ROWS,
    on=st.integers(4, DAYS),
    since=st.integers(0, 4),
    known_at=MOMENT,
    structure=st.sampled_from(["then", "now"]),
)
def test_every_node_balances(cast, tmp_path_factory, first, second, rows, on, since, known_at, structure):
    asked = next(one for one in worlds.indicators() if one.key == "full")
    with transaction.atomic():
        world = worlds.build(first, second, rows, *cast)
        for source in (Live(), Columnar(columnar.refresh(tmp_path_factory.mktemp("figures")))):
            found = balances.balance(
                asked, on=day(on), since=day(since), structure=structure, known_at=known_at, source=source
            )
            assert not found.differences.any()
            eve = date.fromordinal(day(since).toordinal() - 1)
            for node in found.organisations.tolist():
                line = found.at(node)
                assert line["opening"] == world.answer(asked.part_measure, asked, node, eve, structure, known_at)
                assert line["closing"] == world.answer(asked.part_measure, asked, node, day(on), structure, known_at)
                assert min(line.values()) >= 0
                if structure == "now":
                    assert line["moved_in"] == line["moved_out"] == 0
            if len(found.organisations):
                root = found.at(cast[0][0])
                assert (root["moved_in"], root["moved_out"], root["transferred_in"], root["transferred_out"]) == (
                    0,
                    0,
                    0,
                    0,
                )
        transaction.set_rollback(True)

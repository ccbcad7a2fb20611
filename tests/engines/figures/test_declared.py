"""Every indicator that is shipped, over every fact that areas offer, on both engines."""

from datetime import date

import pytest
from django.core.management import call_command

from jiceng.engines.figures import catalogue, columnar, queries
from jiceng.engines.figures.sources import Columnar, Live, newest
from jiceng.engines.packs.reading import read_table
from jiceng.project.facts import FACTS
from tests.builders import member, org, root

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def handed_over():
    catalogue.facts_come_from(FACTS)


@pytest.fixture
def city():
    top = root()
    for number in range(2):
        county = org(f"第{number}县委", under=top, kind="committee")
        for name in ("王小明", "李小红"):
            member(org(f"{name}村党支部", under=county), name, since=date(2026, 2, 1))
    return top


def test_every_fact_gives_just_what_it_declares(city, tmp_path):
    made = Columnar(columnar.refresh(tmp_path))
    assert [fact.key for fact in FACTS if not made.has(fact)] == []


@pytest.mark.parametrize("structure", ["then", "now"])
def test_shipped_indicators_agree_between_the_engines_and_between_one_node_and_every_node(city, tmp_path, structure):
    asked = queries.indicators("national")
    sources = [Live(), Columnar(columnar.refresh(tmp_path))]
    how = {"on": date(2026, 5, 1), "structure": structure}
    tables = [queries.every_node(asked, source=source, **how) for source in sources]
    assert len(tables[0].organisations) == 7
    for one in asked:
        for node in tables[0].organisations.tolist():
            values = {queries.value(one, node, source=source, **how)[:2] for source in sources}
            assert values == {tables[0].value(one.key, node)} == {tables[1].value(one.key, node)}, one.key


def test_members_are_counted(city):
    assert queries.value(queries.indicator("members"), city.pk, on=date(2026, 5, 1), source=Live()) == (4, None, 4)
    assert queries.value(queries.indicator("members"), city.pk, on=date(2026, 1, 31), source=Live()) == (0, None, 0)


def test_the_file_holds_no_names(city, tmp_path):
    octets = columnar.refresh(tmp_path).read_bytes()
    assert "王小明".encode() not in octets and "县委".encode() not in octets


def test_a_file_is_swapped_in_beside_the_one_in_use(city, tmp_path):
    first = columnar.refresh(tmp_path)
    reading = newest(tmp_path)
    second, third = columnar.refresh(tmp_path), columnar.refresh(tmp_path)
    assert newest(tmp_path).file == third
    assert sorted(tmp_path.glob("figures-*")) == sorted([second, third])
    assert not first.exists()
    assert queries.value(queries.indicator("members"), city.pk, on=date(2026, 5, 1), source=reading).part == 4


def test_after_a_restore_no_process_answers_from_the_file_before(city, tmp_path):
    members = queries.indicator("members")
    columnar.refresh(tmp_path)
    assert queries.value(members, city.pk, on=date(2026, 5, 1), source=newest(tmp_path)).part == 4
    columnar.forget(tmp_path)
    member(city, "后来的人")
    columnar.refresh(tmp_path)
    assert queries.value(members, city.pk, on=date(2026, 5, 1), source=newest(tmp_path)).part == 5


def test_a_file_without_a_new_column_is_not_asked(city, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    catalogue.facts_come_from(FACTS[1:])
    columnar.refresh()
    catalogue.facts_come_from(FACTS)
    known = {one.fact: one for one in queries.indicators("national")}
    assert isinstance(queries.source_for(known[FACTS[0].key]), Live)
    assert isinstance(queries.source_for(known["members"]), Columnar)


def test_the_command_builds_once_and_then_only_when_it_is_old(city, tmp_path, settings, capsys):
    settings.DATA_DIR = tmp_path
    call_command("figures", "refresh")
    call_command("figures", "refresh", "--older-than", "60")
    assert "不用汇总" in capsys.readouterr().out
    assert len(list(tmp_path.glob("figures-*.duckdb"))) == 1


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"fact": "dances"}, "fact"),
        ({"filter": 'colour = "red"'}, "filter"),
        ({"filter": "kind = "}, "filter"),
        ({"measure": "sum", "of": "sex"}, "of"),
        ({"measure": "distinct"}, "of"),
        ({"by": ["birth_on"]}, "by"),
        ({"whole": {"filter": "sex = 1"}}, "whole.filter"),
        ({"period": "week"}, "period"),
    ],
)
def test_a_wrong_indicator_is_refused_with_its_place(said, where):
    table = {
        "kind": "indicator", "key": "x", "name": "试", "basis": "《试》", "since": date(2026, 1, 1), "fact": "members",
        "filter": "", **said,
    }  # fmt: skip
    faults = read_table(table)
    assert isinstance(faults, list) and faults[0][0] == where

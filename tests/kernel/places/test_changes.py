"""Renames, new codes and merges keep the old findable; what cannot be is refused with a reason."""

from datetime import date

import pytest

from jiceng.kernel.access import Actor
from jiceng.kernel.places import actions, queries
from jiceng.kernel.places.models import Change, Level, Place
from jiceng.lib.refusals import NotAllowed, Refused
from tests.builders import NOON

from .builders import EDITION, add, because, county, do

pytestmark = pytest.mark.django_db

MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


@pytest.fixture
def here():
    return county()


@pytest.fixture
def town(here):
    return add(here, "东镇", Level.TOWNSHIP, "110101100000")


@pytest.fixture
def village(town):
    return add(town, "东山村委会", Level.VILLAGE, "110101100200")


def found(words):
    return list(queries.found(words, Place.objects.all()))


def test_an_old_name_finds_the_place(village):
    do(actions.rename, village, name="东山社区居委会", on=MARCH)
    assert found("东山村") == [village]
    assert found("东山社区") == [village]


def test_an_old_code_finds_the_place_and_is_shown_as_former(village):
    do(actions.recode, village, code="110101100001", on=MARCH)
    assert list(queries.coded("110101100200")) == [village]
    assert found("110101100200") == [village]
    assert queries.former_codes(village, queries.namings(village)) == ["110101100200"]


def test_a_new_code_of_a_county_goes_down_to_every_cell(here, town, village):
    cell = add(village, "第一网格", Level.CELL)
    strange = add(village, "老网格", Level.CELL, "G-17")
    do(actions.recode, here, code="110121000000", on=MARCH)
    codes = {place.pk: place.code for place in Place.objects.filter(path__under=here)}
    assert codes == {
        here.pk: "110121000000", town.pk: "110121100000", village.pk: "110121100200", cell.pk: "110121100200001",
        strange.pk: "G-17",
    }  # fmt: skip
    assert list(queries.coded("110101100200001")) == [cell]
    assert queries.naming_on(village, date(2026, 2, 28)).code == "110101100200"
    assert queries.naming_on(village, MARCH).code == "110121100200"


def test_a_code_that_another_living_place_has_is_refused(town, village):
    other = add(town, "西山村委会", Level.VILLAGE, "110101100201")
    with pytest.raises(Refused, match="已经是“西山村委会”的"):
        do(actions.recode, village, code="110101100201", on=MARCH)
    do(actions.close, other, on=MARCH)
    do(actions.recode, village, code="110101100201", on=MAY)
    assert list(queries.coded("110101100201")) == [village, other]


@pytest.mark.parametrize("code", ["1101011002", "11010110020a", ""])
def test_a_division_needs_a_code_of_twelve_digits(town, code):
    with pytest.raises(Refused, match="12 位"):
        add(town, "东山村委会", Level.VILLAGE, code)


def test_a_code_has_zeros_after_the_digits_of_its_level(town):
    with pytest.raises(Refused, match="第 9 位以后都是 0"):
        do(actions.recode, town, code="110101100200", on=MARCH)


def test_a_merged_village_leads_to_the_one_it_went_into(town, village):
    other = add(town, "西山村委会", Level.VILLAGE, "110101100201")
    cell = add(village, "第一网格", Level.CELL)
    do(actions.merge, village, into=other, on=MAY)
    cell.refresh_from_db(), village.refresh_from_db()
    assert (cell.parent, cell.path.startswith(other.path)) == (other, True)
    assert (village.merged_into, village.until) == (other, MAY)
    assert list(queries.coded("110101100200")) == [village]
    assert queries.naming_on(village, date(2026, 4, 30)).parent == town
    assert queries.naming_on(village, MAY) is None


def test_a_cell_without_a_code_gets_the_villages_and_three_digits(village):
    first, second = add(village, "第一网格", Level.CELL), add(village, "第二网格", Level.CELL)
    building = add(first, "一号楼", Level.BUILDING)
    assert [place.code for place in (first, second, building)] == [
        "110101100200001",
        "110101100200002",
        "110101100200001001",
    ]


def test_a_level_stands_only_under_a_higher_one(town, village):
    building = add(village, "一号楼", Level.BUILDING)
    for parent, level in ((village, Level.TOWNSHIP), (village, Level.VILLAGE), (building, Level.CELL)):
        with pytest.raises(Refused, match="不能设在"):
            add(parent, "某地", level, "110101100900")


def test_a_place_with_something_below_is_not_closed(town, village):
    with pytest.raises(Refused, match="下面还有地方"):
        do(actions.close, town, on=MARCH)


def test_a_place_is_not_closed_before_what_stood_below_it(town, village):
    do(actions.close, village, on=MAY)
    with pytest.raises(Refused, match="下面还有地方"):
        do(actions.close, town, on=MARCH)
    do(actions.close, town, on=MAY)


def test_a_move_before_a_later_move_is_refused(here, town, village):
    west = add(here, "西镇", Level.TOWNSHIP, "110101200000")
    north = add(here, "北镇", Level.TOWNSHIP, "110101300000")
    do(actions.move, village, parent=west, on=MAY)
    with pytest.raises(Refused, match="更晚的日期"):
        do(actions.move, village, parent=north, on=MARCH)


def test_a_closed_place_is_not_changed(village):
    do(actions.close, village, on=MARCH)
    for verb, details in ((actions.rename, {"name": "新名"}), (actions.close, {}), (actions.recode, {"code": "1"})):
        with pytest.raises(Refused, match="已于 2026-03-01 撤销"):
            do(verb, village, on=MAY, **details)


def test_a_change_needs_a_reason_and_a_day_that_has_come(village):
    with pytest.raises(Refused, match="不能晚于今天"):
        do(actions.rename, village, name="新名", on=date(2026, 6, 2))
    with pytest.raises(Refused, match="事由"):
        actions.rename(village, name="新名", because=because(reason=" "), by=Actor.command("x"), at=NOON)


def test_a_rename_before_a_later_rename_is_refused(village):
    do(actions.rename, village, name="乙村委会", on=MAY)
    with pytest.raises(Refused, match="更晚的日期"):
        do(actions.rename, village, name="丙村委会", on=MARCH)


def test_a_late_cell_stands_under_every_path_its_village_had(here, town, village):
    west = add(here, "西镇", Level.TOWNSHIP, "110101200000")
    do(actions.move, village, parent=west, on=MAY)
    cell = add(village, "第一网格", Level.CELL, on=MARCH)
    assert queries.naming_on(cell, MARCH).path.startswith(town.path)
    assert queries.naming_on(cell, MAY).path.startswith(west.path)


def test_every_change_is_told(village):
    do(actions.rename, village, name="东山社区", on=MARCH)
    told = [(change.kind, change.told) for change in queries.changes(village)]
    assert told == [(Change.Kind.RENAME, "东山村委会 → 东山社区"), (Change.Kind.ADD, "")]


def test_people_cannot_change_places(village):
    with pytest.raises(NotAllowed):
        actions.rename(village, name="新名", because=because(EDITION), by=Actor("user", "甲", person=1), at=NOON)

"""An edition comes in whole, once, and again without harm."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from jiceng.kernel.journal.models import Entry
from jiceng.kernel.places import actions, queries
from jiceng.kernel.places.editions import Division
from jiceng.kernel.places.models import Change, Level, Naming, Place
from jiceng.lib.refusals import Refused

from .builders import EDITION, add, do, load

pytestmark = pytest.mark.django_db

ROWS = [
    Division("110000000000", "甲省", "province", ""),
    Division("110100000000", "甲市", "city", "110000000000"),
    Division("110101000000", "甲县", "county", "110100000000"),
    Division("110102000000", "乙县", "county", "110100000000"),
    Division("110101100000", "东镇", "township", "110101000000"),
]
VILLAGE = Division("110101100200", "东山村委会", "village", "110101100000")


def state():
    return (
        list(Place.objects.order_by("pk").values_list()),
        list(Naming.objects.order_by("pk").values_list()),
        list(Change.objects.order_by("pk").values_list()),
    )


def test_a_load_puts_every_division_under_its_parent():
    done = load(*ROWS, VILLAGE)
    assert (done.added, done.renamed, done.unchanged) == (6, 0, 0)
    village = Place.objects.get(code=VILLAGE.code)
    assert [place.name for place in queries.chain(village)] == ["甲省", "甲市", "甲县", "东镇"]
    assert [place.name for place in queries.living()] == ["甲省", "甲市", "甲县", "东镇", "东山村委会", "乙县"]
    assert queries.naming_on(village, EDITION).path == village.path


def test_a_load_leaves_one_entry_with_counts_and_root():
    done = load(*ROWS)
    entry = Entry.objects.get(verb="places.load")
    assert (entry.rows, entry.root) == (5, done.root)
    assert len(entry.root) == 64


def test_a_second_load_changes_nothing():
    load(*ROWS)
    before = state()
    assert load(*reversed(ROWS)).unchanged == 5
    assert state() == before


def test_a_second_load_does_not_undo_what_was_changed_here():
    load(*ROWS, VILLAGE)
    village, town = Place.objects.get(code=VILLAGE.code), Place.objects.get(code="110101100000")
    other = Place.objects.get(code="110102000000")
    do(actions.rename, village, name="东山社区", on=date(2026, 2, 1))
    do(actions.recode, village, code="110101100001", on=date(2026, 2, 2))
    do(actions.move, town, parent=other, on=date(2026, 2, 3))
    before = state()
    load(*ROWS, VILLAGE)
    assert state() == before


def test_a_later_edition_adds_and_renames_from_its_day():
    load(*ROWS)
    later = date(2026, 4, 1)
    done = load(*ROWS[:3], ROWS[3]._replace(name="乙区"), ROWS[4], VILLAGE, on=later)
    assert (done.added, done.renamed, done.unchanged) == (1, 1, 4)
    place = Place.objects.get(code="110102000000")
    assert place.name == "乙区"
    assert queries.naming_on(place, date(2026, 3, 31)).name == "乙县"
    assert Place.objects.get(code=VILLAGE.code).since == later


def test_an_earlier_edition_finds_what_began_later():
    load(*ROWS)
    assert load(*ROWS, on=date(2020, 1, 1)).unchanged == 5
    assert Place.objects.count() == 5


def test_a_part_fits_under_what_is_there_and_uses_no_path_twice():
    load(*ROWS)
    town = Place.objects.get(code="110101100000")
    gone = add(town, "老村委会", Level.VILLAGE, "110101100999")
    do(actions.close, gone, on=date(2026, 2, 1))
    load(*ROWS[:3], ROWS[4], VILLAGE, VILLAGE._replace(code="110101100201", name="西山村委会"))
    paths = list(Place.objects.filter(parent=town).values_list("path", flat=True))
    assert len(paths) == len(set(paths)) == 3
    assert add(town, "新村委会", Level.VILLAGE, "110101100300").path not in paths


def test_a_new_division_stands_where_its_parent_moved_to():
    load(*ROWS)
    town, other = Place.objects.get(code="110101100000"), Place.objects.get(code="110102000000")
    do(actions.move, town, parent=other, on=date(2026, 3, 1))
    load(*ROWS, VILLAGE)
    village = Place.objects.get(code=VILLAGE.code)
    town.refresh_from_db()
    assert (village.since, village.path[: len(town.path)]) == (date(2026, 3, 1), town.path)


def test_a_city_without_counties_shares_its_code_with_the_county_that_stands_for_it():
    load(
        ROWS[0],
        Division("110900000000", "丁市", "city", "110000000000"),
        Division("110900000000", "丁市", "county", "110900000000"),
        Division("110900003000", "东城街道", "township", "110900000000"),
    )
    street = Place.objects.get(code="110900003000")
    assert [place.level for place in queries.chain(street)] == ["province", "city", "county"]
    assert [place.level for place in queries.coded("110900000000")] == ["city", "county"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (VILLAGE._replace(parent="110101999000"), "上级 110101999000 不在表里"),
        (VILLAGE._replace(code="1101011002"), "不是村级区划的 12 位代码"),
        (VILLAGE._replace(code="110101100000", level="township", parent="110101000000"), "出现了 2 次"),
    ],
)
def test_a_table_with_a_fault_changes_nothing(fault, said):
    with pytest.raises(Refused, match=said):
        load(*ROWS, fault)
    assert not Place.objects.exists()


def test_the_command_loads_a_pack_by_name_and_changes_by_code(capsys):
    call_command("places", "load", "pengjiang")
    assert "新增 148 个" in capsys.readouterr().out
    assert queries.living().filter(level=Level.VILLAGE).count() == 139
    street = Place.objects.filter(level=Level.TOWNSHIP, until=None).first()
    call_command("places", "rename", street.code, "新街道", "--on", "2024-01-01", "--reason", "批复")
    street.refresh_from_db()
    assert street.name == "新街道"
    with pytest.raises(CommandError, match="没有代码为"):
        call_command("places", "close", "999999999999", "--reason", "批复")
    with pytest.raises(CommandError, match="没有叫"):
        call_command("places", "load", "nowhere")

"""Officers change the map below the place where they sit: filled in, looked over, done; and nowhere else."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.kernel.access import Role
from jiceng.kernel.access.rules import territory
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.places.models import Change, Level, Place
from jiceng.lib.refusals import NotAllowed, Refused
from tests.builders import NOON, org, root
from tests.kernel.accounts.cast import account, signed_in
from tests.kernel.posts.cast import actor, holder

from .builders import add, because, do, load
from .test_loading import ROWS, VILLAGE

pytestmark = pytest.mark.django_db

WHY = {"on": "2026-03-01", "reason": "优化网格", "document": ""}


@pytest.fixture
def village():
    load(*ROWS, VILLAGE)
    return Place.objects.get(code=VILLAGE.code)


@pytest.fixture
def town(village):
    city = root(place=Place.objects.get(name="甲市").pk)
    return org("东镇党委", under=city, place=village.parent_id)


@pytest.fixture
def officer(town):
    return holder(Role.OFFICER, town, "王组织")


@pytest.fixture
def client(officer):
    return signed_in(account(officer))


def through(client, place, act, **said):
    """Fills the page in, reads the check page, agrees."""
    address = f"/places/{place.ref}/{act}/"
    assert client.get(address).status_code == 200
    assert "办之前核对一遍" in client.post(address, {**WHY, **said}).content.decode()
    return client.post(address, {**WHY, **said, "step": "do"})


def test_cells_and_buildings_are_set_up_renamed_moved_merged_and_closed_by_their_pages(client, village):
    for name in ("一网格", "二网格", "三网格"):
        through(client, village, "addition", level="cell", name=name)
    one, two, three = village.children.order_by("path")
    assert [cell.code for cell in (one, two, three)] == [f"{village.code}00{number}" for number in (1, 2, 3)]
    through(client, one, "addition", level="building", name="1号楼")
    building = one.children.get()
    through(client, two, "renaming", name="和平网格")
    through(client, two, "recoding", code=f"{village.code}909")
    through(client, building, "move", parent=f"{village.code}909")
    through(client, one, "merger", into="和平网格", on="2026-04-01")
    assert through(client, three, "closing", on="2026-04-01").status_code == 302
    for place in (one, two, three, building):
        place.refresh_from_db()
    assert (two.name, two.code, building.parent) == ("和平网格", f"{village.code}909", two)
    assert (one.merged_into, one.until, three.until) == (two, date(2026, 4, 1), date(2026, 4, 1))
    assert not Change.objects.exclude(kind="load").exclude(by_name="王组织").exists()


def test_nothing_happens_before_it_was_looked_over_and_nothing_typed_is_lost(client, village):
    cell = add(village, "一网格", Level.CELL)
    page = client.post(f"/places/{cell.ref}/renaming/", {**WHY, "name": "和平网格", "step": "back"}).content.decode()
    assert "和平网格" in page and "优化网格" in page
    assert Place.objects.get(pk=cell.pk).name == "一网格"


def test_organic_law_of_villagers_committees_3_a_village_changes_by_an_approved_paper(client, village):
    page = client.post(f"/places/{village.ref}/renaming/", {**WHY, "name": "东山社区"}).content.decode()
    assert "村级区划的变动由县级以上政府批准。请填写批准文号。" in page
    assert through(client, village, "renaming", name="东山社区", document="县政发〔2026〕3号").status_code == 302


def test_a_refusal_is_told_beside_the_form(client, village):
    add(village, "一网格", Level.CELL)
    page = through(client, village, "closing", document="县政发〔2026〕3号").content.decode()
    assert "下面还有地方" in page and "县政发〔2026〕3号" in page


def test_an_officer_adds_below_the_own_place_but_does_not_change_it_nor_what_lies_elsewhere(client, village):
    town, elsewhere = village.parent, Place.objects.get(name="乙县")
    assert client.get(f"/places/{town.ref}/addition/").status_code == 200
    for act in ("renaming", "recoding", "move", "merger", "closing"):
        assert client.get(f"/places/{town.ref}/{act}/").status_code == 404
        assert client.get(f"/places/{elsewhere.ref}/{act}/").status_code == 404
    assert client.get(f"/places/{elsewhere.ref}/addition/").status_code == 404
    assert "renaming" not in client.get(f"/places/{town.ref}/").content.decode()
    assert "renaming" in client.get(f"/places/{village.ref}/").content.decode()


def test_what_is_named_must_be_in_reach_too(client, officer, village):
    from jiceng.kernel.places import actions

    page = client.post(
        f"/places/{village.ref}/move/", {**WHY, "parent": "乙县", "document": "县政发〔2026〕3号"}
    ).content.decode()
    assert "您管理的范围里没有这个代码或名称的现有地方" in page
    said = {"because": because(date(2026, 3, 1)), "by": actor(officer), "at": NOON}
    for verb, other in ((actions.move, "parent"), (actions.merge, "into")):
        with pytest.raises(NotAllowed):
            verb(village, **{other: Place.objects.get(name="乙县")}, **said)


def test_a_place_that_is_gone_has_no_more_pages(client, village):
    cell = add(village, "一网格", Level.CELL)
    from jiceng.kernel.places import actions

    do(actions.close, cell, on=date(2026, 2, 1))
    assert client.get(f"/places/{cell.ref}/renaming/").status_code == 404


def test_nobody_widens_the_own_power_by_saying_that_he_stands_higher(officer, town):
    county = Place.objects.get(name="甲县")
    by = actor(officer)
    with pytest.raises(Refused, match="由上级组织登记"):
        orgs.describe(town, phone="", place=county.pk, by=by, at=NOON)
    with pytest.raises(Refused, match="由上级组织登记"):
        rows = [orgs.Description(town.code, "0750-1", county.pk)]
        orgs.describe_many(town, rows=rows, by=by, at=NOON)
    orgs.describe(town, phone="0750-1", place=town.place_id, by=by, at=NOON)
    above = actor(holder(Role.OFFICER, town.parent))
    assert orgs.describe(town, phone="", place=county.pk, by=above, at=NOON).place == county


def test_an_accomplice_below_who_says_a_wider_place_answers_for_nothing(town, village):
    county = Place.objects.get(name="甲县")
    accomplice = signed_in(account(holder(Role.OFFICER, org("假支部", under=town, place=county.pk))))
    assert accomplice.get(f"/places/{village.ref}/renaming/").status_code == 404
    assert accomplice.get(f"/places/{county.ref}/addition/").status_code == 404


@given(
    st.lists(st.text("ab", max_size=3).map(lambda word: "".join(f"000{one}" for one in word)), min_size=1, max_size=4)
)
def test_a_territory_is_the_last_of_places_each_strictly_inside_the_one_above(places):
    found = territory(places)
    inside = all(above and below != above and below.startswith(above) for above, below in pairwise(places))
    assert found == (places[-1] if inside else "")

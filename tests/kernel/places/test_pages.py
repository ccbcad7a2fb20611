"""What people see of places: the list, the tree, one place, and how it was."""

from datetime import date

import pytest
from django.test import Client

from jiceng.kernel.access import Role
from jiceng.kernel.places import actions
from jiceng.kernel.places.models import Level, Place
from tests.builders import org, root
from tests.kernel.accounts.cast import account, signed_in
from tests.kernel.posts.cast import holder

from .builders import EDITION, add, county, do, load
from .test_loading import ROWS, VILLAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return signed_in(account(holder(Role.GROUP_LEADER, root(), "赵组长"), "zzz100000"))


@pytest.fixture
def village():
    load(*ROWS, VILLAGE)
    return Place.objects.get(code=VILLAGE.code)


def names(client, **asked):
    return [row.name for row, _ in client.get("/places/", asked).context["rows"]]


def test_nobody_sees_places_without_signing_in(village):
    for address in ("/places/", "/places/tree/", "/places/table/", f"/places/{village.ref}/"):
        assert Client().get(address).status_code == 302


def test_the_list_is_searched_by_name_and_by_code_of_today_and_of_old(client, village):
    do(actions.recode, village, code="110101100001", on=date(2026, 2, 1))
    assert names(client) == ["甲省", "甲市", "甲县", "东镇", "东山村委会", "乙县"]
    assert (
        names(client, q="东山") == names(client, q="110101100200") == names(client, q="110101100001") == ["东山村委会"]
    )
    assert names(client, q="1101011") == ["东镇", "东山村委会"]
    assert names(client, q="东") == names(client, q="西山") == []
    assert names(client, level="county") == ["甲县", "乙县"]
    assert "甲省甲市甲县东镇" in client.get("/places/", {"q": "东山"}).content.decode()


def test_the_list_shows_whether_a_place_has_ended(client, village):
    do(actions.close, village, on=date(2026, 2, 1))
    assert names(client, q="东山") == names(client, state="ended") == ["东山村委会"]
    assert names(client, q="东山", state="living") == []


def test_the_list_goes_on_after_its_fifty_first_row(client):
    here = county()
    for number in range(60):
        add(here, f"{number}号网格", Level.CELL)
    first = client.get("/places/", {"level": "cell"})
    second = client.get(first.context["page"].next_url)
    seen = [row.name for answer in (first, second) for row, _ in answer.context["rows"]]
    assert seen == [f"{number}号网格" for number in range(60)]
    assert second.context["page"].next_url == ""
    below = client.get(f"/places/{here.ref}/")
    assert len(below.context["rows"]) == 50
    assert len(client.get(below.context["page"].next_url).context["rows"]) == 10


def test_the_table_can_be_loaded_again(client, village, tmp_path):
    from jiceng.kernel.places import editions

    file = tmp_path / "places.csv"
    file.write_bytes(client.get("/places/table/").getvalue())
    assert set(editions.read(file)) == {*ROWS, VILLAGE}
    assert load(*editions.read(file)).added == 0


def test_the_number_of_queries_does_not_grow_with_the_rows(client, village, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked(address):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    town = Place.objects.get(code="110101100000")
    addresses = ("/places/", f"/places/tree/?open={town.ref}", f"/places/{town.ref}/", f"/places/{town.ref}/history/")
    before = [asked(address) for address in addresses]
    for number in range(1, 4):
        add(town, f"{number}村委会", Level.VILLAGE, f"11010110030{number}")
    assert [asked(address) for address in addresses] == before


def opened(nodes):
    """Every node that stands open, from the top down."""
    return [name for node in nodes for name in ([node.label] if node.open else []) + opened(node.children)]


def test_the_tree_opens_where_asked_and_answers_a_swap_with_the_tree_alone(client, village):
    page = client.get("/places/tree/")
    assert opened(page.context["nodes"]) == ["甲省"]
    closed = client.get(page.context["nodes"][0].toggle_url)
    assert opened(closed.context["nodes"]) == []
    again = closed.context["nodes"][0].toggle_url
    assert [node.label for node in client.get(again).context["nodes"][0].children] == ["甲市"]
    swap = client.get(again, headers={"HX-Request": "true"}).content.decode()
    assert "甲市" in swap
    assert "<html" not in swap
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get("/places/tree/", headers=back).content.decode()


def test_the_tree_opens_at_once_down_to_what_stands_below_the_reader(village):
    top = root(place=Place.objects.get(name="甲市").pk)
    town = org("东镇党委", under=top, place=Place.objects.get(name="东镇").pk)
    for place, expected in ((town, ["甲省", "甲市", "甲县", "东镇"]), (org(under=top), ["甲省", "甲市"])):
        reader = signed_in(account(holder(Role.GROUP_LEADER, place)))
        assert opened(reader.get("/places/tree/").context["nodes"]) == expected


def test_a_place_shows_its_old_codes_and_names_and_what_happened(client, village):
    do(actions.recode, village, code="110101100001", on=date(2026, 2, 1))
    do(actions.rename, village, name="东山社区", on=date(2026, 3, 1))
    page = client.get(f"/places/{village.ref}/").content.decode()
    for words in ("曾用代码", "110101100200", "曾用名", "东山村委会", "东山村委会 → 东山社区", "东镇"):
        assert words in page


def test_a_merged_place_links_to_the_one_it_went_into(client, village):
    town = Place.objects.get(code="110101100000")
    other = add(town, "西山村委会", Level.VILLAGE, "110101100201")
    do(actions.merge, village, into=other, on=date(2026, 2, 1))
    assert f'<a href="/places/{other.ref}/">西山村委会</a>' in client.get(f"/places/{village.ref}/").content.decode()


def test_the_history_shows_the_place_as_it_was_on_a_day(client, village):
    do(actions.rename, village, name="东山社区", on=date(2026, 3, 1))
    shown = client.get(f"/places/{village.ref}/history/", {"on": "2026-02-28"}).context
    assert (shown["naming"].name, shown["day"]) == ("东山村委会", date(2026, 2, 28))
    assert client.get(f"/places/{village.ref}/history/", {"on": str(EDITION)}).context["naming"].code == VILLAGE.code
    assert client.get(f"/places/{village.ref}/history/", {"on": "2025-12-31"}).context["naming"] is None
    assert client.get(f"/places/{village.ref}/history/", {"on": "一月"}).context["form"].errors


def test_a_strange_address_is_not_there(client):
    assert client.get("/places/0000000000/").status_code == 404

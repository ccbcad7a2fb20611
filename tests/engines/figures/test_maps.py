"""A figure on a map: there only where outlines are, each level told by number and in words."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiceng.engines.figures import catalogue
from jiceng.engines.figures.queries import Value, indicator
from jiceng.engines.figures.views import maps
from jiceng.kernel.access import Role
from jiceng.kernel.places.models import Place
from jiceng.project.facts import FACTS
from tests import guard
from tests.builders import member, org, root
from tests.kernel.accounts.cast import account, signed_in
from tests.kernel.posts.cast import holder

pytestmark = pytest.mark.django_db

TOWNS = ("990101001000", "990101002000", "990101003000")


def outline(number):
    west = 113.0 + number
    ring = [[west, 22.0], [west + 1, 22.0], [west + 1, 23.0], [west, 23.0], [west, 22.0]]
    return {
        "type": "Feature",
        "properties": {"code": TOWNS[number]},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


@pytest.fixture(autouse=True)
def alone(tmp_path, settings):
    """No columnar file and no outlines from another test; every fact handed over."""
    settings.DATA_DIR, settings.PACKS_DIR, settings.PLACE = tmp_path, tmp_path / "packs", "east"
    (tmp_path / "packs/east").mkdir(parents=True)
    national = maps.packs.SHIPPED / "national"
    (tmp_path / "packs/national").symlink_to(national)
    catalogue.facts_come_from(FACTS)
    maps._sheet.cache_clear()


@pytest.fixture
def outlines(tmp_path):
    said = {"type": "FeatureCollection", "source": "虚构的边界", "features": [outline(n) for n in range(3)]}
    (tmp_path / "packs/east/geometry.geojson").write_text(json.dumps(said), encoding="utf-8")


@pytest.fixture
def county():
    """A county with two towns on places of their own, one without a place, and members."""
    county = root()
    with guard.outside():
        places = [
            Place.objects.create(code=code, name=f"{n}镇", level="township", path=f"000{n}", since=date(2000, 1, 1))
            for n, code in enumerate(TOWNS, start=1)
        ]
    for number, town in enumerate(("东山镇党委", "西岭镇党委", "机关工委")):
        place = {"place": places[number].pk} if number < 2 else {}
        made = org(town, under=county, kind="committee", **place)
        for serial in range(1 + 11 * number):
            member(made, f"第{serial}人")
    return county


@pytest.fixture
def client(county):
    return signed_in(account(holder(Role.OFFICER, county, "王组织")))


def page(client, county):
    return client.get(f"/orgs/{county.ref}/figures/members/")


def test_without_outlines_there_is_no_map(client, county):
    assert "在地图上" not in page(client, county).content.decode()


def test_the_map_says_each_child_s_level_in_its_shape_and_in_its_table(outlines, client, county):
    shown = page(client, county)
    picture, text = shown.context["map"], shown.content.decode()
    assert [(one.label, one.said, one.level) for one in picture.areas] == [
        ("东山镇党委", "1 名", 1), ("西岭镇党委", "12 名", 3),
    ]  # fmt: skip
    assert picture.by_level[1][1] == "10 至不到 15 名"
    assert '<path class="map-3"' in text and ">3</text>" in text and "东山镇党委：1 名" in text
    assert "虚构的边界" in text and "不得公开" in text
    assert all(one.url and client.get(one.url).status_code == 200 for one in picture.areas)


def test_two_organisations_on_one_place_are_both_left_to_the_table(outlines, client, county):
    org("东山镇第二党委", under=county, kind="committee", place=Place.objects.get(code=TOWNS[0]).pk)
    org("南塘镇党委", under=county, kind="committee", place=Place.objects.get(code=TOWNS[2]).pk)
    shown = page(client, county)
    assert {one.label for one in shown.context["map"].areas} == {"西岭镇党委", "南塘镇党委"}


def test_one_child_alone_is_no_map(outlines, client, county):
    town = county.children.get(name="东山镇党委")
    assert page(client, town).context["map"] is None


def test_a_map_costs_one_query_however_many_places(outlines, client, county):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            page(client, county)
        return len(asked)

    cost()
    before = cost()
    org("南塘镇党委", under=county, kind="committee", place=Place.objects.get(code=TOWNS[2]).pk)
    assert cost() == before


@pytest.mark.parametrize(
    ("part", "whole", "level"),
    [(0, 5, 1), (1, 5, 2), (199, 1000, 1), (4, 5, 5), (5, 5, 5), (0, 0, 0)],
)
def test_a_rate_is_on_one_of_five_levels_and_on_none_without_a_base(part, whole, level):
    one = indicator("coverage-enterprises", "national")
    step = maps._step(one, [])
    assert maps._level(one, Value(part, whole, 0), step) == level
    assert maps._levels(one, step)[-1] == "8 成至全部"


@pytest.mark.parametrize(("most", "step"), [(0, 1), (4, 1), (5, 2), (9, 2), (10, 5), (49, 10), (50, 20), (4999, 1000)])
def test_five_levels_hold_every_number(most, step):
    one = indicator("members", "national")
    assert maps._step(one, [Value(most, None, 0), Value(0, None, 0)]) == step
    assert 1 <= maps._level(one, Value(most, None, 0), step) <= 5

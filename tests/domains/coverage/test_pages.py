"""Pages of coverage and pairs, through a real client."""

from datetime import date

import pytest

from jiceng.domains.coverage import actions
from jiceng.domains.coverage.actions import NewCoverage
from jiceng.domains.coverage.models import Coverage, Pairing
from jiceng.kernel.people.models import Person
from jiceng.kernel.units import actions as units
from jiceng.kernel.units.actions import NewUnit
from jiceng.kernel.units.models import Unit
from tests.builders import BUILDER, NOON, officer, org, root
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db

START = date(2026, 1, 1)


@pytest.fixture
def city():
    return root()


@pytest.fixture
def branch(city):
    return org("机械厂党支部", under=city, code="BRANCH")


@pytest.fixture
def client(city):
    return signed_in(account(Person.objects.get(pk=officer(city).person)))


def registered(place, *codes):
    rows = [NewUnit(code, f"第{code}号机械厂", "enterprise") for code in codes]
    units.register_many(place, rows=rows, on=START, by=BUILDER, at=NOON)
    return Unit.objects.get(code=codes[0])


def test_the_uncovered_ones_are_listed_by_one_choice(client, city, branch):
    registered(city, "U1", "U2")
    rows = [NewCoverage("U1", "BRANCH", "single", START)]
    actions.cover_many(city, rows=rows, by=BUILDER, at=NOON)

    def listed(**asked):
        return [row.code for row in client.get("/coverage/", asked).context["rows"]]

    assert listed() == ["U1", "U2"]
    assert listed(cover="none") == ["U2"]
    assert listed(cover="any") == ["U1"]
    assert listed(cover="joint") == []
    assert listed(on="2025-12-31") == []
    assert listed(q="U2") == ["U2"]
    assert client.get("/coverage/", {"xlsx": "1"}).headers["Content-Type"].endswith("spreadsheetml.sheet")


def test_a_unit_is_covered_and_uncovered_by_pages(client, city, branch):
    unit = registered(city, "U1")
    home = f"/units/{unit.ref}/coverage/"
    answer = client.post(f"{home}new/", {"organisation": "BRANCH", "form": "single", "on": "2026-01-01"})
    assert answer.headers["Location"] == home
    assert "机械厂党支部" in client.get(home).content.decode()
    assert "第U1号机械厂" in client.get(f"/orgs/{branch.ref}/coverage/").content.decode()
    client.post(f"{home}{branch.ref}/ending/", {"on": "2026-02-01"})
    assert not Coverage.objects.open().exists()
    assert client.get(f"{home}{branch.ref}/ending/").status_code == 404


def test_a_pair_is_made_listed_and_ended_by_pages(client, city, branch):
    unit = registered(city, "U1")
    said = {"organisation": "机械厂党支部", "purpose": "共建共治", "on": "2026-01-01"}
    client.post(f"/units/{unit.ref}/pairing/", said)
    assert "共建共治" in client.get("/pairings/").content.decode()
    assert "共建共治" in client.get(f"/orgs/{branch.ref}/coverage/").content.decode()
    assert client.get("/pairings/", {"xlsx": "1"}).status_code == 200
    client.post(f"/units/{unit.ref}/pairing/{branch.ref}/ending/", {"on": "2026-02-01"})
    assert not Pairing.objects.open().exists()


def test_an_organisation_out_of_reach_cannot_be_named(client, city):
    unit = registered(city, "U1")
    org("别处党支部", code="ELSEWHERE")
    page = client.post(f"/units/{unit.ref}/coverage/new/", {"organisation": "ELSEWHERE", "form": "single", "on": START})
    assert "没有这个代码或名称的现有组织" in page.content.decode()
    assert not Coverage.objects.exists()


def test_a_unit_out_of_reach_has_no_coverage_page(client):
    stranger = registered(root(), "X1")
    for page in ("coverage/", "coverage/new/", "pairing/"):
        assert client.get(f"/units/{stranger.ref}/{page}").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_long(client, city, django_assert_max_num_queries, number):
    registered(city, *(f"U{one}" for one in range(number)))
    with django_assert_max_num_queries(13):
        client.get("/coverage/")

"""Pages of units, through a real client."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiceng.kernel.access import Role
from jiceng.kernel.people.models import Person
from jiceng.kernel.units import actions
from jiceng.kernel.units.actions import NewUnit, State
from jiceng.kernel.units.models import Unit
from tests.builders import BUILDER, NOON, holder, officer, org, root
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db

START = date(2026, 1, 1)


def browser(by):
    return signed_in(account(Person.objects.get(pk=by.person)))


@pytest.fixture
def city():
    return root()


@pytest.fixture
def branch(city):
    return org("东山村党支部", under=city)


@pytest.fixture
def client(city):
    return browser(officer(city))


def registered(place, *codes):
    rows = [NewUnit(code, f"第{code}号机械厂", "enterprise", state=State(staff=12)) for code in codes]
    actions.register_many(place, rows=rows, on=START, by=BUILDER, at=NOON)
    return Unit.objects.get(code=codes[0])


def test_the_list_shows_what_is_in_reach_and_nothing_else(client, branch):
    registered(branch, "U1")
    registered(root(), "X1")
    said = client.get("/units/").content.decode()
    assert "第U1号机械厂" in said
    assert "第X1号机械厂" not in said


def test_a_unit_out_of_reach_is_not_there(client):
    stranger = registered(root(), "X1")
    for page in ("", "state/", "correction/", "closing/", "handover/"):
        assert client.get(f"/units/{stranger.ref}/{page}").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_long(client, branch, number):
    registered(branch, *(f"U{one}" for one in range(number)))
    client.get("/units/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/units/")
    assert len(asked) <= 14


def test_the_list_is_searched_filtered_paged_and_taken_away(client, branch):
    registered(branch, *(f"U{number:03}" for number in range(60)))
    assert "第U000号机械厂" in client.get("/units/", {"q": "U000"}).content.decode()
    assert "没有找到" in client.get("/units/", {"kind": "school"}).content.decode()
    first = client.get("/units/")
    second = client.get(first.context["page"].next_url)
    assert len(first.context["rows"]) == 50
    assert [row.code for row in second.context["rows"]] == [f"U{number:03}" for number in range(50, 60)]
    assert client.get("/units/", {"xlsx": "1"}).headers["Content-Type"].endswith("spreadsheetml.sheet")


def test_a_query_of_one_character_is_answered_with_a_sentence(client):
    assert "至少输入两个字" in client.get("/units/", {"q": "机"}).content.decode()


def test_a_unit_is_registered_described_corrected_handed_over_and_closed_by_pages(client, city, branch):
    said = {
        "code": "U1", "name": "甲机械厂", "kind": "enterprise", "grade": "五类企业", "staff": "30", "premises": "on",
        "activity": "running", "on": "2026-01-01",
    }  # fmt: skip
    answer = client.post(f"/orgs/{branch.ref}/units/registration/", said)
    unit = Unit.objects.get()
    assert answer.headers["Location"] == f"/units/{unit.ref}/"
    client.post(f"/units/{unit.ref}/state/", {**said, "staff": "8", "on": "2026-02-01"})
    client.post(f"/units/{unit.ref}/correction/", {"name": "乙机械厂", "kind": "enterprise"})
    client.post(f"/units/{unit.ref}/handover/", {"code": city.code, "on": "2026-03-01"})
    assert client.post(f"/units/{unit.ref}/closing/", {"on": "2026-04-01"}).status_code == 302
    page = client.get(f"/units/{unit.ref}/").content.decode()
    for word in ("乙机械厂", "已注销", "2026年2月1日", "2026年3月1日", city.name):
        assert word in page
    assert [state.staff for state in unit.states.known().order_by("since")] == [30, 8, 8]


def test_a_refused_form_keeps_what_was_typed(client, branch):
    registered(branch, "U1")
    said = {
        "code": "U1", "name": "另一个厂", "kind": "enterprise", "staff": "30", "activity": "running",
        "on": "2026-01-01",
    }  # fmt: skip
    page = client.post(f"/orgs/{branch.ref}/units/registration/", said).content.decode()
    assert "单位代码 U1 和“第U1号机械厂”重复" in page
    assert "另一个厂" in page


def test_a_committee_member_sees_units_and_changes_none(branch):
    unit = registered(branch, "U1")
    client = browser(holder(branch, Role.COMMITTEE_MEMBER))
    assert client.get(f"/units/{unit.ref}/").status_code == 200
    assert client.get(f"/orgs/{branch.ref}/units/").status_code == 200
    assert client.get(f"/units/{unit.ref}/state/").status_code == 404
    assert client.get(f"/orgs/{branch.ref}/units/registration/").status_code == 404

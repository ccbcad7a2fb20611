"""What leaves as a spreadsheet: whoever it tells of reads who took it, and what for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiceng.kernel.access import Role
from jiceng.kernel.orgs.models import Kind
from jiceng.kernel.people.models import Look, Person
from jiceng.project.sheets.all import SHEETS
from tests.builders import holder, member, officer, org
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db

PURPOSE = "核对 2026 年度党内统计"


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE, code="T")


@pytest.fixture
def client(town):
    return signed_in(account(Person.objects.get(pk=officer(town).person)))


@pytest.fixture
def taken(client, town):
    """Takes the sheet of that key out and returns its lines."""

    def take(key):
        said = {"organisation": town.pk, "kind": "csv", "purpose": PURPOSE}
        return client.post(f"/intake/sheets/{key}/export/", said).getvalue().decode("utf-8-sig").splitlines()

    return take


def test_the_sheets_that_tell_of_people_are_those_with_names():
    telling = {sheet.key for sheet in SHEETS if "姓名" in "".join(column.label for column in sheet.columns)}
    assert telling == {sheet.key for sheet in SHEETS if sheet.people} == {"members", "posts"}


@pytest.mark.parametrize("key", ["members", "posts"])
def test_the_person_reads_on_the_own_page_who_took_the_list_and_what_for(town, taken, key):
    person = member(town, "王建国")
    holder(town, Role.SECRETARY, person=person)
    assert "王建国" in "".join(taken(key))
    page = signed_in(account(person)).get(f"/people/{person.ref}/looks/").content.decode()
    assert "导出" in page and PURPOSE in page and "组织员甲" in page


@pytest.mark.parametrize("key", ["members", "posts"])
def test_an_export_without_a_purpose_answers_the_form_again(town, client, key):
    member(town)
    answer = client.post(f"/intake/sheets/{key}/export/", {"organisation": town.pk, "kind": "csv"})
    assert answer.status_code == 422 and "请写明用途" in answer.content.decode()
    assert not Look.objects.exists()


@pytest.mark.parametrize("key", ["places", "organisations", "units"])
def test_a_list_without_people_asks_no_purpose(town, client, key):
    if key != "places":  # which only an operator takes out
        assert "用途" not in client.get(f"/intake/sheets/{key}/export/").content.decode()
    assert next(sheet for sheet in SHEETS if sheet.key == key).people is None


def test_three_members_cost_as_many_queries_as_one(town, taken):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            taken("members")
        return len(asked)

    member(town)
    taken("members")
    one = cost()
    member(town, "李梅"), member(town, "赵兰")
    assert cost() == one
    assert Look.objects.filter(kind=Look.Kind.EXPORT).count() == 1 + 1 + 3

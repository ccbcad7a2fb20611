"""Pages about people: who sees what, what it costs, and what is said."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiceng.kernel.access import Role
from jiceng.kernel.orgs.models import Kind
from jiceng.kernel.people import actions
from jiceng.kernel.people.models import Look, Membership, Person
from tests.builders import NOON, org
from tests.kernel.accounts.cast import account, signed_in
from tests.kernel.people.cast import actor, member, number, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE)


@pytest.fixture
def east(town):
    return org("东村党支部", under=town)


def browser(role, at, name="李四"):
    return signed_in(account(Person.objects.get(pk=actor(role, at, name).person)))


@pytest.fixture
def office(town):
    return browser(Role.OFFICER, town)


@pytest.fixture
def branch(east):
    return browser(Role.SECRETARY, east)


def stated(client, home):
    client.post(f"/orgs/{home.ref}/people/purpose/", {"purpose": "核对年度统计"})


def test_names_below_need_a_purpose_and_the_branch_does_not(office, branch, town, east):
    member(east, "王建国")
    asked = office.get(f"/orgs/{town.ref}/people/")
    assert asked.status_code == 302 and "/people/purpose/?next=" in asked.url
    assert "先写明用途" in office.get(asked.url).text
    back = office.post(asked.url, {"purpose": "核对年度统计", "next": f"/orgs/{town.ref}/people/"})
    assert back.url == f"/orgs/{town.ref}/people/"
    assert "王建国" in office.get(back.url).text
    assert "王建国" in branch.get(f"/orgs/{east.ref}/people/").text


def test_a_purpose_never_leads_to_another_site(office, town):
    url = f"/orgs/{town.ref}/people/purpose/"
    assert office.post(url, {"purpose": "核对年度统计", "next": "//evil.example/"}).url == f"/orgs/{town.ref}/people/"


@pytest.mark.parametrize("page", ["", "received/"])
def test_a_list_costs_the_same_at_one_and_at_three(branch, town, east, page):
    def come():
        member(east)
        person = member(org(under=town))
        actions.float_away(person, on=date(2026, 1, 1), where="东村", to=east, by=officer(town), at=NOON)

    come()
    one = _cost(branch, f"/orgs/{east.ref}/people/{page}")
    come(), come()
    assert _cost(branch, f"/orgs/{east.ref}/people/{page}") == one


def test_a_record_costs_the_same_however_much_happened(office, town, east):
    west, by = org("西村党支部", under=town), officer(town)
    person = member(east)
    stated(office, town)
    one = _cost(office, f"/people/{person.ref}/")
    for year, to in ((2022, west), (2023, east), (2024, west)):
        actions.transfer(person, to=to, on=date(year, 1, 1), by=by, at=NOON)
    assert _cost(office, f"/people/{person.ref}/") == one


def _cost(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_who_was_listed_can_read_it_once_a_day(branch, east):
    person = member(east)
    for _ in range(2):
        branch.get(f"/orgs/{east.ref}/people/")
    (look,) = Look.objects.filter(person=person)
    assert (look.kind, look.purpose, look.from_name) == ("list", "本组织日常工作", "东村党支部")


@pytest.mark.parametrize("page", ["", "looks/", "sealed/number/", "acts/transfer/"])
def test_a_person_out_of_scope_does_not_exist(branch, town, page):
    far = member(org("西村党支部", under=town))
    assert branch.get(f"/people/{far.ref}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["", "received/", "purpose/", "export/", "admission/", "by-number/"])
def test_lists_of_the_branch_next_door_do_not_exist(branch, town, page):
    assert branch.get(f"/orgs/{org(under=town).ref}/people/{page}").status_code == 404


def test_the_record_says_what_is_and_what_can_be_done_and_why_not(branch, east):
    said = number()
    person = member(east, "王建国", number=said)
    page = branch.get(f"/people/{person.ref}/").text
    assert "正式党员" in page and "不是预备党员" in page and "小学" not in page
    assert said not in page and said[-4:] not in page and "13800138000" not in page and "已登记，未显示" in page
    assert f"/people/{person.ref}/acts/leaving/" in page and "acts/transfer/" not in page


def test_a_member_sees_their_own_record_and_who_looked(east, branch):
    person = member(east, "王建国")
    branch.get(f"/people/{person.ref}/")
    own = signed_in(account(person))
    assert own.get("/me/").url == f"/people/{person.ref}/"
    page = own.get(f"/people/{person.ref}/").text
    assert "谁看过我的档案" in page and "可以办的" not in page
    looks = own.get(f"/people/{person.ref}/looks/").text
    assert "档案页" in looks and "东村党支部" in looks
    assert Look.objects.filter(person=person).count() == 1
    assert branch.get(f"/people/{person.ref}/looks/").status_code == 404


def test_a_transfer_is_checked_before_it_is_done(office, town, east):
    person, west = member(east), org("西村党支部", under=town, code="W-1")
    stated(office, town)
    url, said = f"/people/{person.ref}/acts/transfer/", {"to": "W-1", "on": "2026-03-01"}
    check = office.post(url, said)
    assert "核对以后再办" in check.text and "西村党支部（W-1）" in check.text
    assert Membership.objects.open().get(person=person).organisation == east
    back = office.post(url, {**said, "checked": "yes", "change": "yes"})
    assert 'value="W-1"' in back.text
    done = office.post(url, {**said, "checked": "yes"}, follow=True)
    assert "组织关系已转接" in done.text
    assert Membership.objects.open().get(person=person).organisation == west


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(office, town, east):
    person = member(east)
    stated(office, town)
    page = office.post(f"/people/{person.ref}/acts/transfer/", {"to": "没有这个支部", "on": "2026-03-01"}).text
    assert "没有代码或名称为“没有这个支部”的组织" in page and 'value="没有这个支部"' in page


def test_a_change_without_legal_effect_is_done_at_once(branch, east):
    person = member(east)
    said = {"on": "2026-03-01", "education": "21", "occupation": "06", "station": "student"}
    page = branch.post(f"/people/{person.ref}/acts/description/", said, follow=True)
    assert "已登记变更" in page.text and "大学本科毕业" in page.text


@pytest.mark.parametrize("key", ["leaving", "floating", "correction", "call", "loan", "confirmation"])
def test_every_form_of_the_branch_opens(branch, east, key):
    assert branch.get(f"/people/{member(east).ref}/acts/{key}/").status_code == 200


def test_an_unknown_act_does_not_exist(branch, east):
    assert branch.get(f"/people/{member(east).ref}/acts/dancing/").status_code == 404


def test_a_number_is_shown_once_after_a_reason(branch, east):
    said = number()
    person = member(east, number=said)
    url = f"/people/{person.ref}/sealed/number/"
    assert said not in branch.get(url).text
    shown = branch.post(url, {"reason": "核对档案"})
    assert said in shown.text and shown.headers["Cache-Control"] == "private, no-store"
    assert Look.objects.get(person=person, kind="number").purpose == "核对档案"


def test_somebody_is_registered_by_the_form(branch, east):
    said = {
        "name": "王建国", "sex": "1", "ethnicity": "01", "document": "resident-id", "number": number(),
        "start": "recorded", "kind": "full", "joined_on": "2010-07-15", "joined_to": "month", "since": "2015-01-01",
        "education": "61", "occupation": "02", "station": "in-post", "phone": "13800138000",
    }  # fmt: skip
    done = branch.post(f"/orgs/{east.ref}/people/admission/", said, follow=True)
    assert "已登记 王建国" in done.text and "2010年7月<" in done.text
    assert Person.objects.get(name="王建国").joined_on == date(2010, 7, 1)
    again = branch.post(f"/orgs/{east.ref}/people/admission/", said)
    assert "已经有档案" in again.text and 'value="王建国"' in again.text


def test_a_list_leaves_as_text_that_no_spreadsheet_runs_and_is_written_down(branch, east):
    person = member(east, "=HYPERLINK·甲")
    url = f"/orgs/{east.ref}/people/export/"
    assert branch.post(url, {"shape": "csv", "purpose": ""}).status_code == 200
    answer = branch.post(url, {"shape": "csv", "purpose": "年度核对"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[1][2] == "'=HYPERLINK·甲" and len(rows) == 2
    assert Look.objects.get(person=person, kind="export").purpose == "年度核对"
    assert branch.post(url, {"shape": "xlsx", "purpose": "年度核对"}).content[:2] == b"PK"


def test_somebody_is_found_by_exact_number(branch, east):
    said = number()
    member(org("外市某支部"), "欧阳锋", number=said)
    page = branch.post(
        f"/orgs/{east.ref}/people/by-number/", {"document": "resident-id", "number": said, "reason": "拟转入"}
    ).text
    assert "欧〇〇" in page and "外市某支部" in page and "欧阳锋" not in page


def test_the_destination_receives_a_floating_member(branch, town, east):
    home = org("西村党支部", under=town)
    person = member(home, "王流动")
    actions.float_away(person, on=date(2026, 1, 1), where="东村", to=east, by=officer(town), at=NOON)
    assert "王流动" in branch.get(f"/orgs/{east.ref}/people/received/").text
    assert "王流动" in branch.get(f"/people/{person.ref}/").text
    url = f"/orgs/{east.ref}/people/reception/{person.ref}/"
    done = branch.post(url, {"on": timezone.localdate().isoformat()}, follow=True)
    assert "已接收 王流动" in done.text and "已接收" in branch.get(f"/orgs/{east.ref}/people/received/").text


def test_search_and_filters_work_on_the_page(branch, east):
    member(east, "王建国")
    member(east, "李素芬", sex="2")
    url = f"/orgs/{east.ref}/people/"
    assert "李素芬" not in branch.get(url, {"q": "wjg"}).text and "王建国" in branch.get(url, {"q": "建国"}).text
    assert "请至少输入两个字" in branch.get(url, {"q": "王"}).text
    assert "王建国" not in branch.get(url, {"sex": "2"}).text
    assert "没有这样的党员" in branch.get(url, {"age": "61-"}).text
    assert branch.get("/people/", {"q": "建国"}).url.startswith(url)

"""Pages of notices, through a real client."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from jiceng.engines.notices import queries
from jiceng.engines.notices.models import Answer, Notice
from jiceng.kernel.access import Role
from jiceng.kernel.people.models import Person
from tests.builders import holder, member, officer, org, root
from tests.engines.notices.cast import drafted, objected, published
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db


def browser(by):
    return signed_in(account(Person.objects.get(pk=by.person)))


@pytest.fixture
def city():
    return root()


@pytest.fixture
def branch(city):
    return org("东山村党支部", under=city)


@pytest.fixture
def client(branch):
    return browser(holder(branch, Role.SECRETARY))


def up(place, **other):
    today = timezone.localdate()
    told = {"since": today, "until": today + timedelta(days=7), "at": timezone.now(), **other}
    return published(place, **told)


def form(**other):
    today = timezone.localdate()
    told = {
        "kind": "finance", "title": "收支公开", "text": "收入 1,200.00 元。", "phone": "", "audience": "public",
        "since": f"{today}", "last": f"{today + timedelta(days=6)}", "objections": "on",
    }  # fmt: skip
    return {**told, **other}


def test_a_notice_is_written_held_up_mended_and_published_by_pages(client, branch):
    answer = client.post(f"/orgs/{branch.ref}/notices/composition/", form(text="陈水生 440703198001011234"))
    made = Notice.objects.get()
    assert answer.headers["Location"] == f"/notices/{made.ref}/"
    page = client.get(f"/notices/{made.ref}/").content.decode()
    assert "正文第 1 行“陈水生 440…34”像是身份证号" in page and "删去以后才能公布" in page
    assert "像是身份证号" in client.post(f"/notices/{made.ref}/publication/", follow=True).content.decode()
    assert queries.text_of(made) is None
    client.post(f"/notices/{made.ref}/revision/", form())
    assert "像是" not in client.get(f"/notices/{made.ref}/").content.decode()
    client.post(f"/notices/{made.ref}/publication/")
    held = queries.text_of(made)
    assert held.text == "收入 1,200.00 元。" and held.until == timezone.localdate() + timedelta(days=7)
    assert held.digest in client.get(f"/notices/{made.ref}/").content.decode()


def test_it_is_corrected_and_taken_down_by_pages(client, branch):
    made = up(branch)
    fix = {"title": "收支公开", "text": "收入 12,000.00 元。", "last": f"{timezone.localdate() + timedelta(days=9)}"}
    client.post(f"/notices/{made.ref}/correction/", {**fix, "reason": "漏写一个零"})
    page = client.get(f"/notices/{made.ref}/").content.decode()
    assert "收入 12,000.00 元。" in page and "漏写一个零" in page and "第 1 份" in page
    client.post(f"/notices/{made.ref}/withdrawal/", {"reason": "核实后再公示"})
    assert "核实后再公示" in client.get(f"/notices/{made.ref}/").content.decode()
    assert client.get("/notices/", {"state": "withdrawn"}).context["rows"][0][2].key == "withdrawn"


def test_a_draft_is_dropped_by_its_page(client, branch):
    made = drafted(branch)
    answer = client.post(f"/notices/{made.ref}/discarding/")
    assert answer.headers["Location"] == f"/orgs/{branch.ref}/notices/"
    assert Notice.objects.count() == 0


def test_an_objection_is_answered_by_its_page(client, branch):
    one = objected(up(branch), at=timezone.now(), contact="村东头老陈")
    assert "修路款" in client.get("/notices/objections/").content.decode()
    page = client.get(f"/notices/objections/{one.number}/").content.decode()
    assert "村东头老陈" in page
    client.post(f"/notices/objections/{one.number}/", {"summary": "问修路款", "text": "见附表第二行。"})
    assert Answer.objects.get().text == "见附表第二行。"
    assert "没有等答复的异议" in client.get("/notices/objections/").content.decode()
    assert "已答复" in client.get("/notices/objections/?all=1").content.decode()


def test_who_may_not_answer_reads_no_contact(branch):
    one = objected(up(branch), at=timezone.now(), contact="村东头老陈")
    page = browser(holder(branch, Role.COMMITTEE_MEMBER)).get(f"/notices/objections/{one.number}/").content.decode()
    assert "修路款" in page and "村东头老陈" not in page and "公开这个答复" not in page


def test_what_is_out_of_reach_is_not_there(client):
    stranger = up(org("别村党支部"))
    one = objected(stranger, at=timezone.now())
    for page in ("", "correction/", "withdrawal/", "revision/"):
        assert client.get(f"/notices/{stranger.ref}/{page}").status_code == 404
    assert client.get(f"/notices/objections/{one.number}/").status_code == 404
    assert stranger.title not in client.get("/notices/").content.decode()


def test_a_member_reads_what_is_published_and_nothing_of_its_making(branch):
    made = up(branch, audience="members")
    one = objected(up(branch, title="给大家看的"), at=timezone.now())
    client = signed_in(account(member(branch, "陈水生")))
    page = client.get(f"/notices/{made.ref}/").content.decode()
    assert made.title in page and "经过" not in page and "撤下" not in page
    assert client.get(f"/notices/{drafted(branch).ref}/").status_code == 404
    assert client.get(f"/notices/objections/{one.number}/").status_code == 404


def test_the_list_is_searched_filtered_paged_and_taken_away(city, branch):
    client = browser(officer(city))
    for number in range(52):
        drafted(branch, title=f"第{number:02}号公示")
    up(branch, title="选举公告", kind="election")
    assert [row.title for row, *_ in client.get("/notices/", {"q": "第07"}).context["rows"]] == ["第07号公示"]
    assert [row.title for row, *_ in client.get("/notices/", {"kind": "election"}).context["rows"]] == ["选举公告"]
    assert [row.title for row, *_ in client.get("/notices/", {"state": "standing"}).context["rows"]] == ["选举公告"]
    first = client.get(f"/orgs/{branch.ref}/notices/")
    second = client.get(first.context["page"].next_url)
    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 3)
    sheet = load_workbook(BytesIO(client.get("/notices/", {"xlsx": "1"}).content)).active
    assert (sheet.max_row, sheet["A2"].value, sheet["L2"].value) == (54, "选举公告", "公示中")


@pytest.mark.parametrize("number", [1, 6])
def test_the_list_costs_the_same_however_long(city, branch, number):
    client = browser(officer(city))
    for _ in range(number):
        up(branch)
    client.get("/notices/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/notices/")
    assert len(asked) <= 14


def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(client, branch):
    answer = client.post(f"/orgs/{branch.ref}/notices/composition/", form(last="2020-01-01", title="写好的标题"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "要晚于公示起" in page and "写好的标题" in page
    assert Notice.objects.count() == 0

"""Pages of posts, terms and joint bodies, through a real client."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiceng.kernel.access import Role
from jiceng.kernel.accounts.models import User
from jiceng.kernel.posts import actions, queries
from jiceng.kernel.posts.models import JointBody, Post, Term
from tests.builders import NOON, org, root
from tests.guard import outside
from tests.kernel.accounts.cast import account, signed_in
from tests.kernel.posts.cast import holder, officer, person, put, security_administrator

pytestmark = pytest.mark.django_db

SPRING = date(2026, 3, 1)


@pytest.fixture
def city():
    return root()


@pytest.fixture
def branch(city):
    return org("东山村党支部", under=city)


@pytest.fixture
def client(city):
    """The city's officer."""
    return signed_in(account(holder(Role.OFFICER, city, "王组织")))


def registered(name, of):
    """A member who can be found by name."""
    from jiceng.kernel.people.models import NameKey, Person
    from jiceng.lib import text

    made = person(name, of=of)
    with outside():
        Person.objects.filter(pk=made.pk).update(is_member=True)
        NameKey.objects.bulk_create(NameKey(person=made, key=key, **_home(NameKey, of)) for key in text.name_keys(name))
    return made


def _home(model, of):
    names = {field.name for field in model._meta.get_fields()}
    return {"organisation": of} if "organisation" in names else {}


def find(client, address, name):
    page = client.post(address, {"q": name, "step": "find"})
    return page.context["people"]


def test_an_appointment_is_found_filled_in_looked_over_and_done(client, branch):
    registered("张三丰", branch)
    address = f"/orgs/{branch.ref}/posts/appointment/"
    ((token, shown),) = find(client, address, "张三")
    assert shown == "张三丰（东山村党支部）"
    said = {
        "person": token,
        "role": "secretary",
        "source": "elected",
        "since": "2026-03-01",
        "document": "某组〔2026〕1号",
    }
    check = client.post(address, said)
    assert "办之前核对一遍" in check.content.decode()
    assert "选举产生" in check.content.decode()
    assert not Post.objects.filter(organisation=branch).exists()
    back = client.post(address, {**said, "step": "back"})
    assert 'value="某组〔2026〕1号"' in back.content.decode()
    assert client.post(address, {**said, "step": "do"}).url == f"/orgs/{branch.ref}/posts/"
    assert Post.objects.get(organisation=branch).source == "elected"


def test_a_refusal_loses_nothing_that_was_typed(client, branch):
    holder(Role.SECRETARY, branch, "李四")
    registered("张三丰", branch)
    address = f"/orgs/{branch.ref}/posts/appointment/"
    ((token, _),) = find(client, address, "张三")
    said = {"person": token, "role": "secretary", "source": "elected", "since": "2026-03-01", "step": "do"}
    page = client.post(address, said).content.decode()
    assert "书记是李四" in page
    assert "张三丰（东山村党支部）" in page
    assert 'value="2026-03-01"' in page


def test_a_choice_that_was_not_given_is_no_choice(client, branch):
    address = f"/orgs/{branch.ref}/posts/appointment/"
    said = {"person": "1", "role": "secretary", "source": "elected", "since": "2026-03-01", "step": "do"}
    assert client.post(address, said).status_code == 200
    assert not Post.objects.filter(organisation=branch).exists()


def test_whoever_was_found_for_a_post_can_read_it(client, branch):
    zhang = registered("张三丰", branch)
    find(client, f"/orgs/{branch.ref}/posts/appointment/", "张三")
    assert zhang.looks.get().purpose == "为“东山村党支部”选任职人"


def test_a_handover_and_a_leave_go_by_the_page(client, branch):
    old = holder(Role.SECRETARY, branch, "李四")
    registered("张三丰", branch)
    post = Post.objects.get(person=old)
    address = f"/posts/{post.ref}/handover/"
    ((token, _),) = find(client, address, "zsf")
    said = {"person": token, "source": "replaced", "leaving": "removed", "on": "2026-05-01"}
    assert "到交接日期为止" in client.post(address, said).content.decode()
    client.post(address, {**said, "step": "do"})
    (now,) = queries.team(branch, date(2026, 5, 1))
    assert now.person.name == "张三丰"
    vacating = f"/posts/{now.ref}/vacating/"
    assert "核对" in client.post(vacating, {"on": "2026-06-01", "leaving": "moved"}).content.decode()
    client.post(vacating, {"on": "2026-06-01", "leaving": "moved", "step": "do"})
    assert not queries.team(branch, date(2026, 6, 1)).exists()


def test_the_team_of_a_day_shows_age_education_and_posts_in_one_hand(client, branch):
    zhang = person("张三", of=branch, education="31")
    for role in (Role.SECRETARY, Role.VILLAGE_DIRECTOR, Role.COOPERATIVE_HEAD):
        put(zhang, role, branch)
    page = client.get(f"/orgs/{branch.ref}/posts/", {"on": "2020-05-03"}).content.decode()
    assert "书记、主任、集体经济负责人" in page
    assert "大学专科毕业" in page
    rows = client.get(f"/orgs/{branch.ref}/posts/", {"on": "2020-05-03"}).context["rows"]
    assert {row["age"] for row in rows} == {39}
    assert client.get(f"/orgs/{branch.ref}/posts/", {"on": "1999-01-01"}).context["rows"] == []
    assert client.get(f"/orgs/{branch.ref}/posts/", {"xlsx": "1"}).content.startswith(b"PK")


def test_a_team_costs_the_same_however_large(client, branch, django_assert_num_queries):
    put(person(of=branch), Role.COMMITTEE_MEMBER, branch)
    with CaptureQueriesContext(connection) as one:
        client.get(f"/orgs/{branch.ref}/posts/")
    for _ in range(2):
        put(person(of=branch), Role.COMMITTEE_MEMBER, branch)
    with django_assert_num_queries(len(one)):
        assert len(client.get(f"/orgs/{branch.ref}/posts/").context["rows"]) == 3


def test_a_neighbours_posts_are_not_there(city, branch):
    beside = signed_in(account(holder(Role.SECRETARY, org("西山村党支部", under=city))))
    post = put(person(of=branch), Role.SECRETARY, branch)
    for address in (f"/posts/{post.ref}/", f"/posts/{post.ref}/vacating/", f"/orgs/{branch.ref}/posts/appointment/"):
        assert beside.get(address).status_code == 404


def test_the_security_administrator_gives_a_post_to_a_known_account(city, branch):
    zhao = signed_in(account(holder(Role.SECURITY_ADMINISTRATOR, city, "赵安全")))
    account(person("钱审计", of=branch), "qsj100001")
    address = f"/orgs/{city.ref}/posts/administrator/"
    said = {"username": "qsj100001", "role": "audit-administrator", "since": "2026-03-01"}
    assert "没有这个账号" in zhao.post(address, {**said, "username": "nobody"}).content.decode()
    assert "核对" in zhao.post(address, said).content.decode()
    zhao.post(address, {**said, "step": "do"})
    assert Post.objects.get(role=Role.AUDIT_ADMINISTRATOR).person.name == "钱审计"
    assert (
        "不能由同一个人担任"
        in zhao.post(address, {**said, "role": "system-administrator", "step": "do"}).content.decode()
    )


def test_gb_t_22239_8_1_5_the_security_administrator_takes_back_what_he_gave_and_sees_no_other_post(city, branch):
    zhao = signed_in(account(holder(Role.SECURITY_ADMINISTRATOR, city, "赵安全")))
    given = put(person("钱审计", of=branch), Role.AUDITOR, branch)
    ordinary = put(person("孙书记", of=branch), Role.SECRETARY, branch)
    assert zhao.get(f"/posts/{ordinary.ref}/").status_code == 404
    team = zhao.get(f"/orgs/{branch.ref}/posts/").content.decode()
    assert "钱审计" in team
    assert "孙书记" not in team
    assert "离任" in zhao.get(f"/posts/{given.ref}/").content.decode()
    zhao.post(f"/posts/{given.ref}/vacating/", {"on": "2026-11-01", "leaving": "moved", "step": "do"})
    assert Post.objects.known().get(role=Role.AUDITOR).until == date(2026, 11, 1)


def test_accounts_are_opened_by_post_for_all_below(client, city):
    for _ in range(3):
        holder(Role.SECRETARY, org(under=city), of=city)
    address = f"/orgs/{city.ref}/posts/slips/"
    assert "3 个人" in client.post(address, {"role": "secretary"}).content.decode()
    page = client.post(address, {"role": "secretary", "step": "do"})
    assert len(page.context["slips"]) == 3
    assert User.objects.count() == 4
    assert "都已经有账号" in client.post(address, {"role": "secretary"}).content.decode()


def terms(city, *days_left):
    today = timezone.localdate()
    by = officer(city)
    for days in days_left:
        place, ends = org(f"{days}天党支部", under=city), today + timedelta(days=days)
        actions.open_term(place, since=ends - timedelta(days=1000), ends_on=ends, by=by, at=NOON)


def test_terms_are_listed_soonest_first_and_filtered(client, city):
    terms(city, 300, -10, 80, 400, 170)

    def names(**asked):
        return [row.organisation.name[:-3] for row in client.get("/terms/", asked).context["rows"]]

    assert names() == ["-10天", "80天", "170天", "300天"]
    assert names(within="6") == ["-10天", "80天", "170天"]
    assert names(within="3") == ["-10天", "80天"]
    assert names(within="0") == ["-10天"]
    assert client.get("/terms/", {"xlsx": "1"}).content.startswith(b"PK")


def test_terms_are_paged_without_a_gap_or_a_double(client, city):
    terms(city, *[30] * 55)
    first = client.get("/terms/")
    second = client.get(first.context["page"].next_url)
    shown = [row.pk for page in (first, second) for row in page.context["rows"]]
    assert len(shown) == len(set(shown)) == 55


def test_the_next_term_is_opened_by_the_page(client, branch):
    client.post(f"/orgs/{branch.ref}/term/", {"since": "2026-04-01"})
    assert Term.objects.get().ends_on == date(2029, 4, 1)
    client.post(f"/orgs/{branch.ref}/term/extension/", {"ends_on": "2029-10-01", "document": "某组〔2029〕1号"})
    assert Term.objects.known().get().ends_on == date(2029, 10, 1)
    assert "原定 2029年4月1日" in client.get(f"/orgs/{branch.ref}/posts/").content.decode()
    said = {"since": "2026-03-01", "ends_on": "2029-10-01", "number": "9", "document": "某组〔2029〕1号"}
    client.post(f"/orgs/{branch.ref}/term/correction/", said)
    now = Term.objects.known().get()
    assert (now.since, now.number, now.planned_on) == (date(2026, 3, 1), 9, date(2029, 4, 1))


def test_terms_are_found_by_the_name_of_the_organisation(client, city):
    terms(city, 30, 80)
    shown = client.get("/terms/", {"q": "80天"}).context["rows"]
    assert [row.organisation.name for row in shown] == ["80天党支部"]


def test_a_joint_body_is_formed_filled_and_dissolved_by_pages(client, city, branch):
    answer = client.post(
        f"/orgs/{branch.ref}/joint-body/", {"name": "东山大党委", "kind": "community", "since": "2026-03-01"}
    )
    body = JointBody.objects.get()
    assert answer.url == f"/joint-bodies/{body.ref}/"
    bureau = org("市场监管局党总支", under=city, kind="general-branch")
    registered("孙代表", bureau)
    ((token, _),) = find(client, f"/joint-bodies/{body.ref}/seat/", "孙代")
    client.post(f"/joint-bodies/{body.ref}/seat/", {"person": token, "capacity": "member", "since": "2026-03-01"})
    page = client.get(f"/joint-bodies/{body.ref}/").content.decode()
    assert "孙代表" in page
    assert "代表 市场监管局党总支" in page
    sent = signed_in(account(holder(Role.SECRETARY, bureau, "吴书记")))
    assert "东山大党委" in sent.get("/joint-bodies/").content.decode()
    assert sent.get(f"/joint-bodies/{body.ref}/seat/").status_code == 404
    seat = body.seats.get()
    client.post(f"/joint-bodies/{body.ref}/seats/{seat.pk}/ending/", {"on": "2026-05-01"})
    assert "东山大党委" not in sent.get("/joint-bodies/").content.decode()
    client.post(f"/joint-bodies/{body.ref}/ending/", {"on": "2026-06-01", "reason": "调整"})
    assert "已撤销" in client.get(f"/joint-bodies/{body.ref}/").content.decode()


def test_an_administrator_sees_no_one_else_s_team(city, branch):
    put(person("张三", of=branch), Role.SECRETARY, branch)
    by = security_administrator(city)
    zhao = signed_in(account(Post.objects.get(role=Role.SECURITY_ADMINISTRATOR).person))
    assert by.name == "赵安全"
    assert "张三" not in zhao.get(f"/orgs/{branch.ref}/posts/").content.decode()

"""The list of accounts and what is done from it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiceng.kernel.access import Role
from jiceng.kernel.accounts.models import User
from jiceng.kernel.posts import actions as posts
from jiceng.kernel.posts.models import Post
from tests.builders import LONG_AGO, NOON, org, root
from tests.kernel.accounts.cast import account, signed_in
from tests.kernel.posts.cast import holder, person, security_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return root()


@pytest.fixture
def town(city):
    return org("东风镇党委", under=city, kind="committee")


@pytest.fixture
def branch(town):
    return org(under=town)


@pytest.fixture
def client(town):
    """The town's officer."""
    return signed_in(account(holder(Role.OFFICER, town, "王组织"), "wzz100000"))


def test_the_list_shows_accounts_below_and_none_beside(client, city, branch):
    account(person("张三", of=branch), "zs100001")
    account(person("李四", of=org(under=city)), "ls100002")
    page = client.get("/accounts/").content.decode()
    assert "zs100001" in page
    assert "ls100002" not in page
    beside = User.objects.get(username="ls100002")
    for address in ("", "reset/", "disabling/", "enabling/"):
        method = client.get if address == "" else client.post
        assert method(f"/accounts/{beside.ref}/{address}").status_code == 404


def test_the_list_is_searched_and_filtered(client, branch):
    account(person("张三", of=branch), "zs100001", must_change=True)
    account(person("李四", of=branch), "ls100002")

    def names(**asked):
        return [row.person.name for row in client.get("/accounts/", asked).context["rows"]]

    assert names(q="张") == ["张三"]
    assert names(q="LS1") == ["李四"]
    assert names(state="new") == ["张三"]
    assert names(state="never") == ["张三", "李四"]
    assert client.get("/accounts/", {"q": "李", "xlsx": "1"}).content.startswith(b"PK")


def test_the_list_costs_the_same_however_long(client, branch, django_assert_num_queries):
    with CaptureQueriesContext(connection) as one:
        client.get("/accounts/")
    for n in range(3):
        account(person(of=branch), f"zs10000{n}")
    with django_assert_num_queries(len(one)):
        assert len(client.get("/accounts/").context["rows"]) == 4


def test_the_list_is_paged(client, branch):
    for n in range(55):
        account(person(of=branch), f"zs1{n:05}")
    first = client.get("/accounts/")
    assert len(first.context["rows"]) == 50
    second = client.get(first.context["page"].next_url)
    assert len(second.context["rows"]) == 6


def test_opening_shows_slips_once(client, branch):
    zhang = person("张三", of=branch)
    address = f"/orgs/{branch.ref}/accounts/"
    assert "张三" in client.get(address).content.decode()
    assert [look.purpose for look in zhang.looks.all()] == ["开通账号"]
    page = client.post(address, {"chosen": [zhang.ref]})
    (slip,) = page.context["slips"]
    assert slip.password in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert "张三" not in client.get(address).content.decode()


def test_opening_refuses_who_is_not_on_the_list(client, branch, city):
    stranger = person("外人", of=org(under=city))
    page = client.post(f"/orgs/{branch.ref}/accounts/", {"chosen": [stranger.ref]})
    assert page.status_code == 200
    assert not User.objects.filter(person=stranger).exists()


def test_an_end_of_the_post_ends_the_right_with_the_next_request(client, city, branch):
    """No right is remembered beyond a request."""
    found = account(person("张三", of=branch))
    assert client.get(f"/accounts/{found.ref}/").status_code == 200
    post = Post.objects.get(person__name="王组织")
    posts.vacate_administrator(post, on=LONG_AGO.replace(year=2020), by=security_administrator(city), at=NOON)
    assert client.get(f"/accounts/{found.ref}/").status_code == 404


def test_the_security_administrator_disables_and_ends_sessions(city, branch):
    found = account(person("张三", of=branch))
    theirs = signed_in(found)
    zhao = signed_in(account(holder(Role.SECURITY_ADMINISTRATOR, city)))
    assert "让它退出" in zhao.get(f"/accounts/{found.ref}/").content.decode()
    session = found.sign_ins.get()
    zhao.post(f"/accounts/{found.ref}/sessions/{session.ref}/ending/")
    assert theirs.get("/sessions/").status_code == 302
    assert "请" in zhao.post(f"/accounts/{found.ref}/disabling/", {"reason": ""}).content.decode()
    zhao.post(f"/accounts/{found.ref}/disabling/", {"reason": "调离"})
    assert "已停用" in zhao.get(f"/accounts/{found.ref}/").content.decode()


def test_the_code_on_the_slip_is_there_for_anyone(db):
    from django.test import Client

    answer = Client().get("/sign-in/code.svg")
    assert answer["Content-Type"] == "image/svg+xml"

"""Accounts on paper, first passwords, resets, disabling, and keys."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client

from jiceng.kernel.access import Actor, Role
from jiceng.kernel.accounts import actions, queries
from jiceng.kernel.accounts.models import SignIn, Token, User
from jiceng.kernel.journal.models import Entry
from jiceng.lib.refusals import NotAllowed, Refused, RowsRefused
from tests.builders import NOON, org, root
from tests.kernel.accounts.cast import PASSWORD, account, enter, signed_in
from tests.kernel.posts.cast import actor, holder, officer, person, put, security_administrator

pytestmark = pytest.mark.django_db

NEW = "河边第二排柳树 1987"


@pytest.fixture
def city():
    return root()


@pytest.fixture
def town(city):
    return org("东风镇党委", under=city, kind="committee")


@pytest.fixture
def branch(town):
    return org(under=town)


def opened(place, people, by):
    return actions.open_accounts(place, people=[one.pk for one in people], by=by, at=NOON)


def test_a_slip_opens_the_door_once_and_then_wants_a_password_of_ones_own(town, branch):
    done = opened(town, [person("张三丰", of=branch)], officer(town))
    (slip,) = done.slips
    assert slip.username.startswith("zsf")
    client = Client()
    data = {"username": slip.username, "password": slip.password}
    assert client.post("/sign-in/", data).status_code == 302
    assert client.get("/sessions/").url == "/password/"
    assert client.get("/", headers={"hx-request": "true"})["HX-Redirect"] == "/password/"
    answer = client.post("/password/", {"current": slip.password, "new": NEW, "again": NEW})
    assert answer.status_code == 302
    assert client.get("/sessions/").status_code == 200
    assert Client().post("/sign-in/", data).status_code == 200


def test_nothing_keeps_the_password_of_a_slip(town, branch):
    done = opened(town, [person(of=branch)], officer(town))
    (slip,) = done.slips
    user = User.objects.get()
    assert slip.password not in user.password
    assert check_password(slip.password, user.password)
    entry = Entry.objects.get(verb="accounts.open_accounts")
    assert slip.password not in str(entry.canonical())
    assert slip.password not in repr(done)


def test_names_are_unique_and_who_has_an_account_is_left_out(town, branch):
    same = [person("王建华", of=branch) for _ in range(60)]
    assert opened(town, same[:20], officer(town)).rows == 20
    done = opened(town, same, officer(town))
    assert done.rows == 40
    assert User.objects.values("username").distinct().count() == 60


def test_accounts_are_not_opened_for_people_elsewhere(town):
    stranger = person("外人", of=org())
    with pytest.raises(RowsRefused, match="外人不在“东风镇党委”及其下级"):
        opened(town, [stranger], officer(town))


def test_who_serves_here_may_get_an_account_here(town, branch):
    sent = person("驻村干部", of=org())
    put(sent, Role.FIRST_SECRETARY, branch)
    assert opened(town, [sent], officer(town)).rows == 1


def test_a_town_gives_no_password_to_an_officer_of_the_city(city, town, branch):
    above = holder(Role.OFFICER, city, of=branch)
    with pytest.raises(RowsRefused, match="管不到的职务"):
        opened(town, [above], officer(town))
    user = account(above)
    with pytest.raises(NotAllowed, match="管不到的职务"):
        actions.reset(user, by=officer(town), at=NOON)


@pytest.mark.parametrize("role", ["system-administrator", "security-administrator", "audit-administrator", "auditor"])
def test_an_officer_gives_no_password_to_an_administrator(city, role):
    user = account(holder(role, city))
    with pytest.raises(NotAllowed):
        actions.reset(user, by=officer(city), at=NOON)
    assert actions.reset(user, by=security_administrator(city), at=NOON).password


def test_a_reset_by_the_level_above_ends_every_session_and_key(town, branch):
    user = account(person(of=branch))
    client = signed_in(user)
    issued = actions.issue_token(user, name="对接", until=NOON + timedelta(days=30), by=user.actor(), at=NOON)
    slip = actions.reset(user, by=officer(town), at=NOON)
    assert client.get("/sessions/").status_code == 302
    assert queries.actor_of_token(issued.raw, now=NOON) is None
    assert enter(Client(), user).status_code == 200
    fresh = Client()
    assert enter(fresh, user, slip.password).status_code == 302
    assert fresh.get("/sessions/").url == "/password/"


def test_a_reset_is_refused_to_the_officer_next_door(city, branch):
    user = account(person(of=branch))
    next_door = org("西河镇党委", under=city, kind="committee")
    with pytest.raises(NotAllowed):
        actions.reset(user, by=officer(next_door), at=NOON)


def test_a_disabled_users_sessions_end_at_once(city, branch):
    user = account(person(of=branch))
    client = signed_in(user)
    by = security_administrator(city)
    actions.disable(user, reason="调离", by=by, at=NOON)
    assert client.get("/sessions/").status_code == 302
    assert not SignIn.objects.filter(user=user, ended_at=None).exists()
    assert enter(Client(), user).status_code == 200
    actions.enable(User.objects.get(pk=user.pk), by=by, at=NOON)
    assert enter(Client(), user).status_code == 302


def test_an_officer_disables_nobody(city, branch):
    with pytest.raises(NotAllowed, match="安全管理员"):
        actions.disable(account(person(of=branch)), reason="调离", by=officer(city), at=NOON)


def test_a_password_must_be_ones_own_new_and_hard_to_guess(branch):
    user = account(person(of=branch))
    client = signed_in(user)

    def change(new, current=PASSWORD):
        answer = client.post("/password/", {"current": current, "new": new, "again": new})
        return answer.content.decode()

    assert "现在的密码不对" in change(NEW, current="wrong")
    assert "不能和现在的一样" in change(PASSWORD)
    assert "密码" in change("short")
    assert "常见" in change("1234567890123") or "数字" in change("1234567890123")
    assert enter(Client(), user).status_code == 302


def test_a_changed_password_leaves_only_this_session(branch):
    user = account(person(of=branch))
    phone, desk = signed_in(user), signed_in(user)
    desk.post("/password/", {"current": PASSWORD, "new": NEW, "again": NEW})
    assert desk.get("/sessions/").status_code == 200
    assert phone.get("/sessions/").status_code == 302


def test_a_found_phone_cannot_guess_the_password(branch):
    user = account(person(of=branch))
    client = signed_in(user)
    for _ in range(5):
        client.post("/password/", {"current": "guess", "new": NEW, "again": NEW})
    assert client.get("/sessions/").status_code == 302


def test_a_key_is_shown_once_kept_as_a_digest_and_ended_at_will(branch):
    user = account(person(of=branch))
    client = signed_in(user)
    page = client.post("/tokens/", {"name": "便民系统", "days": "30"})
    raw = page.context["raw"]
    token = Token.objects.get()
    assert raw in page.content.decode()
    assert raw not in client.get("/tokens/").content.decode()
    assert raw.encode() not in bytes(token.hash)
    assert queries.actor_of_token(raw, now=token.at) == Actor("user", "张三", user=user.pk, person=user.person_id)
    assert queries.actor_of_token(raw + "x", now=token.at) is None
    assert queries.actor_of_token(raw, now=token.until) is None
    client.post(f"/tokens/{token.ref}/ending/")
    assert queries.actor_of_token(raw, now=token.at) is None


def test_a_key_lasts_a_year_at_most(branch):
    user = account(person(of=branch))
    with pytest.raises(Refused, match="最长一年"):
        actions.issue_token(user, name="对接", until=NOON + timedelta(days=400), by=user.actor(), at=NOON)


def test_nobody_issues_a_key_in_anothers_name(branch):
    user = account(person(of=branch))
    with pytest.raises(NotAllowed):
        actions.issue_token(user, name="对接", until=NOON, by=actor(person()), at=NOON)

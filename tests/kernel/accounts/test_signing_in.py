"""Coming in, staying in, going out: with a real client, through every middleware."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jiceng.kernel.accounts import actions, queries
from jiceng.kernel.accounts.middleware import SEEN
from jiceng.kernel.accounts.models import SignIn
from jiceng.kernel.accounts.views.sign_in import WRONG
from tests.builders import NOON, org
from tests.kernel.accounts.cast import PASSWORD, account, enter, signed_in
from tests.kernel.posts.cast import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return account(person("张三", of=org()), "zs100001")


def is_in(client: Client) -> bool:
    return client.get("/sessions/").status_code == 200


def test_the_right_password_opens_the_door_and_is_written_down(user):
    client = Client()
    answer = enter(client, user, headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8"})
    assert (answer.status_code, answer.url) == (302, "/")
    found = SignIn.objects.get()
    assert (found.user, found.device, found.address, found.ended_at) == (user, "微信，安卓手机", "127.0.0.1", None)
    assert is_in(client)


def test_the_name_is_taken_however_it_is_typed(user):
    client = Client()
    client.post("/sign-in/", {"username": " ZS 100001 ", "password": PASSWORD})
    assert is_in(client)


def test_a_wrong_answer_never_tells_whether_the_name_exists(user):
    off = account(person("李四", of=org()), "ls200002")
    from jiceng.kernel.access import Actor

    actions.disable(off, reason="调离", by=Actor.command("test"), at=NOON)
    pages = []
    for name, password in ((user.username, "wrong"), ("nobody999", "wrong"), (off.username, PASSWORD)):
        answer = Client().post("/sign-in/", {"username": name, "password": password})
        assert answer.status_code == 200
        pages.append(answer.content.decode().replace(name, "NAME"))
    assert WRONG in pages[0]
    strip = [page[page.index("<main") : page.index("</main")] for page in pages]
    tokenless = [part[: part.index("csrfmiddlewaretoken")] + part[part.index("NAME") :] for part in strip]
    assert tokenless[0] == tokenless[1] == tokenless[2]


def test_a_page_without_a_session_leads_to_the_door_and_back(user):
    client = Client()
    answer = client.get("/sessions/")
    assert answer.url == "/sign-in/?next=/sessions/"
    answer = client.post("/sign-in/", {"username": user.username, "password": PASSWORD, "next": "/sessions/"})
    assert answer.url == "/sessions/"


def test_the_door_never_leads_elsewhere(user):
    data = {"username": user.username, "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert Client().post("/sign-in/", data).url == "/"


def test_a_session_that_was_there_before_is_not_kept(user):
    """Session fixation: the key an attacker planted is worth nothing after the sign-in."""
    client = Client()
    client.get("/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    enter(client, user)
    assert client.session.session_key != planted
    assert "planted" not in client.session
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not is_in(thief)


def test_signing_in_again_rotates_the_session_and_ends_the_old_one(user):
    client = signed_in(user)
    old = client.session.session_key
    enter(client, user)
    assert client.session.session_key != old
    assert SignIn.objects.filter(ended_at=None).count() == 1


def test_a_form_without_its_token_is_refused(user):
    client = Client(enforce_csrf_checks=True)
    assert enter(client, user).status_code == 403
    page = client.get("/sign-in/")
    token = page.context["csrf_token"]
    assert enter(client, user, data={"csrfmiddlewaretoken": str(token)}).status_code == 302
    assert client.post("/sign-out/").status_code == 403


def test_signing_out_ends_the_session_for_good(user):
    client = signed_in(user)
    key = client.session.session_key
    client.post("/sign-out/")
    assert SignIn.objects.get().ended_at is not None
    replay = Client()
    replay.cookies["sessionid"] = key
    assert not is_in(replay)


def test_a_device_list_ends_the_other_device_with_its_next_touch(user):
    phone, desk = signed_in(user), signed_in(user)
    other = SignIn.objects.order_by("pk").first()
    page = desk.get("/sessions/").content.decode()
    assert "就是这台" in page
    assert f"/sessions/{other.ref}/ending/" in page
    desk.post(f"/sessions/{other.ref}/ending/")
    assert not is_in(phone)
    assert is_in(desk)


def test_somebody_elses_session_is_not_there_to_be_ended(user):
    stranger = account(person("李四", of=org()))
    signed_in(stranger)
    theirs = SignIn.objects.get(user=stranger)
    assert signed_in(user).post(f"/sessions/{theirs.ref}/ending/").status_code == 404


def rewind(client: Client, by: timedelta) -> None:
    session = client.session
    session[SEEN] = int((timezone.now() - by).timestamp())
    session.save()


def test_a_shared_computer_is_signed_out_after_half_an_hour(user):
    client = signed_in(user)
    rewind(client, queries.IDLE - timedelta(minutes=1))
    assert is_in(client)
    rewind(client, queries.IDLE + timedelta(minutes=1))
    assert not is_in(client)
    assert SignIn.objects.get().ended_at is not None
    assert "30 分钟没有人用" in client.get("/sign-in/").content.decode()


def test_ones_own_phone_stays_signed_in(user):
    client = Client()
    enter(client, user, data={"own": "on"})
    rewind(client, timedelta(hours=5))
    assert is_in(client)


def test_one_locked_name_leaves_the_village_behind_the_same_address_free(user):
    village = [account(person(f"村民{n}")) for n in range(50)]
    unlucky, *others = village
    for _ in range(5):
        enter(Client(), unlucky, "wrong")
    assert enter(Client(), unlucky).status_code == 429
    assert [enter(Client(), other).status_code for other in others] == [302] * 49


def test_a_lock_lets_the_same_name_in_from_elsewhere(user):
    for _ in range(5):
        enter(Client(), user, "wrong")
    assert enter(Client(), user).status_code == 429
    assert enter(Client(REMOTE_ADDR="203.0.113.9"), user).status_code == 302


def test_signing_in_leaves_the_account_row_alone(user):
    """Django would write last_login behind our back; the guard on the database would have failed the sign-in."""
    assert "last_login" not in {field.name for field in type(user)._meta.get_fields()}
    assert is_in(signed_in(user))

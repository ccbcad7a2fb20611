import pytest
from django.test import RequestFactory

from jiceng.project import middleware, views


def test_healthz_answers_without_a_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_says_that_database_and_migrations_are_there(client, db):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": True, "migrations": True})


def test_readyz_is_503_while_a_migration_is_missing(client, db, monkeypatch):
    monkeypatch.setattr(views, "unapplied_migrations", lambda: ["orgs.0002_more"])
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": True, "migrations": False})


def test_every_answer_carries_the_guarding_headers(client):
    headers = client.get("/healthz").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["/orgs/a%00b/", "/people/?q=%00", "/units/?q=a%00", "/sign-in/?next=%00"])
def test_a_nul_character_in_an_address_is_no_fault_of_the_platform(client, db, address):
    client.raise_request_exception = False
    response = client.get(address)
    assert response.status_code == 400
    assert "看不懂这个请求" in response.content.decode()


def test_a_nul_character_in_a_form_is_no_fault_of_the_platform(client, db):
    client.raise_request_exception = False
    response = client.post("/sign-in/", "username=a%00b&password=c", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
    response = client.post("/sign-in/", {"username": "a\0b", "password": "c"})  # as a form with a file is sent
    assert response.status_code == 400
    assert "看不懂这个请求" in response.content.decode()


def test_healthz_cannot_be_written_to(client):
    assert client.post("/healthz").status_code == 405


@pytest.mark.parametrize(
    ("proxies", "told", "expected"),
    [
        (0, "", "10.0.0.9"),
        (0, "1.2.3.4", "10.0.0.9"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.8", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.9"),
    ],
)
def test_a_caller_cannot_choose_its_address(settings, proxies, told, expected):
    settings.PROXIES = proxies
    headers = {"X-Forwarded-For": told} if told else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.9")
    assert middleware.client_address(request) == expected


def test_somebody_locked_out_is_told_so_in_plain_words(rf, settings):
    response = views.locked_out(rf.get("/"), None, None)
    assert response.status_code == 429
    assert "15 分钟内不能再试" in response.content.decode()
    assert settings.LOGIN_URL in response.content.decode()


def test_an_address_alone_is_never_locked_out(settings):
    assert settings.AXES_LOCKOUT_PARAMETERS == [["username", "ip_address"]]

"""Accounts, and browsers that are signed in with them."""

from typing import Any

from django.contrib.auth.hashers import make_password
from django.test import Client

from jiceng.kernel.accounts.models import User
from jiceng.kernel.people.models import Person
from tests.builders import NOON
from tests.guard import outside

PASSWORD = "一棵树上的三只喜鹊 2026"


def account(who: Person, username: str = "", *, must_change: bool = False) -> User:
    """An account with the password of all tests."""
    with outside():
        return User.objects.create(
            person=who, username=username or f"u{who.pk}", password=make_password(PASSWORD), must_change=must_change,
            opened_at=NOON,
        )  # fmt: skip


def enter(client: Client, user: User, password: str = PASSWORD, **more: Any) -> Any:
    """Signs in by the page."""
    data = {"username": user.username, "password": password, **more.pop("data", {})}
    return client.post("/sign-in/", data, **more)


def signed_in(user: User) -> Client:
    """A browser of its own that is signed in."""
    client = Client()
    assert enter(client, user).status_code == 302
    return client

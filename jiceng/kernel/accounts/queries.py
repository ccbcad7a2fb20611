"""Who is signed in, whose token this is, which accounts there are."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from jiceng.kernel.access import Actor
from jiceng.kernel.people.models import Person

from .models import SignIn, Token, User

IDLE = timedelta(minutes=30)
"""How long a shared computer may lie untouched before it is signed out."""


def live(sign_ins: QuerySet[SignIn], now: datetime) -> QuerySet[SignIn]:
    """Those neither ended nor older than any session may be, newest first."""
    oldest = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return sign_ins.filter(ended_at=None, at__gt=oldest).order_by("-at")


def digest_of(raw: str) -> bytes:
    """What is kept of a token. It has 256 random bits, so a plain digest cannot be turned back."""
    return hashlib.sha256(raw.encode()).digest()


def actor_of_token(raw: str, *, now: datetime) -> Actor | None:
    """Who calls with this token; None if it was never issued, has ended, or its user may not sign in."""
    found = (
        Token.objects.filter(hash=digest_of(raw), ended_at=None, until__gt=now)
        .select_related("user__person", "user__disabling")
        .first()
    )
    if found is None or not found.user.is_active:
        return None
    return found.user.actor()


def without_account(people: QuerySet[Person]) -> QuerySet[Person]:
    """Those of the people who have no account yet."""
    return people.filter(user=None)


def named(query: str, among: QuerySet[User]) -> QuerySet[User]:
    """Accounts whose sign-in name begins with the query, or whose person's name contains it."""
    query = query.strip()
    if query.isascii():
        return among.filter(username__startswith=query.lower())
    return among.filter(person__name__contains=query)

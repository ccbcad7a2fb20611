"""Who makes a request: asked afresh each time, so that what was taken away is gone at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from jiceng.kernel.access import Actor

from . import actions, queries
from .models import SignIn, User

type Answer = Callable[[HttpRequest], HttpResponseBase]

SIGN_IN = "sign_in"
"""Where a session keeps which sign-in it belongs to."""

SEEN = "seen"
"""Where a session keeps when it was last used, to the minute."""

AWAY = "away"
"""Says to the sign-in page that the one before was signed out for being away."""

STEP = timedelta(minutes=1)


def acting(answer: Answer) -> Answer:
    """Puts `actor` and `sign_in` on every request, and holds up whoever must change a password first."""

    def act(request: HttpRequest) -> HttpResponseBase:
        request.sign_in = found = _sign_in(request)  # type: ignore[attr-defined]
        request.actor = found.user.actor() if found else Actor.visitor()  # type: ignore[attr-defined]
        if found and found.user.must_change and request.path not in (reverse("password"), reverse("sign-out")):
            return _to(request, reverse("password"))
        return answer(request)

    return act


def _sign_in(request: HttpRequest) -> SignIn | None:
    """The sign-in that this session belongs to, if it is alive: not ended elsewhere, not idle, not disabled."""
    request.user = user = get_user(request)  # the user itself: a verb takes no lazy stand-in as its subject
    if not isinstance(user, User):
        return None
    now = timezone.now()
    found = queries.live(SignIn.objects.filter(user=user, pk=request.session.get(SIGN_IN, 0)), now).first()
    if found is None:
        logout(request)
        return None
    found.user = user  # loaded with the person already
    if _is_idle(request, found, now):
        actions.sign_out(found, by=user.actor(), at=now)
        logout(request)
        request.session[AWAY] = True
        return None
    return found


def _is_idle(request: HttpRequest, found: SignIn, now: datetime) -> bool:
    """Whether nobody used a shared computer for too long; if not, remembers that somebody does."""
    seen = datetime.fromtimestamp(request.session.get(SEEN, 0), tz=UTC)
    if not found.is_own and now - seen > queries.IDLE:
        return True
    if now - seen >= STEP:
        request.session[SEEN] = int(now.timestamp())
    return False


def _to(request: HttpRequest, address: str) -> HttpResponseBase:
    """Sends a page there, or the whole page behind a part that HTMX asked for."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)

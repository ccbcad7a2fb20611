"""Headers that every answer carries, what no request may hold, and whose address a request came from."""

from collections.abc import Callable, Iterator
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError

type Answer = Callable[[HttpRequest], HttpResponseBase]


def guarded_headers(answer: Answer) -> Answer:
    """No page may ask for a position, a camera or a microphone, and no shared computer keeps a page that we sent."""

    def guarded(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded


NUL = "\0"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def storable_text(answer: Answer) -> Answer:
    """PostgreSQL keeps no NUL character in text (its manual, 8.3), so whoever sends one has made a mistake.

    Raises BadRequest, which is answered with our page for it. What the API is sent, its own schema judges.
    """

    def judged(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith("/api/") and any(NUL in word for word in _said(request)):
            raise BadRequest("a NUL character")
        return answer(request)

    return judged


def _said(request: HttpRequest) -> Iterator[str]:
    yield request.path_info
    yield from (word for _, words in request.GET.lists() for word in words)
    if request.method == "POST" and request.content_type in FORMS:
        # Whoever hung up half-way is the next one's to answer: the check for forged requests finds no token.
        with suppress(UnreadablePostError):
            yield from (word for _, words in request.POST.lists() for word in words)


def client_address(request: HttpRequest) -> str:
    """The address of whoever called: told by our own outermost proxy if there is one, never by the caller."""
    proxies: int = settings.PROXIES
    told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and len(told) >= proxies:
        return str(told[-proxies])
    return str(request.META.get("REMOTE_ADDR", ""))

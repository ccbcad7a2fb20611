"""A token of one team's system: who calls, asked afresh each time."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from jiceng.kernel.access import Actor
from jiceng.kernel.accounts.queries import actor_of_token


class Bearer(HttpBearer):
    """Puts the actor on the request. The pages' own sign-in does not count, so nothing is forged across sites."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = actor_of_token(token, now=timezone.now())
        if actor is not None:
            request.actor = actor  # type: ignore[attr-defined]
        return actor

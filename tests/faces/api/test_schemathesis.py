"""The API under text that nobody would type: no server error, and nothing its own description does not say."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks as described

from jiceng.kernel.access import Role
from jiceng.kernel.accounts import actions as accounts
from jiceng.kernel.accounts.models import User
from jiceng.kernel.orgs.models import Kind, Organisation
from jiceng.kernel.units import actions as units
from tests import guard
from tests.builders import NOON, holder, member, org, root

pytestmark = pytest.mark.django_db

DESCRIPTION = "/api/v1/openapi.json"

EXAMPLES = 12
"""Requests made up for one route, of each of the two kinds, for one caller."""

ASKED = [
    schemathesis.checks.not_a_server_error,
    described.status_code_conformance,
    described.content_type_conformance,
    described.response_schema_conformance,
]


@pytest.fixture
def town() -> Organisation:
    """A town with a branch, and a unit the town looks after."""
    city = root()
    made = org("一镇党委", under=city, kind=Kind.COMMITTEE, code="TOWN")
    org("一村党支部", under=made, code="BRANCH")
    units.register(
        made, new=units.NewUnit("U1", "甲厂", "enterprise"), on=NOON.date(), by=holder(city, Role.OFFICER), at=NOON
    )
    return made


def token(person: int) -> dict[str, str]:
    """The header of a system that calls with this person's rights."""
    with guard.outside():
        user = User.objects.create(person_id=person, username=f"u{person}", password="!", opened_at=NOON)
    now = timezone.now()
    issued = accounts.issue_token(user, name="试", until=now + timedelta(days=1), by=user.actor(), at=now)
    return {"Authorization": f"Bearer {issued.raw}"}


@pytest.fixture(params=["officer", "member", "nobody"])
def head(request: Any, town: Organisation) -> dict[str, str]:
    """Who calls: an officer of the town, a member without a post, somebody without a token."""
    match request.param:
        case "officer":
            actor = holder(town, Role.OFFICER)
            assert actor.person is not None
            return token(actor.person)
        case "member":
            return token(member(Organisation.objects.get(code="BRANCH")).pk)
        case _:
            return {}


@pytest.fixture
def api() -> Iterator[Any]:
    """The description as the running application gives it. A request does not end the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi(DESCRIPTION, get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def operations(api: Any) -> Iterator[Any]:
    """Every route and method of the description."""
    for found in api.get_all_operations():
        yield found.ok()


def bombard(operation: Any, mode: GenerationMode, head: dict[str, str], refs: list[str]) -> int:
    """Sends made-up requests, half of them about records that exist; returns how many."""
    sent = 0

    @hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck), derandomize=True,
    )  # fmt: skip
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        nonlocal sent
        sent += 1
        if sent % 2 and "ref" in case.path_parameters:
            case.path_parameters["ref"] = refs[sent % len(refs)]
        case.call_and_validate(headers=head, checks=ASKED)

    ask()
    return sent


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_made_up_requests_are_answered_as_described(town, head, api, mode):
    refs = [*Organisation.objects.values_list("ref", flat=True), *town.units.values_list("ref", flat=True)]
    sent = sum(bombard(operation, mode, head, refs) for operation in operations(api))
    assert sent > 20


HOSTILE = [
    "\x00",
    "a\x00b",
    "%00",
    "\ud800",
    "😀" * 200,
    "../../etc",
    "'; DROP TABLE x;--",
    "",
    " ",
    "９" * 40,
    "\u202e",
]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_text_that_no_database_stores_is_refused_in_every_place(client, town, text):
    head, sent = token(holder(town, Role.OFFICER).person or 0), text.encode("utf-8", "surrogatepass")
    address = f"/api/v1/organisations/{town.ref}"
    said = {"code": text, "name": text, "kind": "branch", "form": text, "on": text, "reason": text, "parent": text}
    for act in ("children", "renaming", "reparenting"):
        answer = client.post(f"{address}/{act}", said, "application/json", headers=head)
        assert 400 <= answer.status_code < 500, (act, answer.content)
    for route in ("organisations", "units", "places", "figures"):
        for key in ("after", "under", "kind", "level", "organisation", "on"):
            answer = client.get(f"/api/v1/{route}", {key: sent}, headers=head)
            assert answer.status_code < 500, (route, key, answer.content)
        answer = client.generic("GET", f"/api/v1/{route}/" + "".join(f"%{byte:02x}" for byte in sent), headers=head)
        assert answer.status_code < 500, (route, answer.content)


def test_a_server_error_and_an_undescribed_answer_would_be_seen(town, api, monkeypatch):
    from jiceng.faces.api import problems  # the module whose words are changed here

    def broken(*said: Any, **more: Any) -> Any:
        return problems.JsonResponse({"status": 418}, status=418)

    monkeypatch.setattr(problems, "problem", broken)
    operation = next(one for one in operations(api) if one.method == "get")
    with pytest.raises(BaseException, match=r"418|[Uu]ndocumented|[Ss]tatus"):
        bombard(operation, GenerationMode.POSITIVE, {}, [town.ref])

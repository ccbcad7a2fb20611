"""The API: the same reads and verbs as the pages, with a token, in plain words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jiceng.kernel.access import Role
from jiceng.kernel.accounts import actions as accounts
from jiceng.kernel.accounts.models import User
from jiceng.kernel.orgs.models import Kind, Organisation
from jiceng.kernel.units import actions as units
from tests import guard
from tests.builders import NOON, holder, org, root

pytestmark = pytest.mark.django_db

MEDIA_TYPE = "application/problem+json"


@pytest.fixture
def city():
    return root()


@pytest.fixture
def town(city):
    return org("一镇党委", under=city, kind=Kind.COMMITTEE)


def token(place, role=Role.OFFICER):
    """The header of somebody who holds that post there."""
    actor = holder(place, role)
    with guard.outside():
        user = User.objects.create(person_id=actor.person, username=f"u{actor.person}", password="!", opened_at=NOON)
    issued = accounts.issue_token(
        user, name="试", until=timezone.now() + timedelta(days=1), by=user.actor(), at=timezone.now()
    )
    return {"Authorization": f"Bearer {issued.raw}"}


def test_without_a_token_nothing_is_told(client, town):
    answer = client.get(f"/api/v1/organisations/{town.ref}")
    assert (answer.status_code, answer["Content-Type"]) == (401, MEDIA_TYPE)
    assert "令牌" in answer.json()["detail"]


def test_a_signed_in_browser_is_not_enough(client, town):
    client.cookies["sessionid"] = "anything"
    assert client.get("/api/v1/organisations").status_code == 401


def test_an_officer_lists_what_is_at_and_below_in_tree_order(client, city, town):
    branch = org("一村党支部", under=town)
    org("别处党支部", under=city)
    found = client.get("/api/v1/organisations", headers=token(town)).json()
    assert [one["ref"] for one in found["items"]] == [town.ref, branch.ref] and found["next"] is None


def test_what_is_out_of_scope_does_not_exist(client, city, town):
    other = org("二镇党委", under=city, kind=Kind.COMMITTEE)
    answer = client.get(f"/api/v1/organisations/{other.ref}", headers=token(town))
    assert (answer.status_code, answer["Content-Type"]) == (404, MEDIA_TYPE)


def test_an_officer_sets_up_a_branch_and_it_stands(client, town):
    said = {"code": "NEW-1", "name": "新村党支部", "kind": "branch", "on": "2026-03-01", "reason": "新设"}
    answer = client.post(f"/api/v1/organisations/{town.ref}/children", said, "application/json", headers=token(town))
    assert answer.status_code == 201, answer.content
    made = Organisation.objects.get(ref=answer.json()["ref"])
    assert (made.parent, made.name) == (town, "新村党支部")


def test_a_refusal_is_a_sentence_and_changes_nothing(client, town):
    said = {"code": "NEW-1", "name": "县委", "kind": "committee", "on": "2026-03-01", "reason": ""}
    branch, head = org("一村党支部", under=town), token(town)
    address, right = f"/api/v1/organisations/{branch.ref}/children", said | {"reason": "新设"}
    answer = client.post(address, right, "application/json", headers=head)
    assert answer.status_code == 409 and "不能设在" in answer.json()["detail"]
    answer = client.post(f"/api/v1/organisations/{town.ref}/children", said, "application/json", headers=head)
    assert answer.status_code == 422 and answer.json()["faults"][0]["where"].endswith("reason")
    assert not Organisation.objects.filter(code="NEW-1").exists()


def test_a_secretary_may_read_but_not_rename(client, town):
    branch = org("一村党支部", under=town)
    said = {"name": "二村党支部", "on": "2026-03-01", "reason": "更名"}
    head = token(branch, Role.SECRETARY)
    assert client.get(f"/api/v1/organisations/{branch.ref}", headers=head).status_code == 200
    answer = client.post(f"/api/v1/organisations/{branch.ref}/renaming", said, "application/json", headers=head)
    assert (answer.status_code, answer["Content-Type"]) == (403, MEDIA_TYPE)


def test_moving_under_a_parent_out_of_reach_is_not_found(client, city, town):
    branch, other = org("一村党支部", under=town), org("二镇党委", under=city, kind=Kind.COMMITTEE)
    said = {"parent": other.ref, "on": "2026-03-01", "reason": "改隶"}
    address = f"/api/v1/organisations/{branch.ref}/reparenting"
    answer = client.post(address, said, "application/json", headers=token(town))
    assert answer.status_code == 404


def test_a_token_ends_with_the_post(client, town):
    branch, head = org("一村党支部", under=town), token(town)
    assert client.get(f"/api/v1/organisations/{branch.ref}", headers=head).status_code == 200
    with guard.outside():
        town.posts.all().delete()
    assert client.get(f"/api/v1/organisations/{branch.ref}", headers=head).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_long(client, town, number, django_assert_num_queries):
    for n in range(number):
        org(f"第{n}党支部", under=town)
    head = token(town)
    with django_assert_num_queries(3):
        client.get("/api/v1/organisations", headers=head)


def test_units_are_listed_within_reach(client, city, town):
    officer, on = holder(city, Role.OFFICER), NOON.date()
    near = units.register(town, new=units.NewUnit("U1", "甲厂", "enterprise"), on=on, by=officer, at=NOON)
    other = org("二镇党委", under=city, kind=Kind.COMMITTEE)
    units.register(other, new=units.NewUnit("U2", "乙厂", "enterprise"), on=on, by=officer, at=NOON)
    found = client.get("/api/v1/units", headers=token(town)).json()
    assert [one["ref"] for one in found["items"]] == [near.ref]


def test_a_figure_is_asked_for_an_organisation(client, town):
    org("一村党支部", under=town)
    answer = client.get("/api/v1/figures/branches", {"organisation": town.ref, "on": "2026-01-01"}, headers=token(town))
    assert answer.json()["part"] == 1


def test_the_description_is_openapi_3_1(client):
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")

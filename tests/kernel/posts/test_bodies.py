"""Joint bodies: who sits there, and who may see it."""

from datetime import date

import pytest

from jiceng.kernel.access import Role
from jiceng.kernel.posts import actions, rules
from jiceng.kernel.posts.models import Formation, JointBody, PairedUnit, Seat
from jiceng.lib.refusals import NotAllowed, Refused
from tests.builders import NOON, org, root
from tests.kernel.posts.cast import actor, holder, officer, person

pytestmark = pytest.mark.django_db

SPRING = date(2026, 3, 1)
MAY = date(2026, 5, 1)


@pytest.fixture
def city():
    return root()


@pytest.fixture
def community(city):
    return org("东湖社区党委", under=city, kind="committee")


@pytest.fixture
def body(city, community):
    return actions.form_body(
        community, name="东湖社区大党委", kind="community", since=SPRING, by=officer(city), at=NOON
    )


def test_a_seat_lets_the_represented_organisation_see_the_body(city, body):
    bureau = org("市场监管局党总支", under=city, kind="general-branch")
    secretary = actor(holder(Role.SECRETARY, bureau, "王书记"))
    deputy = actor(holder(Role.DEPUTY_SECRETARY, bureau, "周副书记"))
    assert not rules.see_body.allows(deputy, body)
    seat = actions.seat(body, person=person(of=bureau), represented=bureau, since=SPRING, by=officer(city), at=NOON)
    assert rules.see_body.allows(secretary, body)
    assert rules.see_body.allows(deputy, body)
    actions.unseat(seat, on=MAY, by=officer(city), at=NOON)
    assert not rules.see_body.allows(deputy, body)


def test_a_body_with_many_seats_of_one_organisation_is_listed_once(city, body):
    bureau = org(under=city)
    who = holder(Role.SECRETARY, bureau)
    for one in (who, person(), person()):
        actions.seat(body, person=one, represented=bureau, since=SPRING, by=officer(city), at=NOON)
    assert list(rules.see_body.among(JointBody.objects.all(), actor(who))) == [body]


def test_who_sits_sees_the_body_without_a_post(city, body):
    guest = person("孙代表")
    assert not rules.see_body.allows(actor(guest), body)
    actions.seat(body, person=guest, represented=org(under=city), since=SPRING, by=officer(city), at=NOON)
    assert rules.see_body.allows(actor(guest), body)


def test_a_seat_gives_no_right_to_change_the_body(city, body):
    bureau = org(under=city)
    secretary = actor(holder(Role.SECRETARY, bureau))
    actions.seat(body, person=person(), represented=bureau, since=SPRING, by=officer(city), at=NOON)
    with pytest.raises(NotAllowed):
        actions.dissolve_body(body, on=MAY, reason="调整", by=secretary, at=NOON)


def test_nobody_sits_twice(city, body):
    bureau, guest = org(under=city), person("孙代表")
    by = officer(city)
    actions.seat(body, person=guest, represented=bureau, since=SPRING, by=by, at=NOON)
    with pytest.raises(Refused, match="孙代表从 2026-03-01 起已有席位"):
        actions.seat(body, person=guest, represented=bureau, since=MAY, by=by, at=NOON)


def test_a_body_ends_with_its_seats_and_pairs(city, body):
    by = officer(city)
    actions.seat(body, person=person(), represented=org(under=city), since=SPRING, by=by, at=NOON)
    actions.dissolve_body(body, on=MAY, reason="区划调整", by=by, at=NOON)
    assert [rows.open().filter(body=body).count() for rows in (Seat.objects, PairedUnit.objects)] == [0, 0]
    assert Formation.objects.known().get(body=body).until == MAY
    with pytest.raises(Refused, match="已于 2026-05-01 撤销"):
        actions.seat(body, person=person(), represented=org(under=city), since=MAY, by=by, at=NOON)


def test_two_living_bodies_of_one_organisation_do_not_share_a_name(city, community, body):
    with pytest.raises(Refused, match="已经有一个"):
        actions.form_body(community, name="东湖社区大党委", kind="community", since=MAY, by=officer(city), at=NOON)

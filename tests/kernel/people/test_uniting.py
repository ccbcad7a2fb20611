"""Two records of one person made into one: nothing that anybody knows of the dropped one is left with it."""

from datetime import date

import pytest

from jiceng.kernel.access import Role
from jiceng.kernel.access.actors import posts_of
from jiceng.kernel.accounts import actions as accounts
from jiceng.kernel.orgs.models import Form, Kind
from jiceng.kernel.people import actions, queries
from jiceng.kernel.people.actions import uniting
from jiceng.kernel.people.models import Floating, Loan, Look, Person, Union
from jiceng.kernel.posts import actions as posts
from jiceng.kernel.posts.models import Post, Seat
from jiceng.lib.refusals import Refused
from tests.builders import BUILDER, NOON, org
from tests.kernel.accounts.cast import account
from tests.kernel.people.cast import member, number, officer

pytestmark = pytest.mark.django_db

SINCE = date(2021, 3, 1)


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE)


@pytest.fixture
def east(town):
    return org("东村党支部", under=town)


@pytest.fixture
def west(town):
    return org("西村党支部", under=town)


@pytest.fixture
def kept(east):
    return member(east, since=date(2020, 1, 1))


@pytest.fixture
def dropped(west):
    return member(west, since=date(2015, 1, 1))


def unite(kept, dropped, by):
    return actions.unite(kept, dropped=dropped, reason="同一人，曾用旧号", by=by, at=NOON)


def appoint(place, person, role=Role.COMMITTEE_MEMBER, **more):
    said = {"since": SINCE, "by": officer(place), "at": NOON, **more}
    return posts.appoint(place, person=person, role=role, **said)


def test_posts_of_today_and_of_old_are_the_kept_persons(town, east, west, kept, dropped):
    now = appoint(west, dropped)
    past = appoint(east, dropped, Role.DEPUTY_SECRETARY, until=date(2022, 1, 1))
    unite(kept, dropped, officer(town))
    assert not Post.objects.known().filter(person=dropped).exists()
    assert set(Post.objects.known().filter(person=kept).values_list("ref", flat=True)) == {now.ref, past.ref}
    assert [post.role for post in posts_of([kept.pk])[kept.pk]] == [Role.COMMITTEE_MEMBER]
    assert Post.objects.filter(person=dropped).exclude(superseded_at=None).count() == 2


def test_a_seat_goes_along(town, west, kept, dropped):
    body = posts.form_body(town, name="镇联席会议", kind="meeting", since=SINCE, by=officer(town), at=NOON)
    posts.seat(body, person=dropped, represented=west, since=SINCE, by=officer(town), at=NOON)
    unite(kept, dropped, officer(town))
    assert Seat.objects.known().get().person == kept


def test_one_post_held_twice_is_said_and_nothing_is_changed(town, west, kept, dropped):
    appoint(west, dropped), appoint(west, kept)
    with pytest.raises(Refused, match="时间重叠"):
        unite(kept, dropped, officer(town))
    assert not Union.objects.exists() and Person.objects.get(pk=dropped.pk).is_member


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR])
def test_nobody_becomes_an_administrator_by_a_union(town, kept, dropped, role):
    posts.appoint_administrator(town, person=dropped, role=role, since=SINCE, by=BUILDER, at=NOON)
    with pytest.raises(Refused, match="请先免去"):
        unite(kept, dropped, officer(town))


def test_nobody_takes_over_a_post_where_the_actor_appoints_nobody(town, kept, dropped):
    appoint(town.parent, dropped, Role.SECRETARY)
    with pytest.raises(Refused, match="不归您办理"):
        unite(kept, dropped, officer(town))
    unite(kept, dropped, officer(town.parent))
    assert Post.objects.open().get(role=Role.SECRETARY, organisation=town.parent).person == kept


def test_an_account_is_disabled_first_and_never_used_again(town, kept, dropped):
    user = account(dropped)
    with pytest.raises(Refused, match="请先由安全管理员停用"):
        unite(kept, dropped, officer(town))
    accounts.disable(user, reason="并档", by=BUILDER, at=NOON)
    unite(kept, dropped, officer(town))
    user.refresh_from_db()
    assert not type(user).objects.get(pk=user.pk).is_active
    with pytest.raises(Refused, match="已并入另一份"):
        accounts.enable(type(user).objects.get(pk=user.pk), by=BUILDER, at=NOON)


def test_who_looked_is_read_by_the_kept_person(town, kept, dropped):
    actions.look(dropped, kind=Look.Kind.PAGE, purpose="核对年度统计", by=officer(town), at=NOON)
    unite(kept, dropped, officer(town))
    assert queries.looks(kept).get().purpose == "核对年度统计"


def test_where_the_dropped_one_had_been_away_and_is_lent_goes_over(town, east, west, kept, dropped):
    by = officer(town)
    crew = org("抢险临时党支部", under=town, form=Form.TEMPORARY, mission="抢险", ends_on=date(2026, 12, 31))
    actions.float_away(dropped, on=date(2016, 1, 1), where="深圳", by=by, at=NOON)
    actions.float_home(dropped, on=date(2017, 1, 1), by=by, at=NOON)
    actions.lend(dropped, to=crew, on=date(2026, 5, 1), by=by, at=NOON)
    unite(kept, dropped, by)
    assert Floating.objects.on(date(2016, 6, 1)).get().person == kept
    assert Loan.objects.open().get().person == kept


def test_a_loan_said_of_both_is_said_once(town, kept, dropped):
    crew = org("抢险临时党支部", under=town, form=Form.TEMPORARY, mission="抢险", ends_on=date(2026, 12, 31))
    for person in (kept, dropped):
        actions.lend(person, to=crew, on=date(2026, 5, 1), by=officer(town), at=NOON)
    unite(kept, dropped, officer(town))
    assert Loan.objects.known().get().person == kept


def test_the_number_of_a_record_that_was_dropped_twice_over_leads_to_the_last(town, east, west):
    first, second, third = (member(east, number=number(), since=date(year, 1, 1)) for year in (2020, 2018, 2016))
    unite(second, third, officer(town))
    unite(first, second, officer(town))
    assert queries.with_number(bytes(third.number_hash)) == first


def test_what_nobody_takes_over_keeps_the_union_from_being_made(town, west, kept, dropped, monkeypatch):
    appoint(west, dropped)
    monkeypatch.delitem(uniting._follows, Post)
    monkeypatch.delitem(uniting._follows, Seat)
    with pytest.raises(Refused, match="还有“任职”"):
        unite(kept, dropped, officer(town))


def test_every_area_with_records_of_people_says_what_a_union_does_to_them():
    pointing = {
        relation.related_model
        for relation in Person._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and relation.related_model._meta.managed
    }
    beyond = {model for model in pointing if model._meta.app_label != "people"}
    assert beyond <= set(uniting._follows)

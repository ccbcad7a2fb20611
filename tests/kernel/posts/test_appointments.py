"""Who takes a post, who hands it over, who leaves it."""

from datetime import date

import pytest

from jiceng.kernel.access import Actor, Role
from jiceng.kernel.posts import actions, queries
from jiceng.kernel.posts.models import Post
from jiceng.lib.refusals import NotAllowed, Refused
from tests.builders import NOON, org, root
from tests.kernel.posts.cast import actor, holder, officer, person, put, security_administrator

pytestmark = pytest.mark.django_db

SPRING = date(2026, 3, 1)
MAY = date(2026, 5, 1)


@pytest.fixture
def city():
    return root()


@pytest.fixture
def branch(city):
    return org(under=city)


def appoint(branch, who, by, *, role=Role.SECRETARY, since=SPRING, **more):
    return actions.appoint(branch, person=who, role=role, since=since, by=by, at=NOON, **more)


def test_an_appointment_gives_the_right_from_its_day_on(city, branch):
    zhang = person(of=branch)
    appoint(branch, zhang, officer(city))
    (held,) = queries.held_now([zhang.pk])[zhang.pk]
    assert (held.role, held.organisation, held.path) == (Role.SECRETARY, branch.pk, branch.path)


def test_a_post_has_the_title_of_its_function_unless_a_local_one_is_given(city, branch):
    by = officer(city)
    assert appoint(branch, person(), by).title == "书记"
    assert appoint(branch, person(), by, role=Role.INSTRUCTOR, title="党建联络员").title == "党建联络员"


def test_a_second_secretary_is_refused_by_the_name_of_the_first(city, branch):
    by = officer(city)
    appoint(branch, person("张三"), by)
    with pytest.raises(Refused, match=r"书记是张三（2026-03-01 起至今）"):
        appoint(branch, person("李四"), by, since=MAY)


def test_a_secretary_of_the_past_does_not_stand_in_the_way(city, branch):
    by = officer(city)
    appoint(branch, person("张三"), by, since=date(2020, 1, 1), until=SPRING)
    appoint(branch, person("李四"), by)
    assert [post.person.name for post in queries.team(branch, MAY)] == ["李四"]


def test_a_time_before_the_secretary_of_today_must_not_reach_into_it(city, branch):
    by = officer(city)
    appoint(branch, person("李四"), by)
    with pytest.raises(Refused, match="请先办离任"):
        appoint(branch, person("张三"), by, since=date(2020, 1, 1), until=date(2026, 3, 2))


def test_the_same_post_is_not_held_twice_by_one_person(city, branch):
    by, zhang = officer(city), person("张三")
    appoint(branch, zhang, by, role=Role.COMMITTEE_MEMBER)
    with pytest.raises(Refused, match=r"张三在.*已担任委员.*时间重叠"):
        appoint(branch, zhang, by, role=Role.COMMITTEE_MEMBER, since=MAY)


def test_nobody_is_appointed_before_the_organisation_was_founded(city):
    with pytest.raises(Refused, match="2026-05-01 才成立"):
        appoint(org(under=city, on=MAY), person(), officer(city))


def test_an_appointment_is_refused_to_the_officer_next_door(city, branch):
    next_door = org("邻镇党委", under=city, kind="committee")
    with pytest.raises(NotAllowed, match="本组织及下级的组织员"):
        appoint(branch, person(), officer(next_door))


def test_an_officer_cannot_make_an_administrator(city, branch):
    for role in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR, Role.AUDITOR):
        with pytest.raises(Refused, match="由安全管理员设置"):
            appoint(branch, person(), officer(city), role=role)


def test_a_security_administrator_makes_no_secretary(city, branch):
    with pytest.raises(NotAllowed):
        appoint(branch, person(), security_administrator(city))
    with pytest.raises(Refused, match="由组织员任命"):
        actions.appoint_administrator(
            branch, person=person(), role=Role.SECRETARY, since=SPRING, by=security_administrator(city), at=NOON
        )


ADMINISTRATORS = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR)


@pytest.mark.parametrize(
    ("first", "second"), [(one, other) for one in ADMINISTRATORS for other in ADMINISTRATORS if one != other]
)
def test_system_security_and_audit_administrators_exclude_each_other(city, branch, first, second):
    """GB/T 22239-2019, 8.1.5."""
    by, zhang = Actor.command("set-up"), person("张三")
    actions.appoint_administrator(city, person=zhang, role=first, since=SPRING, by=by, at=NOON)
    with pytest.raises(Refused, match=r"不能由同一个人担任（GB/T 22239-2019 第8\.1\.5条）"):
        actions.appoint_administrator(branch, person=zhang, role=second, since=MAY, by=by, at=NOON)


def test_one_administrator_after_the_other_is_allowed(city):
    by, zhang = Actor.command("set-up"), person("张三")
    given = {"person": zhang, "by": by, "at": NOON}
    actions.appoint_administrator(city, role=Role.SYSTEM_ADMINISTRATOR, since=date(2020, 1, 1), until=SPRING, **given)
    actions.appoint_administrator(city, role=Role.AUDIT_ADMINISTRATOR, since=SPRING, **given)
    assert [held.role for held in queries.held_now([zhang.pk])[zhang.pk]] == [Role.AUDIT_ADMINISTRATOR]


def test_nobody_gives_himself_an_administrators_post(city):
    zhao = holder(Role.SECURITY_ADMINISTRATOR, city)
    with pytest.raises(Refused, match="不能给自己"):
        actions.appoint_administrator(city, person=zhao, role=Role.OFFICER, since=SPRING, by=actor(zhao), at=NOON)


def test_a_handover_ends_the_one_and_begins_the_other_on_the_same_day(city, branch):
    zhang, li = person("张三"), person("李四")
    by = officer(city)
    old = appoint(branch, zhang, by, title="党支部书记")
    new = actions.hand_over(old, to=li, on=MAY, source=Post.Source.REPLACED, leaving="removed", by=by, at=NOON)
    assert (new.title, new.since, new.source) == ("党支部书记", MAY, "replaced")
    assert [p.person.name for p in queries.team(branch, date(2026, 4, 30))] == ["张三"]
    assert [p.person.name for p in queries.team(branch, MAY)] == ["李四"]
    assert Post.objects.known().get(ref=old.ref).leaving == "removed"
    assert zhang.pk not in queries.held_now([zhang.pk, li.pk])


def test_a_handover_that_is_refused_leaves_the_first_in_his_post(city, branch):
    by = officer(city)
    old = appoint(branch, person("张三"), by)
    with pytest.raises(Refused, match="晚于上任日期"):
        actions.hand_over(old, to=person("李四"), on=SPRING, by=by, at=NOON)
    assert [p.person.name for p in queries.team(branch, MAY)] == ["张三"]


def test_who_left_does_not_leave_again(city, branch):
    by = officer(city)
    post = appoint(branch, person(), by)
    actions.vacate(post, on=MAY, by=by, at=NOON)
    with pytest.raises(Refused, match="已于 2026-05-01 离任"):
        actions.vacate(post, on=date(2026, 5, 20), by=by, at=NOON)


def test_an_officer_cannot_dismiss_an_administrator(city):
    zhao = person()
    post = put(zhao, Role.SECURITY_ADMINISTRATOR, city)
    with pytest.raises(Refused, match="请找安全管理员"):
        actions.vacate(post, on=MAY, by=officer(city), at=NOON)
    actions.vacate_administrator(post, on=MAY, by=security_administrator(city), at=NOON)
    assert queries.held_now([zhao.pk]) == {}


def test_a_correction_says_it_right_and_keeps_what_was_believed(city, branch):
    by = officer(city)
    post = appoint(branch, person("张三"), by)
    right = actions.correct(post, since=date(2026, 2, 1), by=by, at=NOON)
    assert right.since == date(2026, 2, 1)
    assert right.ref == post.ref
    assert Post.objects.filter(ref=post.ref, superseded_at__isnull=False, since=SPRING).count() == 1


def test_a_correction_does_not_push_somebody_elses_time_aside(city, branch):
    by = officer(city)
    appoint(branch, person("张三"), by, since=date(2020, 1, 1), until=SPRING)
    post = appoint(branch, person("李四"), by)
    with pytest.raises(Refused, match="书记是张三"):
        actions.correct(post, since=date(2026, 2, 1), by=by, at=NOON)

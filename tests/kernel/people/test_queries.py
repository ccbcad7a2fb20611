"""Lists in the order of the tree, search by name, filters, purposes and hints."""

from datetime import date, timedelta

import pytest

from jiceng.kernel.access import Role
from jiceng.kernel.orgs.models import Form, Kind
from jiceng.kernel.people import actions, queries, rules
from jiceng.kernel.people.models import Person
from jiceng.lib.refusals import Refused
from tests.builders import NOON, org
from tests.kernel.people.cast import actor, member, new, officer, secretary

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE)


@pytest.fixture
def villages(town):
    return [org(f"{name}村党支部", under=town) for name in "甲乙丙"]


def whole(organisation):
    return queries.Scope(organisation, True)


def test_pages_follow_the_tree_and_meet_without_gap_or_overlap(town, villages):
    made = [member(villages[n % 3]) for n in range(9)]
    expected = [p.pk for p in sorted(made, key=lambda p: (p.organisation.path, p.pk))]
    seen, after = [], None
    while rows := queries.page(whole(town).members(), after, size=2):
        seen += [row.pk for row in rows]
        after = queries.After(rows[-1].organisation.path, rows[-1].pk)
    assert seen == expected


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.SECRETARY, Role.COMMITTEE_MEMBER])
@pytest.mark.parametrize("at", ["town", "village"])
def test_a_scope_lists_whom_the_rule_shows(town, villages, role, at):
    for village in villages:
        member(village)
    member(town)
    home = town if at == "town" else villages[0]
    by = actor(role, home)
    scope = queries.scope_of(rules.list_members, home, by)
    shown = rules.see.among(Person.objects.filter(is_member=True, organisation__path__under=home.path), by)
    assert set(scope.members()) == set(shown) != set()


def test_the_branch_next_door_is_out_of_scope(villages):
    assert queries.scope_of(rules.list_members, villages[1], secretary(villages[0])) is None


@pytest.mark.parametrize("thresholds", [(5000, 4000, 400), (0, 4000, 400), (0, 0, 400), (0, 4000, 0)])
def test_names_are_found_by_any_plan(town, villages, monkeypatch, thresholds):
    for constant, value in zip(("MANY", "NARROW", "HOMES"), thresholds, strict=True):
        monkeypatch.setattr(queries, constant, value)
    wang, li, far = member(villages[0], "王建国"), member(villages[1], "李建国强"), member(org(), "王建国")
    rare = member(villages[2], "𠮷䶮䶮")
    turkic = member(villages[2], "买买提·艾山江")
    search = lambda said, where=town: [p.pk for p in queries.named(said, whole(where))]  # noqa: E731
    assert set(search("建国")) == {wang.pk, li.pk}
    assert search("王建国") == [wang.pk] and search("建国强") == [li.pk]
    assert search("wjg") == [wang.pk] and search("WJ") == [wang.pk]
    assert search("𠮷䶮") == [rare.pk] and search("提艾山") == [turkic.pk]
    assert search("建国", villages[1]) == [li.pk] and search("国建") == []
    assert far.pk not in search("wj")


def test_one_character_is_too_short(town):
    with pytest.raises(Refused, match="至少输入两个字"):
        queries.named("王", whole(town))


def test_a_name_is_found_where_the_person_is_now_and_not_after_they_left(town, villages):
    person = member(villages[0], "王建国")
    actions.transfer(person, to=villages[1], on=date(2026, 3, 1), by=officer(town), at=NOON)
    assert queries.named("建国", whole(villages[1])) == [person] and not queries.named("建国", whole(villages[0]))
    actions.leave(person, how="deceased", on=date(2026, 4, 1), by=officer(town), at=NOON)
    assert not queries.named("建国", whole(town))


def test_filters_are_said_of_today(town, villages):
    young = member(villages[0], born=date(1996, 6, 1), joined_on=date(2014, 7, 1), full_on=None)
    old = member(villages[1], born=date(1960, 6, 2), sex="2", joined_on=date(1990, 1, 1), full_on=None)
    poor = actions.Told(education="21", occupation="02", station="retired", hardship=True)
    actions.describe(old, told=poor, on=date(2026, 1, 1), by=officer(town), at=NOON)
    actions.float_away(young, on=date(2026, 1, 1), where="深圳", by=officer(town), at=NOON)

    def found(**wanted):
        return set(queries.filtered(whole(town).members(), queries.Wanted(day=TODAY, **wanted)))

    assert found(sex="2") == found(hardship=True) == found(education=("21",)) == found(station="retired") == {old}
    assert found(floating=True) == {young} and found(floating=False) == {old}
    assert found(age_from=30, age_to=30) == {young} and found(age_from=65, age_to=65) == {old}
    assert found(age_from=31, age_to=64) == set() and found(age_to=29) == set()
    assert found(kind="full") == {young, old} and found(kind="probationary") == set()
    assert found() == {young, old}


def test_age_bands_hold_on_leap_days():
    assert queries.years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)
    assert queries.years_before(date(2024, 2, 29), 4) == date(2020, 2, 29)


def test_counting_stops_at_the_cap(town, villages):
    for _ in range(4):
        member(villages[0])
    members = whole(town).members()
    assert queries.count_capped(members, cap=2) == 3 and queries.count_capped(members, cap=9) == 4


def test_a_purpose_is_asked_of_the_office_above_and_holds_for_the_day(town, villages):
    above, own = officer(town), secretary(villages[0])
    assert queries.needs_purpose(above, villages[0]) and not queries.needs_purpose(own, villages[0])
    above = type(above)("user", above.name, user=5, person=above.person)
    actions.state_purpose(town, purpose="核对年度统计", by=above, at=NOON)
    assert queries.purpose_of(above, villages[0], NOON).text == "核对年度统计"
    assert queries.purpose_of(above, villages[0], NOON + timedelta(days=1)) is None
    assert queries.purpose_of(above, org(), NOON) is None
    with pytest.raises(Refused, match="请用一句话写明用途"):
        actions.state_purpose(town, purpose="看看", by=above, at=NOON)


def test_setting_hints_name_their_article_and_change_nothing(town):
    branch = org("小支部", under=town)
    rows = [new(organisation=branch.pk) for _ in range(2)]
    actions.admit_many(town, rows=rows, by=officer(town), at=NOON)
    (hint,) = queries.setting_advice(branch, TODAY)
    assert "正式党员 2 人，不足 3 人" in hint.what and "《中国共产党支部工作条例（试行）》第五条" in hint.basis
    member(branch)
    assert queries.setting_advice(branch, TODAY) == []
    actions.admit_many(town, rows=[new(organisation=branch.pk) for _ in range(48)], by=officer(town), at=NOON)
    assert "党员 51 人" in queries.setting_advice(branch, TODAY)[0].what
    branch.refresh_from_db()
    assert branch.kind == Kind.BRANCH
    assert queries.setting_advice(org("联合支部", under=town, form=Form.JOINT), TODAY) == []

"""Commendations: entered by the list, revoked with a reason, counted."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiceng.domains.honours import actions
from jiceng.domains.honours.actions import Honour, NewAward
from jiceng.domains.honours.models import Award
from jiceng.engines.figures import queries as figures
from jiceng.engines.figures.sources import Live
from jiceng.engines.procedures import actions as procedures
from jiceng.engines.procedures.actions import Told
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Role
from jiceng.kernel.journal.models import Entry
from jiceng.kernel.people import actions as people
from jiceng.lib.refusals import NotAllowed, Refused, RowsRefused
from tests.builders import BUILDER, NOON, holder, member, officer, org, root
from tests.kernel.people.cast import member as registered

pytestmark = pytest.mark.django_db
JULY = date(2025, 7, 1)
GOOD = Honour("member", "优秀共产党员", "county", "东江县委", JULY, "东委〔2025〕3号")
ORGANISATION = Honour("organisation", "先进基层党组织", "county", "东江县委", JULY)
MOVED = date(2025, 9, 1)


@pytest.fixture
def city():
    return root()


@pytest.fixture
def by(city):
    return officer(city)


@pytest.fixture
def branch(city):
    return org("东山村党支部", under=city)


def give(at, *rows, by, **more):
    return actions.award_many(at, rows=rows, by=by, at=NOON, **more)


def test_a_list_is_entered_whole_with_one_line_in_the_journal(city, branch, by):
    before = Entry.objects.count()
    done = give(city, NewAward(GOOD, person=member(branch).pk), NewAward(ORGANISATION, branch.pk), by=by)
    assert done.rows == 2 and Entry.objects.count() == before + 1
    assert Entry.objects.latest("pk").rows == 2
    assert set(Award.objects.values_list("organisation", flat=True)) == {branch.pk}


def test_one_wrong_row_and_nobody_is_entered(city, branch, by):
    stranger, other = member(org(), "外人"), org()
    late = Honour("member", "优秀共产党员", "county", "东江县委", date(2026, 6, 2))
    wrong = Honour("organisation", "先进", "county", "东江县委", JULY)
    good = member(branch)
    rows = [
        NewAward(GOOD, person=good.pk), NewAward(GOOD, person=stranger.pk), NewAward(ORGANISATION, other.pk),
        NewAward(late, person=good.pk), NewAward(wrong, person=good.pk), NewAward(GOOD, branch.pk),
        NewAward(GOOD, person=good.pk), NewAward(ORGANISATION),
    ]  # fmt: skip
    with pytest.raises(RowsRefused) as refused:
        give(city, *rows, by=by)
    assert {row for row, _ in refused.value.faults} == {2, 3, 4, 5, 6, 7, 8}
    assert not Award.objects.exists()


def test_a_title_stands_where_the_member_belonged_on_that_day(city, branch, by):
    person, west = member(branch), org("西山村党支部", under=city)
    people.transfer(person, to=west, on=MOVED, by=by, at=NOON)
    later = Honour("member", "优秀共产党员", "city", "某市委", MOVED)
    give(city, NewAward(GOOD, person=person.pk), NewAward(later, person=person.pk), by=by)
    assert dict(Award.objects.values_list("since", "organisation")) == {JULY: branch.pk, MOVED: west.pk}


def test_a_secretary_enters_no_titles_and_an_officer_none_next_door(city, branch):
    row = NewAward(ORGANISATION, branch.pk)
    with pytest.raises(NotAllowed):
        give(branch, row, by=holder(branch, Role.SECRETARY))
    with pytest.raises(NotAllowed):
        give(branch, row, by=officer(org("西山村党支部", under=city)))


def test_a_title_is_revoked_with_reason_and_decision_and_stays_readable(city, branch, by):
    give(city, NewAward(GOOD, person=member(branch).pk), by=by)
    award = Award.objects.get()
    said = {"reason": "弄虚作假", "decision": "东委〔2026〕9号", "by": by, "at": NOON}
    with pytest.raises(Refused, match="写明事由"):
        actions.revoke(award, on=MOVED, **{**said, "decision": " "})
    with pytest.raises(Refused, match="晚于授予日期"):
        actions.revoke(award, on=JULY, **said)
    with pytest.raises(Refused, match="不能晚于今天"):
        actions.revoke(award, on=date(2026, 6, 2), **said)
    gone = actions.revoke(award, on=MOVED, **said)
    assert (gone.since, gone.until, gone.ref) == (JULY, MOVED, award.ref)
    with pytest.raises(Refused, match="已于 2025-09-01 撤销"):
        actions.revoke(gone, on=MOVED, **said)


def test_a_list_is_taken_back_unless_a_title_was_revoked_since(city, branch, by):
    give(city, NewAward(GOOD, person=member(branch).pk), batch=5, by=by)
    give(city, NewAward(ORGANISATION, branch.pk), batch=6, by=by)
    assert actions.withdraw_batch(city, batch=6, by=by, at=NOON).rows == 1
    award = Award.objects.known().get()
    actions.revoke(award, on=MOVED, reason="弄虚作假", decision="东委〔2026〕9号", by=by, at=NOON)
    with pytest.raises(Refused, match="不能整批撤回"):
        actions.withdraw_batch(city, batch=5, by=by, at=NOON)


def test_two_records_of_one_person_keep_each_title_once(city, branch, by):
    kept, dropped = registered(branch, since=date(2020, 1, 1)), registered(branch, since=date(2015, 1, 1))
    other = Honour("worker", "优秀党务工作者", "county", "东江县委", JULY)
    give(city, *(NewAward(GOOD, person=one.pk) for one in (kept, dropped)), NewAward(other, person=dropped.pk), by=by)
    people.unite(kept, dropped=dropped, reason="同一人", by=by, at=NOON)
    titles = Award.objects.known().values_list("person", "honour").order_by("honour")
    assert list(titles) == [(kept.pk, "优秀党务工作者"), (kept.pk, "优秀共产党员")]


def decided(city, awarded):
    """A commendation that the city decided for so many."""
    day = date(2025, 5, 6)
    case = procedures.open(
        city, procedure="commendation", title="七一表彰", told=Told(day, {"honour": "优秀共产党员", "places": 9}),
        by=BUILDER, at=NOON,
    )  # fmt: skip
    steps = (
        ("call", "done", {}, "notice"), ("nomination", "done", {"nominated": 9}, "list"),
        ("review", "passed", {"kept": awarded, "winners": "甲、乙"}, ""), ("public-notice", "done", {}, ""),
        ("decision", "decided", {"awarded": awarded}, "resolution"), ("register", "done", {}, ""),
    )  # fmt: skip
    for step, outcome, said, paper in steps:
        if paper:
            procedures.keep_paper(case, paper=paper, told=Told(day, reason="组织部"), by=BUILDER, at=NOON)
        if step == "review":
            reply = Told(day, reason="没有问题")
            procedures.give_reply(case, reply="discipline", told=reply, by=BUILDER, at=NOON)
        if step == "public-notice":
            put_up = Told(day, reason="贴在公开栏，没有异议")
            procedures.post_notice(case, title="公示", text="甲、乙", told=put_up, by=BUILDER, at=NOON)
            day += timedelta(days=14)
        procedures.end_step(case, outcome=outcome, told=Told(day, said), by=BUILDER, at=NOON)
    return Case.objects.get(pk=case.pk)


def test_the_list_of_a_decided_case_has_as_many_names_as_were_decided_and_comes_once(city, branch, by):
    case = decided(city, 2)
    rows = [NewAward(GOOD, person=member(branch).pk) for _ in range(3)]
    with pytest.raises(Refused, match="决定表彰 2 个（名），名单上有 3 个"):
        give(city, *rows, case=case, by=by)
    early = Honour("member", "优秀共产党员", "county", "东江县委", date(2025, 5, 19))
    with pytest.raises(Refused, match="授予日期不能更早"):
        give(city, *(NewAward(early, person=one.person) for one in rows[:2]), case=case, by=by)
    assert give(city, *rows[:2], case=case, by=by).rows == 2
    with pytest.raises(Refused, match="已经登记过"):
        give(city, *rows[1:], case=case, by=by)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["甲", "乙"]), st.booleans()), max_size=8))
def test_people_and_organisations_are_counted_once_however_many_titles(given_out):
    city = root()
    by, branches = officer(city), [org(under=city) for _ in range(2)]
    folk = [member(branches[place % 2]) for place in range(5)]
    rows = {
        NewAward(Honour("organisation", honour, "city", "市委", JULY), branches[who % 2].pk)
        if to_organisation
        else NewAward(Honour("member", honour, "city", "市委", JULY), person=folk[who].pk)
        for who, honour, to_organisation in given_out
    }
    if rows:
        give(city, *rows, by=by)
    asked = {key: figures.indicator(key) for key in ("awards", "awarded-people", "awarded-organisations")}
    got = {key: figures.value(one, city.pk, on=date(2025, 12, 31), source=Live()).part for key, one in asked.items()}
    assert got == {
        "awards": len(rows),
        "awarded-people": len({row.person for row in rows if row.person}),
        "awarded-organisations": len({row.organisation for row in rows if row.organisation}),
    }

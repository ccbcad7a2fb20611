"""Who covers what: verbs, and the stretches that fall out of the records, against a count by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from jiceng.domains.coverage import actions, facts, queries
from jiceng.domains.coverage.actions import NewCoverage, NewPairing
from jiceng.domains.coverage.models import Coverage, Pairing, Spell
from jiceng.kernel.access import Role
from jiceng.kernel.journal.clock import one_moment
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.orgs.models import Form
from jiceng.kernel.people.models import Membership, Particulars
from jiceng.kernel.posts.models import Post
from jiceng.kernel.units import actions as units
from jiceng.kernel.units.actions import NewUnit, State
from jiceng.kernel.units.models import Unit
from jiceng.lib.refusals import NotAllowed, Refused, RowsRefused
from tests import guard
from tests.builders import BUILDER, NOON, because, holder, member, officer, org, root

pytestmark = pytest.mark.django_db

START = date(2026, 1, 1)
DAYS = [START + timedelta(days=number) for number in range(12)]


@pytest.fixture
def top():
    return root()


@pytest.fixture
def by(top):
    return officer(top)


def unit(top, code="U1", *, kind=Unit.Kind.ENTERPRISE, **state):
    units.register_many(
        top,
        rows=[NewUnit(code=code, name=f"第{code}号企业", kind=kind, state=State(**state))],
        on=START,
        by=BUILDER,
        at=NOON,
    )
    return Unit.objects.get(code=code)


def branch(top, name="机械厂党支部", **details):
    return org(name, under=top, **details)


def on(day, code="U1"):
    return queries.spells_on(day).get(unit__code=code)


def test_a_covered_unit_is_covered_from_the_day_and_not_before(top, by):
    found = unit(top)
    actions.cover(found, organisation=branch(top), form="single", on=date(2026, 3, 1), by=by, at=NOON)
    assert on(date(2026, 2, 28)).form == Spell.Form.NONE
    assert on(date(2026, 3, 1)).form == Spell.Form.SINGLE


def test_two_organisations_may_not_each_be_the_units_own(top, by):
    found = unit(top)
    actions.cover(found, organisation=branch(top), form="single", on=START, by=by, at=NOON)
    with pytest.raises(Refused, match="请先解除"):
        actions.cover(found, organisation=branch(top, "行业党支部"), form="joint", on=START, by=by, at=NOON)


def test_joint_becomes_single_on_its_day(top, by):
    found, place = unit(top), branch(top)
    actions.cover(found, organisation=place, form="joint", on=START, by=by, at=NOON)
    actions.cover(found, organisation=place, form="single", on=date(2026, 3, 1), by=by, at=NOON)
    assert on(date(2026, 2, 28)).form == Spell.Form.JOINT
    assert on(date(2026, 3, 1)).form == Spell.Form.SINGLE


def test_an_instructor_is_sent_only_where_there_is_one(top, by):
    found, place = unit(top), branch(top)
    with pytest.raises(Refused, match="没有党建指导员"):
        actions.cover(found, organisation=place, form="instructor", on=START, by=by, at=NOON)
    holder(place, Role.INSTRUCTOR, person=member(top))
    actions.cover(found, organisation=place, form="instructor", on=START, by=by, at=NOON)
    assert (on(START).form, on(START).instructed) == (Spell.Form.NONE, 1)


def test_an_organisation_covers_nothing_before_it_was_founded_or_after_today(top, by):
    found, place = unit(top), branch(top, on=date(2026, 2, 1))
    for day in (START, date(2030, 1, 1)):
        with pytest.raises(Refused, match="日期不能"):
            actions.cover(found, organisation=place, form="single", on=day, by=by, at=NOON)


def test_the_officer_next_door_covers_nothing_here(top):
    found, place = unit(top), branch(top)
    with pytest.raises(NotAllowed):
        actions.cover(found, organisation=place, form="single", on=START, by=officer(root()), at=NOON)


def test_uncovering_ends_it_on_the_day(top, by):
    found = unit(top)
    row = actions.cover(found, organisation=branch(top), form="single", on=START, by=by, at=NOON)
    actions.uncover(row, on=date(2026, 4, 1), by=by, at=NOON)
    assert on(date(2026, 3, 31)).form == Spell.Form.SINGLE
    assert on(date(2026, 4, 1)).form == Spell.Form.NONE
    with pytest.raises(Refused, match="已经结束"):
        actions.uncover(Coverage.objects.filter(superseded_at__isnull=False).get(), on=date(2026, 5, 1), by=by, at=NOON)


def test_what_a_dissolved_organisation_covered_is_uncovered_that_day(top, by):
    found, place = unit(top), branch(top)
    actions.cover(found, organisation=place, form="single", on=START, by=by, at=NOON)
    orgs.dissolve(place, because=because(date(2026, 4, 1)), by=by, at=NOON)
    assert on(date(2026, 3, 31)).form == Spell.Form.SINGLE
    assert on(date(2026, 4, 1)).form == Spell.Form.NONE


def test_what_a_merged_organisation_covered_its_successor_covers_from_that_day(top, by):
    found, place, heir = unit(top), branch(top), branch(top, "联合党支部")
    actions.cover(found, organisation=place, form="single", on=START, by=by, at=NOON)
    orgs.merge(place, into=heir, because=because(date(2026, 4, 1)), by=by, at=NOON)
    actions.follow(None, by=BUILDER, at=NOON)
    assert on(date(2026, 4, 1)).form == Spell.Form.SINGLE
    assert [row.organisation for row in queries.covering(found, date(2026, 4, 1))] == [heir]
    assert actions.follow(None, by=BUILDER, at=NOON).rows == 0


def test_a_list_of_coverage_says_everything_that_is_wrong_and_writes_nothing(top):
    unit(top)
    place, joint = branch(top), branch(top, "联合党支部")
    rows = [
        NewCoverage("U1", place.code, "single", START),
        NewCoverage("U1", joint.code, "joint", START),
        NewCoverage("U9", place.code, "single", START),
        NewCoverage("U1", "nowhere", "single", START),
        NewCoverage("U1", place.code, "half", START),
    ]
    with pytest.raises(RowsRefused) as refusal:
        actions.cover_many(top, rows=rows, by=BUILDER, at=NOON)
    assert {number for number, _ in refusal.value.faults} == {2, 3, 4, 5}
    assert not Coverage.objects.exists()
    assert actions.cover_many(top, rows=rows[:1], by=BUILDER, at=NOON).rows == 1


def test_a_pair_is_made_once_and_ends(top, by):
    found, place = unit(top, kind=Unit.Kind.DEPARTMENT), branch(top, "东湖社区党支部")
    row = actions.pair(found, organisation=place, purpose="共建共治", on=START, by=by, at=NOON)
    with pytest.raises(Refused, match="已经和"):
        actions.pair(found, organisation=place, purpose="共建共治", on=START, by=by, at=NOON)
    actions.unpair(row, on=date(2026, 4, 1), by=by, at=NOON)
    assert list(queries.paired(place, date(2026, 3, 31))) == list(Pairing.objects.known())
    assert not queries.paired(place, date(2026, 4, 1)).exists()


def test_a_list_of_pairs_is_refused_whole_where_one_is_wrong(top):
    unit(top, kind=Unit.Kind.DEPARTMENT)
    place = branch(top, "东湖社区党支部")
    right = NewPairing("U1", place.code, "共建共治", START)
    with pytest.raises(RowsRefused, match="第 2 行"):
        actions.pair_many(top, rows=[right, NewPairing("U1", place.code, " ", START)], by=BUILDER, at=NOON)
    assert actions.pair_many(top, rows=[right], by=BUILDER, at=NOON).rows == 1


def test_members_count_at_the_unit_where_they_work_and_only_while_they_are_members(top):
    found, place = unit(top), branch(top)
    worker = member(place, unit=found)
    member(place)
    with guard.outside(), one_moment():
        Membership.objects.filter(person=worker).update(until=date(2026, 2, 1))
    assert [on(day).members for day in (START, date(2026, 1, 31), date(2026, 2, 1))] == [1, 1, 0]


def test_joint_branches_of_more_than_five_units_get_a_hint_and_nothing_else(top, by):
    place = branch(top, form=Form.JOINT)
    for number in range(6):
        assert queries.advice_for(place, START) == []
        actions.cover(unit(top, f"V{number}"), organisation=place, form="joint", on=START, by=by, at=NOON)
    assert "不超过 5 个（《中国共产党支部工作条例（试行）》第五条）" in queries.advice_for(place, START)[0]


def test_a_unit_with_three_full_members_and_no_branch_of_its_own_gets_a_hint(top):
    found, place = unit(top), branch(top)
    for _ in range(2):
        member(place, unit=found)
    member(place, unit=found, kind=Membership.Kind.PROBATIONARY)
    assert queries.advice_for_unit(found, START) == []
    member(place, unit=found)
    assert "有 3 名正式党员" in queries.advice_for_unit(found, START)[0]


SPAN = st.tuples(st.integers(0, 10), st.one_of(st.none(), st.integers(1, 11)))
WORLD = st.fixed_dictionaries(
    {
        "coverages": st.lists(st.tuples(st.sampled_from(["single", "joint", "instructor"]), SPAN), max_size=4),
        "members": st.lists(st.tuples(st.booleans(), SPAN, SPAN), max_size=4),
        "posts": st.lists(st.tuples(st.integers(0, 3), SPAN), max_size=3),
        "closed": st.lists(st.tuples(st.integers(0, 3), st.integers(1, 11)), max_size=2),
        "states": st.lists(st.integers(1, 11), max_size=3),
    }
)


def days(span):
    since, until = span
    return {"since": DAYS[since], "until": None if until is None else DAYS[max(until, since + 1)]}


def holds(row, day):
    return row["since"] <= day and (row["until"] is None or day < row["until"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=WORLD)
def test_the_stretches_say_on_every_day_what_a_count_by_hand_says(world):
    from django.db import transaction

    assume(sum(form == "single" and until is None for form, (_, until) in world["coverages"]) < 2)
    with transaction.atomic(), guard.outside(), one_moment():
        top = root()
        found = unit(top, staff=10)
        steps = sorted(set(world["states"]))
        for staff, step in enumerate(steps, start=11):
            units.describe(found, state=State(staff=staff), on=DAYS[step], by=officer(top), at=NOON)
        places = [branch(top, f"第{number}党支部") for number in range(4)]
        for number, (form, span) in enumerate(world["coverages"]):
            Coverage.objects.create(unit=found, organisation=places[number], form=form, **days(span))
        people = []
        for full, working, belonging in world["members"]:
            person = member(places[0])
            Membership.objects.filter(person=person).delete()
            Particulars.objects.filter(person=person).delete()
            kind = Membership.Kind.FULL if full else Membership.Kind.PROBATIONARY
            Membership.objects.create(
                person=person, organisation=places[0], kind=kind, start="recorded", **days(belonging)
            )
            Particulars.objects.create(person=person, education="20", occupation="10", unit=found, **days(working))
            people.append((full, days(working), days(belonging)))
        for number, span in world["posts"]:
            Post.objects.create(
                organisation=places[number], person=member(top), role=Role.INSTRUCTOR, title="指导员", **days(span)
            )
        closed = dict(world["closed"])
        for number, day in closed.items():
            type(places[number]).objects.filter(pk=places[number].pk).update(closed_on=DAYS[day], custodian=top)
        for day in DAYS:
            living = [
                (number, form)
                for number, (form, span) in enumerate(world["coverages"])
                if holds(days(span), day) and (number not in closed or day < DAYS[closed[number]])
            ]
            forms = {form for _, form in living}
            working = [full for full, work, belong in people if holds(work, day) and holds(belong, day)]
            taught = {number for number, span in world["posts"] if holds(days(span), day)}
            spell = on(day)
            assert spell.form == next((form for form in ("single", "joint") if form in forms), "none")
            assert (spell.members, spell.full_members) == (len(working), sum(working))
            assert spell.instructed == int(any(number in taught for number, _ in living))
            assert spell.staff == 10 + sum(DAYS[step] <= day for step in steps)
        transaction.set_rollback(True)


def test_rows_of_the_facts_say_what_their_columns_promise(top, by):
    found = unit(top, staff=30)
    actions.cover(found, organisation=branch(top), form="single", on=START, by=by, at=NOON)
    actions.pair(found, organisation=branch(top, "东湖社区党支部"), purpose="共建", on=START, by=by, at=NOON)
    fixed = {"record", "organisation", "since", "until", "recorded_at", "superseded_at"}
    for fact in (facts.covered_units, facts.pairings):
        (row, *_) = fact.rows()
        assert set(row) == fixed | {column.key for column in fact.columns}


def test_the_stretches_can_be_filtered_and_counted_like_a_table(top, by):
    for number in range(3):
        unit(top, f"U{number}", staff=number)
    actions.cover(Unit.objects.get(code="U0"), organisation=branch(top), form="single", on=START, by=by, at=NOON)
    assert (
        facts.covered_units.rows().filter(form="single", staff__lt=2, organisation__path__under=top.path).count() == 1
    )

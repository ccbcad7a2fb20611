"""Rows that may be counted: one a member and day, whatever was changed, moved or corrected."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiceng.kernel.orgs.models import Kind
from jiceng.kernel.people import actions, facts
from jiceng.kernel.people.models import Membership, Particulars
from jiceng.lib.facts import Fact
from jiceng.lib.refusals import Refused
from tests.builders import NOON, org
from tests.kernel.people.cast import FARMER, member, officer

pytestmark = pytest.mark.django_db
OWN = {"record", "organisation", "since", "until", "recorded_at", "superseded_at"}
STUDENT = actions.Told(education="21", occupation="06", station="student")
FACTS = [fact for fact in vars(facts).values() if isinstance(fact, Fact)]


def on(fact: Fact, day: date, known_at: datetime | None = None) -> list[dict[str, Any]]:
    """The rows of a day, by the plainest reading."""
    return [
        row
        for row in fact.rows()
        if row["since"] <= day
        and (row["until"] is None or day < row["until"])
        and (row["superseded_at"] is None if known_at is None else _believed(row, known_at))
    ]


def _believed(row: dict[str, Any], at: datetime) -> bool:
    return row["recorded_at"] <= at and (row["superseded_at"] is None or at < row["superseded_at"])


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.key)
def test_rows_give_what_the_fact_declares(fact):
    member(org())
    assert set(fact.rows().query.selected) == OWN | {column.key for column in fact.columns}


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE)


def test_a_spell_is_cut_where_particulars_change_and_where_the_member_moves(town):
    east, west, by = org("东村", under=town), org("西村", under=town), officer(town)
    person = member(east)
    actions.describe(person, told=STUDENT, on=date(2020, 1, 1), by=by, at=NOON)
    actions.transfer(person, to=west, on=date(2022, 1, 1), by=by, at=NOON)
    rows = [row for row in facts.members.rows() if row["superseded_at"] is None]
    told = sorted((row["since"], row["until"], row["organisation"], row["education"]) for row in rows)[:2]
    assert told == [
        (date(2015, 1, 1), date(2020, 1, 1), east.pk, "61"),
        (date(2020, 1, 1), date(2022, 1, 1), east.pk, "21"),
    ]
    (now,) = on(facts.members, date(2026, 1, 1))
    assert (now["organisation"], now["education"], now["since"], now["until"]) == (
        west.pk,
        "21",
        date(2022, 1, 1),
        None,
    )
    assert (now["entered_on"], now["start"], now["record"]) == (date(2022, 1, 1), "transferred", person.pk)


@pytest.mark.django_db(transaction=True)
def test_what_was_written_late_is_not_known_before(town):
    east, west, by = org("东村", under=town), org("西村", under=town), officer(town)
    person = member(east)
    before = Membership.objects.open().get(person=person).recorded_at
    actions.transfer(person, to=west, on=date(2022, 1, 1), by=by, at=NOON)
    (then,) = on(facts.members, date(2026, 1, 1), known_at=before)
    assert then["organisation"] == east.pk


def test_increase_and_decrease_balance_what_there_was(town):
    east, west, by = org("东村", under=town), org("西村", under=town), officer(town)
    people = [member(east, since=date(2020, 1, 1)) for _ in range(5)]
    actions.transfer(people[0], to=west, on=date(2025, 5, 1), by=by, at=NOON)
    actions.leave(people[1], how="deceased", on=date(2025, 6, 1), by=by, at=NOON)
    member(
        east, start="admitted", since=date(2025, 7, 1), joined_on=date(2025, 7, 1), full_on=None, kind="probationary"
    )
    begin, end = date(2025, 1, 1), date(2026, 1, 1)

    def flow(fact, home):
        rows = [row for row in fact.rows() if row["superseded_at"] is None and begin <= row["since"] < end]
        return sum(row["organisation"] == home.pk for row in rows)

    for home in (east, west):
        was = sum(row["organisation"] == home.pk for row in on(facts.members, begin - timedelta(days=1)))
        now = sum(row["organisation"] == home.pk for row in on(facts.members, end - timedelta(days=1)))
        assert was + flow(facts.member_entries, home) - flow(facts.member_departures, home) == now
    assert {row["end"] for row in facts.member_departures.rows() if row["superseded_at"] is None} == {
        "transferred", "deceased",
    }  # fmt: skip


def test_floating_counts_at_both_ends_and_membership_at_home_only(town):
    east, west, by = org("东村", under=town), org("西村", under=town), officer(town)
    person, day = member(east), date(2026, 2, 1)
    actions.float_away(person, on=date(2026, 1, 1), where="", to=west, by=by, at=NOON)
    actions.receive(west, person=person, on=day, by=by, at=NOON)
    (home,), (goal,) = on(facts.floating, day), on(facts.floating_received, day)
    assert (home["organisation"], goal["organisation"]) == (east.pk, west.pk)
    assert home["is_received"] == goal["is_received"] == home["has_destination"] == 1
    assert [row["organisation"] for row in on(facts.members, day)] == [east.pk]


DAYS = st.integers(0, 900).map(lambda n: date(2022, 1, 1) + timedelta(days=n))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("transfer"), st.integers(0, 2), DAYS),
        st.tuples(st.just("describe"), st.sampled_from([FARMER, STUDENT]), DAYS),
        st.tuples(st.just("leave"), st.just("suspended"), DAYS),
        st.tuples(st.just("restore"), st.integers(0, 2), DAYS),
    ),
    max_size=6,
)


@given(steps=STEPS, days=st.lists(DAYS, min_size=1, max_size=4))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_day_finds_each_member_once_with_what_held_that_day(town, steps, days):
    homes = [org(under=town) for _ in range(3)]
    by, person = officer(town), member(homes[0], since=date(2021, 1, 1))
    for what, detail, day in steps:
        try:
            match what:
                case "transfer":
                    actions.transfer(person, to=homes[detail], on=day, by=by, at=NOON)
                case "describe":
                    actions.describe(person, told=detail, on=day, by=by, at=NOON)
                case "leave":
                    actions.leave(person, how=detail, on=day, by=by, at=NOON)
                case "restore":
                    actions.restore(person, to=homes[detail], on=day, by=by, at=NOON)
        except Refused:
            pass
    for day in days:
        rows = [row for row in on(facts.members, day) if row["record"] == person.pk]
        expected = [
            (membership.organisation_id, membership.kind, Particulars.objects.on(day).get(person=person).education)
            for membership in Membership.objects.on(day).filter(person=person)
        ]
        assert [(row["organisation"], row["kind"], row["education"]) for row in rows] == expected

"""What posts offer for counting says the same as asking day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiceng.kernel.access import Role
from jiceng.kernel.posts import actions, facts, queries
from jiceng.kernel.posts.models import Post
from jiceng.lib.facts import Fact
from jiceng.lib.refusals import Refused
from tests.builders import NOON, org, root
from tests.kernel.posts.cast import officer, person

pytestmark = pytest.mark.django_db

EVERY = [one for one in vars(facts).values() if isinstance(one, Fact)]
SPRING = date(2026, 3, 1)
OWN = {"record", "organisation", "since", "until", "recorded_at", "superseded_at"}


@pytest.mark.parametrize("fact", EVERY, ids=lambda fact: fact.key)
def test_a_fact_yields_just_what_it_declares(fact):
    city = root()
    by = officer(city)
    zhang = person("张三", of=city, education="21")
    for role in (Role.SECRETARY, Role.VILLAGE_DIRECTOR, Role.COOPERATIVE_HEAD):
        actions.appoint(city, person=zhang, role=role, since=SPRING, by=by, at=NOON)
    actions.open_term(city, since=SPRING, ends_on=date(2031, 3, 1), by=by, at=NOON)
    body = actions.form_body(city, name="联席会议", kind="meeting", since=SPRING, by=by, at=NOON)
    actions.seat(body, person=zhang, represented=city, since=SPRING, by=by, at=NOON)
    wanted = OWN | {column.key for column in fact.columns}
    rows = list(fact.rows())
    assert {frozenset(row) for row in rows} <= {frozenset(wanted)}
    if fact is not facts.paired_units:
        assert rows


def counted(fact: Fact, day: date, **where) -> int:
    rows = [
        row
        for row in fact.rows()
        if row["since"] <= day
        and (row["until"] is None or row["until"] > day)
        and row["superseded_at"] is None
        and all(row[key] == value for key, value in where.items())
    ]
    assert len({(row["record"], row.get("holding")) for row in rows}) == len(rows)
    return len(rows)


DAYS = [SPRING + timedelta(days=n) for n in range(6)]
ROLES = [Role.SECRETARY, Role.VILLAGE_DIRECTOR, Role.COOPERATIVE_HEAD]
SPELLS = st.tuples(
    st.integers(0, 1), st.integers(0, 1), st.sampled_from(ROLES), st.sampled_from(DAYS[:5]),
    st.one_of(st.none(), st.integers(1, 4)),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(spells=st.lists(SPELLS, min_size=1, max_size=9))
def test_three_posts_in_one_hand_are_counted_as_by_looking_at_each_day(spells):
    city = root()
    places, people = [org(under=city) for _ in range(2)], [person(), person()]
    by = officer(city)
    for place, who, role, since, length in spells:
        until = since + timedelta(days=length) if length else None
        try:
            actions.appoint(places[place], person=people[who], role=role, since=since, until=until, by=by, at=NOON)
        except Refused:
            continue
    for day in DAYS:
        held = set(Post.objects.on(day).filter(organisation__in=places).values_list("organisation", "person", "role"))
        secretaries = [(place, who) for place, who, role in held if role == Role.SECRETARY]
        directors = [pair for pair in secretaries if (*pair, Role.VILLAGE_DIRECTOR) in held]
        three = [pair for pair in directors if (*pair, Role.COOPERATIVE_HEAD) in held]
        found = [0, 0, 0]
        for place in places:
            for number, holding in enumerate(("secretary", "director", "three")):
                found[number] += counted(facts.secretaries, day, holding=holding, organisation=place.pk)
        assert found == [len(secretaries), len(directors), len(three)]
        shown = [row for place in places for row in queries.secretaries(Post.objects.filter(organisation=place), day)]
        assert sum(row.is_director for row in shown) == len(directors)
        assert sum(row.is_director and row.is_head for row in shown) == len(three)


def test_a_team_counts_a_member_without_particulars(db):
    city = root()
    actions.appoint(city, person=person(), role=Role.SECRETARY, since=SPRING, by=officer(city), at=NOON)
    assert counted(facts.teams, SPRING, role=Role.SECRETARY, education=None) == 1

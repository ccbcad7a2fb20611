"""Terms: how long, early, late, put right, and by the list."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.kernel.access import Role
from jiceng.kernel.orgs.models import Kind
from jiceng.kernel.posts import actions
from jiceng.kernel.posts.actions import NewTerm
from jiceng.kernel.posts.declarations import months_after, years_of
from jiceng.kernel.posts.models import Term
from jiceng.lib.refusals import NotAllowed, Refused, RowsRefused
from tests.builders import NOON, org, root
from tests.kernel.places.builders import add, county
from tests.kernel.posts.cast import actor, holder, officer

pytestmark = pytest.mark.django_db
SPRING = date(2021, 3, 1)
DOCUMENT = "某组〔2026〕1号"


@pytest.fixture
def city():
    return root()


@pytest.fixture
def by(city):
    return officer(city)


def village_branch(city):
    town = add(county(), "东山镇", "township", "110101001000")
    return org("东山村党支部", under=city, place=add(town, "东山村", "village", "110101001201").pk)


def test_opinions_on_terms_committees_and_villages_serve_five_years_other_branches_three(city, by):
    village, office = village_branch(city), org("某局机关党支部", under=city)
    for place, year in ((city, 2026), (village, 2026), (office, 2024)):
        assert actions.open_term(place, since=SPRING, by=by, at=NOON).ends_on == date(year, 3, 1)


def test_a_working_committee_is_appointed_and_has_no_usual_term(city, by):
    street = org("某街道党工委", under=city, kind="working-committee")
    with pytest.raises(Refused, match="党工委没有统一的届期"):
        actions.open_term(street, since=SPRING, by=by, at=NOON)


def test_a_longer_term_needs_a_document(city, by):
    office = org("某局机关党支部", under=city)
    longer = {"since": SPRING, "ends_on": date(2024, 3, 2), "by": by, "at": NOON}
    with pytest.raises(Refused, match="一届 3 年，到 2024-03-01 届满"):
        actions.open_term(office, **longer)
    assert actions.open_term(office, document=DOCUMENT, **longer).ends_on == date(2024, 3, 2)


def test_the_next_term_ends_the_one_before(city, by):
    actions.open_term(city, since=SPRING, by=by, at=NOON)
    second = actions.open_term(city, since=date(2026, 4, 1), by=by, at=NOON)
    assert second.number == 2
    assert Term.objects.known().get(number=1).until == date(2026, 4, 1)


def test_election_regulations_article_3_early_needs_approval_and_is_at_most_a_year(city, by):
    actions.open_term(city, since=SPRING, by=by, at=NOON)
    with pytest.raises(Refused, match="提前换届要报上级批准"):
        actions.open_term(city, since=date(2026, 2, 28), by=by, at=NOON)
    with pytest.raises(Refused, match="最早 2025-03-01"):
        actions.open_term(city, since=date(2025, 2, 28), document=DOCUMENT, by=by, at=NOON)
    assert actions.open_term(city, since=date(2025, 3, 1), document=DOCUMENT, by=by, at=NOON).number == 2


def test_election_regulations_article_3_late_needs_approval_and_is_at_most_a_year_however_often(city, by):
    term = actions.open_term(city, since=SPRING, by=by, at=NOON)
    with pytest.raises(Refused, match="最迟 2027-03-01"):
        actions.extend_term(term, ends_on=date(2027, 3, 2), document=DOCUMENT, by=by, at=NOON)
    with pytest.raises(Refused, match="文号"):
        actions.extend_term(term, ends_on=date(2026, 9, 1), document=" ", by=by, at=NOON)
    longer = actions.extend_term(term, ends_on=date(2026, 9, 1), document=DOCUMENT, by=by, at=NOON)
    assert (longer.number, longer.since, longer.planned_on) == (1, SPRING, date(2026, 3, 1))
    with pytest.raises(Refused, match="最迟 2027-03-01"):
        actions.extend_term(longer, ends_on=date(2027, 9, 1), document=DOCUMENT, by=by, at=NOON)


def test_a_correction_moves_the_end_of_the_term_before_and_keeps_what_was_believed(city, by):
    actions.open_term(city, since=date(2016, 3, 1), by=by, at=NOON)
    wrong = actions.open_term(city, since=SPRING, by=by, at=NOON)
    said = {"ends_on": date(2026, 2, 1), "number": 2, "by": by, "at": NOON}
    right = actions.correct_term(wrong, since=date(2021, 4, 1), **said)
    assert Term.objects.known().get(number=1).until == right.since == date(2021, 4, 1)
    assert Term.objects.get(pk=wrong.pk).superseded_at is not None
    with pytest.raises(Refused, match="从 2016-03-01 开始"):
        actions.correct_term(right, since=date(2016, 3, 1), **said)
    with pytest.raises(Refused, match="没有要更正的"):
        actions.correct_term(right, since=date(2021, 4, 1), **said)


def test_a_secretary_does_not_put_off_the_election_of_his_own_branch(city, by):
    branch = org("东山村党支部", under=city)
    term = actions.open_term(branch, since=SPRING, by=by, at=NOON)
    own = actor(holder(Role.SECRETARY, branch))
    with pytest.raises(NotAllowed):
        actions.extend_term(term, ends_on=date(2024, 9, 1), document=DOCUMENT, by=own, at=NOON)
    with pytest.raises(NotAllowed):
        actions.correct_term(term, since=SPRING, ends_on=date(2025, 3, 1), number=1, by=own, at=NOON)


def test_first_terms_come_as_a_list_and_can_be_taken_back(city, by):
    branches = [org(under=city) for _ in range(2)]
    terms = [NewTerm(one.pk, date(2024, 1, 1), date(2027, 1, 1)) for one in branches]
    assert actions.open_terms(city, terms=terms, batch=7, by=by, at=NOON).rows == 2
    with pytest.raises(RowsRefused, match="第 1 行：已有一届在任"):
        actions.open_terms(city, terms=terms[:1], by=by, at=NOON)
    assert actions.withdraw_terms(city, batch=7, by=by, at=NOON).rows == 2
    assert not Term.objects.known().exists()


def test_a_list_is_not_taken_back_where_an_end_was_put_off_since(city, by):
    branch = org("西山村党支部", under=city)
    new = [NewTerm(branch.pk, date(2024, 1, 1), date(2027, 1, 1))]
    actions.open_terms(city, terms=new, batch=7, by=by, at=NOON)
    actions.extend_term(Term.objects.get(), ends_on=date(2027, 6, 1), document=DOCUMENT, by=by, at=NOON)
    with pytest.raises(Refused, match="“西山村党支部”"):
        actions.withdraw_terms(city, batch=7, by=by, at=NOON)


def test_every_wrong_row_of_a_list_is_named(city, by):
    branch, outside_it = org(under=city), org()
    new = [
        NewTerm(outside_it.pk, SPRING, date(2024, 3, 1)),
        NewTerm(branch.pk, SPRING, SPRING),
        NewTerm(branch.pk, SPRING, date(2024, 3, 1)),
        NewTerm(org(under=city).pk, SPRING, date(2024, 3, 1), planned_on=date(2024, 3, 1)),
    ]
    assert [number for number, _ in actions.check_terms(city, new)] == [1, 2, 3, 4]


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-60, 60))
def test_months_are_those_of_the_calendar(day, months):
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_what_is_elected_for_a_term_has_one():
    assert {kind: years_of(kind, "") for kind in Kind} == {
        Kind.COMMITTEE: 5, Kind.WORKING_COMMITTEE: None, Kind.GENERAL_BRANCH: 3, Kind.BRANCH: 3, Kind.GROUP: None,
    }  # fmt: skip

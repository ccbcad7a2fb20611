"""What must be published, and by when: periods against plain counting, and lists of what is due and late."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jiceng.engines.notices import actions, queries
from jiceng.engines.notices.declarations import Duty, period
from jiceng.engines.packs.reading import read_table
from jiceng.kernel.access import Role
from jiceng.kernel.people.models import Person
from jiceng.kernel.places.models import Level, Place
from tests.builders import NOON, holder, officer, org, root
from tests.engines.notices.cast import published
from tests.guard import outside
from tests.kernel.accounts.cast import account, signed_in
from tests.kernel.places.builders import county

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
FILE = {
    "kind": "publication", "key": "books", "name": "账目公开", "basis": "村规", "since": date(2020, 1, 1),
    "notice": "finance", "every": "quarter", "of": ["branch"],
}  # fmt: skip


@given(DAYS, st.sampled_from(["month", "quarter", "year"]))
def test_every_day_lies_in_one_period_and_the_one_before_ends_where_it_begins(day, every):
    one = period(every, day)
    assert one.since <= day < one.until
    assert period(every, one.since) == one == period(every, one.until - timedelta(days=1))
    assert period(every, one.until) != one
    assert one.before().until == one.since
    months = {(one.since + timedelta(days=at)).month for at in range((one.until - one.since).days)}
    assert len(months) == {"month": 1, "quarter": 3, "year": 12}[every]


@given(DAYS, DAYS, st.integers(0, 60))
def test_an_organisation_owes_nothing_of_before_it_was(on, began, within):
    duty = read_table({**FILE, "within_days": within})
    for one in duty.periods(on, began=began):
        assert one.until > max(began, duty.since)
        assert duty.due_on(one) == one.until + timedelta(days=within - 1)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"every": "week"}, "every"), ({"notice": "gossip"}, "notice"), ({"of": []}, "of"),
        ({"level": "moon"}, "level"),
        ({"within_days": 91}, "within_days"), ({"every": "once", "within_days": 3}, "within_days"),
        ({"term_days": 0}, "term_days"), ({"of": ["club"]}, "of[1]"), ({"often": 3}, "often"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_where_it_is_wrong(wrong, where):
    assert isinstance(read_table(FILE), Duty)
    assert [place for place, _ in read_table({**FILE, **wrong})] == [where]


@pytest.fixture
def village(db):
    """A branch that stands at a village."""
    ground = county("东江县")
    with outside():
        place = Place.objects.filter(level=Level.VILLAGE).first() or Place.objects.create(
            code="990101001001", name="东山村", level=Level.VILLAGE, parent=ground, path=ground.path + "0001",
            since=date(2000, 1, 1),
        )  # fmt: skip
    return org("东山村党支部", under=root(), place=place.pk)


def of(organisation, on, duty="village-affairs"):
    return {one.period.key: one for one in queries.owed_by(organisation, on) if one.duty.key == duty}


def test_a_quarter_is_due_until_its_last_day_and_late_after(village):
    assert of(village, date(2026, 6, 30))["2026-Q2"].state.word == "待公开"
    assert of(village, date(2026, 7, 1))["2026-Q2"].state.word == "逾期未公开"


def test_what_was_published_for_a_period_does_its_duty_and_no_other(village):
    made = published(village, duty="village-affairs", period="2026-Q2", since=date(2026, 6, 1))
    owed = of(village, date(2026, 7, 1))
    assert (owed["2026-Q2"].state.word, owed["2026-Q1"].state.word) == ("已公开", "逾期未公开")
    assert of(village, date(2026, 7, 1), "village-finance")["2026-Q2"].by is None
    actions.withdraw(made, reason="误", by=officer(village.parent), at=NOON)
    assert of(village, date(2026, 7, 1))["2026-Q2"].state.word == "逾期未公开"


def test_what_came_too_late_says_so(village):
    published(village, duty="village-affairs", period="2026-Q1", since=date(2026, 6, 1))
    assert of(village, date(2026, 7, 1))["2026-Q1"].state.word == "迟公开"


def test_who_stands_at_no_village_owes_no_village_affairs(village):
    assert queries.owed_by(village.parent, date(2026, 7, 1)) == []


def test_the_list_shows_who_is_late_and_leads_to_what_is_to_be_written(village):
    by = holder(village, Role.SECRETARY)
    client = signed_in(account(Person.objects.get(pk=by.person)))
    rows = client.get("/notices/due/").context["rows"]
    assert [(one.organisation.name, one.state.key) for one in rows] == [("东山村党支部", "late")]
    page = client.get(f"/orgs/{village.ref}/notices/due/").content.decode()
    asked = period("quarter", timezone.localdate())
    assert f"duty=village-affairs&amp;period={asked.key}" in page and "涉及村民利益的重大事项" in page
    begun = client.get(f"/orgs/{village.ref}/notices/composition/?duty=village-affairs&period={asked.key}")
    assert f"{asked.name}村务公开" in begun.content.decode()
    today = timezone.localdate()
    ended = period("quarter", today).before()
    told = {"since": today, "until": today + timedelta(days=3), "at": timezone.now()}
    published(village, duty="village-affairs", period=ended.key, **told)
    assert [one.state.word for one in client.get("/notices/due/").context["rows"]] == ["迟公开"]
    assert client.get("/notices/due/", {"state": "open"}).context["rows"] == []

"""Rolls of villagers: who is on one on a day, for which term, by which choice."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiceng.engines.assembly import queries as assembly
from jiceng.engines.assembly.declarations import Electorate
from jiceng.kernel.access import Role
from jiceng.kernel.journal.models import Entry
from jiceng.kernel.people.models import Person
from jiceng.kernel.residents import actions, queries, rules
from jiceng.kernel.residents.actions import NewListing
from jiceng.kernel.residents.models import Listing
from jiceng.lib.refusals import NotAllowed, Refused
from tests.builders import BUILDER, NOON, holder, org
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db

SPRING, NEXT = date(2021, 3, 15), date(2026, 3, 15)
REPRESENTATIVES = Listing.Roll.REPRESENTATIVES


@pytest.fixture
def village():
    return org("东山村党支部")


def listed(village, *names, by=BUILDER, **more):
    told = {"roll": REPRESENTATIVES, "source": "各村民小组推选", "since": SPRING, "until": NEXT, **more}
    return actions.list_many(village, names=[NewListing(one) for one in names], by=by, at=NOON, **told)


def names_on(village, day):
    return sorted(one.name for one in queries.on_roll(village, REPRESENTATIVES, day))


def test_a_list_is_one_entry_of_the_journal(village):
    before = Entry.objects.count()
    assert listed(village, "甲", "乙", "丙").rows == 3
    assert Entry.objects.count() == before + 1


def test_article_25_representatives_are_there_for_their_term_and_no_longer(village):
    listed(village, "甲")
    assert [bool(names_on(village, day)) for day in (SPRING - timedelta(1), SPRING, NEXT - timedelta(1), NEXT)] == [
        False, True, True, False,
    ]  # fmt: skip
    with pytest.raises(Refused, match="村民代表有任期"):
        listed(village, "乙", until=None)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"roll": "dancers"}, "名册种类"),
        ({"source": " "}, "请写明凭什么"),
        ({"since": date(2026, 6, 2), "until": date(2031, 1, 1)}, "开始的日期不能晚于今天"),
        ({"until": SPRING}, "任期结束的日期要晚于"),
    ],
)
def test_a_wrong_term_keeps_the_list_out(village, told, sentence):
    with pytest.raises(Refused, match=sentence):
        listed(village, "甲", **told)
    assert not Listing.objects.exists()


def test_nobody_stands_on_a_roll_twice_and_two_of_one_name_are_told_apart(village):
    listed(village, "甲")
    with pytest.raises(Refused, match="已经在名册上，或者写了两次：甲；"):
        listed(village, "甲")
    with pytest.raises(Refused, match="写了两次：乙"):
        listed(village, "乙", "乙")
    actions.list_many(
        village, roll=REPRESENTATIVES, names=[NewListing("甲", "二组", 8)], source="补选", since=SPRING, until=NEXT,
        by=BUILDER, at=NOON,
    )  # fmt: skip
    assert [one.name for one, _ in assembly.roll_for(village, Electorate.REPRESENTATIVES, SPRING, "", BUILDER)] == [
        "甲", "甲",
    ]  # fmt: skip


def test_whoever_left_is_gone_from_that_day_and_was_there_before(village):
    listed(village, "甲", "乙")
    actions.leave(Listing.objects.get(name="甲"), on=date(2024, 5, 1), why="moved", by=BUILDER, at=NOON)
    assert names_on(village, date(2024, 4, 30)) == ["乙", "甲"]
    assert names_on(village, date(2024, 5, 1)) == ["乙"]
    with pytest.raises(Refused, match="日期要在任期之内"):
        actions.leave(Listing.objects.known().get(name="甲"), on=date(2024, 6, 1), why="died", by=BUILDER, at=NOON)


def test_what_was_written_wrong_is_put_right_and_stays_readable(village):
    listed(village, "陈水声")
    wrong = Listing.objects.get()
    actions.correct(wrong, name="陈水生", team="一组", households=7, by=BUILDER, at=NOON)
    assert names_on(village, SPRING) == ["陈水生"]
    assert Listing.objects.exclude(superseded_at=None).get().name == "陈水声"


def test_a_roll_is_the_villages_own_and_no_office_above_reads_it(village):
    listed(village, "甲")
    one = Listing.objects.get()
    assert rules.see.allows(holder(village, Role.SECRETARY), one)
    assert not rules.see.allows(holder(village.parent, Role.OFFICER), one)
    with pytest.raises(NotAllowed):
        listed(village, "乙", by=holder(village.parent, Role.OFFICER))


days = st.integers(0, 40).map(lambda number: SPRING + timedelta(number))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(days, st.integers(1, 30), st.none() | days), max_size=6), days)
def test_who_is_on_a_roll_on_a_day_is_whom_a_clerk_would_find(village, terms, day):
    made = org("一村党支部")
    expected = []
    for number, (since, length, gone) in enumerate(terms):
        until = since + timedelta(length)
        listed(made, f"代表{number}", since=since, until=until)
        if gone and since <= gone < until:
            gone_one = Listing.objects.known().get(organisation=made, name=f"代表{number}")
            actions.leave(gone_one, on=gone, why="resigned", by=BUILDER, at=NOON)
            until = gone
        if since <= day < until:
            expected.append(f"代表{number}")
    assert names_on(made, day) == sorted(expected)


# Pages


@pytest.fixture
def phone(village):
    return signed_in(account(Person.objects.get(pk=holder(village, Role.SECRETARY).person)))


def test_a_secretary_types_the_list_once_and_sees_when_the_term_ends(village, phone):
    address = f"/orgs/{village.ref}/rolls/"
    soon = (timezone.localdate() + timedelta(days=90)).isoformat()
    told = {"roll": "representatives", "source": "推选", "since": "2021-03-15", "until": soon}
    refused = phone.post(f"{address}listing/", {**told, "names": "甲 一组 十二户 又一样"})
    assert refused.status_code == 422 and "第 1 行看不懂" in refused.content.decode()
    assert phone.post(f"{address}listing/", {**told, "names": "甲，一组，12\n乙 二组\n丙"}).status_code == 302
    page = phone.get(address).content.decode()
    assert "共 3 人" in page and "有人的任期" in page
    assert sorted(Listing.objects.values_list("name", "team", "households")) == [
        ("丙", "", None), ("乙", "二组", None), ("甲", "一组", 12),
    ]  # fmt: skip

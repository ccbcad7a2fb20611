"""A meeting from its call to its end, and what may not be done to it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from jiceng.engines.assembly import actions, queries
from jiceng.engines.assembly.actions import Called, Mark, Written
from jiceng.engines.assembly.declarations import Electorate
from jiceng.engines.assembly.models import Attendance, Exclusion, Meeting, Minutes, RollEntry, Vote
from jiceng.engines.assembly.queries import Named
from jiceng.kernel.access import Role
from jiceng.kernel.journal.models import Entry
from jiceng.kernel.people import actions as people
from jiceng.kernel.people.models import Membership, Person
from jiceng.lib.refusals import NotAllowed, Refused
from tests.builders import NOON, holder, member, officer, org, root
from tests.engines.assembly.cast import (
    ACT,
    CALLED,
    DAY,
    WRITTEN,
    branch,
    called,
    came,
    closed,
    entries_of,
    hands,
    listed,
    listed_meeting,
    motion,
    opened,
    state,
)
from tests.guard import outside

pytestmark = pytest.mark.django_db


def there(meeting):
    return queries.presence(queries.roll_of(meeting))


def test_a_meeting_goes_from_called_to_closed_and_no_further():
    home = branch(5)
    made = called(home)
    assert state(made) == "called"
    actions.open(made, on=DAY, **ACT)
    assert state(made) == "open"
    came(made, 4)
    motion(made, choices=hands(made, yes=3, no=1))
    actions.write_minutes(made, written=WRITTEN, **ACT)
    actions.close(made, **ACT)
    assert state(made) == "closed"
    for verb in (lambda: came(made, 5), lambda: actions.write_minutes(made, written=WRITTEN, **ACT),
                 lambda: motion(made, choices={}), lambda: actions.close(made, **ACT)):  # fmt: skip
        with pytest.raises(Refused, match="会已经散了"):
            verb()


# The call


def test_a_call_that_comes_twice_is_one_meeting():
    home = branch(2)
    assert called(home, token="once").pk == called(home, token="once").pk
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"held_on": CALLED - timedelta(days=1)}, "开会日期不能早于通知日期"),
        ({"called_on": date(2026, 6, 2), "held_on": date(2026, 6, 9)}, "日期不能晚于今天"),
        ({"title": " "}, "请写会议名称"),
        ({"venue": ""}, "请写开会地点"),
        ({"quorum": "> 1/2 of present"}, "法定到会按应到计算"),
        ({"quorum": "一半"}, "不是份额"),
        ({"items": ["议"] * 31}, "最多 30 个议题"),
    ],
)
def test_what_is_wrong_in_a_call_is_told(told, sentence):
    with pytest.raises(Refused, match=sentence):
        called(branch(1), **told)
    assert not Meeting.objects.exists()


def test_before_it_is_held_a_call_is_changed_and_both_days_are_readable():
    made = called(branch(2))
    change = actions.change(
        made,
        held_on=DAY + timedelta(days=7),
        hour="15:00",
        venue="村小学",
        items=["方案", "道路"],
        reason="下雨",
        **ACT,
    )
    made.refresh_from_db()
    assert (made.held_on, made.venue) == (DAY + timedelta(days=7), "村小学")
    assert "2026-05-18 → 2026-05-25" in change.told
    assert "收益分配方案 → 方案；道路" in change.told
    with pytest.raises(Refused, match="什么都没有改"):
        actions.change(
            made, held_on=made.held_on, hour="15:00", venue="村小学", items=["方案", "道路"], reason="再改", **ACT
        )


def test_a_cancelled_meeting_is_not_opened():
    made = called(branch(2))
    actions.cancel(made, reason="上级检查", **ACT)
    assert state(made) == "cancelled"
    with pytest.raises(Refused, match="已经取消"):
        actions.open(made, on=DAY, **ACT)


def test_a_meeting_is_entered_late_and_is_seen_to_be():
    made = opened(branch(2))
    opening = made.opening
    written = opening.recorded_at.date()
    assert queries.late(opening.on, opening.recorded_at) == (written - DAY).days > 0
    assert opening.at == NOON, "办理时间由办理的人说，记录时间由库说"


# The roll


def test_probationary_members_come_without_a_vote():
    made = opened(branch(4, probationary=2))
    assert [one.has_vote for one in entries_of(made)].count(False) == 2
    assert there(made).roll == 4


def test_members_of_groups_below_belong_and_those_who_left_or_came_later_do_not():
    home = branch(2)
    group = org("一组", under=home, kind="group")
    member(group, "组里的")
    member(home, "后来的", since=DAY + timedelta(days=1))
    gone = member(home, "走了的")
    with outside():
        Membership.objects.filter(person=gone).update(until=DAY)
    assert there(opened(home)).roll == 3


def test_a_committee_is_those_who_hold_its_posts_on_that_day_once_each():
    home = branch(3)
    both = member(home, "兼任的")
    holder(home, Role.SECRETARY, person=both)
    holder(home, Role.COMMITTEE_MEMBER, person=both)
    holder(home, Role.DEPUTY_SECRETARY)
    holder(home, Role.COMMITTEE_MEMBER, since=DAY + timedelta(days=1))
    holder(home, Role.FIRST_SECRETARY)
    made = opened(home, electorate=Electorate.COMMITTEE)
    assert there(made).roll == 2


def test_full_members_only():
    assert entries_of(opened(branch(3, 2), electorate=Electorate.FULL_MEMBERS)).count() == 3


def test_the_roll_stays_as_it_was_at_the_opening():
    home = branch(3)
    made = opened(home)
    before = list(entries_of(made).values_list("person", "has_vote"))
    person = Person.objects.filter(organisation=home).first()
    member(home, "后来的")
    with outside():
        Membership.objects.filter(person=person).update(until=DAY, kind="probationary")
    assert list(entries_of(made).values_list("person", "has_vote")) == before
    entry = Entry.objects.get(verb="assembly.open")
    assert (entry.rows, entry.root) == (3, made.opening.root)


def test_a_list_of_others_stands_with_its_source_and_nobody_twice():
    made = opened(org(), roll=listed(3), electorate=Electorate.LISTED)
    assert set(entries_of(made).values_list("source", flat=True)) == {"东山村第九届村民代表名册"}
    for roll in ([*listed(2), *listed(1)], [Named(name=" ", source="名册")]):
        with pytest.raises(Refused, match="名册上"):
            opened(org(), roll=roll, electorate=Electorate.LISTED)
    with pytest.raises(Refused, match="没有一个有表决权的人"):
        opened(org(), electorate=Electorate.LISTED)


def test_somebody_who_does_not_count_is_named_with_the_reason():
    made = opened(branch(5))
    first, second, *_ = entries_of(made)
    actions.exclude(first, why="abroad", note="探亲", **ACT)
    assert (there(made).roll, there(made).left_out) == (4, 1)
    with pytest.raises(Refused, match="已经不计入"):
        actions.exclude(first, why="recused", item=made.items.get(), **ACT)
    with pytest.raises(Refused, match="写明是什么原因"):
        actions.exclude(second, why="other", **ACT)
    actions.readmit(Exclusion.objects.get(), **ACT)
    assert there(made).roll == 5
    assert Exclusion.objects.get().superseded_at is not None


def test_a_recused_member_does_not_count_on_that_item_alone():
    made = opened(branch(5), 5)
    item = made.items.get()
    recused = entries_of(made).last()
    actions.exclude(recused, why="recused", item=item, **ACT)
    on_item = motion(made, item=item, choices=hands(made, yes=3, no=1))
    other = motion(made, question="另一件事", choices=hands(made, yes=3, no=2))
    assert [(one.roll, one.present) for one in (on_item, other)] == [(4, 4), (5, 5)]
    with pytest.raises(Refused, match="不计入应到"):
        motion(made, item=item, choices={recused.pk: "yes"})
    with pytest.raises(Refused, match="已经表决过，应到不能再改"):
        actions.exclude(entries_of(made).first(), why="recused", item=item, **ACT)


# Who came


def test_marks_are_written_once_and_what_was_marked_before_stays():
    made = opened(branch(3))
    first, second, third = entries_of(made)
    done = actions.attend(made, marks={first.pk: Mark("present"), second.pk: Mark("excused", "住院")}, **ACT)
    assert done.rows == 2
    done = actions.attend(made, marks={first.pk: Mark("present"), second.pk: Mark("present")}, **ACT)
    assert done.rows == 1
    kept = Attendance.objects.filter(entry=second).order_by("pk")
    assert [(one.state, one.superseded_at is None) for one in kept] == [("excused", False), ("present", True)]
    found = there(made)
    assert (found.present, found.unmarked) == (2, 1)
    with pytest.raises(Refused, match="还有 1 人没有登记到会情况：3 号"):
        actions.close(made, **ACT)
    assert third.number == 3


def test_somebody_of_another_meeting_or_of_no_known_state_is_not_marked():
    made, other = opened(branch(1)), opened(branch(1))
    with pytest.raises(Refused, match="名册上没有"):
        actions.attend(made, marks={entries_of(other).get().pk: Mark("present")}, **ACT)
    for wrong in (Mark("late"), Mark("present", letter="同意"), Mark("present", note="迟到")):
        with pytest.raises(Refused):
            actions.attend(made, marks={entries_of(made).get().pk: wrong}, **ACT)


# Minutes and the end


def test_minutes_are_written_anew_until_the_end_and_every_version_stays():
    made = opened(branch(1), 1)
    with pytest.raises(Refused, match="还没有会议记录"):
        actions.close(made, **ACT)
    actions.write_minutes(made, written=WRITTEN, **ACT)
    actions.write_minutes(made, written=Written("第二稿", "李", "周"), **ACT)
    assert queries.minutes_of(made).text == "第二稿"
    assert Minutes.objects.count() == 2


def test_too_few_came_so_it_is_called_again_and_both_are_joined():
    made = opened(branch(6), 3)
    done = actions.reconvene(made, held_on=DAY + timedelta(days=3), hour="", venue="村小学", **ACT)
    assert done.reason == "应到 6，实到 3（正好 1/2，没有超过）"
    assert (state(made), state(done.again)) == ("short", "called")
    assert [one.text for one in done.again.items.all()] == ["收益分配方案"]
    with pytest.raises(Refused, match="再开的那次会"):
        came(made, 6)
    with pytest.raises(Refused, match="到会人数够"):
        actions.reconvene(opened(branch(6), 4), held_on=DAY, hour="", venue="村小学", **ACT)


def test_corrections_show_both_and_only_after_the_end():
    with pytest.raises(Refused, match="会已经开了"):
        actions.correct(opened(branch(2), 2), reason="记错", held_on=DAY, **ACT)
    made = closed(branch(3), 2)
    last = entries_of(made).last()
    done = actions.correct(made, reason="他到了", marks={last.pk: Mark("present")}, **ACT)
    assert (done.before, done.after) == ("3 号缺席", "3 号到会")
    assert there(made).present == 3
    done = actions.correct(made, reason="日期写错", held_on=DAY - timedelta(days=1), **ACT)
    made.refresh_from_db()
    assert (done.before, done.after, made.held_on) == ("2026-05-18", "2026-05-17", date(2026, 5, 17))
    done = actions.correct(made, reason="漏了", written=Written("补上的一段", "李建国", "周敏"), **ACT)
    assert (done.before, done.after) == (WRITTEN.text, "补上的一段")
    with pytest.raises(Refused, match="没有什么要更正"):
        actions.correct(made, reason="再来", marks={last.pk: Mark("present")}, **ACT)
    with pytest.raises(Refused, match="一次更正一样"):
        actions.correct(made, reason="都改", held_on=DAY, marks={}, **ACT)


# Who may


def test_the_team_holds_meetings_and_nobody_else():
    city = root()
    home = org("东山村党支部", under=city)
    plain = member(home)
    told = Called("general", "党员大会", "会", CALLED, DAY, "村委会")
    for by in (officer(city), holder(org(under=city), Role.SECRETARY), holder(home, Role.INSTRUCTOR)):
        with pytest.raises(NotAllowed):
            actions.call(home, told=told, by=by, at=NOON)
    assert actions.call(home, told=told, by=holder(home, Role.SECRETARY), at=NOON).by_name == "书记甲"
    assert plain.pk


# People


def test_a_united_person_keeps_the_places_on_rolls():
    home = branch(1)
    kept = Person.objects.get(organisation=home)
    made = opened(home)
    twin = member(org(under=home.parent), "王小明")
    people.unite(twin, dropped=kept, reason="同一人", by=officer(home.parent), at=NOON)
    assert entries_of(made).get().person_id == twin.pk


def test_two_who_sat_in_one_meeting_are_not_one():
    home = branch(2)
    opened(home)
    first, second = Person.objects.filter(organisation=home)
    with pytest.raises(Refused, match="都在 2026-05-18"):
        people.unite(first, dropped=second, reason="同一人", by=officer(home.parent), at=NOON)


def test_a_roll_copies_no_name_so_a_purge_leaves_none():
    made = opened(branch(2))
    assert set(entries_of(made).values_list("name", flat=True)) == {""}


# What can never be


def test_the_database_refuses_what_no_verb_would_write():
    made = listed_meeting(3, 5)
    vote = motion(made, choices=hands(made, yes=3))
    wrong = [
        {"present": 6}, {"roll": 2}, {"yes": 4}, {"issued": 3}, {"seats": 1}, {"elects": True}, {"letters_yes": 3},
        {"no": -1}, {"secret": True, "issued": 4, "returned": 3, "spoiled": 0},
        {"secret": True, "issued": 3, "returned": 4, "spoiled": 0},
        {"secret": True, "issued": 3, "returned": 3, "spoiled": 1},
    ]  # fmt: skip
    for said in wrong:
        with outside(), pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.filter(pk=vote.pk).update(**said)
    for said in ({"name": "", "person": None}, {"person": member(org()).pk}):
        with outside(), pytest.raises(IntegrityError), transaction.atomic():
            RollEntry.objects.filter(pk=entries_of(made).first().pk).update(**said)

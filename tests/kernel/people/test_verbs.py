"""Registering, confirming, moving and leaving."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from jiceng.kernel.access import Role
from jiceng.kernel.journal.models import Entry
from jiceng.kernel.orgs.models import Form, Kind
from jiceng.kernel.people import actions
from jiceng.kernel.people.models import Floating, Membership, NameKey, Particulars, Person
from jiceng.lib.refusals import NotAllowed, Refused, RowsRefused
from tests.builders import NOON, org, root
from tests.kernel.people.cast import FARMER, actor, member, new, number, officer, secretary

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE)


@pytest.fixture
def east(town):
    return org("东村党支部", under=town)


@pytest.fixture
def west(town):
    return org("西村党支部", under=town)


def test_an_admitted_person_has_one_membership_one_set_of_particulars_and_a_searchable_name(east):
    person = actions.admit(east, new=new("欧阳建国"), by=secretary(east), at=NOON)
    assert person.is_member and person.organisation == east and person.birth_on == date(1980, 5, 4)
    membership = Membership.objects.open().get(person=person)
    assert (membership.organisation, membership.since, membership.start) == (east, date(2015, 1, 1), "recorded")
    assert Particulars.objects.open().get(person=person).education == "61"
    assert {"欧阳", "建国", "~oyjg"} <= set(NameKey.objects.filter(person=person).values_list("key", flat=True))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"number": "990000198005040010"}, "校验位不对"),
        ({"number": number(), "birth_on": date(1980, 5, 5)}, "出生日期和身份证号码里的不一致"),
        ({"sex": "2", "number": number(sex="1")}, "性别和身份证号码里的不一致"),
        ({"name": "张"}, "姓名要写全"),
        ({"ethnicity": "57"}, "民族代码表（GB/T 3304-1991）"),
        ({"number": ""}, "没有居民身份证号码的，请填写出生日期"),
        ({"since": date(2026, 6, 2)}, "起算日期不能晚于今天"),
        ({"joined_on": None}, "只知道月份的，写到月"),
        ({"start": "admitted", "joined_on": date(1998, 5, 3), "full_on": None}, "年满十八岁"),
        ({"told": FARMER._replace(education="99")}, "学历代码表（GB/T 4658-2006）"),
        ({"kind": "probationary"}, "预备党员还没有转正日期"),
        ({"start": "confirmed"}, "登记时不能写"),
        ({"phone": "12"}, "电话号码位数不对"),
    ],
)
def test_admission_is_refused_by_a_sentence(east, wrong, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.admit(east, new=new(**wrong), by=secretary(east), at=NOON)
    assert not Person.objects.filter(is_member=True).exists()


def test_a_day_counts_where_people_live(east):
    early_on_2_june = NOON.replace(day=1, hour=17)
    actions.admit(east, new=new(since=date(2026, 6, 2)), by=secretary(east), at=early_on_2_june)


def test_a_number_is_registered_once(east, west):
    same = number()
    member(east, number=same)
    with pytest.raises(Refused, match="已经有档案"):
        member(west, number=same)


@pytest.mark.parametrize("document", ["hong-kong-macao", "taiwan", "passport"])
def test_other_documents_have_no_check_digit_but_need_a_birth_date(east, document):
    person = member(east, "李𠮷䶮", document=document, number="H1234567890", birth_on=date(1970, 1, 1))
    assert person.birth_on == date(1970, 1, 1)
    with pytest.raises(Refused, match="请填写出生日期"):
        member(east, document=document, number="H1234567891")


def test_the_secretary_next_door_may_not_admit(east, west):
    with pytest.raises(NotAllowed, match="本组织的书记"):
        actions.admit(east, new=new(), by=secretary(west), at=NOON)


def test_a_temporary_organisation_holds_no_members(town):
    crew = org("应急突击队临时党支部", under=town, form=Form.TEMPORARY, mission="抢险", ends_on=date(2026, 12, 31))
    with pytest.raises(Refused, match="请办理借用"):
        member(crew)


def test_confirmation_ends_one_spell_and_begins_the_next(east):
    person = member(east, kind="probationary", full_on=None, joined_on=date(2025, 2, 1), since=date(2025, 2, 1))
    actions.confirm(person, on=DAY, by=secretary(east), at=NOON)
    before, after = Membership.objects.known().filter(person=person).order_by("since")
    assert (before.kind, before.until, before.end) == ("probationary", DAY, "confirmed")
    assert (after.kind, after.since, after.start, after.until) == ("full", DAY, "confirmed", None)
    with pytest.raises(Refused, match="已经是正式党员"):
        actions.confirm(person, on=DAY, by=secretary(east), at=NOON)


def test_a_transfer_is_dated_and_both_days_can_be_read(east, west, town):
    person = member(east)
    actions.transfer(person, to=west, on=DAY, by=officer(town), at=NOON)
    person.refresh_from_db()
    assert person.organisation == west
    assert Membership.objects.on(DAY - timedelta(days=1)).get(person=person).organisation == east
    assert Membership.objects.on(DAY).get(person=person).organisation == west


def test_a_transfer_needs_an_office_above_both_ends(east, town):
    person, elsewhere = member(east), org("外市某支部")
    with pytest.raises(NotAllowed):
        actions.transfer(person, to=elsewhere, on=DAY, by=officer(town), at=NOON)


def test_a_transfer_into_the_past_of_an_earlier_one_is_refused(east, west, town):
    person, by = member(east), officer(town)
    actions.transfer(person, to=west, on=DAY, by=by, at=NOON)
    with pytest.raises(Refused, match="转接日期要晚于 2026-03-01"):
        actions.transfer(person, to=east, on=DAY, by=by, at=NOON)
    with pytest.raises(Refused, match="已经在"):
        actions.transfer(person, to=west, on=DAY + timedelta(days=1), by=by, at=NOON)
    with pytest.raises(Refused, match="不能晚于今天"):
        actions.transfer(person, to=east, on=date(2026, 6, 2), by=by, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_a_late_transfer_is_not_known_before_it_was_written(east, west, town):
    person = member(east)
    before = Membership.objects.open().get(person=person).recorded_at
    actions.transfer(person, to=west, on=DAY, by=officer(town), at=NOON)
    assert Membership.objects.on(DAY, known_at=before).get(person=person).organisation == east
    assert Membership.objects.on(DAY).get(person=person).organisation == west


def test_a_list_of_transfers_runs_at_a_constant_number_of_queries(east, west, town, django_assert_max_num_queries):
    people = [member(east) for _ in range(6)]
    by = officer(town)
    with django_assert_max_num_queries(25) as few:
        actions.transfer_many(town, moves=[(p.pk, west.pk) for p in people[:1]], on=DAY, by=by, at=NOON)
    with django_assert_max_num_queries(len(few)):
        moved = actions.transfer_many(town, moves=[(p.pk, west.pk) for p in people[1:]], on=DAY, by=by, at=NOON)
    assert moved.rows == 5
    assert Person.objects.filter(organisation=west, is_member=True).count() == 6
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.rows, entry.root) == ("people.transfer_many", 5, moved.root)


def test_a_list_of_transfers_is_refused_whole_with_every_reason(east, west, town):
    inside, outsider = member(east), member(org("外市某支部"))
    moves = [(inside.pk, west.pk), (outsider.pk, west.pk), (99_999_999, west.pk)]
    with pytest.raises(RowsRefused) as refused:
        actions.transfer_many(town, moves=moves, on=DAY, by=officer(town), at=NOON)
    assert [row for row, _ in refused.value.faults] == [2, 3]
    assert Membership.objects.open().get(person=inside).organisation == east


def test_a_reorganisation_takes_all_members_along_and_floating_goes_on(east, west, town):
    people = [member(east) for _ in range(3)]
    actions.float_away(people[0], on=date(2025, 1, 1), where="深圳", by=officer(east), at=NOON)
    moved = actions.transfer_all(town, into=[(east, west)], on=DAY, by=officer(town), at=NOON)
    assert moved.rows == 3
    assert {m.start for m in Membership.objects.open().filter(organisation=west)} == {"reorganised"}
    assert Floating.objects.open().get(person=people[0]).organisation == west
    assert Floating.objects.on(date(2025, 6, 1)).get(person=people[0]).organisation == east


@pytest.mark.parametrize("how", actions.LEAVINGS)
def test_whoever_left_is_no_member_from_that_day(east, how):
    person = member(east)
    ended = actions.leave(person, how=how, on=DAY, by=secretary(east), at=NOON)
    assert (ended.until, ended.end) == (DAY, how)
    assert not Membership.objects.on(DAY).filter(person=person).exists()
    assert not Person.objects.get(pk=person.pk).is_member
    with pytest.raises(Refused, match="现在没有党籍记录"):
        actions.leave(person, how=how, on=DAY, by=secretary(east), at=NOON)


def test_whoever_left_can_be_restored_but_not_from_death(east, town):
    gone, dead = member(east), member(east)
    actions.leave(gone, how="suspended", on=DAY, by=officer(town), at=NOON)
    actions.leave(dead, how="deceased", on=DAY, by=officer(town), at=NOON)
    restored = actions.restore(gone, to=east, on=date(2026, 5, 1), by=officer(town), at=NOON)
    assert (restored.start, restored.since) == ("restored", date(2026, 5, 1))
    with pytest.raises(Refused, match="已去世"):
        actions.restore(dead, to=east, on=date(2026, 5, 1), by=officer(town), at=NOON)


def test_a_list_is_admitted_with_one_entry_and_refused_whole(east, west, town):
    by = officer(town)
    rows = [new(f"王小{n}", organisation=east.pk) for n in "一二三"] + [
        new("赵流动", organisation=west.pk, floats_since=date(2024, 1, 1), floats_where="东莞")
    ]
    done = actions.admit_many(town, rows=rows, by=by, at=NOON)
    assert done.rows == 4 == len(done.people)
    assert [p.name for p in Person.objects.filter(pk__in=done.people).order_by("pk")] == [r.name for r in rows]
    assert Membership.objects.open().count() == Particulars.objects.open().count() == 4
    assert Floating.objects.open().get().person_id == done.people[-1]
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.rows, entry.root) == ("people.admit_many", 4, done.root)
    twice = [
        rows[0],
        new("新来的", organisation=root().pk),
        *[new("双胞胎", organisation=west.pk, number=number())] * 2,
    ]
    with pytest.raises(RowsRefused) as refused:
        actions.admit_many(town, rows=twice, by=by, at=NOON)
    assert [row for row, _ in refused.value.faults] == [1, 2, 4]
    assert Person.objects.filter(is_member=True).count() == 4


def test_what_a_list_stores_is_what_one_verb_stores(town, east):
    row = new("甲乙丙", organisation=east.pk)
    (listed,) = actions.admit_many(town, rows=[row], by=officer(town), at=NOON).people
    single = actions.admit(east, new=replace(row, number=number()), by=officer(town), at=NOON)
    for model in (Membership, Particulars):
        told = [_told(model.objects.get(person=pk)) for pk in (listed, single.pk)]
        assert told[0] == told[1]
    keys = [set(NameKey.objects.filter(person=pk).values_list("key", flat=True)) for pk in (listed, single.pk)]
    assert keys[0] == keys[1]


def _told(row):
    left_out = {"id", "person", "recorded_at"}
    return {f.name: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in left_out}


def test_an_auditor_may_not_write(east, town):
    with pytest.raises(NotAllowed):
        actions.admit(east, new=new(), by=actor(Role.AUDITOR, town), at=NOON)

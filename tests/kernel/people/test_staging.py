"""A file of members: staged, stored set-wise, taken back."""

from datetime import date

import pytest

from jiceng.kernel.journal.models import Entry
from jiceng.kernel.orgs.models import Kind
from jiceng.kernel.people import actions
from jiceng.kernel.people.models import Floating, Membership, NameKey, Particulars, Person, StagedMember
from jiceng.lib.refusals import Refused, RowsRefused
from tests.builders import NOON, org
from tests.kernel.people.cast import FARMER, member, new, number, officer

pytestmark = pytest.mark.django_db
STUDENT = actions.Told(education="21", occupation="06", station="student")


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE)


@pytest.fixture
def east(town):
    return org("东村党支部", under=town)


@pytest.fixture
def by(town):
    return officer(town)


def put(town, by, rows, batch=7):
    actions.stage(town, batch=batch, rows=list(enumerate(rows, start=2)), by=by, at=NOON)
    return actions.admit_staged(town, batch=batch, by=by, at=NOON)


def test_a_staged_batch_stores_what_one_verb_stores(town, east, by):
    row = new("欧阳建国", organisation=east.pk, floats_since=date(2024, 1, 1), floats_where="东莞")
    done = put(town, by, [row])
    person = Person.objects.get(name="欧阳建国")
    assert done.rows == 1 and person.is_member and person.organisation == east
    single = member(east, "欧阳建国", floats_since=date(2024, 1, 1), floats_where="东莞")
    for model in (Membership, Particulars, Floating):
        assert _told(model.objects.get(person=person)) == _told(model.objects.get(person=single))
    keys = [set(NameKey.objects.filter(person=p).values_list("key", flat=True)) for p in (person, single)]
    assert keys[0] == keys[1]
    assert actions.reveal(person, kind="number", reason="核对", by=by, at=NOON) == row.number
    entry = Entry.objects.filter(verb="people.admit_staged").get()
    assert (entry.rows, entry.root) == (1, done.root)


def _told(row):
    left_out = {"id", "person", "recorded_at", "batch"}
    return {f.name: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in left_out}


def test_staging_resumes_without_doubling(town, east, by):
    rows = list(enumerate([new("甲乙", organisation=east.pk), new("丙丁", organisation=east.pk)], start=2))
    actions.stage(town, batch=7, rows=rows[:1], by=by, at=NOON)
    assert actions.stage(town, batch=7, rows=rows, by=by, at=NOON).rows == 1
    assert StagedMember.objects.filter(batch=7).count() == 2


def test_a_row_about_somebody_registered_changes_their_particulars_and_phone(town, east, by):
    person = member(east, number=(same := number()))
    row = new(organisation=east.pk, number=same, told=STUDENT, since=date(2026, 1, 1), phone="13900139000")
    assert put(town, by, [row]).rows == 1
    before, after = Particulars.objects.known().filter(person=person).order_by("since")
    assert (before.education, before.until) == ("61", date(2026, 1, 1))
    assert (after.education, after.since, after.batch) == ("21", date(2026, 1, 1), 7)
    assert Person.objects.filter(is_member=True).count() == 1
    person.refresh_from_db()
    assert actions.reveal(person, kind="phone", reason="通知开会", by=by, at=NOON) == "13900139000"
    actions.undo_staged(town, batch=7, by=by, at=NOON)
    assert Particulars.objects.open().get(person=person).education == "61"
    person.refresh_from_db()
    assert actions.reveal(person, kind="phone", reason="通知开会", by=by, at=NOON) == "13800138000"


def test_an_unchanged_row_changes_nothing(town, east, by):
    member(east, number=(same := number()))
    assert put(town, by, [new(organisation=east.pk, number=same, since=date(2026, 1, 1))]).rows == 0
    assert Particulars.objects.count() == 1


def test_a_batch_is_taken_back_without_a_trace_of_its_people(town, east, by):
    put(town, by, [new("甲乙", organisation=east.pk), new("丙丁", organisation=east.pk)])
    assert actions.undo_staged(town, batch=7, by=by, at=NOON).rows == 2
    assert not Person.objects.filter(is_member=True).exists()
    assert not Membership.objects.exists() and not Particulars.objects.exists() and not NameKey.objects.exists()


def test_a_batch_is_not_taken_back_where_something_followed(town, east, by):
    west = org("西村党支部", under=town)
    put(town, by, [new("甲乙", organisation=east.pk), new("丙丁", organisation=east.pk)])
    actions.transfer(Person.objects.get(name="丙丁"), to=west, on=date(2026, 3, 1), by=by, at=NOON)
    with pytest.raises(RowsRefused, match="入库以后办理过：党籍") as refused:
        actions.undo_staged(town, batch=7, by=by, at=NOON)
    assert {row for row, _ in refused.value.faults} == {3}
    assert Person.objects.filter(is_member=True).count() == 2


def test_a_batch_is_not_stored_twice_nor_after_the_store_has_changed(town, east, by):
    same = number()
    actions.stage(town, batch=7, rows=[(2, new(organisation=east.pk, number=same))], by=by, at=NOON)
    member(east, number=same)
    with pytest.raises(RowsRefused, match="又有人登记"):
        actions.admit_staged(town, batch=7, by=by, at=NOON)
    put(town, by, [new("甲乙", organisation=east.pk)], batch=8)
    with pytest.raises(Refused, match="已经入库"):
        actions.admit_staged(town, batch=8, by=by, at=NOON)
    actions.discard_staged(town, batch=8, by=by, at=NOON)
    with pytest.raises(Refused, match="可以撤回的时间"):
        actions.undo_staged(town, batch=8, by=by, at=NOON)


def test_rows_of_elsewhere_are_not_stored(town, by):
    far = org("外市某支部")
    with pytest.raises(RowsRefused, match="不在办理范围之内"):
        put(town, by, [new(organisation=far.pk, told=FARMER)])
    assert not Person.objects.filter(is_member=True).exists()

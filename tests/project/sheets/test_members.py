"""The sheet of members: from a file to the store and back."""

from datetime import date

import pytest

from jiceng.engines.intake import cells
from jiceng.engines.intake.checking import Checker
from jiceng.engines.intake.declarations import Scope
from jiceng.engines.intake.reading import opened
from jiceng.kernel.orgs.models import Kind
from jiceng.kernel.people import actions
from jiceng.kernel.people.models import Floating, Membership, Particulars, Person
from jiceng.lib.refusals import RowsRefused
from jiceng.lib.sheets import xlsx
from jiceng.project.sheets.members import COLUMNS, MEMBERS, export
from tests.builders import NOON, org
from tests.kernel.people.cast import member, number, officer, secretary

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE)


@pytest.fixture
def east(town):
    return org("东村党支部", under=town, code="E-1")


@pytest.fixture
def scope(town):
    return Scope(town, officer(town), NOON, batch=9)


def row(**said):
    told = {
        "组织代码": "E-1", "姓名": "王建国", "性别": "男", "民族": "汉", "证件号码": number(), "入党日期": "1998年7月",
        "党员类别": "正式党员", "起算日期": "2026-01-01", "学历": "普通高中毕业", "职业": "农牧渔民", "手机号": "13800138000",
    }  # fmt: skip
    return {**told, **said}


def taken_in(scope, *rows):
    """Checks a file of these rows and stages what is right."""
    labels = [column.label for column in COLUMNS]
    content = xlsx("党员", labels, [[one.get(label, "") for label in labels] for one in rows])
    with opened(content, labels=MEMBERS.labels) as (head, chunks):
        checker = Checker(MEMBERS, scope, head.labels)
        done = [checker.check(chunk) for chunk in chunks]
    faults = [fault for one in done for fault in one.faults] + checker.finish()
    staged = [one for some in done for one in some.staged]
    MEMBERS.stage(scope, staged)
    return staged, sorted(faults)


def test_there_are_twenty_five_columns():
    assert len(COLUMNS) == 25


def test_a_file_of_new_members_is_stored(scope, east):
    staged, faults = taken_in(
        scope, row(), row(姓名="买买提·艾山", 民族="维吾尔", 外出日期="2026-02-01", 流入地="深圳")
    )
    assert faults == [] and [one.outcome for one in staged] == ["add", "add"]
    assert MEMBERS.apply(scope, []).rows == 2
    person = Person.objects.get(name="王建国")
    assert (person.joined_on, person.joined_to, person.organisation) == (date(1998, 7, 1), "month", east)
    assert Membership.objects.open().get(person=person).batch == 9
    assert Floating.objects.open().get().person.name == "买买提·艾山"
    assert MEMBERS.undo(scope, []).rows == 2
    assert not Person.objects.filter(is_member=True).exists()


def test_every_fault_of_a_row_is_said_at_once_and_no_number_is_shown(scope, east):
    said = number()
    _, faults = taken_in(
        scope,
        row(证件号码=said[:-1] + ("0" if said[-1] != "0" else "1")),
        row(组织代码="没有", 民族="火星族"),
        row(出生日期="1981-01-01", 性别="女"),
        row(证件号码=(same := number())),
        row(证件号码=same),
        row(档案编号="nobody"),
    )
    told = {(fault.row, fault.column) for fault in faults}
    expected = {(2, "number"), (3, "organisation"), (3, "ethnicity"), (4, "birth_on"), (4, "sex"), (6, "number")}
    assert {*expected, (7, "ref")} <= told
    assert not any(said[:10] in f"{fault.value}{fault.wrong}{fault.remedy}" for fault in faults)


def test_somebody_registered_elsewhere_is_a_fault_and_here_a_change(scope, east):
    member(org("外市某支部"), number=(far := number()))
    person = member(
        east, "王建国", number=(here := number()), joined_on=date(1998, 7, 1), joined_to="month", full_on=None
    )
    staged, faults = taken_in(scope, row(证件号码=far), row(证件号码=here, 学历="大学本科毕业", 在岗情况="离退休"))
    assert [(fault.row, fault.column) for fault in faults] == [(2, "number")] and "办理组织关系转接" in faults[0].wrong
    (change,) = staged
    assert change.outcome == "change" and set(change.changes) == {"education", "station"}
    MEMBERS.apply(scope, [])
    assert Particulars.objects.open().get(person=person).station == "retired"
    assert Person.objects.filter(is_member=True).count() == 2


def test_what_is_fixed_is_not_changed_by_a_list(scope, east):
    member(east, "王建国", number=(here := number()), joined_on=date(1998, 7, 1), joined_to="month", full_on=None)
    _, faults = taken_in(scope, row(证件号码=here, 姓名="王国建"))
    assert [(fault.row, fault.column) for fault in faults] == [(2, "name")]


def test_an_export_comes_back_unchanged_and_holds_no_numbers(scope, east):
    said = number()
    person = member(east, "王建国", number=said)
    actions.float_away(person, on=date(2026, 1, 1), where="深圳", by=officer(east), at=NOON)
    (told,) = export(scope)
    written = {column.label: cells.write(column, told.get(column.key)) for column in COLUMNS}
    assert said not in str(written) and "13800138000" not in str(written) and written["组织代码"] == "E-1"
    staged, faults = taken_in(scope, written)
    assert faults == [] and [one.outcome for one in staged] == ["unchanged"]
    assert MEMBERS.apply(scope, []).rows == 0


def test_what_changed_between_check_and_apply_is_refused(scope, east):
    taken_in(scope, row(证件号码=(same := number())))
    member(east, number=same)
    with pytest.raises(RowsRefused, match="又有人登记"):
        MEMBERS.apply(scope, [])


def test_a_secretary_exports_the_own_organisation_and_nothing_below(scope, town, east):
    member(town, "镇上的人")
    member(east, "村里的人")
    assert {one["name"] for one in export(scope)} == {"镇上的人", "村里的人"}
    assert {one["name"] for one in export(Scope(town, secretary(town), NOON))} == {"镇上的人"}

"""Rows: every fault at once, what each row will do, and one query for a whole chunk."""

from datetime import date

import pytest

from jiceng.engines.intake import reading
from jiceng.engines.intake.checking import Checker, recheck
from jiceng.engines.intake.declarations import Column, Kind, PartialDate, Scope, Sheet
from jiceng.lib.refusals import Refused
from tests.builders import BUILDER, NOON, org, root
from tests.engines.intake.books import csv_file, number_of, xlsx
from tests.engines.intake.cast import BRING, Store, month, sheet

pytestmark = pytest.mark.django_db

HEAD = [
    "编号",
    "姓名",
    "证件号码",
    "性别",
    "入党日期",
    "转正日期",
    "组织代码",
    "组长编号",
    "信用代码",
    "手机号",
    "人数",
    "党费",
    "困难",
    "出生地",
]
GOOD = [
    "V1",
    "王小明",
    number_of(),
    "男",
    "2001-07",
    "2002-07-01",
    "东",
    "",
    "91110000600037341L",
    "13800138000",
    "5",
    "12.50",
    "否",
    "东山",
]


@pytest.fixture
def top():
    top = root()
    org(under=top, code="东")
    return top


def with_cells(code, **cells):
    row = dict(zip(HEAD, GOOD, strict=True)) | {"编号": code} | cells
    return list(row.values())


def check(store, top, rows, *, head=HEAD, chunk=5000, make=xlsx, of=sheet):
    """Everything a file comes to: staged rows, faults, and the scope."""
    scope = Scope(top, BUILDER, NOON, 1)
    one = of(store)
    with reading.opened(make([head, *rows]), labels=one.labels, sheet=one.name, chunk=chunk) as (found, some):
        checker = Checker(one, scope, found.labels)
        checked = [checker.check(rows) for rows in some]
    faults = [fault for part in checked for fault in part.faults] + checker.finish()
    return [staged for part in checked for staged in part.staged], faults, scope


PLANTED = {
    "a wrong check digit": (
        {"证件号码": number_of()[:-1] + ("0" if number_of()[-1] != "0" else "1")},
        "证件号码",
        "校验位",
    ),
    "a number broken by the spreadsheet": ({"证件号码": 440105198001011234}, "证件号码", "当成了数字"),
    "no name": ({"姓名": " "}, "姓名", "没有填"),
    "a name that is too long": ({"姓名": "字" * 11}, "姓名", "11 个字"),
    "a code of no table": ({"性别": "男女"}, "性别", "GB/T 2261.1"),
    "no date": ({"入党日期": "七月"}, "入党日期", "不是日期"),
    "a day to come": ({"转正日期": "2030-01-01"}, "转正日期", "晚于今天"),
    "a month without a day": ({"转正日期": "2002-07"}, "转正日期", "没有日"),
    "an organisation that is not there": ({"组织代码": "西"}, "组织代码", "没有代码为 西"),
    "a leader that is in no row": ({"组长编号": "V999"}, "组长编号", "没有代码为 V999"),
    "a credit code with a wrong end": ({"信用代码": "911100006000373410"}, "信用代码", "校验位"),
    "a telephone with a digit missing": ({"手机号": "1380013800"}, "手机号", "位数"),
    "fewer than no people": ({"人数": "-1"}, "人数", "小于 0"),
    "parts of a fen": ({"党费": "1.234"}, "党费", "分"),
    "neither yes nor no": ({"困难": "大概"}, "困难", "是"),
    "dates in the wrong order": ({"转正日期": "2000-01-01"}, "转正日期", "早于入党日期"),
    "the same code twice": ({"编号": "V0"}, "编号", "第 2 行重复"),
}


def test_every_planted_fault_of_every_kind_is_reported_and_nothing_else(top):
    rows = [with_cells("V0")]
    wanted = []
    for at, (cells, column, said) in enumerate(PLANTED.values()):
        rows += [with_cells(f"G{at}"), with_cells(f"B{at}", **cells)]
        wanted.append((len(rows) + 1, column, said))
    staged, faults, _ = check(Store(), top, rows)
    labels = {column.key: column.label for column in sheet(Store()).columns}
    assert len(faults) == len(wanted)
    for (number, column, said), fault in zip(wanted, sorted(faults), strict=True):
        assert (fault.row, labels[fault.column]) == (number, column)
        assert said in fault.wrong + fault.remedy
    assert {one.row["code"] for one in staged} >= {f"G{at}" for at in range(len(PLANTED))}


def test_several_faults_of_one_row_are_all_reported(top):
    _, faults, _ = check(Store(), top, [with_cells("V1", 姓名="", 性别="x", 手机号="1", 人数="多")])
    assert sorted(fault.column for fault in faults) == ["name", "phone", "sex", "staff"]


def test_faults_never_show_a_personal_number(top):
    _, faults, _ = check(Store(), top, [with_cells("V1", 证件号码="440105198001011235", 手机号="1380013800")])
    assert not any("440105" in fault.value or "138" in fault.value for fault in faults)


def test_values_have_the_kinds_of_their_columns(top):
    (one,), faults, scope = check(Store(), top, [with_cells("V1")])
    assert faults == []
    assert one.outcome == "add"
    assert one.row["joined"] == month(2001, 7)
    assert one.row["full"] == date(2002, 7, 1)
    assert (one.row["sex"], one.row["staff"], one.row["dues"], one.row["poor"]) == ("1", 5, 1250, False)
    assert scope.found("home", one.row["home"]) == top.children.get().pk


def test_numbers_that_a_spreadsheet_made_floats_are_whole_again(top):
    (one,), _, _ = check(Store(), top, [with_cells(12, 人数=5, 性别=1, 党费=12.5, 入党日期=date(2001, 7, 3))])
    assert (one.row["code"], one.row["staff"], one.row["sex"], one.row["dues"]) == ("12", 5, "1", 1250)
    assert one.row["joined"] == PartialDate(date(2001, 7, 3))


def test_a_row_may_name_another_row_of_the_file_that_comes_later(top):
    rows = [with_cells("V1", 组长编号="V9"), *(with_cells(f"V{n}") for n in range(2, 10))]
    staged, faults, _ = check(Store(), top, rows, chunk=3)
    assert faults == []
    assert len(staged) == 9


def test_rows_that_the_store_has_are_changed_or_unchanged(top):
    store = Store()
    (one, *_), _, _ = check(store, top, [with_cells("V1")])
    store.rows["V1"] = dict(one.row.said)
    staged, _, _ = check(store, top, [with_cells("V1"), with_cells("V2"), with_cells("V3")])
    assert [one.outcome for one in staged] == ["unchanged", "add", "add"]
    (changed,), _, _ = check(store, top, [with_cells("V1", 人数="7", 困难="是")])
    assert changed.outcome == "change"
    assert changed.changes == {"staff": (5, 7), "poor": (False, True)}


def test_empty_cells_and_missing_columns_change_nothing(top):
    store = Store()
    (one,), _, _ = check(store, top, [with_cells("V1")])
    store.rows["V1"] = dict(one.row.said)
    needed = ["编号", "姓名", "证件号码", "入党日期", "组织代码", "人数"]
    short = [cell for label, cell in zip(HEAD, with_cells("V1", 人数=""), strict=True) if label in needed]
    (same,), _, _ = check(store, top, [short], head=needed)
    assert same.outcome == "unchanged"
    assert same.row["staff"] == 5
    assert same.row["born"] == "东山"


def test_a_fixed_column_cannot_be_changed_by_a_sheet(top):
    store = Store()
    (one,), _, _ = check(store, top, [with_cells("V1")])
    store.rows["V1"] = dict(one.row.said)
    staged, (fault,), _ = check(store, top, [with_cells("V1", 出生地="西山")])
    assert staged == []
    assert (fault.column, fault.value) == ("born", "西山")
    assert "东山" in fault.wrong


@pytest.mark.parametrize("rows", [1, 40])
def test_a_chunk_costs_the_same_queries_however_many_rows(top, rows, django_assert_num_queries):
    store = Store()
    with django_assert_num_queries(1):
        check(store, top, [with_cells(f"V{n}") for n in range(rows)])
    assert store.looked_up == 1


def test_a_file_without_a_needed_column_or_with_one_twice_is_refused_whole(top):
    with pytest.raises(Refused, match="证件号码、入党日期、组织代码"):
        check(Store(), top, [["V1", "王"]], head=["编号", "姓名"])
    with pytest.raises(Refused, match="不止一次：姓名"):
        check(Store(), top, [[*GOOD, "李"]], head=[*HEAD, "姓名"])


def test_columns_that_nobody_knows_are_named(top):
    one = sheet(Store())
    assert Checker(one, Scope(top, BUILDER, NOON), [*HEAD, "星座", ""]).unknown == ["星座"]


def test_what_changed_in_the_store_since_the_check_is_noticed(top):
    store = Store()
    staged, _, _ = check(store, top, [with_cells("V1"), with_cells("V2")])
    assert recheck(sheet(store), Scope(top, BUILDER, NOON), staged) == []
    store.rows["V2"] = dict(staged[1].row.said)
    assert [number for number, _ in recheck(sheet(store), Scope(top, BUILDER, NOON), staged)] == [3]


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": (Column("a", "甲"), Column("a", "乙"))},
        {"columns": (Column("a", "甲"), Column("b", "乙", also=("甲",)))},
        {"columns": (Column("a", "甲"),), "identity": ("b",)},
    ],
)
def test_a_sheet_that_contradicts_itself_cannot_be_declared(wrong):
    with pytest.raises(ValueError, match="x"):
        Sheet(
            **{"key": "x", "name": "x", "identity": ("a",), "rule": BRING, "apply": lambda scope, rows: None, **wrong}
        )


def test_a_column_of_codes_needs_codes_each_with_its_own_label():
    with pytest.raises(ValueError, match="codes"):
        Column("x", "某列", Kind.CODE)
    with pytest.raises(ValueError, match="codes"):
        Column("x", "某列", Kind.CODE, codes=(("1", "男"), ("2", "男")))


def test_a_csv_says_the_same_as_a_workbook(top):
    rows = [with_cells("V1"), with_cells("V2", 姓名="")]
    one, other = check(Store(), top, rows), check(Store(), top, rows, make=csv_file)
    assert [row.row.said for row in one[0]] == [row.row.said for row in other[0]]
    assert one[1] == other[1]

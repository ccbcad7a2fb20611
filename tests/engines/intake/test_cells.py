"""Cells: what people and spreadsheets write, and what it means."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.engines.intake import cells
from jiceng.engines.intake.declarations import Column, Kind, PartialDate
from jiceng.engines.intake.reading import NUMBER
from tests.engines.intake.books import number_of

TODAY = date(2026, 6, 1)
SEX = (("1", "男"), ("2", "女"))


def column(kind, **more):
    if kind is Kind.CODE:
        more.setdefault("codes", SEX)
    if kind is Kind.REFERENCE:
        more["find"] = lambda scope, codes: {}
    return Column("x", "某列", kind, **more)


def read(kind, text, **more):
    return cells.read(column(kind, **more), text, TODAY)


def wrong(kind, text, **more):
    with pytest.raises(cells.Wrong) as caught:
        read(kind, text, **more)
    return caught.value.wrong + caught.value.remedy


def of_number(text):
    return NUMBER + text


FULL, MONTH = date(2019, 7, 1), PartialDate(date(2019, 7, 1), "month")


@pytest.mark.parametrize(
    "text",
    [
        "2019-07-01", "2019-7-1", "2019/7/1", "2019.7.1", "2019.07.01", "20190701", "2019年7月1日", "2019年07月01",
        "2019/7/1 0:00:00", "2019-07-01T08:30:00", " 2019 - 7 - 1 ", "２０１９－０７－０１", "43647", of_number("43647"),
        of_number("20190701"), of_number("43647.5"),
    ],
)  # fmt: skip
def test_a_day_may_be_written_in_many_ways(text):
    assert read(Kind.DATE, text) == FULL
    assert read(Kind.MONTH, text) == PartialDate(FULL)


@pytest.mark.parametrize(
    "text", ["2019-07", "2019-7", "2019.7", "2019/07", "201907", "2019年7月", of_number("2019.7"), of_number("201907")]
)
def test_a_month_may_be_written_in_many_ways(text):
    assert read(Kind.MONTH, text) == MONTH
    assert "没有日" in wrong(Kind.DATE, text)


@pytest.mark.parametrize(
    "text", ["2019-13-01", "2019-02-30", "不详", "2019", "19-7-1", "7/1/2019", "2019-7-1-2", "0000"]
)
def test_what_is_no_day_is_refused(text):
    assert "不是日期" in wrong(Kind.DATE, text)


def test_a_tenth_month_that_a_spreadsheet_cut_short_is_not_taken_for_the_first():
    assert "2019-10" in wrong(Kind.MONTH, of_number("2019.1"))
    assert read(Kind.MONTH, "2019.10") == PartialDate(date(2019, 10, 1), "month")
    assert read(Kind.MONTH, of_number("2019.11")) == PartialDate(date(2019, 11, 1), "month")


def test_a_day_to_come_and_a_year_of_another_age_are_refused():
    assert "晚于今天" in wrong(Kind.DATE, "2026-06-02")
    assert read(Kind.DATE, "2026-06-02", future=True) == date(2026, 6, 2)
    assert "年份" in wrong(Kind.DATE, "1019-07-01")
    assert "年份" in wrong(Kind.DATE, "2919-07-01", future=True)


@pytest.mark.parametrize(
    "text",
    [
        of_number("440105198001011000"),
        "4.40105E+17",
        "1.10105E+17",
        of_number("6222020200011234567"),
        "440105198001011000",
    ],
)
def test_a_long_number_that_a_spreadsheet_broke_is_named_as_such(text):
    for kind in (Kind.RESIDENT_ID, Kind.NUMBER):
        assert "文本" in wrong(kind, text)


def test_a_number_that_ends_in_three_noughts_may_be_right():
    number = next(n for n in (number_of("19800101", 10 * k) for k in range(100)) if n.endswith("00"))
    assert read(Kind.NUMBER, number) == number
    assert read(Kind.NUMBER, of_number("123456789012345")) == "123456789012345"


@pytest.mark.parametrize(
    ("text", "code"), [("男", "1"), ("1", "1"), (of_number("1"), "1"), ("１", "1"), (" 女 ", "2"), ("男性", "1")]
)
def test_a_code_may_be_written_as_code_label_or_alias(text, code):
    assert read(Kind.CODE, text, aliases=(("男性", "1"),)) == code


def test_a_code_that_lost_its_nought_in_a_spreadsheet_is_found():
    nations = (("01", "汉族"), ("02", "蒙古族"))
    assert read(Kind.CODE, of_number("1"), codes=nations) == "01"
    assert "汉族" in wrong(Kind.CODE, "1", codes=nations)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("是", True),
        ("√", True),
        ("Y", True),
        ("TRUE", True),
        (of_number("1"), True),
        ("否", False),
        ("无", False),
        ("N", False),
        (of_number("0"), False),
    ],
)
def test_a_flag_may_be_written_in_many_ways(text, flag):
    assert read(Kind.FLAG, text) is flag


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (Kind.INTEGER, "十二", "数字"), (Kind.INTEGER, "1.5", "整数"), (Kind.INTEGER, "-1", "小于 0"),
        (Kind.INTEGER, "nan", "整数"),
        (Kind.INTEGER, "1e999999", "整数"), (Kind.MONEY, "12.345", "分"), (Kind.MONEY, "很多", "金额"), (Kind.FLAG, "可能", "是"),
        (Kind.PHONE, "123", "位数"), (Kind.CREDIT_CODE, "91110000600037341A", "校验位"), (Kind.TEXT, "字" * 121, "最多 120"),
        (Kind.CODE, "其他", "可以填"), (Kind.RESIDENT_ID, "000000198001010018", "校验位"),
    ],
)  # fmt: skip
def test_the_sentence_names_the_fault(kind, text, said):
    assert said in wrong(kind, text)


def test_an_empty_cell_is_nothing_unless_the_column_needs_something():
    for kind in Kind:
        assert read(kind, "  ") is None
        assert "必填" in wrong(kind, "", required=True)


def test_a_personal_number_is_masked_whole():
    sealed = column(Kind.NUMBER, sealed=True)
    assert not set(cells.masked(sealed, number_of())) & set("03456792")
    assert cells.masked(column(Kind.TEXT), "王小明") == "王小明"


VALUES = {
    Kind.TEXT: st.text(st.characters(categories=("L", "N")), min_size=1, max_size=100),
    Kind.CODE: st.sampled_from(["1", "2"]),
    Kind.DATE: st.dates(date(1900, 1, 1), TODAY),
    Kind.MONTH: st.dates(date(1900, 1, 1), TODAY).flatmap(
        lambda day: st.sampled_from([PartialDate(day), PartialDate(day.replace(day=1), "month")])
    ),
    Kind.RESIDENT_ID: st.dates(date(1900, 1, 1), TODAY).map(lambda day: number_of(f"{day:%Y%m%d}")),
    Kind.INTEGER: st.integers(0, 10**12),
    Kind.MONEY: st.integers(0, 10**15),
    Kind.FLAG: st.booleans(),
}


@pytest.mark.parametrize("kind", VALUES)
def test_what_is_written_is_read_as_the_same_value(kind):
    @given(VALUES[kind])
    def holds(value):
        assert read(kind, cells.write(column(kind), value)) == value

    holds()


@given(st.sampled_from(list(Kind)), st.text())
def test_no_text_at_all_breaks_a_reader(kind, text):
    try:
        read(kind, text)
    except cells.Wrong as said:
        assert said.wrong.endswith("。")

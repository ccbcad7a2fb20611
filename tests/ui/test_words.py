"""Dates, deadlines, numbers and rates are said one way everywhere."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.ui import words

TODAY = date(2026, 5, 18)


def test_a_date_is_said_with_its_weekday():
    assert words.zh_date(TODAY) == "2026年5月18日（周一）"


def test_a_moment_is_said_on_the_local_clock():
    moment = datetime(2026, 5, 18, 23, 30, tzinfo=UTC)
    assert words.zh_moment(moment) == "2026年5月19日 07:30"
    assert words.zh_date(moment) == "2026年5月19日（周二）"


def test_a_plain_date_has_no_clock_time():
    assert words.zh_moment(TODAY) == "2026年5月18日"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 5, 18), "二〇二六年五月十八日"),
        (date(2030, 10, 10), "二〇三〇年十月十日"),
        (date(2026, 12, 31), "二〇二六年十二月三十一日"),
        (date(2026, 1, 20), "二〇二六年一月二十日"),
    ],
)
def test_documents_are_dated_in_characters(day, said):
    assert words.document_date(day) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 5, 21), "还有 3 天（5月21日）"),
        (TODAY, "今天到期（5月18日）"),
        (date(2026, 5, 14), "已过期 4 天（5月14日）"),
        (date(2027, 1, 5), "还有 232 天（2027年1月5日）"),
    ],
)
def test_a_deadline_says_how_long_and_which_day(day, said):
    assert words.due(day, TODAY) == said


def test_a_deadline_may_be_counted_in_working_days():
    assert words.due(date(2026, 5, 21), TODAY, working_days=3) == "还有 3 个工作日（5月21日）"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0, "", "0"),
        (12345, "", "12,345"),
        (-1000, "件", "-1,000 件"),
        (Decimal("3.50"), "", "3.5"),
        (Fraction(1, 3), "", "0.33"),
        (9999, "万", "9,999"),
        (50000, "万", "5 万"),
        (123456, "万", "约 12.35 万"),
        (100_000_000, "万", "10,000 万"),
    ],
)
def test_numbers_are_grouped_and_what_was_left_out_is_marked(value, unit, said):
    assert words.number(value, unit) == said


@pytest.mark.parametrize(("fen", "said"), [(0, "0.00 元"), (123456, "1,234.56 元"), (-5, "-0.05 元")])
def test_money_is_said_to_the_fen(fen, said):
    assert words.money(fen) == said


def test_a_percentage_names_its_part_and_its_whole():
    assert words.percent(43, 50) == "86%（43/50）"


def test_nothing_to_do_is_no_percentage():
    assert words.percent(0, 0) == "—（0/0）"


@given(st.integers(1, 10**9).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_a_rate_is_all_or_nothing_only_when_it_is_exactly_so(case):
    part, whole = case
    assert (words.rate(part, whole) == "100%") == (part == whole)
    assert (words.rate(part, whole) == "0%") == (part == 0)
    assert words.percent(part, whole).endswith(f"（{part:,}/{whole:,}）")


def test_a_capped_count_says_that_there_are_more():
    assert words.count(10000, "条", cap=10000) == "共 10,000+ 条"
    assert words.count(1234) == "共 1,234 条"

"""Terms are counted as the civil code says, beside a counter that goes day by day and knows nothing of ours."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.engines.packs.queries import calendar
from jiceng.kernel.calendars.declarations import Calendar, Due, Span

CHINA = calendar("national")
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("text", "span", "said"),
    [
        ("3 days", Span(3, "day"), "3 天"),
        ("1 day", Span(1, "day"), "1 天"),
        ("5 working days", Span(5, "working-day"), "5 个工作日"),
        ("1 month", Span(1, "month"), "1 个月"),
        ("2 years", Span(2, "year"), "2 年"),
    ],
)
def test_a_span_is_read_written_and_said(text, span, said):
    assert Span.read(text) == span
    assert Span.read(span.written()) == span
    assert str(span) == said


@pytest.mark.parametrize("text", ["", "3", "three days", "5 workdays", "-1 days", "1 week", "5working days"])
def test_what_is_no_span_is_told_in_chinese(text):
    with pytest.raises(ValueError, match="不是一段时间"):
        Span.read(text)


def test_civil_code_201_the_day_itself_is_not_counted():
    assert CHINA.after(date(2026, 7, 1), Span(1, "day")) == Due(date(2026, 7, 2))
    assert CHINA.after(date(2026, 6, 1), Span(5, "working-day")) == Due(date(2026, 6, 8))


def test_civil_code_202_a_month_without_such_a_day_ends_with_its_last():
    assert CHINA.after(date(2026, 1, 31), Span(1, "month")).on == date(2026, 2, 28)
    assert CHINA.after(date(2024, 1, 31), Span(1, "month")).on == date(2024, 2, 29)
    assert CHINA.after(date(2024, 2, 29), Span(1, "year")).on == date(2025, 2, 28)


def test_civil_code_203_a_term_that_ends_on_a_rest_day_ends_with_the_next_working_day():
    assert CHINA.ends(Due(date(2026, 10, 1))) == Due(date(2026, 10, 8))
    assert CHINA.ends(Due(date(2026, 10, 10))) == Due(date(2026, 10, 10)), "上班的星期六"


def test_spring_festival_of_2026_as_announced():
    """国办发明电〔2025〕7号：2月15日至23日放假，2月14日、28日上班。"""
    assert [CHINA.is_working(date(2026, 2, day)) for day in (13, 14, 15, 16, 23, 24, 28)] == [
        True, True, False, False, False, True, True,
    ]  # fmt: skip
    assert CHINA.after(date(2026, 2, 13), Span(2, "working-day")) == Due(date(2026, 2, 24))


def test_working_days_of_the_announced_years():
    assert [CHINA.working_days(date(year - 1, 12, 31), date(year, 12, 31)) for year in (2024, 2025, 2026)] == [
        251, 248, 248,
    ]  # fmt: skip


def test_a_term_that_touches_a_year_not_announced_is_provisional():
    assert CHINA.after(date(2026, 12, 31), Span(1, "working-day")) == Due(date(2027, 1, 1), provisional=True)
    assert not CHINA.after(date(2026, 12, 30), Span(1, "working-day")).provisional
    assert not CHINA.after(date(2026, 12, 31), Span(1, "month")).provisional, "按月算的不看放假"


@given(DAYS, st.integers(0, 60))
def test_working_days_equal_a_count_day_by_day(day, number):
    due = CHINA.after(day, Span(number, "working-day")).on
    gone = [day + timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert sum(_works(one) for one in gone) == number == CHINA.working_days(day, due)
    assert not number or _works(due)


def _works(day: date) -> bool:
    if day in CHINA.works:
        return True
    return day.isoweekday() not in (6, 7) and day not in CHINA.rests


@given(DAYS, st.integers(0, 60))
def test_months_equal_a_walk_month_by_month(day, number):
    year, month = day.year, day.month
    for _ in range(number):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    wanted = next(d for d in range(day.day, 0, -1) if _is_day(year, month, d))
    assert Calendar().after(day, Span(number, "month")) == Due(date(year, month, wanted))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True

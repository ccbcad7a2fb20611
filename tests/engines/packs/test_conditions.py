"""One grammar: what it refuses, and that SQL on every engine means what plain Python means."""

import sqlite3
from datetime import date

import duckdb
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiceng.engines.packs.conditions import NotACondition, faults, holds, parse, said, sql
from jiceng.engines.packs.conditions.meaning import elapsed
from jiceng.engines.packs.conditions.sql import cutoff
from jiceng.lib.facts import Column

COLUMNS = {
    column.key: column
    for column in (
        Column("kind", "类别", "code", (("full", "正式党员"), ("probationary", "预备党员"))),
        Column("born", "出生日期", "date"),
        Column("amount", "数额", "integer"),
        Column("poor", "困难", "flag"),
    )
}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("kind", "第 5 个字符：这里要写 = != < <= > >= in between is 之一，不是“结尾”。"),
        ('kind = "full" kind', "第 15 个字符：这里不该有“kind”，要用 and 或 or 接上。"),
        ("kind = full", "第 8 个字符：这里要写一个值（引号里的代码、整数、分数、日期或 day），不是“full”。"),
        (
            "born < 2026-02-30",
            "第 8 个字符：这里要写一个值（引号里的代码、整数、分数、日期或 day），不是“2026-02-30”。",
        ),
        ("amount > 1/0", "第 10 个字符：这里要写一个值（引号里的代码、整数、分数、日期或 day），不是“1/0”。"),
        ("(amount > 1", "第 12 个字符：这里要写“)”，不是“结尾”。"),
        ("amount between 1 or 2", "第 18 个字符：这里要写“and”，不是“or”。"),
        ("amount > 1; drop", "第 11 个字符：这里不该有“;”，要用 and 或 or 接上。"),
        ("age(amount) of 3", "第 13 个字符：这里要写 = != < <= > >= in between is 之一，不是“of”。"),
        ("and = 3", "第 1 个字符：这里要写一项的名称，不是“and”。"),
        ("amount is 3", "第 11 个字符：这里要写“empty”，不是“3”。"),
        ("(" * 40 + "amount = 1" + ")" * 40, "第 31 个字符：括号套得太深，最多 30 层。"),
    ],
)
def test_what_is_no_condition_is_refused_at_its_character(text, why):
    with pytest.raises(NotACondition) as refused:
        parse(text)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("sex = 1", "第 1 个字符：没有“sex”这一项；有：kind、born、amount、poor。"),
        ("kind = 1", "第 1 个字符：“类别”要和引号里的代码比较。"),
        ('kind = "honorary"', "第 1 个字符：“类别”没有代码“honorary”；有：full、probationary。"),
        ("born > 60", "第 1 个字符：“出生日期”要和日期比较。"),
        ("age(amount) > 60", "第 1 个字符：age(…) 只能问日期，“数额”不是日期。"),
        ("age(born) > 1/2", "第 1 个字符：“出生日期”过了多久，要和 0 到 100000 的整数比较。"),
        ("amount = 1 and poor = 2", "第 16 个字符：“困难”要和 0 或 1 比较。"),
    ],
)
def test_what_does_not_fit_the_columns_is_said(text, why):
    assert list(faults(parse(text), COLUMNS)) == [why]


def test_a_condition_is_said_in_words():
    text = 'kind = "full" and not (poor = 1 or age(born) >= 60) and amount in (1, 2/3)'
    assert said(parse(text), COLUMNS) == (
        "类别是“正式党员”，且不符合（困难是有，或出生日期满不少于60周岁（年）），且数额是1、2/3之一"
    )


def test_blank_text_is_no_condition():
    assert sql(parse("  "), date(2026, 1, 1)).text == "1 = 1"
    assert holds(parse(""), {}, date(2026, 1, 1))


DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(born=DAYS, day=DAYS, n=st.integers(0, 130), unit=st.sampled_from(["age", "months", "days"]))
def test_an_age_is_a_date_comparison(born, day, n, unit):
    assert (elapsed(born, day, unit) >= n) == (born <= cutoff(day, unit, n))


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1964, 2, 29), date(2026, 2, 27), 61),
        (date(1964, 2, 29), date(2026, 2, 28), 62),
        (date(1966, 6, 2), date(2026, 6, 1), 59),
        (date(1966, 6, 1), date(2026, 6, 1), 60),
    ],
)
def test_a_birthday_is_counted_from_its_own_day(born, day, age):
    assert elapsed(born, day, "age") == age


NUMBERS = st.sampled_from(["0", "1", "-3", "1/3", "7/2"])
NUMBER_TEST = st.builds(
    "{} {} {}".format, st.just("amount"), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), NUMBERS
)
TESTS = st.one_of(
    NUMBER_TEST,
    st.builds("amount between {} and {}".format, NUMBERS, NUMBERS),
    st.builds("amount in ({}, {})".format, NUMBERS, NUMBERS),
    st.builds('kind {} "{}"'.format, st.sampled_from(["=", "!=", "<", ">="]), st.sampled_from(["full", "later", ""])),
    st.builds("born {} {}".format, st.sampled_from(["<", ">=", "="]), st.sampled_from(["day", "1990-01-01"])),
    st.builds(
        "{}(born) {} {}".format, st.sampled_from(["age", "months", "days"]),
        st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), st.sampled_from([0, 1, 36, 60, 120]),
    ),
    st.builds("age(born) between {} and {}".format, st.integers(0, 70), st.integers(0, 70)),
    st.builds("{} is {}".format, st.sampled_from(list(COLUMNS)), st.sampled_from(["empty", "not empty"])),
    st.sampled_from(["poor = 1", "poor != 1", "poor = 0"]),
)  # fmt: skip
CONDITIONS = st.recursive(
    TESTS,
    lambda some: st.one_of(
        st.builds("({}) and ({})".format, some, some), st.builds("({}) or ({})".format, some, some),
        st.builds("not ({})".format, some),
    ),
    max_leaves=6,
)  # fmt: skip
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from([None, "", "full", "probationary"]),
            "born": st.sampled_from([None, date(1964, 2, 29), date(1966, 6, 1), date(1990, 1, 1), date(2026, 6, 2)]),
            "amount": st.sampled_from([None, -3, 0, 1, 3, 4]),
            "poor": st.sampled_from([None, 0, 1]),
        }
    ),
    max_size=6,
)

TABLE = "CREATE {} TABLE asked (n integer, kind varchar(20) {}, born date, amount bigint, poor integer)"


def _sqlite(rows, text, parameters):
    made = sqlite3.connect(":memory:")
    made.execute(TABLE.format("", ""))
    made.executemany("INSERT INTO asked VALUES (?, ?, ?, ?, ?)", [_iso(row) for row in rows])
    return made.execute(f"SELECT n FROM asked f WHERE {text}", _iso(parameters)).fetchall()


def _duckdb(rows, text, parameters):
    made = duckdb.connect()
    made.execute(TABLE.format("", ""))
    if rows:
        made.executemany("INSERT INTO asked VALUES (?, ?, ?, ?, ?)", rows)
    return made.execute(f"SELECT n FROM asked f WHERE {text}", list(parameters)).fetchall()


def _here(rows, text, parameters):
    """The database of this run: PostgreSQL where the runner chose it."""
    collated = 'COLLATE "C"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS asked")
        cursor.execute(TABLE.format("TEMPORARY", collated))
        cursor.executemany("INSERT INTO asked VALUES (%s, %s, %s, %s, %s)", rows)
        cursor.execute(f"SELECT n FROM asked f WHERE {text.replace('?', '%s')}", list(parameters))
        return cursor.fetchall()


def _iso(values):
    return [value.isoformat() if isinstance(value, date) else value for value in values]


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=CONDITIONS, rows=ROWS, day=st.sampled_from([date(2026, 6, 1), date(2024, 2, 29), date(2025, 2, 28)]))
def test_sql_means_the_same_on_every_engine(text, rows, day):
    condition = parse(text)
    expected = [n for n, row in enumerate(rows) if holds(condition, row, day)]
    plain = [(n, row["kind"], row["born"], row["amount"], row["poor"]) for n, row in enumerate(rows)]
    fragment = sql(condition, day)
    for engine in (_sqlite, _duckdb, _here):
        assert sorted(n for (n,) in engine(plain, *fragment)) == expected, engine

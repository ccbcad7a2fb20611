from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from jiceng.lib import numbers

TODAY = date(2026, 6, 1)
NOWHERE = "000000"
"""A region that does not exist: the numbers of invented people."""


def number_of(born: date, order: int, region: str = NOWHERE) -> str:
    body = f"{region}{born:%Y%m%d}{order:03d}"
    return body + ric.calc_check_digit(body + "0")


born = st.dates(date(1900, 1, 1), TODAY)
orders = st.integers(0, 999)


@given(born, orders)
def test_an_identity_number_says_when_somebody_was_born_and_the_sex(day, order):
    read = numbers.resident_id(number_of(day, order))
    assert read.birth_on == day
    assert read.sex == ("1" if order % 2 else "2")


@given(born, orders)
def test_a_number_in_a_region_that_does_not_exist_is_no_fault(day, order):
    assert numbers.resident_id_problem(number_of(day, order), today=TODAY) is None


@given(born, orders, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_found(day, order, place, more):
    number = number_of(day, order)
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert numbers.resident_id_problem(wrong, today=TODAY)


@given(born, orders, st.integers(0, 15))
def test_two_neighbours_exchanged_are_found(day, order, place):
    number = number_of(day, order)
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert wrong == number or numbers.resident_id_problem(wrong, today=TODAY)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "18 位"),
        ("44010519800101", "18 位"),
        ("4401051980010112345", "18 位"),
        ("44010519800101A234", "18 位"),
        ("٤٤٠١٠٥١٩٨٠٠١٠١١٢٣٤", "18 位"),
        (number_of(date(1899, 12, 31), 1), "早于 1900"),
        (number_of(date(2026, 6, 2), 1), "晚于今天"),
    ],
)
def test_the_sentence_names_the_fault(number, said):
    assert said in numbers.resident_id_problem(number, today=TODAY)


def test_a_day_that_never_was_is_refused():
    body = f"{NOWHERE}19810229001"
    assert "不存在" in numbers.resident_id_problem(body + ric.calc_check_digit(body + "0"), today=TODAY)


def test_a_number_typed_with_wide_digits_spaces_and_a_small_x_is_read():
    body = f"{NOWHERE}19800101"
    number = next(n for n in (number_of(date(1980, 1, 1), order) for order in range(1000)) if n.endswith("X"))
    assert number.startswith(body)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in number.lower())
    assert numbers.resident_id(f" {wide[:6]}　{wide[6:14]} {wide[14:]} ").number == number


@pytest.mark.parametrize("code", ["91110000600037341L", "12100000400001624L", " 91110000600037341l "])
def test_a_credit_code_is_checked_by_its_last_character(code):
    assert numbers.credit_code_problem(code) is None
    other = "0" if numbers.normalise(code)[-1] != "0" else "1"
    assert "校验位" in numbers.credit_code_problem(numbers.normalise(code)[:-1] + other)


def test_a_credit_code_of_another_length_is_refused():
    assert "现在是 15 位" in numbers.credit_code_problem("440700000000000")
    assert uscc.is_valid("91110000600037341L")


@pytest.mark.parametrize(
    "number",
    ["13800138000", "138 0013 8000", "+8613800138000", "0750-3123456", "07503123456", "82345678", "4008001234"],
)
def test_a_telephone_that_can_be_dialled_is_let_through(number):
    assert numbers.phone_problem(number) is None


@pytest.mark.parametrize("number", ["1380013800", "138001380001", "12800138000", "无", "0000000", "1.38E+10"])
def test_a_telephone_that_cannot_be_dialled_is_refused(number):
    assert numbers.phone_problem(number)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (43, 50, "86%（43/50）"),
        (1, 3, "33.3%（1/3）"),
        (2, 3, "66.7%（2/3）"),
        (0, 5, "0%（0/5）"),
        (1, 2000, "0.1%（1/2,000）"),
        (0, 0, "—（0/0）"),
    ],
)
def test_a_share_is_never_bare(part, whole, said):
    assert numbers.share(part, whole) == said


@given(st.integers(-(10**12), 10**12))
def test_money_loses_no_fen(fen):
    said = numbers.yuan(fen)
    assert int(said.removesuffix(" 元").replace(",", "").replace(".", "")) == fen

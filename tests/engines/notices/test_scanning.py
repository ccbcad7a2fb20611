"""Nothing that leads to a person goes on the board, and what is no such number is not held up."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.engines.notices.scanning import scan
from tests.engines.notices.corpora import KINDS, clean, planted

OFFICE = "0750-3261234"


def test_every_planted_number_is_found():
    texts = planted(500)
    missed = [text for _, text in texts if not scan(text)]
    assert missed == []
    assert {kind for kind, _ in texts} == set(KINDS)


def test_a_planted_number_is_called_what_it_is():
    wrong = [(kind, found[0].what, text) for kind, text in planted(500) if (found := scan(text))[0].what != kind]
    # A card may begin like an area code of a landline and so on; what matters is that it is held up.
    assert len(wrong) <= 5, wrong


def test_fewer_than_two_in_a_hundred_clean_notices_are_held_up():
    held = [(scan(text), text) for text in clean(500) if scan(text)]
    assert len(held) < 10, [found for found, _ in held]


def test_no_finding_tells_the_number_itself():
    for _, text in planted(300):
        digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
        for found in scan(text):
            told = "".join(sign for sign in found.sentence if sign.isdigit())
            assert not any(digits[at : at + 7] in told for at in range(len(digits) - 6) if len(digits) >= 7), found


@pytest.mark.parametrize(
    "text",
    [
        "440703********1234", "44070319800101****", "4407031980XXXXXXXX", "440703●●●●●●●●1234",
        "440703800101123", "440703198\n001011234", "4|4|0|7|0|3|1|9|8|0|0|1|0|1|1|2|3|4", "座机 326 1234",
        "+86 138 1234 5678", "0086-13812345678", "(0750)3261234", "440703 1980 0101 1234", "①13812345678",
        "6217 0000 1000 0000 011",
    ],
)  # fmt: skip
def test_rarer_ways_of_writing_are_found_too(text):
    assert scan(text)


@pytest.mark.parametrize(
    "text",
    [
        "合计 13812345678.50 元", "二〇二六年五月十八日", "12345", "400-123-4567", "2020-440703-48-01-012345",
        "91440703MA4W12345X", "1,234,567,890.12", "电话费 1234567 元", "2026-05-18 至 2026-05-25", "东山支〔2026〕5 号",
    ],
)  # fmt: skip
def test_what_is_no_number_of_a_person_is_let_through(text):
    assert scan(text) == []


def test_the_phone_of_the_office_may_stand_there_and_no_other():
    text = f"监督电话 {OFFICE}，或 0750 326 1234。"
    assert scan(text, allowed=[OFFICE]) == []
    assert len(scan(text)) == 2
    assert len(scan(f"{text}\n周志远 13812345678", allowed=[OFFICE])) == 1


def test_the_place_is_told():
    (found,) = scan("第一行\n第二行\n补助对象 陈水生 440703198001011234", "正文")
    assert (found.what, found.where) == ("身份证号", "正文第 3 行")
    assert "陈水生 440…34" in found.sentence


@given(st.text(alphabet="0123456789Xx -./·\n\t,、（）年月日元号一二三〇＊*\u200b０５９", max_size=200))
def test_nothing_that_is_written_breaks_it(text):
    for found in scan(text):
        assert found.where and found.sentence


@pytest.mark.parametrize("text", ["1 " * 10_000, "138 " * 5_000, "12345678901" * 2_000, "一" * 20_000, "0(" * 10_000])
def test_the_longest_text_is_read_within_a_second(text):
    began = time.process_time()
    scan(text)
    assert time.process_time() - began < 1

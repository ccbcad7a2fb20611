import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.lib import text
from jiceng.lib.refusals import Refused

names = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=8)


def found(query: str, name: str) -> bool:
    """Whether the stored keys of a name answer to a query."""
    asked, keys = text.query_keys(query), text.name_keys(name)
    begins = not asked.prefix or any(key.startswith(asked.prefix) for key in keys)
    return set(asked.exact) <= set(keys) and begins


@given(names, st.data())
def test_any_two_neighbouring_characters_find_a_name(name, data):
    start = data.draw(st.integers(0, len(name) - 2))
    end = data.draw(st.integers(start + 2, len(name)))
    assert found(name[start:end], name)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("王建国", "wjg"), ("单田芳", "stf"), ("仇和", "qh"), ("解晓东", "xxd"), ("区淑仪", "osy"), ("曾国藩", "zgf"),
        ("查良镛", "zly"), ("朴树", "ps"), ("任长霞", "rcx"), ("盖叫天", "gjt"), ("华罗庚", "hlg"), ("冼星海", "xxh"),
        ("尉迟恭", "ycg"), ("解放路社区党支部", "jfl"), ("东山村党支部", "dsc"), ("吕布", "lb"), ("阿依古丽·买买提", "aygl"),
    ],
)  # fmt: skip
def test_initials_find_a_name_by_the_reading_of_its_surname(name, query):
    assert found(query, name)
    assert found(query.upper(), name)


def test_rare_characters_beyond_the_basic_plane_are_whole_characters():
    assert "𠮷田" in text.name_keys("𠮷田茂")
    assert found("𠮷田", "𠮷田茂")


def test_a_dot_in_a_name_is_no_character_of_it():
    assert found("丽买", "古丽·买买提")
    assert found("古丽•买买提", "古丽·买买提")


def test_keys_fit_where_they_are_stored():
    assert max(map(len, text.name_keys("某" * 120))) <= 40


@pytest.mark.parametrize("query", ["", "王", " w ", "·王"])
def test_a_query_of_one_character_is_refused(query):
    with pytest.raises(Refused, match="两个字"):
        text.query_keys(query)


def test_what_is_masked_holds_no_usable_digit():
    assert text.mask_name("王小明") == "王〇〇"
    assert not any(letter.isdigit() for letter in text.mask_number(True))

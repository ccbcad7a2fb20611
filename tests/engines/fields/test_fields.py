"""Declared fields: what a text means, what is refused and in which words, and that nothing kept is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from jiceng.engines.fields import declarations as fields
from jiceng.engines.fields.declarations import Field, Wrong, read, read_all, say, text_of
from jiceng.engines.fields.forms import Declared

AMOUNT = Field(key="amount", label="涉及金额", type="money", least=1)
COUNT = Field(key="count", label="户数", type="integer", most=500)
WAY = Field.model_validate(
    {
        "key": "way", "label": "办法", "type": "choice",
        "choices": [{"key": "tender", "label": "招标"}, {"key": "bid", "label": "询价"}],
    }
)  # fmt: skip
NOTE = Field(key="note", label="说明", type="paragraph", optional=True)
DAY = Field(key="day", label="开工日期", type="date")
URGENT = Field(key="urgent", label="急办", type="flag")
ALL = (AMOUNT, COUNT, WAY, NOTE, DAY, URGENT)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (AMOUNT, "1200.5", 120050),
        (AMOUNT, "12,000 元".replace(" ", ""), 1200000),
        (COUNT, " 43 ", 43),
        (WAY, "招标", "tender"),
        (WAY, "bid", "bid"),
        (NOTE, "", None),
        (DAY, "2026-02-28", "2026-02-28"),
        (URGENT, "是", True),
        (URGENT, "", False),
    ],
)
def test_a_text_is_read(field, text, value):
    assert read(field, text) == value


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        (AMOUNT, "", "请填写涉及金额。"),
        (AMOUNT, "0", "不能小于 0.01 元。"),
        (AMOUNT, "1.005", "到分为止"),
        (AMOUNT, "很多", "金额"),
        (AMOUNT, "NaN", "金额"),
        (AMOUNT, "1e30", "金额"),
        (COUNT, "501", "不能大于 500。"),
        (COUNT, "4.5", "整数"),
        (WAY, "抓阄", "请从这些里选：招标、询价。"),
        (DAY, "2026-02-30", "日期"),
        (URGENT, "也许", "“是”或“否”"),
        (NOTE, "字" * 5001, "最多 5000 个字，现在是 5001 个"),
    ],
)
def test_what_does_not_fit_is_told(field, text, sentence):
    with pytest.raises(Wrong, match=sentence):
        read(field, text)


@given(st.integers(-(10**15), 10**15))
def test_money_comes_back_to_the_fen(fen):
    field = Field(key="amount", label="金额", type="money")
    assert read(field, text_of(field, fen)) == fen
    assert say(field, fen).endswith(" 元")


@given(st.data())
def test_whatever_was_read_is_read_again_from_its_own_text(data):
    field = data.draw(st.sampled_from(ALL))
    text = data.draw(st.text(max_size=20) | st.sampled_from(["1", "2026-07-01", "是", "招标", "9.99"]))
    try:
        value = read(field, text)
    except Wrong:
        return
    if value is not None:
        assert read(field, text_of(field, value)) == value


def test_every_fault_of_a_form_is_told_at_once():
    found = read_all(ALL, {"amount": "x", "count": "999", "way": "招标"})
    assert set(found.wrong) == {"amount", "count", "day"}
    assert found.said == {"way": "tender", "urgent": False}


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong():
    form = Declared({"amount": "很多钱", "count": "43", "way": "tender", "day": "2026-07-01"}, declared=ALL)
    assert not form.is_valid()
    assert list(form.errors) == ["amount"]
    assert 'value="很多钱"' in str(form["amount"])
    right = Declared({"amount": "1", "count": "43", "way": "tender", "day": "2026-07-01"}, declared=ALL)
    assert right.is_valid()
    assert right.said == {"amount": 100, "count": 43, "way": "tender", "day": "2026-07-01", "urgent": False}


def test_a_form_is_filled_with_what_is_held():
    form = Declared(declared=ALL, said={"amount": 120050, "urgent": True})
    assert 'value="1200.50"' in str(form["amount"])
    assert '<option value="是" selected' in str(form["urgent"])


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"type": "choice"}, "要写 choices"),
        ({"type": "text", "choices": [{"key": "a", "label": "甲"}]}, "要写 choices"),
        ({"type": "text", "least": 1}, "least 和 most"),
        ({"type": "integer", "least": 2, "most": 1}, "least 比 most 大"),
        ({"type": "text", "label": "宗教信仰"}, "不许收集“宗教”"),
        ({"type": "text", "help": "手机定位"}, "不许收集“定位”"),
    ],
)
def test_a_declaration_that_cannot_be_is_told(table, sentence):
    one = Field.model_validate({"key": "one", "label": "一", **table})
    assert any(sentence in said for _, said in fields.faults([one]))


def test_two_fields_of_one_key_are_told():
    assert list(fields.faults([AMOUNT, AMOUNT])) == [(2, "前面已有 key 为“amount”的栏目。")]


def test_an_unknown_type_is_an_error():
    with pytest.raises(ValidationError):
        Field.model_validate({"key": "one", "label": "一", "type": "photo"})

"""The glossary has every noun once, and no English word stands for two things."""

from collections import defaultdict
from pathlib import Path

import pytest
from django.apps import apps

from jiceng.kernel.access import Role
from jiceng.kernel.orgs.models import Change, Form, Kind

FILE = Path(__file__).parent.parent / "docs/glossary.md"


def lines():
    """Chinese, English and code of each line."""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[2].startswith("`"):
            yield cells[0], cells[1], cells[2].strip("`")


def terms():
    """What must stand there: code and Chinese."""
    for model in apps.get_models():
        if model.__module__.startswith("jiceng."):
            yield f"{model._meta.app_label}.{model.__name__}", str(model._meta.verbose_name)
    for name, choices in (("Role", Role), ("Kind", Kind), ("Form", Form), ("Change", Change.Kind)):
        yield from ((f"{name}.{one.name}", str(one.label)) for one in choices)


@pytest.mark.parametrize(("code", "chinese"), list(terms()))
def test_every_noun_and_every_choice_has_one_line_in_its_own_words(code, chinese):
    assert [said for said, _, found in lines() if found == code] == [chinese]


def test_no_line_tells_of_what_is_gone():
    codes = {code for code, _ in terms()}
    ours = {code for _, _, code in lines() if not code.endswith((".py", "/"))}
    assert ours - codes == set()


def test_no_english_word_stands_for_two_things():
    said = defaultdict(set)
    for chinese, english, _ in lines():
        said[english].add(chinese)
    assert {english: chinese for english, chinese in said.items() if len(chinese) > 1} == {}


def test_no_chinese_word_has_two_english_ones():
    said = defaultdict(set)
    for chinese, english, _ in lines():
        said[chinese].add(english)
    assert {chinese: english for chinese, english in said.items() if len(english) > 1} == {}

"""What the page about packs shows is right: every example is checked as a file would be."""

import re
from pathlib import Path

from jiceng.engines.fields.declarations import Field
from jiceng.engines.figures import catalogue
from jiceng.engines.packs import queries
from jiceng.engines.packs.conditions import parse
from jiceng.engines.procedures.declarations import Every, Gate, Outcome, Procedure, Step
from jiceng.project.facts import FACTS

PROCEDURES = (Path(__file__).parent.parent / "docs/procedures.md").read_text(encoding="utf-8")
PAGE = (Path(__file__).parent.parent / "docs/packs.md").read_text(encoding="utf-8")


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


def test_every_file_that_is_shown_has_no_fault(tmp_path):
    catalogue.facts_come_from(FACTS)
    for number, text in enumerate(blocks("toml")):
        (tmp_path / f"{number}.toml").write_text(text, encoding="utf-8")
    assert len(blocks("toml")) == 4
    assert [str(fault) for fault in queries.check(tmp_path)] == []


def test_the_procedure_that_is_shown_has_no_fault(tmp_path):
    text, *_ = re.findall(r"```toml\n(.*?)```", PROCEDURES, re.DOTALL)
    (tmp_path / "one.toml").write_text(text, encoding="utf-8")
    assert [str(fault) for fault in queries.check(tmp_path)] == []
    (found,) = queries.read_folder(tmp_path).declared.values()
    assert [step.key for step in found.step] == ["proposal", "survey", "digging"]


def test_every_word_of_a_procedure_file_is_told():
    words = {key for part in (Procedure, Step, Outcome, Field, Gate, Every) for key in part.model_fields}
    assert words - {"kind", "key", "name", "since"} - set(re.findall(r"[a-z_]+", PROCEDURES)) == set()


def test_every_condition_that_is_shown_can_be_read():
    conditions = blocks("text")[1].splitlines()
    assert [bool(parse(one)) for one in conditions] == [True] * 4


def test_every_class_of_records_is_named():
    assert {fact.key for fact in FACTS} - set(re.findall(r"`([a-z_-]+)`", PAGE)) == set()

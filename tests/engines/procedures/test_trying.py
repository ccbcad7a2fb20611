"""A file on trial: every walk could really be walked, and what cannot be reached is said, with its reason."""

from copy import deepcopy
from datetime import date
from fractions import Fraction
from typing import get_args

import pytest
from django.core.management import CommandError, call_command
from hypothesis import assume, given
from hypothesis import strategies as st

from jiceng.engines.assembly.declarations import Base, Share
from jiceng.engines.fields.declarations import Choice, Field, Type, keep, row
from jiceng.engines.packs.conditions import holds, parse
from jiceng.engines.packs.conditions import tests as asked_of
from jiceng.engines.packs.queries import SHIPPED, calendar
from jiceng.engines.packs.reading import read_file, read_table
from jiceng.engines.procedures.declarations import Gathering, Procedure, inventing
from jiceng.engines.procedures.declarations.hindrances import Board, Ending, of_ending
from jiceng.engines.procedures.declarations.machine import State, standing
from jiceng.engines.procedures.declarations.trying import search, trial
from tests.engines.procedures.samples import procedure, table

CHINA = calendar("national")
DAY = date(2026, 3, 2)
FILES = sorted(file for file in SHIPPED.glob("*/procedures/*.toml"))


def missed(**changes):
    made = read_table(table(**changes))
    assert isinstance(made, Procedure), made
    return trial(made, DAY, CHINA).missed


def changed(place, **keys):
    """The sample's steps, one of them with other keys."""
    steps = deepcopy(table()["step"])
    steps[place].update(keys)
    return steps


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shipped_procedure_comes_to_every_end_and_through_every_return(file):
    made = read_file(file)
    assert trial(made, max(DAY, made.since), CHINA).missed == ()


@pytest.mark.parametrize("made", [procedure(), *map(read_file, FILES)], ids=lambda made: made.key)
def test_nothing_forbids_any_stride_of_a_walk(made):
    found = search(made, DAY, CHINA)
    walks = [*found.ends.values(), *found.returns.values(), *found.through.values()]
    for walk in walks:
        records = list(walk.records[:1])
        for stride in walk.strides:
            *before, last = stride.records
            now = standing(made, [*records, *before])
            assert now.step == stride.step
            board = Board(until=stride.until) if stride.until else None
            ending = Ending(last.key, last.on, last.on, last.said, "原因", stride.sat, board)
            assert [one for one in of_ending(made, now, ending, CHINA) if one.hard] == []
            records += stride.records
        assert standing(made, records).state is State.ENDED
        assert [one.number for one in records] == list(range(1, len(records) + 1))


def test_a_step_with_a_condition_is_walked_too_and_a_return_goes_on_to_the_wanted_end():
    told = "\n".join(trial(procedure(), DAY, CHINA).lines)
    assert "经过“招标”" in told
    back = told.split("从“征求意见：退回重提”退回一次")[1].split("条路")[0]
    assert "结局：办结" in back


def test_waits_are_told_and_kept_by_the_calendar():
    steps = changed(3, not_before=[{"after": "consult", "wait": "5 working days"}])
    del steps[3]["repeats"]
    told = "\n".join(trial(procedure(step=steps), date(2026, 4, 30), CHINA).lines)
    assert "最早 2026-05-11 才能办" in told  # 1 to 5 May are rest days, the 9th is worked
    assert "2026-05-11 施工：办完" in told


def test_a_condition_that_no_value_fulfils_is_told():
    assert missed(step=changed(2, when="amount < 5 and amount > 500000")) == (
        "“招标”这一步没有走到：条件“amount < 5 and amount > 500000”没有哪一种填法合。",
    )


def test_a_gate_that_no_value_opens_is_told_with_its_sentence_and_what_lies_behind_it():
    gates = [{"holds": "good = 1 and good = 0", "says": "不能又好又坏。"}]
    said = missed(step=changed(4, gates=gates))
    assert said[0].startswith("“验收：通过”办不成：不能又好又坏。")
    assert said[-1] == "结局“办结”没有走到。"


def test_a_deadline_shorter_than_the_wait_is_told():
    steps = changed(3, within={"after": "consult", "wait": "10 days", "hard": True})
    said = missed(step=steps)
    assert any(one.startswith("“施工：办完”办不成：已过期限") for one in said), said


def test_a_wait_past_the_calendar_is_told():
    said = missed(step=changed(3, not_before=[{"after": "consult", "wait": "9999 years"}]))
    assert "“施工：办完”办不成：要等到公元 9999 年以后，请改短等待的时间。" in said


def test_a_gate_that_never_closes_is_told():
    gates = [{"holds": "good = 1 or good = 0", "says": "不合格。"}]
    told = trial(procedure(step=changed(4, gates=gates)), DAY, CHINA).lines
    assert "关口“验收：不合格。”（good = 1 or good = 0）：怎么填都没有拦下过，请看看条件是不是写反了。" in told


def test_what_a_reason_lets_pass_is_taken_only_where_it_must_be():
    assert "写明原因才放行" not in "\n".join(trial(procedure(), DAY, CHINA).lines)
    gates = [{"holds": "good = 1 and good = 0", "says": "不合格。", "hard": False}]
    assert "写明原因才放行：不合格。" in "\n".join(trial(procedure(step=changed(4, gates=gates)), DAY, CHINA).lines)


def field(kind, **more):
    choices = (Choice(key="a", label="甲"), Choice(key="b", label="乙")) if kind == "choice" else ()
    return Field(key="it", label="它", type=kind, choices=choices, **more)


@pytest.mark.parametrize("kind", get_args(Type.__value__))
@pytest.mark.parametrize("optional", [True, False])
def test_every_type_of_field_has_invented_values_that_a_form_could_give(kind, optional):
    one = field(kind, optional=optional)
    found = inventing.values(one, (), DAY)
    assert found
    assert [keep(one, value) for value in found] == found


NUMBERS = st.builds(Fraction, st.integers(-30, 30), st.integers(1, 4))
SIGN = st.sampled_from(["=", "<", "<=", ">", ">="])


@given(st.lists(st.tuples(SIGN, NUMBERS), min_size=1, max_size=3), st.sampled_from(["and", "or"]))
def test_if_any_whole_number_fulfils_a_condition_an_invented_one_does(parts, word):
    text = f" {word} ".join(f"it {sign} {number.numerator}/{number.denominator}" for sign, number in parts)
    condition, one = parse(text), field("integer")
    assume(any(holds(condition, {"it": value}, DAY) for value in range(-100, 101)))
    found = inventing.values(one, asked_of(condition), DAY)
    assert any(holds(condition, row([one], {"it": value}), DAY) for value in found)


def test_no_invented_number_leaves_the_bounds_of_its_field():
    one = field("integer", least=3, most=5)
    assert set(inventing.values(one, asked_of(parse("it >= 0 and it < 4")), DAY)) == {3, 4, 5}


@given(st.sampled_from(["age", "months", "days"]), SIGN, st.integers(0, 2000), st.dates(date(1990, 1, 1)))
def test_if_a_date_can_be_so_long_ago_an_invented_one_is(unit, sign, number, day):
    condition, one = parse(f"{unit}(it) {sign} {number}"), field("date")
    found = inventing.values(one, asked_of(condition), day)
    possible = number < 1900 or unit != "age"
    assert not possible or any(holds(condition, row([one], {"it": value}), day) for value in found)


@given(st.integers(1, 60), st.integers(1, 60), st.booleans(), st.sampled_from(Base), st.booleans())
def test_an_invented_vote_comes_out_as_it_should(part, whole, more, base, passed):
    assume(part < whole or (part == whole and not more))
    word = Gathering(name="会", passes=Share(Fraction(part, whole), more, base))
    assert inventing.vote(word, passed=passed).passed == passed


def test_the_command_tells_the_walks_and_fails_where_something_cannot_be_reached(tmp_path, capsys):
    file = SHIPPED / "national/procedures/four-deliberations.toml"
    call_command("packs", "try", str(file), "--on", "2026-01-05")
    told = capsys.readouterr().out
    assert "走到“没有通过”" in told
    assert "每一种结局、每一种结果都走到了。" in told

    term = 'term = "5 days"'
    deadline = '[step.within]\nafter = "consultation"\nwait = "1 day"\nhard = true'
    text = file.read_text().replace(term, f"{term}\n{deadline}", 1)
    (tmp_path / "narrow.toml").write_text(text)
    with pytest.raises(CommandError, match="走不到"):
        call_command("packs", "try", str(tmp_path / "narrow.toml"))
    assert "已过期限" in capsys.readouterr().err


def test_only_what_runs_can_be_tried(tmp_path):
    with pytest.raises(CommandError, match="不用试走；能试的有：办事程序"):
        call_command("packs", "try", str(next((SHIPPED / "national/indicators").glob("*.toml"))))
    (tmp_path / "wrong.toml").write_text('kind = "procedure"')
    with pytest.raises(CommandError, match="处错误，改好再试"):
        call_command("packs", "try", str(tmp_path / "wrong.toml"))

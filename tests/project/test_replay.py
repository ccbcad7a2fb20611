"""A story told through verbs gives the figures of the account; another story gives others; a wrong figure is said."""

import os
import subprocess
import sys
from datetime import date
from itertools import count

import pytest
from pydantic import ValidationError

from jiceng.engines.figures import queries
from jiceng.kernel.journal import actions as journal
from jiceng.kernel.journal.models import Entry
from jiceng.kernel.journal.queries import faults
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Loan, Membership
from jiceng.project.replay import check, scenario, story
from jiceng.project.replay.chance import REGION, Chance

PLACES = ("chaozhou", "huanggang", "jian", "meizhou", "pengjiang")


def small(**changes):
    """蓬江 with fewer branches and members: what it proves does not hang on its size."""
    whole = scenario.read(story.file_of("pengjiang"))
    members = whole.members[0].model_copy(update={"total": 3000, "layers": ("village", "office")})
    layers = tuple(one.model_copy(update={"count": 20}) if one.key == "branch" else one for one in whole.layer)
    floating = tuple(one.model_copy(update={"layers": ("village",)}) for one in whole.floating)
    loans = tuple(one.model_copy(update={"layers": ("village",)}) for one in whole.loans)
    said = {"members": (members,), "layer": layers, "floating": floating, "loans": loans, **changes}
    return whole.model_copy(update=said)


def told(a_story):
    world = story.tell_story(a_story, simulated=True, tell=lambda said: None)
    return world, {(line.name): line for line in check.lines(a_story, world.top.pk)}


@pytest.mark.parametrize("place", PLACES)
def test_every_shipped_story_is_well_formed_and_asks_for_indicators_that_there_are(place):
    read = scenario.read(story.file_of(place))
    assert [one.indicator for one in read.figure if queries.indicator(one.indicator, place) is None] == []


@pytest.mark.django_db
def test_the_figures_of_the_account_fall_out_of_the_story_and_the_clerk_agrees():
    world, lines = told(small())
    assert [str(line) for line in lines.values() if not line.ok] == []
    assert all(line.by_hand == (line.part, line.whole) for line in lines.values())
    journal.seal(at=world.now, limit=100_000)
    assert list(faults([])) == [] and Entry.objects.count() > 20


@pytest.mark.django_db
def test_another_story_gives_other_figures():
    base = small()
    large, few, *others = base.units
    fewer = few.cover[0].model_copy(update={"count": 9})
    units = (large.model_copy(update={"count": 40}), few.model_copy(update={"cover": (fewer, *few.cover[1:])}), *others)
    _, lines = told(small(units=units))
    wrong = {name for name, line in lines.items() if not line.ok}
    assert "有党员的五类企业组建率，攻坚前" in wrong and "有 3 名以上党员的五类企业单建率，攻坚前" in wrong
    apart = {name: line for name, line in lines.items() if line.by_hand != (line.part, line.whole)}
    assert apart == {}


@pytest.mark.django_db
def test_the_decoys_are_there_and_are_not_counted():
    world, _ = told(small())
    on = small().asks
    value = queries.value(queries.indicator("organisations"), world.top.pk, on=on)
    members = queries.value(queries.indicator("members"), world.top.pk, on=on)
    assert value.part == Organisation.objects.filter(closed_on=None).count() < Organisation.objects.count()
    assert Loan.objects.exists() and not Loan.objects.open().exists()
    assert members.part == Membership.objects.open().count() == 3001


def test_a_wrong_figure_ends_with_exit_code_1(tmp_path):
    text = story.file_of("chaozhou").read_text(encoding="utf-8").replace("reported = 20\n", "reported = 21\n")
    text = text.replace("total = 20000", "total = 4000").replace("count = 400\nlayers", "count = 40\nlayers")
    file = tmp_path / "wrong.toml"
    file.write_text(text, encoding="utf-8")
    own = {"DJANGO_SETTINGS_MODULE": "jiceng.project.settings", "JICENG_DATA_DIR": str(tmp_path / "var")}
    environment = os.environ | own
    command = [sys.executable, "-m", "jiceng.project.manage", "replay", str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "防汛时的临时党支部 | 21 | 20 | 不符" in done.stdout, done.stdout + done.stderr
    assert not list(tmp_path.glob("var/figures-*")), "the figures of a replay lie among those of the installation"


def test_a_word_that_is_not_in_the_language_is_an_error(tmp_path):
    file = tmp_path / "odd.toml"
    file.write_text(story.file_of("chaozhou").read_text(encoding="utf-8") + "\n[extra]\nx = 1\n", encoding="utf-8")
    with pytest.raises(ValidationError, match="extra"):
        scenario.read(file)


def test_the_same_seed_invents_the_same_people_with_numbers_of_nowhere():
    first, second = Chance(7), Chance(7)
    people = [(one.name(), one.number(date(1980, 5, 6), "1")) for one in (first, second)]
    assert people[0] == people[1] and people[0][1].startswith(REGION)
    numbers = [first.number(date(1980, 5, 6), sex) for _, sex in zip(count(), "12" * 40, strict=False)]
    assert len(set(numbers)) == 80

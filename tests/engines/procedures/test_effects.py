"""What a step brings about: by the kernel's own verb and rule, together with the entry or not at all, and once."""

from datetime import UTC, date, datetime

import pytest

from jiceng.engines.packs import queries as packs
from jiceng.engines.packs.reading import read_table
from jiceng.engines.procedures import actions
from jiceng.engines.procedures.actions import Told
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Role
from jiceng.kernel.journal.models import Entry as Journalled
from jiceng.kernel.people import actions as people
from jiceng.kernel.people.models import Membership
from jiceng.lib.refusals import Refused
from tests import builders
from tests.builders import BUILDER, NOON
from tests.engines.procedures.samples import procedure, table
from tests.kernel.people.cast import FARMER, number

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
MET, APPROVED = date(2026, 3, 2), date(2026, 4, 1)
SECRETARY, OFFICE = {"roles": ["secretary"]}, {"roles": ["officer"], "at": "parent"}


def joining(**approve):
    """A meeting that admits, and the approval that makes it so."""
    step = {
        "key": "approve", "name": "审批", "by": OFFICE,
        "outcome": [
            {"key": "done", "label": "批准", "effects": [{"do": "admit-member", "on": "meet"}]},
            {"key": "no", "label": "不批准", "to": "end:no"},
        ],
    } | approve  # fmt: skip
    return {
        "key": "joining", "name": "接收", "about": "person", "opens": SECRETARY, "field": [],
        "step": [{"key": "meet", "name": "大会", "by": SECRETARY}, step, {"key": "file", "name": "归档", "by": SECRETARY}],
        "end": [{"key": "no", "name": "没有批准", "reached": False}],
    }  # fmt: skip


@pytest.fixture(autouse=True)
def in_force(monkeypatch):
    shipped, made = packs.resolve, procedure(**joining())

    def resolved(place=None, on=date.max):
        found = shipped(place, on)
        return packs.Pack(found.place, found.on, (*found.declared, made))

    monkeypatch.setattr(packs, "resolve", resolved)


@pytest.fixture
def town():
    return builders.org("某镇党委", kind="committee")


@pytest.fixture
def village(town):
    return builders.org("东山村党支部", under=town)


@pytest.fixture
def chen(village):
    new = people.Applicant("陈新", "1", FARMER, number(date(2000, 1, 1)))
    return people.note_applicant(village, new=new, on=date(2024, 5, 4), by=BUILDER, at=NOON)


@pytest.fixture
def met(village, chen):
    case = actions.open(village, procedure="joining", title="", told=Told(MET), about=chen, by=BUILDER, at=AT)
    actions.end_step(case, outcome="done", told=Told(MET), by=BUILDER, at=AT)
    return case


def approved(case, by, told=None):
    return actions.end_step(case, outcome="done", told=told or Told(APPROVED), by=by, at=AT)


def test_the_approval_admits_from_the_day_of_the_meeting(town, met, chen):
    entry = approved(met, builders.holder(town, Role.OFFICER))
    row = Membership.objects.open().get(person=chen)
    assert (row.kind, row.since) == ("probationary", MET)
    assert entry.effects == ["接收为预备党员，自 2026年3月2日 起"]


def test_both_are_journalled_and_neither_twice(town, met, chen):
    officer, told = builders.holder(town, Role.OFFICER), Told(APPROVED)
    first, journal = approved(met, officer, told), Journalled.objects.count()
    assert approved(met, officer, told) == first
    assert (Membership.objects.filter(person=chen).count(), Journalled.objects.count()) == (1, journal + 1)
    assert list(Journalled.objects.order_by("-pk").values_list("verb", flat=True)[1:3]) == [
        "procedures.end_step", "people.admit_applicant",
    ]  # fmt: skip


def test_what_the_kernel_refuses_stops_the_step(town, met, chen):
    people.admit_applicant(chen, on=MET, by=BUILDER, at=NOON)
    with pytest.raises(Refused, match="办完这一步就要接收为预备党员，现在不能：“陈新”已经是党员"):
        approved(met, builders.holder(town, Role.OFFICER))
    met = Case.objects.get(pk=met.pk)
    assert (met.step, met.entries.count()) == ("approve", 2)


def test_an_outcome_without_effects_brings_nothing_about(town, met, chen):
    officer = builders.holder(town, Role.OFFICER)
    actions.end_step(met, outcome="no", told=Told(APPROVED), by=officer, at=AT)
    assert not Membership.objects.filter(person=chen).exists()


def test_what_was_brought_about_stays_and_the_entry_says_how_to_mend_it(town, met, chen):
    approved(met, builders.holder(town, Role.OFFICER))
    told = Told(date(2026, 3, 3), reason="会开在第二天")
    corrected = actions.correct(met, of=2, told=told, by=BUILDER, at=AT)
    said = ["第 3 条已接收为预备党员，没有随之改动；要改的，请另办：更正档案里的入党日期"]
    assert corrected.effects == said
    assert actions.withdraw(met, told=Told(APPROVED, reason="停办"), by=BUILDER, at=AT).effects == said
    assert Membership.objects.open().get(person=chen).since == MET


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        ({"about": "organisation"}, "step[2].outcome[1].effects", "about"),
        (joining(by=SECRETARY | {"roles": ["secretary", "committee-member"]}), "step[2].outcome[1].effects", "委员不能"),
        (
            joining(outcome=[{"key": "done", "label": "批准", "effects": [{"do": "admit-member", "on": "file"}]}])
            | {"end": []},
            "step[2].outcome[1].effects", "前面没有“file”",
        ),
        (
            joining(
                outcome=[
                    {"key": "done", "label": "好"},
                    {"key": "back", "label": "退", "to": "meet", "returns": True, "effects": [{"do": "admit-member"}]},
                ]
            ) | {"end": []},
            "step[2].outcome[2].effects", "退回的结果不能带效果",
        ),
    ],
)  # fmt: skip
def test_a_file_that_could_not_work_is_told_so(change, where, words):
    found = read_table(table(**(joining() | change)))
    assert isinstance(found, list)
    assert [said for place, said in found if place == where and words in said], found


def test_nothing_is_returned_past_what_was_brought_about():
    said = joining()
    said["step"][2]["outcome"] = [
        {"key": "done", "label": "好"}, {"key": "back", "label": "退", "to": "meet", "returns": True},
    ]  # fmt: skip
    assert read_table(table(**said)) == [("step[3].outcome[2].to", "不能退回到已经生效的步骤或它之前。")]

"""Cases in the store: who may act, what is kept, what a second writer meets, and that lists say what entries say."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test.utils import CaptureQueriesContext

from jiceng.engines.packs import queries as packs
from jiceng.engines.procedures import actions, queries, rules
from jiceng.engines.procedures.actions import Told
from jiceng.engines.procedures.declarations.machine import State
from jiceng.engines.procedures.models import Case, Edition, Entry, Waiting
from jiceng.kernel.access import Role
from jiceng.kernel.journal.models import Entry as Journalled
from jiceng.kernel.orgs import actions as orgs
from jiceng.lib.refusals import NotAllowed, Refused
from tests import builders, guard
from tests.engines.procedures.samples import procedure

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
DAY = date(2026, 3, 2)
ROAD = procedure(about="organisation")


@pytest.fixture(autouse=True)
def in_force(monkeypatch):
    """The road's file is in force in this installation, from its own first day."""
    shipped = packs.resolve

    def resolved(place=None, on=date.max):
        found = shipped(place, on)
        more = (ROAD,) if on >= ROAD.since else ()
        return packs.Pack(found.place, found.on, (*found.declared, *more))

    monkeypatch.setattr(packs, "resolve", resolved)


@pytest.fixture
def town():
    return builders.org("某镇党委", kind="committee")


@pytest.fixture
def village(town):
    return builders.org("东山村党支部", under=town)


@pytest.fixture
def secretary(village):
    return builders.holder(village, Role.SECRETARY)


def opened(village, by, amount=100_000, on=DAY, **more):
    told = Told(on, {"amount": amount}, **more)
    return actions.open(village, procedure="mending-roads", title="村口到晒谷场", told=told, by=by, at=AT)


def ended(case, by, on=DAY, outcome="done", reason="", **said):
    return actions.end_step(case, outcome=outcome, told=Told(on, said, reason), by=by, at=AT)


def test_a_case_is_opened_under_the_edition_in_force_and_journalled(village, secretary):
    before = Journalled.objects.count()
    case = Case.objects.select_related("edition").get(pk=opened(village, secretary).pk)
    assert (case.edition.key, case.edition.digest, case.edition.since) == ("mending-roads", ROAD.edition, ROAD.since)
    assert (case.state, case.step, case.number, case.due_on) == ("running", "propose", 1, date(2026, 4, 2))
    assert queries.procedure_of(case) == ROAD
    assert Journalled.objects.count() == before + 1


def test_two_cases_share_one_edition(village, secretary):
    assert opened(village, secretary).edition_id == opened(village, secretary).edition_id
    assert Edition.objects.count() == 1


def test_no_case_is_opened_before_its_file_is_in_force(village, secretary):
    with pytest.raises(Refused, match="没有叫“mending-roads”的办事程序"):
        opened(village, secretary, on=date(2025, 12, 31))


@pytest.mark.parametrize("role", [Role.COMMITTEE_MEMBER, Role.GROUP_LEADER])
def test_only_the_posts_that_the_file_names_open_it(village, role):
    with pytest.raises(NotAllowed, match="能立这件事的是：本组织的书记、村（居）委会主任"):
        opened(village, builders.holder(village, role))
    assert not Case.objects.exists()


def test_a_neighbour_may_not(village, town):
    other = builders.holder(builders.org("西山村党支部", under=town), Role.SECRETARY)
    with pytest.raises(NotAllowed):
        opened(village, other)
    case = opened(village, builders.holder(village, Role.SECRETARY))
    assert not rules.see.allows(other, case)
    with pytest.raises(NotAllowed):
        actions.withdraw(case, told=Told(DAY, reason="x"), by=other, at=AT)


@pytest.mark.parametrize("amount", [0, "很多", 1.5, None, True])
def test_what_no_form_could_have_given_is_refused(village, secretary, amount):
    with pytest.raises(Refused, match="涉及金额"):
        opened(village, secretary, amount=amount)


def test_a_field_that_the_file_lacks_is_refused(village, secretary):
    with pytest.raises(Refused, match="这里没有“colour”"):
        actions.open(
            village, procedure="mending-roads", title="路", told=Told(DAY, {"amount": 1, "colour": "red"}),
            by=secretary, at=AT,
        )  # fmt: skip


def whole(village, town, secretary):
    """A cheap road from the first day to the last, by those whom the file names."""
    director = builders.holder(village, Role.VILLAGE_DIRECTOR)
    officer = builders.holder(town, Role.OFFICER)
    case = opened(village, secretary)
    actions.end_step(case, outcome="done", told=Told(DAY, {"reason": "路坏了"}), by=secretary, at=AT)
    actions.give_reply(case, reply="village", told=Told(DAY, reason="同意"), by=director, at=AT)
    actions.give_reply(case, reply="town", told=Told(DAY, reason="同意"), by=officer, at=AT)
    actions.keep_paper(case, paper="plan", told=Told(DAY, reason="村委会档案柜"), by=secretary, at=AT)
    ended(case, secretary)
    actions.note_round(case, told=Told(date(2026, 4, 1)), by=secretary, at=AT)
    ended(case, secretary, date(2026, 5, 4))
    actions.end_step(
        case, outcome="done", told=Told(date(2026, 5, 8), {"good": True, "spent": 99_000}), by=secretary, at=AT
    )
    return Case.objects.select_related("edition").get(pk=case.pk)


def test_a_case_goes_from_its_first_day_to_its_end(village, town, secretary):
    case = whole(village, town, secretary)
    assert (case.state, case.end, case.step, case.number) == ("ended", "finished", "", 9)
    assert not Waiting.objects.exists()
    late = [one for one in queries.entries_of(case) if one.recorded_at.date() > one.on]
    assert len(late) == 9, "都是补录的，谁也改不了记录时间"


def test_the_columns_of_a_case_say_what_its_entries_say(village, town, secretary):
    case = whole(village, town, secretary)
    entries = queries.entries_of(case)
    for number in range(1, len(entries) + 1):
        now = queries.standing_of(case, entries[:number])
        assert now.state is (State.ENDED if number == 9 else State.RUNNING)
    now = queries.standing_of(case, entries)
    assert (case.stood_since, case.end) == (now.since, now.end.key)


def test_every_post_in_its_turn(village, town, secretary):
    case = opened(village, secretary)
    director = builders.holder(village, Role.VILLAGE_DIRECTOR)
    officer = builders.holder(town, Role.OFFICER)
    every = Case.objects.all()
    assert [queries.waiting_for(one, every).count() for one in (secretary, director, officer)] == [1, 0, 0]
    with pytest.raises(NotAllowed, match="这一步不由您办。能办的是：本组织的书记"):
        actions.end_step(case, outcome="done", told=Told(DAY, {"reason": "x"}), by=director, at=AT)
    actions.end_step(case, outcome="done", told=Told(DAY, {"reason": "x"}), by=secretary, at=AT)
    assert [queries.waiting_for(one, every).count() for one in (secretary, director, officer)] == [1, 1, 1]
    with pytest.raises(NotAllowed):
        actions.give_reply(case, reply="town", told=Told(DAY, reason="同意"), by=director, at=AT)
    actions.give_reply(case, reply="village", told=Told(DAY, reason="同意"), by=director, at=AT)
    assert queries.waiting_for(director, every).count() == 0
    with pytest.raises(Refused, match="已经答复过了"):
        actions.give_reply(case, reply="village", told=Told(DAY, reason="反对"), by=secretary, at=AT)


def test_a_case_follows_its_organisation_when_that_moves(village, town, secretary):
    """谁办，看组织现在归谁管，不看立项那天归谁管。"""
    case = opened(village, secretary)
    actions.end_step(case, outcome="done", told=Told(DAY, {"reason": "x"}), by=secretary, at=AT)
    new = builders.org("另一镇党委", kind="committee", under=town.parent)
    from jiceng.kernel.orgs import actions as orgs

    officers = [builders.holder(one, Role.OFFICER) for one in (town, new)]
    orgs.reparent(village, parent=new, because=builders.because(DAY), by=builders.BUILDER, at=AT)
    assert [queries.waits_for(case, one, "town") for one in officers] == [False, True]


def test_a_submission_that_comes_twice_is_written_once(village, secretary):
    case = opened(village, secretary)
    told = Told(DAY, {"reason": "x"}, token="once")
    first = actions.end_step(case, outcome="done", told=told, by=secretary, at=AT)
    assert actions.end_step(case, outcome="done", told=told, by=secretary, at=AT) == first
    assert Case.objects.get().number == 2


def test_whoever_comes_second_gets_a_sentence_and_changes_nothing(village, secretary):
    case = opened(village, secretary)
    actions.end_step(case, outcome="done", told=Told(DAY, {"reason": "x"}, seen=1), by=secretary, at=AT)
    with pytest.raises(Refused, match="您打开页面以后，书记甲已经办过一步"):
        actions.withdraw(case, told=Told(DAY, reason="不办了", seen=1), by=secretary, at=AT)
    assert Entry.objects.count() == 2


def test_late_work_is_kept_with_its_reason(village, secretary):
    case = opened(village, secretary)
    with pytest.raises(Refused, match="已过期限（2026-04-02）29 天"):
        actions.end_step(case, outcome="done", told=Told(date(2026, 5, 1), {"reason": "x"}), by=secretary, at=AT)
    kept = actions.end_step(
        case, outcome="done", told=Told(date(2026, 5, 1), {"reason": "x"}, "春耕"), by=secretary, at=AT
    )
    assert kept.passed == ["已过期限（2026-04-02）29 天，请写明原因。（依据：第四条）"]


def test_a_correction_shows_both_and_moves_what_follows(village, secretary):
    case = opened(village, secretary)
    actions.correct(case, of=1, told=Told(date(2026, 2, 10), {"amount": 900_000}, "写错了"), by=secretary, at=AT)
    case.refresh_from_db()
    assert (case.number, case.due_on) == (2, date(2026, 3, 10))
    assert [one.said for one in queries.entries_of(case)] == [{"amount": 100_000}, {"amount": 900_000}]


def test_a_correction_that_would_unmake_later_steps_is_refused(village, town, secretary):
    case = whole(village, town, secretary)
    with pytest.raises(Refused, match="后面办过的步骤就对不上了"):
        actions.correct(case, of=1, told=Told(DAY, {"amount": 900_000}, "其实是九千"), by=secretary, at=AT)
    assert Entry.objects.filter(case=case).count() == 9


def test_suspended_and_taken_up_again(village, secretary):
    case = opened(village, secretary)
    actions.suspend(case, told=Told(DAY, reason="等上级批复"), by=secretary, at=AT)
    assert not Waiting.objects.exists()
    with pytest.raises(Refused, match="已经中止"):
        ended(case, secretary)
    actions.resume(case, told=Told(DAY + timedelta(days=7), reason="批了"), by=secretary, at=AT)
    assert Case.objects.get().due_on == date(2026, 4, 9)


def test_withdrawn_is_withdrawn(village, secretary):
    case = opened(village, secretary)
    actions.withdraw(case, told=Told(DAY, reason="村民不同意"), by=secretary, at=AT)
    for act in (actions.resume, actions.suspend, actions.withdraw):
        with pytest.raises(Refused):
            act(case, told=Told(DAY, reason="x"), by=secretary, at=AT)


def test_a_case_under_way_is_entered_with_what_was_done_before(village, secretary):
    on, said = date(2026, 4, 1), {"amount": 5}
    done = {"opened": DAY, "propose": DAY, "consult": date(2026, 3, 20)}
    case = actions.enter(
        village,
        procedure="mending-roads",
        title="水渠",
        step="build",
        done=done,
        told=Told(on, said),
        by=secretary,
        at=AT,
    )
    assert (case.step, case.state, case.due_on) == ("build", "running", date(2026, 5, 1))
    with pytest.raises(Refused, match="不在这一步之前"):
        actions.enter(
            village,
            procedure="mending-roads",
            title="水渠",
            step="consult",
            done=done,
            told=Told(on, said),
            by=secretary,
            at=AT,
        )


def test_entries_are_numbered_by_the_store_itself(village, secretary):
    case = opened(village, secretary)
    again = {"case": case, "number": 1, "act": "round", "on": DAY, "by_name": "x", "at": AT, "token": "another"}
    with guard.outside(), builders.one_moment(), pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(**again)


def test_ending_a_step_costs_twelve_queries_however_long_the_case(
    village, town, secretary, django_assert_max_num_queries
):
    from django.db import connection

    case = opened(village, secretary)
    actions.end_step(case, outcome="done", told=Told(DAY, {"reason": "x"}), by=secretary, at=AT)
    for _ in range(20):
        actions.end_step(case, outcome="back", told=Told(DAY, reason="再想想"), by=secretary, at=AT)
        actions.end_step(case, outcome="done", told=Told(DAY), by=secretary, at=AT)
    with CaptureQueriesContext(connection) as asked:
        actions.end_step(case, outcome="back", told=Told(DAY, reason="再想想"), by=secretary, at=AT)
    said = [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(said) <= 12, said


def test_a_case_handed_over_is_answered_for_by_the_other_and_says_who_had_it(town, village, secretary):
    other = builders.org("西山村党支部", under=town)
    taker, office = builders.holder(other, Role.SECRETARY), builders.holder(town, Role.OFFICER)
    case = opened(village, secretary)
    told = Told(DAY + timedelta(days=1), reason="这条路在西山村地界")
    entry = actions.hand_over(case, to=other, told=told, by=office, at=AT)
    assert actions.hand_over(case, to=other, told=told, by=office, at=AT) == entry
    case = Case.objects.select_related("edition", "organisation").get(pk=case.pk)
    assert (case.organisation, case.step, case.number, entry.handed_from) == (other, "propose", 2, village)
    assert not rules.see.allows(secretary, case) and not queries.waits_for(case, secretary)
    assert queries.waits_for(case, taker)
    actions.end_step(case, outcome="done", told=Told(DAY + timedelta(days=2), {"reason": "路烂了"}), by=taker, at=AT)
    assert Case.objects.get(pk=case.pk).number == 3


def test_a_case_goes_to_nobody_who_is_closed_who_has_it_or_who_cannot_be_seen(town, village, secretary):
    other, office = builders.org("西山村党支部", under=town), builders.holder(town, Role.OFFICER)
    case = opened(village, secretary)
    told = Told(DAY, reason="分工")
    with pytest.raises(Refused, match="只能移交给您看得到的组织"):
        actions.hand_over(case, to=other, told=told, by=secretary, at=AT)
    with pytest.raises(Refused, match="本来就由"):
        actions.hand_over(case, to=village, told=told, by=office, at=AT)
    with pytest.raises(Refused, match="请写明为什么移交"):
        actions.hand_over(case, to=other, told=Told(DAY), by=office, at=AT)
    orgs.dissolve(other, because=builders.because(DAY), custodian=town, by=builders.BUILDER, at=AT)
    with pytest.raises(Refused, match="撤销，不能接办"):
        actions.hand_over(case, to=type(other).objects.get(pk=other.pk), told=told, by=office, at=AT)
    assert Case.objects.get(pk=case.pk).number == 1

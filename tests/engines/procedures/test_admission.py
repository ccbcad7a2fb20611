"""发展党员: every gate of the two editions, each by its article, and a whole run that makes a full member."""

from datetime import UTC, date, datetime

import pytest

from jiceng.engines.assembly.actions import Mark, Motion, Sheet, Written
from jiceng.engines.assembly.declarations import Ballots, Votes
from jiceng.engines.packs import queries as packs
from jiceng.engines.procedures import actions, queries
from jiceng.engines.procedures.actions import Told
from jiceng.engines.procedures.declarations import Procedure
from jiceng.engines.procedures.declarations.hindrances import Ending, Sat, of_ending
from jiceng.engines.procedures.declarations.machine import Act, Record, State, standing
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Role
from jiceng.kernel.people import actions as people
from jiceng.kernel.people.models import Membership
from jiceng.lib.refusals import Refused
from tests import builders
from tests.builders import BUILDER
from tests.kernel.people.cast import FARMER, number

CHINA = packs.calendar("national")
LATER = date(2031, 1, 1)


def edition(on):
    return packs.resolve(on=on).find(Procedure, "admission")


NEW, OLD = edition(date(2026, 5, 18)), edition(date(2026, 5, 17))

MENTORS = {"mentors": 2, "mentor_names": "赵一、钱二", "mentors_full": True}
SPONSORS = {"sponsors": 2, "sponsor_names": "赵一、钱二", "sponsors_fit": True}
RUN = (
    ("application", "done", date(2026, 6, 1), {}),
    ("first-talk", "done", date(2026, 6, 20), {}),
    ("activist", "done", date(2026, 9, 1), {"recommended_by": "members"}),
    ("activist-record", "done", date(2026, 9, 10), {}),
    ("mentors", "done", date(2026, 9, 15), MENTORS),
    ("cultivation", "done", date(2027, 8, 20), {}),
    ("candidate", "done", date(2027, 9, 1), {}),
    ("candidate-record", "done", date(2027, 9, 20), {}),
    ("sponsors", "done", date(2027, 9, 25), SPONSORS),
    ("review", "passed", date(2027, 10, 10), {}),
    ("training", "done", date(2027, 10, 20), {"training_days": 3, "training_hours": 0}),
    ("committee-review", "done", date(2027, 10, 25), {}),
    ("pre-approval", "done", date(2027, 11, 1), {"leaving": False}),
    ("form", "done", date(2027, 11, 5), {}),
    ("assembly", "done", date(2027, 11, 20), {}),
    ("talk", "done", date(2027, 12, 1), {}),
    ("approval", "done", date(2028, 1, 10), {}),
    ("approval-record", "done", date(2028, 1, 15), {}),
    ("group", "done", date(2028, 1, 16), {}),
    ("oath", "done", date(2028, 2, 1), {}),
    ("probation", "done", date(2028, 11, 15), {}),
    ("request", "done", date(2028, 11, 20), {}),
    ("second-assembly", "full", date(2028, 11, 25), {}),
    ("second-approval", "full", date(2028, 12, 20), {"full_on": "2028-11-20"}),
    ("archive", "done", date(2029, 1, 10), {}),
)
"""One way through that is right at every step."""

DAYS = {step: on for step, _, on, _ in RUN}


def records(law, until, run=RUN):
    """Everything written before that step, and its own papers and rounds."""
    made = [Record(1, Act.OPENED, date(2026, 6, 1))]
    for key, outcome, on, said in run:
        step, since = law.find(key), made[-1].on
        made += [Record(len(made) + n, Act.PAPER, since, key, one.key) for n, one in enumerate(step.papers, 1)]
        if step.meeting:
            made.append(Record(len(made) + 1, Act.MET, since, key, "1"))
        if step.repeats:
            made.append(Record(len(made) + 1, Act.ROUND, since, key))
        if key == until:
            return made
        made.append(Record(len(made) + 1, Act.DONE, on, key, outcome, said))
    return made


def said_of(key):
    return next((outcome, said) for step, outcome, _, said in RUN if step == key)


def hindrances(law, key, on=None, outcome=None, written=None, passed=True, **said):
    usual, usually = said_of(key)
    sat = Sat(date(2027, 1, 1), True, passed, "赞成不足") if law.find(key).meeting else None
    ending = Ending(outcome or usual, on or DAYS[key], LATER, {**usually, **said}, sat=sat)
    return of_ending(law, standing(law, written or records(law, key)), ending, CHINA)


def told(found):
    return [(one.sentence, one.hard) for one in found]


@pytest.mark.parametrize("law", [NEW, OLD])
def test_there_are_twenty_five_steps_and_all_of_them_can_be_done(law):
    assert [step.key for step in law.step] == [key for key, *_ in RUN]
    assert len(RUN) == 25
    for key, *_ in RUN:
        assert hindrances(law, key) == [], key
    now = standing(law, records(law, ""))
    assert (now.state, now.end.reached) == (State.ENDED, True)


def test_each_day_has_the_edition_that_was_in_force():
    assert (OLD.since, NEW.since) == (date(2014, 5, 28), date(2026, 5, 18))
    assert OLD.edition != NEW.edition


@pytest.mark.parametrize("law", [NEW, OLD])
def test_article_7_somebody_talks_within_a_calendar_month(law):
    assert hindrances(law, "first-talk", date(2026, 7, 1)) == []
    (late,) = hindrances(law, "first-talk", date(2026, 7, 2))
    assert (late.hard, "2026-07-01" in late.sentence) == (False, True)


@pytest.mark.parametrize(
    ("key", "said", "sentence"),
    [
        ("mentors", {"mentors_full": False}, "培养联系人要是正式党员。"),
        ("sponsors", {"sponsors": 1}, "入党介绍人要有两名。"),
        ("sponsors", {"sponsors": 3}, "入党介绍人要有两名。"),
        ("sponsors", {"sponsors_fit": False}, "入党介绍人要是正式党员，且没有受留党察看处分。"),
    ],
)
@pytest.mark.parametrize("law", [NEW, OLD])
def test_mentors_and_sponsors_are_full_members_in_their_number(law, key, said, sentence):
    assert told(hindrances(law, key, **said)) == [(sentence, True)]


@pytest.mark.parametrize("law", [NEW, OLD])
def test_article_13_a_year_of_cultivation_comes_before_a_candidate_and_no_reason_helps(law):
    early = hindrances(law, "candidate", date(2027, 8, 31))
    assert [(one.hard, "最早 2027-09-01" in one.sentence) for one in early] == [(True, True)]


@pytest.mark.parametrize("law", [NEW, OLD])
def test_article_11_nobody_is_a_candidate_without_being_looked_at(law):
    written = [one for one in records(law, "cultivation") if one.act is not Act.ROUND]
    assert ("一次也没有记录。", True) in told(hindrances(law, "cultivation", written=written))


def test_article_13_a_candidate_is_shown_to_the_public_for_five_working_days_under_the_new_text_alone():
    # 2027-09-01 is a Wednesday: the fifth working day after it is the next Wednesday.
    assert [one.hard for one in hindrances(NEW, "candidate-record", date(2027, 9, 7))] == [True]
    assert hindrances(NEW, "candidate-record", date(2027, 9, 8)) == []
    assert hindrances(OLD, "candidate-record", date(2027, 9, 7)) == []


@pytest.mark.parametrize("law", [NEW, OLD])
def test_article_16_without_a_political_review_nothing_goes_on(law):
    without = [one for one in records(law, "review") if one.step != "review"]
    assert told(hindrances(law, "review", written=without)) == [("还没有“结论性材料”。", True)]
    failed = Record(len(without) + 1, Act.DONE, DAYS["review"], "review", "failed")
    now = standing(law, [*without, failed])
    assert (now.state, now.end.key, now.end.reached) == (State.ENDED, "review-failed", False)


@pytest.mark.parametrize(
    ("days", "hours", "passes"), [(3, 0, True), (0, 24, True), (2, 23, False), (2, 24, True), (0, 0, False)]
)
def test_article_17_training_of_three_days_or_twenty_four_hours_or_a_reason(days, hours, passes):
    found = hindrances(NEW, "training", training_days=days, training_hours=hours)
    assert [one.hard for one in found] == ([] if passes else [False])


@pytest.mark.parametrize("law", [NEW, OLD])
def test_who_leaves_within_three_months_is_not_admitted_without_a_reason(law):
    assert [one.hard for one in hindrances(law, "pre-approval", leaving=True)] == [False]


def test_article_19_the_meeting_is_within_a_month_of_the_pre_approval_under_the_new_text():
    assert hindrances(NEW, "assembly", date(2027, 12, 1)) == []
    assert [one.hard for one in hindrances(NEW, "assembly", date(2027, 12, 2))] == [False]
    assert hindrances(OLD, "assembly", date(2027, 12, 2)) == []


@pytest.mark.parametrize("law", [NEW, OLD])
@pytest.mark.parametrize("key", ["assembly", "second-assembly"])
def test_articles_19_and_33_the_ballot_is_secret_and_half_of_all_who_may_vote_decide(law, key):
    held = law.find(key).meeting
    assert (str(held.quorum), str(held.passes)) == ("> 1/2 of roll", "> 1/2 of roll")
    assert (held.electorate, held.secret, held.letters) == ("members", True, True)
    (lost,) = hindrances(law, key, passed=False)
    assert (lost.hard, lost.sentence.startswith("表决的结果不是")) == (True, True)


@pytest.mark.parametrize("law", [NEW, OLD])
@pytest.mark.parametrize(("key", "last", "late"), [
    ("approval", date(2028, 2, 20), date(2028, 2, 21)), ("second-approval", date(2029, 2, 25), date(2029, 2, 26)),
])  # fmt: skip
def test_articles_25_and_33_the_committee_decides_within_three_months(law, key, last, late):
    assert hindrances(law, key, last) == []
    assert [one.hard for one in hindrances(law, key, late)] == [False]


def test_article_29_the_oath_is_within_a_month_of_the_approval():
    assert hindrances(NEW, "oath", date(2028, 2, 10)) == []
    assert [one.hard for one in hindrances(NEW, "oath", date(2028, 2, 11))] == [False]


@pytest.mark.parametrize("law", [NEW, OLD])
def test_article_31_probation_is_a_year_from_the_meeting_and_not_from_the_approval(law):
    early = [*(one for one in RUN if one[0] != "request"), ("request", "done", date(2028, 11, 16), {})]
    early.sort(key=lambda one: [key for key, *_ in RUN].index(one[0]))
    written = records(law, "second-assembly", early)
    assert [one.hard for one in hindrances(law, "second-assembly", date(2028, 11, 19), written=written)] == [True]
    assert hindrances(law, "second-assembly", date(2028, 11, 20), written=written) == []


def extended(law):
    """A probation that was made longer, on 20 December 2028."""
    written = records(law, "second-assembly")
    number = len(written)
    return [
        *written, Record(number + 1, Act.DONE, date(2028, 11, 25), "second-assembly", "extended"),
        Record(number + 2, Act.PAPER, date(2028, 11, 25), "second-approval", "reply"),
        Record(number + 3, Act.DONE, date(2028, 12, 20), "second-approval", "extended", {"extended_by": 6}),
        Record(number + 4, Act.ROUND, date(2029, 3, 20), "probation"),
        Record(number + 5, Act.PAPER, date(2029, 3, 20), "probation", "record"),
    ]  # fmt: skip


@pytest.mark.parametrize("law", [NEW, OLD])
def test_a_longer_probation_takes_six_months_at_least(law):
    now = standing(law, extended(law))
    assert now.step.key == "probation"
    early = hindrances(law, "probation", date(2029, 6, 19), written=extended(law))
    assert [(one.hard, "最早 2029-06-20" in one.sentence) for one in early] == [(True, True)]
    assert hindrances(law, "probation", date(2029, 6, 20), written=extended(law)) == []


@pytest.mark.parametrize("law", [NEW, OLD])
def test_a_probation_is_made_longer_once(law):
    written, number, on = extended(law), len(extended(law)), date(2029, 7, 1)
    written += [
        Record(number + 1, Act.DONE, on, "probation", "done"), Record(number + 2, Act.PAPER, on, "request", "request"),
        Record(number + 3, Act.DONE, on, "request", "done"),
        Record(number + 4, Act.PAPER, on, "second-assembly", "minutes"),
        Record(number + 5, Act.PAPER, on, "second-assembly", "resolution"),
    ]  # fmt: skip
    again = hindrances(law, "second-assembly", on, "extended", written=written)
    assert told(again) == [("“延长预备期”只能有一次，这件事已经有过。", True)]
    assert hindrances(law, "second-assembly", on, "full", written=written) == []


@pytest.mark.parametrize(("months", "fits"), [(5, False), (6, True), (12, True), (13, False)])
def test_a_probation_is_made_longer_by_six_to_twelve_months(months, fits):
    field = next(one for one in NEW.find("second-approval").field if one.key == "extended_by")
    assert (field.least <= months <= field.most) is fits


# In the store

AT = datetime(2030, 6, 1, 4, tzinfo=UTC)


@pytest.fixture
def town(db):
    return builders.org("某镇党委", kind="committee", under=builders.org("某县委", kind="committee"))


@pytest.fixture
def village(town):
    made = builders.org("东山村党支部", under=town)
    for place in range(3):
        builders.member(made, f"党员{place}")
    return made


@pytest.fixture
def chen(village):
    new = people.Applicant("陈新", "1", FARMER, number(date(2000, 1, 1)))
    return people.note_applicant(village, new=new, on=date(2026, 6, 1), by=BUILDER, at=AT)


def ballot(case, step, on, yes=4):
    """Everybody who may vote came, and so many were in favour."""
    roll = [one for one, _ in queries.assembly.roll_for(case.organisation, step.meeting.electorate, on, "", BUILDER)]
    voting = sum(one.has_vote for one in roll)
    motion = Motion(
        1, "接收", "> 1/2 of roll", "> 1/2 of roll", ballots=Ballots(voting, voting), votes=Votes(yes, voting - yes)
    )
    return Sheet(
        "case", step.meeting.name, step.meeting.name, on, "村委会", roll, {n: Mark("present") for n in range(len(roll))},
        Written("议了。", "赵主持", "钱记录"), items=("接收",), electorate=step.meeting.electorate, quorum="> 1/2 of roll",
        motions=[motion],
    )  # fmt: skip


def walked(village, town, chen, until=""):
    """The whole way, each step by whom the file names."""
    acting = {
        "own": builders.holder(village, Role.SECRETARY), "parent": builders.holder(town, Role.OFFICER),
        "above": builders.holder(town.parent, Role.OFFICER),
    }  # fmt: skip
    opened = Told(date(2026, 6, 1))
    case = actions.open(village, procedure="admission", title="", told=opened, about=chen, by=acting["own"], at=AT)
    for key, outcome, on, said in RUN:
        if key == until:
            break
        step, case = NEW.find(key), Case.objects.get(pk=case.pk)
        by, since = acting[step.by.at], case.stood_since
        for paper in step.papers:
            actions.keep_paper(case, paper=paper.key, told=Told(since, reason="支部档案柜"), by=by, at=AT)
        if step.meeting:
            actions.hold_meeting(case, sheet=ballot(case, step, on), by=by, at=AT)
        if step.repeats:
            actions.note_round(case, told=Told(since, reason="考察"), by=by, at=AT)
        actions.end_step(case, outcome=outcome, told=Told(on, said), by=by, at=AT)
    return Case.objects.get(pk=case.pk)


def test_an_applicant_becomes_a_full_member_on_the_day_the_probation_ended(village, town, chen):
    case = walked(village, town, chen)
    chen.refresh_from_db()
    assert (case.state, case.end) == ("ended", "finished")
    assert (chen.joined_on, chen.full_on) == (date(2027, 11, 20), date(2028, 11, 20))
    spells = Membership.objects.known().filter(person=chen).order_by("since").values_list("kind", "since", "until")
    assert list(spells) == [
        ("probationary", date(2027, 11, 20), date(2028, 11, 20)), ("full", date(2028, 11, 20), None),
    ]  # fmt: skip


def test_who_is_not_kept_on_probation_is_no_member_any_more(village, town, chen):
    case = walked(village, town, chen, "second-assembly")
    officer = builders.holder(town, Role.OFFICER)
    for paper in ("minutes", "resolution"):
        actions.keep_paper(case, paper=paper, told=Told(date(2028, 11, 20), reason="柜"), by=BUILDER, at=AT)
    step = NEW.find("second-assembly")
    actions.hold_meeting(case, sheet=ballot(case, step, date(2028, 11, 25)), by=BUILDER, at=AT)
    told = Told(date(2028, 11, 25), reason="不履行党员义务")
    actions.end_step(case, outcome="cancelled", told=told, by=BUILDER, at=AT)
    actions.keep_paper(case, paper="reply", told=Told(date(2028, 12, 1), reason="柜"), by=officer, at=AT)
    told = Told(date(2028, 12, 20), reason="同意支部决议")
    actions.end_step(case, outcome="cancelled", told=told, by=officer, at=AT)
    chen.refresh_from_db()
    assert not chen.is_member
    assert Membership.objects.known().get(person=chen).end == Membership.End.LEFT


def test_a_day_of_full_membership_that_was_not_said_stops_the_approval(village, town, chen):
    case = walked(village, town, chen, "second-approval")
    officer = builders.holder(town, Role.OFFICER, person=builders.member(town, "组织员乙"))
    actions.keep_paper(case, paper="reply", told=Told(date(2028, 12, 1), reason="柜"), by=officer, at=AT)
    with pytest.raises(Refused, match="转为正式党员的日期没有填"):
        actions.end_step(case, outcome="full", told=Told(date(2028, 12, 20)), by=officer, at=AT)
    assert Membership.objects.open().get(person=chen).kind == Membership.Kind.PROBATIONARY

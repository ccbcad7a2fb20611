"""The file of an election, step by step: three requests, three replies, two reviews, and the elected take office."""

from datetime import date, timedelta

import pytest

from jiceng.domains.elections.models import Election
from jiceng.engines.assembly import actions as meetings
from jiceng.engines.packs import queries as packs
from jiceng.engines.procedures import actions
from jiceng.engines.procedures.actions import Told
from jiceng.engines.procedures.declarations import Procedure
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Actor, Role
from jiceng.kernel.posts.queries import team
from jiceng.lib.refusals import NotAllowed, Refused
from tests.builders import BUILDER, NOON, officer
from tests.domains.elections.cast import assembly, elect, first_meeting, folk, over, sits, take
from tests.engines.assembly.cast import ACT, DAY, branch, called, came, motion

pytestmark = pytest.mark.django_db
FIRST = date(2026, 4, 1)
FIELDS = {
    "sort": "village", "timing": "on_time", "shift": 0, "body": "members", "seats": 3, "method": "差额 20%",
}  # fmt: skip
PAPERS = {
    "first-request": "request", "first-reply": "reply", "verification": "register", "nomination": "nominees",
    "second-request": "request", "second-reply": "reply", "result-report": "report", "result-reply": "reply",
    "archive": "files",
}  # fmt: skip
SAID = {"verification": {"roll": 8}, "nomination": {"nominees": 5}, "second-request": {"candidates": "王、李、赵、陈"}}
OUTCOME = {
    "decision": "agreed", "first-reply": "approved", "first-review": "passed", "second-review": "passed",
    "second-reply": "approved", "member-assembly": "elected",
}  # fmt: skip
REPLIES = {
    "first-review": ("discipline", "organisation"), "second-review": ("discipline", "police", "court", "petitions"),
}  # fmt: skip


def started(home, **fields):
    told = Told(FIRST, {**FIELDS, **fields})
    return actions.open(home, procedure="election", title="第九届换届", told=told, by=BUILDER, at=NOON)


def fresh(case):
    return Case.objects.select_related("edition", "organisation").get(pk=case.pk)


def decide(case):
    """The committee that goes out meets and agrees."""
    home = case.organisation
    sits(folk(home)[7], Role.SECRETARY, home, date(2021, 5, 18))
    held = called(home, kind="committee", name="委员会会议", electorate="committee", called_on=FIRST, held_on=FIRST)
    meetings.open(held, on=FIRST, **ACT)
    came(held, 1)
    vote = motion(held, choices={held.roll.get().pk: "yes"}, quorum="> 1/2 of roll")
    over(held)
    actions.bring_meeting(case, meeting=held, vote=vote.number, told=Told(FIRST), by=BUILDER, at=NOON)


def go(case, until, on=FIRST, by=BUILDER):
    """Does what each step asks for, as far as the step of that key."""
    while (now := fresh(case)).step != until:
        assert now.step, f"it ended before {until}"
        if now.step == "decision":
            decide(now)
        if now.step in PAPERS:
            actions.keep_paper(now, paper=PAPERS[now.step], told=Told(on, reason="镇党建办"), by=by, at=NOON)
        for body in REPLIES.get(now.step, ()):
            actions.give_reply(now, reply=body, told=Told(on, reason="没有问题"), by=by, at=NOON)
        if now.step == "candidate-notice":
            actions.post_notice(
                now, title="公示", text="王、李、赵、陈", told=Told(on, reason="贴在公开栏，没有异议"), by=by, at=NOON
            )
            on += timedelta(days=12)
        told = Told(on, SAID.get(now.step, {}))
        actions.end_step(now, outcome=OUTCOME.get(now.step, "done"), told=told, by=by, at=NOON)
    return fresh(case)


def voted(case):
    """The assembly and the first meeting are held on their day, and brought to the case."""
    home, three = case.organisation, folk(case.organisation)[:3]
    held = assembly(home, 8, quorum=">= 4/5 of roll")
    first = elect(held, 3, dict(zip(folk(home), (8, 8, 8, 0), strict=False)))
    over(held)
    actions.bring_meeting(case, meeting=held, vote=0, told=Told(DAY), by=BUILDER, at=NOON)
    actions.end_step(case, outcome="elected", told=Told(DAY), by=BUILDER, at=NOON)
    second = first_meeting(home, three, three[0], required=">= 2/3 of roll")
    actions.bring_meeting(fresh(case), meeting=second.meeting, vote=0, told=Told(DAY), by=BUILDER, at=NOON)
    actions.end_step(fresh(case), outcome="done", told=Told(DAY), by=BUILDER, at=NOON)
    return {"committee": first, "secretary": second}


def test_an_election_goes_from_the_first_request_to_the_files_and_the_elected_serve():
    home = branch(8)
    case = go(started(home), "member-assembly")
    told = voted(case)
    case = go(case, "taking-office", on=date(2026, 5, 22))
    made = take(home, case=case, **told)
    assert fresh(case).step == "archive" and made.case == case
    assert {(post.person, post.role) for post in team(home, DAY)} == {
        (folk(home)[0], "secretary"), (folk(home)[1], "committee-member"), (folk(home)[2], "committee-member"),
    }  # fmt: skip
    actions.keep_paper(fresh(case), paper="files", told=Told(date(2026, 5, 25), reason="档案室"), by=BUILDER, at=NOON)
    actions.end_step(fresh(case), outcome="done", told=Told(date(2026, 5, 25)), by=BUILDER, at=NOON)
    assert fresh(case).end == "finished"


def test_nobody_takes_office_by_a_case_that_is_not_there_yet_or_by_votes_of_another_meeting():
    home = branch(8)
    case = go(started(home), "member-assembly")
    told = voted(case)
    with pytest.raises(Refused, match="还没有办到就任"):
        take(home, case=case, **told)
    case = go(case, "taking-office", on=date(2026, 5, 22))
    held = assembly(home, 8)
    other = elect(held, 3, dict(zip(folk(home), (8, 8, 8, 0), strict=False)))
    over(held)
    with pytest.raises(Refused, match="不是这件换届事项里开的会"):
        take(home, case=case, **{**told, "committee": other})
    assert not Election.objects.exists()


def test_article_3_early_and_late_say_by_how_many_months_and_never_by_more_than_a_year():
    with pytest.raises(Refused, match="12"):
        started(branch(8), timing="late", shift=13)
    case = go(started(branch(8), timing="late", shift=0), "first-request")
    actions.keep_paper(case, paper="request", told=Told(FIRST, reason="党建办"), by=BUILDER, at=NOON)
    with pytest.raises(Refused, match="写明几个月"):
        actions.end_step(case, outcome="done", told=Told(FIRST), by=BUILDER, at=NOON)


def test_article_4_a_congress_elects_only_where_the_case_said_so():
    case = go(started(branch(8), body="delegates"), "congress")
    assert case.step == "congress"


def test_only_the_level_above_replies_and_reviews():
    home = branch(8)
    case = go(started(home), "first-reply")
    own = Actor("user", "书记", person=folk(home)[7].pk)
    with pytest.raises(NotAllowed):
        actions.keep_paper(case, paper="reply", told=Told(FIRST, reason="自己写的"), by=own, at=NOON)
    by = officer(home.parent)
    actions.keep_paper(case, paper="reply", told=Told(FIRST, reason="组织部"), by=by, at=NOON)
    actions.end_step(case, outcome="approved", told=Told(FIRST), by=by, at=NOON)
    assert fresh(case).step == "verification"


def test_a_candidate_is_not_put_forward_before_every_body_has_answered_twice():
    case = go(started(branch(8)), "first-review")
    with pytest.raises(Refused, match="还没有“基层党委纪检委员”的意见"):
        actions.end_step(case, outcome="passed", told=Told(FIRST), by=BUILDER, at=NOON)
    case = go(case, "second-review")
    with pytest.raises(Refused, match="还没有“公安机关”的意见"):
        actions.end_step(case, outcome="passed", told=Told(FIRST), by=BUILDER, at=NOON)
    actions.end_step(case, outcome="back", told=Told(FIRST, reason="一人不合条件"), by=BUILDER, at=NOON)
    assert fresh(case).step == "nomination"


def test_other_branches_are_reviewed_once_and_those_without_a_committee_hold_no_first_meeting():
    case = go(started(branch(8), sort="other", seats=1), "second-request")
    assert not case.entries.filter(step="second-review").exists()
    case = go(case, "member-assembly")
    held = assembly(case.organisation, 8, quorum=">= 4/5 of roll")
    vote = elect(held, 1, {folk(case.organisation)[0]: 8}, spare=None)
    over(held)
    actions.bring_meeting(case, meeting=held, vote=0, told=Told(DAY), by=BUILDER, at=NOON)
    actions.end_step(case, outcome="elected", told=Told(DAY), by=BUILDER, at=NOON)
    assert fresh(case).step == "result-report"
    case = go(case, "taking-office", on=date(2026, 5, 22))
    assert take(case.organisation, case=case, secretary=vote).elected.count() == 1


def test_the_assembly_is_not_held_before_the_notice_of_candidates_is_over():
    case = go(started(branch(8)), "candidate-notice", on=date(2026, 5, 28))
    actions.post_notice(case, title="公示", text="王、李", told=Told(date(2026, 5, 28)), by=BUILDER, at=NOON)
    with pytest.raises(Refused, match="期满才能办完"):
        actions.end_step(case, outcome="done", told=Told(date(2026, 6, 1)), by=BUILDER, at=NOON)
    notice = fresh(case).entries.exclude(notice=None).get().notice
    assert (notice.kind, notice.audience) == ("election", "members")


def test_a_meeting_where_fewer_than_four_fifths_must_come_does_not_serve():
    case = go(started(branch(8)), "member-assembly")
    held = over(assembly(case.organisation, 8, quorum="> 1/2 of roll"))
    with pytest.raises(Refused, match="这次会不能用"):
        actions.bring_meeting(case, meeting=held, vote=0, told=Told(DAY), by=BUILDER, at=NOON)


def test_too_few_elected_are_elected_anew_by_the_same_case():
    case = go(started(branch(8)), "member-assembly")
    held = over(assembly(case.organisation, 8, quorum=">= 4/5 of roll"))
    actions.bring_meeting(case, meeting=held, vote=0, told=Told(DAY), by=BUILDER, at=NOON)
    actions.end_step(case, outcome="again", told=Told(DAY, reason="只选出两名"), by=BUILDER, at=NOON)
    assert fresh(case).step == "second-request"


def test_pengjiang_candidates_pass_two_sieves_whatever_they_stand_for():
    """蓬江区：人选经过两遍“筛子”。"""
    (found,) = [one for one in packs.resolve("pengjiang", on=FIRST).of(Procedure) if one.key == "election"]
    reviews = [one for one in found.step if one.key.endswith("review")]
    assert [(one.when, len(one.replies) >= 3) for one in reviews] == [(None, True), (None, True)]
    assert "蓬江" in found.basis

"""The meeting and the notice of a step: a case takes them from where they are kept, and keeps no copy."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from jiceng.engines.assembly import actions as assembly
from jiceng.engines.assembly.declarations import Share
from jiceng.engines.assembly.models import Meeting, Vote
from jiceng.engines.notices import actions as notices
from jiceng.kernel.access import Actor, action
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..declarations import Gathering, Posting
from ..declarations.machine import Act, Record, stands_until
from ..models import Case, Entry
from .writing import Told, current, in_order, locked, require_waiting, unmoved, write, written


@action(rules.hold_meeting)
def hold_meeting(
    subject: Case, *, sheet: assembly.Sheet, also: Sequence[Case] = (), seen: int | None = None, by: Actor, at: datetime
) -> Entry:
    """Enters the meeting of the current step, with its vote, and takes it for the step; the file says by which rule.

    `also` are other matters of the organisation at the same step that were put to the same vote together. Raises
    Refused where the sheet follows another rule than the file, and for what a meeting itself refuses.
    """
    case, found, before, entries = locked(subject)
    told = Told(sheet.on, token=sheet.token, seen=seen)
    if twice := written(entries, told):
        return twice
    unmoved(entries, told)
    step = current(before)
    word = _meeting_of(step.name, step.meeting)
    require_waiting(case, by, step.by)
    in_order(before, told, at)
    _follows(sheet, word)
    titles = (case.title, *(one.title for one in also))
    basis = word.basis or step.basis
    together = "；".join(titles)[:200]
    motions = [replace(one, basis=basis, question=one.question if word.elects else together) for one in sheet.motions]
    sheet = replace(sheet, items=titles, motions=motions, token=f"{sheet.token}-m"[:40])
    held = assembly.record(case.organisation, told=sheet, by=by, at=at)
    vote = 1 if word.passes and not word.elects else 0
    for other in also:
        bring_meeting(other, meeting=held, vote=vote, told=Told(told.on), by=by, at=at)
    record = Record(len(entries) + 1, Act.MET, told.on, step.key, str(vote or ""))
    return write(case, found, entries, record, told, (), by, at, meeting=held, reckoned=queries.reckoned(held, vote))


@action(rules.bring_meeting)
def bring_meeting(subject: Case, *, meeting: Meeting, vote: int, told: Told, by: Actor, at: datetime) -> Entry:
    """Takes a meeting of the organisation that was entered already, with the vote of that number; 0 where the step
    asks for none. One meeting may decide many matters."""
    case, found, before, entries = locked(subject)
    if twice := written(entries, told):
        return twice
    unmoved(entries, told)
    step = current(before)
    word = _meeting_of(step.name, step.meeting)
    require_waiting(case, by, step.by)
    if meeting.organisation_id != case.organisation_id or not queries.may_decide(meeting, word):
        raise Refused(f"这次会不能用：要的是本组织开过的“{word.name}”。")
    if word.passes and not word.elects and not _voted_so(queries.vote_of(meeting, vote), word):
        raise Refused("这次表决不是照这个程序规定的办法表决的。")
    told = replace(told, on=max(meeting.held_on, before.since))
    in_order(before, told, at)
    record = Record(len(entries) + 1, Act.MET, told.on, step.key, str(vote or ""))
    return write(
        case, found, entries, record, told, (), by, at, meeting=meeting, reckoned=queries.reckoned(meeting, vote)
    )


def _meeting_of(name: str, word: Gathering | None) -> Gathering:
    if word is None:
        raise Refused(f"“{name}”不用开会。")
    return word


def _follows(sheet: assembly.Sheet, word: Gathering) -> None:
    """Raises Refused where the sheet is not the meeting that the file asks for."""
    rules_of = [(one.passes, one.quorum, one.ballots is not None) for one in sheet.motions]
    by_rule = (str(word.passes), str(word.quorum or ""), word.secret or word.elects)
    wanted = [by_rule] * (len(sheet.motions) if word.elects else 1) if word.passes else []
    if word.elects and (not wanted or any(one.seats is None for one in sheet.motions)):
        raise Refused("请写明选什么、几个名额、每个候选人得几票。")
    if any(one.again is None and one.spare != word.spare for one in sheet.motions):
        raise Refused("差额的比例要照程序规定的。")
    if (sheet.electorate, sheet.quorum, rules_of) != (word.electorate, str(word.quorum or ""), wanted):
        raise Refused("这次会要照程序规定的名单、到会和表决办法来记。")
    if not word.letters and any(one.letters.total for one in sheet.motions):
        raise Refused("这次表决不计书面意见。")


def _voted_so(vote: Vote | None, word: Gathering) -> bool:
    return (
        vote is not None
        and not vote.elects
        and Share.read(vote.passes) == word.passes
        and vote.quorum == str(word.quorum or "")
        and vote.secret == word.secret
    )


@action(rules.post_notice)
def post_notice(subject: Case, *, title: str, text: str, phone: str = "", told: Told, by: Actor, at: datetime) -> Entry:
    """Puts up what the step makes public, for the term of the file. What hung on the board alone, and whose term is
    over, is told of afterwards with the place where it hung."""
    case, found, before, entries = locked(subject)
    if twice := written(entries, told):
        return twice
    unmoved(entries, told)
    step = current(before)
    word: Posting | None = step.notice
    if word is None:
        raise Refused(f"“{step.name}”不用公开。")
    require_waiting(case, by, step.by)
    in_order(before, told, at)
    until = stands_until(word, told.on, queries.calendar()).on
    record = Record(len(entries) + 1, Act.POSTED, told.on, step.key)
    if until <= timezone.localdate(at):
        if not told.reason.strip():
            raise Refused(f"公开期 {until - timedelta(days=1)} 就满了。请写明当时贴在哪里、有没有人提出异议。")
        return write(case, found, entries, record, told, (), by, at)
    draft = notices.Draft(
        word.kind, title, text, told.on, until, phone, word.audience, word.objections, source=f"case:{case.ref}"
    )
    made = notices.draft(case.organisation, new=draft, by=by, at=at)
    notices.publish(made, by=by, at=at)
    return write(case, found, entries, record, told, (), by, at, notice=made)

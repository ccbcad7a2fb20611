"""What is done at the step where a case stands."""

from datetime import datetime

from django.utils import timezone

from jiceng.kernel.access import Actor, action
from jiceng.kernel.files import actions as files
from jiceng.kernel.files.cleaning.outside import Clean
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..declarations.hindrances import Ending, of_ending
from ..declarations.machine import Act, Record
from ..models import Case, Entry
from .writing import Told, checked, current, in_order, locked, may_pass, require_waiting, unmoved, write, written


@action(rules.end_step)
def end_step(subject: Case, *, outcome: str, told: Told, by: Actor, at: datetime) -> Entry:
    """Ends the current step in one of its ways. Raises Refused with everything that stands in the way."""
    case, found, before, entries = locked(subject)
    if twice := written(entries, told):
        return twice
    unmoved(entries, told)
    step = current(before)
    require_waiting(case, by, step.by)
    said = checked([one for one in step.field if one.key in told.said], told.said, by)
    ending = Ending(
        outcome, told.on, timezone.localdate(at), said, told.reason, queries.sat(before, entries),
        queries.board(before, entries),
    )  # fmt: skip
    passed = may_pass(of_ending(found, before, ending, queries.calendar()), told)
    record = Record(len(entries) + 1, Act.DONE, told.on, step.key, outcome, said)
    sentence = ending.sat.sentence[:500] if ending.sat else ""
    return write(case, found, entries, record, told, passed, by, at, reckoned=sentence)


@action(rules.note_round)
def note_round(subject: Case, *, told: Told, by: Actor, at: datetime) -> Entry:
    """Records one time of a step that is done again and again."""
    case, found, before, entries = locked(subject)
    if twice := written(entries, told):
        return twice
    unmoved(entries, told)
    step = current(before)
    require_waiting(case, by, step.by)
    if step.repeats is None:
        raise Refused(f"“{step.name}”不是反复进行的一步。")
    in_order(before, told, at)
    record = Record(len(entries) + 1, Act.ROUND, told.on, step.key)
    return write(case, found, entries, record, told, (), by, at)


@action(rules.give_reply)
def give_reply(subject: Case, *, reply: str, told: Told, by: Actor, at: datetime) -> Entry:
    """One of the bodies asked in the current step answers; its words are the reason."""
    case, found, before, entries = locked(subject)
    if twice := written(entries, told):
        return twice
    step = current(before)
    asked = next((one for one in step.replies if one.key == reply), None)
    if asked is None:
        raise Refused(f"“{step.name}”不问这一方的意见。")
    if reply in before.given:
        raise Refused(f"“{asked.name}”已经答复过了；写错了的，请办更正。")
    require_waiting(case, by, asked.by, reply)
    if not told.reason.strip():
        raise Refused("请写明意见。")
    in_order(before, told, at)
    record = Record(len(entries) + 1, Act.REPLY, told.on, step.key, reply)
    return write(case, found, entries, record, told, (), by, at)


@action(rules.keep_paper)
def keep_paper(subject: Case, *, paper: str, told: Told, scan: Clean | None = None, by: Actor, at: datetime) -> Entry:
    """Says that a document of the current step is there: the reason says where its original is kept, or a scan shows
    it, or both."""
    case, found, before, entries = locked(subject)
    if twice := written(entries, told):
        return twice
    step = current(before)
    asked = next((one for one in step.papers if one.key == paper), None)
    if asked is None:
        raise Refused(f"“{step.name}”不要这份材料。")
    require_waiting(case, by, step.by)
    if not told.reason.strip() and scan is None:
        raise Refused("请写明原件存放在哪里，或者交上扫描件、照片。")
    in_order(before, told, at)
    record = Record(len(entries) + 1, Act.PAPER, told.on, step.key, paper)
    entry = write(case, found, entries, record, told, (), by, at)
    if scan is not None:
        files.keep(entry, clean=scan, by=by, at=at)
    return entry

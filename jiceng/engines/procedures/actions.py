"""The verbs of a case. Each writes one entry, and what follows from it; nothing that was written is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError
from django.db.models import Model
from django.utils import timezone

from jiceng.engines.fields.declarations import Field, Kept, Wrong, keep
from jiceng.kernel.access import Actor, action
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refs import new_ref
from jiceng.lib.refusals import NotAllowed, Refused

from . import queries, rules
from .declarations import Procedure, Step, Who
from .declarations.hindrances import NOT_RUNNING, Ending, Hindrance, of_ending
from .declarations.machine import Act, Record, Standing, State, latest, next_round, standing
from .models import Case, Edition, Entry, Waiting


@dataclass(frozen=True)
class Told:
    """What is said with an act: the day it happened, what is filled in, why, and the submission's own number, by which
    one that comes twice is written once. `seen` is how many entries the writer had before them."""

    on: date
    said: Mapping[str, Kept] = field(default_factory=dict)
    reason: str = ""
    token: str = field(default_factory=new_ref)
    seen: int | None = None


@action(rules.open)
def open(  # noqa: A001  # the verb's own word
    subject: Organisation,
    *,
    procedure: str,
    title: str,
    told: Told,
    by: Actor,
    at: datetime,
    about: Model | None = None,
) -> Case:
    """Begins a case under the edition in force on its day. Raises Refused for what is missing or wrong."""
    if twice := _opened_before(subject, told):
        return twice
    found, case = _begun(subject, procedure, title, told, by, at, about)
    said = _checked(found.field, told.said)
    return _first(found, case, Record(1, Act.OPENED, told.on, said=said), told, by, at)


@action(rules.enter)
def enter(
    subject: Organisation, *, procedure: str, title: str, step: str, done: Mapping[str, date], told: Told, by: Actor,
    at: datetime, about: Model | None = None,
) -> Case:  # fmt: skip
    """Enters a case that is under way, at its step, with the days on which earlier steps were done elsewhere."""
    if twice := _opened_before(subject, told):
        return twice
    found, case = _begun(subject, procedure, title, told, by, at, about)
    if found.find(step) is None:
        raise Refused("没有这一步，请选一个步骤。")
    before = {"opened", *(one.key for one in found.step[: found.place_of(step)])}
    if unknown := sorted(set(done) - before):
        raise Refused(f"“{'、'.join(unknown)}”不在这一步之前。")
    if late := [key for key, on in done.items() if on > told.on]:
        raise Refused(f"“{late[0]}”的日期晚于到这一步的日期。")
    record = Record(1, Act.ENTERED, told.on, step, said=_checked(found.field, told.said), done=done)
    return _first(found, case, record, told, by, at)


def _opened_before(subject: Organisation, told: Told) -> Case | None:
    """The case that this very submission opened before. Two at one moment: the second meets the store's constraint."""
    return Case.objects.filter(organisation=subject, entries__number=1, entries__token=told.token).first()


def _begun(
    subject: Organisation, key: str, title: str, told: Told, by: Actor, at: datetime, about: Model | None
) -> tuple[Procedure, Case]:
    found = queries.procedure_in_force(key, told.on)
    if found is None:
        raise Refused(f"{told.on} 这天没有叫“{key}”的办事程序。")
    if subject.closed_on:
        raise Refused(f"“{subject.name}”已于 {subject.closed_on} 撤销，不能再立新的事项。")
    if not title.strip():
        raise Refused("请给这件事起个名称。")
    if told.on > timezone.localdate(at):
        raise Refused("日期不能晚于今天。")
    _require(found.opens, subject, by, f"能立这件事的是：{_said(found.opens)}。")
    wanted = {"organisation": None, "unit": "unit", "place": "place"}[found.about]
    given = about._meta.model_name if about is not None else None
    if given != wanted:
        raise Refused({None: "这件事不用选单位或地方。", "unit": "请选有关单位。", "place": "请选有关地方。"}[wanted])
    edition, _ = Edition.objects.get_or_create(
        digest=found.edition,
        defaults={
            "key": found.key, "name": found.name, "declared": found.model_dump(mode="json"), "since": found.since,
        },
    )  # fmt: skip
    case = Case(organisation=subject, edition=edition, title=title.strip()[:120], opened_on=told.on)
    if wanted:
        setattr(case, wanted, about)
    return found, case


def _first(found: Procedure, case: Case, record: Record, told: Told, by: Actor, at: datetime) -> Case:
    now = standing(found, [record])
    _stand(case, now, 1)
    case.save()
    try:
        _keep(case, record, told, (), by, at)
    except IntegrityError:
        raise Refused("这件事刚才已经立项，请到事项里去看。") from None
    _wait(case, now)
    return case


@action(rules.end_step)
def end_step(subject: Case, *, outcome: str, told: Told, by: Actor, at: datetime) -> Entry:
    """Ends the current step in one of its ways. Raises Refused with everything that stands in the way."""
    case, found, before, entries = _locked(subject)
    if twice := _written(entries, told):
        return twice
    _unmoved(entries, told)
    step = _current(before)
    _require_waiting(case, by, step.by)
    said = _checked([one for one in step.field if one.key in told.said], told.said)
    ending = Ending(outcome, told.on, timezone.localdate(at), said, told.reason)
    passed = _may(of_ending(found, before, ending, queries.calendar()), told)
    record = Record(len(entries) + 1, Act.DONE, told.on, step.key, outcome, said)
    return _write(case, found, entries, record, told, passed, by, at)


@action(rules.note_round)
def note_round(subject: Case, *, told: Told, by: Actor, at: datetime) -> Entry:
    """Records one time of a step that is done again and again."""
    case, found, before, entries = _locked(subject)
    if twice := _written(entries, told):
        return twice
    _unmoved(entries, told)
    step = _current(before)
    _require_waiting(case, by, step.by)
    if step.repeats is None:
        raise Refused(f"“{step.name}”不是反复进行的一步。")
    _in_order(before, told, at)
    record = Record(len(entries) + 1, Act.ROUND, told.on, step.key, said=_checked((), {}))
    return _write(case, found, entries, record, told, (), by, at)


@action(rules.give_reply)
def give_reply(subject: Case, *, reply: str, told: Told, by: Actor, at: datetime) -> Entry:
    """One of the bodies asked in the current step answers; its words are the reason."""
    case, found, before, entries = _locked(subject)
    if twice := _written(entries, told):
        return twice
    step = _current(before)
    asked = next((one for one in step.replies if one.key == reply), None)
    if asked is None:
        raise Refused(f"“{step.name}”不问这一方的意见。")
    if reply in before.given:
        raise Refused(f"“{asked.name}”已经答复过了；写错了的，请办更正。")
    _require_waiting(case, by, asked.by, reply)
    if not told.reason.strip():
        raise Refused("请写明意见。")
    _in_order(before, told, at)
    record = Record(len(entries) + 1, Act.REPLY, told.on, step.key, reply)
    return _write(case, found, entries, record, told, (), by, at)


@action(rules.keep_paper)
def keep_paper(subject: Case, *, paper: str, told: Told, by: Actor, at: datetime) -> Entry:
    """Says that a document of the current step is there; the reason says where its original is kept."""
    case, found, before, entries = _locked(subject)
    if twice := _written(entries, told):
        return twice
    step = _current(before)
    asked = next((one for one in step.papers if one.key == paper), None)
    if asked is None:
        raise Refused(f"“{step.name}”不要这份材料。")
    _require_waiting(case, by, step.by)
    if not told.reason.strip():
        raise Refused("请写明原件存放在哪里。")
    _in_order(before, told, at)
    record = Record(len(entries) + 1, Act.PAPER, told.on, step.key, paper)
    return _write(case, found, entries, record, told, (), by, at)


@action(rules.correct)
def correct(subject: Case, *, of: int, told: Told, by: Actor, at: datetime) -> Entry:
    """Says what an earlier entry should have said: its day and its fields. Both stay; what follows is reckoned anew."""
    case, found, _, entries = _locked(subject)
    if twice := _written(entries, told):
        return twice
    _unmoved(entries, told)
    wrong = next((one for one in entries if one.number == of and one.act != Act.CORRECTED), None)
    if wrong is None:
        raise Refused("没有这条记录，或它本身就是更正。")
    if not told.reason.strip():
        raise Refused("请写明为什么更正。")
    asked = found.field if wrong.number == 1 else (found.find(wrong.step) or found.step[0]).field
    if told.on > timezone.localdate(at):
        raise Refused("日期不能晚于今天。")
    neighbours = [one for one in entries if one.act != Act.CORRECTED]
    place = neighbours.index(wrong)
    if place and told.on < neighbours[place - 1].on:
        raise Refused(f"日期不能早于前一条记录（{neighbours[place - 1].on}）。")
    if place + 1 < len(neighbours) and told.on > neighbours[place + 1].on:
        raise Refused(f"日期不能晚于后一条记录（{neighbours[place + 1].on}）。")
    said = _checked([one for one in asked if one.key in told.said], told.said)
    record = Record(len(entries) + 1, Act.CORRECTED, told.on, wrong.step, said=said, of=of)
    try:
        return _write(case, found, entries, record, told, (), by, at)
    except ValueError:
        raise Refused("照这样更正，后面办过的步骤就对不上了。请先退回或撤回，再重新办理。") from None


@action(rules.withdraw)
def withdraw(subject: Case, *, told: Told, by: Actor, at: datetime) -> Entry:
    """Stops the case for good, with a reason."""
    return _halted(subject, Act.WITHDRAWN, (State.RUNNING, State.SUSPENDED), told, by, at)


@action(rules.suspend)
def suspend(subject: Case, *, told: Told, by: Actor, at: datetime) -> Entry:
    """Lets the case rest, with a reason; the days do not count towards its deadline."""
    return _halted(subject, Act.SUSPENDED, (State.RUNNING,), told, by, at)


@action(rules.resume)
def resume(subject: Case, *, told: Told, by: Actor, at: datetime) -> Entry:
    """Takes a case up again that rested."""
    return _halted(subject, Act.RESUMED, (State.SUSPENDED,), told, by, at)


def _halted(subject: Case, act: Act, states: Sequence[State], told: Told, by: Actor, at: datetime) -> Entry:
    case, found, before, entries = _locked(subject)
    if twice := _written(entries, told):
        return twice
    _unmoved(entries, told)
    if before.state not in states:
        raise Refused(NOT_RUNNING[before.state] if act is not Act.RESUMED else "这件事没有中止，不用恢复。")
    if not told.reason.strip():
        raise Refused("请写明原因。")
    _in_order(before, told, at)
    record = Record(len(entries) + 1, act, told.on)
    return _write(case, found, entries, record, told, (), by, at)


# What all of them do


def _locked(subject: Case) -> tuple[Case, Procedure, Standing, list[Entry]]:
    """The case, held until the transaction ends, with where it stands; whoever comes second sees what the first did."""
    case = Case.objects.select_for_update(of=("self",)).select_related("edition", "organisation").get(pk=subject.pk)
    entries = queries.entries_of(case)
    return case, queries.procedure_of(case), queries.standing_of(case, entries), entries


def _written(entries: Sequence[Entry], told: Told) -> Entry | None:
    return next((one for one in entries if one.token == told.token), None)


def _unmoved(entries: Sequence[Entry], told: Told) -> None:
    if told.seen is not None and told.seen != len(entries):
        last = entries[-1]
        raise Refused(f"您打开页面以后，{last.by_name}已经办过一步。请看清现在的情况，再办一次；您填的内容还在。")


def _current(before: Standing) -> Step:
    if before.state is not State.RUNNING or before.step is None:
        raise Refused(NOT_RUNNING[before.state])
    return before.step


def _in_order(before: Standing, told: Told, at: datetime) -> None:
    if told.on > timezone.localdate(at):
        raise Refused("日期不能晚于今天。")
    last = max((before.since, *before.rounds, *((before.suspended_on,) if before.suspended_on else ())))
    if told.on < last:
        raise Refused(f"日期不能早于前一条记录（{last}）。")


def _said(who: Who) -> str:
    level = {"own": "本组织", "parent": "上一级组织", "above": "上级组织"}[who.at]
    return f"{level}的{'、'.join(role.label for role in who.roles)}"


def _require(who: Who, organisation: Organisation, by: Actor, sentence: str) -> None:
    if by.kind != "command" and not queries.holds(who, by, organisation):
        raise NotAllowed(f"您没有这项权限。{sentence}")


def _require_waiting(case: Case, by: Actor, who: Who, reply: str = "") -> None:
    if by.kind != "command" and not queries.waits_for(case, by, reply):
        raise NotAllowed(f"这一步不由您办。能办的是：{_said(who)}。")


def _checked(fields: Sequence[Field], said: Mapping[str, Kept]) -> dict[str, Kept]:
    """The values as they may be kept. Raises Refused for one that no form could have given."""
    if strange := sorted(set(said) - {one.key for one in fields}):
        raise Refused(f"这里没有“{'、'.join(strange)}”这些栏目。")
    kept: dict[str, Kept] = {}
    wrong = []
    for one in fields:
        try:
            value = keep(one, said.get(one.key))
        except Wrong as fault:
            wrong.append(f"{one.label}：{fault}")
        else:
            if value is not None:
                kept[one.key] = value
    if wrong:
        raise Refused("；".join(wrong))
    return kept


def _may(found: Sequence[Hindrance], told: Told) -> list[str]:
    """What a reason lets pass. Raises Refused with all that it does not."""
    hard = [one for one in found if one.hard]
    if hard or (found and not told.reason.strip()):
        raise Refused("\n".join(str(one) for one in (hard or found)))
    return [str(one) for one in found]


def _write(
    case: Case, found: Procedure, entries: Sequence[Entry], record: Record, told: Told, passed: Sequence[str],
    by: Actor, at: datetime,
) -> Entry:  # fmt: skip
    """Keeps the entry, and where the case stands after it. Raises ValueError where the entries no longer agree."""
    now = standing(found, [*queries.records(entries), record])
    entry = _keep(case, record, told, passed, by, at)
    _stand(case, now, record.number)
    case.save()
    _wait(case, now)
    return entry


def _keep(case: Case, record: Record, told: Told, passed: Sequence[str], by: Actor, at: datetime) -> Entry:
    return Entry.objects.create(
        case=case, number=record.number, act=record.act, step=record.step, key=record.key, on=record.on,
        said=dict(record.said), of=record.of or None, done={key: str(on) for key, on in record.done.items()},
        reason=told.reason.strip()[:500], passed=list(passed), token=told.token, user=by.user, by_name=by.name, at=at,
    )  # fmt: skip


def _stand(case: Case, now: Standing, number: int) -> None:
    calendar = queries.calendar()
    due = latest(now, calendar) or next_round(now, calendar)
    case.state, case.step, case.end = now.state, now.step.key if now.step else "", now.end.key if now.end else ""
    case.stood_since, case.due_on, case.number = now.since, due.on if due else None, number


def _wait(case: Case, now: Standing) -> None:
    """Whoever is waited for now, one row a post; of bodies that are asked, those that have not answered."""
    Waiting.objects.filter(case=case).delete()
    if now.step is None or now.state is not State.RUNNING:
        return
    asked: list[tuple[str, Who]] = [("", now.step.by)]
    asked += [(one.key, one.by) for one in now.step.replies if one.key not in now.given]
    Waiting.objects.bulk_create(
        Waiting(case=case, role=role, level=who.at, reply=reply) for reply, who in asked for role in who.roles
    )

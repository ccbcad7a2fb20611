"""A case and a procedure as pages show them: steps in a row with their dates, and entries as a timeline."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone

from jiceng.engines.fields.declarations import Field, say
from jiceng.engines.fields.queries import names_of, refs_of
from jiceng.kernel.access import Actor
from jiceng.kernel.calendars.declarations import Calendar
from jiceng.kernel.files import queries as files
from jiceng.kernel.people.queries import needs_purpose
from jiceng.lib.text import mask_name
from jiceng.ui.shapes import Event, StateKind
from jiceng.ui.shapes import Step as Drawn
from jiceng.ui.words import plain_date

from ..declarations import OPENED, Procedure, Step, Who
from ..declarations.machine import Act, Standing, State, earliest, latest, next_round
from ..models import Case, Entry

LEVELS = {"own": "本组织", "parent": "上一级组织", "above": "上级组织"}

STATES: dict[str, tuple[StateKind, str]] = {
    "running": ("doing", "正在办"), "suspended": ("stopped", "中止"), "withdrawn": ("stopped", "撤回"),
    "ended": ("done", "办结"),
}  # fmt: skip


def who(found: Who) -> str:
    """Who acts, in words."""
    return f"{LEVELS[found.at]}的{'、'.join(role.label for role in found.roles)}"


def titled(case: Case, actor: Actor, *, named: bool = False) -> str:
    """The case's title; of one about a person with the name: in full for the person, for the organisation's own team,
    and where a look has been written down (`named`), otherwise the surname only."""
    if case.person is None:
        return case.title
    own = case.person_id == actor.person or not needs_purpose(actor, case.organisation)
    return f"{case.person.name if own or named else mask_name(case.person.name)}：{case.title}"


def state_of(case: Case, today: date) -> tuple[StateKind, str]:
    """The case's state as a mark and a word; what is past its day says so."""
    if case.state == State.RUNNING and case.due_on and case.due_on < today:
        return "late", f"过期 {(today - case.due_on).days} 天"
    return STATES[case.state]


def drawn(procedure: Procedure) -> list[Drawn]:
    """The steps of a procedure that nobody runs yet: who does each, and by when."""
    return [
        Drawn(one.name, "drawn", "　".join(filter(None, (who(one.by), clock(procedure, one)))))
        for one in procedure.step
    ]


def clock(procedure: Procedure, step: Step) -> str:
    """The waits and the deadline of a step, in words."""

    def named(key: str) -> str:
        found = procedure.find(key)
        return "立项" if key == OPENED else f"“{found.name}”" if found else key

    said = [f"{named(one.after)}满 {one.wait} 才能办" for one in step.not_before]
    if step.within:
        said.append(f"{named(step.within.after)}后 {step.within.wait}内{'，过期不能再办' if step.within.hard else ''}")
    if step.repeats:
        said.append(f"每 {step.repeats.every}一次，满 {step.repeats.at_least}")
    if step.when is not None:
        said.append("合条件的才办")
    return "；".join(said)


def running(procedure: Procedure, now: Standing, today: date, calendar: Calendar) -> list[Drawn]:
    """The steps of a running case: done with their days, passed over, current with its clocks, and coming."""
    rows = []
    for one in procedure.step:
        if now.step is not None and one.key == now.step.key:
            last = latest(now, calendar)
            rows.append(Drawn(one.name, "late" if last and last.on < today else "current", current(now, calendar)))
        elif one.key in now.done:
            rows.append(Drawn(one.name, "done", plain_date(now.done[one.key])))
        elif one.key in now.passed_over or now.state in (State.ENDED, State.WITHDRAWN):
            rows.append(Drawn(one.name, "skipped"))
        else:
            rows.append(Drawn(one.name, note=who(one.by)))
    return rows


def current(now: Standing, calendar: Calendar) -> str:
    """Who acts now, not before which day, and until when."""
    assert now.step
    first, last, again = earliest(now, calendar), latest(now, calendar), next_round(now, calendar)
    said = [who(now.step.by)]
    for due, word in ((first, "最早"), (last, "最迟"), (again, "下一次")):
        if due:
            said.append(f"{word} {plain_date(due.on)}{'（暂算）' if due.provisional else ''}")
    return "　".join(said)


def history(procedure: Procedure, entries: Sequence[Entry]) -> list[Event]:
    """Everything that was written, latest first; what was corrected says so."""
    corrected = {one.of: one.number for one in entries if one.of}
    names = names_of(ref for one in entries for ref in refs_of(_fields(procedure), one.said))
    return [_event(procedure, one, corrected.get(one.number), names) for one in reversed(entries)]


def _event(procedure: Procedure, one: Entry, corrected: int | None, names: Mapping[str, str]) -> Event:
    step = procedure.find(one.step)
    what = f"{one.number}. {words(one, step)}"
    said = [
        f"{field.label}：{say(field, one.said[field.key], names)}"
        for field in _fields(procedure)
        if field.key in one.said
    ]
    said += [f"说明：{one.reason}"] if one.reason else []
    said += [f"原来由“{one.handed_from.name}”办"] if one.handed_from else []
    said += [one.reckoned] if one.reckoned else []
    said += [f"放行：{sentence}" for sentence in one.passed]
    said += one.effects
    said += [f"已由第 {corrected} 条更正。"] if corrected else []
    moment = datetime.combine(one.on, datetime.min.time(), timezone.get_current_timezone())
    kind: StateKind = "stopped" if one.act in (Act.WITHDRAWN, Act.SUSPENDED) else "done"
    return Event(what, one.by_name, moment, late(one), "\n".join(said), kind=kind)


def late(one: Entry) -> str:
    """By how many days the entry was written after what it tells of."""
    days = (timezone.localdate(one.recorded_at) - one.on).days
    return f"补录，晚 {days} 天" if days > 0 else ""


_PLAIN = {
    Act.OPENED: "立项", Act.WITHDRAWN: "撤回", Act.SUSPENDED: "中止", Act.RESUMED: "恢复办理", Act.HANDED: "移交",
}  # fmt: skip


def words(one: Entry, step: Step | None) -> str:
    """What an entry tells of, in words. A step that a later edition lacks is called by its key."""
    act, name = Act(one.act), step.name if step else one.step
    if act in _PLAIN:
        return _PLAIN[act]
    match act:
        case Act.ENTERED:
            return f"补登：当时已办到“{name}”"
        case Act.CORRECTED:
            return f"更正第 {one.of} 条"
        case Act.ROUND:
            return f"{name}：办了一次"
        case Act.REPLY:
            return f"{name}：{_named(step.replies if step else (), one.key)}答复"
        case Act.MET:
            return f"{name}：开了会"
        case Act.POSTED:
            return f"{name}：公开了" if one.notice_id else f"{name}：贴在公开栏公开过"
        case Act.PAPER:
            return f"{name}：有了{_named(step.papers if step else (), one.key)}"
    outcome = step.outcome_of(one.key) if step else None
    return f"{name}：{outcome.label if outcome else one.key}"


def _named(among: Sequence[object], key: str) -> str:
    return next((str(getattr(one, "name", key)) for one in among if getattr(one, "key", "") == key), key)


def _fields(procedure: Procedure) -> list[Field]:
    return [*procedure.field, *(one for step in procedure.step for one in step.field)]


def held(procedure: Procedure, now: Standing) -> list[tuple[str, str]]:
    """Every field that has been filled in, with its value as it is believed now."""
    names = names_of(refs_of(_fields(procedure), now.said))
    return [(one.label, say(one, now.said[one.key], names)) for one in _fields(procedure) if one.key in now.said]


def printable(law: Procedure) -> list[tuple[str, str]]:
    """Key and name of every document that the procedure can print."""
    return [(one.key, one.name) for step in law.step for one in step.papers if one.template is not None]


def scanned(entries: list[Entry]) -> list[tuple[int, str]]:
    """The entries that have a scan: number, and the name of its file."""
    kept = {file.record: file.name for file in files.of_all(entries)}
    return [(one.number, kept[one.pk]) for one in entries if one.pk in kept]

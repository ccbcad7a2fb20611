"""What all verbs of a case do: hold it, look at who asks and what is said, write one entry and what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from jiceng.engines.fields.declarations import Field, Kept, Wrong, keep
from jiceng.engines.fields.queries import refs_of, strange_to
from jiceng.kernel.access import Actor
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refs import new_ref
from jiceng.lib.refusals import NotAllowed, Refused

from .. import queries
from ..declarations import Procedure, Step, Who
from ..declarations.hindrances import NOT_RUNNING, Hindrance
from ..declarations.machine import Act, Record, Standing, State, latest, next_round, standing
from ..models import Case, Edition, Entry, Waiting
from .effecting import bring_about


@dataclass(frozen=True)
class Told:
    """What is said with an act: the day it happened, what is filled in, why, and the submission's own number, by which
    one that comes twice is written once. `seen` is how many entries the writer had before them."""

    on: date
    said: Mapping[str, Kept] = field(default_factory=dict)
    reason: str = ""
    token: str = field(default_factory=new_ref)
    seen: int | None = None


def locked(subject: Case) -> tuple[Case, Procedure, Standing, list[Entry]]:
    """The case, held until the transaction ends, with where it stands; whoever comes second sees what the first did."""
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("edition", "organisation", "person")
        .get(pk=subject.pk)
    )
    entries = queries.entries_of(case)
    return case, queries.procedure_of(case), queries.standing_of(case, entries), entries


def written(entries: Sequence[Entry], told: Told) -> Entry | None:
    return next((one for one in entries if one.token == told.token), None)


def unmoved(entries: Sequence[Entry], told: Told) -> None:
    if told.seen is not None and told.seen != len(entries):
        last = entries[-1]
        raise Refused(f"您打开页面以后，{last.by_name}已经办过一步。请看清现在的情况，再办一次；您填的内容还在。")


def current(before: Standing) -> Step:
    if before.state is not State.RUNNING or before.step is None:
        raise Refused(NOT_RUNNING[before.state])
    return before.step


def in_order(before: Standing, told: Told, at: datetime) -> None:
    if told.on > timezone.localdate(at):
        raise Refused("日期不能晚于今天。")
    last = max((before.since, *before.rounds, *((before.suspended_on,) if before.suspended_on else ())))
    if told.on < last:
        raise Refused(f"日期不能早于前一条记录（{last}）。")


def require(who: Who, organisation: Organisation, by: Actor, sentence: str) -> None:
    if by.kind != "command" and not queries.holds(who, by, organisation):
        raise NotAllowed(f"您没有这项权限。{sentence}")


def require_waiting(case: Case, by: Actor, who: Who, reply: str = "") -> None:
    if by.kind != "command" and not queries.waits_for(case, by, reply):
        raise NotAllowed(f"这一步不由您办。能办的是：{who.said}。")


def checked(fields: Sequence[Field], said: Mapping[str, Kept], by: Actor) -> dict[str, Kept]:
    """The values as they may be kept. Raises Refused for one that no form could have given this actor."""
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
    if strange_to(by, refs_of(fields, kept)):
        wrong.append("没有这个组织，或者不在您看得到的范围里")
    if wrong:
        raise Refused("；".join(wrong))
    return kept


def may_pass(found: Sequence[Hindrance], told: Told) -> list[str]:
    """What a reason lets pass. Raises Refused with all that it does not."""
    hard = [one for one in found if one.hard]
    if hard or (found and not told.reason.strip()):
        raise Refused("\n".join(str(one) for one in (hard or found)))
    return [str(one) for one in found]


def write(
    case: Case, found: Procedure, entries: Sequence[Entry], record: Record, told: Told, passed: Sequence[str],
    by: Actor, at: datetime, stays: Sequence[str] = (), **more: Any,
) -> Entry:  # fmt: skip
    """Keeps the entry, what it brings about, and where the case stands after it. `stays` says what of earlier effects
    it leaves as it is; `more` are the columns that only this act has.

    Raises ValueError where the entries no longer agree.
    """
    now = standing(found, [*queries.records(entries), record])
    brought = bring_about(case, found, record, now, by, at) if record.act is Act.DONE else []
    entry = keep_entry(case, record, told, passed, by, at, effects=[*brought, *stays], **more)
    stand(case, found, now, record.number)
    case.save()
    wait(case, now)
    return entry


def keep_entry(
    case: Case, record: Record, told: Told, passed: Sequence[str], by: Actor, at: datetime,
    **more: Any,
) -> Entry:  # fmt: skip
    """Writes one entry."""
    entry = entry_of(case, record, told, passed, by, at, **more)
    entry.save(force_insert=True)
    return entry


def entry_of(
    case: Case, record: Record, told: Told, passed: Sequence[str], by: Actor, at: datetime, **more: Any
) -> Entry:
    """The entry that tells of the record, not written yet."""
    return Entry(
        case=case, number=record.number, act=record.act, step=record.step, key=record.key, on=record.on,
        said=dict(record.said), of=record.of or None, done={key: str(on) for key, on in record.done.items()},
        reason=told.reason.strip()[:500], passed=list(passed), token=told.token, user=by.user, by_name=by.name, at=at,
        **more,
    )  # fmt: skip


def stand(case: Case, found: Procedure, now: Standing, number: int) -> None:
    calendar = queries.calendar()
    due = latest(now, calendar) or next_round(now, calendar)
    case.state, case.step, case.end = now.state, now.step.key if now.step else "", now.end.key if now.end else ""
    case.stood_since, case.due_on, case.number = now.since, due.on if due else None, number
    amount = now.said.get(found.amount) if found.amount else None
    case.amount = amount if isinstance(amount, int) else None


def wait(case: Case, now: Standing) -> None:
    """Whoever is waited for now, one row a post; of bodies that are asked, those that have not answered."""
    Waiting.objects.filter(case=case).delete()
    Waiting.objects.bulk_create(waitings_of(case, now))


def waitings_of(case: Case, now: Standing) -> list[Waiting]:
    """The rows that say for whom the case waits, not written yet."""
    if now.step is None or now.state is not State.RUNNING:
        return []
    asked: list[tuple[str, Who]] = [("", now.step.by)]
    asked += [(one.key, one.by) for one in now.step.replies if one.key not in now.given]
    return [Waiting(case=case, role=role, level=who.at, reply=reply) for reply, who in asked for role in who.roles]


def edition_of(found: Procedure) -> Edition:
    """The stored text of the procedure as it is now."""
    edition, _ = Edition.objects.get_or_create(
        digest=found.edition,
        defaults={
            "key": found.key, "name": found.name, "declared": found.model_dump(mode="json"), "since": found.since,
        },
    )  # fmt: skip
    return edition

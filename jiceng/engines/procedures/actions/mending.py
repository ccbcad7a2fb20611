"""What befalls a case beside its steps: it is corrected, rests, is taken up again, is handed over, or is withdrawn."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from jiceng.kernel.access import Actor, action
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.orgs.rules import see as see_organisation
from jiceng.kernel.people.actions import move_applicant
from jiceng.kernel.people.models import Person
from jiceng.lib.refusals import Refused

from .. import rules
from ..declarations.hindrances import NOT_RUNNING
from ..declarations.machine import Act, Record, State
from ..models import Case, Entry
from .effecting import left_standing
from .writing import Told, checked, in_order, locked, unmoved, write, written


@action(rules.correct)
def correct(subject: Case, *, of: int, told: Told, by: Actor, at: datetime) -> Entry:
    """Says what an earlier entry should have said: its day and its fields. Both stay; what follows is reckoned anew."""
    case, found, _, entries = locked(subject)
    if twice := written(entries, told):
        return twice
    unmoved(entries, told)
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
    said = checked([one for one in asked if one.key in told.said], told.said, by)
    record = Record(len(entries) + 1, Act.CORRECTED, told.on, wrong.step, said=said, of=of)
    try:
        stays = left_standing(found, entries, {wrong.step})
        return write(case, found, entries, record, told, (), by, at, stays=stays)
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


@action(rules.hand_over)
def hand_over(subject: Case, *, to: Organisation, told: Told, by: Actor, at: datetime) -> Entry:
    """Gives the case to another organisation, which answers for it from that day; what was done stays as it was done.

    Raises Refused where the other one is closed or has the case already. Whoever hands it over must be able to see
    the other one: a secretary hands down, an office among those below it. Whoever a case is about and is no member
    yet goes along with their record; a member is transferred first.
    """
    case, found, before, entries = locked(subject)
    if twice := written(entries, told):
        return twice
    unmoved(entries, told)
    if before.state not in (State.RUNNING, State.SUSPENDED):
        raise Refused(NOT_RUNNING[before.state])
    if to.closed_on:
        raise Refused(f"“{to.name}”已于 {to.closed_on} 撤销，不能接办。")
    if to == case.organisation:
        raise Refused(f"这件事本来就由“{to.name}”办。")
    if not see_organisation.allows(by, to):
        raise Refused("只能移交给您看得到的组织；要移交给别处，请上级来办。")
    if not told.reason.strip():
        raise Refused("请写明为什么移交。")
    in_order(before, told, at)
    if case.person is not None and case.person.organisation_id != to.pk:
        _person_goes_along(case.person, to, by, at)
    handed_from, case.organisation = case.organisation, to
    record = Record(len(entries) + 1, Act.HANDED, told.on)
    return write(case, found, entries, record, told, (), by, at, handed_from=handed_from)


def _person_goes_along(person: Person, to: Organisation, by: Actor, at: datetime) -> None:
    """A case about a person stays with the organisation that keeps the record."""
    if person.is_member:
        raise Refused(f"“{person.name}”的组织关系还不在“{to.name}”。请先办理组织关系转接，再移交这件事。")
    move_applicant(person, to=to, by=by, at=at)


def _halted(subject: Case, act: Act, states: Sequence[State], told: Told, by: Actor, at: datetime) -> Entry:
    case, found, before, entries = locked(subject)
    if twice := written(entries, told):
        return twice
    unmoved(entries, told)
    if before.state not in states:
        raise Refused(NOT_RUNNING[before.state] if act is not Act.RESUMED else "这件事没有中止，不用恢复。")
    if not told.reason.strip():
        raise Refused("请写明原因。")
    in_order(before, told, at)
    record = Record(len(entries) + 1, act, told.on)
    stays = left_standing(found, entries) if act is Act.WITHDRAWN else ()
    return write(case, found, entries, record, told, (), by, at, stays=stays)

"""What an outcome brings about: verbs of the kernel, each of which asks its own rule of whoever ends the step."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import Any

from jiceng.kernel.access import Actor
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people import actions as people
from jiceng.kernel.people.models import Membership, Person
from jiceng.lib.refusals import NotAllowed, Refused
from jiceng.ui.words import plain_date

from ..declarations import Effect, Procedure
from ..declarations.effects import MENDS, SAYS
from ..declarations.machine import Act, Record, Standing
from ..models import Case, Entry

type Do = Callable[[Person, date, Actor, datetime, Organisation | None], Any]


def _leave(how: Membership.End) -> Do:
    return lambda person, on, by, at, to: people.leave(person, how=how, on=on, by=by, at=at)


def _transfer(person: Person, on: date, by: Actor, at: datetime, to: Organisation | None) -> Any:
    if to is None:
        raise Refused("没有填转往哪个组织。")
    return people.transfer(person, to=to, on=on, by=by, at=at)


DO: dict[str, Do] = {
    "admit-member": lambda person, on, by, at, to: people.admit_applicant(person, on=on, by=by, at=at),
    "make-full-member": lambda person, on, by, at, to: people.confirm(person, on=on, by=by, at=at),
    "end-membership": _leave(Membership.End.LEFT),
    "suspend-membership": _leave(Membership.End.SUSPENDED),
    "record-death": _leave(Membership.End.DECEASED),
    "transfer": _transfer,
    "transfer-out": _leave(Membership.End.TRANSFERRED),
}
"""The verb of each effect that a file may name."""


def bring_about(case: Case, found: Procedure, record: Record, after: Standing, by: Actor, at: datetime) -> list[str]:
    """Runs what the record's outcome, and the end it leads to, bring about; what was done, in sentences. A verb that
    refuses stops the step with its own sentence."""
    said = []
    for effect in effects_of(found, record.step, record.key):
        on = _day(effect, record, after)
        if case.person is None:
            raise Refused(f"不知道是关于谁的，不能{SAYS[effect.do]}。")
        try:
            DO[effect.do](case.person, on, by, at, _to(effect, after))
        except NotAllowed as no:
            raise NotAllowed(f"办完这一步就要{SAYS[effect.do]}。{no}") from no
        except Refused as no:
            raise Refused(f"办完这一步就要{SAYS[effect.do]}，现在不能：{no}") from no
        said.append(f"{SAYS[effect.do]}，自 {plain_date(on)} 起")
    return said


def _to(effect: Effect, after: Standing) -> Organisation | None:
    ref = after.said.get(effect.to or "")
    return Organisation.objects.filter(ref=ref).first() if isinstance(ref, str) else None


def _day(effect: Effect, record: Record, after: Standing) -> date:
    if effect.on is None:
        return record.on
    if effect.on in after.done:
        return after.done[effect.on]
    told = after.said.get(effect.on)
    if not isinstance(told, str):
        raise Refused(f"{SAYS[effect.do]}的日期没有填，也没有办过那一步，不知道从哪天算起。")
    return date.fromisoformat(told)


def effects_of(found: Procedure, step: str, key: str) -> tuple[Effect, ...]:
    """What an outcome of a step brings about."""
    ended = found.find(step)
    outcome = ended.outcome_of(key) if ended else None
    return outcome.effects if outcome else ()


def left_standing(found: Procedure, entries: Iterable[Entry], touched: Collection[str] | None = None) -> list[str]:
    """What was brought about and stays although the case is stopped, or a day of it (`touched` are the steps whose
    entries are put right) changes: in sentences that say how that would be mended."""
    return [
        f"第 {one.number} 条已{SAYS[effect.do]}，没有随之改动；要改的，请另办：{MENDS[effect.do]}"
        for one in entries
        if one.act == Act.DONE
        for effect in effects_of(found, one.step, one.key)
        if touched is None or {one.step, effect.on} & set(touched)
    ]

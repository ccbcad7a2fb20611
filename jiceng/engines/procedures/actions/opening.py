"""How a case begins: opened on its day, or entered when it is already under way."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError
from django.db.models import Model
from django.utils import timezone

from jiceng.kernel.access import Actor, action
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Person
from jiceng.kernel.people.rules import see as see_person
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..declarations import Procedure
from ..declarations.machine import Act, Record, standing
from ..models import Case
from .writing import Told, checked, edition_of, keep_entry, require, stand, wait


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
    said = checked(found.field, told.said, by)
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
    record = Record(1, Act.ENTERED, told.on, step, said=checked(found.field, told.said, by), done=done)
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
    if found.about != "person" and not title.strip():
        raise Refused("请给这件事起个名称。")
    if told.on > timezone.localdate(at):
        raise Refused("日期不能晚于今天。")
    require(found.opens, subject, by, f"能立这件事的是：{found.opens.said}。")
    wanted = None if found.about == "organisation" else found.about
    given = about._meta.model_name if about is not None else None
    if given != wanted:
        raise Refused(MISSING[found.about])
    if isinstance(about, Person):
        _may_be_about(about, subject, found, by)
    called = found.name if found.about == "person" else title.strip()
    case = Case(organisation=subject, edition=edition_of(found), title=called[:120], opened_on=told.on)
    if wanted:
        setattr(case, wanted, about)
    return found, case


MISSING = {
    "organisation": "这件事不用选人、单位或地方。", "unit": "请选有关单位。", "place": "请选有关地方。", "person": "请选有关的人。",
}  # fmt: skip


def _may_be_about(person: Person, subject: Organisation, found: Procedure, by: Actor) -> None:
    if person.organisation_id != subject.pk or hasattr(person, "union") or hasattr(person, "purge"):
        raise Refused(f"“{subject.name}”没有这个人的档案，或者档案已经并档、清除。请先登记，再立项。")
    if by.kind != "command":
        see_person.require(by, person)
    going = Case.objects.filter(person=person, edition__key=found.key, state__in=("running", "suspended")).first()
    if going is not None:
        raise Refused(f"“{person.name}”的“{found.name}”{going.opened_on} 已经立项，还没有办完，不用再立。")


def _first(found: Procedure, case: Case, record: Record, told: Told, by: Actor, at: datetime) -> Case:
    now = standing(found, [record])
    stand(case, found, now, 1)
    case.save()
    try:
        keep_entry(case, record, told, (), by, at)
    except IntegrityError:
        raise Refused("这件事刚才已经立项，请到事项里去看。") from None
    wait(case, now)
    return case

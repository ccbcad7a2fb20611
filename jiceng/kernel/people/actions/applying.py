"""Those who have applied and are no members yet, and their becoming probationary members."""

from dataclasses import dataclass
from datetime import date, datetime

from jiceng.kernel.access import Actor, action
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib import numbers
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..models import Membership, Particulars, Person
from .admission import day_of, may_hold, not_later_than_today, said, stored, write_name_keys
from .entries import GROWN_UP, Told, birthday, faults_of_name, faults_of_number, faults_of_told


@dataclass(frozen=True)
class Applicant:
    """What is written of somebody who applies: who they are, and the codes of schooling and work. Nothing else."""

    name: str
    sex: str
    told: Told
    number: str = ""
    document: str = Person.Document.RESIDENT_ID
    birth_on: date | None = None
    ethnicity: str = "01"
    phone: str = ""

    @property
    def born_on(self) -> date:
        """The birth date that was given, or that of the ID number. Ask only when there are no faults."""
        return self.birth_on or numbers.resident_id(self.number).birth_on


@action(rules.note_applicant)
def note_applicant(subject: Organisation, *, new: Applicant, on: date, by: Actor, at: datetime) -> Person:
    """Begins a record for somebody who handed in an application on that day: no member, counted nowhere.

    Raises Refused for whoever is under eighteen (党章 第一条) or has a record already.
    """
    tree.hold_tree(subject)
    may_hold(subject, on)
    not_later_than_today(on, at)
    wrong = [
        *faults_of_name(new.name), *faults_of_number(new.number, new.document, new.birth_on, new.sex),
        *faults_of_told(new.told),
    ]  # fmt: skip
    if wrong:
        raise Refused("".join(fault.sentence for fault in wrong))
    if on < birthday(new.born_on, GROWN_UP):
        raise Refused(f"{on} 还不满十八岁，满了再申请（《中国共产党章程》第一条）。")
    person = stored(subject, new, is_member=False)
    Particulars.objects.create(person=person, since=on, **said(new.told))
    return person


@action(rules.move_applicant)
def move_applicant(subject: Person, *, to: Organisation, by: Actor, at: datetime) -> Person:
    """The record of somebody who is no member yet goes to the organisation that goes on with the application. The
    actor's office must be above both ends."""
    tree.hold_tree(to)
    rules.move_applicant.require(by, to)
    subject.refresh_from_db()
    if subject.is_member:
        raise Refused(f"“{subject.name}”是党员，请办理组织关系转接。")
    may_hold(to, day_of(at))
    subject.organisation = to
    subject.save(update_fields=["organisation"])
    return subject


@action(rules.admit_applicant)
def admit_applicant(subject: Person, *, on: date, by: Actor, at: datetime) -> Membership:
    """From that day a probationary member of the organisation that has the record: the day of the members' meeting
    that admitted them, from which the probation is reckoned (党章 第七条)."""
    subject.refresh_from_db()
    home = subject.organisation
    if home is None or hasattr(subject, "purge") or hasattr(subject, "union"):
        raise Refused("这份档案不在任何组织，或者已经并档、清除，不能接收为预备党员。")
    tree.hold_tree(home)
    not_later_than_today(on, at)
    may_hold(home, on)
    if subject.is_member:
        raise Refused(f"“{subject.name}”已经是党员。")
    if on < birthday(subject.birth_on, GROWN_UP):
        raise Refused(f"“{subject.name}”{on} 还不满十八岁，不能入党（《中国共产党章程》第一条）。")
    last = queries.memberships(subject).last()
    if last is not None and (last.until is None or on < last.until):
        raise Refused(f"“{subject.name}”以前的党籍到 {last.until} 为止，日期不能更早。")
    subject.joined_on, subject.joined_to, subject.full_on = on, Person.Precision.DAY, None
    subject.is_member = True
    subject.save(update_fields=["joined_on", "joined_to", "full_on", "is_member"])
    write_name_keys(subject)
    return Membership.objects.create(
        person=subject, organisation=home, kind=Membership.Kind.PROBATIONARY, since=on,
        start=Membership.Start.ADMITTED,
    )  # fmt: skip

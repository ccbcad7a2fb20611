"""Registering people as members, and 预备转正."""

from datetime import date, datetime
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.utils import timezone

from jiceng.kernel.access import Actor, action
from jiceng.kernel.history.models import end
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.models import Form, Organisation
from jiceng.lib import text
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..models import Floating, Membership, NameKey, Particulars, Person
from .entries import NewMember, Told, faults_of
from .sealed import digest_of, seal

HOLDS_NO_MEMBERS = (Form.TEMPORARY, Form.FUNCTIONAL)
"""Members work there, and are counted where they come from."""


@action(rules.admit)
def admit(subject: Organisation, *, new: NewMember, by: Actor, at: datetime) -> Person:
    """Registers a person as a member of `subject`: one record for life, a first membership, first particulars."""
    tree.hold_tree(subject)
    may_hold(subject, new.since)
    wrong = list(faults_of(new, today=day_of(at)))
    if wrong:
        raise Refused("".join(fault.sentence for fault in wrong))
    person = stored(subject, new, is_member=True, joined_on=new.joined_on, joined_to=new.joined_to, full_on=new.full_on)
    Membership.objects.create(person=person, organisation=subject, kind=new.kind, start=new.start, since=new.since)
    Particulars.objects.create(person=person, since=new.since, **said(new.told))
    if new.floats_since:
        Floating.objects.create(
            person=person, organisation=subject, since=new.floats_since, destination_id=new.floats_to,
            where=new.floats_where.strip(),
        )  # fmt: skip
    return person


class Described(Protocol):
    """What is written of anybody who is registered."""

    @property
    def name(self) -> str: ...
    @property
    def sex(self) -> str: ...
    @property
    def ethnicity(self) -> str: ...
    @property
    def document(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def born_on(self) -> date: ...


def stored(organisation: Organisation, new: Described, **more: Any) -> Person:
    """A new record, its numbers sealed. Raises Refused for a number that somebody has already."""
    person = Person(
        organisation=organisation, name=new.name.strip(), sex=new.sex, birth_on=new.born_on, ethnicity=new.ethnicity,
        document=new.document, **more,
    )  # fmt: skip
    person.number_sealed = seal(person, "number", new.number)
    person.number_hash = digest_of(new.document, new.number)
    person.phone_sealed = seal(person, "phone", new.phone)
    if person.number_hash and queries.with_number(person.number_hash):
        raise Refused(NUMBER_TAKEN)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as race:
        raise Refused(NUMBER_TAKEN) from race
    write_name_keys(person)
    return person


NUMBER_TAKEN = "这个证件号码已经有档案，不能重复登记。请用“按号码查找”找到本人，再办理组织关系转接。"


def may_hold(organisation: Organisation, on: date) -> None:
    """Raises Refused unless members can belong to the organisation from that day on."""
    if organisation.closed_on:
        raise Refused(f"“{organisation.name}”已于 {organisation.closed_on} 撤销，不能再登记或转入党员。")
    if on < organisation.founded_on:
        raise Refused(f"“{organisation.name}”{organisation.founded_on} 才成立，日期不能更早。")
    if organisation.form in HOLDS_NO_MEMBERS:
        raise Refused(f"“{organisation.name}”是{organisation.get_form_display()}组织，不接转党籍；请办理借用。")


def said(told: Told) -> dict[str, Any]:
    """The columns of one row of particulars."""
    return {
        "education": told.education, "degree": told.degree, "occupation": told.occupation, "grade": told.grade,
        "station": told.station, "unit_id": told.unit, "hardship": told.hardship, "skilled": told.skilled,
    }  # fmt: skip


def write_name_keys(person: Person) -> None:
    """Makes a member findable by the name they bear now, where they are now; nobody else is found by name."""
    NameKey.objects.filter(person=person).delete()
    home = person.organisation_id if person.is_member else None
    keys = text.name_keys(person.name)
    NameKey.objects.bulk_create([NameKey(person=person, key=key, organisation_id=home) for key in keys])


@action(rules.confirm)
def confirm(subject: Person, *, on: date, by: Actor, at: datetime) -> Membership:
    """预备转正: a probationary member is a full one from that day."""
    row = open_membership(subject)
    if row.kind != Membership.Kind.PROBATIONARY:
        raise Refused(f"“{subject.name}”已经是正式党员。")
    not_later_than_today(on, at)
    if on <= row.since:
        raise Refused(f"转正日期要晚于 {row.since}（成为本组织预备党员的日期）。")
    Person.objects.filter(pk=subject.pk).update(full_on=on)
    subject.full_on = on
    return follow(
        row, on=on, ends=Membership.End.CONFIRMED, start=Membership.Start.CONFIRMED, kind=Membership.Kind.FULL
    )


def open_membership(person: Person) -> Membership:
    """What the person belongs to with no end known. Raises Refused where there is none."""
    person.refresh_from_db()
    row = Membership.objects.open().filter(person=person).select_related("organisation").first()
    if row is None:
        raise Refused(f"“{person.name}”现在没有党籍记录，不能办理。")
    return row


def day_of(at: datetime) -> date:
    """The calendar day of a moment where people live."""
    return timezone.localtime(at).date()


def not_later_than_today(on: date, at: datetime) -> None:
    """Raises Refused for a day that has not come."""
    if on > day_of(at):
        raise Refused("日期不能晚于今天；还没有发生的事，到时再办。")


def follow(row: Membership, *, on: date, ends: str, start: str, **changes: Any) -> Membership:
    """Ends a membership on a day and begins the next one there. The day must be later than its beginning."""
    end([row], on=on, end=ends)
    kept = {"person_id": row.person_id, "organisation_id": row.organisation_id, "kind": row.kind}
    return Membership.objects.create(**{**kept, **changes}, since=on, start=start)

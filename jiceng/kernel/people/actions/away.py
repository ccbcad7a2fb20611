"""流动 and 借用: members who are elsewhere, and stay counted at home."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.history.models import CHUNK, correct, end
from jiceng.kernel.journal.bulk import insert
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.models import Form, Organisation
from jiceng.lib.refusals import Refused, RowsRefused

from .. import rules
from ..models import Floating, Loan, Membership, Person
from .admission import not_later_than_today, open_membership
from .moving import Moved


@dataclass(frozen=True)
class Away:
    """One member of a list who floats: since when, to which organisation (its id) if to one, and where."""

    person: int
    since: date
    to: int | None = None
    where: str = ""


@action(rules.float_away)
def float_away(
    subject: Person, *, on: date, where: str, by: Actor, at: datetime, to: Organisation | None = None
) -> Floating:
    """The member is away from that day. The membership stays; an organisation at the destination may receive them."""
    row = open_membership(subject)
    not_later_than_today(on, at)
    if on < row.since:
        raise Refused(f"外出日期不能早于 {row.since}（{subject.name}到本组织的日期）。")
    if not where.strip() and to is None:
        raise Refused("请写明流入地，或选定流入地组织。")
    if to is not None and (to.closed_on or to.pk == row.organisation_id):
        raise Refused(f"“{to.name}”不能作为流入地组织：已经撤销，或就是党员现在的组织。")
    if Floating.objects.from_day(on).filter(person=subject).exists():
        raise Refused(f"“{subject.name}”已经登记为流动党员，请先办理返回。")
    return Floating.objects.create(
        person=subject, organisation_id=row.organisation_id, destination=to, since=on,
        where=where.strip() or (to.name[:80] if to else ""),
    )  # fmt: skip


@action(rules.float_many)
def float_many(subject: Organisation, *, rows: Sequence[Away], by: Actor, at: datetime) -> Moved:
    """A list of members of organisations at or below `subject` who are away."""
    tree.hold_tree(subject)
    homes = _homes(subject, [row.person for row in rows])
    floating = set(Floating.objects.open().filter(person__in=list(homes)).values_list("person_id", flat=True))
    faults = []
    for number, row in enumerate(rows, start=1):
        home = homes.get(row.person)
        not_later_than_today(row.since, at)
        if home is None or row.since < home.since:
            faults.append((number, f"这一天“{subject.name}”之下没有这名党员。"))
        elif row.person in floating:
            faults.append((number, "这名党员已经登记为流动党员。"))
        elif not row.where.strip() and row.to is None:
            faults.append((number, "请写明流入地，或选定流入地组织。"))
    if faults:
        raise RowsRefused(faults)
    insert(
        Floating(
            person_id=row.person, organisation_id=homes[row.person].organisation_id, destination_id=row.to,
            since=row.since, where=row.where.strip(),
        )
        for row in rows
    )  # fmt: skip
    return Moved(len(rows), bulk_root((row.person, row.to, row.since) for row in rows))


def _homes(subject: Organisation, people: list[int]) -> dict[int, Membership]:
    """The open memberships at or below the subject, by person."""
    found = Membership.objects.open().filter(organisation__path__under=subject.path)
    return {
        row.person_id: row
        for first in range(0, len(people), CHUNK)
        for row in found.filter(person__in=people[first : first + CHUNK])
    }


@action(rules.float_home)
def float_home(subject: Person, *, on: date, by: Actor, at: datetime) -> Person:
    """The member is back from that day."""
    not_later_than_today(on, at)
    row = _floating(subject)
    if on < row.since:
        raise Refused(f"返回日期不能早于 {row.since}（外出日期）。")
    end([row], on=on)
    return subject


def _floating(person: Person) -> Floating:
    row = Floating.objects.open().filter(person=person).first()
    if row is None:
        raise Refused(f"“{person.name}”没有登记为流动党员。")
    return row


@action(rules.receive)
def receive(subject: Organisation, *, person: Person, on: date, by: Actor, at: datetime) -> Floating:
    """The organisation at the destination takes a floating member in: both ends see them from now on."""
    tree.hold_tree(subject)
    not_later_than_today(on, at)
    row = _floating(person)
    if row.destination_id != subject.pk:
        raise Refused(f"流出地没有把“{person.name}”登记到“{subject.name}”，请先和流出地组织联系。")
    if on < row.since:
        raise Refused(f"接收日期不能早于 {row.since}（外出日期）。")
    if row.received_on:
        raise Refused(f"“{person.name}”已于 {row.received_on} 接收。")
    (received,) = correct([row], received_on=on)
    assert isinstance(received, Floating)
    return received


@action(rules.lend)
def lend(subject: Person, *, to: Organisation, on: date, by: Actor, at: datetime) -> Loan:
    """The member works in a temporary organisation from that day; the membership is counted at home."""
    tree.hold_tree(to)
    row = open_membership(subject)
    not_later_than_today(on, at)
    _may_borrow(to)
    if on < row.since:
        raise Refused(f"借用日期不能早于 {row.since}（{subject.name}到本组织的日期）。")
    if Loan.objects.from_day(on).filter(person=subject, organisation=to).exists():
        raise Refused(f"“{subject.name}”已经借给“{to.name}”。")
    return Loan.objects.create(person=subject, organisation=to, since=on)


@action(rules.lend_many)
def lend_many(
    subject: Organisation, *, people: Sequence[int], to: Organisation, on: date, by: Actor, at: datetime
) -> Moved:
    """A list of members of organisations at or below `subject` works in a temporary organisation from that day."""
    tree.hold_tree(subject, to)
    not_later_than_today(on, at)
    _may_borrow(to)
    homes = _homes(subject, list(people))
    lent = set(Loan.objects.open().filter(organisation=to).values_list("person_id", flat=True))
    faults = [
        (number, f"这一天“{subject.name}”之下没有这名党员，或他已经借给“{to.name}”。")
        for number, person in enumerate(people, start=1)
        if person not in homes or homes[person].since > on or person in lent
    ]
    if faults:
        raise RowsRefused(faults)
    insert(Loan(person_id=person, organisation=to, since=on) for person in people)
    return Moved(len(people), bulk_root((person, to.pk, on) for person in people))


def _may_borrow(to: Organisation) -> None:
    if to.form != Form.TEMPORARY:
        raise Refused(f"“{to.name}”不是临时组织；党员只能借给临时组织，其他情况请办理组织关系转接。")
    if to.closed_on:
        raise Refused(f"“{to.name}”已于 {to.closed_on} 撤销。")


@action(rules.take_back)
def take_back(subject: Person, *, of: Organisation, on: date, by: Actor, at: datetime) -> Person:
    """The member no longer works in the temporary organisation from that day."""
    not_later_than_today(on, at)
    row = Loan.objects.open().filter(person=subject, organisation=of).first()
    if row is None:
        raise Refused(f"“{subject.name}”没有借给“{of.name}”。")
    if on < row.since:
        raise Refused(f"收回日期不能早于 {row.since}（借出日期）。")
    end([row], on=on)
    return subject

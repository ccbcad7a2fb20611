"""Moving members between organisations, and their leaving."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.history.models import CHUNK, end
from jiceng.kernel.journal.bulk import insert
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refusals import Refused, RowsRefused

from .. import rules
from ..models import Floating, Loan, Membership, NameKey, Person
from .admission import follow, may_hold, not_later_than_today, open_membership


@dataclass(frozen=True)
class Moved:
    """What a bulk verb did: how many members, and the digest of its rows."""

    rows: int
    root: str


LEAVINGS = (
    Membership.End.DECEASED, Membership.End.LEFT, Membership.End.SUSPENDED, Membership.End.TRANSFERRED,
)  # fmt: skip
"""How a member leaves the platform's organisations; 转出 here means to outside them."""


@action(rules.transfer)
def transfer(subject: Person, *, to: Organisation, on: date, by: Actor, at: datetime) -> Membership:
    """组织关系转接: from that day a member of `to`. The actor's office must be above both ends."""
    tree.hold_tree(to)
    rules.transfer.require(by, to)
    row = open_membership(subject)
    not_later_than_today(on, at)
    may_hold(to, on)
    if row.organisation_id == to.pk:
        raise Refused(f"“{subject.name}”已经在“{to.name}”。")
    if on <= row.since:
        raise Refused(f"转接日期要晚于 {row.since}（{subject.name}到现在这个组织的日期）。")
    _stop_floating(Floating.objects.filter(person=subject), on)
    _belongs_to([subject.pk], to.pk)
    subject.organisation = to
    return follow(
        row, on=on, ends=Membership.End.TRANSFERRED, start=Membership.Start.TRANSFERRED, organisation_id=to.pk
    )


@action(rules.transfer_many)
def transfer_many(
    subject: Organisation, *, moves: Iterable[tuple[int, int]], on: date, by: Actor, at: datetime,
    start: Membership.Start = Membership.Start.TRANSFERRED,
) -> Moved:  # fmt: skip
    """Moves a list of (person id, organisation id); both ends of every move are at or below `subject`.

    Reorganisations (整建制划转) say so with `start=Membership.Start.REORGANISED`.
    """
    tree.hold_tree(subject)
    not_later_than_today(on, at)
    target = dict(moves)
    rows = _rows_to_move(subject, target, on)
    _ends_are_fit(subject, set(target.values()), on)
    _carry_over(rows, target, on, start)
    return Moved(len(rows), bulk_root((row.person_id, row.organisation_id, target[row.person_id]) for row in rows))


@action(rules.transfer_many)
def transfer_all(
    subject: Organisation, *, into: Iterable[tuple[Organisation, Organisation]], on: date, by: Actor, at: datetime
) -> Moved:
    """整建制划转: all members of each first organisation go to its second; both are at or below `subject`."""
    tree.hold_tree(subject)
    not_later_than_today(on, at)
    pairs = {source.pk: goal.pk for source, goal in into}
    members = Person.objects.filter(is_member=True, organisation__in=pairs).values_list("pk", "organisation_id")
    target = {person: pairs[home] for person, home in members.order_by("pk")}
    rows = _rows_to_move(subject, target, on)
    _ends_are_fit(subject, set(pairs.values()), on)
    _carry_over(rows, target, on, Membership.Start.REORGANISED)
    return Moved(len(rows), bulk_root((row.person_id, row.organisation_id, target[row.person_id]) for row in rows))


def _rows_to_move(subject: Organisation, target: dict[int, int], on: date) -> list[Membership]:
    """The open memberships of those who move. Raises RowsRefused with everybody who cannot."""
    rows = [row for some in _some(list(target)) for row in _open_rows(subject, some)]
    found = {row.person_id: row for row in rows}
    faults = []
    for number, (person, goal) in enumerate(target.items(), start=1):
        row = found.get(person)
        if row is None:
            faults.append((number, f"“{subject.name}”之下没有这名党员，或他现在没有党籍记录。"))
        elif row.since >= on:
            faults.append((number, f"转接日期要晚于 {row.since}（到现在这个组织的日期）。"))
        elif row.organisation_id == goal:
            faults.append((number, "这名党员已经在要转去的组织。"))
    if faults:
        raise RowsRefused(faults)
    return rows


def _open_rows(subject: Organisation, people: list[int]) -> QuerySet[Membership]:
    return Membership.objects.open().filter(person__in=people, organisation__path__under=subject.path).order_by("pk")


def _ends_are_fit(subject: Organisation, goals: set[int], on: date) -> None:
    fit = {goal.pk: goal for some in _some(sorted(goals)) for goal in Organisation.objects.filter(pk__in=some)}
    for pk in sorted(goals):
        if pk not in fit or not fit[pk].path.startswith(subject.path):
            raise Refused(f"要转去的组织不在“{subject.name}”之下，请由两头共同的上级办理。")
        may_hold(fit[pk], on)


def _carry_over(rows: list[Membership], target: dict[int, int], on: date, start: Membership.Start) -> None:
    reorganised = start == Membership.Start.REORGANISED
    end(rows, on=on, end=Membership.End.REORGANISED if reorganised else Membership.End.TRANSFERRED)
    insert(
        Membership(person_id=row.person_id, organisation_id=target[row.person_id], kind=row.kind, since=on, start=start)
        for row in rows
    )
    by_goal: dict[int, list[int]] = {}
    for row in rows:
        by_goal.setdefault(target[row.person_id], []).append(row.person_id)
    for goal, people in by_goal.items():
        for some in _some(people):
            _belongs_to(some, goal)
            floatings = Floating.objects.filter(person__in=some)
            if reorganised:
                _answer_for_floating(floatings, goal, on)
            else:
                _stop_floating(floatings, on)


def _belongs_to(people: list[int], organisation: int) -> None:
    """Today's copy of the membership, on the person and on the keys of the name."""
    Person.objects.filter(pk__in=people).update(organisation=organisation, is_member=True)
    NameKey.objects.filter(person__in=people).update(organisation=organisation)


def _answer_for_floating(rows: QuerySet[Floating], goal: int, on: date) -> None:
    """A branch that is moved as a whole stays away where it was: another organisation answers for it."""
    for row in rows.filter(superseded_at=None, until=None):
        end([row], on=on)
        Floating.objects.create(
            person_id=row.person_id, organisation_id=goal, destination_id=row.destination_id, where=row.where,
            received_on=row.received_on, since=max(row.since, on),
        )  # fmt: skip


def _stop_floating(rows: QuerySet[Floating], on: date) -> None:
    """Whoever belongs elsewhere from a day on no longer floats from here."""
    end(rows.filter(superseded_at=None, until=None), on=on)


def _some(keys: list[int]) -> Iterable[list[int]]:
    for first in range(0, len(keys), CHUNK):
        yield keys[first : first + CHUNK]


@action(rules.leave)
def leave(subject: Person, *, how: Membership.End, on: date, by: Actor, at: datetime) -> Membership:
    """No longer a member from that day: died, left the Party, suspended, or transferred to outside the platform."""
    if how not in LEAVINGS:
        raise Refused(f"离开的原因只能是：{'、'.join(way.label for way in LEAVINGS)}。")
    row = open_membership(subject)
    not_later_than_today(on, at)
    if on <= row.since:
        raise Refused(f"日期要晚于 {row.since}（{subject.name}到现在这个组织的日期）；登记错了的，请办理更正。")
    end([row], on=on, end=how)
    _stop_floating(Floating.objects.filter(person=subject), on)
    end(Loan.objects.open().filter(person=subject), on=on)
    Person.objects.filter(pk=subject.pk).update(is_member=False)
    NameKey.objects.filter(person=subject).update(organisation=None)
    subject.is_member = False
    return Membership.objects.known().get(person=subject, until=on)


@action(rules.restore)
def restore(subject: Person, *, to: Organisation, on: date, by: Actor, at: datetime) -> Membership:
    """恢复党籍: somebody who had left or was suspended is a member again, of `to`, from that day."""
    tree.hold_tree(to)
    rules.restore.require(by, to)
    subject.refresh_from_db()
    last = Membership.objects.known().filter(person=subject).order_by("-since").first()
    if subject.is_member or last is None:
        raise Refused(f"“{subject.name}”没有可以恢复的党籍。")
    if last.end == Membership.End.DECEASED:
        raise Refused(f"“{subject.name}”登记为已去世，登记错了的，请办理更正。")
    not_later_than_today(on, at)
    may_hold(to, on)
    if last.until and on < last.until:
        raise Refused(f"恢复的日期不能早于 {last.until}（离开的日期）。")
    _belongs_to([subject.pk], to.pk)
    subject.organisation, subject.is_member = to, True
    return Membership.objects.create(
        person=subject, organisation=to, kind=last.kind, since=on, start=Membership.Start.RESTORED
    )

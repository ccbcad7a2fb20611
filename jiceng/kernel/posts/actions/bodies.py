"""Joint bodies: formed by one organisation, with seats held by people of others and units paired with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.history.models import CHUNK, end
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Person
from jiceng.kernel.units.models import Unit
from jiceng.lib.paths import is_under
from jiceng.lib.refusals import Refused

from .. import rules
from ..models import Formation, JointBody, PairedUnit, Seat
from ..queries import overlapping
from .bulk import Applied


@dataclass(frozen=True, slots=True)
class NewBody:
    """One joint body of a bulk verb, with the units paired with it."""

    organisation: int
    name: str
    kind: str
    since: date
    document: str = ""
    units: tuple[int, ...] = ()


@action(rules.form_body)
def form_body(
    subject: Organisation, *, name: str, kind: str, since: date, by: Actor, at: datetime, document: str = ""
) -> JointBody:
    """The organisation forms a joint body and answers for it."""
    tree.hold_tree(subject)
    if subject.closed_on is not None:
        raise Refused(f"“{subject.name}”已于 {subject.closed_on} 撤销。")
    if not name.strip():
        raise Refused("请写明名称。")
    living = Formation.objects.open().filter(body__organisation=subject, body__name=name.strip())
    if living.exists():
        raise Refused(f"“{subject.name}”已经有一个“{name.strip()}”。")
    body = JointBody.objects.create(organisation=subject, name=name.strip(), kind=JointBody.Kind(kind))
    Formation.objects.create(body=body, since=since, document=document.strip())
    return body


@action(rules.form_bodies)
def form_bodies(subject: Organisation, *, bodies: Sequence[NewBody], by: Actor, at: datetime) -> Applied:
    """Many joint bodies at or below `subject` at once, each with its paired units."""
    tree.hold_tree(subject)
    wanted = {new.organisation for new in bodies}
    below = Organisation.objects.in_bulk(wanted)
    if len(below) < len(wanted) or not all(is_under(one.path, subject.path) for one in below.values()):
        raise Refused(f"有的组织不在“{subject.name}”及其下级。")
    made = [
        JointBody(organisation_id=new.organisation, name=new.name.strip(), kind=JointBody.Kind(new.kind))
        for new in bodies
    ]
    JointBody.objects.bulk_create(made, batch_size=CHUNK)
    formed = zip(made, bodies, strict=True)
    Formation.objects.bulk_create(
        (Formation(body=body, since=new.since, document=new.document) for body, new in formed), batch_size=CHUNK
    )
    pairs = [(body, unit, new.since) for body, new in zip(made, bodies, strict=True) for unit in new.units]
    PairedUnit.objects.bulk_create(
        (PairedUnit(body=body, unit_id=unit, since=since) for body, unit, since in pairs), batch_size=CHUNK
    )
    return Applied(len(made), bulk_root((new.organisation, new.kind, new.since, new.units) for new in bodies))


@action(rules.dissolve_body)
def dissolve_body(subject: JointBody, *, on: date, reason: str, by: Actor, at: datetime) -> JointBody:
    """The body ends that day, and with it its seats and pairs."""
    formed = _formed(subject, on)
    if not reason.strip():
        raise Refused("请写明撤销事由。")
    if on <= formed.since:
        raise Refused(f"撤销日期要晚于组建日期 {formed.since}。")
    later = [
        rows.filter(body=subject, since__gte=on).exists() for rows in (Seat.objects.open(), PairedUnit.objects.open())
    ]
    if any(later):
        raise Refused("这一天之后还有新的席位或共建单位，请改用更晚的日期。")
    end(Seat.objects.known().filter(body=subject, until=None), on=on)
    end(PairedUnit.objects.known().filter(body=subject, until=None), on=on)
    end([formed], on=on, reason=reason.strip())
    return subject


@action(rules.seat)
def seat(
    subject: JointBody, *, person: Person, represented: Organisation, since: date, by: Actor, at: datetime,
    capacity: str = Seat.Capacity.MEMBER, until: date | None = None,
) -> Seat:  # fmt: skip
    """A person takes a seat for the organisation that he represents; that organisation sees the body from then on."""
    tree.hold_tree(represented)
    _formed(subject, since)
    if represented.closed_on is not None:
        raise Refused(f"“{represented.name}”已于 {represented.closed_on} 撤销，不能再派代表。")
    if until is not None and until <= since:
        raise Refused("离席日期要晚于就任日期。")
    JointBody.objects.select_for_update().get(pk=subject.pk)
    held = overlapping(Seat.objects.known(), since, until).filter(body=subject, person=person).first()
    if held is not None:
        raise Refused(f"{person.name}从 {held.since} 起已有席位。")
    return Seat.objects.create(
        body=subject, person=person, represented=represented, since=since, until=until,
        capacity=Seat.Capacity(capacity),
    )  # fmt: skip


@action(rules.unseat)
def unseat(subject: Seat, *, on: date, by: Actor, at: datetime) -> JointBody:
    """The person leaves the seat: that day is the first without it."""
    if subject.superseded_at is not None or subject.until is not None:
        raise Refused("这个席位已经结束，请刷新页面。")
    if on <= subject.since:
        raise Refused(f"离席日期要晚于就任日期 {subject.since}。")
    end([subject], on=on)
    return subject.body


@action(rules.pair_unit)
def pair_unit(subject: JointBody, *, unit: Unit, since: date, by: Actor, at: datetime) -> PairedUnit:
    """A unit builds together with the body from that day on."""
    _formed(subject, since)
    JointBody.objects.select_for_update().get(pk=subject.pk)
    if overlapping(PairedUnit.objects.known(), since, None).filter(body=subject, unit=unit).exists():
        raise Refused(f"“{unit.name}”已经是共建单位。")
    return PairedUnit.objects.create(body=subject, unit=unit, since=since)


@action(rules.unpair_unit)
def unpair_unit(subject: PairedUnit, *, on: date, by: Actor, at: datetime) -> JointBody:
    """The unit no longer builds together with the body."""
    if subject.superseded_at is not None or subject.until is not None:
        raise Refused("这项共建已经结束，请刷新页面。")
    if on <= subject.since:
        raise Refused(f"结束日期要晚于开始日期 {subject.since}。")
    end([subject], on=on)
    return subject.body


def _formed(body: JointBody, day: date) -> Formation:
    found = Formation.objects.known().filter(body=body).get()
    if found.until is not None:
        raise Refused(f"“{body.name}”已于 {found.until} 撤销。")
    if day < found.since:
        raise Refused(f"“{body.name}”在 {found.since} 才组建，日期不能更早。")
    return found

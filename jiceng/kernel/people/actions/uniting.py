"""Two records of one person made into one, and a record destroyed under a decision."""

from collections.abc import Callable
from datetime import date, datetime

from django.db.models import Min, Model, Q

from jiceng.kernel.access import Actor, action
from jiceng.kernel.history.models import copies, end
from jiceng.lib.refusals import Refused

from .. import rules
from ..models import (
    Correction,
    Floating,
    Loan,
    Look,
    Membership,
    NameKey,
    Particulars,
    Person,
    Purge,
    Renumbering,
    StagedMember,
    Union,
)
from .admission import day_of

PURGED = "（已清除）"

type Follow = Callable[[Person, Person, Actor], None]
"""Takes what an area holds of the dropped record over to the kept one, or raises Refused. Runs inside the verb."""

_follows: dict[type[Model], Follow] = {}


def unions_are_followed(follow: Follow, *of: type[Model]) -> None:
    """Hands over, once at project start, what becomes of an area's records about a dropped person; areas with such
    records stand above this one. What nobody has handed over keeps a union from being made."""
    _follows.update(dict.fromkeys(of, follow))


@action(rules.unite)
def unite(subject: Person, *, dropped: Person, reason: str, by: Actor, at: datetime) -> Union:
    """并档: `dropped` is the same person as `subject`. Its earlier history and its loans go over, and what areas above
    hold of it follows; of its membership, particulars and floating beside the kept ones nothing is believed any more.
    """
    rules.unite.require(by, dropped)
    subject.refresh_from_db()
    dropped.refresh_from_db()
    if subject.pk == dropped.pk:
        raise Refused("不能和自己并档。")
    if hasattr(subject, "union") or hasattr(dropped, "union"):
        raise Refused("其中一份档案已经并入别的档案。")
    if subject.birth_on != dropped.birth_on or subject.sex != dropped.sex:
        raise Refused("两份档案的出生日期或性别不同，不像同一个人；登记错了的，请先更正。")
    if not reason.strip():
        raise Refused("请写明事由：凭什么认定是同一个人。")
    _take_over(subject, dropped)
    _take_over_loans(subject, dropped)
    Look.objects.filter(person=dropped).update(person=subject)
    for follow in dict.fromkeys(_follows.values()):
        follow(subject, dropped, by)
    _nothing_is_left(dropped)
    NameKey.objects.filter(person=dropped).delete()
    Person.objects.filter(pk=dropped.pk).update(is_member=False)
    return Union.objects.create(kept=subject, dropped=dropped, reason=reason.strip(), by_name=by.name, at=at)


def _take_over(kept: Person, dropped: Person) -> None:
    """What the dropped record says of the time before the kept one begins is said of the kept one."""
    begins = Membership.objects.known().filter(person=kept).aggregate(first=Min("since"))["first"]
    if begins is None:
        raise Refused("要保留的档案没有党籍记录，请保留另一份。")
    for model, cut in ((Membership, {"end": Membership.End.TRANSFERRED}), (Particulars, {}), (Floating, {})):
        rows = list(model.objects.known().filter(person=dropped, since__lt=begins).order_by("since"))
        whole = [row for row in rows if row.until and row.until <= begins]
        over = copies(whole, person_id=kept.pk)
        over += copies((row for row in rows if row not in whole), person_id=kept.pk, until=begins, **cut)
        model.objects.known().filter(person=dropped).supersede()
        model.objects.bulk_create(over)


def _take_over_loans(kept: Person, dropped: Person) -> None:
    """Work in temporary organisations was done by one person; said twice of the same days it is said once."""
    known = list(Loan.objects.known().filter(person=kept))
    rows = Loan.objects.known().filter(person=dropped)
    over = [row for row in rows if not any(_same_days(row, own) for own in known)]
    rows.supersede()
    Loan.objects.bulk_create(copies(over, person_id=kept.pk))


def _same_days(one: Loan, other: Loan) -> bool:
    if one.organisation_id != other.organisation_id:
        return False
    return (one.until is None or other.since < one.until) and (other.until is None or one.since < other.until)


def _nothing_is_left(dropped: Person) -> None:
    """Raises Refused where a record of another area still points to the dropped person and nobody takes it over."""
    for relation in Person._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if not relation.auto_created or relation.concrete or not isinstance(model, type) or model in _follows:
            continue
        if model._meta.app_label == Person._meta.app_label or not model._meta.managed:
            continue
        if model._base_manager.filter(**{relation.field.name: dropped}).exists():  # type: ignore[union-attr]
            raise Refused(f"要并掉的档案还有“{model._meta.verbose_name}”，不能随并档转过来；请先办结，再并档。")


@action(rules.purge)
def purge(subject: Person, *, decision: str, by: Actor, at: datetime) -> Purge:
    """清除: destroys what tells who the person was. Figures stay, and so does the journal, which holds ids only."""
    subject.refresh_from_db()
    if subject.is_member:
        raise Refused(f"“{subject.name}”现在是党员，档案不能清除。")
    if not decision.strip():
        raise Refused("请写明依据的决定（文号）。")
    if hasattr(subject, "purge"):
        raise Refused("这份档案已经清除。")
    _forget(subject)
    end(Floating.objects.open().filter(person=subject), on=day_of(at))
    Floating.objects.filter(person=subject).update(where=PURGED)
    Correction.objects.filter(person=subject).update(told_sealed=None, reason=PURGED)
    Renumbering.objects.filter(person=subject).update(old_hash=None, reason=PURGED)
    Union.objects.filter(kept=subject).update(reason=PURGED)
    NameKey.objects.filter(person=subject).delete()
    return Purge.objects.create(person=subject, decision=decision.strip(), by_name=by.name, at=at)


def _forget(person: Person) -> None:
    person.name, person.salt = PURGED, b""
    person.number_sealed = person.number_hash = person.phone_sealed = None
    # The year stays, for the figures of earlier years.
    person.birth_on = date(person.birth_on.year, 1, 1)
    StagedMember.objects.filter(Q(ref=person.ref) | Q(person=person.pk)).delete()
    person.save(update_fields=["name", "salt", "number_sealed", "number_hash", "phone_sealed", "birth_on"])

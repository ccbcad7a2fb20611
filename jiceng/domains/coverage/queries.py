"""Reads of coverage: who covers what on a day, what is covered by nobody, and what the regulations advise."""

from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Membership, Particulars
from jiceng.kernel.units.models import Unit, UnitState

from .models import Coverage, Pairing, Spell

JOINT_AT_MOST = 5
"""《中国共产党支部工作条例（试行）》第五条：联合党支部覆盖单位一般不超过5个。"""

OWN_FROM = 3
"""《中国共产党支部工作条例（试行）》第四条：凡是有正式党员3人以上的，都应当成立党支部。"""


def spells_on(day: date) -> QuerySet[Spell]:
    """Every unit as it was on that day, one row each."""
    return Spell.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


def covering(unit: Unit, day: date) -> QuerySet[Coverage]:
    """Who covers the unit on that day."""
    return _living(Coverage.objects.on(day).filter(unit=unit), day).select_related("organisation").order_by("since")


def covered_by(organisation: Organisation, day: date) -> QuerySet[Coverage]:
    """What the organisation covers on that day."""
    found = Coverage.objects.on(day).filter(organisation=organisation)
    return _living(found, day).select_related("unit").order_by("unit__code")


def paired(organisation: Organisation, day: date) -> QuerySet[Pairing]:
    """Which units are paired with the organisation on that day."""
    return Pairing.objects.on(day).filter(organisation=organisation).select_related("unit").order_by("unit__code")


def _living(found: QuerySet[Coverage], day: date) -> QuerySet[Coverage]:
    return found.filter(Q(organisation__closed_on=None) | Q(organisation__closed_on__gt=day))


def advice_for(organisation: Organisation, day: date) -> list[str]:
    """What the regulations advise about the units that it covers; never more than a hint."""
    joint = covered_by(organisation, day).filter(form=Coverage.Form.JOINT).count()
    if joint <= JOINT_AT_MOST:
        return []
    return [
        f"“{organisation.name}”联合覆盖了 {joint} 个单位；联合党支部覆盖单位一般不超过 {JOINT_AT_MOST} 个"
        "（《中国共产党支部工作条例（试行）》第五条）。"
    ]


def advice_for_unit(unit: Unit, day: date) -> list[str]:
    """What the regulations advise about one unit; never more than a hint."""
    full = members_at(unit, day, full_only=True)
    if full < OWN_FROM or covering(unit, day).filter(form=Coverage.Form.SINGLE).exists():
        return []
    return [
        f"这个单位有 {full} 名正式党员；有正式党员 {OWN_FROM} 人以上的，都应当成立党支部"
        "（《中国共产党支部工作条例（试行）》第四条）。"
    ]


def members_at(unit: Unit, day: date, *, full_only: bool = False) -> int:
    """How many of the unit's staff were members on that day."""
    there = Particulars.objects.on(day).filter(unit=unit).values("person")
    members = Membership.objects.on(day).filter(person__in=there)
    return members.filter(kind=Membership.Kind.FULL).count() if full_only else members.count()


def form_on(day: date) -> Case:
    """How a unit is covered on that day, as an expression over units."""
    living = _living(Coverage.objects.on(day), day).filter(unit=OuterRef("pk"))
    return Case(
        When(Exists(living.filter(form=Coverage.Form.SINGLE)), then=Value(Spell.Form.SINGLE.value)),
        When(Exists(living.filter(form=Coverage.Form.JOINT)), then=Value(Spell.Form.JOINT.value)),
        default=Value(Spell.Form.NONE.value),
    )


def with_cover(units: QuerySet[Unit], day: date) -> QuerySet[Any]:
    """Units of that day with `cover` (how), `grade_now`, `staff_now`, and whether an instructor is sent (`sent`)."""
    state = UnitState.objects.on(day).filter(unit=OuterRef("pk"))
    sent = _living(Coverage.objects.on(day), day).filter(unit=OuterRef("pk"), form=Coverage.Form.INSTRUCTOR)
    return units.filter(Exists(state)).annotate(
        cover=form_on(day),
        grade_now=Subquery(state.values("grade")[:1]),
        staff_now=Subquery(state.values("staff")[:1]),
        sent=Exists(sent),
    )

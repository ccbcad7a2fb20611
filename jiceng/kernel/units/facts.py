"""What units offer for counting: which there were on a day, of what class and size."""

from collections.abc import Collection
from typing import Any

from django.db.models import F, IntegerField
from django.db.models.functions import Cast

from jiceng.kernel.access import Actor
from jiceng.lib.facts import Column, Fact

from . import rules
from .models import Unit, UnitState


def names(records: Collection[int], actor: Actor) -> dict[int, str]:
    """Units by their names."""
    seen = rules.see.among(Unit.objects.filter(pk__in=records), actor)
    return dict(seen.values_list("pk", "name"))


def _states() -> Any:
    return UnitState.objects.values(
        "organisation", "since", "until", "recorded_at", "superseded_at", "grade", "staff", "activity",
        record=F("unit"), kind=F("unit__kind"), has_premises=Cast("premises", IntegerField()),
    )  # fmt: skip


units = Fact(
    key="units",
    name="单位",
    grain="一个单位在一段日期里的一个样子；同一天一个单位只有一行",
    rows=_states,
    columns=(
        Column("kind", "类别", "code", tuple(Unit.Kind.choices)),
        Column("grade", "细分类别", "code"),
        Column("staff", "职工人数", "integer"),
        Column("has_premises", "有固定经营场所", "flag"),
        Column("activity", "经营状态", "code", tuple(UnitState.Activity.choices)),
    ),
    opens="unit",
    called=names,
)

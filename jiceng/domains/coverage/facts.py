"""What coverage offers for counting: units as they were, by whom covered, with how many members; and pairs."""

from typing import Any

from django.db.models import DateTimeField, F, Value

from jiceng.kernel.units.facts import names
from jiceng.kernel.units.models import Unit, UnitState
from jiceng.lib.facts import Column, Fact

from .models import Pairing, Spell


def _spells() -> Any:
    return Spell.objects.values(
        "organisation", "since", "until", "recorded_at", "grade", "staff", "activity", "members",
        "full_members", "form", "instructed", record=F("unit"), kind=F("unit__kind"),
        has_premises=F("premises"), superseded_at=Value(None, output_field=DateTimeField()),
    )  # fmt: skip


covered_units = Fact(
    key="covered_units",
    name="单位覆盖情况",
    grain="一个单位在一段没有变化的日期里的样子；同一天一个单位只有一行；只按现在所知，不能按当时所知重算",
    rows=_spells,
    columns=(
        Column("kind", "类别", "code", tuple(Unit.Kind.choices)),
        Column("grade", "细分类别", "code"),
        Column("staff", "职工人数", "integer"),
        Column("has_premises", "有固定经营场所", "flag"),
        Column("activity", "经营状态", "code", tuple(UnitState.Activity.choices)),
        Column("members", "党员人数", "integer"),
        Column("full_members", "正式党员人数", "integer"),
        Column("form", "覆盖方式", "code", tuple(Spell.Form.choices)),
        Column("instructed", "有党建指导员", "flag"),
    ),
    opens="unit",
    called=names,
)


def _pairings() -> Any:
    return Pairing.objects.values(
        "organisation", "since", "until", "recorded_at", "superseded_at", record=F("unit"), paired=F("unit"),
        kind=F("unit__kind"),
    )  # fmt: skip


pairings = Fact(
    key="pairings",
    name="结对",
    grain="一个单位和一个组织的一段结对；一个单位可以同时有几段",
    rows=_pairings,
    columns=(
        Column("kind", "单位类别", "code", tuple(Unit.Kind.choices)),
        Column("paired", "单位", "integer"),
    ),
    distinct="paired",
    opens="unit",
    called=names,
)

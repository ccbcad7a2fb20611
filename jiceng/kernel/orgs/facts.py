"""What organisations offer for counting: which there were on a day, and what was done to them in a period."""

from collections.abc import Collection
from typing import Any

from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Length

from jiceng.kernel.access import Actor
from jiceng.kernel.places.models import Level
from jiceng.lib.days import NextDay
from jiceng.lib.facts import Column, Fact
from jiceng.lib.paths import SEGMENT

from . import rules
from .models import Change, Form, Kind, Organisation, Standing


def names(records: Collection[int], actor: Actor) -> dict[int, str]:
    """Organisations by their names."""
    seen = rules.see.among(Organisation.objects.filter(pk__in=records), actor)
    return dict(seen.values_list("pk", "name"))


def _standings() -> Any:
    return Standing.objects.values(
        "organisation", "since", "until", "recorded_at", "superseded_at", "kind", "form",
        record=F("organisation"), level=Length("path") / SEGMENT, founded_on=F("organisation__founded_on"),
        place_level=F("organisation__place__level"),
    )  # fmt: skip


organisations = Fact(
    key="organisations",
    name="党组织",
    grain="一个组织在一段日期里的一个样子；同一天一个组织只有一行",
    rows=_standings,
    columns=(
        Column("kind", "类别", "code", tuple(Kind.choices)),
        Column("form", "组建形式", "code", tuple(Form.choices)),
        Column("level", "层级", "integer"),
        Column("place_level", "所在地层级", "code", tuple(Level.choices)),
        Column("founded_on", "成立日期", "date"),
    ),
    opens="organisation",
    called=names,
)


def _changes() -> Any:
    return Change.objects.values(
        "organisation", "kind", record=F("organisation"), changed=F("organisation"), since=F("on"),
        until=NextDay("on"), recorded_at=F("at"), superseded_at=Value(None, output_field=DateTimeField()),
        place_level=F("organisation__place__level"),
    )  # fmt: skip


organisation_changes = Fact(
    key="organisation_changes",
    name="党组织变动",
    grain="一次变动，算在生效那一天；同一组织在一段时间里可以有多次",
    rows=_changes,
    columns=(
        Column("kind", "变动种类", "code", tuple(Change.Kind.choices)),
        Column("place_level", "所在地层级", "code", tuple(Level.choices)),
        Column("changed", "组织", "integer"),
    ),
    distinct="changed",
    opens="organisation",
    called=names,
)

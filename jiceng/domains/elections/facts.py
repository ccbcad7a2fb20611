"""What elections offer for counting: each one that was held, and everybody who was elected."""

from collections.abc import Collection
from typing import Any

from django.db.models import DateField, DateTimeField, F, Value

from jiceng.kernel.access import Actor, Role
from jiceng.kernel.orgs.models import Kind
from jiceng.lib.facts import Column, Fact

from . import rules
from .models import Elected, Election

_NEVER = Value(None, output_field=DateTimeField())
_OPEN = Value(None, output_field=DateField())


def names(records: Collection[int], actor: Actor) -> dict[int, str]:
    """Elections by organisation and number."""
    seen = rules.see.among(Election.objects.filter(pk__in=records), actor).select_related("organisation")
    return {one.pk: f"{one.organisation.name}第 {one.number} 届" for one in seen}


def _elections() -> Any:
    return Election.objects.values(
        "organisation", "recorded_at", "timing", record=F("pk"), since=F("on"), until=_OPEN, superseded_at=_NEVER,
        kind=F("organisation__kind"),
    )  # fmt: skip


def _elected() -> Any:
    return Elected.objects.values(
        "role", "person", record=F("election"), organisation=F("election__organisation"), since=F("election__on"),
        until=_OPEN, recorded_at=F("election__recorded_at"), superseded_at=_NEVER, sex=F("person__sex"),
        birth_on=F("person__birth_on"),
    )  # fmt: skip


elections = Fact(
    key="elections",
    name="换届",
    grain="一个组织的一次换届，算在就任那天",
    rows=_elections,
    columns=(
        Column("timing", "早晚", "code", tuple(Election.Timing.choices)),
        Column("kind", "组织类别", "code", tuple(Kind.choices)),
    ),
    opens="election",
    called=names,
)

elected = Fact(
    key="elected",
    name="当选",
    grain="一个人在一次换届里当选一个职务；一个人可以当选几个，数人要去重",
    rows=_elected,
    columns=(
        Column("role", "职能", "code", tuple(Role.choices)),
        Column("sex", "性别", "code"),
        Column("birth_on", "出生日期", "date"),
        Column("person", "当选人", "integer"),
    ),
    distinct="person",
    opens="election",
    called=names,
)

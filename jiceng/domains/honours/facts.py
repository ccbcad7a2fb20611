"""What commendations offer for counting."""

from collections.abc import Collection
from typing import Any

from django.db.models import Case, CharField, F, Value, When

from jiceng.kernel.access import Actor
from jiceng.lib.facts import Column, Fact

from . import rules
from .models import Award

_TO = (("organisation", "组织"), ("person", "党员"))


def names(records: Collection[int], actor: Actor) -> dict[int, str]:
    """Awards by whom they went to, as far as the actor may see."""
    seen = rules.see.among(Award.objects.filter(pk__in=records), actor).select_related("person", "organisation")
    return {one.pk: f"{one.person.name if one.person else one.organisation.name}，{one.honour}" for one in seen}


def _awards() -> Any:
    to = Case(When(person=None, then=Value("organisation")), default=Value("person"), output_field=CharField())
    return Award.objects.values(
        "organisation", "since", "until", "recorded_at", "superseded_at", "category", "level", "person",
        record=F("pk"), to=to, home=F("organisation"),
    )  # fmt: skip


awards = Fact(
    key="awards",
    name="表彰",
    grain="一个组织或一名党员的一个称号，从授予到撤销；同一年可以有几个，数人数组织要去重（people 用 person，组织用 home）",
    rows=_awards,
    columns=(
        Column("category", "称号种类", "code", tuple(Award.Category.choices)),
        Column("level", "级别", "code", tuple(Award.Level.choices)),
        Column("to", "授给", "code", _TO),
        Column("person", "党员", "integer"),
        Column("home", "组织", "integer"),
    ),
    opens="award",
    called=names,
)

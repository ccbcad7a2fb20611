"""What cases offer for counting: those that were opened, and those that came to an end."""

from collections.abc import Collection
from typing import Any

from django.db.models import Case as Either
from django.db.models import DateField, DateTimeField, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from jiceng.kernel.access import Actor
from jiceng.lib.facts import Column, Fact

from . import rules
from .declarations.machine import Act, State
from .models import Case, Entry

OVER = (State.ENDED.value, State.WITHDRAWN.value)
_NEVER = Value(None, output_field=DateTimeField())


def names(records: Collection[int], actor: Actor) -> dict[int, str]:
    """What people call each of the cases that the actor may see."""
    return dict(rules.see.among(Case.objects.filter(pk__in=records), actor).values_list("pk", "title"))


def _written(number: Any) -> Subquery:
    """When the store wrote that entry of the case."""
    return Subquery(Entry.objects.filter(case=OuterRef("pk"), number=number).values("recorded_at"))


def _cases() -> Any:
    return Case.objects.values(
        "organisation", "end", "step", record=F("pk"), since=F("opened_on"),
        until=Either(When(state__in=OVER, then=F("stood_since")), output_field=DateField(null=True)),
        recorded_at=_written(1), superseded_at=_NEVER, procedure=F("edition__key"), fen=F("amount"),
        case_home=F("organisation"),
    )  # fmt: skip


def _ends() -> Any:
    return Case.objects.filter(state__in=OVER).values(
        "organisation", "end", record=F("pk"), since=F("stood_since"), until=Value(None, output_field=DateField()),
        recorded_at=_written(OuterRef("number")), superseded_at=_NEVER, procedure=F("edition__key"),
    )  # fmt: skip


def _steps() -> Any:
    mended = Entry.objects.filter(case=OuterRef("case"), of=OuterRef("number"), act=Act.CORRECTED).order_by("-number")
    return Entry.objects.filter(act=Act.DONE).values(
        "recorded_at", "step", record=F("case"), organisation=F("case__organisation"), done_case=F("case"),
        since=Coalesce(Subquery(mended.values("on")[:1]), F("on")), until=Value(None, output_field=DateField()),
        superseded_at=_NEVER, procedure=F("case__edition__key"), outcome=F("key"), fen=F("case__amount"),
    )  # fmt: skip


def _meetings() -> Any:
    return Entry.objects.filter(act=Act.MET).values(
        "recorded_at", "step", record=F("case"), organisation=F("case__organisation"), sitting=F("meeting"),
        since=F("meeting__held_on"), until=Value(None, output_field=DateField()), superseded_at=_NEVER,
        procedure=F("case__edition__key"),
    )  # fmt: skip


cases = Fact(
    key="cases",
    name="事项",
    grain="按程序办的一件事，从立项到办结或撤回；只按现在所知，不能按当时所知重算",
    rows=_cases,
    columns=(
        Column("procedure", "程序", "code"),
        Column("fen", "涉及金额", "money"),
        Column("step", "正办的一步", "code"),
        Column("end", "结局", "code"),
        Column("case_home", "办理组织", "integer"),
    ),
    distinct="case_home",
    opens="case",
    called=names,
)

case_ends = Fact(
    key="case-ends",
    name="办结和撤回的事项",
    grain="一件办结或撤回的事，算在办结那天；撤回的没有结局；只按现在所知，不能按当时所知重算",
    rows=_ends,
    columns=(Column("procedure", "程序", "code"), Column("end", "结局", "code")),
    opens="case",
    called=names,
)

case_steps = Fact(
    key="case-steps",
    name="办过的步骤",
    grain="一件事的一步办过一次，算在办的那天；退回重办的算两次，所以数事项时用不重复的个数；日期更正过的照更正算",
    rows=_steps,
    columns=(
        Column("procedure", "程序", "code"),
        Column("step", "步骤", "code"),
        Column("outcome", "结果", "code"),
        Column("fen", "涉及金额", "money"),
        Column("done_case", "事项", "integer"),
    ),
    distinct="done_case",
    opens="case",
    called=names,
)

case_meetings = Fact(
    key="case-meetings",
    name="事项的会议",
    grain="一件事在一步上开的一次会，算在开会那天；一次会议几件事的算几条，所以数会时用不重复的个数；只按现在所知",
    rows=_meetings,
    columns=(
        Column("procedure", "程序", "code"),
        Column("step", "步骤", "code"),
        Column("sitting", "会议", "integer"),
    ),
    distinct="sitting",
    opens="case",
    called=names,
)

"""What people offer for counting. Spells are cut where anything counted changes, so a day finds one row each."""

from collections.abc import Collection
from typing import Any

from django.db.models import Case, DateField, DateTimeField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest, Least

from jiceng.kernel.access import Actor
from jiceng.kernel.units.models import Unit
from jiceng.lib import text
from jiceng.lib.days import NextDay
from jiceng.lib.facts import Column, Fact

from . import rules
from .declarations import DEGREE, EDUCATION, ETHNICITY, GRADE, OCCUPATION, SEX
from .models import Floating, Loan, Membership, Particulars, Person

_PARTICULARS = "person__particulars__"


def _earlier(left: str, right: str, field: Any) -> Case:
    """The earlier of two ends, where no end is later than any."""
    return Case(
        When(Q((f"{left}__isnull", True)), then=F(right)),
        When(Q((f"{right}__isnull", True)), then=F(left)),
        default=Least(left, right),
        output_field=field,
    )


def _ends_after(end: str, begin: Any) -> Q:
    return Q((f"{end}__isnull", True)) | Q((f"{end}__gt", begin))


def surnames(records: Collection[int], actor: Actor) -> dict[int, str]:
    """People by surname and year of birth: enough to tell them apart; whole names ask a purpose and leave a look."""
    seen = rules.see.among(Person.objects.filter(pk__in=records), actor)
    return {
        pk: f"{text.mask_name(name)}，{born.year} 年生" for pk, name, born in seen.values_list("pk", "name", "birth_on")
    }


def _members() -> QuerySet[Any, Any]:
    """Memberships and particulars of one person that held, and were believed, at the same time.

    All conditions stand in one filter: they speak of one row of particulars. Whoever has none is counted all the same.
    """
    told = _PARTICULARS
    since = Coalesce(f"{told}since", "since")
    recorded_at = Coalesce(f"{told}recorded_at", "recorded_at")
    overlap = (
        _ends_after("until", since)
        & _ends_after(f"{told}until", F("since"))
        & _ends_after("superseded_at", recorded_at)
        & _ends_after(f"{told}superseded_at", F("recorded_at"))
    )
    spells = Membership.objects.filter(overlap).values("organisation", "kind", "start", "end")
    spells = spells.annotate(
        record=F("person"), entered_on=F("since"), left_on=F("until"), sex=F("person__sex"),
        birth_on=F("person__birth_on"), ethnicity=F("person__ethnicity"), joined_on=F("person__joined_on"),
        education=F(f"{told}education"), degree=F(f"{told}degree"), occupation=F(f"{told}occupation"),
        grade=F(f"{told}grade"), station=F(f"{told}station"), hardship=F(f"{told}hardship"),
        skilled=F(f"{told}skilled"), unit=F(f"{told}unit"), unit_kind=F(f"{told}unit__kind"),
    )  # fmt: skip
    # From here on these names mean the cut spell, no longer the membership.
    return spells.annotate(
        since=Greatest("since", since),
        until=_earlier("until", f"{told}until", DateField()),
        recorded_at=Greatest("recorded_at", recorded_at),
        superseded_at=_earlier("superseded_at", f"{told}superseded_at", DateTimeField()),
    )


_PERSON_COLUMNS = (
    Column("kind", "党员类别", "code", tuple(Membership.Kind.choices)),
    Column("sex", "性别", "code", SEX.rows),
    Column("birth_on", "出生日期", "date"),
    Column("ethnicity", "民族", "code", ETHNICITY.rows),
    Column("joined_on", "入党日期", "date"),
)

members = Fact(
    key="members",
    name="党员",
    grain="一名党员在一个组织、情况不变的一段日期；同一天一名党员只有一行，借用和流动在外的算在原组织",
    rows=_members,
    columns=(
        *_PERSON_COLUMNS,
        Column("education", "学历", "code", EDUCATION.rows),
        Column("degree", "学位", "code", DEGREE.rows),
        Column("occupation", "职业", "code", OCCUPATION.rows),
        Column("grade", "专业技术职务级别", "code", GRADE.rows),
        Column("station", "在岗情况", "code", tuple(Particulars.Station.choices)),
        Column("hardship", "生活困难", "flag"),
        Column("skilled", "致富能手", "flag"),
        Column("unit", "工作单位", "integer"),
        Column("unit_kind", "工作单位类别", "code", tuple(Unit.Kind.choices)),
        Column("start", "怎么来的", "code", tuple(Membership.Start.choices)),
        Column("end", "怎么走的", "code", tuple(Membership.End.choices)),
        Column("entered_on", "到本组织的日期", "date"),
        Column("left_on", "离开本组织的日期", "date"),
    ),
    opens="person",
    called=surnames,
)


def _entries() -> QuerySet[Any, Any]:
    """One row on the day a membership began."""
    return _flow(Membership.objects.all(), "start", F("since"))


def _departures() -> QuerySet[Any, Any]:
    """One row on the first day that a membership no longer held."""
    return _flow(Membership.objects.filter(until__isnull=False), "end", F("until"))


def _flow(rows: QuerySet[Membership], why: str, day: F) -> QuerySet[Any, Any]:
    told = rows.values("organisation", "recorded_at", "superseded_at", "kind", why).annotate(
        record=F("person"), sex=F("person__sex"), birth_on=F("person__birth_on"),
        ethnicity=F("person__ethnicity"), joined_on=F("person__joined_on"), day=day,
    )  # fmt: skip
    flow: QuerySet[Any, Any] = told.annotate(since=F("day"), until=NextDay("day")).values(
        "organisation", "recorded_at", "superseded_at", "kind", why, "record", "sex", "birth_on", "ethnicity",
        "joined_on", "since", "until",
    )  # fmt: skip
    return flow


member_entries = Fact(
    key="member-entries",
    name="党员增加",
    grain="一次到来（建账登记、新发展、转入、转正、恢复、划入），算在那一天；转正和划转在两头各有一行，增减相抵",
    rows=_entries,
    columns=(*_PERSON_COLUMNS, Column("start", "怎么来的", "code", tuple(Membership.Start.choices))),
    opens="person",
    called=surnames,
)

member_departures = Fact(
    key="member-departures",
    name="党员减少",
    grain="一次离开（转出、转正、划出、去世、出党、停止党籍），算在不再是本组织党员的第一天",
    rows=_departures,
    columns=(*_PERSON_COLUMNS, Column("end", "怎么走的", "code", tuple(Membership.End.choices))),
    opens="person",
    called=surnames,
)


def _by_home() -> QuerySet[Any, Any]:
    """Whom the home organisation counts as away."""
    told = Floating.objects.values("organisation", "since", "until", "recorded_at", "superseded_at")
    return told.annotate(**_OF_FLOATING)


def _by_destination() -> QuerySet[Any, Any]:
    """Whom the organisation at the destination has with it."""
    here = Floating.objects.filter(destination__isnull=False)
    told = here.values("since", "until", "recorded_at", "superseded_at")
    return told.annotate(**_OF_FLOATING, organisation=F("destination"))


_OF_FLOATING: dict[str, Any] = {
    "record": F("person"),
    "sex": F("person__sex"),
    "birth_on": F("person__birth_on"),
    "has_destination": Case(When(destination__isnull=True, then=Value(0)), default=Value(1)),
    "is_received": Case(When(received_on__isnull=True, then=Value(0)), default=Value(1)),
}

_FLOATING_COLUMNS = (
    Column("sex", "性别", "code", SEX.rows),
    Column("birth_on", "出生日期", "date"),
    Column("has_destination", "有流入地组织", "flag"),
    Column("is_received", "流入地已接收", "flag"),
)

floating = Fact(
    key="floating",
    name="流动党员（按流出地）",
    grain="一名党员外出流动的一段日期，算在党籍所在组织；同一天一名党员至多一行",
    rows=_by_home,
    columns=_FLOATING_COLUMNS,
    opens="person",
    called=surnames,
)

floating_received = Fact(
    key="floating-received",
    name="流动党员（按流入地）",
    grain="一名党员流动到一个组织的一段日期，算在流入地组织；同一天一名党员至多一行",
    rows=_by_destination,
    columns=_FLOATING_COLUMNS,
    opens="person",
    called=surnames,
)


def _loans() -> QuerySet[Any, Any]:
    told = Loan.objects.values("organisation", "since", "until", "recorded_at", "superseded_at")
    return told.annotate(record=F("person"), sex=F("person__sex"), birth_on=F("person__birth_on"))


loans = Fact(
    key="loans",
    name="借用党员",
    grain="一名党员借给一个临时组织的一段日期，算在临时组织；党籍仍算在原组织，所以不能和党员数相加",
    rows=_loans,
    columns=(Column("sex", "性别", "code", SEX.rows), Column("birth_on", "出生日期", "date")),
    opens="person",
    called=surnames,
)

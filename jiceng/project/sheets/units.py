"""The list of units as a spreadsheet: registers new ones, and says how those that are there are from some day on."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from jiceng.engines.intake.declarations import Applied, Column, Fault, Kind, Row, Scope, Sheet, Staged, Stored
from jiceng.kernel.access import bulk_root
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.units import actions, queries, rules
from jiceng.kernel.units.models import Unit, UnitState

from .numbering import as_in_the_file, faults_of
from .organisations import places, under

KINDS = tuple((str(value), str(label)) for value, label in Unit.Kind.choices)
ACTIVITIES = tuple((str(value), str(label)) for value, label in UnitState.Activity.choices)

COLUMNS = (
    Column("code", "单位代码", required=True, longest=32),
    Column("name", "单位名称", required=True, longest=120, change="fixed", also=("名称",)),
    Column("kind", "单位类别", Kind.CODE, required=True, codes=KINDS, change="fixed"),
    Column("credit_code", "统一社会信用代码", Kind.CREDIT_CODE, change="fixed"),
    Column(
        "organisation", "联系组织代码", Kind.REFERENCE, change="fixed", find=under, help="不填就是办理组织。换组织请在页面办理移交。"
    ),
    Column(
        "place", "所在地代码", Kind.REFERENCE, change="fixed", find=places, help="12 位区划代码。", unknown="没有这个区划代码。"
    ),
    Column("registered_on", "登记日期", Kind.DATE, change="fixed"),
    Column("since", "起算日期", Kind.DATE, help="新登记的：从哪天起联系；已有的：从哪天起变更。不填就是入库当天。"),
    Column("grade", "细分类别", longest=40),
    Column("staff", "职工人数", Kind.INTEGER),
    Column("premises", "有固定经营场所", Kind.FLAG, help="不填就是有。"),
    Column("activity", "经营状态", Kind.CODE, codes=ACTIVITIES, help="不填就是正常运转。"),
)  # fmt: skip


def state(row: Row) -> actions.State:
    """How the unit is, as the verbs take it."""
    premises = row["premises"]
    return actions.State(
        grade=row["grade"] or "", staff=row["staff"] or 0, premises=True if premises is None else premises,
        activity=row["activity"] or UnitState.Activity.RUNNING.value,
    )  # fmt: skip


def new(scope: Scope, one: Row) -> actions.NewUnit:
    """A row as the verb takes it."""
    row = one.said
    return actions.NewUnit(
        code=row["code"], name=row["name"], kind=row["kind"], credit_code=row["credit_code"] or "",
        place=scope.found("place", row["place"]), registered_on=row["registered_on"], since=row["since"],
        state=state(one), organisation_code=row["organisation"] or "",
    )  # fmt: skip


def check(scope: Scope, rows: Sequence[Row]) -> Iterator[Fault]:
    """Codes that a unit bears which is not the one of the row, or of which this file cannot speak."""
    there = queries.by_code(row["code"] for row in rows if row["code"])
    borne = queries.by_credit_code(row["credit_code"] or "" for row in rows)
    mine = _here(scope, there)
    for row in rows:
        if row["code"] in there and row["code"] not in mine:
            yield Fault(row.number, "code", "已经有单位在用，但它已注销或不在您办理的范围之内。", "请核对代码。")
        bearer = borne.get(row["credit_code"] or "")
        if bearer and bearer.code != row["code"]:
            yield Fault(row.number, "credit_code", "已经有别的单位在用。", "请核对；同一个单位用它原来的单位代码。")


def _here(scope: Scope, codes: Collection[Hashable]) -> dict[str, UnitState]:
    """How the units of these codes are now, as far as they are looked after here."""
    states = UnitState.objects.open().filter(unit__code__in=codes, organisation__path__under=scope.organisation.path)
    return {one.unit.code: one for one in states.select_related("unit__place", "organisation")}


def whole(scope: Scope, rows: Sequence[Row]) -> Iterator[Fault]:
    """What the verb would refuse of the new ones: credit codes that come twice, dates."""
    there = queries.by_code(row["code"] for row in rows)
    fresh = [row for row in rows if row["code"] not in there]
    return faults_of(fresh, actions.check_many([new(scope, row) for row in fresh], on=scope.today, at=scope.at))


def read(scope: Scope, keys: Sequence[Hashable]) -> dict[Hashable, Stored]:
    """What is stored of the units of these codes."""
    return {code: Stored(one.unit_id, _said(one)) for code, one in _here(scope, keys).items()}


def _said(one: UnitState) -> dict[str, Any]:
    unit = one.unit
    return {
        "code": unit.code, "name": unit.name, "kind": unit.kind, "credit_code": unit.credit_code,
        "organisation": one.organisation.code, "place": unit.place.code if unit.place else None,
        "registered_on": unit.registered_on, "grade": one.grade, "staff": one.staff, "premises": one.premises,
        "activity": one.activity,
    }  # fmt: skip


def apply(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """New units, then what changed, one list for each day from which it holds."""
    fresh = [one for one in staged if one.outcome == "add"]
    roots = []
    if fresh:
        rows = [new(scope, one.row) for one in fresh]
        with as_in_the_file(fresh):
            made = actions.register_many(
                scope.organisation, rows=rows, on=scope.today, by=scope.by, at=scope.at, batch=scope.batch
            )
            roots.append(made.root)
    roots += _describe(scope, [one for one in staged if one.outcome == "change"])
    return Applied(sum(one.outcome != "unchanged" for one in staged), bulk_root(roots))


def _describe(scope: Scope, changed: Sequence[Staged]) -> Iterator[str]:
    by_day: dict[date, list[Staged]] = defaultdict(list)
    for one in changed:
        by_day[one.row["since"] or scope.today].append(one)
    for on, some in by_day.items():
        rows = [(one.row["code"], state(one.row)) for one in some]
        with as_in_the_file(some):
            done = actions.describe_many(
                scope.organisation, rows=rows, on=on, by=scope.by, at=scope.at, batch=scope.batch
            )
            yield done.root


def undo(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """Takes the batch back; refused, with the list, where something was done with a unit since."""
    fresh = [one for one in staged if one.outcome == "add"]
    changed = [one for one in staged if one.outcome == "change"]
    with as_in_the_file([*fresh, *changed]):
        done = actions.undo_many(
            scope.organisation, batch=scope.batch, registered=[new(scope, one.row) for one in fresh],
            described=[one.row["code"] for one in changed], by=scope.by, at=scope.at,
        )  # fmt: skip
    return Applied(done.rows, done.root)


def exported(scope: Scope) -> QuerySet[UnitState]:
    """How every unit that is looked after here is now."""
    carers = Organisation.objects.filter(path__under=scope.organisation.path)
    return UnitState.objects.open().filter(organisation__in=carers)


def export(scope: Scope) -> Iterable[Mapping[str, Any]]:
    """Each of them, by the organisation that looks after it."""
    states = exported(scope).select_related("unit__place", "organisation")
    for one in states.order_by("organisation__path", "unit_id").iterator(chunk_size=2000):
        yield _said(one)


UNITS = Sheet(
    key="units", name="单位", columns=COLUMNS, identity=("code",), rule=rules.register_many, see=rules.describe_many,
    check=check, whole=whole, read=read, apply=apply, undo=undo, export=export,
    count=lambda scope: exported(scope).count(),
    notes=("一行一个单位。已有的照单位代码对上，只改细分类别、职工人数、经营场所和经营状态。",),
)  # fmt: skip

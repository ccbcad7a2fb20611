"""The list of organisations as a spreadsheet: sets up new ones, renames and describes those that are there."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from jiceng.engines.intake.declarations import Applied, Column, Fault, Kind, Row, Scope, Sheet, Staged, Stored
from jiceng.kernel.access import bulk_root
from jiceng.kernel.orgs import actions, queries, rules
from jiceng.kernel.orgs import models as orgs
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.places.models import Place

from .numbering import as_in_the_file, faults_of

KINDS = tuple((str(value), str(label)) for value, label in orgs.Kind.choices)
FORMS = tuple((str(value), str(label)) for value, label in orgs.Form.choices)


def under(scope: Scope, codes: Collection[str]) -> Mapping[str, int]:
    """Living organisations of these codes, at or below the one in whose name the file comes."""
    found = Organisation.objects.filter(path__under=scope.organisation.path, code__in=codes, closed_on=None)
    return dict(found.values_list("code", "pk"))


def places(scope: Scope, codes: Collection[str]) -> Mapping[str, int]:
    """Living places of these codes; where a city has one code for two levels, the lower one."""
    return dict(Place.objects.filter(code__in=codes, until=None).order_by("path").values_list("code", "pk"))


COLUMNS = (
    Column("code", "组织代码", required=True, longest=32, example="440703-001"),
    Column("name", "组织名称", required=True, longest=120, also=("名称",), help="已有的组织写新名称就是更名。"),
    Column("kind", "组织类别", Kind.CODE, required=True, codes=KINDS, change="fixed", help="升格请在页面办理。"),
    Column("form", "组建形式", Kind.CODE, codes=FORMS, change="fixed", help="不填就是单独组建。"),
    Column(
        "parent", "上级组织代码", Kind.REFERENCE, change="fixed", find=under, own="code", help="不填就是办理组织的直接下级；"
        "可以是本表里的另一行。改隶请在页面办理。", unknown="库里您办理的范围之内没有，本表里也没有。",
    ),
    Column("place", "所在地代码", Kind.REFERENCE, find=places, help="12 位区划代码。", unknown="没有这个区划代码。"),
    Column("phone", "办公电话", Kind.PHONE, longest=30),
    Column("founded_on", "成立日期", Kind.DATE, change="fixed", help="不填就是入库当天。"),
    Column("mission", "临时组织任务", change="fixed", longest=200),
    Column("ends_on", "临时组织到期日期", Kind.DATE, change="fixed", future=True),
    Column("renamed_on", "更名日期", Kind.DATE, help="从哪天起更名；不填就是入库当天。"),
)  # fmt: skip


def new(scope: Scope, one: Row) -> actions.NewUnder:
    """A row as the verb takes it."""
    row = one.said
    return actions.NewUnder(
        code=row["code"], name=row["name"], kind=row["kind"], form=row["form"] or orgs.Form.STANDARD.value,
        founded_on=row["founded_on"], place=scope.found("place", row["place"]), phone=row["phone"] or "",
        mission=row["mission"] or "", ends_on=row["ends_on"], parent_code=row["parent"] or "",
    )  # fmt: skip


def _because(scope: Scope, on: date | None = None) -> actions.Because:
    return actions.Because(on=on or scope.today, reason=f"表格导入第 {scope.batch} 批")


def check(scope: Scope, rows: Sequence[Row]) -> Iterator[Fault]:
    """Codes that an organisation has which this file cannot speak of."""
    there = queries.by_code(row["code"] for row in rows if row["code"])
    for row in rows:
        held = there.get(row["code"])
        if held and not held.path.startswith(scope.organisation.path):
            yield Fault(row.number, "code", "已经有别处的组织在用。", "请核对代码，或由管着它的组织办理。")
        elif held and held.closed_on:
            yield Fault(row.number, "code", f"这个组织已于 {held.closed_on} 撤销。", "新组织请另编代码。")


def whole(scope: Scope, rows: Sequence[Row]) -> Iterator[Fault]:
    """What the verb would refuse of the new ones: circles, kinds that cannot stand under another, missions."""
    there = queries.by_code(row["code"] for row in rows)
    fresh = [row for row in rows if row["code"] not in there]
    list_of = [new(scope, row) for row in fresh]
    found = actions.check_many(scope.organisation, rows=list_of, because=_because(scope), at=scope.at)
    return faults_of(fresh, found)


def read(scope: Scope, keys: Sequence[Hashable]) -> dict[Hashable, Stored]:
    """What is stored of the living organisations of these codes."""
    living = Organisation.objects.filter(path__under=scope.organisation.path, closed_on=None, code__in=keys)
    return {one.code: Stored(one.pk, _said(scope, one)) for one in living.select_related("parent", "place", "mission")}


def _said(scope: Scope, one: Organisation) -> dict[str, Any]:
    mission = getattr(one, "mission", None)
    return {
        "code": one.code, "name": one.name, "kind": one.kind, "form": one.form,
        "parent": one.parent.code if one.parent else None, "place": one.place.code if one.place else None,
        "phone": one.phone, "founded_on": one.founded_on, "mission": mission.text if mission else None,
        "ends_on": mission.ends_on if mission else None,
    }  # fmt: skip


def apply(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """New ones from the top down, then new names, then telephones and places."""
    fresh = [one for one in staged if one.outcome == "add"]
    told = [one for one in staged if {"place", "phone"} & one.changes.keys()]
    roots = []
    if fresh:
        with as_in_the_file(fresh):
            rows = [new(scope, one.row) for one in fresh]
            made = actions.found_many(
                scope.organisation, rows=rows, because=_because(scope), by=scope.by, at=scope.at, batch=scope.batch
            )
            roots.append(made.root)
    roots += _rename(scope, [one for one in staged if "name" in one.changes])
    if told:
        said = [
            actions.Description(
                one.row["code"], one.row["phone"] or "", scope.found("place", one.row["place"])
            )
            for one in told
        ]  # fmt: skip
        with as_in_the_file(told):
            roots.append(actions.describe_many(scope.organisation, rows=said, by=scope.by, at=scope.at).root)
    return Applied(sum(one.outcome != "unchanged" for one in staged), bulk_root(roots))


def _rename(scope: Scope, renamed: Sequence[Staged]) -> Iterator[str]:
    """One list for each day on which names change."""
    by_day: dict[date | None, list[Staged]] = defaultdict(list)
    for one in renamed:
        by_day[one.row["renamed_on"]].append(one)
    for on, some in by_day.items():
        rows = [actions.Renaming(one.row["code"], one.row["name"]) for one in some]
        with as_in_the_file(some):
            because = _because(scope, on)
            done = actions.rename_many(
                scope.organisation, rows=rows, because=because, by=scope.by, at=scope.at, batch=scope.batch
            )
            yield done.root


def undo(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """Takes the batch back; refused, with the list, where something was done with an organisation since."""
    fresh = [one for one in staged if one.outcome == "add"]
    told = [one for one in staged if {"name", "place", "phone"} & one.changes.keys()]
    former = places(scope, {one.changes["place"][0] for one in told if "place" in one.changes} - {None})
    with as_in_the_file([*fresh, *told]):
        done = actions.undo_many(
            scope.organisation, batch=scope.batch, founded=[new(scope, one.row) for one in fresh],
            retold=[_retold(scope, one, former) for one in told], by=scope.by, at=scope.at,
        )  # fmt: skip
    return Applied(done.rows, done.root)


def _retold(scope: Scope, one: Staged, former: Mapping[str, int]) -> actions.Retold:
    row = one.row
    after = actions.Kept(row["name"], row["phone"] or "", scope.found("place", row["place"]))
    old = {key: before for key, (before, _) in one.changes.items()}
    before = actions.Kept(
        old.get("name", after.name), old.get("phone", after.phone) or "",
        former.get(old["place"]) if "place" in old else after.place,
    )  # fmt: skip
    return actions.Retold(row["code"], before, after)


def exported(scope: Scope) -> QuerySet[Organisation]:
    """Every living organisation here."""
    return queries.living().filter(path__under=scope.organisation.path)


def export(scope: Scope) -> Iterable[Mapping[str, Any]]:
    """Each of them, parents before children. What stands above the first is no row of the file."""
    for one in exported(scope).select_related("parent", "place", "mission").iterator(chunk_size=2000):
        above = {"parent": None} if one.pk == scope.organisation.pk else {}
        yield {**_said(scope, one), **above}


ORGANISATIONS = Sheet(
    key="organisations", name="组织", columns=COLUMNS, identity=("code",), rule=rules.found_many, see=rules.found_many,
    check=check, whole=whole, read=read, apply=apply, undo=undo, export=export,
    count=lambda scope: exported(scope).count(),
    notes=(
        "一行一个党组织，上下级的先后不限。已有的组织照组织代码对上，只改名称、所在地和办公电话。",
        "升格、改隶、合并、撤销要有批准文号，在页面上办理。",
    ),
)  # fmt: skip

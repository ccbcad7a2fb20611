"""The list of divisions as a spreadsheet: adds what is missing and renames what is called otherwise."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from jiceng.engines.intake.declarations import Applied, Column, Fault, Kind, Row, Scope, Sheet, Staged, Stored
from jiceng.kernel.places import actions, rules
from jiceng.kernel.places.editions import Division, full, own_digits
from jiceng.kernel.places.models import DIGITS, Level, Place
from jiceng.lib.paths import ancestors

from .numbering import as_in_the_file

LEVELS = tuple((str(level.value), str(level.label)) for level in DIGITS)


def _places(scope: Scope, codes: Collection[str]) -> Mapping[str, int]:
    return dict(Place.objects.filter(code__in=codes, until=None).order_by("-path").values_list("code", "pk"))


COLUMNS = (
    Column("code", "区划代码", required=True, longest=12, help="12 位统计用区划代码。", example="440703001001"),
    Column("name", "名称", required=True, longest=60, help="已有的写新名称就是更名，从入库当天起。"),
    Column("level", "层级", Kind.CODE, required=True, codes=LEVELS),
    Column(
        "parent", "上级代码", Kind.REFERENCE, change="fixed", find=_places, own="code", help="省级不填。划转请用命令办理。",
        unknown="库里和本表里都没有这个上级代码。",
    ),
)  # fmt: skip


def check(scope: Scope, rows: Sequence[Row]) -> Iterator[Fault]:
    """Codes that have not the form of their level."""
    for row in rows:
        code, level = row["code"], row["level"]
        if len(code) != 12 or not code.isdecimal() or code != full(own_digits(code, level)):
            yield Fault(row.number, "code", f"不是{Level(level).label}的 12 位代码。", "请照国家统计局公布的代码填。")
        if not row["parent"] and level != Level.PROVINCE:
            yield Fault(row.number, "parent", "没有填。", "除省级以外，都要写上级代码。")


def whole(scope: Scope, rows: Sequence[Row]) -> Iterator[Fault]:
    """A parent in the file that does not stand above: of the same level or a lower one."""
    order = list(DIGITS)
    lowest = {row["code"]: order.index(Level(row["level"])) for row in rows}
    for row in rows:
        above = lowest.get(row["parent"])
        if above is not None and above >= order.index(Level(row["level"])) and not scope.found("parent", row["parent"]):
            yield Fault(row.number, "parent", "上级的层级不在它之上。", "请核对上级代码。", row["parent"])


def read(scope: Scope, keys: Sequence[Hashable]) -> dict[Hashable, Stored]:
    """The living divisions of these codes and levels."""
    codes = {key[0] for key in keys if isinstance(key, tuple)}
    living = Place.objects.filter(code__in=codes, until=None).select_related("parent")
    return {(place.code, str(place.level)): Stored(place.pk, _said(place)) for place in living}


def _said(place: Place) -> dict[str, Any]:
    above = place.parent.code if place.parent else None
    return {"code": place.code, "name": place.name, "level": str(place.level), "parent": above}


def apply(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """Loads the rows as an edition of today, with what stands above them in the store."""
    rows = {(one.row["code"], one.row["level"]): _division(one.row.said) for one in staged}
    above = {(one.code, one.level): one for one in _above(scope, staged)}
    because = actions.Because(on=scope.today, reason=f"表格导入第 {scope.batch} 批")
    done = actions.load_divisions(
        None, rows={**above, **rows}.values(), because=because, by=scope.by, at=scope.at, batch=scope.batch
    )
    return Applied(done.rows, done.root)


def undo(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """Takes the load back; refused, with the list, where something was done with a place since, or stands there."""
    keys = [(one.row["code"], one.row["level"]) for one in staged]
    with as_in_the_file(staged):
        done = actions.undo_load(None, batch=scope.batch, keys=keys, by=scope.by, at=scope.at)
    return Applied(done.rows, done.root)


def _division(said: Mapping[str, Any]) -> Division:
    return Division(said["code"], said["name"], said["level"], said["parent"] or "")


def _above(scope: Scope, staged: Sequence[Staged]) -> Iterator[Division]:
    """What stands in the store above the rows: an edition is read from the top down."""
    parents = {scope.found("parent", one.row["parent"]) for one in staged} - {None}
    paths = set(Place.objects.filter(pk__in=parents).values_list("path", flat=True))
    chain = paths.union(*(ancestors(path) for path in paths))
    for place in Place.objects.filter(path__in=chain).select_related("parent"):
        yield _division(_said(place))


def exported() -> QuerySet[Place]:
    """Every living division; grid cells and buildings are not in the national codes."""
    return Place.objects.filter(until=None, level__in=list(DIGITS))


def export(scope: Scope) -> Iterable[Mapping[str, Any]]:
    """Each of them, from the top down."""
    for place in exported().select_related("parent").order_by("path").iterator(chunk_size=2000):
        yield _said(place)


PLACES = Sheet(
    key="places", name="地方", columns=COLUMNS, identity=("code", "level"), rule=rules.load, see=rules.see,
    check=check, whole=whole, read=read, apply=apply, undo=undo, export=export,
    count=lambda scope: exported().count(),
    notes=("一行一个区划。只新增和更名；换代码、合并、划转、撤销请用命令办理。",),
)  # fmt: skip

"""Changes to the tree of places. Every one is dated, has a reason, and carries everything below it along."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any

from django.db.models import Max, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils import timezone

from jiceng.kernel.access import Actor, action
from jiceng.kernel.history.models import CHUNK, end, succeed
from jiceng.lib.paths import SEGMENT, depth, is_under, segment
from jiceng.lib.refusals import Refused

from .. import rules
from ..editions import full, own_digits
from ..models import DIGITS, RANK, Change, Level, Naming, Place
from ..queries import lock_tree

DEEPEST = 16
"""Levels of the tree; sixteen segments fill a path."""


@dataclass(frozen=True)
class Because:
    """Why a change is made: the day it takes effect, the reason, and the number of the document that approves it."""

    on: date
    reason: str
    document: str = ""


@dataclass(frozen=True)
class New:
    """What a new place is. Without a code, cells and buildings get the parent's code and three more digits."""

    name: str
    level: str
    code: str = ""


@action(rules.add_below)
def add_below(subject: Place, *, new: New, because: Because, by: Actor, at: datetime) -> Place:
    """A new division, grid cell or building under `subject`. It stands under every path the parent has had since."""
    lock_tree()
    parent = _living(subject)
    _dated(because, at)
    _may_stand_under(new.level, parent)
    number = _take_number(parent)
    made = Place(
        code=new.code.strip() or _next_code(new.level, parent, number), name=_named(new.name), level=Level(new.level),
        parent=parent, path=parent.path + segment(number), since=because.on,
    )  # fmt: skip
    _may_be_coded([made])
    made.save(force_insert=True)
    change = _record(made, Change.Kind.ADD, because, by, at)
    Naming.objects.bulk_create(_stand_under(made, parent, because.on, change))
    return made


@action(rules.rename)
def rename(subject: Place, *, name: str, because: Because, by: Actor, at: datetime) -> Change:
    """The place is called something else from that day on; the old name still finds it."""
    lock_tree()
    _living(subject)
    _dated(because, at)
    if _named(name) == subject.name:
        raise Refused(f"新名称和现在的名称相同，都是“{subject.name}”。")
    rows = _unchanged_since([subject.pk], because.on, "name")
    change = _record(subject, Change.Kind.RENAME, because, by, at, told=f"{subject.name} → {_named(name)}")
    succeed(rows, on=because.on, change_id=change.pk, name=_named(name))
    Place.objects.filter(pk=subject.pk).update(name=_named(name))
    subject.refresh_from_db()
    return change


@action(rules.recode)
def recode(subject: Place, *, code: str, because: Because, by: Actor, at: datetime) -> Change:
    """The place gets another code from that day on, and so does everything below whose code begins with its digits."""
    lock_tree()
    _living(subject)
    _dated(because, at)
    if code.strip() == subject.code:
        raise Refused(f"新代码和现在的代码相同，都是 {subject.code}。")
    change = _record(subject, Change.Kind.RECODE, because, by, at, told=f"{subject.code} → {code.strip()}")
    _recode(subject, code.strip(), because.on, change)
    subject.refresh_from_db()
    return change


def _recode(subject: Place, code: str, on: date, change: Change) -> None:
    old, new = own_digits(subject.code, subject.level), own_digits(code, subject.level)
    carried = list(Place.objects.filter(path__under=subject.path, code__under=old, until=None).order_by("path"))
    for place in carried:
        place.code = code if place.pk == subject.pk else new + place.code[len(old) :]
    _may_be_coded(carried)
    codes = {place.pk: place.code for place in carried}
    rows = _unchanged_since(codes, on, "code")
    succeed(rows, on=on, changes={row.pk: {"code": codes[row.place_id], "change_id": change.pk} for row in rows})
    Place.objects.bulk_update(carried, ["code"], batch_size=CHUNK)


@action(rules.move)
def move(subject: Place, *, parent: Place, because: Because, by: Actor, at: datetime) -> Change:
    """划转: the place and everything below it stand under another parent from that day on. Codes are changed apart."""
    lock_tree()
    _living(subject), _living(parent)
    rules.add_below.require(by, parent)
    _dated(because, at)
    return _move(subject, parent, because, by, at)


def _move(subject: Place, parent: Place, because: Because, by: Actor, at: datetime) -> Change:
    if is_under(parent.path, subject.path):
        raise Refused("不能划到自己或自己的下级之下。")
    if subject.parent_id == parent.pk:
        raise Refused(f"“{subject.name}”已经在“{parent.name}”之下。")
    _may_stand_under(subject.level, parent)
    old, new = subject.path, _settled_path(parent, because.on) + segment(_take_number(parent))
    _not_too_deep(old, new)
    change = _record(subject, Change.Kind.MOVE, because, by, at, other=parent, told=f"划归“{parent.name}”")
    _carry(subject, parent, old, new, because.on, change)
    Place.objects.filter(pk=subject.pk).update(parent=parent)
    Place.objects.filter(path__under=old, until=None).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    subject.refresh_from_db()
    return change


def _carry(subject: Place, parent: Place, old: str, new: str, on: date, change: Change) -> None:
    """Says anew, from that day, where everything below stands; what began later moves from its own first day."""
    rows = list(Naming.objects.from_day(on).filter(path__under=old).order_by("since"))
    own = [row for row in rows if row.place_id == subject.pk]
    # A row that stood elsewhere has another path, so one that spans the day shows that nothing moved since.
    if not own or own[0].since > on:
        raise Refused("这一天之后它的隶属关系还有变动，或当时尚未设立，请改用更晚的日期。")
    changes: dict[int, dict[str, Any]] = {
        row.pk: {"path": new + row.path[len(old) :], "change_id": change.pk} for row in rows
    }
    for row in own:
        changes[row.pk]["parent_id"] = parent.pk
    succeed(rows, on=on, changes=changes)


@action(rules.merge)
def merge(subject: Place, *, into: Place, because: Because, by: Actor, at: datetime) -> Change:
    """Everything below `subject` goes to `into`, and `subject` ends; its code and name still lead there."""
    lock_tree()
    _living(subject), _living(into)
    rules.merge.require(by, into)
    _dated(because, at)
    if is_under(into.path, subject.path):
        raise Refused("不能并入自己或自己的下级。")
    for child in Place.objects.filter(parent=subject, until=None).order_by("path"):
        _move(child, into, because, by, at)
    return _close(subject, Change.Kind.MERGE, because, by, at, into=into)


@action(rules.close)
def close(subject: Place, *, because: Because, by: Actor, at: datetime) -> Change:
    """The place is no more from that day on. What belonged to it still points to it."""
    lock_tree()
    _living(subject)
    _dated(because, at)
    return _close(subject, Change.Kind.CLOSE, because, by, at)


def _close(
    subject: Place, what: Change.Kind, because: Because, by: Actor, at: datetime, *, into: Place | None = None
) -> Change:
    if Naming.objects.from_day(because.on).filter(parent=subject).exists():
        raise Refused(f"“{subject.name}”在 {because.on} 下面还有地方，请先把它们划出、合并或撤销。")
    rows = _rows_from(subject, because.on)
    if rows[0].since >= because.on:
        raise Refused(f"“{subject.name}”在 {rows[0].since} 才成为现在这样，日期要晚于这一天。")
    told = f"并入“{into.name}”" if into else ""
    change = _record(subject, what, because, by, at, other=into, told=told)
    end(rows, on=because.on)
    Place.objects.filter(pk=subject.pk).update(until=because.on, merged_into=into)
    subject.refresh_from_db()
    return change


def _living(place: Place) -> Place:
    place.refresh_from_db()
    if place.until:
        raise Refused(f"“{place.name}”已于 {place.until} 撤销。")
    return place


def _dated(because: Because, at: datetime) -> None:
    if because.on > timezone.localdate(at):
        raise Refused("生效日期不能晚于今天；还没有发生的事，到时再办。")
    if not because.reason.strip():
        raise Refused("请写明事由。")


def _named(name: str) -> str:
    if not name.strip():
        raise Refused("请填写名称。")
    return name.strip()


def _may_stand_under(level: str, parent: Place) -> None:
    mine, above = Level(level), Level(parent.level)
    if RANK[mine] < RANK[above] or (mine == above and mine != Level.CELL):
        raise Refused(f"“{mine.label}”不能设在“{above.label}”之下。")
    if depth(parent.path) >= DEEPEST:
        raise Refused(f"地方最多 {DEEPEST} 层。")


def _not_too_deep(old: str, new: str) -> None:
    longest = Place.objects.filter(path__under=old).aggregate(longest=Max(Length("path")))["longest"]
    if longest - len(old) + len(new) > DEEPEST * SEGMENT:
        raise Refused(f"划转以后会超过 {DEEPEST} 层。")


def _take_number(parent: Place) -> int:
    number = Place.objects.select_for_update().get(pk=parent.pk).children_made
    Place.objects.filter(pk=parent.pk).update(children_made=number + 1)
    return number


def _next_code(level: str, parent: Place, number: int) -> str:
    """The parent's code and three more digits, for cities that have no numbers of their own for cells."""
    if level in DIGITS:
        raise Refused(f"{Level(level).label}区划要填写 {DIGITS[Level.VILLAGE]} 位代码。")
    taken = set(Naming.objects.known().filter(code__under=parent.code).values_list("code", flat=True))
    numbered = (f"{parent.code}{one:03d}" for one in count(number + 1))
    return next(code for code in numbered if code not in taken)


def _may_be_coded(places: Collection[Place]) -> None:
    """Raises Refused unless every place's code has the form of its level and no other living place has it."""
    for place in places:
        _may_have_form(place.code, Level(place.level))
    own = {place.pk for place in places}
    wanted = {(place.code, place.level) for place in places}
    for start in range(0, len(places), CHUNK):
        chunk = [place.code for place in list(places)[start : start + CHUNK]]
        for other in Place.objects.filter(code__in=chunk, until=None):
            if other.pk not in own and (other.code, other.level) in wanted:
                raise Refused(f"代码 {other.code} 已经是“{other.name}”的。")


def _may_have_form(code: str, level: Level) -> None:
    if level in DIGITS and not (code.isdecimal() and code == full(own_digits(code, level)) and len(code) == 12):
        raise Refused(f"代码 {code} 不是{level.label}区划的代码：要 12 位数字，第 {DIGITS[level]} 位以后都是 0。")
    if not 0 < len(code) <= 32:
        raise Refused(f"代码 {code} 太长，最多 32 位。")


def _stand_under(made: Place, parent: Place, on: date, change: Change) -> list[Naming]:
    """One naming for each path the parent has had since that day, all with the child's own last segment."""
    above = _rows_from(parent, on)
    if above[0].since > on:
        raise Refused(f"上级“{parent.name}”从 {above[0].since} 起才有记录，日期不能更早。")
    last = made.path[-SEGMENT:]
    return [
        Naming(
            place=made, name=made.name, code=made.code, parent=parent, change=change, path=row.path + last,
            since=max(on, row.since), until=row.until,
        )
        for row in above
    ]  # fmt: skip


def _rows_from(place: Place, on: date) -> list[Naming]:
    rows = list(Naming.objects.from_day(on).filter(place=place).order_by("since"))
    if not rows:
        raise Refused(f"“{place.name}”在 {on} 已经不存在。")
    return rows


def _unchanged_since(places: Iterable[int], on: date, key: str) -> list[Naming]:
    """The rows of these places from that day on. Raises Refused where a later row says something else under `key`."""
    keys, rows = list(places), list[Naming]()
    for start in range(0, len(keys), CHUNK):
        rows += Naming.objects.from_day(on).filter(place__in=keys[start : start + CHUNK]).order_by("place", "since")
    said: dict[int, str] = {}
    for row in rows:
        if said.setdefault(row.place_id, getattr(row, key)) != getattr(row, key):
            raise Refused(f"“{row.name}”在 {row.since} 之后还有变动，请改用更晚的日期。")
    return rows


def _settled_path(parent: Place, on: date) -> str:
    """The parent's path from that day on. Raises Refused if the parent itself moved later."""
    rows = _rows_from(parent, on)
    if rows[0].since > on or any(row.path != parent.path for row in rows):
        raise Refused(f"新上级“{parent.name}”在 {on} 之后变动过，请改用更晚的日期。")
    return str(parent.path)


def _record(
    place: Place, kind: Change.Kind, because: Because, by: Actor, at: datetime, *, other: Place | None = None,
    told: str = "",
) -> Change:  # fmt: skip
    return Change.objects.create(
        place=place, other=other, kind=kind, on=because.on, reason=because.reason, document=because.document,
        told=told[:300], by_name=name_of(by), at=at,
    )  # fmt: skip


def name_of(by: Actor) -> str:
    """Who did it, as the page of the place says it."""
    return "系统维护命令" if by.kind == "command" else by.name

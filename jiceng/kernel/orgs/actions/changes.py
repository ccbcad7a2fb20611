"""Changes to the tree. Every one is dated, has a reason, and carries everything below it along."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from jiceng.kernel.access import Actor, action
from jiceng.kernel.history.models import correct as say_right
from jiceng.kernel.history.models import end, succeed
from jiceng.lib import text
from jiceng.lib.paths import SEGMENT, is_under, segment
from jiceng.lib.refusals import Refused

from .. import rules
from ..models import RANK, Change, Form, Kind, Mission, NameKey, Organisation, Standing
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
    """What a new organisation is called and what it is."""

    code: str
    name: str
    kind: str
    form: str = Form.STANDARD
    founded_on: date | None = None
    place: int | None = None
    phone: str = ""
    mission: str = ""
    ends_on: date | None = None


@action(rules.begin)
def begin(subject: None, *, new: New, because: Because, by: Actor, at: datetime) -> Organisation:
    """The first organisation of a tree: nothing stands above it."""
    lock_tree()
    number = Organisation.objects.filter(parent=None).count()
    made = _make(new, None, segment(number), because)
    change = _record(made, Change.Kind.FOUND, because, by, at)
    Standing.objects.create(change=change, since=because.on, path=made.path, **_told(made))
    return made


@action(rules.found)
def found(subject: Organisation, *, new: New, because: Because, by: Actor, at: datetime) -> Organisation:
    """Sets up an organisation under `subject`. It stands under every path the parent has had since that day."""
    lock_tree()
    parent = _living(subject)
    _dated(because, at)
    _may_stand_under(new.kind, parent)
    made = _make(new, parent, _next_segment(parent), because)
    change = _record(made, Change.Kind.FOUND, because, by, at)
    Standing.objects.bulk_create(_stand_under(made, parent, because.on, change))
    if new.form == Form.TEMPORARY:
        if not new.ends_on or not new.mission:
            raise Refused("临时组织要写明任务和到期日期。")
        Mission.objects.create(organisation=made, text=new.mission, ends_on=new.ends_on)
    return made


@action(rules.rename)
def rename(subject: Organisation, *, name: str, because: Because, by: Actor, at: datetime) -> Change:
    """The organisation is called something else from that day on. A wrong character is a correction instead."""
    lock_tree()
    if name.strip() in ("", subject.name):
        raise Refused("新名称不能为空，也不能和现在的名称相同。")
    return _change(_living(subject), Change.Kind.RENAME, because, by, at, name=name.strip())


@action(rules.upgrade)
def upgrade(subject: Organisation, *, kind: str, name: str, because: Because, by: Actor, at: datetime) -> Change:
    """支部→总支→党委: a higher kind, usually with a name to match."""
    lock_tree()
    if RANK[Kind(kind)] <= RANK[Kind(subject.kind)]:
        raise Refused(f"“{subject.get_kind_display()}”不能升格为“{Kind(kind).label}”。")
    return _change(_living(subject), Change.Kind.UPGRADE, because, by, at, kind=kind, name=name.strip() or subject.name)


def _change(subject: Organisation, what: Change.Kind, because: Because, by: Actor, at: datetime, **said: str) -> Change:
    _dated(because, at)
    rows = _rows_from(subject, because.on)
    for row in rows[1:]:
        if any(getattr(row, key) != getattr(rows[0], key) for key in said):
            raise Refused(f"{row.since} 之后还有变动，请改用更晚的日期，或先更正后面的变动。")
    told = "；".join(f"{getattr(rows[0], key)} → {value}" for key, value in said.items())
    change = _record(subject, what, because, by, at, told=told)
    succeed(rows, on=because.on, changes={row.pk: {"change_id": change.pk, **said} for row in rows})
    for key, value in said.items():
        setattr(subject, key, value)
    subject.save(update_fields=list(said))
    if "name" in said:
        _index_names([subject])
    return change


@action(rules.reparent)
def reparent(subject: Organisation, *, parent: Organisation, because: Because, by: Actor, at: datetime) -> Change:
    """Moves an organisation, and everything below it, under another parent. The actor must rule over both."""
    lock_tree()
    _living(subject), _living(parent)
    rules.reparent.require(by, parent)
    _dated(because, at)
    return _move(subject, parent, because, by, at)


def _move(subject: Organisation, parent: Organisation, because: Because, by: Actor, at: datetime) -> Change:
    if is_under(parent.path, subject.path):
        raise Refused("不能改隶到自己或自己的下级组织之下。")
    if subject.parent_id is None:
        raise Refused("最上级组织不能改隶。")
    if subject.parent_id == parent.pk:
        raise Refused(f"“{subject.name}”已经隶属“{parent.name}”。")
    _may_stand_under(subject.kind, parent)
    old, new = subject.path, _settled_path(parent, because.on) + segment(_take_number(parent))
    change = _record(subject, Change.Kind.REPARENT, because, by, at, other=parent, told=f"改隶 {parent.name}")
    _carry(subject, parent, old, new, because.on, change)
    living = Organisation.objects.filter(path__under=old, closed_on=None)
    deepest = max(living.values_list("depth", flat=True)) + (len(new) - len(old)) // SEGMENT
    if deepest > DEEPEST:
        raise Refused(f"改隶以后最深处会有 {deepest} 层，超过 {DEEPEST} 层。")
    Organisation.objects.filter(pk=subject.pk).update(parent=parent)
    living.update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    subject.refresh_from_db()
    return change


def _carry(subject: Organisation, parent: Organisation, old: str, new: str, on: date, change: Change) -> None:
    """Says anew, from that day, where everything below stands; what was founded later moves from its own first day."""
    rows = list(Standing.objects.from_day(on).filter(path__under=old).order_by("since"))
    own = [row for row in rows if row.organisation_id == subject.pk]
    if not own or own[0].since > on or any(row.parent_id != own[0].parent_id for row in own):
        raise Refused("这一天之后它的隶属关系还有变动，或当时尚未设立，请改用更晚的日期。")
    changes: dict[int, dict[str, Any]] = {
        row.pk: {"path": new + row.path[len(old) :], "change_id": change.pk} for row in rows
    }
    for row in own:
        changes[row.pk]["parent_id"] = parent.pk
    succeed(rows, on=on, changes=changes)


@action(rules.dissolve)
def dissolve(
    subject: Organisation, *, because: Because, by: Actor, at: datetime, custodian: Organisation | None = None
) -> Change:
    """Ends an organisation. Its records stay, in the custody of the successor or else of its parent."""
    lock_tree()
    return _close(subject, custodian or subject.parent, Change.Kind.DISSOLVE, because, by, at)


@action(rules.merge)
def merge(subject: Organisation, *, into: Organisation, because: Because, by: Actor, at: datetime) -> Change:
    """Everything below `subject` goes to `into`, and `subject` closes in its custody."""
    lock_tree()
    rules.merge.require(by, _living(into))
    if is_under(into.path, subject.path):
        raise Refused("不能并入自己或自己的下级组织。")
    for child in Organisation.objects.filter(parent=subject, closed_on=None).order_by("path"):
        _move(child, into, because, by, at)
    return _close(subject, into, Change.Kind.MERGE, because, by, at)


def _close(
    subject: Organisation, custodian: Organisation | None, what: Change.Kind, because: Because, by: Actor, at: datetime
) -> Change:
    _living(subject)
    _dated(because, at)
    if custodian is None:
        raise Refused("最上级组织不能撤销。")
    if _living(custodian).pk == subject.pk:
        raise Refused(f"“{subject.name}”不能接管自己的档案，请写明转到别的组织。")
    if Standing.objects.from_day(because.on).filter(parent=subject).exists():
        raise Refused(f"“{subject.name}”还有下级组织，请先把它们改隶或撤销。")
    rows = _rows_from(subject, because.on)
    if rows[0].since >= because.on and not _stood_before(subject, because.on):
        raise Refused(f"“{subject.name}”从 {rows[0].since} 起才有记录，撤销日期要晚于这一天。")
    change = _record(subject, what, because, by, at, other=custodian, told=f"由“{custodian.name}”接管档案")
    end(rows, on=because.on)
    Organisation.objects.filter(pk=subject.pk).update(closed_on=because.on, custodian=custodian)
    Organisation.objects.filter(custodian=subject).update(custodian=custodian)
    subject.refresh_from_db()
    return change


@action(rules.split)
def split(
    subject: Organisation, *, into: Sequence[New], because: Because, by: Actor, at: datetime
) -> list[Organisation]:
    """Sets up new organisations beside `subject`, out of it; who and what goes over is moved by other verbs."""
    lock_tree()
    parent = _living(subject).parent
    if parent is None:
        raise Refused("最上级组织不能拆分。")
    _dated(because, at)
    made = []
    for new in into:
        _may_stand_under(new.kind, parent)
        one = _make(new, parent, _next_segment(parent), because)
        change = _record(one, Change.Kind.SPLIT, because, by, at, other=subject, told=f"由“{subject.name}”拆出")
        Standing.objects.bulk_create(_stand_under(one, parent, because.on, change))
        made.append(one)
    _record(subject, Change.Kind.SPLIT, because, by, at, told="拆出" + "、".join(one.name for one in made))
    return made


@action(rules.correct)
def correct(
    subject: Organisation, *, reason: str, by: Actor, at: datetime, name: str = "", code: str = "",
    founded_on: date | None = None,
) -> Change:  # fmt: skip
    """更正: what was written of the organisation was wrong from the start. Not for something that has changed since."""
    lock_tree()
    said = {key: value for key, value in {"name": name, "code": code, "founded_on": founded_on}.items() if value}
    if not said:
        raise Refused("请写出要更正的内容。")
    if code and Organisation.objects.filter(code=code).exclude(pk=subject.pk).exists():
        raise Refused(f"组织代码 {code} 已经有别的组织在用。")
    because = Because(on=timezone.localdate(at), reason=reason)
    told = "；".join(f"{getattr(subject, key)} → {value}" for key, value in said.items())
    change = _record(subject, Change.Kind.CORRECTION, because, by, at, told=told)
    if name:
        wrong = Standing.objects.known().filter(organisation=subject, name=subject.name)
        say_right(wrong, name=name)
    Organisation.objects.filter(pk=subject.pk).update(**said)
    subject.refresh_from_db()
    _index_names([subject])
    return change


@action(rules.describe)
def describe(subject: Organisation, *, phone: str, place: int | None, by: Actor, at: datetime) -> Organisation:
    """Keeps the office telephone of a living organisation, and its place, which only those above it say."""
    if place != subject.place_id:
        placed_from_above(subject, by)
    subject.phone, subject.place_id = phone.strip(), place
    subject.save(update_fields=["phone", "place"])
    return subject


def placed_from_above(subject: Organisation, by: Actor) -> None:
    """Raises Refused unless the actor may describe what stands above: where it stands says for which places an
    organisation answers (`access.territory`), and nobody widens the own power."""
    if not rules.describe_many.allows(by, subject.parent):
        raise Refused(f"“{subject.name}”的所在地由上级组织登记，请报上级办理；电话可以自己改。")


def _living(organisation: Organisation) -> Organisation:
    organisation.refresh_from_db()
    if organisation.closed_on:
        raise Refused(f"“{organisation.name}”已于 {organisation.closed_on} 撤销。")
    return organisation


def _dated(because: Because, at: datetime) -> None:
    if because.on > timezone.localdate(at):
        raise Refused("生效日期不能晚于今天；还没有发生的事，到时再办。")
    if not because.reason.strip():
        raise Refused("请写明事由。")


def _may_stand_under(kind: str, parent: Organisation) -> None:
    if RANK[Kind(parent.kind)] < RANK[Kind(kind)] or parent.kind == Kind.GROUP:
        raise Refused(f"“{Kind(kind).label}”不能设在“{parent.get_kind_display()}”之下。")
    if len(parent.path) // SEGMENT >= DEEPEST:
        raise Refused(f"组织树最多 {DEEPEST} 层。")


def _take_number(parent: Organisation) -> int:
    fresh = Organisation.objects.select_for_update().get(pk=parent.pk)
    number = fresh.children_made
    Organisation.objects.filter(pk=parent.pk).update(children_made=number + 1)
    return number


def _next_segment(parent: Organisation) -> str:
    return segment(_take_number(parent))


def _make(new: New, parent: Organisation | None, own: str, because: Because) -> Organisation:
    if Organisation.objects.filter(code=new.code).exists():
        raise Refused(f"组织代码 {new.code} 已经有组织在用。")
    made = Organisation.objects.create(
        code=new.code, name=new.name.strip(), kind=Kind(new.kind), form=Form(new.form), parent=parent,
        path=(parent.path if parent else "") + own, place_id=new.place, phone=new.phone,
        founded_on=new.founded_on or because.on,
    )  # fmt: skip
    _index_names([made])
    return made


def _stand_under(made: Organisation, parent: Organisation, on: date, change: Change) -> list[Standing]:
    """One standing for each path the parent has had since that day, all with the child's own last segment."""
    above = _rows_from(parent, on)
    if above[0].since > on:
        raise Refused(f"上级组织“{parent.name}”从 {above[0].since} 起才有记录，下级的日期不能更早。")
    own, told = made.path[-SEGMENT:], _told(made)
    return [
        Standing(change=change, since=max(on, row.since), until=row.until, path=row.path + own, **told) for row in above
    ]


def _told(organisation: Organisation) -> dict[str, Any]:
    return {
        "organisation": organisation, "parent_id": organisation.parent_id, "name": organisation.name,
        "kind": organisation.kind, "form": organisation.form,
    }  # fmt: skip


def _rows_from(organisation: Organisation, on: date) -> list[Standing]:
    rows = list(Standing.objects.from_day(on).filter(organisation=organisation).order_by("since"))
    if not rows:
        raise Refused(f"“{organisation.name}”在 {on} 已经不存在。")
    return rows


def _stood_before(organisation: Organisation, on: date) -> bool:
    """Whether it stood the day before; one renamed and merged on one day did, one founded that day did not."""
    return Standing.objects.known().filter(organisation=organisation, since__lt=on, until=on).exists()


def _settled_path(parent: Organisation, on: date) -> str:
    """The parent's path from that day on. Raises Refused if the parent itself moved later."""
    rows = _rows_from(parent, on)
    if rows[0].since > on or any(row.path != parent.path for row in rows):
        raise Refused(f"新上级“{parent.name}”在 {on} 之后变动过，请改用更晚的日期。")
    return str(parent.path)


def _record(
    organisation: Organisation, kind: Change.Kind, because: Because, by: Actor, at: datetime, *,
    other: Organisation | None = None, told: str = "",
) -> Change:  # fmt: skip
    return Change.objects.create(
        organisation=organisation, other=other, kind=kind, on=because.on, reason=because.reason,
        document=because.document, told=told[:300], by_name=by.name, at=at,
    )  # fmt: skip


def _index_names(organisations: Iterable[Organisation]) -> None:
    organisations = list(organisations)
    NameKey.objects.filter(organisation__in=organisations).delete()
    NameKey.objects.bulk_create(
        [NameKey(organisation=one, key=key) for one in organisations for key in text.name_keys(one.name)]
    )

"""The verbs of a batch: upload, check stretch by stretch, apply, undo, discard."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Sum

from jiceng.kernel.access import Actor, action
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib import bulk
from jiceng.lib.refusals import Refused, RowsRefused

from . import catalogue, queries, rules, sealed
from .checking import Checked, look_up, recheck
from .declarations import Fault, Scope, Sheet, Staged
from .models import (
    Application,
    Batch,
    Checking,
    Discarding,
    Order,
    Piece,
    Problem,
    Reading,
    Refusal,
    StagedRow,
    Step,
    Stretch,
    Undoing,
)
from .reading import Head

LARGEST = 64 << 20
PIECE = 1 << 20
MOST_PROBLEMS = 50_000
"""So many faults are listed; of a file with more, the rest is counted."""


@action(rules.upload)
def upload(subject: Organisation, *, sheet: str, name: str, content: Iterable[bytes], by: Actor, at: datetime) -> Batch:
    """Takes a file in, sealed, and orders its check. Nothing else is written until somebody applies it."""
    catalogue.sheet(sheet).rule.require(by, subject)
    if subject.closed_on:
        raise Refused(f"“{subject.name}”已于 {subject.closed_on} 撤销，不能再导入。")
    batch = Batch(
        organisation=subject, sheet=sheet, name=name[-200:], user=by.user, person=by.person, by_name=by.name, at=at,
        size=0,
    )  # fmt: skip
    digest, pieces = hashlib.sha256(), []
    for part in _cut(content):
        digest.update(part)
        batch.size += len(part)
        if batch.size > LARGEST:
            raise Refused(f"文件超过 {LARGEST >> 20} MB。请只留要导入的那张表，或分成几份上传。")
        pieces.append(sealed.seal(batch, "piece", part))
    if not pieces:
        raise Refused("文件是空的。请检查后重新上传。")
    batch.digest = digest.hexdigest()
    batch.save()
    bulk.insert(Piece, ("batch_id", "number", "content"), ((batch.pk, at, piece) for at, piece in enumerate(pieces)))
    Order.objects.create(batch=batch, step=Step.CHECK, user=by.user, by_name=by.name, at=at)
    return batch


def _cut(content: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one size."""
    rest = b""
    for part in content:
        rest += part
        while len(rest) >= PIECE:
            yield rest[:PIECE]
            rest = rest[PIECE:]
    if rest:
        yield rest


@action(rules.order)
def order(subject: Batch, *, step: Step, by: Actor, at: datetime) -> Order:
    """Asks for the next step, which is then done in the background. A step that stopped may be asked for again."""
    batch = _locked(subject)
    state = queries.state_of(batch).key
    may = {
        Step.CHECK: state == "checking",
        Step.APPLY: state in ("ready", "applying"),
        Step.UNDO: state in ("applied", "undoing"),
    }
    if not may[step]:
        raise Refused(f"这一批现在是“{queries.state_of(batch).word}”，不能{step.label}。")
    if step == Step.UNDO and hasattr(batch, "discarding"):
        raise Refused("这一批的底稿已经删了，不能整批撤回；请逐条更正。")
    return Order.objects.create(batch=batch, step=step, user=by.user, by_name=by.name, at=at)


@action(rules.read)
def read(
    subject: Batch, *, head: Head, columns: Sequence[str], unknown: Sequence[str], by: Actor, at: datetime
) -> Reading:
    """Remembers what was found at the head of the file."""
    return Reading.objects.create(
        batch=subject, page=head.sheet[:120], head_row=head.row, rows=head.rows, columns=sorted(columns),
        unknown=[label[:60] for label in unknown][:100], at=at,
    )  # fmt: skip


@action(rules.stage)
def stage(subject: Batch, *, number: int, checked: Checked, scope: Scope, by: Actor, at: datetime) -> Stretch:
    """Keeps what a stretch of rows came to. A stretch that was kept before stays as it is."""
    batch = _locked(subject)
    kept = Stretch.objects.filter(batch=batch, number=number).first()
    if kept:
        return kept
    sheet = catalogue.sheet(batch.sheet)
    if sheet.stage:
        sheet.stage(scope, checked.staged)
    columns = ("batch_id", "number", "outcome", "subject", "said", "changes", "secret")
    bulk.insert(StagedRow, columns, (_staged(batch, sheet, one) for one in checked.staged))
    _write_down(batch, sheet, checked.faults)
    outcomes = [one.outcome for one in checked.staged]
    return Stretch.objects.create(
        batch=batch, number=number, rows=checked.rows, added=outcomes.count("add"), changed=outcomes.count("change"),
        unchanged=outcomes.count("unchanged"), faults=len(checked.faults), at=at,
    )  # fmt: skip


def _staged(batch: Batch, sheet: Sheet, one: Staged) -> tuple[Any, ...]:
    """A row as it is kept; of a sheet that keeps its own rows, only what previews show."""
    said, own = one.row.said, sheet.stage is not None
    open_ones = [column.key for column in (sheet.preview if own else sheet.columns) if not column.sealed]
    hidden = [] if own else [column.key for column in sheet.columns if column.sealed]
    changes = {key: (_text(sheet, key, old), _text(sheet, key, new)) for key, (old, new) in one.changes.items()}
    return (
        batch.pk, one.row.number, one.outcome, one.subject,
        json.dumps(queries.texts(sheet, said, open_ones), ensure_ascii=False), json.dumps(changes, ensure_ascii=False),
        sealed.seal_row(batch, queries.texts(sheet, said, hidden)),
    )  # fmt: skip


def _text(sheet: Sheet, key: str, value: Any) -> str:
    return queries.texts(sheet, {key: value}, [key]).get(key, "")


def _write_down(batch: Batch, sheet: Sheet, faults: Sequence[Fault]) -> None:
    room = MOST_PROBLEMS - Problem.objects.filter(batch=batch).count()
    labels = {column.key: column.label for column in sheet.columns}
    order = {key: at for at, key in enumerate(labels)}
    bulk.insert(
        Problem,
        ("batch_id", "number", "column", "value", "wrong", "remedy"),
        (
            (batch.pk, one.row, labels.get(one.column, ""), one.value[:120], one.wrong[:300], one.remedy[:300])
            for one in sorted(faults, key=lambda one: (one.row, order.get(one.column, -1)))[: max(room, 0)]
        ),
    )


@action(rules.conclude)
def conclude(
    subject: Batch, *, faults: Sequence[Fault], by: Actor, at: datetime, foreseen: Mapping[int, str] | None = None
) -> Checking:
    """Every row has been looked at; `faults` are those that show only when the whole file is known."""
    batch = _locked(subject)
    if hasattr(batch, "checking"):
        return batch.checking
    _write_down(batch, catalogue.sheet(batch.sheet), faults)
    sums = ("rows", "added", "changed", "unchanged", "faults")
    total = Stretch.objects.filter(batch=batch).aggregate(**{name: Sum(name) for name in sums})
    counts = {name: total[name] or 0 for name in sums}
    counts["faults"] += len(faults)
    return Checking.objects.create(batch=batch, at=at, foreseen=dict(foreseen or {}), **counts)


@action(rules.refuse)
def refuse(subject: Order, *, refusal: Refused, by: Actor, at: datetime) -> Refusal:
    """What was ordered could not be done, and nothing was changed: keeps the reason for whoever ordered it."""
    rows = list(refusal.faults)[:1000] if isinstance(refusal, RowsRefused) else []
    return Refusal.objects.create(order=subject, sentence=str(refusal)[:600], faults=rows, at=at)


@action(rules.apply)
def apply(subject: Batch, *, by: Actor, at: datetime) -> Application:
    """Stores the whole batch at once through the area's own verbs. Raises RowsRefused where the store has changed."""
    batch = _locked(subject)
    if hasattr(batch, "application"):
        return batch.application
    if queries.state_of(batch).key not in ("ready", "applying"):
        raise Refused(f"这一批现在是“{queries.state_of(batch).word}”，不能入库。")
    sheet, scope, rows = _opened(batch, by, at)
    late = recheck(sheet, scope, rows)
    if late:
        raise RowsRefused(late)
    done = sheet.apply(scope, rows)
    return Application.objects.create(batch=batch, rows=done.rows, root=done.root, by_name=by.name, at=at)


@action(rules.undo)
def undo(subject: Batch, *, by: Actor, at: datetime) -> Undoing:
    """Takes a stored batch back whole. Raises Refused with the list where something followed since."""
    batch = _locked(subject)
    if hasattr(batch, "undoing"):
        return batch.undoing
    if queries.state_of(batch).key not in ("applied", "undoing"):
        raise Refused(f"这一批现在是“{queries.state_of(batch).word}”，不能撤回。")
    if hasattr(batch, "discarding"):
        raise Refused("这一批的底稿已经删了，不能整批撤回；请逐条更正。")
    sheet, scope, rows = _opened(batch, by, at)
    if sheet.undo is None:
        raise Refused(f"“{sheet.name}”不能整批撤回；请逐条更正。")
    look_up(sheet, scope, rows)
    done = sheet.undo(scope, rows)
    return Undoing.objects.create(batch=batch, rows=done.rows, root=done.root, by_name=by.name, at=at)


def _opened(batch: Batch, by: Actor, at: datetime) -> tuple[Sheet, Scope, list[Staged]]:
    sheet = catalogue.sheet(batch.sheet)
    sheet.rule.require(by, batch.organisation)
    scope = Scope(batch.organisation, by, at, batch.pk, frozenset(batch.reading.columns))
    return sheet, scope, [] if sheet.stage else list(queries.staged(batch, sheet))


@action(rules.discard)
def discard(subject: Batch, *, by: Actor, at: datetime) -> Discarding:
    """Deletes the file and the rows that wait; what was applied stays, but can no longer be taken back whole."""
    batch = _locked(subject)
    if hasattr(batch, "discarding"):
        raise Refused("这一批已经作废。")
    if queries.state_of(batch).kind == "doing" and not queries.is_stalled(batch, at):
        raise Refused("这一批正在办，等办完再作废。")
    sheet = catalogue.sheet(batch.sheet)
    if sheet.discard:
        sheet.discard(Scope(batch.organisation, by, at, batch.pk))
    for model in (Piece, StagedRow, Problem):
        model._base_manager.filter(batch=batch).delete()
    Batch.objects.filter(pk=batch.pk).update(salt=b"")
    return Discarding.objects.create(batch=batch, by_name=by.name, at=at)


def _locked(batch: Batch) -> Batch:
    """The batch as it is now, and nobody else's until the verb is done."""
    Batch.objects.select_for_update().get(pk=batch.pk)
    return queries.with_states(Batch.objects.all()).get(pk=batch.pk)

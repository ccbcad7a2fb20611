"""Reads of batches: where one stands, what it holds, what is wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count, Max, Prefetch, QuerySet, Sum

from jiceng.lib.refusals import Refused
from jiceng.ui.shapes import StateKind

from . import cells, sealed
from .declarations import Outcome, Row, Sheet, Staged
from .models import Batch, Order, Problem, StagedRow, Step, Stretch

STALE = timedelta(minutes=2)
"""Without a sign of life for so long, an order is taken for stopped: its worker was killed, or none runs."""


@dataclass(frozen=True)
class State:
    """Where a batch stands: a key, a kind for the eye, and a word."""

    key: str
    kind: StateKind
    word: str


STATES = {
    state.key: state
    for state in (
        State("checking", "doing", "正在检查"),
        State("unreadable", "stopped", "读不了"),
        State("faulty", "late", "有错，没有入库"),
        State("empty", "done", "和库里一样，不用入库"),
        State("ready", "wait", "查对无误，等您入库"),
        State("applying", "doing", "正在入库"),
        State("applied", "done", "已入库"),
        State("undoing", "doing", "正在撤回"),
        State("undone", "stopped", "已撤回"),
        State("discarded", "stopped", "已作废"),
    )
}


def with_states(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """Batches with everything that says where they stand, in two queries."""
    orders = Order.objects.select_related("refusal").order_by("pk")
    ends = ("reading", "checking", "application", "undoing", "discarding", "organisation")
    return batches.select_related(*ends).prefetch_related(Prefetch("orders", orders))


def state_of(batch: Batch) -> State:
    """Where a batch stands, from the rows that tell what was done with it."""
    return STATES[_state(batch)]


def _state(batch: Batch) -> str:
    last = last_order(batch)
    is_open = last is not None and not hasattr(last, "refusal")
    if hasattr(batch, "undoing"):
        return "undone"
    if hasattr(batch, "application"):
        return "undoing" if is_open and last and last.step == Step.UNDO else "applied"
    if hasattr(batch, "discarding"):
        return "discarded"
    if not hasattr(batch, "checking"):
        return "checking" if is_open else "unreadable"
    if batch.checking.faults:
        return "faulty"
    if is_open and last and last.step == Step.APPLY:
        return "applying"
    return "ready" if batch.checking.added + batch.checking.changed else "empty"


def last_order(batch: Batch) -> Order | None:
    """What was last asked for."""
    orders = list(batch.orders.all())
    return orders[-1] if orders else None


def refusal_of(batch: Batch) -> Any:
    """Why what was last asked for was not done; None where it was or is under way."""
    return getattr(last_order(batch), "refusal", None)


def is_stalled(batch: Batch, now: datetime) -> bool:
    """Whether an order is open that nobody has worked on lately."""
    order = last_order(batch)
    if order is None or _state(batch) not in ("checking", "applying", "undoing"):
        return False
    latest = Stretch.objects.filter(batch=batch).aggregate(at=Max("at"))["at"] or order.at
    return bool(max(latest, order.at) < now - STALE)


def rows_done(batch: Batch) -> int:
    """How many rows have been checked so far."""
    return Stretch.objects.filter(batch=batch).aggregate(rows=Sum("rows"))["rows"] or 0


def content(batch: Batch) -> bytes:
    """The uploaded file. Raises Refused once the batch is discarded."""
    pieces = list(batch.pieces.order_by("number").values_list("content", flat=True))
    if not pieces:
        raise Refused("这一批已经作废，文件不能再打开；请重新上传。")
    return b"".join(sealed.unseal(batch, "piece", piece) for piece in pieces)


def texts(sheet: Sheet, said: dict[str, Any], keys: Sequence[str]) -> dict[str, str]:
    """Values as they are kept in a staged row: texts, without the empty ones."""
    told = {key: cells.write(sheet.column(key), said.get(key)) for key in keys}
    return {key: text for key, text in told.items() if text}


def staged(batch: Batch, sheet: Sheet) -> Iterator[Staged]:
    """The staged rows of a sheet that keeps none of its own, in the order of the file."""
    columns = {column.key: column for column in sheet.columns}

    def value(key: str, text: str | None) -> Any:
        # The day only rules out what had not happened when the cell was checked.
        return cells.read(columns[key], text, date.max) if text else None

    for kept in StagedRow.objects.filter(batch=batch).order_by("number").iterator(chunk_size=5000):
        told = {**kept.said, **sealed.unseal_row(batch, kept.secret)}
        said = {key: value(key, told.get(key)) for key in columns}
        changes = {key: (value(key, old), value(key, new)) for key, (old, new) in kept.changes.items()}
        outcome: Outcome = kept.outcome  # type: ignore[assignment]  # one of the choices
        yield Staged(Row(kept.number, said), outcome, kept.subject, changes)


class Change(NamedTuple):
    """One difference in a preview: the column's label, what is stored, what the file says."""

    label: str
    old: str
    new: str


def changes_of(row: StagedRow, sheet: Sheet) -> list[Change]:
    """What a row changes, in the words of its columns; personal numbers are not shown."""
    found = []
    for key, (old, new) in row.changes.items():
        column = sheet.column(key)
        found.append(Change(column.label, cells.masked(column, old) or "空", cells.masked(column, new) or "空"))
    return found


def problems_by_kind(batch: Batch) -> list[Any]:
    """How often each column is wrong in which way, most often first: the quickest way to mend a file."""
    counted = Problem.objects.filter(batch=batch).values("column", "wrong").annotate(times=Count("pk"))
    return list(counted.order_by("-times", "column", "wrong")[:20])


def problems_by_row(batch: Batch) -> Iterator[tuple[int, list[Problem]]]:
    """The wrong rows of the file in order, each with all that is wrong with it."""
    rows = Problem.objects.filter(batch=batch).order_by("number", "pk").iterator(chunk_size=5000)
    for number, problems in groupby(rows, key=lambda problem: problem.number):
        yield number, list(problems)

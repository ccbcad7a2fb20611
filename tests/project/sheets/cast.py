"""The whole way of a file: uploaded, checked, applied, exported again."""

from django.utils import timezone

from jiceng.engines.intake import actions, catalogue, cells, queries, tasks
from jiceng.engines.intake.declarations import Scope
from jiceng.engines.intake.models import Batch, Problem, Step
from jiceng.lib.sheets import xlsx


def checked(at, key, *rows, by):
    """A batch of these rows (by label), checked."""
    labels = list(dict.fromkeys(label for row in rows for label in row))
    content = xlsx(catalogue.sheet(key).name, labels, [[row.get(label, "") for label in labels] for row in rows])
    batch = actions.upload(at, sheet=key, name="表.xlsx", content=[content], by=by, at=timezone.now())
    return carried(batch, batch.orders.get(), by)


def carried(batch, order, by):
    tasks.do(order, by=by)
    found = queries.with_states(Batch.objects.all()).get(pk=batch.pk)
    refusal = queries.refusal_of(found)
    assert refusal is None, refusal.sentence
    return found


def applied(at, key, *rows, by):
    """A batch of these rows, which must be right, in the store."""
    batch = checked(at, key, *rows, by=by)
    assert faults(batch) == [] and queries.state_of(batch).key == "ready"
    return carried(batch, actions.order(batch, step=Step.APPLY, by=by, at=timezone.now()), by)


def undone(batch, by):
    """The batch taken back."""
    return carried(batch, actions.order(batch, step=Step.UNDO, by=by, at=timezone.now()), by)


def refused(batch, by):
    """Numbers of the rows, and all sentences, for which the batch is not taken back."""
    order = actions.order(batch, step=Step.UNDO, by=by, at=timezone.now())
    tasks.do(order, by=by)
    found = queries.with_states(Batch.objects.all()).get(pk=batch.pk)
    refusal = queries.refusal_of(found)
    assert refusal is not None and not hasattr(found, "undoing")
    return {number for number, _ in refusal.faults}, "".join(sentence for _, sentence in refusal.faults)


def faults(batch):
    """Row, label of the column and sentence of everything wrong."""
    return list(Problem.objects.filter(batch=batch).order_by("number", "pk").values_list("number", "column", "wrong"))


def outcomes(batch):
    """How many rows add, change and leave."""
    return batch.checking.added, batch.checking.changed, batch.checking.unchanged


def exported(at, key, by):
    """The rows of an export, by label, as a file would hold them."""
    sheet = catalogue.sheet(key)
    rows = list(sheet.export(Scope(at, by, timezone.now())))
    return [{column.label: cells.write(column, row.get(column.key)) for column in sheet.columns} for row in rows]

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import batched
from typing import Any, Self

from django.db import models
from django.db.models import Q

from jiceng.kernel.journal.clock import RecordedAtField, moment

CHUNK = 2000
"""Rows a statement when dated rows are written in bulk."""


class DatedQuerySet[M: models.Model](models.QuerySet[M]):
    """Asks dated rows the two questions: when it held, and when it was known."""

    def known(self, at: datetime | None = None) -> Self:
        """What the store believed at a moment; now, if none is given."""
        if at is None:
            return self.filter(superseded_at=None)
        return self.filter(Q(superseded_at=None) | Q(superseded_at__gt=at), recorded_at__lte=at)

    def on(self, day: date, *, known_at: datetime | None = None) -> Self:
        """What held on a day, as known now or at the given moment. `until` is exclusive."""
        return self.known(known_at).filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def from_day(self, day: date) -> Self:
        """What is believed to hold on that day or on any later one."""
        return self.known().filter(Q(until=None) | Q(until__gt=day))

    def open(self) -> Self:
        """What holds with no end known."""
        return self.filter(superseded_at=None, until=None)

    def supersede(self) -> int:
        """Stops believing these rows, at the running verb's moment."""
        return self.update(superseded_at=moment())


class Dated(models.Model):
    """有起止日期、有入库时间的事实。"""

    since = models.DateField("起")
    until = models.DateField("止（不含）", null=True, blank=True)
    recorded_at = RecordedAtField("入库时间")
    superseded_at = models.DateTimeField("被更新时间", null=True, blank=True, editable=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


def copies(rows: Iterable[Dated], **changes: Any) -> list[Any]:
    """Unsaved rows that say the same except for the changes."""
    return [type(row)(**{**_said(row), **changes}) for row in rows]


def end(rows: Iterable[Dated], *, on: date, **changes: Any) -> None:
    """The rows stop holding on that day (exclusive). A row that began that day is taken back as if never said."""
    rows = list(rows)
    _replace(rows, copies((row for row in rows if row.since < on), until=on, **changes))


def succeed(
    rows: Iterable[Dated], *, on: date, changes: Mapping[int, Mapping[str, Any]] | None = None, **common: Any
) -> list[Any]:
    """From that day the rows say something else: `common` for all, `changes` by primary key for each.

    A row that spans the day is cut there; one that begins later is said anew from its own beginning. Returns the rows
    that hold from that day on, saved, in the order given.
    """
    rows = list(rows)
    closed = copies((row for row in rows if row.since < on), until=on)
    opened = [
        copies([row], since=max(row.since, on), **common, **dict((changes or {}).get(row.pk, {})))[0] for row in rows
    ]
    _replace(rows, [*closed, *opened])
    return opened


def correct(rows: Iterable[Dated], **changes: Any) -> list[Any]:
    """What was said of the same days was wrong: say it right. Earlier belief stays readable as known then."""
    rows = list(rows)
    said = copies(rows, **changes)
    _replace(rows, said)
    return said


def take_back(rows: Iterable[Dated], *, of: str, **changes: Any) -> list[Any]:
    """Stops believing rows that `succeed` or `correct` wrote; what each stood in the place of is believed again.

    `of` is the field that tells of whom the rows are. Returns what is believed again; a row in whose place nothing
    stood leaves nothing.
    """
    wrong, right = [], []
    for some in batched(rows, CHUNK):
        told: dict[Any, list[Any]] = defaultdict(list)
        for row in type(some[0])._default_manager.filter(**{f"{of}__in": {getattr(row, of) for row in some}}):
            told[getattr(row, of)].append(row)
        for row in some:
            wrong.append(row)
            before = [one for one in told[getattr(row, of)] if _gave_way(one, row)]
            if before:
                last = max(before, key=lambda one: one.pk)
                wrong += (one for one in told[getattr(row, of)] if _was_cut(one, last, row))
                right += copies([last], **changes)
    _replace(wrong, right)
    return right


def _gave_way(one: Any, row: Any) -> bool:
    """Whether that row was superseded when this one was written, and reached as far."""
    return bool(
        one.pk < row.pk and one.superseded_at == row.recorded_at and one.until == row.until and one.since <= row.since
    )


def _was_cut(one: Any, last: Any, row: Any) -> bool:
    """Whether this is what was left of the last row before the day from which the other holds."""
    return bool(one.superseded_at is None and one.until == row.since and one.since == last.since)


def _said(row: Dated) -> dict[str, Any]:
    kept = ("id", "recorded_at", "superseded_at")
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in kept}


def _replace(old: list[Any], new: list[Any]) -> None:
    if not old:
        return
    model = type(old[0])
    keys = [row.pk for row in old]
    for start in range(0, len(keys), CHUNK):
        model._default_manager.filter(pk__in=keys[start : start + CHUNK]).update(superseded_at=moment())
    model._default_manager.bulk_create(new, batch_size=CHUNK)

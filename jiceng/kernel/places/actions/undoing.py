"""A load of divisions taken back: what it added goes, what it renamed is called as before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.history.models import CHUNK, take_back
from jiceng.lib import bulk
from jiceng.lib.refusals import RowsRefused
from jiceng.lib.relations import pointing_to

from .. import rules
from ..models import Change, Naming, Place
from ..queries import lock_tree
from .changes import name_of

type Key = tuple[str, str]
"""Code and level, as in a load."""

MOST = 1000
"""Rows named in one refusal."""


@dataclass(frozen=True)
class Undone:
    """What was taken back: how many places, and the digest of their ids."""

    rows: int
    root: str


@action(rules.undo_load)
def undo_load(subject: None, *, batch: int, keys: Sequence[Key], by: Actor, at: datetime) -> Undone:
    """Takes the load of a batch back; `keys` are its rows. Raises RowsRefused, by number from 1, with every row on
    which something was done since, or stands."""
    lock_tree()
    said = Naming.objects.filter(change__batch=batch)
    made = Place.objects.filter(pk__in=said.values("place")).exclude(
        pk__in=Naming.objects.exclude(change__batch=batch).values("place")
    )
    faults = sorted(_faults(said, made, {key: number for number, key in enumerate(keys, start=1)}))
    if faults:
        raise RowsRefused(faults[:MOST])
    added = list(made.order_by("pk").values_list("pk", flat=True))
    renamed = list(said.filter(superseded_at=None).exclude(place__in=made))
    bulk.remove(Naming, "place", added)
    bulk.remove(Place, "pk", added)
    if renamed:
        _call_as_before(renamed, batch, by, at)
    else:
        Change.objects.filter(batch=batch).delete()
    back = [*added, *sorted(row.place_id for row in renamed)]
    return Undone(len(back), bulk_root(back))


def _faults(said: QuerySet[Naming], made: QuerySet[Place], numbers: Mapping[Key, int]) -> Iterator[tuple[int, str]]:
    changed = said.exclude(superseded_at=None).values_list("code", "place__level")
    for code, level in changed.distinct()[:MOST]:
        yield numbers.get((code, level), 1), "入库以后它变动过。"
    own = {Naming: Q(place__in=made), Place: Q(pk__in=made.values("pk"))}
    found = list(pointing_to(made, own=own))
    there = {pk: (code, level) for pk, code, level in _told({pk for pk, _ in found})}
    for pk, what in found:
        yield numbers.get(there[pk], 1), f"入库以后又有了“{what}”。"


def _told(places: set[int]) -> Iterator[tuple[int, str, str]]:
    keys = sorted(places)
    for start in range(0, len(keys), CHUNK):
        yield from Place.objects.filter(pk__in=keys[start : start + CHUNK]).values_list("pk", "code", "level")


def _call_as_before(renamed: Sequence[Naming], batch: int, by: Actor, at: datetime) -> None:
    change = Change.objects.create(
        kind=Change.Kind.RENAME, on=timezone.localdate(at), reason=f"整批撤回表格导入第 {batch} 批", by_name=name_of(by),
        at=at, told=f"{len(renamed)} 个改回原名",
    )  # fmt: skip
    before = take_back(renamed, of="place_id", change_id=change.pk)
    today = [Place(pk=row.place_id, name=row.name) for row in before if row.until is None]
    Place.objects.bulk_update(today, ["name"], batch_size=CHUNK)

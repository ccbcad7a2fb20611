"""A list of organisations taken back: what it set up goes, what it changed is as it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.history.models import take_back
from jiceng.kernel.journal.bulk import insert
from jiceng.lib import bulk
from jiceng.lib.refusals import RowsRefused
from jiceng.lib.relations import pointing_to

from .. import rules
from ..models import Change, Mission, NameKey, Organisation, Standing
from ..queries import by_code, lock_tree
from .bulk import BATCH, Listed, NewUnder, write_name_keys


@dataclass(frozen=True)
class Kept:
    """What is kept of an organisation and may be told anew: its name, its telephone and its place."""

    name: str
    phone: str
    place: int | None


@dataclass(frozen=True)
class Retold:
    """What a list said of an organisation that was there, and what was kept of it before."""

    code: str
    before: Kept
    after: Kept


@action(rules.undo_many)
def undo_many(
    subject: Organisation, *, batch: int, founded: Sequence[NewUnder], retold: Sequence[Retold], by: Actor, at: datetime
) -> Listed:
    """Takes a batch back as if it had never been: `founded` are gone, `retold` are called and described as before.

    Raises RowsRefused with every row on which something was done since, or stands; rows are counted from 1, those of
    `founded` first.
    """
    lock_tree()
    here = Organisation.objects.filter(path__under=subject.path)
    made = here.filter(pk__in=Change.objects.filter(batch=batch, kind=Change.Kind.FOUND).values("organisation"))
    known = by_code({*(row.code for row in founded), *(row.code for row in retold)})
    faults = [*_faults_of_founded(founded, known, made, batch), *_faults_of_retold(retold, known, here, made, batch)]
    if faults:
        raise RowsRefused(sorted(faults)[:BATCH])
    keys = list(made.order_by("pk").values_list("pk", flat=True))
    _remove(keys)
    changed = _tell_as_before(retold, known, batch, by, at)
    return Listed(len(keys) + len(changed), bulk_root([*keys, *changed]))


SINCE_THEN = "入库以后它变动过，或已经不归这里办理。"


def _faults_of_founded(
    rows: Sequence[NewUnder], known: dict[str, Organisation], made: QuerySet[Organisation], batch: int
) -> Iterator[tuple[int, str]]:
    keys = set(made.values_list("pk", flat=True))
    numbers = {known[row.code].pk: number for number, row in enumerate(rows, start=1) if row.code in known}
    for number, row in enumerate(rows, start=1):
        one = known.get(row.code)
        if one is None or one.pk not in keys or (one.name, one.phone, one.place_id) != (row.name, row.phone, row.place):
            yield number, SINCE_THEN
    of_the_batch = Q(organisation__in=made)
    own = {
        Organisation: Q(pk__in=made.values("pk")), Standing: of_the_batch, Mission: of_the_batch, NameKey: Q(),
        Change: Q(batch=batch),
    }  # fmt: skip
    for pk, what in pointing_to(made, own=own):
        yield numbers.get(pk, 1), f"入库以后又有了“{what}”。"


def _faults_of_retold(
    rows: Sequence[Retold], known: dict[str, Organisation], here: QuerySet[Organisation],
    made: QuerySet[Organisation], batch: int,
) -> Iterator[tuple[int, str]]:  # fmt: skip
    living = set(here.filter(closed_on=None).exclude(pk__in=made).values_list("pk", flat=True))
    said = Standing.objects.filter(change__batch=batch, change__kind=Change.Kind.RENAME)
    again = set(said.exclude(superseded_at=None).values_list("organisation_id", flat=True))
    first = made.count() + 1
    for number, row in enumerate(rows, start=first):
        one = known.get(row.code)
        is_as_told = one is not None and Kept(one.name, one.phone, one.place_id) == row.after
        if one is None or one.pk not in living or one.pk in again or not is_as_told:
            yield number, SINCE_THEN


def _remove(keys: Sequence[int]) -> None:
    for model in (Standing, Mission, NameKey, Change):
        bulk.remove(model, "organisation", keys)
    bulk.remove(Organisation, "pk", keys)


def _tell_as_before(
    rows: Sequence[Retold], known: dict[str, Organisation], batch: int, by: Actor, at: datetime
) -> list[int]:
    said = Standing.objects.known().filter(change__batch=batch, change__kind=Change.Kind.RENAME)
    take_back(said, of="organisation_id")
    renamed = [known[row.code] for row in rows if row.before.name != row.after.name]
    insert(
        Change(
            organisation=known[row.code], kind=Change.Kind.CORRECTION, on=timezone.localdate(at),
            reason=f"整批撤回表格导入第 {batch} 批", told=f"{row.after.name} → {row.before.name}"[:300], by_name=by.name,
            at=at,
        )
        for row in rows
        if row.before.name != row.after.name
    )  # fmt: skip
    for row in rows:
        one = known[row.code]
        one.name, one.phone, one.place_id = row.before.name, row.before.phone, row.before.place
    changed = [known[row.code] for row in rows]
    Organisation.objects.bulk_update(changed, ["name", "phone", "place"], batch_size=BATCH)
    bulk.remove(NameKey, "organisation", [one.pk for one in renamed])
    write_name_keys(renamed)
    return sorted(one.pk for one in changed)

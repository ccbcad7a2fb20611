"""Registering members from a file in two steps: staged row by row as they are sealed, then stored in one statement a
table. What a file says of somebody who is registered already changes their particulars."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import batched, chain
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.history.models import CHUNK, copies, succeed
from jiceng.kernel.journal.clock import moment
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib import text
from jiceng.lib.bulk import insert
from jiceng.lib.refs import new_ref
from jiceng.lib.refusals import Refused, RowsRefused

from .. import queries, rules
from ..models import Floating, Look, Membership, NameKey, Particulars, Person, StagedMember, new_salt
from .admission import HOLDS_NO_MEMBERS
from .entries import NewMember
from .moving import Moved
from .sealed import digest_of, seal_with, unseal_with

TOLD = ("education", "degree", "occupation", "grade", "station", "unit_id", "hardship", "skilled")

STAGED = (
    "batch", "row", "person", "ref", "organisation", "name", "keys", "sex", "birth_on", "ethnicity", "document",
    "number_sealed", "number_hash", "phone_sealed", "salt", "joined_on", "joined_to", "full_on", "kind", "start",
    "since", "education", "degree", "occupation", "grade", "station", "unit", "hardship", "skilled", "floats_since",
    "floats_to", "floats_where",
)  # fmt: skip


@action(rules.stage)
def stage(
    subject: Organisation, *, batch: int, rows: Sequence[tuple[int, NewMember]], by: Actor, at: datetime
) -> Moved:
    """Seals checked rows, each with its number, and keeps them for one apply. Rows that are staged already stay."""
    numbers = [number for number, _ in rows]
    there = set(
        StagedMember.objects.filter(
            batch=batch, row__range=(min(numbers, default=0), max(numbers, default=0))
        ).values_list("row", flat=True)
    )
    wanted = [(number, row, digest_of(row.document, row.number)) for number, row in rows if number not in there]
    known = queries.by_digest([digest for _, row, digest in wanted if digest and not row.person])
    told = queries.by_ids([row.person for _, row, _ in wanted if row.person])
    staged = (
        _staged(batch, number, row, digest, told[row.person] if row.person else known.get(digest or b""))
        for number, row, digest in wanted
    )
    insert(StagedMember, STAGED, staged)
    return Moved(len(wanted), bulk_root((batch, number) for number, _, _ in wanted))


def _staged(
    batch: int, number: int, row: NewMember, digest: bytes | None, known: queries.Known | None
) -> tuple[Any, ...]:
    salt = known.salt if known else new_salt()
    told = row.told
    return (
        batch, number, known.pk if known else None, new_ref(), row.organisation, row.name.strip(),
        json.dumps(text.name_keys(row.name), ensure_ascii=False), row.sex, row.born_on, row.ethnicity,
        str(row.document), None if known else seal_with(salt, "number", row.number), digest, _phone(row, salt, known),
        salt, row.joined_on, str(row.joined_to), row.full_on, str(row.kind), str(row.start), row.since,
        told.education, told.degree, told.occupation, told.grade, str(told.station), told.unit, told.hardship,
        told.skilled, row.floats_since, row.floats_to, row.floats_where.strip(),
    )  # fmt: skip


def _phone(row: NewMember, salt: bytes, known: queries.Known | None) -> bytes | None:
    """The number sealed; for somebody registered, only where it is another one."""
    if known and known.phone_sealed and row.phone.strip() == unseal_with(salt, "phone", known.phone_sealed):
        return None
    return seal_with(salt, "phone", row.phone)


@action(rules.admit_staged)
def admit_staged(subject: Organisation, *, batch: int, by: Actor, at: datetime) -> Moved:
    """Stores a staged batch: one statement a table, all or nothing. What was staged stays until it is discarded."""
    tree.hold_tree(subject)
    _may_be_stored(subject, batch)
    for table, columns, select in _statements():
        _run(f"INSERT INTO {table} ({columns}) {select}", batch)
    changed = [pk for since, rows in _differences(batch).items() for pk in _describe(since, rows, batch)]
    _swap_phones(batch)
    added = Membership.objects.filter(batch=batch).order_by("pk").values_list("person_id", "organisation_id")
    number = added.count()
    root = bulk_root(chain(added.iterator(chunk_size=10_000), ((pk,) for pk in changed)))
    return Moved(number + len(changed), root)


def _may_be_stored(subject: Organisation, batch: int) -> None:
    """Raises RowsRefused where the store has changed since the rows were checked."""
    staged = StagedMember.objects.filter(batch=batch)
    if not staged.exists():
        raise Refused("这一批没有待入库的行。")
    if Membership.objects.filter(batch=batch).exists() or Particulars.objects.filter(batch=batch).exists():
        raise Refused("这一批已经入库。")
    below = Organisation.objects.filter(path__under=subject.path, closed_on=None).exclude(form__in=HOLDS_NO_MEMBERS)
    stray = staged.exclude(organisation__in=below.values("pk"))
    taken = Person.objects.filter(number_hash=OuterRef("number_hash"))
    late = staged.filter(Exists(taken), person=None, number_hash__isnull=False)
    twice = staged.filter(number_hash__isnull=False).values("number_hash").annotate(times=Count("pk"), last=Max("row"))
    faults = [
        (row, "组织不在办理范围之内，已经撤销，或不接转党籍。") for row in stray.values_list("row", flat=True)[:1000]
    ]
    faults += [(row, "查对以后，这个证件号码又有人登记了。") for row in late.values_list("row", flat=True)[:1000]]
    faults += [(row["last"], "证件号码在本表里出现了不止一次。") for row in twice.filter(times__gt=1)[:1000]]
    if faults:
        raise RowsRefused(faults)


def _statements() -> Iterator[tuple[str, str, str]]:
    """Table, columns and what is selected into them; the batch is their one parameter."""
    now = connection.ops.adapt_datetimefield_value(moment())
    new = "FROM people_stagedmember s WHERE s.batch = %s AND s.person IS NULL"
    of = "FROM people_stagedmember s JOIN people_person p ON p.ref = s.ref{} WHERE s.batch = %s AND s.person IS NULL"
    yield (
        "people_person",
        "ref, organisation_id, name, sex, birth_on, ethnicity, document, number_sealed, number_hash, phone_sealed,"
        " salt, joined_on, joined_to, full_on, is_member",
        "SELECT s.ref, s.organisation, s.name, s.sex, s.birth_on, s.ethnicity, s.document, s.number_sealed,"
        " s.number_hash, s.phone_sealed, s.salt, s.joined_on, s.joined_to, s.full_on, TRUE "
        + new
        + ' ORDER BY s."row"',
    )
    yield (
        "people_membership",
        'person_id, organisation_id, kind, start, "end", since, recorded_at, batch',
        f"SELECT p.id, s.organisation, s.kind, s.start, '', s.since, '{now}', s.batch " + of.format(""),
    )
    yield (
        "people_particulars",
        "person_id, education, degree, occupation, grade, station, unit_id, hardship, skilled, since, recorded_at,"
        " batch",
        "SELECT p.id, s.education, s.degree, s.occupation, s.grade, s.station, s.unit, s.hardship, s.skilled, s.since,"
        f" '{now}', s.batch " + of.format(""),
    )
    exploded = {"sqlite": ", json_each(s.keys) k", "postgresql": ", jsonb_array_elements_text(s.keys) k(value)"}
    yield (
        "people_namekey",
        "person_id, key, organisation_id",
        "SELECT p.id, k.value, s.organisation " + of.format(exploded[connection.vendor]),
    )
    yield (
        "people_floating",
        'person_id, organisation_id, destination_id, "where", since, recorded_at',
        f"SELECT p.id, s.organisation, s.floats_to, s.floats_where, s.floats_since, '{now}' "
        + of.format("")
        + " AND s.floats_since IS NOT NULL",
    )


def _run(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


type Difference = tuple[Particulars, StagedMember]


def _differences(batch: int) -> dict[date, list[Difference]]:
    """What staged rows say otherwise of people who are registered, by the day from which they say so."""
    found: dict[date, list[Difference]] = {}
    for row, now in compared(batch):
        if now is not None and any(getattr(now, name) != getattr(row, name.removesuffix("_id")) for name in TOLD):
            found.setdefault(row.since, []).append((now, row))
    return found


def compared(batch: int) -> Iterator[tuple[StagedMember, Particulars | None]]:
    """Staged rows about people who are registered, each with what is believed of them now."""
    staged = StagedMember.objects.filter(batch=batch, person__isnull=False).order_by("row")
    for some in batched(staged.iterator(chunk_size=CHUNK), CHUNK):
        rows = Particulars.objects.open().filter(person__in=[row.person for row in some])
        now = {row.person_id: row for row in rows}
        yield from ((row, now.get(row.person or 0)) for row in some)


def _describe(since: date, rows: Sequence[Difference], batch: int) -> list[int]:
    said = {now.pk: {name: getattr(row, name.removesuffix("_id")) for name in TOLD} for now, row in rows}
    succeed([now for now, _ in rows], on=since, changes=said, batch=batch)
    return [now.person_id for now, _ in rows]


def _swap_phones(batch: int) -> None:
    """Puts the batch's telephone numbers in place and keeps the former ones where they were staged, for an undo."""
    staged = StagedMember.objects.filter(batch=batch, person__isnull=False, phone_sealed__isnull=False)
    for some in batched(staged.order_by("row").iterator(chunk_size=CHUNK), CHUNK):
        people = Person.objects.in_bulk([row.person for row in some])
        for row in some:
            person = people[row.person or 0]
            person.phone_sealed, row.phone_sealed = row.phone_sealed or None, person.phone_sealed or b""
        Person.objects.bulk_update(people.values(), ["phone_sealed"], batch_size=500)
        StagedMember.objects.bulk_update(some, ["phone_sealed"], batch_size=500)


@action(rules.undo_staged)
def undo_staged(subject: Organisation, *, batch: int, by: Actor, at: datetime) -> Moved:
    """Takes a stored batch back as if it had never been; refused, with the list, where something followed since."""
    staged = StagedMember.objects.filter(batch=batch, person=None)
    if not StagedMember.objects.filter(batch=batch).exists():
        raise Refused("这一批已经过了可以撤回的时间。")
    made = Person.objects.filter(ref__in=staged.values("ref"))
    numbers = dict(staged.values_list("ref", "row"))
    faults = [(numbers[ref], f"入库以后办理过：{what}。") for ref, what in _followed(made, batch)]
    back = _particulars_before(batch)
    if faults:
        raise RowsRefused(faults)
    count = made.count() + len(back)
    root = bulk_root(made.order_by("pk").values_list("pk"))
    for model in (Look, NameKey, Floating, Particulars, Membership):
        model._base_manager.filter(person__in=made.values("pk"))._raw_delete(connection.alias)
    made._raw_delete(connection.alias)
    _swap_phones(batch)
    Particulars.objects.filter(pk__in=[row.pk for pair in back for row in pair]).supersede()
    Particulars.objects.bulk_create(copies([before for before, _ in back], until=None))
    return Moved(count, root)


def _followed(made: QuerySet[Person], batch: int) -> Iterator[tuple[str, str]]:
    """Whom of the batch something was done to since, and what. Areas above are asked through their keys to people."""
    ours: dict[Any, Q] = {
        Membership: ~Q(batch=batch) | Q(batch=None) | Q(superseded_at__isnull=False),
        Particulars: ~Q(batch=batch) | Q(batch=None) | Q(superseded_at__isnull=False),
        Floating: Q(superseded_at__isnull=False),
    }
    for relation in Person._meta.related_objects:
        model, key = relation.related_model, relation.field.name
        if model in (Look, NameKey):
            continue
        rows = model._base_manager.filter(ours.get(model, Q()), **{f"{key}__in": made.values("pk")})
        for ref in rows.values_list(f"{key}__ref", flat=True).distinct()[:1000]:
            yield ref, str(model._meta.verbose_name)


def _particulars_before(batch: int) -> list[tuple[Particulars, Particulars]]:
    """For each change of the batch, what was said before and what the batch said. Raises Refused if more followed."""
    known = StagedMember.objects.filter(batch=batch, person__isnull=False)
    said = list(Particulars.objects.filter(batch=batch, person__in=known.values("person")))
    before = {
        (row.person_id, row.until): row
        for row in Particulars.objects.known().filter(person__in=[row.person_id for row in said], until__isnull=False)
    }
    if any(row.superseded_at or row.until for row in said):
        raise Refused("这一批变更过的党员情况后来又有变更，不能撤回。")
    return [(before[row.person_id, row.since], row) for row in said if (row.person_id, row.since) in before]


@action(rules.stage)
def discard_staged(subject: Organisation, *, batch: int, by: Actor, at: datetime) -> Moved:
    """Drops what was staged; from then on the batch can no longer be stored or taken back."""
    rows = StagedMember.objects.filter(batch=batch)
    count = rows.count()
    rows._raw_delete(connection.alias)
    return Moved(count, bulk_root((batch,)))

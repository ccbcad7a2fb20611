"""Registering whole lists of members: checked whole, written set-wise, all or nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import batched
from typing import Any

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.journal.clock import moment
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.models import Form, Organisation
from jiceng.lib import text
from jiceng.lib.bulk import insert, new_keys
from jiceng.lib.refs import new_ref
from jiceng.lib.refusals import Refused, RowsRefused

from .. import queries, rules
from ..models import Floating, Membership, NameKey, Particulars, Person, new_salt
from .admission import day_of, may_hold
from .entries import Fault, NewMember, faults_of
from .sealed import digest_of, seal_with

CHUNK = 5000
"""Rows held as tuples at a time."""


@dataclass(frozen=True)
class Admission:
    """What a list registered: how many, the digest of its rows, and the ids of the people in the order of the rows."""

    rows: int
    root: str
    people: list[int] = field(repr=False)


@action(rules.admit_many)
def admit_many(
    subject: Organisation, *, rows: Sequence[NewMember], by: Actor, at: datetime, batch: int | None = None
) -> Admission:
    """Registers a list of members of organisations at or below `subject`; each row names its organisation's id.

    Raises RowsRefused with every row that is wrong.
    """
    tree.hold_tree(subject)
    digests = [digest_of(row.document, row.number) for row in rows]
    faults = [(number, fault.sentence) for number, fault in check(subject, rows, digests, day_of(at), Checking())]
    faults += _repeated(digests)
    if faults:
        raise RowsRefused(faults)
    people: list[int] = []
    for some in batched(zip(rows, digests, strict=True), CHUNK):
        people += _store(some, batch)
    return Admission(len(people), bulk_root(zip(people, (row.organisation for row in rows), strict=True)), people)


def _repeated(digests: Sequence[bytes | None]) -> Iterator[tuple[int, str]]:
    first: dict[bytes, int] = {}
    for number, digest in enumerate(digests, start=1):
        if digest and first.setdefault(digest, number) != number:
            yield number, f"证件号码和第 {first[digest]} 行重复。"


@dataclass
class Checking:
    """How a list is checked, and what chunks of one list need not ask twice.

    With `known_may_stay`, somebody registered in the same organisation is no fault: the row says what has changed.
    `registered` collects who was found under the digests of the last chunk.
    """

    known_may_stay: bool = False
    homes: dict[int, Organisation | None] = field(default_factory=dict, repr=False)
    registered: dict[bytes, queries.Known] = field(default_factory=dict, repr=False)


def check(
    subject: Organisation, rows: Sequence[NewMember], digests: Sequence[bytes | None], today: date, how: Checking
) -> Iterator[tuple[int, Fault]]:
    """Every fault of every row, by its number from 1: on its own, and against the store. Repeats are not looked for."""
    _find_homes(subject, rows, how.homes)
    how.registered = known = queries.by_digest([digest for digest in digests if digest])
    for number, (row, digest) in enumerate(zip(rows, digests, strict=True), start=1):
        for fault in faults_of(row, today=today):
            yield number, fault
        for fault in _faults_of_home(row, how.homes[row.organisation or 0]):
            yield number, fault
        if digest in known:
            for fault in _faults_of_known(row, known[digest], how.known_may_stay):
                yield number, fault


def _find_homes(subject: Organisation, rows: Sequence[NewMember], homes: dict[int, Organisation | None]) -> None:
    """The organisations that the rows name, as far as they are at or below the subject; None for the others."""
    wanted = {row.organisation or 0 for row in rows}.difference(homes)
    homes.update(dict.fromkeys(wanted))
    below = Organisation.objects.filter(path__under=subject.path)
    for some in batched(wanted, CHUNK):
        homes.update((one.pk, one) for one in below.filter(pk__in=some))


def _faults_of_home(row: NewMember, home: Organisation | None) -> Iterable[Fault]:
    if home is None:
        return (Fault("organisation", "没有这个组织，或它不在您办理的范围之内。"),)
    if row.since >= home.founded_on and not home.closed_on and home.form == Form.STANDARD:
        return ()
    try:
        may_hold(home, row.since)
    except Refused as refusal:
        return (Fault("organisation", str(refusal)),)
    return ()


def _faults_of_known(row: NewMember, known: queries.Known, may_stay: bool) -> Iterable[Fault]:
    if row.person and row.person != known.pk:
        return (Fault("number", "这个证件号码登记在另一份档案上；两份是同一个人的，请办理并档。"),)
    if may_stay and known.is_member and known.organisation == row.organisation:
        return ()
    return (Fault("number", "这个证件号码已经有档案，不能重复登记；本人在别的组织的，请办理组织关系转接。"),)


PERSON = (
    "id", "ref", "organisation_id", "name", "sex", "birth_on", "ethnicity", "document", "number_sealed", "number_hash",
    "phone_sealed", "salt", "joined_on", "joined_to", "full_on", "is_member",
)  # fmt: skip
MEMBERSHIP = ("person_id", "organisation_id", "kind", "start", "end", "since", "recorded_at", "batch")
PARTICULARS = (
    "person_id", "education", "degree", "occupation", "grade", "station", "unit_id", "hardship", "skilled", "since",
    "recorded_at", "batch",
)  # fmt: skip
FLOATING = ("person_id", "organisation_id", "destination_id", "where", "since", "recorded_at")


def _store(rows: Sequence[tuple[NewMember, bytes | None]], batch: int | None) -> list[int]:
    now = moment()
    people = new_keys(Person, len(rows))
    told = list(zip(people, (row for row, _ in rows), strict=True))
    insert(Person, PERSON, (_person(pk, row, digest) for pk, (row, digest) in zip(people, rows, strict=True)))
    keys = ((pk, key, row.organisation) for pk, row in told for key in text.name_keys(row.name))
    insert(NameKey, ("person_id", "key", "organisation_id"), keys)
    insert(
        Membership,
        MEMBERSHIP,
        ((pk, row.organisation, str(row.kind), str(row.start), "", row.since, now, batch) for pk, row in told),
    )
    insert(Particulars, PARTICULARS, (_particulars(pk, row, now, batch) for pk, row in told))
    insert(
        Floating,
        FLOATING,
        (
            (pk, row.organisation, row.floats_to, row.floats_where.strip(), row.floats_since, now)
            for pk, row in told
            if row.floats_since
        ),
    )
    return people


def _person(pk: int, row: NewMember, digest: bytes | None) -> tuple[Any, ...]:
    salt = new_salt()
    return (
        pk, new_ref(), row.organisation, row.name.strip(), row.sex, row.born_on, row.ethnicity, str(row.document),
        seal_with(salt, "number", row.number), digest, seal_with(salt, "phone", row.phone), salt, row.joined_on,
        str(row.joined_to), row.full_on, True,
    )  # fmt: skip


def _particulars(pk: int, row: NewMember, now: datetime, batch: int | None) -> tuple[Any, ...]:
    told = row.told
    return (
        pk, told.education, told.degree, told.occupation, told.grade, str(told.station), told.unit, told.hardship,
        told.skilled, row.since, now, batch,
    )  # fmt: skip

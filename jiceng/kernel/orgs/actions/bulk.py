"""The verbs of the organisation tree for whole lists: checked whole, written set-wise, all or nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.history.models import succeed
from jiceng.kernel.journal.bulk import insert
from jiceng.lib import bulk, text
from jiceng.lib.paths import SEGMENT, segment
from jiceng.lib.refusals import Refused, RowsRefused

from .. import rules
from ..models import Change, Form, Kind, Mission, NameKey, Organisation, Standing
from ..queries import by_code, lock_tree
from .changes import Because, New, _dated, _living, _may_stand_under, placed_from_above

BATCH = 500
"""Rows a statement where existing rows are updated."""


@dataclass(frozen=True)
class NewUnder(New):
    """A new organisation in a list; `parent_code` names one of the store or of the same list, empty the subject."""

    parent_code: str = ""


@dataclass(frozen=True)
class Founding:
    """What a list set up: how many, the digest of its rows, and the ids by code."""

    rows: int
    root: str
    ids: dict[str, int] = field(repr=False)


@dataclass(frozen=True)
class Listed:
    """What a list changed: how many, and the digest of its rows."""

    rows: int
    root: str


class Spell(NamedTuple):
    """From when until when something stood at a path."""

    since: date
    until: date | None
    path: str


@action(rules.found_many)
def found_many(
    subject: Organisation, *, rows: Sequence[NewUnder], because: Because, by: Actor, at: datetime,
    batch: int | None = None,
) -> Founding:  # fmt: skip
    """Sets up a whole list under `subject`, parents before children whatever the order of the rows.

    What was founded before its parent has a record stands from the parent's first day; its founding date is kept.
    """
    lock_tree()
    _living(subject)
    _dated(because, at)
    known = by_code({row.parent_code for row in rows} | {subject.code})
    known[""] = subject
    order = _checked(rows, known, subject, because, at)
    made = _store(order, known, because, by, at)
    _stand(order, made, known, because, by, at, batch)
    _tell_missions(order, made)
    ids = {code: one.pk for code, one in made.items()}
    return Founding(len(ids), bulk_root(sorted(ids.items())), ids)


def check_many(
    subject: Organisation, *, rows: Sequence[NewUnder], because: Because, at: datetime
) -> Sequence[tuple[int, str]]:
    """Every row that `found_many` would refuse, by its number from 1, with a sentence. Writes nothing."""
    known = by_code({row.parent_code for row in rows} | {subject.code})
    known[""] = subject
    try:
        _checked(rows, known, subject, because, at)
    except RowsRefused as refused:
        return refused.faults
    return ()


def _checked(
    rows: Sequence[NewUnder], known: dict[str, Organisation], subject: Organisation, because: Because, at: datetime
) -> list[list[NewUnder]]:
    """The rows level by level. Raises RowsRefused with every row that is wrong."""
    taken = by_code({row.code for row in rows})
    numbers: dict[str, int] = {}
    faults: list[tuple[int, str]] = []
    for number, row in enumerate(rows, start=1):
        faults += ((number, sentence) for sentence in _faults_of(row, because, at))
        if row.code in taken:
            faults.append((number, f"组织代码 {row.code} 已经有组织在用。"))
        elif row.code in numbers:
            faults.append((number, f"组织代码 {row.code} 和第 {numbers[row.code]} 行重复。"))
        numbers.setdefault(row.code, number)
    # Of rows that share a code only the first can have children; the others are wrong anyway.
    firsts = [rows[number - 1] for code, number in numbers.items() if code]
    levels = _levels(firsts)
    faults += _faults_of_parents(levels, known, numbers, subject)
    placed = {row.code for level in levels for row in level}
    circle = "上级组织 {} 和本行互为上级，成了一圈。"
    faults += ((numbers[row.code], circle.format(row.parent_code)) for row in firsts if row.code not in placed)
    if faults:
        raise RowsRefused(faults)
    return levels


def _faults_of(row: NewUnder, because: Because, at: datetime) -> Iterator[str]:
    if not row.code.strip() or len(row.code) > 32:
        yield "组织代码不能为空，最多 32 个字符。"
    if not row.name.strip() or len(row.name) > 120:
        yield "名称不能为空，最多 120 个字。"
    if row.kind not in Kind.values:
        yield f"没有“{row.kind}”这种组织类别；可以填：{'、'.join(Kind.labels)}。"
    if row.form not in Form.values:
        yield f"没有“{row.form}”这种组建形式；可以填：{'、'.join(Form.labels)}。"
    if (row.founded_on or because.on) > timezone.localdate(at):
        yield "成立日期不能晚于今天。"
    if row.form == Form.TEMPORARY and not (row.mission and row.ends_on):
        yield "临时组织要写明任务和到期日期。"


def _levels(rows: Sequence[NewUnder]) -> list[list[NewUnder]]:
    """Rows whose parent is not in the list, then those under these, and so on; rows of a circle are in none."""
    own = {row.code for row in rows}
    children: dict[str, list[NewUnder]] = defaultdict(list)
    level = []
    for row in rows:
        if row.parent_code in own:
            children[row.parent_code].append(row)
        else:
            level.append(row)
    levels = []
    while level:
        levels.append(level)
        level = [child for row in level for child in children.pop(row.code, ())]
    return levels


def _faults_of_parents(
    levels: Sequence[Sequence[NewUnder]], known: dict[str, Organisation], numbers: dict[str, int], subject: Organisation
) -> Iterator[tuple[int, str]]:
    """Every row whose parent is unknown, closed, elsewhere, or of a kind that cannot hold it."""
    listed: dict[str, Organisation] = {}
    for row in (row for level in levels for row in level):
        above = listed.get(row.parent_code) or known.get(row.parent_code)
        if above is None:
            yield numbers[row.code], f"没有代码为 {row.parent_code} 的上级组织：库里没有，本表里也没有。"
            continue
        if above.pk and not above.path.startswith(subject.path):
            yield numbers[row.code], f"上级组织 {row.parent_code} 不在“{subject.name}”之下。"
        if above.closed_on:
            yield numbers[row.code], f"上级组织“{above.name}”已于 {above.closed_on} 撤销。"
        listed[row.code] = Organisation(kind=row.kind, path=above.path + "0" * SEGMENT)
        if {row.kind, above.kind} <= set(Kind.values):
            try:
                _may_stand_under(row.kind, above)
            except Refused as refusal:
                yield numbers[row.code], str(refusal)


def _store(
    levels: Sequence[Sequence[NewUnder]], known: dict[str, Organisation], because: Because, by: Actor, at: datetime
) -> dict[str, Organisation]:
    """Level by level, because a child needs its parent's number; segments are taken parent by parent."""
    made: dict[str, Organisation] = {}
    children = defaultdict(int, {above.path: above.children_made for above in known.values()})
    for level in levels:
        batch = []
        for row in level:
            above = made.get(row.parent_code) or known[row.parent_code]
            one = Organisation(
                code=row.code, name=row.name.strip(), kind=Kind(row.kind), form=Form(row.form), parent_id=above.pk,
                path=above.path + segment(children[above.path]), place_id=row.place, phone=row.phone,
                founded_on=row.founded_on or because.on,
            )  # fmt: skip
            children[above.path] += 1
            batch.append(one)
        made |= {one.code: one for one in insert(batch)}
    used = [one for one in (*known.values(), *made.values()) if children[one.path] != one.children_made]
    for one in used:
        one.children_made = children[one.path]
    Organisation.objects.bulk_update(used, ["children_made"], batch_size=BATCH)
    write_name_keys(made.values())
    return made


def _stand(
    levels: Sequence[Sequence[NewUnder]], made: dict[str, Organisation], known: dict[str, Organisation],
    because: Because, by: Actor, at: datetime, batch: int | None,
) -> None:  # fmt: skip
    """One founding and, for each path the parent has had since then, one standing for each."""
    changes = insert(
        Change(
            organisation=one, kind=Change.Kind.FOUND, on=one.founded_on, reason=because.reason,
            document=because.document, by_name=by.name, at=at, batch=batch,
        )
        for one in made.values()
    )  # fmt: skip
    change_of = {change.organisation_id: change.pk for change in changes}
    spells = _spells({one.pk for one in known.values()})
    standings: list[Standing] = []
    for row in (row for level in levels for row in level):
        one = made[row.code]
        above = (made.get(row.parent_code) or known[row.parent_code]).pk
        spells[one.pk] = [
            Spell(max(since, one.founded_on), until, path + one.path[-SEGMENT:])
            for since, until, path in spells[above]
            if until is None or until > one.founded_on
        ]
        standings += (
            Standing(
                organisation_id=one.pk, parent_id=above, name=one.name, kind=one.kind, form=one.form,
                change_id=change_of[one.pk], since=since, until=until, path=path,
            )
            for since, until, path in spells[one.pk]
        )  # fmt: skip
    insert(standings)


def _spells(organisations: Iterable[int]) -> dict[int, list[Spell]]:
    found: dict[int, list[Spell]] = defaultdict(list)
    keys = sorted(organisations)
    for start in range(0, len(keys), BATCH):
        rows = Standing.objects.known().filter(organisation__in=keys[start : start + BATCH]).order_by("since")
        for row in rows:
            found[row.organisation_id].append(Spell(row.since, row.until, row.path))
    return found


def _tell_missions(levels: Sequence[Sequence[NewUnder]], made: dict[str, Organisation]) -> None:
    insert(
        Mission(organisation=made[row.code], text=row.mission, ends_on=row.ends_on)
        for level in levels
        for row in level
        if row.form == Form.TEMPORARY and row.ends_on
    )


def write_name_keys(organisations: Iterable[Organisation]) -> None:
    """Makes organisations that have no keys findable by their names."""
    keys = ((one.pk, key) for one in organisations for key in text.name_keys(one.name))
    bulk.insert(NameKey, ("organisation", "key"), keys)


@dataclass(frozen=True)
class Description:
    """The office telephone and the place of one organisation of a list."""

    code: str
    phone: str = ""
    place: int | None = None


@action(rules.describe_many)
def describe_many(subject: Organisation, *, rows: Sequence[Description], by: Actor, at: datetime) -> Listed:
    """Keeps the telephone and the place of a whole list of living organisations under `subject`."""
    lock_tree()
    found = _found(subject, [row.code for row in rows])
    own = {post.organisation for post in by.held()}
    for row in rows:
        if found[row.code].pk in own and found[row.code].place_id != row.place:
            placed_from_above(found[row.code], by)
        found[row.code].phone, found[row.code].place_id = row.phone.strip(), row.place
    Organisation.objects.bulk_update(found.values(), ["phone", "place"], batch_size=BATCH)
    return Listed(len(rows), bulk_root((found[row.code].pk, row.place) for row in rows))


@dataclass(frozen=True)
class Renaming:
    """The new name of one organisation of a list."""

    code: str
    name: str


@action(rules.rename_many)
def rename_many(
    subject: Organisation, *, rows: Sequence[Renaming], because: Because, by: Actor, at: datetime,
    batch: int | None = None,
) -> Listed:  # fmt: skip
    """A whole list of organisations under `subject` is called something else from that day on."""
    lock_tree()
    _dated(because, at)
    found = _found(subject, [row.code for row in rows])
    standings = _standings_to_rename(rows, found, because)
    names = {found[row.code].pk: row.name.strip() for row in rows}
    changes = insert(
        Change(
            organisation=one, kind=Change.Kind.RENAME, on=because.on, reason=because.reason,
            document=because.document, told=f"{one.name} → {names[one.pk]}"[:300], by_name=by.name, at=at,
            batch=batch,
        )
        for one in found.values()
    )  # fmt: skip
    change_of = {change.organisation_id: change.pk for change in changes}
    said = {
        row.pk: {"name": names[row.organisation_id], "change_id": change_of[row.organisation_id]} for row in standings
    }
    succeed(standings, on=because.on, changes=said)
    for one in found.values():
        one.name = names[one.pk]
    Organisation.objects.bulk_update(found.values(), ["name"], batch_size=BATCH)
    for some in _batches(list(found.values())):
        NameKey.objects.filter(organisation__in=some).delete()
    write_name_keys(found.values())
    return Listed(len(rows), bulk_root(sorted((key, change_of[key]) for key in names)))


def _standings_to_rename(rows: Sequence[Renaming], found: dict[str, Organisation], because: Because) -> list[Standing]:
    """What is said of them from that day on. Raises RowsRefused where a name is empty, the same, or changes later."""
    standings = [
        standing
        for some in _batches(list(found.values()))
        for standing in Standing.objects.from_day(because.on).filter(organisation__in=some).order_by("since")
    ]
    names: dict[int, set[str]] = defaultdict(set)
    first: dict[int, date] = {}
    for standing in standings:
        names[standing.organisation_id].add(standing.name)
        first.setdefault(standing.organisation_id, standing.since)
    faults = []
    for number, row in enumerate(rows, start=1):
        one = found[row.code]
        if row.name.strip() in ("", one.name):
            faults.append((number, "新名称不能为空，也不能和现在的名称相同。"))
        if len(names[one.pk]) > 1 or first.get(one.pk, because.on) > because.on:
            faults.append((number, f"{because.on} 之后它还改过名，或当时尚未设立，请改用更晚的日期。"))
    if faults:
        raise RowsRefused(faults)
    return standings


def _found(subject: Organisation, codes: Sequence[str]) -> dict[str, Organisation]:
    """The living organisations of these codes under the subject. Raises RowsRefused with each that is not."""
    known = by_code(set(codes))
    faults, seen = [], set[str]()
    for number, code in enumerate(codes, start=1):
        one = known.get(code)
        if one is None or not one.path.startswith(subject.path):
            faults.append((number, f"“{subject.name}”之下没有代码为 {code} 的组织。"))
        elif one.closed_on:
            faults.append((number, f"“{one.name}”已于 {one.closed_on} 撤销。"))
        elif code in seen:
            faults.append((number, f"组织代码 {code} 在表里出现了两次。"))
        seen.add(code)
    if faults:
        raise RowsRefused(faults)
    return known


def _batches[T](items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]

"""The list of commendations as a spreadsheet: adds; a title is revoked on its page, with the reason."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from django.db.models import Q

from jiceng.domains.honours import actions, queries, rules
from jiceng.domains.honours.models import Award
from jiceng.engines.intake.declarations import Applied, Column, Fault, Kind, Row, Scope, Sheet, Staged, Stored

from .numbering import as_in_the_file, faults_of

CATEGORIES = tuple((str(value), str(label)) for value, label in Award.Category.choices)
LEVELS = tuple((str(value), str(label)) for value, label in Award.Level.choices)
COLUMNS = (
    Column(
        "who", "组织代码或档案编号", required=True, longest=32, change="fixed",
        help="组织写组织代码；党员写档案编号，导出的党员表里有。",
    ),
    Column("category", "称号种类", Kind.CODE, required=True, codes=CATEGORIES, change="fixed"),
    Column("honour", "称号", required=True, longest=60, change="fixed"),
    Column("level", "级别", Kind.CODE, required=True, codes=LEVELS, change="fixed"),
    Column("giver", "授予单位", required=True, change="fixed"),
    Column("on", "授予日期", Kind.DATE, required=True, change="fixed"),
    Column("document", "表彰文号", longest=80, change="fixed"),
)  # fmt: skip
IDENTITY = ("who", "honour", "giver", "on")


def check(scope: Scope, rows: Sequence[Row]) -> Iterator[Fault]:
    """Codes of nobody here."""
    found = queries.named(scope.organisation, [row["who"] for row in rows])
    for row in rows:
        if row["who"] not in found:
            yield Fault(row.number, "who", "没有这个代码或编号，或它不在您办理的范围之内。", "请核对。")


def whole(scope: Scope, rows: Sequence[Row]) -> Iterator[Fault]:
    """What the verb would refuse of the new ones."""
    there = read(scope, [_key(row) for row in rows])
    fresh = [row for row in rows if _key(row) not in there]
    return faults_of(fresh, actions.check_awards(scope.organisation, _new(scope, fresh), scope.at))


def _new(scope: Scope, rows: Sequence[Row]) -> list[actions.NewAward]:
    found = queries.named(scope.organisation, [row["who"] for row in rows])
    return [
        actions.NewAward(
            actions.Honour(
                row["category"], row["honour"], row["level"], row["giver"], row["on"], row["document"] or ""
            ),
            *found[row["who"]],
        )
        for row in rows
    ]


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[key] for key in IDENTITY)


def read(scope: Scope, keys: Sequence[Hashable]) -> dict[Hashable, Stored]:
    """The titles that are entered already under these identities."""
    who = {key[0] for key in keys if isinstance(key, tuple)}
    known = Award.objects.known().filter(organisation__path__under=scope.organisation.path)
    known = known.filter(Q(person__ref__in=who) | Q(person=None, organisation__code__in=who))
    found: dict[Hashable, Stored] = {}
    for award in known.select_related("organisation", "person"):
        said = _said(award)
        found[tuple(said[key] for key in IDENTITY)] = Stored(award.pk, said)
    return found


def _said(award: Award) -> dict[str, Any]:
    return {
        "who": award.person.ref if award.person else award.organisation.code, "category": award.category,
        "honour": award.honour, "level": award.level, "giver": award.giver, "on": award.since,
        "document": award.document,
    }  # fmt: skip


def apply(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """Enters every title that is new."""
    fresh = [one for one in staged if one.outcome == "add"]
    with as_in_the_file(fresh):
        rows = _new(scope, [one.row for one in fresh])
        done = actions.award_many(scope.organisation, rows=rows, batch=scope.batch, by=scope.by, at=scope.at)
    return Applied(done.rows, done.root)


def undo(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """Takes the list back; refused where a title of it was revoked since."""
    done = actions.withdraw_batch(scope.organisation, batch=scope.batch, by=scope.by, at=scope.at)
    return Applied(done.rows, done.root)


AWARDS = Sheet(
    key="awards", name="表彰", columns=COLUMNS, identity=IDENTITY, rule=rules.award_many, check=check, whole=whole,
    read=read, apply=apply, undo=undo, notes=("一行一项称号。撤销称号请在页面办理，要写事由和文号。",),
)  # fmt: skip

"""The list of running terms as a spreadsheet: what the books say on the day on which a place begins."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from jiceng.engines.intake.declarations import Applied, Column, Fault, Kind, Row, Scope, Sheet, Staged, Stored
from jiceng.kernel.posts import actions, rules
from jiceng.kernel.posts.models import Term

from .numbering import as_in_the_file, faults_of
from .organisations import under

COLUMNS = (
    Column("organisation", "组织代码", Kind.REFERENCE, required=True, find=under),
    Column("number", "第几届", Kind.INTEGER, change="fixed", help="不填就是第 1 届。"),
    Column("since", "本届开始", Kind.DATE, required=True, change="fixed"),
    Column(
        "ends_on", "届满日期", Kind.DATE, required=True, change="fixed", future=True,
        help="批准延期的，填延期以后的日期。",
    ),
    Column("planned_on", "原定届满日期", Kind.DATE, change="fixed", future=True, help="没有延期的不填。"),
    Column("document", "批准文号", change="fixed", longest=80),
)  # fmt: skip


def new(scope: Scope, row: Row) -> actions.NewTerm:
    """A row as the verb takes it."""
    said = row.said
    return actions.NewTerm(
        organisation=scope.found("organisation", said["organisation"]), since=said["since"], ends_on=said["ends_on"],
        number=said.get("number") or 1, planned_on=said.get("planned_on"), document=said.get("document") or "",
    )  # fmt: skip


def whole(scope: Scope, rows: Sequence[Row]) -> Iterator[Fault]:
    """What the verb would refuse of the new ones."""
    there = read(scope, [row["organisation"] for row in rows])
    fresh = [row for row in rows if row["organisation"] not in there]
    return faults_of(fresh, actions.check_terms(scope.organisation, [new(scope, row) for row in fresh]))


def read(scope: Scope, keys: Collection[Hashable]) -> dict[Hashable, Stored]:
    """The running terms of organisations of these codes."""
    found = _here(scope).filter(organisation__code__in=keys)
    return {term.organisation.code: Stored(term.pk, _said(term)) for term in found}


def _here(scope: Scope) -> QuerySet[Term]:
    return Term.objects.open().filter(organisation__path__under=scope.organisation.path).select_related("organisation")


def _said(term: Term) -> dict[str, Any]:
    return {
        "organisation": term.organisation.code, "number": term.number, "since": term.since, "ends_on": term.ends_on,
        "planned_on": term.planned_on, "document": term.document,
    }  # fmt: skip


def apply(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """Records the terms of organisations that have none."""
    fresh = [one for one in staged if one.outcome == "add"]
    with as_in_the_file(fresh):
        terms = [new(scope, one.row) for one in fresh]
        done = actions.open_terms(scope.organisation, terms=terms, batch=scope.batch, by=scope.by, at=scope.at)
    return Applied(done.rows, done.root)


def undo(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """Takes the terms back; refused, with the list, where an election was held or an end put off since."""
    done = actions.withdraw_terms(scope.organisation, batch=scope.batch, by=scope.by, at=scope.at)
    return Applied(done.rows, done.root)


def export(scope: Scope) -> Iterable[Mapping[str, Any]]:
    """Every running term in the order of the tree."""
    for term in _here(scope).order_by("organisation__path").iterator(chunk_size=2000):
        yield _said(term)


TERMS = Sheet(
    key="terms", name="届期", columns=COLUMNS, identity=("organisation",), rule=rules.open_terms, see=rules.open_terms,
    whole=whole, read=read, apply=apply, undo=undo, export=export, count=lambda scope: _here(scope).count(),
    notes=("一行一个组织现在这一届。换届、延期、更正请在页面办理。",),
)  # fmt: skip

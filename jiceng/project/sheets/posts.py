"""The list of posts as a spreadsheet: appoints; who leaves is written on the page, with the reason."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from jiceng.engines.intake.declarations import WHO, Applied, Column, Fault, Kind, Row, Scope, Sheet, Staged, Stored
from jiceng.kernel.access import Role
from jiceng.kernel.people.models import Person
from jiceng.kernel.posts import actions, rules
from jiceng.kernel.posts.actions.appointments import RESERVED
from jiceng.kernel.posts.models import Post

from .numbering import as_in_the_file, faults_of
from .organisations import under

ROLES = tuple((str(role.value), str(role.label)) for role in Role if role not in RESERVED)
SOURCES = tuple((str(value), str(label)) for value, label in Post.Source.choices)


def _people(scope: Scope, refs: Collection[str]) -> Mapping[str, tuple[int, str]]:
    people = Person.objects.filter(ref__in=refs, organisation__path__under=scope.organisation.path)
    return {ref: (pk, name) for ref, pk, name in people.values_list("ref", "pk", "name")}


COLUMNS = (
    Column("organisation", "组织代码", Kind.REFERENCE, required=True, find=under),
    Column(
        "person", "任职人档案编号", Kind.REFERENCE, required=True, find=_people, help="导出的党员表里有。",
        unknown="没有这个档案编号，或他不在您办理的范围之内；外单位派来的请在页面任命。",
    ),
    Column("name", "任职人姓名", required=True, change="fixed", longest=60, help="和档案编号核对用。"),
    Column("role", "职能", Kind.CODE, required=True, codes=ROLES),
    Column("since", "上任日期", Kind.DATE, required=True),
    Column("until", "离任日期", Kind.DATE, change="fixed", help="在任的不填；第一天不在任的日期。"),
    Column("title", "职务名称", change="fixed", longest=60, help="不填就用职能的名称。"),
    Column("source", "来路", Kind.CODE, codes=SOURCES, change="fixed", help="不填就是上级任命。"),
    Column("document", "任职文号", change="fixed", longest=80),
)  # fmt: skip
"""Organisation, person, function and first day say which post; a list adds posts and changes none."""


def new(scope: Scope, one: Row) -> actions.NewPost:
    """A row as the verb takes it."""
    row, (person, _) = one.said, scope.found("person", one["person"])
    return actions.NewPost(
        organisation=scope.found("organisation", row["organisation"]), person=person, role=row["role"],
        since=row["since"], until=row["until"], title=row["title"] or "",
        source=row["source"] or Post.Source.APPOINTED.value, document=row["document"] or "",
    )  # fmt: skip


def check(scope: Scope, rows: Sequence[Row]) -> Iterator[Fault]:
    """A name that is not the one in the record: the number of the record has slipped a line."""
    for row in rows:
        found = scope.found("person", row["person"])
        if found and row["name"] != found[1]:
            yield Fault(row.number, "name", "和档案编号对不上。", "请核对这一行的档案编号和姓名。")


def whole(scope: Scope, rows: Sequence[Row]) -> Iterator[Fault]:
    """What the verb would refuse of the new ones: posts that are taken, days that cannot be."""
    there = read(scope, [_key(row) for row in rows])
    fresh = [row for row in rows if _key(row) not in there]
    return faults_of(fresh, actions.check_many(scope.organisation, [new(scope, row) for row in fresh]))


IDENTITY = ("organisation", "person", "role", "since")


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[key] for key in IDENTITY)


def read(scope: Scope, keys: Sequence[Hashable]) -> dict[Hashable, Stored]:
    """The posts that are known under these identities."""
    refs = {key[1] for key in keys if isinstance(key, tuple)}
    found = {}
    for post in _here(scope).filter(person__ref__in=refs):
        said = _said(post)
        found[tuple(said[key] for key in IDENTITY)] = Stored(post.pk, said)
    return dict(found)


def _here(scope: Scope) -> QuerySet[Post]:
    known = Post.objects.known().filter(organisation__path__under=scope.organisation.path)
    return known.exclude(role__in=RESERVED).select_related("organisation", "person")


def _said(post: Post) -> dict[str, Any]:
    return {
        "organisation": post.organisation.code, "person": post.person.ref, "name": post.person.name,
        "role": str(post.role), "since": post.since, "until": post.until, "title": post.title, "source": post.source,
        "document": post.document,
    }  # fmt: skip


def apply(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """Appoints everybody who is new."""
    fresh = [one for one in staged if one.outcome == "add"]
    with as_in_the_file(fresh):
        posts = [new(scope, one.row) for one in fresh]
        done = actions.appoint_many(scope.organisation, posts=posts, batch=scope.batch, by=scope.by, at=scope.at)
    return Applied(done.rows, done.root)


def undo(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """Takes the appointments back; refused, with the list, where somebody has left or been corrected since."""
    done = actions.withdraw_batch(scope.organisation, batch=scope.batch, by=scope.by, at=scope.at)
    return Applied(done.rows, done.root)


def exported(scope: Scope) -> QuerySet[Post]:
    """Every post here that is held without a known end, of people who belong here."""
    return _here(scope).filter(until=None, person__organisation__path__under=scope.organisation.path)


def export(scope: Scope) -> Iterable[Mapping[str, Any]]:
    """Each of them in the order of the tree."""
    for post in exported(scope).order_by("organisation__path", "pk").iterator(chunk_size=2000):
        yield {**_said(post), WHO: post.person_id}


POSTS = Sheet(
    key="posts", name="任职", columns=COLUMNS, identity=IDENTITY, rule=rules.appoint_many, see=rules.appoint_many,
    check=check, whole=whole, read=read, apply=apply, undo=undo, export=export,
    count=lambda scope: exported(scope).count(),
    people=lambda scope: exported(scope).values_list("person_id", flat=True),
    notes=("一行一次任职。离任、更正请在页面办理，要写原因。",),
)  # fmt: skip

"""Posts by the thousand: checked and written set-wise, all or none."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched

from jiceng.kernel.access import Actor, Role, action, bulk_root
from jiceng.kernel.history.models import CHUNK
from jiceng.kernel.journal.bulk import insert
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Membership, Person
from jiceng.lib.paths import is_under
from jiceng.lib.refusals import Refused, RowsRefused

from .. import rules
from ..models import Post
from ..queries import ONE_AT_A_TIME
from .appointments import RESERVED

SHOWN = 20
"""Rows named in one refusal; a longer list is no sentence any more."""

type Span = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class NewPost:
    """One appointment of a bulk verb: ids of organisation and person, and what a single appointment says."""

    organisation: int
    person: int
    role: str
    since: date
    until: date | None = None
    title: str = ""
    source: str = Post.Source.APPOINTED
    document: str = ""


@dataclass(frozen=True)
class Applied:
    """What a bulk verb did: how many rows, and the digest over them."""

    rows: int
    root: str


@action(rules.appoint_many)
def appoint_many(
    subject: Organisation, *, posts: Sequence[NewPost], by: Actor, at: datetime, batch: int | None = None
) -> Applied:
    """Thousands of appointments at or below `subject`, or none if one is wrong."""
    tree.hold_tree(subject)
    Organisation.objects.select_for_update().get(pk=subject.pk)
    faults = list(_faults(subject, posts))
    if faults:
        raise RowsRefused(faults)
    insert(_row(new, batch) for new in posts)
    rows = ((new.organisation, new.person, new.role, new.since, new.until) for new in posts)
    return Applied(len(posts), bulk_root(rows))


@action(rules.withdraw_batch)
def withdraw_batch(subject: Organisation, *, batch: int, by: Actor, at: datetime) -> Applied:
    """Undoes one bulk appointment: its rows are no longer believed. Refused where rows changed since."""
    ever = Post.objects.filter(batch=batch, organisation__path__under=subject)
    believed = ever.known()
    changed = ever.exclude(superseded_at=None).values_list("title", "organisation__name").distinct()
    if changed:
        told = "、".join(f"“{name}”的{title}" for title, name in changed[:SHOWN])
        raise Refused(f"这一批里有 {len(changed)} 条后来变动过，不能整批撤回：{told}。")
    refs = list(believed.order_by("pk").values_list("pk", flat=True))
    believed.supersede()
    return Applied(len(refs), bulk_root(refs))


def check_many(subject: Organisation, posts: Sequence[NewPost]) -> list[tuple[int, str]]:
    """What `appoint_many` would refuse, by number from 1, with a sentence. Writes nothing."""
    return list(_faults(subject, posts))


def _row(new: NewPost, batch: int | None) -> Post:
    return Post(
        organisation_id=new.organisation, person_id=new.person, role=new.role, since=new.since, until=new.until,
        title=new.title.strip() or Role(new.role).label, source=new.source, document=new.document, batch=batch,
    )  # fmt: skip


def _faults(subject: Organisation, posts: Sequence[NewPost]) -> Iterator[tuple[int, str]]:
    places = _places(subject, {new.organisation for new in posts})
    people, died = _people({new.person for new in posts})
    taken = _taken(subject, {new.role for new in posts})
    for number, new in enumerate(posts, start=1):
        if new.role not in Role.values or new.role in RESERVED:
            yield number, f"职能“{new.role}”不能批量任命。"
        elif new.organisation not in places:
            yield number, f"组织不在“{subject.name}”及其下级。"
        elif new.person not in people:
            yield number, "没有这个人员。"
        elif why := _misdated(new, places[new.organisation], died.get(new.person)):
            yield number, why
        elif not _take(taken, new):
            yield number, "和已有的任职时间重叠。"


def _places(subject: Organisation, wanted: Iterable[int]) -> dict[int, tuple[date, date | None]]:
    """Founding and closing days of the wanted organisations at or below the subject."""
    found: dict[int, tuple[date, date | None]] = {}
    for some in batched(wanted, CHUNK):
        rows = Organisation.objects.filter(pk__in=some).values_list("pk", "path", "founded_on", "closed_on")
        found.update({pk: (born, gone) for pk, path, born, gone in rows if is_under(path, subject.path)})
    return found


def _people(wanted: Iterable[int]) -> tuple[set[int], dict[int, date]]:
    """Which of the people there are, and the days on which some of them died."""
    there: set[int] = set()
    died: dict[int, date] = {}
    for some in batched(wanted, CHUNK):
        there.update(Person.objects.filter(pk__in=some).values_list("pk", flat=True))
        dead = Membership.objects.known().filter(person__in=some, end=Membership.End.DECEASED)
        died.update({person: on for person, on in dead.values_list("person_id", "until") if on is not None})
    return there, died


def _misdated(new: NewPost, place: tuple[date, date | None], died: date | None) -> str:
    founded, closed = place
    if new.since < founded:
        return f"上任日期早于组织成立的日期 {founded}。"
    if closed is not None and (new.until is None or new.until > closed):
        return f"组织已于 {closed} 撤销，任职要在那一天之前结束。"
    if new.until is not None and new.until <= new.since:
        return "离任日期要晚于上任日期。"
    if died is not None and died <= new.since:
        return f"任职人已于 {died} 去世。"
    return ""


def _key(organisation: int, person: int, role: str) -> tuple[int, int, str]:
    return (organisation, 0 if role in ONE_AT_A_TIME else person, role)


def _taken(subject: Organisation, roles: Iterable[str]) -> dict[tuple[int, int, str], list[Span]]:
    """When each post below the subject is already held."""
    known = Post.objects.known().filter(organisation__path__under=subject, role__in=list(roles))
    taken: dict[tuple[int, int, str], list[Span]] = defaultdict(list)
    for organisation, person, role, since, until in known.values_list(
        "organisation_id", "person_id", "role", "since", "until"
    ).iterator(chunk_size=CHUNK):
        taken[_key(organisation, person, role)].append((since, until))
    return taken


def _take(taken: dict[tuple[int, int, str], list[Span]], new: NewPost) -> bool:
    """Whether the post is free for those days; from now on it is not."""
    spans = taken[_key(new.organisation, new.person, new.role)]
    if any((gone is None or gone > new.since) and (new.until is None or since < new.until) for since, gone in spans):
        return False
    spans.append((new.since, new.until))
    return True

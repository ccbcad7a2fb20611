"""Looks at a database after a kill, and believes nothing: whole or not at all. A fault is a sentence."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import F, Model
from django.utils import timezone

from jiceng.engines.procedures import queries
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Role, bulk_root
from jiceng.kernel.history.models import Dated
from jiceng.kernel.journal import actions as journal
from jiceng.kernel.journal.models import Entry
from jiceng.kernel.journal.queries import Anchor, faults, head
from jiceng.kernel.orgs.models import Change, Organisation, Standing
from jiceng.kernel.people.models import Membership, NameKey, Particulars, Person
from jiceng.kernel.posts.models import Post
from jiceng.lib.paths import SEGMENT


def look(acknowledged: Iterable[int], anchors: Iterable[Anchor]) -> list[str]:
    """Every fault, when nobody else is connected any more. Seals what waits, then checks the chain and the anchors."""
    wait_until_alone()
    found = [*storage(), *lost(acknowledged), *content()]
    journal.seal(at=timezone.now(), limit=1_000_000)
    return found + list(faults(list(anchors)))


def content() -> Iterator[str]:
    """Faults of what the tables say, without the chain."""
    for check in (told_but_not_done, done_but_not_told, lists, paths, standings, memberships, secretaries, cases):
        yield from check()


def cases() -> Iterator[str]:
    """Cases whose columns do not say what their entries say, or for which nobody or somebody too many is waited."""
    for case in Case.objects.select_related("edition").prefetch_related("waitings"):
        entries = queries.entries_of(case)
        if [one.number for one in entries] != list(range(1, case.number + 1)):
            yield f"case {case.pk}: {case.number} entries are told of, there are {[one.number for one in entries]}"
            continue
        now = queries.standing_of(case, entries)
        said = (now.state.value, now.step.key if now.step else "", now.end.key if now.end else "", now.since)
        if said != (case.state, case.step, case.end, case.stood_since):
            yield f"case {case.pk} stands at {case.step or case.end}, its entries say {said}"
        if case.waitings.exists() != (case.state == "running"):
            yield f"case {case.pk} is {case.state}, and waited for: {case.waitings.count()}"


def anchor() -> Anchor:
    """The head of the chain, to be kept outside the database."""
    now = head()
    return Anchor(now.number, now.digest, timezone.now().isoformat())


def wait_until_alone() -> None:
    """A server works on for a moment for a client that is gone; what it does then still counts."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute(
                "SELECT count(*), pg_sleep(0.005) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if cursor.fetchone()[0] == 0:
                return
    raise RuntimeError("a client of this database never went away")


def storage() -> Iterator[str]:
    """What SQLite itself says of its file."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        yield from (f"file: {said}" for (said,) in cursor.fetchall() if said != "ok")
        cursor.execute("PRAGMA foreign_key_check")
        yield from (f"a row of {row[0]} points nowhere" for row in cursor.fetchall())


def lost(acknowledged: Iterable[int]) -> Iterator[str]:
    """Entries that a verb had returned with, and that are not there."""
    wanted = set(acknowledged)
    there = set(Entry.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    yield from (f"entry {pk} was acknowledged and is lost" for pk in sorted(wanted - there))


def told_but_not_done() -> Iterator[str]:
    """Entries about a record that is not there."""
    named: dict[str, dict[int, int]] = defaultdict(dict)
    for pk, on in Entry.objects.exclude(on="").values_list("pk", "on"):
        label, _, key = on.partition(":")
        named[label][int(key)] = pk
    for label, keys in named.items():
        there = set(apps.get_model(label)._default_manager.values_list("pk", flat=True))
        yield from (f"entry {keys[key]} tells of {label} {key}, which is not there" for key in keys.keys() - there)


def done_but_not_told() -> Iterator[str]:
    """Rows that no entry accounts for: each was written, or stopped being believed, at the moment of some verb."""
    moments = set(Entry.objects.values_list("recorded_at", flat=True))
    for model in dated_models():
        rows = model._default_manager.values_list("recorded_at", "superseded_at").distinct()
        for pair in rows.iterator():
            yield from (f"{model.__name__}: written at {at} by no verb" for at in pair if at and at not in moments)
    acts = set(Entry.objects.values_list("at", flat=True))
    for pk, at in Change.objects.values_list("pk", "at"):
        if at not in acts:
            yield f"change {pk} was made by no verb"


def dated_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if issubclass(model, Dated)]


def lists() -> Iterator[str]:
    """Lists of members and of organisations: as many rows as the entry says, and the very ones of its digest."""
    bulk = list(Entry.objects.filter(verb="people.admit_many"))
    by_moment: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    for at, person, home in Membership.objects.values_list("recorded_at", "person_id", "organisation_id"):
        by_moment[at].append((person, home))
    told = Counter(Particulars.objects.values_list("recorded_at", flat=True))
    for entry in bulk:
        rows = sorted(by_moment[entry.recorded_at])
        if len(rows) != entry.rows or told[entry.recorded_at] != entry.rows:
            yield f"entry {entry.pk} tells of {entry.rows} members, {len(rows)} are there"
        elif bulk_root(rows) != entry.root:
            yield f"entry {entry.pk} tells of other members than are there"
    founded = Counter(Change.objects.filter(kind=Change.Kind.FOUND).values_list("at", flat=True))
    for entry in Entry.objects.filter(verb="orgs.found_many"):
        if founded[entry.at] != entry.rows:
            yield f"entry {entry.pk} tells of {entry.rows} organisations, {founded[entry.at]} are there"


def paths() -> Iterator[str]:
    """Every organisation's path is its parent's and one segment more, a segment that its parent has given out."""
    rows = {one.pk: one for one in Organisation.objects.defer("name", "phone")}
    for one in rows.values():
        above = rows.get(one.parent_id or 0)
        if above is None:
            if one.parent_id or len(one.path) != SEGMENT:
                yield f"organisation {one.pk} hangs in the air"
            continue
        if one.path[:-SEGMENT] != above.path:
            yield f"organisation {one.pk} stands at {one.path}, its parent at {above.path}"
        if int(one.path[-SEGMENT:], 36) >= above.children_made:
            yield f"organisation {one.pk} has a segment that its parent will give out again"
        if _in_a_circle(one, rows):
            yield f"organisation {one.pk} is above itself"


def _in_a_circle(one: Organisation, rows: dict[int, Organisation]) -> bool:
    seen: set[int] = set()
    at: Organisation | None = one
    while at is not None and at.pk not in seen:
        seen.add(at.pk)
        at = rows.get(at.parent_id or 0)
    return at is not None


def standings() -> Iterator[str]:
    """The path of today is the open standing's, of which the living have one and the closed none."""
    open_rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for pk, *said in Standing.objects.open().values_list("organisation_id", "path", "parent_id", "name", "kind"):
        open_rows[pk].append(tuple(said))
    every = Organisation.objects.values_list("pk", "closed_on", "path", "parent_id", "name", "kind")
    for pk, closed_on, *said in every:
        if len(open_rows[pk]) != (closed_on is None):
            yield f"organisation {pk} has {len(open_rows[pk])} open standings"
        elif closed_on is None and open_rows[pk] != [tuple(said)]:
            yield f"organisation {pk} is not what its open standing says"
    yield from _overlaps(Standing, "organisation_id")


def memberships() -> Iterator[str]:
    """Who is a member has one open membership, where the person says; each has particulars and can be found by name."""
    places = dict(Membership.objects.open().values_list("person_id", "organisation_id"))
    closed = set(Organisation.objects.exclude(closed_on=None).values_list("pk", flat=True))
    with_particulars = set(Particulars.objects.known().values_list("person_id", flat=True))
    with_keys = set(NameKey.objects.filter(organisation=F("person__organisation")).values_list("person_id", flat=True))
    for pk, home, is_member in Person.objects.values_list("pk", "organisation_id", "is_member"):
        if is_member != (pk in places) or (is_member and places[pk] != home):
            yield f"person {pk} is not the member that the memberships say"
        if is_member and (pk not in with_particulars or pk not in with_keys):
            yield f"person {pk} was registered by half"
        if is_member and home in closed:
            yield f"person {pk} is a member of an organisation that is closed"
    yield from _overlaps(Membership, "person_id")


def secretaries() -> Iterator[str]:
    """No organisation has two at once."""
    yield from _overlaps(Post, "organisation_id", role=Role.SECRETARY)


def _overlaps(model: type[Dated], whose: str, **only: Any) -> Iterator[str]:
    """Rows believed now that say two things of one day."""
    rows = model.objects.known().filter(**only).order_by(whose, "since").values_list(whose, "since", "until")
    last: tuple[Any, ...] = (None, None, None)
    for row in rows:
        if row[0] == last[0] and (last[2] is None or last[2] > row[1]):
            yield f"{model.__name__}: two rows of {whose} {row[0]} hold on {row[1]}"
        last = row

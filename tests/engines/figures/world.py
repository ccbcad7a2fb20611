"""Random trees that change, and random rows in them, with an oracle that walks from parent to parent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import F
from hypothesis import strategies as st

from jiceng.engines.figures import catalogue
from jiceng.engines.figures.indicators import Indicator, Measure, window
from jiceng.engines.packs.conditions import holds
from jiceng.kernel.journal.clock import one_moment
from jiceng.kernel.orgs.models import Change, Kind, Organisation, Standing
from jiceng.kernel.people.models import Membership, Person
from jiceng.lib.facts import Column, Fact
from jiceng.lib.paths import segment
from tests import guard

START = date(2025, 10, 1)
DAYS = 12
STEP = 21
"""The calendar of the worlds: twelve days three weeks apart, across a new year."""

TOLD = [datetime(2026, month, 15, 8, 0, tzinfo=UTC) for month in (1, 3, 5)]
"""When rows are told, and taken back."""

MOMENTS = [None, TOLD[0] + timedelta(hours=1), TOLD[1] + timedelta(hours=1)]


def day(number: int) -> date:
    return START + timedelta(days=STEP * number)


def _rows() -> Any:
    return Membership.objects.values(
        "organisation", "since", "until", "recorded_at", "superseded_at", "kind", "person", record=F("pk"),
        amount=F("batch"), sex=F("person__sex"), birth_on=F("person__birth_on"),
    )  # fmt: skip


ROSTER = Fact(
    key="roster", name="名册", grain="一名党员在一个组织的一段日期", rows=_rows, distinct="person",
    columns=(
        Column("kind", "类别", "code", (("full", "正式党员"), ("probationary", "预备党员"))),
        Column("person", "人", "integer"), Column("amount", "数额", "integer"), Column("sex", "性别", "code"),
        Column("birth_on", "出生日期", "date"),
    ),
)  # fmt: skip


def indicator(key: str, **said: Any) -> Indicator:
    base = {
        "kind": "indicator",
        "key": key,
        "name": key,
        "fact": "roster",
        "filter": "",
        "basis": "《试》",
        "since": date(2020, 1, 1),
    }
    return Indicator.model_validate({**base, **said})


def indicators() -> list[Indicator]:
    catalogue.facts_come_from([ROSTER])
    return [
        indicator("full", filter='kind = "full"'),
        indicator("amount", measure="sum", of="amount", filter='not sex = "2"'),
        indicator("persons", measure="distinct", of="person"),
        indicator("women", filter='sex = "2"', whole={"filter": 'kind = "full" or amount is empty'}),
        indicator("old", filter="age(birth_on) >= 60", measure="sum", of="amount", whole={"filter": "amount > 1/3"}),
        indicator("new-this-year", period="year"),
        indicator("gone-this-quarter", period="quarter", event="end", measure="sum", of="amount"),
        indicator(
            "seen-ever", period="ever", measure="distinct", of="person", whole={"filter": "", "measure": "count"}
        ),
        indicator("today", structure="now", period="year", filter='kind in ("full", "probationary")'),
    ]


@dataclass
class Belief:
    """One account of the tree: for each organisation its places in time, as (since, until, parent, path)."""

    spans: dict[int, list[tuple[date, date | None, int | None, str]]] = field(default_factory=dict)
    custodian: dict[int, int] = field(default_factory=dict)

    def now(self, org: int) -> tuple[date, date | None, int | None, str]:
        return self.spans[org][-1]

    def is_open(self, org: int) -> bool:
        return org in self.spans and self.now(org)[1] is None

    def below(self, org: int) -> list[int]:
        top = self.now(org)[3]
        return [one for one in self.spans if self.is_open(one) and self.now(one)[3].startswith(top)]

    def at(self, org: int, on: date) -> tuple[tuple[date, date | None, int | None, str], date]:
        """Where it stood, the first place reaching back and the last reaching on; and a day of that place."""
        spans = self.spans[org]
        found = [span for span in spans if span[0] <= on]
        span = found[-1] if found else spans[0]
        if on < span[0]:
            on = span[0]
        if span[1] is not None and on >= span[1]:
            on = span[1] - timedelta(days=1)
        return span, on

    def above(self, org: int | None, on: date) -> set[int]:
        """The organisation and all above it, walked from parent to parent."""
        found: set[int] = set()
        while org is not None:
            found.add(org)
            (_, _, org, _), on = self.at(org, on)
        return found

    def above_today(self, org: int | None) -> set[int]:
        found: set[int] = set()
        if org is not None and not self.is_open(org):
            org = self.custodian[org]
        while org is not None:
            found.add(org)
            org = self.now(org)[2]
        return found

    def stands(self, org: int, on: date) -> bool:
        return any(since <= on and (until is None or until > on) for since, until, _, _ in self.spans.get(org, []))


@dataclass
class Row:
    record: int
    organisation: int
    person: int
    kind: str
    amount: int | None
    sex: str
    birth_on: date
    since: date
    until: date | None
    recorded_at: datetime
    superseded_at: datetime | None


@dataclass
class World:
    """Two beliefs about one tree (the second since TOLD[1]), and rows that were told and taken back."""

    first: Belief
    second: Belief
    rows: list[Row]

    def belief(self, known_at: datetime | None) -> Belief:
        return self.second if known_at is None or known_at >= TOLD[1] else self.first

    def answer(
        self, measure: Measure, asked: Indicator, node: int, on: date, structure: str, known_at: datetime | None
    ) -> int:
        return count(
            measure,
            [
                row
                for row in self.under(asked, node, on, structure, known_at)
                if holds(measure.condition, vars(row), on)
            ],
        )

    def under(self, asked: Indicator, node: int, on: date, structure: str, known_at: datetime | None) -> list[Row]:
        belief, dates = self.belief(known_at), window(asked, on)
        found = []
        for row in self.rows:
            if not is_known(row, known_at):
                continue
            event = event_day(row, dates)
            if event is None:
                continue
            above = (
                belief.above(row.organisation, event)
                if structure == "then"
                else self.second.above_today(row.organisation)
            )
            if node in above:
                found.append(row)
        return found


def is_known(row: Row, known_at: datetime | None) -> bool:
    if known_at is None:
        return row.superseded_at is None
    return row.recorded_at <= known_at and (row.superseded_at is None or row.superseded_at > known_at)


def event_day(row: Row, dates: Any) -> date | None:
    """The day on which the row stands where it stands, or None if the figure does not ask for it."""
    if dates.first is None:
        return dates.last if row.since <= dates.last and (row.until is None or row.until > dates.last) else None
    if dates.event == "start":
        return row.since if dates.first <= row.since <= dates.last else None
    if row.until is None or not dates.first <= row.until <= dates.last:
        return None
    return row.until - timedelta(days=1)


def count(measure: Measure, rows: list[Row]) -> int:
    match measure.function:
        case "count":
            return len(rows)
        case "sum":
            return sum(getattr(row, str(measure.of)) or 0 for row in rows)
        case _:
            return len({getattr(row, str(measure.of)) for row in rows} - {None})


def play(belief: Belief, acts: list[tuple[str, int, int]], orgs: list[int], number: Callable[[], int]) -> None:
    """Lets a tree change day by day; whatever makes no sense does not happen."""
    belief.spans[orgs[0]] = [(date(2000, 1, 1), None, None, segment(number()))]
    for place, (act, a, b) in enumerate(acts):
        on = day(place * DAYS // max(len(acts), 1))
        one, other = orgs[a % len(orgs)], orgs[b % len(orgs)]
        if act == "found" and one not in belief.spans and belief.is_open(other):
            belief.spans[one] = [(max(on, belief.now(other)[0]), None, other, belief.now(other)[3] + segment(number()))]
        elif act == "move" and belief.is_open(one) and belief.is_open(other) and one != orgs[0]:
            move(belief, one, other, on, number)
        elif act == "close" and belief.is_open(one) and one != orgs[0] and len(belief.below(one)) == 1:
            close(belief, one, on)
    for one in orgs:
        if one not in belief.spans:
            belief.spans[one] = [(day(0), None, orgs[0], belief.now(orgs[0])[3] + segment(number()))]


def move(belief: Belief, one: int, other: int, on: date, number: Callable[[], int]) -> None:
    below = belief.below(one)
    if other in below or belief.now(one)[2] == other or any(belief.now(x)[0] >= on for x in [*below, other]):
        return
    old, new = belief.now(one)[3], belief.now(other)[3] + segment(number())
    for each in below:
        since, _, parent, path = belief.now(each)
        belief.spans[each][-1] = (since, on, parent, path)
        belief.spans[each].append((on, None, other if each == one else parent, new + path[len(old) :]))


def close(belief: Belief, one: int, on: date) -> None:
    since, _, parent, path = belief.now(one)
    if since >= on:
        return
    belief.spans[one][-1] = (since, on, parent, path)
    assert parent is not None
    belief.custodian[one] = parent
    for held, keeper in list(belief.custodian.items()):
        if keeper == one:
            belief.custodian[held] = parent


ACTS = st.lists(
    st.tuples(st.sampled_from(["found", "found", "move", "move", "close"]), st.integers(0, 6), st.integers(0, 6)),
    max_size=14,
)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 6), st.integers(0, 4), st.sampled_from(["full", "probationary"]),
        st.sampled_from([None, 0, 1, 7, 200]),
        st.integers(-1, DAYS), st.integers(1, DAYS + 4), st.integers(0, 2), st.integers(0, 4),
    ),
    max_size=16,
)  # fmt: skip


def orgs_and_people() -> tuple[list[int], list[Person]]:
    """Seven organisations and five people, whose places and rows each example writes anew."""
    with guard.outside(), one_moment():
        made = [
            Organisation.objects.create(
                code=f"W{n}", name=f"第{n}组织", kind=Kind.COMMITTEE, path=f"z{n:03d}", founded_on=START
            )
            for n in range(7)
        ]
        births = [date(1965, 10, 22), date(1966, 2, 25), date(1990, 1, 1), date(1964, 2, 29), date(2000, 12, 31)]
        people = [
            Person.objects.create(name=f"某{n}", sex=str(1 + n % 2), birth_on=born) for n, born in enumerate(births)
        ]
    return [one.pk for one in made], people


def build(first: Any, second: Any, drawn: Any, orgs: list[int], people: list[Person]) -> World:
    """Writes a drawn world into the database, and returns it as the oracle knows it."""
    numbers = iter(range(10_000))
    beliefs = (Belief(), Belief())
    for belief, acts in zip(beliefs, (first, second), strict=True):
        play(belief, acts, orgs, lambda: next(numbers))
    world = World(*beliefs, [])
    with guard.outside(), one_moment():
        _write_tree(world)
        _write_rows(world, drawn, orgs, people)
    return world


def _write_tree(world: World) -> None:
    change = Change.objects.create(
        organisation_id=next(iter(world.first.spans)), kind="found", on=START, reason="试", by_name="试", at=TOLD[0]
    )
    standings, told = [], []
    for belief, recorded, superseded in ((world.first, TOLD[0], TOLD[1]), (world.second, TOLD[1], None)):
        for org, spans in belief.spans.items():
            for since, until, parent, path in spans:
                standings.append(
                    Standing(
                        organisation_id=org,
                        parent_id=parent,
                        path=path,
                        name="某",
                        kind=Kind.COMMITTEE,
                        form="standard",
                        change=change,
                        since=since,
                        until=until,
                        superseded_at=superseded,
                    )
                )
                told.append(recorded)
    made = Standing.objects.bulk_create(standings)
    for one, recorded in zip(made, told, strict=True):
        Standing.objects.filter(pk=one.pk).update(recorded_at=recorded)
    second = world.second
    for org in second.spans:
        closed = second.now(org)[1]
        Organisation.objects.filter(pk=org).update(
            parent=second.now(org)[2],
            path=second.now(org)[3],
            founded_on=date(2000, 1, 1),
            closed_on=closed,
            custodian=second.custodian.get(org),
        )


def _write_rows(world: World, drawn: Any, orgs: list[int], people: list[Person]) -> None:
    taken: set[int] = set()
    for org, who, kind, amount, begin, length, told, taken_back in drawn:
        person = people[who]
        since = day(begin)
        until = None if length > DAYS else since + timedelta(days=STEP * length)
        superseded = TOLD[taken_back] if told < taken_back <= 2 else None
        if superseded is None and until is None:
            if person.pk in taken:
                until = day(DAYS + 3)
            taken.add(person.pk)
        made = Membership.objects.create(
            person=person,
            organisation_id=orgs[org],
            kind=kind,
            start="recorded",
            batch=amount,
            since=since,
            until=until,
            superseded_at=superseded,
        )
        Membership.objects.filter(pk=made.pk).update(recorded_at=TOLD[told])
        world.rows.append(
            Row(
                made.pk,
                orgs[org],
                person.pk,
                kind,
                amount,
                person.sex,
                person.birth_on,
                since,
                until,
                TOLD[told],
                superseded,
            )
        )

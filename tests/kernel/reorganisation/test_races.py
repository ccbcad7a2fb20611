"""A list that comes in while an organisation goes: on PostgreSQL the later of the two waits, whatever the list holds.

The list is stopped before its first row, the change is begun, and nothing goes on before it has either waited for the
list or been done with. SQLite lets one writer in at a time and needs no such play.
"""

import threading
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from jiceng.domains.coverage import actions as coverage
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.models import Kind, Organisation
from jiceng.kernel.people import actions as people
from jiceng.kernel.people.models import Person
from jiceng.kernel.posts import actions as posts
from jiceng.kernel.posts.models import Post
from jiceng.kernel.reorganisation import actions as reorganisation
from jiceng.kernel.units import actions as units
from jiceng.kernel.units.models import Unit
from jiceng.lib.refusals import Refused
from tests.builders import because, member, officer, org
from tests.kernel.people.cast import new

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def several_writers():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")


class World:
    """A town with two branches, an officer above them, and what a list could say of the first."""

    def __init__(self):
        self.town = org("东山镇委员会", kind=Kind.COMMITTEE, code="T")
        self.east = org("东村党支部", under=self.town, code="E")
        self.west = org("西村党支部", under=self.town, code="W")
        self.other = org("南山镇委员会", under=self.town.parent, kind=Kind.COMMITTEE, code="S")
        self.by = officer(self.town.parent)
        self.person = member(self.west)
        rows = [units.NewUnit("U0", "西村织布厂", Unit.Kind.ENTERPRISE, organisation_code="W")]
        units.register_many(self.town, rows=rows, on=DAY, **self.said)
        people.stage(self.town, batch=1, rows=[(2, self.newcomer)], **self.said)

    @property
    def said(self):
        return {"by": self.by, "at": timezone.now()}

    @property
    def newcomer(self):
        return new(organisation=self.east.pk)

    def admit(self):
        people.admit(self.east, new=new(), **self.said)

    def admit_many(self):
        people.admit_many(self.town, rows=[self.newcomer], **self.said)

    def admit_staged(self):
        people.admit_staged(self.town, batch=1, **self.said)

    def transfer_many(self):
        people.transfer_many(self.town, moves=[(self.person.pk, self.east.pk)], on=DAY, **self.said)

    def appoint_many(self):
        rows = [posts.NewPost(self.east.pk, self.person.pk, "secretary", DAY)]
        posts.appoint_many(self.town, posts=rows, **self.said)

    def register_many(self):
        rows = [units.NewUnit("U1", "东村织布厂", Unit.Kind.ENTERPRISE, organisation_code="E")]
        units.register_many(self.town, rows=rows, on=DAY, **self.said)

    def hand_over(self):
        units.hand_over(Unit.objects.get(), to=self.east, on=date(2026, 4, 1), **self.said)

    def cover_many(self):
        rows = [coverage.NewCoverage("U0", "E", "single", DAY)]
        coverage.cover_many(self.town, rows=rows, **self.said)

    def dissolve(self):
        reorganisation.dissolve(self.east, because=because(date(2026, 5, 1)), **self.said)

    def merge(self):
        reorganisation.merge(self.east, into=self.west, because=because(date(2026, 5, 1)), **self.said)

    def reparent(self):
        orgs.reparent(self.east, parent=self.other, because=because(date(2026, 5, 1)), **self.said)


def is_write(sql):
    return sql.startswith(("INSERT", "UPDATE")) or "nextval" in sql


class Player(threading.Thread):
    """Does one thing on a connection of its own, and knows whether it is over."""

    def __init__(self, do, *, stops=False):
        super().__init__(daemon=True)
        self.do, self.stops = do, stops
        self.there, self.go, self.over = threading.Event(), threading.Event(), threading.Event()
        self.error = None

    def run(self):
        try:
            with connection.execute_wrapper(self.stop):
                self.do()
        except Exception as error:  # told to the test, which knows what may be
            self.error = error
        finally:
            connection.close()
            self.there.set()
            self.over.set()

    def stop(self, execute, sql, *rest):
        if self.stops and is_write(str(sql)) and not self.there.is_set():
            self.there.set()
            self.go.wait(60)
        return execute(sql, *rest)


def waits(player):
    """Whether somebody waits for a lock before the player is done."""
    while not player.over.wait(0.01):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid IN"
                           " (SELECT pid FROM pg_locks WHERE NOT granted)"
                           " AND datname = current_database()")  # fmt: skip
            if cursor.fetchone()[0]:
                return True
    return False


def play(slow, quick):
    """Begins `quick` when `slow` has checked everything and written nothing; says whether quick waited for slow."""
    first, second = Player(slow, stops=True), Player(quick)
    first.start()
    assert first.there.wait(60) and not first.over.is_set(), first.error
    second.start()
    waited = waits(second)
    first.go.set()
    first.join(60), second.join(60)
    errors = [one.error for one in (first, second) if one.error is not None]
    assert all(isinstance(error, Refused) for error in errors), errors
    return waited


def left_behind():
    """What stands at organisations that are gone, as the tables say."""
    gone = Organisation.objects.exclude(closed_on=None)
    return [
        *Person.objects.filter(is_member=True, organisation__in=gone),
        *Post.objects.open().filter(organisation__in=gone),
        *Unit.objects.filter(organisation__in=gone),
    ]


LISTS = (
    "admit", "admit_many", "admit_staged", "transfer_many", "appoint_many", "register_many", "hand_over", "cover_many",
)  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_an_organisation_closes_only_after_the_list_that_speaks_of_it(name):
    world = World()
    assert play(getattr(world, name), world.dissolve)
    assert left_behind() == []


@pytest.mark.parametrize("change", ["merge", "reparent"])
def test_so_do_a_merger_and_a_move(change):
    world = World()
    assert play(world.admit_many, getattr(world, change))
    assert left_behind() == []


@pytest.mark.parametrize("change", ["dissolve", "merge", "reparent"])
def test_a_list_that_comes_second_waits_and_finds_what_is_now(change):
    world = World()
    assert play(getattr(world, change), world.admit_many)
    assert left_behind() == []


def test_two_lists_do_not_wait_for_each_other():
    world = World()
    assert not play(world.admit_many, world.register_many)


@pytest.mark.parametrize("name", ["admit_many", "admit_staged", "register_many"])
def test_lists_that_hold_nothing_leave_somebody_behind(name, monkeypatch):
    monkeypatch.setattr(tree, "hold_tree", lambda *organisations: None)
    world = World()
    assert not play(getattr(world, name), world.dissolve)
    assert left_behind()

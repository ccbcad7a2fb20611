"""Whoever alters, removes, inserts or re-orders an entry is found; with an anchor, also who cuts off the end."""

import random
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from jiceng.kernel.journal import actions
from jiceng.kernel.journal.clock import one_moment, store_now
from jiceng.kernel.journal.models import Entry, Seal, Simulation
from jiceng.kernel.journal.queries import WINDOW, Anchor, faults, head

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 4, tzinfo=UTC)


def write(number: int) -> None:
    for n in range(number):
        with one_moment():
            actions.write("test.act", by="user:1", on=f"orgs.organisation:{n}", organisation=n, at=AT)


def sealed(number: int = 30) -> Anchor:
    write(number)
    actions.seal(at=AT)
    now = head()
    return Anchor(now.number, now.digest, AT.isoformat())


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE journal_seal DISABLE TRIGGER USER")
        cursor.execute(statement, values)


def test_an_honest_journal_has_no_faults():
    anchor = sealed()
    assert list(faults([anchor])) == []


def test_sealing_twice_adds_only_what_is_new():
    sealed(10)
    write(5)
    assert (actions.seal(at=AT), actions.seal(at=AT)) == (5, 0)


def alter(rng: random.Random, keys: list[int]) -> None:
    sql("UPDATE journal_entry SET verb = 'test.other' WHERE id = %s", rng.choice(keys))


def back_date(rng: random.Random, keys: list[int]) -> None:
    sql("UPDATE journal_entry SET recorded_at = %s WHERE id = %s", store_now() - timedelta(days=9), rng.choice(keys))


def remove(rng: random.Random, keys: list[int]) -> None:
    key = rng.choice(keys[:-1])
    sql("DELETE FROM journal_seal WHERE entry_id = %s", key)
    sql("DELETE FROM journal_entry WHERE id = %s", key)


def swap(rng: random.Random, keys: list[int]) -> None:
    a, b = rng.sample(keys, 2)
    one, other = (Entry.objects.get(pk=key).on for key in (a, b))
    sql('UPDATE journal_entry SET "on" = %s WHERE id = %s', other, a)
    sql('UPDATE journal_entry SET "on" = %s WHERE id = %s', one, b)


def insert(rng: random.Random, keys: list[int]) -> None:
    """An entry slipped in with a seal of its own in the middle of the chain."""
    with one_moment():
        entry = actions.write("test.slipped", by="user:9", on="", organisation=None, at=AT)
    seal = Seal.objects.order_by("number")[rng.randrange(len(keys) - 1)]
    digest = entry.digest_after(seal.previous)
    sql("UPDATE journal_seal SET digest = %s WHERE number = %s", digest, seal.number)


def truncate(rng: random.Random, keys: list[int]) -> None:
    cut = rng.choice(keys[len(keys) // 2 :])
    sql("DELETE FROM journal_seal WHERE entry_id >= %s", cut)
    sql("DELETE FROM journal_entry WHERE id >= %s", cut)


def rehash_all(rng: random.Random, keys: list[int]) -> None:
    """The owner of the database changes one entry and computes every later seal anew."""
    alter(rng, keys)
    previous = "0" * 64
    for seal in Seal.objects.select_related("entry").order_by("number"):
        digest = Entry.objects.get(pk=seal.entry_id).digest_after(previous)
        sql("UPDATE journal_seal SET previous = %s, digest = %s WHERE number = %s", previous, digest, seal.number)
        previous = digest


TAMPERS = [alter, back_date, remove, swap, insert, truncate, rehash_all]


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
def test_with_an_anchor_every_tampering_is_found(tamper):
    anchor = sealed()
    keys = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    rng = random.Random(7)
    caught = 0
    for _round in range(20):
        with transaction.atomic():
            tamper(rng, keys)
            caught += bool(list(faults([anchor])))
            transaction.set_rollback(True)
    assert caught == 20


def test_without_an_anchor_a_cut_end_is_not_found():
    """The limit that the anchor exists for: if this ever fails, say so in the documents."""
    sealed()
    keys = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    truncate(random.Random(1), keys)
    assert list(faults([])) == []


def test_an_entry_that_nobody_sealed_is_reported_after_the_window():
    write(1)
    assert list(faults([], now=store_now())) == []
    assert len(list(faults([], now=store_now() + WINDOW + timedelta(seconds=1)))) == 1


def test_a_database_with_entries_never_becomes_a_simulation():
    write(1)
    with pytest.raises(RuntimeError, match="不能改作演练库"):
        actions.mark_as_simulation(now=AT)


def test_a_simulation_records_at_its_own_clock_and_only_forward():
    actions.mark_as_simulation(now=AT)
    write(1)
    assert Entry.objects.get().recorded_at == AT
    actions.set_simulated_clock(now=AT + timedelta(days=1))
    with pytest.raises(RuntimeError, match="只能向前"):
        actions.set_simulated_clock(now=AT)


def test_a_real_clock_cannot_be_set():
    with pytest.raises(RuntimeError):
        actions.set_simulated_clock(now=AT)
    assert not Simulation.objects.exists()


def test_nothing_is_recorded_outside_a_verb():
    with pytest.raises(RuntimeError, match="outside a verb"):
        actions.write("test.act", by="user:1", on="", organisation=None, at=AT)


def test_the_moment_of_recording_cannot_be_given():
    with one_moment():
        entry = Entry.objects.create(verb="x", by="y", at=AT, recorded_at=datetime(1999, 1, 1, tzinfo=UTC))
    assert entry.recorded_at.year > 1999


def test_the_database_itself_refuses_to_change_an_entry():
    sealed(1)
    if connection.vendor == "sqlite":  # the tests' own setup dropped the triggers that the migration had made
        with editor() as making:
            import_module("jiceng.kernel.journal.migrations.0002_append_only").guard(None, making)
    for statement in ("UPDATE journal_entry SET verb = 'x'", "DELETE FROM journal_seal", "DELETE FROM journal_entry"):
        with pytest.raises(DatabaseError, match="只增不改"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@contextmanager
def editor():
    with connection.cursor() as cursor:
        yield SimpleNamespace(connection=connection, execute=cursor.execute)

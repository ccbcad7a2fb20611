"""Writes the journal. The only writers that are not verbs: an entry about each entry would never end."""

from datetime import datetime

from django.db import connection, transaction

from .models import Entry, Seal, Simulation
from .queries import head, unsealed

_LOCK = 7_305_001
"""Key of the advisory lock that lets one sealer work at a time on PostgreSQL."""


def write(
    verb: str, *, by: str, on: str, organisation: int | None, at: datetime, rows: int | None = None, root: str = ""
) -> Entry:
    """Leaves one entry in the running verb's transaction. `root` is the hex SHA-256 over the rows of a bulk verb."""
    return Entry.objects.create(verb=verb, by=by, on=on, organisation=organisation, rows=rows, root=root, at=at)


def seal(*, at: datetime, limit: int = 5000) -> int:
    """Links waiting entries to the chain in order of their number; returns how many."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = head()
        number, previous, seals = last.number, last.digest, []
        for entry in unsealed()[:limit]:
            number, digest = number + 1, entry.digest_after(previous)
            seals.append(Seal(number=number, entry=entry, previous=previous, digest=digest, sealed_at=at))
            previous = digest
        Seal.objects.bulk_create(seals, batch_size=1000)
    return len(seals)


def mark_as_simulation(*, now: datetime) -> None:
    """Turns an empty database into a simulation with its own clock. A database with entries can never become one."""
    if Entry.objects.exists() and not Simulation.objects.exists():
        raise RuntimeError("这是有真实记录的数据库，不能改作演练库。")
    Simulation.objects.all().delete()
    Simulation.objects.create(now=now)


def set_simulated_clock(*, now: datetime) -> None:
    """Moves a simulation's clock forward; does nothing to a real database, which has no such clock."""
    if not Simulation.objects.filter(now__lte=now).update(now=now):
        raise RuntimeError("只有演练库的时钟可以拨动，而且只能向前。")

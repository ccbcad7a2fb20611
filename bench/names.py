"""Name search: two hundred queries, rare and common, of two and three characters and of initials, wide and narrow."""

import random
import statistics
import time
from collections.abc import Iterator

from django.db import connection

from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people import queries
from jiceng.kernel.people.models import Person
from jiceng.lib import text

from .rows import Row


def search(engine: str) -> Iterator[Row]:
    taken = []
    for query, scope in _asked():
        began = time.perf_counter()
        queries.named(query, scope)
        taken.append((time.perf_counter() - began) * 1e3)
    p95 = statistics.quantiles(taken, n=20)[-1]
    yield Row(
        f"{engine}: 200 name searches among 341,759",
        f"p95 {p95:.1f} ms, median {statistics.median(taken):.1f} ms, worst {max(taken):.0f} ms",
        "p95 ≤ 20 ms", p95 <= 20,
    )  # fmt: skip
    scans = sum(_scans(query, scope) for query, scope in list(_asked())[::10])
    yield Row(f"{engine}: sequential scans in the plans of 20 of them", str(scans), "0", scans == 0)


def _asked() -> Iterator[tuple[str, queries.Scope]]:
    chance = random.Random(3)
    people = list(Person.objects.filter(pk__in=chance.sample(range(1, 340_000), 50)).select_related("organisation"))
    top = Organisation.objects.get(parent=None)
    towns = list(Organisation.objects.filter(depth=3, closed_on=None).order_by("pk")[:400])
    for person in people:
        name = person.name
        for query in (name[:2], name, name[-2:], _initials(name)):
            whole = chance.random() < 0.5
            yield query, queries.Scope(top if whole else chance.choice(towns), whole=True)


def _initials(name: str) -> str:
    return text.initials(name)[:3].ljust(2, "a")


def _scans(query: str, scope: queries.Scope) -> int:
    """How many statements of one search have a plan that reads a whole table of people or names."""
    statements: list[tuple[str, object]] = []

    def listen(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        queries.named(query, scope)
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    scans = 0
    for sql, params in statements:
        with connection.cursor() as cursor:
            cursor.execute(explain + sql, params)
            plan = "\n".join(str(row) for row in cursor.fetchall())
        scans += "Seq Scan on people" in plan or ("SCAN people" in plan and "USING" not in plan)
    return scans

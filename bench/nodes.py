"""One organisation's figures, against the comma-separated ancestors that the field commonly stores."""

import random
import statistics
import time
from collections.abc import Iterator
from datetime import date
from functools import partial

from django.db import connection

from jiceng.engines.figures import columnar, queries
from jiceng.engines.figures.indicators import Indicator
from jiceng.engines.figures.sources import Columnar
from jiceng.kernel.orgs.models import Organisation

from .rows import Row, median

DAY = date(2018, 6, 30)
EACH = 5
"""Organisations a depth."""


def one_node(engine: str) -> Iterator[Row]:
    _comma_way()
    source = columnar.newest()
    members = queries.indicator("members")
    assert source is not None and members is not None
    chance = random.Random(1)
    depths = sorted(set(Organisation.objects.filter(closed_on=None).values_list("depth", flat=True)))
    for depth in depths:
        nodes = list(
            Organisation.objects.filter(closed_on=None, depth=depth).order_by("pk").values_list("pk", flat=True)
        )
        chosen = chance.sample(nodes, min(EACH, len(nodes)))
        first = statistics.median(_once(members, pk, source) for pk in chosen)
        mine = statistics.median(median(partial(queries.value, members, pk, on=DAY, source=source), 3) for pk in chosen)
        found = statistics.median(median(partial(_position, pk), 3) for pk in chosen)
        alike = statistics.median(median(partial(_like, pk), 3) for pk in chosen)
        for pk in chosen:
            assert queries.value(members, pk, on=DAY, source=source).part == _position(pk) == _like(pk), pk
        deep = depth >= 3
        yield Row(
            f"{engine}: one node at depth {depth}, figures against position()",
            f"{found / mine:.0f} × (kept {mine * 1e3:.2f} ms, first {first * 1e3:.1f} ms)",
            "≥ 100 × at depth ≥ 3" if deep else "shown", found / mine >= 100 or not deep,
        )  # fmt: skip
        yield Row(
            f"{engine}: one node at depth {depth}, figures against LIKE", f"{alike / mine:.0f} ×",
            "≥ 10 × at depth ≥ 3" if deep else "shown", alike / mine >= 10 or not deep,
        )  # fmt: skip


def _once(asked: Indicator, node: int, source: Columnar) -> float:
    """Seconds of the first question about a day, before the file has kept its sums."""
    source.kept.clear()
    source.asked.clear()
    began = time.perf_counter()
    queries.value(asked, node, on=DAY, source=source)
    return time.perf_counter() - began


def _comma_way() -> None:
    """Each member with the ids of the organisation's ancestors, itself included, as the field stores them."""
    parents = dict(Organisation.objects.values_list("pk", "parent"))

    def chain(pk: int | None) -> str:
        found = []
        while pk is not None:
            found.append(str(pk))
            pk = parents[pk]
        return "," + ",".join(reversed(found)) + ","

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE comma_org (id bigint PRIMARY KEY, ancestors text)")
        cursor.executemany("INSERT INTO comma_org VALUES (%s, %s)", [(pk, chain(pk)) for pk in parents])
        cursor.execute(
            "CREATE TEMPORARY TABLE comma_member AS SELECT m.person_id, o.ancestors FROM people_membership m"
            " JOIN comma_org o ON o.id = m.organisation_id WHERE m.superseded_at IS NULL AND m.since <= %s"
            " AND (m.until IS NULL OR m.until > %s)",
            [DAY, DAY],
        )


def _position(pk: int) -> int:
    function = "position(%s in ancestors)" if connection.vendor == "postgresql" else "instr(ancestors, %s)"
    return _counted(function + " > 0", f",{pk},")


def _like(pk: int) -> int:
    return _counted("ancestors LIKE %s", f"%,{pk},%")


def _counted(condition: str, value: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM comma_member WHERE {condition}", [value])
        return int(cursor.fetchone()[0])

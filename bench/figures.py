"""Roll-up of twelve indicators for every organisation, against the engine's own GROUP BY of the same aggregates."""

import math
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
from django.conf import settings

from jiceng.engines.figures import columnar, queries
from jiceng.engines.figures.indicators import Indicator
from jiceng.engines.figures.sources import MEMORY, Columnar
from jiceng.engines.packs.conditions import parse
from jiceng.engines.packs.declarations import Filter

from .rows import Row, median

DAY = date(2018, 6, 30)
FILTERS = {
    "a": ("", "1 = 1"),
    "b": ('kind = "probationary"', "kind = 'probationary'"),
    "c": ('sex = "2"', "sex = '2'"),
    "d": ('ethnicity != "01"', "ethnicity <> '01'"),
    "e": ('education < "40"', "education < '40'"),
    "f": ('station = "retired"', "station = 'retired'"),
    "g": ('station = "without-post"', "station = 'without-post'"),
    "h": ("hardship = 1", "hardship = 1"),
    "i": ("skilled = 1", "skilled = 1"),
    "j": ("birth_on >= 1988-01-01", "birth_on >= DATE '1988-01-01'"),
    "k": ("birth_on < 1958-01-01", "birth_on < DATE '1958-01-01'"),
    "l": ('occupation = "02" and sex = "1"', "occupation = '02' AND sex = '1'"),
}
"""Each indicator as a pack would say it, and as a person would write it in SQL."""


def indicators() -> list[Indicator]:
    """Twelve counts of members."""
    found = queries.indicator("members")
    assert found is not None
    return [
        found.model_copy(
            update={"key": f"bench-{key}", "filter": Filter.model_construct(text=said, condition=parse(said))}
        )
        for key, (said, _) in FILTERS.items()
    ]


def by_hand(connection: duckdb.DuckDBPyConnection) -> object:
    """The same twelve aggregates by leaf, nothing more, into arrays."""
    sums = ", ".join(f"sum(CASE WHEN {text} THEN 1 ELSE 0 END) AS {key}" for key, (_, text) in FILTERS.items())
    held = "since <= DATE '2018-06-30' AND (until IS NULL OR until > DATE '2018-06-30') AND superseded_at IS NULL"
    return connection.execute(f"SELECT organisation, {sums} FROM fact_members WHERE {held} GROUP BY 1").fetchnumpy()


def ours(source: Columnar) -> queries.EveryNode:
    return queries.every_node(indicators(), on=DAY, source=source)


def every_node(engine: str) -> Iterator[Row]:
    file = columnar.newest()
    assert file is not None
    bare = duckdb.connect(str(file.file), read_only=True, config={"memory_limit": MEMORY})
    peer, mine = median(lambda: by_hand(bare)), median(lambda: ours(file))
    rate = mine / peer
    yield Row(
        f"{engine}: 12 indicators × every organisation, 341,759 members",
        f"{mine * 1e3:.0f} ms = {rate:.2f} × ({peer * 1e3:.0f} ms)",
        "≤ 3 × GROUP BY leaf", rate <= 3,
    )  # fmt: skip


TIMES = 15


def growth(engine: str) -> Iterator[Row]:
    """The same prefecture fifteen times over: 5.1 million members in 240,000 organisations."""
    small = columnar.newest()
    assert small is not None
    large = Path(settings.DATA_DIR) / "large.duckdb"
    if not large.exists():
        _multiply(small.file, large)
    source = Columnar(large)
    few, many = median(lambda: ours(small)), median(lambda: ours(source), times=3)
    exponent = math.log(many / few) / math.log(TIMES)
    yield Row(
        f"{engine}: growth to {341_759 * TIMES:,} members",
        f"exponent {exponent:.2f} ({few * 1e3:.0f} → {many * 1e3:.0f} ms)",
        "≤ 1.15", exponent <= 1.15,
    )  # fmt: skip


def _multiply(small: Path, large: Path) -> None:
    began = time.perf_counter()
    with duckdb.connect(str(large), config={"memory_limit": "1GB", "temp_directory": f"{large}.tmp"}) as made:
        made.execute(f"ATTACH '{small}' AS few (READ_ONLY)")
        for table in ("about", "org", "standing", "placed", "fact_members"):
            made.execute(f"CREATE TABLE {table} AS SELECT * FROM few.{table}")
            for copy in range(1, TIMES if table != "about" else 1):
                columns = made.execute(f"SELECT * FROM {table} LIMIT 0").description or ()
                said = ", ".join(_shifted(column[0], copy) for column in columns)
                made.execute(f"INSERT INTO {table} SELECT {said} FROM few.{table}")
        made.execute("CREATE TABLE sorted AS SELECT * FROM placed ORDER BY path")
        made.execute("DROP TABLE placed")
        made.execute("ALTER TABLE sorted RENAME TO placed")
    print(f"multiplied in {time.perf_counter() - began:.0f} s")


def _shifted(column: str, copy: int) -> str:
    """Other organisations under another root: ids ten million further on, paths under another first segment."""
    if column in ("organisation", "record"):
        return f"{column} + {copy * 10_000_000}"
    if column == "path":
        return f"'{copy:04d}' || substr(path, 5)"
    return f'"{column}"'

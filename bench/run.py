"""One database: builds the prefecture if it is not there, then measures every work."""

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

import django

from bench.rows import Row


def memory(engine: str) -> Iterator[Row]:
    """What this process held at most while it worked the figures out, those of five million members among them."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Row(f"{engine}: memory of the figures, MiB", f"{held:.0f}", "≤ 1024", held <= 1024)


def main(engine: str) -> None:
    django.setup()
    from django.conf import settings

    from bench import figures, intake, lists, names, nodes, serving, world

    world.build(engine)
    rows: list[Row] = []
    for work in (
        figures.every_node, figures.growth, nodes.one_node, lists.pages, names.search, memory,
        serving.worker_memory, intake.prefecture,
    ):  # fmt: skip
        for row in work(engine):
            print(row, flush=True)
            rows.append(row)
    Path(settings.DATA_DIR, "rows.json").write_text(json.dumps([row.said() for row in rows], ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1])

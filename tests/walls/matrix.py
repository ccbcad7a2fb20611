"""`python -m tests.walls.matrix [PAIRS]`: the whole route matrix (100,000 pairs), then every planted hole."""

import os
import sys
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

# Models exist only after setup.
from django.db import transaction  # noqa: E402
from django.test.utils import setup_databases, setup_test_environment, teardown_databases  # noqa: E402

from tests.walls import pairs  # noqa: E402
from tests.walls.holes import HOLES  # noqa: E402
from tests.walls.world import build  # noqa: E402


def main(number: int) -> int:
    """Asks so many pairs, then tears every hole; 1 if anything leaks or a hole is not noticed."""
    began = perf_counter()
    city = build()
    walls = pairs.Matrix(city)
    tally = walls.run(walls.sample(number))
    print(*pairs.forgotten(), *tally.leaks, sep="\n")
    few = list(walls.sample(pairs.SMALL))
    caught = [word for word in HOLES if pairs.torn(city, few, word)]
    print(*(f"not noticed: {word}" for word in HOLES if word not in caught), sep="\n")
    print(f"pairs {tally.pairs:,}, leaks {len(tally.leaks)}, planted holes caught {len(caught)} of {len(HOLES)}")
    print(f"pages shown {tally.seen:,}, acts done {tally.acts.total():,} of {len(tally.acts)} kinds, "
          f"addresses {len(set(pairs.routes()))}, {perf_counter() - began:.0f} s")  # fmt: skip
    return 1 if tally.leaks or pairs.forgotten() or len(caught) < len(HOLES) else 0


def alone() -> None:
    """The command: in a database of its own, which it makes and removes."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else pairs.FULL
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        with transaction.atomic():
            code = main(number)
            transaction.set_rollback(True)
    finally:
        teardown_databases(made, verbosity=0)
    sys.exit(code)


if __name__ == "__main__":
    alone()

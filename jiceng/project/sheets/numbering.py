"""Between the rows that a verb counts and the rows of the file: a verb counts only what it was given."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from jiceng.engines.intake.declarations import Fault, Row, Staged
from jiceng.lib.refusals import RowsRefused


@contextmanager
def as_in_the_file(rows: Sequence[Staged]) -> Iterator[None]:
    """A verb that refuses some of these rows names them by their numbers in the file."""
    try:
        yield
    except RowsRefused as refused:
        raise RowsRefused((rows[place - 1].row.number, sentence) for place, sentence in refused.faults) from refused


def faults_of(rows: Sequence[Row], found: Iterable[tuple[int, str]]) -> Iterator[Fault]:
    """What a verb would refuse of these rows, as faults of the file."""
    return (Fault(rows[place - 1].number, "", sentence) for place, sentence in sorted(found))

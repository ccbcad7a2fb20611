"""One line of the table."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """What was measured, the figure, the bar, and whether it holds."""

    work: str
    figure: str
    bar: str
    holds: bool

    def __str__(self) -> str:
        return f"{'ok  ' if self.holds else 'MISS'} | {self.work} | {self.figure} | {self.bar}"

    def said(self) -> dict[str, Any]:
        return asdict(self)


def median(do: Callable[[], object], times: int = 7) -> float:
    """The median seconds of so many runs after one that warms up."""
    do()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        do()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)

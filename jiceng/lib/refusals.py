"""How a verb says no."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied


class Refused(Exception):
    """Something may not be done now; the message says why and what to do, in the reader's words."""


class RowsRefused(Refused):
    """A whole list is refused: every row that is wrong, by its number from 1, with a sentence each."""

    def __init__(self, faults: Iterable[tuple[int, str]]) -> None:
        self.faults = tuple(sorted(faults))
        first = "；".join(f"第 {row} 行：{sentence}" for row, sentence in self.faults[:3])
        more = f"……一共 {len(self.faults)} 处。" if len(self.faults) > 3 else ""
        super().__init__(first + more)


class NotAllowed(Refused, PermissionDenied):
    """The person holds no post that allows this; the web answers 403."""

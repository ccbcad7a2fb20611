"""The verbs of meetings. While a meeting is open its record grows; once it is closed it is only corrected."""

from .calling import Called, call, cancel, change, reconvene
from .correcting import correct
from .holding import Mark, Marked, Written, attend, close, exclude, open, readmit, write_minutes  # noqa: A004
from .recording import Motion, Sheet, record
from .voting import Cast, Standing, correct_vote, record_vote

__all__ = [
    "Called",
    "Cast",
    "Mark",
    "Marked",
    "Motion",
    "Sheet",
    "Standing",
    "Written",
    "attend",
    "call",
    "cancel",
    "change",
    "close",
    "correct",
    "correct_vote",
    "exclude",
    "open",
    "readmit",
    "reconvene",
    "record",
    "record_vote",
    "write_minutes",
]

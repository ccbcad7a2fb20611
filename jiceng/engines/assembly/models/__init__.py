"""The nouns of meetings."""

from .holding import Attendance, Closing, Correction, Exclusion, Minutes, Opening, RollEntry
from .meeting import AgendaItem, Cancellation, Change, Meeting, Reconvening
from .voting import Candidate, Choice, Vote

__all__ = [
    "AgendaItem",
    "Attendance",
    "Cancellation",
    "Candidate",
    "Change",
    "Choice",
    "Closing",
    "Correction",
    "Exclusion",
    "Meeting",
    "Minutes",
    "Opening",
    "Reconvening",
    "RollEntry",
    "Vote",
]

"""The arithmetic of meetings: shares, tallies and elections. Pure: no store, no clock, no floats."""

from .elections import Candidacy, Election, Result, enough_candidates, least_candidates, result
from .elections import faults as election_faults
from .kinds import KINDS, WAYS, Electorate, MeetingKind, Sitting, Way, kind_of, share_or_none, way_of
from .shares import ROLL, Base, Share, WrongShare
from .tallies import Ballots, Gate, Outcome, Tally, Votes, faults, is_quorate, outcome, quorum_sentence

__all__ = [
    "KINDS",
    "ROLL",
    "WAYS",
    "Ballots",
    "Base",
    "Candidacy",
    "Election",
    "Electorate",
    "Gate",
    "MeetingKind",
    "Outcome",
    "Result",
    "Share",
    "Sitting",
    "Tally",
    "Votes",
    "Way",
    "WrongShare",
    "election_faults",
    "enough_candidates",
    "faults",
    "is_quorate",
    "kind_of",
    "least_candidates",
    "outcome",
    "quorum_sentence",
    "result",
    "share_or_none",
    "way_of",
]

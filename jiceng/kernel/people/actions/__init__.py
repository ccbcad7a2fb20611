"""The verbs about people."""

from .admission import admit, confirm
from .applying import Applicant, admit_applicant, move_applicant, note_applicant
from .away import Away, float_away, float_home, float_many, lend, lend_many, receive, take_back
from .entries import Fault, NewMember, Told, faults_of
from .lists import Admission, Checking, admit_many, check
from .looking import Found, find_by_number, look, look_at_many, reveal, state_purpose
from .moving import LEAVINGS, Moved, leave, restore, transfer, transfer_all, transfer_many
from .sealed import digest_of
from .staging import admit_staged, discard_staged, stage, undo_staged
from .telling import call, correct, describe, renumber
from .uniting import Follow, purge, unions_are_followed, unite

__all__ = [
    "LEAVINGS",
    "Admission",
    "Applicant",
    "Away",
    "Checking",
    "Fault",
    "Follow",
    "Found",
    "Moved",
    "NewMember",
    "Told",
    "admit",
    "admit_applicant",
    "admit_many",
    "admit_staged",
    "call",
    "check",
    "confirm",
    "correct",
    "describe",
    "digest_of",
    "discard_staged",
    "faults_of",
    "find_by_number",
    "float_away",
    "float_home",
    "float_many",
    "leave",
    "lend",
    "lend_many",
    "look",
    "look_at_many",
    "move_applicant",
    "note_applicant",
    "purge",
    "receive",
    "renumber",
    "restore",
    "reveal",
    "stage",
    "state_purpose",
    "take_back",
    "transfer",
    "transfer_all",
    "transfer_many",
    "undo_staged",
    "unions_are_followed",
    "unite",
]

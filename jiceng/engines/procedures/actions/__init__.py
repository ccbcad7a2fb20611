"""The verbs of a case. Each writes one entry, and what follows from it; nothing that was written is changed."""

from .bulk import Deed, Entered, Past, cases_of, enter_many
from .gathering import bring_meeting, hold_meeting, post_notice
from .mending import correct, hand_over, resume, suspend, withdraw
from .opening import enter, open  # noqa: A004  # the verb's own word
from .stepping import end_step, give_reply, keep_paper, note_round
from .writing import Told

__all__ = [
    "Deed",
    "Entered",
    "Past",
    "Told",
    "bring_meeting",
    "cases_of",
    "correct",
    "end_step",
    "enter",
    "enter_many",
    "give_reply",
    "hand_over",
    "hold_meeting",
    "keep_paper",
    "note_round",
    "open",
    "post_notice",
    "resume",
    "suspend",
    "withdraw",
]

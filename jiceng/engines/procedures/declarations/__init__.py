"""What a procedure file may say, and the pure machine that tells from a case's records where it stands."""

from .effects import Effect
from .procedure import END, FINISHED, NEXT, Procedure
from .trying import trial
from .words import OPENED, Deadline, End, Every, Gate, Gathering, Outcome, Paper, Posting, Reply, Step, Wait, Who

__all__ = [
    "END",
    "FINISHED",
    "NEXT",
    "OPENED",
    "Deadline",
    "Effect",
    "End",
    "Every",
    "Gate",
    "Gathering",
    "Outcome",
    "Paper",
    "Posting",
    "Procedure",
    "Reply",
    "Step",
    "Wait",
    "Who",
    "trial",
]  # fmt: skip

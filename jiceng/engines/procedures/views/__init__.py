"""Pages of procedures and of the cases that run by them."""

from .acts import correction, ending, halting, handing_over, paper, reply, round_
from .gathering import bringing, meeting, posting
from .pages import case, cases, opening, organisation_cases, procedure, procedures
from .printing import document, ledger, scan

__all__ = [
    "bringing", "case", "cases", "correction", "document", "ending", "halting", "handing_over", "ledger", "meeting",
    "opening", "organisation_cases", "paper", "posting", "procedure", "procedures", "reply", "round_", "scan",
]  # fmt: skip

"""Pages of procedures and of the cases that run by them."""

from .acts import correction, ending, halting, handing_over, paper, reply, round_
from .pages import case, cases, opening, organisation_cases, procedure, procedures

__all__ = [
    "case", "cases", "correction", "ending", "halting", "handing_over", "opening", "organisation_cases", "paper",
    "procedure", "procedures", "reply", "round_",
]  # fmt: skip

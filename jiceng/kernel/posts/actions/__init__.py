"""The verbs of posts, terms and joint bodies."""

from .appointments import appoint, appoint_administrator, correct, hand_over, vacate, vacate_administrator
from .bodies import NewBody, dissolve_body, form_bodies, form_body, pair_unit, seat, unpair_unit, unseat
from .bulk import Applied, NewPost, appoint_many, check_many, withdraw_batch
from .terms import NewTerm, check_terms, correct_term, extend_term, open_term, open_terms, withdraw_terms

__all__ = [
    "Applied",
    "NewBody",
    "NewPost",
    "NewTerm",
    "appoint",
    "appoint_administrator",
    "appoint_many",
    "check_many",
    "check_terms",
    "correct",
    "correct_term",
    "dissolve_body",
    "extend_term",
    "form_bodies",
    "form_body",
    "hand_over",
    "open_term",
    "open_terms",
    "pair_unit",
    "seat",
    "unpair_unit",
    "unseat",
    "vacate",
    "vacate_administrator",
    "withdraw_batch",
    "withdraw_terms",
]

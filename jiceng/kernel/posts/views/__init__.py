"""Pages of posts: teams, appointments, terms, joint bodies."""

from .appointing import administrator, appointment, correction, handover, slips, vacating
from .bodies import (
    body_ending,
    forming,
    joint_bodies,
    joint_body,
    pair,
    pair_ending,
    seat,
    seat_ending,
)
from .teams import organisation_posts, post
from .terms import term, term_correction, term_extension, terms

__all__ = [
    "administrator",
    "appointment",
    "body_ending",
    "correction",
    "forming",
    "handover",
    "joint_bodies",
    "joint_body",
    "organisation_posts",
    "pair",
    "pair_ending",
    "post",
    "seat",
    "seat_ending",
    "slips",
    "term",
    "term_correction",
    "term_extension",
    "terms",
    "vacating",
]

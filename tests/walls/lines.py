"""How a line of the table is said: of what an address is, who sees it, and who may do what it does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TODAY = "2026-06-01"
SELF = "the record's own address"
"""Stands in what is posted for the record that the address names."""

ORG = "here:SDCGFIVH below:SDCOAYQJ own"
PERSON = "here:SDC below:OA self received:SDCO"
UNIT = "here:SDCI below:SDCOA"
POST = "below:SDCOAQ self & below:SDCOA self administrative"
ACCOUNT = "below:QO here:S"
BODY = "below:SDCOA represented:SDC seated"
OFFICE = "below:O"
OFFICE_OR_SECRETARY = "below:O here:S"
FIGURE = "here:GF below:SDCOA"
LIST = "here:SDC below:OA"
RECEIVED = "here:SDC below:O"
ANYBODY = "signed-in"

EVERY = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
SAFE, FORM, POSTED, GOT = ("GET", "HEAD"), ("GET", "HEAD", "POST"), ("POST",), ("GET",)


@dataclass(frozen=True)
class Line:
    """One address. `act` is who may do what a POST does; `verb` is what the journal then says."""

    of: str
    see: str
    methods: tuple[str, ...] = SAFE
    act: str = "none"
    verb: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    """What is posted: right in every field, so that only who asks can be wrong."""
    with_it: frozenset[str] = frozenset()
    """Verbs that the verb itself calls."""
    may_be_refused: bool = False
    """Other conditions than who may stop it, so only the negative is sure."""


def form(of: str, see: str, act: str, verb: str = "", **said: Any) -> Line:
    return Line(of, f"{see} & {act}", FORM, act, verb, said)

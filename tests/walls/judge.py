"""Who may see or do what at which distance, by walking from child to parent. Nothing here asks the rules under test.

A policy is a short text: roles as letters at a reach. `here:S` is the secretary of the record's own organisation,
`below:O` an officer there or anywhere above. The letters stand in ROLES.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.walls.world import Caller, World

ROLES = {
    "S": "secretary", "D": "deputy-secretary", "C": "committee-member", "G": "group-leader", "O": "officer",
    "F": "first-secretary", "I": "instructor", "A": "auditor", "Y": "system-administrator",
    "Q": "security-administrator", "J": "audit-administrator", "V": "village-director", "H": "cooperative-head",
}  # fmt: skip
"""Reserve cadres and seats have no letter: their posts open nothing."""


@dataclass(frozen=True)
class Subject:
    """One record: its word for a report, its address, its organisation, and whom it concerns."""

    word: str
    args: tuple[str | int, ...] = ()
    query: str = ""
    home: int | None = None
    person: int | None = None
    members_home: int | None = None
    """Of an organisation: itself, so that whoever belongs to it is concerned."""
    received_by: tuple[int, ...] = ()
    """Organisations to which the person floats or is lent."""
    represented: tuple[int, ...] = ()
    seated: tuple[int, ...] = ()
    around: tuple[int, ...] = ()
    """Of a place: organisations that answer for it or for a place above it."""
    over: tuple[int, ...] = ()
    """Of a place: those that answer for a place above it."""
    traits: frozenset[str] = frozenset()


@cache
def parsed(policy: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The parts of a policy: a reach, and the roles it is given to."""
    parts = []
    for part in policy.split():
        reach, _, letters = part.partition(":")
        parts.append((reach, frozenset(ROLES[letter] for letter in letters)))
    return tuple(parts)


class Judge:
    """Answers policies for one world."""

    def __init__(self, world: World, homes: dict[int, int]) -> None:
        self.parents, self.custodians = world.parents, world.custodians
        self.homes = homes
        """Where each person belongs now."""
        self._chains: dict[int, frozenset[int]] = {}

    def above(self, organisation: int) -> frozenset[int]:
        """The organisation and all above it; of a closed one, also its custodian and all above that."""
        if organisation not in self._chains:
            found = set(self._walk(organisation))
            if organisation in self.custodians:
                found |= set(self._walk(self.custodians[organisation]))
            self._chains[organisation] = frozenset(found)
        return self._chains[organisation]

    def _walk(self, organisation: int) -> Iterator[int]:
        here: int | None = organisation
        while here is not None:
            yield here
            here = self.parents[here]

    def here(self, organisation: int) -> set[int]:
        """The organisation, and whoever keeps its records once it is closed."""
        return {organisation, self.custodians.get(organisation, organisation)}

    def may(self, caller: Caller, policy: str, subject: Subject) -> bool:
        """Whether the caller may, by any part of the policy. Several policies joined by & must all hold."""
        return all(self._any(caller, one.strip(), subject) for one in policy.split("&"))

    def _any(self, caller: Caller, policy: str, subject: Subject) -> bool:
        if policy == "public":
            return True
        if caller.person is None:
            return False
        return any(self._part(caller, reach, roles, subject) for reach, roles in parsed(policy))

    def _part(self, caller: Caller, reach: str, roles: frozenset[str], subject: Subject) -> bool:
        at = {organisation for role, organisation in caller.held if role in roles}
        match reach:
            case "signed-in":
                return True
            case "holding":
                return bool(at)
            case "holding-any":
                return bool(caller.held)
            case "self" | "own" | "seated":
                return self._concerned(caller, reach, subject)
            case "here" | "below" | "represented" | "received" | "received-below" | "around" | "over":
                return bool(at & self._tops(reach, subject))
            case _:
                return reach in subject.traits

    def _concerned(self, caller: Caller, reach: str, subject: Subject) -> bool:
        """Whether it is about the caller."""
        if reach == "self":
            return subject.person == caller.person
        if reach == "seated":
            return caller.person in subject.seated
        return subject.members_home is not None and self.homes.get(caller.person or 0) == subject.members_home

    def _tops(self, reach: str, subject: Subject) -> set[int]:
        """The organisations at which a post opens the record."""
        if reach in ("represented", "around", "over"):
            return set(getattr(subject, reach))
        if reach == "received":
            return set(subject.received_by)
        if reach == "received-below":
            return {top for one in subject.received_by for top in self.above(one)}
        if subject.home is None:
            return set()
        return self.here(subject.home) if reach == "here" else set(self.above(subject.home))

"""Who acts: a user, a desk for a named person, a visitor with a receipt, or a timed command. Never a fake user."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from django.http import HttpRequest


class Held(NamedTuple):
    """A post held now: its function, and the organisation (id and today's path) it is held at."""

    role: str
    organisation: int
    path: str


@dataclass(frozen=True)
class Actor:
    """`by` of every verb. `person` is the acting person; `for_person` is whom a desk acts for (代办)."""

    kind: Literal["user", "desk", "visitor", "command"]
    name: str
    user: int | None = None
    person: int | None = None
    for_person: int | None = None
    receipt: str = ""
    _held: list[list[Held]] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def command(cls, name: str) -> "Actor":
        """A timed or operator's command of that name."""
        return cls("command", name)

    @classmethod
    def visitor(cls, receipt: str = "") -> "Actor":
        """Somebody who did not sign in, known by the receipt of an earlier act if by anything."""
        return cls("visitor", "访客", receipt=receipt)

    @property
    def ref(self) -> str:
        """How the journal names the actor: opaque ids only."""
        match self.kind:
            case "user":
                return f"user:{self.user}"
            case "desk":
                return f"desk:{self.user}/{self.for_person}"
            case "visitor":
                return f"visitor:{self.receipt}"
            case "command":
                return f"command:{self.name}"

    def held(self, *, fresh: bool = False) -> list[Held]:
        """Posts held now. Kept for the life of this object (one request); a verb asks afresh."""
        if self.person is None:
            return []
        if fresh or not self._held:
            self._held[:] = [posts_of([self.person]).get(self.person, [])]
        return self._held[0]


class Request(HttpRequest):
    """A request with the one who makes it: `kernel.accounts.middleware` puts the actor there."""

    actor: Actor


type Source = Callable[[Collection[int]], dict[int, list[Held]]]


def _nobody(people: Collection[int]) -> dict[int, list[Held]]:
    return {}


_source: list[Source] = [_nobody]


def posts_come_from(source: Source) -> None:
    """Hands over, once at project start, how posts held now are looked up; posts stand above this package."""
    _source[0] = source


def posts_of(people: Collection[int]) -> dict[int, list[Held]]:
    """The posts that each of the people holds today; whoever holds none is left out."""
    return _source[0](people)

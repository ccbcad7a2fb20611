"""The small words of a procedure file: who acts, what is waited for, what an outcome leads to."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from jiceng.engines.fields.declarations import Field as Declared
from jiceng.engines.packs.declarations import FilterText, Key, Part, Sentence
from jiceng.kernel.access import Role
from jiceng.kernel.calendars.declarations import Span

OPENED = "opened"
"""The name, in waits, of the day on which the case was opened."""


def _read_span(given: Any) -> Any:
    return Span.read(given) if isinstance(given, str) else given


type SpanText = Annotated[
    Span,
    BeforeValidator(_read_span),
    PlainSerializer(Span.written, return_type=str),
    WithJsonSchema({"type": "string", "description": "一段时间，例如 5 working days、1 month、1 year"}),
]


class Who(Part):
    """Who acts: holders of these posts at the case's own organisation, its parent, or at any organisation above."""

    roles: tuple[Role, ...] = Field(min_length=1)
    at: Literal["own", "parent", "above"] = "own"


class Wait(Part):
    """So long after a step was done (or the case was opened), by the calendar of that time."""

    after: Key
    wait: SpanText


class Deadline(Wait):
    """Until when. With `hard`, nothing may be done any more; otherwise late work is done and shown as late."""

    hard: bool = False


class Gate(Part):
    """What must hold of the fields before the step may end. With `hard` false, a reason lets it pass."""

    holds: FilterText
    says: Sentence
    hard: bool = True
    basis: str = Field(default="", max_length=300)


class Outcome(Part):
    """One way in which a step may end, and what comes next: `next`, a step's key, or `end:` and an end's key. With
    `returns`, an earlier step is to be done again; that always takes a reason."""

    key: Key
    label: Sentence
    to: str = "next"
    returns: bool = False
    reason: bool = False


class Reply(Part):
    """A body that is asked in the same step, at the same time as the others (会签、联审)."""

    key: Key
    name: Sentence
    by: Who


class Paper(Part):
    """A document that the step asks for. What is required must be there before the step ends."""

    key: Key
    name: Sentence
    required: bool = True


class Every(Part):
    """The step is done again and again, at this distance, for so long at least."""

    every: SpanText
    at_least: SpanText


class Step(Part):
    """One step: who does it, when, what is filled in, and how it may end."""

    key: Key
    name: Sentence
    by: Who
    basis: str = Field(default="", max_length=300)
    help: str = Field(default="", max_length=500)
    when: FilterText | None = None
    not_before: tuple[Wait, ...] = ()
    within: Deadline | None = None
    repeats: Every | None = None
    replies: tuple[Reply, ...] = ()
    papers: tuple[Paper, ...] = ()
    gates: tuple[Gate, ...] = ()
    field: tuple[Declared, ...] = ()
    outcome: tuple[Outcome, ...] = (Outcome(key="done", label="办完"),)

    def outcome_of(self, key: str) -> Outcome | None:
        """The way of ending that has this key."""
        return next((one for one in self.outcome if one.key == key), None)


class End(Part):
    """One end of the whole: what was achieved, or why it stops."""

    key: Key
    name: Sentence
    reached: bool = True

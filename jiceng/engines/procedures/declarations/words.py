"""The small words of a procedure file: who acts, what is waited for, what an outcome leads to."""

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from jiceng.engines.assembly.declarations import Electorate, Share
from jiceng.engines.fields.declarations import Field as Declared
from jiceng.engines.notices.declarations import Audience, Kind
from jiceng.engines.packs.declarations import FilterText, Key, Part, Sentence
from jiceng.kernel.access import Role
from jiceng.kernel.calendars.declarations import Span

from .effects import Effect
from .templates import Template

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

    @property
    def said(self) -> str:
        """In words: 上一级组织的组织员."""
        level = {"own": "本组织", "parent": "上一级组织", "above": "上级组织"}[self.at]
        return f"{level}的{'、'.join(role.label for role in self.roles)}"


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


def _read_share(given: Any) -> Any:
    return Share.read(given) if isinstance(given, str) else given


type ShareText = Annotated[
    Share,
    BeforeValidator(_read_share),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "description": "份额，例如 2/3、> 1/2 of roll、> 1/2 of present"}),
]


def _read_spare(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    try:
        found = Fraction(given)
    except (ValueError, ZeroDivisionError):
        found = Fraction(0)
    if not 0 < found <= 1:
        raise ValueError(f"“{given}”不是比例；可以写 1/5。")
    return found


type SpareText = Annotated[
    Fraction,
    BeforeValidator(_read_spare),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "description": "差额的比例，例如 1/5"}),
]


class Gathering(Part):
    """A meeting that the step needs: who belongs to it, how many must come, and, where it votes, what passes.

    `electorate` is taken from the registers on the day of the meeting; `listed` is a list that the secretary keeps.
    With `secret` only totals are ever kept; with `letters`, written words of the absent count. With `elects` it
    chooses among candidates on paper, of whom there must be more than seats by the part `spare`.
    """

    name: Sentence
    electorate: Electorate = Electorate.LISTED
    quorum: ShareText | None = None
    passes: ShareText | None = None
    secret: bool = False
    letters: bool = False
    elects: bool = False
    spare: SpareText | None = None
    basis: str = Field(default="", max_length=300)


class Posting(Part):
    """What the step puts up for people to read, for how long, and whether they may object.

    In `title` and `text`, `{key}` stands for a field that has been filled in, and `{name}` for the name of the matter.
    The step cannot end before the term is over and every objection has its answer.
    """

    kind: Kind
    title: Sentence
    text: str = Field(min_length=1, max_length=5000)
    term: SpanText
    audience: Audience = Audience.PUBLIC
    objections: bool = True


class Outcome(Part):
    """One way in which a step may end, and what comes next: `next`, a step's key, or `end:` and an end's key. With
    `returns`, an earlier step is to be done again; that always takes a reason. With `vote`, only after the
    vote of the step's meeting came out so. With `once`, a case is led this way one time only; after a return with
    `wait`, the step that is done again takes so long at least. `effects` are brought about with it."""

    key: Key
    label: Sentence
    to: str = "next"
    returns: bool = False
    reason: bool = False
    vote: Literal["passed", "failed"] | None = None
    once: bool = False
    wait: SpanText | None = None
    effects: tuple[Effect, ...] = ()


class Reply(Part):
    """A body that is asked in the same step, at the same time as the others (会签、联审)."""

    key: Key
    name: Sentence
    by: Who


class Paper(Part):
    """A document that the step asks for. What is required must be there before the step ends. With a template,
    it can be printed, empty or filled."""

    key: Key
    name: Sentence
    required: bool = True
    template: Template | None = None


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
    meeting: Gathering | None = None
    notice: Posting | None = None
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

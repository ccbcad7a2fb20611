"""What every file of a pack says, and the kinds there are.

A kind is one frozen class: `@declares` adds it, with nothing else to write. Shared keys: kind key name basis since.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from jiceng.engines.packs.conditions import All, Condition, parse
from jiceng.kernel.calendars.declarations import Calendar

type Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""Lower-case English words joined by hyphens."""

type ColumnKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""The name of a column of a fact, or of a declared field."""

type Sentence = Annotated[str, Field(min_length=1, max_length=300)]


class Part(BaseModel):
    """A table inside a file: frozen, and nothing in it that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, arbitrary_types_allowed=True)


class Filter(Part):
    """A condition with the text that says it."""

    text: str = ""
    condition: Condition = Field(default=All(), exclude=True)


def _read_filter(given: Any) -> Any:
    if isinstance(given, str):
        return Filter.model_construct(text=given.strip(), condition=parse(given))
    return given


type FilterText = Annotated[
    Filter,
    BeforeValidator(_read_filter),
    PlainSerializer(lambda found: found.text, return_type=str),
    WithJsonSchema({"type": "string", "description": '条件，例如 kind = "full" and age(birth_on) >= 60'}),
]
"""A key of a file that holds a condition."""


class Declaration(Part):
    """One file: one mechanism in one edition, with its basis and the day from which it is in force."""

    kind: str
    key: Key
    name: Sentence
    basis: Sentence
    since: date

    kind_name: ClassVar[str] = ""

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong although every key is well-formed: where in the file, and a Chinese sentence."""
        return iter(())

    @property
    def edition(self) -> str:
        """The hash of everything that the declaration says; what runs keeps the edition it began under."""
        said = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()


KINDS: dict[str, type[Declaration]] = {}
"""Every kind of file by its word."""


def declares[D: type[Declaration]](kind: str, name: str) -> Callable[[D], D]:
    """Adds a kind of file under its word in `kind = "…"`; `name` is what people call such a file."""

    def add(declaration: D) -> D:
        if kind in KINDS and KINDS[kind] is not declaration:
            raise ValueError(f"the kind {kind} is declared twice")
        declaration.kind_name = name
        KINDS[kind] = declaration
        return declaration

    return add


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind's files. Raises KeyError for a word that is no kind."""
    found = KINDS[kind].model_json_schema(mode="serialization")
    found["properties"]["kind"] = {"const": kind}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


@dataclass(frozen=True)
class Trial:
    """What came of trying a file with invented values: the lines that tell it, and a sentence for all that failed."""

    lines: tuple[str, ...]
    missed: tuple[str, ...]


TRIALS: dict[str, Callable[[Any, date, Calendar], Trial]] = {}
"""How files of a kind are tried from a day on, by the kind's word. Kinds that nothing runs by have none."""


def tries[F: Callable[[Any, date, Calendar], Trial]](kind: str) -> Callable[[F], F]:
    """Adds the way in which files of a kind are tried."""

    def add(found: F) -> F:
        TRIALS[kind] = found
        return found

    return add

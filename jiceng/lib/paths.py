"""Materialised paths: a tree in which *below* is one contiguous range of a plain index.

A path is a run of fixed-width segments, one a level. Sorting by path is the pre-order of the tree, so a subtree is
one range, and sums over subtrees are differences of prefix sums. A segment is never used twice under one parent.
"""

from typing import Any

from django.db import models
from django.db.models.lookups import Lookup

SEGMENT = 4
"""Characters a level: 36⁴ = 1,679,616 children of one parent over all time."""

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
AFTER_ALL = "~"
"""Sorts after every digit under byte collation, so [path, path + AFTER_ALL) is the node and all below it."""


def segment(number: int) -> str:
    """The fixed-width base-36 numeral of the `number`-th child (from 0). Raises OverflowError past 36⁴ − 1."""
    digits = ""
    rest = number
    for _ in range(SEGMENT):
        rest, digit = divmod(rest, 36)
        digits = DIGITS[digit] + digits
    if rest:
        raise OverflowError(f"no more than {36**SEGMENT} children of one parent")
    return digits


def depth(path: str) -> int:
    """How many levels a path has: 1 for a root."""
    return len(path) // SEGMENT


def ancestors(path: str) -> list[str]:
    """The paths of all ancestors from the root down, the node itself left out."""
    return [path[:end] for end in range(SEGMENT, len(path), SEGMENT)]


def is_under(path: str, top: str) -> bool:
    """Whether `path` is `top` or below it. Fixed width makes a prefix of text a prefix of segments."""
    return path.startswith(top)


class PathField(models.CharField):  # type: ignore[type-arg]
    """A materialised path, collated by bytes on every database so that ranges mean what they say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters: dict[str, Any] = dict(super().db_parameters(connection))
        parameters["collation"] = {"postgresql": "C", "sqlite": "BINARY"}.get(connection.vendor)
        return parameters


@PathField.register_lookup
class Under(Lookup):
    """`path__under=node`: the node and everything below, as a literal range that uses the index on both databases."""

    lookup_name = "under"

    def get_prep_lookup(self) -> str:
        return str(getattr(self.rhs, "path", self.rhs))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"({left} >= %s AND {left} < %s)", (*parameters, self.rhs, *parameters, self.rhs + AFTER_ALL)

"""Shapes that every router of the API answers with."""

from typing import Annotated

from ninja import Schema
from pydantic import Field


class Fault(Schema):
    """One thing that is wrong in what was sent."""

    where: str
    what: str


class Problem(Schema):
    """RFC 9457: why something was not done, in plain words."""

    type: str
    title: str
    status: int
    detail: str
    faults: list[Fault] = []


PROBLEMS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
"""What any act may be answered with instead of its result."""

READ_PROBLEMS = {401: Problem, 404: Problem, 422: Problem}

Text = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f]+$")]
"""Words without control characters."""

Reason = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
"""Why something is done."""

PAGE = 100
"""Records a page; the next page begins after the last record of this one."""

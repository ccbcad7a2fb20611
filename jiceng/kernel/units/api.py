"""Units for other systems."""

from datetime import date
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field, WithJsonSchema

from jiceng.kernel.access import Request
from jiceng.lib.answers import PAGE, READ_PROBLEMS

from . import rules
from .models import Unit

router = Router()

Kind = Annotated[Unit.Kind, WithJsonSchema({"type": "string", "enum": Unit.Kind.values})]
"""Written out where it is used: organisations, too, have something called Kind in the one description of the API."""


class UnitOut(Schema):
    """A unit as it is registered."""

    ref: str
    code: str
    credit_code: str
    name: str
    kind: Kind
    organisation: str = Field(description="联系组织的 ref")
    registered_on: date | None

    @staticmethod
    def resolve_organisation(found: Unit) -> str:
        return found.organisation.ref


class UnitPage(Schema):
    """A page; `after` of the next page is `next`."""

    items: list[UnitOut]
    next: str | None


class Filters(Schema):
    after: Annotated[str, Field(max_length=12)] = ""
    kind: Kind | None = None


@router.get("", response={200: UnitPage, **READ_PROBLEMS}, summary="单位名单")
def units(request: Request, asked: Query[Filters]) -> Any:
    """Units that one may see, a hundred at a time."""
    seen = rules.see.among(Unit.objects.all(), request.actor)
    found = seen.filter(kind=asked.kind) if asked.kind else seen
    if asked.after:
        found = found.filter(pk__gt=get_object_or_404(seen, ref=asked.after).pk)
    rows = list(found.select_related("organisation").order_by("pk")[: PAGE + 1])
    return {"items": rows[:PAGE], "next": rows[PAGE - 1].ref if len(rows) > PAGE else None}


@router.get("/{ref}", response={200: UnitOut, **READ_PROBLEMS}, summary="一个单位")
def unit(request: Request, ref: str) -> Any:
    """One unit."""
    return get_object_or_404(rules.see.among(Unit.objects.all(), request.actor).select_related("organisation"), ref=ref)

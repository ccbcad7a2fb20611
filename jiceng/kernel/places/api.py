"""Places for other systems."""

from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from jiceng.kernel.access import Request
from jiceng.lib.answers import PAGE, READ_PROBLEMS

from .models import Level, Place

router = Router()


class PlaceOut(Schema):
    """A division, a grid cell or a building."""

    ref: str
    code: str
    name: str
    level: Level
    parent: str | None

    @staticmethod
    def resolve_parent(found: Place) -> str | None:
        return found.parent.code if found.parent else None


class PlacePage(Schema):
    """A page in the order of the tree; `after` of the next page is `next`."""

    items: list[PlaceOut]
    next: str | None


class Filters(Schema):
    after: Annotated[str, Field(max_length=12)] = ""
    under: Annotated[str, Field(max_length=12, description="上级地方的 ref")] = ""
    level: Level | None = None


@router.get("", response={200: PlacePage, **READ_PROBLEMS}, summary="地方")
def places(request: Request, asked: Query[Filters]) -> Any:
    """Places that exist now, a hundred at a time."""
    found = Place.objects.filter(until=None)
    if asked.under:
        found = found.filter(path__under=get_object_or_404(Place, ref=asked.under).path)
    if asked.level:
        found = found.filter(level=asked.level)
    if asked.after:
        found = found.filter(path__gt=get_object_or_404(Place, ref=asked.after).path)
    rows = list(found.select_related("parent").order_by("path")[: PAGE + 1])
    return {"items": rows[:PAGE], "next": rows[PAGE - 1].ref if len(rows) > PAGE else None}


@router.get("/{ref}", response={200: PlaceOut, **READ_PROBLEMS}, summary="一个地方")
def place(request: Request, ref: str) -> Any:
    """One place."""
    return get_object_or_404(Place.objects.select_related("parent"), ref=ref)

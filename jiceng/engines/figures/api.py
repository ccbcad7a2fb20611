"""Figures for other systems: any indicator, of any organisation one may ask about, on any day."""

from datetime import date
from typing import Annotated, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from jiceng.kernel.access import Request
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.answers import READ_PROBLEMS

from . import queries, rules
from .indicators import formula

router = Router()


class IndicatorOut(Schema):
    """What is counted, how, and by which rule."""

    key: str
    name: str
    unit: str
    basis: str
    formula: str


class FigureOut(Schema):
    """One figure: a part, of a whole where it is a rate, on a day."""

    indicator: str
    organisation: str
    on: date
    part: int
    whole: int | None
    records: int


class Asked(Schema):
    organisation: Annotated[str, Field(min_length=1, max_length=12)]
    on: date | None = None


@router.get("", response={200: list[IndicatorOut], 401: READ_PROBLEMS[401]}, summary="指标")
def indicators(request: Request) -> Any:
    """Every indicator in force."""
    return [
        {"key": one.key, "name": one.name, "unit": one.unit, "basis": one.basis, "formula": formula(one)}
        for one in queries.indicators()
    ]


@router.get("/{key}", response={200: FigureOut, **READ_PROBLEMS}, summary="一个数")
def figure(request: Request, key: str, asked: Query[Asked]) -> Any:
    """The indicator's value for an organisation and everything below it."""
    node = get_object_or_404(rules.see.among(Organisation.objects.all(), request.actor), ref=asked.organisation)
    found = queries.indicator(key)
    if found is None:
        raise Http404
    on = asked.on or timezone.localdate()
    value = queries.value(found, node.pk, on=on)
    return {"indicator": key, "organisation": node.ref, "on": on, **value._asdict()}

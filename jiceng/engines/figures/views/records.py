"""The records behind a figure: what people call each that the reader may see, whose it is, and a link to it."""

from datetime import date
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from jiceng.engines.packs.conditions import Condition, Literal, Test
from jiceng.kernel.access import Request
from jiceng.lib.facts import Column, Fact
from jiceng.ui.shapes import Page

from .. import catalogue, queries, rules
from ..indicators import Indicator, columns_of, formula
from ..queries import EVERYTHING, Record
from .asking import Asked, address, asked, in_words, indicator_or_404, labels_of, names_of

PAGE = 50


@require_safe
def records(request: Request, organisation: str, key: str) -> HttpResponse:
    """A page of the records, by the same filter as the figure, or of one slice of its split."""
    one = indicator_or_404(key)
    question = asked(request, organisation, rules.list_records, one)
    fact = catalogue.fact(one.fact)
    only, slice_said = _slice(request, one, fact)
    whole = "whole" in request.GET and one.whole is not None
    found = queries.records(
        one, question.organisation.pk, whole=whole, after=_after(request), limit=PAGE + 1, only=only, **question.how
    )
    shown = {
        "organisation": question.organisation, "indicator": one, "question": question, "formula": formula(one),
        "slice": slice_said, "whole": whole, "rows": _rows(request, fact, found[:PAGE]),
        "value": in_words(one, queries.value(one, question.organisation.pk, **question.how)),
        "page": _page(request, question, one, found), "back": address("organisation-figure", question, one),
        "columns": ("记录", "组织", "起", "止"), "other": address("organisation-figure-records", question, one, whole="1"),
    }  # fmt: skip
    return render(request, "figures/records.html", shown)


def _slice(request: Request, one: Indicator, fact: Fact) -> tuple[Condition, str]:
    key, value = request.GET.get("by", ""), request.GET.get("value", "")
    if not key:
        return EVERYTHING, ""
    if key not in one.by:
        raise Http404
    column = columns_of(fact)[key]
    if not value:
        return Test(key, "is"), f"{column.name}未填"
    return Test(key, "=", (_literal(column, value),)), f"{column.name}：{labels_of(column).get(value, value)}"


def _literal(column: Column, value: str) -> Literal:
    if column.kind == "code":
        return value
    if not value.isdecimal() or len(value) > 15:
        raise Http404
    return Fraction(value)


def _after(request: Request) -> tuple[int, int, date] | None:
    said = request.GET.get("after", "").split(".")
    try:
        return int(said[0]), int(said[1]), date.fromisoformat(said[2])
    except (ValueError, IndexError):
        return None


def _page(request: Request, question: Asked, one: Indicator, found: list[Record]) -> Page:
    kept = {key: request.GET[key] for key in ("by", "value", "whole") if key in request.GET}
    here = address("organisation-figure-records", question, one, **kept)
    following = ""
    if len(found) > PAGE:
        last = found[PAGE - 1]
        after = f"{last.record}.{last.organisation}.{last.since}"
        following = address("organisation-figure-records", question, one, **kept, after=after)
    return Page(next_url=following, previous_url=here if "after" in request.GET else "")


def _rows(request: Request, fact: Fact, found: list[Record]) -> list[dict[str, Any]]:
    names = names_of({row.organisation for row in found})
    records = [row.record for row in found]
    refs, called = _refs(fact, records), fact.called(records, request.actor) if fact.called else {}
    return [
        {
            "ref": refs.get(row.record, ""), "url": _url(fact, refs.get(row.record, "")), "since": row.since,
            "until": row.until, "organisation": names.get(row.organisation),
            "called": called.get(row.record, fact.name),
        }
        for row in found
    ]  # fmt: skip


def _refs(fact: Fact, records: list[int]) -> dict[int, str]:
    """The random names under which records stand in addresses; the columnar file has only their keys."""
    record = fact.rows().query.annotations.get("record")
    target = getattr(record, "target", None)
    if target is None:
        return {}
    model = target.remote_field.model if target.is_relation else target.model
    if not any(field.name == "ref" for field in model._meta.concrete_fields):
        return {}
    return dict(model._default_manager.filter(pk__in=records).values_list("pk", "ref"))


def _url(fact: Fact, ref: str) -> str:
    if not fact.opens or not ref:
        return ""
    try:
        return reverse(fact.opens, args=[ref])
    except NoReverseMatch:
        return ""

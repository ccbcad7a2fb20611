"""The figures of an organisation, and one figure whole."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jiceng.kernel.access import Request
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refusals import Refused
from jiceng.lib.sheets import XLSX, xlsx
from jiceng.ui import words
from jiceng.ui.shapes import Bar, Chart, Column, Figure, Series

from .. import actions, catalogue, forms, queries, rules
from ..indicators import Indicator, columns_of, formula
from ..queries import Value
from . import maps
from .asking import (
    Asked,
    address,
    amount,
    asked,
    in_words,
    indicator_or_404,
    labels_of,
    names_of,
    unit_of,
)  # fmt: skip

MONTHS = 12
"""Points of a trend before the day itself: the ends of so many months."""

REPORTING_COLUMNS = (
    Column("截止日期"), Column("上报的数", number=True), Column("今天再算", number=True), Column("差"), Column("谁、何时上报"),
)  # fmt: skip

CHILDREN = 300
"""Children shown on one page; the sheet has them all."""


@require_safe
def figures(request: Request) -> HttpResponse:
    """To the figures of the uppermost organisation at which one holds a post."""
    tops = sorted({post.path for post in request.actor.held()})
    seen = rules.see.among(Organisation.objects.filter(path__in=tops), request.actor).order_by("depth", "path").first()
    return redirect("organisation-figures", seen.ref) if seen else render(request, "figures/none.html")


@require_safe
def organisation_figures(request: Request, organisation: str) -> HttpResponse:
    """Every indicator of one organisation on a day."""
    indicators = [one for one in queries.indicators() if not list(one.faults())]
    question = asked(request, organisation, rules.see, *indicators)
    found = queries.values(indicators, question.organisation.pk, **question.how)
    names = {fact.key: fact.name for fact in catalogue.facts()}
    groups: dict[str, list[Figure]] = {}
    for one in indicators:
        groups.setdefault(names[one.fact], []).append(_card(question, one, found[one.key]))
    shown = {"organisation": question.organisation, "question": question, "groups": groups.items()}
    return render(request, "figures/figures.html", shown)


def _card(question: Asked, one: Indicator, found: Value, **more: Any) -> Figure:
    return Figure(
        label=one.name, part=amount(one, found.part), whole=found.whole, on=question.on, unit=unit_of(one),
        url=address("organisation-figure", question, one), records=found.records, basis=one.basis, **more,
    )  # fmt: skip


@require_safe
def figure(request: Request, organisation: str, key: str) -> HttpResponse:
    """One indicator: value, course, children, splits, last year, formula, basis, moment, and the way to its records."""
    one = indicator_or_404(key)
    question = asked(request, organisation, rules.see, one)
    node = question.organisation.pk
    found = queries.value(one, node, **question.how)
    children = queries.by_child(one, node, **question.how)
    if "xlsx" in request.GET:
        return _sheet(question, one, children)
    listed = children[:CHILDREN]
    names = names_of(child.organisation for child in listed)
    urls = _urls(request, question, one, names)
    shown = {
        "organisation": question.organisation, "indicator": one, "question": question,
        "figure": _whole_card(question, one, found), "formula": formula(one), "value": in_words(one, found),
        "bars": _bars(listed, names, urls), "map": maps.picture(one, listed, urls),
        "more_children": len(children) > CHILDREN,
        "is_distinct": one.measure == "distinct", "splits": [_split(question, one, column) for column in one.by],
        "course": _course(question, one), "reportings": _reportings(question, one),
        "reporting_columns": REPORTING_COLUMNS,
        "sheet": address("organisation-figure", question, one, xlsx="1"),
        "may_report": rules.report_upward.allows(request.actor, question.organisation),
    }  # fmt: skip
    return render(request, "figures/figure.html", shown)


def _whole_card(question: Asked, one: Indicator, found: Value) -> Figure:
    before = queries.same_day_last_year(question.on)
    then = queries.value(one, question.organisation.pk, on=before, **question.course)
    card = _card(question, one, found, change=_change(one, found, then))
    return Figure(**{**vars(card), "url": address("organisation-figure-records", question, one)})


def _change(one: Indicator, found: Value, then: Value) -> str:
    if found.whole is not None:
        return f"去年同日 {in_words(one, then)}"
    apart = found.part - then.part
    how = (
        f"比去年同日{'多' if apart > 0 else '少'} {in_words(one, Value(abs(apart), None, 0))}"
        if apart
        else "和去年同日一样"
    )
    return f"{how}（去年同日 {in_words(one, then)}）" if apart else how


def _course(question: Asked, one: Indicator) -> Chart:
    points = queries.trend(one, question.organisation.pk, queries.month_ends(question.on, MONTHS), **question.course)
    series = [Series(one.name if one.whole is None else "分子", [amount(one, value.part) for _, value in points])]
    if one.whole is not None:
        series.append(Series("分母", [value.whole for _, value in points]))
    labels = [f"{day.year}年{day.month}月{'' if day != question.on else f'{day.day}日'}" for day, _ in points]
    return Chart(f"{one.name}：最近 {MONTHS} 个月", labels, series, unit_of(one), question.on)


def _urls(request: Request, question: Asked, one: Indicator, names: dict[int, Organisation]) -> dict[int, str]:
    """The page of the indicator at each organisation that the reader may open."""
    seen = rules.see.among(Organisation.objects.filter(pk__in=names), request.actor).values_list("pk", flat=True)
    return {pk: address("organisation-figure", replace(question, organisation=names[pk]), one) for pk in seen}


def _bars(children: list[queries.Child], names: dict[int, Organisation], urls: dict[int, str]) -> list[Bar]:
    """One bar a child, in the order of the tree; of a count, as a share of all of them."""
    total = sum(child.value.part for child in children)
    bars = []
    for child in children:
        found = names.get(child.organisation)
        if found is None:  # an intake that set it up was taken back after the columnar file was made
            continue
        label = "本级" if child.is_own else found.name if child.stands else f"{found.name}（已转出或撤销）"
        url = "" if child.is_own else urls.get(child.organisation, "")
        whole = total if child.value.whole is None else child.value.whole
        bars.append(Bar(label, child.value.part, whole, url))
    return bars


def _split(question: Asked, one: Indicator, key: str) -> dict[str, Any]:
    column = columns_of(catalogue.fact(one.fact))[key]
    labels = labels_of(column) or {"0": "否", "1": "是"} if column.kind == "flag" else labels_of(column)
    found = queries.by_dimension(one, question.organisation.pk, key, **question.how)
    rows = [
        {
            "label": "未填" if value is None else labels.get(str(value), str(value)), "said": in_words(one, number),
            "records": number.records,
            "url": address(
                "organisation-figure-records", question, one, by=key, value="" if value is None else str(value)
            ),
        }
        for value, number in found.items()
    ]  # fmt: skip
    return {
        "name": column.name,
        "rows": rows,
        "columns": (Column(column.name), Column(one.name, number=True), Column("记录")),
    }


def _reportings(question: Asked, one: Indicator) -> list[dict[str, Any]]:
    told = queries.reportings(one, question.organisation.pk, source=question.source)
    return [
        {
            "row": each.reporting, "today": in_words(one, each.today),
            "value": in_words(one, Value(each.reporting.part, each.reporting.whole, 0)),
            "changed": bool(each.difference or each.whole_difference),
            "difference": _difference(one, each), "same_edition": each.reporting.edition == one.edition,
        }
        for each in told
    ]  # fmt: skip


def _difference(one: Indicator, each: queries.Told) -> str:
    sign = "+" if each.difference > 0 else "−" if each.difference < 0 else ""
    return f"{sign}{words.number(amount(one, abs(each.difference)))}"


def _sheet(question: Asked, one: Indicator, children: list[queries.Child]) -> HttpResponse:
    names = names_of(child.organisation for child in children)
    columns = ("组织", "分子" if one.whole else one.name, *(("分母",) if one.whole else ()), "记录数", "截止日期")
    rows = [
        (
            "本级" if child.is_own else names[child.organisation].name, amount(one, child.value.part),
            *((child.value.whole,) if one.whole else ()), child.value.records, question.on,
        )
        for child in children
    ]  # fmt: skip
    named = {"Content-Disposition": f'attachment; filename="{one.key}-{question.on:%Y%m%d}.xlsx"'}
    return HttpResponse(xlsx(one.name, columns, rows), content_type=XLSX, headers=named)


@require_POST
def reporting(request: Request, organisation: str, key: str) -> HttpResponse:
    """Reports the figure upward as it stands."""
    one = indicator_or_404(key)
    found = get_object_or_404(rules.see.among(Organisation.objects.all(), request.actor), ref=organisation)
    question = forms.Question(request.POST).question()
    try:
        said = actions.report_upward(
            found,
            indicator=one,
            on=question["on"],
            structure=question["structure"],
            by=request.actor,
            at=timezone.now(),
        )
        messages.success(
            request, f"已上报：{in_words(one, Value(said.part, said.whole, 0))}，截至 {words.plain_date(said.on)}。"
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("organisation-figure", organisation, key)

"""Pages of coverage: which units are covered, one unit's coverage and pairs, one organisation's, the list of pairs."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jiceng.kernel.access import Request, Rule
from jiceng.kernel.orgs import rules as orgs_rules
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.units import queries as unit_queries
from jiceng.kernel.units import rules as unit_rules
from jiceng.kernel.units.models import Unit
from jiceng.lib.refusals import Refused
from jiceng.lib.sheets import XLSX, xlsx
from jiceng.ui.shapes import Column, Page

from . import actions, forms, queries, rules
from .models import Coverage, Pairing, Spell

PAGE = 50
CAP = 10_000
COLUMNS = ("名称", "代码", "类别", Column("职工", number=True), "覆盖", "联系组织")
HEADS = ("代码", "名称", "类别", "细分类别", "职工人数", "覆盖", "已派指导员", "联系组织代码", "联系组织")
PAIR_COLUMNS = ("单位", "类别", "结对组织", "结对做什么", "从")
FORM = require_http_methods(["GET", "HEAD", "POST"])


def visible(request: Request) -> QuerySet[Unit]:
    """The units that exist for this person."""
    return unit_rules.see.among(Unit.objects.all(), request.actor).select_related("organisation")


@require_safe
def coverage(request: Request) -> HttpResponse:
    """Units within one's reach with how they are covered on a day; the uncovered ones by one choice."""
    form = forms.Filter(request.GET)
    day = (form.cleaned_data["on"] if form.is_valid() else None) or timezone.localdate()
    found = _filtered(queries.with_cover(visible(request), day), form)
    if "xlsx" in request.GET:
        return _sheet(found.order_by("code")[:CAP])
    after = request.GET.get("after", "")
    rows = list(found.filter(code__gt=after).order_by("code")[: PAGE + 1])
    page = _paged(request, found, rows[PAGE - 1].code if len(rows) > PAGE else "", "个单位")
    shown = {
        "form": form, "day": day, "rows": rows[:PAGE], "page": page, "columns": COLUMNS,
        "covers": dict(Spell.Form.choices), "sheet": _with(request, xlsx="1"),
    }  # fmt: skip
    return render(request, "coverage/coverage.html", shown)


def _filtered(found: QuerySet[Any], form: forms.Filter) -> QuerySet[Any]:
    if not form.is_valid():
        return found.none()
    said = form.cleaned_data
    if said["cover"] == "any":
        found = found.exclude(cover=Spell.Form.NONE)
    elif said["cover"]:
        found = found.filter(cover=said["cover"])
    found = found.filter(kind=said["kind"]) if said["kind"] else found
    found = found.filter(staff_now__gte=said["staff"]) if said["staff"] else found
    if not said["q"].strip():
        return found
    try:
        return unit_queries.named(said["q"], found)
    except Refused as refusal:
        form.add_error("q", str(refusal))
        return found.none()


def _paged(request: Request, found: QuerySet[Any], following: str, unit: str) -> Page:
    number = found.order_by()[: CAP + 1].count()
    return Page(
        count=f"共 {CAP:,}+ {unit}" if number > CAP else f"共 {number:,} {unit}",
        next_url=_with(request, after=following) if following else "",
        previous_url=_with(request) if request.GET.get("after") else "",
    )


def _with(request: Request, **more: str) -> str:
    asked = request.GET.copy()
    asked.pop("after", None)
    asked.update(more)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _sheet(found: QuerySet[Any]) -> HttpResponse:
    lines = (
        (
            unit.code, unit.name, unit.get_kind_display(), unit.grade_now, unit.staff_now,
            Spell.Form(unit.cover).label, "是" if unit.sent else "否", unit.organisation.code, unit.organisation.name,
        )
        for unit in found
    )  # fmt: skip
    headers = {"Content-Disposition": "attachment; filename=coverage.xlsx"}
    return HttpResponse(xlsx("单位覆盖", HEADS, lines), content_type=XLSX, headers=headers)


@require_safe
def unit_coverage(request: Request, unit: str) -> HttpResponse:
    """One unit: who covers it, with whom it is paired, what the regulations advise."""
    found = get_object_or_404(visible(request), ref=unit)
    today = timezone.localdate()
    shown = {
        "unit": found, "members": queries.members_at(found, today), "advice": queries.advice_for_unit(found, today),
        "rows": Coverage.objects.known().filter(unit=found).select_related("organisation").order_by("-since"),
        "pairs": Pairing.objects.known().filter(unit=found).select_related("organisation").order_by("-since"),
        "may_cover": rules.cover.allows(request.actor, found), "may_pair": rules.pair.allows(request.actor, found),
        "columns": ("组织", "覆盖方式", "从", "到"), "pair_columns": ("组织", "结对做什么", "从", "到"),
    }  # fmt: skip
    return render(request, "coverage/unit.html", shown)


@require_safe
def organisation_coverage(request: Request, organisation: str) -> HttpResponse:
    """What one organisation covers, and which units are paired with it."""
    seen = orgs_rules.see.among(Organisation.objects.all(), request.actor)
    place = get_object_or_404(seen, ref=organisation)
    today = timezone.localdate()
    shown = {
        "organisation": place, "advice": queries.advice_for(place, today),
        "rows": queries.covered_by(place, today), "pairs": queries.paired(place, today),
        "columns": ("单位", "类别", "覆盖方式", "从"), "pair_columns": ("单位", "类别", "结对做什么", "从"),
    }  # fmt: skip
    return render(request, "coverage/organisation.html", shown)


@require_safe
def pairings(request: Request) -> HttpResponse:
    """Pairs of a day: the unit and the organisation that stand by each other."""
    form = forms.PairFilter(request.GET)
    day = (form.cleaned_data["on"] if form.is_valid() else None) or timezone.localdate()
    found = _pairs(request, form, day)
    if "xlsx" in request.GET:
        return _pair_sheet(found.order_by("pk")[:CAP])
    after = request.GET.get("after", "")
    rows = list(found.filter(pk__gt=int(after) if after.isdecimal() else 0).order_by("pk")[: PAGE + 1])
    page = _paged(request, found, str(rows[PAGE - 1].pk) if len(rows) > PAGE else "", "对")
    shown = {
        "form": form, "day": day, "rows": rows[:PAGE], "page": page, "columns": PAIR_COLUMNS,
        "sheet": _with(request, xlsx="1"),
    }  # fmt: skip
    return render(request, "coverage/pairings.html", shown)


def _pairs(request: Request, form: forms.PairFilter, day: date) -> QuerySet[Pairing]:
    found = rules.see.among(Pairing.objects.on(day), request.actor).select_related("unit", "organisation")
    if not form.is_valid():
        return found.none()
    said = form.cleaned_data
    found = found.filter(unit__kind=said["kind"]) if said["kind"] else found
    query = said["q"].strip()
    return found.filter(Q(unit__name__contains=query) | Q(organisation__name__contains=query)) if query else found


def _pair_sheet(found: QuerySet[Pairing]) -> HttpResponse:
    lines = (
        (pair.unit.name, pair.unit.get_kind_display(), pair.organisation.name, pair.purpose, pair.since)
        for pair in found
    )
    headers = {"Content-Disposition": "attachment; filename=pairings.xlsx"}
    return HttpResponse(xlsx("结对", PAIR_COLUMNS, lines), content_type=XLSX, headers=headers)


def _reachable(request: Request, asked: Rule) -> QuerySet[Organisation]:
    return asked.among(Organisation.objects.filter(closed_on=None), request.actor)


@FORM
def covering(request: Request, unit: str) -> HttpResponse:
    """An organisation covers the unit from some day on."""
    found = get_object_or_404(rules.cover.among(visible(request), request.actor), ref=unit)
    form = forms.Covering(
        request.POST or None, reachable=_reachable(request, rules.cover), initial={"on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.cover(found, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, f"{made.since} 起由“{made.organisation.name}”{made.get_form_display()}覆盖。")
            return redirect("unit-coverage", unit)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, found, title="登记党组织覆盖", act="登记覆盖")


@FORM
def covering_end(request: Request, unit: str, organisation: str) -> HttpResponse:
    """The organisation no longer covers the unit from some day on."""
    found = get_object_or_404(visible(request), ref=unit)
    rows = rules.uncover.among(Coverage.objects.open().filter(unit=found), request.actor)
    row = get_object_or_404(rows.select_related("organisation"), organisation__ref=organisation)
    form = forms.Ending(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.uncover(row, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, f"“{row.organisation.name}”不再覆盖这个单位。")
            return redirect("unit-coverage", unit)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, found, title=f"解除“{row.organisation.name}”的覆盖", act="解除覆盖")


@FORM
def pairing(request: Request, unit: str) -> HttpResponse:
    """The unit stands by an organisation from some day on."""
    found = get_object_or_404(rules.pair.among(visible(request), request.actor), ref=unit)
    form = forms.Pairing(
        request.POST or None, reachable=_reachable(request, orgs_rules.see), initial={"on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.pair(found, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, f"{made.since} 起和“{made.organisation.name}”结对。")
            return redirect("unit-coverage", unit)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, found, title="登记结对", act="登记结对")


@FORM
def pairing_end(request: Request, unit: str, organisation: str) -> HttpResponse:
    """The pair ends."""
    found = get_object_or_404(visible(request), ref=unit)
    rows = rules.unpair.among(Pairing.objects.open().filter(unit=found), request.actor)
    row = get_object_or_404(rows.select_related("organisation"), organisation__ref=organisation)
    form = forms.Ending(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.unpair(row, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, f"和“{row.organisation.name}”的结对已结束。")
            return redirect("unit-coverage", unit)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, found, title=f"结束和“{row.organisation.name}”的结对", act="结束结对")


def _form(request: Request, form: Form, unit: Unit, **shown: str) -> HttpResponse:
    back = reverse("unit-coverage", args=[unit.ref])
    return render(request, "units/form.html", {"form": form, "over": unit.name, "back": back, **shown})

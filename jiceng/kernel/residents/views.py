"""Pages of the rolls of a village: who is on them today, names that are added, one who leaves, one written wrong."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jiceng.kernel.access import Request
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.orgs.rules import see as see_organisation
from jiceng.lib.refusals import Refused
from jiceng.lib.sheets import XLSX, xlsx
from jiceng.ui.shapes import Column, Page

from . import actions, forms, queries, rules
from .models import Listing

PAGE, CAP = 50, 10_000
FORM = require_http_methods(["GET", "HEAD", "POST"])
COLUMNS = ("姓名", "名册", "村民小组", Column("代表几户", number=True), "凭什么", "到哪天为止", "改动")


@require_safe
def rolls(request: Request, organisation: str) -> HttpResponse:
    """Who is on the rolls of the village today."""
    home = _home(request, organisation)
    today = timezone.localdate()
    form = forms.Filter(request.GET)
    seen = rules.see.among(Listing.objects.on(today), request.actor).filter(organisation=home)
    found = queries.searched(seen, form.cleaned_data if form.is_valid() else {}).order_by("roll", "team", "name", "pk")
    if "xlsx" in request.GET:
        return _sheet(found[:CAP])
    number = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    start = (max(number, 1) - 1) * PAGE
    rows, total = list(found[start : start + PAGE + 1]), found.order_by().count()
    page = Page(
        count=f"共 {total:,} 人",
        next_url=_with(request, page=str(number + 1)) if len(rows) > PAGE else "",
        previous_url=_with(request, page=str(number - 1)) if number > 1 else "",
    )
    told = {
        "organisation": home, "form": form, "rows": rows[:PAGE], "page": page, "columns": COLUMNS,
        "sheet": _with(request, xlsx="1"), "ending": queries.ending(home, today), "living": home.closed_on is None,
    }  # fmt: skip
    return render(request, "residents/rolls.html", told)


def _home(request: Request, ref: str) -> Organisation:
    """The village, for those who may see its rolls."""
    found = get_object_or_404(see_organisation.among(Organisation.objects.all(), request.actor), ref=ref)
    if not rules.list_many.allows(request.actor, found):
        raise Http404
    return found


def _with(request: Request, **more: str) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    asked.update(more)
    return f"{request.path}?{asked.urlencode()}"


def _sheet(found: Any) -> HttpResponse:
    heads = ("姓名", "名册", "村民小组", "代表几户", "凭什么", "从哪天起", "到哪天为止")
    lines = (
        (one.name, one.get_roll_display(), one.team, one.households, one.source, one.since, one.until) for one in found
    )
    headers = {"Content-Disposition": "attachment; filename=rolls.xlsx"}
    return HttpResponse(xlsx("名册", heads, lines), content_type=XLSX, headers=headers)


@FORM
def listing(request: Request, organisation: str) -> HttpResponse:
    """Puts names on a roll."""
    home = _home(request, organisation)
    if home.closed_on:
        raise Http404
    form = forms.Listed(request.POST or None, initial={"since": timezone.localdate(), "roll": "representatives"})
    return _answer(
        request, home, form, "写进名册", "写进名册",
        lambda said: actions.list_many(home, by=request.actor, at=timezone.now(), **said),
    )  # fmt: skip


@FORM
def leaving(request: Request, ref: str) -> HttpResponse:
    """Somebody leaves a roll."""
    found = _listing(request, ref)
    form = forms.Leaving(request.POST or None, initial={"on": timezone.localdate()})
    return _answer(
        request, found.organisation, form, f"{found.name}不在名册上了", "记下",
        lambda said: actions.leave(found, by=request.actor, at=timezone.now(), **said),
    )  # fmt: skip


@FORM
def correction(request: Request, ref: str) -> HttpResponse:
    """Somebody was written wrong."""
    found = _listing(request, ref)
    told = {"name": found.name, "team": found.team, "households": found.households}
    form = forms.Correction(request.POST or None, initial=told)
    return _answer(
        request, found.organisation, form, f"更正{found.name}", "更正",
        lambda said: actions.correct(found, by=request.actor, at=timezone.now(), **said),
    )  # fmt: skip


def _listing(request: Request, ref: str) -> Listing:
    seen = rules.leave.among(Listing.objects.known().select_related("organisation"), request.actor)
    return get_object_or_404(seen, ref=ref)


def _answer(
    request: Request, home: Organisation, form: django_forms.Form, title: str, act: str,
    do: Callable[[dict[str, Any]], object],
) -> HttpResponse:  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
            messages.success(request, "已记下。")
            return redirect("rolls", home.ref)
        except Refused as refusal:
            for sentence in str(refusal).splitlines():
                form.add_error(None, sentence)
    told = {"form": form, "title": title, "act": act, "organisation": home}
    return render(request, "residents/form.html", told, status=422 if form.errors else 200)

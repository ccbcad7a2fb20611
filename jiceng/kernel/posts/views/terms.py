"""Terms: whose end comes near, the next one, a later end."""

from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jiceng.kernel.access import Request
from jiceng.kernel.orgs import queries as orgs
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refusals import Refused
from jiceng.lib.sheets import XLSX, xlsx
from jiceng.ui.shapes import Page

from .. import actions, forms, queries, rules
from ..models import Term

PAGE = 50
CAP = 10_000
COLUMNS = ("组织", "第几届", "本届开始", "届满", "还有多久")


@require_safe
def terms(request: Request) -> HttpResponse:
    """Terms that end soon or should have ended, soonest first."""
    form = forms.Terms(request.GET)
    today = timezone.localdate()
    found = _asked(request, form, today).select_related("organisation").order_by("ends_on", "pk")
    if "xlsx" in request.GET:
        return _sheet(found[:CAP], today)
    number = found.order_by()[: CAP + 1].count()
    rows = list(_after(found, request.GET.get("after", ""))[: PAGE + 1])
    page = Page(
        count=f"共 {CAP:,}+ 届" if number > CAP else f"共 {number:,} 届",
        next_url=_with(request, after=f"{rows[PAGE - 1].ends_on}_{rows[PAGE - 1].pk}") if len(rows) > PAGE else "",
        previous_url=_with(request) if "after" in request.GET else "",
    )  # fmt: skip
    shown = {"form": form, "rows": rows[:PAGE], "page": page, "columns": COLUMNS, "sheet": _with(request, xlsx="1")}
    return render(request, "posts/terms.html", shown)


def _asked(request: Request, form: forms.Terms, today: date) -> QuerySet[Term]:
    seen = rules.see_terms.among(Term.objects.filter(organisation__closed_on=None), request.actor)
    if form.is_valid() and form.cleaned_data["q"].strip():
        try:
            named = orgs.named(form.cleaned_data["q"], Organisation.objects.all())
        except Refused as refusal:
            form.add_error("q", str(refusal))
            return seen.none()
        seen = seen.filter(organisation__in=named)
    return queries.terms_ending(seen, today, form.months) if form.months else queries.terms_overdue(seen, today)


def _after(found: QuerySet[Term], said: str) -> QuerySet[Term]:
    """The terms behind the last one of a page, by day and number."""
    day, _, number = said.partition("_")
    try:
        last = date.fromisoformat(day)
    except ValueError:
        return found
    same = found.filter(ends_on=last, pk__gt=int(number) if number.isdecimal() else 0)
    return found.filter(ends_on__gt=last) | same


def _with(request: Request, **more: str) -> str:
    asked = request.GET.copy()
    asked.pop("after", None)
    asked.update(more)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _sheet(found: QuerySet[Term], today: date) -> HttpResponse:
    rows = ((one.organisation.name, one.number, one.since, one.ends_on, (one.ends_on - today).days) for one in found)
    headers = {"Content-Disposition": "attachment; filename=terms.xlsx"}
    columns = ("组织", "第几届", "本届开始", "届满", "还有几天")
    return HttpResponse(xlsx("届期", columns, rows), content_type=XLSX, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def term(request: Request, organisation: str) -> HttpResponse:
    """The next term begins."""
    place = get_object_or_404(rules.open_term.among(Organisation.objects.all(), request.actor), ref=organisation)
    form = forms.Term(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_term(place, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, f"第 {made.number} 届从 {made.since} 开始。")
            return redirect("organisation-posts", organisation)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    shown = {"form": form, "organisation": place, "title": "换届", "act": "登记新一届"}
    return render(request, "posts/form.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def term_extension(request: Request, organisation: str) -> HttpResponse:
    """The running term ends later, with approval."""
    running = rules.extend_term.among(Term.objects.open().filter(organisation__ref=organisation), request.actor)
    found = get_object_or_404(running.select_related("organisation"))
    form = forms.Extension(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.extend_term(found, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, "届满日期已按批准文件改好。")
            return redirect("organisation-posts", organisation)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    shown = {"form": form, "organisation": found.organisation, "title": "延期换届", "act": "按批准延期"}
    return render(request, "posts/form.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def term_correction(request: Request, organisation: str) -> HttpResponse:
    """What was written of the running term is put right."""
    running = rules.correct_term.among(Term.objects.open().filter(organisation__ref=organisation), request.actor)
    found = get_object_or_404(running.select_related("organisation"))
    said = {key: getattr(found, key) for key in ("since", "ends_on", "number", "document")}
    form = forms.TermCorrection(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_term(found, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, "届期已更正；原来写的仍查得到。")
            return redirect("organisation-posts", organisation)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    shown = {"form": form, "organisation": found.organisation, "title": "更正届期", "act": "更正"}
    return render(request, "posts/form.html", shown)

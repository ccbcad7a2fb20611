"""Pages of units: the list, one unit, and what can be done to it."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jiceng.kernel.access import Request
from jiceng.kernel.orgs import rules as orgs_rules
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refusals import Refused
from jiceng.lib.sheets import XLSX, xlsx
from jiceng.ui.shapes import Column, Page

from . import actions, forms, queries, rules
from .models import Unit, UnitState

PAGE = 50
CAP = 10_000
COLUMNS = ("名称", "代码", "类别", "细分类别", Column("职工", number=True), "经营状态", "联系组织")
HEADS = (
    "代码",
    "名称",
    "类别",
    "统一社会信用代码",
    "细分类别",
    "职工人数",
    "固定场所",
    "经营状态",
    "联系组织代码",
    "联系组织",
)
FORM = require_http_methods(["GET", "HEAD", "POST"])


def visible(request: Request) -> QuerySet[Unit]:
    """The units that exist for this person, each with how it is today as `today`."""
    held = UnitState.objects.on(timezone.localdate())
    seen = rules.see.among(Unit.objects.all(), request.actor).select_related("organisation", "place")
    return seen.prefetch_related(Prefetch("states", held, to_attr="today"))


@require_safe
def units(request: Request) -> HttpResponse:
    """Units within one's reach, searched and filtered, by code."""
    return _list(request, visible(request), {"title": "单位"})


@require_safe
def organisation_units(request: Request, organisation: str) -> HttpResponse:
    """The units that an organisation and those below it look after."""
    seen = orgs_rules.see.among(Organisation.objects.all(), request.actor)
    place = get_object_or_404(seen, ref=organisation)
    found = visible(request).filter(organisation__path__under=place.path)
    may = place.closed_on is None and rules.register.allows(request.actor, place)
    return _list(request, found, {"title": "联系的单位", "organisation": place, "may_register": may})


def _list(request: Request, found: QuerySet[Unit], shown: dict[str, Any]) -> HttpResponse:
    form = forms.Filter(request.GET)
    found = _filtered(found, form)
    if "xlsx" in request.GET:
        return _sheet(found.order_by("code")[:CAP])
    after = request.GET.get("after", "")
    rows = list(found.filter(code__gt=after).order_by("code")[: PAGE + 1])
    page = Page(
        count=_counted(found), next_url=_with(request, after=rows[PAGE - 1].code) if len(rows) > PAGE else "",
        previous_url=_with(request) if after else "",
    )  # fmt: skip
    shown |= {"form": form, "rows": rows[:PAGE], "page": page, "columns": COLUMNS, "sheet": _with(request, xlsx="1")}
    return render(request, "units/units.html", shown)


def _filtered(found: QuerySet[Unit], form: forms.Filter) -> QuerySet[Unit]:
    if not form.is_valid():
        return found.none()
    said = form.cleaned_data
    found = found.filter(kind=said["kind"]) if said["kind"] else found
    found = _of_state(found, said["state"])
    if not said["q"].strip():
        return found
    try:
        return queries.named(said["q"], found)
    except Refused as refusal:
        form.add_error("q", str(refusal))
        return found.none()


def _of_state(found: QuerySet[Unit], wanted: str) -> QuerySet[Unit]:
    now = UnitState.objects.on(timezone.localdate()).filter(unit=OuterRef("pk"))
    match wanted:
        case "all":
            return found
        case "closed":
            return found.filter(~Exists(now))
        case "":
            return found.filter(Exists(now))
        case _:
            return found.filter(Exists(now.filter(activity=wanted)))


def _counted(found: QuerySet[Unit]) -> str:
    number = found.order_by()[: CAP + 1].count()
    return f"共 {CAP:,}+ 个单位" if number > CAP else f"共 {number:,} 个单位"


def _with(request: Request, **more: str) -> str:
    asked = request.GET.copy()
    asked.pop("after", None)
    asked.update(more)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _sheet(found: QuerySet[Unit]) -> HttpResponse:
    rows = ((unit, next(iter(unit.today), None)) for unit in found)  # type: ignore[attr-defined]  # prefetched
    lines = (
        (
            unit.code, unit.name, unit.get_kind_display(), unit.credit_code, state.grade if state else "",
            state.staff if state else None, "有" if state and state.premises else "无",
            state.get_activity_display() if state else "已注销", unit.organisation.code, unit.organisation.name,
        )
        for unit, state in rows
    )  # fmt: skip
    headers = {"Content-Disposition": "attachment; filename=units.xlsx"}
    return HttpResponse(xlsx("单位", HEADS, lines), content_type=XLSX, headers=headers)


@require_safe
def unit(request: Request, unit: str) -> HttpResponse:
    """One unit: what it is, how it was, what can be done."""
    found = get_object_or_404(visible(request), ref=unit)
    state = queries.state_on(found, timezone.localdate())
    alive = state is not None
    shown = {
        "unit": found, "state": state, "states": queries.timeline(found),
        "may_describe": alive and rules.describe.allows(request.actor, found),
        "may_close": alive and rules.close.allows(request.actor, found),
        "may_correct": rules.correct.allows(request.actor, found),
        "may_hand_over": alive and rules.hand_over.allows(request.actor, found),
        "columns": ("从", "到", "联系组织", "细分类别", Column("职工", number=True), "固定场所", "经营状态"),
    }  # fmt: skip
    return render(request, "units/unit.html", shown)


@FORM
def unit_registration(request: Request, organisation: str) -> HttpResponse:
    """Takes a unit into the care of an organisation."""
    place = get_object_or_404(rules.register.among(Organisation.objects.all(), request.actor), ref=organisation)
    form = forms.Registration(request.POST or None, initial={"on": timezone.localdate(), "premises": True})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.register(place, by=request.actor, at=timezone.now(), **form.said())
            messages.success(request, f"已登记“{made.name}”。")
            return redirect("unit", made.ref)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    back = reverse("organisation-units", args=[place.ref])
    return _form(request, form, title="登记单位", over=place.name, act="登记这个单位", back=back)


@FORM
def unit_state(request: Request, unit: str) -> HttpResponse:
    """The unit is of another class or size from some day on."""
    found = get_object_or_404(rules.describe.among(visible(request), request.actor), ref=unit)
    now = queries.state_on(found, timezone.localdate())
    keys = ("grade", "staff", "premises", "activity")
    initial = {key: getattr(now, key) for key in keys if now} | {"on": timezone.localdate()}
    form = forms.Description(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.describe(found, by=request.actor, at=timezone.now(), **form.said())
            messages.success(request, "新的情况已登记，原来的留在沿革里。")
            return redirect("unit", unit)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, title="情况有变", over=found.name, act="登记新的情况", back=_home(found))


@FORM
def unit_correction(request: Request, unit: str) -> HttpResponse:
    """更正: what was written wrong from the start."""
    found = get_object_or_404(rules.correct.among(visible(request), request.actor), ref=unit)
    keys = ("name", "kind", "credit_code", "registered_on")
    form = forms.Correction(request.POST or None, initial={key: getattr(found, key) for key in keys})
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct(found, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, "已更正。")
            return redirect("unit", unit)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, title="更正登记", over=found.name, act="更正", back=_home(found))


@FORM
def unit_closing(request: Request, unit: str) -> HttpResponse:
    """The unit is struck off the register or has left."""
    found = get_object_or_404(rules.close.among(visible(request), request.actor), ref=unit)
    form = forms.Closing(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.close(found, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, f"“{found.name}”已注销，之前的情况仍可查。")
            return redirect("unit", unit)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, title="注销单位", over=found.name, act="注销这个单位", back=_home(found))


@FORM
def unit_handover(request: Request, unit: str) -> HttpResponse:
    """Another organisation looks after the unit from some day on."""
    found = get_object_or_404(rules.hand_over.among(visible(request), request.actor), ref=unit)
    form = forms.HandingOver(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        reachable = rules.hand_over.among(Organisation.objects.filter(closed_on=None), request.actor)
        to = reachable.filter(code=said["code"].strip()).first()
        if to is None:
            form.add_error("code", "您管理的范围里没有这个代码的现有组织。")
        else:
            try:
                actions.hand_over(found, to=to, on=said["on"], by=request.actor, at=timezone.now())
                messages.success(request, f"{said['on']} 起由“{to.name}”联系。")
                return redirect("unit", unit)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    return _form(request, form, title="换联系组织", over=found.name, act="换成这个组织", back=_home(found))


def _home(found: Unit) -> str:
    return reverse("unit", args=[found.ref])


def _form(request: Request, form: Form, **shown: str) -> HttpResponse:
    return render(request, "units/form.html", {"form": form, **shown})

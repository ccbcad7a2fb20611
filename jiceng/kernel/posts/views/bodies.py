"""Joint bodies: the list, one body, its seats and its units."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jiceng.kernel.access import Request
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.units.models import Unit
from jiceng.lib.refusals import Refused
from jiceng.ui.shapes import Page

from .. import actions, forms, queries, rules
from ..models import Formation, JointBody, PairedUnit, Seat
from .picking import bound, candidates, chosen, is_ready

PAGE = 50
COLUMNS = ("名称", "种类", "牵头组织")
FORM = require_http_methods(["GET", "HEAD", "POST"])


def visible(request: Request) -> QuerySet[JointBody]:
    """The joint bodies that exist for this person."""
    return rules.see_body.among(JointBody.objects.all(), request.actor).select_related("organisation")


@require_safe
def joint_bodies(request: Request) -> HttpResponse:
    """Joint bodies of today that one may see."""
    form = forms.Bodies(request.GET)
    found = queries.formed(visible(request), timezone.localdate())
    if form.is_valid():
        said = form.cleaned_data
        found = found.filter(name__contains=said["q"].strip()) if said["q"].strip() else found
        found = found.filter(kind=said["kind"]) if said["kind"] else found
    after = request.GET.get("after", "")
    rows = list(found.filter(pk__gt=int(after) if after.isdecimal() else 0).order_by("pk")[: PAGE + 1])
    page = Page(count=f"共 {found.count():,} 个", next_url=_next(request, rows) if len(rows) > PAGE else "")
    return render(
        request, "posts/joint_bodies.html", {"form": form, "rows": rows[:PAGE], "page": page, "columns": COLUMNS}
    )


def _next(request: Request, rows: list[JointBody]) -> str:
    asked = request.GET.copy()
    asked["after"] = str(rows[PAGE - 1].pk)
    return f"{request.path}?{asked.urlencode()}"


@require_safe
def joint_body(request: Request, ref: str) -> HttpResponse:
    """One joint body: who sits there for whom, and which units build together with it."""
    found = get_object_or_404(visible(request), ref=ref)
    formed = Formation.objects.known().get(body=found)
    today = timezone.localdate()
    is_alive = formed.until is None
    shown = {
        "body": found, "formed": formed, "is_alive": is_alive, "seats": queries.seats_on(found, today),
        "pairs": queries.pairs_on(found, today), "may_change": is_alive and rules.seat.allows(request.actor, found),
        "may_dissolve": is_alive and rules.dissolve_body.allows(request.actor, found),
    }  # fmt: skip
    return render(request, "posts/joint_body.html", shown)


@FORM
def forming(request: Request, organisation: str) -> HttpResponse:
    """An organisation forms a joint body."""
    place = get_object_or_404(rules.form_body.among(Organisation.objects.all(), request.actor), ref=organisation)
    form = forms.Body(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.form_body(place, by=request.actor, at=timezone.now(), **form.cleaned_data)
            return redirect("joint-body", made.ref)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, organisation=place, title="组建联合议事机构", act="组建")


def _form(request: Request, form: Any, **shown: Any) -> HttpResponse:
    return render(request, "posts/form.html", {"form": form, **shown})


def _own(request: Request, ref: str) -> JointBody:
    """A joint body that one may change."""
    return get_object_or_404(rules.seat.among(visible(request), request.actor), ref=ref)


@FORM
def seat(request: Request, ref: str) -> HttpResponse:
    """Somebody takes a seat for the organisation that he represents."""
    body = _own(request, ref)
    search, people = candidates(request, rules.seat, body.organisation)
    form = forms.NewSeat(bound(request), people=people)
    if is_ready(request, form):
        person, code = chosen(form), form.cleaned_data["represented"].strip()
        represented = Organisation.objects.filter(code=code).first() if code else person.organisation
        if represented is None:
            form.add_error("represented", "没有这个代码的组织；本人没有党组织关系的，要填所代表组织的代码。")
        else:
            try:
                actions.seat(
                    body, person=person, represented=represented, since=form.cleaned_data["since"],
                    capacity=form.cleaned_data["capacity"], by=request.actor, at=timezone.now(),
                )  # fmt: skip
                messages.success(request, f"{represented.name}的代表已入席，该组织从今天起看得到这个机构。")
                return redirect("joint-body", ref)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    shown = {"organisation": body.organisation, "body": body, "search": search, "people": people, "form": form}
    return render(request, "posts/appointment.html", {**shown, "title": "增加席位", "act": "入席"})


@FORM
def seat_ending(request: Request, ref: str, number: int) -> HttpResponse:
    """Somebody leaves a seat."""
    found = get_object_or_404(Seat.objects.open().select_related("person"), body=_own(request, ref), pk=number)
    return _ending(request, ref, forms.Ending, f"{found.person.name}离席", "离席", actions.unseat, found)


@FORM
def pair(request: Request, ref: str) -> HttpResponse:
    """A unit builds together with the body."""
    body = _own(request, ref)
    form = forms.Pair(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"].strip()
        unit = Unit.objects.filter(Q(code=code) | Q(credit_code=code.upper())).first()
        if unit is None:
            form.add_error("code", "没有这个代码的单位，请先在“单位”里登记。")
        else:
            try:
                actions.pair_unit(
                    body, unit=unit, since=form.cleaned_data["since"], by=request.actor, at=timezone.now()
                )
                messages.success(request, f"“{unit.name}”已是共建单位。")
                return redirect("joint-body", ref)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    return _form(request, form, body=body, title="增加共建单位", act="增加")


@FORM
def pair_ending(request: Request, ref: str, number: int) -> HttpResponse:
    """A unit no longer builds together with the body."""
    found = get_object_or_404(PairedUnit.objects.open().select_related("unit"), body=_own(request, ref), pk=number)
    return _ending(request, ref, forms.Ending, f"“{found.unit.name}”不再共建", "结束共建", actions.unpair_unit, found)


@FORM
def body_ending(request: Request, ref: str) -> HttpResponse:
    """The body is dissolved."""
    body = get_object_or_404(rules.dissolve_body.among(visible(request), request.actor), ref=ref)
    return _ending(request, ref, forms.Dissolution, f"撤销“{body.name}”", "撤销", actions.dissolve_body, body)


def _ending(
    request: Request, ref: str, kind: type[forms.Ending], title: str, act: str, verb: Any, subject: Any
) -> HttpResponse:
    form = kind(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verb(subject, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, f"{title}，已办好。")
            return redirect("joint-body", ref)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _form(request, form, title=title, act=act)

"""Appointing, handing over, leaving, correcting; administrators; accounts by post."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from jiceng.kernel.access import Request, Role
from jiceng.kernel.accounts import actions as accounts
from jiceng.kernel.accounts import rules as accounts_rules
from jiceng.kernel.accounts.models import User
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refusals import Refused

from .. import actions, forms, queries, rules
from .picking import bound, candidates, chosen, is_ready, looked_over
from .teams import may_vacate, visible

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
def appointment(request: Request, organisation: str) -> HttpResponse:
    """Appoints somebody: find, fill in, look over, done."""
    place = get_object_or_404(rules.appoint.among(Organisation.objects.all(), request.actor), ref=organisation)
    search, people = candidates(request, rules.appoint, place)
    form = forms.Appointment(bound(request), people=people)
    if is_ready(request, form):
        if page := looked_over(request, form, f"任命到“{place.name}”", "任命"):
            return page
        said = {key: value for key, value in form.cleaned_data.items() if key != "person"}
        try:
            made = actions.appoint(place, person=chosen(form), by=request.actor, at=timezone.now(), **said)
            messages.success(request, f"已任命，{made.since} 起生效。")
            return redirect("organisation-posts", organisation)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    shown = {"organisation": place, "search": search, "people": people, "form": form}
    return render(request, "posts/appointment.html", {**shown, "title": "任命", "act": "下一步，核对"})


@FORM
def handover(request: Request, ref: str) -> HttpResponse:
    """One out, the next in, on the same day."""
    found = get_object_or_404(rules.hand_over.among(visible(request), request.actor), ref=ref)
    search, people = candidates(request, rules.hand_over, found.organisation)
    form = forms.Handover(bound(request), people=people)
    if is_ready(request, form):
        warning = f"{found.person.name}的这个岗位到交接日期为止，权限和待办当天转给接任的人。"
        if page := looked_over(request, form, f"交接“{found.organisation.name}”的{found.title}", "交接", warning):
            return page
        said = {key: value for key, value in form.cleaned_data.items() if key != "person"}
        try:
            actions.hand_over(found, to=chosen(form), by=request.actor, at=timezone.now(), **said)
            messages.success(request, "已交接，待办跟着岗位转给了接任的人。")
            return redirect("organisation-posts", found.organisation.ref)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    shown = {"organisation": found.organisation, "post": found, "search": search, "people": people, "form": form}
    return render(request, "posts/appointment.html", {**shown, "title": "交接", "act": "下一步，核对"})


@FORM
def vacating(request: Request, ref: str) -> HttpResponse:
    """The person leaves the post."""
    found = get_object_or_404(visible(request), ref=ref)
    if not may_vacate(request, found):
        raise Http404
    form = forms.Vacating(request.POST or None)
    if is_ready(request, form):
        warning = f"{found.person.name}在“{found.organisation.name}”凭这个岗位的权限，到那一天为止。"
        if page := looked_over(request, form, f"{found.person.name}不再担任{found.title}", "办理离任", warning):
            return page
        by_security = found.role in queries.BY_SECURITY
        vacate = actions.vacate_administrator if by_security else actions.vacate
        try:
            vacate(found, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, "离任已办好。")
            return redirect("organisation-posts", found.organisation.ref)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "posts/form.html", {"form": form, "post": found, "title": "离任", "act": "下一步，核对"})


@FORM
def correction(request: Request, ref: str) -> HttpResponse:
    """更正: what was written wrong from the start."""
    found = get_object_or_404(rules.correct.among(visible(request), request.actor), ref=ref)
    now = {key: getattr(found, key) for key in ("since", "title", "source", "document")}
    form = forms.Correction(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct(found, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, "已更正，原来的写法留在沿革里。")
            return redirect("post", ref)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "posts/form.html", {"form": form, "post": found, "title": "更正", "act": "更正这条任职"})


@FORM
def administrator(request: Request, organisation: str) -> HttpResponse:
    """The security administrator gives out a post to somebody who has an account."""
    place = get_object_or_404(
        rules.appoint_administrator.among(Organisation.objects.all(), request.actor), ref=organisation
    )
    form = forms.Administrator(request.POST or None)
    if is_ready(request, form):
        said = form.cleaned_data
        user = accounts_rules.see.among(User.objects.all(), request.actor).filter(username=said["username"]).first()
        if user is None:
            form.add_error("username", "没有这个账号。请核对登录单上的登录名。")
        elif page := looked_over(request, form, f"给{user.person.name}设置岗位", "设置岗位"):
            return page
        else:
            try:
                actions.appoint_administrator(
                    place, person=user.person, role=said["role"], since=said["since"], document=said["document"],
                    by=request.actor, at=timezone.now(),
                )  # fmt: skip
                messages.success(request, f"已给{user.person.name}设置岗位。")
                return redirect("organisation-posts", organisation)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    shown = {"form": form, "organisation": place, "title": "设置管理岗位", "act": "下一步，核对"}
    return render(request, "posts/form.html", shown)


@FORM
@sensitive_variables()
def slips(request: Request, organisation: str) -> HttpResponse:
    """Opens accounts for all who hold a post here and below; the slips are shown in this one answer."""
    place = get_object_or_404(
        accounts_rules.open_accounts.among(Organisation.objects.all(), request.actor), ref=organisation
    )
    form = forms.Slips(request.POST or None)
    people: list[int] = []
    if request.method == "POST" and form.is_valid():
        role = form.cleaned_data["role"]
        people = queries.holders_without_account(place, role, timezone.localdate())
        if request.POST.get("step") == "do":
            try:
                opened = accounts.open_accounts(place, people=people, by=request.actor, at=timezone.now())
                shown = {"slips": opened.slips, "title": f"{place.name}登录单"}
                return render(request, "accounts/slips.html", shown)
            except Refused as refusal:
                form.add_error(None, str(refusal))
        elif not people:
            form.add_error("role", f"担任{Role(role).label}的人都已经有账号了。")
    return render(request, "posts/slips.html", {"form": form, "organisation": place, "number": len(people)})

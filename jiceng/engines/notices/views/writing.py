"""Pages that write: compose, revise, publish, correct, withdraw, drop a draft."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jiceng.kernel.access import Request, Rule
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refusals import Refused

from .. import actions, forms, queries, rules
from ..declarations import period
from ..models import Notice

FORM = require_http_methods(["GET", "HEAD", "POST"])


def _reached(request: Request, asked: Rule, notice: str) -> Notice:
    return get_object_or_404(asked.among(Notice.objects.select_related("organisation"), request.actor), ref=notice)


@FORM
def composition(request: Request, organisation: str) -> HttpResponse:
    """Writes a new draft; from the calendar, of what is due."""
    home = get_object_or_404(
        rules.draft.among(Organisation.objects.filter(closed_on=None), request.actor), ref=organisation
    )
    form = forms.Composition(request.POST or None, initial=_begun(request, home))

    def act(said: Any) -> Notice:
        return actions.draft(home, new=said.said(), by=request.actor, at=timezone.now())

    back = reverse("organisation-notices", args=[home.ref])
    return _written(request, form, act, title="写一份公示", over=home.name, button="存成草稿，查一遍", back=back)


def _begun(request: Request, home: Organisation) -> dict[str, Any]:
    """What stands in an empty form: of a duty, what its file says."""
    today = timezone.localdate()
    begun = {
        "phone": home.phone, "audience": "public", "since": today, "last": today + timedelta(days=7), "objections": True
    }  # fmt: skip
    duty = next((one for one in queries.duties(today) if one.key == request.GET.get("duty")), None)
    if duty is None:
        return begun
    begun |= {
        "kind": duty.notice.value, "audience": duty.audience.value, "duty": duty.key, "title": duty.name,
        "last": today + timedelta(days=duty.term_days),
    }  # fmt: skip
    if duty.every != "once":
        owed = duty.periods(today, began=home.founded_on)
        one = next((one for one in owed if one.key == request.GET.get("period")), period(duty.every, today))
        begun |= {"period": one.key, "title": f"{one.name}{duty.name}"}
    return begun


@FORM
def revision(request: Request, notice: str) -> HttpResponse:
    """Rewrites a draft."""
    found = _reached(request, rules.revise, notice)
    form = forms.Composition(request.POST or None, initial=forms.Composition.of(found))

    def act(said: Any) -> Notice:
        return actions.revise(found, new=said.said(), by=request.actor, at=timezone.now())

    return _written(request, form, act, title="改草稿", over=found.title, button="存成草稿，查一遍", back=_home(found))


@require_POST
def publication(request: Request, notice: str) -> HttpResponse:
    """Puts it up."""
    found = _reached(request, rules.publish, notice)
    try:
        actions.publish(found, by=request.actor, at=timezone.now())
        messages.success(request, "已公布，内容已封存。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(_home(found))


@FORM
def correction(request: Request, notice: str) -> HttpResponse:
    """更正."""
    found = _reached(request, rules.correct, notice)
    held = queries.text_of(found)
    if held is None:
        return redirect(_home(found))
    initial = {key: getattr(held, key) for key in ("title", "text", "phone")}
    initial["last"] = held.last
    form = forms.Correction(request.POST or None, initial=initial)

    def act(said: Any) -> Notice:
        return actions.correct(found, by=request.actor, at=timezone.now(), **said.said()).notice

    return _written(request, form, act, title="更正公示", over=held.title, button="公布更正后的内容", back=_home(found))


@FORM
def withdrawal(request: Request, notice: str) -> HttpResponse:
    """Takes it down."""
    found = _reached(request, rules.withdraw, notice)
    form = forms.Withdrawal(request.POST or None)

    def act(said: Any) -> Notice:
        return actions.withdraw(found, by=request.actor, at=timezone.now(), **said.cleaned_data).notice

    return _written(request, form, act, title="撤下公示", over=found.title, button="撤下这件公示", back=_home(found))


@require_POST
def discarding(request: Request, notice: str) -> HttpResponse:
    """Drops a draft."""
    found = _reached(request, rules.discard, notice)
    home = found.organisation
    try:
        actions.discard(found, by=request.actor, at=timezone.now())
        messages.success(request, "草稿已删。")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(_home(found))
    return redirect("organisation-notices", home.ref)


def _written(request: Request, form: Form, act: Callable[[Any], Notice], **shown: str) -> HttpResponse:
    """The form, or what came of it."""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_home(act(form)))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "notices/form.html", {"form": form, **shown}, status=422 if form.errors else 200)


def _home(notice: Notice) -> str:
    return reverse("notice", args=[notice.ref])

"""Finding the right person for a post, and looking over an act before it is done."""

from datetime import date
from typing import Any

from django.core import signing
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from jiceng.kernel.access import Request, Rule
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people import actions as looking
from jiceng.kernel.people import queries as people
from jiceng.kernel.people import rules as people_rules
from jiceng.kernel.people.models import Look, Person
from jiceng.lib.refusals import Refused
from jiceng.ui.shapes import Answer
from jiceng.ui.words import plain_date

from .. import forms

SALT = "posts.person"
AN_HOUR = 3600
MOST = 10

type Choice = tuple[str, str]


def candidates(request: Request, asked: Rule, place: Organisation) -> tuple[forms.Search, list[Choice]]:
    """The search field and whom it found: by name within reach, by exact number anywhere. Every look is told to them.

    It is sent by POST: a number does not belong in addresses, which are kept in histories and logs.
    """
    if not is_search(request):
        return forms.Search(), kept(request)
    form = forms.Search(request.POST)
    if not form.is_valid():
        return form, []
    try:
        found = _found(request, asked, place, form.cleaned_data["q"].strip())
    except Refused as refusal:
        form.add_error("q", str(refusal))
        return form, []
    if not found:
        form.add_error("q", "没有找到这个人。换个写法再查，或者用完整的证件号码。")
    return form, [_choice(request, person, shown) for person, shown in found]


def _found(request: Request, asked: Rule, place: Organisation, query: str) -> list[tuple[Person, str]]:
    now = timezone.now()
    top = _top(request, asked, place)
    reason = f"为“{place.name}”选任职人"[:200]
    if len(query) >= 15 and query.isascii():
        one = looking.find_by_number(top, number=query, reason=reason, by=request.actor, at=now)
        return [(one.person, f"{one.shown}（{one.organisation}）")] if one else []
    scope = people.scope_of(people_rules.list_members, top, request.actor)
    found = people.named(query, scope, MOST) if scope else []
    if found and people.needs_purpose(request.actor, top):
        seen = [one.pk for one in found]
        looking.look_at_many(top, people=seen, kind=Look.Kind.LIST, purpose=reason, by=request.actor, at=now)
    return [(one, f"{one.name}（{one.organisation.name if one.organisation else '无'}）") for one in found]


def _top(request: Request, asked: Rule, place: Organisation) -> Organisation:
    """The uppermost organisation through which the actor may act on this one; the place itself if by a post there."""
    tops = [held for held in asked.held_by(request.actor) if place.path.startswith(held.path)]
    if not tops:
        return place
    return Organisation.objects.get(pk=min(tops, key=lambda held: len(held.path)).organisation)


def _choice(request: Request, person: Person, shown: str) -> Choice:
    return signing.dumps([person.pk, shown, request.actor.user], salt=SALT), shown


def is_search(request: Request) -> bool:
    """Whether somebody is looked for, and nothing else is asked yet."""
    return request.POST.get("step") == "find"


def bound(request: Request) -> QueryDict | None:
    """What the form of the act is filled with; nothing while somebody is still looked for."""
    return None if request.method != "POST" or is_search(request) else request.POST


def kept(request: Request) -> list[Choice]:
    """The choice that came back, if it is one that this user was given within the hour."""
    said = request.POST.get("person", "")
    try:
        _, shown, user = signing.loads(said, salt=SALT, max_age=AN_HOUR)
    except signing.BadSignature:
        return []
    return [(said, shown)] if user == request.actor.user else []


def chosen(form: Form) -> Person:
    """The person whom a valid form names."""
    pk, _, _ = signing.loads(form.cleaned_data["person"], salt=SALT, max_age=AN_HOUR)
    return Person.objects.select_related("organisation").get(pk=pk)


def looked_over(request: Request, form: Form, title: str, act: str, warning: str = "") -> HttpResponse | None:
    """The check-answers page for a valid form, until it comes back agreed. What was typed travels in hidden fields."""
    if request.POST.get("step") == "do":
        return None
    rows = [Answer(str(field.label), _said(field, form.cleaned_data[field.name])) for field in form]
    shown = {"rows": rows, "form": form, "title": title, "act": act, "warning": warning}
    return render(request, "posts/check.html", shown)


def _said(field: Any, value: Any) -> str:
    if isinstance(value, date):
        return plain_date(value)
    choices = dict(getattr(field.field, "choices", ()))
    return str(choices.get(value, value) or "")


def is_ready(request: Request, form: Form) -> bool:
    """Whether a form came whole and was not sent back for a change."""
    return request.method == "POST" and request.POST.get("step") not in ("back", "find") and form.is_valid()

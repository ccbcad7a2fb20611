"""What can be done about a person: one page an act, with a page to check the answers where it has legal effect."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from jiceng.kernel.access import Actor, Grant, Request, Rule
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refusals import Refused
from jiceng.ui.shapes import Answer

from .. import actions, forms, queries, rules
from ..models import Floating, Loan, Look, Membership, Person


@dataclass(frozen=True)
class Act:
    """One thing to do: its page, its rule, its form, its verb, and what is said afterwards.

    `why_not` says why it cannot be done now, or nothing. An act with legal effect is checked before it is done.
    """

    title: str
    button: str
    rule: Rule
    form: type[django_forms.Form]
    do: Callable[[Person, dict[str, Any], Actor, datetime], Any]
    done: str
    why_not: Callable[["State"], str]
    is_legal: bool = False


@dataclass(frozen=True)
class State:
    """What decides which acts are open."""

    person: Person
    kind: str
    floats: bool
    lent_to: Organisation | None
    is_purged: bool
    is_united: bool


def state_of(person: Person) -> State:
    """The person's state today, in three queries."""
    membership = Membership.objects.open().filter(person=person).first()
    loan = Loan.objects.open().filter(person=person).select_related("organisation").first()
    return State(
        person, membership.kind if membership else "", Floating.objects.open().filter(person=person).exists(),
        loan.organisation if loan else None, hasattr(person, "purge"), hasattr(person, "union"),
    )  # fmt: skip


def _member(state: State) -> str:
    return "" if state.kind else "现在不是党员"


def _correctable(state: State) -> str:
    if state.is_purged:
        return "档案已经清除"
    return "档案已并入另一份" if state.is_united else ""


def _unite(person: Person, said: dict[str, Any], by: Actor, at: datetime) -> Any:
    home = person.organisation
    found = home and actions.find_by_number(
        home, number=said["number"], document=said["document"], reason=f"并档：{said['reason']}", by=by, at=at
    )
    if not found:
        raise Refused("没有登记这个证件号码的档案。")
    return actions.unite(person, dropped=found.person, reason=said["reason"], by=by, at=at)


def _take_back(person: Person, said: dict[str, Any], by: Actor, at: datetime) -> Any:
    of = state_of(person).lent_to
    if of is None:
        raise Refused(f"“{person.name}”没有借出。")
    return actions.take_back(person, of=of, on=said["on"], by=by, at=at)


def _describe(person: Person, said: dict[str, Any], by: Actor, at: datetime) -> Any:
    told = actions.Told(**{name: said[name] for name in forms.Particular.base_fields})
    return actions.describe(person, told=told, on=said["on"], by=by, at=at)


ACTS: Mapping[str, Act] = {
    "confirmation": Act(
        "预备党员转正", "登记转正", rules.confirm, forms.Confirmation,
        lambda person, said, by, at: actions.confirm(person, by=by, at=at, **said), "已登记转正。",
        lambda state: "不是预备党员" if state.kind != Membership.Kind.PROBATIONARY else "", is_legal=True,
    ),
    "transfer": Act(
        "组织关系转接", "转接组织关系", rules.transfer, forms.Transfer,
        lambda person, said, by, at: actions.transfer(person, by=by, at=at, **said), "组织关系已转接。", _member,
        is_legal=True,
    ),
    "description": Act(
        "变更情况", "登记变更", rules.describe, forms.Description, _describe, "已登记变更。", _member
    ),
    "call": Act(
        "手机号", "保存手机号", rules.call, forms.Call,
        lambda person, said, by, at: actions.call(person, by=by, at=at, **said), "手机号已保存。", _correctable,
    ),
    "floating": Act(
        "外出流动", "登记流动", rules.float_away, forms.FloatingAway,
        lambda person, said, by, at: actions.float_away(person, by=by, at=at, **said), "已登记为流动党员。",
        lambda state: _member(state) or ("已经登记为流动党员" if state.floats else ""),
    ),
    "return": Act(
        "流动返回", "登记返回", rules.float_home, forms.Day,
        lambda person, said, by, at: actions.float_home(person, by=by, at=at, **said), "已登记返回。",
        lambda state: "" if state.floats else "没有登记为流动党员",
    ),
    "loan": Act(
        "借到临时组织", "登记借用", rules.lend, forms.Loan,
        lambda person, said, by, at: actions.lend(person, by=by, at=at, **said), "已登记借用，党籍仍在原组织。", _member,
    ),
    "loan-return": Act(
        "收回借用", "登记收回", rules.take_back, forms.Day, _take_back, "已收回。",
        lambda state: "" if state.lent_to else "没有借出",
    ),
    "leaving": Act(
        "离开", "登记离开", rules.leave, forms.Leaving,
        lambda person, said, by, at: actions.leave(person, by=by, at=at, **said), "已登记。", _member, is_legal=True,
    ),
    "restoration": Act(
        "恢复党籍", "恢复党籍", rules.restore, forms.Transfer,
        lambda person, said, by, at: actions.restore(person, by=by, at=at, **said), "党籍已恢复。",
        lambda state: "现在是党员" if state.kind else _correctable(state), is_legal=True,
    ),
    "correction": Act(
        "更正", "更正档案", rules.correct, forms.Correction,
        lambda person, said, by, at: actions.correct(person, by=by, at=at, **said), "已更正，原内容加密留底。",
        _correctable,
    ),
    "renumbering": Act(
        "证件号更正", "更正证件号", rules.renumber, forms.Renumbering,
        lambda person, said, by, at: actions.renumber(person, by=by, at=at, **said), "证件号已更正。", _correctable,
    ),
    "union": Act(
        "并档", "并成一份档案", rules.unite, forms.Union, _unite, "已并成一份档案。", _correctable, is_legal=True
    ),
    "purge": Act(
        "清除档案", "清除档案", rules.purge, forms.Purge,
        lambda person, said, by, at: actions.purge(person, by=by, at=at, **said), "档案已清除。",
        lambda state: "现在是党员，不能清除" if state.kind else _correctable(state), is_legal=True,
    ),
}  # fmt: skip
"""What can be done, by the noun of its page, in the order of the record page."""


def may(request: Request, person: Person) -> list[dict[str, str]]:
    """The acts that the actor may do, each open or with its reason. Rules with the same grants are asked once."""
    state = state_of(person)
    asked: dict[tuple[Grant, ...], bool] = {}
    for act in ACTS.values():
        if act.rule.grants not in asked:
            asked[act.rule.grants] = act.rule.allows(request.actor, person)
    return [
        {"title": act.title, "url": reverse("person-act", args=[person.ref, key]), "why_not": act.why_not(state)}
        for key, act in ACTS.items()
        if asked[act.rule.grants]
    ]


def _found(request: Request, ref: str) -> Person:
    return get_object_or_404(
        rules.see.among(Person.objects.all(), request.actor).select_related("organisation"), ref=ref
    )


@sensitive_post_parameters("number", "phone")
@sensitive_variables("form", "said")
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Request, person: str, act: str) -> HttpResponse:
    """The form of one act, its check page, and the act itself."""
    found, asked = _found(request, person), ACTS.get(act)
    if asked is None or not asked.rule.allows(request.actor, found):
        raise Http404
    refusal = asked.why_not(state_of(found))
    start = forms.initial_of(found, queries.state_on(found, timezone.localdate())[1])
    form = asked.form(request.POST or None, initial={"on": timezone.localdate(), **start})
    shown = {"person": found, "act": asked, "form": form, "refusal": refusal}
    if request.method != "POST" or refusal or not form.is_valid():
        return render(request, "people/act.html", shown)
    if asked.is_legal and "checked" not in request.POST:
        return render(request, "people/check.html", {**shown, "answers": _answers(form), "hidden": _hidden(form)})
    if "change" in request.POST:
        return render(request, "people/act.html", shown)
    try:
        asked.do(found, form.cleaned_data, request.actor, timezone.now())
    except Refused as no:
        form.add_error(None, str(no))
        return render(request, "people/act.html", shown)
    messages.success(request, asked.done)
    return redirect(_back(request, found))


def _back(request: Request, found: Person) -> str:
    """The record, or the list where the record has gone out of sight."""
    if rules.see.allows(request.actor, found):
        return reverse("person", args=[found.ref])
    return reverse("home")


def _answers(form: django_forms.Form) -> list[Answer]:
    return [Answer(str(bound.label), _said(form, bound)) for bound in form]


def _said(form: django_forms.Form, bound: Any) -> str:
    value = form.cleaned_data.get(bound.name)
    if isinstance(value, Organisation):
        return f"{value.name}（{value.code}）"
    return str(dict(getattr(bound.field, "choices", ())).get(value, "" if value is None else value))


def _hidden(form: django_forms.Form) -> list[tuple[str, str]]:
    return [(bound.html_name, str(bound.value() or "")) for bound in form]


@sensitive_post_parameters("number", "phone")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def admission(request: Request, organisation: str) -> HttpResponse:
    """Registers somebody as a member of an organisation."""
    home = get_object_or_404(rules.admit.among(Organisation.objects.all(), request.actor), ref=organisation)
    form = forms.Admission(request.POST or None, initial={"ethnicity": "01", "since": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.admit(home, new=form.new(), by=request.actor, at=timezone.now())
            messages.success(request, f"已登记 {made.name}。")
            return redirect("person", made.ref)
        except Refused as no:
            form.add_error(None, str(no))
    return render(request, "people/admission.html", {"organisation": home, "form": form})


@sensitive_post_parameters("number", "phone")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: Request, organisation: str) -> HttpResponse:
    """Begins the record of somebody who has applied."""
    home = get_object_or_404(rules.note_applicant.among(Organisation.objects.all(), request.actor), ref=organisation)
    form = forms.Application(request.POST or None, initial={"ethnicity": "01", "on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.note_applicant(
                home, new=form.new(), on=form.cleaned_data["on"], by=request.actor, at=timezone.now()
            )
            messages.success(request, f"已登记 {made.name} 的申请。")
            return redirect("person", made.ref)
        except Refused as no:
            form.add_error(None, str(no))
    return render(request, "people/application.html", {"organisation": home, "form": form})


@sensitive_variables("shown")
@require_http_methods(["GET", "HEAD", "POST"])
def sealed(request: Request, person: str, kind: str) -> HttpResponse:
    """An ID number or a telephone number in clear, for a reason; shown once, on this page only."""
    found = _found(request, person)
    if kind not in (Look.Kind.NUMBER, Look.Kind.PHONE) or not rules.reveal.allows(request.actor, found):
        raise Http404
    form = forms.Reveal(request.POST or None)
    shown: dict[str, Any] = {"person": found, "form": form, "label": Look.Kind(kind).label, "text": ""}
    if request.method == "POST" and form.is_valid():
        try:
            shown["text"] = actions.reveal(
                found, kind=Look.Kind(kind), reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
            )
        except Refused as no:
            form.add_error(None, str(no))
    return render(request, "people/sealed.html", shown)

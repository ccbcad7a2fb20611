"""One page for each act that changes the tree: fill in, look over, do."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jiceng.kernel.access import Request, Rule
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.orgs import rules as orgs_rules
from jiceng.kernel.orgs.models import Form, Organisation
from jiceng.kernel.people import rules as people_rules
from jiceng.kernel.people.models import Look, Person
from jiceng.kernel.people.views import lists
from jiceng.lib.refusals import Refused
from jiceng.ui.shapes import Answer
from jiceng.ui.words import plain_date

from . import actions, forms, queries, rules

FORM = require_http_methods(["GET", "HEAD", "POST"])

type Do = Callable[..., Any]


def _place(request: Request, asked: Rule, ref: str) -> Organisation:
    """A living organisation to which one may do this; anything else is not there."""
    living = Organisation.objects.filter(closed_on=None)
    return get_object_or_404(asked.among(living, request.actor), ref=ref)


def _form(request: Request, kind: Callable[..., forms.Change], asked: Rule, /, **initial: Any) -> forms.Change:
    def reachable() -> QuerySet[Organisation]:
        return asked.among(Organisation.objects.filter(closed_on=None), request.actor)

    return kind(request.POST or None, reachable=reachable, initial={"on": timezone.localdate(), **initial})


def _page(
    request: Request, place: Organisation, form: forms.Change, do: Do, *, title: str, act: str, done: str,
    warning: str = "",
) -> HttpResponse:  # fmt: skip
    """Asks, has it looked over, does it, and says so. What was typed travels in hidden fields; nothing is lost."""
    shown = {"organisation": place, "form": form, "title": title, "act": act, "warning": warning}
    if request.method == "POST" and request.POST.get("step") != "back" and form.is_valid():
        if request.POST.get("step") != "do":
            return render(request, "reorganisation/check.html", {**shown, "rows": _answers(form)})
        try:
            do(place, by=request.actor, at=timezone.now(), **form.said())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("organisation", place.ref)
    return render(request, "reorganisation/form.html", shown)


def _answers(form: forms.Change) -> list[Answer]:
    return [Answer(str(bound.label), _said(bound, form.cleaned_data[bound.name])) for bound in form]


def _said(bound: Any, value: Any) -> str:
    if isinstance(value, date):
        return plain_date(value)
    if isinstance(value, Organisation):
        return f"{value.name}（代码 {value.code}）"
    choices = dict(getattr(bound.field, "choices", ()))
    if isinstance(value, list):
        return f"{len(value)} 名：{'、'.join(choices[one] for one in value)}" if value else "没有"
    return str(choices.get(value, value) or "")


def _holds(place: Organisation) -> str:
    return f"“{place.name}”现有{queries.holdings(place, timezone.localdate()).told}。"


@FORM
def founding(request: Request, organisation: str) -> HttpResponse:
    """Sets up an organisation below."""
    place = _place(request, orgs_rules.found, organisation)
    form = _form(request, forms.Founding, orgs_rules.found)
    title = f"在“{place.name}”之下设立组织"
    return _page(request, place, form, orgs.found, title=title, act="设立", done="已设立，列在下级组织里。")


@FORM
def renaming(request: Request, organisation: str) -> HttpResponse:
    """Another name from some day on."""
    place = _place(request, orgs_rules.rename, organisation)
    form = _form(request, forms.Renaming, orgs_rules.rename, name=place.name)
    warning = "登记时写错了字，请办“更正”；更名是从那天起换了名称。"
    return _page(request, place, form, orgs.rename, title="更名", act="更名", done="已更名。", warning=warning)


@FORM
def upgrade(request: Request, organisation: str) -> HttpResponse:
    """支部→总支→党委."""
    place = _place(request, orgs_rules.upgrade, organisation)
    form = _form(request, forms.Upgrade, orgs_rules.upgrade)
    return _page(request, place, form, orgs.upgrade, title="升格", act="升格", done="已升格。")


@FORM
def move(request: Request, organisation: str) -> HttpResponse:
    """Another parent, with everything below."""
    place = _place(request, orgs_rules.reparent, organisation)
    form = _form(request, forms.Move, orgs_rules.reparent)
    warning = f"{_holds(place)}改隶以后它们跟着一起过去；之前各天的数字不变。"
    return _page(request, place, form, orgs.reparent, title="改隶", act="改隶", done="已改隶。", warning=warning)


@FORM
def merger(request: Request, organisation: str) -> HttpResponse:
    """Everything goes over, and the organisation closes."""
    place = _place(request, rules.merge, organisation)
    form = _form(request, forms.Merger, rules.merge)
    warning = f"{_holds(place)}合并以后党员、下级组织和单位都归并入的组织，岗位和届期当天为止，档案由它接管。"
    return _page(
        request, place, form, actions.merge, title="合并", act="并入", done="已合并，记录可查。", warning=warning
    )


MOST = 500
"""Members on one page to choose from; of larger organisations those who go over are transferred afterwards."""


@FORM
def split(request: Request, organisation: str) -> HttpResponseBase:
    """A new organisation out of this one, beside it, with the members who are chosen."""
    place = _place(request, rules.split, organisation)
    warning = f"{_holds(place)}新组织设在同一个上级之下。"
    people: list[Person] = []
    if not people_rules.transfer_many.allows(request.actor, place.parent):
        warning += "党员由上级组织办理转接。"
    elif queries.members(place).count() > MOST:
        warning += f"党员超过 {MOST} 名，拆分以后成批办理转接。"
    elif queries.members(place).exists():
        if blocked := lists.purpose_page(request, place):
            return blocked
        people = list(queries.members(place))
        lists.looked_at(request, place, people, Look.Kind.LIST)
    told = [(one.pk, one.ref, f"{one.name}（{one.birth_on.year} 年生）") for one in people]
    form = _form(request, partial(forms.Split, people=told), rules.split, kind=place.kind)
    return _page(request, place, form, actions.split, title="拆分", act="拆分", done="已拆分。", warning=warning)


@FORM
def dissolution(request: Request, organisation: str) -> HttpResponse:
    """The organisation ends."""
    place = _place(request, rules.dissolve, organisation)
    form = _form(request, forms.Dissolution, rules.dissolve)
    warning = f"{_holds(place)}撤销不能收回；岗位和届期当天为止，单位和档案由接收党员的组织或上级接管。"
    return _page(
        request, place, form, actions.dissolve, title="撤销", act="撤销", done="已撤销，记录可查。", warning=warning
    )


@FORM
def ending(request: Request, organisation: str) -> HttpResponse:
    """A temporary organisation ends; those on loan go home."""
    place = get_object_or_404(
        rules.end_temporary.among(Organisation.objects.filter(closed_on=None), request.actor),
        ref=organisation,
        form=Form.TEMPORARY,
    )
    form = _form(request, forms.Ending, rules.end_temporary, reason="任务完成")
    warning = f"{_holds(place)}借来的党员回原组织，党籍一直在原组织，不用转。"
    return _page(
        request, place, form, actions.end_temporary, title="任务完成，撤销临时组织", act="撤销临时组织",
        done="已撤销，借用的党员回到原组织。", warning=warning,
    )  # fmt: skip

"""One page for each act that changes the map: fill in, look over, do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jiceng.kernel.access import Request, Rule
from jiceng.lib.refusals import Refused
from jiceng.ui.shapes import Answer, Link
from jiceng.ui.words import plain_date

from .. import actions, forms, queries, rules
from ..models import Place

FORM = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Act:
    """A verb with its page: what it is called, whose rule it asks, and which rule reaches the other place it names."""

    title: str
    rule: Rule
    form: type[forms.Change]
    do: Callable[..., Any]
    done: str
    other: Rule
    warning: str = ""


ACTS = {
    "place-addition": Act("在下面设立", rules.add_below, forms.Addition, actions.add_below, "已设立，列在直接下级里。", rules.add_below),
    "place-renaming": Act(
        "更名", rules.rename, forms.Renaming, actions.rename, "已更名，按旧名称仍然找得到。", rules.rename,
        "从生效那天起换名称，之前各天还叫原来的名称。",
    ),
    "place-recoding": Act(
        "换代码", rules.recode, forms.Recoding, actions.recode, "已换代码，按旧代码仍然找得到。", rules.recode,
        "下级里沿用它的代码开头的，跟着一起换。",
    ),
    "place-move": Act(
        "划转", rules.move, forms.Move, actions.move, "已划转。", rules.add_below, "下级跟着一起过去，代码不变；要换的另办“换代码”。"
    ),
    "place-merger": Act(
        "合并", rules.merge, forms.Merger, actions.merge, "已合并，按旧名称和旧代码仍然找得到。", rules.merge,
        "下级都划到并入的地方，它自己当天为止，不能收回。",
    ),
    "place-closing": Act(
        "撤销", rules.close, forms.Closing, actions.close, "已撤销，记录可查。", rules.close,
        "还有下级的不能撤销，先把它们划出、合并或撤销。撤销不能收回。",
    ),
}  # fmt: skip


def acts_for(request: Request, found: Place) -> list[Link]:
    """What the person may do to a place, each with its page."""
    if found.until is not None:
        return []
    allowed = [(name, act) for name, act in ACTS.items() if act.rule.allows(request.actor, found)]
    return [Link(act.title, reverse(name, args=[found.ref])) for name, act in allowed]


def _page(request: Request, name: str, ref: str) -> HttpResponse:
    """Asks, has it looked over, does it, and says so. What was typed travels in hidden fields; nothing is lost."""
    act = ACTS[name]
    found = get_object_or_404(act.rule.among(queries.living(), request.actor), ref=ref)
    form = act.form(
        request.POST or None, place=found, initial={"on": timezone.localdate(), "name": found.name},
        reachable=lambda: act.other.among(queries.living().exclude(pk=found.pk), request.actor),
    )  # fmt: skip
    if name == "place-addition":
        form.initial.pop("name")
    shown = {"place": found, "form": form, "title": act.title, "warning": act.warning}
    if request.method == "POST" and request.POST.get("step") != "back" and form.is_valid():
        if request.POST.get("step") != "do":
            return render(request, "places/check.html", {**shown, "rows": _answers(form)})
        try:
            act.do(found, by=request.actor, at=timezone.now(), **form.said())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, act.done)
            return redirect("place", found.ref)
    return render(request, "places/form.html", shown)


def _answers(form: forms.Change) -> list[Answer]:
    return [Answer(str(bound.label), _said(bound, form.cleaned_data[bound.name])) for bound in form]


def _said(bound: Any, value: Any) -> str:
    if isinstance(value, date):
        return plain_date(value)
    if isinstance(value, Place):
        return f"{value.name}（代码 {value.code}）"
    return str(dict(getattr(bound.field, "choices", ())).get(value, value) or "")


@FORM
def addition(request: Request, place: str) -> HttpResponse:
    """A new division, grid cell or building below."""
    return _page(request, "place-addition", place)


@FORM
def renaming(request: Request, place: str) -> HttpResponse:
    """Another name from some day on."""
    return _page(request, "place-renaming", place)


@FORM
def recoding(request: Request, place: str) -> HttpResponse:
    """Another code from some day on."""
    return _page(request, "place-recoding", place)


@FORM
def move(request: Request, place: str) -> HttpResponse:
    """Another parent, with everything below."""
    return _page(request, "place-move", place)


@FORM
def merger(request: Request, place: str) -> HttpResponse:
    """Everything below goes over, and the place ends."""
    return _page(request, "place-merger", place)


@FORM
def closing(request: Request, place: str) -> HttpResponse:
    """The place ends."""
    return _page(request, "place-closing", place)

"""Objections that wait for an answer, and the page on which one is answered."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jiceng.kernel.access import Request
from jiceng.lib.refusals import Refused
from jiceng.ui.shapes import Page

from .. import actions, forms, queries, rules, sealed
from .notices import PAGE, with_more


@require_safe
def objections(request: Request) -> HttpResponse:
    """Objections within one's reach: those without an answer, or all."""
    found = queries.objections(request.actor)
    everything = "all" in request.GET
    found = found if everything else found.filter(answer=None)
    after = request.GET.get("after", "")
    rows = list((found.filter(pk__gt=int(after)) if after.isdecimal() else found).order_by("pk")[: PAGE + 1])
    page = Page(
        next_url=with_more(request, after=str(rows[PAGE - 1].pk)) if len(rows) > PAGE else "",
        previous_url=with_more(request) if after else "",
    )
    shown = {
        "rows": rows[:PAGE], "page": page, "everything": everything,
        "columns": ("异议", "公示", "公示组织", "提出时间", "公示到", "状态"),
    }  # fmt: skip
    return render(request, "notices/objections.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: Request, objection: str) -> HttpResponse:
    """One objection, and its answer or the form for it."""
    found = get_object_or_404(queries.objections(request.actor), number=objection)
    may = rules.answer.allows(request.actor, found)
    answer = getattr(found, "answer", None)
    form = forms.Answer(request.POST or None, initial={"summary": found.text})
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(found, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, "答复已公开。")
            return redirect("objection", objection)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    shown = {
        "objection": found, "answer": answer, "form": form if may and answer is None else None,
        "contact": sealed.contact_of(found) if may else "",
    }  # fmt: skip
    return render(request, "notices/objection.html", shown, status=422 if form.errors else 200)

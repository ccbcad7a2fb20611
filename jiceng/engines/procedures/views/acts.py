"""What is done to a case, one address each."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from jiceng.kernel.access import Request, Rule
from jiceng.lib.refusals import NotAllowed, Refused

from .. import actions, forms, queries, rules
from ..declarations import Procedure
from ..declarations.machine import Act, Standing, State
from ..models import Case, Entry
from . import shown
from .pages import FORM, reachable, visible

HALTS = {
    "withdrawal": (actions.withdraw, rules.withdraw, "撤回", "为什么撤回", "撤回以后不能再办，已办的记录都留着。"),
    "suspension": (actions.suspend, rules.suspend, "中止", "为什么中止", "中止的日子不算进期限。"),
    "resumption": (actions.resume, rules.resume, "恢复办理", "为什么恢复", ""),
}


def once[**P](page: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Of a form that is sent twice, as by two taps, the second leads to the case, whatever that asks for by now."""

    @wraps(page)
    def answer(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request: Any = args[0]
        case = str(kwargs["case"])
        token = request.POST.get("token", "")
        if token and Entry.objects.filter(case__ref=case, case__in=visible(request), token=token).exists():
            return redirect("case", case)
        return page(*args, **kwargs)

    return answer


def opened(request: Request, asked: Rule, ref: str) -> tuple[Case, list[Entry], Procedure, Standing]:
    """The case with where it stands, for somebody who may do this to it at all."""
    found = get_object_or_404(asked.among(visible(request), request.actor), ref=ref)
    entries = queries.entries_of(found)
    return found, entries, queries.procedure_of(found), queries.standing_of(found, entries)


def waited_for(request: Request, found: Case, reply: str = "") -> None:
    if not queries.waits_for(found, request.actor, reply):
        raise Http404


def done(
    request: Request, found: Case, form: forms.Act, do: Callable[[Any], object], said: str, **told: Any
) -> HttpResponse:
    """Shows the form; does what it says; tells what is in the way with everything that was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            do(form)
            messages.success(request, said)
            return redirect("case", found.ref)
        except (Refused, NotAllowed) as refusal:
            for sentence in str(refusal).splitlines():
                form.add_error(None, sentence)
    status = 422 if form.errors else 200
    return render(
        request,
        "procedures/form.html",
        {"form": form, "case": found, "over": shown.titled(found, request.actor), **told},
        status=status,
    )


@FORM
@once
def ending(request: Request, case: str) -> HttpResponse:
    """Ends the current step."""
    found, entries, _, now = opened(request, rules.end_step, case)
    waited_for(request, found)
    assert now.step  # a case that waits for somebody stands at a step
    form = forms.Ending(
        request.POST or None, step=now.step, today=timezone.localdate(), seen=len(entries), said=now.said,
        reachable=reachable(request),
    )  # fmt: skip
    return done(
        request, found, form,
        lambda form: actions.end_step(
            found, outcome=form.cleaned_data["outcome"], told=form.told, by=request.actor, at=timezone.now()
        ),
        "已记下。", title=now.step.name, act="记下", help=now.step.help, basis=now.step.basis,
    )  # fmt: skip


@FORM
@once
def round_(request: Request, case: str) -> HttpResponse:
    """Records one time of a repeated step."""
    found, entries, _, now = opened(request, rules.note_round, case)
    waited_for(request, found)
    if now.step is None or now.step.repeats is None:
        raise Http404
    form = forms.Act(request.POST or None, today=timezone.localdate(), seen=len(entries), why="做了什么")
    return done(
        request, found, form,
        lambda form: actions.note_round(found, told=form.told, by=request.actor, at=timezone.now()),
        "已记下这一次。", title=f"{now.step.name}：记一次", act="记下", help=now.step.help, basis=now.step.basis,
    )  # fmt: skip


@FORM
@once
def reply(request: Request, case: str, reply: str) -> HttpResponse:
    """One of the bodies that are asked answers."""
    found, _, _, now = opened(request, rules.give_reply, case)
    waited_for(request, found, reply)
    name = next((one.name for one in now.step.replies if one.key == reply), "") if now.step else ""
    form = forms.Act(request.POST or None, today=timezone.localdate(), why="意见")
    return done(
        request, found, form,
        lambda form: actions.give_reply(found, reply=reply, told=form.told, by=request.actor, at=timezone.now()),
        "意见已记下。", title=f"{name}的意见", act="答复",
    )  # fmt: skip


@FORM
@once
def paper(request: Request, case: str, paper: str) -> HttpResponse:
    """Says that a document is there, and where its original is kept."""
    found, _, _, now = opened(request, rules.keep_paper, case)
    waited_for(request, found)
    name = next((one.name for one in now.step.papers if one.key == paper), "") if now.step else ""
    if not name:
        raise Http404
    form = forms.Keeping(request.POST or None, sent=request.FILES, today=timezone.localdate())
    return done(
        request, found, form,
        lambda form: actions.keep_paper(
            found, paper=paper, told=form.told, scan=form.cleaned_data["scan"], by=request.actor, at=timezone.now()
        ),
        "已记下。", title=name, act="记下",
    )  # fmt: skip


@FORM
@once
def halting(request: Request, case: str, halt: str) -> HttpResponse:
    """Withdraws, suspends or takes up again."""
    if halt not in HALTS:
        raise Http404
    verb, asked, word, why, help_ = HALTS[halt]
    found, entries, _, _ = opened(request, asked, case)
    form = forms.Act(request.POST or None, today=timezone.localdate(), seen=len(entries), why=why)
    return done(
        request, found, form,
        lambda form: verb(found, told=form.told, by=request.actor, at=timezone.now()),
        f"已{word}。", title=word, act=word, help=help_, danger=halt == "withdrawal",
    )  # fmt: skip


@FORM
@once
def handing_over(request: Request, case: str) -> HttpResponse:
    """Gives the case to another organisation."""
    found, entries, _, now = opened(request, rules.hand_over, case)
    if now.state not in (State.RUNNING, State.SUSPENDED):
        raise Http404
    form = forms.HandingOver(
        request.POST or None, reachable=reachable(request), today=timezone.localdate(), seen=len(entries)
    )
    return done(
        request, found, form,
        lambda form: actions.hand_over(
            found, to=form.cleaned_data["to"], told=form.told, by=request.actor, at=timezone.now()
        ),
        "已移交。", title="移交", act="移交", help="以后由接办的组织负责；办过的记录都跟着走，写明原来是谁办的。",
    )  # fmt: skip


@FORM
@once
def correction(request: Request, case: str, entry: int) -> HttpResponse:
    """Says what an entry should have said."""
    found, entries, law, _ = opened(request, rules.correct, case)
    wrong = next((one for one in entries if one.number == entry and one.act != Act.CORRECTED), None)
    if wrong is None:
        raise Http404
    step = law.find(wrong.step)
    declared = law.field if wrong.number == 1 else step.field if step and wrong.act == Act.DONE else ()
    form = forms.Act(
        request.POST or None, today=wrong.on, seen=len(entries), why="为什么更正", said=wrong.said,
        declared=[one for one in declared if one.key in wrong.said], reachable=reachable(request),
    )  # fmt: skip
    return done(
        request, found, form,
        lambda form: actions.correct(found, of=entry, told=form.told, by=request.actor, at=timezone.now()),
        "已更正，原来的记录也留着。", title=f"更正第 {entry} 条", act="更正",
    )  # fmt: skip

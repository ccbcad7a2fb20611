"""The meeting and the notice of the step at which a case stands."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from jiceng.engines.assembly import queries as assembly
from jiceng.engines.assembly.forms import Recording
from jiceng.kernel.access import Request
from jiceng.lib.refusals import NotAllowed, Refused

from .. import actions, forms, queries, rules
from .acts import done, once, opened, waited_for
from .pages import FORM


@FORM
@once
def meeting(request: Request, case: str) -> HttpResponse:
    """Enters the meeting that the step asks for, on one sheet."""
    found, entries, _, now = opened(request, rules.hold_meeting, case)
    waited_for(request, found)
    sitting = queries.sitting_of(found, now.step) if now.step else None
    if sitting is None:
        raise Http404
    home = found.organisation
    day = forms.day_of(request.POST.get("day") or request.GET.get("day"), timezone.localdate())
    roll = assembly.roll_for(home, sitting.electorate, day, sitting.name, request.actor)
    people = assembly.members_by_name(home, day, request.actor) if sitting.elects else {}
    form = Recording(
        request.POST or None, sitting=sitting, roll=roll, people=people,
        today=day, venue=assembly.last_venue(home),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            entry = actions.hold_meeting(found, sheet=form.sheet, by=request.actor, at=timezone.now())
            messages.success(request, entry.reckoned or f"已记下“{sitting.name}”。")
            return redirect("case", found.ref)
        except (Refused, NotAllowed) as refusal:
            for sentence in str(refusal).splitlines():
                form.add_error(None, sentence)
    told = {
        "form": form, "title": sitting.title, "organisation": home, "help": forms.rule_of(sitting),
        "back": (reverse("case", args=[found.ref]), "回到这件事"),
        "again": (reverse("case-meeting-bringing", args=[found.ref]), "这次会已经记过，直接用") if entries else None,
    }  # fmt: skip
    return render(request, "assembly/recording.html", told, status=422 if form.errors else 200)


@FORM
@once
def bringing(request: Request, case: str) -> HttpResponse:
    """Takes a meeting that was entered already: one meeting may decide many matters."""
    found, entries, _, now = opened(request, rules.bring_meeting, case)
    waited_for(request, found)
    if now.step is None or now.step.meeting is None:
        raise Http404
    choices = queries.meetings_for(found, now.step.meeting)
    form = forms.Bringing(request.POST or None, choices=choices, today=timezone.localdate(), seen=len(entries))
    return done(
        request, found, form,
        lambda form: actions.bring_meeting(
            found, meeting=form.meeting, vote=form.vote, told=form.told, by=request.actor, at=timezone.now()
        ),
        "已用上这次会。", title=f"{now.step.meeting.name}：用已经记下的", act="用这次会",
    )  # fmt: skip


@FORM
@once
def posting(request: Request, case: str) -> HttpResponse:
    """Puts up what the step makes public."""
    found, entries, law, now = opened(request, rules.post_notice, case)
    waited_for(request, found)
    if now.step is None or now.step.notice is None:
        raise Http404
    word = now.step.notice
    drafted = {
        key: queries.filled(text, found, law, now.said) for key, text in (("title", word.title), ("text", word.text))
    }
    form = forms.Posting(request.POST or None, drafted=drafted, today=timezone.localdate(), seen=len(entries))
    return done(
        request, found, form,
        lambda form: actions.post_notice(
            found, title=form.cleaned_data["title"], text=form.cleaned_data["text"],
            phone=form.cleaned_data["phone"], told=form.told, by=request.actor, at=timezone.now(),
        ),
        "已公开。", title=now.step.name, act="公开", basis=now.step.basis,
        help=f"照填写的内容起草好了，请看一遍。公开 {word.term}，{'期间收异议' if word.objections else '只是告知'}。"
        "写有身份证号、手机号、银行卡号的不能公开。",
    )  # fmt: skip

"""The lists, a procedure, a case, and opening one."""

from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jiceng.kernel.access import Request
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.orgs.rules import see as see_organisation
from jiceng.kernel.people.actions import look
from jiceng.kernel.people.models import Look, Person
from jiceng.kernel.people.rules import see as see_person
from jiceng.kernel.people.views.lists import purpose_page, purpose_text
from jiceng.lib.refs import spoken
from jiceng.lib.refusals import NotAllowed, Refused
from jiceng.lib.sheets import XLSX, xlsx
from jiceng.ui.shapes import Column, Page

from .. import actions, forms, queries, rules
from ..declarations import Procedure, Step
from ..declarations.machine import Act, Standing, State
from ..models import Case
from . import shown

PAGE = 50
CAP = 10_000
OWED = ("meeting", "posting")
"""What a step needs before it can end and what takes a page of its own: the first button leads there."""
FORM = require_http_methods(["GET", "HEAD", "POST"])
PROCEDURE_COLUMNS = ("程序", Column("步骤", number=True), "谁立项", "依据", "起用")
COLUMNS = ("事项", "程序", "组织", "立项", "正办", "期限", "状态")


def visible(request: Request) -> QuerySet[Case]:
    """The cases that exist for this person."""
    return rules.see.among(Case.objects.select_related("edition", "organisation", "person"), request.actor)


def reachable(request: Request) -> QuerySet[Organisation]:
    """The living organisations that this person may name in a form."""
    return see_organisation.among(Organisation.objects.filter(closed_on=None), request.actor)


@require_safe
def cases(request: Request) -> HttpResponse:
    """Cases within one's reach, latest first; those that wait for oneself."""
    return _list(request, visible(request), {"title": "事项"})


@require_safe
def organisation_cases(request: Request, organisation: str) -> HttpResponse:
    """The cases of an organisation and those below it, and what one may begin there."""
    home = _home(request, organisation)
    found = visible(request).filter(organisation__path__under=home.path)
    may = [] if home.closed_on else [one for one in _procedures() if queries.holds(one.opens, request.actor, home)]
    return _list(request, found, {"title": "事项", "organisation": home, "may_open": may})


def _home(request: Request, ref: str) -> Organisation:
    return get_object_or_404(see_organisation.among(Organisation.objects.all(), request.actor), ref=ref)


def _procedures() -> list[Procedure]:
    return queries.in_force(timezone.localdate())


def _list(request: Request, found: QuerySet[Case], told: dict[str, Any]) -> HttpResponse:
    today = timezone.localdate()
    form = forms.Filter(request.GET, procedures=[(one.key, one.name) for one in _procedures()])
    if form.is_valid():
        found = queries.listed(found, form.cleaned_data | {"today": today})
        if form.cleaned_data["mine"]:
            found = queries.waiting_for(request.actor, found)
    if "xlsx" in request.GET:
        return _sheet(request, found.order_by("-pk")[:CAP])
    before = request.GET.get("before", "")
    rows = list((found.filter(pk__lt=int(before)) if before.isdecimal() else found).order_by("-pk")[: PAGE + 1])
    number = found.order_by()[: CAP + 1].count()
    page = Page(
        count=f"共 {CAP:,}+ 件" if number > CAP else f"共 {number:,} 件",
        next_url=_with(request, before=str(rows[PAGE - 1].pk)) if len(rows) > PAGE else "",
        previous_url=_with(request) if before else "",
    )
    told |= {
        "form": form, "page": page, "columns": COLUMNS, "sheet": _with(request, xlsx="1"),
        "rows": [
            (row, shown.titled(row, request.actor), _step_name(row), shown.state_of(row, today)) for row in rows[:PAGE]
        ],
    }  # fmt: skip
    return render(request, "procedures/cases.html", told)


def _step_name(case: Case) -> str:
    found = queries.procedure_of(case)
    step = found.find(case.step)
    return step.name if step else found.end_of(case.end).name if case.end else ""


def _with(request: Request, **more: str) -> str:
    asked = request.GET.copy()
    asked.pop("before", None)
    asked.update(more)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _sheet(request: Request, found: QuerySet[Case]) -> HttpResponse:
    today = timezone.localdate()
    lines = (
        (
            shown.titled(one, request.actor), one.edition.name, one.organisation.code, one.organisation.name,
            one.opened_on, _step_name(one), one.due_on, shown.state_of(one, today)[1],
        )
        for one in found
    )  # fmt: skip
    heads = ("事项", "程序", "组织代码", "组织", "立项日期", "正办的一步", "期限", "状态")
    headers = {"Content-Disposition": "attachment; filename=cases.xlsx"}
    return HttpResponse(xlsx("事项", heads, lines), content_type=XLSX, headers=headers)


@require_safe
def procedures(request: Request) -> HttpResponse:
    """The procedures in force here by the list that they belong to; those of no list come first."""
    found = _procedures()
    groups = [
        (name or "办事程序", [(one, shown.who(one.opens)) for one in found if one.group == name])
        for name in sorted({one.group for one in found})
    ]
    return render(request, "procedures/procedures.html", {"groups": groups, "columns": PROCEDURE_COLUMNS})


@require_safe
def procedure(request: Request, procedure: str) -> HttpResponse:
    """One procedure: its basis, its steps as a picture, what it asks for, and where one may open it."""
    found = _procedure(procedure)
    held = [post.organisation for post in request.actor.held() if post.role in found.opens.roles]
    own = Organisation.objects.filter(pk__in=held, closed_on=None).order_by("path")
    told = {
        "procedure": found, "steps": shown.drawn(found), "who": shown.who(found.opens),
        "organisations": own if found.opens.at == "own" else (),
        "fields": [("立项", found.field), *((one.name, one.field) for one in found.step)],
    }  # fmt: skip
    return render(request, "procedures/procedure.html", told)


def _procedure(key: str) -> Procedure:
    found = queries.procedure_in_force(key, timezone.localdate())
    if found is None:
        raise Http404
    return found


@FORM
def opening(request: Request, organisation: str, procedure: str) -> HttpResponseBase:
    """Opens a case of an organisation."""
    found = _procedure(procedure)
    home = _home(request, organisation)
    if home.closed_on or not queries.holds(found.opens, request.actor, home):
        raise Http404
    people = _people(request, home) if found.about == "person" else None
    if people is not None and (blocked := purpose_page(request, home)):
        return blocked
    form = forms.Opening(
        request.POST or None, procedure=found, today=timezone.localdate(), people=people, reachable=reachable(request)
    )
    if request.method == "POST" and form.is_valid():
        about = form.cleaned_data["person"] if people is not None else _about(found, home)
        try:
            made = actions.open(
                home, procedure=found.key, title=form.cleaned_data.get("title", ""), told=form.told, about=about,
                by=request.actor, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, f"已立项：{made.title}。")
            return redirect("case", made.ref)
        except (Refused, NotAllowed) as refusal:
            form.add_error(None, str(refusal))
    told = {"form": form, "title": found.name, "over": home.name, "act": "立项", "help": found.help}
    return render(request, "procedures/form.html", told, status=422 if form.errors else 200)


def _people(request: Request, home: Organisation) -> QuerySet[Person]:
    """Whom a case of the organisation may be about: those whose records it keeps."""
    kept = Person.objects.filter(organisation=home, union=None, purge=None)
    return see_person.among(kept, request.actor).order_by("name", "pk")


def _about(found: Procedure, home: Organisation) -> Model | None:
    """The place or the unit that the case concerns: that of the organisation itself."""
    if found.about == "place":
        return home.place
    return home.units.order_by("code").first() if found.about == "unit" else None


def looked(request: Request, found: Case) -> HttpResponseBase | None:
    """Writes down that somebody looked at a case about somebody else, whatever of it is shown; the page that first asks
    for the purpose, where it has not been told."""
    if found.person is not None and found.person_id != request.actor.person:
        if blocked := purpose_page(request, found.organisation):
            return blocked
        purpose = f"{found.title}：{purpose_text(request, found.organisation)}"
        look(found.person, kind=Look.Kind.PAGE, purpose=purpose, by=request.actor, at=timezone.now())
    return None


@require_safe
def case(request: Request, case: str) -> HttpResponseBase:
    """One case: where it stands, who is waited for until when, and everything that was done. Looking at somebody else's
    leaves a row that they can read."""
    found = get_object_or_404(visible(request), ref=case)
    if blocked := looked(request, found):
        return blocked
    entries = queries.entries_of(found)
    law, now = queries.procedure_of(found), queries.standing_of(found, entries)
    today, calendar = timezone.localdate(), queries.calendar()
    waited = set(queries.waitings_of(request.actor).filter(case=found).values_list("reply", flat=True))
    things = _things(law, now, waited) if now.step else []
    told = {
        "case": found, "title": shown.titled(found, request.actor, named=True), "procedure": law,
        "now": now, "state_": shown.state_of(found, today),
        "steps": shown.running(law, now, today, calendar), "history": shown.history(law, entries),
        "sittings": [one for one in entries if one.meeting_id], "boards": [one for one in entries if one.notice_id],
        "printable": shown.printable(law), "scans": shown.scanned(entries), "spoken": spoken(found.ref),
        "held": shown.held(law, now), "mine": "" in waited, "things": things,
        "owed": next((kind for kind, _, _, there, may in things if kind in OWED and may and not there), ""),
        "clock": shown.current(now, calendar) if now.step else "",
        "may_halt": rules.withdraw.allows(request.actor, found),
        "resting": now.state is State.SUSPENDED, "going": now.state is State.RUNNING,
        "correctable": [one for one in entries if one.act != Act.CORRECTED]
        if rules.correct.allows(request.actor, found)
        else [],
    }  # fmt: skip
    return render(request, "procedures/case.html", told)


def _things(law: Procedure, now: Standing, waited: set[str]) -> list[tuple[str, str, str, bool, bool]]:
    """What the current step needs besides its ending: kind, key, name, whether it is there, whether one may give it."""
    step: Step | None = now.step
    assert step
    replies = [("reply", one.key, f"{one.name}的意见", one.key in now.given, one.key in waited) for one in step.replies]
    papers = [("paper", one.key, one.name, one.key in now.given, "" in waited) for one in step.papers]
    may = "" in waited
    meeting = [("meeting", "", f"“{step.meeting.name}”的记录", bool(now.met), may)] if step.meeting else []
    notice = [("posting", "", "公开", bool(now.posted), may)] if step.notice else []
    return [*replies, *papers, *meeting, *notice]

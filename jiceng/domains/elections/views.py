"""Pages of elections: the register, one election, an organisation's votes and polls, and taking office."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiceng.engines.assembly import queries as assembly
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Request
from jiceng.kernel.orgs import rules as orgs
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people import rules as people
from jiceng.kernel.people.models import Person
from jiceng.lib.refusals import Refused
from jiceng.lib.sheets import XLSX, xlsx
from jiceng.ui.shapes import Page

from . import actions, forms, queries, rules
from .actions import Polled, Stood, TakingOffice
from .declarations import ELECTION, TAKING_OFFICE
from .models import Elected, Election, Poll

PAGE = 50
CAP = 10_000
COLUMNS = ("组织", "第几届", "选举日期", "就任日期", "早晚", "批复文号")
FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def elections(request: Request) -> HttpResponse:
    """Elections that were held, latest first."""
    form = forms.Filter(request.GET)
    found = queries.latest(_asked(request, form))
    if "xlsx" in request.GET:
        return _sheet(found[:CAP])
    number = found.order_by()[: CAP + 1].count()
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 6 else 0
    rows = list(found[start : start + PAGE + 1])
    page = Page(
        count=f"共 {CAP:,}+ 次" if number > CAP else f"共 {number:,} 次",
        next_url=_with(request, after=str(start + PAGE)) if len(rows) > PAGE else "",
        previous_url=_with(request) if start else "",
    )
    shown = {"form": form, "rows": rows[:PAGE], "page": page, "columns": COLUMNS, "sheet": _with(request, xlsx="1")}
    return render(request, "elections/elections.html", shown)


def _asked(request: Request, form: forms.Filter) -> QuerySet[Election]:
    found = rules.see.among(Election.objects.all(), request.actor)
    if not form.is_valid():
        return found.none()
    said = form.cleaned_data
    found = found.filter(on__year=said["year"]) if said["year"] else found
    found = found.filter(timing=said["timing"]) if said["timing"] else found
    return found.filter(organisation__name__contains=said["q"].strip()) if said["q"].strip() else found


def _with(request: Request, **more: str) -> str:
    asked = request.GET.copy()
    asked.pop("after", None)
    asked.update(more)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _sheet(found: QuerySet[Election]) -> HttpResponse:
    rows = (
        (one.organisation.name, one.number, one.held_on, one.on, one.get_timing_display(), one.document)
        for one in found
    )
    headers = {"Content-Disposition": "attachment; filename=elections.xlsx"}
    return HttpResponse(xlsx("换届", COLUMNS, rows), content_type=XLSX, headers=headers)


@require_safe
def election(request: Request, ref: str) -> HttpResponse:
    """One election: who was elected to what, by which votes, and what these came to."""
    elected = Elected.objects.select_related("person", "vote__meeting", "poll").order_by("pk")
    seen = rules.see.among(Election.objects.all(), request.actor).select_related("organisation", "case")
    found = get_object_or_404(seen.prefetch_related(Prefetch("elected", elected)), ref=ref)
    rows = list(found.elected.all())
    votes = {row.vote.pk: row.vote for row in rows if row.vote}
    told = [(vote.question, now.sentence) for one in votes.values() for vote in queries.settled(one).votes
            for now in [assembly.told(vote)]]  # fmt: skip
    told += [_told(row.poll) for row in rows if row.poll]
    shown = {"election": found, "rows": rows, "told": told, "columns": ("姓名", "当选", "赞成")}
    return render(request, "elections/election.html", shown)


def _told(poll: Poll) -> tuple[str, str]:
    """A poll and what came of it, by number."""
    return poll.get_body_display(), queries.outcome_of(poll, poll.contestants.order_by("number")).sentence


@require_safe
def organisation_elections(request: Request, organisation: str) -> HttpResponse:
    """What was elected here, what waits for somebody to take office, and the polls that were recorded."""
    place = _place(request, organisation)
    polls = list(queries.polls_of(place)[:PAGE])
    used = set(Elected.objects.filter(poll__in=polls).values_list("poll", flat=True))
    may_take = place.closed_on is None and rules.take_office.allows(request.actor, place)
    may_withdraw = rules.withdraw_poll.allows(request.actor, polls[0]) if polls else False
    shown = {
        "organisation": place, "elections": queries.latest(place.elections.all())[:PAGE],
        "votes": queries.votes_waiting(place)[:PAGE] if may_take else [],
        "polls": [
            (poll, queries.outcome_of(poll, poll.contestants.all()).sentence, may_withdraw and poll.pk not in used)
            for poll in polls
        ],
        "may_poll": place.closed_on is None and rules.record_poll.allows(request.actor, place),
        "may_take_office": may_take,
    }  # fmt: skip
    return render(request, "elections/organisation.html", shown)


def _place(request: Request, ref: str) -> Organisation:
    """The organisation, for those who see its elections."""
    seen = rules.see.among(orgs.see.among(Organisation.objects.all(), request.actor), request.actor)
    return get_object_or_404(seen, ref=ref)


@FORM
def polling(request: Request, organisation: str) -> HttpResponse:
    """The totals of a poll are recorded."""
    living = Organisation.objects.filter(closed_on=None)
    place = get_object_or_404(rules.record_poll.among(living, request.actor), ref=organisation)
    form = forms.Polling(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        told = Polled(**{**said, "stood": _stood(request, said["stood"])})
        try:
            made = actions.record_poll(place, told=told, by=request.actor, at=timezone.now())
            messages.success(request, _told(made)[1])
            return redirect("organisation-elections", organisation)
        except Refused as refusal:
            form.add_error(None, str(refusal).splitlines())
    return _form(request, form, place, title="登记村级投票", act="记下这次投票")


def _stood(request: Request, lines: list[tuple[str, int]]) -> list[Stood]:
    """Each by the record that the writer may see, or by name."""
    seen = people.see.among(Person.objects.filter(ref__in=[name for name, _ in lines]), request.actor)
    known = dict(seen.values_list("ref", "pk"))
    return [Stood(yes, known[name]) if name in known else Stood(yes, name=name) for name, yes in lines]


@require_POST
def poll_withdrawal(request: Request, ref: str) -> HttpResponse:
    """A poll that was recorded wrong is taken back."""
    believed = Poll.objects.filter(superseded_at=None).select_related("organisation")
    found = get_object_or_404(rules.withdraw_poll.among(believed, request.actor), ref=ref)
    try:
        actions.withdraw_poll(found, by=request.actor, at=timezone.now())
        messages.success(request, "这次投票的记录已撤回，请重新登记。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("organisation-elections", found.organisation.ref)


@FORM
def taking_office(request: Request, organisation: str) -> HttpResponse:
    """Those who were elected take office."""
    living = Organisation.objects.filter(closed_on=None)
    place = get_object_or_404(rules.take_office.among(living, request.actor), ref=organisation)
    offered = _offered(place)
    choices = {
        key: [(str(pk), f"{word} {one}") for pk, (word, one, _) in found.items()] for key, found in offered.items()
    }
    form = forms.Taking(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        try:
            told = TakingOffice(**_chosen(form.cleaned_data, offered))
            made = actions.take_office(place, told=told, by=request.actor, at=timezone.now())
            messages.success(request, f"第 {made.number} 届从 {made.on} 起就任。")
            return redirect("election", made.ref)
        except Refused as refusal:
            form.add_error(None, str(refusal).splitlines())
    return _form(request, form, place, title="当选的人就任", act="照表决结果就任")


type Offer = dict[str, dict[str, tuple[str, str, Any]]]


def _offered(place: Organisation) -> Offer:
    """What may be chosen, by key: the day, the words, the record."""
    votes = {str(one.pk): (str(one.meeting.held_on), one.question, one) for one in queries.votes_waiting(place)[:PAGE]}
    motions = {str(one.pk): (str(one.meeting.held_on), one.question, one) for one in queries.motions_of(place)[:PAGE]}
    polls = {one.ref: (str(one.held_on), one.get_body_display(), one) for one in queries.polls_waiting(place)[:PAGE]}
    waiting = Case.objects.filter(organisation=place, edition__key=ELECTION, step=TAKING_OFFICE).order_by("-pk")
    cases = {one.ref: (str(one.opened_on), one.title, one) for one in waiting[:PAGE]}
    return {
        "committee": votes, "secretary": votes, "deputy": votes, "fewer": motions, "polls": polls, "case": cases,
    }  # fmt: skip


def _chosen(said: dict[str, Any], offered: Offer) -> dict[str, Any]:
    """The records that were chosen, in the place of their keys."""
    made = dict(said)
    for key, found in offered.items():
        if key == "polls":
            made[key] = [found[ref][2] for ref in said[key]]
        else:
            made[key] = found[said[key]][2] if said[key] else None
    return made


def _form(request: Request, form: Any, place: Organisation, **words: str) -> HttpResponse:
    return render(request, "elections/form.html", {"form": form, "organisation": place, **words})

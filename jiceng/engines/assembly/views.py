"""Pages of meetings: which were held, one of them, and the sheet on which one is entered."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_safe

from jiceng.kernel.access import Request
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.orgs.rules import see as see_organisation
from jiceng.lib.papers.sending import KINDS as KINDS_OF_PAPER
from jiceng.lib.papers.sending import sent
from jiceng.lib.refs import spoken
from jiceng.lib.refusals import NotAllowed, Refused
from jiceng.lib.sheets import XLSX, xlsx
from jiceng.ui.shapes import Column, Event, Page

from . import actions, forms, printing, queries, rules
from .declarations import KINDS, MeetingKind, Sitting, kind_of
from .models import Meeting, RollEntry

PAGE, CAP = 50, 10_000
COLUMNS = ("会议", "种类", "组织", "日期", Column("应到", number=True), "状态")
STATES = {"called": "已通知", "cancelled": "已取消", "open": "正在开", "short": "人数不够，重新召集", "closed": "已开"}


def visible(request: Request) -> QuerySet[Meeting]:
    """The meetings that exist for this person."""
    return rules.see.among(queries.with_state(Meeting.objects.all()), request.actor)


@require_safe
def meetings(request: Request) -> HttpResponse:
    """Meetings within one's reach, latest first."""
    return _list(request, visible(request), {"title": "会议"})


@require_safe
def organisation_meetings(request: Request, organisation: str) -> HttpResponse:
    """The meetings of an organisation and those below it."""
    home = _home(request, organisation)
    found = visible(request).filter(organisation__path__under=home.path)
    may = KINDS if home.closed_on is None and rules.record.allows(request.actor, home) else ()
    return _list(request, found, {"title": "会议", "organisation": home, "may_record": may})


def _home(request: Request, ref: str) -> Organisation:
    return get_object_or_404(see_organisation.among(Organisation.objects.all(), request.actor), ref=ref)


def _list(request: Request, found: QuerySet[Meeting], told: dict[str, Any]) -> HttpResponse:
    form = forms.Filter(request.GET, kinds=[(one.key, one.name) for one in KINDS])
    if form.is_valid():
        found = queries.listed(found, form.cleaned_data)
    found = found.order_by("-held_on", "-pk")
    if "xlsx" in request.GET:
        return _sheet(found[:CAP])
    number = int(request.GET.get("page", "1")) if request.GET.get("page", "1").isdecimal() else 1
    start = (max(number, 1) - 1) * PAGE
    rows = list(found[start : start + PAGE + 1])
    total = found.order_by()[: CAP + 1].count()
    page = Page(
        count=f"共 {CAP:,}+ 次" if total > CAP else f"共 {total:,} 次",
        next_url=_with(request, page=str(number + 1)) if len(rows) > PAGE else "",
        previous_url=_with(request, page=str(number - 1)) if number > 1 else "",
    )
    told |= {
        "form": form, "page": page, "columns": COLUMNS, "sheet": _with(request, xlsx="1"),
        "rows": [(row, STATES[queries.state_of(row)]) for row in rows[:PAGE]],
    }  # fmt: skip
    return render(request, "assembly/meetings.html", told)


def _with(request: Request, **more: str) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    asked.update(more)
    return f"{request.path}?{asked.urlencode()}"


def _sheet(found: QuerySet[Meeting]) -> HttpResponse:
    lines = (
        (
            one.title,
            one.kind_name,
            one.organisation.code,
            one.organisation.name,
            one.held_on,
            STATES[queries.state_of(one)],
        )
        for one in found
    )
    headers = {"Content-Disposition": "attachment; filename=meetings.xlsx"}
    heads = ("会议", "种类", "组织代码", "组织", "日期", "状态")
    return HttpResponse(xlsx("会议", heads, lines), content_type=XLSX, headers=headers)


@require_safe
def meeting(request: Request, meeting: str) -> HttpResponse:
    """One meeting: who belonged to it and came, what was voted with its sum, what was decided."""
    found = get_object_or_404(visible(request), ref=meeting)
    roll = queries.roll_of(found)
    may_name = rules.see_names.allows(request.actor, found)
    told = {
        "meeting": found, "state_": STATES[queries.state_of(found)], "there": queries.presence(roll),
        "quorum": queries.quorum_of(found, queries.presence(roll))[1] if roll else "",
        "votes": [queries.told(one) for one in queries.votes_of(found)], "minutes": queries.minutes_of(found),
        "items": found.items.order_by("number"), "history": _history(found),
        "spoken": spoken(found.ref), "may_name": may_name,
        "roll": _named(roll, request) if may_name else [], "columns": ("姓名", "到会情况"),
    }  # fmt: skip
    return render(request, "assembly/meeting.html", told)


def _named(roll: list[RollEntry], request: Request) -> list[tuple[str, str]]:
    """Names and presence. Somebody whose record one may not see stands there by number alone."""
    names = queries.names_of([one.person_id for one in roll if one.person_id], request.actor)
    return [(one.name or names.get(one.person_id or 0, f"名册上第 {one.number} 位"), _said(one)) for one in roll]


def _said(one: RollEntry) -> str:
    mark = queries.mark_of(one)
    said = "回避或不计入应到" if queries.is_left_out(one) else mark.get_state_display() if mark else "没有标"
    return said if one.has_vote else f"{said}（没有表决权）"


def _history(found: Meeting) -> list[Event]:
    late = queries.late(found.held_on, found.recorded_at)
    events = [Event("记入系统", found.by_name, found.recorded_at, f"补录，晚 {late} 天" if late else "")]
    for one in found.corrections.order_by("recorded_at"):
        text = f"原来：{one.before}\n现在：{one.after}\n为什么：{one.reason}"
        events.append(Event(f"更正{one.get_what_display()}", one.by_name, one.recorded_at, "", text))
    return events[::-1]


@require_http_methods(["GET", "HEAD", "POST"])
def recording(request: Request, organisation: str, kind: str) -> HttpResponse:
    """Enters a meeting that was held."""
    home = _home(request, organisation)
    asked = kind_of(kind)
    if asked is None or home.closed_on or not rules.record.allows(request.actor, home):
        raise Http404
    form = sheet_for(request, home, _sitting(asked))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.record(home, told=form.sheet, by=request.actor, at=timezone.now())
            messages.success(request, f"已记下 {made.held_on} 的{made.kind_name}。")
            return redirect("meeting", made.ref)
        except (Refused, NotAllowed) as refusal:
            for sentence in str(refusal).splitlines():
                form.add_error(None, sentence)
    back = (reverse("organisation-meetings", args=[home.ref]), "回到会议")
    told = {"form": form, "title": f"记一次{asked.name}", "organisation": home, "back": back}
    return render(request, "assembly/recording.html", told, status=422 if form.errors else 200)


def _sitting(asked: MeetingKind) -> Sitting:
    return Sitting(asked.key, asked.name, asked.name, asked.electorate, asked.quorum)


def sheet_for(request: Request, home: Organisation, sitting: Sitting) -> forms.Recording:
    """The sheet of such a meeting, with the roll of the day that is asked for."""
    today = timezone.localdate()
    day = _day(str(request.POST.get("day") or request.GET.get("day") or "")) or today
    roll = queries.roll_for(home, sitting.electorate, min(day, today), sitting.name, request.actor)
    return forms.Recording(request.POST or None, sitting=sitting, roll=roll, today=day, venue=queries.last_venue(home))


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_safe
def printed(request: Request, meeting: str, paper: str, kind: str) -> HttpResponse:
    """A meeting's notice, sheet or minutes as a document. The sheet names people: it is for those who may name them."""
    found = get_object_or_404(visible(request), ref=meeting)
    address = request.build_absolute_uri(reverse("meeting", args=[found.ref]))
    roll = []
    if rules.see_names.allows(request.actor, found):
        roll = _named(queries.roll_of(found), request)
    elif paper == "signing":
        raise Http404
    made = {
        "calling": lambda: printing.calling(found, address),
        "signing": lambda: printing.signing(found, [name for name, _ in roll], address),
        "minutes": lambda: printing.minutes(found, roll, address),
    }.get(paper)
    if made is None or kind not in KINDS_OF_PAPER:
        raise Http404
    try:
        return sent(made(), kind)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("meeting", found.ref)

"""The list of notices, and one notice with everything that came of it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiceng.kernel.access import Request
from jiceng.kernel.files import queries as files
from jiceng.kernel.orgs import rules as orgs_rules
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.sheets import XLSX, xlsx
from jiceng.ui.shapes import Event, Page

from .. import forms, queries, rules
from ..declarations import Audience
from ..models import Notice, Publication
from ..scanning import Found

PAGE = 50
CAP = 10_000
COLUMNS = ("标题", "类别", "公示组织", "公示起", "公示到", "给谁看", "状态")
HEADS = (
    "标题", "类别", "公示组织代码", "公示组织", "公示起", "公示到", "给谁看", "公布人", "公布时间", "更正次数",
    "异议数", "状态",
)  # fmt: skip


@require_safe
def notices(request: Request) -> HttpResponse:
    """Notices within one's reach, latest first."""
    return _list(request, queries.visible(request.actor), {"title": "公示公开"})


@require_safe
def organisation_notices(request: Request, organisation: str) -> HttpResponse:
    """The notices of an organisation and those below it."""
    seen = orgs_rules.see.among(Organisation.objects.all(), request.actor)
    place = get_object_or_404(seen, ref=organisation)
    found = queries.visible(request.actor).filter(organisation__path__under=place.path)
    may = place.closed_on is None and rules.draft.allows(request.actor, place)
    return _list(request, found, {"title": "公示公开", "organisation": place, "may_draft": may})


def _list(request: Request, found: QuerySet[Notice], shown: dict[str, Any]) -> HttpResponse:
    form, today = forms.Filter(request.GET), timezone.localdate()
    found = _filtered(found, form).select_related("organisation", "withdrawal")
    if "xlsx" in request.GET:
        return _sheet(found.order_by("-pk")[:CAP])
    before = request.GET.get("before", "")
    rows = list((found.filter(pk__lt=int(before)) if before.isdecimal() else found).order_by("-pk")[: PAGE + 1])
    held = queries.holding(rows[:PAGE])
    page = Page(
        count=_counted(found), next_url=with_more(request, before=str(rows[PAGE - 1].pk)) if len(rows) > PAGE else "",
        previous_url=with_more(request) if before else "",
    )  # fmt: skip
    shown |= {
        "form": form, "page": page, "columns": COLUMNS, "sheet": with_more(request, xlsx="1"),
        "rows": [(row, held.get(row.pk) or row, queries.state_of(row, held.get(row.pk), today)) for row in rows[:PAGE]],
    }  # fmt: skip
    return render(request, "notices/notices.html", shown)


def _filtered(found: QuerySet[Notice], form: forms.Filter) -> QuerySet[Notice]:
    if not form.is_valid():
        return found.none()
    said = form.cleaned_data
    found = found.filter(kind=said["kind"]) if said["kind"] else found
    found = found.filter(title__contains=said["q"].strip()) if said["q"].strip() else found
    return queries.in_state(found, said["state"], timezone.localdate())


def _counted(found: QuerySet[Notice]) -> str:
    number = found.order_by()[: CAP + 1].count()
    return f"共 {CAP:,}+ 件" if number > CAP else f"共 {number:,} 件"


def with_more(request: Request, **more: str) -> str:
    """The page's own address with other words behind the question mark."""
    asked = request.GET.copy()
    for key in ("before", "after", "xlsx"):
        asked.pop(key, None)
    asked.update(more)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _sheet(found: QuerySet[Notice]) -> HttpResponse:
    rows, today = list(found.prefetch_related("raised")), timezone.localdate()
    held = queries.holding(rows)
    lines = ((*_line(row, held.get(row.pk)), queries.state_of(row, held.get(row.pk), today).word) for row in rows)
    headers = {"Content-Disposition": "attachment; filename=notices.xlsx"}
    return HttpResponse(xlsx("公示", HEADS, lines), content_type=XLSX, headers=headers)


def _line(row: Notice, held: Publication | None) -> tuple[Any, ...]:
    told = held or row
    home = row.organisation
    moment = timezone.localtime(held.at).strftime("%Y-%m-%d %H:%M") if held else ""
    return (
        told.title, row.get_kind_display(), home.code, home.name, told.since, told.last, row.get_audience_display(),
        held.by_name if held else "", moment, held.number - 1 if held else 0, len(row.raised.all()),
    )  # fmt: skip


@require_safe
def notice(request: Request, notice: str) -> HttpResponse:
    """One notice: its text, where it stands, what can be done, and what came of it."""
    found = get_object_or_404(queries.visible(request.actor).select_related("organisation", "withdrawal"), ref=notice)
    held, today = queries.text_of(found), timezone.localdate()
    state = queries.state_of(found, held, today)
    live = held is not None and state.key in ("coming", "standing")
    sees = rules.see.allows(request.actor, found)
    shown = {
        "notice": found, "held": held, "told": held or found, "state": state,
        "is_public": state.key == "standing" and held is not None and held.audience == Audience.PUBLIC,
        "found": _found(found) if held is None else (), "files": files.of(found),
        "attachment": forms.Attachment(),
        "may_publish": held is None and rules.publish.allows(request.actor, found),
        "may_revise": held is None and rules.revise.allows(request.actor, found),
        "may_discard": held is None and rules.discard.allows(request.actor, found),
        "may_correct": live and rules.correct.allows(request.actor, found),
        "may_withdraw": live and rules.withdraw.allows(request.actor, found),
        "events": _events(found) if sees else (), "texts": found.publications.order_by("-number") if sees else (),
        "objections": found.raised.select_related("answer").order_by("pk") if sees else (),
        "objection_columns": ("异议", "提出时间", "状态"),
    }  # fmt: skip
    return render(request, "notices/notice.html", shown)


def _found(notice: Notice) -> list[Found]:
    """What a draft would be held up for."""
    texts = [("标题", notice.title), ("正文", notice.text)]
    return queries.scan_of(texts, queries.files_of(notice), notice.phone)


def _events(notice: Notice) -> list[Event]:
    """What was done with it, oldest first."""
    found = [Event("起草", notice.by_name, notice.at)]
    for text in notice.publications.select_related("correction").order_by("number"):
        fix = getattr(text, "correction", None)
        late = f"补录，晚 {text.late_days()} 天" if text.late_days() else ""
        said = Event("更正", fix.by_name, fix.at, detail=fix.reason, kind="info") if fix else None
        found.append(said or Event("公布", text.by_name, text.at, late=late, kind="done"))
    for one in notice.raised.select_related("answer").order_by("pk"):
        found.append(Event("收到异议", "访客", one.at, kind="wait"))
        if hasattr(one, "answer"):
            found.append(Event("答复异议", one.answer.by_name, one.answer.at, kind="done"))
    if hasattr(notice, "withdrawal"):
        down = notice.withdrawal
        found.append(Event("撤下", down.by_name, down.at, detail=down.reason, kind="stopped"))
    return sorted(found, key=lambda event: event.at)

"""What must be published: by one organisation, and by all within one's reach."""

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiceng.kernel.access import Request
from jiceng.kernel.orgs import rules as orgs_rules
from jiceng.kernel.orgs.models import Organisation
from jiceng.ui.shapes import Page

from .. import forms, queries, rules
from ..queries import Owed
from .notices import PAGE, with_more

COLUMNS = ("公开事项", "期", "最迟", "状态", "公示")


@require_safe
def organisation_due(request: Request, organisation: str) -> HttpResponse:
    """Everything that one organisation owes, period by period."""
    home = get_object_or_404(orgs_rules.see.among(Organisation.objects.all(), request.actor), ref=organisation)
    today = timezone.localdate()
    mine = Organisation.objects.filter(pk=home.pk)
    shown = {
        "organisation": home, "rows": queries.owed_by(home, today), "columns": COLUMNS,
        "at_once": [one for one in queries.duties(today) if one.every == "once" and queries.owing(one, mine).exists()],
        "may_draft": home.closed_on is None and rules.draft.allows(request.actor, home),
    }  # fmt: skip
    return render(request, "notices/organisation_due.html", shown)


@require_safe
def due(request: Request) -> HttpResponse:
    """Who within one's reach has published a duty's period, and who has not."""
    today = timezone.localdate()
    duties = {one.key: one for one in queries.duties(today) if one.every != "once"}
    if not duties:
        return render(request, "notices/due.html", {"rows": []})
    duty = duties.get(request.GET.get("duty", "")) or next(iter(duties.values()))
    periods = {one.key: one for one in duty.periods(today, began=duty.since, most=8)}
    ended = next((one for one in periods.values() if one.until <= today), None)
    owed = periods.get(request.GET.get("period", "")) or ended or next(iter(periods.values()))
    asked = {"duty": duty.key, "period": owed.key, "state": request.GET.get("state", "")}
    form = forms.Owing(
        asked, duties=[(one.key, one.name) for one in duties.values()],
        periods=[(one.key, one.name) for one in periods.values()],
    )  # fmt: skip
    seen = rules.see_due.among(Organisation.objects.all(), request.actor)
    found = queries.owing(duty, seen, owed)
    published = queries.done(duty, owed)
    is_done = Exists(published.filter(notice__organisation=OuterRef("pk")))
    if asked["state"] in ("open", "done"):
        found = found.filter(is_done if asked["state"] == "done" else ~is_done)
    after = request.GET.get("after", "")
    rows = list(found.filter(path__gt=after).order_by("path")[: PAGE + 1])
    by = {one.notice.organisation_id: one for one in published.filter(notice__organisation__in=rows[:PAGE])}
    page = Page(
        count=f"共 {found.count():,} 个组织", previous_url=with_more(request) if after else "",
        next_url=with_more(request, after=rows[PAGE - 1].path) if len(rows) > PAGE else "",
    )  # fmt: skip
    shown = {
        "rows": [Owed(one, duty, owed, by.get(one.pk), today) for one in rows[:PAGE]], "form": form, "page": page,
        "duty": duty, "columns": ("组织", "期", "最迟", "状态", "公示"),
    }  # fmt: skip
    return render(request, "notices/due.html", shown)

"""The journal for auditors: what was done at and below their organisation, by whom, and whether the chain holds."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiceng.kernel.access import Request
from jiceng.kernel.accounts.models import User
from jiceng.kernel.journal import queries
from jiceng.kernel.journal.models import Entry
from jiceng.kernel.orgs.models import Organisation
from jiceng.ui.shapes import Page

from . import rules

PAGE = 50
COLUMNS = ("入库时间", "动作", "操作者", "组织", "对象", "行数", "封签")


@require_safe
def journal(request: Request) -> HttpResponse:
    """Entries of organisations within reach, latest first; opaque ids except who acted."""
    if not rules.see_journal.held_by(request.actor):
        raise Http404
    entries = _within_reach(request)
    verb = request.GET.get("verb", "").strip()[:80]
    if verb:
        entries = entries.filter(verb__startswith=verb)
    before = request.GET.get("before", "")
    if before.isdecimal():
        entries = entries.filter(pk__lt=int(before))
    rows = list(entries.select_related("seal").order_by("-pk")[: PAGE + 1])
    following = f"?before={rows[PAGE - 1].pk}&verb={verb}" if len(rows) > PAGE else ""
    shown = {
        "rows": _told(rows[:PAGE]), "columns": COLUMNS, "verb": verb, "head": queries.head(),
        "page": Page(next_url=following, previous_url=request.path if before else ""),
    }  # fmt: skip
    return render(request, "web/journal.html", shown)


def _within_reach(request: Request) -> QuerySet[Entry]:
    seen = rules.see_journal.among(Organisation.objects.all(), request.actor)
    return Entry.objects.filter(organisation__in=seen.values("pk"))


def _told(entries: list[Entry]) -> list[tuple[Entry, str, str]]:
    """Each entry with the name of who acted and of the organisation."""
    places = dict(Organisation.objects.filter(pk__in={one.organisation for one in entries}).values_list("pk", "name"))
    users = _users(one.by for one in entries)
    return [(one, users.get(one.by, one.by), places.get(one.organisation or 0, "")) for one in entries]


def _users(refs: Iterable[str]) -> dict[str, str]:
    keys = {ref: int(ref.removeprefix("user:")) for ref in set(refs) if ref.removeprefix("user:").isdecimal()}
    names = dict(User.objects.filter(pk__in=keys.values()).values_list("pk", "person__name"))
    return {ref: names[key] for ref, key in keys.items() if key in names}

"""Pages of the tree: search, browse, one organisation, and how it was on any day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiceng.kernel.access import Request
from jiceng.lib.refusals import Refused
from jiceng.ui.shapes import Event, Link, Node, Page

from . import forms, queries, rules
from .models import Change, Organisation

PAGE = 50
OPEN_AT_ONCE = 60
"""How many nodes one address may hold open; more would make it longer than some proxies let through."""


@require_safe
def organisations(request: Request) -> HttpResponse:
    """A list by tree order, searched by name, initials or code, filtered by kind and form."""
    form = forms.Filter(request.GET)
    found = queries.visible(request.actor)
    if form.is_valid():
        found = _filtered(found, form.cleaned_data)
    rows = list(found.filter(path__gt=request.GET.get("after", "")).order_by("path")[: PAGE + 1])
    following = _with(request, after=rows[PAGE - 1].path) if len(rows) > PAGE else ""
    page = Page(
        count=_counted(found), next_url=following, previous_url=_with(request) if "after" in request.GET else ""
    )
    return render(
        request, "orgs/organisations.html", {"form": form, "rows": rows[:PAGE], "page": page, "columns": COLUMNS}
    )


COLUMNS = ("名称", "代码", "类别", "组建形式", "所在地", "状态")
CAP = 10_000


def _counted(found: QuerySet[Organisation]) -> str:
    number = found.order_by()[: CAP + 1].count()
    return f"共 {CAP:,}+ 个组织" if number > CAP else f"共 {number:,} 个组织"


def _filtered(found: QuerySet[Organisation], said: dict[str, Any]) -> QuerySet[Organisation]:
    if said["state"] != "all":
        found = found.filter(closed_on__isnull=said["state"] != "closed")
    if said["kind"]:
        found = found.filter(kind=said["kind"])
    if said["form"]:
        found = found.filter(form=said["form"])
    query = said["q"].strip()
    if not query:
        return found
    if query.replace("-", "").isalnum() and any(letter.isdigit() for letter in query):
        return found.filter(code__startswith=query)
    try:
        return queries.named(query, found)
    except Refused:
        return found.none()


def _with(request: Request, **more: str) -> str:
    asked = request.GET.copy()
    asked.pop("after", None)
    asked.update(more)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


@require_safe
def tree(request: Request) -> HttpResponse:
    """The part of the tree that one sees; `open` names the nodes whose children are shown."""
    tops = _tops(request)
    # Nobody comes to see one closed line; "open=" closes it.
    opened = request.GET.getlist("open")[:OPEN_AT_ONCE] if "open" in request.GET else [top.ref for top in tops[:1]]
    nodes = queries.visible(request.actor).filter(
        Q(pk__in=[top.pk for top in tops]) | Q(parent__ref__in=opened), closed_on=None
    )
    rows = list(nodes.annotate(below=Count("children", filter=Q(children__closed_on=None))).order_by("path"))
    shown = _nodes(rows, tops, opened, request.path)
    return render(request, "orgs/tree.html", {"nodes": shown, "opened": opened})


def _tops(request: Request) -> list[Organisation]:
    """The uppermost organisations one sees: those whose parent one does not."""
    seen = queries.visible(request.actor).filter(closed_on=None)
    paths = sorted({post.path for post in rules.see.held_by(request.actor)})
    highest = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    return list(seen.filter(path__in=highest).order_by("path")) or list(seen.order_by("path")[:20])


def _nodes(rows: list[Any], tops: list[Organisation], opened: Sequence[str], address: str) -> list[Node]:
    by_parent: dict[int | None, list[Any]] = {}
    for row in rows:
        by_parent.setdefault(row.parent_id, []).append(row)
    top_keys = {top.pk for top in tops}

    def node(row: Any) -> Node:
        is_open = row.ref in opened
        left = [ref for ref in opened if ref != row.ref] if is_open else [*opened, row.ref]
        query = "&".join(f"open={ref}" for ref in left) or "open="
        return Node(
            label=row.name, url=reverse("organisation", args=[row.ref]), kind=row.get_kind_display(),
            count=f"{row.below} 个下级" if row.below else "", open=is_open,
            toggle_url=f"{address}?{query}" if row.below else "",
            children=[node(child) for child in by_parent.get(row.pk, [])] if is_open else (),
        )  # fmt: skip

    return [node(row) for row in rows if row.pk in top_keys]


@require_safe
def organisation(request: Request, organisation: str) -> HttpResponse:
    """One organisation: what it is, where it stands, what can be done, and what happened."""
    found = get_object_or_404(queries.visible(request.actor), ref=organisation)
    shown = {
        "organisation": found,
        "crumbs": _crumbs(request, found),
        "below": queries.visible(request.actor).filter(parent=found, closed_on=None).order_by("path")[: PAGE + 1],
        "may_change": found.closed_on is None and rules.rename.allows(request.actor, found),
        "changes": [(label, reverse(name, args=[found.ref])) for label, name in CHANGES],
        "many_url": f"{reverse('intake-upload')}?sheet=reorganisation",
        "events": [_event(change) for change in _changes(found)[:20]],
        "columns": ("名称", "类别", "代码"),
    }
    return render(request, "orgs/organisation.html", shown)


CHANGES = (
    ("设立下级", "organisation-founding"),
    ("更名", "organisation-renaming"),
    ("升格", "organisation-upgrade"),
    ("改隶", "organisation-move"),
    ("合并", "organisation-merger"),
    ("拆分", "organisation-split"),
    ("撤销", "organisation-dissolution"),
)
"""What can be done to a living organisation, by the names of the pages that do it."""


def _crumbs(request: Request, found: Organisation) -> list[Link]:
    chain = queries.chain(found)
    seen = set(queries.visible(request.actor).filter(pk__in=[one.pk for one in chain]).values_list("pk", flat=True))
    above = [Link(one.name, reverse("organisation", args=[one.ref]) if one.pk in seen else "") for one in chain]
    return [*above, Link(found.name, current=True)] if above else []


def _changes(found: Organisation) -> QuerySet[Change]:
    return Change.objects.filter(organisation=found).select_related("other").order_by("-on", "-pk")


def _event(change: Change) -> Event:
    late = (timezone.localtime(change.at).date() - change.on).days
    told = "。".join(filter(None, (change.told, f"事由：{change.reason}", change.document)))
    return Event(
        what=f"{change.on:%Y-%m-%d} 起{change.get_kind_display()}", who=change.by_name, at=change.at,
        late=f"补录，晚 {late} 天" if late > 0 else "", detail=told, kind="done",
    )  # fmt: skip


@require_safe
def history(request: Request, organisation: str) -> HttpResponse:
    """How the organisation and what was below it stood on a day, as known now."""
    found = get_object_or_404(queries.visible(request.actor), ref=organisation)
    form = forms.Day(request.GET or None)
    day: date = form.cleaned_data["on"] if form.is_valid() else timezone.localdate()
    standing = queries.standing_on(found, day)
    below = queries.below_on(standing, day).exclude(organisation=found) if standing else None
    shown = {
        "organisation": found, "form": form, "day": day, "standing": standing,
        "above": standing.parent if standing else None,
        "number": below.count() if below is not None else 0,
        "below": below.select_related("organisation")[:PAGE] if below is not None else (),
        "rows": queries.timeline(found).select_related("parent"),
        "events": [_event(change) for change in _changes(found)],
    }  # fmt: skip
    return render(request, "orgs/history.html", shown)

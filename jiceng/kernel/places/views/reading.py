"""Pages of places: search, browse the tree, one place, and how it was on any day."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from jiceng.kernel.access import Request
from jiceng.ui.shapes import Column, Event, Link, Node, Page

from .. import editions, forms, queries, rules
from ..models import Change, Level, Place
from .changing import acts_for

PAGE = 50
CAP = 10_000

OPEN_AT_ONCE = 60
"""How many nodes one address may hold open; more would make it longer than some proxies let through."""

COLUMNS = ("名称", "代码", "层级", "所在", "状态")
BELOW = ("名称", "代码", "层级", Column("下级", number=True))


def visible(request: Request) -> QuerySet[Place]:
    """The places that exist for this person."""
    return rules.see.among(Place.objects.all(), request.actor)


@require_safe
def places(request: Request) -> HttpResponse:
    """A list in the order of the tree, searched by name or code of today or of old, filtered by level and state."""
    form = forms.Filter(request.GET)
    chosen = _chosen(request, form)
    rows, page = _page(request, chosen, _counted(chosen))
    above = queries.chains(rows)
    shown = {
        "form": form, "page": page, "columns": COLUMNS,
        "rows": [(row, "".join(upper.name for upper in above[row.pk])) for row in rows],
        "table_url": f"{reverse('places-table')}?{request.GET.urlencode()}",
    }  # fmt: skip
    return render(request, "places/places.html", shown)


@require_safe
def places_table(request: Request) -> StreamingHttpResponse:
    """The same list as a CSV file, with the columns that a load reads."""
    chosen = _chosen(request, forms.Filter(request.GET))
    rows = chosen.order_by("path").values_list("code", "name", "level", "parent__code")
    answer = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="places.csv"'
    return answer


class _Echo:
    def write(self, line: str) -> str:
        """Hands the line back to be sent, instead of keeping it."""
        return line


def _lines(rows: Any) -> Iterator[str]:
    lines = csv.writer(_Echo())
    # The mark tells spreadsheets that the text is UTF-8.
    yield "\ufeff" + lines.writerow(editions.COLUMNS)
    for row in rows.iterator(chunk_size=2000):
        yield lines.writerow(["" if value is None else value for value in row])


def _chosen(request: Request, form: forms.Filter) -> QuerySet[Place]:
    chosen = visible(request)
    if not form.is_valid():
        return chosen.none()
    said = form.cleaned_data
    if said["state"]:
        chosen = chosen.filter(until__isnull=said["state"] != "ended")
    if said["level"]:
        chosen = chosen.filter(level=said["level"])
    return queries.found(said["q"], chosen) if said["q"].strip() else chosen


def _counted(chosen: QuerySet[Place]) -> str:
    number = chosen.order_by()[: CAP + 1].count()
    return f"共 {CAP:,}+ 个地方" if number > CAP else f"共 {number:,} 个地方"


def _page(request: Request, chosen: QuerySet[Place], count: str) -> tuple[list[Place], Page]:
    """One page of places by path, and the links to the first and the next."""
    after = request.GET.get("after", "")
    rows = list(chosen.filter(path__gt=after).order_by("path")[: PAGE + 1])
    following = _with(request, after=rows[PAGE - 1].path) if len(rows) > PAGE else ""
    return rows[:PAGE], Page(count=count, next_url=following, previous_url=_with(request) if after else "")


def _with(request: Request, **more: str) -> str:
    asked = request.GET.copy()
    asked.pop("after", None)
    asked.update(more)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


@require_safe
@vary_on_headers("HX-Request")
def places_tree(request: Request) -> HttpResponse:
    """The tree from the provinces down; `open` names the nodes whose children are shown, at first down to one's own."""
    asked = request.GET.getlist("open") if "open" in request.GET else queries.opened_for(request.actor)
    opened = [ref for ref in asked if ref][:OPEN_AT_ONCE]
    tops = queries.children(None)
    below = queries.children_of(opened)
    nodes = _nodes(
        [*rules.see.among(tops, request.actor), *rules.see.among(below, request.actor)], opened, request.path
    )
    return render(request, "places/tree.html#nodes" if _is_swap(request) else "places/tree.html", {"nodes": nodes})


def _is_swap(request: Request) -> bool:
    """Whether a script asks for the part to swap in; going back in the browser's history asks for the whole page."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def _nodes(rows: Sequence[Any], opened: Sequence[str], address: str) -> list[Node]:
    by_parent: dict[int | None, list[Any]] = {}
    for row in rows:
        by_parent.setdefault(row.parent_id, []).append(row)

    def node(row: Any) -> Node:
        is_open = row.ref in opened
        left = [ref for ref in opened if ref != row.ref] if is_open else [*opened, row.ref]
        query = "&".join(f"open={ref}" for ref in left or [""])
        return Node(
            label=row.name, url=reverse("place", args=[row.ref]), kind=row.get_level_display(),
            count=f"{row.below} 个下级" if row.below else "", open=is_open,
            toggle_url=f"{address}?{query}" if row.below else "",
            children=[node(child) for child in by_parent.get(row.pk, [])] if is_open else (),
        )  # fmt: skip

    return [node(row) for row in by_parent.get(None, [])]


@require_safe
def place(request: Request, place: str) -> HttpResponse:
    """One place: its names and codes of today and of old, where it stands, what is below, and what happened."""
    found = get_object_or_404(visible(request).select_related("merged_into"), ref=place)
    history = list(queries.namings(found))
    tally = _tally(found)
    direct = rules.see.among(queries.children(found), request.actor)
    rows, page = _page(request, direct, f"共 {direct.order_by().count():,} 个")
    shown = {
        "place": found,
        "crumbs": [Link(upper.name, reverse("place", args=[upper.ref])) for upper in [*queries.chain(found), found]],
        "former_codes": queries.former_codes(found, history),
        "former_names": queries.former_names(found, history),
        "tally": tally, "rows": rows, "page": page, "columns": BELOW,
        "events": [_event(change) for change in queries.changes(found)[:20]], "acts": acts_for(request, found),
    }  # fmt: skip
    return render(request, "places/place.html", shown)


def _tally(found: Place) -> list[tuple[str, int]]:
    """How many living places of each level stand anywhere below."""
    below = Place.objects.filter(path__under=found, until=None).exclude(pk=found.pk)
    counts = dict(below.order_by().values_list("level").annotate(number=Count("pk")))
    return [(str(level.label), counts[level.value]) for level in Level if level.value in counts]


def _event(change: Change) -> Event:
    told = "。".join(filter(None, (change.told, f"事由：{change.reason}", change.document)))
    return Event(
        what=f"{change.on:%Y-%m-%d} 起{change.get_kind_display()}", who=change.by_name, at=change.at, detail=told,
        kind="done",
    )  # fmt: skip


@require_safe
def place_history(request: Request, place: str) -> HttpResponse:
    """What the place was called and where it stood on a day, as known now."""
    found = get_object_or_404(visible(request), ref=place)
    form = forms.Day(request.GET or None)
    day: date = form.cleaned_data["on"] if form.is_valid() else timezone.localdate()
    naming = queries.naming_on(found, day)
    below = queries.below_on(naming, day).exclude(place=found) if naming else None
    shown = {
        "place": found, "form": form, "day": day, "naming": naming,
        "above": naming.parent if naming else None,
        "number": below.count() if below is not None else 0,
        "rows": queries.namings(found),
    }  # fmt: skip
    return render(request, "places/history.html", shown)

"""What each public page shows: the same for whoever reads it here and for the exported copy."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from jiceng.engines.notices import queries
from jiceng.engines.notices.declarations import Kind
from jiceng.engines.notices.models import Correction, Publication
from jiceng.ui.shapes import Link, Page

PAGE = 50
PLACES = 300
FEED = 50
COLUMNS = ("标题", "类别", "公示组织", "公示起", "公示到")


def frame(here: str, *, served: bool) -> dict[str, Any]:
    """What stands around every page. An exported copy has nothing that needs a server behind it."""
    tabs = [("公示", "public"), ("按地方找", "public-places")] + ([("查回执", "public-receipts")] if served else [])
    return {
        "home_url": reverse("public"), "served": served, "search_url": reverse("public-search") if served else "",
        "tabs": [Link(label, reverse(name), name == here) for label, name in tabs],
    }  # fmt: skip


def listed(found: QuerySet[Publication], after: str = "", address: str = "") -> dict[str, Any]:
    """A page of a list, latest first."""
    rows = list((found.filter(pk__lt=int(after)) if after.isdecimal() else found).order_by("-pk")[: PAGE + 1])
    more = f"{address}{'&' if '?' in address else '?'}before={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    page = Page(next_url=more, previous_url=address if after else "")
    return {"rows": rows[:PAGE], "page": page, "columns": COLUMNS}


def places(day: date, after: str = "") -> dict[str, Any]:
    """Who has something on the board, by place, in the order of the tree."""
    found = queries.standing(day).order_by().values(
        "place_name", "name", "notice__organisation__path", "notice__organisation__ref"
    )  # fmt: skip
    counted = found.annotate(count=Count("pk")).order_by("notice__organisation__path", "name")
    rows = list((counted.filter(notice__organisation__path__gt=after) if after else counted)[: PLACES + 1])
    last = rows[PLACES - 1]["notice__organisation__path"] if len(rows) > PLACES else ""
    groups = [(place, list(some)) for place, some in groupby(rows[:PLACES], key=lambda row: row["place_name"])]
    here = reverse("public-places")
    return {
        "groups": groups,
        "page": Page(next_url=f"{here}?after={last}" if last else "", previous_url=here if after else ""),
    }


def organisation(rows: QuerySet[Publication], ref: str, kind: str = "") -> dict[str, Any]:
    """The board of one organisation; `rows` is what stands on it."""
    first = rows.first()
    return {
        "board": f"{first.name}公开栏" if first else "公开栏", "organisation_ref": ref, "kind": kind,
        "kind_name": Kind(kind).label if kind in Kind.values else "",
        "kinds": [(one, Kind(one).label) for one in sorted(set(rows.order_by().values_list("kind", flat=True)))],
    }  # fmt: skip


def notice(found: Publication, day: date) -> dict[str, Any]:
    """One notice: its text, what was corrected, what was objected and answered."""
    corrections = Correction.objects.filter(publication__notice=found.notice_id).order_by("pk")
    first = found if found.number == 1 else Publication.objects.get(notice=found.notice_id, number=1)
    return {
        "found": found, "late_days": first.late_days(), "corrections": corrections, "today": day,
        "answered": queries.answered(found),
        "ref": found.notice.ref, "organisation_ref": found.notice.organisation.ref, "board": f"{found.name}公开栏",
    }  # fmt: skip


def feed(rows: Sequence[Publication], title: str, address: str, own: str) -> str:
    """An Atom feed (RFC 4287); `address` is where the site stands, `own` the path of the feed."""
    made = Atom1Feed(
        title=title, link=f"{address}{reverse('public')}", description=title, language="zh-CN",
        feed_url=f"{address}{own}", author_name=title,
    )  # fmt: skip
    for one in rows:
        made.add_item(
            title=one.title, link=f"{address}{reverse('public-notice', args=[one.notice.ref])}", description=one.text,
            pubdate=one.at, updateddate=one.at, author_name=one.name, categories=[one.get_kind_display()],
        )  # fmt: skip
    return str(made.writeString("utf-8"))

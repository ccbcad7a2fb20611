"""The public pages, read and answered without anybody signing in. Pages that are only read set no cookie."""

from typing import Any

from axes.helpers import get_client_ip_address
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jiceng.engines.notices import actions, forms, queries
from jiceng.engines.notices.declarations import Kind
from jiceng.engines.notices.models import Objection, Publication
from jiceng.engines.notices.views.attaching import published_file
from jiceng.kernel.access import Actor
from jiceng.lib.refs import new_ref
from jiceng.lib.refusals import Refused
from jiceng.ui.shapes import Page

from . import pages

FORM = require_http_methods(["GET", "HEAD", "POST"])
GONE = 410


def _show(request: HttpRequest, name: str, here: str, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, f"public/{name}.html", pages.frame(here, served=True) | shown, status=status)


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What stands on the board today, latest first."""
    found = queries.standing(timezone.localdate())
    shown = pages.listed(found, request.GET.get("before", ""), reverse("public"))
    return _show(request, "board", "public", shown | {"title": "公示"})


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Places, and their organisations that have something on the board."""
    return _show(request, "places", "public-places", pages.places(timezone.localdate(), request.GET.get("after", "")))


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Notices whose title or text holds the words."""
    asked = " ".join(request.GET.get("q", "").split())[:60]
    found = queries.standing(timezone.localdate())
    for word in asked.split():
        found = found.filter(title__contains=word) | found.filter(text__contains=word)
    if len(asked) < 2:
        return _show(request, "search", "", {"q": asked, "rows": [], "page": Page(), "short": True})
    address = f"{reverse('public-search')}?q={asked}"
    return _show(request, "search", "", pages.listed(found, request.GET.get("before", ""), address) | {"q": asked})


@require_safe
def organisation(request: HttpRequest, organisation: str) -> HttpResponse:
    """The board of one organisation."""
    kind = request.GET.get("kind", "")
    rows = queries.standing(timezone.localdate()).filter(notice__organisation__ref=organisation)
    if not rows.exists():
        raise Http404
    address = reverse("public-organisation", args=[organisation])
    shown = pages.organisation(rows, organisation, kind)
    if kind in Kind.values:
        rows, address = rows.filter(kind=kind), f"{address}?kind={kind}"
    return _show(request, "organisation", "", shown | pages.listed(rows, request.GET.get("before", ""), address))


@require_safe
def feed(request: HttpRequest, organisation: str, kind: str = "") -> HttpResponse:
    """What one organisation has on the board, or one kind of it, for feed readers."""
    rows = queries.standing(timezone.localdate()).filter(notice__organisation__ref=organisation)
    rows = rows.filter(kind=kind) if kind else rows
    some = list(rows.order_by("-pk")[: pages.FEED])
    if not some:
        raise Http404
    title = f"{some[0].name}{Kind(kind).label if kind else '公示'}"
    said = pages.feed(some, title, request.build_absolute_uri("/").rstrip("/"), request.path)
    return HttpResponse(said, content_type="application/atom+xml; charset=utf-8")


def _public(ref: str) -> Publication:
    """A notice that was public once. What has not begun to stand, is a draft or for members only, is not there."""
    found = queries.public(ref)
    if found is None or found.since > timezone.localdate():
        raise Http404
    return found


def _gone(request: HttpRequest, found: Publication) -> HttpResponse | None:
    """The answer for what no longer stands: why, and nothing of what it said."""
    down = getattr(found.notice, "withdrawal", None)
    if down is None and found.stands_on(timezone.localdate()):
        return None
    return _show(request, "gone", "", {"found": found, "withdrawal": down}, GONE)


@require_safe
def notice(request: HttpRequest, notice: str) -> HttpResponse:
    """One notice, with the objections that were answered."""
    found = _public(notice)
    shown = pages.notice(found, timezone.localdate()) | {"page_url": request.build_absolute_uri()}
    return _gone(request, found) or _show(request, "notice", "", shown)


@require_safe
def paper(request: HttpRequest, notice: str) -> HttpResponse:
    """The notice for the board of paper, with a code that leads here."""
    found = _public(notice)
    here = reverse("public-notice", args=[notice])
    shown = pages.notice(found, timezone.localdate())
    shown |= {"page_url": request.build_absolute_uri(here), "back_url": here, "issuer": found.name}
    return _gone(request, found) or _show(request, "paper", "", shown)


@require_safe
def file(request: HttpRequest, notice: str, file: str, name: str) -> HttpResponse:
    """A file that was published with a notice, to be saved. Its name stands in the address for whoever saves it."""
    found = _public(notice)
    if gone := _gone(request, found):
        return gone
    answer = published_file(found, file)
    if answer is None:
        raise Http404
    return answer


@FORM
def objection(request: HttpRequest, notice: str) -> HttpResponse:
    """Takes what somebody disagrees with, and gives a receipt. Sent again, the form gives the same one."""
    found = _public(notice)
    if gone := _gone(request, found):
        return gone
    form = forms.Objection(request.POST or None, initial={"once": new_ref()})
    if request.method == "POST" and form.is_valid():
        told = {**form.cleaned_data, "address": get_client_ip_address(request) or ""}
        try:
            made = actions.raise_objection(found.notice, by=Actor.visitor(), at=timezone.now(), **told)
            return _show(request, "receipt", "", {"objection": made, "is_new": True})
        except Refused as refusal:
            form.add_error(None, str(refusal))
    shown = {"form": form, "found": found, "board": f"{found.name}公开栏"}
    return _show(request, "objection", "", shown, 422 if form.errors else 200)


@FORM
def receipts(request: HttpRequest) -> HttpResponse:
    """What came of an objection, for whoever holds its receipt. The number is sent, so that no address keeps it."""
    form = forms.Receipt(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        found = Objection.objects.filter(number=number).select_related("answer", "notice").first()
        if found:
            return _show(request, "receipt", "public-receipts", {"objection": found})
        form.add_error("number", "没有这个回执号。请对照回执检查每一位；数字 0、1 不会写成字母 o、l。")
    return _show(request, "receipts", "public-receipts", {"form": form}, 422 if form.errors else 200)

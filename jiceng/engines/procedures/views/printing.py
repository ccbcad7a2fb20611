"""A case on paper: its ledger, its documents empty and filled in, and scans of what was signed."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiceng.engines.fields.declarations import say
from jiceng.engines.fields.queries import names_of, refs_of
from jiceng.kernel.access import Request
from jiceng.kernel.files import queries as files
from jiceng.kernel.files.views import answer
from jiceng.lib.papers import Line, Paper, Table
from jiceng.lib.papers.sending import KINDS, sent
from jiceng.lib.refs import spoken
from jiceng.lib.refusals import Refused
from jiceng.ui.words import plain_date

from .. import queries
from ..declarations import Procedure
from ..declarations.machine import Standing
from ..declarations.templates import BALLOT, Filling, filled
from ..models import Case, Entry
from . import shown
from .pages import looked, visible


@require_safe
def ledger(request: Request, case: str, kind: str) -> HttpResponseBase:
    """Everything that was written about the case, as a document."""
    found = get_object_or_404(visible(request), ref=case)
    if blocked := looked(request, found):
        return blocked
    entries = queries.entries_of(found)
    law, now = queries.procedure_of(found), queries.standing_of(found, entries)
    title = shown.titled(found, request.actor, named=True)
    about = [
        ("程序", law.name), ("依据", law.basis), ("立项日期", plain_date(found.opened_on)),
        ("状态", shown.state_of(found, timezone.localdate())[1]), *shown.held(law, now),
    ]  # fmt: skip
    rows = [
        (event.what, plain_date(event.at), "\n".join(filter(None, (event.who, event.late, event.detail))))
        for event in reversed(shown.history(law, entries))
    ]
    parts = (
        Line("一、情况", 1), Table(("栏目", "内容"), tuple(about), (1, 3)),
        Line("二、办过的", 1), Table(("办了什么", "日期", "经办人和说明"), tuple(rows), (3, 3, 4)),
    )  # fmt: skip
    paper = Paper(
        f"{title}办理台账", parts, spoken(found.ref), _address(request, found),
        issuer=found.organisation.name, on=plain_date(timezone.localdate()),
    )  # fmt: skip
    return _sent(request, found, paper, kind)


def _address(request: Request, found: Case) -> str:
    return request.build_absolute_uri(reverse("case", args=[found.ref]))


def _sent(request: Request, found: Case, paper: Paper, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    try:
        return sent(paper, kind)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("case", found.ref)


@require_safe
def document(request: Request, case: str, paper: str, kind: str) -> HttpResponseBase:
    """A document of the case: filled with what is known, or with `empty` as it is taken to where it is filled in."""
    found = get_object_or_404(visible(request), ref=case)
    if blocked := looked(request, found):
        return blocked
    law = queries.procedure_of(found)
    template = next((one.template for step in law.step for one in step.papers if one.key == paper), None)
    if template is None:
        raise Http404
    entries = queries.entries_of(found)
    now = queries.standing_of(found, entries)
    told = _filling(request, found, law, now, [] if "empty" in request.GET else entries)
    return _sent(request, found, filled(template, told), kind)


def _filling(request: Request, found: Case, law: Procedure, now: Standing, entries: list[Entry]) -> Filling:
    home = found.organisation
    fields = [*law.field, *(one for step in law.step for one in step.field)]
    values = {
        "name": found.title, "organisation": home.name, "parent": home.parent.name if home.parent else "",
        "opened": plain_date(found.opened_on), "person": found.person.name if found.person else "",
    }  # fmt: skip
    if entries:
        names = names_of(refs_of(fields, now.said))
        values |= {one.key: say(one, now.said[one.key], names) for one in fields if one.key in now.said}
    labels = {one.key: one.label for one in fields}
    return Filling(values, labels, _votes(entries), home.name, spoken(found.ref), _address(request, found))


def _votes(entries: list[Entry]) -> tuple[tuple[str, str], ...]:
    """The numbers of the last vote that was taken in the matter, as they are believed now."""
    for one in reversed(entries):
        vote = queries.vote_of(one.meeting, int(one.key)) if one.meeting and one.key else None
        if vote is not None:
            numbers = (
                vote.roll, vote.present, vote.yes + vote.letters_yes, vote.no + vote.letters_no,
                vote.abstained + vote.letters_abstained,
            )  # fmt: skip
            return tuple((word, str(number)) for word, number in zip(BALLOT, numbers, strict=True))
    return ()


@require_safe
def scan(request: Request, case: str, entry: int) -> HttpResponseBase:
    """The scan of a document, for whoever may open the case; of one about a person the look is written down."""
    found = get_object_or_404(visible(request), ref=case)
    if blocked := looked(request, found):
        return blocked
    kept = files.of(get_object_or_404(Entry, case=found, number=entry)).first()
    if kept is None:
        raise Http404
    return answer(kept.digest, kept.name, kept.kind)

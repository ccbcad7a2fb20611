"""One person: what is registered, what can be done, what happened, and who looked."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiceng.kernel.access import Request
from jiceng.lib import text
from jiceng.ui import words
from jiceng.ui.shapes import Event, Link, Page

from .. import actions, queries, rules
from ..declarations import DEGREE, EDUCATION, ETHNICITY, GRADE, OCCUPATION, SEX
from ..models import Correction, Floating, Loan, Look, Membership, Person, Renumbering
from .acts import may
from .lists import purpose_page, purpose_text

LOOKS_A_PAGE = 50


def visible(request: Request) -> QuerySet[Person]:
    """The people who exist for this actor."""
    return rules.see.among(Person.objects.all(), request.actor).select_related("organisation")


@require_safe
def me(request: Request) -> HttpResponse:
    """One's own record."""
    own = get_object_or_404(Person, pk=request.actor.person or 0)
    return redirect("person", own.ref)


@require_safe
def person(request: Request, person: str) -> HttpResponseBase:
    """The record page. Opening somebody else's leaves a row that they can read."""
    found = get_object_or_404(visible(request), ref=person)
    is_self = found.pk == request.actor.person
    home = found.organisation
    if not is_self and home is not None:
        blocked = purpose_page(request, home)
        if blocked is not None:
            return blocked
        purpose = purpose_text(request, home) or "双联双管"
        actions.look(found, kind=Look.Kind.PAGE, purpose=purpose, by=request.actor, at=timezone.now())
    return render(request, "people/person.html", _shown(request, found, is_self))


def _shown(request: Request, found: Person, is_self: bool) -> dict[str, Any]:
    today = timezone.localdate()
    acts = may(request, found)
    membership, told = queries.state_on(found, today)
    floating = Floating.objects.on(today).filter(person=found).select_related("destination").first()
    return {
        "person": found, "is_self": is_self, "membership": membership, "told": told, "floating": floating,
        "loans": Loan.objects.on(today).filter(person=found).select_related("organisation"),
        "union": getattr(found, "union", None), "purge": getattr(found, "purge", None),
        "age": _age(found.birth_on, today), "sex": SEX.label(found.sex), "joined": _joined(found),
        "full_on": words.plain_date(found.full_on) if found.full_on else "",
        "ethnicity": ETHNICITY.label(found.ethnicity), "number": text.mask_number(bool(found.number_sealed)),
        "phone": text.mask_number(bool(found.phone_sealed)),
        "said": {
            "education": EDUCATION.label(told.education), "degree": DEGREE.label(told.degree),
            "occupation": OCCUPATION.label(told.occupation), "grade": GRADE.label(told.grade),
        } if told else {},
        "acts": acts, "closed_acts": [one for one in acts if one["why_not"]],
        "may_reveal": rules.reveal.allows(request.actor, found),
        "may_see_looks": is_self or rules.see_looks.among(Look.objects.filter(person=found), request.actor).exists(),
        "events": _events(found),
        "crumbs": _crumbs(request, found),
    }  # fmt: skip


def _crumbs(request: Request, found: Person) -> list[Link]:
    home = found.organisation
    if home is None or queries.scope_of(rules.list_members, home, request.actor) is None:
        return []
    return [Link(home.name, reverse("organisation-people", args=[home.ref])), Link(found.name, current=True)]


def _joined(found: Person) -> str:
    """The joining date, to the month where no more is known."""
    if found.joined_on is None:
        return ""
    if found.joined_to == Person.Precision.MONTH:
        return f"{found.joined_on.year}年{found.joined_on.month}月"
    return words.plain_date(found.joined_on)


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _events(found: Person) -> list[Event]:
    """What happened, latest first; what was written later than it happened says by how much."""
    happened: list[tuple[date, Event]] = []
    for row in queries.memberships(found):
        if row.until and row.end not in _FOLLOWED:
            ended = f"{row.get_end_display()}（{row.organisation.name}）"
            happened.append((row.until, _event(ended, row.until, row.recorded_at)))
        what = f"{row.get_start_display()}：{row.organisation.name}，{row.get_kind_display()}"
        late = row.start != Membership.Start.RECORDED
        happened.append((row.since, _event(what, row.since, row.recorded_at, say_late=late)))
    dated: list[tuple[str, Any]] = [
        ("情况变更", row) for row in found.particulars.filter(superseded_at=None).order_by("since")[1:]
    ]
    dated += ((f"外出流动：{row.where}", row) for row in Floating.objects.known().filter(person=found))
    lent = Loan.objects.known().filter(person=found).select_related("organisation")
    dated += ((f"借用：{row.organisation.name}", row) for row in lent)
    happened += ((row.since, _event(what, row.since, row.recorded_at)) for what, row in dated)
    happened += _traces(found)
    return [event for _, event in sorted(happened, key=lambda pair: pair[0], reverse=True)]


_FOLLOWED = {Membership.End.TRANSFERRED, Membership.End.CONFIRMED, Membership.End.REORGANISED}


def _event(what: str, on: date, written: datetime, *, say_late: bool = True) -> Event:
    days = (timezone.localtime(written).date() - on).days
    return Event(what=what, who="", at=on, late=f"补录，晚 {days} 天" if say_late and days > 0 else "", kind="done")


def _traces(found: Person) -> list[tuple[date, Event]]:
    """更正, 证件号更正 and 并档: who did it and why; what stood there before stays sealed."""
    traces: list[tuple[str, Any]] = [(f"更正{row.fields}", row) for row in Correction.objects.filter(person=found)]
    traces += [("证件号更正", row) for row in Renumbering.objects.filter(person=found)]
    traces += [("并入另一份档案", row) for row in found.unions.all()]
    return [
        (
            timezone.localtime(row.at).date(),
            Event(what=what, who=row.by_name, at=row.at, detail=row.reason, kind="sealed"),
        )
        for what, row in traces
    ]


@require_safe
def looks(request: Request, person: str) -> HttpResponse:
    """Who looked at the record, when and what for: for the person, and for the auditor above."""
    found = get_object_or_404(visible(request), ref=person)
    rows = queries.looks(found)
    if found.pk != request.actor.person:
        rows = rules.see_looks.among(rows, request.actor)
        if not rows.exists():
            raise Http404
    before = request.GET.get("before", "")
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before))
    shown = list(rows.order_by("-pk")[: LOOKS_A_PAGE + 1])
    following = f"{request.path}?before={shown[LOOKS_A_PAGE - 1].pk}" if len(shown) > LOOKS_A_PAGE else ""
    page = Page(next_url=following, previous_url=request.path if before else "")
    columns = ("时间", "谁", "所在组织", "看了什么", "用途")
    told = {"person": found, "rows": shown[:LOOKS_A_PAGE], "page": page, "columns": columns}
    return render(request, "people/looks.html", {**told, "is_self": found.pk == request.actor.person})

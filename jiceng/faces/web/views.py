"""Two pages that belong to no area: what waits for me with my organisation's figures, and the search box."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiceng.engines.figures import queries as figures
from jiceng.engines.figures import rules as figure_rules
from jiceng.engines.figures.indicators import Indicator
from jiceng.engines.procedures import queries as procedures
from jiceng.engines.procedures import rules as case_rules
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Held, Request, Role
from jiceng.kernel.orgs import queries as orgs
from jiceng.kernel.orgs import rules as org_rules
from jiceng.kernel.orgs.models import Mission, Organisation
from jiceng.kernel.people import rules as people_rules
from jiceng.kernel.posts.models import Term
from jiceng.kernel.units import queries as units
from jiceng.kernel.units import rules as unit_rules
from jiceng.kernel.units.models import Unit
from jiceng.lib.refusals import Refused
from jiceng.ui.shapes import Figure, Wait

SHOWN = ("organisations", "members", "branches", "floating", "terms-overdue", "coverage-five-classes")
"""Indicators of the home page, as far as packs have them."""

FOUND = 10
FEW = 4
SOON = 183
"""Days ahead that the home page looks: 《关于党的基层组织任期的意见》 has elections recalled half a year before."""


@require_safe
def home(request: Request) -> HttpResponse:
    """What waits for me, and the figures of the organisation that I stand on."""
    held = request.actor.held()
    organisation = _standing_on(request, held)
    if organisation is None:
        return render(request, "web/home.html", {"waits": [], "figures": []})
    shown = {
        "organisation": organisation,
        "waits": _waits(request, held),
        "figures": _figures(organisation) if figure_rules.see.allows(request.actor, organisation) else [],
        "posts": [(Role(post.role).label, post) for post in held],
    }
    return render(request, "web/home.html", shown)


def _standing_on(request: Request, held: list[Held]) -> Organisation | None:
    """The uppermost organisation where a post is held; a member without a post stands on their own."""
    if held:
        top = min(held, key=lambda post: (len(post.path), post.path))
        return Organisation.objects.filter(pk=top.organisation).first()
    return org_rules.see.among(Organisation.objects.all(), request.actor).first()


def _waits(request: Request, held: Iterable[Held]) -> list[Wait]:
    """Cases at one's step, terms that end soon and temporary organisations past their day, soonest first; many of a
    kind are one line."""
    mine = org_rules.rename.among(Organisation.objects.filter(closed_on=None), request.actor)
    here = Organisation.objects.filter(pk__in=[post.organisation for post in held])
    today = timezone.localdate()
    places = Q(organisation__in=mine) | Q(organisation__in=here)
    terms = Term.objects.open().filter(places, ends_on__lte=today + timedelta(days=SOON))
    missions = Mission.objects.filter(organisation__in=mine, ends_on__lte=today)
    cases = procedures.waiting_for(request.actor, case_rules.see.among(Case.objects.all(), request.actor))
    waits = [
        *_case_lines(cases),
        *_lines(terms.values_list(*WAITING), "准备换届", reverse("terms")),
        *_lines(missions.values_list(*WAITING), "撤销到期的临时组织", reverse("organisations")),
    ]
    return sorted(waits, key=lambda wait: wait.due or today)


WAITING = ("ends_on", "organisation__ref", "organisation__name")


def _lines(rows: QuerySet[Any, Any], what: str, all_of_them: str) -> list[Wait]:
    """One line for each, or one for all where they are more than a person would do one by one."""
    found = list(rows.order_by("ends_on")[: FEW + 1])
    if len(found) > FEW:
        return [Wait(f"{what}：{rows.count():,} 个", all_of_them, "打开名单", found[0][0], "最早的")]
    return [Wait(what, reverse("organisation", args=[ref]), "查看", day, name) for day, ref, name in found]


def _case_lines(cases: QuerySet[Case]) -> list[Wait]:
    """The same for cases: each by its title, with the day until which its step should be done."""
    found = list(cases.order_by(F("due_on").asc(nulls_last=True), "pk").select_related("edition")[: FEW + 1])
    if len(found) > FEW:
        all_of_them = f"{reverse('cases')}?mine=1"
        return [Wait(f"事项：{cases.count():,} 件", all_of_them, "打开名单", found[0].due_on, "最早的")]
    return [Wait(one.edition.name, reverse("case", args=[one.ref]), "去办", one.due_on, one.title) for one in found]


def _figures(organisation: Organisation) -> list[Figure]:
    """The home page's figures today, each opening its own page."""
    asked = [one for key in SHOWN if (one := figures.indicator(key)) is not None]
    today = timezone.localdate()
    values = figures.values(asked, organisation.pk, on=today) if asked else {}
    return [_figure(one, values[one.key], organisation, today) for one in asked]


def _figure(asked: Indicator, value: figures.Value, organisation: Organisation, today: date) -> Figure:
    return Figure(
        label=asked.name, part=value.part, whole=value.whole, unit=asked.unit, on=today, records=value.records,
        url=reverse("organisation-figure", args=[organisation.ref, asked.key]),
    )  # fmt: skip


@require_safe
def search(request: Request) -> HttpResponse:
    """Organisations and units by name; people have their own list, because names need a purpose."""
    query = request.GET.get("q", "").strip()
    shown: dict[str, Any] = {"q": query, "organisations": [], "units": [], "refusal": ""}
    if query:
        try:
            shown["organisations"] = _organisations(request, query)
            shown["units"] = _units(request, query)
        except Refused as refusal:
            shown["refusal"] = str(refusal)
    shown["may_search_people"] = people_rules.list_members.among(Organisation.objects.all(), request.actor).exists()
    return render(request, "web/search.html", shown)


def _organisations(request: Request, query: str) -> list[Organisation]:
    seen = org_rules.see.among(orgs.living(), request.actor)
    return list(orgs.named(query, seen)[:FOUND])


def _units(request: Request, query: str) -> list[Unit]:
    seen = unit_rules.see.among(Unit.objects.all(), request.actor)
    return list(units.named(query, seen)[:FOUND])

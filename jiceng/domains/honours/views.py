"""Pages of commendations: the register, one title, a list that is entered, a title that is revoked."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jiceng.kernel.access import Request
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refusals import Refused, RowsRefused
from jiceng.lib.sheets import XLSX, xlsx
from jiceng.ui.shapes import Page

from . import actions, forms, queries, rules
from .actions import Honour, NewAward
from .models import Award

PAGE = 50
CAP = 10_000
COLUMNS = ("受表彰的", "称号", "种类", "级别", "授予单位", "授予日期", "组织")
FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def awards(request: Request) -> HttpResponse:
    """The register, latest first."""
    form = forms.Filter(request.GET)
    found = _asked(request, form)
    if "xlsx" in request.GET:
        return _sheet(found[:CAP])
    number = found.order_by()[: CAP + 1].count()
    rows = list(_after(found, request.GET.get("after", ""))[: PAGE + 1])
    page = Page(
        count=f"共 {CAP:,}+ 项" if number > CAP else f"共 {number:,} 项",
        next_url=_with(request, after=f"{rows[PAGE - 1].since}_{rows[PAGE - 1].pk}") if len(rows) > PAGE else "",
        previous_url=_with(request) if "after" in request.GET else "",
    )  # fmt: skip
    tops = [post.organisation for post in request.actor.held()]
    home = rules.award_many.among(Organisation.objects.filter(pk__in=tops), request.actor).order_by("path").first()
    shown = {
        "form": form, "rows": rows[:PAGE], "page": page, "columns": COLUMNS, "sheet": _with(request, xlsx="1"),
        "home": home,
    }  # fmt: skip
    return render(request, "honours/awards.html", shown)


def _asked(request: Request, form: forms.Filter) -> QuerySet[Award]:
    seen = rules.see.among(Award.objects.all(), request.actor)
    if not form.is_valid():
        return queries.given(seen, timezone.localdate(), revoked=False).none()
    said = form.cleaned_data
    found = queries.given(seen, timezone.localdate(), revoked=said["state"] == "revoked")
    for key in ("category", "level"):
        found = found.filter(**{key: said[key]}) if said[key] else found
    found = found.filter(since__year=said["year"]) if said["year"] else found
    word = said["q"].strip()
    if not word:
        return found
    to_organisation = Q(person=None, organisation__name__contains=word)
    return found.filter(Q(honour__contains=word) | Q(person__name__contains=word) | to_organisation)


def _after(found: QuerySet[Award], said: str) -> QuerySet[Award]:
    """What stands behind the last one of a page, by day and number."""
    day, _, number = said.partition("_")
    if not number.isdecimal() or len(number) > 15:
        return found
    last = found.model._default_manager.filter(pk=int(number)).values_list("since", flat=True).first()
    return found.filter(Q(since__lt=last) | Q(since=last, pk__lt=int(number))) if str(last) == day else found


def _with(request: Request, **more: str) -> str:
    asked = request.GET.copy()
    asked.pop("after", None)
    asked.update(more)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _sheet(found: QuerySet[Award]) -> HttpResponse:
    rows = (
        (
            one.person.name if one.person else one.organisation.name, one.honour, one.get_category_display(),
            one.get_level_display(), one.giver, one.since, one.organisation.name,
        )
        for one in found
    )  # fmt: skip
    headers = {"Content-Disposition": "attachment; filename=awards.xlsx"}
    return HttpResponse(xlsx("表彰", COLUMNS, rows), content_type=XLSX, headers=headers)


@require_safe
def award(request: Request, ref: str) -> HttpResponse:
    """One title: who has it, from whom, by which paper, and whether it still stands."""
    seen = rules.see.among(Award.objects.known(), request.actor).select_related("organisation", "person", "case")
    found = get_object_or_404(seen, ref=ref)
    may = found.until is None and rules.revoke.allows(request.actor, found)
    return render(request, "honours/award.html", {"award": found, "may_revoke": may})


@FORM
def revoking(request: Request, ref: str) -> HttpResponse:
    """The title is taken away."""
    standing = rules.see.among(Award.objects.open(), request.actor)
    found = get_object_or_404(rules.revoke.among(standing, request.actor).select_related("person"), ref=ref)
    form = forms.Revoking(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.revoke(found, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, f"“{made.honour}”已从 {made.until} 起撤销；授予和撤销都留在登记里。")
            return redirect("award", ref)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    shown = {"form": form, "title": f"撤销“{found.honour}”", "over": found.organisation.name, "act": "撤销称号"}
    return render(request, "honours/form.html", shown)


@FORM
def recording(request: Request, organisation: str) -> HttpResponse:
    """A list of those who were commended."""
    living = Organisation.objects.filter(closed_on=None)
    place = get_object_or_404(rules.award_many.among(living, request.actor), ref=organisation)
    decided = {one.ref: one for one in queries.decided(place)[:PAGE]}
    cases = [(ref, one.title) for ref, one in decided.items()]
    form = forms.Recording(request.POST or None, cases=cases, initial={"giver": place.name})
    if request.method == "POST" and form.is_valid():
        try:
            rows = _rows(form, place)
            case = decided.get(form.cleaned_data["case"])
            made = actions.award_many(place, rows=rows, case=case, by=request.actor, at=timezone.now())
            messages.success(request, f"已登记 {made.rows} 项表彰。")
            return redirect("awards")
        except RowsRefused as refusal:
            lines = form.cleaned_data["who"]
            form.add_error("who", [f"第 {row} 行 {lines[row - 1]}：{said}" for row, said in refusal.faults])
        except Refused as refusal:
            form.add_error(None, str(refusal))
    shown = {"form": form, "title": "登记表彰", "over": place.name, "act": "登记这份名单"}
    return render(request, "honours/form.html", shown)


def _rows(form: forms.Recording, place: Organisation) -> list[NewAward]:
    """Each line as the organisation of that code or the member of that number here. Raises RowsRefused."""
    said = form.cleaned_data
    lines: list[str] = said["who"]
    what = Honour(said["category"], said["honour"], said["level"], said["giver"], said["on"], said["document"])
    found = queries.named(place, lines)
    missing = [row for row, line in enumerate(lines, start=1) if line not in found]
    if missing:
        raise RowsRefused((row, f"“{place.name}”及其下级没有这个组织代码或档案编号。") for row in missing)
    return [NewAward(what, *found[line]) for line in lines]

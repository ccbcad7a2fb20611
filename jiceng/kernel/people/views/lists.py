"""The members of an organisation: listed in the order of the tree, searched, filtered, taken away as a file."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from jiceng.kernel.access import Request, Rule
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refusals import Refused
from jiceng.lib.sheets import XLSX, xlsx
from jiceng.ui.shapes import Page

from .. import actions, forms, queries, rules
from ..declarations import EDUCATION, ETHNICITY, OCCUPATION, SEX
from ..models import Floating, Loan, Look, Membership, Particulars, Person

COLUMNS = ("姓名", "性别", "出生年月", "类别", "学历", "在岗情况", "所在组织")
AT_MOST = 20_000
"""People in one file. Whoever needs more takes them branch by branch, and is seen doing so."""


@require_safe
def people(request: Request) -> HttpResponse:
    """The members of the uppermost organisation where one may list them."""
    held = [post for post in request.actor.held() if post.role in _ROLES]
    if not held:
        raise Http404
    top = min(held, key=lambda post: (len(post.path), post.path))
    home = get_object_or_404(Organisation, pk=top.organisation)
    asked = request.GET.urlencode()
    return redirect(reverse("organisation-people", args=[home.ref]) + (f"?{asked}" if asked else ""))


_ROLES = frozenset[str]().union(*(grant.roles for grant in rules.list_members.grants))


def scope(request: Request, ref: str, asked: Rule = rules.list_members) -> queries.Scope:
    """How far the actor reaches into the organisation of that address; 404 where not at all."""
    home = get_object_or_404(Organisation, ref=ref)
    found = queries.scope_of(asked, home, request.actor)
    if found is None:
        raise Http404
    return found


def purpose_page(request: Request, home: Organisation) -> HttpResponseBase | None:
    """Where names need a purpose and none is stated today: the way to state it."""
    if not queries.needs_purpose(request.actor, home) or purpose_text(request, home):
        return None
    return redirect(f"{reverse('people-purpose', args=[home.ref])}?next={quote(request.get_full_path())}")


def purpose_text(request: Request, home: Organisation) -> str:
    """What the actor said today; for the branch's own team, its daily work."""
    stated = queries.purpose_of(request.actor, home, timezone.now())
    if stated is not None:
        return stated.text
    return "" if queries.needs_purpose(request.actor, home) else "本组织日常工作"


@require_safe
def members(request: Request, organisation: str) -> HttpResponseBase:
    """Members at and below an organisation."""
    here = scope(request, organisation)
    blocked = purpose_page(request, here.organisation)
    if blocked is not None:
        return blocked
    form = forms.Filter(request.GET)
    rows, page, refusal = _listed(request, here, form)
    looked_at(request, here.organisation, rows, Look.Kind.LIST)
    shown = {
        "organisation": here.organisation, "form": form, "rows": described(rows), "page": page, "columns": COLUMNS,
        "refusal": refusal, "advice": queries.setting_advice(here.organisation, timezone.localdate()),
        "may_admit": rules.admit.allows(request.actor, here.organisation),
        "may_note": rules.note_applicant.allows(request.actor, here.organisation),
        "may_export": rules.export.allows(request.actor, here.organisation),
        "may_find": rules.find_by_number.allows(request.actor, here.organisation),
    }  # fmt: skip
    part = "#list" if request.headers.get("HX-Target") == "list" else ""
    return render(request, f"people/members.html{part}", shown)


def _listed(request: Request, here: queries.Scope, form: forms.Filter) -> tuple[list[Person], Page, str]:
    said = form.cleaned_data if form.is_valid() else {}
    query = str(said.get("q", "")).strip()
    if query:
        try:
            rows = queries.named(query, here)
        except Refused as refusal:
            return [], Page(), str(refusal)
        more = "，只列出前面的，请再写全一点" if len(rows) == queries.PAGE else ""
        return rows, Page(count=f"找到 {len(rows)} 人{more}"), ""
    found = queries.filtered(here.members(), wanted(said))
    rows = queries.page(found, _after(request), queries.PAGE + 1)
    full, rows = len(rows) > queries.PAGE, rows[: queries.PAGE]
    following = _with(request, after=_place(rows[-1])) if full else ""
    return (
        rows,
        Page(count=_counted(found), next_url=following, previous_url=_with(request) if "after" in request.GET else ""),
        "",
    )


def _place(row: Person) -> str:
    """Where a row stands in the list."""
    return f"{row.organisation.path if row.organisation else ''}-{row.pk}"


def wanted(said: dict[str, Any]) -> queries.Wanted:
    """The filters of the form as a query."""
    low, high = forms.age_band(said.get("age", ""))
    more = said.get("more", "")
    return queries.Wanted(
        day=timezone.localdate(), kind=said.get("kind", ""), sex=said.get("sex", ""), age_from=low, age_to=high,
        education=forms.educations(said.get("education", "")), station=said.get("station", ""),
        floating={"floating": True, "home": False}.get(more), hardship=True if more == "hardship" else None,
    )  # fmt: skip


def _after(request: Request) -> queries.After | None:
    path, _, pk = request.GET.get("after", "").partition("-")
    return queries.After(path, int(pk)) if path.isalnum() and pk.isdecimal() else None


def _counted(found: QuerySet[Person]) -> str:
    number = queries.count_capped(found)
    return f"共 {queries.CAP:,}+ 人" if number > queries.CAP else f"共 {number:,} 人"


def _with(request: Request, **more: str) -> str:
    asked = request.GET.copy()
    asked.pop("after", None)
    asked.update(more)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def looked_at(request: Request, home: Organisation, rows: Iterable[Person], kind: Look.Kind) -> None:
    """One row a person, actor and day: turning pages back does not fill the person's page."""
    begin = timezone.make_aware(datetime.combine(timezone.localdate(), time()))
    fresh = queries.not_yet_listed([row.pk for row in rows], request.actor, begin)
    if fresh:
        actions.look_at_many(
            home, people=fresh, kind=kind, purpose=purpose_text(request, home), by=request.actor, at=timezone.now()
        )


def described(rows: list[Person]) -> list[dict[str, Any]]:
    """What a list tells of each: three queries, however many."""
    keys = [row.pk for row in rows]
    kinds = dict(Membership.objects.open().filter(person__in=keys).values_list("person_id", "kind"))
    told = {row.person_id: row for row in Particulars.objects.open().filter(person__in=keys)}
    floating = set(Floating.objects.open().filter(person__in=keys).values_list("person_id", flat=True))
    return [
        {
            "person": row, "url": reverse("person", args=[row.ref]), "sex": SEX.label(row.sex),
            "kind": Membership.Kind(kinds[row.pk]).label if row.pk in kinds else "",
            "education": EDUCATION.label(told[row.pk].education) if row.pk in told else "",
            "station": told[row.pk].get_station_display() if row.pk in told else "",
            "occupation": OCCUPATION.label(told[row.pk].occupation) if row.pk in told else "",
            "floating": row.pk in floating,
        }
        for row in rows
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def purpose(request: Request, organisation: str) -> HttpResponse:
    """Why names below are read today; then back to where one came from."""
    here = scope(request, organisation)
    form = forms.Purpose(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.state_purpose(
                here.organisation, purpose=form.cleaned_data["purpose"], by=request.actor, at=timezone.now()
            )
            return redirect(_next(request, here.organisation))
        except Refused as refusal:
            form.add_error("purpose", str(refusal))
    shown = {"organisation": here.organisation, "form": form, "next": _next(request, here.organisation)}
    return render(request, "people/purpose.html", shown)


def _next(request: Request, home: Organisation) -> str:
    said = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(said, allowed_hosts=None):
        return said
    return reverse("organisation-people", args=[home.ref])


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: Request, organisation: str) -> HttpResponseBase:
    """The list as a file, with the filters of the list. No numbers and no telephones leave this way."""
    here = scope(request, organisation, rules.export)
    form = forms.Export(request.POST or None)
    if request.method == "POST" and form.is_valid():
        filters = forms.Filter(request.GET)
        found = queries.filtered(here.members(), wanted(filters.cleaned_data if filters.is_valid() else {}))
        rows = queries.page(found, None, AT_MOST + 1)
        if len(rows) <= AT_MOST:
            actions.look_at_many(
                here.organisation, people=[row.pk for row in rows], kind=Look.Kind.EXPORT,
                purpose=form.cleaned_data["purpose"], by=request.actor, at=timezone.now(),
            )  # fmt: skip
            return _file(here.organisation, rows, form.cleaned_data["shape"])
        form.add_error(None, f"超过 {AT_MOST:,} 人，请到下级组织分别导出，或先加上筛选条件。")
    return render(request, "people/export.html", {"organisation": here.organisation, "form": form})


HEAD = (
    "组织代码",
    "组织名称",
    "姓名",
    "性别",
    "民族",
    "出生日期",
    "党员类别",
    "入党日期",
    "学历",
    "职业",
    "在岗情况",
    "流动",
)


def _file(home: Organisation, rows: list[Person], shape: str) -> HttpResponseBase:
    name = quote(f"{home.name}党员名册")
    if shape == "csv":
        answer: HttpResponseBase = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(xlsx("党员名册", HEAD, _told(rows)), content_type=XLSX)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.{shape}"
    return answer


def _told(rows: list[Person]) -> Iterator[tuple[Any, ...]]:
    for first in range(0, len(rows), 1000):
        for row in described(rows[first : first + 1000]):
            person = row["person"]
            yield (
                person.organisation.code, person.organisation.name, person.name, row["sex"],
                ETHNICITY.label(person.ethnicity), person.birth_on, row["kind"], joined(person), row["education"],
                row["occupation"], row["station"], "流动" if row["floating"] else "",
            )  # fmt: skip


def joined(person: Person) -> str:
    """The joining date, to the month where no more is known."""
    if person.joined_on is None:
        return ""
    return f"{person.joined_on:%Y-%m}" if person.joined_to == Person.Precision.MONTH else f"{person.joined_on:%Y-%m-%d}"


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _lines(rows: list[Person]) -> Iterator[str]:
    """UTF-8 with a mark that Excel and WPS understand; what looks like a formula becomes text."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in ([*HEAD], *_told(rows)):
        yield writer.writerow([plain(value) for value in row])


def plain(value: Any) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@require_safe
def received(request: Request, organisation: str) -> HttpResponseBase:
    """Who has come here without being a member here: floating, or on loan."""
    here = scope(request, organisation, rules.list_received)
    blocked = purpose_page(request, here.organisation)
    if blocked is not None:
        return blocked
    home = here.organisation
    floating = Floating.objects.on(timezone.localdate()).filter(destination=home)
    loans = Loan.objects.on(timezone.localdate()).filter(organisation=home)
    come = list(floating.select_related("person", "organisation").order_by("person_id")[: queries.CAP])
    lent = list(loans.select_related("person__organisation").order_by("person_id")[: queries.CAP])
    seen = [*(row.person for row in come), *(row.person for row in lent)]
    looked_at(request, home, seen, Look.Kind.LIST)
    shown = {
        "organisation": home, "floating": come, "loans": lent,
        "may_receive": rules.receive.allows(request.actor, home),
        "floating_columns": ("姓名", "党籍所在组织", "外出日期", "接收"), "loan_columns": ("姓名", "党籍所在组织", "借用日期"),
    }  # fmt: skip
    return render(request, "people/received.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def reception(request: Request, organisation: str, person: str) -> HttpResponse:
    """The destination takes a floating member in."""
    home = scope(request, organisation, rules.list_received).organisation
    today = Floating.objects.on(timezone.localdate()).filter(destination=home)
    row = get_object_or_404(today.select_related("person", "organisation"), person__ref=person)
    form = forms.Day(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.receive(home, person=row.person, on=form.cleaned_data["on"], by=request.actor, at=timezone.now())
            messages.success(request, f"已接收 {row.person.name}，流出地组织看得到。")
            return redirect("received-people", organisation)
        except Refused as refusal:
            form.add_error("on", str(refusal))
    shown = {"organisation": home, "row": row, "form": form}
    return render(request, "people/reception.html", shown)


@sensitive_post_parameters("number")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def by_number(request: Request, organisation: str) -> HttpResponse:
    """Finds one person by exact number, wherever they belong, for a transfer to this organisation."""
    home = scope(request, organisation, rules.find_by_number).organisation
    form = forms.NumberSearch(request.POST or None)
    shown: dict[str, Any] = {"organisation": home, "form": form, "asked": False}
    if request.method == "POST" and form.is_valid():
        try:
            shown["found"] = actions.find_by_number(home, **form.cleaned_data, by=request.actor, at=timezone.now())
            shown["asked"] = True
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "people/by_number.html", shown)

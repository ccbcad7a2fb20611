"""Pages of an import: upload, see how it goes, mend or apply, undo; templates and exports of every sheet."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiceng.kernel.access import Request, Rule
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people import actions as people
from jiceng.kernel.people.models import Look
from jiceng.lib.refusals import Refused
from jiceng.ui.shapes import Column, Link, Page

from . import actions, catalogue, forms, queries, reading, rules, tasks, writing
from .declarations import WHO, Scope, Sheet
from .models import Batch, Order, Problem, StagedRow, Step

PAGE = 50
_ROW = Column("行", number=True)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_IN_A_WORKBOOK = 20_000
"""Rows of a workbook that is made while somebody waits; longer lists go as CSV."""


def visible(request: Request) -> QuerySet[Batch]:
    """The batches that exist for this person."""
    return queries.with_states(rules.see.among(Batch.objects.all(), request.actor))


def _own(request: Request, asked: Rule) -> QuerySet[Organisation]:
    """Organisations of one's own posts for which the rule allows."""
    held = [post.organisation for post in request.actor.held()]
    return asked.among(Organisation.objects.filter(pk__in=held, closed_on=None), request.actor).order_by("path")


def _bringable(request: Request) -> list[Sheet]:
    return [sheet for sheet in catalogue.sheets() if _own(request, sheet.rule).exists()]


def _sheet(key: str, among: Sequence[Sheet]) -> Sheet:
    found = next((sheet for sheet in among if sheet.key == key), None)
    if found is None:
        raise Http404
    return found


@require_safe
def batches(request: Request) -> HttpResponse:
    """What was brought in, latest first, and the sheets that one may bring in."""
    sheets = _bringable(request)
    names = {sheet.key: sheet.name for sheet in catalogue.sheets()}
    form = forms.Filter(request.GET, sheets=list(names.items()))
    found = visible(request)
    if form.is_valid():
        found = _filtered(found, form.cleaned_data)
    before = request.GET.get("before", "")
    rows = list((found.filter(pk__lt=int(before)) if before.isdecimal() else found).order_by("-pk")[: PAGE + 1])
    shown = {
        "form": form, "sheets": sheets, "exports": [sheet for sheet in catalogue.sheets() if sheet.export],
        "rows": [(row, names.get(row.sheet, row.sheet), queries.state_of(row)) for row in rows[:PAGE]],
        "columns": ("文件", "表", "办理组织", "上传人", "上传时间", Column("行数", number=True), "状态"),
        "page": Page(
            next_url=_with(request, before=str(rows[PAGE - 1].pk)) if len(rows) > PAGE else "",
            previous_url=_with(request) if before else "",
        ),
    }  # fmt: skip
    return render(request, "intake/batches.html", shown)


def _filtered(found: QuerySet[Batch], said: dict[str, Any]) -> QuerySet[Batch]:
    if said["sheet"]:
        found = found.filter(sheet=said["sheet"])
    if said["state"] == "open":
        return found.filter(application=None, discarding=None)
    if said["state"] == "applied":
        return found.filter(application__isnull=False, undoing=None)
    return found.filter(undoing__isnull=False) if said["state"] == "undone" else found


def _with(request: Request, **more: str) -> str:
    asked = request.GET.copy()
    for key in ("before", "after"):
        asked.pop(key, None)
    asked.update(more)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request) -> HttpResponse:
    """Choose a sheet and a file; the check begins in the background."""
    sheets = _bringable(request)
    owns = {one.pk: one.name for sheet in sheets for one in _own(request, sheet.rule)}
    choices = [(sheet.key, sheet.name) for sheet in sheets]
    form = forms.Upload(
        request.POST or None, request.FILES or None, sheets=choices, organisations=list(owns.items()),
        initial={"sheet": request.GET.get("sheet", ""), "organisation": next(iter(owns), None)},
    )  # fmt: skip
    if form.is_valid():
        said = form.cleaned_data
        file = said["file"]
        try:
            with transaction.atomic():
                made = actions.upload(
                    Organisation.objects.get(pk=said["organisation"]), sheet=said["sheet"], name=file.name,
                    content=file.chunks(1 << 20), by=request.actor, at=timezone.now(),
                )  # fmt: skip
                tasks.carry_out.enqueue(made.orders.get().pk)
            return redirect("intake-batch", made.ref)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "intake/upload.html", {"form": form, "sheets": sheets}, status=422 if form.errors else 200)


@require_safe
def batch(request: Request, batch: str) -> HttpResponse:
    """Where the batch stands, what is wrong or what it will do, and what can be done now."""
    found = get_object_or_404(visible(request), ref=batch)
    return render(request, "intake/batch.html", _told(request, found))


@require_safe
def progress(request: Request, batch: str) -> HttpResponse:
    """The moving part of the page alone; once nothing moves any more, the page is asked to load anew."""
    found = get_object_or_404(visible(request), ref=batch)
    told = _told(request, found)
    answer = render(request, "intake/batch.html#progress", told)
    if told["state"].kind != "doing":
        answer.headers["HX-Refresh"] = "true"
    return answer


def _told(request: Request, found: Batch) -> dict[str, Any]:
    sheet = catalogue.sheet(found.sheet)
    state = queries.state_of(found)
    refusal = queries.refusal_of(found)
    may = rules.order.allows(request.actor, found) and bool(_own(request, sheet.rule))
    return {
        "batch": found, "sheet": sheet, "state": state, "refusal": refusal, "step": queries.last_order(found),
        "stalled": queries.is_stalled(found, timezone.now()), "done": queries.rows_done(found),
        "kinds": queries.problems_by_kind(found) if state.key == "faulty" else (),
        "first": Problem.objects.filter(batch=found).order_by("number", "pk")[:10] if state.key == "faulty" else (),
        "counts": _counts(found), "may": may, "may_download": rules.download.allows(request.actor, found),
        "may_undo": sheet.undo is not None, "title_of_counts": "这张表做了什么" if state.key == "applied" else "这张表会做什么",
        "problem_columns": PROBLEM_COLUMNS, "kind_columns": ("列", "哪里不对", Column("多少处", number=True)),
        "discarded": hasattr(found, "discarding"),
        "foreseen": found.checking.foreseen.get("0", "") if hasattr(found, "checking") else "",
    }  # fmt: skip


PROBLEM_COLUMNS = (_ROW, "列", "内容", "哪里不对", "怎么改")


def _counts(found: Batch) -> list[tuple[str, str, int]]:
    """Outcome, its name, and how many rows: what a preview opens."""
    if not hasattr(found, "checking"):
        return []
    checking = found.checking
    named = zip(StagedRow.Outcome, (checking.added, checking.changed, checking.unchanged), strict=True)
    return [(outcome.value, str(outcome.label), number) for outcome, number in named]


@require_safe
def problems(request: Request, batch: str) -> HttpResponse:
    """Every fault, in the order of the file."""
    found = get_object_or_404(visible(request), ref=batch)
    after = request.GET.get("after", "")
    rows = Problem.objects.filter(batch=found).order_by("number", "pk")
    number, _, pk = after.partition("-")
    if number.isdecimal() and pk.isdecimal():
        rows = rows.filter(number__gte=int(number)).exclude(number=int(number), pk__lte=int(pk))
    some = list(rows[: PAGE + 1])
    following = _with(request, after=f"{some[PAGE - 1].number}-{some[PAGE - 1].pk}") if len(some) > PAGE else ""
    shown = {
        "batch": found, "rows": some[:PAGE], "columns": PROBLEM_COLUMNS,
        "may_download": rules.download.allows(request.actor, found),
        "page": Page(
            count=f"共 {found.checking.faults:,} 处" if hasattr(found, "checking") else "", next_url=following,
            previous_url=_with(request) if after else "",
        ),
    }  # fmt: skip
    return render(request, "intake/problems.html", shown)


@require_safe
def problems_workbook(request: Request, batch: str) -> HttpResponse:
    """The wrong rows as they were sent, with what is wrong: to be mended and sent again."""
    found = get_object_or_404(rules.download.among(visible(request), request.actor), ref=batch)
    sheet = catalogue.sheet(found.sheet)
    try:
        labels, rows = _wrong_rows(found, sheet)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("intake-batch", found.ref)
    return _file(writing.wrong_rows(sheet, labels, rows), f"{sheet.name}-错误", "xlsx")


def _wrong_rows(found: Batch, sheet: Sheet) -> tuple[list[str], list[tuple[int, list[str], str, str]]]:
    problems = dict(islice(queries.problems_by_row(found), MOST_IN_A_WORKBOOK))
    rows = []
    with reading.opened(queries.content(found), labels=sheet.labels, sheet=sheet.name) as (head, stretches):
        for some in stretches:
            for number, *texts in zip(some.numbers, *some.columns, strict=True):
                if number in problems:
                    told = [text.lstrip(reading.NUMBER) for text in texts]
                    said = problems[number]
                    wrong = "\n".join(f"{one.column}：{one.wrong}" for one in said)
                    rows.append(
                        (number, told, wrong, "\n".join(dict.fromkeys(one.remedy for one in said if one.remedy)))
                    )
    return head.labels, rows


@require_safe
def rows(request: Request, batch: str) -> HttpResponse:
    """The preview: rows that will be added, changed with old and new, or stay as they are."""
    found = get_object_or_404(visible(request), ref=batch)
    sheet = catalogue.sheet(found.sheet)
    outcome = request.GET.get("outcome", "add")
    after = request.GET.get("after", "")
    kept = StagedRow.objects.filter(batch=found, outcome=outcome).order_by("number")
    if after.isdecimal():
        kept = kept.filter(number__gt=int(after))
    some = list(kept[: PAGE + 1])
    columns = sheet.preview
    foreseen = found.checking.foreseen if hasattr(found, "checking") else {}
    shown = {
        "batch": found, "outcome": outcome, "foreseen": foreseen,
        "tabs": [Link(word, f"?outcome={key}", key == outcome, number) for key, word, number in _counts(found)],
        "columns": (
            _ROW, *(column.label for column in columns),
            *(("变更",) if outcome == "change" else ()), *(("会怎样",) if foreseen else ()),
        ),
        "rows": [
            (
                row.number, [(one.label, row.said.get(one.key, "")) for one in columns],
                queries.changes_of(row, sheet), foreseen.get(str(row.number), ""),
            )
            for row in some[:PAGE]
        ],
        "page": Page(
            next_url=_with(request, after=str(some[PAGE - 1].number)) if len(some) > PAGE else "",
            previous_url=_with(request) if after else "",
        ),
    }  # fmt: skip
    return render(request, "intake/rows.html", shown)


@require_POST
def orders(request: Request, batch: str) -> HttpResponse:
    """Asks for the check to go on, for the apply or for the undo; it is done in the background."""
    found = get_object_or_404(visible(request), ref=batch)
    step = request.POST.get("step", "")
    if step not in Step.values:
        raise Http404
    try:
        with transaction.atomic():
            made: Order = actions.order(found, step=Step(step), by=request.actor, at=timezone.now())
            tasks.carry_out.enqueue(made.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("intake-batch", found.ref)


@require_POST
def discarding(request: Request, batch: str) -> HttpResponse:
    """Deletes the file and what waits."""
    found = get_object_or_404(visible(request), ref=batch)
    try:
        actions.discard(found, by=request.actor, at=timezone.now())
        messages.success(request, "已作废：文件和待入库的行都删了。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("intake-batch", found.ref)


@require_safe
def template(request: Request, sheet: str) -> HttpResponse:
    """An empty workbook of the sheet, with drop-downs and explanations."""
    found = _sheet(sheet, _bringable(request))
    return _file(writing.template(found), f"{found.name}-模板", "xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: Request, sheet: str) -> HttpResponseBase:
    """What the store holds, in the form that can be brought in again; of whom it tells can read who took it."""
    found = _sheet(sheet, [one for one in catalogue.sheets() if one.export])
    assert found.see and found.count
    owns = list(_own(request, found.see))
    if not owns:
        raise Http404
    form = forms.Export(
        request.POST if request.method == "POST" else None, organisations=[(one.pk, one.name) for one in owns],
        tells_of_people=found.people is not None, initial={"organisation": owns[0].pk, "kind": "xlsx"},
    )  # fmt: skip
    if form.is_valid():
        said = form.cleaned_data
        organisation = next(one for one in owns if one.pk == said["organisation"])
        scope = Scope(organisation, request.actor, timezone.now())
        if said["kind"] == "csv" or found.count(scope) <= MOST_IN_A_WORKBOOK:
            return _exported(found, scope, said)
        form.add_error("kind", f"超过 {MOST_IN_A_WORKBOOK:,} 行，请选 CSV。")
    return render(request, "intake/export.html", {"form": form, "sheet": found}, status=422 if form.errors else 200)


def _exported(sheet: Sheet, scope: Scope, said: dict[str, Any]) -> HttpResponseBase:
    rows = _taken_out(sheet, scope, said.get("purpose", ""))
    if said["kind"] == "xlsx":
        return _file(writing.export(sheet, rows), sheet.name, "xlsx")
    lines = writing.export_lines(sheet, rows)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=_named(sheet.name, "csv"))


def _taken_out(sheet: Sheet, scope: Scope, purpose: str) -> Iterable[Mapping[str, Any]]:
    """The rows, once it is written down who takes them. Whoever came after that is not among them."""
    assert sheet.export
    if sheet.people is None:
        return sheet.export(scope)
    told_of = frozenset(sheet.people(scope))
    people.look_at_many(
        scope.organisation, people=sorted(told_of), kind=Look.Kind.EXPORT, purpose=purpose, by=scope.by, at=scope.at
    )
    return (row for row in sheet.export(scope) if row[WHO] in told_of)


def _file(content: bytes, name: str, suffix: str) -> HttpResponse:
    return HttpResponse(content, content_type=XLSX, headers=_named(name, suffix))


def _named(name: str, suffix: str) -> dict[str, str]:
    file = quote(f"{name}-{timezone.localdate():%Y%m%d}.{suffix}")
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{file}"}

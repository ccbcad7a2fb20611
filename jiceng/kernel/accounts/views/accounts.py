"""The accounts of an organisation and below: open, reset, disable."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiceng.kernel.access import Request
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people import actions as looking
from jiceng.kernel.people import queries as looks
from jiceng.kernel.people import rules as people
from jiceng.kernel.people.models import Look, Person
from jiceng.lib.refusals import Refused
from jiceng.lib.sheets import XLSX, xlsx
from jiceng.ui.shapes import Page

from .. import actions, forms, queries, rules
from ..models import SignIn, User

PAGE = 50
CAP = 10_000
COLUMNS = ("姓名", "登录名", "所在组织", "开通日期", "状态")


class SignedIn(Request):
    """A request from somebody signed in."""

    user: User
    sign_in: SignIn


def visible(request: SignedIn) -> QuerySet[User]:
    """The accounts that exist for this person."""
    return rules.see.among(User.objects.all(), request.actor).select_related("person__organisation", "disabling")


@require_safe
def accounts(request: SignedIn) -> HttpResponse:
    """Accounts at and below one's posts, searched and filtered."""
    form = forms.Filter(request.GET)
    found = visible(request)
    if form.is_valid():
        found = _filtered(found, form.cleaned_data)
    if "xlsx" in request.GET:
        return _sheet(found.order_by("pk")[:CAP])
    after = request.GET.get("after", "")
    rows = list(found.filter(pk__gt=int(after) if after.isdecimal() else 0).order_by("pk")[: PAGE + 1])
    page = Page(
        count=_counted(found), next_url=_with(request, after=str(rows[PAGE - 1].pk)) if len(rows) > PAGE else "",
        previous_url=_with(request) if after else "",
    )  # fmt: skip
    shown = {"form": form, "rows": rows[:PAGE], "page": page, "columns": COLUMNS, "sheet": _with(request, xlsx="1")}
    return render(request, "accounts/accounts.html", shown)


def _filtered(found: QuerySet[User], said: dict[str, Any]) -> QuerySet[User]:
    if said["state"] == "new":
        found = found.filter(must_change=True, disabling=None)
    elif said["state"] == "off":
        found = found.exclude(disabling=None)
    elif said["state"] == "never":
        found = found.filter(~Exists(SignIn.objects.filter(user=OuterRef("pk"))))
    return queries.named(said["q"], found) if said["q"].strip() else found


def _counted(found: QuerySet[User]) -> str:
    number = found.order_by()[: CAP + 1].count()
    return f"共 {CAP:,}+ 个账号" if number > CAP else f"共 {number:,} 个账号"


def _with(request: SignedIn, **more: str) -> str:
    asked = request.GET.copy()
    asked.pop("after", None)
    asked.update(more)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def state_of(user: User) -> str:
    """The account's state in a word."""
    if not user.is_active:
        return "已停用"
    return "还没改首次密码" if user.must_change else "在用"


def _sheet(found: QuerySet[User]) -> HttpResponse:
    rows = (
        (
            user.person.name, user.username, user.person.organisation.name if user.person.organisation else "",
            timezone.localdate(user.opened_at), state_of(user),
        )
        for user in found
    )  # fmt: skip
    headers = {"Content-Disposition": "attachment; filename=accounts.xlsx"}
    return HttpResponse(xlsx("账号", COLUMNS, rows), content_type=XLSX, headers=headers)


@require_safe
def account(request: SignedIn, ref: str) -> HttpResponse:
    """One account: whose it is, where it is signed in, what can be done."""
    found = get_object_or_404(visible(request), ref=ref)
    return _account(request, found, forms.Disabling())


def _account(request: SignedIn, found: User, form: forms.Disabling) -> HttpResponse:
    may_end = rules.disable.allows(request.actor, found)
    shown = {
        "account": found, "form": form, "state": state_of(found), "may_disable": may_end,
        "may_reset": rules.reset.allows(request.actor, found),
        "last": SignIn.objects.filter(user=found).order_by("-at").first(),
        "living": queries.live(SignIn.objects.filter(user=found), timezone.now())[:20] if may_end else (),
    }  # fmt: skip
    return render(request, "accounts/account.html", shown)


@require_POST
@sensitive_variables()
def account_reset(request: SignedIn, ref: str) -> HttpResponse:
    """A new password on paper, shown in this one answer and never again."""
    found = get_object_or_404(visible(request), ref=ref)
    try:
        slip = actions.reset(found, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("account", ref)
    return render(request, "accounts/slips.html", {"slips": [slip], "title": "重置的登录单"})


@require_POST
def account_disabling(request: SignedIn, ref: str) -> HttpResponse:
    """The account may not be used from now on."""
    found = get_object_or_404(visible(request), ref=ref)
    form = forms.Disabling(request.POST)
    if not form.is_valid():
        return _account(request, found, form)
    try:
        actions.disable(found, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now())
        messages.success(request, f"{found.person.name}的账号已停用，所有设备上的登录都已退出。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("account", ref)


@require_POST
def account_enabling(request: SignedIn, ref: str) -> HttpResponse:
    """The account may be used again."""
    found = get_object_or_404(visible(request), ref=ref)
    try:
        actions.enable(found, by=request.actor, at=timezone.now())
        messages.success(request, f"{found.person.name}的账号已恢复使用。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("account", ref)


@require_POST
def account_sessions(request: SignedIn, ref: str, session: str) -> HttpResponse:
    """The security administrator ends somebody's session."""
    found = get_object_or_404(visible(request), ref=ref)
    ended = get_object_or_404(SignIn, ref=session, user=found)
    try:
        actions.end_sign_in(ended, by=request.actor, at=timezone.now())
        messages.success(request, f"“{ended.device}”上的登录已退出。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("account", ref)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def opening(request: SignedIn, organisation: str) -> HttpResponse:
    """Opens accounts for members of one organisation; the slips are shown in this one answer and never again."""
    place = get_object_or_404(rules.open_accounts.among(Organisation.objects.all(), request.actor), ref=organisation)
    waiting = queries.without_account(people.see.among(Person.objects.filter(organisation=place), request.actor))
    after = request.GET.get("after", "")
    rows = list(waiting.filter(pk__gt=int(after) if after.isdecimal() else 0).order_by("pk")[: PAGE + 1])
    _told(request, place, [one.pk for one in rows[:PAGE]])
    form = forms.Opening(request.POST or None)
    form.fields["chosen"].choices = [(one.ref, one.name) for one in rows[:PAGE]]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        chosen = [one.pk for one in rows if one.ref in form.cleaned_data["chosen"]]
        try:
            opened = actions.open_accounts(place, people=chosen, by=request.actor, at=timezone.now())
            return render(request, "accounts/slips.html", {"slips": opened.slips, "title": f"{place.name}登录单"})
        except Refused as refusal:
            form.add_error(None, str(refusal))
    page = Page(next_url=_with(request, after=str(rows[PAGE - 1].pk)) if len(rows) > PAGE else "")
    return render(request, "accounts/opening.html", {"organisation": place, "form": form, "rows": rows, "page": page})


def _told(request: SignedIn, place: Organisation, shown: list[int]) -> None:
    """Whoever is listed for an account by somebody above can read that he was."""
    if not shown or not looks.needs_purpose(request.actor, place):
        return
    now = timezone.now()
    fresh = looks.not_yet_listed(shown, request.actor, now - timedelta(days=1))
    if fresh:
        looking.look_at_many(place, people=fresh, kind=Look.Kind.LIST, purpose="开通账号", by=request.actor, at=now)

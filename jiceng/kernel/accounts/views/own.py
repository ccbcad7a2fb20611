"""One's own password, devices and keys."""

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiceng.lib.refusals import Refused

from .. import actions, forms, queries, rules
from ..models import SignIn, Token
from .accounts import SignedIn as Request

WRONGS = "wrongs"
"""Counts wrong current passwords in a session, so that a found phone cannot guess on."""

MOST_WRONGS = 5


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def password(request: Request) -> HttpResponse:
    """Change one's password; after signing in from a slip, the only page there is."""
    form = forms.Password(request.POST or None)
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        messages.success(request, "密码已改好，别的设备上的登录都已退出。")
        return redirect("home")
    if request.session.get(WRONGS, 0) >= MOST_WRONGS:
        actions.sign_out(request.sign_in, by=request.actor, at=timezone.now())
        logout(request)
        return redirect("sign-in")
    return render(request, "accounts/password.html", {"form": form, "must": request.user.must_change})


def _changed(request: Request, form: forms.Password) -> bool:
    said = form.cleaned_data
    user = request.user
    try:
        actions.change_password(
            user, current=said["current"], new=said["new"], keep=request.sign_in.pk, by=request.actor, at=timezone.now()
        )
    except Refused as refusal:
        if not user.check_password(said["current"]):
            request.session[WRONGS] = request.session.get(WRONGS, 0) + 1
        form.add_error(None, str(refusal))
        return False
    request.session.pop(WRONGS, None)
    update_session_auth_hash(request, user)
    return True


@require_safe
def sessions(request: Request) -> HttpResponse:
    """Where one is signed in, and where one was."""
    own = rules.see_own.among(SignIn.objects.all(), request.actor)
    now = timezone.now()
    living = list(queries.live(own, now)[:50])
    past = own.exclude(pk__in=[one.pk for one in living]).order_by("-at")[:20]
    return render(request, "accounts/sessions.html", {"living": living, "past": past, "here": request.sign_in.pk})


@require_POST
def session_ending(request: Request, ref: str) -> HttpResponse:
    """Ends one of one's sessions: a lost phone is out with its next touch."""
    found = get_object_or_404(rules.see_own.among(SignIn.objects.all(), request.actor), ref=ref)
    try:
        actions.end_sign_in(found, by=request.actor, at=timezone.now())
        messages.success(request, f"“{found.device}”上的登录已退出。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("sessions")


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: Request) -> HttpResponse:
    """One's keys for other systems. A new one is shown in this one answer and never again."""
    form, raw = forms.Token(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            raw = actions.issue_token(
                request.user, name=form.cleaned_data["name"], until=now + form.life, by=request.actor, at=now
            ).raw
            form = forms.Token()
        except Refused as refusal:
            form.add_error(None, str(refusal))
    rows = rules.see_own.among(Token.objects.all(), request.actor).order_by("-at")[:50]
    return render(request, "accounts/tokens.html", {"form": form, "raw": raw, "rows": rows, "now": timezone.now()})


@require_POST
def token_ending(request: Request, ref: str) -> HttpResponse:
    """Takes a key back."""
    found = get_object_or_404(rules.see_own.among(Token.objects.all(), request.actor), ref=ref)
    try:
        actions.end_token(found, by=request.actor, at=timezone.now())
        messages.success(request, f"令牌“{found.name}”已收回。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("tokens")

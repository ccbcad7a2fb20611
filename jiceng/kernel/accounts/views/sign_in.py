"""Coming in and going out."""

from io import BytesIO

import segno
from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import actions, forms
from ..middleware import AWAY, SEEN, SIGN_IN
from ..models import User

WRONG = "登录名或密码不对，请再输一次。忘了密码，请本支部书记或上级组织员重置，当面领一张新的登录单。"
"""Said alike for a wrong name, a wrong password and a disabled account: it must not tell which names exist."""

BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Edg", "Edge 浏览器"), ("Firefox", "火狐浏览器"),
    ("Chrome", "Chrome 浏览器"), ("Safari", "Safari 浏览器"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("Android", "安卓手机"), ("iPhone", "苹果手机"), ("iPad", "苹果平板"),
    ("Windows", "Windows 电脑"), ("Mac OS", "苹果电脑"), ("Linux", "Linux 电脑"),
)  # fmt: skip


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The way in. Whoever is in already goes on."""
    if request.method != "POST" and request.user.is_authenticated:
        return redirect(_next(request))
    form = forms.SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, username=form.cleaned_data["username"], password=form.cleaned_data["password"])
        if isinstance(user, User):
            _come_in(request, user, is_own=form.cleaned_data["own"])
            return redirect(_next(request))
        form.add_error(None, WRONG)
    shown = {"form": form, "next": request.GET.get("next", ""), "away": request.session.pop(AWAY, False)}
    return render(request, "accounts/sign_in.html", shown)


@sensitive_variables()
def _come_in(request: HttpRequest, user: User, *, is_own: bool) -> None:
    """A new session, whatever the browser brought along."""
    found = actions.sign_in(
        user, device=_device(request), address=get_client_ip_address(request), is_own=is_own,
        instead_of=request.session.get(SIGN_IN), by=user.actor(), at=timezone.now(),
    )  # fmt: skip
    request.session.flush()
    login(request, user)
    request.session[SIGN_IN] = found.pk
    request.session[SEEN] = int(timezone.now().timestamp())


def _next(request: HttpRequest) -> str:
    """Where one wanted to go, if it is here."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_here else resolve_url(settings.LOGIN_REDIRECT_URL)


def _device(request: HttpRequest) -> str:
    """The browser and the machine in words that its owner knows; nothing that tells two alike machines apart."""
    said = request.headers.get("User-Agent", "")
    browser = next((word for sign, word in BROWSERS if sign in said), "其他浏览器")
    return f"{browser}，{next((word for sign, word in SYSTEMS if sign in said), '其他设备')}"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The way out."""
    found = request.sign_in  # type: ignore[attr-defined]
    actions.sign_out(found, by=found.user.actor(), at=timezone.now())
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@login_not_required
@require_safe
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The address of the sign-in page as a picture, for printed slips."""
    drawn = BytesIO()
    segno.make(request.build_absolute_uri(reverse("sign-in")), error="m", micro=False).save(drawn, kind="svg", border=2)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")

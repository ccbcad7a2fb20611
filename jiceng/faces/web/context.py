"""What every page of the workbench carries: the menu, where one stands, the tabs of an organisation."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from jiceng.kernel.access import Role
from jiceng.kernel.orgs.models import Organisation
from jiceng.ui.shapes import Link, MenuGroup, MenuItem, Scope

_OFFICE = frozenset({Role.OFFICER, Role.AUDITOR, Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER})
_ACCOUNTS = frozenset({Role.SECURITY_ADMINISTRATOR, Role.OFFICER, Role.SECRETARY})
_ANYBODY = frozenset[str]()

MENU: tuple[tuple[str, tuple[tuple[str, str, str, str, frozenset[str]], ...]], ...] = (
    ("我的", (
        ("首页", "home", "home", "h", _ANYBODY),
        ("我的档案", "me", "user", "m", _ANYBODY),
    )),
    ("组织和人", (
        ("组织树", "tree", "sitemap", "t", _OFFICE),
        ("组织", "organisations", "building", "o", _OFFICE),
        ("党员", "people", "users", "p", _OFFICE),
        ("届期", "terms", "calendar", "e", _OFFICE),
        ("换届", "elections", "gavel", "x", _OFFICE),
        ("联席和大党委", "joint-bodies", "users", "j", _OFFICE),
        ("单位", "units", "building-community", "u", _OFFICE),
        ("覆盖", "coverage", "list-check", "c", _OFFICE),
        ("地方", "places", "map-pin", "d", _ANYBODY),
    )),
    ("数字", (("指标", "figures", "chart-bar", "f", _OFFICE),)),
    ("办理", (
        ("事项", "cases", "list-check", "s", _OFFICE),
        ("表彰", "awards", "star", "b", _ANYBODY),
        ("会议", "meetings", "users", "y", _OFFICE),
        ("公示公开", "notices", "speakerphone", "n", _ANYBODY),
        ("表格导入", "intake", "upload", "i", frozenset({Role.OFFICER})),
        ("账号", "accounts", "lock", "a", _ACCOUNTS),
        ("日志", "journal", "history", "l", frozenset({Role.AUDIT_ADMINISTRATOR, Role.AUDITOR})),
    )),
)  # fmt: skip
"""Group, then label, url name, icon, letter, and the roles that see it (none named: everybody)."""

BAR = (("首页", "home", "home"), ("组织", "tree", "sitemap"), ("数字", "figures", "chart-bar"), ("我的", "me", "user"))

TABS = (
    ("概况", "organisation", _ANYBODY),
    ("党员", "organisation-people", _OFFICE),
    ("班子", "organisation-posts", _OFFICE),
    ("换届", "organisation-elections", _OFFICE),
    ("单位", "organisation-units", _OFFICE),
    ("事项", "organisation-cases", _OFFICE),
    ("会议", "organisation-meetings", _OFFICE),
    (
        "村民名册",
        "rolls",
        frozenset({Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER, Role.VILLAGE_DIRECTOR}),
    ),
    ("公示", "organisation-notices", _OFFICE),
    ("数字", "organisation-figures", _OFFICE),
    ("沿革", "organisation-history", _ANYBODY),
)
"""Pages about one organisation: each takes its `ref` as the keyword `organisation`."""


def workbench(request: HttpRequest) -> dict[str, Any]:
    """Menu, bottom bar, search and scope for somebody signed in; nothing for a visitor."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.kind != "user" or request.resolver_match is None:
        return {}
    roles = {post.role for post in actor.held()}
    here = request.resolver_match.url_name or ""
    ref = request.resolver_match.kwargs.get("organisation")
    return {
        "menu": _menu(roles, here),
        "bar": [MenuItem(label, url, icon, name == here) for label, name, icon in BAR if (url := _url(name))],
        "search_url": _url("search"),
        "signed_in": MenuItem(actor.name, _url("me")),
        "organisation_tabs": [
            Link(label, url, name == here)
            for label, name, who in TABS
            if ref and (not who or who & roles) and (url := _url(name, ref))
        ],
        "scope": _scope(actor.held()),
    }


def _menu(roles: set[str], here: str) -> list[MenuGroup]:
    groups = []
    for group, entries in MENU:
        items = [
            MenuItem(label, url, icon, name == here, letter)
            for label, name, icon, letter, who in entries
            if (not who or who & roles) and (url := _url(name))
        ]
        if items:
            groups.append(MenuGroup(group, items))
    return groups


def _scope(held: list[Any]) -> Scope | None:
    """The uppermost organisation at which a post is held."""
    if not held:
        return None
    top = min(held, key=lambda post: (len(post.path), post.path))
    row = Organisation.objects.filter(pk=top.organisation).values_list("name", "ref").first()
    return Scope(row[0], _url("organisation", row[1])) if row else None


def _url(name: str, *args: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""

"""Holes that somebody could tear by a small mistake, each torn on purpose. The matrix must find every one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from unittest.mock import patch

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from jiceng.engines.figures import rules as figures
from jiceng.faces.web import journal
from jiceng.kernel import access
from jiceng.kernel.access import Actor, Held, Role, Rule, actors, anyone, below
from jiceng.kernel.access import rules as access_rules
from jiceng.kernel.accounts import rules as accounts
from jiceng.kernel.accounts.models import User
from jiceng.kernel.journal.models import Entry
from jiceng.kernel.orgs import queries as orgs
from jiceng.kernel.orgs import views as org_pages
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people import rules as people
from jiceng.kernel.people.models import Person
from jiceng.kernel.people.views import lists
from jiceng.kernel.posts import rules as posts
from jiceng.kernel.posts.models import JointBody, Post
from jiceng.kernel.posts.views import bodies, teams
from jiceng.kernel.units import views as unit_pages
from jiceng.kernel.units.models import Unit

account_pages = import_module("jiceng.kernel.accounts.views.accounts")  # a page has the module's name
OPEN = Rule("open", (anyone(),))


def _all(records: QuerySet[Any]) -> Callable[[Any], QuerySet[Any]]:
    return lambda request: records.all()


def _only_prefix(home: str, held: Any, *, down: bool) -> Q:
    """As if segments had no fixed width: the last character is taken for another child."""
    prefix = f"{home}__" if home else ""
    wanted = Q(pk__in=())
    for post in held:
        path = post.path[:-1] if down else post.path
        wanted |= Q((f"{prefix}path__startswith", path)) if down else Q((f"{prefix}path", path))
    return wanted


_reach = access_rules._reach


def _above_too(home: str, held: Any, *, down: bool) -> Q:
    """As if who is below could also see what is above."""
    prefix = f"{home}__" if home else ""
    above = [post.path[:end] for post in held for end in range(4, len(post.path), 4)]
    return _reach(home, held, down=down) | Q((f"{prefix}path__in", above))


def _no_custody_checked(home: str, held: Any, *, down: bool) -> Q:
    prefix = f"{home}__" if home else ""
    return _reach(home, held, down=down) | Q((f"{prefix}custodian__isnull", False))


def _all_parties(grant: Any, model: type[Model], person: int | None, organisations: list[int]) -> Q:
    """As if any party, however long ago and whoever it is, opened the record."""
    return Q((f"{grant.path.partition('__')[0]}__isnull", False))


def _posts(records: QuerySet[Post]) -> Callable[[Any], dict[int, list[Held]]]:
    def held(people: Any) -> dict[int, list[Held]]:
        found: dict[int, list[Held]] = {}
        for post in records.filter(person__in=people).select_related("organisation"):
            told = Held(post.role, post.organisation_id, post.organisation.path)
            found.setdefault(post.person_id, []).append(told)
        return found

    return held


@contextmanager
def _source(records: QuerySet[Post]) -> Iterator[None]:
    before = actors._source[0]
    actors._source[0] = _posts(records)
    try:
        yield
    finally:
        actors._source[0] = before


def _no_entry(*args: Any, **more: Any) -> Any:
    raise PermissionDenied


def _among_open(rule: Rule, records: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    return records


def _nothing_asked(rule: Rule, actor: Actor, subject: Model | None) -> None:
    """As if verbs did not ask."""


def _rule(module: Any, name: str, rule: Rule = OPEN) -> Any:
    return patch.object(module, name, rule)


WITH_ADMINISTRATORS = Rule("wide", (*people.see.grants, below(*access.ADMINISTRATORS)))

HOLES: dict[str, Callable[[], Any]] = {
    "every rule lets everything through": lambda: patch.object(Rule, "among", _among_open),
    "organisations are shown without a filter": lambda: patch.object(
        orgs, "visible", lambda actor: Organisation.objects.all()
    ),
    "units are shown without a filter": lambda: patch.object(
        unit_pages, "visible", lambda request: Unit.objects.select_related("organisation", "place").prefetch_related()
    ),
    "posts are shown without a filter": lambda: patch.object(teams, "visible", _all(Post.objects.known())),
    "accounts are shown without a filter": lambda: patch.object(account_pages, "visible", _all(User.objects.all())),
    "joint bodies are shown without a filter": lambda: patch.object(bodies, "visible", _all(JointBody.objects.all())),
    "the journal is shown without a filter": lambda: patch.object(journal, "_within_reach", _all(Entry.objects.all())),
    "people are open to anyone": lambda: _rule(people, "see"),
    "those whom an organisation received are open to anyone": lambda: _rule(people, "list_received"),
    "members go out as a file for anyone": lambda: _rule(people, "export"),
    "numbers are revealed to whoever sees the person": lambda: _rule(people, "reveal", people.see),
    "figures are open to anyone": lambda: _rule(figures, "see"),
    "somebody else's sessions and tokens are one's own": lambda: _rule(accounts, "see_own"),
    "administrators see people": lambda: _rule(people, "see", WITH_ADMINISTRATORS),
    "the way home of a person leads one too high": lambda: patch.object(
        Person, "way_home", "organisation__parent", create=True
    ),
    "the way home of a unit leads one too high": lambda: patch.object(
        Unit, "way_home", "organisation__parent", create=True
    ),
    "paths are prefixes without a fixed width": lambda: patch.object(access_rules, "_reach", _only_prefix),
    "a post here reaches down": lambda: patch.object(
        access_rules, "_reach", lambda home, held, *, down: _reach(home, held, down=True)
    ),
    "a post below reaches up": lambda: patch.object(access_rules, "_reach", _above_too),
    "closed organisations are in everybody's custody": lambda: patch.object(
        access_rules, "_reach", _no_custody_checked
    ),
    "whoever took part once is taken for everybody": lambda: patch.object(access_rules, "_taking_part", _all_parties),
    "whoever says that he stands somewhere answers for it": lambda: patch.object(
        access_rules, "territory", lambda places: places[-1]
    ),
    "what concerns somebody concerns everybody": lambda: patch.object(
        access_rules, "_concerning", lambda model, path, person: Q(pk__isnull=False)
    ),
    "what one may not see is forbidden instead of not there": lambda: patch.object(
        org_pages, "get_object_or_404", _no_entry
    ),
    "a POST does not ask": lambda: patch.object(Rule, "require", _nothing_asked),
    "posts that are over still count": lambda: _source(Post.objects.known().filter(since__lte=timezone.localdate())),
    "posts that have not begun count": lambda: _source(Post.objects.open()),
    "a disabled account goes on": lambda: patch.object(User, "is_active", True),
    "nobody needs to sign in": lambda: patch.object(
        LoginRequiredMiddleware, "process_view", lambda *args, **more: None
    ),
    "administrators may appoint": lambda: _rule(posts, "appoint", Rule("all", (below(*Role),))),
    "the list of a purpose is anybody's": lambda: patch.object(
        lists, "scope", lambda request, ref, asked=None: lists.queries.Scope(Organisation.objects.get(ref=ref), True)
    ),
}
"""What is wrong, and the patch that makes it so."""

NEAR = {
    "the journal is shown without a filter": ("journal",),
    "people are open to anyone": ("person", "person-looks"),
    "those whom an organisation received are open to anyone": ("received-people", "reception"),
    "numbers are revealed to whoever sees the person": ("person-sealed",),
    "administrators see people": ("person", "person-looks"),
    "whoever says that he stands somewhere answers for it": (
        "place-addition",
        "place-renaming",
        "place-recoding",
        "place-move",
        "place-merger",
        "place-closing",
    ),
    "posts that have not begun count": ("organisation", "appointment", "term", "organisation-renaming"),
}
"""Holes that open few addresses: those are asked, so that the test need not wait for them to come up by chance."""

"""An organisation's team on any day, and one post."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiceng.kernel.access import Request, Role
from jiceng.kernel.accounts import rules as accounts
from jiceng.kernel.orgs import rules as orgs
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.declarations import EDUCATION, SEX
from jiceng.lib.sheets import XLSX, xlsx

from .. import forms, queries, rules
from ..models import Post

COLUMNS = ("姓名", "职务", "性别", "年龄", "学历", "来路", "上任", "一肩挑")
MOST = 200
"""Lines of one organisation's history on a page."""


def visible(request: Request) -> QuerySet[Post]:
    """The posts that exist for this person, as believed now."""
    return queries.seen(Post.objects.known(), request.actor).select_related("person", "organisation")


@require_safe
def organisation_posts(request: Request, organisation: str) -> HttpResponse:
    """Who serves here on a day, how old and how educated they were, and everybody who served before."""
    place = get_object_or_404(orgs.see.among(Organisation.objects.all(), request.actor), ref=organisation)
    form = forms.On(request.GET)
    day = form.chosen
    seen = queries.seen(queries.team_of(place, day), request.actor)
    rows = [_row(post, day, held) for held in [_concurrent(place, day)] for post in seen]
    if "xlsx" in request.GET:
        told = ([row[key] for key in ("name", "title", "sex", "age", "education", "source", "since", "concurrent")]
                for row in rows)  # fmt: skip
        headers = {"Content-Disposition": "attachment; filename=team.xlsx"}
        return HttpResponse(xlsx("班子", COLUMNS, told), content_type=XLSX, headers=headers)
    shown = {
        "organisation": place, "form": form, "day": day, "rows": rows, "columns": COLUMNS,
        "history": queries.seen(queries.history(place), request.actor)[:MOST], "term": queries.term_of(place),
        "bodies": queries.formed(rules.see_body.among(place.joint_bodies.all(), request.actor), day),
        "may_appoint": place.closed_on is None and rules.appoint.allows(request.actor, place),
        "may_administer": place.closed_on is None and rules.appoint_administrator.allows(request.actor, place),
        "may_form": place.closed_on is None and rules.form_body.allows(request.actor, place),
        "may_open": place.closed_on is None and accounts.open_accounts.allows(request.actor, place),
    }  # fmt: skip
    return render(request, "posts/organisation_posts.html", shown)


def _concurrent(place: Organisation, day: date) -> dict[int, str]:
    """Who holds several of the three posts in one hand."""
    words = {
        (True, True): "书记、主任、集体经济负责人",
        (True, False): "书记、主任",
        (False, True): "书记、集体经济负责人",
    }
    held = queries.secretaries(Post.objects.filter(organisation=place), day)
    return {one.person_id: words.get((one.is_director, one.is_head), "") for one in held}


def _row(post: Any, day: date, concurrent: dict[int, str]) -> dict[str, Any]:
    return {
        "ref": post.ref, "name": post.person.name, "title": post.title, "sex": SEX.label(post.person.sex),
        "age": age_on(post.person.birth_on, day), "source": post.get_source_display(), "since": post.since,
        "education": EDUCATION.label(post.education) if post.education else "",
        "concurrent": concurrent.get(post.person_id, "") if post.role == Role.SECRETARY else "",
    }  # fmt: skip


def age_on(born: date, day: date) -> int:
    """Whole years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@require_safe
def post(request: Request, ref: str) -> HttpResponse:
    """One post: who, where, since when, and what can be done."""
    found = get_object_or_404(visible(request), ref=ref)
    is_held = found.until is None or found.until > timezone.localdate()
    by_security = found.role in queries.BY_SECURITY
    shown = {
        "post": found, "is_held": is_held,
        "may_hand_over": is_held and not by_security and rules.hand_over.allows(request.actor, found),
        "may_vacate": is_held and may_vacate(request, found),
        "may_correct": not by_security and rules.correct.allows(request.actor, found),
    }  # fmt: skip
    return render(request, "posts/post.html", shown)


def may_vacate(request: Request, found: Post) -> bool:
    """Whether the one who gives out this post asks."""
    if found.role in queries.BY_SECURITY:
        return rules.vacate_administrator.allows(request.actor, found)
    return rules.vacate.allows(request.actor, found)

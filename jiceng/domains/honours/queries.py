"""Reads of commendations: who has which title, and which decided cases still wait for their list."""

from collections.abc import Collection
from datetime import date
from itertools import batched

from django.db.models import Q, QuerySet

from jiceng.engines.procedures import queries as procedures
from jiceng.engines.procedures.models import Case
from jiceng.kernel.history.models import CHUNK
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Person

from .models import Award

COMMENDATION = "commendation"
"""The key of the file by which a commendation is decided, in whatever edition a place has."""


def given(awards: QuerySet[Award], day: date, *, revoked: bool) -> QuerySet[Award]:
    """Those that stand on a day, or that had been taken away by it; latest first."""
    known = awards.known().filter(since__lte=day)  # type: ignore[attr-defined]  # of dated rows
    found = known.filter(until__lte=day) if revoked else known.filter(Q(until=None) | Q(until__gt=day))
    return found.select_related("organisation", "person").order_by("-since", "-pk")  # type: ignore[no-any-return]


def decided(place: Organisation) -> QuerySet[Case]:
    """Commendations that the organisation decided and whose list has not been entered."""
    ended = Case.objects.filter(organisation=place, edition__key=COMMENDATION, state="ended", end="finished")
    return ended.exclude(pk__in=Award.objects.known().filter(case__organisation=place).values("case")).order_by("-pk")


def decision_of(case: Case) -> tuple[date | None, int | None]:
    """The day on which the case was decided, and how many were to be commended."""
    now = procedures.standing_of(case, procedures.entries_of(case))
    number = now.said.get("awarded")
    return now.done.get("decision"), number if isinstance(number, int) else None


def named(place: Organisation, codes: Collection[str]) -> dict[str, tuple[int | None, int | None]]:
    """The organisation of that code, or the person of that record number, at or below the place: a pair of ids."""
    found: dict[str, tuple[int | None, int | None]] = {}
    for some in batched(dict.fromkeys(codes), CHUNK):
        people = Person.objects.filter(ref__in=some, organisation__path__under=place.path)
        found |= {ref: (None, pk) for ref, pk in people.values_list("ref", "pk")}
        places = Organisation.objects.filter(code__in=some, path__under=place.path)
        found |= {code: (pk, None) for code, pk in places.values_list("code", "pk")}
    return found

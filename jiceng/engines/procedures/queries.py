"""Reads of cases: which there are, where each stands, and for whom it waits."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiceng.engines.packs import queries as packs
from jiceng.engines.packs.reading import read_table
from jiceng.kernel.access import Actor, Held
from jiceng.kernel.calendars.declarations import Calendar
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.paths import is_under

from .declarations import Procedure, Who
from .declarations.machine import Act, Record, Standing, standing
from .models import Case, Edition, Entry, Waiting


def calendar() -> Calendar:
    """Working days, as this installation's packs announce them."""
    return packs.calendar()


def in_force(on: date) -> list[Procedure]:
    """The procedures that may be opened on a day, by key."""
    return list(packs.resolve(on=on).of(Procedure))


def procedure_in_force(key: str, on: date) -> Procedure | None:
    """The edition of that key in force on a day."""
    return packs.resolve(on=on).find(Procedure, key)


@lru_cache(maxsize=512)
def _read(digest: str, edition: int) -> Procedure:
    made = read_table(Edition.objects.values_list("declared", flat=True).get(pk=edition))
    if not isinstance(made, Procedure):  # what was in force once stays readable; a wider engine never narrows a word
        raise TypeError(f"edition {edition} is no procedure any more: {made}")
    return made


def procedure_of(case: Case) -> Procedure:
    """The procedure by which the case runs: the edition under which it began. The case has its edition at hand."""
    return _read(case.edition.digest, case.edition_id)


def records(entries: Sequence[Entry]) -> list[Record]:
    """Stored entries as the machine takes them."""
    return [
        Record(
            one.number, Act(one.act), one.on, one.step, one.key, one.said, one.of or 0,
            {key: date.fromisoformat(on) for key, on in one.done.items()},
        )
        for one in entries
    ]  # fmt: skip


def entries_of(case: Case) -> list[Entry]:
    """Everything that was written about the case, in order."""
    return list(case.entries.select_related("handed_from").order_by("number"))


def standing_of(case: Case, entries: Sequence[Entry]) -> Standing:
    """Where the case stands by its entries."""
    return standing(procedure_of(case), records(entries))


# For whom a case waits


def _held_level(post: Held) -> Q:
    """Cases for which the post is at the level where somebody is waited for."""
    own = Q(level="own") & (
        Q(case__organisation=post.organisation) | Q(case__organisation__custodian=post.organisation)
    )
    parent = Q(level="parent", case__organisation__parent=post.organisation)
    above = Q(level="above", case__organisation__path__under=post.path) & ~Q(case__organisation=post.organisation)
    return Q(role=post.role) & (own | parent | above)


def waitings_of(actor: Actor) -> QuerySet[Waiting]:
    """What is waited for from the actor, by the posts held now."""
    wanted = Q(pk__in=())
    for post in actor.held():
        wanted |= _held_level(post)
    return Waiting.objects.filter(wanted)


def waiting_for(actor: Actor, cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those of the cases that wait for the actor."""
    return cases.filter(Exists(waitings_of(actor).filter(case=OuterRef("pk"))))


def waits_for(case: Case, actor: Actor, reply: str = "") -> bool:
    """Whether the case's current step, or that reply in it, waits for the actor."""
    return waitings_of(actor).filter(case=case, reply=reply).exists()


def holds(who: Who, actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor holds one of the posts at the level that is meant, for a case of that organisation."""
    for post in actor.held():
        if post.role not in who.roles:
            continue
        at = {
            "own": post.organisation in (organisation.pk, organisation.custodian_id),
            "parent": post.organisation == organisation.parent_id,
            "above": is_under(organisation.path, post.path) and post.organisation != organisation.pk,
        }
        if at[who.at]:
            return True
    return False


def listed(cases: QuerySet[Case], said: dict[str, Any]) -> QuerySet[Case]:
    """Those of the cases that a filter leaves: by procedure, state, what is late, and words of the title."""
    if said.get("procedure"):
        cases = cases.filter(edition__key=said["procedure"])
    if said.get("state") == "late":
        cases = cases.filter(state="running", due_on__lt=said["today"])
    elif said.get("state"):
        cases = cases.filter(state=said["state"])
    return cases.filter(title__icontains=said["q"]) if said.get("q") else cases

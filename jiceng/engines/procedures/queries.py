"""Reads of cases: which there are, where each stands, and for whom it waits."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiceng.engines.assembly import queries as assembly
from jiceng.engines.assembly.declarations import Sitting
from jiceng.engines.assembly.models import Meeting, Vote
from jiceng.engines.fields.declarations import Kept, say
from jiceng.engines.notices import queries as notices
from jiceng.engines.notices.models import Notice, Objection
from jiceng.engines.packs import queries as packs
from jiceng.engines.packs.reading import read_table
from jiceng.kernel.access import Actor, Held
from jiceng.kernel.calendars.declarations import Calendar
from jiceng.kernel.files import queries as files
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.paths import is_under
from jiceng.lib.refs import heard
from jiceng.lib.refusals import Refused

from . import rules
from .declarations import Gathering, Procedure, Step, Who
from .declarations.hindrances import Board, Sat
from .declarations.machine import Act, Record, Standing, standing
from .declarations.templates import PLACEHOLDER
from .models import Case, Edition, Entry, Waiting

MEETINGS_OFFERED = 10
"""So many of the last meetings are offered for a step: a matter that waited longer is rare."""


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
    return list(case.entries.select_related("handed_from", "meeting", "notice").order_by("number"))


def standing_of(case: Case, entries: Sequence[Entry]) -> Standing:
    """Where the case stands by its entries."""
    return standing(procedure_of(case), records(entries))


# What the step's meeting and notice say now


def vote_of(meeting: Meeting, number: int) -> Vote | None:
    """The vote of that number, as it is believed now."""
    return next((one for one in assembly.votes_of(meeting) if one.number == number), None)


def reckoned(meeting: Meeting, vote: int) -> str:
    """The sum of that vote in words; of all votes, where none decides alone."""
    told = [assembly.told(one).sentence for one in assembly.votes_of(meeting) if vote in (0, one.number)]
    return "\n".join(told)[:500]


def may_decide(meeting: Meeting, word: Gathering) -> bool:
    """Whether the meeting was held whole, by those who belong to the one that the file asks for."""
    found = assembly.with_state(Meeting.objects.all()).get(pk=meeting.pk)
    return (
        assembly.state_of(found) == "closed"
        and (found.kind_name, found.electorate, found.quorum) == (word.name, word.electorate, str(word.quorum or ""))
    )  # fmt: skip


def meetings_for(case: Case, word: Gathering) -> list[tuple[Meeting, int, str]]:
    """Meetings that may decide the step, latest first, each with the number of a vote and what was voted on."""
    held = assembly.with_state(Meeting.objects.all()).filter(
        organisation=case.organisation, closing__isnull=False, kind_name=word.name, electorate=word.electorate
    )
    found = []
    for meeting in held.order_by("-held_on", "-pk")[:MEETINGS_OFFERED]:
        votes = (
            [(one.number, one.question) for one in assembly.votes_of(meeting)]
            if word.passes and not word.elects
            else [(0, meeting.title)]
        )
        found += [(meeting, number, f"{meeting.held_on} {question}") for number, question in votes]
    return found


def sat(now: Standing, entries: Sequence[Entry]) -> Sat | None:
    """The meeting of the current step as its record stands now, whatever has been put right there since."""
    entry = next((one for one in entries if one.number == now.met), None)
    if entry is None or entry.meeting_id is None:
        return None
    found = assembly.with_state(Meeting.objects.all()).get(pk=entry.meeting_id)
    vote = vote_of(found, int(entry.key)) if entry.key else None
    told = assembly.told(vote) if vote else None
    closed = assembly.state_of(found) == "closed"
    sentence = told.sentence if told else reckoned(found, 0)
    return Sat(found.held_on, closed, told.passed if told else None, sentence)


def board(now: Standing, entries: Sequence[Entry]) -> Board | None:
    """The notice of the current step as it stands now; of one that hung on the board alone, nothing is known."""
    entry = next((one for one in entries if one.number == now.posted), None)
    if entry is None:
        return None
    if entry.notice_id is None:
        return Board()
    found = Notice.objects.select_related("withdrawal").get(pk=entry.notice_id)
    held = notices.text_of(found)
    unanswered = Objection.objects.filter(notice=found, answer=None).count()
    return Board(hasattr(found, "withdrawal"), held.until if held else None, unanswered)


def sitting_of(case: Case, step: Step) -> Sitting | None:
    """The meeting that the step asks for, as its sheet is drawn up."""
    word = step.meeting
    if word is None:
        return None
    return Sitting(
        "case", word.name, f"{word.name}：{case.title}"[:120], word.electorate, str(word.quorum or ""),
        str(word.passes or ""), word.basis or step.basis, word.secret, word.letters, word.elects, word.spare,
        (case.title,),
    )  # fmt: skip


def filled(text: str, case: Case, procedure: Procedure, said: Mapping[str, Kept]) -> str:
    """The words of a notice with the fields put in; what was left empty reads as such."""
    fields = {one.key: one for one in (*procedure.field, *(one for step in procedure.step for one in step.field))}

    def put(found: re.Match[str]) -> str:
        key = found[1]
        return case.title if key == "name" else say(fields[key], said.get(key))

    return PLACEHOLDER.sub(put, text)


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
    """Those of the cases that a filter leaves: by procedure, state, what is late, and words of the title or
    the number on a paper."""
    if said.get("procedure"):
        cases = cases.filter(edition__key=said["procedure"])
    if said.get("state") == "late":
        cases = cases.filter(state="running", due_on__lt=said["today"])
    elif said.get("state"):
        cases = cases.filter(state=said["state"])
    if said.get("q"):
        cases = cases.filter(Q(title__icontains=said["q"]) | Q(ref=heard(said["q"])))
    return cases


def scanned_entries(actor: Actor) -> QuerySet[Entry]:
    """The entries whose scans have an address of their own; of a case about a person they are behind its page, which
    writes down who looked."""
    return Entry.objects.filter(case__in=rules.see.among(Case.objects.filter(person=None), actor))


def without_scan(entry: Entry) -> None:
    """Raises Refused where the entry has its scan: what was written is not changed."""
    if files.of(entry).exists():
        raise Refused("记录写下就不改，扫描件不能再加，也不能去掉。还有一页的，再记一条；交错了的，记一条说明。")

"""Reads of notices: what stands where today, in whose sight, what was objected, what is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiceng.engines.packs import queries as packs
from jiceng.kernel.access import Actor
from jiceng.kernel.files import queries as files
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refusals import Refused
from jiceng.ui.shapes import StateKind

from . import rules
from .declarations import Audience, Duty, Period
from .models import Notice, Objection, Publication
from .scanning import Found, scan


@dataclass(frozen=True)
class State:
    """Where a notice stands: a key, a kind for the eye, and a word."""

    key: str
    kind: StateKind
    word: str


STATES = {
    one.key: one
    for one in (
        State("draft", "draft", "草稿"),
        State("coming", "wait", "等到起始日"),
        State("standing", "doing", "公示中"),
        State("over", "done", "期满"),
        State("withdrawn", "stopped", "已撤下"),
    )
}


def visible(actor: Actor) -> QuerySet[Notice]:
    """The notices that exist for somebody: all of one's reach, and what one's own organisation has published."""
    published = Notice.objects.filter(Exists(Publication.objects.filter(notice=OuterRef("pk"))))
    own = rules.read.among(published.filter(withdrawal=None), actor)
    return rules.see.among(Notice.objects.all(), actor) | Notice.objects.filter(pk__in=own.values("pk"))


def latest(publications: QuerySet[Publication] | None = None) -> QuerySet[Publication]:
    """Of each notice the text that holds: the last one."""
    among = Publication.objects.all() if publications is None else publications
    later = Publication.objects.filter(notice=OuterRef("notice"), number__gt=OuterRef("number"))
    return among.filter(~Exists(later))


def standing(day: date, audience: Audience = Audience.PUBLIC) -> QuerySet[Publication]:
    """What stands on the board that day: begun, not over, not withdrawn."""
    found = latest(Publication.objects.filter(since__lte=day, until__gt=day, audience=audience))
    return found.filter(notice__withdrawal=None).select_related("notice__organisation")


def public(ref: str) -> Publication | None:
    """The public text of a notice, whether its term runs or not; None where there is none and never was."""
    found = latest(Publication.objects.filter(notice__ref=ref, audience=Audience.PUBLIC))
    return found.select_related("notice__organisation", "notice__withdrawal").first()


def still_open(notice: Notice) -> None:
    """Raises Refused once the notice is published: its files are frozen with it."""
    if notice.publications.exists():
        raise Refused("这件公示已经公布，附件不能再换；要换的请撤下以后另发一件。")


def files_of(notice: Notice) -> list[dict[str, Any]]:
    """What is frozen of each file of a notice."""
    return [dict(one) for one in files.of(notice).values("ref", "name", "kind", "size", "digest")]


@lru_cache(maxsize=32)
def _told_of(digest: str, name: str, allowed: frozenset[str]) -> tuple[Found, ...]:
    """A content never changes under its digest, so it is read once."""
    return tuple(scan(files.content_of(digest), name, allowed=allowed))


def scan_of(texts: Iterable[tuple[str, str]], attached: Iterable[dict[str, Any]], phone: str) -> list[Found]:
    """What a notice would be held up for: its texts by name, its files, and the one telephone that may stand there."""
    allowed = frozenset([phone] if phone else [])
    found = [one for name, text in texts for one in scan(text, name, allowed=allowed)]
    return [*found, *(one for file in attached for one in _found_in(file, allowed))]


def _found_in(file: dict[str, Any], allowed: frozenset[str]) -> Iterable[Found]:
    """What a file holds; one that cannot be read may hold anything."""
    name = f"附件“{file['name']}”"
    try:
        return _told_of(file["digest"], name, allowed)
    except (Refused, OSError):
        return [Found("读不了的附件", name, f"{name}读不了，不知道里面有没有个人号码。请去掉它，重新附上。")]


def attached(frozen: dict[str, Any]) -> bytes:
    """The content of a file that was frozen with a publication."""
    return files.content_of(frozen["digest"])


def text_of(notice: Notice) -> Publication | None:
    """The text of a notice that holds; None for a draft."""
    return notice.publications.order_by("-number").first()


def in_state(found: QuerySet[Notice], key: str, day: date) -> QuerySet[Notice]:
    """Those that stand so on that day."""
    published = Exists(Publication.objects.filter(notice=OuterRef("pk")))
    holding = latest(Publication.objects.filter(notice=OuterRef("pk")))
    match key:
        case "draft":
            return found.filter(~published)
        case "withdrawn":
            return found.filter(withdrawal__isnull=False)
        case "coming":
            return found.filter(Exists(holding.filter(since__gt=day)), withdrawal=None)
        case "standing":
            return found.filter(Exists(holding.filter(since__lte=day, until__gt=day)), withdrawal=None)
        case "over":
            return found.filter(Exists(holding.filter(until__lte=day)), withdrawal=None)
    return found


def state_of(notice: Notice, held: Publication | None, day: date) -> State:
    """Where the notice stands on that day; `held` is its text that holds."""
    if hasattr(notice, "withdrawal"):
        return STATES["withdrawn"]
    if held is None:
        return STATES["draft"]
    if held.since > day:
        return STATES["coming"]
    return STATES["standing" if held.until > day else "over"]


def holding(notices: Iterable[Notice]) -> dict[int, Publication]:
    """The text that holds of each of some notices."""
    return {one.notice_id: one for one in latest(Publication.objects.filter(notice__in=list(notices)))}


def unanswered(notice: Notice) -> QuerySet[Objection]:
    """Objections that wait for an answer: a step that published the notice closes when there are none."""
    return notice.raised.filter(answer=None)


def objections(actor: Actor) -> QuerySet[Objection]:
    """Objections within somebody's reach."""
    return rules.see.among(Objection.objects.all(), actor).select_related("notice__organisation", "answer")


def answered(publication: Publication) -> QuerySet[Objection]:
    """What readers are shown: objections with their answers, oldest first."""
    found = Objection.objects.filter(notice=publication.notice_id, answer__isnull=False)
    return found.select_related("answer").order_by("pk")


def duties(day: date) -> tuple[Duty, ...]:
    """What must be published here, by the packs in force."""
    return packs.resolve(on=day).of(Duty)


def owing(duty: Duty, among: QuerySet[Organisation], owed: Period | None = None) -> QuerySet[Organisation]:
    """The organisations that a duty binds; with a period, those that were there before it ended."""
    bound = among.filter(kind__in=duty.of, closed_on=None)
    bound = bound.filter(place__level=duty.level) if duty.level else bound
    return bound.filter(founded_on__lt=owed.until) if owed else bound


def done(duty: Duty, owed: Period) -> QuerySet[Publication]:
    """The publications that did the duty for a period, withdrawn ones left out."""
    return Publication.objects.filter(
        notice__duty=duty.key, notice__period=owed.key, number=1, notice__withdrawal=None
    ).select_related("notice")


@dataclass(frozen=True)
class Owed:
    """One duty of one organisation for one period, and what came of it by a day."""

    organisation: Organisation
    duty: Duty
    period: Period
    by: Publication | None
    day: date

    @property
    def due_on(self) -> date:
        return self.duty.due_on(self.period)

    @property
    def state(self) -> State:
        if self.by:
            late = self.by.since > self.due_on
            return State("done", "done", "迟公开" if late else "已公开")
        return State("late", "late", "逾期未公开") if self.day > self.due_on else State("due", "wait", "待公开")


def owed_by(organisation: Organisation, day: date) -> list[Owed]:
    """Everything that an organisation owes, the running period of each duty first."""
    found = []
    for duty in duties(day):
        if not owing(duty, Organisation.objects.filter(pk=organisation.pk)).exists():
            continue
        mine = Publication.objects.filter(
            Q(notice__organisation=organisation), notice__duty=duty.key, number=1, notice__withdrawal=None
        )
        published = {one.notice.period: one for one in mine.select_related("notice").order_by("-pk")}
        periods = duty.periods(day, began=organisation.founded_on)
        found += [Owed(organisation, duty, owed, published.get(owed.key), day) for owed in periods]
    return found

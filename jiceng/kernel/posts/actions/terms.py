"""Terms of office: opened, followed by the next, put off with approval, said right where they were written wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched
from typing import Any

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.history.models import CHUNK, end
from jiceng.kernel.history.models import correct as say_right
from jiceng.kernel.journal.bulk import insert
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.paths import is_under
from jiceng.lib.refusals import Refused, RowsRefused

from .. import rules
from ..declarations import SHIFT, months_after, years_of
from ..models import Term
from .bulk import Applied

_LAW = "《中国共产党基层组织选举工作条例》第三条"
SHOWN = 20
"""Organisations named in one refusal."""


@dataclass(frozen=True, slots=True)
class NewTerm:
    """One term of a bulk verb; `planned_on` is the end before it was put off."""

    organisation: int
    since: date
    ends_on: date
    number: int = 1
    planned_on: date | None = None
    document: str = ""


@action(rules.open_term)
def open_term(
    subject: Organisation, *, since: date, by: Actor, at: datetime, ends_on: date | None = None,
    number: int | None = None, document: str = "",
) -> Term:  # fmt: skip
    """A term begins that day, for as long as the rules say unless its end is given; the one before ends on that day."""
    place = Organisation.objects.select_for_update(of=("self",)).select_related("place").get(pk=subject.pk)
    if place.closed_on is not None:
        raise Refused(f"“{place.name}”已于 {place.closed_on} 撤销，不能再换届。")
    ends_on = _end_of(place, since, ends_on, document)
    last = Term.objects.known().filter(organisation=place).order_by("-since").first()
    if last is not None:
        _not_too_early(last, since, document)
        _close(last, since)
    following = last.number + 1 if last is not None else 1
    return Term.objects.create(
        organisation=place, number=number or following, since=since, ends_on=ends_on, document=document.strip()
    )


def _end_of(place: Organisation, since: date, said: date | None, document: str) -> date:
    """The end that was said, or that follows from the rules. A longer term needs a document."""
    years = years_of(place.kind, place.place.level if place.place else "")
    if said is None and years is None:
        raise Refused(f"{place.get_kind_display()}没有统一的届期，请填届满日期。")
    usual = months_after(since, years * 12) if years else None
    chosen = said or usual
    assert chosen is not None
    if chosen <= since:
        raise Refused("届满日期要晚于本届开始的日期。")
    if usual and chosen > usual and not document.strip():
        raise Refused(f"“{place.name}”一届 {years} 年，到 {usual} 届满；要更长，请填上级批准的文号。")
    return chosen


def _not_too_early(last: Term, since: date, document: str) -> None:
    """An election before the end of a term needs approval, and is at most a year early."""
    if last.until is not None or since >= last.ends_on:
        return
    if not document.strip():
        raise Refused(f"本届到 {last.ends_on} 才届满，提前换届要报上级批准，请填批准文号（{_LAW}）。")
    earliest = months_after(last.ends_on, -SHIFT)
    if since < earliest:
        raise Refused(f"提前换届一般不超过一年，最早 {earliest}（{_LAW}）。")


@action(rules.open_terms)
def open_terms(
    subject: Organisation, *, terms: Sequence[NewTerm], by: Actor, at: datetime, batch: int | None = None
) -> Applied:
    """First recorded terms of many organisations at or below `subject`; each must have none that runs."""
    tree.hold_tree(subject)
    faults = check_terms(subject, terms)
    if faults:
        raise RowsRefused(faults)
    insert(
        Term(
            organisation_id=new.organisation, number=new.number, since=new.since, ends_on=new.ends_on,
            planned_on=new.planned_on, document=new.document.strip(), batch=batch,
        )
        for new in terms
    )  # fmt: skip
    return Applied(len(terms), bulk_root((new.organisation, new.since, new.ends_on) for new in terms))


def check_terms(subject: Organisation, terms: Sequence[NewTerm]) -> list[tuple[int, str]]:
    """What `open_terms` would refuse, by number from 1, with a sentence. Writes nothing."""
    return list(_faults(subject, terms))


def _faults(subject: Organisation, terms: Sequence[NewTerm]) -> Iterator[tuple[int, str]]:
    wanted = {new.organisation for new in terms}
    paths: dict[int, str] = {}
    running: set[int] = set()
    for some in batched(wanted, CHUNK):
        paths |= dict(Organisation.objects.filter(pk__in=some, closed_on=None).values_list("pk", "path"))
        running |= set(Term.objects.open().filter(organisation__in=some).values_list("organisation", flat=True))
    for number, new in enumerate(terms, start=1):
        if new.organisation not in paths or not is_under(paths[new.organisation], subject.path):
            yield number, f"组织已撤销，或不在“{subject.name}”及其下级。"
        elif new.organisation in running:
            yield number, "已有一届在任，请单独办理换届。"
        elif new.ends_on <= new.since:
            yield number, "届满日期要晚于本届开始的日期。"
        elif new.planned_on is not None and not new.since < new.planned_on < new.ends_on:
            yield number, "原定届满日期要在本届开始和现在的届满日期之间；没有延期的不填。"
        running.add(new.organisation)


@action(rules.withdraw_terms)
def withdraw_terms(subject: Organisation, *, batch: int, by: Actor, at: datetime) -> Applied:
    """Undoes one list of terms: its rows are no longer believed. Refused where rows changed since."""
    ever = Term.objects.filter(batch=batch, organisation__path__under=subject)
    changed = ever.exclude(superseded_at=None).values_list("organisation__name", flat=True).distinct()
    if changed:
        told = "、".join(f"“{name}”" for name in changed[:SHOWN])
        raise Refused(f"这一批里有 {len(changed)} 个组织的届期后来变动过，不能整批撤回：{told}。")
    rows = ever.known()
    refs = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.supersede()
    return Applied(len(refs), bulk_root(refs))


@action(rules.extend_term)
def extend_term(subject: Term, *, ends_on: date, document: str, by: Actor, at: datetime) -> Term:
    """The level above lets the election take place later; needs its document. However often, no more than a year."""
    now = _running(subject)
    if not document.strip():
        raise Refused("延期换届要写明上级批准的文号。")
    if ends_on <= now.ends_on:
        raise Refused(f"新的届满日期要晚于现在的 {now.ends_on}。")
    planned = now.planned_on or now.ends_on
    latest = months_after(planned, SHIFT)
    if ends_on > latest:
        raise Refused(f"原定 {planned} 届满，延期一般不超过一年，最迟 {latest}（{_LAW}）。")
    rows: list[Term] = say_right([now], ends_on=ends_on, planned_on=planned, document=document.strip())
    return rows[0]


@action(rules.correct_term)
def correct_term(
    subject: Term, *, since: date, ends_on: date, number: int, by: Actor, at: datetime, document: str = ""
) -> Term:
    """更正: what was written of the running term was wrong from the start. The one before ends where this one begins."""
    now = _running(subject)
    said: dict[str, Any] = {"since": since, "ends_on": ends_on, "number": number, "document": document.strip()}
    if all(getattr(now, key) == value for key, value in said.items()):
        raise Refused("没有要更正的内容。")
    if ends_on <= since:
        raise Refused("届满日期要晚于本届开始的日期。")
    if number < 1:
        raise Refused("第几届从 1 数起。")
    before = Term.objects.known().filter(organisation=now.organisation_id, until=now.since).first()
    if before is not None and since != now.since:
        if since <= before.since:
            raise Refused(f"第 {before.number} 届从 {before.since} 开始，这一届要更晚。")
        say_right([before], until=since)
    if now.planned_on is not None and ends_on <= now.planned_on:
        said["planned_on"] = None
    rows: list[Term] = say_right([now], **said)
    return rows[0]


def _running(subject: Term) -> Term:
    """The term as it is believed now, held. Raises Refused where another has begun."""
    Organisation.objects.select_for_update().get(pk=subject.organisation_id)
    now = Term.objects.open().filter(organisation=subject.organisation_id).first()
    if now is None or now.since != subject.since:
        raise Refused("这一届已经结束，请刷新页面。")
    return now


def _close(last: Term, since: date) -> None:
    if since <= last.since:
        raise Refused(f"第 {last.number} 届从 {last.since} 开始，新一届要更晚。")
    if last.until is None or last.until > since:
        end([last], on=since)

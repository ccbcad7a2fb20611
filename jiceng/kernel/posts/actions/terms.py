"""Terms of office: opened, followed by the next, put off with approval."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.history.models import CHUNK, correct, end
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.paths import is_under
from jiceng.lib.refusals import Refused

from .. import rules
from ..models import Term
from .bulk import Applied

LONGEST_DELAY = 366
"""Days: 《中国共产党基层组织选举工作条例》 lets the level above put an election off by no more than a year."""


@dataclass(frozen=True, slots=True)
class NewTerm:
    """One term of a bulk verb."""

    organisation: int
    since: date
    ends_on: date
    number: int = 1


@action(rules.open_term)
def open_term(
    subject: Organisation, *, since: date, ends_on: date, by: Actor, at: datetime, number: int | None = None,
    document: str = "",
) -> Term:  # fmt: skip
    """A term begins that day; the one that ran before ends on it."""
    place = Organisation.objects.select_for_update().get(pk=subject.pk)
    if place.closed_on is not None:
        raise Refused(f"“{place.name}”已于 {place.closed_on} 撤销，不能再换届。")
    if ends_on <= since:
        raise Refused("届满日期要晚于本届开始的日期。")
    last = Term.objects.known().filter(organisation=place).order_by("-since").first()
    if last is not None:
        _close(last, since)
    following = last.number + 1 if last is not None else 1
    return Term.objects.create(
        organisation=place, number=number or following, since=since, ends_on=ends_on, document=document.strip()
    )


@action(rules.open_terms)
def open_terms(subject: Organisation, *, terms: Sequence[NewTerm], by: Actor, at: datetime) -> Applied:
    """First recorded terms of many organisations at or below `subject`; each must have none that runs."""
    tree.hold_tree(subject)
    wanted = {new.organisation for new in terms}
    if len(wanted) < len(terms):
        raise Refused("同一个组织在这一批里出现了两次。")
    for some in batched(wanted, CHUNK):
        paths = Organisation.objects.filter(pk__in=some, closed_on=None).values_list("path", flat=True)
        if len(paths) < len(some) or not all(is_under(path, subject.path) for path in paths):
            raise Refused(f"有的组织已撤销，或不在“{subject.name}”及其下级。")
        running = Term.objects.open().filter(organisation__in=some).select_related("organisation").first()
        if running is not None:
            raise Refused(f"“{running.organisation.name}”已有一届在任，请单独办理换届。")
    if any(new.ends_on <= new.since for new in terms):
        raise Refused("有的届满日期不晚于本届开始的日期。")
    Term.objects.bulk_create(
        (
            Term(organisation_id=new.organisation, number=new.number, since=new.since, ends_on=new.ends_on)
            for new in terms
        ),
        batch_size=CHUNK,
    )
    return Applied(len(terms), bulk_root((new.organisation, new.since, new.ends_on) for new in terms))


@action(rules.extend_term)
def extend_term(subject: Term, *, ends_on: date, document: str, by: Actor, at: datetime) -> Term:
    """The level above lets the election take place later; needs its document."""
    now = Term.objects.open().filter(organisation=subject.organisation_id).first()
    if now is None or now.since != subject.since:
        raise Refused("这一届已经结束，不能再延期。")
    if not document.strip():
        raise Refused("延期换届要写明上级批准的文号。")
    if ends_on <= now.ends_on:
        raise Refused(f"新的届满日期要晚于现在的 {now.ends_on}。")
    if (ends_on - now.ends_on).days > LONGEST_DELAY:
        raise Refused("延期一般不超过一年（《中国共产党基层组织选举工作条例》）。")
    rows: list[Term] = correct([now], ends_on=ends_on, document=document.strip())
    return rows[0]


def _close(last: Term, since: date) -> None:
    if since <= last.since:
        raise Refused(f"第 {last.number} 届从 {last.since} 开始，新一届要更晚。")
    if last.until is None or last.until > since:
        end([last], on=since)

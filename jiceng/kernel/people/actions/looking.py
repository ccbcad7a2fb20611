"""Looking at records: every look leaves a row that the person can read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib import text
from jiceng.lib.bulk import insert
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..models import Look, Person, Purpose
from .moving import Moved
from .sealed import digest_of, unseal

A_DAY = 60
"""Numbers in clear, and searches that hit, a user may have in a day. A desk needs a dozen; whoever sells look-ups,
hundreds."""

SEALED_FIELDS = {Look.Kind.NUMBER: "number", Look.Kind.PHONE: "phone"}


@dataclass(frozen=True)
class Found:
    """What is told of somebody found by number: enough to recognise them, and to ask their organisation."""

    person: Person
    shown: str
    organisation: str


@action(rules.look)
def look(subject: Person, *, kind: Look.Kind, purpose: str, by: Actor, at: datetime) -> Look:
    """Somebody opened the record."""
    return Look.objects.create(person=subject, **_looker(by, kind, purpose, at))


@action(rules.look_at_many)
def look_at_many(
    subject: Organisation, *, people: Iterable[int], kind: Look.Kind, purpose: str, by: Actor, at: datetime
) -> Moved:
    """Somebody saw the names of these people in a list of `subject`, or took them away in a file."""
    told, keys = _looker(by, kind, purpose, at), list(people)
    insert(Look, ("person_id", *told), ((person, *told.values()) for person in keys))
    return Moved(len(keys), bulk_root(keys))


def _looker(by: Actor, kind: Look.Kind, purpose: str, at: datetime) -> dict[str, object]:
    return {
        "kind": kind, "user": by.user or 0, "by_name": by.name, "from_name": queries.home_name(by)[:120],
        "purpose": purpose.strip()[:200], "at": at,
    }  # fmt: skip


@action(rules.reveal)
def reveal(subject: Person, *, kind: Look.Kind, reason: str, by: Actor, at: datetime) -> str:
    """The ID number or telephone number in clear, for a reason that the person can read."""
    if kind not in SEALED_FIELDS:
        raise Refused("只有证件号码和手机号需要显示明文。")
    if len(reason.strip()) < 2:
        raise Refused("请写明为什么要看；本人看得到这个理由。")
    _within_the_day(by, at)
    sealed = subject.number_sealed if kind == Look.Kind.NUMBER else subject.phone_sealed
    if not sealed:
        raise Refused("没有登记这一项。")
    Look.objects.create(person=subject, **_looker(by, kind, reason, at))
    return unseal(subject, SEALED_FIELDS[kind], sealed)


@action(rules.find_by_number)
def find_by_number(
    subject: Organisation, *, number: str, reason: str, by: Actor, at: datetime,
    document: str = Person.Document.RESIDENT_ID,
) -> Found | None:  # fmt: skip
    """Whoever has exactly this number, wherever they belong, so that `subject` can ask for a transfer. An old number
    that was corrected, and a record that was united with another, lead to the record of today."""
    if len(reason.strip()) < 2:
        raise Refused("请写明为什么要查找；本人看得到这个理由。")
    _within_the_day(by, at)
    digest = digest_of(document, number)
    person = queries.with_number(digest) if digest else None
    if person is None:
        return None
    Look.objects.create(person=person, **_looker(by, Look.Kind.FOUND, reason, at))
    home = person.organisation
    return Found(person, text.mask_name(person.name), home.name if home else "")


def _within_the_day(by: Actor, at: datetime) -> None:
    begin = timezone.make_aware(datetime.combine(timezone.localtime(at).date(), time()))
    kinds = (*SEALED_FIELDS, Look.Kind.FOUND)
    looks = Look.objects.filter(user=by.user or 0, at__gte=begin, at__lt=begin + timedelta(days=1), kind__in=kinds)
    if looks.count() >= A_DAY:
        raise Refused(f"今天查看明文号码和按号码查找已满 {A_DAY} 次。确实需要的，请由上级组织部门办理。")


@action(rules.state_purpose)
def state_purpose(subject: Organisation, *, purpose: str, by: Actor, at: datetime) -> Purpose:
    """Why the names below `subject` are to be read today. Valid to the end of the day."""
    if len(purpose.strip()) < 4:
        raise Refused("请用一句话写明用途，例如：核对 2026 年度党内统计。")
    tomorrow = timezone.localtime(at).date() + timedelta(days=1)
    return Purpose.objects.create(
        user=by.user or 0, by_name=by.name, organisation=subject, text=purpose.strip(), at=at,
        until=timezone.make_aware(datetime.combine(tomorrow, time())),
    )  # fmt: skip

"""The verbs of rolls: many are listed at once; one leaves; one was written wrong."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.history.models import correct as say_right
from jiceng.kernel.history.models import end
from jiceng.kernel.orgs import queries as orgs
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refusals import Refused

from . import rules
from .models import Listing

MOST = 5_000
"""Names at once: a large village has so many voters."""

SHOWN = 3


@dataclass(frozen=True)
class NewListing:
    """Somebody for a roll; of a representative, how many households chose them."""

    name: str
    team: str = ""
    households: int | None = None


@dataclass(frozen=True)
class Listed:
    """How many were listed, and the digest of their rows."""

    rows: int
    root: str


@action(rules.list_many)
def list_many(
    subject: Organisation, *, roll: str, names: Sequence[NewListing], source: str, since: date, until: date | None,
    by: Actor, at: datetime,
) -> Listed:  # fmt: skip
    """Puts people on a roll for a term. `until` is the first day after it; representatives always have one.

    村民委员会组织法第二十五条: a representative is chosen by five to fifteen households, for the committee's term.
    Raises Refused with everything that is wrong with the list.
    """
    orgs.hold_tree(subject)
    rows = [NewListing(one.name.strip(), one.team.strip(), one.households) for one in names]
    wrong = [*_faults_of_term(subject, roll, source, since, until, timezone.localdate(at))]
    if wrong := [*wrong, *_faults_of_names(subject, roll, rows, since)]:
        raise Refused("\n".join(wrong))
    made = Listing.objects.bulk_create(
        Listing(
            organisation=subject, roll=roll, name=one.name, team=one.team, households=one.households,
            source=source.strip()[:120], since=since, until=until,
        )
        for one in rows
    )  # fmt: skip
    return Listed(len(made), bulk_root((one.roll, one.name, one.team, str(one.since)) for one in made))


def _faults_of_term(
    subject: Organisation, roll: str, source: str, since: date, until: date | None, today: date
) -> Iterator[str]:
    if subject.closed_on:
        yield f"“{subject.name}”已于 {subject.closed_on} 撤销。"
    if roll not in Listing.Roll.values:
        yield "名册种类要从列出的里面选。"
    if not source.strip():
        yield "请写明凭什么，例如：2026年3月村民小组推选。"
    if since > today:
        yield "开始的日期不能晚于今天。"
    if until is not None and until <= since:
        yield "任期结束的日期要晚于开始的日期。"
    if roll == Listing.Roll.REPRESENTATIVES and until is None:
        yield "村民代表有任期，请写到哪天为止（村民委员会组织法第二十五条：与村民委员会的任期相同）。"


def _faults_of_names(subject: Organisation, roll: str, rows: Sequence[NewListing], since: date) -> Iterator[str]:
    if not 1 <= len(rows) <= MOST:
        yield f"一次写 1 到 {MOST:,} 人。"
    if any(not one.name or len(one.name) > 60 or len(one.team) > 40 for one in rows):
        yield "姓名不能空着，最多 60 个字；村民小组最多 40 个字。"
    if any(one.households is not None and one.households < 1 for one in rows):
        yield "代表几户要填 1 以上的整数。"
    if roll != Listing.Roll.REPRESENTATIVES and any(one.households is not None for one in rows):
        yield "只有村民代表写代表几户。"
    times = Counter((one.name, one.team) for one in rows)
    there = Listing.objects.from_day(since).filter(organisation=subject, roll=roll)
    known = set(there.values_list("name", "team"))
    if doubled := [who for who, number in times.items() if number > 1 or who in known]:
        shown = "、".join(f"{name}{f'（{team}）' if team else ''}" for name, team in doubled[:SHOWN])
        more = f"等 {len(doubled)} 人" if len(doubled) > SHOWN else ""
        yield f"已经在名册上，或者写了两次：{shown}{more}；同名的用村民小组区分。"


@action(rules.leave)
def leave(subject: Listing, *, on: date, why: str, by: Actor, at: datetime) -> Listing:
    """Somebody is no longer on the roll from that day on, for a reason."""
    now = _believed(subject)
    if why not in Listing.Leaving.values:
        raise Refused("请选为什么不在名册上了。")
    if on > timezone.localdate(at):
        raise Refused("日期不能晚于今天。")
    if on < now.since or (now.until is not None and on >= now.until):
        raise Refused(f"日期要在任期之内（{now.since} 起）。")
    end([now], on=on, leaving=why)
    return now


@action(rules.correct)
def correct(subject: Listing, *, name: str, team: str, households: int | None, by: Actor, at: datetime) -> Listing:
    """What was written of somebody was wrong; what stood there before stays readable as known then."""
    now = _believed(subject)
    name, team = name.strip(), team.strip()
    if not name or len(name) > 60 or len(team) > 40:
        raise Refused("姓名不能空着，最多 60 个字；村民小组最多 40 个字。")
    if households is not None and (households < 1 or now.roll != Listing.Roll.REPRESENTATIVES):
        raise Refused("只有村民代表写代表几户，要填 1 以上的整数。")
    others = Listing.objects.from_day(now.since).filter(organisation=now.organisation, roll=now.roll)
    if others.filter(name=name, team=team).exclude(ref=now.ref).exists():
        raise Refused(f"“{name}”已经在名册上了；同名的用村民小组区分。")
    made: Listing = say_right([now], name=name, team=team, households=households)[0]
    return made


def _believed(subject: Listing) -> Listing:
    now = Listing.objects.known().select_related("organisation").filter(ref=subject.ref).first()
    if now is None:
        raise Refused("这条登记刚才已经改过，请刷新页面。")
    return now

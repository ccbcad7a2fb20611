"""The verbs of commendations: entered by the list, revoked one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched

from django.utils import timezone

from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.history.models import CHUNK, end
from jiceng.kernel.history.models import correct as say_right
from jiceng.kernel.journal.bulk import insert
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Membership, Person
from jiceng.lib.paths import is_under
from jiceng.lib.refusals import Refused, RowsRefused

from . import queries, rules
from .models import Award


@dataclass(frozen=True, slots=True)
class Honour:
    """What is given: the same for a whole list."""

    category: str
    honour: str
    level: str
    giver: str
    on: date
    document: str = ""


@dataclass(frozen=True, slots=True)
class NewAward:
    """To whom: an organisation, or a person (who is commended as a member of an organisation)."""

    what: Honour
    organisation: int | None = None
    person: int | None = None


@dataclass(frozen=True)
class Listed:
    """What a list did: how many rows, and the digest over them."""

    rows: int
    root: str


@action(rules.award_many)
def award_many(
    subject: Organisation, *, rows: Sequence[NewAward], by: Actor, at: datetime, case: Case | None = None,
    batch: int | None = None,
) -> Listed:  # fmt: skip
    """Enters who was commended at or below `subject`, or nobody if one row is wrong. With a case, as it decided."""
    tree.hold_tree(subject)
    if case is not None:
        _as_decided(subject, case, rows)
    faults, homes = _checked(subject, rows, at)
    if faults:
        raise RowsRefused(faults)
    made = insert(_award(new, homes[number], case, batch) for number, new in enumerate(rows))
    return Listed(len(made), bulk_root((one.organisation_id, one.person_id, one.since) for one in made))


def check_awards(subject: Organisation, rows: Sequence[NewAward], at: datetime) -> list[tuple[int, str]]:
    """What `award_many` would refuse, by number from 1, with a sentence. Writes nothing."""
    return _checked(subject, rows, at)[0]


@action(rules.revoke)
def revoke(subject: Award, *, on: date, reason: str, decision: str, by: Actor, at: datetime) -> Award:
    """The title is taken away from that day on, for a reason and by a decision; that it was given stays written."""
    now = Award.objects.known().filter(ref=subject.ref).first()
    if now is None:
        raise Refused("这条表彰登记已被撤回，请刷新页面。")
    if now.until is not None:
        raise Refused(f"这项称号已于 {now.until} 撤销。")
    if not reason.strip() or not decision.strip():
        raise Refused("撤销称号要写明事由和决定撤销的文号。")
    if on <= now.since:
        raise Refused(f"撤销日期要晚于授予日期 {now.since}；登记错了的，请撤回那一批重新登记。")
    if on > timezone.localdate(at):
        raise Refused("撤销日期不能晚于今天。")
    end([now], on=on, reason=reason.strip()[:200], decision=decision.strip()[:80])
    return Award.objects.known().get(ref=now.ref)


@action(rules.withdraw_batch)
def withdraw_batch(subject: Organisation, *, batch: int, by: Actor, at: datetime) -> Listed:
    """Undoes one list that was entered by mistake. Refused where a title of it was revoked since."""
    ever = Award.objects.filter(batch=batch, organisation__path__under=subject)
    changed = ever.exclude(superseded_at=None).count()
    if changed:
        raise Refused(f"这一批里有 {changed} 项称号后来撤销或更正过，不能整批撤回。")
    rows = ever.known()
    refs = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.supersede()
    return Listed(len(refs), bulk_root(refs))


def follow(kept: Person, dropped: Person, by: Actor) -> None:
    """The dropped record's titles are the kept person's; one that both have is said once."""
    for award in Award.objects.known().filter(person=dropped):
        same = {"honour": award.honour, "giver": award.giver, "since": award.since}
        if Award.objects.known().filter(person=kept, **same).exists():
            Award.objects.filter(pk=award.pk).supersede()
        else:
            say_right([award], person_id=kept.pk)


def _as_decided(subject: Organisation, case: Case, rows: Sequence[NewAward]) -> None:
    """A list that follows a case has as many names as the case decided, is not older, and comes once."""
    if not queries.decided(subject).filter(pk=case.pk).exists():
        raise Refused("这件表彰事项不是本组织办结的，或者名单已经登记过。")
    on, number = queries.decision_of(case)
    if number is not None and number != len(rows):
        raise Refused(f"这件事项决定表彰 {number} 个（名），名单上有 {len(rows)} 个，请核对。")
    if on is not None and any(new.what.on < on for new in rows):
        raise Refused(f"集体研究决定在 {on}，授予日期不能更早。")


def _checked(
    subject: Organisation, rows: Sequence[NewAward], at: datetime
) -> tuple[list[tuple[int, str]], dict[int, int]]:
    """Faults by number from 1, and the organisation of each row by number from 0."""
    paths = _paths(rows)
    belongs = _belongs(rows)
    there = _there(rows)
    faults: list[tuple[int, str]] = []
    homes: dict[int, int] = {}
    for number, new in enumerate(rows):
        home = _home(new, belongs)
        said = list(_misfits(new, timezone.localdate(at)))
        if home is None or home not in paths or not is_under(paths[home], subject.path):
            said.append(
                f"授予那天不是“{subject.name}”及其下级的党员。" if new.person else f"组织不在“{subject.name}”及其下级。"
            )
        else:
            homes[number] = home
            key = (
                new.person,
                None if new.person else home,
                new.what.honour.strip(),
                new.what.giver.strip(),
                new.what.on,
            )
            if key in there:
                said.append("同一天的同一个称号已经登记过。")
            there.add(key)
        faults += ((number + 1, sentence) for sentence in said)
    return faults, homes


def _misfits(new: NewAward, today: date) -> Iterator[str]:
    what = new.what
    if (new.organisation is None) == (new.person is None):
        yield "请写一个组织或者一名党员。"
    if what.category not in Award.Category.values or what.level not in Award.Level.values:
        yield "没有这种称号种类或级别。"
    elif (what.category == Award.Category.ORGANISATION) != (new.person is None) and what.category != "other":
        yield "先进基层党组织授给组织，别的称号授给党员。"
    if not 0 < len(what.honour.strip()) <= 60 or not 0 < len(what.giver.strip()) <= 120:
        yield "请写称号（60 个字以内）和授予单位。"
    if what.on > today:
        yield "授予日期不能晚于今天。"


def _home(new: NewAward, belongs: dict[int, list[tuple[int, date, date | None]]]) -> int | None:
    """The organisation itself, or the one to which the person belonged on the day."""
    if new.person is None:
        return new.organisation
    for organisation, since, until in belongs.get(new.person, ()):
        if since <= new.what.on and (until is None or until > new.what.on):
            return organisation
    return None


def _belongs(rows: Sequence[NewAward]) -> dict[int, list[tuple[int, date, date | None]]]:
    found: dict[int, list[tuple[int, date, date | None]]] = {}
    for some in batched({new.person for new in rows if new.person}, CHUNK):
        known = Membership.objects.known().filter(person__in=some)
        for person, home, since, until in known.values_list("person_id", "organisation_id", "since", "until"):
            found.setdefault(person, []).append((home, since, until))
    return found


def _paths(rows: Sequence[NewAward]) -> dict[int, str]:
    """Of the organisations, and of those to which the people ever belonged."""
    found: dict[int, str] = {}
    for some in batched({new.organisation for new in rows if new.organisation}, CHUNK):
        found |= dict(Organisation.objects.filter(pk__in=some).values_list("pk", "path"))
    for some in batched({new.person for new in rows if new.person}, CHUNK):
        homes = Membership.objects.known().filter(person__in=some).values("organisation")
        found |= dict(Organisation.objects.filter(pk__in=homes).values_list("pk", "path"))
    return found


def _there(rows: Sequence[NewAward]) -> set[tuple[int | None, int | None, str, str, date]]:
    """What is entered already of those days: person or organisation, title, giver, day."""
    days = {new.what.on for new in rows}
    known = Award.objects.known().filter(since__in=days)
    return {
        (person, None if person else home, honour, giver, since)
        for person, home, honour, giver, since in known.values_list(
            "person_id", "organisation_id", "honour", "giver", "since"
        )
    }


def _award(new: NewAward, home: int, case: Case | None, batch: int | None) -> Award:
    what = new.what
    return Award(
        organisation_id=home, person_id=new.person, category=what.category, honour=what.honour.strip(),
        level=what.level, giver=what.giver.strip(), since=what.on, document=what.document.strip()[:80], case=case,
        batch=batch,
    )  # fmt: skip

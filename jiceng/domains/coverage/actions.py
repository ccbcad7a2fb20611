"""The verbs of coverage and of pairs."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from jiceng.kernel.access import Actor, Role, action, bulk_root
from jiceng.kernel.history.models import end, succeed
from jiceng.kernel.journal.bulk import insert
from jiceng.kernel.orgs import queries as orgs
from jiceng.kernel.orgs.models import Change, Organisation
from jiceng.kernel.posts.models import Post
from jiceng.kernel.units import queries as units
from jiceng.kernel.units.models import Unit
from jiceng.lib.refusals import Refused, RowsRefused

from . import rules
from .models import Coverage, Pairing


@dataclass(frozen=True)
class Listed:
    """What a list did: how many rows, and their digest."""

    rows: int
    root: str


@dataclass(frozen=True)
class NewCoverage:
    """One row of a list: which organisation covers which unit, how, since when."""

    unit_code: str
    organisation_code: str
    form: str
    since: date


@dataclass(frozen=True)
class NewPairing:
    """One row of a list: which unit is paired with which organisation, what for, since when."""

    unit_code: str
    organisation_code: str
    purpose: str
    since: date


@action(rules.cover)
def cover(subject: Unit, *, organisation: Organisation, form: str, on: date, by: Actor, at: datetime) -> Coverage:
    """From that day the organisation covers the unit in that form; an earlier form of its own gives way."""
    orgs.hold_tree(organisation)
    rules.cover.require(by, organisation)
    there = list(Coverage.objects.from_day(on).filter(unit=subject))
    faults = [*_misfits(subject, organisation, form, on, at), *_clashes(organisation, form, there)]
    if form == Coverage.Form.INSTRUCTOR and not _instructs(organisation, on):
        faults.append(f"“{organisation.name}”在 {on} 没有党建指导员，请先任命。")
    if faults:
        raise Refused("".join(faults))
    own = [row for row in there if row.organisation_id == organisation.pk]
    if own:
        return succeed(own, on=on, form=form)[0]  # type: ignore[no-any-return]  # history does not know the model
    return Coverage.objects.create(unit=subject, organisation=organisation, form=form, since=on)


@action(rules.cover_many)
def cover_many(subject: Organisation, *, rows: Sequence[NewCoverage], by: Actor, at: datetime) -> Listed:
    """A whole list of coverage by organisations under `subject`, of units that nobody covers yet."""
    orgs.hold_tree(subject)
    known, covering = _named(rows)
    under = _under(subject)
    instructing = set(Post.objects.open().filter(role=Role.INSTRUCTOR).values_list("organisation", flat=True))
    taken: dict[int, list[Coverage]] = defaultdict(list)
    for standing in Coverage.objects.known().filter(unit__organisation__path__under=subject.path):
        taken[standing.unit_id].append(standing)
    faults: list[tuple[int, str]] = []
    made = []
    for number, row in enumerate(rows, start=1):
        pair = _pair_of(subject, row, known, covering, under, number, faults)
        if pair is None:
            continue
        unit, organisation = pair
        there = [one for one in taken[unit.pk] if one.until is None or one.until > row.since]
        faults += ((number, sentence) for sentence in _misfits(unit, organisation, row.form, row.since, at))
        faults += ((number, sentence) for sentence in _clashes(organisation, row.form, there))
        if any(one.organisation_id == organisation.pk for one in there):
            faults.append((number, f"“{organisation.name}”已经覆盖“{unit.name}”。"))
        if row.form == Coverage.Form.INSTRUCTOR and organisation.pk not in instructing:
            faults.append((number, f"“{organisation.name}”没有党建指导员，请先任命。"))
        one = Coverage(unit=unit, organisation=organisation, form=row.form, since=row.since)
        taken[unit.pk].append(one)
        made.append(one)
    if faults:
        raise RowsRefused(faults)
    insert(made)
    return Listed(len(made), bulk_root((one.unit_id, one.organisation_id, one.form) for one in made))


@action(rules.uncover)
def uncover(subject: Coverage, *, on: date, by: Actor, at: datetime) -> Coverage:
    """From that day the organisation no longer covers the unit."""
    _ends(subject, on, at)
    return subject


@action(rules.follow)
def follow(subject: None, *, by: Actor, at: datetime) -> Listed:
    """What a merged organisation covered, its successor covers from that day; what a dissolved one covered ends."""
    left = Coverage.objects.open().filter(organisation__closed_on__isnull=False).select_related("organisation")
    rows = [(row, row.organisation.closed_on or row.since) for row in left]
    merges = Change.objects.filter(organisation__in={row.organisation_id for row, _ in rows}, kind=Change.Kind.MERGE)
    heirs = {change.organisation_id: change.other_id for change in merges.order_by("on", "pk")}
    covered = set(Coverage.objects.open().values_list("unit", "organisation"))
    made = []
    for row, closed_on in rows:
        end([row], on=closed_on)
        heir = heirs.get(row.organisation_id)
        if heir and (row.unit_id, heir) not in covered:
            covered.add((row.unit_id, heir))
            made.append(Coverage(unit_id=row.unit_id, organisation_id=heir, form=row.form, since=closed_on))
    insert(made)
    return Listed(len(rows), bulk_root((row.unit_id, row.organisation_id) for row, _ in rows))


@action(rules.pair)
def pair(subject: Unit, *, organisation: Organisation, purpose: str, on: date, by: Actor, at: datetime) -> Pairing:
    """A unit (机关、企业) stands by an organisation (社区、村) from that day on."""
    orgs.hold_tree(organisation)
    faults = [*_undated(organisation, on, at), *_unsaid(purpose)]
    if Pairing.objects.from_day(on).filter(unit=subject, organisation=organisation).exists():
        faults.append(f"“{subject.name}”已经和“{organisation.name}”结对。")
    if faults:
        raise Refused("".join(faults))
    return Pairing.objects.create(unit=subject, organisation=organisation, purpose=purpose.strip(), since=on)


@action(rules.pair_many)
def pair_many(subject: Organisation, *, rows: Sequence[NewPairing], by: Actor, at: datetime) -> Listed:
    """A whole list of pairs with organisations under `subject`."""
    orgs.hold_tree(subject)
    known, organisations = _named(rows)
    under = _under(subject)
    standing = Pairing.objects.open().filter(organisation__path__under=subject.path)
    taken = set(standing.values_list("unit", "organisation"))
    faults: list[tuple[int, str]] = []
    made = []
    for number, row in enumerate(rows, start=1):
        pair = _pair_of(subject, row, known, organisations, under, number, faults)
        if pair is None:
            continue
        unit, organisation = pair
        if (unit.pk, organisation.pk) in taken:
            faults.append((number, f"“{unit.name}”已经和“{organisation.name}”结对。"))
        taken.add((unit.pk, organisation.pk))
        faults += ((number, said) for said in (*_undated(organisation, row.since, at), *_unsaid(row.purpose)))
        made.append(Pairing(unit=unit, organisation=organisation, purpose=row.purpose.strip(), since=row.since))
    if faults:
        raise RowsRefused(faults)
    insert(made)
    return Listed(len(made), bulk_root((one.unit_id, one.organisation_id) for one in made))


@action(rules.unpair)
def unpair(subject: Pairing, *, on: date, by: Actor, at: datetime) -> Pairing:
    """From that day the unit and the organisation are no longer a pair."""
    _ends(subject, on, at)
    return subject


def _ends(row: Coverage | Pairing, on: date, at: datetime) -> None:
    if on > timezone.localdate(at):
        raise Refused("结束日期不能晚于今天；还没有发生的事，到时再办。")
    if row.superseded_at or row.until:
        raise Refused("这一段已经结束，请刷新页面。")
    if on <= row.since:
        raise Refused(f"结束日期要晚于开始日期 {row.since}。")
    end([row], on=on)


def _named(
    rows: Sequence[NewCoverage] | Sequence[NewPairing],
) -> tuple[dict[str, Unit], dict[str, Organisation]]:
    return units.by_code({row.unit_code for row in rows}), orgs.by_code({row.organisation_code for row in rows})


def _under(subject: Organisation) -> set[int]:
    return set(Organisation.objects.filter(path__under=subject.path).values_list("pk", flat=True))


def _pair_of(
    subject: Organisation, row: NewCoverage | NewPairing, known: dict[str, Unit],
    organisations: dict[str, Organisation], under: set[int], number: int, faults: list[tuple[int, str]],
) -> tuple[Unit, Organisation] | None:  # fmt: skip
    """The two that a row names; None, and a fault noted, where there is no such unit or organisation in reach."""
    unit, organisation = known.get(row.unit_code), organisations.get(row.organisation_code)
    if unit is None:
        faults.append((number, f"没有代码为 {row.unit_code} 的单位。"))
    if unit and unit.organisation_id not in under:
        faults.append((number, f"单位“{unit.name}”不由“{subject.name}”之下的组织联系。"))
        return None
    if organisation is None or organisation.pk not in under:
        faults.append((number, f"“{subject.name}”之下没有代码为 {row.organisation_code} 的组织。"))
        return None
    return (unit, organisation) if unit else None


def _misfits(unit: Unit, organisation: Organisation, form: str, on: date, at: datetime) -> Iterator[str]:
    yield from _undated(organisation, on, at)
    if form not in Coverage.Form.values:
        yield f"没有“{form}”这种覆盖方式；可以填：{'、'.join(Coverage.Form.labels)}。"


def _undated(organisation: Organisation, on: date, at: datetime) -> Iterator[str]:
    if on > timezone.localdate(at):
        yield "日期不能晚于今天；还没有发生的事，到时再办。"
    if organisation.closed_on:
        yield f"“{organisation.name}”已于 {organisation.closed_on} 撤销。"
    if on < organisation.founded_on:
        yield f"“{organisation.name}”在 {organisation.founded_on} 才成立，日期不能更早。"


def _unsaid(purpose: str) -> Iterator[str]:
    if not purpose.strip() or len(purpose.strip()) > 200:
        yield "请写明结对做什么，最多 200 个字。"


def _clashes(organisation: Organisation, form: str, there: Sequence[Coverage]) -> Iterator[str]:
    """An organisation of its own stands alone: next to it there is no other, single or joint."""
    if form == Coverage.Form.INSTRUCTOR:
        return
    for row in there:
        if row.organisation_id == organisation.pk or row.form == Coverage.Form.INSTRUCTOR:
            continue
        if Coverage.Form.SINGLE in (form, row.form):
            yield f"“{row.organisation.name}”已经以“{row.get_form_display()}”覆盖这个单位，请先解除。"


def _instructs(organisation: Organisation, on: date) -> bool:
    return Post.objects.on(on).filter(organisation=organisation, role=Role.INSTRUCTOR).exists()

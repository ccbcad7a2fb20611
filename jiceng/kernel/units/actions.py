"""The verbs of units. What changes is dated; a wrong name or code is a correction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.history.models import end, succeed, take_back
from jiceng.kernel.journal.bulk import insert
from jiceng.kernel.orgs import queries as orgs
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib import bulk, text
from jiceng.lib.numbers import credit_code_problem, normalise
from jiceng.lib.refusals import Refused, RowsRefused
from jiceng.lib.relations import pointing_to

from . import queries, rules
from .models import Unit, UnitNameKey, UnitState

BATCH = 500
"""Keys a statement where rows are looked up."""


@dataclass(frozen=True)
class State:
    """How a unit is from some day on."""

    grade: str = ""
    staff: int = 0
    premises: bool = True
    activity: str = UnitState.Activity.RUNNING


@dataclass(frozen=True)
class NewUnit:
    """What a new unit is called and what it is; in a list, `organisation_code` names who looks after it."""

    code: str
    name: str
    kind: str
    credit_code: str = ""
    place: int | None = None
    registered_on: date | None = None
    since: date | None = None
    state: State = State()
    organisation_code: str = ""


@dataclass(frozen=True)
class Listed:
    """What a list registered or changed: how many, the digest of its rows, and the ids by code."""

    rows: int
    root: str
    ids: dict[str, int] = field(default_factory=dict, repr=False)


@action(rules.register)
def register(subject: Organisation, *, new: NewUnit, on: date, by: Actor, at: datetime) -> Unit:
    """Takes a unit into the care of an organisation."""
    orgs.hold_tree(subject)
    _dated(on, at)
    _takes_care(subject)
    faults = [sentence for _, sentence in _faults([new], on, at)]
    if faults:
        raise Refused("".join(faults))
    (unit,) = _store([(new, subject)], on)
    return unit


@action(rules.register_many)
def register_many(
    subject: Organisation, *, rows: Sequence[NewUnit], on: date, by: Actor, at: datetime, batch: int | None = None
) -> Listed:
    """Takes a whole list of units into the care of organisations under `subject`."""
    orgs.hold_tree(subject)
    _dated(on, at)
    known = orgs.by_code({row.organisation_code for row in rows})
    known[""] = subject
    faults = list(_faults(rows, on, at))
    for number, row in enumerate(rows, start=1):
        carer = known.get(row.organisation_code)
        if carer is None or not carer.path.startswith(subject.path):
            faults.append((number, f"“{subject.name}”之下没有代码为 {row.organisation_code} 的组织。"))
        elif carer.closed_on:
            faults.append((number, f"“{carer.name}”已于 {carer.closed_on} 撤销。"))
    if faults:
        raise RowsRefused(faults)
    ids = {unit.code: unit.pk for unit in _store([(row, known[row.organisation_code]) for row in rows], on, batch)}
    return Listed(len(ids), bulk_root(sorted(ids.items())), ids)


def _store(rows: Sequence[tuple[NewUnit, Organisation]], on: date, batch: int | None = None) -> list[Unit]:
    made = insert(
        Unit(
            organisation_id=carer.pk, code=new.code, credit_code=normalise(new.credit_code), name=new.name.strip(),
            kind=new.kind, place_id=new.place, registered_on=new.registered_on,
        )
        for new, carer in rows
    )  # fmt: skip
    insert(
        UnitState(
            unit=unit, organisation_id=unit.organisation_id, since=new.since or on, batch=batch, **asdict(new.state)
        )
        for unit, (new, _) in zip(made, rows, strict=True)
    )
    _write_name_keys(made)
    return made


def check_many(rows: Sequence[NewUnit], *, on: date, at: datetime) -> list[tuple[int, str]]:
    """What `register_many` would refuse of the units themselves, by number from 1, with a sentence. Writes nothing."""
    return list(_faults(rows, on, at))


def _faults(rows: Sequence[NewUnit], on: date, at: datetime) -> Iterator[tuple[int, str]]:
    taken = queries.by_code({row.code for row in rows})
    borne = queries.by_credit_code({normalise(row.credit_code) for row in rows})
    codes, credit_codes = dict[str, int](), dict[str, int]()
    for number, row in enumerate(rows, start=1):
        yield from ((number, sentence) for sentence in _faults_of(row, on, at))
        if row.code in taken or codes.setdefault(row.code, number) != number:
            where = f"第 {codes[row.code]} 行" if row.code in codes else f"“{taken[row.code].name}”"
            yield number, f"单位代码 {row.code} 和{where}重复。"
        credit = normalise(row.credit_code)
        if credit and (credit in borne or credit_codes.setdefault(credit, number) != number):
            where = f"第 {credit_codes[credit]} 行" if credit in credit_codes else f"“{borne[credit].name}”"
            yield number, f"统一社会信用代码 {credit} 和{where}重复。"


def _faults_of(row: NewUnit, on: date, at: datetime) -> Iterator[str]:
    if not row.code.strip() or len(row.code) > 32:
        yield "单位代码不能为空，最多 32 个字符。"
    if not row.name.strip() or len(row.name) > 120:
        yield "名称不能为空，最多 120 个字。"
    if row.kind not in Unit.Kind.values:
        yield f"没有“{row.kind}”这种单位类别；可以填：{'、'.join(Unit.Kind.labels)}。"
    if row.credit_code and (problem := credit_code_problem(row.credit_code)):
        yield problem
    if max(row.since or on, row.registered_on or on) > timezone.localdate(at):
        yield "日期不能晚于今天。"
    yield from _faults_of_state(row.state)


def _faults_of_state(state: State) -> Iterator[str]:
    if state.staff < 0:
        yield "职工人数不能小于 0。"
    if state.activity not in UnitState.Activity.values:
        yield f"没有“{state.activity}”这种经营状态；可以填：{'、'.join(UnitState.Activity.labels)}。"
    if len(state.grade) > 40:
        yield "细分类别最多 40 个字。"


@action(rules.describe)
def describe(subject: Unit, *, state: State, on: date, by: Actor, at: datetime) -> UnitState:
    """From that day the unit is of another class or size, or runs or stops."""
    _dated(on, at)
    faults = list(_faults_of_state(state))
    if faults:
        raise Refused("".join(faults))
    rows = _rows_from([subject.pk], on)[subject.pk]
    _settled(rows, on)
    return succeed(rows, on=on, **asdict(state))[0]  # type: ignore[no-any-return]  # history does not know the model


@action(rules.describe_many)
def describe_many(
    subject: Organisation, *, rows: Sequence[tuple[str, State]], on: date, by: Actor, at: datetime,
    batch: int | None = None,
) -> Listed:  # fmt: skip
    """From that day a whole list of units, by code, is of another class or size."""
    orgs.hold_tree(subject)
    _dated(on, at)
    known = queries.by_code({code for code, _ in rows})
    carers = Organisation.objects.filter(path__under=subject.path).values_list("pk", flat=True)
    mine, faults = set(carers), []
    standing = _rows_from([unit.pk for unit in known.values()], on)
    for number, (code, state) in enumerate(rows, start=1):
        faults += [(number, sentence) for sentence in _faults_of_state(state)]
        unit = known.get(code)
        if unit is None or unit.organisation_id not in mine:
            faults.append((number, f"“{subject.name}”之下没有代码为 {code} 的单位。"))
            continue
        try:
            _settled(standing[unit.pk], on)
        except Refused as refusal:
            faults.append((number, str(refusal)))
    if faults:
        raise RowsRefused(faults)
    states = {known[code].pk: asdict(state) for code, state in rows}
    old = [row for key in states for row in standing[key]]
    succeed(old, on=on, changes={row.pk: states[row.unit_id] for row in old}, batch=batch)
    return Listed(len(states), bulk_root(sorted(states)), {code: known[code].pk for code, _ in rows})


@action(rules.undo_many)
def undo_many(
    subject: Organisation, *, batch: int, registered: Sequence[NewUnit], described: Sequence[str], by: Actor,
    at: datetime,
) -> Listed:  # fmt: skip
    """Takes a batch back as if it had never been: `registered` units are gone, those of the codes `described` are as
    they were. Raises RowsRefused with every row on which something was done since, or stands; rows are counted from 1,
    the registered first."""
    orgs.hold_tree(subject)
    said = UnitState.objects.filter(batch=batch, organisation__path__under=subject.path)
    made = Unit.objects.filter(pk__in=said.values("unit")).exclude(
        pk__in=UnitState.objects.exclude(batch=batch).values("unit")
    )
    faults = list(_faults_of_undoing([*registered, *described], said, made))
    if faults:
        raise RowsRefused(sorted(faults)[:BATCH])
    keys = list(made.order_by("pk").values_list("pk", flat=True))
    back = take_back(said.filter(superseded_at=None).exclude(unit__in=made), of="unit_id")
    for model in (UnitState, UnitNameKey):
        bulk.remove(model, "unit", keys)
    bulk.remove(Unit, "pk", keys)
    return Listed(len(keys) + len(back), bulk_root([*keys, *sorted(row.unit_id for row in back)]))


def _faults_of_undoing(
    rows: Sequence[NewUnit | str], said: QuerySet[UnitState], made: QuerySet[Unit]
) -> Iterator[tuple[int, str]]:
    known = queries.by_code({row if isinstance(row, str) else row.code for row in rows})
    told, fresh = set(said.values_list("unit", flat=True)), set(made.values_list("pk", flat=True))
    again = set(said.exclude(superseded_at=None).values_list("unit", flat=True))
    numbers = dict[int, int]()
    for number, row in enumerate(rows, start=1):
        unit = known.get(row if isinstance(row, str) else row.code)
        if unit is None or unit.pk not in told or unit.pk in again:
            yield number, "入库以后它变动过，或已经不归这里办理。"
            continue
        numbers[unit.pk] = number
        if not isinstance(row, str) and (unit.pk not in fresh or _facts_of(unit) != _told_of(row)):
            yield number, "入库以后它更正过。"
    for pk, what in pointing_to(made, own={UnitState: Q(), UnitNameKey: Q()}):
        yield numbers.get(pk, 1), f"入库以后又有了“{what}”。"


def _facts_of(unit: Unit) -> tuple[object, ...]:
    return unit.name, unit.kind, unit.credit_code, unit.place_id, unit.registered_on


def _told_of(row: NewUnit) -> tuple[object, ...]:
    return row.name.strip(), row.kind, normalise(row.credit_code), row.place, row.registered_on


@action(rules.close)
def close(subject: Unit, *, on: date, by: Actor, at: datetime) -> Unit:
    """The unit is struck off the register or has left; what it was stays readable."""
    _dated(on, at)
    rows = _rows_from([subject.pk], on)[subject.pk]
    _settled(rows, on)
    if rows[0].since >= on:
        raise Refused(f"“{subject.name}”在 {rows[0].since} 才有现在的情况，注销日期要晚于这一天。")
    end(rows, on=on)
    return subject


@action(rules.hand_over)
def hand_over(subject: Unit, *, to: Organisation, on: date, by: Actor, at: datetime) -> Unit:
    """From that day another organisation looks after the unit. The actor must rule over both."""
    orgs.hold_tree(to)
    _dated(on, at)
    _takes_care(to)
    rules.hand_over.require(by, to)
    rows = _rows_from([subject.pk], on)[subject.pk]
    _settled(rows, on)
    succeed(rows, on=on, organisation_id=to.pk)
    subject.organisation = to
    subject.save(update_fields=["organisation"])
    return subject


@action(rules.hand_over_all)
def hand_over_all(subject: Organisation, *, to: Organisation, on: date, by: Actor, at: datetime) -> Listed:
    """From that day `to` looks after every unit that `subject` looked after."""
    orgs.hold_tree(subject, to)
    _dated(on, at)
    _takes_care(to)
    rules.hand_over_all.require(by, to)
    rows = list(UnitState.objects.from_day(on).filter(organisation=subject))
    succeed(rows, on=on, organisation_id=to.pk)
    moved = Unit.objects.filter(organisation=subject)
    keys = sorted(moved.values_list("pk", flat=True))
    moved.update(organisation=to)
    return Listed(len(keys), bulk_root(keys))


@action(rules.correct)
def correct(
    subject: Unit, *, by: Actor, at: datetime, name: str = "", kind: str = "", credit_code: str = "",
    place: int | None = None, registered_on: date | None = None,
) -> Unit:  # fmt: skip
    """更正: what was written of the unit was wrong from the start. Fields left empty stay."""
    credit_code = normalise(credit_code)
    if credit_code and (problem := credit_code_problem(credit_code)):
        raise Refused(problem)
    if credit_code and Unit.objects.filter(credit_code=credit_code).exclude(pk=subject.pk).exists():
        raise Refused(f"统一社会信用代码 {credit_code} 已经有别的单位在用。")
    if kind and kind not in Unit.Kind.values:
        raise Refused(f"没有“{kind}”这种单位类别。")
    said = {
        "name": name.strip(), "kind": kind, "credit_code": credit_code, "place_id": place,
        "registered_on": registered_on,
    }  # fmt: skip
    said = {key: value for key, value in said.items() if value}
    if not said:
        raise Refused("请写出要更正的内容。")
    Unit.objects.filter(pk=subject.pk).update(**said)
    subject.refresh_from_db()
    UnitNameKey.objects.filter(unit=subject).delete()
    _write_name_keys([subject])
    return subject


def _dated(on: date, at: datetime) -> None:
    if on > timezone.localdate(at):
        raise Refused("日期不能晚于今天；还没有发生的事，到时再办。")


def _takes_care(organisation: Organisation) -> None:
    """Raises Refused for an organisation that is gone."""
    if organisation.closed_on:
        raise Refused(f"“{organisation.name}”已于 {organisation.closed_on} 撤销。")


def _rows_from(units: Sequence[int], on: date) -> dict[int, list[UnitState]]:
    found: dict[int, list[UnitState]] = defaultdict(list)
    for start in range(0, len(units), BATCH):
        some = UnitState.objects.from_day(on).filter(unit__in=units[start : start + BATCH]).order_by("since")
        for row in some:
            found[row.unit_id].append(row)
    return found


def _settled(rows: Sequence[UnitState], on: date) -> None:
    """Raises Refused unless one state holds on that day and none follows it."""
    if not rows:
        raise Refused(f"{on} 时单位已经注销。")
    if len(rows) > 1 or rows[0].since > on:
        raise Refused(f"{rows[-1].since} 还有更晚的情况，请改用更晚的日期。")


def _write_name_keys(units: Iterable[Unit]) -> None:
    bulk.insert(UnitNameKey, ("unit", "key"), ((unit.pk, key) for unit in units for key in text.name_keys(unit.name)))

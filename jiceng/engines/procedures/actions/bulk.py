"""Cases of many organisations at once, each at the step where it is: as a county brings in what it has under way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from jiceng.engines.fields.declarations import Kept
from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refs import new_ref
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..declarations import OPENED, Procedure
from ..declarations.hindrances import Ending, of_ending
from ..declarations.machine import Act, Record, Standing, standing
from ..models import Case, Entry, Waiting
from .effecting import effects_of
from .writing import Told, checked, edition_of, entry_of, stand, waitings_of

SHOWN = 5
AT_ONCE = 500


@dataclass(frozen=True)
class Deed:
    """One act after the case came in: a reply, a paper, a round, or the end of a step by its outcome (`key`)."""

    act: Act
    on: date
    key: str = ""
    said: Mapping[str, Kept] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Past:
    """A case as it comes in: at which step since when, when earlier steps were done, and what was done since."""

    organisation: int
    title: str
    step: str
    on: date
    done: Mapping[str, date] = field(default_factory=dict)
    said: Mapping[str, Kept] = field(default_factory=dict)
    deeds: Sequence[Deed] = ()


@dataclass(frozen=True)
class Entered:
    """How many cases came in, the digest of their rows, and their ids in the order of the list."""

    rows: int
    root: str
    cases: tuple[int, ...]


@action(rules.enter_many)
def enter_many(subject: Organisation, *, procedure: str, rows: Sequence[Past], by: Actor, at: datetime) -> Entered:
    """Enters cases of organisations at or below `subject`. Raises Refused with the first of the rows that are wrong."""
    homes = Organisation.objects.filter(path__under=subject.path).in_bulk([row.organisation for row in rows])
    today, made, faults = timezone.localdate(at), list[_Made](), list[str]()
    laws: dict[date, Procedure | None] = {}
    for number, row in enumerate(rows, start=1):
        day = row.done.get(OPENED, row.on)
        if day not in laws:
            laws[day] = queries.procedure_in_force(procedure, day)
        try:
            made.append(_made(row, homes.get(row.organisation), laws[day], procedure, today, by))
        except (Refused, ValueError) as wrong:
            faults.append(f"第 {number} 行：{wrong}")
    if faults:
        more = f"……一共 {len(faults)} 行。" if len(faults) > SHOWN else ""
        raise Refused("\n".join(faults[:SHOWN]) + more)
    return _stored(made, by, at)


@dataclass(frozen=True)
class _Made:
    """A row with where its case stands and what is written of it."""

    row: Past
    home: Organisation
    law: Procedure
    records: Sequence[Record]
    now: Standing


def _made(row: Past, home: Organisation | None, law: Procedure | None, key: str, today: date, by: Actor) -> _Made:
    if home is None or home.closed_on:
        raise Refused("没有这个组织，它不在您的下级，或者已经撤销。")
    if law is None:
        raise Refused(f"那时没有叫“{key}”的办事程序。")
    if law.about != "organisation" or not row.title.strip() or row.on > today:
        raise Refused("这个程序不能成批补登，没有写名称，或者日期晚于今天。")
    if law.find(row.step) is None:
        raise Refused(f"没有“{row.step}”这一步。")
    before = {OPENED, *(one.key for one in law.step[: law.place_of(row.step)])}
    if set(row.done) - before or any(on > row.on for on in row.done.values()):
        raise Refused("办过的步骤不在这一步之前，或者日期晚于到这一步的日期。")
    first = Record(1, Act.ENTERED, row.on, row.step, said=checked(law.field, row.said, by), done=row.done)
    records = [first]
    for deed in row.deeds:
        records.append(_next(law, records, deed, today, by))
    return _Made(row, home, law, records, standing(law, records))


def _next(law: Procedure, records: Sequence[Record], deed: Deed, today: date, by: Actor) -> Record:
    now = standing(law, records)
    if now.step is None:
        raise Refused("已经办结，后面不能再有。")
    fields = [one for one in now.step.field if one.key in deed.said] if deed.act is Act.DONE else []
    said = checked(fields, deed.said, by)
    if deed.act is Act.DONE:
        ending = Ending(deed.key, deed.on, today, said, deed.reason)
        for one in of_ending(law, now, ending, queries.calendar()):
            if one.hard or not deed.reason.strip():
                raise Refused(str(one))
        if effects_of(law, now.step.key, deed.key):
            raise Refused(f"“{now.step.name}”办结后要办别的事，不能成批补登，请逐件办。")
    return Record(len(records) + 1, deed.act, deed.on, now.step.key, deed.key, said)


def _stored(made: Sequence[_Made], by: Actor, at: datetime) -> Entered:
    laws = {one.law.edition: one.law for one in made}
    editions = {digest: edition_of(law) for digest, law in laws.items()}
    cases = []
    for one in made:
        edition = editions[one.law.edition]
        opened = one.row.done.get(OPENED, one.row.on)
        case = Case(organisation=one.home, edition=edition, title=one.row.title.strip()[:120], opened_on=opened)
        stand(case, one.law, one.now, len(one.records))
        cases.append(case)
    Case.objects.bulk_create(cases, batch_size=AT_ONCE)
    Entry.objects.bulk_create(_entries(cases, made, by, at), batch_size=AT_ONCE)
    waiting = [row for case, one in zip(cases, made, strict=True) for row in waitings_of(case, one.now)]
    Waiting.objects.bulk_create(waiting, batch_size=AT_ONCE)
    ids = tuple(case.pk for case in cases)
    return Entered(len(ids), bulk_root((case.pk, case.organisation_id, case.title) for case in cases), ids)


def _entries(cases: Sequence[Case], made: Sequence[_Made], by: Actor, at: datetime) -> Iterator[Entry]:
    for case, one in zip(cases, made, strict=True):
        reasons = ["", *(deed.reason for deed in one.row.deeds)]
        for record, reason in zip(one.records, reasons, strict=True):
            yield entry_of(case, record, Told(record.on, reason=reason, token=new_ref()), (), by, at)


def cases_of(entered: Entered) -> list[Case]:
    """The cases that came in, in the order of the list."""
    found = Case.objects.in_bulk(entered.cases)
    return [found[pk] for pk in entered.cases]

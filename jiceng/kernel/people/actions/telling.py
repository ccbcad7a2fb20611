"""What is known of a person: 变更 from a day on, and 更正 of what was written wrong."""

from datetime import date, datetime
from typing import Any

from jiceng.kernel.access import Actor, action
from jiceng.kernel.history.models import succeed
from jiceng.lib import numbers
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..declarations import ETHNICITY, SEX
from ..models import Correction, Particulars, Person, Renumbering
from .admission import NUMBER_TAKEN, day_of, not_later_than_today, said, write_name_keys
from .entries import Told, faults_of_name, faults_of_number, faults_of_told
from .sealed import digest_of, seal, unseal

CORRECTABLE = ("name", "sex", "birth_on", "ethnicity", "joined_on", "joined_to", "full_on")


@action(rules.describe)
def describe(subject: Person, *, told: Told, on: date, by: Actor, at: datetime) -> Particulars:
    """变更: from that day the particulars say something else."""
    not_later_than_today(on, at)
    wrong = list(faults_of_told(told))
    if wrong:
        raise Refused("".join(fault.sentence for fault in wrong))
    rows = list(Particulars.objects.from_day(on).filter(person=subject).order_by("since"))
    if not rows:
        return Particulars.objects.create(person=subject, since=on, **said(told))
    if len(rows) > 1 or rows[0].since > on:
        raise Refused(f"{on} 之后还有变更，请改用更晚的日期，或先更正后面的变更。")
    if all(getattr(rows[0], key) == value for key, value in said(told).items()):
        raise Refused("和现在登记的一样，没有要变更的内容。")
    (row,) = succeed(rows, on=on, **said(told), batch=None)
    assert isinstance(row, Particulars)
    return row


@action(rules.call)
def call(subject: Person, *, phone: str, by: Actor, at: datetime) -> Person:
    """Keeps the telephone number at which the person can be called, or takes it out."""
    problem = numbers.phone_problem(phone) if phone else None
    if problem:
        raise Refused(problem)
    subject.phone_sealed = seal(subject, "phone", phone)
    subject.save(update_fields=["phone_sealed"])
    return subject


@action(rules.correct)
def correct(subject: Person, *, reason: str, by: Actor, at: datetime, **right: Any) -> Person:
    """更正: what was written was wrong from the start. `right` has keys of CORRECTABLE.

    What stood there is kept, sealed with the person's own key.
    """
    subject.refresh_from_db()
    right = {key: value for key, value in right.items() if getattr(subject, key) != value}
    _may_correct(subject, right, reason, day_of(at))
    labels = {field.name: str(field.verbose_name) for field in Person._meta.concrete_fields}
    told = "；".join(f"{labels[key]}：{getattr(subject, key)} → {value}" for key, value in right.items())
    Correction.objects.create(
        person=subject, fields="、".join(labels[key] for key in right), told_sealed=seal(subject, "correction", told),
        reason=reason.strip(), by_name=by.name, at=at,
    )  # fmt: skip
    for key, value in right.items():
        setattr(subject, key, value)
    subject.save(update_fields=list(right))
    if "name" in right:
        write_name_keys(subject)
    return subject


def _may_correct(person: Person, right: dict[str, Any], reason: str, today: date) -> None:
    if not right or set(right) - set(CORRECTABLE):
        raise Refused("请写出要更正的内容；能更正的是姓名、性别、出生日期、民族、入党日期和转正日期。")
    if not reason.strip():
        raise Refused("请写明更正的事由。")
    if hasattr(person, "purge"):
        raise Refused("这份档案已依决定清除，不能再更正。")
    for fault in faults_of_name(right.get("name", person.name)):
        raise Refused(fault.sentence)
    if right.get("sex", "1") not in SEX.codes or right.get("ethnicity", "01") not in ETHNICITY.codes:
        raise Refused("性别、民族要用代码表里的代码。")
    born, joined = right.get("birth_on", person.birth_on), right.get("joined_on", person.joined_on)
    if "birth_on" in right and born != _born_by_number(person, born):
        raise Refused("出生日期和身份证号码里的不一致。号码登记错了的，请办理证件号更正。")
    if joined and not born < joined <= today:
        raise Refused("入党日期要晚于出生日期，不能晚于今天。")


def _born_by_number(person: Person, otherwise: date) -> date:
    """What the registered ID number says of the birth date; `otherwise` where there is none."""
    if person.document != Person.Document.RESIDENT_ID or not person.number_sealed:
        return otherwise
    return numbers.resident_id(unseal(person, "number", person.number_sealed)).birth_on


@action(rules.renumber)
def renumber(
    subject: Person, *, number: str, reason: str, by: Actor, at: datetime,
    document: str = Person.Document.RESIDENT_ID, birth_on: date | None = None,
) -> Renumbering:  # fmt: skip
    """证件号更正: the number was written wrong, or the document has changed. The person is still found by the old one.

    The birth date follows the ID number; for another document it is given, or stays.
    """
    subject.refresh_from_db()
    born = birth_on or (None if document == Person.Document.RESIDENT_ID else subject.birth_on)
    wrong = list(faults_of_number(number, document, born, subject.sex))
    if wrong or not number.strip():
        raise Refused("".join(fault.sentence for fault in wrong) or "请填写新的证件号码。")
    if not reason.strip():
        raise Refused("请写明更正的事由。")
    digest = digest_of(document, number)
    assert digest is not None
    holder = queries.with_number(digest)
    if holder is not None:
        raise Refused("新号码和登记的一样。" if holder.pk == subject.pk else NUMBER_TAKEN)
    trace = Renumbering.objects.create(
        person=subject, old_hash=subject.number_hash, reason=reason.strip(), by_name=by.name, at=at
    )
    subject.document, subject.number_hash = document, digest
    subject.number_sealed = seal(subject, "number", number)
    subject.birth_on = born or numbers.resident_id(number).birth_on
    subject.save(update_fields=["document", "number_hash", "number_sealed", "birth_on"])
    return trace

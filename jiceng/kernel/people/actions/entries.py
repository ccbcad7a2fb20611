"""What is written of a person when they are registered, and what can be wrong with it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from jiceng.lib import numbers

from ..declarations import DEGREE, EDUCATION, ETHNICITY, GRADE, OCCUPATION, SEX, CodeTable
from ..models import Membership, Particulars, Person

GROWN_UP = 18
"""《中国共产党章程》第一条：年满十八岁的……可以申请加入中国共产党。"""

STARTS = (
    Membership.Start.RECORDED, Membership.Start.ADMITTED, Membership.Start.TRANSFERRED, Membership.Start.RESTORED,
)  # fmt: skip
"""How a membership may begin that no earlier one of this platform led to; 转入 here means from outside it."""


_DIGIT = re.compile(r"\d")

# Asked for every row of a list; the choices build their values anew each time.
_DOCUMENTS, _STATIONS, _KINDS, _PRECISIONS = (
    frozenset(choices.values) for choices in (Person.Document, Particulars.Station, Membership.Kind, Person.Precision)
)


class Fault(NamedTuple):
    """One thing that is wrong: which field, and a sentence that says what and what to do."""

    field: str
    sentence: str


class Told(NamedTuple):
    """What the dated particulars say: codes of the national tables, the station, and the unit's id."""

    education: str
    occupation: str
    station: str = Particulars.Station.IN_POST
    degree: str = ""
    grade: str = ""
    unit: int | None = None
    hardship: bool = False
    skilled: bool = False


# Not frozen: a list makes hundreds of thousands of these, and a frozen one takes four times as long to make.
@dataclass(slots=True)
class NewMember:
    """A member to be registered. `organisation` is an id, needed in lists only; `since` is the first day counted there.
    `person` is the id of who is registered already: then a list says what has changed from `since` on.

    A day of `joined_on` known only to the month is the first of it, with `joined_to` saying so. Without an ID number
    the birth date must be given; with one it may be left out.
    """

    name: str
    sex: str
    since: date
    told: Told
    number: str = ""
    document: str = Person.Document.RESIDENT_ID
    birth_on: date | None = None
    ethnicity: str = "01"
    joined_on: date | None = None
    joined_to: str = Person.Precision.DAY
    kind: str = Membership.Kind.FULL
    full_on: date | None = None
    start: str = Membership.Start.RECORDED
    phone: str = ""
    organisation: int | None = None
    person: int | None = None
    floats_since: date | None = None
    floats_to: int | None = None
    floats_where: str = ""

    @property
    def born_on(self) -> date:
        """The birth date that was given, or that of the ID number. Ask only when there are no faults."""
        return self.birth_on or numbers.resident_id(self.number).birth_on


def faults_of(new: NewMember, *, today: date) -> Iterator[Fault]:
    """Everything that is wrong with one row on its own."""
    yield from faults_of_name(new.name)
    yield from _faults_of_words(new.sex, new.ethnicity, new.kind, new.start, new.joined_to, new.told)
    yield from faults_of_number(new.number, new.document, new.birth_on, new.sex)
    if new.phone and (problem := numbers.phone_problem(new.phone)):
        yield Fault("phone", problem)
    yield from _faults_of_dates(new, today)
    if new.person is None:
        yield from _faults_of_floating(new, today)


def faults_of_name(name: str) -> Iterator[Fault]:
    """A name has two characters at least, and no digits."""
    letters = name.strip()
    if not 2 <= len(letters) <= 60:
        yield Fault("name", "姓名要写全，2 到 60 个字。")
    elif _DIGIT.search(letters):
        yield Fault("name", "姓名里有数字，请按证件上的姓名填写。")


def faults_of_number(number: str, document: str, birth_on: date | None, sex: str = "") -> Iterator[Fault]:
    """An ID number has a check digit, and says the birth date and the sex; other documents say nothing."""
    if document not in _DOCUMENTS:
        yield Fault("document", f"没有“{document}”这种证件；可以填：{'、'.join(Person.Document.labels)}。")
        return
    if document != Person.Document.RESIDENT_ID or not number.strip():
        if birth_on is None:
            yield Fault("birth_on", "没有居民身份证号码的，请填写出生日期。")
        if number.strip() and not 5 <= len(number.strip()) <= 20:
            yield Fault("number", "证件号码应为 5 到 20 个字符。")
        return
    try:
        read = numbers.resident_id(number)
    except numbers.WrongNumber as wrong:
        yield Fault("number", str(wrong))
        return
    if birth_on is not None and birth_on != read.birth_on:
        yield Fault("birth_on", "出生日期和身份证号码里的不一致，请核对其中哪一个错了。")
    if sex in ("1", "2") and sex != read.sex:
        yield Fault("sex", "性别和身份证号码里的不一致，请核对其中哪一个错了。")


def faults_of_told(told: Told) -> Iterator[Fault]:
    """Codes that the national tables do not have."""
    yield from _faults_of_codes((("education", EDUCATION, told.education), ("occupation", OCCUPATION, told.occupation)))
    optional = (("degree", DEGREE, told.degree), ("grade", GRADE, told.grade))
    yield from _faults_of_codes(row for row in optional if row[2])
    if told.station not in _STATIONS:
        yield Fault("station", f"没有“{told.station}”这种在岗情况；可以填：{'、'.join(Particulars.Station.labels)}。")


def _faults_of_codes(said: Iterable[tuple[str, CodeTable, str]]) -> Iterator[Fault]:
    for field, table, code in said:
        if code not in table.codes:
            yield Fault(field, f"“{code}”不在{table.name}代码表（{table.standard}）里。")


@lru_cache(maxsize=16384)
def _faults_of_words(sex: str, ethnicity: str, kind: str, start: str, joined_to: str, told: Told) -> tuple[Fault, ...]:
    """What is wrong with codes and choices, of which a list repeats a few combinations."""
    return (
        *_faults_of_codes((("sex", SEX, sex), ("ethnicity", ETHNICITY, ethnicity))),
        *faults_of_told(told),
        *_faults_of_choices(kind, start, joined_to),
    )


def _faults_of_choices(kind: str, start: str, joined_to: str) -> Iterator[Fault]:
    if kind not in _KINDS:
        yield Fault("kind", f"没有“{kind}”这种党员类别；可以填：{'、'.join(Membership.Kind.labels)}。")
    if start not in STARTS:
        yield Fault("start", f"登记时不能写“{start}”；可以填：{'、'.join(one.label for one in STARTS)}。")
    if joined_to not in _PRECISIONS:
        yield Fault("joined_to", "入党日期只能精确到日或月。")


def _faults_of_dates(new: NewMember, today: date) -> Iterator[Fault]:
    if new.since > today:
        yield Fault("since", "起算日期不能晚于今天。")
    if new.joined_on is None:
        yield Fault("joined_on", "请填写入党日期；只知道月份的，写到月。")
        return
    if new.joined_on > new.since:
        yield Fault("joined_on", "入党日期不能晚于在本组织的起算日期。")
    born = _birth_of(new)
    if born and new.joined_on <= born:
        yield Fault("joined_on", "入党日期早于出生日期。")
    if new.start == Membership.Start.ADMITTED and born and new.joined_on < birthday(born, GROWN_UP):
        yield Fault("joined_on", "新发展的党员入党时应年满十八岁（《中国共产党章程》第一条）。")
    if new.full_on and (new.full_on < new.joined_on or new.full_on > today):
        yield Fault("full_on", "转正日期不能早于入党日期，也不能晚于今天。")
    if new.full_on and new.kind == Membership.Kind.PROBATIONARY:
        yield Fault("full_on", "预备党员还没有转正日期。")


def _birth_of(new: NewMember) -> date | None:
    try:
        return new.born_on
    except numbers.WrongNumber:
        return None


def birthday(born: date, age: int) -> date:
    """The day on which the age is reached; for 29 February the first of March of a common year."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def _faults_of_floating(new: NewMember, today: date) -> Iterator[Fault]:
    if new.floats_since is None:
        if new.floats_to or new.floats_where:
            yield Fault("floats_since", "填了流入地，还要填外出日期。")
        return
    if new.floats_since > today or new.floats_since < new.since:
        yield Fault("floats_since", "外出日期不能晚于今天，也不能早于在本组织的起算日期。")
    if not new.floats_where.strip() and new.floats_to is None:
        yield Fault("floats_where", "流动党员要写明流入地或流入地组织。")

"""The list of members as a spreadsheet: registers new ones, and says what has changed of those who are registered."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from django.db.models import QuerySet

from jiceng.engines.intake.declarations import (
    WHO,
    Applied,
    Column,
    Fault,
    Kind,
    PartialDate,
    Row,
    Scope,
    Sheet,
    Staged,
    Stored,
)
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people import actions, rules
from jiceng.kernel.people.declarations import DEGREE, EDUCATION, ETHNICITY, GRADE, OCCUPATION, SEX
from jiceng.kernel.people.models import Floating, Membership, Particulars, Person
from jiceng.kernel.units.models import Unit

STARTS = (("recorded", "建账登记"), ("admitted", "新发展"), ("transferred", "外地转入"), ("restored", "恢复党籍"))
DOCUMENTS = tuple((str(value), str(label)) for value, label in Person.Document.choices)
STATIONS = tuple((str(value), str(label)) for value, label in Particulars.Station.choices)
KINDS = tuple((str(value), str(label)) for value, label in Membership.Kind.choices)
NATIONS = tuple((label.removesuffix("族"), code) for code, label in ETHNICITY.rows if label.endswith("族"))


def _organisations(scope: Scope, codes: Collection[str]) -> Mapping[str, int]:
    below = Organisation.objects.filter(path__under=scope.organisation.path, code__in=codes)
    return dict(below.values_list("code", "pk"))


def _anywhere(scope: Scope, codes: Collection[str]) -> Mapping[str, int]:
    return dict(Organisation.objects.filter(code__in=codes, closed_on=None).values_list("code", "pk"))


def _units(scope: Scope, codes: Collection[str]) -> Mapping[str, int]:
    by_credit = Unit.objects.filter(credit_code__in=codes).values_list("credit_code", "pk")
    return {**dict(by_credit), **dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))}


COLUMNS = (
    Column("ref", "档案编号", help="已经登记的党员，导出的表里有；新登记的不填。", longest=12, change="fixed"),
    Column(
        "organisation", "组织代码", Kind.REFERENCE, required=True, change="fixed", find=_organisations,
        also=("所在党组织代码", "党支部代码"), help="党籍所在组织；换组织请办理组织关系转接。",
    ),
    Column("name", "姓名", required=True, change="fixed", longest=60, example="王建国"),
    Column("sex", "性别", Kind.CODE, required=True, change="fixed", codes=SEX.rows, standard=SEX.standard),
    Column(
        "ethnicity", "民族", Kind.CODE, required=True, change="fixed", codes=ETHNICITY.rows, aliases=NATIONS,
        standard=ETHNICITY.standard,
    ),
    Column("document", "证件种类", Kind.CODE, change="fixed", codes=DOCUMENTS, help="不填就是居民身份证。"),
    Column("number", "证件号码", Kind.NUMBER, sealed=True, also=("身份证号", "身份证号码", "公民身份号码"), longest=40),
    Column("birth_on", "出生日期", Kind.DATE, change="fixed", help="有居民身份证号码的可以不填。"),
    Column("joined", "入党日期", Kind.MONTH, required=True, change="fixed", help="只知道月份的写到月，例如 1998-07。"),
    Column("kind", "党员类别", Kind.CODE, required=True, change="fixed", codes=KINDS),
    Column("full_on", "转正日期", Kind.DATE, change="fixed"),
    Column("start", "怎么来的", Kind.CODE, codes=STARTS, help="不填就是建账登记。"),
    Column("since", "起算日期", Kind.DATE, required=True, help="新登记的：从哪天起算在本组织；已登记的：从哪天起变更。"),
    Column("education", "学历", Kind.CODE, required=True, codes=EDUCATION.rows, standard=EDUCATION.standard),
    Column("degree", "学位", Kind.CODE, codes=DEGREE.rows, standard=DEGREE.standard),
    Column("occupation", "职业", Kind.CODE, required=True, codes=OCCUPATION.rows, standard=OCCUPATION.standard),
    Column("grade", "专业技术职务级别", Kind.CODE, codes=GRADE.rows, standard=GRADE.standard),
    Column("station", "在岗情况", Kind.CODE, codes=STATIONS, help="不填就是在岗。"),
    Column("unit", "工作单位代码", Kind.REFERENCE, find=_units, help="统一社会信用代码或单位代码。"),
    Column("phone", "手机号", Kind.PHONE, sealed=True, longest=30),
    Column("hardship", "生活困难", Kind.FLAG),
    Column("skilled", "致富能手", Kind.FLAG),
    Column("floats_since", "外出日期", Kind.DATE, change="fixed", help="流动党员填；登记以后用页面办理。"),
    Column("floats_where", "流入地", change="fixed", longest=80),
    Column("floats_to", "流入地组织代码", Kind.REFERENCE, change="fixed", find=_anywhere),
)  # fmt: skip
"""Twenty-five. What is fixed is changed by its own act, not by a list."""

DIGEST = "digest"
"""Where a row keeps the digest of its number from one look to the next."""

PLAIN = ("education", "degree", "occupation", "grade", "station", "hardship", "skilled")


def member(scope: Scope, one: Row, person: int | None = None) -> actions.NewMember:
    """A row as the bulk verbs take it; what is left out means what the help of its column says."""
    row, found = one.said, scope.found
    joined: PartialDate | None = row["joined"]
    told = actions.Told(
        education=row["education"] or "", occupation=row["occupation"] or "", station=row["station"] or "in-post",
        degree=row["degree"] or "", grade=row["grade"] or "", unit=found("unit", row["unit"]) if row["unit"] else None,
        hardship=bool(row["hardship"]), skilled=bool(row["skilled"]),
    )  # fmt: skip
    return actions.NewMember(
        name=row["name"] or "", sex=row["sex"] or "", since=row["since"], told=told, number=row["number"] or "",
        document=row["document"] or "resident-id", birth_on=row["birth_on"], ethnicity=row["ethnicity"] or "",
        joined_on=joined.day if joined else None, joined_to=joined.to if joined else "day",
        kind=row["kind"] or "", full_on=row["full_on"], start=row["start"] or "recorded", phone=row["phone"] or "",
        organisation=found("organisation", row["organisation"]), person=person,
        floats_since=row["floats_since"], floats_where=row["floats_where"] or "",
        floats_to=found("floats_to", row["floats_to"]) if row["floats_to"] else None,
    )  # fmt: skip


def identify(scope: Scope, row: Row) -> Hashable | None:
    """The number of the record where the row has one, else the digest of the document's number."""
    row.said[DIGEST] = digest = actions.digest_of(row["document"] or "resident-id", row["number"] or "")
    return str(row["ref"]) if row["ref"] else digest


def check(scope: Scope, rows: Sequence[Row]) -> Iterator[Fault]:
    """What the area finds: codes, dates and numbers that disagree, and people who are registered elsewhere."""
    refs = {row["ref"] for row in rows if row["ref"]}
    there = dict(_here(scope).filter(ref__in=refs).values_list("ref", "pk")) if refs else {}
    sought = [member(scope, row, there.get(row["ref"])) for row in rows]
    digests = [row.said[DIGEST] for row in rows]
    how = _checking(scope)
    for place, fault in actions.check(scope.organisation, sought, digests, scope.today, how):
        column = {"joined_on": "joined", "joined_to": "joined"}.get(fault.field, fault.field)
        yield Fault(rows[place - 1].number, column, fault.sentence)
    for row in rows:
        if row["ref"] and row["ref"] not in there:
            yield Fault(row.number, "ref", "没有这个档案编号，或他不在您办理的范围之内。", "新登记的党员不填这一列。")


def _checking(scope: Scope) -> actions.Checking:
    """What the chunks of one file need not ask twice; it lives as long as the scope."""
    how = scope.known.setdefault(DIGEST, {}).setdefault("", actions.Checking(known_may_stay=True))
    assert isinstance(how, actions.Checking)
    return how


def _here(scope: Scope) -> QuerySet[Person]:
    return Person.objects.filter(is_member=True, organisation__path__under=scope.organisation.path)


def read(scope: Scope, keys: Sequence[Hashable]) -> dict[Hashable, Stored]:
    """What is registered of the people whom these keys name, as far as they are members here."""
    refs = [key for key in keys if isinstance(key, str)]
    digests = [key for key in keys if isinstance(key, bytes)]
    if DIGEST in scope.known:  # the check of this chunk has found who is registered
        registered = _checking(scope).registered
        digests = [digest for digest in digests if digest in registered]
    found: dict[Hashable, Stored] = {}
    for field, values in (("ref", refs), ("number_hash", digests)):
        if values:
            people = list(_here(scope).filter(**{f"{field}__in": values}).select_related("organisation"))
            said = _said(people)
            for person in people:
                key = person.ref if field == "ref" else bytes(person.number_hash or b"")
                found[key] = Stored(person.pk, said[person.pk])
    return found


def _said(people: Sequence[Person]) -> dict[int, dict[str, Any]]:
    """The columns of registered people, in four queries a chunk. Numbers stay sealed."""
    keys = [person.pk for person in people]
    kinds = dict(Membership.objects.open().filter(person__in=keys).values_list("person_id", "kind"))
    told = {row.person_id: row for row in Particulars.objects.open().filter(person__in=keys).select_related("unit")}
    away = {row.person_id: row for row in Floating.objects.open().filter(person__in=keys).select_related("destination")}
    return {person.pk: _row_of(person, kinds, told.get(person.pk), away.get(person.pk)) for person in people}


def _row_of(
    person: Person, kinds: Mapping[int, str], told: Particulars | None, away: Floating | None
) -> dict[str, Any]:
    joined = (
        PartialDate(person.joined_on, "month" if person.joined_to == "month" else "day") if person.joined_on else None
    )
    said: dict[str, Any] = {
        "ref": person.ref, "organisation": person.organisation.code if person.organisation else None,
        "name": person.name, "sex": person.sex, "ethnicity": person.ethnicity, "document": person.document,
        "birth_on": person.birth_on, "joined": joined, "kind": kinds.get(person.pk), "full_on": person.full_on,
        "floats_since": away.since if away else None, "floats_where": away.where if away else None,
        "floats_to": away.destination.code if away and away.destination else None,
    }  # fmt: skip
    if told is not None:
        said |= {name: getattr(told, name) for name in PLAIN}
        said["unit"] = told.unit.code if told.unit else None
    return said


def stage(scope: Scope, staged: Sequence[Staged]) -> None:
    """Seals a chunk and keeps it. What is unchanged is kept too: a telephone number may still differ."""
    rows = [(one.row.number, member(scope, one.row, one.subject)) for one in staged]
    actions.stage(scope.organisation, batch=scope.batch, rows=rows, by=scope.by, at=scope.at)


def apply(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """Stores the batch, one statement a table."""
    done = actions.admit_staged(scope.organisation, batch=scope.batch, by=scope.by, at=scope.at)
    return Applied(done.rows, done.root)


def undo(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """Takes the batch back; refused, with the list, where something followed."""
    done = actions.undo_staged(scope.organisation, batch=scope.batch, by=scope.by, at=scope.at)
    return Applied(done.rows, done.root)


def discard(scope: Scope) -> None:
    """Drops the staged rows; numbers and names leave with them."""
    actions.discard_staged(scope.organisation, batch=scope.batch, by=scope.by, at=scope.at)


def exported(scope: Scope) -> QuerySet[Person]:
    """Every member here whom the actor may take along.

    A secretary may have the list of the own organisation, not of those below; so the rule is asked of each member.
    """
    return rules.export.among(_here(scope), scope.by)


def export(scope: Scope) -> Iterable[Mapping[str, Any]]:
    """Each of them by the number of the record; ID numbers and telephones stay."""
    people = exported(scope).select_related("organisation").order_by("organisation__path", "pk")
    for some in batched(people.iterator(chunk_size=2000), 2000):
        said = _said(some)
        yield from ({**said[person.pk], "since": scope.today, "start": None, WHO: person.pk} for person in some)


MEMBERS = Sheet(
    key="members", name="党员", columns=COLUMNS, identity=("number",), rule=rules.admit_staged, see=rules.export,
    identify=identify, check=check, read=read, stage=stage, apply=apply, undo=undo, discard=discard, export=export,
    count=lambda scope: exported(scope).count(), people=lambda scope: exported(scope).values_list("pk", flat=True),
    notes=(
        "一行一名党员。已经登记的，照档案编号或证件号码对上，只改学历、职业、单位、在岗、困难这些会变的情况。",
        "姓名、证件号码登记错了的，在页面上办理更正；换组织的，办理组织关系转接。",
    ),
)  # fmt: skip

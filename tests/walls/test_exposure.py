"""A marked person: nothing that leaves the platform, and nothing that it keeps, holds a run of the marked digits."""

import io
import logging
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse

from jiceng.kernel.access import Actor
from jiceng.kernel.people import actions as people
from jiceng.kernel.people.models import Look, Person
from tests import builders
from tests.guard import outside
from tests.kernel.people.cast import new
from tests.walls import pairs, subjects, world
from tests.walls.judge import Subject
from tests.walls.table import TABLE

NUMBER, CORRECTED, PHONE = "990000198005047314", "990000198005046397", "13977246805"
BORN = date(1980, 5, 4)
RUN = 7
"""So many digits in a row are no chance: with the region and the birth date left out, they lead to one person."""

REVEALS = {"person-sealed"}


def runs(*numbers: str) -> set[bytes]:
    """Every run of digits that must be nowhere, but for those that are the birth date or the made-up region alone."""
    found = {number[at : at + RUN] for number in numbers for at in range(len(number) - RUN + 1)}
    return {run.encode() for run in found if run not in "99000019800504"}


MARKS = runs(NUMBER, CORRECTED, PHONE)


def marked(content: bytes) -> list[bytes]:
    """The marks that are in some bytes, as text or inside a workbook."""
    if content[:2] == b"PK":
        book = zipfile.ZipFile(io.BytesIO(content))
        content = b"\n".join(book.read(name) for name in book.namelist())
    return sorted(mark for mark in MARKS if mark in content)


def kept() -> list[str]:
    """The tables and columns that hold a mark, whatever type they are of."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found += [f"{table}.{name}" for name, value in zip(names, row, strict=True) if marked(_bytes(value))]
    return sorted(set(found))


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def canary(home: Any, by: Actor, number: str = NUMBER, phone: str = PHONE) -> Person:
    """The marked person, registered, looked for, revealed and corrected as people would do it."""
    told = {"by": by, "at": builders.NOON}
    who = people.admit(home, new=new("史无前", number=number, phone=phone, born=BORN), **told)
    people.find_by_number(home, number=number, document="resident-id", reason="核对", **told)
    people.reveal(who, kind=Look.Kind.NUMBER, reason="核对", **told)
    people.renumber(who, number=CORRECTED, document="resident-id", reason="写错", **told)
    people.reveal(who, kind=Look.Kind.PHONE, reason="核对", **told)
    return who


@pytest.fixture
def city(db):
    return world.build()


def _officer(city: world.World) -> Actor:
    caller = next(one for one in city.callers if one.word == "市组织员")
    return Actor("user", "甲", user=caller.user, person=caller.person)


def test_the_marks_are_right_numbers(city):
    assert marked(NUMBER.encode()) and marked(PHONE.encode()) and not marked(b"99000019800504")


def _addresses(city: world.World, walls: pairs.Matrix, who: Person) -> list[tuple[str, Subject]]:
    """Every address for the marked person and for the organisations around; of other kinds, one each."""
    near = {"甲村0", "甲镇", "乙村", "突击队"}
    person = Subject("史无前", (who.ref,), home=who.organisation_id, person=who.pk)
    found: list[tuple[str, Subject]] = []
    for name, line in TABLE.items():
        some = walls.subjects[line.of]
        if line.of in ("organisation", "figure"):
            some = [one for one in some if one.word.split()[0] in near]
        elif line.of == "person":
            some = [person]
        elif line.of in ("act-of-both", "act-of-office"):
            acts = subjects.BOTH if line.of == "act-of-both" else subjects.OFFICE
            some = [Subject(act, (who.ref, act)) for act in acts]
        elif line.of == "sealed":
            some = [Subject(kind, (who.ref, kind)) for kind in ("number", "phone")]
        else:
            some = some[:2]
        found += [(name, one) for one in some]
    return found


CALLERS = (
    "访客",
    "市组织员",
    "甲村0书记",
    "甲村0委员",
    "甲县审计人员",
    "乙村书记",
    "突击队书记",
    "市安全管理员",
    "甲村0的普通党员",
)


def test_no_page_holds_a_marked_number(city, caplog):
    who = canary(city.places["甲村0"], _officer(city))
    people.float_away(who, on=date(2026, 1, 1), where="", to=city.places["乙村"], by=_officer(city), at=builders.NOON)
    people.lend(who, to=city.places["突击队"], on=date(2026, 1, 1), by=_officer(city), at=builders.NOON)
    walls = pairs.Matrix(city)
    found, asked = [], 0
    with caplog.at_level(logging.DEBUG):
        for caller in (one for one in city.callers if one.word in CALLERS):
            for name, subject in _addresses(city, walls, who):
                for method in {"GET", "POST"} & set(TABLE[name].methods):
                    pair = pairs.Pair(caller, name, method, subject)
                    asked += 1
                    if shown := _shown(walls, pair):
                        found.append((str(pair), shown[:1]))
    revealed = {pair.split(": ")[1].split()[1] for pair, _ in found}
    assert revealed == REVEALS, [pair for pair, _ in found if "person-sealed" not in pair]
    assert asked > 1000
    assert marked(caplog.text.encode()) == []
    assert kept() == []


def _shown(walls: pairs.Matrix, pair: pairs.Pair) -> list[bytes]:
    with transaction.atomic():
        answer = walls._ask(pair)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        content += str(answer.headers).encode()
        transaction.set_rollback(True)
    return marked(content)


@pytest.mark.parametrize("name", ["people", "accounts", "units", "coverage", "pairings", "terms"])
def test_no_workbook_holds_a_marked_number(city, name):
    canary(city.places["甲村0"], _officer(city))
    walls = pairs.Matrix(city)
    walls.client.cookies["sessionid"] = walls.keys["市组织员"]
    answer = walls.client.get(f"{reverse(name)}?xlsx=1", follow=True)
    assert answer.status_code == 200 and marked(answer.content) == []


@pytest.mark.parametrize("field", ["name", "ethnicity", "document"])
def test_a_number_that_is_kept_open_is_caught(city, field):
    who = canary(city.places["甲村0"], _officer(city))
    assert kept() == []
    with outside():
        said = {"name": f"史{PHONE}", "ethnicity": "01", "document": NUMBER[-16:]}
        Person.objects.filter(pk=who.pk).update(
            **({field: said[field]} if field != "ethnicity" else {"phone_sealed": PHONE.encode()})
        )
    assert kept() == ["people_person.phone_sealed" if field == "ethnicity" else f"people_person.{field}"]


@pytest.mark.django_db(transaction=True)
def test_the_files_of_the_database_hold_no_marked_number():
    city = builders.root()
    by = builders.holder(city, builders.Role.OFFICER)
    canary(builders.org(under=city), Actor("user", "甲", user=1, person=by.person))
    assert kept() == []
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        files = [path for path in name.parent.glob(f"{name.name}*") if path.is_file()]
        content = b"".join(path.read_bytes() for path in files)
        assert "史无前".encode() in content and marked(content) == []

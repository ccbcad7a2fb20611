"""A file of a whole prefecture's members: reading and checking it, and storing it. Nothing of it stays."""

import gc
import io
import random
import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from python_calamine import load_workbook

from jiceng.engines.intake import actions, catalogue, queries, reading, tasks
from jiceng.engines.intake.checking import Checker
from jiceng.engines.intake.declarations import Scope
from jiceng.engines.intake.models import Problem, Step
from jiceng.kernel.access import Actor
from jiceng.kernel.orgs.models import Kind, Organisation
from jiceng.kernel.people.models import Floating, Membership, NameKey, Particulars, Person
from jiceng.lib.refusals import Refused
from jiceng.project.replay.chance import Chance

from .rows import Row

MEMBERS = 341_759
BY = Actor.command("bench")
FILE = "members.xlsx"
REGION = "999997"
"""No such division either: nobody of the prefecture is in the file."""
TABLES = (Person, Membership, Particulars, NameKey, Floating)


def prefecture(engine: str) -> Iterator[Row]:
    """Parse and check against the bare read; apply against the database's own bulk insert into the same tables."""
    top = Organisation.objects.get(parent=None, closed_on=None)
    content = _written(FILE, {})
    began = time.perf_counter()
    bare = sum(len(row) for row in load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python())
    peer = time.perf_counter() - began
    gc.collect()
    taken = _checked(top, content)
    yield Row(
        f"{engine}: parse + check of {MEMBERS:,} members × {bare // (MEMBERS + 1)} columns",
        f"{taken / peer:.2f} × ({taken:.1f} s; bare read {peer:.1f} s)", "≤ 3 ×", taken <= 3 * peer,
    )  # fmt: skip
    with transaction.atomic():
        yield _refused(engine, top)
        transaction.set_rollback(True)
    with transaction.atomic():
        stored, same = _stored(top, content)
        transaction.set_rollback(True)
    yield Row(
        f"{engine}: apply of {MEMBERS:,} members, all tables, indexes and journal",
        f"{stored / same:.2f} × ({stored:.1f} s; {'COPY' if engine == 'postgresql' else 'executemany'} {same:.1f} s)",
        "≤ 6 ×", stored <= 6 * same,
    )  # fmt: skip


def _written(name: str, planted: dict[int, dict[str, str]]) -> bytes:
    """New people in branches of the prefecture, columns filled as such lists are; some rows say what is planted."""
    file = Path(settings.DATA_DIR).parent / name
    if file.exists():
        return file.read_bytes()
    sheet, chance, draw = catalogue.sheet("members"), Chance(7, REGION), random.Random(7)
    codes = list(Organisation.objects.filter(closed_on=None, kind=Kind.BRANCH).values_list("code", flat=True)[:9000])
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        page = book.add_worksheet(sheet.name)
        page.write_row(0, 0, [column.label for column in sheet.columns])
        for number in range(1, MEMBERS + 1):
            said = _member(chance, draw, codes) | planted.get(number + 1, {})
            page.write_row(number, 0, [said.get(column.key, "") for column in sheet.columns])
    return file.read_bytes()


PLANTED = (
    ("name", ""), ("organisation", "没有这个代码"), ("number", "999997198001010018"), ("number", "12345"),
    ("birth_on", "1901-01-01"), ("full_on", "二〇二〇年"), ("joined", "2099-01"), ("education", "博士后出站"),
    ("phone", "不详"), ("unit", "没有这个单位"), ("hardship", "也许"), ("since", ""),
)  # fmt: skip
"""Twelve kinds of fault: a column, and what stands there instead of what is right."""
FAULTS = 1_000


def _refused(engine: str, top: Organisation) -> Row:
    """A file with a thousand faults, each in a row of its own: all are told, nothing is stored, and it cannot be."""
    rows = random.Random(12).sample(range(2, MEMBERS + 2), FAULTS)
    planted = {row: PLANTED[place % len(PLANTED)] for place, row in enumerate(rows)}
    content = _written("faulty.xlsx", {row: {column: said} for row, (column, said) in planted.items()})
    before = Person.objects.count()
    batch = actions.upload(top, sheet="members", name="faulty.xlsx", content=[content], by=BY, at=timezone.now())
    tasks.do(batch.orders.get(), by=BY)
    labels = {column.label: column.key for column in catalogue.sheet("members").columns}
    told = {(row, labels[label]) for row, label in Problem.objects.filter(batch=batch).values_list("number", "column")}
    missed = [(row, *said) for row, said in planted.items() if (row, said[0]) not in told]
    strays = sum(row not in planted for row, _ in told)
    found = queries.with_states(type(batch).objects.all()).get(pk=batch.pk)
    try:
        actions.order(found, step=Step.APPLY, by=BY, at=timezone.now())
        stopped = False
    except Refused:
        stopped = Person.objects.count() == before
    caught = f"caught {FAULTS - len(missed)} of {FAULTS}, {strays} others, {'none applied' if stopped else 'APPLIED'}"
    return Row(
        f"{engine}: {FAULTS:,} faults of {len(PLANTED)} kinds planted in {MEMBERS:,} rows",
        f"{caught} {missed[:3] or ''}".strip(), "all, none applied", not missed and not strays and stopped,
    )  # fmt: skip


def _member(chance: Chance, draw: random.Random, codes: list[str]) -> dict[str, str]:
    born = date(1945, 1, 1) + timedelta(draw.randrange(18_000))
    joined = born + timedelta(20 * 366 + draw.randrange(3_000))
    sex = draw.choice("12")
    number = chance.number(born, sex)
    return {
        "organisation": draw.choice(codes), "name": chance.name(), "sex": sex, "ethnicity": "01",
        "number": number, "birth_on": f"{number[6:10]}-{number[10:12]}-{number[12:14]}", "joined": f"{joined:%Y-%m}",
        "kind": "full",
        "full_on": f"{joined + timedelta(366)}", "start": "recorded", "since": "2026-01-01",
        "education": draw.choice(("21", "61", "71", "81")), "degree": "", "occupation": draw.choice(("02", "08")),
        "station": draw.choice(("in-post", "retired")), "phone": f"139{draw.randrange(10**8):08d}",
        "hardship": draw.choice(("", "是", "否")), "skilled": "否",
    }  # fmt: skip


def _checked(top: Organisation, content: bytes) -> float:
    sheet = catalogue.sheet("members")
    began = time.perf_counter()
    with reading.opened(content, labels=sheet.labels, sheet=sheet.name) as (head, stretches):
        checker = Checker(sheet, Scope(top, BY, timezone.now()), head.labels)
        checked = [(one.rows, len(one.staged), one.faults[:3]) for one in map(checker.check, stretches)]
        left = checker.finish()
    taken = time.perf_counter() - began
    faults = [fault for _, _, some in checked for fault in some] + left
    assert sum(staged for _, staged, _ in checked) == MEMBERS and not faults, faults[:5]
    return taken


def _stored(top: Organisation, content: bytes) -> tuple[float, float]:
    """Seconds of the apply, and of the bare insert of the same rows into empty copies of the same tables."""
    before = {model: model.objects.order_by("-pk").values_list("pk", flat=True)[0] for model in TABLES[:4]}
    batch = actions.upload(top, sheet="members", name=FILE, content=[content], by=BY, at=timezone.now())
    tasks.do(batch.orders.get(), by=BY)
    found = queries.with_states(type(batch).objects.all()).get(pk=batch.pk)
    order = actions.order(found, step=Step.APPLY, by=BY, at=timezone.now())
    began = time.perf_counter()
    tasks.do(order, by=BY)
    stored = time.perf_counter() - began
    assert queries.with_states(type(batch).objects.all()).get(pk=batch.pk).application.rows == MEMBERS
    return stored, sum(_bare(model, last) for model, last in before.items())


def _bare(model: Any, last: int) -> float:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE id > %s ORDER BY id", [last])
        rows = cursor.fetchall()
        return (_copied if connection.vendor == "postgresql" else _many)(cursor, table, rows)


def _copied(cursor: Any, table: str, rows: list[Any]) -> float:
    cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL EXCLUDING IDENTITY EXCLUDING GENERATED)")
    began = time.perf_counter()
    with cursor.copy(f"COPY bare_{table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    return time.perf_counter() - began


def _many(cursor: Any, table: str, rows: list[Any]) -> float:
    cursor.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL AND type <> 'trigger'", [table]
    )
    for (sql,) in cursor.fetchall():
        sql = re.sub(rf'"{table}"', f'"bare_{table}"', sql, count=2)
        cursor.execute(re.sub(r'(INDEX) "(\w+)"', r'\1 "bare_\2"', sql))
    marks = ", ".join(["%s"] * len(rows[0]))
    began = time.perf_counter()
    cursor.executemany(f"INSERT INTO bare_{table} VALUES ({marks})", rows)
    return time.perf_counter() - began

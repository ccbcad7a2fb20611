"""What is known of a person: changed, corrected, revealed, united, destroyed."""

from datetime import date, timedelta

import pytest
from django.db import connection

from jiceng.kernel.access import Role
from jiceng.kernel.journal import actions as journal
from jiceng.kernel.journal import queries as chain
from jiceng.kernel.orgs.models import Form, Kind
from jiceng.kernel.people import actions, queries
from jiceng.kernel.people.models import (
    Correction,
    Floating,
    Loan,
    Look,
    Membership,
    NameKey,
    Particulars,
    Person,
    Renumbering,
    StagedMember,
)
from jiceng.lib.refusals import NotAllowed, Refused
from tests.builders import NOON, org
from tests.kernel.people.cast import FARMER, actor, member, new, number, officer, secretary

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)
RETIRED = actions.Told(education="31", occupation="08", station="retired", hardship=True)


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE)


@pytest.fixture
def east(town):
    return org("东村党支部", under=town)


@pytest.fixture
def west(town):
    return org("西村党支部", under=town)


def test_a_change_holds_from_its_day_and_the_days_before_keep_what_held(east):
    person = member(east)
    actions.describe(person, told=RETIRED, on=DAY, by=secretary(east), at=NOON)
    assert queries.state_on(person, DAY - timedelta(days=1))[1].education == "61"
    assert queries.state_on(person, DAY)[1].station == "retired"
    with pytest.raises(Refused, match="没有要变更的内容"):
        actions.describe(person, told=RETIRED, on=date(2026, 4, 1), by=secretary(east), at=NOON)
    with pytest.raises(Refused, match="之后还有变更"):
        actions.describe(person, told=FARMER, on=date(2026, 2, 1), by=secretary(east), at=NOON)


def test_a_correction_replaces_what_was_wrong_and_keeps_it_sealed(east):
    person = member(east, "张叁")
    actions.correct(person, reason="核对身份证", name="张三丰", by=secretary(east), at=NOON)
    person.refresh_from_db()
    assert person.name == "张三丰"
    assert "三丰" in NameKey.objects.filter(person=person).values_list("key", flat=True)
    trace = Correction.objects.get(person=person)
    assert trace.fields == "姓名" and "张叁".encode() not in bytes(trace.told_sealed)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({}, "请写出要更正的内容"),
        ({"is_member": False}, "请写出要更正的内容"),
        ({"birth_on": date(1981, 1, 1)}, "和身份证号码里的不一致"),
        ({"joined_on": date(1970, 1, 1)}, "入党日期要晚于出生日期"),
        ({"sex": "7"}, "要用代码表里的代码"),
        ({"name": "张"}, "姓名要写全"),
    ],
)
def test_a_correction_is_refused_by_a_sentence(east, wrong, sentence):
    person = member(east)
    with pytest.raises(Refused, match=sentence):
        actions.correct(person, reason="核对", by=secretary(east), at=NOON, **wrong)


def test_a_corrected_number_takes_the_birth_date_along_and_the_old_one_still_finds(town, east):
    wrong, right = number(), number(date(1980, 5, 14))
    person = member(east, number=wrong)
    actions.renumber(person, number=right, reason="登记错了", by=officer(town), at=NOON)
    person.refresh_from_db()
    assert person.birth_on == date(1980, 5, 14)
    for said in (wrong, right):
        found = actions.find_by_number(town, number=said, reason="拟转入", by=officer(town), at=NOON)
        assert found.person == person
    assert Renumbering.objects.get(person=person).old_hash is not None
    with pytest.raises(Refused, match="新号码和登记的一样"):
        actions.renumber(person, number=right, reason="登记错了", by=officer(town), at=NOON)


def test_floating_is_seen_from_both_ends_and_received_by_one(east, west):
    person = member(east)
    actions.float_away(person, on=DAY, where="西村工业园", to=west, by=secretary(east), at=NOON)
    assert Membership.objects.open().get(person=person).organisation == east
    from jiceng.kernel.people import rules

    assert rules.see.allows(secretary(west), person)
    received = actions.receive(west, person=person, on=date(2026, 4, 1), by=secretary(west), at=NOON)
    assert (received.received_on, received.organisation) == (date(2026, 4, 1), east)
    with pytest.raises(Refused, match="已于 2026-04-01 接收"):
        actions.receive(west, person=person, on=date(2026, 4, 1), by=secretary(west), at=NOON)
    actions.float_home(person, on=date(2026, 5, 1), by=secretary(east), at=NOON)
    assert not Floating.objects.open().filter(person=person).exists()
    assert not rules.see.allows(secretary(west), person)
    with pytest.raises(Refused, match="没有登记为流动党员"):
        actions.float_home(person, on=date(2026, 5, 1), by=secretary(east), at=NOON)


def test_a_member_on_loan_stays_counted_at_home(town, east, west):
    crew = org("抢险临时党支部", under=town, form=Form.TEMPORARY, mission="抢险", ends_on=date(2026, 12, 31))
    person = member(east)
    with pytest.raises(Refused, match="不是临时组织"):
        actions.lend(person, to=west, on=DAY, by=secretary(east), at=NOON)
    actions.lend(person, to=crew, on=DAY, by=secretary(east), at=NOON)
    assert Person.objects.get(pk=person.pk).organisation == east
    assert Loan.objects.on(DAY).get(person=person).organisation == crew
    actions.take_back(person, of=crew, on=date(2026, 4, 1), by=secretary(east), at=NOON)
    assert not Loan.objects.on(date(2026, 4, 1)).exists()


def test_many_float_and_many_are_lent_at_once(town, east, west):
    crew = org("抢险临时党支部", under=town, form=Form.TEMPORARY, mission="抢险", ends_on=date(2026, 12, 31))
    people = [member(east) for _ in range(3)]
    rows = [actions.Away(person.pk, DAY, to=west.pk) for person in people]
    assert actions.float_many(town, rows=rows, by=officer(town), at=NOON).rows == 3
    lent = actions.lend_many(town, people=[p.pk for p in people], to=crew, on=DAY, by=officer(town), at=NOON)
    assert lent.rows == 3 == Floating.objects.open().filter(destination=west).count()
    with pytest.raises(Refused, match="已经登记为流动党员"):
        actions.float_many(town, rows=rows, by=officer(town), at=NOON)


def test_two_records_become_one_and_only_one_is_counted(town, east, west):
    kept, dropped = member(east, since=date(2020, 1, 1)), member(west, since=date(2015, 1, 1))
    actions.unite(kept, dropped=dropped, reason="同一人，曾用旧号", by=officer(town), at=NOON)
    for day in (date(2016, 1, 1), date(2021, 1, 1)):
        assert Membership.objects.on(day).get().person == kept
        assert Particulars.objects.on(day).get().person == kept
    early, late = queries.memberships(kept)
    assert (early.organisation, early.until, late.organisation) == (west, date(2020, 1, 1), east)
    dropped.refresh_from_db()
    assert not dropped.is_member and not NameKey.objects.filter(person=dropped).exists()
    with pytest.raises(Refused, match="已经并入"):
        actions.unite(kept, dropped=dropped, reason="再并一次", by=officer(town), at=NOON)


def test_two_different_people_are_not_united(town, east):
    with pytest.raises(Refused, match="不像同一个人"):
        actions.unite(
            member(east), dropped=member(east, born=date(1990, 1, 1)), reason="看错了", by=officer(town), at=NOON
        )


def test_a_number_is_shown_for_a_reason_that_the_person_can_read(east):
    said = number()
    person = member(east, number=said)
    shown = actions.reveal(person, kind=Look.Kind.NUMBER, reason="核对档案", by=secretary(east), at=NOON)
    assert shown == said
    look = queries.looks(person).get()
    assert (look.kind, look.purpose, look.from_name) == ("number", "核对档案", "东村党支部")
    with pytest.raises(Refused, match="请写明为什么"):
        actions.reveal(person, kind=Look.Kind.NUMBER, reason=" ", by=secretary(east), at=NOON)
    with pytest.raises(NotAllowed):
        actions.reveal(person, kind=Look.Kind.PHONE, reason="好奇", by=actor(Role.AUDITOR, east), at=NOON)


def test_who_sells_look_ups_is_stopped_the_same_day(east):
    person, by = member(east), secretary(east)
    for _ in range(60):
        actions.reveal(person, kind=Look.Kind.PHONE, reason="通知", by=by, at=NOON)
    with pytest.raises(Refused, match="已满 60 次"):
        actions.reveal(person, kind=Look.Kind.NUMBER, reason="通知", by=by, at=NOON)
    with pytest.raises(Refused, match="已满 60 次"):
        actions.find_by_number(east, number=number(), reason="拟转入", by=by, at=NOON)
    assert actions.reveal(person, kind=Look.Kind.PHONE, reason="通知", by=by, at=NOON + timedelta(days=1))


def test_somebody_elsewhere_is_found_by_exact_number_only_and_sees_it(east):
    said = number()
    far = member(org("外市某支部"), "欧阳锋", number=said)
    by = secretary(east)
    found = actions.find_by_number(east, number=said.lower(), reason="拟转入", by=by, at=NOON)
    assert (found.shown, found.organisation) == ("欧〇〇", "外市某支部")
    assert queries.looks(far).get().kind == "found"
    assert actions.find_by_number(east, number=number(), reason="拟转入", by=by, at=NOON) is None
    assert actions.find_by_number(east, number=said, document="passport", reason="拟转入", by=by, at=NOON) is None


def test_a_purge_leaves_figures_and_a_valid_chain_and_nobody(town, east):
    said = number()
    person = member(east, "欧阳锋", number=said)
    with pytest.raises(Refused, match="现在是党员"):
        actions.purge(person, decision="市组〔2026〕1号", by=officer(town), at=NOON)
    actions.leave(person, how="left", on=DAY, by=officer(town), at=NOON)
    journal.seal(at=NOON)
    actions.purge(person, decision="市组〔2026〕1号", by=officer(town), at=NOON)
    journal.seal(at=NOON)
    assert list(chain.faults([])) == []
    person.refresh_from_db()
    assert (person.name, bytes(person.salt), person.number_sealed, person.birth_on) == (
        "（已清除）", b"", None, date(1980, 1, 1),
    )  # fmt: skip
    assert actions.find_by_number(town, number=said, reason="查找", by=officer(town), at=NOON) is None
    assert Membership.objects.on(date(2020, 1, 1)).filter(person=person).exists()
    with pytest.raises(Refused, match="已依决定清除"):
        actions.correct(person, reason="改名", name="欧阳克", by=officer(town), at=NOON)


@pytest.mark.django_db(transaction=True)
def test_no_number_and_no_telephone_stands_in_the_database_in_clear(town, east):
    first, second = number(), number()
    person = member(east, number=first, phone="13987654321")
    actions.renumber(person, number=second, reason="登记错了", by=officer(town), at=NOON)
    rows = [(2, new("赵钱", organisation=east.pk, number=(third := number()), phone="13987654322"))]
    actions.stage(town, batch=1, rows=rows, by=officer(town), at=NOON)
    assert StagedMember.objects.count() == 1
    stored = _everything()
    for secret in (first, second, third, "13987654321", "13987654322"):
        assert secret.encode() not in stored
    assert "赵钱".encode() in stored


def _everything() -> bytes:
    """Every stored byte: the file and its log, or every row as the server writes it."""
    if connection.vendor == "sqlite":
        from pathlib import Path

        name = str(connection.settings_dict["NAME"])
        return b"".join(Path(part).read_bytes() for part in (name, f"{name}-wal") if Path(part).exists())
    dumped = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            dumped += [row[0] for row in cursor.fetchall()]
    plain = "\n".join(dumped).encode()
    return plain + b"".join(bytes.fromhex(part) for part in _hexes(plain.decode()))


def _hexes(text):
    import re

    return re.findall(r"\\x((?:[0-9a-f]{2})+)", text)

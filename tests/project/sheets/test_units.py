"""The sheet of units."""

from datetime import date

import pytest

from jiceng.kernel.orgs.models import Kind
from jiceng.kernel.units.models import Unit, UnitState
from tests.builders import officer, org
from tests.project.sheets.cast import applied, checked, exported, faults, outcomes

pytestmark = pytest.mark.django_db

CREDIT = "91440703MA4UKXTP1X"


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE, code="T")


@pytest.fixture
def by(town):
    return officer(town)


def row(code, name="东山织布厂", **said):
    return {"单位代码": code, "单位名称": name, "单位类别": "非公有制企业", "职工人数": "12", **said}


def test_units_are_registered_and_come_back_unchanged(town, by):
    org("东村党支部", under=town, code="B")
    applied(town, "units", row("U1", 联系组织代码="B", 起算日期="2020-01-01"), row("U2", 有固定经营场所="否"), by=by)
    first = Unit.objects.get(code="U1")
    assert (first.organisation.code, UnitState.objects.open().get(unit=first).since) == ("B", date(2020, 1, 1))
    assert outcomes(checked(town, "units", *exported(town, "units", by), by=by)) == (0, 0, 2)


def test_a_different_number_of_staff_holds_from_its_day(town, by):
    applied(town, "units", row("U1", 起算日期="2020-01-01"), by=by)
    applied(town, "units", row("U1", 职工人数="30", 起算日期="2024-01-01"), by=by)
    unit = Unit.objects.get()
    staff = [UnitState.objects.on(date(year, 6, 1)).get(unit=unit).staff for year in (2023, 2024)]
    assert staff == [12, 30]


def test_a_credit_code_is_checked_and_belongs_to_one_unit(town, by):
    from stdnum.cn import uscc

    good = CREDIT[:17] + uscc.calc_check_digit(CREDIT[:17])
    bad = good[:17] + ("0" if good[17] != "0" else "1")
    said = faults(checked(town, "units", row("U1", 统一社会信用代码=bad), by=by))
    assert [fault[:2] for fault in said] == [(2, "统一社会信用代码")]
    twice = checked(town, "units", row("U1", 统一社会信用代码=good), row("U2", 统一社会信用代码=good), by=by)
    assert [number for number, _, _ in faults(twice)] == [3]
    applied(town, "units", row("U1", 统一社会信用代码=good), by=by)
    again = checked(town, "units", row("U3", 统一社会信用代码=good), by=by)
    assert [fault[:2] for fault in faults(again)] == [(2, "统一社会信用代码")]

"""The sheet of organisations."""

from datetime import date

import pytest

from jiceng.kernel.orgs.models import Kind, Organisation, Standing
from tests.builders import officer, org, root
from tests.project.sheets.cast import applied, checked, exported, faults, outcomes

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE, code="T")


@pytest.fixture
def by(town):
    return officer(town)


def row(code, name="东村党支部", kind="党支部", **said):
    return {"组织代码": code, "组织名称": name, "组织类别": kind, "上级组织代码": "", **said}


def test_a_tree_is_founded_whatever_the_order_of_its_rows(town, by):
    batch = applied(
        town, "organisations", row("B", 上级组织代码="G", 成立日期="2019.7.1"), row("G", "东村党总支", "党总支"), by=by
    )
    below = Organisation.objects.get(code="B")
    assert (below.parent.code, below.parent.parent, below.founded_on) == ("G", town, date(2019, 7, 1))
    assert batch.application.rows == 2 and batch.application.root


def test_what_is_exported_comes_back_unchanged(town, by):
    temporary = {"组建形式": "临时", "临时组织任务": "防汛", "临时组织到期日期": "2030-01-01"}
    applied(town, "organisations", row("B", 办公电话="0750-3212345"), row("C", "抢险党支部", **temporary), by=by)
    written = exported(town, "organisations", by)
    assert [one["组织代码"] for one in written] == ["T", "B", "C"]
    assert outcomes(checked(town, "organisations", *written, by=by)) == (0, 0, 3)


def test_a_new_name_renames_from_its_day_and_a_telephone_is_kept(town, by):
    east = org("东村党支部", under=town, code="B")
    said = row("B", "东兴村党支部", 更名日期="2024-05-01", 办公电话="0750-3212345")
    batch = applied(town, "organisations", said, by=by)
    east.refresh_from_db()
    assert (east.name, east.phone, outcomes(batch)) == ("东兴村党支部", "0750-3212345", (0, 1, 0))
    assert Standing.objects.on(date(2024, 4, 30)).get(organisation=east).name == "东村党支部"


def test_codes_of_others_unknown_parents_and_fixed_columns_are_faults_and_nothing_is_stored(town, by):
    org("别镇党支部", under=root("别市委"), code="X")
    org("东村党支部", under=town, code="B")
    batch = checked(
        town, "organisations", row("X"), row("N", 上级组织代码="没有"), row("B", kind="党总支"), row("M", kind="党组"), by=by
    )  # fmt: skip
    assert {fault[:2] for fault in faults(batch)} == {
        (2, "组织代码"), (3, "上级组织代码"), (4, "组织类别"), (5, "组织类别"),
    }  # fmt: skip
    assert not Organisation.objects.filter(code="N").exists()


def test_circles_and_kinds_that_cannot_stand_there_show_when_the_file_is_whole(town, by):
    batch = checked(
        town, "organisations", row("A", 上级组织代码="B"), row("B", 上级组织代码="A"),
        row("C"), row("D", "镇总支", "党总支", 上级组织代码="C"), by=by,
    )  # fmt: skip
    said = faults(batch)
    assert {number for number, _, _ in said} == {2, 3, 5}
    assert any("成了一圈" in sentence for _, _, sentence in said)


def test_a_file_reaches_nothing_above_or_beside_its_organisation(town, by):
    batch = checked(town, "organisations", row("N", 上级组织代码=town.parent.code), by=by)
    assert [fault[:2] for fault in faults(batch)] == [(2, "上级组织代码")]

"""The sheet of commendations."""

import pytest

from jiceng.domains.honours.models import Award
from jiceng.kernel.orgs.models import Kind
from tests.builders import member, officer, org
from tests.project.sheets.cast import applied, checked, faults, outcomes, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE, code="T")


@pytest.fixture
def by(town):
    return officer(town)


def row(who, **said):
    return {
        "组织代码或档案编号": who, "称号种类": "优秀共产党员", "称号": "优秀共产党员", "级别": "县级",
        "授予单位": "东江县委", "授予日期": "2025-07-01", **said,
    }  # fmt: skip


def test_titles_are_filled_once_and_can_be_taken_back(town, by):
    branch = org("东村党支部", under=town, code="B1")
    one = member(branch, "王建国")
    rows = row(one.ref), row("B1", 称号种类="先进基层党组织", 称号="先进基层党组织")
    batch = applied(town, "awards", *rows, by=by)
    assert Award.objects.known().count() == 2
    assert outcomes(checked(town, "awards", *rows, by=by)) == (0, 0, 2)
    assert undone(batch, by).undoing.rows == 2
    assert not Award.objects.known().exists()


def test_strangers_and_titles_that_go_to_the_other_sort_are_faults(town, by):
    stranger = member(org("外市某支部"), "外人")
    org("东村党支部", under=town, code="B1")
    assert [number for number, _, _ in faults(checked(town, "awards", row(stranger.ref), by=by))] == [2]
    said = faults(checked(town, "awards", row("B1"), by=by))
    assert [sentence for _, _, sentence in said] == ["先进基层党组织授给组织，别的称号授给党员。"]

"""The sheet of terms."""

import pytest

from jiceng.kernel.orgs.models import Kind
from jiceng.kernel.posts.models import Term
from tests.builders import officer, org
from tests.project.sheets.cast import applied, checked, exported, faults, outcomes, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE, code="T")


@pytest.fixture
def by(town):
    return officer(town)


def row(code, **said):
    return {"组织代码": code, "本届开始": "2024-03-01", "届满日期": "2027-03-01", **said}


def test_terms_are_filled_come_back_unchanged_and_can_be_taken_back(town, by):
    for code in ("B1", "B2"):
        org(f"{code}党支部", under=town, code=code)
    late = row("B2", 第几届="3", 届满日期="2027-09-01", 原定届满日期="2027-03-01", 批准文号="某组〔2027〕1号")
    batch = applied(town, "terms", row("B1"), late, by=by)
    assert list(Term.objects.open().order_by("number").values_list("number", flat=True)) == [1, 3]
    assert outcomes(checked(town, "terms", *exported(town, "terms", by), by=by)) == (0, 0, 2)
    assert undone(batch, by).undoing.rows == 2
    assert not Term.objects.known().exists()


def test_an_end_before_the_beginning_and_an_unknown_organisation_are_faults(town, by):
    org("B1党支部", under=town, code="B1")
    assert {number for number, _, _ in faults(checked(town, "terms", row("没有"), by=by))} == {2}
    said = faults(checked(town, "terms", row("B1", 届满日期="2024-03-01"), by=by))
    assert [sentence for _, _, sentence in said] == ["届满日期要晚于本届开始的日期。"]

"""Units: registered once, described by the day, handed on whole."""

from datetime import date

import pytest

from jiceng.kernel.access import Actor
from jiceng.kernel.orgs.models import Kind
from jiceng.kernel.units import actions, facts, queries
from jiceng.kernel.units.actions import NewUnit, State
from jiceng.kernel.units.models import Unit, UnitState
from jiceng.lib.refusals import NotAllowed, Refused, RowsRefused
from tests.builders import BUILDER, NOON, officer, org, root

pytestmark = pytest.mark.django_db

START = date(2026, 1, 1)
CREDIT = "91440700MA4UAAAAX1"


def new(code="U1", name="蓬江甲机械有限公司", kind=Unit.Kind.ENTERPRISE, **details):
    return NewUnit(code=code, name=name, kind=kind, **details)


def credit_code(digits: str) -> str:
    """A code with the right check character (GB 32100-2015)."""
    from stdnum.cn import uscc

    return digits + uscc.calc_check_digit(digits)


def test_a_unit_is_registered_with_its_first_state():
    place = org()
    unit = actions.register(
        place, new=new(state=State(grade="五类企业", staff=30)), on=START, by=officer(place.parent), at=NOON
    )
    state = queries.state_on(unit, START)
    assert (state.organisation, state.grade, state.staff) == (place, "五类企业", 30)
    assert queries.state_on(unit, date(2025, 12, 31)) is None


def test_the_branch_next_door_may_not_register_a_unit_here():
    place, next_door = org(), org("西山村党支部")
    with pytest.raises(NotAllowed):
        actions.register(place, new=new(), on=START, by=officer(next_door), at=NOON)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"credit_code": "91440700MA4UAAAAX9"}, "校验位不对"),
        ({"credit_code": "9144"}, "应是 18 位"),
        ({"kind": "club"}, "没有“club”这种单位类别"),
        ({"name": " "}, "名称不能为空"),
        ({"state": State(staff=-1)}, "职工人数不能小于 0"),
        ({"since": date(2030, 1, 1)}, "日期不能晚于今天"),
    ],
)
def test_a_wrong_unit_is_refused_by_its_sentence(wrong, said):
    place = org()
    with pytest.raises(Refused, match=said):
        actions.register(place, new=new(**wrong), on=START, by=officer(place.parent), at=NOON)


def test_a_credit_code_is_borne_by_one_unit():
    place = org()
    by = officer(place.parent)
    code = credit_code("91440700MA4UAAAAX")
    actions.register(place, new=new(credit_code=code.lower()), on=START, by=by, at=NOON)
    with pytest.raises(Refused, match="和“蓬江甲机械有限公司”重复"):
        actions.register(place, new=new("U2", credit_code=code), on=START, by=by, at=NOON)


def test_a_list_of_units_says_everything_that_is_wrong_and_writes_nothing():
    top = root()
    place = org(under=top)
    rows = [
        new("U1", organisation_code=place.code),
        new("U1", organisation_code=place.code),
        new("U3", organisation_code="nowhere"),
        new("U4", kind="club", organisation_code=place.code),
        new("U5", credit_code="1", organisation_code=place.code),
    ]
    with pytest.raises(RowsRefused) as refusal:
        actions.register_many(top, rows=rows, on=START, by=BUILDER, at=NOON)
    assert [number for number, _ in refusal.value.faults] == [2, 3, 4, 5]
    assert not Unit.objects.exists()


def test_a_list_of_units_is_looked_after_by_the_organisations_it_names():
    top = root()
    place = org(under=top)
    done = actions.register_many(
        top, rows=[new("U1", organisation_code=place.code), new("U2")], on=START, by=BUILDER, at=NOON
    )
    assert done.rows == 2
    assert Unit.objects.get(code="U1").organisation == place
    assert Unit.objects.get(code="U2").organisation == top


def test_a_long_list_of_units_costs_no_more_statements_than_a_short_one(django_assert_max_num_queries):
    top = root()
    with django_assert_max_num_queries(25):
        actions.register_many(top, rows=[new(f"U{number}") for number in range(1000)], on=START, by=BUILDER, at=NOON)


def test_from_a_day_on_a_unit_is_of_another_size_and_before_it_is_not():
    place = org()
    by = officer(place.parent)
    unit = actions.register(place, new=new(state=State(staff=30)), on=START, by=by, at=NOON)
    actions.describe(unit, state=State(staff=8), on=date(2026, 3, 1), by=by, at=NOON)
    assert queries.state_on(unit, date(2026, 2, 28)).staff == 30
    assert queries.state_on(unit, date(2026, 3, 1)).staff == 8


def test_a_description_from_before_a_later_one_is_refused():
    place = org()
    by = officer(place.parent)
    unit = actions.register(place, new=new(), on=START, by=by, at=NOON)
    actions.describe(unit, state=State(staff=8), on=date(2026, 3, 1), by=by, at=NOON)
    with pytest.raises(Refused, match="还有更晚的情况"):
        actions.describe(unit, state=State(staff=9), on=date(2026, 2, 1), by=by, at=NOON)


def test_a_list_of_descriptions_is_refused_for_units_elsewhere():
    top, elsewhere = root(), root()
    actions.register_many(top, rows=[new("U1"), new("U2")], on=START, by=BUILDER, at=NOON)
    actions.register_many(elsewhere, rows=[new("U3")], on=START, by=BUILDER, at=NOON)
    said = [("U1", State(staff=5)), ("U3", State(staff=5))]
    with pytest.raises(RowsRefused, match="第 2 行"):
        actions.describe_many(top, rows=said, on=date(2026, 2, 1), by=BUILDER, at=NOON)
    actions.describe_many(top, rows=said[:1], on=date(2026, 2, 1), by=BUILDER, at=NOON)
    assert queries.state_on(Unit.objects.get(code="U1"), date(2026, 2, 1)).staff == 5


def test_a_closed_unit_is_still_there_on_earlier_days():
    place = org()
    by = officer(place.parent)
    unit = actions.register(place, new=new(), on=START, by=by, at=NOON)
    actions.close(unit, on=date(2026, 4, 1), by=by, at=NOON)
    assert list(queries.there_on(date(2026, 3, 31), Unit.objects.all())) == [unit]
    assert not queries.there_on(date(2026, 4, 1), Unit.objects.all()).exists()
    with pytest.raises(Refused, match="已经注销"):
        actions.describe(unit, state=State(), on=date(2026, 5, 1), by=by, at=NOON)


def test_units_handed_over_count_for_whoever_looked_after_them_that_day():
    top = root()
    east, west = (org(name, under=top, kind=Kind.COMMITTEE) for name in ("东街党委", "西街党委"))
    by = officer(top)
    unit = actions.register(east, new=new(), on=START, by=by, at=NOON)
    actions.hand_over_all(east, to=west, on=date(2026, 4, 1), by=by, at=NOON)
    unit.refresh_from_db()
    assert unit.organisation == west
    rows = {
        (row["organisation"], row["since"], row["until"]) for row in facts.units.rows() if row["superseded_at"] is None
    }
    assert rows == {(east.pk, START, date(2026, 4, 1)), (west.pk, date(2026, 4, 1), None)}


def test_a_unit_is_found_by_name_initials_and_code():
    place = org()
    by = officer(place.parent)
    unit = actions.register(place, new=new(name="蓬江甲机械有限公司"), on=START, by=by, at=NOON)
    actions.register(place, new=new("U2", name="江海乙食品厂"), on=START, by=by, at=NOON)
    for query in ("机械", "pjj", "U1"):
        assert list(queries.named(query, Unit.objects.all())) == [unit]


def test_a_corrected_name_is_found_and_the_wrong_one_is_not():
    place = org()
    by = officer(place.parent)
    unit = actions.register(place, new=new(name="蓬江甲机城有限公司"), on=START, by=by, at=NOON)
    actions.correct(unit, name="蓬江甲机械有限公司", by=by, at=NOON)
    assert list(queries.named("机械", Unit.objects.all())) == [unit]
    assert not queries.named("机城", Unit.objects.all()).exists()


def test_a_correction_of_nothing_is_refused():
    place = org()
    by = officer(place.parent)
    unit = actions.register(place, new=new(), on=START, by=by, at=NOON)
    with pytest.raises(Refused, match="请写出要更正的内容"):
        actions.correct(unit, by=by, at=NOON)


def test_a_visitor_changes_no_unit():
    place = org()
    unit = actions.register(place, new=new(), on=START, by=officer(place.parent), at=NOON)
    with pytest.raises(NotAllowed):
        actions.describe(unit, state=State(staff=1), on=START, by=Actor.visitor(), at=NOON)
    assert UnitState.objects.get().staff == 0

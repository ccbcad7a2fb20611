"""Small pictures say what they show, hold no style, and escape what they are given."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from jiceng.ui import charts

HOSTILE = '"><script>alert(1)</script>'


def test_an_unknown_value_leaves_a_gap():
    assert charts.sparkline([1, None, 3, 4], "趋势").count("<polyline") == 2


def test_nothing_known_draws_nothing():
    assert charts.sparkline([None, None], "趋势") == ""


def test_a_bar_is_as_long_as_its_part():
    assert 'class="bar-part" width="86"' in charts.bar(43, 50)
    assert 'class="bar-part" width="0"' in charts.bar(0, 0)


def test_hostile_names_are_escaped():
    for drawn in (charts.bars([(HOSTILE, 3)], HOSTILE), charts.sparkline([1, 2], HOSTILE)):
        assert "<script" not in drawn
        assert "style=" not in drawn


@given(st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), max_size=30))
def test_every_trend_is_well_formed_and_stays_in_its_frame(values):
    drawn = charts.sparkline(values, "趋势", width=120, height=28)
    if not drawn:
        assert all(value is None for value in values)
        return
    for line in ElementTree.fromstring(drawn).iter("polyline"):
        for point in line.attrib["points"].split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= 120
            assert 0 <= y <= 28


def test_bars_stand_in_the_order_they_are_given():
    drawn = charts.bars([("乙支部", 1), ("甲支部", 9)], "会议次数")
    assert drawn.index("乙支部") < drawn.index("甲支部")

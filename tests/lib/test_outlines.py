"""Outlines keep their place and their shape when they are made flat."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.lib import outlines

POINTS = st.tuples(st.floats(0, 400), st.floats(0, 400))
RINGS = st.lists(POINTS, min_size=3, max_size=40).map(lambda points: (*points, points[0]))


def square(west, south, side):
    east, north = west + side, south + side
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


def test_north_is_up_and_east_is_right():
    sheet = outlines.flatten({"north": [square(113, 23, 1)], "east": [square(114, 22, 1)]}, width=400, height=400)
    north, east = sheet.shapes["north"], sheet.shapes["east"]
    assert north.y < east.y and north.x < east.x


@pytest.mark.parametrize("latitude", [0, 22.5, 45, 60])
def test_a_square_degree_is_narrower_the_further_from_the_equator(latitude):
    sheet = outlines.flatten({"a": [square(113, latitude - 0.5, 1)]}, width=300, height=400)
    assert sheet.width / sheet.height == pytest.approx(math.cos(math.radians(latitude)))


@given(RINGS)
def test_no_point_of_a_simplified_ring_lies_off_by_more_than_the_tolerance(ring):
    kept = outlines.simplified(ring)
    assert kept[0] == kept[-1] == ring[0] and set(kept) <= set(ring)
    stretches = list(pairwise(kept))
    for point in ring:
        assert min(outlines._apart(point, one, other) for one, other in stretches) <= outlines.TOLERANCE + 1e-6


def test_a_straight_line_with_a_thousand_points_needs_four_corners():
    corners = square(0, 0, 100)
    dense = tuple(
        (x1 + (x2 - x1) * n / 250, y1 + (y2 - y1) * n / 250)
        for (x1, y1), (x2, y2) in pairwise(corners)
        for n in range(250)
    )
    assert len(outlines.simplified((*dense, dense[0]))) == 5


def test_a_tiny_island_goes_and_a_tiny_place_stays():
    far = square(113, 22, 1)
    drawn = {"county": [far, square(113.5, 23.1, 1e-6)], "tiny": [square(114.5, 22, 1e-6)]}
    sheet = outlines.flatten(drawn, width=400, height=400)
    assert sheet.shapes["county"].path.count("M") == 1
    assert sheet.shapes["tiny"].path.count("M") == 1 and not sheet.shapes["tiny"].has_room


def test_the_middle_of_a_place_is_in_its_largest_part():
    sheet = outlines.flatten({"a": [square(110, 22, 0.1), square(112, 22, 2)]}, width=400, height=400)
    assert sheet.shapes["a"].x == pytest.approx(sheet.width * 3 / 4)

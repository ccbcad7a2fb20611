"""The matrix on a part of its pairs, always the same ones; `python -m tests.walls.matrix` asks them all."""

import pytest

from tests.walls import pairs, world
from tests.walls.holes import HOLES

pytestmark = pytest.mark.django_db


def test_every_address_has_a_line():
    assert pairs.forgotten() == []


def test_nobody_sees_or_does_what_is_out_of_reach():
    walls = pairs.Matrix(world.build())
    tally = walls.run(walls.sample(pairs.SMALL))
    assert tally.leaks == []
    assert tally.pairs == pairs.SMALL
    assert tally.seen > pairs.SMALL // 4  # a wall without doors would be easy
    assert len(tally.acts) > 20


def test_every_planted_hole_is_noticed():
    city = world.build()
    asked = list(pairs.Matrix(city).sample(pairs.SMALL))
    assert [word for word in HOLES if not pairs.torn(city, asked, word)] == []
    assert len(HOLES) >= 20

"""The tree of places on any day, against an oracle that keeps a whole tree for each day."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiceng.kernel.places import actions, queries
from jiceng.kernel.places.models import Level, Naming, Place
from jiceng.lib.refusals import Refused

from .builders import add, county, do, province

pytestmark = pytest.mark.django_db

START = date(2026, 1, 1)
DAYS = [START + timedelta(days=n) for n in range(12)]


class Oracle:
    """One whole tree a day: of each place that stands, its parent and its name."""

    def __init__(self, top: Place) -> None:
        self.days = {day: {top.pk: (None, top.name)} for day in DAYS}

    def from_day(self, day):
        return [tree for when, tree in self.days.items() if when >= day]

    def add(self, place, parent, day):
        for tree in self.from_day(day):
            tree[place.pk] = (parent.pk, place.name)

    def move(self, place, parent, day):
        for tree in self.from_day(day):
            if place.pk in tree:
                tree[place.pk] = (parent.pk, tree[place.pk][1])

    def rename(self, place, name, day):
        for tree in self.from_day(day):
            if place.pk in tree:
                tree[place.pk] = (tree[place.pk][0], name)

    def merge(self, place, into, day):
        for tree in self.from_day(day):
            for pk, (parent, name) in list(tree.items()):
                if parent == place.pk:
                    tree[pk] = (into.pk, name)
            del tree[place.pk]

    def close(self, place, day):
        for tree in self.from_day(day):
            del tree[place.pk]

    def below(self, top, day):
        tree = self.days[day]
        return {(pk, tree[pk][1]) for pk in tree if self.climbs_to(tree, pk, top)}

    @staticmethod
    def climbs_to(tree, pk, top):
        while pk is not None and pk != top:
            pk = tree[pk][0]
        return pk == top


def stored_below(place, day):
    naming = queries.naming_on(place, day)
    if naming is None:
        return set()
    rows = list(queries.below_on(naming, day).values_list("place", "name"))
    assert len(rows) == len({pk for pk, _ in rows}), "a place stands in two spots on one day"
    return set(rows)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "move", "rename", "merge", "close"]),
        st.integers(0, 9), st.integers(0, 9), st.integers(0, 11),
    ),
    max_size=16,
)  # fmt: skip


def perform(act, made, a, b, day, oracle):
    """One act, in any order of days. A refused act must change nothing."""
    one, other = made[a % len(made)], made[b % len(made)]
    try:
        with transaction.atomic():
            if act == "add":
                place = add(one, f"第{len(made)}网格", Level.CELL, code=f"x{len(made)}", on=day)
                made.append(place)
                oracle.add(place, one, day)
            elif act == "rename":
                name = f"改{a}{b}{day:%d}"
                do(actions.rename, one, name=name, on=day)
                oracle.rename(one, name, day)
            elif act == "close":
                do(actions.close, one, on=day)
                oracle.close(one, day)
            elif act == "move":
                do(actions.move, one, parent=other, on=day)
                oracle.move(one, other, day)
            else:
                do(actions.merge, one, into=other, on=day)
                oracle.merge(one, other, day)
    except Refused:
        one.refresh_from_db()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_the_tree_of_every_day_equals_the_oracles(acts):
    with transaction.atomic():
        top = province()
        made, oracle = [top], Oracle(top)
        for act, a, b, day in acts:
            perform(act, made, a, b, DAYS[day], oracle)
        for day in DAYS:
            for place in made:
                expected = oracle.below(place.pk, day) if place.pk in oracle.days[day] else set()
                assert stored_below(place, day) == expected, (place.name, day)
        today = Place.objects.filter(until=None, pk__in=[place.pk for place in made])
        assert {(p.pk, p.parent_id, p.name) for p in today} == {
            (pk, *said) for pk, said in oracle.days[DAYS[-1]].items()
        }
        assert {p.pk for p in today.filter(path__under=Place.objects.get(pk=top.pk))} == {p.pk for p in today}
        transaction.set_rollback(True)


def test_a_look_alike_path_is_not_below():
    """The 37th child's segment begins like the first one's: fixed width keeps them apart."""
    top = province()
    cells = [add(top, f"{number}号网格", Level.CELL) for number in range(38)]
    below = add(cells[1], "一号楼", Level.BUILDING)
    assert stored_below(cells[1], START) == {(cells[1].pk, "1号网格"), (below.pk, "一号楼")}
    assert stored_below(cells[36], START) == {(cells[36].pk, "36号网格")}


def test_a_moved_place_takes_everything_below_along_and_nothing_else():
    here = county()
    east = add(here, "东镇", Level.TOWNSHIP, "110101001000")
    west = add(here, "西镇", Level.TOWNSHIP, "110101002000")
    village = add(east, "东山村", Level.VILLAGE, "110101001200")
    cell = add(village, "第一网格", Level.CELL)
    stays = add(east, "南山村", Level.VILLAGE, "110101001201")
    do(actions.move, village, parent=west, on=date(2026, 3, 1))
    assert {pk for pk, _ in stored_below(west, date(2026, 3, 1))} == {west.pk, village.pk, cell.pk}
    assert {pk for pk, _ in stored_below(east, date(2026, 3, 1))} == {east.pk, stays.pk}
    assert {pk for pk, _ in stored_below(east, date(2026, 2, 28))} == {east.pk, village.pk, cell.pk, stays.pk}


def test_a_path_is_never_used_twice():
    here = county()
    first = add(here, "甲镇", Level.TOWNSHIP, "110101001000")
    do(actions.close, first, on=date(2026, 2, 1))
    assert add(here, "乙镇", Level.TOWNSHIP, "110101001000").path != first.path


def test_no_place_moves_below_itself():
    top = province()
    cell = add(top, "大网格", Level.CELL)
    inner = add(cell, "小网格", Level.CELL)
    with pytest.raises(Refused, match="自己的下级"):
        do(actions.move, cell, parent=inner, on=date(2026, 2, 1))


def test_history_is_written_once_and_never_changed():
    here = county()
    do(actions.rename, here, name="甲区", on=date(2026, 2, 1))
    rows = Naming.objects.filter(place=here).order_by("recorded_at", "since")
    assert [(row.name, row.until, row.superseded_at is None) for row in rows.known()] == [
        ("甲县", date(2026, 2, 1), True),
        ("甲区", None, True),
    ]
    assert rows.filter(superseded_at__isnull=False, name="甲县", until=None).count() == 1

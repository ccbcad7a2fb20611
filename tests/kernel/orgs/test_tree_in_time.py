"""The tree as it was on any day, as known at any moment, against an oracle that keeps whole trees."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiceng.kernel.journal.clock import store_now
from jiceng.kernel.orgs import actions
from jiceng.kernel.orgs.models import Kind, Organisation, Standing
from jiceng.lib.refusals import Refused
from tests.builders import BUILDER, NOON, because, org, root

pytestmark = pytest.mark.django_db

START = date(2026, 1, 1)
DAYS = [START + timedelta(days=n) for n in range(12)]

Tree = dict[int, int | None]
"""One day's tree: each organisation that stands, and its parent."""


class Oracle:
    """Keeps one whole tree a day. A change on a day changes that day and every later one."""

    def __init__(self, top: Organisation) -> None:
        self.days: dict[date, Tree] = {day: {top.pk: None} for day in DAYS}

    def on_and_after(self, day: date) -> list[Tree]:
        return [tree for when, tree in self.days.items() if when >= day]

    def found(self, pk: int, parent: int, day: date) -> None:
        for tree in self.on_and_after(day):
            tree[pk] = parent

    def move(self, pk: int, parent: int, day: date) -> None:
        for tree in self.on_and_after(day):
            tree[pk] = parent

    def close(self, pk: int, day: date) -> None:
        for tree in self.on_and_after(day):
            del tree[pk]

    def below(self, top: int, day: date) -> set[int]:
        tree = self.days[day]
        return {pk for pk in tree if self._climbs_to(tree, pk, top)}

    @staticmethod
    def _climbs_to(tree: Tree, pk: int | None, top: int) -> bool:
        while pk is not None and pk != top:
            pk = tree[pk]
        return pk == top


def stored_below(top: int, day: date, known_at: datetime | None = None) -> set[int]:
    standing = Standing.objects.on(day, known_at=known_at).filter(organisation=top).first()
    if standing is None:
        return set()
    below = Standing.objects.on(day, known_at=known_at).filter(path__under=standing.path)
    rows = list(below.values_list("organisation", flat=True))
    assert len(rows) == len(set(rows)), "an organisation stands in two places on one day"
    return set(rows)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["found", "move", "close", "rename"]), st.integers(0, 9), st.integers(0, 9), st.integers(0, 11)
    ),
    max_size=14,
)


def perform(act: str, made: list[Organisation], a: int, b: int, day: date, oracle: Oracle) -> None:
    """One act, in any order of days: late entry is ordinary. A refused act must change nothing."""
    one, other = made[a % len(made)], made[b % len(made)]
    try:
        if act == "found":
            new = org(f"第{len(made)}党总支", under=one, kind=Kind.GENERAL_BRANCH, on=day)
            made.append(new)
            oracle.found(new.pk, one.pk, day)
        elif act == "move":
            actions.reparent(one, parent=other, because=because(day), by=BUILDER, at=NOON)
            oracle.move(one.pk, other.pk, day)
        elif act == "close":
            actions.dissolve(one, because=because(day), by=BUILDER, at=NOON)
            oracle.close(one.pk, day)
        else:
            actions.rename(one, name=f"改{a}{b}{day}", because=because(day), by=BUILDER, at=NOON)
    except Refused:
        one.refresh_from_db()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_the_tree_of_every_day_equals_the_oracles(acts):
    from django.db import transaction

    with transaction.atomic():
        top = root(name="市委")
        made = [top]
        oracle = Oracle(top)
        for act, a, b, day in acts:
            perform(act, made, a, b, DAYS[day], oracle)
        for day in DAYS:
            for one in made:
                assert stored_below(one.pk, day) == (
                    oracle.below(one.pk, day) if one.pk in oracle.days[day] else set()
                ), (one.name, day)
        today = {o.pk: o.parent_id for o in Organisation.objects.filter(closed_on=None, pk__in=[m.pk for m in made])}
        assert today == oracle.days[DAYS[-1]]
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)  # in one transaction PostgreSQL's clock stands still
def test_a_late_entry_does_not_change_what_was_known_before():
    top = root()
    street = org("东街党工委", under=top, kind=Kind.WORKING_COMMITTEE)
    west = org("西街党工委", under=top, kind=Kind.WORKING_COMMITTEE)
    branch = org("第一党支部", under=street)
    before = store_now()
    while store_now() <= before:
        pass  # SQLite's clock ticks in milliseconds
    actions.reparent(branch, parent=west, because=because(date(2025, 12, 1)), by=BUILDER, at=NOON)
    new_year = date(2025, 12, 31)
    assert branch.pk in stored_below(west.pk, new_year)
    assert branch.pk not in stored_below(street.pk, new_year)
    assert branch.pk in stored_below(street.pk, date(2025, 11, 30))
    assert branch.pk in stored_below(street.pk, new_year, known_at=before)


def test_a_path_is_never_used_twice():
    top = root()
    first = org("甲支部", under=top)
    gone = first.path
    actions.dissolve(first, because=because(date(2026, 2, 1)), by=BUILDER, at=NOON)
    assert org("乙支部", under=top).path != gone


def test_a_moved_subtree_goes_whole_and_nothing_else_does():
    top = root()
    county = org("甲县委", under=top, kind=Kind.COMMITTEE)
    look_alike = org("乙县委", under=top, kind=Kind.COMMITTEE)
    town = org("一镇党委", under=county, kind=Kind.COMMITTEE)
    branch = org("一村党支部", under=town)
    other = org("二村党支部", under=look_alike)
    actions.reparent(town, parent=look_alike, because=because(date(2026, 3, 1)), by=BUILDER, at=NOON)
    branch.refresh_from_db(), town.refresh_from_db()
    assert branch.path.startswith(town.path) and town.path.startswith(look_alike.path)
    assert other.pk in stored_below(look_alike.pk, date(2026, 3, 1))
    assert stored_below(county.pk, date(2026, 3, 1)) == {county.pk}
    assert stored_below(county.pk, date(2026, 2, 28)) == {county.pk, town.pk, branch.pk}


def test_no_organisation_moves_below_itself():
    top = root()
    county = org("甲县委", under=top, kind=Kind.COMMITTEE)
    town = org("一镇党委", under=county, kind=Kind.COMMITTEE)
    with pytest.raises(Refused, match="自己的下级"):
        actions.reparent(county, parent=town, because=because(), by=BUILDER, at=NOON)


def test_an_organisation_with_children_is_not_dissolved():
    top = root()
    town = org("一镇党委", under=top, kind=Kind.COMMITTEE)
    org("一村党支部", under=town)
    with pytest.raises(Refused, match="还有下级组织"):
        actions.dissolve(town, because=because(date(2026, 1, 1)), by=BUILDER, at=NOON)


def test_a_change_is_not_dated_in_the_future():
    with pytest.raises(Refused, match="不能晚于今天"):
        actions.rename(org(), name="新名", because=because(date(2026, 6, 2)), by=BUILDER, at=NOON)


def test_a_correction_changes_what_was_written_and_keeps_what_was_known():
    wrong = org("东出村党支部")
    actions.correct(wrong, reason="录入错字", name="东山村党支部", by=BUILDER, at=NOON)
    rows = Standing.objects.filter(organisation=wrong)
    assert [row.name for row in rows.known()] == ["东山村党支部"]
    assert rows.filter(superseded_at__isnull=False, name="东出村党支部").count() == 1


def test_merging_moves_the_children_and_leaves_the_custodian_the_records():
    top = root()
    old = org("老街党总支", under=top, kind=Kind.GENERAL_BRANCH)
    new = org("新街党总支", under=top, kind=Kind.GENERAL_BRANCH)
    branch = org("第一党支部", under=old)
    actions.merge(old, into=new, because=because(date(2026, 5, 1)), by=BUILDER, at=NOON)
    old.refresh_from_db(), branch.refresh_from_db()
    assert (old.closed_on, old.custodian, branch.parent) == (date(2026, 5, 1), new, new)

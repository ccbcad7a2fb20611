"""Whole lists of organisations: what is wrong is said at once, what is right lands as single verbs would."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiceng.kernel.journal.models import Entry
from jiceng.kernel.orgs import actions, queries
from jiceng.kernel.orgs.actions import Description, NewUnder, Renaming
from jiceng.kernel.orgs.models import Change, Form, Kind, Organisation, Standing
from jiceng.lib.refusals import Refused, RowsRefused
from tests.builders import BUILDER, LONG_AGO, NOON, because, org, root

pytestmark = pytest.mark.django_db


def found_many(top, rows, on=LONG_AGO):
    return actions.found_many(top, rows=rows, because=because(on), by=BUILDER, at=NOON)


def row(code, under="", kind=Kind.BRANCH, **details):
    return NewUnder(code=code, name=details.pop("name", f"第{code}号组织"), kind=kind, parent_code=under, **details)


def shape(organisation):
    """What a later reader can tell of an organisation, numbers left out."""
    told = Standing.objects.known().filter(organisation=organisation).order_by("since")
    return (
        organisation.code, organisation.name, organisation.kind, organisation.parent and organisation.parent.code,
        organisation.path[4:], organisation.founded_on,
        [(one.since, one.until, one.path[4:], one.name) for one in told],
        sorted(organisation.name_keys.values_list("key", flat=True)),
    )  # fmt: skip


def test_children_may_stand_before_their_parents_in_the_list():
    top = root()
    found_many(top, [row("B", under="A"), row("A", kind=Kind.GENERAL_BRANCH)])
    child, parent = Organisation.objects.get(code="B"), Organisation.objects.get(code="A")
    assert child.parent == parent
    assert child.path.startswith(parent.path)
    assert parent.parent == top


def test_a_list_lands_as_single_foundings_would():
    one, other = root(), root()
    found_many(one, [row("A", kind=Kind.COMMITTEE), row("B", under="A"), row("C", under="A")])
    for code in "ABC":
        under = other if code == "A" else Organisation.objects.get(code="xA")
        org(f"第{code}号组织", under=under, code=f"x{code}", kind=Kind.COMMITTEE if code == "A" else Kind.BRANCH)
    for code in "ABC":
        bulk, single = (shape(Organisation.objects.get(code=name)) for name in (code, f"x{code}"))
        assert bulk[1:3] + bulk[4:] == single[1:3] + single[4:]


def test_the_next_child_takes_the_next_segment():
    top = root()
    found_many(top, [row("A"), row("B")])
    later = org("后来的支部", under=top)
    assert later.path > Organisation.objects.get(code="B").path


def test_what_is_older_than_its_parents_record_stands_from_the_parents_first_day():
    top = root()
    found_many(top, [row("A", founded_on=date(1951, 7, 1))], on=date(2020, 1, 1))
    made = Organisation.objects.get(code="A")
    assert made.founded_on == date(1951, 7, 1)
    assert Standing.objects.get(organisation=made).since == LONG_AGO
    assert Change.objects.get(organisation=made).on == date(1951, 7, 1)


def test_a_child_of_a_parent_that_moved_stands_under_each_of_its_paths():
    top = root()
    east, west = (org(name, under=top, kind=Kind.COMMITTEE) for name in ("东街党委", "西街党委"))
    village = org("东山村党总支", under=east, kind=Kind.GENERAL_BRANCH)
    actions.reparent(village, parent=west, because=because(date(2020, 1, 1)), by=BUILDER, at=NOON)
    found_many(top, [row("A", under=village.code, founded_on=date(2010, 1, 1))], on=date(2010, 1, 1))
    told = Standing.objects.known().filter(organisation__code="A").order_by("since")
    assert [(one.since, one.until) for one in told] == [
        (date(2010, 1, 1), date(2020, 1, 1)), (date(2020, 1, 1), None)
    ]  # fmt: skip
    assert told[0].path.startswith(east.path)
    assert told[1].path.startswith(west.path)


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_written():
    top, elsewhere, third = root(), root(), root()
    closed = org("已撤支部", under=top)
    actions.dissolve(closed, because=because(date(2020, 1, 1)), by=BUILDER, at=NOON)
    rows = [
        row("A"),
        row("A"),
        row(third.code),
        row("D", under="nowhere"),
        row("E", under=elsewhere.code),
        row("F", under=closed.code),
        row("G", under="A", kind=Kind.COMMITTEE),
        row("H", kind="club"),
        row("I", form=Form.TEMPORARY),
        row("J", under="K"),
        row("K", under="J"),
        row("L", founded_on=date(2030, 1, 1)),
        row("", name=" "),
    ]
    before = Organisation.objects.count()
    with pytest.raises(RowsRefused) as refusal:
        found_many(top, rows)
    assert {number for number, _ in refusal.value.faults} == set(range(2, 14))
    assert Organisation.objects.count() == before


def test_a_whole_list_leaves_one_entry_with_its_count_and_digest():
    top = root()
    before = Entry.objects.count()
    done = found_many(top, [row(f"A{number}") for number in range(30)])
    entry = Entry.objects.latest("pk")
    assert Entry.objects.count() == before + 1
    assert (entry.verb, entry.rows, entry.root) == ("orgs.found_many", 30, done.root)


def test_a_long_list_costs_no_more_statements_than_a_short_one(django_assert_max_num_queries):
    top = root()
    with django_assert_max_num_queries(40):
        found_many(top, [row(f"A{number}") for number in range(1500)])


def test_a_renamed_list_is_found_by_its_new_names_and_kept_its_old():
    top = root()
    found_many(top, [row("A", name="东山村党支部"), row("B", name="西山村党支部")])
    renamed = [Renaming("A", "东湖社区党支部"), Renaming("B", "西湖社区党支部")]
    actions.rename_many(top, rows=renamed, because=because(date(2021, 1, 1)), by=BUILDER, at=NOON)
    one = Organisation.objects.get(code="A")
    assert list(queries.named("东湖", Organisation.objects.all())) == [one]
    assert not queries.named("东山", Organisation.objects.all()).exists()
    assert queries.standing_on(one, date(2020, 12, 31)).name == "东山村党支部"
    assert queries.standing_on(one, date(2021, 1, 1)).name == "东湖社区党支部"


def test_a_list_of_new_names_is_refused_where_one_is_wrong():
    top = root()
    found_many(top, [row("A", name="东山村党支部"), row("B", name="西山村党支部")])
    renamed = [Renaming("A", "东山村党支部"), Renaming("B", "西湖社区党支部"), Renaming("C", "没有这个组织")]
    with pytest.raises(Refused, match="第 3 行"):
        actions.rename_many(top, rows=renamed, because=because(date(2021, 1, 1)), by=BUILDER, at=NOON)
    assert Organisation.objects.get(code="B").name == "西山村党支部"


def test_a_list_of_telephones_is_kept():
    top = root()
    found_many(top, [row("A"), row("B")])
    actions.describe_many(top, rows=[Description("A", "0750-1234567")], by=BUILDER, at=NOON)
    assert Organisation.objects.get(code="A").phone == "0750-1234567"
    assert Organisation.objects.get(code="B").phone == ""


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parents=st.lists(st.integers(0, 20), min_size=1, max_size=20),
    order=st.randoms(use_true_random=False),
)
def test_any_tree_in_any_order_lands_whole(parents, order):
    from django.db import transaction

    with transaction.atomic():
        top = root()
        rows = [
            row(f"N{number}", under=f"N{parent % number}" if number else "", kind=Kind.COMMITTEE)
            for number, parent in enumerate(parents)
        ]
        order.shuffle(rows)
        found_many(top, rows)
        for number, parent in enumerate(parents):
            one = Organisation.objects.get(code=f"N{number}")
            above = Organisation.objects.get(code=f"N{parent % number}") if number else top
            assert one.parent == above
            assert one.path[:-4] == above.path
            assert queries.standing_on(one, LONG_AGO).path == one.path
        transaction.set_rollback(True)

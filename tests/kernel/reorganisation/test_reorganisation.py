"""Reorganisations move people, units and records along, and lose nobody."""

import contextlib
from datetime import date

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiceng.kernel.access import Actor, Role
from jiceng.kernel.journal.clock import one_moment
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.actions import New
from jiceng.kernel.orgs.models import Form, Kind, Organisation
from jiceng.kernel.people.models import Floating, Loan, Membership, Person
from jiceng.kernel.posts.models import Post, Term
from jiceng.kernel.reorganisation import actions, queries
from jiceng.kernel.reorganisation.actions import Part, Step
from jiceng.kernel.units import actions as units
from jiceng.kernel.units import queries as unit_queries
from jiceng.kernel.units.actions import NewUnit
from jiceng.lib.refusals import NotAllowed, Refused, RowsRefused
from tests import guard
from tests.builders import BUILDER, LONG_AGO, NOON, because, holder, member, officer, org, root

pytestmark = pytest.mark.django_db

DAY = date(2026, 4, 1)
BEFORE = date(2026, 3, 31)


@pytest.fixture
def top():
    return root()


@pytest.fixture
def by(top):
    return officer(top)


def committee(top, name, **details):
    return org(name, under=top, kind=Kind.COMMITTEE, **details)


def members_on(day, *organisations):
    rows = Membership.objects.on(day).filter(organisation__in=organisations)
    return set(rows.values_list("person__name", flat=True))


def total(top, day):
    """Members below the top on a day, by that day's tree."""
    stood = tree.below_on(tree.standing_on(top, day), day).values("organisation")
    return Membership.objects.on(day).filter(organisation__in=stood).count()


def merge(one, into, by, on=DAY):
    return actions.merge(one, into=into, because=because(on), by=by, at=NOON)


def dissolve(one, by, destination=None, on=DAY):
    return actions.dissolve(one, destination=destination, because=because(on), by=by, at=NOON)


def temporary(top, **details):
    return org("抗洪临时党支部", under=top, form=Form.TEMPORARY, mission="防汛", ends_on=date(2026, 5, 31), **details)


def test_a_merge_takes_members_children_and_units_along(top, by):
    east, west = committee(top, "东街党委"), committee(top, "西街党委")
    village = org("东山村党支部", under=east)
    member(east, "王一")
    member(village, "王二")
    unit = units.register(east, new=NewUnit("U1", "甲厂", "enterprise"), on=LONG_AGO, by=by, at=NOON)
    merge(east, west, by)
    village.refresh_from_db()
    assert village.parent == west
    assert members_on(DAY, west) == {"王一"}
    assert members_on(BEFORE, east) == {"王一"}
    assert members_on(DAY, village) == {"王二"}
    assert unit_queries.state_on(unit, DAY).organisation == west
    assert unit_queries.state_on(unit, BEFORE).organisation == east
    assert Person.objects.get(name="王一").organisation == west


def test_a_merge_ends_the_posts_and_the_term_of_what_closes(top, by):
    east, west = committee(top, "东街党委"), committee(top, "西街党委")
    holder(east, Role.SECRETARY)
    holder(east, Role.OFFICER, person=member(top))
    with guard.outside(), one_moment():
        Term.objects.create(organisation=east, since=LONG_AGO, ends_on=date(2027, 1, 1))
    merge(east, west, by)
    assert Post.objects.on(BEFORE).filter(organisation=east).count() == 2
    assert not Post.objects.on(DAY).filter(organisation=east).exists()
    assert not Term.objects.on(DAY).filter(organisation=east).exists()


def test_a_member_who_came_after_the_day_of_a_merge_stops_it_and_nothing_has_happened(top, by):
    east, west = committee(top, "东街党委"), committee(top, "西街党委")
    member(east, "王一")
    member(east, "王二", since=date(2026, 5, 1))
    with pytest.raises(Refused, match="有 1 名党员不能在 2026-04-01 划转"):
        merge(east, west, by)
    east.refresh_from_db()
    assert east.closed_on is None
    assert members_on(DAY, east) == {"王一"}


def test_floating_members_received_here_are_received_by_the_successor(top, by):
    east, west, home = (committee(top, name) for name in ("东街党委", "西街党委", "老家党委"))
    person = member(home)
    with guard.outside(), one_moment():
        Floating.objects.create(person=person, organisation=home, destination=east, where="东街", since=LONG_AGO)
    merge(east, west, by)
    assert Floating.objects.on(DAY).get().destination == west
    assert Floating.objects.on(BEFORE).get().destination == east


def test_an_organisation_with_members_is_not_dissolved_without_a_destination(top, by):
    east, west = committee(top, "东街党委"), committee(top, "西街党委")
    member(east, "王一")
    with pytest.raises(Refused, match="还有 1 名党员"):
        dissolve(east, by)
    dissolve(east, by, destination=west)
    assert members_on(DAY, west) == {"王一"}
    east.refresh_from_db()
    assert (east.closed_on, east.custodian) == (DAY, west)


def test_nobody_keeps_the_own_records_after_closing(top, by):
    empty = org("空壳党支部", under=top)
    with pytest.raises(Refused, match="不能接管自己的档案"):
        dissolve(empty, by, destination=empty)


def test_an_empty_organisation_is_dissolved_into_the_custody_of_its_parent(top, by):
    east = committee(top, "东街党委")
    dissolve(east, by)
    east.refresh_from_db()
    assert east.custodian == top


def test_an_organisation_that_leads_a_joint_body_is_not_closed(top, by):
    from jiceng.kernel.posts.models import Formation, JointBody

    east = committee(top, "东街党委")
    with guard.outside(), one_moment():
        body = JointBody.objects.create(organisation=east, name="东街大工委", kind=JointBody.Kind.STREET)
        Formation.objects.create(body=body, since=LONG_AGO)
    with pytest.raises(Refused, match="还牵头“东街大工委”"):
        dissolve(east, by)


def test_only_an_officer_above_both_may_merge(top):
    east, west = committee(top, "东街党委"), committee(top, "西街党委")
    for by in (officer(east), officer(root()), Actor.visitor(), BUILDER):
        with pytest.raises(NotAllowed):
            merge(east, west, by)


def test_a_split_moves_the_members_and_children_that_are_assigned(top, by):
    east = committee(top, "东街党委")
    village = org("东山村党支部", under=east)
    one, two = member(east, "王一"), member(east, "王二")
    new = New(code="NEW", name="北街党委", kind=Kind.COMMITTEE)
    (made,) = actions.split(
        east, into=[Part(new, members=[one.pk], children=[village])], because=because(DAY), by=by, at=NOON
    )
    village.refresh_from_db()
    assert village.parent == made
    assert members_on(DAY, made) == {"王一"}
    assert members_on(DAY, east) == {two.name}
    assert members_on(BEFORE, east) == {"王一", "王二"}


def test_a_split_assigns_nobody_twice_and_nobody_from_elsewhere(top, by):
    east, west = committee(top, "东街党委"), committee(top, "西街党委")
    one, stranger = member(east), member(west)
    new = New(code="NEW", name="北街党委", kind=Kind.COMMITTEE)
    for members in ([one.pk, one.pk], [stranger.pk]):
        with pytest.raises(Refused, match="每名党员只能分到一个组织"):
            actions.split(east, into=[Part(new, members=members)], because=because(DAY), by=by, at=NOON)


def test_a_temporary_organisation_ends_and_those_lent_were_counted_at_home_all_along(top, by):
    home, team = committee(top, "东街党委"), temporary(top)
    person = member(home, "王一")
    with guard.outside(), one_moment():
        Loan.objects.create(person=person, organisation=team, since=LONG_AGO)
    holder(team, Role.SECRETARY, person=person)
    before = total(top, BEFORE)
    actions.end_temporary(team, because=because(DAY), by=by, at=NOON)
    assert not Loan.objects.on(DAY).exists()
    assert not Post.objects.on(DAY).filter(organisation=team).exists()
    assert Loan.objects.on(BEFORE).count() == 1
    assert total(top, DAY) == before
    assert members_on(DAY, home) == {"王一"}


def test_only_a_temporary_organisation_ends_like_one(top, by):
    with pytest.raises(Refused, match="不是临时组织"):
        actions.end_temporary(committee(top, "东街党委"), because=because(DAY), by=by, at=NOON)


def test_the_nightly_command_closes_what_is_past_its_day_and_nothing_else(top):
    past = temporary(top)
    later = org("明年临时党支部", under=top, form=Form.TEMPORARY, mission="重点工程", ends_on=date(2999, 1, 1))
    call_command("end_temporaries")
    past.refresh_from_db()
    later.refresh_from_db()
    assert past.closed_on == date(2026, 6, 1)
    assert later.closed_on is None


def steps(*rows):
    return [Step(*row) for row in rows]


def test_a_town_becomes_a_street_by_one_list(top, by):
    town = committee(top, "东山镇党委", code="TOWN")
    org("东山村党支部", under=town, code="V1")
    org("西山村党支部", under=town, code="V2")
    member(Organisation.objects.get(code="V1"), "王一")
    member(town, "王二")
    done = actions.reorganise(
        top,
        steps=steps(
            ("found", "STREET", top.code, "东山街道党工委", Kind.WORKING_COMMITTEE),
            ("rename", "V1", "", "东山社区党支部"),
            ("merge", "V2", "V1"),
            ("merge", "TOWN", "STREET"),
            ("upgrade", "V1", "", "东山社区党总支", Kind.GENERAL_BRANCH),
        ),
        because=because(DAY), by=by, at=NOON,
    )  # fmt: skip
    assert done.rows == 5
    street, village = Organisation.objects.get(code="STREET"), Organisation.objects.get(code="V1")
    assert (village.parent, village.name, village.kind) == (street, "东山社区党总支", Kind.GENERAL_BRANCH)
    assert members_on(DAY, street) == {"王二"}
    assert Organisation.objects.get(code="V2").custodian == village


def test_a_list_with_wrong_rows_names_each_and_changes_nothing(top, by):
    town, other = committee(top, "东山镇党委", code="TOWN"), committee(top, "西山镇党委", code="OTHER")
    member(town, "王一")
    with pytest.raises(RowsRefused) as refusal:
        actions.reorganise(
            top,
            steps=steps(("close", "TOWN"), ("rename", "TOWN"), ("merge", "NOWHERE", "TOWN"), ("upgrade", "TOWN")),
            because=because(DAY), by=by, at=NOON,
        )  # fmt: skip
    assert [number for number, _ in refusal.value.faults] == [1, 2, 3, 4]
    with pytest.raises(RowsRefused) as refusal:
        actions.reorganise(
            top,
            steps=steps(("rename", "OTHER", "", "西山街道党工委"), ("dissolve", "TOWN"), ("reparent", "OTHER", top.code)),
            because=because(DAY), by=by, at=NOON,
        )  # fmt: skip
    assert [number for number, _ in refusal.value.faults] == [2, 3]
    other.refresh_from_db()
    assert other.name == "西山镇党委"


def test_what_an_organisation_holds_is_told_before_it_closes(top):
    east = committee(top, "东街党委")
    org("东山村党支部", under=east)
    member(east)
    assert queries.holdings(east, DAY).told == "1 名党员、1 个下级组织"


def test_where_two_branches_of_the_tree_meet(top):
    east, west = committee(top, "东街党委"), committee(top, "西街党委")
    village = org("东山村党支部", under=east)
    assert queries.meeting_point(village, west) == top
    assert queries.meeting_point(village, east) == east
    assert queries.meeting_point(east, east) == east


ACTS = st.lists(
    st.tuples(st.sampled_from(["merge", "dissolve", "split", "reparent"]), st.integers(0, 9), st.integers(0, 9)),
    max_size=8,
)


def perform(act, one, other, by, number):
    day = date(2026, 4, 1 + number)
    why = because(day)
    match act:
        case "merge":
            merge(one, other, by, on=day)
        case "dissolve":
            dissolve(one, by, destination=other, on=day)
        case "split":
            own = list(queries.members(one).values_list("pk", flat=True))
            new = New(code=f"S{number}", name=f"分出{number}", kind=one.kind)
            actions.split(one, into=[Part(new, members=own[::2])], because=why, by=by, at=NOON)
        case _:
            top = Organisation.objects.get(path=one.path[:4])
            actions.reorganise(top, steps=[Step(act, one.code, other.code)], because=why, by=by, at=NOON)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_no_reorganisation_loses_or_doubles_anybody(acts):
    """Members at the root stay the same on every day, whatever is merged, split, moved or dissolved, or refused."""
    from django.db import transaction

    with transaction.atomic():
        top = root()
        by = officer(top)
        towns = [committee(top, f"第{number}镇党委") for number in range(3)]
        villages = [org(f"第{number}村党支部", under=towns[number % 3]) for number in range(6)]
        for number, place in enumerate([*towns, *villages, *villages]):
            member(place, f"王{number}")
        everybody = set(
            Membership.objects.on(BEFORE).filter(organisation__path__under=top).values_list("person", flat=True)
        )
        for number, (act, a, b) in enumerate(acts):
            living = list(Organisation.objects.filter(path__under=top.path, closed_on=None).order_by("path"))
            with contextlib.suppress(Refused):
                perform(act, living[a % len(living)], living[b % len(living)], by, number)
            day = date(2026, 4, 1 + number)
            assert total(top, day) == len(everybody)
            assert total(top, BEFORE) == len(everybody)
        held = Membership.objects.open().filter(organisation__path__under=top, organisation__closed_on=None)
        assert set(held.values_list("person", flat=True)) == everybody
        assert held.count() == len(everybody)
        for person in Person.objects.filter(pk__in=everybody):
            assert person.organisation_id == held.get(person=person).organisation_id
        for closed in Organisation.objects.filter(closed_on__isnull=False, code__regex="^[CS]").select_related(
            "custodian"
        ):
            assert closed.custodian.closed_on is None, (
                "records are in the custody of an organisation that is gone itself"
            )
            assert closed.custodian.path.startswith(top.path)
        transaction.set_rollback(True)

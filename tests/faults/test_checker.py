"""The checker is silent about what is right, and says each thing that is wrong."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from jiceng.engines.procedures import actions as procedures
from jiceng.kernel.access import Actor, Role
from jiceng.kernel.history.models import succeed
from jiceng.kernel.journal import actions as journal
from jiceng.kernel.journal.clock import one_moment
from jiceng.kernel.journal.models import Entry
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.orgs.models import Change, Kind, Organisation, Standing
from jiceng.kernel.people import actions as people
from jiceng.kernel.people.models import Membership, NameKey, Particulars, Person
from jiceng.kernel.posts import actions as posts
from jiceng.kernel.posts.models import Post
from tests import guard
from tests.builders import BUILDER, NOON, because, org, root

from . import checker, world

pytestmark = pytest.mark.django_db
SINCE = date(2000, 1, 1)


@pytest.fixture
def branch():
    """A city, a town, a branch with three members come in as a list, and a secretary: all by verbs."""
    journal.mark_as_simulation(now=NOON)
    top = root()
    _tick(1)
    town = org("一镇党委", under=top, kind=Kind.COMMITTEE)
    made = org(under=town)
    _tick(2)
    first = people.admit(top, new=_new("组织员"), by=BUILDER, at=NOON)
    posts.appoint_administrator(top, person=first, role=Role.OFFICER, since=SINCE, by=BUILDER, at=NOON)
    officer = Actor("user", "组织员", person=first.pk)
    _tick(3)
    people.admit_many(town, rows=[_new(name, made.pk) for name in ("王甲", "王乙", "王丙")], by=officer, at=NOON)
    _tick(4)
    second = Person.objects.get(name="王甲")
    posts.appoint(made, person=second, role=Role.SECRETARY, since=SINCE, by=officer, at=NOON)
    _tick(5)
    rows = [orgs.NewUnder("L1", "一组", Kind.GROUP), orgs.NewUnder("L2", "二组", Kind.GROUP)]
    orgs.found_many(made, rows=rows, because=because(), by=BUILDER, at=NOON + timedelta(hours=1))
    return made


def _tick(minutes):
    """One transaction of a test has one moment; a simulation's clock gives each verb its own."""
    journal.set_simulated_clock(now=NOON + timedelta(minutes=minutes))


def _new(name, home=None):
    return people.NewMember(
        name=name, sex="1", since=SINCE, told=people.Told(education="20", occupation="02"), birth_on=date(1970, 1, 1),
        joined_on=date(1995, 7, 1), organisation=home,
    )  # fmt: skip


def test_what_verbs_have_made_is_right(branch):
    assert checker.look(Entry.objects.values_list("pk", flat=True), []) == []


def entry_about_nothing(branch):
    journal.write("orgs.rename", by="x", on="orgs.change:99999", organisation=None, at=NOON)


def row_of_no_verb(branch):
    Membership.objects.filter(person__name="王乙").update(recorded_at=NOON - timedelta(days=9))


def change_of_no_verb(branch):
    Change.objects.filter(organisation=branch).update(at=NOON - timedelta(1))


def a_member_too_few(branch):
    Membership.objects.filter(person__name="王乙").delete()


def another_member(branch):
    Membership.objects.filter(person__name="王乙").update(organisation=branch.parent)


def an_organisation_too_few(branch):
    change = Change.objects.filter(organisation__code="L1")
    change.update(kind=Change.Kind.RENAME)


def path_left_behind(branch):
    Organisation.objects.filter(pk=branch.parent_id).update(path="00000777")


def segment_again(branch):
    Organisation.objects.filter(pk=branch.parent_id).update(children_made=0)


def circle(branch):
    Organisation.objects.filter(pk=branch.parent_id).update(parent=branch)


def no_standing(branch):
    Standing.objects.filter(organisation=branch).update(until=date(2025, 1, 1))


def standing_elsewhere(branch):
    Standing.objects.filter(organisation=branch).update(path="000000000009")


def two_truths(branch):
    rows = Standing.objects.filter(organisation=branch)
    succeed(rows, on=date(2020, 1, 1), name="改名")
    Standing.objects.known().filter(organisation=branch).exclude(until=None).update(until=date(2022, 1, 1))


def half_registered(branch):
    Particulars.objects.filter(person__name="王乙").update(superseded_at=Entry.objects.first().recorded_at)


def not_found_by_name(branch):
    NameKey.objects.filter(person__name="王乙").delete()


def member_of_nothing(branch):
    Person.objects.filter(name="王乙").update(is_member=False)


def two_secretaries(branch):
    other, now = Person.objects.get(name="王乙"), Post.objects.get(role=Role.SECRETARY)
    Post.objects.create(
        organisation=branch, person=other, role=Role.SECRETARY, title="书记", since=SINCE, until=date(2030, 1, 1)
    )
    Post.objects.filter(person=other).update(recorded_at=now.recorded_at)


WRONG = {
    entry_about_nothing: "which is not there",
    row_of_no_verb: "Membership: written at",
    change_of_no_verb: "was made by no verb",
    a_member_too_few: "tells of 3 members, 2 are there",
    another_member: "other members than are there",
    an_organisation_too_few: "tells of 2 organisations, 1 are there",
    path_left_behind: "stands at",
    segment_again: "give out again",
    circle: "is above itself",
    no_standing: "has 0 open standings",
    standing_elsewhere: "is not what its open standing says",
    two_truths: "hold on",
    half_registered: "registered by half",
    not_found_by_name: "registered by half",
    member_of_nothing: "not the member that the memberships say",
    two_secretaries: "Post: two rows",
}


@pytest.mark.parametrize("harm", WRONG, ids=lambda harm: harm.__name__)
def test_what_is_wrong_is_said(branch, harm):
    with guard.outside(), one_moment():
        harm(branch)
    assert any(WRONG[harm] in fault for fault in checker.content())


def test_an_acknowledged_entry_that_is_lost_is_said(branch):
    assert list(checker.lost([10**9])) == [f"entry {10**9} was acknowledged and is lost"]


def test_a_chain_that_was_linked_anew_differs_from_its_anchor(branch):
    journal.seal(at=timezone.now())
    kept = checker.anchor()
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(number) FROM journal_seal")
        assert cursor.fetchone() == (kept.number,)
    altered = type(kept)(kept.number, "0" * 64, kept.exported_at)
    assert checker.look([], [kept]) == [] and len(checker.look([], [altered])) == 1


@pytest.mark.parametrize(
    "altered",
    [
        "UPDATE procedures_case SET step = 'talks'",
        "UPDATE procedures_case SET stood_since = '2026-01-01'",
        "UPDATE procedures_case SET number = 3",
        "DELETE FROM procedures_waiting",
        "DELETE FROM procedures_entry WHERE number = 2",
    ],
)
def test_a_case_that_its_entries_do_not_tell_of_is_seen(branch, altered):
    case = world.dispute(branch)
    told = procedures.Told(world.ON)
    procedures.end_step(case, outcome="accepted", told=told, by=BUILDER, at=NOON + timedelta(hours=1))
    assert list(checker.cases()) == []
    with guard.outside(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # whoever owns the database first takes its own guard away
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE procedures_entry DISABLE TRIGGER USER")
        cursor.execute(altered)
    assert len(list(checker.cases())) == 1

"""Posts and terms by the thousand: all or none, and the same answer as one by one."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiceng.kernel.access import Role
from jiceng.kernel.journal.models import Entry
from jiceng.kernel.posts import actions
from jiceng.kernel.posts.actions import NewPost
from jiceng.kernel.posts.models import Post
from jiceng.lib.refusals import Refused, RowsRefused
from tests.builders import NOON, org, root
from tests.kernel.posts.cast import officer, person

pytestmark = pytest.mark.django_db

SPRING = date(2026, 3, 1)


@pytest.fixture
def city():
    return root()


def test_a_list_is_one_verb_with_one_entry(city):
    branches = [org(under=city) for _ in range(3)]
    new = [NewPost(branch.pk, person().pk, Role.SECRETARY, SPRING) for branch in branches]
    by = officer(city)
    done = actions.appoint_many(city, posts=new, batch=7, by=by, at=NOON)
    assert done.rows == 3
    entry = Entry.objects.get(verb="posts.appoint_many")
    assert (entry.rows, entry.root) == (3, done.root)
    assert list(Post.objects.filter(batch=7).values_list("title", flat=True)) == ["书记"] * 3


def test_a_list_with_faults_names_every_row_and_writes_none(city):
    branch, elsewhere = org(under=city), org()
    zhang = person().pk
    by = officer(city)
    new = [
        NewPost(branch.pk, zhang, Role.SECRETARY, SPRING),
        NewPost(branch.pk, person().pk, Role.SECRETARY, SPRING),
        NewPost(elsewhere.pk, zhang, Role.SECRETARY, SPRING),
        NewPost(branch.pk, 10**9, Role.INSTRUCTOR, SPRING),
        NewPost(branch.pk, zhang, Role.AUDIT_ADMINISTRATOR, SPRING),
        NewPost(branch.pk, zhang, Role.INSTRUCTOR, date(1999, 1, 1)),
        NewPost(branch.pk, zhang, Role.INSTRUCTOR, SPRING, until=SPRING),
    ]
    before = Post.objects.count()
    with pytest.raises(RowsRefused) as refusal:
        actions.appoint_many(city, posts=new, by=by, at=NOON)
    assert [(row, told[:5]) for row, told in refusal.value.faults] == [
        (2, "和已有的任"), (3, "组织不在“"), (4, "没有这个人"), (5, "职能“au"), (6, "上任日期早"), (7, "离任日期要"),
    ]  # fmt: skip
    assert Post.objects.count() == before


DAYS = [SPRING + timedelta(days=n) for n in range(5)]
SPANS = st.tuples(
    st.integers(0, 1), st.integers(0, 2), st.sampled_from([Role.SECRETARY, Role.INSTRUCTOR]), st.sampled_from(DAYS[:4]),
    st.one_of(st.none(), st.integers(1, 3)),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(SPANS, min_size=1, max_size=6))
def test_a_list_is_refused_just_where_one_by_one_is(rows):
    city = root()
    places, people = [org(under=city) for _ in range(2)], [person() for _ in range(3)]
    by = officer(city)
    new = [
        NewPost(places[place].pk, people[who].pk, role, since, until=since + timedelta(days=length) if length else None)
        for place, who, role, since, length in rows
    ]
    single: list[int] = []
    for number, one in enumerate(new, start=1):
        try:
            actions.appoint(
                next(p for p in places if p.pk == one.organisation), role=one.role, since=one.since, until=one.until,
                person=next(p for p in people if p.pk == one.person), by=by, at=NOON,
            )  # fmt: skip
        except Refused:
            single.append(number)
    twin = root()
    twins = {p.pk: org(under=twin).pk for p in places}
    by = officer(twin)
    again = [NewPost(twins[n.organisation], n.person, n.role, n.since, n.until) for n in new]
    try:
        actions.appoint_many(twin, posts=again, by=by, at=NOON)
        bulk: list[int] = []
    except RowsRefused as refusal:
        bulk = [number for number, _ in refusal.faults]
    assert bulk == single


def test_a_batch_is_withdrawn_whole(city):
    by = officer(city)
    new = [NewPost(org(under=city).pk, person().pk, Role.SECRETARY, SPRING) for _ in range(2)]
    actions.appoint_many(city, posts=new, batch=3, by=by, at=NOON)
    assert actions.withdraw_batch(city, batch=3, by=by, at=NOON).rows == 2
    assert not Post.objects.known().filter(batch=3).exists()


def test_a_batch_is_not_withdrawn_where_a_row_changed_since(city):
    by = officer(city)
    branch = org("西山村党支部", under=city)
    actions.appoint_many(city, posts=[NewPost(branch.pk, person().pk, Role.SECRETARY, SPRING)], batch=3, by=by, at=NOON)
    actions.vacate(Post.objects.get(batch=3), on=date(2026, 5, 1), by=by, at=NOON)
    with pytest.raises(Refused, match="“西山村党支部”的书记"):
        actions.withdraw_batch(city, batch=3, by=by, at=NOON)

"""The sheet of posts."""

from datetime import date

import pytest
from django.utils import timezone

from jiceng.engines.intake import actions, queries, tasks
from jiceng.engines.intake.models import Batch, Step
from jiceng.kernel.orgs.models import Kind
from jiceng.kernel.posts import actions as posts
from jiceng.kernel.posts.models import Post
from tests.builders import member, officer, org
from tests.project.sheets.cast import applied, carried, checked, exported, faults, outcomes

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE, code="T")


@pytest.fixture
def by(town):
    return officer(town)


@pytest.fixture
def east(town):
    return org("东村党支部", under=town, code="B")


def row(person, role="书记", **said):
    return {
        "组织代码": "B",
        "任职人档案编号": person.ref,
        "任职人姓名": person.name,
        "职能": role,
        "上任日期": "2024-03-01",
        **said,
    }


def undone(batch, by):
    order = actions.order(batch, step=Step.UNDO, by=by, at=timezone.now())
    tasks.do(order, by=by)
    return queries.with_states(Batch.objects.all()).get(pk=batch.pk)


def test_posts_are_filled_come_back_unchanged_and_can_be_taken_back(east, town, by):
    head, other = member(east, "王建国"), member(east, "李梅")
    batch = applied(town, "posts", row(head, 来路="选举产生"), row(other, "委员"), by=by)
    assert Post.objects.open().get(person=head).title == "书记"
    assert outcomes(checked(town, "posts", *exported(town, "posts", by), by=by)) == (0, 0, 2)
    order = actions.order(batch, step=Step.UNDO, by=by, at=timezone.now())
    assert carried(batch, order, by).undoing.rows == 2
    assert not Post.objects.open().filter(person__in=(head, other)).exists()


def test_a_post_that_has_ended_since_keeps_the_batch_from_being_taken_back(east, town, by):
    head = member(east, "王建国")
    batch = applied(town, "posts", row(head), by=by)
    posts.vacate(Post.objects.open().get(person=head), on=date(2025, 1, 1), by=by, at=timezone.now())
    refusal = queries.refusal_of(undone(batch, by))
    assert "后来变动过" in refusal.sentence
    assert Post.objects.known().filter(person=head).exists()


def test_two_secretaries_a_wrong_name_and_a_stranger_are_faults(east, town, by):
    head, other = member(east, "王建国"), member(east, "李梅")
    stranger = member(org("外市某支部"), "外人")
    said = faults(checked(town, "posts", row(head, 任职人姓名="王国建"), row(stranger), by=by))
    assert {fault[:2] for fault in said} == {(2, "任职人姓名"), (3, "任职人档案编号")}
    said = faults(checked(town, "posts", row(head), row(other), by=by))
    assert [(number, "重叠" in sentence) for number, _, sentence in said] == [(3, True)]

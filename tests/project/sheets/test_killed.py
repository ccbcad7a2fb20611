"""A worker that is killed with signal 9, in a process of its own: whole or nothing, and another goes on."""

import os
import signal
from dataclasses import replace

import pytest
from django.db import connections
from django.utils import timezone

from jiceng.engines.intake import actions, catalogue, queries, tasks
from jiceng.engines.intake.models import Batch, Step, Stretch
from jiceng.kernel.journal.queries import faults
from jiceng.kernel.orgs.models import Organisation
from jiceng.project.sheets.organisations import ORGANISATIONS
from tests.builders import BUILDER, root

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = 5200


@pytest.fixture
def sheets():
    before = catalogue.sheets()
    yield
    catalogue.sheets_come_from(before)


def uploaded(top):
    lines = ["组织代码,组织名称,组织类别", *(f"K{n},第{n}村党支部,党支部" for n in range(COUNT))]
    content = "\r\n".join(lines).encode("gb18030")
    return actions.upload(
        top, sheet="organisations", name="组织.csv", content=[content], by=BUILDER, at=timezone.now()
    )  # fmt: skip


def killed_doing(order, dying):
    """Carries the order out in a child with that sheet, and waits for the child's end: by signal 9, nothing else."""
    connections.close_all()  # a connection that two processes hold belongs to neither
    child = os.fork()
    if child == 0:
        # After a browser test the runner's thread has a running loop, which a child has not: Django then finds it
        # another connection, of before the loop, that is still the parent's.
        for inherited in connections.all(initialized_only=True):
            inherited.connection = None
        try:
            catalogue.sheets_come_from([dying])
            tasks.do(order, by=BUILDER)
        finally:
            os._exit(0)  # neither the runner's nor the store's farewells are the child's to say
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def now(batch):
    return queries.with_states(Batch.objects.all()).get(pk=batch.pk)


def test_a_check_that_is_killed_goes_on_after_the_stretch_that_it_kept(sheets):
    def check(scope, rows):
        if any(row["code"] == "K5100" for row in rows):
            die()
        return ()

    batch = uploaded(root())
    killed_doing(batch.orders.get(), replace(ORGANISATIONS, check=check))
    assert queries.state_of(now(batch)).key == "checking"
    assert list(Stretch.objects.filter(batch=batch).values_list("rows", flat=True)) == [5000]
    tasks.do(batch.orders.get(), by=BUILDER)
    told = now(batch).checking
    assert (told.rows, told.added, told.faults) == (COUNT, COUNT, 0)


def test_an_apply_that_is_killed_has_stored_nothing_and_the_next_one_stores_all(sheets):
    def apply(scope, staged):
        ORGANISATIONS.apply(scope, staged)
        assert Organisation.objects.count() == COUNT + 1
        die()

    batch = uploaded(root())
    tasks.do(batch.orders.get(), by=BUILDER)
    order = actions.order(batch, step=Step.APPLY, by=BUILDER, at=timezone.now())
    killed_doing(order, replace(ORGANISATIONS, apply=apply))
    assert Organisation.objects.count() == 1
    assert queries.state_of(now(batch)).key == "applying"
    tasks.do(order, by=BUILDER)
    assert Organisation.objects.count() == COUNT + 1
    assert now(batch).application.rows == COUNT
    assert list(faults([])) == []


def test_an_undo_that_is_killed_has_taken_nothing_back_and_the_next_one_takes_back_all(sheets):
    def undo(scope, staged):
        ORGANISATIONS.undo(scope, staged)
        assert Organisation.objects.count() == 1
        die()

    batch = uploaded(root())
    tasks.do(batch.orders.get(), by=BUILDER)
    tasks.do(actions.order(batch, step=Step.APPLY, by=BUILDER, at=timezone.now()), by=BUILDER)
    order = actions.order(batch, step=Step.UNDO, by=BUILDER, at=timezone.now())
    killed_doing(order, replace(ORGANISATIONS, undo=undo))
    assert Organisation.objects.count() == COUNT + 1
    tasks.do(order, by=BUILDER)
    assert Organisation.objects.count() == 1
    assert now(batch).undoing.rows == COUNT
    assert list(faults([])) == []

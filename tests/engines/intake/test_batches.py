"""From a file to the store and back: whole or nothing, whatever stops on the way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jiceng.engines.intake import actions, catalogue, queries, tasks
from jiceng.engines.intake.models import Batch, Piece, Problem, StagedRow, Step, Stretch
from jiceng.kernel.access import Actor
from jiceng.kernel.journal.models import Entry
from jiceng.lib.refusals import NotAllowed, Refused
from tests.builders import BUILDER, officer, org, root
from tests.engines.intake.books import csv_file, number_of, xlsx
from tests.engines.intake.cast import Killed, Store, sheet
from tests.engines.intake.test_checking import HEAD, with_cells

pytestmark = pytest.mark.django_db


@pytest.fixture
def top():
    top = root()
    org(under=top, code="东")
    return top


@pytest.fixture(params=[False, True], ids=["kept by the engine", "kept by the area"])
def store(request):
    store = Store(keeps_its_own=request.param)
    before = catalogue.sheets()
    catalogue.sheets_come_from([sheet(store)])
    yield store
    catalogue.sheets_come_from(before)


def uploaded(top, rows, *, head=HEAD, make=xlsx, by=BUILDER):
    content = make([head, *rows])
    return actions.upload(top, sheet="villagers", name="名册.xlsx", content=[content], by=by, at=timezone.now())


def now(batch):
    return queries.with_states(Batch.objects.all()).get(pk=batch.pk)


def state(batch):
    return queries.state_of(now(batch)).key


def checked(top, rows, *, by=BUILDER, **more):
    batch = uploaded(top, rows, by=by, **more)
    tasks.do(batch.orders.get(), by=by)
    return now(batch)


def carry(batch, step, by=BUILDER):
    order = actions.order(batch, step=step, by=by, at=timezone.now())
    tasks.do(order, by=by)
    return now(batch)


def three():
    return [with_cells(f"V{n}", 证件号码=number_of(order=n)) for n in range(1, 4)]


def test_a_file_is_checked_applied_and_taken_back_whole(top, store):
    batch = checked(top, three())
    assert state(batch) == "ready"
    assert (batch.checking.rows, batch.checking.added, batch.checking.faults) == (3, 3, 0)
    assert store.rows == {}
    batch = carry(batch, Step.APPLY)
    assert state(batch) == "applied"
    assert sorted(store.rows) == ["V1", "V2", "V3"]
    assert store.rows["V2"]["number"] == number_of(order=2)
    assert state(carry(batch, Step.UNDO)) == "undone"
    assert store.rows == {}


def test_a_second_file_changes_what_differs_and_its_undo_brings_back_what_was(top, store):
    carry(checked(top, three()), Step.APPLY)
    rows = three()
    rows[1][HEAD.index("人数")] = "9"
    batch = checked(top, [*rows, with_cells("V4", 证件号码=number_of(order=4))])
    told = batch.checking
    assert (told.added, told.changed, told.unchanged) == (1, 1, 2)
    kept = StagedRow.objects.get(batch=batch, outcome="change")
    assert [tuple(change) for change in queries.changes_of(kept, catalogue.sheet("villagers"))] == [("人数", "5", "9")]
    batch = carry(batch, Step.APPLY)
    assert store.rows["V2"]["staff"] == 9
    carry(batch, Step.UNDO)
    assert store.rows["V2"]["staff"] == 5
    assert "V4" not in store.rows
    assert state(checked(top, three())) == "empty"


def test_one_fault_keeps_a_whole_file_out(top, store):
    batch = checked(top, [*three(), with_cells("V9", 姓名="")])
    assert state(batch) == "faulty"
    with pytest.raises(Refused, match="有错，没有入库"):
        actions.order(batch, step=Step.APPLY, by=BUILDER, at=timezone.now())
    with pytest.raises(Refused, match="有错，没有入库"):
        actions.apply(batch, by=BUILDER, at=timezone.now())
    assert store.rows == {}
    (problem,) = Problem.objects.filter(batch=batch)
    assert (problem.number, problem.column, problem.wrong) == (5, "姓名", "没有填。")


def test_a_file_that_cannot_be_read_says_why_and_stays_harmless(top, store):
    batch = checked(top, [["V1"]], head=["编号", "姓名"])
    assert state(batch) == "unreadable"
    assert "证件号码" in queries.refusal_of(batch).sentence
    assert state(checked(top, [])) == "unreadable"


def test_a_killed_check_goes_on_where_it_stopped(top, store):
    count = 11_000
    rows = [with_cells(f"V{n}", 证件号码=number_of(f"19{50 + n // 1000}0101", n % 1000)) for n in range(count)]
    rows[count - 1][HEAD.index("编号")] = "V7"
    store.breaks_at = 7000
    batch = uploaded(top, rows, make=csv_file)
    with pytest.raises(Killed):
        tasks.do(batch.orders.get(), by=BUILDER)
    assert state(batch) == "checking"
    assert list(Stretch.objects.values_list("rows", flat=True)) == [5000]
    tasks.do(actions.order(batch, step=Step.CHECK, by=BUILDER, at=timezone.now()), by=BUILDER)
    batch = now(batch)
    assert batch.checking.rows == count
    assert batch.checking.added == count - 1
    assert StagedRow.objects.filter(batch=batch).count() == count - 1
    (problem,) = Problem.objects.filter(batch=batch)
    assert (problem.number, problem.wrong) == (count + 1, "和第 9 行重复。")


def test_a_stretch_is_kept_once_however_often_it_is_checked(top, store):
    batch = checked(top, three())
    tasks.check(now(batch), by=BUILDER)
    fresh = Batch.objects.get(pk=batch.pk)
    Stretch.objects.get(batch=batch)
    assert StagedRow.objects.filter(batch=fresh).count() == 3


# An area that keeps its own rows notices by itself.
@pytest.mark.parametrize("store", [False], indirect=True, ids=["kept by the engine"])
def test_an_apply_is_refused_with_the_list_where_the_store_has_changed(top, store):
    batch = checked(top, three())
    store.rows["V2"] = {"code": "V2"}
    batch = carry(batch, Step.APPLY)
    assert state(batch) == "ready"
    assert queries.refusal_of(batch).faults == [[3, "检查以后，库里的这一条变了。"]]
    assert sorted(store.rows) == ["V2"]


def test_an_undo_is_refused_with_the_list_where_rows_changed_since(top, store):
    batch = carry(checked(top, three()), Step.APPLY)
    store.touched = {"V1", "V3"}
    batch = carry(batch, Step.UNDO)
    assert state(batch) == "applied"
    assert [row for row, _ in queries.refusal_of(batch).faults] == [2, 4]
    assert sorted(store.rows) == ["V1", "V2", "V3"]


def test_what_the_engine_keeps_shows_no_personal_number(top, store):
    batch = checked(top, three())
    kept = "".join(map(str, StagedRow.objects.filter(batch=batch).values_list("said", "changes", "secret")))
    content = b"".join(bytes(piece) for piece in Piece.objects.values_list("content", flat=True))
    assert number_of() not in kept
    assert "13800138000" not in kept
    assert content
    assert b"xl/worksheets" not in content
    assert StagedRow.objects.filter(batch=batch, secret=None).exists() == store.keeps_its_own


def test_a_discarded_batch_leaves_nothing_but_its_story(top, store):
    batch = checked(top, three())
    actions.discard(batch, by=BUILDER, at=timezone.now())
    assert state(batch) == "discarded"
    assert not Piece.objects.exists()
    assert not StagedRow.objects.exists()
    assert store.staged == {}
    for step in (Step.APPLY, Step.UNDO):
        with pytest.raises(Refused, match="已作废"):
            actions.order(batch, step=step, by=BUILDER, at=timezone.now())
    with pytest.raises(Refused, match="重新上传"):
        queries.content(now(batch))


def test_an_applied_batch_whose_papers_are_gone_is_not_taken_back(top, store):
    batch = carry(checked(top, three()), Step.APPLY)
    actions.discard(batch, by=BUILDER, at=timezone.now())
    with pytest.raises(Refused, match="底稿"):
        actions.order(batch, step=Step.UNDO, by=BUILDER, at=timezone.now())
    assert len(store.rows) == 3


def test_only_who_may_bring_the_sheet_in_may_upload_order_or_apply(top, store):
    stranger = officer(org(under=root()))
    with pytest.raises(NotAllowed):
        uploaded(top, three(), by=stranger)
    batch = checked(top, three())
    for verb in (actions.apply, actions.undo, actions.discard):
        with pytest.raises(NotAllowed):
            verb(batch, by=stranger, at=timezone.now())
    with pytest.raises(NotAllowed):
        actions.order(batch, step=Step.APPLY, by=stranger, at=timezone.now())


def test_an_order_of_somebody_who_lost_the_post_is_refused_in_writing(top, store):
    batch = checked(top, three())
    order = actions.order(batch, step=Step.APPLY, by=BUILDER, at=timezone.now())
    tasks.do(order, by=Actor("user", "前组织员", user=1, person=1))
    assert "没有这项权限" in queries.refusal_of(now(batch)).sentence
    assert store.rows == {}


def test_a_file_that_is_too_large_or_empty_is_refused(top, store):
    def endless():
        while True:
            yield b"x" * actions.PIECE

    with pytest.raises(Refused, match="64 MB"):
        actions.upload(top, sheet="villagers", name="x", content=endless(), by=BUILDER, at=timezone.now())
    with pytest.raises(Refused, match="空的"):
        actions.upload(top, sheet="villagers", name="x", content=[], by=BUILDER, at=timezone.now())
    assert not Batch.objects.exists()


def test_an_apply_leaves_one_entry_with_its_count_and_root(top, store):
    batch = carry(checked(top, three()), Step.APPLY)
    (entry,) = Entry.objects.filter(verb="intake.apply")
    assert (entry.rows, entry.root) == (3, batch.application.root)
    assert entry.root


def test_an_order_without_a_sign_of_life_is_stalled(top, store):
    batch = now(uploaded(top, three()))
    assert not queries.is_stalled(batch, timezone.now())
    assert queries.is_stalled(batch, timezone.now() + queries.STALE + timedelta(seconds=1))

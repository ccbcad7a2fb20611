"""What an operator does from the command line."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from jiceng.engines.intake import actions, catalogue, queries
from jiceng.engines.intake.models import Batch, Piece
from tests.builders import BUILDER, org, root
from tests.engines.intake.books import number_of, xlsx
from tests.engines.intake.cast import Store, sheet
from tests.engines.intake.test_checking import HEAD, with_cells
from tests.guard import outside

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    store = Store()
    before = catalogue.sheets()
    catalogue.sheets_come_from([sheet(store)])
    yield store
    catalogue.sheets_come_from(before)


@pytest.fixture
def top():
    top = root()
    org(under=top, code="东")
    return top


def file(folder, rows):
    path = folder / "名册.xlsx"
    path.write_bytes(xlsx([HEAD, *rows]))
    return path


def bring(top, path, *more):
    call_command("intake", "bring", "villagers", str(path), "--organisation", top.code, *more)


def test_a_file_is_brought_in_and_applied(top, store, tmp_path, capsys):
    path = file(tmp_path, [with_cells(f"V{n}", 证件号码=number_of(order=n)) for n in range(1, 4)])
    bring(top, path)
    assert store.rows == {}
    bring(top, path, "--apply")
    assert sorted(store.rows) == ["V1", "V2", "V3"]
    assert "已入库 3 条" in capsys.readouterr().out


def test_faults_are_told_and_nothing_is_applied(top, store, tmp_path, capsys):
    with pytest.raises(CommandError, match="1 处错误"):
        bring(top, file(tmp_path, [with_cells("V1", 姓名="")]), "--apply")
    assert "第 2 行 姓名：没有填。" in capsys.readouterr().err
    assert store.rows == {}


def test_an_unknown_sheet_organisation_or_file_is_told(top, store, tmp_path):
    path = file(tmp_path, [])
    with pytest.raises(CommandError, match="有：villagers"):
        call_command("intake", "bring", "x", str(path), "--organisation", top.code)
    with pytest.raises(CommandError, match="没有代码为 X"):
        call_command("intake", "bring", "villagers", str(path), "--organisation", "X")
    with pytest.raises(CommandError, match="没有内容"):
        bring(top, path)


def test_a_template_is_written(store, tmp_path):
    call_command("intake", "template", "villagers", str(tmp_path / "t.xlsx"))
    assert (tmp_path / "t.xlsx").read_bytes().startswith(b"PK")


def waiting(top, age):
    """A batch that was uploaded so long ago and that nobody has checked."""
    at = timezone.now() - age
    content = xlsx([HEAD, with_cells("V1")])
    return actions.upload(top, sheet="villagers", name="x", content=[content], by=BUILDER, at=at)


def test_what_has_stopped_is_carried_on_and_what_has_not_is_left_alone(top, store):
    stopped, fresh = waiting(top, timedelta(hours=1)), waiting(top, timedelta())
    call_command("intake", "resume")
    states = {one.pk: queries.state_of(one).key for one in queries.with_states(Batch.objects.all())}
    assert states == {stopped.pk: "ready", fresh.pk: "checking"}


def test_old_papers_are_swept_away(top, store):
    old = waiting(top, timedelta(days=31))
    new = waiting(top, timedelta(days=29))
    call_command("intake", "sweep")
    assert set(Piece.objects.values_list("batch", flat=True)) == {new.pk}
    with outside():
        assert bytes(Batch.objects.get(pk=old.pk).salt) == b""

"""The path from paper to running, as it is written down: its own files are right, and can be walked to every end."""

import re
from datetime import date
from pathlib import Path

import pytest

from jiceng.engines.packs import queries
from jiceng.engines.packs.kinds import Titles
from jiceng.engines.packs.reading import read_folder
from jiceng.engines.procedures.declarations import Procedure, trial

DOCS = Path(__file__).parents[3] / "docs"
FILE = re.compile(r"```toml\n(# (?P<path>\S+\.toml)\n)?(?P<text>kind +=.*?)```", re.DOTALL)


@pytest.fixture
def written(tmp_path):
    """The files that the page tells the reader to write, in a folder."""
    for found in FILE.finditer((DOCS / "mechanisms.md").read_text(encoding="utf-8")):
        file = tmp_path / found["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(found["text"], encoding="utf-8")
    return tmp_path


def test_the_pack_of_the_page_is_right_and_in_force_where_it_says(written, settings):
    settings.PACKS_DIR, settings.PLACE = written, "east"
    (written / "national").mkdir()
    assert queries.check(written) == []
    pack = queries.resolve(on=date(2026, 1, 1))
    assert [one.key for one in pack.of(Procedure)] == ["road-lamps"]
    assert [one.key for one in pack.of(Titles)] == ["posts-east"]
    assert queries.resolve(on=date(2025, 12, 31)).declared == ()


def test_the_procedure_of_the_page_comes_to_every_end(written):
    (found,) = [one for one in read_folder(written / "east").declared.values() if isinstance(one, Procedure)]
    told = trial(found, date(2026, 1, 5), queries.calendar("national"))
    assert told.missed == ()
    for walk in (
        "：走到“没有通过”",
        "：走到“办结”",
        "：经过“询价”",
        "：从“安装和验收：有不亮的，重新听取意见”退回一次",
    ):
        assert any(walk in line for line in told.lines), walk


def test_the_procedure_of_the_reference_comes_to_every_end(tmp_path):
    (found,) = FILE.finditer((DOCS / "procedures.md").read_text(encoding="utf-8"))
    (tmp_path / "one.toml").write_text(found["text"], encoding="utf-8")
    (made,) = read_folder(tmp_path).declared.values()
    assert trial(made, date(2026, 1, 5), queries.calendar("national")).missed == ()

"""What is done by the clock, with a clock in the test's hand."""

import pytest
from django.core.management import call_command, get_commands

from jiceng.kernel.journal import actions as journal
from jiceng.project import timers
from tests.builders import NOON, org

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_timer_waits_for_the_pages_then_keeps_its_pace():
    ran = []
    timer = timers.Timer("x", lambda: ran.append(1), every=100.0, due=60.0)
    for now in (0.0, 59.9, 60.0, 61.0, 159.9, 160.0):
        timer.tend(now)
    assert len(ran) == 2


def test_a_command_that_fails_is_told_and_stops_nothing(caplog):
    def broken():
        raise RuntimeError("disk full")

    timer = timers.Timer("x", broken, every=100.0)
    timer.tend(1.0)
    assert "定时任务 x 没有办成" in caplog.text
    assert timer.due == 101.0


def test_all_that_is_done_by_the_clock_runs_on_an_empty_platform(caplog):
    made = timers.timers(0.0)
    for timer in made:
        timer.tend(timers.FIRST)
    assert {timer.name.split()[0] for timer in made} <= set(get_commands())
    assert caplog.text == ""


def test_an_anchor_of_the_journal_is_written_every_day_and_proves_it(settings, tmp_path, capsys):
    settings.DATA_DIR = tmp_path
    (timer,) = (one for one in timers.timers(0.0) if one.name == "journal anchor")
    timer.tend(timers.FIRST)
    assert not (tmp_path / "anchors.jsonl").exists(), "nothing is sealed yet"
    org()
    journal.seal(at=NOON)
    for day in range(1, 4):
        timer.tend(timers.FIRST + day * timers.DAY)
    assert len((tmp_path / "anchors.jsonl").read_text().splitlines()) == 3
    assert capsys.readouterr().out == ""
    call_command("journal", "verify", str(tmp_path / "anchors.jsonl"))
    assert "核对了 3 个锚点" in capsys.readouterr().out

"""Processes killed in the middle of verbs, and two at once: whole or nothing, on a database of their own.

The long form, with a hundred kills of each work and two hundred races, is `make soak`.
"""

import json
import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.conf import settings

from .planted import PLANTED


def drive(*parts):
    """The report of another process: here connections are open, and a fork would share them."""
    said = settings.DATABASES["default"]
    engine = said["ENGINE"].rpartition(".")[2]
    address = f"postgresql://{quote(said.get('USER', ''))}:{quote(said.get('PASSWORD', ''))}@{said.get('HOST', '')}"
    server = {"JICENG_TEST_DATABASE_URL": f"{address}:{said.get('PORT') or 5432}/postgres"}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults.drive", engine, *parts],
        env=os.environ | server, cwd=settings.PACKAGE.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def report():
    return drive("kills=4", "statements=2", "planted_statements", "races=6", "planted_races=12", "tampering")


@pytest.mark.parametrize("work", ["intake", "move", "mixed"])
def test_a_killed_verb_is_done_whole_or_not_at_all(report, work):
    toll = report[f"kills: {work}"]
    assert (toll["kills"], toll["bad"], toll["faults"]) == (4, 0, [])


@pytest.mark.parametrize("work", ["intake", "move"])
def test_a_verb_stopped_after_any_statement_changes_not_one_byte(report, work):
    toll = report[f"statements: {work}"]
    assert (toll["bad"], toll["changed"], toll["done"]) == (0, 0, 1)
    assert toll["kills"] >= 10


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_caught(report, fault):
    assert report["planted: statements"][fault]


@pytest.mark.parametrize("race", ["each under the other", "two secretaries", "two children", "two ends"])
def test_two_at_once_end_as_if_one_had_come_first(report, race):
    result = report[f"races: {race}"]
    assert (result["races"], result["wrong"], result["faults"]) == (6, 0, [])


def test_races_in_which_nobody_waits_are_caught(report):
    assert all(report["planted: races"].values())


def test_a_journal_altered_afterwards_differs_from_its_anchor(report):
    assert report["planted: tampering"] and all(report["planted: tampering"].values())

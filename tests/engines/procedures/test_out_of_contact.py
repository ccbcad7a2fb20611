"""失联: six months before a membership is suspended, two years more before anybody is removed, and an end at any time."""

from datetime import date

import pytest

from jiceng.engines.packs import queries as packs
from jiceng.engines.procedures.declarations import Effect, Procedure
from jiceng.engines.procedures.declarations.hindrances import Ending, Sat, of_ending
from jiceng.engines.procedures.declarations.machine import Act, Record, State, standing

CHINA = packs.calendar("national")
LAW = packs.resolve(on=date(2026, 1, 1)).find(Procedure, "out-of-contact")
LAST_SEEN, APPROVED = date(2026, 1, 31), date(2026, 8, 10)

SEARCHED = [
    Record(1, Act.OPENED, LAST_SEEN), Record(2, Act.ROUND, date(2026, 3, 1), "search"),
    Record(3, Act.PAPER, date(2026, 3, 1), "search", "record"), Record(4, Act.DONE, date(2026, 3, 5), "search", "done"),
]  # fmt: skip
SUSPENDED = [
    *SEARCHED, Record(5, Act.MET, date(2026, 8, 1), "assembly", "1"),
    Record(6, Act.DONE, date(2026, 8, 1), "assembly", "done"),
    Record(7, Act.PAPER, APPROVED, "approval", "reply"), Record(8, Act.DONE, APPROVED, "approval", "done"),
    Record(9, Act.DONE, date(2026, 8, 20), "approval-record", "done"),
    Record(10, Act.PAPER, date(2026, 8, 20), "removal", "resolution"),
]  # fmt: skip


def hindrances(records, outcome, on, reason=""):
    sat = Sat(date(2026, 3, 6), True, True)
    ending = Ending(outcome, on, date(2030, 1, 1), {}, reason, sat=sat)
    return [(one.hard, one.sentence) for one in of_ending(LAW, standing(LAW, records), ending, CHINA)]


def test_nobody_is_suspended_before_six_calendar_months():
    assert hindrances(SEARCHED, "done", date(2026, 7, 30)) == [(True, "最早 2026-07-31 才能办。")]
    assert hindrances(SEARCHED, "done", date(2026, 7, 31)) == []


def test_nobody_is_suspended_without_being_looked_for():
    assert (True, "一次也没有记录。") in hindrances([SEARCHED[0]], "done", date(2026, 3, 5))


def test_the_committee_s_approval_suspends_the_membership():
    assert LAW.find("approval").outcome_of("done").effects == (Effect(do="suspend-membership"),)


def test_nobody_is_removed_before_two_years():
    assert hindrances(SUSPENDED, "done", date(2028, 8, 9)) == [(True, "最早 2028-08-10 才能办。")]
    assert hindrances(SUSPENDED, "done", date(2028, 8, 10)) == []


@pytest.mark.parametrize(("records", "end"), [(SEARCHED, "found"), (SUSPENDED, "found-again")])
def test_whoever_is_found_is_found_at_any_time(records, end):
    on = date(2026, 9, 1)
    assert hindrances(records, "found", on, "在外地打工，联系上了") == []
    now = standing(LAW, [*records, Record(len(records) + 1, Act.DONE, on, records_step(records), "found")])
    assert (now.state, now.end.key) == (State.ENDED, end)


def records_step(records):
    return standing(LAW, records).step.key

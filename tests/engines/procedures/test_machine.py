"""Where a case stands, from its records alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiceng.engines.packs.queries import calendar
from jiceng.engines.procedures.declarations import OPENED
from jiceng.engines.procedures.declarations.hindrances import Ending, of_ending
from jiceng.engines.procedures.declarations.machine import (
    Act,
    Record,
    State,
    earliest,
    latest,
    next_round,
    standing,
)
from tests.engines.procedures.samples import procedure

ROAD = procedure()
CHINA = calendar("national")
DAY = date(2026, 3, 2)
CHEAP, DEAR = {"amount": 100_000}, {"amount": 900_000}


def days(number: int) -> date:
    return DAY + timedelta(days=number)


def opened(said=CHEAP, on=DAY):
    return Record(1, Act.OPENED, on, said=said)


def done(number, step, on, key="done", **said):
    return Record(number, Act.DONE, on, step, key, said)


def given_(number, step, on, *keys):
    return [Record(number + n, Act.REPLY, on, step, key) for n, key in enumerate(keys)]


def hindrances(records, outcome="done", on=DAY, reason="", today=date(2026, 12, 31), **said):
    now = standing(ROAD, records)
    return [str(one) for one in of_ending(ROAD, now, Ending(outcome, on, today, said, reason), CHINA)]


def test_a_case_opens_at_its_first_step():
    now = standing(ROAD, [opened()])
    assert (now.state, now.step.key, now.since, now.opened) == (State.RUNNING, "propose", DAY, DAY)


def test_a_step_whose_condition_does_not_hold_is_passed_over():
    cheap = [opened(CHEAP), done(2, "propose", DAY), done(3, "consult", days(1))]
    dear = [opened(DEAR), done(2, "propose", DAY), done(3, "consult", days(1))]
    assert standing(ROAD, cheap).step.key == "build"
    assert standing(ROAD, cheap).passed_over == {"tender"}
    assert standing(ROAD, dear).step.key == "tender"


def test_a_return_undoes_the_steps_from_there_and_they_are_done_again():
    records = [opened(), done(2, "propose", DAY), done(3, "consult", days(2), "back")]
    now = standing(ROAD, records)
    assert (now.step.key, now.since, dict(now.done)) == ("propose", days(2), {})
    again = standing(ROAD, [*records, done(4, "propose", days(5))])
    assert (again.step.key, dict(again.done)) == ("consult", {"propose": days(5)})


def test_an_end_is_an_end():
    now = standing(ROAD, [opened(), done(2, "propose", DAY, "dropped")])
    assert (now.state, now.step, now.end.name) == (State.ENDED, None, "未提")
    with pytest.raises(ValueError, match="does not follow"):
        standing(ROAD, [opened(), done(2, "propose", DAY, "dropped"), done(3, "consult", DAY)])


def test_the_last_step_leads_to_the_end():
    records = [opened(), done(2, "propose", DAY), done(3, "consult", DAY), done(4, "build", days(90))]
    assert standing(ROAD, [*records, done(5, "accept", days(91))]).end.name == "办结"


def test_a_correction_changes_what_follows_and_the_record_stays():
    records = [
        opened(CHEAP), done(2, "propose", DAY), Record(3, Act.CORRECTED, DAY, said=DEAR, of=1),
        done(4, "consult", days(1)),
    ]  # fmt: skip
    assert standing(ROAD, records).step.key == "tender", "更正了金额，就要招标"
    assert records[0].said == CHEAP


def test_a_suspended_case_waits_and_its_days_do_not_count():
    records = [opened(), Record(2, Act.SUSPENDED, days(10))]
    assert standing(ROAD, records).state is State.SUSPENDED
    with pytest.raises(ValueError, match="does not follow"):
        standing(ROAD, [*records, done(3, "propose", days(11))])
    resumed = standing(ROAD, [*records, Record(3, Act.RESUMED, days(17))])
    assert latest(standing(ROAD, [opened()]), CHINA).on == date(2026, 4, 2)
    assert latest(resumed, CHINA).on == date(2026, 4, 9)


def test_a_case_under_way_is_entered_at_its_step_with_what_was_done_before():
    entered = Record(
        1, Act.ENTERED, days(60), "build", said=CHEAP, done={OPENED: DAY, "propose": days(1), "consult": days(3)}
    )
    now = standing(ROAD, [entered])
    assert (now.step.key, now.opened, now.done["consult"]) == ("build", DAY, days(3))
    assert earliest(now, CHINA).on == date(2026, 7, 1), "施工满两个月"


def test_waits_and_deadlines_are_those_of_the_calendar():
    records = [
        opened(),
        done(2, "propose", DAY),
        done(3, "consult", date(2026, 9, 28)),
        done(4, "build", date(2026, 9, 28)),
    ]
    now = standing(ROAD, records)
    assert latest(now, CHINA).on == date(2026, 10, 10), "国庆放假七天，10月10日星期六上班"
    building = standing(ROAD, [*records[:3], Record(4, Act.ROUND, date(2026, 10, 31), "build")])
    assert next_round(building, CHINA).on == date(2026, 11, 30)


# What stands in the way


def test_nothing_stands_in_the_way_of_a_step_in_order():
    now = standing(ROAD, [opened()])
    assert of_ending(ROAD, now, Ending("done", DAY, DAY, {"reason": "路坏了"}), CHINA) == []


def test_a_required_field_is_asked_for():
    assert hindrances([opened()]) == ["请填写理由。"]


@pytest.mark.parametrize(
    ("on", "sentence"),
    [(days(-1), "不能早于上一步"), (date(2027, 1, 1), "不能晚于今天")],
)
def test_a_day_that_cannot_be(on, sentence):
    assert sentence in "".join(hindrances([opened()], on=on, reason="理由"))


def test_late_work_needs_a_reason_and_says_how_late():
    late = of_ending(
        ROAD, standing(ROAD, [opened()]), Ending("done", date(2026, 4, 12), date(2026, 5, 1), {"reason": "x"}), CHINA
    )
    assert [(one.sentence, one.hard) for one in late] == [("已过期限（2026-04-02）10 天，请写明原因。", False)]


def test_after_a_hard_deadline_nothing_helps():
    records = [opened(), done(2, "propose", DAY), done(3, "consult", DAY), done(4, "build", date(2026, 9, 28))]
    now = standing(ROAD, records)
    ending = Ending("done", date(2026, 10, 11), date(2026, 12, 1), {"good": True, "spent": 5}, "忙")
    assert [(one.sentence, one.hard) for one in of_ending(ROAD, now, ending, CHINA)] == [
        ("已过期限（2026-10-10），不能再办。", True)
    ]


def test_all_bodies_answer_and_the_paper_is_there_before_the_step_ends():
    records = [opened(), done(2, "propose", DAY)]
    assert hindrances(records) == [
        "还没有“村委会”的意见。（依据：第五条）", "还没有“镇里”的意见。（依据：第五条）", "还没有“方案”。（依据：第五条）",
    ]  # fmt: skip
    records += [*given_(3, "consult", DAY, "village", "town"), Record(5, Act.PAPER, DAY, "consult", "plan")]
    assert hindrances(records) == []


def test_a_return_needs_nothing_but_its_reason():
    records = [opened(), done(2, "propose", DAY)]
    assert hindrances(records, "back") == ["选“退回重提”要写明原因。"]
    assert hindrances(records, "back", reason="预算不实") == []


def test_replies_are_asked_anew_after_a_return():
    records = [
        opened(), done(2, "propose", DAY), *given_(3, "consult", DAY, "village", "town"),
        done(5, "consult", DAY, "back"), done(6, "propose", DAY),
    ]  # fmt: skip
    assert "还没有“村委会”的意见。（依据：第五条）" in hindrances(records)


def test_a_gate_stops_and_a_warning_asks():
    records = [opened(DEAR), done(2, "propose", DAY), done(3, "consult", DAY)]
    assert hindrances(records, bidders=2) == ["投标的不足三家。（依据：第六条）"]
    assert hindrances(records, bidders=3) == []
    built = [*records, done(4, "tender", DAY), done(5, "build", days(90))]
    now = standing(ROAD, built)
    dear = of_ending(ROAD, now, Ending("done", days(91), days(99), {"good": True, "spent": 1_000_001}), CHINA)
    assert [(one.sentence, one.hard) for one in dear] == [("超出一万元。", False)]


def test_repeated_work_is_recorded_once_at_least_and_goes_on_long_enough():
    records = [opened(), done(2, "propose", DAY), done(3, "consult", DAY)]
    assert hindrances(records, on=days(1)) == [
        "最早 2026-05-02 才能办。（依据：第七条）",
        "一次也没有记录。（依据：第七条）",
    ]
    records.append(Record(4, Act.ROUND, days(30), "build"))
    assert hindrances(records, on=date(2026, 5, 2)) == []


def test_nothing_can_be_done_where_the_case_does_not_run():
    for act, word in ((Act.WITHDRAWN, "已经撤回"), (Act.SUSPENDED, "已经中止")):
        assert word in "".join(hindrances([opened(), Record(2, act, DAY)]))


# Random acts


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(st.sampled_from(("done", "back", "again", "failed", "dropped")), st.integers(0, 40)), max_size=12
    )
)
def test_random_acts_never_lead_to_an_illegal_state(acts):
    """A naive walker keeps its own list of what is done; both must agree after every act that is let through."""
    records, walked, here, on = [opened()], [], 0, DAY
    order = [step.key for step in ROAD.step if step.key != "tender"]
    for outcome, wait in acts:
        now = standing(ROAD, records)
        if here is None:
            assert now.state is State.ENDED
            break
        assert now.step.key == order[here]
        assert sorted(now.done) == sorted(walked)
        on += timedelta(days=wait)
        chosen = now.step.outcome_of(outcome)
        if chosen is None:
            assert of_ending(ROAD, now, Ending(outcome, on, on, {}, "因为"), CHINA)
            continue
        records.append(done(len(records) + 1, now.step.key, on, outcome))
        if chosen.returns:
            here = order.index(chosen.to)
            walked = [key for key in walked if order.index(key) < here]
        elif chosen.to.startswith("end:"):
            here = None
        else:
            walked.append(order[here])
            here = here + 1 if here + 1 < len(order) else None

"""Votes as they are recorded: open ones person by person, secret ones in totals, elections by candidate."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiceng.engines.assembly import actions, queries
from jiceng.engines.assembly.actions import Cast, Mark, Standing
from jiceng.engines.assembly.declarations import Ballots, Votes
from jiceng.engines.assembly.models import Candidate, Choice, Correction, Vote
from jiceng.lib.refusals import Refused
from tests.engines.assembly.cast import (
    ACT,
    MORE_THAN_HALF,
    branch,
    came,
    closed,
    entries_of,
    hands,
    listed_meeting,
    motion,
    opened,
)

pytestmark = pytest.mark.django_db
TWO_THIRDS = ">= 2/3 of roll"


def test_an_open_vote_keeps_who_said_what_and_its_sum():
    made = listed_meeting(43, 50)
    vote = motion(made, quorum=TWO_THIRDS, basis="《条例》第十一条", choices=hands(made, yes=29, no=10, abstained=4))
    assert queries.told(vote).sentence == (
        "应到 50，实到 43（86% ≥ 2/3），赞成 29（58% > 1/2 应到）→ 通过；依据：《条例》第十一条"
    )
    assert vote.passed
    assert Choice.objects.filter(vote=vote, said="no").count() == 10


def test_a_secret_vote_keeps_totals_and_nothing_of_anybody():
    made = listed_meeting(9, 10)
    vote = motion(made, ballots=Ballots(9, 8, 1), votes=Votes(5, 2, 0))
    assert not vote.passed, "五票正好一半"
    assert not Choice.objects.exists()
    with pytest.raises(Refused, match="只记总数"):
        motion(made, ballots=Ballots(9, 9), votes=Votes(9), choices=hands(made, yes=1))


@pytest.mark.parametrize(
    ("ballots", "votes", "sentence"),
    [
        (Ballots(10, 9), Votes(9), "发出 10 张票，多于实到 9 人"),
        (Ballots(8, 9), Votes(9), "这次投票无效"),
        (Ballots(9, 9), Votes(5, 3), "对不上"),
        (Ballots(9, 9, 10), Votes(0), "废票 10 张"),
    ],
)
def test_ballots_that_do_not_fit_are_refused_with_the_numbers(ballots, votes, sentence):
    with pytest.raises(Refused, match=sentence):
        motion(listed_meeting(9, 10), ballots=ballots, votes=votes)
    assert not Vote.objects.exists()


def test_short_of_a_quorum_no_vote_is_taken():
    made = listed_meeting(6, 10)
    with pytest.raises(Refused, match="应到 10，实到 6（60% < 2/3）：不足法定人数"):
        motion(made, quorum=TWO_THIRDS, choices=hands(made, yes=6))


def test_written_words_of_the_absent_count_where_they_were_sent_in():
    made = opened(branch(5), 3)
    away = entries_of(made).last()
    with pytest.raises(Refused, match="没有到会，也没有书面意见"):
        motion(made, choices={**hands(made, yes=2), away.pk: "yes"})
    actions.attend(made, marks={away.pk: Mark("excused", "外出", "同意这个方案")}, **ACT)
    vote = motion(made, choices={**hands(made, yes=2), away.pk: "yes"})
    assert (vote.yes, vote.letters_yes, vote.passed) == (2, 1, True)
    assert "赞成 3（其中书面 1，60% > 1/2 应到）" in queries.told(vote).sentence
    secret = motion(made, ballots=Ballots(3, 3), votes=Votes(2, 1), letters=Votes(1))
    assert secret.passed
    with pytest.raises(Refused, match="只登记了 1 份"):
        motion(made, ballots=Ballots(3, 3), votes=Votes(3), letters=Votes(2))


def test_a_vote_that_is_sent_twice_is_written_once():
    made = listed_meeting(3, 3)
    told = {"choices": hands(made, yes=3), "token": "once"}
    assert motion(made, **told).pk == motion(made, **told).pk


def test_what_was_there_at_the_vote_stays_whoever_comes_later():
    made = listed_meeting(3, 5)
    first = motion(made, choices=hands(made, yes=3))
    came(made, 5)
    second = motion(made, choices=hands(made, yes=5))
    first.refresh_from_db()
    assert [(one.number, one.present) for one in (first, second)] == [(1, 3), (2, 5)]


def test_a_wrong_vote_is_corrected_and_both_are_shown():
    made = closed(branch(5), 5)
    with pytest.raises(Refused):
        motion(made, choices=hands(made, yes=5))
    made = listed_meeting(5, 5)
    wrong = motion(made, choices=hands(made, yes=2, no=3))
    right = actions.correct_vote(
        wrong, told=Cast("通过收益分配方案", MORE_THAN_HALF, choices=hands(made, yes=3, no=2)), reason="数错", **ACT
    )
    assert (right.number, right.passed) == (1, True)
    assert [one.pk for one in queries.votes_of(made)] == [right.pk]
    told = Correction.objects.get()
    assert ("不通过" in told.before, "不通过" in told.after) == (True, False)
    with pytest.raises(Refused, match="已经更正过"):
        actions.correct_vote(wrong, told=Cast("再改", MORE_THAN_HALF), reason="再改", **ACT)


# Elections


def stand(*yes, names="甲乙丙丁戊己"):
    return [Standing(None, names[place], votes) for place, votes in enumerate(yes)]


def elect(made, *yes, seats=3, **said):
    told = {
        "question": "选举支部委员", "passes": MORE_THAN_HALF, "quorum": ">= 4/5 of roll", "seats": seats,
        "ballots": Ballots(9, 9), "standing": stand(*yes), "spare": Fraction(1, 5), **said,
    }  # fmt: skip
    return actions.record_vote(made, told=Cast(**told), **ACT)


def elected(vote):
    return list(Candidate.objects.filter(vote=vote, elected=True).values_list("name", flat=True))


def test_those_above_half_of_the_roll_are_elected_and_an_empty_seat_stays_empty():
    vote = elect(listed_meeting(9, 10), 8, 6, 5, 5)
    assert elected(vote) == ["甲", "乙"]
    assert not vote.passed
    assert "空缺 1 名" in queries.told(vote).sentence


def test_a_tie_at_the_last_seat_is_voted_on_again_in_the_same_meeting():
    made = listed_meeting(19, 20)
    papers = Ballots(19, 19)
    vote = elect(made, 15, 11, 11, 1, seats=2, ballots=papers)
    told = queries.told(vote)
    assert (elected(vote), [one.name for one in told.run_off], told.result.vacant) == (["甲"], ["乙", "丙"], 1)
    again = elect(made, seats=1, ballots=papers, again=vote, standing=stand(11, 8, names="乙丙"))
    assert (elected(again), again.passed, again.spare) == (["乙"], True, "")


def test_too_few_candidates_open_hands_and_doubles_are_refused():
    made = listed_meeting(9, 10)
    with pytest.raises(Refused, match="候选人至少 4 人"):
        elect(made, 8, 7, 6)
    with pytest.raises(Refused, match="选举用无记名投票"):
        elect(made, 8, 7, 6, 5, ballots=None)
    with pytest.raises(Refused, match="没有书面意见"):
        elect(made, 8, 7, 6, 1, letters=Votes(1))
    with pytest.raises(Refused, match="写了两次"):
        elect(made, 8, 7, 6, 1, standing=stand(8, 7, 6, 1, names="甲乙丙甲"))
    with pytest.raises(Refused, match="不足法定人数"):
        elect(listed_meeting(7, 10), 7, 7, 7, 0, ballots=Ballots(7, 7))


def test_two_of_one_name_are_told_apart_and_a_person_stands_under_the_name_on_record():
    home = branch(10)
    made = opened(home, 9)
    first, second = (one.person for one in entries_of(made)[:2])
    vote = elect(made, 6, 6, seats=2, spare=None, standing=[Standing(one.pk, "", 6) for one in (first, second)])
    assert set(vote.candidates.values_list("name", flat=True)) == {""}
    said = queries.told(vote, lambda one: one.person.name).sentence
    assert first.name in said and second.name in said
    assert first.name not in queries.told(vote).sentence


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["yes", "no", "abstained", "silent", "away"]), min_size=1, max_size=12))
def test_what_is_stored_equals_a_count_of_heads(db, words):
    made = listed_meeting(0, len(words))
    entries = list(entries_of(made))
    marks = {one.pk: Mark("absent" if word == "away" else "present") for one, word in zip(entries, words, strict=True)}
    actions.attend(made, marks=marks, **ACT)
    said = {one.pk: word for one, word in zip(entries, words, strict=True) if word in ("yes", "no", "abstained")}
    vote = motion(made, choices=said)
    assert (vote.roll, vote.present) == (len(words), sum(word != "away" for word in words))
    assert (vote.yes, vote.no, vote.abstained) == tuple(words.count(word) for word in ("yes", "no", "abstained"))
    assert vote.passed == (words.count("yes") > len(words) - words.count("yes"))

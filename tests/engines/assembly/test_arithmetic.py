"""Every share, tally and election against an independent count that walks through people one by one."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.engines.assembly.declarations import (
    Ballots,
    Candidacy,
    Election,
    Gate,
    Share,
    Tally,
    Votes,
    WrongShare,
    election_faults,
    faults,
    least_candidates,
    outcome,
    result,
)

HALF = Share.read("> 1/2 of roll")
GATE = Gate(HALF, Share.read("2/3"), "《条例》第十一条")
SHARES = st.builds(
    lambda sign, lower, upper, base: f"{sign} {min(upper, lower)}/{lower} of {base}",
    st.sampled_from([">", ">="]), st.integers(2, 12), st.integers(1, 11), st.sampled_from(["roll", "present"]),
).filter(lambda text: not re.match(r"> (\d+)/\1 ", text)).map(Share.read)  # fmt: skip


def walked(part, whole, upper, lower, *, more):
    """Counts in steps: for each of the whole `upper` marbles go to one side, for each of the part `lower` to the other;
    then they are taken away in pairs."""
    ours = [1] * (part * lower)
    theirs = [1] * (whole * upper)
    while ours and theirs:
        ours.pop()
        theirs.pop()
    return whole > 0 and (bool(ours) or (not theirs and not more))


@given(SHARES, st.integers(0, 40), st.integers(0, 40))
def test_a_share_is_met_exactly_where_marbles_are_left(share, part, whole):
    found = share.met(part, whole)
    assert found == walked(part, whole, share.fraction.numerator, share.fraction.denominator, more=share.more)


@given(SHARES, st.integers(1, 60))
def test_the_least_number_is_enough_and_one_less_is_not(share, whole):
    assert share.met(share.least(whole), whole)
    assert not share.met(share.least(whole) - 1, whole)


@given(SHARES)
def test_a_share_is_read_back_as_it_was_written(share):
    assert Share.read(str(share)) == share


@pytest.mark.parametrize(
    "text", ["", "1/0", "0/3", "4/3", "> 1/1", "0.5", "50%", "> 1/2 of votes", "< 1/2", "-1/2", "1/2/3"]
)
def test_what_is_no_share_is_refused(text):
    with pytest.raises(WrongShare):
        Share.read(text)


@given(SHARES, st.integers(0, 4000), st.integers(1, 4000))
def test_a_printed_percentage_never_contradicts_its_comparison(share, part, whole):
    said = share.compared(part, whole)
    if found := re.match(r"([0-9.]+)% ([<>≥]) (?:([0-9]+)/([0-9]+)|全部)", said):
        printed, against = Fraction(found[1]) / 100, Fraction(int(found[3] or 1), int(found[4] or 1))
        assert (printed < against) == (found[2] == "<")
        assert printed != against
        assert (found[2] != "<") == share.met(part, whole)
    else:
        assert said.startswith("正好")
        assert ("没有超过" in said) != share.met(part, whole)


def test_the_sentence_is_the_one_that_people_read_out():
    tally = Tally(50, 43, Votes(29, 10, 4))
    gate = Gate(HALF, Share.read("2/3"), "《支部工作条例》第十一条")
    assert outcome(tally, gate).sentence == (
        "应到 50，实到 43（86% ≥ 2/3），赞成 29（58% > 1/2 应到）→ 通过；依据：《支部工作条例》第十一条"
    )


def test_exactly_half_does_not_pass_more_than_half():
    found = outcome(Tally(50, 43, Votes(25, 18, 0)), GATE)
    assert not found.passed
    assert "赞成 25（正好 1/2 应到，没有超过）→ 不通过" in found.sentence
    assert outcome(Tally(50, 43, Votes(26, 17, 0)), GATE).passed
    assert outcome(Tally(50, 43, Votes(25, 18, 0)), Gate(Share.read(">= 1/2 of roll"))).passed


def test_short_of_a_quorum_nothing_is_decided_however_many_are_for():
    found = outcome(Tally(50, 33, Votes(33)), GATE)
    assert (found.passed, found.quorate) == (False, False)
    assert "33（66% < 2/3）→ 不足法定人数" in found.sentence
    assert outcome(Tally(51, 34, Votes(34)), GATE).passed, "正好三分之二够"


@st.composite
def rooms(draw):
    """Everybody on a roll: away, away with a letter, or there, each with what they say."""
    word = st.sampled_from(["yes", "no", "abstained"])
    return draw(
        st.lists(st.tuples(st.sampled_from(["there", "letter", "away"]), word, st.booleans()), min_size=1, max_size=40)
    )


def counted(room, *, secret):
    said = {place: dict.fromkeys(("yes", "no", "abstained"), 0) for place in ("there", "letter")}
    there = returned = spoiled = 0
    for place, word, spoils in room:
        there += place == "there"
        returned += place == "there"
        if place == "there" and secret and spoils:
            spoiled += 1
        elif place != "away":
            said[place][word] += 1
    ballots = Ballots(there, returned, spoiled) if secret else None
    return Tally(len(room), there, Votes(**said["there"]), Votes(**said["letter"]), ballots)


@given(rooms(), SHARES, SHARES, st.booleans())
def test_every_tally_equals_a_count_of_heads(room, quorum, passes, secret):
    room = [("away" if one[0] == "letter" and passes.base == "present" else one[0], *one[1:]) for one in room]
    quorum = Share(quorum.fraction, quorum.more)
    tally, gate = counted(room, secret=secret), Gate(passes, quorum)
    assert faults(tally, gate) == []
    found = outcome(tally, gate)
    there = [one for one in room if one[0] == "there"]
    agree = [
        one for one in room if one[1] == "yes" and one[0] != "away" and not (one[0] == "there" and secret and one[2])
    ]
    base = there if passes.base == "present" else room
    enough = walked(len(there), len(room), quorum.fraction.numerator, quorum.fraction.denominator, more=quorum.more)
    most = walked(len(agree), len(base), passes.fraction.numerator, passes.fraction.denominator, more=passes.more)
    assert found.quorate == enough
    assert found.passed == (enough and most)


WRONG = {
    "实到 6 人多于应到 5 人": Tally(5, 6, Votes(1)),
    "发出 4 张票，多于实到 3 人": Tally(5, 3, Votes(4), ballots=Ballots(4, 4)),
    "收回 4 张票，多于发出的 3 张": Tally(5, 3, Votes(4), ballots=Ballots(3, 4)),
    "废票 3 张，多于收回的 2 张": Tally(5, 3, Votes(), ballots=Ballots(3, 2, 3)),
    "有效票是 2 张": Tally(5, 3, Votes(3), ballots=Ballots(3, 3, 1)),
    "共 4 人，多于实到 3 人": Tally(5, 3, Votes(2, 1, 1)),
    "书面意见 3 份，多于没有到会的 2 人": Tally(5, 3, Votes(3), Votes(3)),
    "不能小于 0": Tally(5, 3, Votes(-1)),
}


@pytest.mark.parametrize("sentence", WRONG)
def test_numbers_that_cannot_be_true_are_named(sentence):
    assert any(sentence in fault for fault in faults(WRONG[sentence], GATE))


def test_letters_have_no_place_among_those_present():
    gate = Gate(Share.read("> 1/2 of present"))
    assert faults(Tally(5, 3, Votes(3), Votes(1)), gate) == ["按实到计算的表决，不计书面意见。"]


# Elections


def election(*yes, seats, roll=10, present=10, spare=None):
    names = "甲乙丙丁戊己庚辛"
    made = tuple(Candidacy(names[place], votes) for place, votes in enumerate(yes))
    return Election(roll, present, Ballots(present, present), seats, made, spare)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(1, 6), SHARES, st.integers(1, 12))
def test_every_election_equals_a_count_from_each_candidates_place(yes, seats, passes, present):
    yes = [min(votes, present) for votes in yes]
    asked = election(*yes, seats=seats, roll=12, present=present)
    found = result(asked, Gate(passes))
    base = 12 if passes.base == "roll" else present
    passing = {
        place
        for place, votes in enumerate(yes)
        if walked(votes, base, passes.fraction.numerator, passes.fraction.denominator, more=passes.more)
    }
    at_least = {one: sum(yes[other] >= yes[one] for other in passing) for one in passing}
    more = {one: sum(yes[other] > yes[one] for other in passing) for one in passing}
    assert set(found.elected) == {one for one in passing if at_least[one] <= seats}
    assert set(found.run_off) == {one for one in passing if at_least[one] > seats > more[one]}
    assert len(found.elected) + found.vacant == seats
    assert [yes[one] for one in found.elected] == sorted((yes[one] for one in found.elected), reverse=True)
    assert not found.run_off or len(found.run_off) > found.vacant > 0


def test_more_than_half_and_more_than_the_seats_are_elected_by_votes():
    found = result(election(6, 9, 8, 7, seats=3), GATE)
    assert (found.elected, found.run_off, found.vacant) == ((1, 2, 3), (), 0)


def test_a_tie_at_the_last_seat_is_voted_on_once_more_among_the_tied():
    found = result(election(9, 7, 7, 6, seats=2), GATE)
    assert (found.elected, found.run_off, found.vacant) == ((0,), (1, 2), 1)
    assert "余 1 名，在票数相同的 2 人中再选一次" in found.sentence


def test_a_tie_that_all_seats_hold_is_no_tie():
    found = result(election(9, 7, 7, 3, seats=3), GATE)
    assert (found.elected, found.run_off) == ((0, 1, 2), ())


def test_exactly_half_is_not_elected_and_the_seat_stays_vacant():
    found = result(election(6, 5, 4, seats=2), GATE)
    assert (found.elected, found.vacant) == ((0,), 1)
    assert "空缺 1 名" in found.sentence


def test_fewer_than_four_fifths_elect_nobody():
    gate = Gate(HALF, Share.read(">= 4/5"))
    assert result(election(7, seats=1, present=7), gate).elected == ()
    assert result(election(7, seats=1, present=8), gate).elected == (0,)


@given(st.integers(1, 60), st.integers(1, 60))
def test_a_fifth_more_candidates_than_seats(seats, candidates):
    spare = [1] * max(0, candidates - seats)
    assert (candidates >= least_candidates(seats, Fraction(1, 5))) == (len(spare) * 5 >= seats)


def test_too_few_candidates_and_too_many_votes_are_named():
    asked = election(9, 8, 7, seats=3, spare=Fraction(1, 5))
    assert election_faults(asked) == ["应选 3 人，差额不少于 20%，候选人至少 4 人。"]
    written_in = Election(
        10, 10, Ballots(10, 10), 3, (*asked.candidacies, Candidacy("丁", 1, nominated=False)), Fraction(1, 5)
    )
    assert len(election_faults(written_in)) == 1, "另选的人不算候选人"
    assert any("每张票至多选 1 人" in fault for fault in election_faults(election(9, 9, seats=1)))
    assert any("多于有效票 10 张" in fault for fault in election_faults(election(11, seats=1, roll=11)))
    assert any("写了 2 次" in fault for fault in election_faults(
        Election(9, 9, Ballots(9, 9), 1, (Candidacy("甲", 1), Candidacy("甲", 2)))
    ))  # fmt: skip


PLANTED = {
    "half passes": lambda part, whole: 2 * part >= whole,
    "rounded percentages": lambda part, whole: round(100 * part / whole) > 50,
    "of nobody": lambda part, whole: True,
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_way_to_compare_is_caught(fault):
    wrong = [
        (part, whole)
        for whole in range(1, 301)
        for part in range(whole + 1)
        if PLANTED[fault](part, whole) != HALF.met(part, whole)
    ]
    assert wrong

"""《中国共产党基层组织选举工作条例》: who takes office, and when nobody does."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiceng.domains.elections import queries
from jiceng.domains.elections.models import Elected, Election
from jiceng.engines.assembly import actions as meetings
from jiceng.engines.assembly.actions import Cast
from jiceng.engines.assembly.declarations import Ballots, Electorate, Votes
from jiceng.engines.assembly.models import Vote
from jiceng.kernel.access import Role
from jiceng.kernel.people.models import Membership
from jiceng.kernel.posts.actions import open_term
from jiceng.kernel.posts.models import Post, Term
from jiceng.kernel.posts.queries import team
from jiceng.lib.refusals import NotAllowed, Refused
from tests.builders import NOON, holder, member, officer
from tests.domains.elections.cast import (
    HALF,
    REPLY,
    assembly,
    committee,
    elect,
    first_meeting,
    folk,
    over,
    sits,
    take,
    whole,
)
from tests.engines.assembly.cast import ACT, DAY, branch, motion
from tests.guard import outside

pytestmark = pytest.mark.django_db


def posts_of(home, day=DAY):
    return {(one.person_id, one.role) for one in team(home, day)}


def test_whoever_was_elected_takes_office_and_the_one_before_leaves_the_same_day():
    home, (one, two, three), told = whole()
    gone = sits(folk(home)[5], "secretary", home, date(2021, 5, 1))
    made = take(home, **told)
    assert posts_of(home) == {
        (one.pk, "secretary"), (two.pk, "committee-member"), (three.pk, "committee-member")
    }  # fmt: skip
    before = Post.objects.known().get(ref=gone.ref)
    assert (before.until, before.leaving) == (DAY, "term-ended")
    assert {post.source for post in team(home, DAY)} == {"elected"}
    term = Term.objects.open().get(organisation=home)
    assert (term.since, term.ends_on, made.number) == (DAY, date(2029, 5, 18), 1)
    assert set(made.elected.values_list("person", "yes")) == {(one.pk, 3), (two.pk, 8), (three.pk, 8)}


def test_who_is_elected_again_begins_anew():
    home, (one, *_), told = whole()
    sits(one, "secretary", home, date(2021, 5, 1))
    take(home, **told)
    held = Post.objects.known().filter(organisation=home, role="secretary").order_by("since")
    assert list(held.values_list("person", "until")) == [(one.pk, DAY), (one.pk, None)]


def test_without_a_committee_the_assembly_elects_the_secretary_itself():
    """《中国共产党支部工作条例（试行）》: fewer than seven full members, no committee."""
    home = branch(5)
    held = assembly(home, 5)
    vote = elect(held, 1, {folk(home)[0]: 5}, spare=None)
    over(held)
    with pytest.raises(Refused, match="要在党员大会"):
        take(home, secretary=first_meeting(home, folk(home)[:3], folk(home)[0]))
    take(home, secretary=vote)
    assert posts_of(home) == {(folk(home)[0].pk, "secretary")}


@pytest.mark.parametrize(("present", "valid"), [(8, True), (7, False)])
def test_an_assembly_elects_where_four_fifths_of_those_who_ought_to_be_are_there(present, valid):
    home = branch(10)
    people = folk(home)
    vote = committee(
        home, present, dict(zip(people, (present, present, present, 0), strict=False)), quorum="> 1/2 of roll"
    )
    told = {"committee": vote, "secretary": first_meeting(home, people[:3], people[0])}
    if valid:
        assert take(home, **told).pk
    else:
        with pytest.raises(Refused, match="应到 10，实到 7：实到要不少于应到的 4/5"):
            take(home, **told)


def test_members_who_do_not_count_are_not_among_those_who_ought_to_be_there():
    """第五条: on probation, or with rights suspended; and whoever the regulations leave out, each with a reason."""
    home = branch(10, probationary=4)
    held = assembly(home, 8)
    for entry in [one for one in held.roll.order_by("number") if one.has_vote][8:]:
        meetings.exclude(entry, why="detained", **ACT)
    vote = elect(held, 3, dict(zip(folk(home), (8, 8, 8, 0), strict=False)))
    assert (vote.roll, vote.present) == (8, 8)


def test_half_of_those_who_ought_to_be_there_elects_nobody():
    home = branch(8)
    held = assembly(home, 8)
    vote = elect(held, 3, dict(zip(folk(home), (5, 5, 4, 4), strict=False)))
    assert queries.settled(vote).vacant == 1
    assert [one.yes for one in queries.settled(vote).elected] == [5, 5]


def test_a_share_of_those_present_is_not_enough_unless_the_rules_of_the_day_say_so():
    home = branch(10)
    people = folk(home)
    held = assembly(home, 8)
    vote = elect(held, 3, dict(zip(people, (5, 5, 5, 0), strict=False)), passes="> 1/2 of present")
    over(held)
    told = {"committee": vote, "secretary": first_meeting(home, people[:3], people[0], passes="> 1/2 of present")}
    with pytest.raises(Refused, match="当选要超过应到的 1/2"):
        take(home, **told)
    assert take(home, passes="> 1/2 of present", **told).pk


def test_members_of_a_committee_are_elected_from_a_fifth_more_than_there_are_seats():
    home = branch(8)
    people = folk(home)
    held = assembly(home, 8)
    with pytest.raises(Refused, match="候选人至少 4 人"):
        elect(held, 3, dict.fromkeys(people[:3], 8))
    vote = elect(held, 3, dict.fromkeys(people[:3], 8), spare=None)
    over(held)
    with pytest.raises(Refused, match="候选人多于应选名额 20%"):
        take(home, committee=vote, secretary=first_meeting(home, people[:3], people[0]))


def test_more_papers_than_were_handed_out_elect_nobody():
    home = branch(8)
    held = assembly(home, 8)
    with pytest.raises(Refused, match="这次投票无效，请重新投票"):
        meetings.record_vote(
            held, told=Cast(question="选举", passes=HALF, ballots=Ballots(8, 9), seats=1, standing=()), **ACT
        )


def test_those_who_tie_at_the_last_seat_are_voted_on_once_more():
    home = branch(8)
    people = folk(home)
    held = assembly(home, 8)
    first = elect(held, 3, dict(zip(people, (8, 6, 5, 5), strict=False)))
    assert queries.settled(first).vacant == 1
    elect(held, 1, dict(zip(people[2:4], (3, 5), strict=True)), spare=None, again=first)
    over(held)
    three = [people[0], people[1], people[3]]
    made = take(home, committee=first, secretary=first_meeting(home, three, people[3]))
    assert set(made.elected.values_list("person", flat=True)) == {one.pk for one in three}


def too_few(home, yes):
    """Two of three seats filled; and a motion to be content with two, which so many carry."""
    people = folk(home)
    held = assembly(home, 8)
    vote = elect(held, 3, dict(zip(people, (8, 8, 3, 2), strict=False)))
    content = motion(held, question="减少名额", ballots=Ballots(8, 8), votes=Votes(yes, 8 - yes))
    over(held)
    told = {"committee": vote, "secretary": first_meeting(home, people[:2], people[0])}
    return told, content


def test_too_few_are_elected_anew_or_more_than_half_are_content_with_fewer():
    home = branch(8)
    told, content = too_few(home, 5)
    with pytest.raises(Refused, match="还缺 1 名：请另行选举"):
        take(home, **told)
    made = take(home, fewer=content, **told)
    assert made.elected.count() == 2


def test_half_of_the_voters_are_not_enough_to_be_content_with_fewer():
    home = branch(8)
    told, content = too_few(home, 4)
    with pytest.raises(Refused, match="赞成超过应到的 1/2"):
        take(home, fewer=content, **told)


def test_the_first_meeting_is_that_of_the_elected_and_of_nobody_else():
    home = branch(8)
    people = folk(home)
    vote = committee(home)
    with pytest.raises(Refused, match="正好是新当选的 3 名委员"):
        take(home, committee=vote, secretary=first_meeting(home, people[:4], people[0]))
    with pytest.raises(Refused, match="要从新当选的委员里选出"):
        take(home, committee=vote, secretary=first_meeting(home, people[:3], people[4]))


def test_a_committee_does_not_elect_its_own_members():
    """第四条: an assembly of members, or of delegates."""
    home = branch(8)
    for one in folk(home)[:4]:
        sits(one, "committee-member", home, date(2021, 5, 1))
    held = assembly(home, 4, electorate=Electorate.COMMITTEE)
    vote = elect(held, 3, dict(zip(folk(home), (4, 4, 4, 0), strict=False)))
    over(held)
    with pytest.raises(Refused, match="要在党员大会或党员代表大会上选"):
        take(home, committee=vote, secretary=first_meeting(home, folk(home)[:3], folk(home)[0]))


def test_a_member_on_probation_is_not_elected():
    """第五条."""
    home, three, told = whole()
    with outside():
        Membership.objects.filter(person=three[2]).update(kind="probationary")
    with pytest.raises(Refused, match="1 人那天不是正式党员"):
        take(home, **told)


def test_nobody_takes_office_before_the_reply_of_the_level_above():
    home, _, told = whole()
    with pytest.raises(Refused, match="批复的文号"):
        take(home, **told, document=" ")
    with pytest.raises(Refused, match="批复日期要在选举那天"):
        take(home, **told, replied_on=date(2026, 5, 17))
    with pytest.raises(Refused, match="就任日期要在选举那天"):
        take(home, **told, on=date(2026, 5, 17))


def test_a_meeting_that_goes_on_a_corrected_vote_and_one_of_elsewhere_seat_nobody():
    home, _, told = whole()
    other, _, theirs = whole()
    with pytest.raises(Refused, match="不是“东山村党支部”散了会的选举"):
        take(home, **{**told, "committee": theirs["committee"]})
    with outside():
        Vote.objects.filter(pk=told["secretary"].pk).update(superseded_at=NOON)
    with pytest.raises(Refused, match="已经更正过"):
        take(home, **told)
    assert take(other, **theirs).pk
    with pytest.raises(Refused, match="已经按它就任"):
        take(other, **theirs)


def test_the_branch_does_not_seat_itself():
    home, _, told = whole()
    with pytest.raises(NotAllowed):
        take(home, **told, by=holder(home, Role.SECRETARY, person=member(home)))


def test_a_refusal_leaves_everybody_where_they_were():
    home, _, told = whole()
    sits(folk(home)[5], "secretary", home, DAY)
    with pytest.raises(Refused, match="离任日期要晚于上任日期"):
        take(home, **told)
    assert not Election.objects.exists() and not Term.objects.exists()
    assert posts_of(home) == {(folk(home)[5].pk, "secretary")}


@pytest.mark.parametrize(
    ("began", "timing"),
    [(date(2023, 5, 18), "on-time"), (date(2023, 1, 10), "late"), (date(2023, 12, 1), "early")],
)
def test_an_election_is_early_on_time_or_late_by_the_end_of_the_term_before(began, timing):
    home, _, told = whole()
    open_term(home, since=began, by=officer(home.parent), at=NOON)
    made = take(home, **told)
    assert (made.timing, made.number) == (timing, 2)
    assert Term.objects.known().get(number=1).until == DAY


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    size=st.integers(7, 12), away=st.integers(0, 4), seats=st.integers(1, 3),
    votes=st.lists(st.integers(0, 12), min_size=4, max_size=5),
)  # fmt: skip
def test_just_those_whom_an_independent_count_elects_take_office(size, away, seats, votes):
    home = branch(size)
    there, people = size - away, folk(home)
    told = {who: min(yes, there) for who, yes in zip(people, votes, strict=False)}
    if sum(told.values()) > seats * there or there * 2 <= size:
        return
    held = assembly(home, there)
    vote = elect(held, seats, told, quorum=HALF, spare=Fraction(1, 5))
    over(held)
    by_votes = sorted((yes for yes in told.values() if yes * 2 > size), reverse=True)
    clear = len(by_votes) == seats or (len(by_votes) > seats and by_votes[seats - 1] != by_votes[seats])
    right = clear and there * 5 >= size * 4
    wanted = {who for who, yes in told.items() if clear and yes >= by_votes[seats - 1]}
    first = first_meeting(
        home, sorted(wanted or people[:1], key=lambda one: one.pk), min(wanted or people[:1], key=lambda one: one.pk)
    )
    try:
        take(home, committee=vote, secretary=first)
        done = True
    except Refused:
        done = False
    assert done == right
    assert {one.person for one in Elected.objects.filter(election__organisation=home)} == (wanted if right else set())


def test_the_reply_stands_in_every_post():
    home, _, told = whole()
    take(home, **told)
    assert {post.document for post in team(home, DAY)} == {REPLY}

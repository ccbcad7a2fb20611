"""Polls of villagers and of cooperatives: totals on paper; and posts in one hand come out of what was recorded."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiceng.domains.elections import actions
from jiceng.domains.elections.actions import Stood
from jiceng.domains.elections.models import Contestant, Poll
from jiceng.engines.figures import queries as figures
from jiceng.engines.figures.sources import Live
from jiceng.kernel.access import Role
from jiceng.kernel.posts.models import Post
from jiceng.lib.refusals import NotAllowed, Refused
from tests.builders import NOON, holder, member, officer, org, root
from tests.domains.elections.cast import committee, first_meeting, folk, polled, sits, take, whole
from tests.engines.assembly.cast import DAY, branch
from tests.kernel.places.builders import add, county

pytestmark = pytest.mark.django_db


def village():
    home = org()
    return home, member(home, "周志远")


def test_village_organisation_law_article_15_more_than_half_come_and_more_than_half_of_them_elect():
    home, one = village()
    few = {"issued": 500, "returned": 500, "spoiled": 0, "stood": (Stood(500, one.pk), Stood(0, name="陈水生"))}
    assert not polled(home, one, **few).passed, "正好一半没有过半"
    half = {"issued": 900, "returned": 900, "spoiled": 0, "stood": (Stood(450, one.pk), Stood(449, name="陈水生"))}
    assert not polled(home, one, **half).passed
    more = {**half, "stood": (Stood(451, one.pk), Stood(449, name="陈水生"))}
    assert polled(home, one, **more).passed
    assert Contestant.objects.get(elected=True).person == one


def test_village_organisation_law_article_15_there_are_more_candidates_than_seats():
    home, one = village()
    with pytest.raises(Refused, match="多于应选名额"):
        polled(home, one, stood=(Stood(700, one.pk),))


def test_cooperative_law_two_thirds_of_all_members_unless_a_charter_says_otherwise():
    home, one = village()
    said = {"body": "cooperative", "issued": 900, "returned": 900, "spoiled": 0}
    assert not polled(home, one, **said, stood=(Stood(660, one.pk),)).passed
    assert polled(home, one, **said, stood=(Stood(667, one.pk),)).passed
    with pytest.raises(Refused, match="请写依据"):
        polled(home, one, **said, stood=(Stood(660, one.pk),), passes="> 1/2 of roll")
    own = {"passes": "> 1/2 of roll", "basis": "东山村经济联合社章程第九条"}
    assert polled(home, one, **said, stood=(Stood(660, one.pk),), **own).passed


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"issued": 1001, "returned": 900}, "多于登记的 1000 人"),
        ({"returned": 901}, "这次投票无效，请重新投票"),
        ({"spoiled": 60}, "得票共 850 张，多于有效票 840 张"),
        ({"held_on": date(2026, 6, 2)}, "不能晚于今天"),
        ({"stood": (Stood(1, name="陈水生"), Stood(1, name="陈水生"))}, "写了两次"),
        ({"stood": (Stood(1, name=" "), Stood(1, name="陈水生"))}, "请写参选人"),
        ({"stood": (Stood(1, 10**9), Stood(1, name="陈水生"))}, "没有档案"),
        ({"passes": "9/3"}, "没有人能达到"),
    ],
)
def test_totals_that_cannot_be_true_are_refused(told, sentence):
    home, one = village()
    with pytest.raises(Refused, match=sentence):
        polled(home, one, **told)
    assert not Poll.objects.exists()


def test_the_same_submission_is_recorded_once():
    home, one = village()
    assert polled(home, one, token="A") == polled(home, one, token="A")


def test_a_poll_that_was_recorded_wrong_is_taken_back_until_somebody_took_office():
    home, (one, *_), told = whole()
    wrong, right = polled(home, one), polled(home, one)
    actions.withdraw_poll(wrong, by=officer(home.parent), at=NOON)
    with pytest.raises(Refused, match="没有选出人"):
        take(home, **told, polls=[wrong])
    take(home, **told, polls=[right])
    with pytest.raises(Refused, match="不能撤回"):
        actions.withdraw_poll(right, by=officer(home.parent), at=NOON)


def test_the_secretary_records_a_poll_and_does_not_take_it_back():
    home, one = village()
    own = holder(home, Role.SECRETARY, person=one)
    made = polled(home, one, by=own)
    with pytest.raises(NotAllowed):
        actions.withdraw_poll(made, by=own, at=NOON)


def test_an_office_that_was_not_polled_keeps_its_holder():
    home, (one, two, _), told = whole()
    sits(two, Role.COOPERATIVE_HEAD, home, date(2021, 5, 1))
    sits(two, Role.VILLAGE_DIRECTOR, home, date(2021, 5, 1))
    take(home, **told, polls=[polled(home, one)])
    now = Post.objects.on(DAY).filter(organisation=home)
    assert now.get(role=Role.COOPERATIVE_HEAD).person == two
    assert now.get(role=Role.VILLAGE_DIRECTOR).person == one


def test_a_winner_without_a_record_and_a_poll_of_later_do_not_take_office():
    home, (one, *_), told = whole()
    stranger = polled(home, one, stood=(Stood(700, name="陈水生"), Stood(150, one.pk)))
    with pytest.raises(Refused, match="没有党员档案"):
        take(home, **told, polls=[stranger])
    late = polled(home, one, held_on=date(2026, 5, 20))
    with pytest.raises(Refused, match="在 2026-05-20 才选出"):
        take(home, **told, polls=[late])


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 300), st.integers(0, 300), st.integers(0, 20), st.lists(st.integers(0, 200), min_size=2, max_size=4)
)
def test_a_poll_elects_whom_an_independent_count_elects(registered, voted, spoiled, votes):
    home = org()
    told = {
        "registered": registered, "issued": voted, "returned": voted, "spoiled": spoiled,
        "stood": [Stood(yes, name=f"村民{number}") for number, yes in enumerate(votes)],
    }  # fmt: skip
    try:
        made = polled(home, None, **told)
    except Refused:
        assert voted > registered or spoiled > voted or sum(votes) > voted - spoiled
        return
    won = [f"村民{number}" for number, yes in enumerate(votes) if yes * 2 > voted and voted * 2 > registered]
    assert list(made.contestants.filter(elected=True).values_list("name", flat=True)) == won


def test_pengjiang_every_secretary_director_and_head_is_one_person_by_recorded_elections():
    """蓬江区村级换届：书记、主任、经联社社长 100%“一肩挑”。"""
    city, town = root(), add(county(), "棠下镇", "township", "110101001000")
    homes = [
        branch(7, under=city, name=f"第{n}村党支部", place=add(town, f"第{n}村", "village", f"11010100120{n}").pk)
        for n in (1, 2, 3)
    ]
    for home in homes:
        sits(folk(home)[6], Role.VILLAGE_DIRECTOR, home, date(2021, 5, 1))
    asked = [figures.indicator(key) for key in ("three-in-one", "secretaries-elected", "elections-held")]
    by = officer(city)
    seen = []
    for home in homes:
        one = folk(home)[0]
        both = [polled(home, one, by=by), polled(home, one, "cooperative", by=by)]
        take(home, committee=committee(home), secretary=first_meeting(home, folk(home)[:3], one), polls=both, by=by)
        now = figures.values(asked, city.pk, on=DAY, source=Live())
        seen.append([(now[one.key].part, now[one.key].whole) for one in asked])
    assert seen == [[(n, n), (n, None), (n, None)] for n in (1, 2, 3)]

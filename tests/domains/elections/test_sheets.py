"""The secretary enters an election from its paper, and whoever was elected serves (M09)."""

import html
import re

import pytest

from jiceng.engines.assembly.models import Meeting
from jiceng.engines.procedures import actions
from jiceng.engines.procedures.actions import Told
from jiceng.kernel.posts.queries import team
from tests.builders import BUILDER, NOON
from tests.domains.elections.cast import DAY, branch, folk, take
from tests.domains.elections.test_file import fresh, go, started
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db

PLAIN = {
    "day": DAY.isoformat(), "venue": "党群服务中心", "text": "照选举办法选举。", "chair": "赵主持", "recorder": "钱记录", "rest": "present",
}  # fmt: skip


def hidden(page):
    """What a browser would send back unseen."""
    return dict(re.findall(r'<input type="hidden" name="(token)" value="([^"]*)"', page.content.decode()))


@pytest.fixture
def elected():
    """A branch at its assembly, and the secretary who goes out, signed in."""
    home = branch(8)
    case = go(started(home), "member-assembly")
    return home, case, signed_in(account(folk(home)[7]))


def lines(people, votes):
    return "\n".join(f"{one.name} {number} {8 - number} 0" for one, number in zip(people, votes, strict=True))


def test_m09_an_election_is_entered_on_two_sheets_and_the_elected_take_office(elected):
    home, case, secretary = elected
    address = f"/cases/{case.ref}/meeting/"
    page = secretary.get(address, {"day": PLAIN["day"]})
    assert "纸票选举，当选要赞成超过应到的 1/2" in html.unescape(page.content.decode())
    ballots = {"question1": "选举委员", "seats1": "3", "issued1": "8", "returned1": "8"}
    told = {**PLAIN, **hidden(page), **ballots, "standing1": lines(folk(home)[:4], (8, 7, 6, 0))}
    assert secretary.post(address, told).status_code == 302
    shown = html.unescape(secretary.get(f"/cases/{case.ref}/").content.decode())
    assert "应到 8，实到 8（100% ≥ 4/5）" in shown
    actions.end_step(fresh(case), outcome="elected", told=Told(DAY), by=BUILDER, at=NOON)
    three = folk(home)[:3]
    ballots = {"question1": "选举书记", "seats1": "1", "issued1": "3", "returned1": "3"}
    told = {
        **PLAIN, **hidden(secretary.get(address)), **ballots, "names": "\n".join(one.name for one in three),
        "standing1": f"{three[0].name} 3",
    }  # fmt: skip
    assert secretary.post(address, told).status_code == 302
    actions.end_step(fresh(case), outcome="done", told=Told(DAY), by=BUILDER, at=NOON)
    first, second = (one.votes.get() for one in Meeting.objects.order_by("pk")[1:])
    case = go(case, "taking-office", on=DAY.replace(day=22))
    take(home, case=case, committee=first, secretary=second)
    assert {(post.person, post.role) for post in team(home, DAY)} == {
        (three[0], "secretary"), (three[1], "committee-member"), (three[2], "committee-member"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"standing1": "只有姓名"}, "看不懂：写姓名和得票"),
        ({"returned1": "9"}, "收回 9 张票，多于发出的 8 张"),
        ({"standing1": "甲 8\n乙 8\n丙 8"}, "候选人"),
        ({"rest": "absent"}, "不足法定人数"),
    ],
)
def test_m09_what_cannot_be_true_of_an_election_is_told_and_nothing_is_kept(elected, told, sentence):
    home, case, secretary = elected
    address = f"/cases/{case.ref}/meeting/"
    ballots = {"question1": "选举委员", "seats1": "3", "issued1": "8", "returned1": "8"}
    standing = lines(folk(home)[:4], (8, 7, 6, 0))
    said = {**PLAIN, **hidden(secretary.get(address)), **ballots, "standing1": standing, **told}
    before = Meeting.objects.count()
    answer = secretary.post(address, said)
    assert answer.status_code == 422 and sentence in html.unescape(answer.content.decode())
    assert Meeting.objects.count() == before


def test_m09_candidates_who_tie_are_voted_on_once_more_on_the_same_sheet(elected):
    home, case, secretary = elected
    address = f"/cases/{case.ref}/meeting/"
    people = folk(home)
    ballots = {"question1": "选举委员", "seats1": "3", "issued1": "8", "returned1": "8"}
    again = {"question2": "再选一名委员", "again2": "1", "seats2": "1", "issued2": "8", "returned2": "8"}
    said = {
        **PLAIN, **hidden(secretary.get(address)), **ballots, "standing1": lines(people[:4], (8, 6, 5, 5)), **again,
        "standing2": lines(people[2:4], (6, 2)),
    }  # fmt: skip
    assert secretary.post(address, said).status_code == 302
    first, second = Meeting.objects.latest("pk").votes.order_by("number")
    assert second.again == first
    assert [one.person for one in second.candidates.filter(elected=True)] == [people[2]]

"""四议两公开 (M21) from the proposal to the published result, by the file that is shipped; and the words it is made of."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jiceng.engines.assembly import actions as assembly
from jiceng.engines.assembly.actions import Mark, Motion, Sheet, Written
from jiceng.engines.assembly.models import Meeting
from jiceng.engines.assembly.queries import Named
from jiceng.engines.notices import actions as notices
from jiceng.engines.notices.models import Notice
from jiceng.engines.procedures import actions, queries
from jiceng.engines.procedures.actions import Told
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Actor, Role
from jiceng.kernel.people.models import Person
from jiceng.lib.refusals import NotAllowed, Refused
from tests import builders
from tests.builders import BUILDER
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
DAY = date(2026, 3, 2)
FIELDS = {"matter": "works", "amount": 80_000_000, "reason": "村道烂了，雨天走不了。"}
HALF, THIRDS, PRESENT = "> 1/2 of roll", ">= 2/3 of roll", "> 1/2 of present"


@pytest.fixture
def village():
    """Nine members, of whom the secretary and two others are the committee."""
    made = builders.org("东山村党支部")
    for number in range(6):
        builders.member(made, f"党员{number}")
    for _ in range(2):
        builders.holder(made, Role.COMMITTEE_MEMBER)
    return made


@pytest.fixture
def secretary(village):
    return builders.holder(village, Role.SECRETARY)


def opened(village, by, title="村口到晒谷场的路", on=DAY):
    return actions.open(village, procedure="four-deliberations", title=title, told=Told(on, FIELDS), by=by, at=AT)


def sheet(case, on, *, yes, present, roll=None, passes=HALF, quorum=HALF, **more):
    """The step's meeting as the secretary's sheet tells it: the first so many came, the first of them in favour."""
    case = Case.objects.select_related("edition", "organisation").get(pk=case.pk)
    step = queries.procedure_of(case).find(case.step)
    named = roll or [
        one for one, _ in queries.assembly.roll_for(case.organisation, step.meeting.electorate, on, "", BUILDER)
    ]
    choices = {place: "yes" if place < yes else "no" for place in range(present)}
    return Sheet(
        "case", step.meeting.name, f"{step.meeting.name}：{case.title}", on, "村委会", named,
        {place: Mark("present" if place < present else "absent") for place in range(len(named))},
        Written("议了这件事。", "赵主持", "钱记录"), items=(case.title,), electorate=step.meeting.electorate, quorum=quorum,
        motions=[Motion(1, case.title, passes, quorum, choices=choices)], **more,
    )  # fmt: skip


def listed(number):
    return [Named(name=f"代表{place}", source="第八届村民代表名册") for place in range(number)]


def ended(case, outcome, on, by, said=None, reason=""):
    return actions.end_step(case, outcome=outcome, told=Told(on, said or {}, reason), by=by, at=AT)


def to_the_assembly(case, by):
    actions.hold_meeting(case, sheet=sheet(case, DAY, yes=3, present=3), by=by, at=AT)
    ended(case, "proposed", DAY, by)
    actions.hold_meeting(case, sheet=sheet(case, DAY, yes=4, present=5, roll=listed(5)), by=by, at=AT)
    ended(case, "agreed", DAY, by)
    ended(case, "done", DAY, by)


def to_the_resolution(case, by):
    to_the_assembly(case, by)
    day = DAY + timedelta(days=3)
    actions.hold_meeting(case, sheet=sheet(case, day, yes=6, present=7, quorum=THIRDS), by=by, at=AT)
    ended(case, "approved", day, by)


def resolved(case, by, day=DAY + timedelta(days=4), also=()):
    told = sheet(case, day, yes=16, present=20, roll=listed(30), passes=PRESENT, quorum=THIRDS)
    return actions.hold_meeting(case, sheet=told, also=also, by=by, at=AT)


def test_it_runs_from_the_proposal_to_the_published_result(village, secretary):
    case = opened(village, secretary)
    to_the_resolution(case, secretary)
    day = DAY + timedelta(days=4)
    entry = resolved(case, secretary)
    assert entry.reckoned.startswith(
        "应到 30，实到 20（正好 2/3），赞成 16（80% > 1/2 实到）→ 通过；依据：村民委员会组织法 第二十六条"
    )
    ended(case, "passed", day, secretary)
    actions.post_notice(case, title="决议", text="修路", told=Told(day, reason="公开栏，没有异议"), by=secretary, at=AT)
    with pytest.raises(Refused, match="最早 2026-03-12"):
        ended(case, "done", date(2026, 3, 11), secretary)
    ended(case, "done", date(2026, 3, 12), secretary)
    ended(case, "done", date(2026, 5, 28), secretary, {"spent": 79_000_000, "came_of_it": "修了两公里。"})
    today = timezone.localdate(AT)
    posted = actions.post_notice(case, title="结果", text="修好了", told=Told(today), by=secretary, at=AT)
    assert posted.notice.source == f"case:{case.ref}"
    with pytest.raises(Refused, match="公开期到 2026-06-06 为止"):
        actions.end_step(case, outcome="done", told=Told(date(2026, 6, 6)), by=secretary, at=AT + timedelta(days=5))
    later = AT + timedelta(days=6)
    actions.end_step(case, outcome="done", told=Told(date(2026, 6, 7)), by=secretary, at=later)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.end, case.amount) == ("ended", "finished", 80_000_000)


def test_m21_a_member_assembly_before_three_days_is_not_held(village, secretary):
    case = opened(village, secretary)
    to_the_assembly(case, secretary)
    day = DAY + timedelta(days=2)
    actions.hold_meeting(case, sheet=sheet(case, day, yes=7, present=8, quorum=THIRDS), by=secretary, at=AT)
    with pytest.raises(Refused, match="最早 2026-03-05"):
        ended(case, "approved", day, secretary)


def test_m21_a_vote_that_failed_does_not_pass_and_one_that_passed_does_not_fail(village, secretary):
    case = opened(village, secretary)
    to_the_resolution(case, secretary)
    day = DAY + timedelta(days=4)
    told = sheet(case, day, yes=10, present=20, roll=listed(30), passes=PRESENT, quorum=THIRDS)
    entry = actions.hold_meeting(case, sheet=told, by=secretary, at=AT)
    assert "正好 1/2 实到，没有超过" in entry.reckoned and "不通过" in entry.reckoned
    with pytest.raises(Refused, match="表决的结果不是“决议通过”"):
        ended(case, "passed", day, secretary)
    ended(case, "rejected", day, secretary)
    assert Case.objects.get(pk=case.pk).end == "rejected"


def test_m21_article_26_too_few_representatives_decide_nothing(village, secretary):
    case = opened(village, secretary)
    to_the_resolution(case, secretary)
    told = sheet(case, DAY + timedelta(days=4), yes=19, present=19, roll=listed(30), passes=PRESENT, quorum=THIRDS)
    with pytest.raises(Refused, match="不足法定人数，不能表决"):
        actions.hold_meeting(case, sheet=told, by=secretary, at=AT)
    assert Meeting.objects.filter(kind_name="村民代表会议").count() == 0
    with pytest.raises(Refused, match="还没有记下“村民代表会议”"):
        ended(case, "passed", DAY + timedelta(days=4), secretary)


def test_one_meeting_decides_many_matters_and_is_counted_once(village, secretary):
    first, second = opened(village, secretary), opened(village, secretary, "祠堂改老人活动室")
    for case in (first, second):
        to_the_resolution(case, secretary)
    before = Meeting.objects.count()
    resolved(first, secretary, also=[second])
    assert Meeting.objects.count() == before + 1
    for case in (first, second):
        ended(case, "passed", DAY + timedelta(days=4), secretary)
    assert [one.text for one in Meeting.objects.latest("pk").items.order_by("number")] == [first.title, second.title]


def test_a_meeting_by_another_rule_than_the_file_is_not_taken(village, secretary):
    case = opened(village, secretary)
    to_the_resolution(case, secretary)
    day = DAY + timedelta(days=4)
    easy = sheet(case, day, yes=16, present=20, roll=listed(30), passes="> 1/3 of present", quorum=THIRDS)
    with pytest.raises(Refused, match="要照程序规定的名单、到会和表决办法"):
        actions.hold_meeting(case, sheet=easy, by=secretary, at=AT)
    other = assembly.record(village, told=easy, by=secretary, at=AT)
    with pytest.raises(Refused, match="不是照这个程序规定的办法表决的"):
        actions.bring_meeting(case, meeting=other, vote=1, told=Told(day), by=secretary, at=AT)
    elsewhere = builders.org("西山村党支部")
    strange = assembly.record(elsewhere, told=sheet(
        case, day, yes=16, present=20, roll=listed(30), passes=PRESENT, quorum=THIRDS), by=BUILDER, at=AT)  # fmt: skip
    with pytest.raises(Refused, match="这次会不能用"):
        actions.bring_meeting(case, meeting=strange, vote=1, told=Told(day), by=secretary, at=AT)


def test_m22_an_ordinary_matter_goes_the_short_way_and_one_of_article_24_does_not(village, secretary):
    told = Told(DAY, {**FIELDS, "matter": "ordinary"})
    case = actions.open(village, procedure="four-deliberations", title="换灯泡", told=told, by=secretary, at=AT)
    actions.hold_meeting(case, sheet=sheet(case, DAY, yes=3, present=3), by=secretary, at=AT)
    ended(case, "proposed", DAY, secretary)
    actions.hold_meeting(case, sheet=sheet(case, DAY, yes=4, present=5, roll=listed(5)), by=secretary, at=AT)
    ended(case, "agreed", DAY, secretary)
    assert Case.objects.get(pk=case.pk).step == "resolution-notice"
    other = opened(village, secretary)
    to_the_assembly(other, secretary)
    assert Case.objects.get(pk=other.pk).step == "member-assembly"


def test_an_objection_holds_the_step_until_it_is_answered(village, secretary):
    case = opened(village, secretary, on=date(2026, 5, 20))
    self_day = date(2026, 5, 20)
    actions.hold_meeting(case, sheet=sheet(case, self_day, yes=3, present=3), by=secretary, at=AT)
    ended(case, "proposed", self_day, secretary)
    actions.hold_meeting(case, sheet=sheet(case, self_day, yes=4, present=5, roll=listed(5)), by=secretary, at=AT)
    ended(case, "agreed", self_day, secretary)
    ended(case, "done", self_day, secretary)
    day = date(2026, 5, 28)
    actions.hold_meeting(case, sheet=sheet(case, day, yes=8, present=9, quorum=THIRDS), by=secretary, at=AT)
    ended(case, "approved", day, secretary)
    resolved(case, secretary, day)
    ended(case, "passed", day, secretary)
    entry = actions.post_notice(case, title="决议", text="修路", told=Told(date(2026, 6, 1)), by=secretary, at=AT)
    objection = notices.raise_objection(
        entry.notice, text="应当先修水渠。", contact="", once="one", address="203.0.113.7", by=Actor.visitor("203.0.113.7"),
        at=AT,
    )  # fmt: skip
    later = AT + timedelta(days=7)
    with pytest.raises(Refused, match="还有 1 条异议没有答复"):
        actions.end_step(case, outcome="done", told=Told(date(2026, 6, 8)), by=secretary, at=later)
    notices.answer(objection, summary="先修水渠", text="水渠列入明年。", by=secretary, at=later)
    actions.end_step(case, outcome="done", told=Told(date(2026, 6, 8)), by=secretary, at=later)


def test_only_whoever_is_waited_for_holds_the_meeting(village, secretary):
    case = opened(village, secretary)
    stranger = builders.holder(builders.org("西山村党支部"), Role.SECRETARY)
    with pytest.raises(NotAllowed):
        actions.hold_meeting(case, sheet=sheet(case, DAY, yes=3, present=3), by=stranger, at=AT)


def test_a_sheet_sent_twice_is_one_meeting(village, secretary):
    case = opened(village, secretary)
    told = sheet(case, DAY, yes=3, present=3, token="once")
    first = actions.hold_meeting(case, sheet=told, by=secretary, at=AT)
    assert actions.hold_meeting(case, sheet=told, by=secretary, at=AT) == first
    assert Meeting.objects.count() == 1


# Pages


def hidden(page):
    """What a browser would send back unseen."""
    found = re.findall(r'<input type="hidden" name="(token|seen)" value="([^"]*)"', page.content.decode())
    return {name: value for name, value in found if value}


@pytest.fixture
def phone(secretary):
    """The secretary, signed in."""
    return signed_in(account(Person.objects.get(pk=secretary.person)))


SAID = {"venue": "村委会", "text": "大家都同意。", "chair": "赵主持", "recorder": "钱记录"}


def test_the_sheet_of_a_meeting_is_filled_in_and_the_sum_is_told(village, secretary, phone):
    case = opened(village, secretary)
    home = f"/cases/{case.ref}/meeting/"
    page = phone.get(home, {"day": "2026-03-02"})
    assert "应到：书记、副书记和委员；到会超过应到的 1/2才能开；赞成超过应到的 1/2才通过。" in page.content.decode()
    told = {"day": "2026-03-02", **hidden(page), **SAID}
    refused = phone.post(home, told)
    assert refused.status_code == 422 and "请标到没到会" in refused.content.decode()
    assert "大家都同意。" in refused.content.decode()
    assert phone.post(home, {**told, "rest": "yes"}).status_code == 302
    page = html.unescape(phone.get(f"/cases/{case.ref}/").content.decode())
    assert "应到 3，实到 3（100% > 1/2），赞成 3（100% > 1/2 应到）→ 通过" in page
    assert phone.post(home, {**told, "rest": "yes"}).status_code == 302
    assert Meeting.objects.count() == 1


def test_a_list_is_typed_once_and_offered_the_next_time(village, secretary, phone):
    first, second = opened(village, secretary), opened(village, secretary, "修水渠")
    for case in (first, second):
        actions.hold_meeting(case, sheet=sheet(case, DAY, yes=3, present=3), by=secretary, at=AT)
        ended(case, "proposed", DAY, secretary)
    home = f"/cases/{first.ref}/meeting/"
    told = {"day": "2026-03-02", **hidden(phone.get(home)), **SAID, "names": "赵一\n钱二\n孙三\n", "rest": "yes"}
    assert phone.post(home, {**told, "who-孙三": "absent"}).status_code == 302
    assert Meeting.objects.latest("pk").votes.get().yes == 2
    page = phone.get(f"/cases/{second.ref}/meeting/").content.decode()
    assert "赵一\n钱二\n孙三" in page.replace("\r", "")
    bringing = f"/cases/{second.ref}/meeting/bringing/"
    offered = re.search(r'<option value="([^"]+\.1)"', phone.get(bringing).content.decode())[1]
    said = {"day": "2026-03-02", **hidden(phone.get(bringing)), "sitting": offered}
    assert phone.post(bringing, said).status_code == 302
    assert Case.objects.get(pk=second.pk).entries.latest("number").meeting == Meeting.objects.latest("pk")


def test_what_is_made_public_is_drafted_from_the_fields_and_scanned(village, secretary, phone):
    case = actions.enter(
        village, procedure="four-deliberations", title="修村道", step="resolution-notice", done={"resolution": DAY},
        told=Told(DAY, FIELDS), by=secretary, at=AT,
    )  # fmt: skip
    home = f"/cases/{case.ref}/posting/"
    page = phone.get(home)
    assert "关于修村道的决议" in page.content.decode() and "涉及金额：800,000.00 元" in page.content.decode()
    told = {**hidden(page), "day": timezone.localdate().isoformat(), "title": "关于修村道的决议"}
    refused = phone.post(home, {**told, "text": "找陈水生 440703198001011234 领钱"})
    assert refused.status_code == 422 and "身份证号" in refused.content.decode()
    assert not Notice.objects.exists()
    assert phone.post(home, {**told, "text": "修村道，现予公开。"}).status_code == 302
    notice = Notice.objects.get()
    assert Client().get(f"/public/notices/{notice.ref}/").status_code == 200
    assert notice.until == timezone.localdate() + timedelta(days=6)

"""A meeting on paper: notice, sheet to sign, minutes; and the same record from paper as from the app."""

import io
import re

import docx as word
import pypdf
import pytest

from jiceng.engines.assembly import actions, printing
from jiceng.engines.assembly.actions import Mark, Motion, Sheet, Written
from jiceng.engines.assembly.declarations import Ballots, Electorate, Votes
from jiceng.engines.assembly.models import Attendance, Meeting, Minutes, Opening, RollEntry, Vote
from jiceng.kernel.access import Role
from jiceng.kernel.people.models import Person
from jiceng.lib.papers.docx import docx
from jiceng.lib.refs import spoken
from tests import builders
from tests.engines.assembly.cast import ACT, DAY, MORE_THAN_HALF, branch, called, came, closed, listed
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db

HELD = {"electorate": Electorate.LISTED, "quorum": ">= 2/3 of roll", "called_on": DAY}
BALLOTS, VOTES = Ballots(issued=20, returned=20, spoiled=1), Votes(yes=16, no=2, abstained=1)
TOLD = {"passes": "> 1/2 of present", "quorum": ">= 2/3 of roll", "basis": "村民委员会组织法 第二十六条"}


def at(home, role, name="secretary"):
    return signed_in(account(Person.objects.get(pk=builders.holder(home, role).person), name))


def text_of(answer):
    found = pypdf.PdfReader(io.BytesIO(answer.content))
    return re.sub(r"\s", "", "".join(page.extract_text() for page in found.pages))


def test_the_notice_says_when_where_and_what():
    meeting = called(branch(3))
    said = text_of(at(meeting.organisation, Role.SECRETARY).get(f"/meetings/{meeting.ref}/papers/calling/pdf/"))
    assert "关于召开党员大会的通知" in said
    assert "定于2026年5月18日（周一）在党群服务中心召开党员大会" in said
    assert "1.收益分配方案" in said
    assert f"编号{spoken(meeting.ref)}" in said


def test_the_sheet_has_a_line_for_everybody_on_the_roll_and_some_to_spare():
    meeting = closed(branch(3), 3)
    sheet = word.Document(io.BytesIO(docx(printing.signing(meeting, ["甲", "乙", "丙"], "https://example.cn/"))))
    names = [row.cells[1].text for row in sheet.tables[0].rows]
    assert names == ["姓名", "甲", "乙", "丙", *[""] * printing.SPARE]
    said = text_of(at(meeting.organisation, Role.SECRETARY).get(f"/meetings/{meeting.ref}/papers/signing/pdf/"))
    for name in ("赵正0", "钱正1", "孙正2"):
        assert name in said


def test_the_minutes_say_who_came_what_was_said_and_decided():
    meeting = closed(branch(3), 2)
    said = text_of(at(meeting.organisation, Role.SECRETARY).get(f"/meetings/{meeting.ref}/papers/minutes/pdf/"))
    for words in ("应到3", "实到2", "会议通过了方案。", "李建国", "周敏", "孙正2缺席"):
        assert words in said


def test_an_office_above_prints_the_minutes_without_names_and_no_sheet():
    town = builders.org("某镇党委", kind="committee")
    meeting = closed(branch(3, under=town), 2)
    officer = at(town, Role.OFFICER, "officer")
    said = text_of(officer.get(f"/meetings/{meeting.ref}/papers/minutes/pdf/"))
    assert "实到2" in said
    assert "赵正0" not in said
    assert officer.get(f"/meetings/{meeting.ref}/papers/signing/pdf/").status_code == 404


def test_what_one_may_not_see_one_may_not_print_or_find():
    meeting = closed(branch(3), 2)
    other = at(builders.org("西河村党支部"), Role.SECRETARY)
    for paper in ("calling", "signing", "minutes"):
        assert other.get(f"/meetings/{meeting.ref}/papers/{paper}/pdf/").status_code == 404
    assert meeting.title not in other.get("/meetings/", {"q": spoken(meeting.ref)}).content.decode()


def test_the_number_on_the_paper_finds_the_meeting():
    home = branch(3)
    meeting, other = closed(home, 2, title="分红"), closed(home, 2, title="修路")
    page = at(home, Role.SECRETARY).get("/meetings/", {"q": spoken(meeting.ref).lower()}).content.decode()
    assert meeting.title in page
    assert other.title not in page


def test_there_is_no_other_paper_of_a_meeting():
    meeting = called(branch(1))
    own = at(meeting.organisation, Role.SECRETARY)
    for address in ("song/pdf/", "minutes/exe/"):
        assert own.get(f"/meetings/{meeting.ref}/papers/{address}").status_code == 404


def written_down(meeting):
    """Everything that the store knows of a meeting, but what is its own by nature: numbers of rows, moments, hands."""
    own = {"id", "ref", "token", "at", "recorded_at", "by_name", "organisation", "meeting", "entry", "root", "item"}
    sets = [
        Meeting.objects.filter(pk=meeting.pk), Opening.objects.filter(meeting=meeting),
        RollEntry.objects.filter(meeting=meeting).order_by("number"),
        Attendance.objects.filter(entry__meeting=meeting).order_by("entry__number"),
        Vote.objects.filter(meeting=meeting), Minutes.objects.filter(meeting=meeting),
    ]  # fmt: skip
    return [
        [
            {one.name: getattr(row, one.attname) for one in rows.model._meta.fields if one.name not in own}
            for row in rows
        ]
        for rows in sets
    ]


def test_a_meeting_from_paper_and_one_held_in_the_app_leave_the_same_record():
    roll = listed(30)
    app = called(builders.org("东山村党支部"), **HELD)
    actions.open(app, on=DAY, roll=roll, **ACT)
    came(app, 20)
    cast = actions.Cast("通过收益分配方案", item=app.items.get(), ballots=BALLOTS, votes=VOTES, **TOLD)
    actions.record_vote(app, told=cast, **ACT)
    actions.write_minutes(app, written=Written("会议通过了方案。", "李建国", "周敏"), **ACT)
    actions.close(app, **ACT)

    village = builders.org("西河村党支部")
    sheet = Sheet(
        app.kind, app.kind_name, app.title, DAY, app.venue, roll,
        {place: Mark("present" if place < 20 else "absent") for place in range(30)},
        Written("会议通过了方案。", "李建国", "周敏"), items=("收益分配方案",), called_on=DAY, electorate=Electorate.LISTED,
        quorum=HELD["quorum"], motions=[Motion(1, "通过收益分配方案", ballots=BALLOTS, votes=VOTES, **TOLD)],
    )  # fmt: skip
    paper = actions.record(village, told=sheet, **ACT)

    assert written_down(paper) == written_down(Meeting.objects.get(pk=app.pk))
    assert Vote.objects.get(meeting=paper).passed


def test_another_sum_on_the_paper_leaves_another_record():
    home = branch(5)
    first, second = closed(home, 3), closed(home, 4)
    assert written_down(first) != written_down(second)
    assert first.quorum == MORE_THAN_HALF

"""The public board: what was published and nothing else, to anybody, until its day; and whoever disagrees is heard."""

import re
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiceng.engines.notices import actions
from jiceng.engines.notices.models import Objection
from jiceng.kernel.access import Role
from tests.builders import BUILDER, holder, officer, org, root
from tests.engines.notices.cast import drafted, objected, published

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def branch():
    return org("东山村党支部", under=root())


@pytest.fixture
def visitor():
    return Client()


def up(place, **other):
    today = timezone.localdate()
    told = {"since": today, "until": today + timedelta(days=7), "at": timezone.now(), **other}
    return published(place, **told)


def read(visitor, path):
    return visitor.get(path).content.decode()


def page_of(made):
    return f"/public/notices/{made.ref}/"


def test_anybody_reads_what_is_up(visitor, branch):
    made = up(branch, phone="0750-3261234")
    for path in ("/public/", "/public/places/", f"/public/orgs/{branch.ref}/", page_of(made), f"{page_of(made)}paper/"):
        assert branch.name in read(visitor, path), path
    page = read(visitor, page_of(made))
    assert "结余 4,345.60 元" in page and "0750-3261234" in page and 'class="qr"' in page


@pytest.mark.parametrize("kind", ["draft", "members", "coming"])
def test_what_is_not_public_is_not_there(visitor, branch, kind):
    today = timezone.localdate()
    made = {
        "draft": lambda: drafted(branch, title="藏着的"),
        "members": lambda: up(branch, title="藏着的", audience="members"),
        "coming": lambda: up(branch, title="藏着的", since=today + timedelta(days=1)),
    }[kind]()
    for path in ("/public/", "/public/places/", "/public/search/?q=藏着的", f"/public/orgs/{branch.ref}/"):
        assert "藏着的</a>" not in read(visitor, path)
    for path in ("", "paper/", "objection/"):
        assert visitor.get(f"{page_of(made)}{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "paper/", "objection/"])
def test_what_was_withdrawn_is_gone_with_its_reason_and_without_its_text(visitor, branch, path):
    made = up(branch, title="写错的标题")
    actions.withdraw(made, reason="金额有误，核实后再公示", by=officer(branch.parent), at=timezone.now())
    answer = visitor.get(f"{page_of(made)}{path}")
    said = answer.content.decode()
    assert answer.status_code == 410 and "金额有误，核实后再公示" in said
    assert "写错的标题" not in said and "4,345.60" not in said


def test_it_is_gone_on_its_day(visitor, branch):
    today = timezone.localdate()
    told = {"since": today - timedelta(days=7), "at": timezone.now() - timedelta(days=7)}
    last_day, over = up(branch, until=today + timedelta(days=1), **told), up(branch, until=today, **told)
    assert visitor.get(page_of(last_day)).status_code == 200
    answer = visitor.get(page_of(over))
    assert answer.status_code == 410 and "公示期满" in answer.content.decode()


def test_a_correction_is_shown_with_its_reason_and_the_wrong_text_is_not(visitor, branch):
    made = up(branch)
    fix = {"title": made.title, "text": "结余 43,456.00 元。", "phone": "", "until": made.until, "reason": "漏写一位"}
    actions.correct(made, by=officer(branch.parent), at=timezone.now(), **fix)
    page = read(visitor, page_of(made))
    assert "漏写一位" in page and "43,456.00" in page and "4,345.60" not in page


def test_no_page_that_is_only_read_sets_a_cookie(visitor, branch):
    made = up(branch)
    org_page = f"/public/orgs/{branch.ref}/"
    for path in ("/public/", "/public/places/", "/public/search/?q=收支", org_page, f"{org_page}feed/",
                 page_of(made), f"{page_of(made)}paper/"):  # fmt: skip
        answer = visitor.get(path)
        assert (answer.status_code, dict(answer.cookies)) == (200, {}), path


def test_nobody_who_acted_is_named(visitor, branch):
    by = holder(branch, Role.SECRETARY)
    made = up(branch, by=by)
    objection = objected(made, at=timezone.now(), contact="村东头老陈")
    actions.answer(objection, summary="问修路款", text="见附表。", by=by, at=timezone.now())
    page = read(visitor, page_of(made))
    assert "问修路款" in page and "见附表" in page
    for hidden in (by.name, "村东头老陈", objection.text, objection.number):
        assert hidden not in page


def test_an_objection_is_answered_with_a_receipt_that_leads_to_the_answer(visitor, branch):
    made = up(branch)
    once = re.search(r'name="once" value="(\w{10})"', read(visitor, f"{page_of(made)}objection/"))[1]
    sent = {"text": "修路款没有写", "contact": "", "once": once}
    first = visitor.post(f"{page_of(made)}objection/", sent).content.decode()
    again = visitor.post(f"{page_of(made)}objection/", sent).content.decode()
    number = Objection.objects.get().number
    assert number in first and number in again
    told = f" {number[:5].upper()} {number[5:]} "
    assert "等答复" in visitor.post("/public/receipts/", {"number": told}).content.decode()
    actions.answer(
        Objection.objects.get(), summary="问修路款", text="见附表。", by=officer(branch.parent), at=timezone.now()
    )
    assert "见附表。" in visitor.post("/public/receipts/", {"number": number}).content.decode()
    assert "没有这个回执号" in visitor.post("/public/receipts/", {"number": "0000000000"}).content.decode()


def test_too_many_objections_are_held_back_with_a_sentence(visitor, branch):
    made = up(branch)
    for _ in range(actions.MOST_AT_ONCE):
        objected(made, at=timezone.now(), address="127.0.0.1")
    sent = {"text": "再来", "once": "0123456789"}
    answer = visitor.post(f"{page_of(made)}objection/", sent)
    assert answer.status_code == 422 and "太多" in answer.content.decode()


def test_it_is_found_by_words_of_its_title_and_its_text(visitor, branch):
    up(branch)
    up(branch, title="选举公告", text="定于下月选举。")
    assert "选举公告" in read(visitor, "/public/search/?q=下月选举")
    assert "选举公告" not in read(visitor, "/public/search/?q=结余 收支")
    assert "第二季度村级收支" in read(visitor, "/public/search/?q=结余 收支")
    assert "请至少写两个字" in read(visitor, "/public/search/?q=一")


@pytest.mark.parametrize("number", [1, 5])
def test_the_board_costs_the_same_however_long(visitor, branch, number):
    for _ in range(number):
        up(branch)
    with CaptureQueriesContext(connection) as asked:
        visitor.get("/public/")
    assert len(asked) <= 2


def test_each_organisation_and_each_kind_has_a_feed(visitor, branch):
    up(branch)
    up(branch, title="选举公告 <1>", kind="election")
    feed = ElementTree.fromstring(visitor.get(f"/public/orgs/{branch.ref}/feed/").content)
    assert [one.find(f"{ATOM}title").text for one in feed.iter(f"{ATOM}entry")] == ["选举公告 <1>", "第二季度村级收支"]
    assert all(feed.find(f"{ATOM}{name}") is not None for name in ("id", "title", "updated"))
    of_kind = ElementTree.fromstring(visitor.get(f"/public/orgs/{branch.ref}/election/feed/").content)
    assert len(list(of_kind.iter(f"{ATOM}entry"))) == 1
    assert visitor.get(f"/public/orgs/{branch.ref}/gossip/feed/").status_code == 404


# The exported copy


def links(folder: Path):
    """Every link of every page of a copy: the page, and where the link leads."""
    for page in sorted(folder.rglob("*.html")):
        for link in re.findall(r'(?:href|src|data-charts|data-echarts)="([^"#]+)', page.read_text(encoding="utf-8")):
            yield page, link


def test_the_copy_holds_what_is_up_and_every_link_leads_somewhere(branch, tmp_path):
    made, other = up(branch), up(org("西河党支部", under=branch.parent), title="选举公告")
    drafted(branch, title="藏着的")
    up(branch, title="藏着的", audience="members")
    down = up(branch, title="藏着的")
    actions.withdraw(down, reason="误", by=BUILDER, at=timezone.now())
    folder = tmp_path / "copy"
    call_command("public", "export", str(folder), "--address", "https://gongkai.example", verbosity=0)
    pages = {path.relative_to(folder).as_posix() for path in folder.rglob("index.html")}
    assert {f"public/notices/{one.ref}/index.html" for one in (made, other)} <= pages
    assert not any(down.ref in page for page in pages)
    assert "藏着的" not in "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.html"))
    broken = [
        (page.relative_to(folder).as_posix(), link)
        for page, link in links(folder)
        if link.startswith(("/", "http")) or not (page.parent / link).resolve().is_file()
    ]
    assert broken == []
    feed = (folder / f"public/orgs/{branch.ref}/feed/index.xml").read_text(encoding="utf-8")
    assert f"https://gongkai.example/public/notices/{made.ref}/" in feed


def test_the_next_copy_takes_the_place_of_the_last(branch, tmp_path):
    made, folder = up(branch), tmp_path / "copy"
    call_command("public", "export", str(folder), verbosity=0)
    actions.withdraw(made, reason="误", by=BUILDER, at=timezone.now())
    call_command("public", "export", str(folder), verbosity=0)
    assert not (folder / f"public/notices/{made.ref}").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy"]


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "dear.txt").write_text("mine")
    with pytest.raises(CommandError, match="别的文件"):
        call_command("public", "export", str(tmp_path), verbosity=0)
    assert (tmp_path / "dear.txt").read_text() == "mine"

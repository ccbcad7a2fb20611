"""Documents of a case: printed empty and filled, signed, scanned, and found again by the number on them."""

import io
import re
from datetime import date

import docx as word
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jiceng.engines.packs import queries as packs
from jiceng.engines.packs.reading import read_table
from jiceng.engines.procedures import actions
from jiceng.engines.procedures.actions import Told
from jiceng.engines.procedures.declarations.templates import EMPTY, Filling, Section, Template, filled
from jiceng.engines.procedures.models import Entry
from jiceng.kernel.access import Role
from jiceng.kernel.files import actions as file_actions
from jiceng.kernel.files.cleaning.outside import cleaned
from jiceng.kernel.files.models import File
from jiceng.kernel.people.models import Look, Person
from jiceng.lib.papers import Line
from jiceng.lib.refs import heard, spoken
from jiceng.lib.refusals import NotAllowed, Refused
from tests import builders
from tests.builders import BUILDER, NOON
from tests.engines.procedures.samples import procedure, table
from tests.kernel.accounts.cast import account, signed_in
from tests.kernel.files.samples import jpg

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
SECRETARY = {"roles": ["secretary"]}
REQUEST = {
    "title": "关于{name}的请示", "to": "{parent}",
    "section": [
        {"heading": "一、缘由"}, {"text": "{organisation}于{opened}提出，需要{amount}。"}, {"fields": ["amount", "reason"]},
        {"signatures": ["经办人"], "seal": True}, {"votes": True}, {"roll": 3},
    ],
}  # fmt: skip


def digging(about="organisation", **template):
    return procedure(
        key="digging", name="打井", about=about, opens=SECRETARY, end=[],
        field=[{"key": "amount", "label": "涉及金额", "type": "money"}],
        step=[
            {
                "key": "ask", "name": "请示", "by": SECRETARY,
                "papers": [{"key": "request", "name": "请示", "template": {**REQUEST, **template}}],
                "field": [{"key": "reason", "label": "理由", "type": "paragraph"}],
            },
        ],
    )  # fmt: skip


@pytest.fixture(autouse=True)
def in_force(monkeypatch):
    shipped = packs.resolve

    def resolved(place=None, on=date.max):
        found = shipped(place, on)
        talk = digging("person").model_copy(update={"key": "talking", "name": "谈话"})
        return packs.Pack(found.place, found.on, (*found.declared, digging(), talk))

    monkeypatch.setattr(packs, "resolve", resolved)


@pytest.fixture
def town():
    return builders.org("某镇党委", kind="committee")


@pytest.fixture
def village(town):
    return builders.org("东山村党支部", under=town)


@pytest.fixture
def client(village):
    return signed_in(account(Person.objects.get(pk=builders.holder(village, Role.SECRETARY).person)))


@pytest.fixture
def case(village):
    told = Told(DAY, {"amount": 500_000})
    return actions.open(village, procedure="digging", title="东边打井", told=told, by=BUILDER, at=NOON)


def text_of(answer):
    found = pypdf.PdfReader(io.BytesIO(answer.content))
    return re.sub(r"\s", "", "".join(page.extract_text() for page in found.pages))


def test_a_filled_document_says_what_is_known_and_leaves_a_line_for_what_is_not(client, case):
    said = text_of(client.get(f"/cases/{case.ref}/papers/request/printed/pdf/"))
    assert "关于东边打井的请示某镇党委：" in said
    assert "东山村党支部于2026年3月2日提出，需要5,000.00元。" in said
    assert "涉及金额5,000.00元" in said
    assert f"编号{spoken(case.ref)}" in said


def test_an_empty_document_has_the_matter_and_lines_for_all_else(client, case):
    said = text_of(client.get(f"/cases/{case.ref}/papers/request/printed/pdf/?empty"))
    assert "关于东边打井的请示" in said
    assert "需要＿＿＿＿＿＿＿＿。" in said
    assert "5,000" not in said
    assert "应到人数实到人数赞成票反对票弃权票" in said


def test_word_and_pdf_say_the_same(client, case):
    address = f"/cases/{case.ref}/papers/request/printed/"
    said = text_of(client.get(address + "pdf/"))
    document = word.Document(io.BytesIO(client.get(address + "docx/").content))
    cells = [cell.text for one in document.tables for row in one.rows for cell in row.cells]
    for text in [*(one.text for one in document.paragraphs), *cells]:
        assert re.sub(r"\s|＿", "", text) in said.replace("＿", "")


def test_the_ledger_tells_everything_that_was_written(client, case):
    actions.keep_paper(case, paper="request", told=Told(DAY, reason="村委会铁皮柜"), by=BUILDER, at=NOON)
    said = text_of(client.get(f"/cases/{case.ref}/ledger/pdf/"))
    for words in ("东边打井办理台账", "1.立项", "2.请示：有了请示", "村委会铁皮柜", "涉及金额5,000.00元"):
        assert words in said


@pytest.mark.parametrize("kind", ["exe", "html"])
def test_there_is_no_other_kind_of_document(client, case, kind):
    assert client.get(f"/cases/{case.ref}/ledger/{kind}/").status_code == 404
    assert client.get(f"/cases/{case.ref}/papers/request/printed/{kind}/").status_code == 404


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ({"text": "{nothing}"}, "没有“nothing”这个栏目"),
        ({"text": "{person}"}, "没有“person”这个栏目"),
        ({"fields": ["nothing"]}, "没有“nothing”这个栏目"),
        ({"fields": ["name"]}, "没有“name”这个栏目"),
        ({"text": "甲", "roll": 3}, "只写 heading"),
        ({}, "只写 heading"),
    ],
)
def test_a_template_names_what_there_is_and_says_one_thing_at_a_time(section, sentence):
    step = table()["step"][0] | {
        "papers": [{"key": "a", "name": "甲", "template": {"title": "题", "section": [section]}}]
    }
    found = read_table(table(step=[step], end=[{"key": "dropped", "name": "未提", "reached": False}]))
    assert [said for where, said in found if sentence in said], found


def test_nothing_in_a_template_is_carried_out():
    text = "{{amount}} {amount.real} {0} {amount!r} %(amount)s ${amount}"
    template = Template(title="题", section=(Section(text=text),))
    told = Filling({"amount": "五千元"}, {}, (), "", "1", "https://example.cn/")
    assert filled(template, told).parts == (
        Line(f"{{五千元}} {{amount.real}} {EMPTY} {{amount!r}} %(amount)s $五千元"),
    )


def test_a_scan_is_kept_with_the_entry_and_without_what_does_not_show(client, case):
    sent = SimpleUploadedFile("请示.jpg", jpg(), "image/jpeg")
    page = client.get(f"/cases/{case.ref}/papers/request/").content.decode()
    token = re.search(r'name="token" value="([^"]*)"', page)[1]
    answer = client.post(f"/cases/{case.ref}/papers/request/", {"day": "2026-03-02", "token": token, "scan": sent})
    assert answer.status_code == 302
    kept = client.get(f"/cases/{case.ref}/entries/2/scan/")
    assert kept["Content-Type"] == "image/jpeg"
    assert kept.content.startswith(b"\xff\xd8")
    assert b"CANARY" not in kept.content
    assert "第 2 条的扫描件" in client.get(f"/cases/{case.ref}/").content.decode()


def test_a_paper_needs_a_place_or_a_scan(case):
    with pytest.raises(Refused, match="请写明原件存放在哪里，或者交上扫描件、照片"):
        actions.keep_paper(case, paper="request", told=Told(DAY), by=BUILDER, at=NOON)
    assert Entry.objects.filter(case=case).count() == 1


def test_what_is_no_document_is_refused_and_nothing_is_written(client, case):
    said = {"day": "2026-03-02", "token": "a", "scan": SimpleUploadedFile("a.jpg", b"MZ\x90 program", "image/jpeg")}
    assert client.post(f"/cases/{case.ref}/papers/request/", said).status_code == 422
    assert (Entry.objects.filter(case=case).count(), File.objects.count()) == (1, 0)


def test_the_scan_of_an_entry_is_never_changed(case):
    entry = actions.keep_paper(
        case, paper="request", told=Told(DAY), scan=cleaned(jpg(), "甲.jpg"), by=BUILDER, at=NOON
    )
    with pytest.raises(Refused, match="记录写下就不改"):
        file_actions.keep(entry, clean=cleaned(jpg(author="乙"), "乙.jpg"), by=BUILDER, at=NOON)
    with pytest.raises(Refused, match="记录写下就不改"):
        file_actions.drop(File.objects.get(), by=BUILDER, at=NOON)


def test_who_does_not_act_in_the_step_keeps_no_scan(village, case):
    director = builders.holder(village, Role.VILLAGE_DIRECTOR)
    with pytest.raises(NotAllowed):
        actions.keep_paper(case, paper="request", told=Told(DAY), scan=cleaned(jpg(), "甲.jpg"), by=director, at=NOON)
    assert not File.objects.exists()


@pytest.mark.parametrize("typed", ["{spoken}", "{lower}", " {plain} ", "{misread}"])
def test_the_number_on_a_paper_finds_its_case(client, village, typed):
    for title in ("东边打井", "西边打井"):
        told = Told(DAY, {"amount": 1})
        case = actions.open(village, procedure="digging", title=title, told=told, by=BUILDER, at=NOON)
    said = typed.format(
        spoken=spoken(case.ref), lower=spoken(case.ref).lower(), plain=case.ref,
        misread=case.ref.replace("0", "O").replace("1", "l"),
    )  # fmt: skip
    assert heard(said) == case.ref
    page = client.get("/cases/", {"q": said}).content.decode()
    assert "西边打井" in page
    assert "东边打井" not in page


def test_another_villages_case_is_not_found_by_its_number(client, town):
    other = builders.org("西河村党支部", under=town)
    told = Told(DAY, {"amount": 1})
    case = actions.open(other, procedure="digging", title="西河打井", told=told, by=BUILDER, at=NOON)
    assert "西河打井" not in client.get("/cases/", {"q": spoken(case.ref)}).content.decode()
    for address in ("ledger/pdf/", "papers/request/printed/pdf/", "entries/1/scan/"):
        assert client.get(f"/cases/{case.ref}/{address}").status_code == 404


def test_printing_a_case_about_a_person_asks_what_for_and_leaves_a_look(village, town):
    wang = builders.member(village, "王小明")
    told = Told(DAY, {"amount": 1})
    case = actions.open(village, procedure="talking", title="", told=told, about=wang, by=BUILDER, at=NOON)
    actions.keep_paper(case, paper="request", told=Told(DAY), scan=cleaned(jpg(), "甲.jpg"), by=BUILDER, at=NOON)
    officer = signed_in(account(Person.objects.get(pk=builders.holder(town, Role.OFFICER).person), "officer"))
    addresses = ("ledger/pdf/", "papers/request/printed/pdf/", "entries/2/scan/")
    for address in addresses:
        answer = officer.get(f"/cases/{case.ref}/{address}")
        assert "王小明" not in answer.content.decode("utf-8", "ignore")
        assert answer["Content-Type"].startswith("text/html")
    assert officer.get(f"/files/{File.objects.get().ref}/").status_code == 404
    assert not Look.objects.exists()
    own = signed_in(account(Person.objects.get(pk=builders.holder(village, Role.SECRETARY).person)))
    for address in addresses:
        assert own.get(f"/cases/{case.ref}/{address}").status_code == 200
    assert Look.objects.filter(person=wang).count() == len(addresses)

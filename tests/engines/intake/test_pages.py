"""Pages of an import, through a real client."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiceng.engines.intake import actions, catalogue, queries, tasks, views
from jiceng.engines.intake.models import Batch, Order, Step
from jiceng.kernel.access import Role
from jiceng.kernel.people.models import Look, Person
from tests.builders import BUILDER, holder, member, officer, org, root
from tests.engines.intake.books import number_of, xlsx
from tests.engines.intake.cast import Store, sheet
from tests.engines.intake.test_checking import HEAD, with_cells
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db


def browser(by):
    return signed_in(account(Person.objects.get(pk=by.person)))


@pytest.fixture
def store():
    store = Store()
    before = catalogue.sheets()
    catalogue.sheets_come_from([sheet(store)])
    yield store
    catalogue.sheets_come_from(before)


@pytest.fixture
def top():
    top = root()
    org(under=top, code="东")
    return top


@pytest.fixture
def client(top, store):
    return browser(officer(top))


def people(count):
    return [with_cells(f"V{n}", 证件号码=number_of(order=n)) for n in range(1, count + 1)]


def send(client, top, rows):
    """Uploads by the page and lets the background work be done."""
    file = SimpleUploadedFile("名册.xlsx", xlsx([HEAD, *rows]))
    answer = client.post("/intake/upload/", {"sheet": "villagers", "organisation": top.pk, "file": file})
    assert answer.status_code == 302, answer.content.decode()
    work()
    return Batch.objects.latest("pk")


def work():
    order = Order.objects.latest("pk")
    tasks.carry_out.func(order.pk)


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def state(batch):
    return queries.state_of(queries.with_states(Batch.objects.all()).get(pk=batch.pk)).key


def test_an_officer_brings_a_sheet_in_sees_what_it_does_applies_and_takes_it_back(client, top, store):
    batch = send(client, top, people(3))
    page = text(client.get(f"/intake/{batch.ref}/"))
    assert "查对无误，等您入库" in page
    assert "王小明" in text(client.get(f"/intake/{batch.ref}/rows/?outcome=add"))
    assert client.post(f"/intake/{batch.ref}/orders/", {"step": "apply"}).status_code == 302
    assert "正在入库" in text(client.get(f"/intake/{batch.ref}/"))
    work()
    assert len(store.rows) == 3
    assert "整批撤回" in text(client.get(f"/intake/{batch.ref}/"))
    client.post(f"/intake/{batch.ref}/orders/", {"step": "undo"})
    work()
    assert store.rows == {}
    assert "已撤回" in text(client.get("/intake/"))


def test_changes_are_shown_from_old_to_new(client, top, store):
    send(client, top, people(2))
    client.post(f"/intake/{Batch.objects.get().ref}/orders/", {"step": "apply"})
    work()
    batch = send(client, top, [with_cells("V1", 证件号码=number_of(order=1), 人数="8")])
    page = text(client.get(f"/intake/{batch.ref}/rows/?outcome=change"))
    assert "<del>5</del> → <ins>8</ins>" in page


def test_every_fault_is_listed_paged_and_sent_back_as_a_workbook(client, top):
    rows = [with_cells(f"V{n}", 姓名="", 证件号码=number_of(order=n)) for n in range(1, 121)]
    batch = send(client, top, rows)
    page = text(client.get(f"/intake/{batch.ref}/"))
    assert "有错，一行也没有入库" in page
    assert "120" in page
    seen, address = [], f"/intake/{batch.ref}/problems/"
    while address:
        answer = client.get(address)
        seen += [row.number for row in answer.context["rows"]]
        address = answer.context["page"].next_url
    assert seen == list(range(2, 122))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/intake/{batch.ref}/problems/workbook/").content)).active
    assert book.max_row == 121
    assert [cell.value for cell in book[2]][:4] == [2, "姓名：没有填。", "“姓名”必填。", "V1"]


def test_a_page_shows_no_personal_number(client, top):
    rows = [*people(2), with_cells("V9", 证件号码=number_of()[:-1] + "#", 手机号="138")]
    batch = send(client, top, rows)
    for path in ("", "problems/", "rows/?outcome=add"):
        page = text(client.get(f"/intake/{batch.ref}/{path}"))
        assert number_of()[:14] not in page
        assert "1380013" not in page


def test_the_moving_part_asks_for_the_whole_page_once_nothing_moves(client, top):
    file = SimpleUploadedFile("名册.xlsx", xlsx([HEAD, *people(1)]))
    client.post("/intake/upload/", {"sheet": "villagers", "organisation": top.pk, "file": file})
    batch = Batch.objects.get()
    moving = client.get(f"/intake/{batch.ref}/progress/")
    assert "正在检查……" in text(moving)
    assert "HX-Refresh" not in moving.headers
    work()
    assert client.get(f"/intake/{batch.ref}/progress/").headers["HX-Refresh"] == "true"


def test_what_one_may_not_see_is_not_there(client, top, store):
    batch = send(client, top, people(1))
    stranger = browser(officer(org("别处", under=root())))
    for path in ("", "progress/", "problems/", "problems/workbook/", "rows/"):
        assert stranger.get(f"/intake/{batch.ref}/{path}").status_code == 404
    for path in ("orders/", "discarding/"):
        assert stranger.post(f"/intake/{batch.ref}/{path}", {"step": "apply"}).status_code == 404
    assert batch.name not in text(stranger.get("/intake/"))
    assert state(batch) == "ready"


def test_the_list_of_faults_goes_back_to_nobody_but_the_sender(client, top):
    batch = send(client, top, [with_cells("V1", 姓名="")])
    other = browser(officer(top))
    assert "有错" in text(other.get(f"/intake/{batch.ref}/"))
    assert other.get(f"/intake/{batch.ref}/problems/workbook/").status_code == 404


def test_who_may_bring_nothing_in_finds_no_form_and_no_template(top, store):
    member = browser(holder(org(under=top), Role.COMMITTEE_MEMBER))
    assert "不能导入任何一张表" in text(member.get("/intake/upload/"))
    assert member.get("/intake/sheets/villagers/template/").status_code == 404
    assert member.get("/intake/sheets/villagers/export/").status_code == 404


def test_nothing_typed_is_lost_and_the_fault_stands_beside_its_field(client, top):
    answer = client.post("/intake/upload/", {"sheet": "villagers", "organisation": top.pk})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "请选择一个文件" in page
    assert 'value="villagers"' in page


def test_the_template_is_a_file(client, top):
    assert client.get("/intake/sheets/villagers/template/").content.startswith(b"PK")


@pytest.fixture
def stored(client, top, store):
    """Two rows in the store, of two people, and what is posted to take them out."""
    send(client, top, people(2))
    client.post(f"/intake/{Batch.objects.get().ref}/orders/", {"step": "apply"})
    work()
    store.told_of = {code: member(top, code).pk for code in ("V1", "V2")}
    return {"organisation": top.pk, "kind": "csv", "purpose": "核对年度统计"}


EXPORT = "/intake/sheets/villagers/export/"


def lines(answer):
    return answer.getvalue().decode("utf-8-sig").splitlines()


def test_an_export_is_a_file_and_those_of_whom_it_tells_are_told(client, stored, store):
    assert "用途" in text(client.get(EXPORT))
    assert len(lines(client.post(EXPORT, stored))) == 3
    assert client.post(EXPORT, stored | {"kind": "xlsx"}).content.startswith(b"PK")
    looks = Look.objects.filter(kind=Look.Kind.EXPORT, purpose="核对年度统计")
    assert sorted(looks.values_list("person", flat=True)) == sorted([*store.told_of.values()] * 2)


@pytest.mark.parametrize("purpose", ["", "  ", "看看"])
def test_nobody_is_taken_out_without_a_purpose(client, stored, store, purpose):
    answer = client.post(EXPORT, stored | {"purpose": purpose})
    assert answer.status_code == 422 and "请" in answer.content.decode()
    assert store.exported == 0 and not Look.objects.exists()


def test_whoever_came_after_the_looks_were_written_is_not_in_the_file(client, stored, store):
    answer = client.post(EXPORT, stored)
    store.told_of["V2"] = 0
    assert len(lines(answer)) == 2


def test_a_list_too_long_for_a_workbook_is_refused_before_it_is_read(client, stored, store, monkeypatch):
    monkeypatch.setattr(views, "MOST_IN_A_WORKBOOK", 1)
    answer = client.post(EXPORT, stored | {"kind": "xlsx"})
    assert answer.status_code == 422 and "请选 CSV" in answer.content.decode()
    assert store.exported == 0 and not Look.objects.exists()
    assert len(lines(client.post(EXPORT, stored))) == 3


def test_a_discarded_batch_says_who_discarded_it(client, top):
    batch = send(client, top, people(1))
    client.post(f"/intake/{batch.ref}/discarding/")
    assert "底稿已删" in text(client.get(f"/intake/{batch.ref}/"))
    assert client.get(f"/intake/{batch.ref}/problems/workbook/").status_code == 302


@pytest.mark.parametrize("path", ["problems/?after=x-y", "rows/?outcome=nothing&after=z", "rows/?after=1"])
def test_an_address_that_was_tampered_with_does_no_harm(client, top, path):
    batch = send(client, top, people(1))
    assert client.get(f"/intake/{batch.ref}/{path}").status_code == 200


def test_an_unknown_step_is_no_order(client, top):
    batch = send(client, top, people(1))
    assert client.post(f"/intake/{batch.ref}/orders/", {"step": "explode"}).status_code == 404


def test_the_list_costs_the_same_however_long(client, top, store):
    def cost():
        with CaptureQueriesContext(connection) as found:
            client.get("/intake/")
        return len(found)

    send(client, top, people(1))
    client.get("/intake/")
    one = cost()
    for _ in range(3):
        made = actions.upload(top, sheet="villagers", name="x", content=[b"x"], by=BUILDER, at=timezone.now())
        assert made.orders.get().step == Step.CHECK
    assert cost() == one

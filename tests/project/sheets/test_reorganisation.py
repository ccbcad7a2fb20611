"""撤镇设街 as one file: checked whole, looked at, done at once or not at all."""

import pytest
from django.urls import reverse
from django.utils import timezone

from jiceng.engines.intake import actions, queries, tasks
from jiceng.engines.intake.models import Batch, Step
from jiceng.kernel.journal.models import Entry
from jiceng.kernel.orgs.models import Kind, Organisation
from jiceng.kernel.people.models import Membership, Person
from tests.builders import member, officer, org, root
from tests.kernel.accounts.cast import account, signed_in
from tests.project.sheets.cast import applied, checked, faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def top():
    return root()


@pytest.fixture
def by(top):
    return officer(top)


@pytest.fixture
def town(top):
    town = org("东山镇委员会", under=top, kind=Kind.COMMITTEE, code="T")
    for code in ("V1", "V2"):
        member(org(f"{code}村党支部", under=town, code=code), f"{code}甲")
    return town


def row(verb, code, target="", name="", kind="", **said):
    first = {"办什么": verb, "组织代码": code, "另一方组织代码": target, "名称": name, "组织类别": kind}
    return {**first, "生效日期": "2026-03-01", "事由": "撤镇设街", "批准文号": "粤府函〔2026〕1 号", **said}


def test_m01_a_town_becomes_a_street_by_one_file(top, town, by):
    batch = applied(
        top, "reorganisation",
        row("设立", "S", top.code, "东山街道党工委", "党工委"), row("更名", "V1", name="东山社区党支部"),
        row("并入", "V2", "V1"), row("并入", "T", "S"), by=by,
    )  # fmt: skip
    street, village = Organisation.objects.get(code="S"), Organisation.objects.get(code="V1")
    assert (village.parent, village.name) == (street, "东山社区党支部")
    assert Membership.objects.open().filter(organisation=village).count() == 2
    assert Organisation.objects.get(code="T").closed_on.isoformat() == "2026-03-01"
    assert batch.application.rows == 4
    assert Entry.objects.filter(verb="reorganisation.reorganise").count() == 1


def test_every_wrong_row_is_named_before_anything_is_done(top, town, by):
    batch = checked(
        top, "reorganisation",
        row("改隶", "V1"), row("更名", "V2"), row("并入", "没有", "T"), row("撤销", "V1", 生效日期="2026-04-01"), by=by,
    )  # fmt: skip
    assert {number for number, _, _ in faults(batch)} == {2, 3, 4, 5}
    assert (5, "生效日期", "和第 2 行的不一样。") in faults(batch)


def test_steps_are_rehearsed_in_order_and_a_row_that_cannot_be_done_is_named_by_the_check(top, town, by):
    entries = Entry.objects.filter(verb__startswith="orgs.").count()
    batch = checked(top, "reorganisation", row("更名", "V2", name="西山社区党支部"), row("撤销", "V1"), by=by)
    assert [number for number, _, _ in faults(batch)] == [3]
    assert "还有 1 名党员" in faults(batch)[0][2]
    assert Organisation.objects.get(code="V2").name == "V2村党支部"
    assert Entry.objects.filter(verb__startswith="orgs.").count() == entries


def test_the_preview_says_what_every_row_will_do_and_changes_nothing(top, town, by):
    batch = checked(
        top, "reorganisation",
        row("设立", "S", top.code, "东山街道党工委", "党工委"), row("改隶", "V1", "S"), row("并入", "V2", "V1"),
        row("并入", "T", "S"), by=by,
    )  # fmt: skip
    assert faults(batch) == []
    assert batch.checking.foreseen == {
        "0": "设立 1 个、改隶 1 个、并入 2 个组织；党员转隶 1 人次，岗位到期 0 个。",
        "2": f"在“{top.name}”之下设立“东山街道党工委”。",
        "3": "“V1村党支部”改隶“东山街道党工委”：下级 0 个组织、一共 1 名党员跟着过去，组织关系不动。",
        "4": "“V2村党支部”（1 名党员）并入“V1村党支部”。",
        "5": "“东山镇委员会”（没有党员、下级组织、岗位和联系单位）并入“东山街道党工委”。",
    }
    assert not Organisation.objects.filter(code="S").exists()
    assert Organisation.objects.get(code="V2").closed_on is None
    client = signed_in(account(Person.objects.get(pk=by.person)))
    assert "党员转隶 1 人次" in client.get(reverse("intake-batch", args=[batch.ref])).content.decode()
    shown = client.get(reverse("intake-rows", args=[batch.ref])).content.decode()
    assert "“V2村党支部”（1 名党员）并入" in shown and "会怎样" in shown


def test_what_changed_after_the_check_takes_all_rows_back_and_is_named(top, town, by):
    batch = checked(top, "reorganisation", row("更名", "V2", name="西山社区党支部"), row("撤销", "E"), by=by)
    assert [number for number, _, _ in faults(batch)] == [3]
    empty = org("空村党支部", under=town, code="E")
    batch = checked(top, "reorganisation", row("更名", "V2", name="西山社区党支部"), row("撤销", "E"), by=by)
    assert faults(batch) == []
    member(empty, "来人")
    tasks.do(actions.order(batch, step=Step.APPLY, by=by, at=timezone.now()), by=by)
    refusal = queries.refusal_of(queries.with_states(Batch.objects.all()).get(pk=batch.pk))
    assert [number for number, _ in refusal.faults] == [3]
    assert Organisation.objects.get(code="V2").name == "V2村党支部"

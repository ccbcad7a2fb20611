"""Pages of cases, through a real client and the shipped files."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiceng.engines.procedures import actions
from jiceng.engines.procedures.actions import Told
from jiceng.engines.procedures.models import Case, Entry
from jiceng.kernel.access import Role
from jiceng.kernel.people.models import Person
from tests.builders import BUILDER, NOON, holder, org
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db

DAY = "2026-03-02"


@pytest.fixture
def town():
    return org("某镇党委", kind="committee")


@pytest.fixture
def village(town):
    return org("东山村党支部", under=town)


@pytest.fixture
def secretary(village):
    return signed_in(account(Person.objects.get(pk=holder(village, Role.SECRETARY).person)))


@pytest.fixture
def officer(town):
    return signed_in(account(Person.objects.get(pk=holder(town, Role.OFFICER).person), "officer"))


def hidden(page):
    """What a browser would send back unseen."""
    found = re.findall(r'<input type="hidden" name="(token|seen)" value="([^"]*)"', page.content.decode())
    return {name: value for name, value in found if value}


def sent(client, address, **said):
    return client.post(address, {"day": DAY, **hidden(client.get(address)), **said})


def dispute(village, title="晒场纠纷"):
    told = Told(date(2026, 3, 2), {"dispute": "neighbours", "started": "asked"})
    return actions.open(village, procedure="mediation", title=title, told=told, by=BUILDER, at=NOON)


def test_a_secretary_mediates_from_the_first_word_to_the_last(village, secretary):
    opening = f"/orgs/{village.ref}/cases/opening/mediation/"
    sent(secretary, opening, title="两家争晒场", dispute="neighbours", started="asked")
    case = Case.objects.get()
    home = f"/cases/{case.ref}/"
    sent(secretary, f"{home}ending/", outcome="accepted")
    sent(secretary, f"{home}ending/", outcome="done", facts="晒场边界不清")
    sent(secretary, f"{home}ending/", outcome="agreed")
    sent(secretary, f"{home}papers/agreement/", why="村委会档案柜")
    sent(secretary, f"{home}ending/", outcome="done", terms="各晒各的半边")
    sent(secretary, f"{home}ending/", outcome="not-applied")
    sent(secretary, f"{home}ending/", outcome="kept")
    case.refresh_from_db()
    page = secretary.get(home).content.decode()
    assert (case.state, case.end) == ("ended", "settled")
    assert "调解成功并履行" in page
    assert "各晒各的半边" in page
    assert page.count("补录，晚") == Entry.objects.count() == 8


def test_what_is_missing_is_told_and_what_was_typed_stays(village, secretary):
    case = dispute(village)
    home = f"/cases/{case.ref}/ending/"
    sent(secretary, home, outcome="accepted")
    answer = sent(secretary, home, outcome="done", facts="", why="先记一笔，明天补齐")
    assert answer.status_code == 422
    assert "请填写纠纷的主要事实。" in answer.content.decode()
    assert "先记一笔，明天补齐" in answer.content.decode()
    assert Entry.objects.filter(case=case).count() == 2


def test_whoever_comes_second_is_told(village, secretary):
    case = dispute(village)
    home = f"/cases/{case.ref}/ending/"
    form = hidden(secretary.get(home))
    actions.suspend(case, told=Told(date(2026, 3, 2), reason="等当事人回来"), by=BUILDER, at=NOON)
    actions.resume(case, told=Told(date(2026, 3, 3), reason="回来了"), by=BUILDER, at=NOON)
    answer = secretary.post(home, {"day": "2026-03-03", **form, "outcome": "accepted"})
    assert "已经办过一步" in answer.content.decode()
    assert Entry.objects.filter(case=case).count() == 3


def test_a_form_sent_twice_is_written_once(village, secretary):
    case = dispute(village)
    home = f"/cases/{case.ref}/ending/"
    form = {"day": DAY, **hidden(secretary.get(home)), "outcome": "accepted"}
    assert [secretary.post(home, form).status_code for _ in range(2)] == [302, 302]
    assert Entry.objects.filter(case=case).count() == 2


def test_an_opening_sent_twice_opens_one_case(village, secretary):
    opening = f"/orgs/{village.ref}/cases/opening/mediation/"
    said = {
        "title": "争晒场",
        "dispute": "neighbours",
        "started": "asked",
        "day": DAY,
        **hidden(secretary.get(opening)),
    }
    first, second = (secretary.post(opening, said) for _ in range(2))
    assert first.url == second.url == f"/cases/{Case.objects.get().ref}/"


def test_a_case_of_another_village_does_not_exist(village, town, secretary):
    other = dispute(org("西山村党支部", under=town))
    for address in ("", "ending/", "halting/withdrawal/", "handing-over/", "entries/1/correction/"):
        assert secretary.get(f"/cases/{other.ref}/{address}").status_code == 404


def test_only_whoever_is_waited_for_finds_the_form(village, officer):
    case = dispute(village)
    assert officer.get(f"/cases/{case.ref}/").status_code == 200
    assert officer.get(f"/cases/{case.ref}/ending/").status_code == 404


def test_a_correction_shows_both(village, secretary):
    case = dispute(village)
    sent(secretary, f"/cases/{case.ref}/entries/1/correction/", dispute="land", started="asked", why="是争地")
    page = secretary.get(f"/cases/{case.ref}/").content.decode()
    assert "已由第 2 条更正。" in page
    assert page.index("更正第 1 条") < page.index("1. 立项")
    assert "山林土地" in page


def test_an_office_hands_a_case_over_and_the_page_says_who_had_it(village, town, officer):
    other = org("西山村党支部", under=town)
    case = dispute(village)
    home = f"/cases/{case.ref}/"
    assert "移交" in officer.get(home).content.decode()
    said = {"day": DAY, **hidden(officer.get(f"{home}handing-over/")), "why": "在西山村地界"}
    assert officer.post(f"{home}handing-over/", said | {"to": "没有的组织"}).status_code == 422
    assert officer.post(f"{home}handing-over/", said | {"to": other.code}).status_code == 302
    page = officer.get(home).content.decode()
    assert f"原来由“{village.name}”办" in page
    assert Case.objects.get(pk=case.pk).organisation == other


def test_the_list_is_filtered_and_exported(village, secretary, officer):
    first, second = dispute(village, "争晒场"), dispute(village, "争水")
    actions.withdraw(second, told=Told(date(2026, 3, 2), reason="和好了"), by=BUILDER, at=NOON)

    def titles(client, **asked):
        page = client.get("/cases/", asked).content.decode()
        return {one.title for one in (first, second) if one.title in page}

    assert titles(secretary) == {"争晒场", "争水"}
    assert titles(secretary, state="withdrawn") == {"争水"}
    assert titles(secretary, q="晒") == {"争晒场"}
    assert titles(secretary, mine="1") == {"争晒场"}
    assert titles(officer, mine="1") == set()
    assert titles(secretary, procedure="commendation") == set()
    sheet = secretary.get("/cases/?xlsx=1&state=withdrawn")
    assert sheet.headers["Content-Disposition"].endswith("cases.xlsx")


def test_a_list_costs_the_same_at_one_and_at_three(village, secretary):
    dispute(village)
    secretary.get("/cases/")  # an edition is read once in the life of a process
    costs = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as asked:
            secretary.get("/cases/")
        costs.append(len(asked))
        dispute(village)
    assert costs[0] == costs[2]


def test_a_procedure_draws_itself_and_says_who_may_open_it(village, secretary):
    page = secretary.get("/procedures/mediation/").content.decode()
    assert "“受理和告知”后 1 个月内" in page
    assert f"/orgs/{village.ref}/cases/opening/mediation/" in page
    weak = secretary.get("/procedures/weak-organisations/").content.decode()
    assert "上级组织的组织员、书记" in weak
    assert "/cases/opening/" not in weak


def test_an_officer_opens_a_case_of_a_branch_below(village, town, officer):
    above = f"/orgs/{village.ref}/cases/"
    assert "软弱涣散党组织整顿" in officer.get(above).content.decode()
    sent(officer, f"{above}opening/weak-organisations/", title="整顿东山村", kind_of_weakness="idle", found="不开会")
    assert Case.objects.get().organisation == village
    assert officer.get(f"/orgs/{town.ref}/cases/opening/weak-organisations/").status_code == 404


def test_a_procedure_that_is_not_in_force_is_no_page(secretary, village):
    assert secretary.get("/procedures/nothing/").status_code == 404
    assert secretary.get(f"/orgs/{village.ref}/cases/opening/nothing/").status_code == 404


def test_m23_small_powers_stand_in_a_list_of_their_own(village, secretary):
    page = secretary.get("/procedures/").content.decode()
    powers = page[page.index("小微权力清单") :]
    wanted = ("宅基地申请", "集体资产资源出租发包", "村级开支报账", "使用村委会印章", "社会救助：代交申请和公示")
    assert all(name in powers for name in wanted) and "人民调解" not in powers
    assert secretary.get(f"/orgs/{village.ref}/cases/opening/homestead/").status_code == 200

"""The pages of the workbench itself: what waits for me, the search box, and the auditors' journal."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from jiceng.engines.procedures import actions as procedures
from jiceng.kernel.access import Role
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.orgs.models import Kind
from jiceng.kernel.people.models import Person
from jiceng.kernel.posts import actions as posts
from tests.builders import BUILDER, NOON, because, holder, member, org, root
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return root()


def client_of(actor):
    return signed_in(account(Person.objects.get(pk=actor.person)))


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def a_term_ends_soon(place, by):
    ends = timezone.localdate() + timedelta(days=30)
    posts.open_term(place, since=ends - timedelta(days=1000), ends_on=ends, by=by, at=timezone.now())


def test_a_term_that_ends_soon_waits_for_the_officer_above(city):
    branch = org("一村党支部", under=city)
    a_term_ends_soon(branch, by=holder(city, Role.OFFICER))
    page = text(client_of(holder(city, Role.OFFICER)).get("/"))
    assert "准备换届" in page and "一村党支部" in page


def test_a_term_elsewhere_does_not_wait_for_me(city):
    town, other = (org(name, under=city, kind=Kind.COMMITTEE) for name in ("一镇党委", "二镇党委"))
    branch = org("一村党支部", under=other)
    a_term_ends_soon(branch, by=holder(city, Role.OFFICER))
    assert "准备换届" not in text(client_of(holder(town, Role.OFFICER)).get("/"))


def dispute(branch, title):
    told = procedures.Told(date(2026, 3, 2), {"dispute": "neighbours", "started": "asked"})
    return procedures.open(branch, procedure="mediation", title=title, told=told, by=BUILDER, at=NOON)


def test_a_case_waits_for_whoever_acts_next_and_for_nobody_else(city):
    branch = org("一村党支部", under=city)
    case = dispute(branch, "两家争晒场")
    secretary, officer = (client_of(holder(at, role)) for at, role in ((branch, Role.SECRETARY), (city, Role.OFFICER)))
    assert "两家争晒场" in text(secretary.get("/"))
    assert "两家争晒场" not in text(officer.get("/"))
    told = procedures.Told(date(2026, 3, 3), reason="当事人外出")
    procedures.suspend(case, told=told, by=BUILDER, at=NOON)
    assert "两家争晒场" not in text(secretary.get("/"))


def test_many_cases_are_one_line(city):
    branch = org("一村党支部", under=city)
    for number in range(5):
        dispute(branch, f"第{number}件纠纷")
    page = text(client_of(holder(branch, Role.SECRETARY)).get("/"))
    assert "事项：5 件" in page and "/cases/?mine=1" in page and "第0件纠纷" not in page


def test_a_member_without_a_post_gets_a_home_page_without_figures(city):
    branch = org("一村党支部", under=city)
    page = text(signed_in(account(member(branch))).get("/"))
    assert "没有等您办的事" in page and "本组织的数字" not in page


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get("/").url.startswith("/sign-in/")


def test_the_search_finds_by_initials_within_reach_only(city):
    town, other = (org(name, under=city, kind=Kind.COMMITTEE) for name in ("一镇党委", "二镇党委"))
    org("东山村党支部", under=town)
    org("东山寨党支部", under=other)
    page = text(client_of(holder(town, Role.OFFICER)).get("/search/", {"q": "dsc"}))
    assert "东山村党支部" in page
    assert "东山寨党支部" not in text(client_of(holder(town, Role.OFFICER)).get("/search/", {"q": "东山"}))


def test_one_character_is_too_short_to_search_and_says_so(city):
    assert "至少输入两个字" in text(client_of(holder(city, Role.OFFICER)).get("/search/", {"q": "东"}))


def test_an_auditor_reads_what_was_done_below_and_not_elsewhere(city):
    town, other = (org(name, under=city, kind=Kind.COMMITTEE) for name in ("一镇党委", "二镇党委"))
    orgs.rename(town, name="一街道党委", because=because(date(2026, 2, 1)), by=BUILDER, at=NOON)
    orgs.rename(other, name="二街道党委", because=because(date(2026, 2, 1)), by=BUILDER, at=NOON)
    page = text(client_of(holder(town, Role.AUDITOR)).get("/journal/", {"verb": "orgs.rename"}))
    assert page.count("orgs.rename") >= 1 and "一街道党委" in page and "二街道党委" not in page


def test_the_journal_does_not_exist_for_an_officer(city):
    assert client_of(holder(city, Role.OFFICER)).get("/journal/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_journal_costs_the_same_however_long(city, number, django_assert_num_queries):
    for n in range(number):
        org(f"第{n}党支部", under=city)
    client = client_of(holder(city, Role.AUDITOR))
    client.get("/journal/")
    with django_assert_num_queries(9):
        client.get("/journal/")

"""Pages of commendations, through a real client."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiceng.domains.honours import actions
from jiceng.domains.honours.actions import Honour, NewAward
from jiceng.domains.honours.models import Award
from jiceng.kernel.access import Role
from jiceng.kernel.people.models import Person
from tests.builders import BUILDER, NOON, holder, member, officer, org, root
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db
JULY = date(2025, 7, 1)


@pytest.fixture
def city():
    return root()


@pytest.fixture
def branch(city):
    return org("东山村党支部", under=city, code="BRANCH")


@pytest.fixture
def client(city):
    return client_of(officer(city))


def client_of(actor):
    return signed_in(account(Person.objects.get(pk=actor.person), f"u{actor.person}"))


def give(place, *people, honour="优秀共产党员", on=JULY):
    what = Honour("member", honour, "county", "东江县委", on)
    rows = [NewAward(what, person=one.pk) for one in people]
    actions.award_many(place, rows=rows, by=BUILDER, at=NOON)


SAID = {"category": "member", "honour": "优秀共产党员", "level": "county", "giver": "东江县委", "on": "2025-07-01"}


def test_a_list_is_entered_by_the_page_and_a_wrong_line_is_named(client, city, branch):
    one = member(branch, "陈水生")
    address = f"/orgs/{city.ref}/awards/recording/"
    wrong = client.post(address, {**SAID, "who": f"{one.ref}\n没有这个"}).content.decode()
    assert "第 2 行 没有这个：" in wrong and one.ref in wrong
    assert client.post(address, {**SAID, "who": f" {one.ref} \n\n"}).url == "/awards/"
    assert Award.objects.get().person == one
    said = {**SAID, "category": "organisation", "honour": "先进基层党组织", "who": "BRANCH"}
    client.post(address, said)
    assert Award.objects.get(person=None).organisation == branch
    page = client.get("/awards/").content.decode()
    assert "陈水生" in page and "先进基层党组织" in page


def test_the_register_is_filtered_searched_and_exported(client, branch):
    give(branch, member(branch, "陈水生"), honour="优秀共产党员")
    give(branch, member(branch, "林秋菊"), honour="光荣榜", on=date(2024, 7, 1))

    def names(**asked):
        return [row.person.name for row in client.get("/awards/", asked).context["rows"]]

    assert names() == ["陈水生", "林秋菊"]
    assert names(q="秋菊") == names(q="光荣") == names(year="2024") == ["林秋菊"]
    assert names(state="revoked") == names(level="national") == names(category="worker") == []
    assert client.get("/awards/", {"xlsx": "1"}).content.startswith(b"PK")


def test_the_register_is_paged_without_a_gap_or_a_double(client, branch):
    give(branch, *(member(branch, f"党员{number}") for number in range(55)))
    first = client.get("/awards/")
    second = client.get(first.context["page"].next_url)
    shown = [row.pk for page in (first, second) for row in page.context["rows"]]
    assert len(shown) == len(set(shown)) == 55


def test_the_register_costs_the_same_however_long(client, branch, django_assert_num_queries):
    give(branch, member(branch, "陈水生"))
    with CaptureQueriesContext(connection) as one:
        client.get("/awards/")
    give(branch, member(branch, "林秋菊"), member(branch, "周志远"))
    with django_assert_num_queries(len(one)):
        assert len(client.get("/awards/").context["rows"]) == 3


def test_a_title_is_revoked_by_its_page(client, branch):
    give(branch, member(branch, "陈水生"))
    award = Award.objects.get()
    assert "撤销称号" in client.get(f"/awards/{award.ref}/").content.decode()
    said = {"on": "2025-08-01", "reason": "弄虚作假", "decision": "东委〔2025〕9号"}
    assert client.post(f"/awards/{award.ref}/revoking/", said).url == f"/awards/{award.ref}/"
    page = client.get(f"/awards/{award.ref}/").content.decode()
    assert "已撤销" in page and "弄虚作假" in page
    assert client.get(f"/awards/{award.ref}/revoking/").status_code == 404


def test_members_read_their_own_titles_and_neighbours_none(city, branch):
    one = member(branch, "陈水生")
    give(branch, one)
    award = Award.objects.get()
    own, beside = signed_in(account(one, "own")), client_of(holder(org("西山村党支部", under=city), Role.SECRETARY))
    assert "陈水生" in own.get("/awards/").content.decode()
    assert own.get(f"/awards/{award.ref}/revoking/").status_code == 404
    assert "陈水生" not in beside.get("/awards/").content.decode()
    assert beside.get(f"/awards/{award.ref}/").status_code == 404

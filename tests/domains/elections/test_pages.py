"""Pages of elections, through a real client."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiceng.domains.elections.models import Election, Poll
from jiceng.kernel.access import Role
from jiceng.kernel.people.models import Person
from jiceng.kernel.posts.models import Post
from tests.builders import holder, member, officer, org, root
from tests.domains.elections.cast import polled, take, whole
from tests.engines.assembly.cast import DAY
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db
SAID = {"on": "2026-05-18", "replied_on": "2026-05-22", "document": "某委〔2026〕18号"}


def client_of(actor):
    return signed_in(account(Person.objects.get(pk=actor.person), f"u{actor.person}"))


def test_the_elected_take_office_by_the_page_and_the_votes_are_read_beside_them():
    home, (one, *_), told = whole()
    client = client_of(officer(home.parent))
    poll = polled(home, one)
    page = client.get(f"/orgs/{home.ref}/elections/").content.decode()
    assert "选举 3 名" in page and "当选的人就任" in page
    said = {**SAID, **{key: vote.pk for key, vote in told.items()}, "polls": [poll.ref]}
    address = f"/orgs/{home.ref}/elections/taking-office/"
    refused = client.post(address, {**said, "committee": ""}).content.decode()
    assert "2026-05-18" in refused and not Election.objects.exists()
    answer = client.post(address, said)
    made = Election.objects.get()
    assert answer.url == f"/elections/{made.ref}/"
    page = client.get(answer.url).content.decode()
    assert "应到 8，实到 8" in page and one.name in page and "某委〔2026〕18号" in page
    assert Post.objects.on(DAY).filter(organisation=home).count() == 4
    assert "选举 3 名" not in client.get(f"/orgs/{home.ref}/elections/").content.decode()


def test_a_poll_is_recorded_by_the_secretary_and_taken_back_by_the_office():
    home = org()
    one = member(home, "周志远")
    secretary = client_of(holder(home, Role.SECRETARY, person=one))
    said = {
        "body": "residents", "held_on": "2026-05-18", "registered": 1000, "issued": 900, "returned": 900, "spoiled": 0,
        "stood": f"{one.ref} 700\n陈 水生 150", "token": "A",
    }  # fmt: skip
    address = f"/orgs/{home.ref}/elections/poll/"
    assert "要写姓名或档案编号" in secretary.post(address, {**said, "stood": "陈水生"}).content.decode()
    assert "多于登记的" in secretary.post(address, {**said, "issued": 1001}).content.decode()
    assert secretary.post(address, said).url == f"/orgs/{home.ref}/elections/"
    poll = Poll.objects.get()
    assert [(row.person, row.name) for row in poll.contestants.order_by("number")] == [(one, ""), (None, "陈 水生")]
    assert "1 号 700" in secretary.get(f"/orgs/{home.ref}/elections/").content.decode()
    assert secretary.post(f"/polls/{poll.ref}/withdrawal/").status_code == 404
    client_of(officer(home.parent)).post(f"/polls/{poll.ref}/withdrawal/")
    assert Poll.objects.get().superseded_at is not None


def test_the_register_is_filtered_and_exported():
    home, _, told = whole()
    take(home, **told)
    client = client_of(officer(home.parent))
    assert [row.organisation for row in client.get("/elections/", {"year": "2026"}).context["rows"]] == [home]
    for asked in ({"year": "2025"}, {"timing": "late"}, {"q": "没有"}):
        assert list(client.get("/elections/", asked).context["rows"]) == []
    assert client.get("/elections/", {"xlsx": "1"}).content.startswith(b"PK")


def test_the_register_costs_the_same_however_long(django_assert_num_queries):
    city = root()
    client = client_of(officer(city))

    def one_more():
        home, _, told = whole(under=city)
        take(home, **told)

    one_more()
    with CaptureQueriesContext(connection) as one:
        client.get("/elections/")
    number = len(one)
    one_more()
    one_more()
    with django_assert_num_queries(number):
        assert len(client.get("/elections/").context["rows"]) == 3


def test_a_neighbour_reads_nothing():
    home, _, told = whole()
    made = take(home, **told)
    client = client_of(holder(org("西山村党支部", under=home.parent), Role.SECRETARY))
    for address in (f"/elections/{made.ref}/", f"/orgs/{home.ref}/elections/", f"/orgs/{home.ref}/elections/poll/"):
        assert client.get(address).status_code == 404
    assert list(client.get("/elections/").context["rows"]) == []

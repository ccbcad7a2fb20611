"""组织关系转接 from the request to the receipt: the old organisation keeps the member until somebody has them."""

from datetime import UTC, date, datetime

import pytest

from jiceng.engines.packs.reading import read_table
from jiceng.engines.procedures import actions
from jiceng.engines.procedures.actions import Told
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Role
from jiceng.kernel.people.models import Membership, Person
from jiceng.lib.refusals import Refused
from tests import builders
from tests.engines.procedures.samples import table
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
DAY, SENT, CAME = date(2026, 1, 5), date(2026, 1, 8), date(2026, 1, 20)
ASKED = {"why": "work", "going_to": "西山村党支部", "channel": "paper"}


@pytest.fixture
def county():
    return builders.org("某县委", kind="committee")


@pytest.fixture
def town(county):
    return builders.org("某镇党委", kind="committee", under=county)


@pytest.fixture
def village(town):
    return builders.org("东山村党支部", under=town)


@pytest.fixture
def goal(county):
    return builders.org("西山村党支部", under=builders.org("邻镇党委", kind="committee", under=county))


@pytest.fixture
def wang(village):
    return builders.member(village, "王小明")


@pytest.fixture
def office(county):
    return builders.holder(county, Role.OFFICER)


@pytest.fixture
def sent(village, town, wang):
    """A letter of introduction is on its way."""
    secretary, officer = builders.holder(village, Role.SECRETARY), builders.holder(town, Role.OFFICER)
    told = Told(DAY, ASKED)
    case = actions.open(village, procedure="membership-transfer", title="", told=told, about=wang, by=secretary, at=AT)
    actions.keep_paper(case, paper="request", told=Told(DAY, reason="支部"), by=secretary, at=AT)
    actions.end_step(case, outcome="done", told=Told(DAY, {"dues_until": "2026-01-31"}), by=secretary, at=AT)
    letter = {"letter_number": "（2026）第 8 号", "valid_days": 90}
    actions.end_step(case, outcome="done", told=Told(SENT, letter), by=officer, at=AT)
    return case


def home_of(person):
    return Membership.objects.open().get(person=person).organisation


def test_until_it_is_accepted_the_old_organisation_has_the_member(sent, village, goal, wang, office):
    assert home_of(wang) == village
    entry = actions.end_step(sent, outcome="done", told=Told(CAME, {"to": goal.ref}), by=office, at=AT)
    assert home_of(wang) == goal
    assert entry.effects == ["转接组织关系，自 2026年1月20日 起"]
    assert Membership.objects.known().get(person=wang, organisation=village).until == CAME
    assert Case.objects.get(pk=sent.pk).step == "receipt"


def test_an_office_that_does_not_reach_the_other_end_cannot_name_it(sent, town, village, goal, wang):
    near = builders.holder(town, Role.OFFICER, person=builders.member(town, "组织员乙"))
    with pytest.raises(Refused, match="不在您看得到的范围里"):
        actions.end_step(sent, outcome="done", told=Told(CAME, {"to": goal.ref}), by=near, at=AT)
    assert home_of(wang) == village


def test_where_no_organisation_is_named_nothing_is_transferred(sent, village, wang, office):
    with pytest.raises(Refused, match="没有填转往哪个组织"):
        actions.end_step(sent, outcome="done", told=Told(CAME), by=office, at=AT)
    assert home_of(wang) == village


def test_out_of_the_platform_the_membership_ends_as_transferred(sent, wang, office):
    actions.end_step(sent, outcome="outside", told=Told(CAME), by=office, at=AT)
    assert not Person.objects.get(pk=wang.pk).is_member
    assert Membership.objects.known().get(person=wang).end == Membership.End.TRANSFERRED


def test_a_letter_lasts_ninety_days_and_then_a_new_one_is_written(sent, goal, office):
    with pytest.raises(Refused, match="已过期限（2026-04-08）"):
        actions.end_step(sent, outcome="done", told=Told(date(2026, 4, 9), {"to": goal.ref}), by=office, at=AT)
    told = Told(date(2026, 4, 9), reason="介绍信过期")
    actions.end_step(sent, outcome="expired", told=told, by=office, at=AT)
    assert Case.objects.get(pk=sent.pk).step == "letter"


@pytest.mark.parametrize("outcome", ["refused", "expired"])
def test_nobody_is_turned_away_without_a_cause(sent, outcome, office):
    with pytest.raises(Refused, match="要写明原因"):
        actions.end_step(sent, outcome=outcome, told=Told(CAME), by=office, at=AT)


def test_a_withdrawal_undoes_no_transfer_and_says_so(sent, goal, wang, office):
    actions.end_step(sent, outcome="done", told=Told(CAME, {"to": goal.ref}), by=office, at=AT)
    stopped = actions.withdraw(sent, told=Told(CAME, reason="弄错了人"), by=office, at=AT)
    assert stopped.effects == ["第 5 条已转接组织关系，没有随之改动；要改的，请另办：再办一次组织关系转接"]
    assert home_of(wang) == goal


def test_on_the_page_an_organisation_is_named_by_its_code_and_shown_by_its_name(sent, village, goal, office):
    client = signed_in(account(Person.objects.get(pk=office.person), "office"))
    client.post(f"/orgs/{village.ref}/people/purpose/", {"purpose": "办理转接"})
    said = {"day": "2026-01-20", "token": "once", "seen": 4, "outcome": "done", "to": "不存在的组织"}
    answer = client.post(f"/cases/{sent.ref}/ending/", said)
    assert (answer.status_code, "没有这个代码或名称" in answer.content.decode()) == (422, True)
    assert client.post(f"/cases/{sent.ref}/ending/", said | {"to": goal.code}).status_code == 302
    assert "接收的组织：西山村党支部" in client.get(f"/cases/{sent.ref}/").content.decode()


def test_a_transfer_names_a_field_of_an_organisation_and_is_an_office_s_to_do():
    step = {
        "key": "move", "name": "转", "by": {"roles": ["secretary"]},
        "outcome": [{"key": "done", "label": "转", "effects": [{"do": "transfer"}]}],
    }  # fmt: skip
    found = read_table(table(about="person", opens={"roles": ["secretary"]}, field=[], end=[], step=[step]))
    assert found == [
        ("step[1].outcome[1].effects", "transfer 要写 to，是前面一个 organisation 栏的 key；别的不写 to。"),
        ("step[1].outcome[1].effects", "书记不能转接组织关系；这一级能写：没有。"),
    ]

"""Every act on the tree: filled in, looked over, done."""

from datetime import date

import pytest

from jiceng.kernel.orgs.models import Form, Kind, Organisation
from jiceng.kernel.people.models import Membership, Person
from tests.builders import member, officer, org, root
from tests.kernel.accounts.cast import account, signed_in

pytestmark = pytest.mark.django_db

WHY = {"on": "2026-04-01", "reason": "撤镇设街", "document": "东组〔2026〕1号"}


@pytest.fixture
def city():
    return root()


@pytest.fixture
def town(city):
    return org("东山镇党委", under=city, kind=Kind.COMMITTEE, code="TOWN")


@pytest.fixture
def street(city):
    return org("东山街道党工委", under=city, kind=Kind.WORKING_COMMITTEE, code="STREET")


@pytest.fixture
def client(city):
    return signed_in(account(Person.objects.get(pk=officer(city).person)))


def through(client, place, act, **said):
    """Fills the page in, reads the check page, agrees."""
    address = f"/orgs/{place.ref}/{act}/"
    assert client.get(address).status_code == 200
    checked = client.post(address, {**WHY, **said})
    assert "办之前核对一遍" in checked.content.decode()
    return client.post(address, {**WHY, **said, "step": "do"})


def test_nothing_happens_before_it_was_looked_over(client, town):
    client.post(f"/orgs/{town.ref}/renaming/", {**WHY, "name": "东山街道党工委"})
    town.refresh_from_db()
    assert town.name == "东山镇党委"


def test_going_back_keeps_what_was_typed(client, town):
    page = client.post(f"/orgs/{town.ref}/renaming/", {**WHY, "name": "新山镇党委", "step": "back"}).content.decode()
    assert "新山镇党委" in page
    assert "撤镇设街" in page
    assert "下一步，核对" in page


def test_every_act_is_done_by_its_page(client, city, town, street):
    branch = org("东山村党支部", under=town, code="V1")
    member(branch, "王一")
    assert through(client, town, "renaming", name="新山镇党委").status_code == 302
    through(client, branch, "upgrade", kind=Kind.GENERAL_BRANCH, name="东山村党总支")
    through(client, branch, "move", parent="STREET")
    through(client, town, "founding", code="NEW", name="西山村党支部", kind=Kind.BRANCH, form=Form.STANDARD)
    through(client, town, "split", code="HALF", name="北山镇党委", kind=Kind.COMMITTEE, form="standard", children="NEW")
    through(client, town, "merger", into="东山街道党工委", on="2026-05-01")
    through(client, Organisation.objects.get(code="NEW"), "dissolution", on="2026-05-01")
    branch.refresh_from_db()
    town.refresh_from_db()
    assert (branch.parent, branch.name, branch.kind) == (street, "东山村党总支", Kind.GENERAL_BRANCH)
    assert (town.name, town.closed_on, town.custodian) == ("新山镇党委", date(2026, 5, 1), street)
    assert Organisation.objects.get(code="NEW").parent.code == "HALF"
    assert Organisation.objects.get(code="NEW").closed_on == date(2026, 5, 1)


def for_a_purpose(client, place):
    client.post(f"/orgs/{place.ref}/people/purpose/", {"purpose": "拆分党支部"})


HALF = {"code": "HALF", "name": "东山第二党支部", "kind": "branch", "form": "standard"}


def test_a_split_asks_who_goes_over_and_takes_just_those(client, city, town):
    branch = org("东山村党支部", under=town, code="V1")
    people = [member(branch, f"党员{number}") for number in range(100)]
    address = f"/orgs/{branch.ref}/split/"
    assert "/people/purpose/" in client.get(address).headers["Location"]
    for_a_purpose(client, city)
    page = client.get(address).content.decode()
    assert page.count('name="members"') == 100 and "党员7（1980 年生）" in page
    going = [one.ref for one in people[:60]]
    checked = client.post(address, {**WHY, **HALF, "members": going}).content.decode()
    assert "60 名：党员0（1980 年生）、" in checked
    assert checked.count('type="hidden" name="members"') == 60
    assert client.post(address, {**WHY, **HALF, "members": going, "step": "do"}).status_code == 302
    made = Organisation.objects.get(code="HALF")
    held = Membership.objects.on(date(2026, 4, 1)).filter(person__in=people)
    homes = held.values_list("person", "organisation")
    assert dict(homes) == {one.pk: (made if one in people[:60] else branch).pk for one in people}
    assert set(held.filter(organisation=made).values_list("start", flat=True)) == {"reorganised"}


def test_who_chose_the_members_of_a_split_stands_on_their_pages(client, city, town):
    branch = org("东山村党支部", under=town, code="V1")
    one = member(branch, "王一")
    for_a_purpose(client, city)
    client.get(f"/orgs/{branch.ref}/split/")
    client.get(f"/orgs/{branch.ref}/split/")
    assert [(look.purpose, look.kind) for look in one.looks.all()] == [("拆分党支部", "list")]


def test_nobody_from_elsewhere_goes_over_with_a_split(client, city, town, street):
    branch = org("东山村党支部", under=town, code="V1")
    member(branch, "王一")
    stranger = member(street, "李二")
    for_a_purpose(client, city)
    page = client.post(f"/orgs/{branch.ref}/split/", {**WHY, **HALF, "members": [stranger.ref], "step": "do"})
    assert "“一起分出去的党员”里没有选中的某一项" in page.content.decode()
    assert not Organisation.objects.filter(code="HALF").exists()


def test_an_officer_of_the_organisation_itself_splits_it_and_those_above_move_its_members(town):
    branch = org("东山村党支部", under=town, code="V1")
    member(branch, "王一")
    own = signed_in(account(Person.objects.get(pk=officer(branch).person)))
    page = own.get(f"/orgs/{branch.ref}/split/").content.decode()
    assert "党员由上级组织办理转接" in page and "王一" not in page


def test_a_refusal_is_told_beside_the_form_and_nothing_is_lost(client, town):
    member(town, "王一")
    page = through(client, town, "dissolution").content.decode()
    assert "还有 1 名党员" in page
    assert "东组〔2026〕1号" in page


def test_members_go_to_the_destination_that_is_named(client, town, street):
    member(town, "王一")
    through(client, town, "dissolution", destination="STREET")
    assert Membership.objects.on(date(2026, 4, 1)).get(person__name="王一").organisation == street


def test_a_temporary_organisation_has_its_own_ending(client, city, town):
    team = org("抗洪临时党支部", under=city, form=Form.TEMPORARY, mission="防汛", ends_on=date(2026, 5, 31))
    assert client.get(f"/orgs/{town.ref}/ending/").status_code == 404
    through(client, team, "ending")
    team.refresh_from_db()
    assert team.closed_on == date(2026, 4, 1)


def test_an_organisation_out_of_reach_is_neither_changed_nor_named(client, town):
    elsewhere = org("别处党委", kind=Kind.COMMITTEE, code="ELSEWHERE")
    for act in ("founding", "renaming", "upgrade", "move", "merger", "split", "dissolution", "ending"):
        assert client.get(f"/orgs/{elsewhere.ref}/{act}/").status_code == 404
    page = client.post(f"/orgs/{town.ref}/merger/", {**WHY, "into": "ELSEWHERE"}).content.decode()
    assert "没有这个代码或名称的现有组织" in page


def test_a_name_that_two_bear_is_asked_by_code(client, city, town):
    for _ in range(2):
        org("同名党委", under=city, kind=Kind.COMMITTEE)
    page = client.post(f"/orgs/{town.ref}/merger/", {**WHY, "into": "同名党委"}).content.decode()
    assert "有不止一个组织叫这个名称" in page

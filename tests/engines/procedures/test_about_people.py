"""Cases about a person: who sees the name, who learns that it was looked at, and what becomes of it."""

from datetime import UTC, date, datetime

import pytest

from jiceng.engines.notices import rules as notices
from jiceng.engines.packs import queries as packs
from jiceng.engines.packs.reading import read_table
from jiceng.engines.procedures import actions, facts, rules
from jiceng.engines.procedures.actions import Told
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Actor, Role
from jiceng.kernel.people import actions as people
from jiceng.kernel.people.models import Look, Membership, Person
from jiceng.lib.refusals import NotAllowed, Refused
from jiceng.lib.text import mask_name
from tests import builders
from tests.builders import BUILDER, NOON
from tests.engines.notices.cast import published
from tests.engines.procedures.samples import procedure, table
from tests.kernel.accounts.cast import account, signed_in
from tests.kernel.people.cast import FARMER, number

pytestmark = pytest.mark.django_db

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
DAY = date(2026, 3, 2)
SECRETARY = {"roles": ["secretary"]}
TALK = procedure(
    key="talking", name="谈心谈话", about="person", opens=SECRETARY, field=[],
    step=[
        {"key": "talk", "name": "谈话", "by": SECRETARY},
        {"key": "report", "name": "报上级", "by": {"roles": ["officer"], "at": "parent"}},
    ],
    end=[],
)  # fmt: skip


@pytest.fixture(autouse=True)
def in_force(monkeypatch):
    shipped = packs.resolve

    def resolved(place=None, on=date.max):
        found = shipped(place, on)
        return packs.Pack(found.place, found.on, (*found.declared, TALK))

    monkeypatch.setattr(packs, "resolve", resolved)


@pytest.fixture
def town():
    return builders.org("某镇党委", kind="committee")


@pytest.fixture
def village(town):
    return builders.org("东山村党支部", under=town)


@pytest.fixture
def wang(village):
    return builders.member(village, "王小明")


def opened(village, about, by=BUILDER):
    return actions.open(village, procedure="talking", title="", told=Told(DAY), about=about, by=by, at=AT)


def acting(person):
    return Actor("user", person.name, person=person.pk)


def test_such_a_case_is_called_by_its_procedure_and_never_by_the_name(village, wang):
    secretary = builders.holder(village, Role.SECRETARY)
    case = opened(village, wang, secretary)
    assert (case.title, case.person) == ("谈心谈话", wang)
    assert facts.names([case.pk], secretary) == {case.pk: "谈心谈话"}


def test_it_is_about_somebody_of_that_organisation(village, town, wang):
    with pytest.raises(Refused, match="请选有关的人"):
        opened(village, None)
    with pytest.raises(Refused, match="没有这个人的档案"):
        opened(town, wang)


def test_one_case_of_a_kind_runs_about_one_person(village, wang):
    first = opened(village, wang)
    with pytest.raises(Refused, match="2026-03-02 已经立项，还没有办完"):
        opened(village, wang)
    actions.withdraw(first, told=Told(DAY, reason="立错了"), by=BUILDER, at=AT)
    assert opened(village, wang).pk != first.pk


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.SECRETARY, True), (Role.COMMITTEE_MEMBER, True), (Role.GROUP_LEADER, False),
        (Role.VILLAGE_DIRECTOR, False), (Role.COOPERATIVE_HEAD, False), (Role.FIRST_SECRETARY, False),
    ],
)  # fmt: skip
def test_at_home_those_see_it_who_see_names(village, wang, role, sees):
    assert rules.see.allows(builders.holder(village, role), opened(village, wang)) is sees


@pytest.mark.parametrize(("role", "sees"), [(Role.OFFICER, True), (Role.AUDITOR, True), (Role.SECRETARY, False)])
def test_from_above_an_office_sees_it_and_a_secretary_does_not(village, town, wang, role, sees):
    assert rules.see.allows(builders.holder(town, role), opened(village, wang)) is sees


def test_the_person_sees_their_own_case_and_no_other(village, wang):
    other = builders.member(village, "李四")
    case = opened(village, wang)
    assert rules.see.allows(acting(wang), case)
    assert not rules.see.allows(acting(other), case)
    with pytest.raises(NotAllowed):
        actions.end_step(case, outcome="done", told=Told(DAY), by=acting(wang), at=AT)


def test_posts_that_see_no_names_are_told_in_the_file():
    said = table(key="talking", about="person", field=[], end=[], opens=SECRETARY)
    said["step"] = [
        {"key": "talk", "name": "谈话", "by": {"roles": ["secretary", "group-leader"]}},
        {"key": "report", "name": "报", "by": {"roles": ["secretary"], "at": "parent"}},
    ]
    assert read_table(said) == [
        ("step[1].by", "关于个人的事，党小组组长看不到姓名，不能办；这一级能写：书记、副书记、委员。"),
        ("step[2].by", "关于个人的事，书记看不到姓名，不能办；这一级能写：组织员。"),
    ]


def test_two_records_made_one_take_their_cases_along_unless_both_run(village, wang):
    twin = builders.member(village, "王小明")
    case = opened(village, twin)
    officer = builders.officer(village)
    people.unite(wang, dropped=twin, reason="同一个人", by=officer, at=NOON)
    assert Case.objects.get(pk=case.pk).person == wang
    third = builders.member(village, "王小明")
    opened(village, third)
    with pytest.raises(Refused, match="各有一件“谈心谈话”正在办"):
        people.unite(wang, dropped=third, reason="同一个人", by=officer, at=NOON)


# Pages


def signed(actor, post="secretary"):
    return signed_in(account(Person.objects.get(pk=actor.person), post))


def test_the_branch_opens_it_from_its_people_and_reads_the_name(village, wang):
    client = signed(builders.holder(village, Role.SECRETARY))
    page = client.get(f"/orgs/{village.ref}/cases/opening/talking/").content.decode()
    assert "王小明，1980 年生，党员" in page
    assert "事项名称" not in page
    client.post(
        f"/orgs/{village.ref}/cases/opening/talking/", {"day": "2026-03-02", "token": "once", "person": wang.ref}
    )
    case = Case.objects.get(person=wang)
    assert "王小明：谈心谈话" in client.get("/cases/").content.decode()
    assert Look.objects.filter(person=wang).count() == 0
    assert "王小明：谈心谈话" in client.get(f"/cases/{case.ref}/").content.decode()
    assert Look.objects.get(person=wang).purpose == "谈心谈话：本组织日常工作"


def test_nobody_of_another_organisation_can_be_named(village, town):
    stranger = builders.member(town, "外人")
    client = signed(builders.holder(village, Role.SECRETARY))
    answer = client.post(
        f"/orgs/{village.ref}/cases/opening/talking/", {"day": "2026-03-02", "token": "once", "person": stranger.ref}
    )
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_an_office_reads_surnames_in_lists_and_says_why_it_reads_the_name(village, town, wang):
    case = opened(village, wang)
    client = signed(builders.holder(town, Role.OFFICER), "officer")
    listed = client.get("/cases/").content.decode()
    assert "王小明" not in listed
    assert f"{mask_name('王小明')}：谈心谈话" in listed
    answer = client.get(f"/cases/{case.ref}/")
    assert (answer.status_code, "purpose" in answer["Location"]) == (302, True)
    client.post(f"/orgs/{village.ref}/people/purpose/", {"purpose": "核对谈话"})
    assert "王小明" in client.get(f"/cases/{case.ref}/").content.decode()
    assert Look.objects.get(person=wang, kind="page").purpose == "谈心谈话：核对谈话"


def test_the_person_reads_their_own_case_without_leaving_a_look(village, wang):
    case = opened(village, wang)
    client = signed(acting(wang), "member")
    assert "王小明：谈心谈话" in client.get(f"/cases/{case.ref}/").content.decode()
    assert not Look.objects.filter(person=wang).exists()


# Applicants

APPLIES = date(2026, 5, 4)


def applicant(village, by, **details):
    born = details.pop("born", date(2000, 1, 1))
    new = people.Applicant(**{"name": "陈新", "sex": "1", "told": FARMER, "number": number(born), **details})
    return people.note_applicant(village, new=new, on=APPLIES, by=by, at=NOON)


def test_an_applicant_has_a_record_and_no_membership(village):
    made = applicant(village, builders.holder(village, Role.COMMITTEE_MEMBER))
    assert (made.organisation, made.is_member, made.memberships.count()) == (village, False, 0)
    assert not made.name_keys.exclude(organisation=None).exists()


def test_what_is_up_for_members_is_not_up_for_somebody_who_only_applies(village):
    made = applicant(village, builders.holder(village, Role.SECRETARY))
    up = published(village, audience="members")
    member = builders.member(village, "王党员")
    assert notices.read.allows(Actor("user", member.name, person=member.pk), up)
    assert not notices.read.allows(Actor("user", made.name, person=made.pk), up)


def test_nobody_applies_before_eighteen(village):
    secretary = builders.holder(village, Role.SECRETARY)
    with pytest.raises(Refused, match="2026-05-04 还不满十八岁"):
        applicant(village, secretary, born=date(2008, 5, 5))
    assert applicant(village, secretary, born=date(2008, 5, 4))


def test_nobody_has_two_records(village):
    secretary, same = builders.holder(village, Role.SECRETARY), number(date(2000, 1, 1))
    applicant(village, secretary, number=same)
    with pytest.raises(Refused, match="已经有档案"):
        applicant(village, secretary, number=same)


def test_an_applicant_who_moves_is_handed_over_with_the_case_and_a_member_is_transferred_first(village, town, wang):
    other, office = builders.org("西山村党支部", under=town), builders.holder(town, Role.OFFICER)
    made = applicant(village, office)
    told = Told(APPLIES, reason="换了工作")
    on = {"procedure": "talking", "title": "", "told": Told(APPLIES), "by": BUILDER, "at": AT}
    case = actions.open(village, about=made, **on)
    actions.hand_over(case, to=other, told=told, by=office, at=AT)
    made.refresh_from_db()
    assert (made.organisation, Case.objects.get(pk=case.pk).organisation) == (other, other)
    case = actions.open(village, about=wang, **{**on, "told": Told(APPLIES)})
    with pytest.raises(Refused, match="请先办理组织关系转接"):
        actions.hand_over(case, to=other, told=Told(APPLIES, reason="换了工作"), by=office, at=AT)


def test_a_secretary_does_not_take_an_applicant_elsewhere(village, town):
    made, secretary = (
        applicant(village, builders.holder(village, Role.SECRETARY)),
        builders.holder(town, Role.SECRETARY),
    )
    with pytest.raises(NotAllowed):
        people.move_applicant(made, to=town, by=secretary, at=NOON)


def test_an_applicant_becomes_a_probationary_member_on_the_day_of_the_meeting(village):
    secretary = builders.holder(village, Role.SECRETARY)
    made = applicant(village, secretary)
    people.admit_applicant(made, on=date(2026, 5, 20), by=secretary, at=NOON)
    made.refresh_from_db()
    row = Membership.objects.open().get(person=made)
    assert (made.is_member, made.joined_on) == (True, date(2026, 5, 20))
    assert (row.kind, row.start, row.since) == ("probationary", "admitted", date(2026, 5, 20))
    with pytest.raises(Refused, match="已经是党员"):
        people.admit_applicant(made, on=date(2026, 5, 21), by=secretary, at=NOON)


def test_a_committee_member_notes_but_does_not_admit(village):
    member = builders.holder(village, Role.COMMITTEE_MEMBER)
    made = applicant(village, member)
    with pytest.raises(NotAllowed):
        people.admit_applicant(made, on=date(2026, 5, 20), by=member, at=NOON)


def test_the_branch_notes_an_applicant_on_a_page(village):
    client = signed(builders.holder(village, Role.SECRETARY))
    address = f"/orgs/{village.ref}/people/application/"
    said = {
        "on": "2026-05-04", "name": "陈新", "sex": "1", "ethnicity": "01", "document": "resident-id",
        "number": number(date(2000, 1, 1)), "education": "61", "occupation": "02",
    }  # fmt: skip
    assert client.post(address, said).status_code == 302
    assert not Person.objects.get(name="陈新").is_member
    assert "已经有档案" in client.post(address, said).content.decode()

"""A small place with one of everything, and browsers that are signed in to it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from jiceng.domains.coverage import actions as covers
from jiceng.domains.elections.models import Election
from jiceng.domains.honours import actions as honours
from jiceng.domains.honours.models import Award
from jiceng.engines.assembly import actions as assembly
from jiceng.engines.assembly.declarations import Electorate
from jiceng.engines.assembly.models import Meeting
from jiceng.engines.assembly.queries import Named
from jiceng.engines.intake import actions as intake
from jiceng.engines.intake import tasks
from jiceng.engines.intake.models import Batch
from jiceng.engines.notices import actions as notices
from jiceng.engines.notices.models import Notice
from jiceng.engines.procedures import actions as procedures
from jiceng.engines.procedures.actions import Told
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Actor, Role
from jiceng.kernel.accounts.models import User
from jiceng.kernel.files import actions as files
from jiceng.kernel.files.cleaning.outside import cleaned
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people import actions as people
from jiceng.kernel.people.models import Person
from jiceng.kernel.places.models import Place
from jiceng.kernel.posts import actions as posts
from jiceng.kernel.posts.models import JointBody, Post, Term
from jiceng.kernel.residents import actions as residents
from jiceng.kernel.residents.models import Listing
from jiceng.kernel.units import actions as units
from jiceng.kernel.units.actions import NewUnit, State
from jiceng.kernel.units.models import Unit
from tests.builders import BUILDER, NOON, org, root
from tests.domains.elections import cast as elections
from tests.engines.notices.cast import drafted, objected
from tests.kernel.accounts.cast import PASSWORD, account
from tests.kernel.files.samples import docx
from tests.kernel.people.cast import member
from tests.kernel.places.builders import county
from tests.kernel.posts.cast import holder, put

SPRING = date(2026, 3, 1)
OFFICERS_WORK = "核对党员名册"


@dataclass(frozen=True)
class World:
    """What the pages are about, and who looks at them."""

    city: Organisation
    town: Organisation
    branch: Organisation
    visited: Organisation
    member: Person
    away: Person
    unit: Unit
    place: Place
    body: JointBody
    post: Post
    temporary: Organisation
    ready: Batch
    faulty: Batch
    up: Notice
    draft: Notice
    accounts: dict[str, User]
    weak: Case
    planned: Case
    monthly: Case
    accepted: Case
    ended: Case
    sitting: Meeting
    villager: Listing
    proposed: Case
    resolved: Case

    @property
    def seat(self) -> int:
        return self.body.seats.get().pk

    @property
    def pair(self) -> int:
        return self.body.paired_units.get().pk

    @property
    def award(self) -> str:
        return Award.objects.get().ref

    @property
    def election(self) -> str:
        return Election.objects.get().ref

    @property
    def objection(self) -> str:
        return self.up.raised.get().number


def build() -> World:
    """A city, its town and two branches; a unit, a joint body, a member and one who works elsewhere."""
    place = county("东江县")
    city = root("东江市委员会", place=place.parent_id)
    town = org("青石镇委员会", under=city, kind="committee")
    branch, visited = org("东山村党支部", under=town), org("西河社区党支部", under=town)
    one, away = member(branch, "陈水生"), member(branch, "林秋菊", sex="2")
    by = Actor("user", "王组织", person=holder(Role.OFFICER, city, "王组织").pk)
    secretary, auditor = holder(Role.SECRETARY, branch, "周志远"), holder(Role.AUDITOR, city, "何审计")
    guard = holder(Role.SECURITY_ADMINISTRATOR, city, "赵安全")
    people.float_away(away, where="外市务工", on=SPRING, to=visited, by=by, at=NOON)
    unit = _unit(branch, visited, by)
    title = honours.Honour("member", "优秀共产党员", "county", "东江县委", SPRING, "东委〔2026〕3号")
    honours.award_many(city, rows=[honours.NewAward(title, person=one.pk)], by=by, at=NOON)
    home, _, told = elections.whole(under=town, name="南岭村党支部")
    elections.take(home, **told, by=by)
    elections.polled(visited, one, by=by)
    user = account(Person.objects.get(pk=by.person), "officer")
    return World(
        city=city, town=town, branch=branch, visited=visited, member=one, away=away, unit=unit, place=place,
        body=_body(visited, branch, unit, one, by), post=put(one, Role.DEPUTY_SECRETARY, branch),
        temporary=org(
            "防汛突击队临时党支部", under=town, on=SPRING, form="temporary", mission="防汛", ends_on=date(2099, 1, 1)
        ),
        ready=_brought(city, "党支部", user), faulty=_brought(city, "没有这种组织", user), up=_up(branch, by),
        draft=drafted(branch, by=by, text="补助对象 陈水生 440703198001011234"),
        accounts={
            "officer": user, "secretary": account(secretary, "secretary"),
            "member": account(away, "member"), "auditor": account(auditor, "auditor"),
            "security": account(guard, "security"),
        },
        **{word: _weak(town, word) for word in STAGES}, **_deliberated(branch),
    )  # fmt: skip


WEAK = {"kind_of_weakness": "idle", "found": "一年没有开过党员大会。"}
ENDINGS = (
    ("proposed", {}), ("approved", {}),
    ("done", {"county_leader": "赵副书记", "town_leader": "钱委员", "measures": "配齐班子，按月开会。"}),
    ("done", {}), ("passed", {"asked": 60, "content": 57}), ("removed", {}), ("firm", {}),
)  # fmt: skip
STAGES = {"weak": 0, "planned": 2, "monthly": 3, "accepted": 5, "ended": 7}
"""How far each of the cases has come: so many steps are done."""


def _weak(home: Organisation, word: str) -> Case:
    """An organisation that is being put right, by the national file."""
    day = date(2024, 3, 4)
    told = Told(day, WEAK)
    case = procedures.open(
        home, procedure="weak-organisations", title=f"整顿{home.name}", told=told, by=BUILDER, at=NOON
    )
    for number, (outcome, said) in enumerate(ENDINGS[: STAGES[word]]):
        if number == 2:
            procedures.keep_paper(case, paper="file", told=Told(day, reason="镇党建办"), by=BUILDER, at=NOON)
        if number == 3:
            procedures.note_round(case, told=Told(date(2024, 4, 4), reason="开了会"), by=BUILDER, at=NOON)
            day = date(2024, 6, 4)
        if number == 5:
            for body in ("discipline", "politics-law", "petitions"):
                procedures.give_reply(case, reply=body, told=Told(day, reason="同意"), by=BUILDER, at=NOON)
        if number == 6:
            day = date(2025, 6, 5)
        procedures.end_step(case, outcome=outcome, told=Told(day, said), by=BUILDER, at=NOON)
    return Case.objects.get(pk=case.pk)


def _deliberated(branch: Organisation) -> dict[str, Any]:
    """A matter that is proposed, one whose resolution is to be made public, and a meeting of representatives."""
    told = {"matter": "works", "amount": 8_000_000, "reason": "雨天走不了。"}
    same: Any = {"procedure": "four-deliberations", "by": BUILDER, "at": NOON}
    roll = [Named(name=f"代表{place}", source="村民代表名册") for place in range(9)]
    sheet = assembly.Sheet(
        "other", "村民代表会议", "村民代表会议", SPRING, "村委会", roll, dict.fromkeys(range(9), assembly.Mark("present")),
        assembly.Written("同意修路。", "赵主持", "钱记录"), items=("修路",), electorate=Electorate.LISTED,
        motions=[assembly.Motion(1, "修路", "> 1/2 of present", choices=dict.fromkeys(range(9), "yes"))],
    )  # fmt: skip
    return {
        "proposed": procedures.open(branch, title="修村道", told=Told(SPRING, told), **same),
        "resolved": procedures.enter(
            branch,
            title="修水渠",
            step="resolution-notice",
            done={"resolution": SPRING},
            told=Told(SPRING, told),
            **same,
        ),
        "villager": _listed(branch),
        "sitting": assembly.record(branch, told=sheet, by=BUILDER, at=NOON),
    }


def _listed(branch: Organisation) -> Listing:
    """Two representatives on the village's roll."""
    names = [residents.NewListing("陈代表", "第一组", 12), residents.NewListing("林代表", "第二组", 9)]
    residents.list_many(
        branch, roll="representatives", names=names, source="各村民小组推选", since=SPRING, until=date(2099, 1, 1),
        by=BUILDER, at=NOON,
    )  # fmt: skip
    return Listing.objects.filter(organisation=branch).earliest("pk")


def _up(branch: Organisation, by: Actor) -> Notice:
    """A notice that is up today, corrected once, with somebody who disagrees."""
    today, now = timezone.localdate(), timezone.now()
    made = drafted(branch, by=by, at=now, since=today - timedelta(days=2), until=today + timedelta(days=7))
    files.keep(made, clean=cleaned(docx(), "收支附表.docx"), by=by, at=now)
    notices.publish(made, by=by, at=now)
    fix = {"title": made.title, "text": "收入 43,210.00 元。", "phone": "", "until": made.until, "reason": "漏写一个零"}
    notices.correct(made, by=by, at=now, **fix)
    objected(made, at=now, contact="村东头老陈")
    return made


def _brought(city: Organisation, kind: str, user: User) -> Batch:
    """A list of two branches, checked."""
    rows = "".join(f"N{number},新村第{number}党支部,{kind},,2026-03-01\n" for number in (1, 2))
    text = "组织代码,组织名称,组织类别,上级组织代码,成立日期\n" + rows
    content = [text.encode("utf-8-sig")]
    made = intake.upload(city, sheet="organisations", name="新设支部.csv", content=content, by=user.actor(), at=NOON)
    tasks.carry_out.func(made.orders.get().pk)
    return made


def _unit(branch: Organisation, paired: Organisation, by: Actor) -> Unit:
    rows = [NewUnit(code, f"第{code}号机械厂", "enterprise", state=State(staff=12)) for code in ("U1", "U2")]
    units.register_many(branch, rows=rows, on=date(2026, 1, 1), by=BUILDER, at=NOON)
    unit = Unit.objects.get(code="U1")
    covers.cover(unit, organisation=branch, form="single", on=SPRING, by=by, at=NOON)
    covers.pair(unit, organisation=paired, purpose="共建社区食堂", on=SPRING, by=by, at=NOON)
    return unit


def _body(home: Organisation, represented: Organisation, unit: Unit, sits: Person, by: Actor) -> JointBody:
    posts.open_term(home, since=date(2023, 9, 1), ends_on=date(2026, 9, 1), by=by, at=NOON)
    assert Term.objects.open().filter(organisation=home).exists()
    body = posts.form_body(home, name="西河社区大党委", kind="community", since=SPRING, by=by, at=NOON)
    posts.seat(body, person=sits, represented=represented, since=SPRING, by=by, at=NOON)
    posts.pair_unit(body, unit=unit, since=SPRING, by=by, at=NOON)
    return body


def sign_in(page: Any, world: World, who: str) -> None:
    """Signs in by the page, and says what names are read for where that is asked."""
    page.goto("/sign-in/")
    page.get_by_label("登录名").fill(world.accounts[who].username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(re.compile(r"//[^/]+/$"))


def state_purpose(page: Any, at: Organisation) -> None:
    page.goto(f"/orgs/{at.ref}/people/purpose/")
    page.get_by_label("用途").fill(OFFICERS_WORK)
    page.get_by_role("button", name="写明用途").click()
    page.wait_for_url(re.compile(r"/people/$"))

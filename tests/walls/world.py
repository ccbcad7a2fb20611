"""A small city with every distance that there is between two organisations, and somebody of each role to ask.

Made by verbs and plain builders. The tree is kept a second time as `parents`, from child to parent, for the judge.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from jiceng.domains.coverage import actions as coverage
from jiceng.engines.assembly.models import Meeting
from jiceng.engines.intake.models import Batch
from jiceng.engines.notices.models import Notice
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Role
from jiceng.kernel.accounts.models import Disabling, SignIn, Token, User
from jiceng.kernel.accounts.queries import digest_of
from jiceng.kernel.journal.clock import one_moment
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.orgs.models import Form, Kind, Organisation
from jiceng.kernel.people import actions as people
from jiceng.kernel.people.models import Look, Person, Purpose
from jiceng.kernel.places import actions as places_actions
from jiceng.kernel.places import editions as places
from jiceng.kernel.places.models import Place
from jiceng.kernel.posts import actions as posts
from jiceng.kernel.posts.models import JointBody, PairedUnit, Post, Seat, Term
from jiceng.kernel.residents.models import Listing
from jiceng.kernel.units import actions as units
from jiceng.kernel.units.models import Unit
from tests import builders
from tests.builders import BUILDER, LONG_AGO, because
from tests.guard import outside
from tests.walls import commended, elected, work

LOOK_ALIKES = 37
"""So many villages under one town that the later paths begin like the earlier ones, but for their width."""

SURNAMES = "赵钱孙李周吴郑王冯陈"
GIVEN = "伯仲叔季元亨利贞乾坤震巽坎离艮兑"

TEAM = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.COMMITTEE_MEMBER)
OTHERS = (
    Role.GROUP_LEADER, Role.FIRST_SECRETARY, Role.INSTRUCTOR, Role.RESERVE_CADRE, Role.VILLAGE_DIRECTOR,
    Role.COOPERATIVE_HEAD, Role.SEAT,
)  # fmt: skip
ADMINISTRATORS = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR)


@dataclass(frozen=True)
class Caller:
    """Somebody who asks: the word for a report, the person, and the posts held today as (role, organisation)."""

    word: str
    person: int | None = None
    held: tuple[tuple[str, int], ...] = ()
    user: int | None = None
    sign_in: int | None = None
    token: str = ""


@dataclass
class World:
    """The city: its organisations by name, what hangs on them, and the callers."""

    places: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    bodies: dict[str, JointBody] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    personal_cases: list[Case] = field(default_factory=list)
    meetings: list[tuple[Meeting, int | None]] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    awards: list[Any] = field(default_factory=list)
    callers: list[Caller] = field(default_factory=list)
    grounds: list[Place] = field(default_factory=list)
    parents: dict[int, int | None] = field(default_factory=dict)
    custodians: dict[int, int] = field(default_factory=dict)
    names: Iterator[str] = field(default_factory=lambda: map("".join, product(SURNAMES, GIVEN, GIVEN)))

    def org(self, name: str, under: str | None, kind: str = Kind.BRANCH, **details: Any) -> Organisation:
        """An organisation by a verb. Its name holds its number once, so that a page that shows it can be told."""
        said = f"{name}第{len(self.places) + 1}号组织"
        above = self.places[under] if under else None
        made = builders.org(said, under=above, kind=kind, **details) if above else builders.root(said, **details)
        self.places[name] = made
        self.parents[made.pk] = above.pk if above else None
        return made

    def member(self, home: str, word: str = "") -> Person:
        """A member, by a name that no other person has."""
        name = next(self.names)
        self.people[word or name] = made = builders.member(self.places[home], name)
        return made

    def post(self, who: Person, role: str, at: str, *, since: date = LONG_AGO, until: date | None = None) -> Post:
        """A post that somebody was given without the verbs that would lead there."""
        place = self.places[at]
        with outside(), one_moment():
            made = Post.objects.create(
                organisation=place, person=who, role=role, title=Role(role).label, since=since, until=until
            )
        self.posts.append(made)
        return made

    def unit(self, name: str, at: str) -> Unit:
        """A unit that an organisation looks after."""
        number = len(self.units) + 1
        new = units.NewUnit(code=f"U{number:03d}", name=f"厂字{number}号企业", kind=Unit.Kind.values[0])
        made = units.register(self.places[at], new=new, on=LONG_AGO, by=self.office(at), at=builders.NOON)
        self.units[name] = made
        return made

    def office(self, at: str) -> Any:
        """A nameless officer for building only, who has an account nowhere."""
        return builders.officer(self.places[at])

    def caller(self, word: str, who: Person, *, live: bool = True) -> Caller:
        """Somebody with an account, signed in, with a token; the posts held today are read from what was given."""
        today = timezone.localdate()
        held = tuple(
            (post.role, post.organisation_id)
            for post in self.posts
            if post.person_id == who.pk and post.since <= today and (post.until is None or post.until > today)
        )
        now = timezone.now()
        with outside(), one_moment():
            user = User.objects.create(
                person=who, username=f"u{who.pk}", password=make_password("三只喜鹊 2026"), must_change=False,
                opened_at=now,
            )  # fmt: skip
            entry = SignIn.objects.create(user=user, device="网页", is_own=True, at=now)
            token = f"jc_token_of_{who.pk}"
            Token.objects.create(user=user, name="接口", hash=digest_of(token), at=now, until=now + timedelta(days=30))
            if not live:
                Disabling.objects.create(user=user, reason="调离", by_name="安全", at=now)
            for role, organisation in held:
                if role in (Role.OFFICER, Role.AUDITOR):
                    Purpose.objects.create(
                        user=user.pk, by_name=who.name, organisation_id=organisation, text="核对年度统计", at=now,
                        until=now + timedelta(days=1),
                    )  # fmt: skip
        made = Caller(word, who.pk if live else None, held if live else (), user.pk, entry.pk, token)
        self.callers.append(made)
        return made


def build() -> World:
    """The whole city."""
    world = World()
    _tree(world)
    _grounds(world)
    _people(world)
    _hanging_on(world)
    _callers(world)
    work.batches(world)
    work.cases(world)
    work.cases_about_people(world)
    work.meetings(world)
    work.rolls(world)
    work.posted(world)
    commended.build(world)
    elected.build(world)
    _looked_at(world)
    _closed(world)
    _moved(world)
    return world


def _tree(world: World) -> None:
    world.org("市", None)
    world.org("外市", None)
    for county in ("甲县", "乙县"):
        world.org(county, "市", Kind.COMMITTEE)
    for town, county in (("甲镇", "甲县"), ("邻镇", "甲县"), ("乙镇", "乙县")):
        world.org(town, county, Kind.COMMITTEE)
    world.org("外镇", "外市", Kind.COMMITTEE)
    for number in range(LOOK_ALIKES):
        world.org(f"甲村{number}", "甲镇")
    world.org("甲总支", "甲镇", Kind.GENERAL_BRANCH)
    world.org("甲组", "甲总支")
    for village, town in (("邻村", "邻镇"), ("乙村", "乙镇"), ("外村", "外镇")):
        world.org(village, town)
    world.org("撤村", "甲镇")
    world.org("并村", "邻镇")
    world.org("突击队", "邻镇", form=Form.TEMPORARY, mission="抢险", ends_on=date(2030, 12, 31))


GROUNDS = {
    "某省": ("", "province", "99"), "某市": ("某省", "city", "9901"), "某甲县": ("某市", "county", "990101"),
    "某乙县": ("某市", "county", "990102"), "某甲镇": ("某甲县", "township", "990101001"),
    "某邻镇": ("某乙县", "township", "990102001"), "某网格": ("某甲镇", "cell", ""), "某旧网格": ("某甲镇", "cell", ""),
}  # fmt: skip
STANDING = {
    "市": "某市", "甲县": "某甲县", "乙县": "某乙县", "甲镇": "某甲镇", "邻镇": "某邻镇", "甲村36": "某甲镇",
}  # fmt: skip
"""Where organisations say that they stand. 邻镇 belongs to 甲县 and says a place of 乙县; 甲村36 says that of its town."""


def _grounds(world: World) -> None:
    made: dict[str, Place] = {}
    rows = [places.Division(f"{code:0<12}", name, level, f"{GROUNDS[above][2]:0<12}" if above else "")
            for name, (above, level, code) in GROUNDS.items() if code]  # fmt: skip
    why = places_actions.Because(LONG_AGO, "区划表")
    places_actions.load_divisions(None, rows=rows, because=why, by=BUILDER, at=builders.NOON)
    for name, (above, level, code) in GROUNDS.items():
        if code:
            made[name] = Place.objects.get(name=name)
        else:
            new = places_actions.New(name, level)
            made[name] = places_actions.add_below(made[above], new=new, because=why, by=BUILDER, at=builders.NOON)
    places_actions.close(
        made["某旧网格"], because=places_actions.Because(date(2026, 2, 1), "并网格"), by=BUILDER, at=builders.NOON
    )
    world.grounds += made.values()
    with outside(), one_moment():
        for word, name in STANDING.items():
            Organisation.objects.filter(pk=world.places[word].pk).update(place=made[name])


HOMES = (
    "市",
    "甲县",
    "乙县",
    "甲镇",
    "邻镇",
    "乙镇",
    "甲村0",
    "甲村1",
    "甲村36",
    "甲组",
    "邻村",
    "乙村",
    "外村",
    "撤村",
    "并村",
)


def _people(world: World) -> None:
    for home in HOMES:
        world.member(home, f"{home}的党员")
    for word in ("流动党员", "借用党员", "调出党员"):
        world.member("甲村0", word)


def _hanging_on(world: World) -> None:
    for home in ("甲县", "甲镇", "甲村0", "甲村1", "甲村36", "邻村", "乙村", "外村", "撤村"):
        unit = world.unit(home, home)
        by = world.office(home)
        coverage.cover(unit, organisation=world.places[home], form="single", on=LONG_AGO, by=by, at=builders.NOON)
        coverage.pair(unit, organisation=world.places[home], purpose="共建", on=LONG_AGO, by=by, at=builders.NOON)
        with outside(), one_moment():
            Term.objects.create(organisation=world.places[home], since=date(2025, 1, 1), ends_on=date(2030, 1, 1))
    for home, sitting in (("甲镇", "乙村"), ("乙镇", "乙村"), ("外镇", "外村")):
        by = world.office(home)
        body = posts.form_body(
            world.places[home], name=f"{home}大党委", kind="community", since=LONG_AGO, by=by, at=builders.NOON
        )
        world.bodies[home] = body
        with outside(), one_moment():
            who = world.people[f"{sitting}的党员"]
            Seat.objects.create(body=body, person=who, represented=world.places[sitting], since=LONG_AGO)
            PairedUnit.objects.create(body=body, unit=world.units[sitting], since=LONG_AGO)
    people.float_away(
        world.people["流动党员"], on=date(2026, 1, 1), where="", to=world.places["乙村"], by=world.office("市"),
        at=builders.NOON,
    )  # fmt: skip
    people.lend(
        world.people["借用党员"],
        to=world.places["突击队"],
        on=date(2026, 1, 1),
        by=world.office("市"),
        at=builders.NOON,
    )


def _callers(world: World) -> None:
    world.callers.append(Caller("访客"))
    for at in ("市", "甲县", "乙县", "甲镇", "邻镇", "甲村0", "甲村36", "突击队", "外镇"):
        _with_post(world, Role.OFFICER, at)
    for at in ("市", "甲县", "乙镇"):
        _with_post(world, Role.AUDITOR, at)
    for role, at in product(TEAM, ("甲县", "甲镇", "甲村0", "乙村")):
        _with_post(world, role, at)
    for at in ("甲村1", "甲村36", "甲总支", "邻村", "突击队", "外村"):
        _with_post(world, Role.SECRETARY, at)
    for role, at in product(OTHERS, ("甲镇", "甲村0")):
        _with_post(world, role, at)
    for role, at in product(ADMINISTRATORS, ("市", "甲县")):
        _with_post(world, role, at)
    for home in ("甲镇", "甲村0", "乙村", "外村"):
        world.caller(f"{home}的普通党员", world.people[f"{home}的党员"])
    for word in ("流动党员", "借用党员", "调出党员"):
        world.caller(word, world.people[word])
    _in_time(world)


def _with_post(world: World, role: Role, at: str) -> None:
    home = at if at in HOMES else "市"
    who = world.member(home, f"{at}{role.label}")
    world.post(who, role, at)
    world.caller(f"{at}{role.label}", who)


def _in_time(world: World) -> None:
    """Posts that are over, or have not begun; and an account that was disabled."""
    today = timezone.localdate()
    was = world.member("邻村", "前组织员")
    world.post(was, Role.OFFICER, "甲镇", until=today)
    world.caller("前组织员", was)
    will = world.member("邻村", "候任书记")
    world.post(will, Role.OFFICER, "乙县", since=today + timedelta(days=1))
    world.caller("候任组织员", will)
    gone = world.member("邻村", "停用者")
    world.post(gone, Role.OFFICER, "市")
    world.caller("停用的组织员", gone, live=False)


def _looked_at(world: World) -> None:
    """Everybody was looked at once, so that there is something to read about it."""
    with outside(), one_moment():
        for who in world.people.values():
            Look.objects.create(
                person=who, kind=Look.Kind.PAGE, user=0, by_name="查", from_name="", purpose="核对", at=builders.NOON
            )


def _closed(world: World) -> None:
    """One organisation closed into the custody of a sibling branch, one into its parent's."""
    for name, custodian in (("撤村", "甲村1"), ("并村", "邻镇")):
        with outside(), one_moment():
            orgs.dissolve(
                world.places[name], custodian=world.places[custodian], because=because(date(2026, 2, 1)), by=BUILDER,
                at=builders.NOON,
            )  # fmt: skip
        world.places[name].refresh_from_db()
        world.custodians[world.places[name].pk] = world.places[custodian].pk


def _moved(world: World) -> None:
    """A member who has gone away, and a branch that has: nobody of before reaches them any more."""
    people.transfer(
        world.people["调出党员"], to=world.places["乙村"], on=date(2026, 3, 1), by=world.office("市"), at=builders.NOON
    )
    orgs.reparent(
        world.places["甲村20"], parent=world.places["乙镇"], because=because(date(2026, 3, 1)), by=BUILDER,
        at=builders.NOON,
    )  # fmt: skip
    world.parents[world.places["甲村20"].pk] = world.places["乙镇"].pk
    for known in (world.places, world.people, world.units):
        for one in known.values():
            one.refresh_from_db()

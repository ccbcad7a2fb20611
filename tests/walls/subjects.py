"""The records of the city as the table names them: what stands in an address, whose it is, whom it concerns."""

from collections.abc import Iterable

from jiceng.domains.elections.models import Election, Poll
from jiceng.domains.honours.models import Award
from jiceng.engines.intake import catalogue
from jiceng.engines.notices.models import Notice, Objection
from jiceng.kernel.access import ADMINISTRATORS, Role
from jiceng.kernel.accounts.models import SignIn, Token, User
from jiceng.kernel.files.models import File
from jiceng.kernel.orgs.models import Form, Organisation
from jiceng.kernel.people.models import Person
from jiceng.kernel.places.models import Place
from jiceng.kernel.posts.models import PairedUnit, Post, Seat, Term
from jiceng.ui.views import ROOMS
from tests.walls.judge import Subject
from tests.walls.table import SHEETS
from tests.walls.world import World

BOTH = ("confirmation", "description", "call", "floating", "return", "loan", "loan-return", "leaving", "correction")
OFFICE = ("transfer", "restoration", "renumbering", "union", "purge")
INDICATORS = ("members", "organisations", "coverage-five-classes")


def of(world: World) -> dict[str, list[Subject]]:
    """Every record by its kind."""
    organisations = [_organisation(word, one) for word, one in world.places.items()]
    people = [_person(world, word, one) for word, one in world.people.items()]
    return {
        "list": [Subject("")],
        "nothing": [Subject("")],
        "room": [Subject(room, (room,)) for room in ROOMS],
        "place": [_place(world, one) for one in world.grounds],
        "organisation": organisations,
        "figure": [_with(one, key) for one in organisations for key in INDICATORS],
        "figure-of-api": [_asked(one, key) for one in organisations for key in INDICATORS],
        "person": people,
        "sealed": [_with(one, kind) for one in people for kind in ("number", "phone")],
        "act-of-both": [_with(one, act) for one in people for act in BOTH],
        "act-of-office": [_with(one, act) for one in people for act in OFFICE],
        "floating": _receptions(world),
        **_sheets(),
        "batch": [
            Subject(f"批 {one.organisation.name}", (one.ref,), home=one.organisation_id, person=one.person)
            for one in world.batches
            if one.sheet in {sheet.key for sheet in catalogue.sheets()}
        ],
        "notice": [_notice(one) for one in world.notices],
        **_public(world), **_files(world),
        "objection": [
            Subject(f"异议 {one.notice.organisation.name}", (one.number,), home=one.notice.organisation_id)
            for one in Objection.objects.select_related("notice__organisation")
        ],
        "award": [_award(one) for one in world.awards],
        "election": [_held(one) for one in Election.objects.select_related("organisation")],
        "poll": [_held(one) for one in Poll.objects.select_related("organisation")],
        **_cases(world, organisations), **_units(world), **_posts(world), **_accounts(), **_bodies(world),
    }  # fmt: skip


ANSWERING = {
    "某省": "", "某市": "市", "某甲县": "市 甲县", "某乙县": "市 乙县", "某甲镇": "市 甲县 甲镇", "某邻镇": "市 乙县",
    "某网格": "市 甲县 甲镇", "某旧网格": "市 甲县 甲镇",
}  # fmt: skip
"""Who answers for each place, from the top down. 邻镇 says that it stands where it does not belong, and 甲村36 that it
stands where its own parent does: neither answers for anything."""

OWN = {"市": "某市", "甲县": "某甲县", "乙县": "某乙县", "甲镇": "某甲镇"}


def _place(world: World, one: Place) -> Subject:
    told = ANSWERING[one.name].split()
    return Subject(
        one.name, (one.ref,), around=tuple(world.places[word].pk for word in told),
        over=tuple(world.places[word].pk for word in told if OWN[word] != one.name),
        traits=frozenset({"living"} if one.until is None else ()),
    )  # fmt: skip


def _notice(one: Notice) -> Subject:
    """Its own members see what is up, and nothing else."""
    home = one.organisation_id
    is_up = one.publications.exists() and not hasattr(one, "withdrawal")
    word = f"{one.title} {one.audience} {one.organisation.name}"
    return Subject(word, (one.ref,), home=home, members_home=home if is_up else None)


def _award(one: Award) -> Subject:
    return Subject(f"{one.honour} {one.ref}", (one.ref,), home=one.organisation_id, person=one.person_id)


def _held(one: Election | Poll) -> Subject:
    return Subject(f"{type(one).__name__} {one.organisation.name}", (one.ref,), home=one.organisation_id)


def _public(world: World) -> dict[str, list[Subject]]:
    """What anybody may read, told by what the city was given; all else is not there for anybody."""
    was_up = [one for one in world.notices if one.audience == "public" and one.title != "草稿一件"]
    others = [one for one in world.notices if one not in was_up]
    homes = {one.organisation_id for one in was_up if one.title == "公示一件"}
    boards = [one for one in world.places.values() if one.pk in homes]
    hidden = [one for one in world.places.values() if one.pk not in homes]
    return {
        "public-notice": [Subject(_notice(one).word, (one.ref,)) for one in was_up],
        "hidden-notice": [Subject(_notice(one).word, (one.ref,)) for one in others],
        "board": [Subject(one.name, (one.ref,)) for one in boards],
        "kind-board": [Subject(one.name, (one.ref, "finance")) for one in boards],
        "hidden-board": [Subject(one.name, (one.ref,)) for one in hidden],
    }


def _files(world: World) -> dict[str, list[Subject]]:
    """A file of each notice: by the notice's own words, under a notice, and under a public one."""
    files = {one.record: one for one in File.objects.all()}
    found = [(_notice(one), files[one.pk], one) for one in world.notices]
    alone = [Subject(**{**vars(told), "args": (file.ref,)}) for told, file, _ in found]
    under = [Subject(**{**vars(told), "args": (*told.args, file.ref)}) for told, file, _ in found]
    public, hidden = list[Subject](), list[Subject]()
    for told, file, one in found:
        was_up = one.audience == "public" and one.title != "草稿一件"
        (public if was_up else hidden).append(Subject(told.word, (one.ref, file.ref, file.name)))
    return {"file": alone, "notice-file": under, "public-file": public, "hidden-file": hidden}


def _sheets() -> dict[str, list[Subject]]:
    kinds: dict[str, list[Subject]] = {kind: [] for told in SHEETS.values() for kind in told}
    for sheet in catalogue.sheets():
        for kind in SHEETS.get(sheet.key, ()):
            kinds[kind].append(Subject(sheet.key, (sheet.key,)))
    return kinds


def _organisation(word: str, one: Organisation) -> Subject:
    traits = {"living"} if one.closed_on is None else set[str]()
    if one.form == Form.TEMPORARY and one.closed_on is None:
        traits.add("temporary")
    if Term.objects.open().filter(organisation=one).exists():
        traits.add("term")
    return Subject(word, (one.ref,), home=one.pk, members_home=one.pk, traits=frozenset(traits))


def _with(one: Subject, word: str) -> Subject:
    return Subject(**{**vars(one), "word": f"{one.word} {word}", "args": (*one.args, word)})


def _asked(one: Subject, key: str) -> Subject:
    return Subject(**{**vars(one), "word": f"{one.word} {key}", "args": (key,), "query": f"organisation={one.args[0]}"})


def received_by(world: World, person: Person) -> tuple[int, ...]:
    """Where the person is without being a member there."""
    known = {world.people["流动党员"].pk: "乙村", world.people["借用党员"].pk: "突击队"}
    return (world.places[known[person.pk]].pk,) if person.pk in known else ()


def _person(world: World, word: str, one: Person) -> Subject:
    return Subject(word, (one.ref,), home=one.organisation_id, person=one.pk, received_by=received_by(world, one))


def _receptions(world: World) -> list[Subject]:
    there = ("乙村", "流动党员")
    return [
        Subject(
            f"{home} {word}", (world.places[home].ref, world.people[word].ref), home=world.places[home].pk,
            traits=frozenset({"there"} if (home, word) == there else ()),
        )
        for home in ("乙村", "甲村0", "突击队", "外村")
        for word in ("流动党员", "借用党员", "甲村0的党员")
    ]  # fmt: skip


def _cases(world: World, organisations: list[Subject]) -> dict[str, list[Subject]]:
    plain = [Subject(f"事 {one.organisation.name}", (one.ref,), home=one.organisation_id) for one in world.cases]
    meetings = [
        Subject(f"会 {one.organisation.name}", (one.ref,), home=one.organisation_id, person=person)
        for one, person in world.meetings
    ]
    return {
        "procedure": [Subject("人民调解", ("mediation",))],
        "case": plain,
        "case-of-person": [
            Subject(f"人的事 {one.ref}", (one.ref,), home=one.organisation_id, person=one.person_id)
            for one in world.personal_cases
        ],
        "case-with-reply": [_with(one, "nobody") for one in plain],
        "case-with-paper": [_with(one, "nothing") for one in plain],
        "case-with-document": [_with(_with(one, "nothing"), "docx") for one in plain],
        "case-with-ledger": [_with(one, "docx") for one in plain],
        "case-to-halt": [_with(one, "suspension") for one in plain],
        "case-with-entry": [_with(one, 1) for one in plain],
        "organisation-to-meet": [_with(one, "lecture") for one in organisations],
        "listing": [
            Subject(f"名册 {one.organisation.name}", (one.ref,), home=one.organisation_id) for one in world.listings
        ],
        "meeting": meetings,
        "meeting-with-minutes": [_with(_with(one, "minutes"), "docx") for one in meetings],
        "meeting-with-names": [_with(_with(one, "signing"), "docx") for one in meetings],
        "organisation-with-procedure": [_with(one, "mediation") for one in organisations],
    }


def _units(world: World) -> dict[str, list[Subject]]:
    places = {one.pk: one for one in world.places.values()}
    plain = [Subject(word, (one.ref,), home=one.organisation_id) for word, one in world.units.items()]
    paired = [
        Subject(word, (one.ref, places[one.organisation_id].ref), home=one.organisation_id)
        for word, one in world.units.items()
    ]
    return {"unit": plain, "unit-with-organisation": paired}


def _posts(world: World) -> dict[str, list[Subject]]:
    by_security = {*ADMINISTRATORS, Role.AUDITOR}

    def told(posts: Iterable[Post]) -> list[Subject]:
        return [
            Subject(f"{one.get_role_display()} {one.person.name}", (one.ref,), home=one.organisation_id,
                    person=one.person_id,
                    traits=frozenset({"administrative"} if one.role in by_security else ()))
            for one in posts
        ]  # fmt: skip

    return {
        "post": told(world.posts),
        "ordinary-post": told(one for one in world.posts if one.role not in by_security),
        "administrator-post": told(one for one in world.posts if one.role in by_security),
    }


def _accounts() -> dict[str, list[Subject]]:
    users = User.objects.select_related("person")
    entries = SignIn.objects.select_related("user__person")
    tokens = Token.objects.select_related("user__person")
    return {
        "account": [_owned(one.person, one.ref) for one in users],
        "session": [_owned(one.user.person, one.ref) for one in entries],
        "token": [_owned(one.user.person, one.ref) for one in tokens],
        "account-session": [_owned(one.user.person, one.user.ref, one.ref) for one in entries],
    }


def _owned(person: Person, *args: str) -> Subject:
    return Subject(person.name, args, home=person.organisation_id, person=person.pk)


def _bodies(world: World) -> dict[str, list[Subject]]:
    bodies, seats, pairs = [], [], []
    for word, one in world.bodies.items():
        sitting = list(Seat.objects.filter(body=one))
        body = Subject(
            word, (one.ref,), home=one.organisation_id, represented=tuple(row.represented_id for row in sitting),
            seated=tuple(row.person_id for row in sitting),
        )  # fmt: skip
        bodies.append(body)
        seats += [Subject(**{**vars(body), "args": (one.ref, row.pk)}) for row in sitting]
        paired = PairedUnit.objects.filter(body=one)
        pairs += [Subject(**{**vars(body), "args": (one.ref, row.pk)}) for row in paired]
    return {"body": bodies, "seat": seats, "body-pair": pairs}

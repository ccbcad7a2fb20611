"""A batch taken back whole: the store as it was before, or a list of the rows on which something was done since."""

from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone

from jiceng.engines.intake import catalogue
from jiceng.kernel.journal.models import Entry
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.orgs.models import Change, Kind, NameKey, Organisation, Standing
from jiceng.kernel.people.models import Person
from jiceng.kernel.places import actions as places
from jiceng.kernel.places.models import Naming, Place
from jiceng.kernel.posts.models import Post
from jiceng.kernel.units import actions as units
from jiceng.kernel.units.models import Unit, UnitState
from jiceng.lib.sheets import xlsx
from tests.builders import BUILDER, because, member, officer, org, root
from tests.kernel.people.cast import number
from tests.project.sheets import (
    test_awards,
    test_organisations,
    test_places,
    test_reorganisation,
    test_terms,
    test_units,
)
from tests.project.sheets.cast import applied, refused, undone

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


@pytest.fixture
def town():
    return org("东山镇委员会", kind=Kind.COMMITTEE, code="T")


@pytest.fixture
def by(town):
    return officer(town)


def said(by):
    return {"by": by, "at": timezone.now()}


def tree():
    """Everything believed of organisations, numbers left out."""
    return (
        sorted(Organisation.objects.values_list("code", "name", "phone", "place", "path", "closed_on")),
        sorted(Standing.objects.known().values_list("organisation__code", "since", "name", "path", "change__kind")),
        sorted(Standing.objects.known().filter(until=None).values_list("organisation__code")),
        sorted(NameKey.objects.values_list("organisation__code", "key")),
    )


class TestOrganisations:
    @pytest.fixture
    def east(self, town):
        return org("东村党支部", under=town, code="B")

    @pytest.fixture
    def batch(self, town, by, east):
        """Two new ones, one under the other, and one renamed from last year on, with another telephone."""
        row = test_organisations.row
        changed = row("B", "东兴村党支部", 更名日期="2025-05-01", 办公电话="0750-3212345")
        self.before = tree()
        new = row("N", 上级组织代码="G"), row("G", "新村党总支", "党总支")
        return applied(town, "organisations", changed, *new, by=by)

    def test_it_is_as_it_was(self, town, by, batch):
        assert tree() != self.before
        assert undone(batch, by).undoing.rows == 3
        assert tree() == self.before
        assert not Change.objects.filter(organisation__code__in="NG").exists()
        (entry,) = Entry.objects.filter(verb="orgs.undo_many")
        assert (entry.rows, entry.organisation) == (3, town.pk)

    def test_the_history_says_that_the_name_was_taken_back(self, by, batch, east):
        undone(batch, by)
        change = Change.objects.filter(organisation=east).latest("pk")
        assert (change.kind, change.told) == ("correction", "东兴村党支部 → 东村党支部")

    def test_the_same_file_can_come_again(self, town, by, batch):
        undone(batch, by)
        applied(town, "organisations", test_organisations.row("N"), by=by)
        assert Organisation.objects.get(code="N").parent == town

    @pytest.mark.parametrize(
        ("happened", "row", "told"),
        [
            (lambda by: member(found("N")), 3, "党籍"),
            (lambda by: found_below("G", by), 4, "组织"),
            (lambda by: orgs.describe(found("N"), phone="0750-1", place=None, **said(by)), 3, "变动过"),
            (lambda by: orgs.describe(found("B"), phone="0750-1", place=None, **said(by)), 2, "变动过"),
            (lambda by: orgs.rename(found("B"), name="又一名", because=because(TODAY), **said(by)), 2, "变动过"),
            (lambda by: orgs.correct(found("G"), name="改正的名", reason="写错", **said(by)), 4, "变动过"),
        ],
    )
    def test_what_was_done_since_is_listed_by_its_row_and_nothing_is_changed(
        self, town, by, batch, happened, row, told
    ):
        happened(by)
        now = tree()
        rows, sentences = refused(batch, by)
        assert row in rows and told in sentences
        assert tree() == now


def found(code):
    return Organisation.objects.get(code=code)


def found_below(code, by):
    new = orgs.New(code="X", name="再下级党支部", kind=Kind.BRANCH)
    orgs.found(found(code), new=new, because=because(timezone.localdate()), **said(by))


def register():
    """Everything believed of units, numbers left out."""
    state = ("unit__code", "since", "until", "organisation__code", "grade", "staff", "premises", "activity", "batch")
    return (
        sorted(Unit.objects.values_list("code", "name", "organisation__code")),
        sorted(UnitState.objects.known().values_list(*state), key=str),
    )


class TestUnits:
    @pytest.fixture
    def batch(self, town, by):
        """One new unit, one described otherwise from last year on, one on the very day from which it is known."""
        row = test_units.row
        there = row("U1", 起算日期="2020-01-01"), row("U2", 起算日期="2020-01-01")
        applied(town, "units", *there, by=by)
        self.before = register()
        changed = row("U1", 职工人数="30", 起算日期="2025-01-01"), row("U2", 职工人数="40", 起算日期="2020-01-01")
        return applied(town, "units", row("U9"), *changed, by=by)

    def test_it_is_as_it_was(self, by, batch):
        assert register() != self.before
        assert undone(batch, by).undoing.rows == 3
        assert register() == self.before
        assert Entry.objects.filter(verb="units.undo_many").count() == 1

    @pytest.mark.parametrize(
        ("happened", "row", "told"),
        [
            (lambda by: member(found("T"), unit=unit("U9")), 2, "党员情况"),
            (lambda by: units.correct(unit("U9"), name="改正的名", **said(by)), 2, "更正过"),
            (lambda by: describe("U1", by), 3, "变动过"),
            (lambda by: describe("U9", by), 2, "变动过"),
            (lambda by: units.close(unit("U2"), on=TODAY, **said(by)), 4, "变动过"),
        ],
    )
    def test_what_was_done_since_is_listed_by_its_row_and_nothing_is_changed(self, by, batch, happened, row, told):
        happened(by)
        now = register()
        rows, sentences = refused(batch, by)
        assert rows == {row} and told in sentences
        assert register() == now


def unit(code):
    return Unit.objects.get(code=code)


def describe(code, by):
    units.describe(unit(code), state=units.State(staff=99), on=timezone.localdate(), **said(by))


def gazetteer():
    """Everything believed of places, numbers left out."""
    return (
        sorted(Place.objects.values_list("code", "name", "level", "path")),
        sorted(Naming.objects.known().values_list("code", "name", "since", "path")),
        Naming.objects.open().count(),
    )


class TestPlaces:
    @pytest.fixture
    def batch(self):
        """A county called otherwise, and one that is new."""
        top = root()
        applied(top, "places", *test_places.CITY, by=BUILDER)
        self.before = gazetteer()
        row = test_places.row
        rows = (
            row("440703000000", "新蓬江区", "县级", "440700000000"), row("440704000000", "江海区", "县级", "440700000000"),
        )  # fmt: skip
        return applied(top, "places", *rows, by=BUILDER)

    def test_it_is_as_it_was(self, batch):
        assert gazetteer() != self.before
        assert undone(batch, BUILDER).undoing.rows == 2
        assert gazetteer() == self.before
        assert Entry.objects.filter(verb="places.undo_load").count() == 1

    def test_a_load_that_only_added_leaves_nothing(self):
        batch = applied(root(), "places", *test_places.CITY, by=BUILDER)
        undone(batch, BUILDER)
        assert not Place.objects.exists() and not Naming.objects.exists()

    @pytest.mark.parametrize(
        ("happened", "row", "told"),
        [
            (lambda: org("江海区委", place=place("440704000000").pk), 3, "组织"),
            (lambda: again("440704000000"), 3, "变动过"),
            (lambda: again("440703000000"), 2, "变动过"),
            (lambda: below("440704000000"), 3, "地方"),
        ],
    )
    def test_what_was_done_since_is_listed_by_its_row_and_nothing_is_changed(self, batch, happened, row, told):
        happened()
        now = gazetteer()
        rows, sentences = refused(batch, BUILDER)
        assert rows == {row} and told in sentences
        assert gazetteer() == now


def place(code):
    return Place.objects.get(code=code)


def why():
    return places.Because(on=timezone.localdate(), reason="区划调整")


def again(code):
    places.rename(place(code), name="又一名", because=why(), **said(BUILDER))


def below(code):
    new = places.New("白沙街道", "township", "440704001000")
    places.add_below(place(code), new=new, because=why(), **said(BUILDER))


def test_every_sheet_can_be_taken_back_whole():
    """But for a reorganisation: what followed a day on which everything moved cannot be told apart from it."""
    assert [sheet.key for sheet in catalogue.sheets() if not sheet.undo] == ["reorganisation"]


def test_an_operator_brings_in_every_sheet(tmp_path):
    def bring(key, row):
        path = tmp_path / f"{key}.xlsx"
        path.write_bytes(xlsx(catalogue.sheet(key).name, list(row), [list(row.values())]))
        call_command("intake", "bring", key, str(path), "--organisation", top.code, "--apply")

    top = root()
    bring("places", test_places.row("440000000000", "广东省", "省级"))
    bring("organisations", test_organisations.row("B", 成立日期="2019-07-01"))
    bring("units", test_units.row("U1"))
    bring("members", {
        "组织代码": "B", "姓名": "王建国", "性别": "男", "民族": "汉", "证件号码": number(), "入党日期": "1998年7月",
        "党员类别": "正式党员", "起算日期": "2026-01-01", "学历": "普通高中毕业", "职业": "农牧渔民",
    })  # fmt: skip
    person = Person.objects.get(name="王建国")
    bring("posts", {
        "组织代码": "B", "任职人档案编号": person.ref, "任职人姓名": "王建国", "职能": "书记", "上任日期": "2026-02-01",
    })  # fmt: skip
    assert Post.objects.open().get().organisation.code == "B"
    bring("terms", test_terms.row("B"))
    bring("awards", test_awards.row(person.ref, 授予日期="2026-03-01"))
    bring("reorganisation", test_reorganisation.row("更名", "B", name="东兴社区党支部"))
    assert Organisation.objects.get(code="B").name == "东兴社区党支部"
    brought = {"places", "organisations", "units", "members", "posts", "terms", "awards", "reorganisation"}
    assert {sheet.key for sheet in catalogue.sheets()} == brought

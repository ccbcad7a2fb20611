"""What posts offer for counting: who serves, how teams are made up, whose terms end, who sits in joint bodies."""

from collections.abc import Collection
from typing import Any

from django.db.models import Case, CharField, DateField, DateTimeField, F, FilteredRelation, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest, Least

from jiceng.kernel.access import Actor, Role
from jiceng.kernel.orgs import facts as orgs
from jiceng.kernel.orgs.models import Kind
from jiceng.kernel.people.declarations import EDUCATION, SEX
from jiceng.kernel.places.models import Level
from jiceng.kernel.units.models import Unit
from jiceng.lib.facts import Column, Fact

from . import rules
from .models import Formation, JointBody, PairedUnit, Post, Seat, Term

type Rows = QuerySet[Any, Any]


def titles(records: Collection[int], actor: Actor) -> dict[int, str]:
    """Posts by who holds them as what."""
    seen = rules.see.among(Post.objects.filter(pk__in=records), actor).select_related("person")
    return {post.pk: f"{post.person.name}，{post.title}" for post in seen}


def body_names(records: Collection[int], actor: Actor) -> dict[int, str]:
    """Joint bodies by their names."""
    seen = rules.see_body.among(JointBody.objects.filter(pk__in=records), actor)
    return dict(seen.values_list("pk", "name"))


_OF_POST: dict[str, Any] = {
    "record": F("pk"), "sex": F("person__sex"), "birth_on": F("person__birth_on"),
    "appointed_on": F("since"), "left_on": F("until"),
}  # fmt: skip

_POST_COLUMNS = (
    Column("role", "职能", "code", tuple(Role.choices)),
    Column("source", "来路", "code", tuple(Post.Source.choices)),
    Column("leaving", "离任原因", "code", tuple(Post.Leaving.choices)),
    Column("sex", "性别", "code", SEX.rows),
    Column("birth_on", "出生日期", "date"),
    Column("appointed_on", "上任日期", "date"),
    Column("left_on", "离任日期", "date"),
    Column("person", "任职人", "integer"),
)


def _posts() -> Rows:
    told = Post.objects.values(
        "organisation", "since", "until", "recorded_at", "superseded_at", "role", "source", "leaving", "person"
    )
    return told.annotate(**_OF_POST)


posts = Fact(
    key="posts",
    name="任职",
    grain="一个人在一个组织担任一种职务的一段日期；同一天一个人可以有几个职务，数人要去重",
    rows=_posts,
    columns=_POST_COLUMNS,
    distinct="person",
    opens="post",
    called=titles,
)

_TOLD = "person__particulars__"


def _teams() -> Rows:
    """Posts cut where the education of the holder changed; whoever has no particulars is counted without one."""
    since, recorded_at = Coalesce(f"{_TOLD}since", "since"), Coalesce(f"{_TOLD}recorded_at", "recorded_at")
    together = _meet("", _TOLD, since, recorded_at)
    told = Post.objects.filter(together).values("organisation", "role", "source", "leaving", "person")
    told = told.annotate(**_OF_POST, education=F(f"{_TOLD}education"))
    return told.annotate(**_cut(["", _TOLD], since, recorded_at))


teams = Fact(
    key="teams",
    name="班子成员",
    grain="一个人担任一种职务、学历不变的一段日期；学历没有登记的日期不在其内",
    rows=_teams,
    columns=(*_POST_COLUMNS, Column("education", "学历", "code", EDUCATION.rows)),
    distinct="person",
    opens="post",
    called=titles,
)

HOLDING = (("secretary", "书记"), ("director", "书记、主任一肩挑"), ("three", "三个一肩挑"))


def _secretaries() -> Rows:
    """Each secretary; again for the days as village director, too; and again for those as head of the cooperative."""
    alone = Post.objects.filter(role=Role.SECRETARY)
    director = _also(alone, "director", Role.VILLAGE_DIRECTOR)
    both = _also(director, "head", Role.COOPERATIVE_HEAD)
    # One filter for all joins: each further filter would join afresh, and speak of other rows.
    two_at_once = director.filter(_same_place("director__"))
    three_at_once = both.filter(_same_place("director__") & _same_place("head__") & _meet("director__", "head__"))
    return _ordered(_held(alone, "secretary")).union(
        _ordered(_held(two_at_once, "director").annotate(**_cut(["", "director__"]))),
        _ordered(_held(three_at_once, "three").annotate(**_cut(["", "director__", "head__"]))),
        all=True,
    )


def _also(rows: QuerySet[Post], name: str, role: Role) -> QuerySet[Post]:
    """The same person's post of that function, joined under a name."""
    found: QuerySet[Post] = rows.annotate(
        **{name: FilteredRelation("person__posts", condition=Q(person__posts__role=role))}
    )
    return found


def _same_place(joined: str) -> Q:
    """The joined post is at the same organisation, at the same time, and was believed at the same time."""
    return _meet("", joined) & Q((f"{joined}organisation", F("organisation")))


def _held(rows: QuerySet[Post], holding: str) -> Rows:
    told: Rows = rows.values("organisation", "source", "person").annotate(
        record=F("pk"), sex=F("person__sex"), birth_on=F("person__birth_on"),
        holding=Value(holding, output_field=CharField()), place_level=F("organisation__place__level"),
    )  # fmt: skip
    return told


_SECRETARY = (
    "record", "organisation", "since", "until", "recorded_at", "superseded_at", "holding", "source", "sex", "birth_on",
    "person", "place_level",
)  # fmt: skip


def _ordered(rows: Rows) -> Rows:
    """The parts of a union say their columns in one order."""
    return rows.values(*_SECRETARY)


secretaries = Fact(
    key="secretaries",
    name="书记",
    grain="一名书记任职一行，兼任村主任的日期再一行，三职兼任的日期又一行；按人去重再数",
    rows=_secretaries,
    columns=(
        Column("holding", "兼职", "code", HOLDING),
        Column("place_level", "所在地层级", "code", tuple(Level.choices)),
        Column("source", "来路", "code", tuple(Post.Source.choices)),
        Column("sex", "性别", "code", SEX.rows),
        Column("birth_on", "出生日期", "date"),
        Column("person", "任职人", "integer"),
    ),
    distinct="person",
    opens="post",
    called=titles,
)


def _meet(one: str, other: str, since: Any = None, recorded_at: Any = None) -> Q:
    """Whether two rows held on a common day, and were believed at a common moment."""
    return (
        _ends_after(f"{one}until", since or F(f"{other}since"))
        & _ends_after(f"{other}until", F(f"{one}since"))
        & _ends_after(f"{one}superseded_at", recorded_at or F(f"{other}recorded_at"))
        & _ends_after(f"{other}superseded_at", F(f"{one}recorded_at"))
    )


def _ends_after(end: str, begin: Any) -> Q:
    return Q((f"{end}__isnull", True)) | Q((f"{end}__gt", begin))


def _cut(paths: list[str], *begins: Any) -> dict[str, Any]:
    """The days and moments common to all rows: the latest begin and the earliest end."""
    since, recorded_at = begins or (None, None)
    return {
        "since": Greatest("since", since) if since else Greatest(*(f"{path}since" for path in paths)),
        "until": _earliest([f"{path}until" for path in paths], DateField()),
        "recorded_at": (
            Greatest("recorded_at", recorded_at) if recorded_at else Greatest(*(f"{path}recorded_at" for path in paths))
        ),
        "superseded_at": _earliest([f"{path}superseded_at" for path in paths], DateTimeField()),
    }


def _earliest(ends: list[str], field: Any) -> Any:
    """The earliest of several ends, where no end is later than any: SQLite and PostgreSQL differ on NULL."""
    found: Any = F(ends[0])
    for end in ends[1:]:
        found = Case(
            When(Q((f"{end}__isnull", True)), then=found),
            default=Least(Coalesce(found, F(end)), F(end)),
            output_field=field,
        )
    return found


def _terms() -> Rows:
    told = Term.objects.values("organisation", "since", "until", "recorded_at", "superseded_at", "ends_on", "number")
    return told.annotate(record=F("organisation"), kind=F("organisation__kind"))


terms = Fact(
    key="terms",
    name="届期",
    grain="一个组织的一届；同一天一个组织只有一届",
    rows=_terms,
    columns=(
        Column("ends_on", "届满日期", "date"),
        Column("number", "第几届", "integer"),
        Column("kind", "组织类别", "code", tuple(Kind.choices)),
    ),
    opens="organisation-posts",
    called=orgs.names,
)


def _bodies() -> Rows:
    told = Formation.objects.values("since", "until", "recorded_at", "superseded_at")
    return told.annotate(record=F("body"), organisation=F("body__organisation"), kind=F("body__kind"))


_KIND = Column("kind", "种类", "code", tuple(JointBody.Kind.choices))

joint_bodies = Fact(
    key="joint-bodies",
    name="联合议事机构",
    grain="一个联合议事机构存在的一段日期",
    rows=_bodies,
    columns=(_KIND,),
    opens="joint-body",
    called=body_names,
)


def _seats() -> Rows:
    told = Seat.objects.values(
        "since", "until", "recorded_at", "superseded_at", "capacity", "body", "person", "represented"
    )
    return told.annotate(record=F("body"), organisation=F("body__organisation"), kind=F("body__kind"))


seats = Fact(
    key="seats",
    name="席位",
    grain="一个人在一个联合议事机构里坐席的一段日期",
    rows=_seats,
    columns=(
        _KIND,
        Column("capacity", "席位身份", "code", tuple(Seat.Capacity.choices)),
        Column("body", "联合议事机构", "integer"),
        Column("person", "席位担任人", "integer"),
        Column("represented", "代表的组织", "integer"),
    ),
    distinct="person",
    opens="joint-body",
    called=body_names,
)


def _paired_units() -> Rows:
    told = PairedUnit.objects.values("since", "until", "recorded_at", "superseded_at", "body", "unit")
    return told.annotate(
        record=F("body"), organisation=F("body__organisation"), kind=F("body__kind"), unit_kind=F("unit__kind")
    )


paired_units = Fact(
    key="paired-units",
    name="共建单位",
    grain="一个单位与一个联合议事机构共建的一段日期；一个单位可以与几个机构共建，数单位要去重",
    rows=_paired_units,
    columns=(
        _KIND,
        Column("unit", "共建单位", "integer"),
        Column("unit_kind", "单位类别", "code", tuple(Unit.Kind.choices)),
        Column("body", "联合议事机构", "integer"),
    ),
    distinct="unit",
    opens="joint-body",
    called=body_names,
)

from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.datastructures import BaseTable

from jiceng.kernel.access import Role
from jiceng.kernel.history.models import Dated
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Membership, Particulars
from jiceng.kernel.posts.models import Post
from jiceng.kernel.units.models import Unit, UnitState


class Coverage(Dated):
    """覆盖：一个党组织在一段日期里覆盖一个单位，单独组建、联合组建，或只派指导员。"""

    class Form(models.TextChoices):
        """覆盖方式。"""

        SINGLE = "single", "单独组建"
        JOINT = "joint", "联合组建"
        INSTRUCTOR = "instructor", "选派指导员"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="coverages", verbose_name="单位")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="coverages", verbose_name="覆盖组织")
    form = models.CharField("覆盖方式", max_length=12, choices=Form.choices)

    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "覆盖"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "organisation"],
                condition=Q(until=None, superseded_at=None),
                name="an_organisation_covers_a_unit_once",
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(until=None, superseded_at=None, form="single"),
                name="a_unit_has_one_organisation_of_its_own",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="a_coverage_ends_after_it_began"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "since"], name="coverages_by_organisation"),
            models.Index(fields=["unit", "since"], name="coverages_of_unit"),
        ]


class Pairing(Dated):
    """结对：一个机关单位或企业在一段日期里结对一个党组织，为了什么。"""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pairings", verbose_name="结对单位")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="pairings", verbose_name="结对组织")
    purpose = models.CharField("结对内容", max_length=200)

    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "结对"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "organisation"],
                condition=Q(until=None, superseded_at=None),
                name="a_unit_is_paired_with_an_organisation_once",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="a_standing_pair_ends_after_it_began"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "since"], name="pairings_by_organisation"),
            models.Index(fields=["unit", "since"], name="pairings_of_unit"),
        ]


def _overlap(left: str, right: str) -> str:
    """The SQL of the first and last day (exclusive) that two dated rows share, and of whether there is one."""
    since = f"CASE WHEN {left}.since > {right}.since THEN {left}.since ELSE {right}.since END"
    until = f"CASE WHEN {left}.until IS NULL OR {left}.until > {right}.until THEN {right}.until ELSE {left}.until END"
    return f"{since} AS since, {until} AS until"


def _meets(left: str, right: str) -> str:
    return (
        f"({left}.until IS NULL OR {left}.until > {right}.since)"
        f" AND ({right}.until IS NULL OR {right}.until > {left}.since)"
        f" AND {left}.superseded_at IS NULL AND {right}.superseded_at IS NULL"
    )


COUNTS = ("members", "full_members", "single", "joint", "instructors")


def _both_ends(source: str, *counted: str) -> str:
    """Plus one where a row of the source begins and minus one where it ends, in the columns counted."""
    begins = ", ".join("1" if count in counted else "0" for count in COUNTS)
    ends = ", ".join("-1" if count in counted else "0" for count in COUNTS)
    return (
        f"SELECT unit_id, since AS day, {begins} FROM {source}"
        f" UNION ALL SELECT unit_id, until, {ends} FROM {source} WHERE until IS NOT NULL"
    )


def _each(template: str) -> str:
    return ", ".join(template.format(count) for count in COUNTS)


SPELLS = f"""
WITH covered AS (
    SELECT c.unit_id, c.organisation_id, c.form, c.since, c.superseded_at,
        CASE WHEN o.closed_on IS NULL OR c.until <= o.closed_on THEN c.until ELSE o.closed_on END AS until
    FROM {Coverage._meta.db_table} c JOIN {Organisation._meta.db_table} o ON o.id = c.organisation_id
    WHERE c.superseded_at IS NULL AND (o.closed_on IS NULL OR o.closed_on > c.since)
), of_its_own AS (SELECT * FROM covered WHERE form = '{Coverage.Form.SINGLE.value}'
), with_others AS (SELECT * FROM covered WHERE form = '{Coverage.Form.JOINT.value}'
), working AS (
    SELECT p.unit_id, m.kind, {_overlap("p", "m")}
    FROM {Particulars._meta.db_table} p
    JOIN {Membership._meta.db_table} m ON m.person_id = p.person_id AND {_meets("p", "m")}
    WHERE p.unit_id IS NOT NULL
), working_full AS (SELECT * FROM working WHERE kind = '{Membership.Kind.FULL.value}'
), instructed AS (
    SELECT c.unit_id, {_overlap("c", "i")}
    FROM covered c
    JOIN {Post._meta.db_table} i ON i.organisation_id = c.organisation_id AND {_meets("c", "i")}
    WHERE i.role = '{Role.INSTRUCTOR.value}'
), state AS (SELECT * FROM {UnitState._meta.db_table} WHERE superseded_at IS NULL
), delta (unit_id, day, {_each("{0}")}) AS (
    {_both_ends("state")}
    UNION ALL {_both_ends("working", "members")}
    UNION ALL {_both_ends("working_full", "full_members")}
    UNION ALL {_both_ends("of_its_own", "single")}
    UNION ALL {_both_ends("with_others", "joint")}
    UNION ALL {_both_ends("instructed", "instructors")}
), daily AS (
    SELECT unit_id, day, {_each("sum({0}) AS {0}")} FROM delta GROUP BY unit_id, day
), running AS (
    SELECT unit_id, day AS since, lead(day) OVER days AS until, {_each("CAST(sum({0}) OVER days AS integer) AS {0}")}
    FROM daily WINDOW days AS (PARTITION BY unit_id ORDER BY day)
)
SELECT s.unit_id, s.organisation_id, r.since, r.until, s.recorded_at, s.grade, s.staff,
    CASE WHEN s.premises THEN 1 ELSE 0 END AS premises, s.activity, r.members, r.full_members,
    CASE WHEN r.single > 0 THEN 'single' WHEN r.joint > 0 THEN 'joint' ELSE 'none' END AS form,
    CASE WHEN r.instructors > 0 THEN 1 ELSE 0 END AS instructed
FROM running r JOIN {UnitState._meta.db_table} s ON s.unit_id = r.unit_id AND s.superseded_at IS NULL
    AND r.since >= s.since AND (s.until IS NULL OR r.since < s.until)
"""
"""Adds up, unit by unit and day by day, what begins and ends: one row for each stretch in which nothing changed.

Only what is believed now counts. A coverage ends at the latest when its organisation closes.
"""


class _Derived(BaseTable):
    """The rows above in the place where a query names its table."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return f"({SPELLS}) {compiler.quote_name(self.table_alias)}", ()


class _DerivedQuery(Query):
    base_table_class = _Derived


class SpellManager(models.Manager["Spell"]):
    """Asks the records themselves: nothing of this is stored."""

    def get_queryset(self) -> QuerySet["Spell"]:
        return QuerySet(self.model, query=_DerivedQuery(self.model), using=self._db)


class Spell(models.Model):
    """单位覆盖情况：一个单位在一段日期里的类别、职工、党员人数和覆盖方式，由各条记录随时算出，不另存。"""

    class Form(models.TextChoices):
        """覆盖情况。"""

        SINGLE = Coverage.Form.SINGLE.value, "单独组建"
        JOINT = Coverage.Form.JOINT.value, "联合组建"
        NONE = "none", "未覆盖"

    unit = models.OneToOneField(Unit, models.DO_NOTHING, primary_key=True, related_name="+", verbose_name="单位")
    organisation = models.ForeignKey(Organisation, models.DO_NOTHING, related_name="+", verbose_name="联系组织")
    since = models.DateField("起")
    until = models.DateField("止（不含）", null=True)
    recorded_at = models.DateTimeField("入库时间")
    grade = models.CharField("细分类别", max_length=40)
    staff = models.IntegerField("职工人数")
    premises = models.IntegerField("有固定经营场所")
    activity = models.CharField("经营状态", max_length=12, choices=UnitState.Activity.choices)
    members = models.IntegerField("党员人数")
    full_members = models.IntegerField("正式党员人数")
    form = models.CharField("覆盖方式", max_length=12, choices=Form.choices)
    instructed = models.IntegerField("有党建指导员")

    objects = SpellManager()
    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "单位覆盖情况"
        managed = False

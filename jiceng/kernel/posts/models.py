from django.db import models
from django.db.models import Q

from jiceng.kernel.access import Role
from jiceng.kernel.history.models import Dated
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Person
from jiceng.kernel.units.models import Unit
from jiceng.lib.refs import new_ref


class Term(Dated):
    """届期：一个组织的班子从哪天到哪天为一届。"""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="terms", verbose_name="组织")
    number = models.IntegerField("第几届", default=1)
    ends_on = models.DateField("届满日期")
    planned_on = models.DateField("原定届满日期", null=True, blank=True)
    document = models.CharField("批准文号", max_length=80, blank=True)
    batch = models.BigIntegerField("导入批次", null=True, editable=False)

    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "届期"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(until=None, superseded_at=None), name="one_term_runs_at_a_time"
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=models.F("since")), name="a_term_ends_after_it_began"),
            models.CheckConstraint(
                condition=Q(planned_on=None) | Q(planned_on__lt=models.F("ends_on")), name="a_term_is_put_off_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["ends_on", "id"], name="terms_by_end", condition=Q(superseded_at=None)),
            models.Index(fields=["batch"], name="terms_of_batch", condition=Q(batch__isnull=False)),
        ]


class Post(Dated):
    """任职：一个人在一个组织担任一种职务的一段日期。"""

    class Source(models.TextChoices):
        """来路（头雁工程：选举、回归、选派、储备、接任）。"""

        ELECTED = "elected", "选举产生"
        APPOINTED = "appointed", "上级任命"
        RETURNED = "returned", "回归"
        SENT = "sent", "选派"
        REPLACED = "replaced", "撤换接任"
        RESERVED = "reserved", "储备"

    class Leaving(models.TextChoices):
        """离任原因。"""

        NONE = "", "—"
        TERM_ENDED = "term-ended", "任期届满"
        MOVED = "moved", "工作变动"
        RESIGNED = "resigned", "辞职"
        REMOVED = "removed", "撤换"
        DECEASED = "deceased", "去世"

    ref = models.CharField("网址编号", max_length=12, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts", verbose_name="组织")
    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name="任职人")
    role = models.CharField("职能", max_length=24, choices=Role.choices)
    title = models.CharField("职务名称", max_length=60)
    source = models.CharField("来路", max_length=12, choices=Source.choices, default=Source.APPOINTED)
    document = models.CharField("任职文号", max_length=80, blank=True)
    leaving = models.CharField("离任原因", max_length=12, choices=Leaving.choices, default=Leaving.NONE, blank=True)
    batch = models.BigIntegerField("导入批次", null=True, editable=False)

    personal = ("role", "title", "source", "leaving")

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["ref"], condition=Q(superseded_at=None), name="a_post_is_believed_in_one_way"
            ),
            models.UniqueConstraint(
                fields=["organisation", "person", "role"],
                condition=Q(until=None, superseded_at=None),
                name="a_person_holds_a_post_once",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(until=None, superseded_at=None, role=Role.SECRETARY),
                name="an_organisation_has_one_secretary",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="a_post_ends_after_it_began"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "since"], name="posts_of_person", condition=Q(superseded_at=None)),
            models.Index(fields=["organisation", "since"], name="posts_of_organisation"),
            models.Index(fields=["batch"], name="posts_of_batch", condition=Q(batch__isnull=False)),
        ]


class JointBody(models.Model):
    """联合议事机构：大党委、大工委、行业党委、商圈党委、联席会议；席位由别的组织的人担任。"""

    class Kind(models.TextChoices):
        """种类。"""

        COMMUNITY = "community", "社区大党委"
        STREET = "street", "街道大工委"
        INDUSTRY = "industry", "行业党委"
        BUSINESS_AREA = "business-area", "商圈党委"
        MEETING = "meeting", "联席会议"

    ref = models.CharField("网址编号", max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="joint_bodies", verbose_name="牵头组织")
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("种类", max_length=16, choices=Kind.choices)

    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "联合议事机构"
        indexes = [models.Index(fields=["organisation", "id"], name="joint_bodies_by_organisation")]

    def __str__(self) -> str:
        return self.name


class Formation(Dated):
    """组建：一个联合议事机构从哪天到哪天存在，凭什么文件。"""

    body = models.ForeignKey(JointBody, models.PROTECT, related_name="formations", verbose_name="联合议事机构")
    document = models.CharField("批准文号", max_length=80, blank=True)
    reason = models.CharField("撤销事由", max_length=200, blank=True)

    way_home = "body__organisation"
    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "组建"
        constraints = [
            models.UniqueConstraint(
                fields=["body"], condition=Q(superseded_at=None), name="a_joint_body_is_formed_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="a_joint_body_ends_after_it_began"
            ),
        ]


class Seat(Dated):
    """席位：一个人在一段日期里代表自己的组织坐在联合议事机构里。"""

    class Capacity(models.TextChoices):
        """席位身份。"""

        CHAIR = "chair", "召集人"
        DEPUTY = "deputy", "副召集人"
        MEMBER = "member", "兼职委员"

    body = models.ForeignKey(JointBody, models.PROTECT, related_name="seats", verbose_name="联合议事机构")
    person = models.ForeignKey(Person, models.PROTECT, related_name="seats", verbose_name="席位担任人")
    represented = models.ForeignKey(Organisation, models.PROTECT, related_name="seats", verbose_name="代表的组织")
    capacity = models.CharField("席位身份", max_length=8, choices=Capacity.choices, default=Capacity.MEMBER)

    way_home = "body__organisation"
    personal = ("capacity",)

    class Meta:
        verbose_name = "席位"
        constraints = [
            models.UniqueConstraint(
                fields=["body", "person"],
                condition=Q(until=None, superseded_at=None),
                name="a_person_holds_one_seat_of_a_body",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="a_seat_ends_after_it_began"
            ),
        ]
        indexes = [models.Index(fields=["represented", "body"], name="seats_by_represented")]


class PairedUnit(Dated):
    """共建单位：一个单位在一段日期里与联合议事机构结对共建。"""

    body = models.ForeignKey(JointBody, models.PROTECT, related_name="paired_units", verbose_name="联合议事机构")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="paired_bodies", verbose_name="共建单位")

    way_home = "body__organisation"
    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "共建单位"
        constraints = [
            models.UniqueConstraint(
                fields=["body", "unit"],
                condition=Q(until=None, superseded_at=None),
                name="a_unit_is_paired_once_with_a_body",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="a_pairing_ends_after_it_began"
            ),
        ]

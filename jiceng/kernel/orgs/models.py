from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from jiceng.kernel.history.models import Dated
from jiceng.lib.paths import SEGMENT, PathField
from jiceng.lib.refs import new_ref


class Kind(models.TextChoices):
    """组织类别。"""

    COMMITTEE = "committee", "党委"
    WORKING_COMMITTEE = "working-committee", "党工委"
    GENERAL_BRANCH = "general-branch", "党总支"
    BRANCH = "branch", "党支部"
    GROUP = "group", "党小组"


RANK = {Kind.GROUP: 0, Kind.BRANCH: 1, Kind.GENERAL_BRANCH: 2, Kind.WORKING_COMMITTEE: 3, Kind.COMMITTEE: 3}
"""Which kind is above which; an upgrade goes up, and nothing stands under a lower kind."""


class Form(models.TextChoices):
    """组建形式。"""

    STANDARD = "standard", "单独组建"
    JOINT = "joint", "联合组建"
    TEMPORARY = "temporary", "临时"
    FLOATING = "floating", "流动"
    FUNCTIONAL = "functional", "功能型"
    INDUSTRY = "industry", "行业"
    AREA = "area", "区域（大党委、大工委）"


class Organisation(models.Model):
    """组织：一个党组织从设立到撤销的同一身份。"""

    ref = models.CharField("网址编号", max_length=12, unique=True, default=new_ref, editable=False)
    code = models.CharField("组织代码", max_length=32, unique=True)
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    form = models.CharField("组建形式", max_length=12, choices=Form.choices, default=Form.STANDARD)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name="上级组织")
    path = PathField("路径")
    depth = models.GeneratedField(
        expression=Length("path") / SEGMENT, output_field=models.SmallIntegerField(), db_persist=True
    )
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, blank=True, verbose_name="所在地")
    phone = models.CharField("办公电话", max_length=30, blank=True)
    founded_on = models.DateField("成立日期")
    closed_on = models.DateField("撤销日期", null=True, blank=True)
    custodian = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="in_custody", verbose_name="档案接管组织"
    )
    children_made = models.IntegerField("已用下级序号", default=0, editable=False)

    way_home = ""
    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "组织"
        constraints = [
            models.UniqueConstraint(fields=["path"], name="no_two_organisations_share_a_path"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=models.F("founded_on")),
                name="an_organisation_closes_after_it_was_founded",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(custodian__isnull=False),
                name="a_closed_organisation_has_a_custodian",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """组织变动：一次设立、升格、改隶、更名、合并、拆分、撤销或更正。"""

    class Kind(models.TextChoices):
        """变动种类。"""

        FOUND = "found", "设立"
        RENAME = "rename", "更名"
        UPGRADE = "upgrade", "升格"
        REPARENT = "reparent", "改隶"
        MERGE = "merge", "合并"
        SPLIT = "split", "拆分"
        DISSOLVE = "dissolve", "撤销"
        CORRECTION = "correction", "更正"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="changes", verbose_name="组织")
    other = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="另一方组织"
    )
    kind = models.CharField("种类", max_length=12, choices=Kind.choices)
    on = models.DateField("生效日期")
    reason = models.CharField("事由", max_length=200)
    document = models.CharField("批准文号", max_length=80, blank=True)
    told = models.CharField("变动内容", max_length=300, blank=True)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    batch = models.BigIntegerField("导入批次", null=True, editable=False)

    personal = ("by_name",)

    class Meta:
        verbose_name = "组织变动"
        indexes = [
            models.Index(fields=["organisation", "on"], name="changes_of_organisation"),
            models.Index(fields=["batch"], name="changes_of_batch", condition=Q(batch__isnull=False)),
        ]


class Standing(Dated):
    """组织沿革：一个组织在一段日期里叫什么、属谁、在树的哪里。"""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="standings", verbose_name="组织")
    parent = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="上级组织")
    path = PathField("路径")
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    form = models.CharField("组建形式", max_length=12, choices=Form.choices)
    change = models.ForeignKey(Change, models.PROTECT, related_name="standings", verbose_name="由哪次变动形成")

    class Meta:
        verbose_name = "组织沿革"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(until=None, superseded_at=None),
                name="an_organisation_stands_in_one_place",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="a_standing_ends_after_it_began"
            ),
        ]
        indexes = [
            models.Index(fields=["path", "since"], name="standings_by_path", condition=Q(superseded_at=None)),
            models.Index(fields=["organisation", "since"], name="standings_of_organisation"),
        ]


class NameKey(models.Model):
    """组织名检索词：名称里每两个相邻的字，和拼音首字母。"""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="name_keys", verbose_name="组织")
    key = PathField("检索词", max_length=40)

    class Meta:
        verbose_name = "组织名检索词"
        indexes = [models.Index(fields=["key", "organisation"], name="organisations_by_name_key")]


class Mission(models.Model):
    """临时组织的任务：为什么成立，到哪天为止。"""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="mission", verbose_name="组织")
    text = models.CharField("任务", max_length=200)
    ends_on = models.DateField("到期日期")

    class Meta:
        verbose_name = "临时组织任务"

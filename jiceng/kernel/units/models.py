from django.db import models
from django.db.models import Q

from jiceng.kernel.history.models import Dated
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.paths import PathField
from jiceng.lib.refs import new_ref


class Unit(models.Model):
    """单位：企业、社会组织、机关、学校、医院、律所、村和社区等法人或团体。"""

    class Kind(models.TextChoices):
        """单位类别。"""

        ENTERPRISE = "enterprise", "非公有制企业"
        STATE_ENTERPRISE = "state-enterprise", "国有企业"
        SOCIAL_ORGANISATION = "social-organisation", "社会组织"
        LAW_FIRM = "law-firm", "律师事务所"
        DEPARTMENT = "department", "机关单位"
        SCHOOL = "school", "学校"
        HOSPITAL = "hospital", "医院"
        VILLAGE = "village", "行政村"
        COMMUNITY = "community", "社区"
        COOPERATIVE = "cooperative", "合作社"
        MERCHANT = "merchant", "商户"
        OTHER = "other", "其他"

    ref = models.CharField("网址编号", max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="units", verbose_name="联系组织")
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    code = models.CharField("单位代码", max_length=32, unique=True)
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, blank=True, verbose_name="所在地")
    registered_on = models.DateField("登记日期", null=True, blank=True)

    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "单位"
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"], condition=~Q(credit_code=""), name="a_credit_code_belongs_to_one_unit"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "id"], name="units_of_organisation")]

    def __str__(self) -> str:
        return self.name


class UnitState(Dated):
    """单位情况：一段日期里由哪个组织联系，是哪一类，多少职工，经营状态怎样。"""

    class Activity(models.TextChoices):
        """经营状态。"""

        RUNNING = "running", "正常运转"
        SUSPENDED = "suspended", "停业"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="states", verbose_name="单位")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="联系组织")
    grade = models.CharField("细分类别", max_length=40, blank=True)
    staff = models.IntegerField("职工人数", default=0)
    premises = models.BooleanField("有固定经营场所", default=True)
    activity = models.CharField("经营状态", max_length=12, choices=Activity.choices, default=Activity.RUNNING)
    batch = models.BigIntegerField("导入批次", null=True, editable=False)

    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "单位情况"
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(until=None, superseded_at=None), name="a_unit_has_one_state"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="a_unit_state_ends_after_it_began"
            ),
            models.CheckConstraint(condition=Q(staff__gte=0), name="a_unit_has_no_fewer_than_no_staff"),
        ]
        indexes = [
            models.Index(fields=["unit", "since"], name="states_of_unit"),
            models.Index(
                fields=["organisation", "unit"], name="states_by_organisation", condition=Q(superseded_at=None)
            ),
            models.Index(fields=["batch"], name="states_of_batch", condition=Q(batch__isnull=False)),
        ]


class UnitNameKey(models.Model):
    """单位名检索词。"""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="name_keys", verbose_name="单位")
    key = PathField("检索词", max_length=40)

    way_home = "unit__organisation"
    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "单位名检索词"
        indexes = [models.Index(fields=["key", "unit"], name="units_by_name_key")]

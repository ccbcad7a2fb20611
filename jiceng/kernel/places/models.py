from django.db import models
from django.db.models import Q

from jiceng.kernel.history.models import Dated
from jiceng.lib.paths import PathField
from jiceng.lib.refs import new_ref


class Level(models.TextChoices):
    """地方层级。"""

    PROVINCE = "province", "省级"
    CITY = "city", "地级"
    COUNTY = "county", "县级"
    TOWNSHIP = "township", "乡级"
    VILLAGE = "village", "村级"
    CELL = "cell", "网格"
    BUILDING = "building", "楼栋"


RANK = {level: rank for rank, level in enumerate(Level)}
"""Which level is above which: smaller stands higher. A grid cell may hold smaller cells."""

DIGITS = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}
"""How many of a code's 12 digits belong to a division of each level (统计用区划代码和城乡划分代码编制规则)."""


class Place(models.Model):
    """地方：一个行政区划、网格或楼栋，从设立到撤销的同一身份。"""

    ref = models.CharField("网址编号", max_length=12, default=new_ref, editable=False)
    code = PathField("代码", max_length=32)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=8, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name="上级地方", db_index=False
    )
    path = PathField("路径")
    since = models.DateField("起")
    until = models.DateField("止（不含）", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="并入", db_index=False
    )
    children_made = models.IntegerField("已用下级序号", default=0, editable=False)

    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "地方"
        constraints = [
            models.UniqueConstraint(fields=["ref"], name="no_two_places_share_an_address"),
            models.UniqueConstraint(fields=["path"], name="no_two_places_share_a_path"),
            # Cities without counties (东莞) have one code for the city and for the county that stands for the whole.
            models.UniqueConstraint(
                fields=["code", "level"], condition=Q(until=None), name="no_two_living_places_of_a_level_share_a_code"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="a_place_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(until__isnull=False), name="a_merged_place_has_ended"
            ),
        ]
        indexes = [models.Index(fields=["parent", "path"], name="places_of_parent")]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """地方变动：一次载入、设立、更名、换代码、合并、划转或撤销。"""

    class Kind(models.TextChoices):
        """变动种类。"""

        LOAD = "load", "载入"
        ADD = "add", "设立"
        RENAME = "rename", "更名"
        RECODE = "recode", "换代码"
        MERGE = "merge", "合并"
        MOVE = "move", "划转"
        CLOSE = "close", "撤销"

    place = models.ForeignKey(
        Place, models.PROTECT, null=True, related_name="changes", verbose_name="地方", help_text="整批载入的没有"
    )
    other = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="另一方地方", db_index=False
    )
    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    on = models.DateField("生效日期")
    reason = models.CharField("事由", max_length=200)
    document = models.CharField("批准文号", max_length=80, blank=True)
    told = models.CharField("变动内容", max_length=300, blank=True)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    batch = models.BigIntegerField("导入批次", null=True, editable=False)

    personal = ("by_name",)

    class Meta:
        verbose_name = "地方变动"


class Naming(Dated):
    """地方沿革：一个地方在一段日期里叫什么、用什么代码、属谁、在树的哪里。"""

    place = models.ForeignKey(Place, models.PROTECT, related_name="namings", verbose_name="地方", db_index=False)
    name = models.CharField("名称", max_length=60)
    code = PathField("代码", max_length=32)
    parent = models.ForeignKey(
        Place, models.PROTECT, null=True, related_name="+", verbose_name="上级地方", db_index=False
    )
    path = PathField("路径")
    change = models.ForeignKey(
        Change, models.PROTECT, related_name="namings", verbose_name="由哪次变动形成", db_index=False
    )

    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "地方沿革"
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(until=None, superseded_at=None), name="a_place_stands_in_one_spot"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="a_naming_ends_after_it_began"
            ),
        ]
        indexes = [
            models.Index(fields=["path", "since"], name="namings_by_path", condition=Q(superseded_at=None)),
            models.Index(fields=["code"], name="namings_by_code", condition=Q(superseded_at=None)),
            models.Index(fields=["place", "since"], name="namings_of_place"),
        ]

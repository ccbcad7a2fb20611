from django.db import models

from jiceng.kernel.orgs.models import Organisation


class Reporting(models.Model):
    """上报：一个组织某天报给上级的一个数，照当时知道的封存，以后不改。"""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="reportings", verbose_name="组织")
    indicator = models.CharField("指标", max_length=60)
    name = models.CharField("指标名称", max_length=300)
    edition = models.CharField("指标版本", max_length=64)
    on = models.DateField("截止日期")
    structure = models.CharField("隶属关系", max_length=4, choices=[("then", "按当时的"), ("now", "按现在的")])
    known_at = models.DateTimeField("按哪一刻入库的记录")
    part = models.BigIntegerField("数值（分子）")
    whole = models.BigIntegerField("分母", null=True)
    by_name = models.CharField("上报人", max_length=60)
    at = models.DateTimeField("上报时间")

    personal = ("by_name",)

    class Meta:
        verbose_name = "上报数"
        indexes = [models.Index(fields=["organisation", "indicator", "-on"], name="reportings_of_organisation")]

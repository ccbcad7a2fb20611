from django.db import models
from django.db.models import Q

from jiceng.engines.procedures.models import Case
from jiceng.kernel.history.models import Dated
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Person
from jiceng.lib.refs import new_ref


class Award(Dated):
    """表彰：一个组织或一名党员从哪天起有一个称号；撤销了的，到撤销那天为止。"""

    class Category(models.TextChoices):
        """称号种类。"""

        ORGANISATION = "organisation", "先进基层党组织"
        MEMBER = "member", "优秀共产党员"
        WORKER = "worker", "优秀党务工作者"
        FIRST_SECRETARY = "first-secretary", "优秀第一书记"
        FIFTY_YEARS = "fifty-years", "光荣在党50年"
        OTHER = "other", "其他"

    class Level(models.TextChoices):
        """授予单位的级别。"""

        NATIONAL = "national", "全国"
        PROVINCE = "province", "省级"
        CITY = "city", "市级"
        COUNTY = "county", "县级"
        TOWNSHIP = "township", "乡级"
        BODY = "body", "本单位"

    ref = models.CharField("网址编号", max_length=12, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="awards", verbose_name="组织")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="awards", verbose_name="受表彰的党员")
    category = models.CharField("称号种类", max_length=16, choices=Category.choices)
    honour = models.CharField("称号", max_length=60)
    level = models.CharField("级别", max_length=10, choices=Level.choices)
    giver = models.CharField("授予单位", max_length=120)
    document = models.CharField("表彰文号", max_length=80, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="awards", verbose_name="由哪件事项决定")
    reason = models.CharField("撤销事由", max_length=200, blank=True)
    decision = models.CharField("撤销文号", max_length=80, blank=True)
    batch = models.BigIntegerField("导入批次", null=True, editable=False)

    personal = ("category", "honour", "level", "giver", "reason", "decision")

    class Meta:
        verbose_name = "表彰"
        constraints = [
            models.UniqueConstraint(
                fields=["ref"], condition=Q(superseded_at=None), name="an_award_is_believed_in_one_way"
            ),
            models.UniqueConstraint(
                fields=["person", "honour", "giver", "since"],
                condition=Q(superseded_at=None, person__isnull=False),
                name="a_person_is_given_an_honour_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "honour", "giver", "since"],
                condition=Q(superseded_at=None, person=None),
                name="an_organisation_is_given_an_honour_once",
            ),
            models.CheckConstraint(
                condition=Q(until=None, reason="", decision="") | Q(until__gt=models.F("since")) & ~Q(reason=""),
                name="a_revoked_award_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(category="organisation") | Q(person=None), name="an_organisations_title_is_no_persons"
            ),
        ]
        indexes = [
            models.Index(fields=["-since", "-id"], name="awards_by_day", condition=Q(superseded_at=None)),
            models.Index(fields=["organisation", "since"], name="awards_of_organisation"),
            models.Index(fields=["batch"], name="awards_of_batch", condition=Q(batch__isnull=False)),
        ]

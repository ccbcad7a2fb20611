from django.db import models
from django.db.models import Q

from jiceng.kernel.history.models import Dated
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refs import new_ref


class Listing(Dated):
    """名册上的人：一名村民从哪天到哪天在哪一种名册上，凭哪次推选或登记。不记证件号、住址和别的。"""

    class Roll(models.TextChoices):
        """名册种类（村民委员会组织法第十三条、第二十一条、第二十五条）。"""

        REPRESENTATIVES = "representatives", "村民代表"
        HOUSEHOLDS = "households", "户代表"
        VOTERS = "voters", "有选举权的村民"

    class Leaving(models.TextChoices):
        """为什么不在名册上了。"""

        TERM = "term", "任期届满"
        RESIGNED = "resigned", "辞去"
        RECALLED = "recalled", "撤换"
        MOVED = "moved", "迁出"
        DIED = "died", "去世"
        MISTAKEN = "mistaken", "登记错了"

    ref = models.CharField("网址编号", max_length=12, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="listings", verbose_name="村级组织")
    roll = models.CharField("名册", max_length=16, choices=Roll.choices)
    name = models.CharField("姓名", max_length=60)
    team = models.CharField("村民小组", max_length=40, blank=True)
    households = models.IntegerField("代表几户", null=True)
    source = models.CharField("凭什么", max_length=120)
    leaving = models.CharField("离开原因", max_length=12, choices=Leaving.choices, blank=True)

    personal = ("roll", "name", "team", "source", "leaving")

    class Meta:
        verbose_name = "名册上的人"
        constraints = [
            models.UniqueConstraint(
                fields=["ref"], condition=Q(superseded_at=None), name="a_listing_is_believed_in_one_way"
            ),
            models.UniqueConstraint(
                fields=["organisation", "roll", "name", "team", "since"],
                condition=Q(superseded_at=None),
                name="nobody_is_listed_twice",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="a_listing_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(households=None) | Q(households__gte=1, roll="representatives"),
                name="only_a_representative_stands_for_households",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "roll", "since"], name="listings_of_a_roll")]

    def __str__(self) -> str:
        return self.name

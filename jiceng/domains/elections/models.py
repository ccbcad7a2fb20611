from django.db import models
from django.db.models import Q

from jiceng.engines.assembly.models import Vote
from jiceng.engines.procedures.models import Case
from jiceng.kernel.access import Role
from jiceng.kernel.journal.clock import RecordedAtField
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Person
from jiceng.lib.refs import new_ref


class Poll(models.Model):
    """村级投票：村（居）民或集体经济组织成员一次投票的总数，选出一个负责人。投票的人不在名册上，所以只记总数。"""

    class Body(models.TextChoices):
        """选什么。"""

        RESIDENTS = "residents", "村（居）民委员会主任"
        COOPERATIVE = "cooperative", "集体经济组织负责人"

    ref = models.CharField("网址编号", max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="polls", verbose_name="村级党组织")
    body = models.CharField("选什么", max_length=12, choices=Body.choices)
    held_on = models.DateField("投票日期")
    registered = models.IntegerField("登记参加选举的人数")
    issued = models.IntegerField("发出票数")
    returned = models.IntegerField("收回票数")
    spoiled = models.IntegerField("废票")
    quorum = models.CharField("有效要求", max_length=30)
    passes = models.CharField("当选要求", max_length=30)
    basis = models.CharField("依据", max_length=300)
    passed = models.BooleanField("有人当选")
    token = models.CharField("提交编号", max_length=40)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    recorded_at = RecordedAtField("记录时间")
    superseded_at = models.DateTimeField("撤回时间", null=True, editable=False)

    personal = ("by_name",)

    class Meta:
        verbose_name = "村级投票"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "token"], name="a_poll_is_recorded_once"),
            models.CheckConstraint(
                condition=Q(spoiled__gte=0, spoiled__lte=models.F("returned"))
                & Q(returned__lte=models.F("issued"))
                & Q(issued__lte=models.F("registered")),
                name="a_poll_has_no_more_papers_than_voters",
            ),
        ]


class Contestant(models.Model):
    """参选人：一次村级投票里的一个名字和得票。"""

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="contestants", verbose_name="村级投票")
    number = models.IntegerField("序号")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="polled", verbose_name="参选的党员")
    name = models.CharField("姓名", max_length=60, blank=True)
    yes = models.IntegerField("赞成")
    elected = models.BooleanField("当选")

    way_home = "poll__organisation"
    personal = ("name",)

    class Meta:
        verbose_name = "参选人"
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="contestants_are_numbered"),
            models.UniqueConstraint(fields=["poll"], condition=Q(elected=True), name="a_poll_elects_one"),
            models.CheckConstraint(
                condition=Q(person=None) & ~Q(name="") | Q(person__isnull=False, name=""),
                name="a_contestant_is_a_person_or_a_name",
            ),
        ]


class Election(models.Model):
    """换届：一个组织的一次换届，凭哪几次表决、哪个批复，从哪天起就任。"""

    class Timing(models.TextChoices):
        """早晚。"""

        FIRST = "first", "第一次登记"
        EARLY = "early", "提前"
        ON_TIME = "on-time", "按期"
        LATE = "late", "延期或超期"

    ref = models.CharField("网址编号", max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="elections", verbose_name="组织")
    number = models.IntegerField("第几届")
    held_on = models.DateField("选举日期")
    on = models.DateField("就任日期")
    timing = models.CharField("早晚", max_length=8, choices=Timing.choices)
    document = models.CharField("批复文号", max_length=80)
    replied_on = models.DateField("批复日期")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="elections", verbose_name="由哪件事项办理")
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    recorded_at = RecordedAtField("记录时间")

    personal = ("by_name",)

    class Meta:
        verbose_name = "换届"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "on"], name="an_organisation_elects_once_a_day"),
            models.CheckConstraint(condition=Q(on__gte=models.F("held_on")), name="nobody_takes_office_unelected"),
        ]
        indexes = [models.Index(fields=["-on", "-id"], name="elections_by_day")]


class Elected(models.Model):
    """当选：一个人在一次换届里凭一次表决或投票当选一个职务。"""

    election = models.ForeignKey(Election, models.PROTECT, related_name="elected", verbose_name="换届")
    person = models.ForeignKey(Person, models.PROTECT, related_name="elected", verbose_name="当选人")
    role = models.CharField("职能", max_length=24, choices=Role.choices)
    yes = models.IntegerField("赞成")
    vote = models.ForeignKey(Vote, models.PROTECT, null=True, related_name="took_office", verbose_name="会上的表决")
    poll = models.ForeignKey(Poll, models.PROTECT, null=True, related_name="took_office", verbose_name="村级投票")

    way_home = "election__organisation"
    personal = ("role",)

    class Meta:
        verbose_name = "当选"
        constraints = [
            models.UniqueConstraint(fields=["election", "person", "role"], name="a_person_is_elected_to_a_post_once"),
            models.CheckConstraint(
                condition=Q(vote=None, poll__isnull=False) | Q(vote__isnull=False, poll=None),
                name="who_is_elected_was_voted_for",
            ),
        ]

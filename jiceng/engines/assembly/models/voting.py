"""What was voted: numbers for a secret vote, people only where the vote was open."""

from django.db import models
from django.db.models import F, Q

from jiceng.kernel.journal.clock import RecordedAtField
from jiceng.kernel.people.models import Person

from .holding import RollEntry
from .meeting import AgendaItem, Meeting


class Vote(models.Model):
    """表决：对一个问题或几个候选人的一次表决。无记名的只记总数，谁投了什么哪里都没有。"""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="votes", verbose_name="会议")
    number = models.IntegerField("序号")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="votes", verbose_name="议题")
    again = models.ForeignKey("self", models.PROTECT, null=True, related_name="run_offs", verbose_name="哪一次的再选")
    question = models.CharField("表决事项", max_length=200)
    elects = models.BooleanField("选举")
    secret = models.BooleanField("无记名")
    quorum = models.CharField("法定到会", max_length=24, blank=True)
    passes = models.CharField("通过要求", max_length=24)
    basis = models.CharField("依据", max_length=300, blank=True)
    seats = models.IntegerField("应选名额", null=True)
    spare = models.CharField("差额比例", max_length=9, blank=True)
    roll = models.IntegerField("应到")
    present = models.IntegerField("实到")
    issued = models.IntegerField("发出票数", null=True)
    returned = models.IntegerField("收回票数", null=True)
    spoiled = models.IntegerField("废票", null=True)
    yes = models.IntegerField("赞成", default=0)
    no = models.IntegerField("反对", default=0)
    abstained = models.IntegerField("弃权", default=0)
    letters_yes = models.IntegerField("书面赞成", default=0)
    letters_no = models.IntegerField("书面反对", default=0)
    letters_abstained = models.IntegerField("书面弃权", default=0)
    passed = models.BooleanField("通过或选满")
    token = models.CharField("提交编号", max_length=40)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    recorded_at = RecordedAtField("记录时间")
    superseded_at = models.DateTimeField("被更正时间", null=True, editable=False)

    way_home = "meeting__organisation"
    personal = ("question", "by_name")

    class Meta:
        verbose_name = "表决"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"], condition=Q(superseded_at=None), name="a_vote_is_told_in_one_way"
            ),
            models.UniqueConstraint(fields=["meeting", "token"], name="a_vote_is_written_once"),
            models.CheckConstraint(
                condition=Q(roll__gte=F("present"), present__gte=0), name="nobody_is_there_who_is_not_on_the_roll"
            ),
            models.CheckConstraint(
                condition=Q(secret=False, issued=None, returned=None, spoiled=None)
                | Q(secret=True, issued__lte=F("present"), returned__lte=F("issued"), spoiled__lte=F("returned"))
                & Q(spoiled__gte=0),
                name="no_more_ballots_than_people",
            ),
            models.CheckConstraint(
                condition=Q(elects=True, yes=0, no=0, abstained=0)
                | Q(secret=True, returned=F("yes") + F("no") + F("abstained") + F("spoiled"))
                | Q(secret=False, present__gte=F("yes") + F("no") + F("abstained")),
                name="the_votes_of_a_motion_add_up",
            ),
            models.CheckConstraint(
                condition=Q(roll__gte=F("present") + F("letters_yes") + F("letters_no") + F("letters_abstained")),
                name="letters_come_from_those_who_are_away",
            ),
            models.CheckConstraint(
                condition=Q(yes__gte=0, no__gte=0, abstained__gte=0)
                & Q(letters_yes__gte=0, letters_no__gte=0, letters_abstained__gte=0),
                name="no_vote_is_less_than_nothing",
            ),
            models.CheckConstraint(
                condition=Q(elects=True, secret=True, seats__gte=1) | Q(elects=False, seats=None, spare=""),
                name="an_election_is_secret_and_has_seats",
            ),
        ]


class Candidate(models.Model):
    """候选人：一次选举里的一个名字和得票；会上另选的也记在这里。"""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="candidates", verbose_name="表决")
    number = models.IntegerField("序号")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="candidacies", verbose_name="党员")
    name = models.CharField("姓名", max_length=60, blank=True)
    nominated = models.BooleanField("列在票上", default=True)
    yes = models.IntegerField("赞成")
    no = models.IntegerField("反对", default=0)
    abstained = models.IntegerField("弃权", default=0)
    elected = models.BooleanField("当选")

    way_home = "vote__meeting__organisation"
    personal = ("name",)

    class Meta:
        verbose_name = "候选人"
        constraints = [
            models.UniqueConstraint(fields=["vote", "number"], name="candidates_are_numbered"),
            models.UniqueConstraint(
                fields=["vote", "person"], condition=Q(person__isnull=False), name="a_person_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(person=None) & ~Q(name="") | Q(person__isnull=False, name=""),
                name="a_candidate_is_a_person_or_a_name",
            ),
            models.CheckConstraint(
                condition=Q(yes__gte=0, no__gte=0, abstained__gte=0), name="no_candidate_has_less_than_nothing"
            ),
        ]


class Choice(models.Model):
    """表态：记名表决里一个人赞成、反对还是弃权。无记名表决没有这一行。"""

    class Said(models.TextChoices):
        """表态。"""

        YES = "yes", "赞成"
        NO = "no", "反对"
        ABSTAINED = "abstained", "弃权"

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="choices", verbose_name="表决")
    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="choices", verbose_name="名册上的人")
    said = models.CharField("表态", max_length=9, choices=Said.choices)

    way_home = "vote__meeting__organisation"
    personal = ("said",)

    class Meta:
        verbose_name = "表态"
        constraints = [models.UniqueConstraint(fields=["vote", "entry"], name="somebody_votes_once")]

"""A meeting as it is held: who belongs to it, who came, what was said."""

from django.db import models
from django.db.models import Q

from jiceng.kernel.journal.clock import RecordedAtField
from jiceng.kernel.people.models import Person

from .meeting import AgendaItem, Meeting


class Opening(models.Model):
    """开会：从这时起名册定下来，不再随党员名册变。"""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="opening", verbose_name="会议")
    on = models.DateField("开会日期")
    set_for = models.DateField("原定日期")
    rows = models.IntegerField("名册人数")
    root = models.CharField("名册摘要", max_length=64)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    recorded_at = RecordedAtField("记录时间")

    way_home = "meeting__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "开会"


class RollEntry(models.Model):
    """应到名册：开会时定下的一个人。党员认档案；别的人写姓名和名单出处。"""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="roll", verbose_name="会议")
    number = models.IntegerField("序号")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="roll_entries", verbose_name="党员")
    name = models.CharField("姓名", max_length=60, blank=True)
    source = models.CharField("名单出处", max_length=80, blank=True)
    has_vote = models.BooleanField("有表决权", default=True)

    way_home = "meeting__organisation"
    personal = ("name", "source")

    class Meta:
        verbose_name = "应到名册"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="roll_entries_are_numbered"),
            models.UniqueConstraint(
                fields=["meeting", "person"], condition=Q(person__isnull=False), name="a_person_is_on_a_roll_once"
            ),
            models.CheckConstraint(
                condition=Q(person=None) & ~Q(name="") | Q(person__isnull=False, name=""),
                name="a_roll_entry_is_a_person_or_a_name",
            ),
        ]


class Exclusion(models.Model):
    """不计入应到：名册上的一个人，在整个会或一个议题上不算应到，写明原因；写错了的收回，也留着。"""

    class Reason(models.TextChoices):
        """原因。"""

        RECUSED = "recused", "回避"
        SUSPENDED = "suspended", "停止党籍"
        ON_PROBATION = "on-probation", "留党察看"
        DETAINED = "detained", "被留置、羁押"
        ABROAD = "abroad", "出国（境）难以回来"
        UNABLE = "unable", "因病不能表达意见"
        SHOULD_MOVE = "should-move", "组织关系应转未转"
        FLOATING = "floating", "流动党员本人申请"
        OTHER = "other", "其他"

    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="exclusions", verbose_name="名册上的人")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="+", verbose_name="只在这个议题上")
    why = models.CharField("原因", max_length=12, choices=Reason.choices)
    note = models.CharField("说明", max_length=200, blank=True)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    recorded_at = RecordedAtField("记录时间")
    superseded_at = models.DateTimeField("收回时间", null=True, editable=False)

    way_home = "entry__meeting__organisation"
    personal = ("why", "note", "by_name")

    class Meta:
        verbose_name = "不计入应到"
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(superseded_at=None, item=None), name="nobody_is_left_out_twice"
            ),
            models.UniqueConstraint(
                fields=["entry", "item"],
                condition=Q(superseded_at=None, item__isnull=False),
                name="nobody_is_left_out_of_an_item_twice",
            ),
        ]


class Attendance(models.Model):
    """到会情况：名册上的一个人到了、请假或没来；没来的可以有会前交来的书面意见。后写的为准，先写的也留着。"""

    class State(models.TextChoices):
        """到会情况。"""

        PRESENT = "present", "到会"
        EXCUSED = "excused", "请假"
        ABSENT = "absent", "缺席"

    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="attendances", verbose_name="名册上的人")
    state = models.CharField("到会情况", max_length=8, choices=State.choices)
    note = models.CharField("请假事由", max_length=100, blank=True)
    letter = models.CharField("书面意见", max_length=1000, blank=True)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    recorded_at = RecordedAtField("记录时间")
    superseded_at = models.DateTimeField("被更新时间", null=True, editable=False)

    way_home = "entry__meeting__organisation"
    personal = ("state", "note", "letter", "by_name")

    class Meta:
        verbose_name = "到会情况"
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(superseded_at=None), name="somebody_is_there_or_is_not"
            ),
            models.CheckConstraint(
                condition=~Q(state="present") | Q(note="", letter=""), name="who_is_there_writes_no_letter"
            ),
        ]


class Minutes(models.Model):
    """会议记录：谁主持、谁记录、议了什么、定了什么。散会以前可以重写，每一稿都留着。"""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes", verbose_name="会议")
    text = models.TextField("记录", max_length=20_000)
    chair = models.CharField("主持人", max_length=60)
    recorder = models.CharField("记录人", max_length=60)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    recorded_at = RecordedAtField("记录时间")
    superseded_at = models.DateTimeField("被更新时间", null=True, editable=False)

    way_home = "meeting__organisation"
    personal = ("text", "chair", "recorder", "by_name")

    class Meta:
        verbose_name = "会议记录"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(superseded_at=None), name="a_meeting_has_one_set_of_minutes"
            ),
        ]


class Closing(models.Model):
    """散会：到会、表决和记录都齐了，从此只能更正。"""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="closing", verbose_name="会议")
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    recorded_at = RecordedAtField("记录时间")

    way_home = "meeting__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "散会"


class Correction(models.Model):
    """会议更正：散会以后发现写错的，改成对的；原来怎么写、现在怎么写、为什么，都在。"""

    class What(models.TextChoices):
        """更正了什么。"""

        DAY = "day", "开会日期"
        ATTENDANCE = "attendance", "到会情况"
        MINUTES = "minutes", "会议记录"
        VOTE = "vote", "表决"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="corrections", verbose_name="会议")
    what = models.CharField("更正了什么", max_length=10, choices=What.choices)
    before = models.TextField("原来", max_length=20_000)
    after = models.TextField("现在", max_length=20_000)
    reason = models.CharField("为什么", max_length=200)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    recorded_at = RecordedAtField("记录时间")

    way_home = "meeting__organisation"
    personal = ("before", "after", "reason", "by_name")

    class Meta:
        verbose_name = "会议更正"

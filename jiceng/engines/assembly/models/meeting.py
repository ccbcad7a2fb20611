"""What a call says, and what became of it before anybody came."""

from django.db import models
from django.db.models import F, Q

from jiceng.kernel.journal.clock import RecordedAtField
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refs import new_ref

from ..declarations import Electorate


class Meeting(models.Model):
    """会议：一个组织按通知开的一次会。开没开、散没散，由后面的记录说明。"""

    ref = models.CharField("网址编号", max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="meetings", verbose_name="召集组织")
    kind = models.CharField("种类", max_length=40)
    kind_name = models.CharField("种类名称", max_length=60)
    title = models.CharField("会议名称", max_length=120)
    electorate = models.CharField("应到范围", max_length=16, choices=[(one.value, one.word) for one in Electorate])
    quorum = models.CharField("法定到会", max_length=24, blank=True)
    called_on = models.DateField("通知日期")
    held_on = models.DateField("开会日期")
    hour = models.CharField("时间", max_length=20, blank=True)
    venue = models.CharField("地点", max_length=120)
    token = models.CharField("提交编号", max_length=40, unique=True)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    recorded_at = RecordedAtField("记录时间")

    personal = ("title", "venue", "by_name")

    class Meta:
        verbose_name = "会议"
        constraints = [
            models.CheckConstraint(condition=Q(held_on__gte=F("called_on")), name="a_meeting_is_called_before_it_is"),
        ]
        indexes = [
            models.Index(fields=["organisation", "-held_on", "-id"], name="meetings_of_organisation"),
            models.Index(fields=["-held_on", "-id"], name="meetings_by_day"),
        ]

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    """议题：这次会要讨论的一件事。"""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items", verbose_name="会议")
    number = models.IntegerField("序号")
    text = models.CharField("议题", max_length=200)

    way_home = "meeting__organisation"
    personal = ("text",)

    class Meta:
        verbose_name = "议题"
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="agenda_items_are_numbered")]


class Change(models.Model):
    """会议变更：开会以前改了日期、时间、地点或议题；改以前是什么也写着。"""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="changes", verbose_name="会议")
    told = models.CharField("变更内容", max_length=1000)
    reason = models.CharField("原因", max_length=200)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    recorded_at = RecordedAtField("记录时间")

    way_home = "meeting__organisation"
    personal = ("told", "reason", "by_name")

    class Meta:
        verbose_name = "会议变更"


class Cancellation(models.Model):
    """会议取消：通知了，没有开。"""

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="cancellation", verbose_name="会议")
    reason = models.CharField("原因", max_length=200)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    recorded_at = RecordedAtField("记录时间")

    way_home = "meeting__organisation"
    personal = ("reason", "by_name")

    class Meta:
        verbose_name = "会议取消"


class Reconvening(models.Model):
    """重新召集：到会的人不够，会没有开成，改日再开；两次会连着看。"""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="reconvening", verbose_name="没有开成的会")
    again = models.OneToOneField(Meeting, models.PROTECT, related_name="reconvened_from", verbose_name="再开的会")
    reason = models.CharField("情况", max_length=300)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    recorded_at = RecordedAtField("记录时间")

    way_home = "meeting__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "重新召集"

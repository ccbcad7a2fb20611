from django.db import models
from django.db.models import Q

from jiceng.engines.assembly.models import Meeting
from jiceng.engines.notices.models import Notice
from jiceng.kernel.access import Role
from jiceng.kernel.journal.clock import RecordedAtField
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Person
from jiceng.kernel.places.models import Place
from jiceng.kernel.units.models import Unit
from jiceng.lib.refs import new_ref

from .declarations.machine import Act, State


class Edition(models.Model):
    """版本：一份程序文件当时的全文。事情办到底都按立项时的这一版。"""

    key = models.CharField("程序", max_length=60)
    name = models.CharField("名称", max_length=300)
    digest = models.CharField("全文摘要", max_length=64, unique=True)
    declared = models.JSONField("全文")
    since = models.DateField("起用日期")

    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "程序版本"


class Case(models.Model):
    """事项：按一个程序办的一件事，属于一个组织。停在哪一步、几号到期，都由记录推出来，存在这里只为了查得快。

    A case about a person is called by its procedure alone: whoever may see the name is told it beside the title.
    """

    ref = models.CharField("网址编号", max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cases", verbose_name="办理组织")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="cases", verbose_name="程序版本")
    title = models.CharField("事项", max_length=120)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="有关地方"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="有关单位")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="cases", verbose_name="有关的人")
    opened_on = models.DateField("立项日期")
    state = models.CharField("状态", max_length=12, choices=[(one.value, one.value) for one in State])
    step = models.CharField("正办的一步", max_length=60, blank=True)
    end = models.CharField("结局", max_length=60, blank=True)
    stood_since = models.DateField("到这一步的日期")
    due_on = models.DateField("到期日", null=True, blank=True)
    amount = models.BigIntegerField("涉及金额（分）", null=True)
    number = models.IntegerField("记录条数")

    personal = ("title",)

    class Meta:
        verbose_name = "事项"
        indexes = [
            models.Index(fields=["organisation", "-id"], name="cases_of_organisation"),
            models.Index(fields=["due_on"], condition=Q(state="running"), name="cases_by_due_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(place=None, unit=None) | Q(place=None, person=None) | Q(unit=None, person=None),
                name="a_case_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "suspended"], end="") & ~Q(step="")
                | Q(state="ended", step="") & ~Q(end="")
                | Q(state="withdrawn", step="", end=""),
                name="a_case_stands_at_a_step_or_at_an_end",
            ),
        ]  # fmt: skip


class Entry(models.Model):
    """记录：这件事上发生的一次行为。写下就不再改；写错了的，另记一条更正，两条都看得见。"""

    case = models.ForeignKey(Case, models.PROTECT, related_name="entries", verbose_name="事项")
    number = models.IntegerField("序号")
    act = models.CharField("行为", max_length=12, choices=[(one.value, one.value) for one in Act])
    step = models.CharField("步骤", max_length=60, blank=True)
    key = models.CharField("结果", max_length=60, blank=True)
    on = models.DateField("发生日期")
    said = models.JSONField("填写内容", default=dict)
    of = models.IntegerField("更正哪一条", null=True)
    done = models.JSONField("以前办过的步骤", default=dict)
    handed_from = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="cases_handed_over", verbose_name="从哪个组织移交"
    )
    reason = models.CharField("原因", max_length=500, blank=True)
    passed = models.JSONField("说明原因后放行的", default=list)
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="case_entries", verbose_name="会议")
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="case_entries", verbose_name="公示")
    reckoned = models.CharField("核算", max_length=500, blank=True)
    effects = models.JSONField("办成了什么", default=list)
    token = models.CharField("提交编号", max_length=40)
    user = models.BigIntegerField("用户编号", null=True)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")
    recorded_at = RecordedAtField("记录时间")

    way_home = "case__organisation"
    personal = ("said", "reason", "passed", "effects", "reckoned", "by_name")

    class Meta:
        verbose_name = "事项记录"
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="entries_of_a_case_are_numbered"),
            models.UniqueConstraint(fields=["case", "token"], name="an_entry_is_written_once"),
            models.UniqueConstraint(fields=["token"], condition=Q(number=1), name="a_case_is_opened_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="entries_are_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(act="corrected", of__lt=models.F("number")) | ~Q(act="corrected") & Q(of=None),
                name="a_correction_names_an_earlier_entry",
            ),
            models.CheckConstraint(
                condition=Q(act="met", meeting__isnull=False) | ~Q(act="met") & Q(meeting=None),
                name="an_entry_of_a_meeting_names_it",
            ),
            models.CheckConstraint(
                condition=Q(act="posted") | Q(notice=None), name="only_what_was_put_up_names_a_notice"
            ),
            models.CheckConstraint(
                condition=Q(act="handed-over", handed_from__isnull=False) | ~Q(act="handed-over") & Q(handed_from=None),
                name="who_hands_a_case_over_is_named",
            ),
        ]


class Waiting(models.Model):
    """等谁办：正办的一步由哪里的哪种岗位办；会签的每一方各一条。"""

    class At(models.TextChoices):
        """在哪一级。"""

        OWN = "own", "本组织"
        PARENT = "parent", "上一级组织"
        ABOVE = "above", "上级组织"

    case = models.ForeignKey(Case, models.CASCADE, related_name="waitings", verbose_name="事项")
    role = models.CharField("岗位职能", max_length=30, choices=Role.choices)
    level = models.CharField("在哪一级", max_length=8, choices=At.choices)
    reply = models.CharField("哪一方的意见", max_length=60, blank=True)

    way_home = "case__organisation"
    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "待办"
        constraints = [
            models.UniqueConstraint(fields=["case", "role", "level", "reply"], name="a_waiting_is_said_once")
        ]

import hashlib
import json
import secrets
from datetime import date, timedelta

from django.db import models
from django.utils import timezone

from jiceng.kernel.journal.clock import RecordedAtField
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refs import new_ref

from .declarations import Audience, Kind


def new_salt() -> bytes:
    """Sixteen random bytes, without which a contact cannot be read."""
    return secrets.token_bytes(16)


class Notice(models.Model):
    """公示：一件要公开的事，从草稿到公布、更正、撤下的同一身份；公布后草稿不再是公众看的内容。"""

    ref = models.CharField("网址编号", max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="notices", verbose_name="公示组织")
    kind = models.CharField("类别", max_length=16, choices=Kind.choices)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("正文")
    phone = models.CharField("办公电话", max_length=30, blank=True)
    audience = models.CharField("给谁看", max_length=8, choices=Audience.choices, default=Audience.PUBLIC)
    since = models.DateField("公示起")
    until = models.DateField("公示止（不含）")
    objections = models.BooleanField("接受异议", default=True)
    duty = models.CharField("公开事项", max_length=60, blank=True)
    period = models.CharField("期", max_length=8, blank=True)
    source = models.CharField("来自", max_length=80, blank=True)
    by_name = models.CharField("起草人", max_length=60)
    at = models.DateTimeField("起草时间")

    personal = ("by_name",)

    class Meta:
        verbose_name = "公示"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")), name="a_notice_ends_after_it_began"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="notices_of_organisation"),
            models.Index(fields=["duty", "period", "organisation"], name="notices_by_duty"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def last(self) -> date:
        """The last day on which it stands."""
        return self.until - timedelta(days=1)


class Publication(models.Model):
    """公布：公示在公布那一刻的样子，照样封存，以后不改；更正是新的一份。"""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="publications", verbose_name="公示")
    number = models.IntegerField("第几份")
    name = models.CharField("公示组织名称", max_length=120)
    place_name = models.CharField("所在地名称", max_length=60, blank=True)
    kind = models.CharField("类别", max_length=16, choices=Kind.choices)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("正文")
    phone = models.CharField("办公电话", max_length=30, blank=True)
    audience = models.CharField("给谁看", max_length=8, choices=Audience.choices)
    since = models.DateField("公示起")
    until = models.DateField("公示止（不含）")
    objections = models.BooleanField("接受异议")
    files = models.JSONField("附件", default=list)
    digest = models.CharField("内容摘要", max_length=64)
    by_name = models.CharField("公布人", max_length=60)
    at = models.DateTimeField("公布时间")
    recorded_at = RecordedAtField("入库时间")

    way_home = "notice__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "公布"
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="a_notice_has_one_text_of_each_number"),
        ]
        indexes = [models.Index(fields=["until", "since"], name="publications_by_term")]

    @property
    def last(self) -> date:
        """The last day on which it stands."""
        return self.until - timedelta(days=1)

    def canonical(self) -> bytes:
        """The bytes that the digest covers: everything that readers are shown."""
        said = [
            self.name, self.place_name, self.kind, self.title, self.text, self.phone, self.audience,
            self.since.isoformat(), self.until.isoformat(), self.objections,
            [[one["name"], one["digest"]] for one in self.files],
        ]  # fmt: skip
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()

    def digest_now(self) -> str:
        """SHA-256 (hex) of what stands here; the digest, unless somebody altered the row."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def late_days(self) -> int:
        """By how many days it was entered after it stood on the board (补录); 0 where it was in time."""
        return max((timezone.localdate(self.recorded_at) - self.since).days, 0) if self.number == 1 else 0

    def stands_on(self, day: date) -> bool:
        """Whether its term runs on that day."""
        return self.since <= day < self.until


class Correction(models.Model):
    """更正：公布以后发现写错，换上新的一份，并写明为什么。"""

    publication = models.OneToOneField(
        Publication, models.PROTECT, related_name="correction", verbose_name="更正后的公布"
    )
    reason = models.CharField("为什么更正", max_length=200)
    by_name = models.CharField("更正人", max_length=60)
    at = models.DateTimeField("更正时间")

    way_home = "publication__notice__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "更正"


class Withdrawal(models.Model):
    """撤下：期满之前从公开栏撤下，写明为什么；公布过的内容仍封存。"""

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="withdrawal", verbose_name="公示")
    reason = models.CharField("为什么撤下", max_length=200)
    by_name = models.CharField("撤下人", max_length=60)
    at = models.DateTimeField("撤下时间")

    way_home = "notice__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "撤下"


class Objection(models.Model):
    """异议：期限内有人提出的不同意见，凭回执号查答复；联系方式可以不留，留了也加密。"""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="raised", verbose_name="公示")
    number = models.CharField("回执号", max_length=12, unique=True, default=new_ref, editable=False)
    once = models.CharField("表单编号", max_length=12)
    text = models.TextField("异议")
    contact = models.BinaryField("联系方式（加密）", null=True)
    salt = models.BinaryField("密钥盐", max_length=16, default=new_salt, editable=False)
    caller = models.BinaryField("来处当日摘要", max_length=16)
    at = models.DateTimeField("提出时间")
    recorded_at = RecordedAtField("入库时间")

    way_home = "notice__organisation"
    personal = ("text", "once")
    sealed = ("contact", "salt", "caller")

    class Meta:
        verbose_name = "异议"
        constraints = [
            models.UniqueConstraint(fields=["notice", "once"], name="an_objection_is_raised_once"),
        ]
        indexes = [models.Index(fields=["caller", "at"], name="objections_of_caller")]


class Answer(models.Model):
    """答复：谁在什么时候怎样答复一条异议；摘要和答复随公示公开。"""

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="answer", verbose_name="异议")
    summary = models.TextField("异议摘要（公开）")
    text = models.TextField("答复（公开）")
    by_name = models.CharField("答复人", max_length=60)
    at = models.DateTimeField("答复时间")

    way_home = "objection__notice__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "答复"

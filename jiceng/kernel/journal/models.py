import hashlib
import json
from datetime import UTC

from django.db import models

from .clock import RecordedAtField

GENESIS = "0" * 64
"""What the first seal names as its previous digest."""


class Entry(models.Model):
    """日志条目：一个动作留下的一条记录。"""

    verb = models.CharField("动作", max_length=80)
    by = models.CharField("操作者", max_length=80)
    on = models.CharField("对象", max_length=80, blank=True)
    organisation = models.BigIntegerField("组织编号", null=True)
    rows = models.IntegerField("行数", null=True)
    root = models.CharField("行摘要", max_length=64, blank=True)
    at = models.DateTimeField("操作时间")
    recorded_at = RecordedAtField("入库时间")

    class Meta:
        verbose_name = "日志条目"
        indexes = [models.Index(fields=["organisation", "id"], name="entries_of_organisation")]

    def canonical(self) -> bytes:
        """The bytes that a seal covers: every field, in a fixed order and form."""
        facts = [
            self.pk, self.verb, self.by, self.on, self.organisation, self.rows, self.root,
            self.at.astimezone(UTC).isoformat(), self.recorded_at.astimezone(UTC).isoformat(),
        ]  # fmt: skip
        return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()

    def digest_after(self, previous: str) -> str:
        """SHA-256 (hex) of the previous digest followed by this entry."""
        return hashlib.sha256(bytes.fromhex(previous) + self.canonical()).hexdigest()


class Seal(models.Model):
    """日志封签：把一条日志接到校验链上。"""

    number = models.BigIntegerField("序号", primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, verbose_name="日志条目")
    previous = models.CharField("前一摘要", max_length=64)
    digest = models.CharField("摘要", max_length=64)
    sealed_at = models.DateTimeField("封签时间")

    class Meta:
        verbose_name = "日志封签"


class Simulation(models.Model):
    """演练库标记：有这一行的数据库是演练库，用自己的时钟。"""

    now = models.DateTimeField("演练时钟")

    class Meta:
        verbose_name = "演练库标记"

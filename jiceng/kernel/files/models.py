from django.db import models

from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refs import new_ref

from .cleaning.refusing import KINDS


class File(models.Model):
    """文件：一条记录的一个附件；内容按摘要存在数据目录里，这里记它属于哪条记录。"""

    ref = models.CharField("网址编号", max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="files", verbose_name="组织")
    form = models.CharField("属于哪种记录", max_length=60)
    record = models.BigIntegerField("记录编号")
    name = models.CharField("文件名", max_length=100)
    kind = models.CharField("类型", max_length=4, choices=[(kind, kind) for kind in KINDS])
    size = models.BigIntegerField("字节数")
    digest = models.CharField("内容摘要", max_length=64)
    by_name = models.CharField("上传人", max_length=60)
    at = models.DateTimeField("上传时间")

    personal = ("by_name",)

    class Meta:
        verbose_name = "文件"
        constraints = [
            models.UniqueConstraint(fields=["form", "record", "digest"], name="a_record_has_a_file_once"),
        ]
        indexes = [models.Index(fields=["digest"], name="files_by_digest")]

    def __str__(self) -> str:
        return self.name

import secrets

from django.db import models

from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refs import new_ref


def new_salt() -> bytes:
    """Sixteen random bytes, without which what a batch keeps sealed cannot be read."""
    return secrets.token_bytes(16)


class Step(models.TextChoices):
    """办理步骤。"""

    CHECK = "check", "检查"
    APPLY = "apply", "入库"
    UNDO = "undo", "撤回"


class Batch(models.Model):
    """导入批次：上传的一个文件，从检查到入库，入错了按它撤回。"""

    ref = models.CharField("网址编号", max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="batches", verbose_name="办理组织")
    sheet = models.CharField("表", max_length=40)
    name = models.CharField("文件名", max_length=200)
    size = models.BigIntegerField("字节数")
    digest = models.CharField("文件摘要", max_length=64)
    salt = models.BinaryField("密钥盐", max_length=16, default=new_salt, editable=False)
    user = models.BigIntegerField("用户编号", null=True)
    person = models.BigIntegerField("人员编号", null=True)
    by_name = models.CharField("上传人", max_length=60)
    at = models.DateTimeField("上传时间")

    personal = ("by_name",)
    sealed = ("salt",)

    class Meta:
        verbose_name = "导入批次"
        indexes = [models.Index(fields=["organisation", "-id"], name="batches_of_organisation")]

    def __str__(self) -> str:
        return self.name


class Piece(models.Model):
    """文件片段：上传的文件加密后分段存着，办完就删。"""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="pieces", verbose_name="批次")
    number = models.IntegerField("序号")
    content = models.BinaryField("内容（加密）")

    way_home = "batch__organisation"
    personal: tuple[str, ...] = ()
    sealed = ("content",)

    class Meta:
        verbose_name = "文件片段"
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="a_piece_is_kept_once")]


class Reading(models.Model):
    """读表：文件打开了，认出了哪张表、哪些列，大约有多少行。"""

    batch = models.OneToOneField(Batch, models.CASCADE, related_name="reading", verbose_name="批次")
    page = models.CharField("工作表", max_length=120, blank=True)
    head_row = models.IntegerField("表头行号")
    rows = models.IntegerField("大约行数")
    columns = models.JSONField("认出的列")
    unknown = models.JSONField("不认识的列")
    at = models.DateTimeField("时间")

    way_home = "batch__organisation"
    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "读表"


class Stretch(models.Model):
    """已检查的一段：中断以后从下一段接着做。"""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="stretches", verbose_name="批次")
    number = models.IntegerField("序号")
    rows = models.IntegerField("行数")
    added = models.IntegerField("新增")
    changed = models.IntegerField("变更")
    unchanged = models.IntegerField("不变")
    faults = models.IntegerField("错误数")
    at = models.DateTimeField("时间")

    way_home = "batch__organisation"
    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "已检查的一段"
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="a_stretch_is_checked_once")]


class StagedRow(models.Model):
    """待入库的行：查对过的一行，会新增、变更，还是不变。"""

    class Outcome(models.TextChoices):
        """会怎样。"""

        ADD = "add", "新增"
        CHANGE = "change", "变更"
        UNCHANGED = "unchanged", "不变"

    batch = models.ForeignKey(Batch, models.CASCADE, db_index=False, related_name="staged", verbose_name="批次")
    number = models.IntegerField("行号")
    outcome = models.CharField("会怎样", max_length=9, choices=Outcome.choices)
    subject = models.BigIntegerField("库里的编号", null=True)
    said = models.JSONField("各列内容")
    changes = models.JSONField("变更内容")
    secret = models.BinaryField("号码（加密）", null=True)

    way_home = "batch__organisation"
    personal = ("said", "changes")
    sealed = ("secret",)

    class Meta:
        verbose_name = "待入库的行"
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="a_row_of_a_file_is_staged_once")]
        indexes = [models.Index(fields=["batch", "outcome", "number"], name="staged_rows_by_outcome")]


class Problem(models.Model):
    """表里的错误：哪一行哪一列，写的什么，错在哪里，怎么改。"""

    batch = models.ForeignKey(Batch, models.CASCADE, db_index=False, related_name="problems", verbose_name="批次")
    number = models.IntegerField("行号")
    column = models.CharField("列", max_length=60, blank=True)
    value = models.CharField("内容", max_length=120, blank=True)
    wrong = models.CharField("哪里不对", max_length=300)
    remedy = models.CharField("怎么改", max_length=300, blank=True)

    way_home = "batch__organisation"
    personal = ("value",)

    class Meta:
        verbose_name = "表里的错误"
        indexes = [models.Index(fields=["batch", "number", "id"], name="problems_by_row")]


class Checking(models.Model):
    """检查完毕：每一行都查过，会新增多少、变更多少、错多少。"""

    batch = models.OneToOneField(Batch, models.CASCADE, related_name="checking", verbose_name="批次")
    rows = models.IntegerField("行数")
    added = models.IntegerField("新增")
    changed = models.IntegerField("变更")
    unchanged = models.IntegerField("不变")
    faults = models.IntegerField("错误数")
    foreseen = models.JSONField("预计会怎样", default=dict)
    at = models.DateTimeField("时间")

    way_home = "batch__organisation"
    personal = ("foreseen",)

    class Meta:
        verbose_name = "检查完毕"


class Order(models.Model):
    """指令：谁要求把这一批检查、入库或撤回；后台接着办。"""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="orders", verbose_name="批次")
    step = models.CharField("要求", max_length=8, choices=Step.choices)
    user = models.BigIntegerField("用户编号", null=True)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("时间")

    way_home = "batch__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "指令"


class Refusal(models.Model):
    """办不成：指令没有办成，什么也没有改；写明为什么。"""

    order = models.OneToOneField(Order, models.CASCADE, related_name="refusal", verbose_name="指令")
    sentence = models.CharField("原因", max_length=600)
    faults = models.JSONField("逐行原因")
    at = models.DateTimeField("时间")

    way_home = "order__batch__organisation"
    personal = ("sentence", "faults")

    class Meta:
        verbose_name = "办不成"


class Application(models.Model):
    """入库：这一批一次写进了库里。"""

    batch = models.OneToOneField(Batch, models.CASCADE, related_name="application", verbose_name="批次")
    rows = models.IntegerField("写入条数")
    root = models.CharField("行摘要", max_length=64, blank=True)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("时间")

    way_home = "batch__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "入库"


class Undoing(models.Model):
    """撤回：入库的这一批整批退了出来。"""

    batch = models.OneToOneField(Batch, models.CASCADE, related_name="undoing", verbose_name="批次")
    rows = models.IntegerField("退出条数")
    root = models.CharField("行摘要", max_length=64, blank=True)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("时间")

    way_home = "batch__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "撤回"


class Discarding(models.Model):
    """作废：这一批的文件和待入库的行都删了，只留下经过；没入库的不再入库，入了库的不能再撤回。"""

    batch = models.OneToOneField(Batch, models.CASCADE, related_name="discarding", verbose_name="批次")
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("时间")

    way_home = "batch__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "作废"

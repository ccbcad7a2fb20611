import secrets

from django.db import models
from django.db.models import Q

from jiceng.kernel.history.models import Dated
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.units.models import Unit
from jiceng.lib.paths import PathField
from jiceng.lib.refs import new_ref


def new_salt() -> bytes:
    """Sixteen random bytes; a person's sealed fields can be read only with them, so purging destroys them."""
    return secrets.token_bytes(16)


class Person(models.Model):
    """人员：一个人一份档案，一辈子不变。

    `organisation` answers for the record: where the person is a member, was one last, or has applied to become one.
    `is_member` says whether they are.
    Name, sex, birth, ethnicity and the joining dates are correctable (更正); everything dated stands in other rows.
    """

    class Document(models.TextChoices):
        """证件种类。"""

        RESIDENT_ID = "resident-id", "居民身份证"
        HONG_KONG_MACAO = "hong-kong-macao", "港澳居民居住证"
        TAIWAN = "taiwan", "台湾居民居住证"
        PASSPORT = "passport", "护照"

    class Precision(models.TextChoices):
        """日期精确到。"""

        DAY = "day", "日"
        MONTH = "month", "月"

    ref = models.CharField("网址编号", max_length=12, unique=True, default=new_ref, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="members", verbose_name="所在组织"
    )
    name = models.CharField("姓名", max_length=60)
    sex = models.CharField("性别", max_length=1)
    birth_on = models.DateField("出生日期")
    ethnicity = models.CharField("民族", max_length=2, default="01")
    document = models.CharField("证件种类", max_length=16, choices=Document.choices, default=Document.RESIDENT_ID)
    number_sealed = models.BinaryField("证件号码（加密）", null=True)
    number_hash = models.BinaryField("证件号码检索值", null=True, max_length=32)
    phone_sealed = models.BinaryField("手机号（加密）", null=True)
    salt = models.BinaryField("密钥盐", max_length=16, default=new_salt, editable=False)
    joined_on = models.DateField("入党日期", null=True, blank=True)
    joined_to = models.CharField("入党日期精确到", max_length=5, choices=Precision.choices, default=Precision.DAY)
    full_on = models.DateField("转正日期", null=True, blank=True)
    is_member = models.BooleanField("现为党员", default=False, editable=False)

    personal = ("name", "sex", "birth_on", "ethnicity", "joined_on", "joined_to", "full_on", "document")
    sealed = ("number_sealed", "number_hash", "phone_sealed", "salt")

    class Meta:
        verbose_name = "人员"
        constraints = [
            models.UniqueConstraint(
                fields=["number_hash"], condition=Q(number_hash__isnull=False), name="a_number_belongs_to_one_person"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "id"], name="members_of_organisation", condition=Q(is_member=True)),
        ]

    def __str__(self) -> str:
        return self.name


class NameKey(models.Model):
    """姓名检索词：姓名里每两个相邻的字，和拼音首字母。

    `organisation` is where the person is a member now, and empty for whoever is none: with it the index alone says who
    of a scope has a name, without a look at each person.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="name_keys", verbose_name="人员")
    key = PathField("检索词", max_length=32)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="所在组织"
    )

    personal = ("key",)

    class Meta:
        verbose_name = "姓名检索词"
        indexes = [models.Index(fields=["key", "person", "organisation"], name="people_by_name_key")]


class Membership(Dated):
    """党籍：一个人在一段日期里是哪个组织的党员，正式还是预备。"""

    class Kind(models.TextChoices):
        """党员类别。"""

        FULL = "full", "正式党员"
        PROBATIONARY = "probationary", "预备党员"

    class Start(models.TextChoices):
        """怎么来的。"""

        RECORDED = "recorded", "建账登记"
        ADMITTED = "admitted", "新发展"
        TRANSFERRED = "transferred", "组织关系转入"
        CONFIRMED = "confirmed", "预备转正"
        RESTORED = "restored", "恢复党籍"
        REORGANISED = "reorganised", "整建制划转"

    class End(models.TextChoices):
        """怎么走的。"""

        NONE = "", "—"
        TRANSFERRED = "transferred", "组织关系转出"
        CONFIRMED = "confirmed", "预备转正"
        REORGANISED = "reorganised", "整建制划转"
        DECEASED = "deceased", "去世"
        LEFT = "left", "出党"
        SUSPENDED = "suspended", "停止党籍"

    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="memberships", verbose_name="党员")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name="所在组织"
    )
    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    start = models.CharField("起因", max_length=12, choices=Start.choices)
    end = models.CharField("止因", max_length=12, choices=End.choices, default=End.NONE, blank=True)
    batch = models.BigIntegerField("导入批次", null=True, editable=False)

    personal = ("kind", "start", "end")

    class Meta:
        verbose_name = "党籍"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until=None, superseded_at=None), name="a_person_is_a_member_in_one_place"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="a_membership_ends_after_it_began"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "since"], name="memberships_of_person"),
            models.Index(
                fields=["organisation", "id"], name="memberships_of_organisation", condition=Q(superseded_at=None)
            ),
        ]


class Particulars(Dated):
    """党员情况：一段日期里的学历、职业、单位、岗位和困难状况。"""

    class Station(models.TextChoices):
        """在岗情况。"""

        IN_POST = "in-post", "在岗"
        WITHOUT_POST = "without-post", "无职"
        RETIRED = "retired", "离退休"
        STUDENT = "student", "学生"

    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="particulars", verbose_name="党员")
    education = models.CharField("学历", max_length=2)
    degree = models.CharField("学位", max_length=1, default="", blank=True)
    occupation = models.CharField("职业", max_length=2)
    grade = models.CharField("专业技术职务级别", max_length=1, default="", blank=True)
    station = models.CharField("在岗情况", max_length=12, choices=Station.choices, default=Station.IN_POST)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="工作单位")
    hardship = models.BooleanField("生活困难", default=False)
    skilled = models.BooleanField("致富能手", default=False)
    batch = models.BigIntegerField("导入批次", null=True, editable=False)

    way_home = "person__organisation"
    personal = ("education", "degree", "occupation", "grade", "station", "hardship", "skilled")

    class Meta:
        verbose_name = "党员情况"
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until=None, superseded_at=None),
                name="a_person_has_one_set_of_particulars",
            ),
        ]
        indexes = [models.Index(fields=["person", "since"], name="particulars_of_person")]


class Floating(Dated):
    """流动：一名党员离家外出，组织关系在流出地，活动在流入地。"""

    person = models.ForeignKey(Person, models.PROTECT, related_name="floatings", verbose_name="党员")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name="流出地组织"
    )
    destination = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="流入地组织"
    )
    where = models.CharField("流入地", max_length=80)
    received_on = models.DateField("流入地接收日期", null=True, blank=True)

    personal = ("where",)

    class Meta:
        verbose_name = "流动"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until=None, superseded_at=None), name="a_person_floats_in_one_place"
            ),
        ]
        indexes = [
            models.Index(fields=["destination", "since"], name="floating_at_destination"),
            models.Index(fields=["organisation", "since"], name="floating_from_organisation"),
        ]


class Loan(Dated):
    """借用：一名党员在一段日期里到临时组织工作，党籍仍算在原组织。"""

    person = models.ForeignKey(Person, models.PROTECT, related_name="loans", verbose_name="党员")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="借用组织")

    personal: tuple[str, ...] = ()

    class Meta:
        verbose_name = "借用"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(until=None, superseded_at=None),
                name="a_person_is_lent_once_to_one_organisation",
            ),
        ]


class Correction(models.Model):
    """更正：档案上登记错的内容改成对的；原来写的什么，加密留底。"""

    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections", verbose_name="人员")
    fields = models.CharField("更正了哪些", max_length=120)
    told_sealed = models.BinaryField("原内容（加密）", null=True)
    reason = models.CharField("事由", max_length=200)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")

    way_home = "person__organisation"
    personal = ("by_name",)
    sealed = ("told_sealed",)

    class Meta:
        verbose_name = "更正"


class Union(models.Model):
    """并档：同一个人的两份档案并成一份，被并的留痕。"""

    kept = models.ForeignKey(Person, models.PROTECT, related_name="unions", verbose_name="保留的档案")
    dropped = models.OneToOneField(Person, models.PROTECT, related_name="union", verbose_name="被并的档案")
    reason = models.CharField("事由", max_length=200)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")

    way_home = "kept__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "并档"


class Renumbering(models.Model):
    """证件号更正：原号码登记错了，改成对的；原号码仍能查到本人。"""

    person = models.ForeignKey(Person, models.PROTECT, related_name="renumberings", verbose_name="人员")
    old_hash = models.BinaryField("原号码检索值", null=True, max_length=32, db_index=True)
    reason = models.CharField("事由", max_length=200)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")

    way_home = "person__organisation"
    personal = ("by_name",)
    sealed = ("old_hash",)

    class Meta:
        verbose_name = "证件号更正"


class Purge(models.Model):
    """清除：依决定销毁一份档案的姓名、证件号和联系方式；数字仍在，人认不出来。"""

    person = models.OneToOneField(Person, models.PROTECT, related_name="purge", verbose_name="人员")
    decision = models.CharField("依据的决定", max_length=200)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("办理时间")

    way_home = "person__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "清除"


class Purpose(models.Model):
    """查阅事由：查看下级党员名字之前写明的用途，当天有效。"""

    user = models.BigIntegerField("用户编号")
    by_name = models.CharField("查阅人", max_length=60)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="以哪个组织的身份")
    text = models.CharField("用途", max_length=200)
    at = models.DateTimeField("写明时间")
    until = models.DateTimeField("有效至")

    personal = ("by_name",)

    class Meta:
        verbose_name = "查阅事由"
        indexes = [models.Index(fields=["user", "until"], name="purposes_of_user")]


class Look(models.Model):
    """查阅记录：谁、以什么身份、为什么看过这份档案；本人看得到。"""

    class Kind(models.TextChoices):
        """看了什么。"""

        LIST = "list", "名单"
        PAGE = "page", "档案页"
        NUMBER = "number", "证件号码"
        PHONE = "phone", "手机号"
        FOUND = "found", "按号码查找"
        EXPORT = "export", "导出"

    person = models.ForeignKey(Person, models.CASCADE, db_index=False, related_name="looks", verbose_name="被查阅人")
    kind = models.CharField("看了什么", max_length=8, choices=Kind.choices)
    user = models.BigIntegerField("用户编号")
    by_name = models.CharField("查阅人", max_length=60)
    from_name = models.CharField("查阅人所在组织", max_length=120)
    purpose = models.CharField("用途", max_length=200)
    at = models.DateTimeField("时间")

    way_home = "person__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "查阅记录"
        indexes = [
            models.Index(fields=["person", "-at"], name="looks_at_person"),
            models.Index(fields=["user", "at"], name="looks_by_user"),
        ]


class StagedMember(models.Model):
    """待入库党员：导入文件里查对过的一行，证件号已加密，等着一次入库。"""

    batch = models.BigIntegerField("导入批次")
    row = models.IntegerField("行号")
    person = models.BigIntegerField("已有档案", null=True)
    ref = models.CharField("网址编号", max_length=12, default=new_ref)
    organisation = models.BigIntegerField("组织")
    name = models.CharField("姓名", max_length=60)
    keys = models.JSONField("姓名检索词")
    sex = models.CharField("性别", max_length=1)
    birth_on = models.DateField("出生日期")
    ethnicity = models.CharField("民族", max_length=2)
    document = models.CharField("证件种类", max_length=16)
    number_sealed = models.BinaryField("证件号码（加密）", null=True)
    number_hash = models.BinaryField("证件号码检索值", null=True, max_length=32)
    phone_sealed = models.BinaryField("手机号（加密）", null=True)
    salt = models.BinaryField("密钥盐", max_length=16, default=new_salt)
    joined_on = models.DateField("入党日期", null=True)
    joined_to = models.CharField("入党日期精确到", max_length=5)
    full_on = models.DateField("转正日期", null=True)
    kind = models.CharField("党员类别", max_length=12)
    start = models.CharField("起因", max_length=12)
    since = models.DateField("起算日期")
    education = models.CharField("学历", max_length=2)
    degree = models.CharField("学位", max_length=1, blank=True)
    occupation = models.CharField("职业", max_length=2)
    grade = models.CharField("专业技术职务级别", max_length=1, blank=True)
    station = models.CharField("在岗情况", max_length=12)
    unit = models.BigIntegerField("工作单位", null=True)
    hardship = models.BooleanField("生活困难")
    skilled = models.BooleanField("致富能手")
    floats_since = models.DateField("外出日期", null=True)
    floats_to = models.BigIntegerField("流入地组织", null=True)
    floats_where = models.CharField("流入地", max_length=80, blank=True)

    personal = (
        "name", "keys", "sex", "birth_on", "ethnicity", "document", "joined_on", "joined_to", "full_on", "kind",
        "start", "education", "degree", "occupation", "grade", "station", "hardship", "skilled", "floats_since",
        "floats_where",
    )  # fmt: skip
    sealed = ("number_sealed", "number_hash", "phone_sealed", "salt")
    way_home = ""

    class Meta:
        verbose_name = "待入库党员"
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="a_staged_row_is_staged_once")]

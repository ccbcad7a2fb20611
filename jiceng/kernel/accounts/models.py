from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models

from jiceng.kernel.access import Actor
from jiceng.kernel.people.models import Person
from jiceng.lib.refs import new_ref


class Accounts(BaseUserManager["User"]):
    """Users with the person and the disabling in one query: every request asks for them."""

    def get_queryset(self) -> models.QuerySet["User"]:
        return super().get_queryset().select_related("person", "disabling")


class User(AbstractBaseUser):
    """用户：一个人的登录账号。没有超级用户。"""

    ref = models.CharField("网址编号", max_length=12, unique=True, default=new_ref, editable=False)
    person = models.OneToOneField(Person, models.PROTECT, related_name="user", verbose_name="人员")
    username = models.CharField("登录名", max_length=40, unique=True)
    must_change = models.BooleanField("首次登录须改密码", default=True)
    opened_at = models.DateTimeField("开通时间")

    # Without this field Django does not write to the account at each sign-in behind our back; SignIn rows say it.
    last_login = None

    USERNAME_FIELD = "username"
    objects = Accounts()

    way_home = "person__organisation"
    personal = ("username",)
    sealed = ("password",)

    class Meta:
        verbose_name = "用户"

    def __str__(self) -> str:
        return self.username

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # a state that somebody caused is a row, not a field
        """Whether the account may be used: nobody has disabled it."""
        return not hasattr(self, "disabling")

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is the password. Unlike Django's own it never rewrites the row: only verbs write."""
        return check_password(raw_password, self.password)

    def actor(self) -> Actor:
        """This user as the `by` of a verb."""
        return Actor("user", self.person.name, user=self.pk, person=self.person_id)


class Disabling(models.Model):
    """停用：一个账号被谁、何时、为什么停用；恢复使用就是去掉这一条。"""

    user = models.OneToOneField(User, models.CASCADE, related_name="disabling", verbose_name="用户")
    reason = models.CharField("事由", max_length=200)
    by_name = models.CharField("经办人", max_length=60)
    at = models.DateTimeField("停用时间")

    way_home = "user__person__organisation"
    personal = ("by_name",)

    class Meta:
        verbose_name = "账号停用"


class SignIn(models.Model):
    """登录：一次登录，从何时到何时，用的什么设备；本人可以结束它。"""

    ref = models.CharField("网址编号", max_length=12, unique=True, default=new_ref, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins", verbose_name="用户")
    device = models.CharField("设备", max_length=200)
    is_own = models.BooleanField("本人自用的设备", default=False)
    address = models.GenericIPAddressField("地址", null=True)
    at = models.DateTimeField("登录时间")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    way_home = "user__person__organisation"
    personal = ("device", "address")

    class Meta:
        verbose_name = "登录"
        indexes = [models.Index(fields=["user", "-at"], name="sign_ins_of_user")]


class Token(models.Model):
    """接口令牌：一个班子的系统用来读写数据的钥匙，写明用途和期限。"""

    ref = models.CharField("网址编号", max_length=12, unique=True, default=new_ref, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens", verbose_name="以谁的身份")
    name = models.CharField("用途", max_length=80)
    hash = models.BinaryField("令牌摘要", max_length=32, unique=True)
    at = models.DateTimeField("签发时间")
    until = models.DateTimeField("有效至")
    ended_at = models.DateTimeField("收回时间", null=True, blank=True)

    way_home = "user__person__organisation"
    personal: tuple[str, ...] = ()
    sealed = ("hash",)

    class Meta:
        verbose_name = "接口令牌"

from datetime import timedelta

from django import forms

_PASSWORD = {"autocomplete": "current-password"}
_NEW = {"autocomplete": "new-password"}


class SignIn(forms.Form):
    """Who comes in. Names are kept in lower case, and paper adds spaces."""

    username = forms.CharField(
        label="登录名", max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    password = forms.CharField(label="密码", max_length=128, strip=False, widget=forms.PasswordInput(attrs=_PASSWORD))
    own = forms.BooleanField(label="这是我自己用的手机或电脑", required=False)

    def clean_username(self) -> str:
        return "".join(str(self.cleaned_data["username"]).split()).lower()


class Password(forms.Form):
    """One's own new password, twice."""

    current = forms.CharField(
        label="现在的密码", max_length=128, strip=False, widget=forms.PasswordInput(attrs=_PASSWORD)
    )
    new = forms.CharField(
        label="新密码", max_length=128, strip=False, widget=forms.PasswordInput(attrs=_NEW),
        help_text="至少 12 个字符；一句自己记得住、别人猜不到的话就很好。",
    )  # fmt: skip
    again = forms.CharField(label="再输一次新密码", max_length=128, strip=False, widget=forms.PasswordInput(attrs=_NEW))

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("new"):
            raise forms.ValidationError("两次输入的新密码不一样，请重新输入。")
        return str(self.cleaned_data["again"])


class Token(forms.Form):
    """What a key is for, and for how long."""

    name = forms.CharField(label="用途", max_length=80, help_text="例如：镇便民系统对接。")
    days = forms.TypedChoiceField(
        label="有效期", coerce=int, choices=[(30, "30 天"), (90, "90 天"), (365, "一年")], initial=90
    )

    @property
    def life(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])


class Filter(forms.Form):
    """Which accounts to list."""

    q = forms.CharField(label="姓名或登录名", required=False, max_length=40)
    state = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "各种状态的"), ("new", "还没改首次密码的"), ("off", "已停用的"), ("never", "从没登录过的")],
    )  # fmt: skip


class Disabling(forms.Form):
    """Why an account is disabled."""

    reason = forms.CharField(label="停用的事由", max_length=200, help_text="例如：调离本单位、设备丢失。")


class Opening(forms.Form):
    """For whom accounts are opened."""

    chosen = forms.TypedMultipleChoiceField(
        label="人员", error_messages={"required": "请至少选一个人。"}, widget=forms.CheckboxSelectMultiple
    )

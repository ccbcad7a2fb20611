from datetime import timedelta
from typing import Any

from django import forms

from jiceng.kernel.files.cleaning.refusing import LARGEST

from . import actions
from .actions import Draft
from .declarations import Audience, Kind
from .models import Notice

STATES = (
    ("", "各种状态的"), ("standing", "公示中的"), ("draft", "草稿"), ("coming", "等到起始日的"), ("over", "期满的"),
    ("withdrawn", "已撤下的"),
)  # fmt: skip


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, help_text=help_text, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class Filter(forms.Form):
    """Which notices to list."""

    q = forms.CharField(label="标题里的字", required=False, max_length=60)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "各类公示"), *Kind.choices])
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)


class Words(forms.Form):
    """What a notice says."""

    title = forms.CharField(label="标题", max_length=200)
    text = forms.CharField(
        label="正文", max_length=actions.LONGEST, widget=forms.Textarea(attrs={"rows": 14}),
        help_text="写明什么事、依据、数额、结果。不写身份证号、电话、银行卡号，公布前会逐字查。",
    )  # fmt: skip
    phone = forms.CharField(
        label="办公电话",
        required=False,
        max_length=30,
        help_text="有疑问打给谁。只有这个电话可以出现在正文里。",
    )


class Composition(Words):
    """A whole notice."""

    kind = forms.ChoiceField(label="类别", choices=Kind.choices)
    audience = forms.ChoiceField(label="给谁看", choices=Audience.choices, widget=forms.RadioSelect)
    since = _day("公示起", "贴到公开栏的那天；补录的照实写，会注明补录。")
    last = _day("公示到", "这一天仍在公示，第二天自动撤下。")
    objections = forms.BooleanField(label="公示期内接受异议", required=False)
    duty = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    period = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)

    field_order = ("kind", "title", "text", "phone", "audience", "since", "last", "objections")

    def said(self) -> Draft:
        """What the verb is told."""
        told = dict(self.cleaned_data)
        return Draft(until=told.pop("last") + timedelta(days=1), **told)

    @staticmethod
    def of(notice: Notice) -> dict[str, Any]:
        """What stands in the form for a draft that is there."""
        keys = ("kind", "title", "text", "phone", "audience", "since", "objections", "duty", "period")
        return {key: getattr(notice, key) for key in keys} | {"last": notice.last}


class Attachment(forms.Form):
    """A file to put to a draft."""

    file = forms.FileField(
        label="附件", widget=forms.FileInput(attrs={"accept": ".docx,.xlsx,.pdf,.jpg,.jpeg,.png"}), max_length=200,
        help_text="Word、Excel、PDF 或 JPG、PNG 图片，不超过 20 MB。",
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("文件超过 20 MB。请缩小或分成几份再传。")
        return file


class Correction(Words):
    """更正: the right text, and why."""

    last = _day("公示到", "更正以后要让人看够时间的，可以延长。")
    reason = forms.CharField(label="为什么更正", max_length=200, help_text="读的人看得到，例如：金额漏写一个零。")

    def said(self) -> dict[str, Any]:
        """What the verb is told."""
        told = dict(self.cleaned_data)
        return {"until": told.pop("last") + timedelta(days=1), **told}


class Withdrawal(forms.Form):
    """Why a notice is taken down."""

    reason = forms.CharField(label="为什么撤下", max_length=200, help_text="打开原来网址的人看得到。")


class Answer(forms.Form):
    """An answer to an objection."""

    summary = forms.CharField(
        label="异议摘要", max_length=actions.LONGEST_OBJECTION, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="公开给大家看的是这一段：写清楚提了什么，不写是谁提的。",
    )  # fmt: skip
    text = forms.CharField(
        label="答复", max_length=actions.LONGEST_OBJECTION, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="随公示公开；提异议的人凭回执号也能查到。",
    )  # fmt: skip


class Objection(forms.Form):
    """What somebody disagrees with; nobody says who he is."""

    text = forms.CharField(
        label="您不同意什么，为什么", max_length=actions.LONGEST_OBJECTION, widget=forms.Textarea(attrs={"rows": 8})
    )
    contact = forms.CharField(
        label="联系方式", required=False, max_length=actions.LONGEST_CONTACT,
        help_text="不留也可以，凭回执号查答复。留了会加密保存，只有答复的人看得到。",
    )  # fmt: skip
    once = forms.RegexField(r"^[0-9a-z]{10}$", widget=forms.HiddenInput)


class Receipt(forms.Form):
    """Which objection one asks about."""

    number = forms.CharField(label="回执号", max_length=20, help_text="10 位字母和数字，大小写、空格都没有关系。")

    def clean_number(self) -> str:
        return "".join(self.cleaned_data["number"].split()).lower().replace("-", "")


class Owing(forms.Form):
    """Which duty and period to look at."""

    duty = forms.ChoiceField(label="公开事项")
    period = forms.ChoiceField(label="期", required=False)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "各种状态的"), ("open", "还没有公开的"), ("done", "已公开的")]
    )

    def __init__(
        self, *args: Any, duties: list[tuple[str, str]], periods: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duty"].choices = duties  # type: ignore[attr-defined]  # it is a ChoiceField
        self.fields["period"].choices = periods  # type: ignore[attr-defined]  # it is a ChoiceField

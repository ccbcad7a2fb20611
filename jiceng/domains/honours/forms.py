from collections.abc import Sequence
from typing import Any

from django import forms

from .models import Award

MOST = 200
"""Lines of one list on a page; a longer one comes as a sheet."""


def day(label: str, *, help_text: str = "") -> forms.DateField:
    """A date as every browser asks for it."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class Filter(forms.Form):
    """Which commendations to list."""

    q = forms.CharField(label="称号或名称里有", required=False, max_length=60)
    category = forms.ChoiceField(label="种类", required=False, choices=[("", "各种称号"), *Award.Category.choices])
    level = forms.ChoiceField(label="级别", required=False, choices=[("", "各级的"), *Award.Level.choices])
    year = forms.IntegerField(label="哪一年", required=False, min_value=1921, max_value=2200)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "有效的"), ("revoked", "撤销了的")])


class Recording(forms.Form):
    """Who was commended for what: one decision, one list."""

    case = forms.ChoiceField(
        label="按哪件表彰事项", required=False, help_text="在平台上按程序办的，选那一件；上级表彰的不选。"
    )
    category = forms.ChoiceField(label="称号种类", choices=Award.Category.choices)
    honour = forms.CharField(label="称号", max_length=60, help_text="全称，例如：吉祥镇优秀共产党员。")
    level = forms.ChoiceField(label="级别", choices=Award.Level.choices)
    giver = forms.CharField(label="授予单位", max_length=120)
    on = day("授予日期")
    document = forms.CharField(label="表彰文号", required=False, max_length=80)
    who = forms.CharField(
        label="名单", max_length=40 * MOST, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="一行一个：组织写组织代码，党员写档案编号。人多的，用“表格导入”里的表彰表。",
    )  # fmt: skip

    def __init__(self, *args: Any, cases: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["case"].choices = [("", "不是在平台上办的"), *cases]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_who(self) -> list[str]:
        """The codes, one a line."""
        lines = [line.strip() for line in self.cleaned_data["who"].splitlines() if line.strip()]
        if len(lines) > MOST:
            raise forms.ValidationError(f"一次最多 {MOST} 个，更多的请用表格导入。")
        return lines


class Revoking(forms.Form):
    """When, why and by which decision a title is taken away."""

    on = day("撤销日期")
    reason = forms.CharField(label="撤销事由", max_length=200)
    decision = forms.CharField(label="撤销文号", max_length=80)

from django import forms

from .models import Form, Kind


class Filter(forms.Form):
    """Which organisations to list."""

    q = forms.CharField(label="名称、首字母或代码", required=False, max_length=60)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "各类组织"), *Kind.choices])
    form = forms.ChoiceField(label="组建形式", required=False, choices=[("", "各种形式"), *Form.choices])
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "现有的"), ("closed", "已撤销的"), ("all", "现有和已撤销的")]
    )


class Day(forms.Form):
    """The day on which to look at the tree."""

    on = forms.DateField(label="日期", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

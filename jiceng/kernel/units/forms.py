from typing import Any

from django import forms

from .actions import NewUnit, State
from .models import Unit, UnitState


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A date as every browser asks for it."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class Filter(forms.Form):
    """Which units to list."""

    q = forms.CharField(label="名称、首字母、代码", required=False, max_length=60)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "各类单位"), *Unit.Kind.choices])
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "现有的"), *UnitState.Activity.choices, ("closed", "已注销的"), ("all", "现有和已注销的")],
    )


class Description(forms.Form):
    """How a unit is from some day on."""

    grade = forms.CharField(
        label="细分类别", required=False, max_length=40, help_text="本地的分类，例如“五类企业”；没有可以不填。"
    )
    staff = forms.IntegerField(label="职工人数", min_value=0, max_value=10_000_000)
    premises = forms.BooleanField(label="有固定经营场所", required=False)
    activity = forms.ChoiceField(label="经营状态", choices=UnitState.Activity.choices)
    on = day("从哪天起", help_text="这一天起是这样；之前的情况留在沿革里。")

    def said(self) -> dict[str, Any]:
        """What the verb is told."""
        told = dict(self.cleaned_data)
        return {"on": told.pop("on"), "state": State(**told)}


class Registration(Description):
    """What a new unit is called and what it is."""

    code = forms.CharField(label="单位代码", max_length=32, help_text="本系统里用的代码，登记后不再改。")
    name = forms.CharField(label="名称", max_length=120)
    kind = forms.ChoiceField(label="类别", choices=Unit.Kind.choices)
    credit_code = forms.CharField(
        label="统一社会信用代码", required=False, max_length=24, help_text="18 位，没有的不填。"
    )
    registered_on = day("登记日期", required=False, help_text="营业执照或登记证上的成立日期。")

    field_order = ("code", "name", "kind", "credit_code", "registered_on")

    def said(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        state = State(**{key: told.pop(key) for key in ("grade", "staff", "premises", "activity")})
        return {"on": told.pop("on"), "new": NewUnit(state=state, **told)}


class Correction(forms.Form):
    """What was written wrong from the start."""

    name = forms.CharField(label="名称", max_length=120)
    kind = forms.ChoiceField(label="类别", choices=Unit.Kind.choices)
    credit_code = forms.CharField(label="统一社会信用代码", required=False, max_length=24)
    registered_on = day("登记日期", required=False)


class Closing(forms.Form):
    """From when on the unit is no more."""

    on = day("注销日期", help_text="当天起不再计入；之前的数字不变。")


class HandingOver(forms.Form):
    """Who looks after the unit from then on."""

    code = forms.CharField(label="新的联系组织的代码", max_length=32)
    on = day("从哪天起")

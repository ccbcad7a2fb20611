from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.units.models import Unit

from .models import Coverage, Spell


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A date as every browser asks for it."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class Filter(forms.Form):
    """Which units to list, and of which day."""

    cover = forms.ChoiceField(
        label="覆盖", required=False, choices=[("", "不论是否覆盖"), *Spell.Form.choices, ("any", "已覆盖")]
    )
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "各类单位"), *Unit.Kind.choices])
    staff = forms.IntegerField(label="职工人数不少于", required=False, min_value=0, max_value=10_000_000)
    q = forms.CharField(label="名称、首字母、代码", required=False, max_length=60)
    on = day("日期", required=False)


class PairFilter(forms.Form):
    """Which pairs to list, and of which day."""

    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "各类单位"), *Unit.Kind.choices])
    q = forms.CharField(label="单位或组织的名称", required=False, max_length=60)
    on = day("日期", required=False)


class Other(forms.Form):
    """An organisation, by its code or its whole name, among those within reach."""

    organisation = forms.CharField(label="党组织", max_length=120, help_text="填组织代码，或者完整的名称。")

    def __init__(self, *args: Any, reachable: QuerySet[Organisation], **more: Any) -> None:
        super().__init__(*args, **more)
        self.reachable = reachable

    def clean_organisation(self) -> Organisation:
        said = self.cleaned_data["organisation"].strip()
        found = list(self.reachable.filter(code=said)[:1]) or list(self.reachable.filter(name=said)[:2])
        if not found:
            raise ValidationError("您管理的范围里没有这个代码或名称的现有组织。")
        if len(found) > 1:
            raise ValidationError("有不止一个组织叫这个名称，请填代码。")
        return found[0]


class Covering(Other):
    """Who covers a unit from some day on, and how."""

    form = forms.ChoiceField(label="覆盖方式", choices=Coverage.Form.choices)
    on = day("从哪天起")


class Pairing(Other):
    """Whom a unit stands by from some day on, and what for."""

    purpose = forms.CharField(label="结对做什么", max_length=200)
    on = day("从哪天起")


class Ending(forms.Form):
    """The day from which it is over."""

    on = day("结束日期", help_text="当天起不再算；之前的数字不变。")

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from .actions import Because, New
from .models import DIGITS, RANK, Level, Place


def _day(label: str, help_text: str = "") -> forms.DateField:
    """A date as every browser asks for it."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class Filter(forms.Form):
    """Which places to list."""

    q = forms.CharField(label="名称或代码", required=False, max_length=40)
    level = forms.ChoiceField(label="层级", required=False, choices=[("", "各级"), *Level.choices])
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "现有和已撤销的"), ("living", "现有的"), ("ended", "已撤销的")]
    )


class Day(forms.Form):
    """The day on which to look at a place."""

    on = _day("日期")


class OtherField(forms.CharField):
    """Another living place, by its code or its whole name, among those within reach."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=60, help_text="填地方代码，或者完整的名称。", **more)
        self.reachable: QuerySet[Place] = Place.objects.none()

    def clean(self, value: Any) -> Place | None:
        said = super().clean(value)
        if not said:
            return None
        found = list(self.reachable.filter(code=said)[:2]) or list(self.reachable.filter(name=said)[:4])
        if not found:
            raise ValidationError("您管理的范围里没有这个代码或名称的现有地方。请到“地方”里查准代码再填。")
        if len(found) > 1:
            codes = "、".join(one.code for one in found[:3])
            raise ValidationError(f"不止一个地方叫这个名称，请填代码：{codes}{'……' if len(found) > 3 else ''}。")
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Place) else value


class Change(forms.Form):
    """Why, on which day and by which paper `place` changes. `reachable` gives the places that may be named."""

    on = _day("生效日期", "批复或决定里写的日期，不能晚于今天。")
    reason = forms.CharField(label="事由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    document = forms.CharField(
        label="批准文号", required=False, max_length=80, help_text="乡、村等区划的变动要填；网格和楼栋没有的不填。"
    )

    def __init__(self, *args: Any, place: Place, reachable: Callable[[], QuerySet[Place]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.place = place
        for field in self.fields.values():
            if isinstance(field, OtherField):
                field.reachable = reachable()

    def clean(self) -> dict[str, Any]:
        """Divisions change by the paper of a government: 村民委员会组织法第三条第三款, 行政区划管理条例."""
        told = super().clean() or {}
        level = told.get("level") or self.place.level
        if level in DIGITS and not told.get("document"):
            self.add_error("document", f"{Level(level).label}区划的变动由县级以上政府批准。请填写批准文号。")
        return told

    def said(self) -> dict[str, Any]:
        """What the verb is told."""
        told = dict(self.cleaned_data)
        return {"because": Because(told.pop("on"), told.pop("reason"), told.pop("document")), **told}


class Addition(Change):
    """A new place below."""

    level = forms.ChoiceField(label="层级")
    name = forms.CharField(label="名称", max_length=60)
    code = forms.CharField(
        label="代码", required=False, max_length=32, help_text="区划填 12 位代码；网格和楼栋不填就接着上级的代码编。"
    )
    field_order = ("level", "name", "code")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        above = Level(self.place.level)
        fits = [one for one in Level if RANK[one] > RANK[above] or one == above == Level.CELL]
        named = [(one.value, one.label) for one in fits]
        self.fields["level"].choices = named  # type: ignore[attr-defined]  # it is a ChoiceField

    def said(self) -> dict[str, Any]:
        told = super().said()
        return {"because": told.pop("because"), "new": New(**told)}


class Renaming(Change):
    """A new name."""

    name = forms.CharField(label="新名称", max_length=60)
    field_order = ("name",)


class Recoding(Change):
    """A new code."""

    code = forms.CharField(label="新代码", max_length=32)
    field_order = ("code",)


class Move(Change):
    """Another parent."""

    parent = OtherField(label="划归哪个地方")
    field_order = ("parent",)


class Merger(Change):
    """Where everything goes."""

    into = OtherField(label="并入哪个地方")
    field_order = ("into",)


class Closing(Change):
    """The place is no more."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from .indicators import Structure


class Question(forms.Form):
    """截至哪天、按哪个时候的隶属关系、按哪天以前入库的记录。"""

    on = forms.DateField(
        label="截止日期", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    structure = forms.ChoiceField(
        label="隶属关系",
        required=False,
        choices=[("", "按指标规定"), ("then", "按当时的隶属关系"), ("now", "按现在的隶属关系")],
    )
    known_on = forms.DateField(
        label="只算到哪天入库的记录", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def clean_on(self) -> date | None:
        return _not_before_1900(self.cleaned_data["on"])

    def clean_known_on(self) -> date | None:
        return _not_before_1900(self.cleaned_data["known_on"])

    def question(self) -> dict[str, Any]:
        """`on`, `structure` and `known_at` as queries take them; today, and known now, where nothing is said."""
        said = self.cleaned_data if self.is_valid() else {}
        structure: Structure | None = said.get("structure") or None
        return {
            "on": said.get("on") or timezone.localdate(), "structure": structure,
            "known_at": _end_of(said["known_on"]) if said.get("known_on") else None,
        }  # fmt: skip


def _not_before_1900(day: date | None) -> date | None:
    if day is not None and day.year < 1900:
        raise forms.ValidationError("请填 1900 年以后的日期。")
    return day


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))

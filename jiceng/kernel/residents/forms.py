from typing import Any

from django import forms

from .actions import NewListing
from .models import Listing

_ROLLS = Listing.Roll.choices


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **more)


class Filter(forms.Form):
    """Whom to list."""

    q = forms.CharField(label="姓名里有", required=False, max_length=60)
    roll = forms.ChoiceField(label="名册", required=False, choices=[("", "各种名册"), *_ROLLS])


class Listed(forms.Form):
    """Names for a roll, one a line."""

    roll = forms.ChoiceField(label="哪种名册", choices=_ROLLS)
    source = forms.CharField(label="凭什么", max_length=120, help_text="例如：2026年3月各村民小组推选。")
    since = _day("从哪天起")
    until = _day("到哪天为止", required=False, help_text="任期满的第二天。村民代表要写，和村委会的任期相同。")
    names = forms.CharField(
        label="名单", max_length=200_000, widget=forms.Textarea(attrs={"rows": 12}),
        help_text="一行一人：姓名，小组，代表几户。后两样可以不写，用逗号或空格隔开。",
    )  # fmt: skip

    def clean_names(self) -> list[NewListing]:
        found = []
        for number, line in enumerate(str(self.cleaned_data["names"]).splitlines(), start=1):
            words = line.replace("，", " ").replace(",", " ").replace("\t", " ").split()
            if not words:
                continue
            if len(words) > 3 or (len(words) == 3 and not words[2].isdecimal()):
                raise forms.ValidationError(f"第 {number} 行看不懂：写姓名、小组、代表几户，最多三样。")
            households = int(words[2]) if len(words) == 3 else None
            found.append(NewListing(words[0], words[1] if len(words) > 1 else "", households))
        return found


class Leaving(forms.Form):
    """From when on, and why."""

    on = _day("从哪天起不在名册上")
    why = forms.ChoiceField(label="为什么", choices=Listing.Leaving.choices)


class Correction(forms.Form):
    """What should have been written."""

    name = forms.CharField(label="姓名", max_length=60)
    team = forms.CharField(label="村民小组", max_length=40, required=False)
    households = forms.IntegerField(label="代表几户", required=False, min_value=1)

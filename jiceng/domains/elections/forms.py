from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from jiceng.lib.refs import new_ref

from .models import Election, Poll

MOST = 20
"""People who stand in one poll."""


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A date as every browser asks for it."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


class Filter(forms.Form):
    """Which elections to list."""

    q = forms.CharField(label="组织名称里有", required=False, max_length=60)
    year = forms.IntegerField(label="哪一年", required=False, min_value=1921, max_value=2200)
    timing = forms.ChoiceField(label="早晚", required=False, choices=[("", "不论早晚"), *Election.Timing.choices])


class Polling(forms.Form):
    """The totals of a poll, as the counters announced them."""

    body = forms.ChoiceField(label="选什么", choices=Poll.Body.choices)
    held_on = day("投票日期")
    registered = forms.IntegerField(label="登记参加选举的人数", min_value=1)
    issued = forms.IntegerField(label="发出票数", min_value=0)
    returned = forms.IntegerField(label="收回票数", min_value=0)
    spoiled = forms.IntegerField(label="废票", min_value=0, initial=0)
    stood = forms.CharField(
        label="参选人和得票", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一个：党员写档案编号，别的人写姓名；空一格写得票，例如“陈水生 312”。",
    )  # fmt: skip
    quorum = forms.CharField(
        label="有效要求", required=False, max_length=30,
        help_text="不填就照法律。另有规定的这样写：> 1/2 of roll（roll 是登记的人，present 是投了票的人）。",
    )  # fmt: skip
    passes = forms.CharField(label="当选要求", required=False, max_length=30)
    basis = forms.CharField(label="依据", required=False, max_length=300, help_text="要求和法律不一样的要写。")
    token = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.initial = {"held_on": timezone.localdate(), "spoiled": 0, "token": new_ref(), **self.initial}

    def clean_stood(self) -> list[tuple[str, int]]:
        """Who stood, and how many votes each got."""
        found = []
        for number, line in enumerate(filter(None, map(str.strip, self.cleaned_data["stood"].splitlines())), start=1):
            name, _, votes = line.replace("\u3000", " ").rpartition(" ")
            if not name.strip() or not votes.isdecimal() or len(votes) > 7:
                raise forms.ValidationError(f"第 {number} 行要写姓名或档案编号，空一格，再写得票数。")
            found.append((name.strip(), int(votes)))
        if len(found) > MOST:
            raise forms.ValidationError(f"参选人最多 {MOST} 个。")
        return found


class Taking(forms.Form):
    """By which recorded votes who takes office, and by which reply."""

    committee = forms.ChoiceField(
        label="选举委员的表决", required=False, help_text="不设委员会的党支部不选，书记由党员大会直接选举。"
    )
    secretary = forms.ChoiceField(label="选举书记的表决")
    deputy = forms.ChoiceField(label="选举副书记的表决", required=False)
    fewer = forms.ChoiceField(
        label="同意减少名额的表决", required=False, help_text="委员没有选够、选举人半数以上同意减少名额的，选那一次。"
    )
    polls = forms.MultipleChoiceField(
        label="一并就任的村级投票", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="书记同时当选主任、集体经济组织负责人的，选上。",
    )  # fmt: skip
    case = forms.ChoiceField(label="换届事项", required=False)
    on = day("就任日期")
    replied_on = day("上级批复日期")
    document = forms.CharField(label="批复文号", max_length=80)
    ends_on = day("届满日期", required=False, help_text="不填就照规定的届期。")

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[tuple[str, str]]], **more: Any) -> None:
        super().__init__(*args, **more)
        for key, offered in choices.items():
            field: Any = self.fields[key]
            field.choices = [*offered] if key == "polls" else [("", "没有"), *offered]

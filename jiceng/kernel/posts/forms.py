from typing import Any

from django import forms
from django.utils import timezone

from jiceng.kernel.access import Role

from .actions.appointments import ASSIGNED, RESERVED
from .models import JointBody, Post, Seat

ROLES = [(role.value, role.label) for role in Role if role not in RESERVED]
GIVEN = [(role.value, role.label) for role in Role if role in ASSIGNED]
LEAVINGS = [choice for choice in Post.Leaving.choices if choice[0]]


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A date as every browser asks for it."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class Search(forms.Form):
    """Who is looked for."""

    q = forms.CharField(
        label="姓名、拼音首字母，或完整的证件号码", max_length=40,
        help_text="姓名只在您管理的范围里找；外单位的人要用完整的证件号码查，本人看得到这次查找。",
    )  # fmt: skip


class Person(forms.Form):
    """Somebody who was found. What a choice stands for is signed, so that nobody else can be put in its place."""

    person = forms.ChoiceField(
        label="人选", widget=forms.RadioSelect, error_messages={"required": "请先查找并选定人选。"}
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["person"].choices = people  # type: ignore[attr-defined]


class Appointment(Person):
    """Who takes which post, since when, and by which paper."""

    role = forms.ChoiceField(label="职能", choices=ROLES)
    title = forms.CharField(
        label="职务名称", required=False, max_length=60, help_text="本地的叫法，例如“党总支书记”；不填就用职能的名称。"
    )
    source = forms.ChoiceField(label="来路", choices=Post.Source.choices, initial=Post.Source.APPOINTED)
    since = day("上任日期")
    until = day("离任日期", required=False, help_text="选派有期限的填；一般不填。")
    document = forms.CharField(label="任职文号", required=False, max_length=80)


class Handover(Person):
    """Who comes after."""

    on = day("交接日期", help_text="当天起由接任的人办事，待办一并转过去。")
    source = forms.ChoiceField(label="接任人的来路", choices=Post.Source.choices, initial=Post.Source.APPOINTED)
    leaving = forms.ChoiceField(label="原任的离任原因", choices=LEAVINGS)
    document = forms.CharField(label="任职文号", required=False, max_length=80)


class Vacating(forms.Form):
    """When and why somebody leaves a post."""

    on = day("离任日期", help_text="这一天起不再担任。")
    leaving = forms.ChoiceField(label="离任原因", choices=LEAVINGS)


class Correction(forms.Form):
    """What was written wrong from the start."""

    since = day("上任日期")
    title = forms.CharField(label="职务名称", max_length=60)
    source = forms.ChoiceField(label="来路", choices=Post.Source.choices)
    document = forms.CharField(label="任职文号", required=False, max_length=80)


class Administrator(forms.Form):
    """Whom the security administrator gives a post: somebody who has an account already."""

    username = forms.CharField(label="登录名", max_length=40, help_text="先给本人开通账号，再在这里设置岗位。")
    role = forms.ChoiceField(label="岗位", choices=GIVEN)
    since = day("起始日期")
    document = forms.CharField(label="文号", required=False, max_length=80)


class Slips(forms.Form):
    """For holders of which posts accounts are opened."""

    role = forms.ChoiceField(label="担任这种职务的人", choices=ROLES, initial=Role.SECRETARY)


class On(forms.Form):
    """The day on which to look at a team."""

    on = day("日期", required=False)

    @property
    def chosen(self) -> Any:
        """The day asked for, or today."""
        asked = self.cleaned_data.get("on") if self.is_valid() else None
        return asked or timezone.localdate()


class Terms(forms.Form):
    """Which terms to list."""

    within = forms.ChoiceField(
        label="什么时候届满", required=False,
        choices=[("", "12 个月内"), ("6", "6 个月内"), ("3", "3 个月内"), ("0", "已经超期")],
    )  # fmt: skip
    q = forms.CharField(label="组织名称", required=False, max_length=60)

    @property
    def months(self) -> int:
        """How far ahead; 0 asks for those that are over their end."""
        asked = self.cleaned_data["within"] if self.is_valid() else ""
        return int(asked or 12)


class Term(forms.Form):
    """A term of office."""

    since = day("本届开始")
    ends_on = day(
        "届满日期", required=False,
        help_text="不填就照规定：党委和村、社区的党组织五年，其他党总支、党支部三年。",
    )  # fmt: skip
    document = forms.CharField(label="批准文号", required=False, max_length=80, help_text="提前换届、届期更长的要填。")


class TermCorrection(forms.Form):
    """What was written wrong of the running term."""

    since = day("本届开始")
    ends_on = day("届满日期")
    number = forms.IntegerField(label="第几届", min_value=1, max_value=99)
    document = forms.CharField(label="批准文号", required=False, max_length=80)


class Extension(forms.Form):
    """A later end, approved by the level above."""

    ends_on = day("新的届满日期")
    document = forms.CharField(label="上级批准的文号", max_length=80)


class Body(forms.Form):
    """A joint body to be formed."""

    name = forms.CharField(label="名称", max_length=120)
    kind = forms.ChoiceField(label="种类", choices=JointBody.Kind.choices)
    since = day("组建日期")
    document = forms.CharField(label="批准文号", required=False, max_length=80)


class Bodies(forms.Form):
    """Which joint bodies to list."""

    q = forms.CharField(label="名称里有", required=False, max_length=40)
    kind = forms.ChoiceField(label="种类", required=False, choices=[("", "各种"), *JointBody.Kind.choices])


class NewSeat(Person):
    """Who takes a seat, for whom."""

    represented = forms.CharField(
        label="代表的组织的代码", required=False, max_length=32, help_text="不填就是本人党组织关系所在的组织。"
    )
    capacity = forms.ChoiceField(label="席位身份", choices=Seat.Capacity.choices, initial=Seat.Capacity.MEMBER)
    since = day("就任日期")


class Pair(forms.Form):
    """A unit to build together with."""

    code = forms.CharField(label="单位代码或统一社会信用代码", max_length=32)
    since = day("开始日期")


class Ending(forms.Form):
    """The first day without it."""

    on = day("结束日期", help_text="这一天起不再算。")


class Dissolution(Ending):
    """When and why a joint body ends."""

    reason = forms.CharField(label="撤销事由", max_length=200)

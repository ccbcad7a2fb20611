from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from jiceng.kernel.orgs.actions import Because, New
from jiceng.kernel.orgs.models import Form, Kind, Organisation

from .actions import Part

CREATED = [choice for choice in Form.choices if choice[0] != Form.TEMPORARY]


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A date as every browser asks for it."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class OtherField(forms.CharField):
    """Another organisation, by its code or its whole name, among those within reach."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("help_text", "填组织代码，或者完整的名称。")
        super().__init__(max_length=120, **more)
        self.reachable: QuerySet[Organisation] = Organisation.objects.none()

    def clean(self, value: Any) -> Organisation | None:
        said = super().clean(value)
        if not said:
            return None
        found = list(self.reachable.filter(code=said)[:1]) or list(self.reachable.filter(name=said)[:4])
        if not found:
            raise ValidationError("您管理的范围里没有这个代码或名称的现有组织。")
        if len(found) > 1:
            codes = "、".join(one.code for one in found[:3])
            raise ValidationError(f"有不止一个组织叫这个名称，请填代码：{codes}{'……' if len(found) > 3 else ''}。")
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Organisation) else value


class Change(forms.Form):
    """Why, on which day and by which paper. `reachable` gives the organisations that may be named."""

    on = day("生效日期", help_text="批复或决定里写的日期，不能晚于今天。")
    reason = forms.CharField(label="事由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    document = forms.CharField(label="批准文号", required=False, max_length=80)

    def __init__(self, *args: Any, reachable: Callable[[], QuerySet[Organisation]], **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            if isinstance(field, OtherField):
                field.reachable = reachable()

    def said(self) -> dict[str, Any]:
        """What the verb is told."""
        told = dict(self.cleaned_data)
        return {"because": Because(told.pop("on"), told.pop("reason"), told.pop("document")), **told}


class Renaming(Change):
    """A new name."""

    name = forms.CharField(label="新名称", max_length=120)
    field_order = ("name",)


class Upgrade(Change):
    """A higher kind."""

    kind = forms.ChoiceField(label="升格为", choices=Kind.choices)
    name = forms.CharField(label="新名称", max_length=120, required=False, help_text="不填就不改名。")
    field_order = ("kind", "name")


class Move(Change):
    """Another parent."""

    parent = OtherField(label="新的上级组织")
    field_order = ("parent",)


class Merger(Change):
    """Where everything goes."""

    into = OtherField(label="并入哪个组织")
    field_order = ("into",)


class Dissolution(Change):
    """Where members go, if there are any."""

    destination = OtherField(
        label="党员转到哪个组织", required=False, help_text="还有党员的要填：组织代码，或者完整的名称。没有党员的不填。"
    )
    field_order = ("destination",)


class Ending(Change):
    """A temporary organisation is done."""


class Founding(Change):
    """A new organisation below."""

    code = forms.CharField(label="组织代码", max_length=32, help_text="设立后一般不改。")
    name = forms.CharField(label="名称", max_length=120)
    kind = forms.ChoiceField(label="类别", choices=Kind.choices, initial=Kind.BRANCH)
    form = forms.ChoiceField(label="组建形式", choices=Form.choices, initial=Form.STANDARD)
    phone = forms.CharField(label="办公电话", required=False, max_length=30)
    mission = forms.CharField(label="任务", required=False, max_length=200, help_text="临时组织要填。")
    ends_on = day("任务到期日期", required=False, help_text="临时组织要填；到期第二天自动撤销，借用的党员回原组织。")
    field_order = ("code", "name", "kind", "form", "phone", "mission", "ends_on")

    def said(self) -> dict[str, Any]:
        told = super().said()
        return {"because": told.pop("because"), "new": New(**told)}


class Split(Change):
    """One organisation out of another, with the children and members that go over. `people` are those to choose from:
    primary key, address and name."""

    code = forms.CharField(label="新组织的代码", max_length=32)
    name = forms.CharField(label="新组织的名称", max_length=120)
    kind = forms.ChoiceField(label="类别", choices=Kind.choices)
    form = forms.ChoiceField(label="组建形式", choices=CREATED, initial=Form.STANDARD)
    children = forms.CharField(
        label="一起分出去的下级组织", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="填下级组织的代码，一行一个；没有的不填。",
    )  # fmt: skip
    members = forms.MultipleChoiceField(
        label="一起分出去的党员", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="勾选的从生效日期起转到新组织，不勾的留下。要拆成几个的，一个一个拆。",
    )  # fmt: skip
    field_order = ("code", "name", "kind", "form", "children", "members")

    def __init__(
        self, *args: Any, reachable: Callable[[], QuerySet[Organisation]], people: Sequence[tuple[int, str, str]],
        **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, reachable=reachable, **more)
        self.reachable = reachable
        self.keys = {ref: pk for pk, ref, _ in people}
        named = [(ref, name) for _, ref, name in people]
        self.fields["members"].choices = named  # type: ignore[attr-defined]  # it is a ChoiceField
        if not people:
            del self.fields["members"]

    def clean_children(self) -> str:
        codes = self.cleaned_data["children"].split()
        known = {one.code: one for one in self.reachable().filter(code__in=codes)}
        missing = [code for code in codes if code not in known]
        if missing:
            raise ValidationError(f"您管理的范围里没有这些代码的现有组织：{'、'.join(missing)}。")
        self.chosen = [known[code] for code in codes]
        return "\n".join(codes)

    def said(self) -> dict[str, Any]:
        told = super().said()
        because = told.pop("because")
        told.pop("children")
        members = [self.keys[ref] for ref in told.pop("members", ())]
        return {"because": because, "into": [Part(New(**told), members=members, children=self.chosen)]}

"""A form of declared fields, with the widgets that people know; what was typed stays when something is wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.reorganisation.forms import OtherField

from .declarations import Field, Kept, Said, Wrong, read, text_of


class Declared(forms.Form):
    """One form field for each declared one, by the same key."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, declared: Sequence[Field], said: Said | None = None,
        reachable: QuerySet[Organisation] | None = None,
    ) -> None:  # fmt: skip
        self.declared = {one.key: one for one in declared}
        super().__init__(data, initial={one.key: text_of(one, (said or {}).get(one.key)) for one in declared})
        for one in declared:
            self.fields[one.key] = _form_field(one)
            if one.type == "organisation" and reachable is not None:
                self.fields[one.key].reachable = reachable  # type: ignore[attr-defined]  # an OtherField

    def clean(self) -> dict[str, Any]:
        """Each text is read by its declaration; what is wrong stands at its field, and what was typed stays."""
        for key, one in self.declared.items():
            if key not in self.cleaned_data:
                continue
            try:
                value = self.cleaned_data[key]
                self.cleaned_data[key] = read(one, value.ref if isinstance(value, Organisation) else str(value or ""))
            except Wrong as wrong:
                self.add_error(key, str(wrong))
        return self.cleaned_data

    @property
    def said(self) -> dict[str, Kept]:
        """The values, without what was left empty. Ask only a valid form."""
        return {key: self.cleaned_data[key] for key in self.declared if self.cleaned_data.get(key) is not None}


class Named(OtherField):
    """An organisation by its code or its whole name; what was kept is shown by its code."""

    def prepare_value(self, value: Any) -> Any:
        """The code of a ref that was kept; what was typed stays."""
        found = Organisation.objects.filter(ref=value).first() if isinstance(value, str) and value else value
        return super().prepare_value(found or value)


def _form_field(one: Field) -> forms.Field:
    told: Mapping[str, Any] = {"label": one.label, "help_text": one.help, "required": False}
    match one.type:
        case "choice":
            choices = [("", "请选择"), *((c.key, c.label) for c in one.choices)]
            return forms.ChoiceField(choices=choices, **told)
        case "flag":
            empty = [("", "没有填")] if one.optional else []
            return forms.ChoiceField(choices=[*empty, ("否", "否"), ("是", "是")], **told)
        case "organisation":
            return Named(**{**told, "help_text": one.help or "填组织代码，或者完整的名称。"})
        case "paragraph":
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 6}), **told)
        case "date":
            return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **told)
        case "integer" | "money":
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **told)
        case _:
            return forms.CharField(**told)

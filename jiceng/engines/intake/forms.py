from collections.abc import Sequence
from typing import Any

from django import forms

from . import actions

STATES = (("", "各种状态的"), ("open", "还没办完的"), ("applied", "已入库的"), ("undone", "已撤回的"))


class Filter(forms.Form):
    """Which batches to list."""

    sheet = forms.ChoiceField(label="表", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)

    def __init__(self, *args: Any, sheets: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [("", "所有的表"), *sheets]  # type: ignore[attr-defined]  # it is a ChoiceField


class Upload(forms.Form):
    """Which sheet, in whose name, and the file."""

    sheet = forms.ChoiceField(label="导入哪一张表", widget=forms.RadioSelect)
    organisation = forms.TypedChoiceField(
        label="以哪个组织的身份", coerce=int, help_text="只能导入这个组织和它下级的内容。"
    )
    file = forms.FileField(
        label="文件",
        help_text=f".xlsx、.xls（Excel、WPS 都可以）或 .csv，不超过 {actions.LARGEST >> 20} MB。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.et,.csv,.txt"}),
        error_messages={"required": "请选择一个文件。", "empty": "文件是空的。请检查后重新选择。"},
    )

    def __init__(
        self, *args: Any, sheets: Sequence[tuple[str, str]], organisations: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = list(sheets)  # type: ignore[attr-defined]  # it is a ChoiceField
        self.fields["organisation"].choices = list(organisations)  # type: ignore[attr-defined]  # it is a ChoiceField

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > actions.LARGEST:
            raise forms.ValidationError(f"文件超过 {actions.LARGEST >> 20} MB，请分成几份上传。")
        return file


class Export(forms.Form):
    """What to take out, how, and what for."""

    purpose = forms.CharField(
        label="用途", min_length=4, max_length=200, help_text="表上的每个人都看得到这次导出和它的用途。",
        error_messages={
            "required": "请写明用途，例如：核对 2026 年度党内统计。", "min_length": "请用一句话写明用途，例如：核对 2026 年度党内统计。",
        },
    )  # fmt: skip
    organisation = forms.TypedChoiceField(label="哪个组织和它的下级", coerce=int)
    kind = forms.ChoiceField(
        label="格式", choices=(("xlsx", "Excel"), ("csv", "CSV")), widget=forms.RadioSelect, initial="xlsx"
    )

    def __init__(
        self, *args: Any, organisations: Sequence[tuple[int, str]], tells_of_people: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not tells_of_people:
            del self.fields["purpose"]
        self.fields["organisation"].choices = list(organisations)  # type: ignore[attr-defined]  # it is a ChoiceField

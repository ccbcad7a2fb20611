from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict

from jiceng.engines.assembly.declarations import Share, Sitting
from jiceng.engines.assembly.models import Meeting
from jiceng.engines.fields.declarations import Field, Kept
from jiceng.engines.fields.forms import Declared
from jiceng.kernel.files.cleaning.outside import cleaned
from jiceng.kernel.files.cleaning.refusing import LARGEST
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Person
from jiceng.kernel.reorganisation.forms import OtherField
from jiceng.lib.refs import new_ref
from jiceng.lib.refusals import Refused

from .actions import Told
from .declarations import Procedure, Step

STATES = (
    ("", "各种状态的"), ("running", "正在办的"), ("late", "过了期限的"), ("suspended", "中止的"), ("ended", "办结的"), ("withdrawn", "撤回的"),
)  # fmt: skip


class Filter(forms.Form):
    """Which cases to list."""

    q = forms.CharField(label="名称里有，或编号是", required=False, max_length=60)
    procedure = forms.ChoiceField(label="程序", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)
    mine = forms.ChoiceField(label="等谁办", required=False, choices=(("", "不论等谁办"), ("1", "等我办的")))

    def __init__(self, *args: Any, procedures: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["procedure"].choices = [("", "各种程序的"), *procedures]  # type: ignore[attr-defined]  # a ChoiceField


class Act(Declared):
    """What every act says: the day, the declared fields, why; and, unseen, its own number and what was seen."""

    day = forms.DateField(label="哪一天的事", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    why = forms.CharField(label="说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, today: date, seen: int | None = None, why: str = "",
        declared: Sequence[Field] = (), said: Mapping[str, Kept] | None = None,
        reachable: QuerySet[Organisation] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, declared=declared, said=said, reachable=reachable)
        self.initial = {**self.initial, "day": today, "token": new_ref(), "seen": seen}
        self.fields["day"].help_text = "现在补录以前的事也可以，会注明是补录。"
        if why:
            self.fields["why"].label = why
        self.order_fields([*(["title"] if "title" in self.fields else []), "day", "outcome", *self.declared, "why"])

    @property
    def told(self) -> Told:
        """What the verb is told. Ask only a valid form."""
        said = self.cleaned_data
        return Told(said["day"], self.said, said["why"], said["token"], said["seen"])


class Keeping(Act):
    """Where the original of a document is, or what it looks like, or both."""

    scan = forms.FileField(
        label="扫描件或照片", required=False, max_length=200,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"}),
        help_text="PDF、照片或 Word、Excel，不超过 20 MB。拍摄地点、作者这些看不见的内容会去掉。几张照片的，一张记一条。",
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None = None, *, sent: Any = None, today: date) -> None:
        super().__init__(data, today=today, why="原件存放在哪里（交了扫描件的可以不填）")
        self.files = MultiValueDict() if sent is None else sent
        self.order_fields(["day", "scan", "why"])

    def clean_scan(self) -> Any:
        """The file without what does not show, or a sentence why it cannot be kept."""
        file = self.cleaned_data["scan"]
        if file is None:
            return None
        if file.size > LARGEST:
            raise forms.ValidationError("文件超过 20 MB。请缩小或分成几份再传。")
        try:
            return cleaned(file.read(), file.name)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class PersonField(forms.ModelChoiceField[Person]):
    """One of the organisation's own people. Two of one name are told apart by the year of birth."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}，{obj.birth_on.year} 年生，{'党员' if obj.is_member else '不是党员'}"


class Opening(Act):
    """A new case: what it is called, and what the file asks for at its beginning."""

    title = forms.CharField(label="事项名称", max_length=120, help_text="一句话，例如：村口到晒谷场的路。")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, procedure: Procedure, today: date,
        people: QuerySet[Person] | None = None, reachable: QuerySet[Organisation] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, today=today, declared=procedure.field, why="补充说明", reachable=reachable)
        if people is not None:
            del self.fields["title"]
            self.fields["person"] = PersonField(people, label="关于谁", to_field_name="ref", empty_label="请选择")
            self.order_fields(["person"])


class HandingOver(Act):
    """Who answers for the case from now on, and why."""

    to = OtherField(label="移交给哪个组织")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, reachable: QuerySet[Organisation], **more: Any
    ) -> None:
        super().__init__(data, why="为什么移交", **more)
        self.fields["to"].reachable = reachable  # type: ignore[attr-defined]  # an OtherField
        self.order_fields(["to"])


class Ending(Act):
    """How a step ends, and what it asks for. Fields are asked for only where the outcome goes on."""

    outcome = forms.ChoiceField(label="结果", widget=forms.RadioSelect)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, step: Step, today: date, seen: int,
        said: Mapping[str, Kept], reachable: QuerySet[Organisation] | None = None,
    ) -> None:  # fmt: skip
        declared = [one.model_copy(update={"optional": True}) for one in step.field]
        super().__init__(
            data, today=today, seen=seen, declared=declared, said=said, reachable=reachable,
            why="原因（不能照规定办、退回或不通过的要写）",
        )  # fmt: skip
        self.fields["outcome"].choices = [(one.key, one.label) for one in step.outcome]  # type: ignore[attr-defined]
        self.initial["outcome"] = step.outcome[0].key


class Bringing(Act):
    """Which meeting that was entered already, and which of its votes."""

    sitting = forms.ChoiceField(label="哪次会、哪次表决")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, choices: Sequence[tuple[Meeting, int, str]], **more: Any
    ) -> None:
        super().__init__(data, why="说明", **more)
        self.found = {f"{meeting.ref}.{vote}": (meeting, vote) for meeting, vote, _ in choices}
        shown = [(f"{meeting.ref}.{vote}", said) for meeting, vote, said in choices]
        self.fields["sitting"].choices = shown  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["sitting"].help_text = "" if shown else "还没有记过这样的会，请先记一次。"
        self.order_fields(["sitting"])

    @property
    def meeting(self) -> Meeting:
        """The meeting that was chosen. Ask only a valid form."""
        return self.found[self.cleaned_data["sitting"]][0]

    @property
    def vote(self) -> int:
        """The number of the vote; 0 where the meeting did not vote."""
        return self.found[self.cleaned_data["sitting"]][1]


class Posting(Act):
    """What is put up, as it was drafted from the fields, to be read once more."""

    title = forms.CharField(label="标题", max_length=200)
    text = forms.CharField(label="正文", max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}))
    phone = forms.CharField(label="办公电话", max_length=30, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, drafted: Mapping[str, str], **more: Any) -> None:
        super().__init__(data, why="以前只贴在公开栏的，写明贴在哪里、有没有异议", **more)
        self.initial = {**self.initial, **drafted}
        self.fields["day"].label = "从哪天起公开"
        self.order_fields(["title", "text", "phone", "day"])


def rule_of(sitting: Sitting) -> str:
    """By which rule the meeting is held, in words."""
    said = [f"应到：{sitting.electorate.word}"]
    if sitting.quorum:
        said.append(f"到会{Share.read(sitting.quorum).said}才能开")
    if sitting.elects:
        said.append(f"纸票选举，当选要赞成{Share.read(sitting.passes).said}")
    elif sitting.passes:
        said.append(f"{'无记名，' if sitting.secret else ''}赞成{Share.read(sitting.passes).said}才通过")
    return f"{'；'.join(said)}。{f'依据：{sitting.basis}。' if sitting.basis else ''}"


def day_of(text: str | None, today: date) -> date:
    """The day that a form names, or today."""
    try:
        return min(date.fromisoformat(text or ""), today)
    except ValueError:
        return today

"""The sample forms of the gallery."""

from django import forms

KINDS = (
    ("", "所有类型"),
    ("assembly", "党员大会"),
    ("committee", "支委会"),
    ("group", "党小组会"),
    ("lecture", "党课"),
)
REACHES = (("below", "本级及以下"), ("here", "只看本级"))
PERIODS = (("year", "今年"), ("quarter", "本季度"), ("month", "本月"))


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="会议名称", max_length=60, help_text="写清讨论什么，例如“讨论村集体收益分配”。")
    kind = forms.ChoiceField(label="类型", choices=KINDS[1:], widget=forms.RadioSelect)
    held_on = forms.DateField(label="召开日期", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    place = forms.ChoiceField(label="地点", choices=(("", "请选择"), ("hall", "党群服务中心"), ("school", "村小学")))
    amount = forms.IntegerField(label="涉及金额", required=False, min_value=0)
    topics = forms.MultipleChoiceField(
        label="议题", required=False, widget=forms.CheckboxSelectMultiple,
        choices=(("land", "土地流转"), ("money", "收益分配"), ("road", "道路维修，包括入户路硬化、排水沟清理和路灯更换等全部内容")),
    )  # fmt: skip
    minutes = forms.CharField(label="记录", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    scan = forms.FileField(label="签字扫描件", required=False, help_text="PDF 或照片，不超过 20 MB。")
    heard = forms.BooleanField(label="已向全体到会人员宣读")
    draft = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, object] | None:
        """The gallery shows what a refusal of the whole form looks like."""
        if self.data.get("refuse"):
            raise forms.ValidationError("这次会议的应到人数还没有确定。请先到“党员名册”核对，或问镇党建办。")
        return super().clean()


class SampleFilters(forms.Form):
    """Fields of a sentence."""

    reach = forms.ChoiceField(label="范围", choices=REACHES, required=False)
    kind = forms.ChoiceField(label="类型", choices=KINDS, required=False)
    period = forms.ChoiceField(label="时间", choices=PERIODS, required=False)
    word = forms.CharField(label="名称里有", required=False, widget=forms.TextInput(attrs={"placeholder": "任何字"}))

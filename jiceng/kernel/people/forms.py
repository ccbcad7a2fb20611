"""What pages about people ask for. Codes are chosen by name; a joining date may be known to the month only."""

from typing import Any

from django import forms

from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.units.models import Unit

from .actions import LEAVINGS, Applicant, NewMember, Told
from .declarations import DEGREE, EDUCATION, ETHNICITY, GRADE, OCCUPATION, SEX, CodeTable
from .models import Membership, Particulars, Person


def _day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "日期要像 2026-05-18 这样写。", "required": "请填写日期。"},
    )  # fmt: skip


def _codes(label: str, table: CodeTable, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=required, choices=[("", "请选择"), *table.rows],
        error_messages={"required": f"请选择{label}。"},
    )  # fmt: skip


def _line(label: str, length: int = 200, *, required: bool = True, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, required=required, help_text=help_text,
        error_messages={"required": f"请填写{label}。", "max_length": f"最多 {length} 个字。"},
    )  # fmt: skip


class Filter(forms.Form):
    """Which members to list, said as a sentence."""

    q = forms.CharField(label="姓名或拼音首字母", required=False, max_length=30)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "各类党员"), *Membership.Kind.choices])
    sex = forms.ChoiceField(label="性别", required=False, choices=[("", "男女不限"), ("1", "男"), ("2", "女")])
    age = forms.ChoiceField(
        label="年龄", required=False,
        choices=[
            ("", "各年龄"), ("-30", "30 岁及以下"), ("31-40", "31 至 40 岁"), ("41-50", "41 至 50 岁"),
            ("51-60", "51 至 60 岁"), ("61-", "61 岁及以上"),
        ],
    )  # fmt: skip
    education = forms.ChoiceField(
        label="学历", required=False,
        choices=[("", "各种学历"), ("college", "大专及以上"), ("secondary", "中专、高中"), ("lower", "初中及以下")],
    )  # fmt: skip
    station = forms.ChoiceField(
        label="在岗情况", required=False, choices=[("", "在岗不限"), *Particulars.Station.choices]
    )
    more = forms.ChoiceField(
        label="其他", required=False,
        choices=[("", "其他不限"), ("floating", "流动在外"), ("home", "不流动"), ("hardship", "生活困难")],
    )  # fmt: skip


class Purpose(forms.Form):
    """Why names below are to be read today."""

    purpose = _line("用途", help_text="当天有效；被查阅的人看得到这句话。例如：核对 2026 年度党内统计。")


class Export(forms.Form):
    """In what shape a list leaves, and what for."""

    purpose = _line("用途", help_text="名单上的每个人都看得到这次导出和它的用途。")
    shape = forms.ChoiceField(label="格式", choices=[("xlsx", "Excel 表格"), ("csv", "CSV 文本")])


class NumberSearch(forms.Form):
    """Whom to look for, by exact number only."""

    document = forms.ChoiceField(label="证件种类", choices=Person.Document.choices)
    number = forms.CharField(
        label="证件号码", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "请填写完整的证件号码。"},
    )  # fmt: skip
    reason = _line("为什么查找", help_text="本人看得到这个理由。例如：拟转入我支部。")


class Reveal(forms.Form):
    """Why a number is shown in clear."""

    reason = _line("为什么要看", help_text="会记入查阅记录，本人看得到。")


class Particular(forms.Form):
    """What the dated particulars say."""

    education = _codes("学历", EDUCATION)
    degree = _codes("学位", DEGREE, required=False)
    occupation = _codes("职业", OCCUPATION)
    grade = _codes("专业技术职务级别", GRADE, required=False)
    station = forms.ChoiceField(label="在岗情况", choices=Particulars.Station.choices)
    unit = _line("工作单位代码", 32, required=False, help_text="统一社会信用代码或单位代码；没有工作单位的不填。")
    hardship = forms.BooleanField(label="生活困难", required=False)
    skilled = forms.BooleanField(label="致富能手", required=False)

    def clean_unit(self) -> int | None:
        code = str(self.cleaned_data["unit"]).strip()
        if not code:
            return None
        found = Unit.objects.filter(code=code).first() or Unit.objects.filter(credit_code=code.upper()).first()
        if found is None:
            raise forms.ValidationError(f"没有代码为 {code} 的单位，请先登记单位。")
        return found.pk

    def told(self) -> Told:
        """The particulars as a verb takes them."""
        return Told(**{name: self.cleaned_data[name] for name in Particular.base_fields})


class Application(forms.Form):
    """Somebody who has handed in an application."""

    on = _day("收到申请书的日期")
    name = _line("姓名", 60)
    sex = _codes("性别", SEX)
    ethnicity = _codes("民族", ETHNICITY)
    document = forms.ChoiceField(label="证件种类", choices=Person.Document.choices)
    number = forms.CharField(
        label="证件号码", max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    birth_on = _day("出生日期", required=False, help_text="有居民身份证号码的可以不填，以号码为准。")
    phone = _line("手机号", 30, required=False)
    education = _codes("学历", EDUCATION)
    occupation = _codes("职业", OCCUPATION)

    def new(self) -> Applicant:
        """The applicant as the verb takes them."""
        said = {name: self.cleaned_data[name] for name in self.fields if name not in ("on", "education", "occupation")}
        return Applicant(told=Told(self.cleaned_data["education"], self.cleaned_data["occupation"]), **said)


class Admission(Particular):
    """Somebody to be registered as a member."""

    name = _line("姓名", 60)
    sex = _codes("性别", SEX)
    ethnicity = _codes("民族", ETHNICITY)
    document = forms.ChoiceField(label="证件种类", choices=Person.Document.choices)
    number = forms.CharField(
        label="证件号码", max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    birth_on = _day("出生日期", required=False, help_text="有居民身份证号码的可以不填，以号码为准。")
    phone = _line("手机号", 30, required=False)
    start = forms.ChoiceField(
        label="怎么来的",
        choices=[
            ("recorded", "建账登记（本来就是党员）"), ("admitted", "新发展"), ("transferred", "从外地转入"),
        ],
    )  # fmt: skip
    kind = forms.ChoiceField(label="党员类别", choices=Membership.Kind.choices)
    joined_on = _day("入党日期")
    joined_to = forms.ChoiceField(label="入党日期精确到", choices=Person.Precision.choices)
    full_on = _day("转正日期", required=False)
    since = _day("从哪天起算在本组织")

    field_order = (
        "name", "sex", "ethnicity", "document", "number", "birth_on", "phone", "start", "kind", "joined_on",
        "joined_to", "full_on", "since",
    )  # fmt: skip

    def new(self) -> NewMember:
        """The member as a verb takes them."""
        said = {name: self.cleaned_data[name] for name in self.field_order}
        if said["joined_to"] == Person.Precision.MONTH:
            said["joined_on"] = said["joined_on"].replace(day=1)
        return NewMember(**said, told=self.told())


class Description(Particular):
    """变更: what holds from a day on."""

    on = _day("从哪天起")


class Day(forms.Form):
    """On which day something happens."""

    on = _day("日期")


class Confirmation(Day):
    """预备转正."""


class Transfer(Day):
    """Where to, by the code or the whole name of an organisation."""

    to = _line("转到哪个组织", 120, help_text="填组织代码，或完整的组织名称。")

    def clean_to(self) -> Organisation:
        said = str(self.cleaned_data["to"]).strip()
        living = Organisation.objects.filter(closed_on=None)
        found = list(living.filter(code=said)[:1] or living.filter(name=said).order_by("path")[:6])
        if not found:
            raise forms.ValidationError(f"没有代码或名称为“{said}”的组织；名称要写全。")
        if len(found) > 1:
            codes = "、".join(f"{one.code}" for one in found)
            raise forms.ValidationError(f"叫“{said}”的组织不止一个，请填组织代码：{codes}。")
        return found[0]


class Leaving(Day):
    """How somebody leaves."""

    how = forms.ChoiceField(label="原因", choices=[(way.value, way.label) for way in LEAVINGS])


class Correction(forms.Form):
    """更正: what was written wrong, as it should have been."""

    name = _line("姓名", 60)
    sex = _codes("性别", SEX)
    birth_on = _day("出生日期")
    ethnicity = _codes("民族", ETHNICITY)
    joined_on = _day("入党日期", required=False)
    joined_to = forms.ChoiceField(label="入党日期精确到", choices=Person.Precision.choices)
    full_on = _day("转正日期", required=False)
    reason = _line("事由", help_text="凭什么认定原来登记错了，例如：核对入党志愿书。")


class Renumbering(forms.Form):
    """The right number of a document."""

    document = forms.ChoiceField(label="证件种类", choices=Person.Document.choices)
    number = forms.CharField(
        label="正确的证件号码", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    birth_on = _day("出生日期", required=False, help_text="居民身份证可以不填，以号码为准。")
    reason = _line("事由")


class Call(forms.Form):
    """A telephone number, or none."""

    phone = _line("手机号", 30, required=False, help_text="不填就是删去。")


class FloatingAway(Transfer):
    """Where a member floats to."""

    to = _line("流入地组织", 120, required=False, help_text="知道的填组织代码或完整名称；不知道的只填流入地。")
    where = _line("流入地", 80, help_text="到县、市，或园区、企业，不要写门牌号。")
    on = _day("外出日期")
    field_order = ("on", "where", "to")

    def clean_to(self) -> Organisation | None:  # type: ignore[override]  # here it may be left out
        return super().clean_to() if str(self.cleaned_data["to"]).strip() else None


class Loan(Transfer):
    """Which temporary organisation a member works in."""

    to = _line("借用组织", 120, help_text="临时组织的代码或完整名称。")
    on = _day("从哪天起")


class Union(forms.Form):
    """Which other record is the same person's."""

    number = forms.CharField(label="另一份档案登记的证件号码", max_length=40)
    document = forms.ChoiceField(label="证件种类", choices=Person.Document.choices)
    reason = _line("事由", help_text="凭什么认定是同一个人。")


class Purge(forms.Form):
    """By which decision a record is destroyed."""

    decision = _line("依据的决定", help_text="写明文号。清除以后姓名、证件号和电话再也找不回来。")


def initial_of(person: Person, told: Particulars | None) -> dict[str, Any]:
    """What forms about a person start from: what is registered, so that only differences are typed."""
    said: dict[str, Any] = {
        name: getattr(person, name)
        for name in ("name", "sex", "birth_on", "ethnicity", "joined_on", "joined_to", "full_on", "document")
    }
    if told is not None:
        for name in Particular.base_fields:
            said[name] = getattr(told, name)
        said["unit"] = told.unit.code if told.unit else ""
    return said


def age_band(said: str) -> tuple[int | None, int | None]:
    """The lower and the upper age of a band; None where it is open."""
    low, _, high = said.partition("-")
    return (int(low) if low else None, int(high) if high else None)


def educations(said: str) -> tuple[str, ...]:
    """The codes of a band of education."""
    bounds = {"college": ("00", "40"), "secondary": ("40", "70"), "lower": ("70", "90")}.get(said)
    return tuple(code for code, _ in EDUCATION.rows if bounds and bounds[0] <= code < bounds[1])

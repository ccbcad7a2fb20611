"""The sheet of a meeting that was held: who came, what was voted, what was decided, on one page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from jiceng.lib.refs import new_ref

from .actions import Mark, Motion, Sheet, Written
from .declarations import Ballots, Electorate, Sitting, Votes
from .queries import Named

LETTER = "会前交来书面意见"
_STATES = {"excused": "请假", "absent": "缺席", "recused": "回避，不计入应到"}
_BALLOTS = {
    "issued": "发出票数", "returned": "收回票数", "spoiled": "废票", "yes": "赞成票", "no": "反对票", "abstained": "弃权票",
}  # fmt: skip
_WRITTEN = {"letters_yes": "书面赞成", "letters_no": "书面反对", "letters_abstained": "书面弃权"}
_VOTES = {"yes": "到会，赞成", "no": "到会，反对", "abstained": "到会，弃权"}


class Filter(forms.Form):
    """Which meetings to list."""

    q = forms.CharField(label="名称里有，或编号是", required=False, max_length=60)
    kind = forms.ChoiceField(label="种类", required=False)

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = [("", "各种会议"), *kinds]  # type: ignore[attr-defined]  # a ChoiceField


class Recording(forms.Form):
    """The sheet. `roll` are those who belong to the meeting with their names; a list that stands nowhere is typed."""

    day = forms.DateField(label="哪天开的", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    venue = forms.CharField(label="在哪里开的", max_length=120)
    names = forms.CharField(label="应到名单", widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000)
    rest = forms.ChoiceField(label="下面没有标的人", required=False)
    text = forms.CharField(label="会议记录", max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}))
    chair = forms.CharField(label="主持人", max_length=60)
    recorder = forms.CharField(label="记录人", max_length=60)
    token = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, sitting: Sitting, roll: Sequence[tuple[Named, str]],
        today: date, venue: str = "",
    ) -> None:  # fmt: skip
        self.sitting = sitting
        listed = sitting.electorate is Electorate.LISTED
        if listed and data is not None:
            roll = _typed(str(data.get("names", "")), roll)
        self.roll = list(roll)
        super().__init__(data, initial={"day": today, "venue": venue, "token": new_ref()})
        self.fields["day"].help_text = "补录以前的会也可以，会注明是补录。"
        if listed:
            self.fields["names"].initial = "\n".join(name for _, name in roll)
            self.fields["names"].help_text = "一行一个姓名；已经照上次的名单填好，有变动的改一改。"
        else:
            del self.fields["names"]
        told = [("present", "到会"), *_STATES.items()] if not sitting.by_hand else [*_VOTES.items(), *_STATES.items()]
        offered = [("", "每个人都标"), *(one for one in told if one[0] != "recused")]
        self.fields["rest"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField
        for place, (named, name) in enumerate(self.roll):
            self.fields[self.key_of(place)] = _of_person(sitting, named, name)
        if sitting.passes and sitting.secret:
            self._ask_for_ballots()
        heads = ["day", "venue", "names", "rest"]
        self.order_fields([*heads, *(self.key_of(place) for place in range(len(self.roll)))])

    def _ask_for_ballots(self) -> None:
        words = _BALLOTS | (_WRITTEN if self.sitting.letters else {})
        for key, label in words.items():
            optional = key == "spoiled" or key.startswith("letters")
            self.fields[key] = forms.IntegerField(
                label=label, min_value=0, required=not optional,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}), initial=0 if optional else None,
            )  # fmt: skip

    def key_of(self, place: int) -> str:
        """The name of the field of somebody on the roll: it stays when others join or leave the list."""
        named = self.roll[place][0]
        return f"who-{named.person or f'{named.name}{self._team_of(named)}'}"

    def _team_of(self, named: Named) -> str:
        """What tells two of one name apart; a typed list has no two."""
        return "" if self.sitting.electorate is Electorate.LISTED else f"-{named.source}"

    def clean(self) -> dict[str, Any]:
        """Everybody is marked, or the rest is told of in one word."""
        rest = self.cleaned_data.get("rest", "")
        for place, (named, _) in enumerate(self.roll):
            key = self.key_of(place)
            if key in self.cleaned_data and not self.cleaned_data[key]:
                self.cleaned_data[key] = rest if named.has_vote or rest in _STATES else "present" if rest else ""
                if not rest:
                    self.add_error(key, "请标到没到会。")
        if not self.roll:
            self.add_error("names" if "names" in self.fields else None, "应到名单是空的。")
        return self.cleaned_data

    @property
    def sheet(self) -> Sheet:
        """What the verb is told. Ask only a valid form."""
        said = self.cleaned_data
        words = {place: str(said[self.key_of(place)]) for place in range(len(self.roll))}
        sitting = self.sitting
        return Sheet(
            sitting.kind, sitting.name, sitting.title, said["day"], said["venue"], [one for one, _ in self.roll],
            {place: _mark(word) for place, word in words.items()},
            Written(said["text"], said["chair"], said["recorder"]), items=sitting.items,
            motions=[self._motion(words)] if sitting.passes else (),
            recused={place: "" for place, word in words.items() if word == "recused"},
            electorate=sitting.electorate, quorum=sitting.quorum, token=said["token"],
        )  # fmt: skip

    def _motion(self, words: Mapping[int, str]) -> Motion:
        sitting, said = self.sitting, self.cleaned_data
        question = sitting.items[0] if sitting.items else sitting.title
        rule = (1, question, sitting.passes, sitting.quorum, sitting.basis)
        if sitting.by_hand:
            return Motion(*rule, choices={place: word for place, word in words.items() if word in _VOTES})
        number = {key: said.get(key) or 0 for key in ("letters_yes", "letters_no", "letters_abstained", "spoiled")}
        return Motion(
            *rule, ballots=Ballots(said["issued"], said["returned"], number["spoiled"]),
            votes=Votes(said["yes"], said["no"], said["abstained"]),
            letters=Votes(number["letters_yes"], number["letters_no"], number["letters_abstained"]),
        )  # fmt: skip


def _typed(text: str, known: Sequence[tuple[Named, str]]) -> list[tuple[Named, str]]:
    """The roll of a list as typed, in its order; who was on the last one keeps the source that it named."""
    sources = {name: named.source for named, name in known}
    words = dict.fromkeys(line.strip() for line in text.splitlines() if line.strip())
    return [(Named(name=word, source=sources.get(word, "")), word) for word in words]


def _of_person(sitting: Sitting, named: Named, name: str) -> forms.ChoiceField:
    told = [("", "——")]
    told += list(_VOTES.items()) if sitting.by_hand and named.has_vote else [("present", "到会")]
    told += [one for one in _STATES.items() if named.has_vote or one[0] != "recused"]
    if sitting.letters and named.has_vote:
        told.append(("letter", f"没到会，{LETTER}"))
    return forms.ChoiceField(label=name, choices=told, required=False)


def _mark(word: str) -> Mark:
    if word == "letter":
        return Mark("excused", letter=LETTER)
    return Mark(word if word in ("excused", "absent") else "absent" if word == "recused" else "present")

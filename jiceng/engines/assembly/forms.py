"""The sheet of a meeting that was held: who came, what was voted, what was decided, on one page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from jiceng.lib.refs import new_ref

from .actions import Mark, Motion, Sheet, Standing, Written
from .declarations import Ballots, Electorate, Sitting, Votes
from .queries import Named

LETTER = "会前交来书面意见"
_STATES = {"excused": "请假", "absent": "缺席", "recused": "回避，不计入应到"}
_BALLOTS = {
    "issued": "发出票数", "returned": "收回票数", "spoiled": "废票", "yes": "赞成票", "no": "反对票", "abstained": "弃权票",
}  # fmt: skip
_WRITTEN = {"letters_yes": "书面赞成", "letters_no": "书面反对", "letters_abstained": "书面弃权"}
ELECTIONS = 3
"""So many elections on one sheet: the committee with a run-off, or the secretary, the deputies and a run-off."""
_POLLED = {"seats": "名额", "issued": "发出票数", "returned": "收回票数", "spoiled": "废票"}
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
        today: date, venue: str = "", people: Mapping[str, Sequence[int]] | None = None,
    ) -> None:  # fmt: skip
        self.sitting, self.people = sitting, people or {}
        listed = sitting.electorate is Electorate.LISTED
        if listed and data is not None:
            roll = _typed(str(data.get("names", "")), roll, self.people)
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
        if sitting.elects:
            self._ask_for_elections()
        elif sitting.passes and sitting.secret:
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

    def _ask_for_elections(self) -> None:
        for block in range(1, ELECTIONS + 1):
            wanted = block == 1
            for key, label in _POLLED.items():
                self.fields[f"{key}{block}"] = forms.IntegerField(
                    label=f"第 {block} 次选举：{label}", min_value=0, required=wanted and key != "spoiled",
                    widget=forms.TextInput(attrs={"inputmode": "numeric"}),
                )  # fmt: skip
            self.fields[f"question{block}"] = forms.CharField(
                label=f"第 {block} 次选举：选什么", max_length=100, required=wanted,
                help_text="例如：选举委员、选举书记。" if wanted else "没有的不填。",
            )  # fmt: skip
            self.fields[f"standing{block}"] = forms.CharField(
                label=f"第 {block} 次选举：候选人得票", required=wanted, max_length=5_000,
                widget=forms.Textarea(attrs={"rows": 5}),
                help_text="一行一人：姓名 赞成 反对 弃权，用空格隔开。另选他人的，姓名后面加“另选”。",
            )  # fmt: skip
            if not wanted:
                choices = [("", "另一项选举"), *((str(one), f"第 {one} 次的再选") for one in range(1, block))]
                self.fields[f"again{block}"] = forms.ChoiceField(
                    label=f"第 {block} 次选举是", choices=choices, required=False
                )
        blocks = range(1, ELECTIONS + 1)
        self.order_fields([f"{key}{block}" for block in blocks for key in ("question", "again", *_POLLED, "standing")])

    def _elections(self) -> list[Motion]:
        """The elections that are filled in. Raises ValidationError for a line that cannot be read."""
        said, found = self.cleaned_data, list[Motion]()
        for block in range(1, ELECTIONS + 1):
            if not str(said.get(f"question{block}") or "").strip():
                continue
            again = str(said.get(f"again{block}") or "")
            ballots = Ballots(*(said.get(f"{key}{block}") or 0 for key in ("issued", "returned", "spoiled")))
            found.append(
                Motion(
                    1, said[f"question{block}"], self.sitting.passes, self.sitting.quorum, self.sitting.basis,
                    ballots=ballots, seats=said.get(f"seats{block}") or 0, again=int(again) - 1 if again else None,
                    standing=[self._stands(line) for line in _lines(said[f"standing{block}"])],
                    spare=None if again else self.sitting.spare,
                )
            )  # fmt: skip
        return found

    def _stands(self, line: str) -> Standing:
        words = line.replace("，", " ").replace(",", " ").split()
        nominated = "另选" not in words
        words = [word for word in words if word != "另选"]
        if not 2 <= len(words) <= 4 or not all(word.isdecimal() and len(word) < 8 for word in words[1:]):
            raise forms.ValidationError(f"“{line.strip()}”看不懂：写姓名和得票，例如：陈水生 25 3 2。")
        votes = [int(word) for word in words[1:]] + [0, 0]
        known = [named.person for named, name in self.roll if name == words[0] and named.person]
        if len(known) > 1:
            raise forms.ValidationError(f"名册上有 {len(known)} 个“{words[0]}”，请先在党员名册里区分开。")
        return Standing(known[0] if known else None, words[0], votes[0], votes[1], votes[2], nominated)

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
        if self.sitting.elects and not self.errors:
            self.cleaned_data["elections"] = self._elections()
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
            motions=self._motions(words),
            recused={place: "" for place, word in words.items() if word == "recused"},
            electorate=sitting.electorate, quorum=sitting.quorum, token=said["token"],
        )  # fmt: skip

    def _motions(self, words: Mapping[int, str]) -> list[Motion]:
        if self.sitting.elects:
            return list(self.cleaned_data["elections"])
        return [self._motion(words)] if self.sitting.passes else []

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


def _lines(text: Any) -> list[str]:
    return [line for line in str(text or "").splitlines() if line.strip()]


def _typed(
    text: str, known: Sequence[tuple[Named, str]], people: Mapping[str, Sequence[int]]
) -> list[tuple[Named, str]]:
    """The roll of a list as typed, in its order; who was on the last one keeps the source that it named. Where members
    are elected, a name that one member alone bears is that member's."""
    sources = {name: named.source for named, name in known}
    words = dict.fromkeys(line.strip() for line in text.splitlines() if line.strip())
    found = []
    for word in words:
        ids = people.get(word, ())
        named = Named(ids[0]) if len(ids) == 1 else Named(name=word, source=sources.get(word, ""))
        found.append((named, word))
    return found


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

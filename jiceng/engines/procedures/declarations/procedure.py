"""The file of a procedure, and everything that can be wrong with it although every key is well-formed."""

from collections.abc import Container, Iterator, Mapping
from typing import Literal

from pydantic import Field

from jiceng.engines.assembly.declarations import Base
from jiceng.engines.fields import declarations as fields
from jiceng.engines.packs.conditions import faults as faults_of_condition
from jiceng.engines.packs.declarations import ColumnKey, Declaration, Filter, declares
from jiceng.kernel.access import Role
from jiceng.lib.facts import Column

from . import effects
from .templates import PLACEHOLDER, WORDS
from .words import OPENED, End, Step, Who

NEXT, END = "next", "end:"
FINISHED = "finished"
"""The end of a case whose last step led to the next one; a file may name it itself."""

type About = Literal["organisation", "unit", "place", "person"]

NAMED = {"own": ("secretary", "deputy-secretary", "committee-member"), "parent": ("officer",), "above": ("officer",)}
"""Who may act in a case about a person: at each level, those who may see the names of its people."""


@declares("procedure", "办事程序")
class Procedure(Declaration):
    """办事程序：谁发起、关于谁、填什么，分哪几步，有哪几种结局。"""

    kind: Literal["procedure"]
    opens: Who
    about: About = "organisation"
    group: str = Field(default="", max_length=30)
    help: str = Field(default="", max_length=500)
    amount: ColumnKey | None = None
    field: tuple[fields.Field, ...] = ()
    step: tuple[Step, ...] = Field(min_length=1)
    end: tuple[End, ...] = ()

    def find(self, key: str) -> Step | None:
        """The step of that key."""
        return next((one for one in self.step if one.key == key), None)

    def place_of(self, key: str) -> int:
        """Where the step stands, from 0. Raises KeyError."""
        for place, one in enumerate(self.step):
            if one.key == key:
                return place
        raise KeyError(key)

    def end_of(self, key: str) -> End:
        """The end of that key. Raises KeyError."""
        for one in (*self.end, End(key=FINISHED, name="办结")):
            if one.key == key:
                return one
        raise KeyError(key)

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from ((f"field[{place}]", said) for place, said in fields.faults(self.field))
        yield from self._repeated()
        yield from self._faults_of_amount()
        known = fields.columns(self.field)
        before: set[str] = set()
        filled = {"name", *(one.key for one in self.field)}
        for place, step in enumerate(self.step, start=1):
            own = known | fields.columns(step.field)
            yield from ((f"step[{place}]{where}", said) for where, said in self._faults_of(step, before, known, own))
            filled |= {one.key for one in step.field}
            yield from ((f"step[{place}]{where}", said) for where, said in _faults_of_notice(step, filled))
            yield from ((f"step[{place}]{where}", said) for where, said in self._faults_of_papers(step, filled))
            before.add(step.key)
            known = own
        yield from self._unreachable()
        yield from self._returned_past()
        if self.about == "person":
            yield from self._without_names()

    def _faults_of_papers(self, step: Step, filled: set[str]) -> Iterator[tuple[str, str]]:
        words = set(WORDS) if self.about == "person" else set(WORDS) - {"person"}
        for place, one in enumerate(step.papers, start=1):
            if one.template is not None:
                found = one.template.faults(filled | words)
                yield from ((f".papers[{place}].template{where}", said) for where, said in found)

    def _without_names(self) -> Iterator[tuple[str, str]]:
        """Posts that may not see names, and so could not act in a case about a person."""
        asked = [("opens", self.opens)]
        for place, step in enumerate(self.step, start=1):
            asked.append((f"step[{place}].by", step.by))
            asked += [(f"step[{place}].replies[{number}].by", one.by) for number, one in enumerate(step.replies, 1)]
        for where, who in asked:
            if strange := [role.label for role in who.roles if role not in NAMED[who.at]]:
                allowed = "、".join(Role(role).label for role in NAMED[who.at])
                yield where, f"关于个人的事，{'、'.join(strange)}看不到姓名，不能办；这一级能写：{allowed}。"

    def _faults_of_amount(self) -> Iterator[tuple[str, str]]:
        asked = [*self.field, *(one for step in self.step for one in step.field)]
        if self.amount and not any(one.key == self.amount and one.type == "money" for one in asked):
            yield "amount", f'没有叫“{self.amount}”的金额栏目（type = "money"）。'

    def _repeated(self) -> Iterator[tuple[str, str]]:
        seen: set[str] = set()
        for place, step in enumerate(self.step, start=1):
            if step.key in seen or step.key == OPENED:
                yield f"step[{place}].key", f"“{step.key}”已经有了，换一个 key。"
            seen.add(step.key)
        ends = [one.key for one in self.end]
        for place, key in enumerate(ends, start=1):
            if key in ends[: place - 1]:
                yield f"end[{place}].key", f"“{key}”已经有了，换一个 key。"
        held = {one.key for one in self.field}
        for place, step in enumerate(self.step, start=1):
            for number, one in enumerate(step.field, start=1):
                if one.key in held:
                    yield f"step[{place}].field[{number}].key", f"“{one.key}”前面填过了，不要让人再填一遍。"
                held.add(one.key)

    def _faults_of(
        self, step: Step, before: set[str], known: Mapping[str, Column], own: Mapping[str, Column]
    ) -> Iterator[tuple[str, str]]:
        yield from ((f".field[{place}]", said) for place, said in fields.faults(step.field))
        yield from _faults_of_filter(".when", step.when, known)
        for place, gate in enumerate(step.gates, start=1):
            yield from _faults_of_filter(f".gates[{place}].holds", gate.holds, own)
        for place, one in enumerate((*step.not_before, *((step.within,) if step.within else ())), start=1):
            if one.after != OPENED and one.after not in before:
                where = f".not_before[{place}].after" if place <= len(step.not_before) else ".within.after"
                yield where, f"前面没有“{one.after}”这一步；可以写 {OPENED} 或前面某一步的 key。"
        yield from self._faults_of_outcomes(step, before)
        yield from self._faults_of_returns(step)
        days = {*before, step.key, *(key for key, one in own.items() if one.kind == "date")}
        yield from self._faults_of_effects(step, days)
        yield from _twice("replies", [one.key for one in step.replies])
        yield from _twice("papers", [one.key for one in step.papers])
        yield from _faults_of_meeting(step)
        if step.repeats and any(one.returns for one in step.outcome):
            yield ".repeats", "反复进行的一步不能退回；要退回的，另设一步。"

    def _faults_of_outcomes(self, step: Step, before: set[str]) -> Iterator[tuple[str, str]]:
        yield from _twice("outcome", [one.key for one in step.outcome])
        if not step.outcome:
            yield ".outcome", "至少写一种结果。"
        keys, ends = {one.key for one in self.step}, {one.key for one in self.end} | {FINISHED}
        for place, one in enumerate(step.outcome, start=1):
            where = f".outcome[{place}].to"
            if one.returns:
                if one.to not in before and one.to != step.key:
                    yield where, f"只能退回到前面的步骤，前面没有“{one.to}”。"
            elif one.to.startswith(END):
                if one.to.removeprefix(END) not in ends:
                    yield where, f"没有“{one.to.removeprefix(END)}”这种结局；有：{'、'.join(sorted(ends))}。"
            elif one.to != NEXT:
                if one.to not in keys:
                    yield where, f"没有“{one.to}”这一步。"
                elif one.to in before or one.to == step.key:
                    yield where, "往回走的要写 returns = true。"

    def _faults_of_returns(self, step: Step) -> Iterator[tuple[str, str]]:
        for place, one in enumerate(step.outcome, start=1):
            if one.wait and not one.returns:
                yield f".outcome[{place}].wait", "wait 只用于退回的结果；往前走的，在后面的步骤写 not_before。"
            if one.effects and one.returns:
                yield f".outcome[{place}].effects", "退回的结果不能带效果。"

    def _faults_of_effects(self, step: Step, days: set[str]) -> Iterator[tuple[str, str]]:
        for place, one in enumerate(step.outcome, start=1):
            where = f".outcome[{place}].effects"
            told = effects.faults(one.effects, self.about, step.by.roles, step.by.at, days, self._organisations(step))
            yield from ((where, said) for said in told)

    def _organisations(self, step: Step) -> set[str]:
        """The fields of organisations that are filled in up to that step."""
        asked = [*self.field, *(one for before in self.step[: self.place_of(step.key) + 1] for one in before.field)]
        return {one.key for one in asked if one.type == "organisation"}

    def _returned_past(self) -> Iterator[tuple[str, str]]:
        """Returns that would have an effect brought about twice."""
        brought = [place for place, step in enumerate(self.step) if any(one.effects for one in step.outcome)]
        for place, step in enumerate(self.step):
            for number, one in enumerate(step.outcome, start=1):
                back = self.place_of(one.to) if one.returns and self.find(one.to) else place
                if any(back <= done < place for done in brought):
                    yield f"step[{place + 1}].outcome[{number}].to", "不能退回到已经生效的步骤或它之前。"

    def _unreachable(self) -> Iterator[tuple[str, str]]:
        """Steps and ends that no outcome leads to."""
        reached = {0}
        ends: set[str] = set()
        for place, step in enumerate(self.step):
            if place not in reached:
                yield f"step[{place + 1}].key", "没有哪一步会走到这里。"
                continue
            if step.when is not None:
                reached.add(place + 1)
            for one in step.outcome:
                if one.to == NEXT:
                    reached.add(place + 1)
                elif one.to.startswith(END):
                    ends.add(one.to.removeprefix(END))
                elif not one.returns and self.find(one.to):
                    reached.add(self.place_of(one.to))
        for place, end in enumerate(self.end, start=1):
            if end.key not in ends and not (end.key == FINISHED and len(self.step) in reached):
                yield f"end[{place}].key", "没有哪一步会走到这个结局。"


def _faults_of_filter(where: str, found: Filter | None, columns: Mapping[str, Column]) -> Iterator[tuple[str, str]]:
    if found is not None:
        yield from ((where, said) for said in faults_of_condition(found.condition, columns))


def _faults_of_meeting(step: Step) -> Iterator[tuple[str, str]]:
    found = step.meeting
    votes = found is not None and found.passes is not None
    if found and found.quorum and found.quorum.base is not Base.ROLL:
        yield ".meeting.quorum", "法定到会按应到计算，写 of roll。"
    if found and not votes and (found.secret or found.letters):
        yield ".meeting", "不表决的会不写 secret 和 letters；要表决的写 passes。"
    for place, one in enumerate(step.outcome, start=1):
        if one.vote and (not votes or (found and found.elects)):
            yield f".outcome[{place}].vote", "这一步没有表决：先写 meeting 和 meeting.passes。"
    if found and found.elects and (not votes or found.secret or found.letters):
        yield ".meeting.elects", "选举都用纸票，写 passes；不写 secret 和 letters。"
    if found and found.spare is not None and not found.elects:
        yield ".meeting.spare", "差额比例只用于选举（elects = true）。"
    if (
        votes
        and not (found and found.elects)
        and (wanting := {"passed", "failed"} - {one.vote for one in step.outcome})
    ):
        yield ".outcome", f"有表决的一步，通过和不通过各要有一种结果；缺 vote = “{'”“'.join(sorted(wanting))}”的。"


def _faults_of_notice(step: Step, filled: Container[str]) -> Iterator[tuple[str, str]]:
    if step.notice is None:
        return
    for where in ("title", "text"):
        for key in PLACEHOLDER.findall(getattr(step.notice, where)):
            if key not in filled:
                yield f".notice.{where}", f"没有“{key}”这个栏目；可以写 {{name}} 和到这一步填过的栏目。"


def _twice(where: str, keys: list[str]) -> Iterator[tuple[str, str]]:
    for place, key in enumerate(keys, start=1):
        if key in keys[: place - 1]:
            yield f".{where}[{place}].key", f"“{key}”已经有了，换一个 key。"

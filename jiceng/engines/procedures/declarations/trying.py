"""A procedure on trial: invented matters are walked to each of its ends and through each of its returns.

Pure, without a store: the machine and the hindrances are those by which real cases run. A condition compares one field
with fixed values, so values on both sides of every boundary meet every condition that can be met one field at a time.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from jiceng.engines.fields.declarations import Kept
from jiceng.engines.packs.conditions import Test, holds
from jiceng.engines.packs.declarations import Trial, tries
from jiceng.kernel.calendars.declarations import Calendar

from .hindrances import goes_on
from .machine import Act, Record, Standing, State, standing, values
from .procedure import END, FINISHED, NEXT, Procedure
from .striding import Attempt, Stride, asked, attempts, fillings, lasting
from .telling import told_trial
from .words import Outcome, Step

MOST_STATES = 5_000
"""So many different states of a case are looked into."""

type Way = tuple[str, str]
"""A step's key and an outcome's."""


@dataclass(frozen=True)
class Walk:
    """One invented matter: what was filled in at the opening, its strides so far, and the return it took."""

    records: tuple[Record, ...]
    now: Standing
    strides: tuple[Stride, ...] = ()
    returned: Way | None = None


@dataclass
class Search:
    """What is known so far: walks to ends, through returns and through steps; ways that could be taken, and what
    forbade the others."""

    ends: dict[str, Walk] = field(default_factory=dict)
    returns: dict[Way, Walk] = field(default_factory=dict)
    through: dict[str, Walk] = field(default_factory=dict)
    arrived: set[str] = field(default_factory=set)
    taken: set[Way] = field(default_factory=set)
    forbidden: dict[Way, list[str]] = field(default_factory=dict)
    refused: dict[tuple[str, int], Mapping[str, Kept]] = field(default_factory=dict)
    cut: bool = False


@tries("procedure")
def trial(procedure: Procedure, on: date, calendar: Calendar) -> Trial:
    """The walks, told line by line, and a sentence for everything that no walk came to."""
    found = search(procedure, on, calendar)
    walks = [(f"走到“{procedure.end_of(key).name}”", walk) for key, walk in found.ends.items()]
    walks += [(f"从“{_names(procedure, way)}”退回一次", walk) for way, walk in found.returns.items()]
    shown = {stride.step.key for _, walk in walks for stride in walk.strides}
    steps = [(one, found.through[one.key]) for one in procedure.step if one.key in found.through.keys() - shown]
    walks += [(f"经过“{one.name}”", walk) for one, walk in steps]
    told = told_trial(procedure, [(title, one.records[0], one.strides, one.now) for title, one in walks], calendar)
    return Trial((*told, *_gates(procedure, found)), tuple(_missed(procedure, found)))


def search(procedure: Procedure, on: date, calendar: Calendar) -> Search:
    """Looks, breadth first, for the shortest walk to every end, and for one through every return."""
    found, questions, telling = Search(), asked(procedure), lasting(procedure)
    seen: set[object] = set()
    waiting = deque[Walk]()

    def come(walk: Walk) -> None:
        mark = _mark(procedure, walk, telling)
        if mark not in seen:
            seen.add(mark)
            waiting.append(walk)

    for said in fillings(procedure.field, questions, on):
        records = (Record(1, Act.OPENED, on, said=said),)
        come(Walk(records, standing(procedure, records)))
    while waiting:
        if len(seen) > MOST_STATES:
            found.cut = True
            break
        walk = waiting.popleft()
        if walk.now.state is State.ENDED:
            _arrived(found, walk)
            continue
        for following in _onward(procedure, walk, questions, calendar, found):
            come(following)
    return found


def _mark(procedure: Procedure, walk: Walk, telling: Sequence[tuple[int, Test]]) -> object:
    """What tells one state of a case from another: the step, the return, and the answers to tests still to be made.

    An end is told by the steps that were passed over on the way, so that each step is seen on some walk."""
    if walk.now.step is None:
        return walk.now.end, walk.returned, walk.now.passed_over
    place = procedure.place_of(walk.now.step.key)
    ahead = [one for step in procedure.step[place:] for one in step.outcome if one.returns and not walk.returned]
    first = min([place, *(procedure.place_of(one.to) for one in ahead)])
    row = values(procedure, walk.now.said)
    answers = tuple(
        row[test.field] if test.elapsed or row[test.field] is None else holds(test, row, walk.now.since)
        for made, test in telling
        if made >= first
    )
    return walk.now.step.key, walk.returned, answers, walk.now.passed_over


def _arrived(found: Search, walk: Walk) -> None:
    assert walk.now.end
    if walk.returned is None:
        found.ends.setdefault(walk.now.end.key, walk)
        for stride in walk.strides:
            _better(found.through, stride.step.key, walk)
    else:
        _better(found.returns, walk.returned, walk)


def _better[K](kept: dict[K, Walk], key: K, walk: Walk) -> None:
    """Keeps the first walk, and rather one to an end that was wanted."""
    before = kept.get(key)
    if before is None or (walk.now.end and before.now.end and walk.now.end.reached > before.now.end.reached):
        kept[key] = walk


def _onward(
    procedure: Procedure, walk: Walk, questions: Mapping[str, list[Test]], calendar: Calendar, found: Search
) -> Iterator[Walk]:
    step = walk.now.step
    assert step
    found.arrived.add(step.key)
    for outcome in step.outcome:
        way = (step.key, outcome.key)
        if outcome.returns and walk.returned:
            continue
        try:
            tried = list(attempts(procedure, walk.records, outcome, questions, calendar))
        except OverflowError:
            found.forbidden.setdefault(way, ["要等到公元 9999 年以后，请改短等待的时间。"])
            continue
        # what passes without excuse comes first, so that a walk asks for a reason only where it must
        for one in sorted(tried, key=lambda one: bool(one.stride and one.stride.let_pass)):
            _learn(procedure, step, outcome, walk, one, found)
            if one.stride:
                records = (*walk.records, *one.stride.records)
                now = standing(procedure, records)
                yield Walk(records, now, (*walk.strides, one.stride), way if outcome.returns else walk.returned)


def _learn(procedure: Procedure, step: Step, outcome: Outcome, walk: Walk, one: Attempt, found: Search) -> None:
    way = (step.key, outcome.key)
    if one.stride:
        found.taken.add(way)
    else:
        found.forbidden.setdefault(way, [str(each) for each in one.forbidden])
    if goes_on(procedure, outcome):
        row = values(procedure, {**walk.now.said, **one.said})
        day = one.stride.on if one.stride else walk.now.since
        for number, gate in enumerate(step.gates):
            if not holds(gate.holds.condition, row, day):
                found.refused.setdefault((step.key, number), {**walk.now.said, **one.said})


def _names(procedure: Procedure, way: Way) -> str:
    step = procedure.find(way[0])
    outcome = step.outcome_of(way[1]) if step else None
    assert step and outcome
    return f"{step.name}：{outcome.label}"


def _gates(procedure: Procedure, found: Search) -> Iterator[str]:
    """Of every gate, whether it ever closed: one that no value closes says nothing."""
    for step in procedure.step:
        for number, gate in enumerate(step.gates):
            closed = (step.key, number) in found.refused
            said = "试的时候拦下过" if closed else "怎么填都没有拦下过，请看看条件是不是写反了"
            yield f"关口“{step.name}：{gate.says}”（{gate.holds.text}）：{said}。"


def _missed(procedure: Procedure, found: Search) -> Iterator[str]:
    if found.cut:
        yield f"情况太多，只试了 {MOST_STATES} 种，下面说没有走到的不一定走不到；请少用几个栏目作条件。"
    for step in procedure.step:
        if step.key not in found.arrived:
            why = f"条件“{step.when.text}”没有哪一种填法合" if step.when else "前面没有一种结果能走到这里"
            yield f"“{step.name}”这一步没有走到：{why}。"
            continue
        for outcome in step.outcome:
            way = (step.key, outcome.key)
            if way not in found.taken:
                yield f"“{_names(procedure, way)}”办不成：{'；'.join(found.forbidden.get(way, ['没有试到']))}"
            elif outcome.returns and way not in found.returns:
                yield f"“{_names(procedure, way)}”退回以后，走不到任何结局。"
    for key in _ends(procedure):
        if key not in found.ends:
            yield f"结局“{procedure.end_of(key).name}”没有走到。"


def _ends(procedure: Procedure) -> Iterator[str]:
    """Every end that some outcome names, and the usual one where the last step may lead to the next."""
    yield from (one.key for one in procedure.end)
    named = {one.to.removeprefix(END) for step in procedure.step for one in step.outcome if one.to.startswith(END)}
    last = procedure.step[-1]
    falls_out = last.when is not None or any(one.to == NEXT for one in last.outcome)
    if (falls_out or FINISHED in named) and all(one.key != FINISHED for one in procedure.end):
        yield FINISHED

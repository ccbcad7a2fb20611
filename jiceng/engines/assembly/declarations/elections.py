"""Several candidates for so many seats: who is elected, among whom it is voted once more, what stays vacant."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .shares import Base
from .tallies import Ballots, Gate, basis_tail, is_quorate, presence_faults, quorum_sentence


@dataclass(frozen=True)
class Candidacy:
    """One name on the papers, or written in by voters, and how many are for, against and neither."""

    name: str
    yes: int
    no: int = 0
    abstained: int = 0
    nominated: bool = True


@dataclass(frozen=True)
class Election:
    """The numbers of one election; always on paper. `spare` is the part of the seats by which there must be more
    candidates, where the rules want that; a run-off asks for none."""

    roll: int
    present: int
    ballots: Ballots
    seats: int
    candidacies: tuple[Candidacy, ...]
    spare: Fraction | None = None


@dataclass(frozen=True)
class Result:
    """Places in `candidacies`: the elected in order of their votes, those tied at the last seat; and seats left."""

    quorate: bool
    elected: tuple[int, ...]
    run_off: tuple[int, ...]
    vacant: int
    sentence: str


def least_candidates(seats: int, spare: Fraction | None) -> int:
    """How many candidates there must be at least: the seats, and the part of them above, rounded up."""
    return seats if spare is None else seats - (-seats * spare.numerator // spare.denominator)


def enough_candidates(election: Election) -> bool:
    """Whether there are as many nominated candidates as the rules want (差额)."""
    nominated = sum(one.nominated for one in election.candidacies)
    return election.spare is None or nominated >= least_candidates(election.seats, election.spare)


def faults(election: Election) -> list[str]:
    """Everything that cannot be true of the numbers, or breaks the rule of spare candidates."""
    found = list(presence_faults(election.roll, election.present, election.ballots))
    valid = election.ballots.valid
    if election.seats < 1:
        found.append("应选名额至少 1 名。")
    if not election.candidacies:
        found.append("请写上候选人。")
    for name, times in Counter(one.name for one in election.candidacies).items():
        if times > 1:
            found.append(f"“{name}”写了 {times} 次。")
    for one in election.candidacies:
        if min(one.yes, one.no, one.abstained) < 0:
            found.append(f"{one.name}的票数不能小于 0。")
        if one.yes + one.no + one.abstained > valid:
            found.append(f"{one.name}的票共 {one.yes + one.no + one.abstained} 张，多于有效票 {valid} 张。")
    given = sum(one.yes for one in election.candidacies)
    if given > election.seats * valid:
        found.append(
            f"赞成票共 {given} 张；每张票至多选 {election.seats} 人，{valid} 张有效票最多 {election.seats * valid}。"
        )
    if not enough_candidates(election):
        least = least_candidates(election.seats, election.spare)
        found.append(f"应选 {election.seats} 人，差额不少于 {_percent(election.spare)}，候选人至少 {least} 人。")
    return found


def _percent(part: Fraction | None) -> str:
    return f"{part * 100}%" if part else ""


def result(election: Election, gate: Gate) -> Result:
    """Who is elected: those who pass, the most votes first, as far as there are seats. Ask only of numbers without
    faults. Who ties at the last seat is not elected yet."""
    whole = election.roll if gate.passes.base is Base.ROLL else election.present
    head = f"{quorum_sentence(election.roll, election.present, gate.quorum)}"
    if not is_quorate(election.roll, election.present, gate.quorum):
        return Result(False, (), (), election.seats, f"{head}→ 不足法定人数，不能选举{basis_tail(gate)}")
    passing = [place for place, one in enumerate(election.candidacies) if gate.passes.met(one.yes, whole)]
    passing.sort(key=lambda place: -election.candidacies[place].yes)
    elected, run_off = _seated(passing, [one.yes for one in election.candidacies], election.seats)
    vacant = election.seats - len(elected)
    sentence = _sentence(election, gate, whole, elected, run_off)
    return Result(True, elected, run_off, vacant, f"{head}，应选 {election.seats} 人；{sentence}{basis_tail(gate)}")


def _seated(passing: Sequence[int], yes: Sequence[int], seats: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if len(passing) <= seats:
        return tuple(passing), ()
    last = yes[passing[seats - 1]]
    if yes[passing[seats]] < last:
        return tuple(passing[:seats]), ()
    return (
        tuple(place for place in passing if yes[place] > last),
        tuple(place for place in passing if yes[place] == last),
    )


def _sentence(election: Election, gate: Gate, whole: int, elected: Sequence[int], run_off: Sequence[int]) -> str:
    said = []
    order = [*elected, *run_off]
    order += [place for place in range(len(election.candidacies)) if place not in order]
    for place in order:
        one = election.candidacies[place]
        word = "当选" if place in elected else "票数相同" if place in run_off else "未当选"
        said.append(f"{one.name} {one.yes}（{gate.passes.compared(one.yes, whole)}）{word}")
    left = election.seats - len(elected)
    if run_off:
        said.append(f"余 {left} 名，在票数相同的 {len(run_off)} 人中再选一次")
    elif left:
        said.append(f"空缺 {left} 名")
    return "；".join(said)

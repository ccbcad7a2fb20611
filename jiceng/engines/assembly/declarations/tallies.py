"""One vote on one motion: its numbers, what cannot be true of them, and what came of it with the sum beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from .shares import Base, Share


@dataclass(frozen=True)
class Votes:
    """How many for, against, and neither."""

    yes: int = 0
    no: int = 0
    abstained: int = 0

    @property
    def total(self) -> int:
        return self.yes + self.no + self.abstained


@dataclass(frozen=True)
class Ballots:
    """Papers of a secret vote: handed out, come back, and void."""

    issued: int
    returned: int
    spoiled: int = 0

    @property
    def valid(self) -> int:
        return self.returned - self.spoiled


@dataclass(frozen=True)
class Gate:
    """What a vote must reach: the presence without which it is none, the share that passes, and where that stands."""

    passes: Share
    quorum: Share | None = None
    basis: str = ""


@dataclass(frozen=True)
class Tally:
    """The numbers of one vote. `roll` are those with a vote; `letters` are written words of those who are not present;
    `ballots` only where it was secret."""

    roll: int
    present: int
    votes: Votes
    letters: Votes = Votes()
    ballots: Ballots | None = None

    @property
    def yes(self) -> int:
        """For, on paper, by hand and by letter."""
        return self.votes.yes + self.letters.yes


@dataclass(frozen=True)
class Outcome:
    """What came of it. Without a quorum nothing was decided."""

    passed: bool
    quorate: bool
    sentence: str


def presence_faults(roll: int, present: int, ballots: Ballots | None) -> Iterator[str]:
    """What cannot be true of who was there and of the papers."""
    numbers = (roll, present, *((ballots.issued, ballots.returned, ballots.spoiled) if ballots else ()))
    if min(numbers) < 0:
        yield "人数和票数不能小于 0。"
    if present > roll:
        yield f"实到 {present} 人多于应到 {roll} 人。"
    if ballots is None:
        return
    if ballots.issued > present:
        yield f"发出 {ballots.issued} 张票，多于实到 {present} 人。"
    if ballots.returned > ballots.issued:
        yield f"收回 {ballots.returned} 张票，多于发出的 {ballots.issued} 张：这次投票无效，请重新投票。"
    if ballots.spoiled > ballots.returned:
        yield f"废票 {ballots.spoiled} 张，多于收回的 {ballots.returned} 张。"


def faults(tally: Tally, gate: Gate) -> list[str]:
    """Everything that cannot be true of the numbers."""
    return [*presence_faults(tally.roll, tally.present, tally.ballots), *_vote_faults(tally, gate)]


def _vote_faults(tally: Tally, gate: Gate) -> Iterator[str]:
    votes, letters, ballots = tally.votes, tally.letters, tally.ballots
    if min(votes.yes, votes.no, votes.abstained, letters.yes, letters.no, letters.abstained) < 0:
        yield "票数不能小于 0。"
    if ballots is None and votes.total > tally.present:
        yield f"赞成、反对、弃权共 {votes.total} 人，多于实到 {tally.present} 人。"
    if ballots is not None and votes.total != ballots.valid:
        yield f"赞成、反对、弃权共 {votes.total} 张，有效票是 {ballots.valid} 张（收回减废票），对不上。"
    if letters.total > tally.roll - tally.present:
        yield f"书面意见 {letters.total} 份，多于没有到会的 {tally.roll - tally.present} 人。"
    if letters.total and gate.passes.base is Base.PRESENT:
        yield "按实到计算的表决，不计书面意见。"


def is_quorate(roll: int, present: int, quorum: Share | None) -> bool:
    """Whether enough are there for anything to be decided."""
    return quorum is None or quorum.met(present, roll)


def quorum_sentence(roll: int, present: int, quorum: Share | None) -> str:
    """应到 50，实到 43（86% ≥ 2/3）"""
    shown = f"（{quorum.compared(present, roll, based=False)}）" if quorum else ""
    return f"应到 {roll}，实到 {present}{shown}"


def basis_tail(gate: Gate) -> str:
    """The end of a sentence that says where the rule stands."""
    return f"；依据：{gate.basis}" if gate.basis else ""


def outcome(tally: Tally, gate: Gate) -> Outcome:
    """What came of the vote. Ask only of numbers without faults."""
    quorate = is_quorate(tally.roll, tally.present, gate.quorum)
    said = quorum_sentence(tally.roll, tally.present, gate.quorum)
    if not quorate:
        return Outcome(False, False, f"{said}→ 不足法定人数，不能表决{basis_tail(gate)}")
    whole = tally.roll if gate.passes.base is Base.ROLL else tally.present
    passed = gate.passes.met(tally.yes, whole)
    letters = f"其中书面 {tally.letters.yes}，" if tally.letters.yes else ""
    said += f"，赞成 {tally.yes}（{letters}{gate.passes.compared(tally.yes, whole)}）"
    return Outcome(passed, True, f"{said}→ {'通过' if passed else '不通过'}{basis_tail(gate)}")

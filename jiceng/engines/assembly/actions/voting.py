"""Recording what was voted, and saying it right where it was recorded wrong."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from jiceng.kernel.access import Actor, action
from jiceng.kernel.journal.clock import moment
from jiceng.kernel.people.models import Person
from jiceng.lib.refs import new_ref
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..declarations import (
    Ballots,
    Base,
    Candidacy,
    Election,
    Gate,
    Share,
    Tally,
    Votes,
    WrongShare,
    election_faults,
    faults,
    is_quorate,
    quorum_sentence,
    result,
    share_or_none,
)
from ..models import AgendaItem, Candidate, Choice, Correction, Meeting, RollEntry, Vote
from .standing import held, said


@dataclass(frozen=True)
class Standing:
    """Somebody who stands for election, or was written in, and the votes."""

    person: int | None
    name: str
    yes: int
    no: int = 0
    abstained: int = 0
    nominated: bool = True


@dataclass(frozen=True)
class Cast:
    """What was voted on, by what rule, and how. An open vote gives `choices` by roll entry; a secret one `ballots` and
    totals; an election `ballots`, `seats` and `standing`. With `letters`, words sent in by the absent count."""

    question: str
    passes: str
    quorum: str = ""
    basis: str = ""
    item: AgendaItem | None = None
    choices: Mapping[int, str] = field(default_factory=dict)
    ballots: Ballots | None = None
    votes: Votes = field(default_factory=Votes)
    letters: Votes = field(default_factory=Votes)
    seats: int | None = None
    standing: Sequence[Standing] = ()
    spare: Fraction | None = None
    again: Vote | None = None
    token: str = field(default_factory=new_ref)


@action(rules.record_vote)
def record_vote(subject: Meeting, *, told: Cast, by: Actor, at: datetime) -> Vote:
    """Records a vote that was counted. Raises Refused where too few are there, or the numbers cannot be true."""
    found = held(subject, "open")
    before = found.votes.filter(token=told.token).first()
    if before is not None:
        return before
    number = found.votes.values("number").distinct().count() + 1
    return _kept(found, number, told, by, at)


@action(rules.correct_vote)
def correct_vote(subject: Vote, *, told: Cast, reason: str, by: Actor, at: datetime) -> Vote:
    """Says what a vote should have said; the earlier record stays beside it."""
    found = held(subject.meeting, "open", "closed")
    why = said(reason, "请写明为什么更正。")
    subject.refresh_from_db()
    if subject.superseded_at is not None:
        raise Refused("这次表决已经更正过，请更正后来的那一条。")
    subject.superseded_at = moment()
    subject.save(update_fields=["superseded_at"])
    made = _kept(found, subject.number, told, by, at)
    Correction.objects.create(
        meeting=found, what=Correction.What.VOTE, before=queries.told(subject).sentence,
        after=queries.told(made).sentence, reason=why, by_name=by.name, at=at,
    )  # fmt: skip
    return made


def _kept(found: Meeting, number: int, told: Cast, by: Actor, at: datetime) -> Vote:
    gate = _gate(told)
    if told.item is not None and told.item.meeting_id != found.pk:
        raise Refused("没有这个议题。")
    if told.again is not None and told.again.meeting_id != found.pk:
        raise Refused("再选要在同一次会里。")
    roll = queries.voters(queries.roll_of(found), told.item)
    there = queries.presence(roll, told.item)
    if not is_quorate(there.roll, there.present, gate.quorum):
        sentence = quorum_sentence(there.roll, there.present, gate.quorum)
        raise Refused(f"{sentence}：不足法定人数，不能表决。请核对到会情况，或者重新召集。")
    vote = Vote(
        meeting=found, number=number, item=told.item, again=told.again, question=said(told.question, "请写表决事项。"),
        quorum=str(gate.quorum or ""), passes=str(gate.passes), basis=told.basis.strip()[:300], roll=there.roll,
        present=there.present, token=told.token, by_name=by.name, at=at, secret=told.ballots is not None,
        elects=told.seats is not None,
    )  # fmt: skip
    if told.ballots is not None:
        vote.issued, vote.returned, vote.spoiled = told.ballots.issued, told.ballots.returned, told.ballots.spoiled
    return _elected(vote, told, gate) if vote.elects else _carried(vote, told, gate, roll, there)


def _gate(told: Cast) -> Gate:
    try:
        gate = Gate(Share.read(told.passes), share_or_none(told.quorum), told.basis)
    except WrongShare as wrong:
        raise Refused(str(wrong)) from None
    if gate.quorum and gate.quorum.base is not Base.ROLL:
        raise Refused("法定到会按应到计算。")
    return gate


def _carried(vote: Vote, told: Cast, gate: Gate, roll: Sequence[RollEntry], there: queries.Presence) -> Vote:
    """A motion: by hand, person by person, or on paper, in totals."""
    if told.ballots is not None and told.choices:
        raise Refused("无记名表决只记总数，不记谁投了什么。")
    votes, letters = (told.votes, told.letters) if told.ballots else _counted(roll, told.choices)
    if letters.total > there.letters:
        raise Refused(f"书面意见 {letters.total} 份，到会情况里只登记了 {there.letters} 份。")
    tally = Tally(there.roll, there.present, votes, letters, told.ballots)
    if wrong := faults(tally, gate):
        raise Refused("\n".join(wrong))
    vote.yes, vote.no, vote.abstained = votes.yes, votes.no, votes.abstained
    vote.letters_yes, vote.letters_no, vote.letters_abstained = letters.yes, letters.no, letters.abstained
    vote.passed = queries.told(vote).passed
    vote.save()
    Choice.objects.bulk_create(Choice(vote=vote, entry_id=pk, said=word) for pk, word in told.choices.items())
    return vote


def _counted(roll: Sequence[RollEntry], choices: Mapping[int, str]) -> tuple[Votes, Votes]:
    """Hands of those present, and words of those who are away and wrote. Raises Refused for anybody else."""
    known = {one.pk: one for one in roll}
    for pk, word in choices.items():
        if pk not in known:
            raise Refused("表态的人里有不计入应到的，请核对名册。")
        if word not in Choice.Said.values:
            raise Refused("表态只能是赞成、反对或弃权。")
        if not queries.is_there(known[pk]) and not queries.has_letter(known[pk]):
            raise Refused(f"{known[pk].number} 号没有到会，也没有书面意见，不能表态。")
    hands = Counter(word for pk, word in choices.items() if queries.is_there(known[pk]))
    written = Counter(word for pk, word in choices.items() if not queries.is_there(known[pk]))
    return Votes(**hands), Votes(**written)


def _elected(vote: Vote, told: Cast, gate: Gate) -> Vote:
    """An election: always on paper; who is elected follows from the numbers."""
    if told.ballots is None:
        raise Refused("选举用无记名投票，请填发出和收回的票数。")
    if told.choices or told.votes.total or told.letters.total:
        raise Refused("选举按候选人记票，没有书面意见，也不能委托。")
    rows = [_named(one) for one in told.standing]
    spare = None if told.again else told.spare
    candidacies = tuple(
        Candidacy(name, one.yes, one.no, one.abstained, one.nominated)
        for name, one in zip(_told_apart(rows), rows, strict=True)
    )
    asked = Election(vote.roll, vote.present, told.ballots, told.seats or 0, candidacies, spare)
    wrong = election_faults(asked)
    if len({one.person or one.name for one in rows}) < len(rows):
        wrong.append("同一个候选人写了两次。")
    if wrong:
        raise Refused("\n".join(wrong))
    vote.seats, vote.spare = asked.seats, str(spare) if spare else ""
    made = result(asked, gate)
    vote.passed = made.vacant == 0
    vote.save()
    Candidate.objects.bulk_create(
        Candidate(
            vote=vote, number=place + 1, person_id=one.person, name="" if one.person else one.name,
            nominated=one.nominated, yes=one.yes, no=one.no, abstained=one.abstained, elected=place in made.elected,
        )
        for place, one in enumerate(rows)
    )  # fmt: skip
    return vote


def _told_apart(rows: Sequence[Standing]) -> list[str]:
    """The names; where two bear one, each with its number."""
    times = Counter(one.name for one in rows)
    return [
        f"{one.name}（{number} 号）" if times[one.name] > 1 else one.name for number, one in enumerate(rows, start=1)
    ]


def _named(one: Standing) -> Standing:
    """With the name that a person's record bears, or that was written."""
    if one.person is None:
        return Standing(
            None, said(one.name, "候选人的姓名不能为空。", 60), one.yes, one.no, one.abstained, one.nominated
        )
    found = Person.objects.filter(pk=one.person).values_list("name", flat=True).first()
    if found is None:
        raise Refused("候选人里有人没有档案。")
    return Standing(one.person, found, one.yes, one.no, one.abstained, one.nominated)

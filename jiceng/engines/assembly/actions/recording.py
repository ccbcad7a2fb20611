"""A meeting that has been held, entered whole from the sheet on which it was written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from jiceng.kernel.access import Actor, action
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refs import new_ref
from jiceng.lib.refusals import Refused

from .. import queries, rules
from ..declarations import Ballots, Electorate, Votes
from ..models import Exclusion, Meeting, Vote
from ..queries import Named
from .calling import Called, call
from .holding import Mark, Written, attend, close, exclude, open, write_minutes  # noqa: A004  # the verb's own word
from .voting import Cast, Standing, record_vote


@dataclass(frozen=True)
class Motion:
    """What was voted on one item of the agenda (from 1), by which rule. An open vote gives `choices` by the place on
    the roll (from 0); a secret one `ballots` and totals. `letters` are written words of the absent."""

    item: int
    question: str
    passes: str
    quorum: str = ""
    basis: str = ""
    choices: Mapping[int, str] = field(default_factory=dict)
    ballots: Ballots | None = None
    votes: Votes = field(default_factory=Votes)
    letters: Votes = field(default_factory=Votes)
    seats: int | None = None
    standing: Sequence[Standing] = ()
    spare: Fraction | None = None
    again: int | None = None
    """Of an election: so many seats, who stood, how many more than seats must stand, and the place (from 0) of the
    vote on this sheet that it decides once more."""


@dataclass(frozen=True)
class Sheet:
    """A meeting as its paper tells it. `roll` are all who belong to it, `marks` and `recused` go by the place there."""

    kind: str
    name: str
    title: str
    on: date
    venue: str
    roll: Sequence[Named]
    marks: Mapping[int, Mark]
    written: Written
    items: Sequence[str] = ()
    motions: Sequence[Motion] = ()
    recused: Mapping[int, str] = field(default_factory=dict)
    called_on: date | None = None
    electorate: Electorate = Electorate.MEMBERS
    quorum: str = ""
    token: str = field(default_factory=new_ref)


@action(rules.record)
def record(subject: Organisation, *, told: Sheet, by: Actor, at: datetime) -> Meeting:
    """Enters a meeting that was held: call, roll, attendance, votes and minutes at once, or nothing of it.

    Raises Refused with what is missing, and for what each of those acts would refuse.
    """
    before = Meeting.objects.filter(organisation=subject, token=told.token).first()
    if before is not None:
        return before
    if unmarked := [place for place in range(len(told.roll)) if place not in told.marks]:
        raise Refused(f"还有 {len(unmarked)} 人没有标到没到会。")
    made = call(subject, told=_call_of(told), by=by, at=at)
    open(made, on=told.on, roll=told.roll, by=by, at=at)
    rows = list(made.roll.order_by("number"))
    for place, note in told.recused.items():
        exclude(rows[place], why=Exclusion.Reason.RECUSED, note=note, by=by, at=at)
    attend(made, marks={rows[place].pk: one for place, one in told.marks.items()}, by=by, at=at)
    items, votes = {one.number: one for one in made.items.all()}, list[Vote]()
    for number, motion in enumerate(told.motions):
        cast = Cast(
            motion.question, motion.passes, motion.quorum, motion.basis, item=items.get(motion.item),
            choices={rows[place].pk: how for place, how in motion.choices.items()}, ballots=motion.ballots,
            votes=motion.votes, letters=motion.letters, seats=motion.seats, standing=motion.standing,
            spare=motion.spare, again=votes[motion.again] if motion.again is not None else None,
            token=f"{told.token}-{number}"[:40],
        )  # fmt: skip
        votes.append(record_vote(made, told=cast, by=by, at=at))
    write_minutes(made, written=told.written, by=by, at=at)
    close(made, by=by, at=at)
    return queries.with_state(Meeting.objects.all()).get(pk=made.pk)


def _call_of(told: Sheet) -> Called:
    return Called(
        kind=told.kind, name=told.name, title=told.title, called_on=told.called_on or told.on, held_on=told.on,
        venue=told.venue, items=told.items, electorate=told.electorate, quorum=told.quorum, token=told.token,
    )  # fmt: skip

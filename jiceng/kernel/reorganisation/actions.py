"""Changes to the tree together with those whom they concern: nobody is left in an organisation that is gone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from jiceng.kernel.access import Actor, action, bulk_root
from jiceng.kernel.history.models import end, succeed
from jiceng.kernel.orgs import actions as orgs
from jiceng.kernel.orgs import queries as tree
from jiceng.kernel.orgs.actions import Because, New
from jiceng.kernel.orgs.models import Change, Form, Kind, Organisation
from jiceng.kernel.people import actions as people
from jiceng.kernel.people.models import Floating, Loan, Membership
from jiceng.kernel.posts.models import Post, Term
from jiceng.kernel.units import actions as units
from jiceng.kernel.units.models import Unit
from jiceng.lib.refusals import Refused, RowsRefused

from . import queries, rules
from .queries import Effect


@action(rules.merge)
def merge(subject: Organisation, *, into: Organisation, because: Because, by: Actor, at: datetime) -> Change:
    """Members, children, units and records of `subject` go to `into`; its posts end, and it closes."""
    tree.lock_tree()
    _may_close(subject, because.on)
    _settle_members(subject, into, because, by, at)
    change = orgs.merge(subject, into=into, because=because, by=by, at=at)
    _clear(subject, into, because.on, by, at)
    return change


@action(rules.dissolve)
def dissolve(
    subject: Organisation, *, because: Because, by: Actor, at: datetime, destination: Organisation | None = None
) -> Change:
    """Ends an organisation that has nobody left, or whose members all go to `destination`."""
    tree.lock_tree()
    _may_close(subject, because.on)
    if destination is not None:
        _settle_members(subject, destination, because, by, at)
    left = queries.members(subject).count()
    if left:
        raise Refused(f"“{subject.name}”还有 {left} 名党员。请先办理转接，或者写明他们一起转到哪个组织。")
    heir = destination or subject.parent
    change = orgs.dissolve(subject, custodian=heir, because=because, by=by, at=at)
    assert heir is not None, "the top of a tree is never dissolved"
    _clear(subject, heir, because.on, by, at)
    return change


@action(rules.end_temporary)
def end_temporary(subject: Organisation, *, because: Because, by: Actor, at: datetime) -> Change:
    """临时组织到期撤销: those on loan go back to work at home, where they were counted all the time."""
    tree.lock_tree()
    if subject.form != Form.TEMPORARY:
        raise Refused(f"“{subject.name}”不是临时组织，请按撤销办理。")
    _may_close(subject, because.on)
    left = queries.members(subject).count()
    if left:
        raise Refused(f"有 {left} 名党员的组织关系在“{subject.name}”，请先转回去；借用的党员不用转。")
    change = orgs.dissolve(subject, because=because, by=by, at=at)
    assert subject.custodian is not None, "a closed organisation has a custodian"
    _clear(subject, subject.custodian, because.on, by, at)
    return change


@dataclass(frozen=True)
class Part:
    """One organisation that a split makes: what it is, and which members and children go over to it."""

    new: New
    members: Sequence[int] = ()
    children: Sequence[Organisation] = field(default=())


@action(rules.split)
def split(
    subject: Organisation, *, into: Sequence[Part], because: Because, by: Actor, at: datetime
) -> list[Organisation]:
    """Sets up organisations out of `subject`, beside it, with the members and children assigned to each."""
    tree.lock_tree()
    if not into:
        raise Refused("请写出拆成哪几个组织。")
    assigned = [person for part in into for person in part.members]
    own = set(queries.members(subject).values_list("pk", flat=True))
    if len(assigned) != len(set(assigned)) or not set(assigned) <= own:
        raise Refused(f"每名党员只能分到一个组织，而且现在要在“{subject.name}”。")
    if any(child.parent_id != subject.pk for part in into for child in part.children):
        raise Refused(f"分出去的下级组织现在要直属“{subject.name}”。")
    made = orgs.split(subject, into=[part.new for part in into], because=because, by=by, at=at)
    for part, one in zip(into, made, strict=True):
        for child in part.children:
            orgs.reparent(child, parent=one, because=because, by=by, at=at)
    moves = [(person, one.pk) for part, one in zip(into, made, strict=True) for person in part.members]
    if moves:
        above = queries.meeting_point(subject, made[0])
        start = Membership.Start.REORGANISED
        with _said_of_all(because.on):
            people.transfer_many(above, moves=moves, on=because.on, start=start, by=by, at=at)
    return made


@dataclass(frozen=True)
class Step:
    """One row of a reorganisation: what is done to which organisation. What `target` is depends on the verb.

    设立: the parent. 改隶: the new parent. 并入: the successor. 撤销: where its members go, if it has any.
    """

    verb: str
    code: str
    target: str = ""
    name: str = ""
    kind: str = ""
    form: str = Form.STANDARD


@dataclass(frozen=True)
class Reorganised:
    """What a reorganisation did: how many steps, their digest, and what each of them came to."""

    rows: int
    root: str
    effects: Sequence[Effect]


VERBS = {
    "found": "设立", "rename": "更名", "upgrade": "升格", "reparent": "改隶", "merge": "并入", "dissolve": "撤销",
}  # fmt: skip
"""What a row may ask for."""

NEEDS_TARGET = frozenset({"found", "reparent", "merge"})
NEEDS_NAME = frozenset({"found", "rename"})
NEEDS_KIND = frozenset({"found", "upgrade"})


@action(rules.reorganise)
def reorganise(
    subject: Organisation, *, steps: Sequence[Step], because: Because, by: Actor, at: datetime
) -> Reorganised:
    """撤镇设街 and the like as one list: every step in order, on one day, for one reason; all of it or nothing.

    Every row that is wrong is named: a row that fails is left out while the rest is tried, then all is taken back.
    """
    tree.lock_tree()
    faults, effects = unfit(steps, subject), []
    if not faults:
        for number, step in enumerate(steps, start=1):
            try:
                with transaction.atomic():
                    effects.append(_take(step, because, by, at))
            except Refused as refusal:
                faults.append((number, str(refusal)))
    if faults:
        raise RowsRefused(faults)
    return Reorganised(len(steps), bulk_root((step.verb, step.code, step.target) for step in steps), effects)


def rehearse(subject: Organisation, *, steps: Sequence[Step], because: Because, by: Actor, at: datetime) -> Reorganised:
    """What `reorganise` would come to now: it is done and taken back, and nothing is left, not even in the journal.

    Raises RowsRefused as the verb does. The tree is held as long as the verb itself holds it.
    """
    with transaction.atomic():
        done = reorganise(subject, steps=steps, because=because, by=by, at=at)
        transaction.set_rollback(True)
    return done


def unfit(steps: Sequence[Step], subject: Organisation) -> list[tuple[int, str]]:
    """Rows that cannot be right whatever the others do."""
    known = tree.by_code({code for step in steps for code in (step.code, step.target) if code})
    there = {code for code, one in known.items() if one.path.startswith(subject.path) and not one.closed_on}
    faults = []
    for number, step in enumerate(steps, start=1):
        if step.verb not in VERBS:
            faults.append((number, f"没有“{step.verb}”这种调整；可以填：{'、'.join(VERBS.values())}。"))
            continue
        if step.verb != "found" and step.code not in there:
            faults.append((number, f"“{subject.name}”之下没有代码为 {step.code} 的现有组织，前面的行也没有设立它。"))
        if step.target and step.target not in there:
            faults.append((number, f"“{subject.name}”之下没有代码为 {step.target} 的现有组织，前面的行也没有设立它。"))
        faults += ((number, sentence) for sentence in _missing(step))
        if step.verb == "found":
            there.add(step.code)
    return faults


def _missing(step: Step) -> list[str]:
    faults = []
    if step.verb in NEEDS_TARGET and not step.target:
        faults.append(f"“{VERBS[step.verb]}”要写明另一方组织的代码。")
    if step.verb in NEEDS_NAME and not step.name.strip():
        faults.append(f"“{VERBS[step.verb]}”要写明名称。")
    if step.verb in NEEDS_KIND and step.kind not in Kind.values:
        faults.append(f"“{VERBS[step.verb]}”要写明类别：{'、'.join(Kind.labels)}。")
    if step.verb == "found" and step.form not in Form.values:
        faults.append(f"没有“{step.form}”这种组建形式；可以填：{'、'.join(Form.labels)}。")
    return faults


def _take(step: Step, because: Because, by: Actor, at: datetime) -> Effect:
    """Does one step, by the same verb that a page would call."""
    said: dict[str, Any] = {"because": because, "by": by, "at": at}
    known = tree.by_code({step.code, step.target})
    target = known.get(step.target)
    if step.verb == "found":
        assert target is not None
        orgs.found(target, new=New(step.code, step.name, step.kind, step.form), **said)
        return Effect(f"在“{target.name}”之下设立“{step.name}”。")
    subject = known[step.code]
    effect = queries.effect(step.verb, subject, target, because.on, name=step.name, kind=step.kind)
    match step.verb:
        case "rename":
            orgs.rename(subject, name=step.name, **said)
        case "upgrade":
            orgs.upgrade(subject, kind=step.kind, name=step.name, **said)
        case "reparent":
            assert target is not None
            orgs.reparent(subject, parent=target, **said)
        case "merge":
            assert target is not None
            merge(subject, into=target, **said)
        case _:
            dissolve(subject, destination=target, **said)
    return effect


def _settle_members(subject: Organisation, to: Organisation, because: Because, by: Actor, at: datetime) -> None:
    if not queries.members(subject).exists():
        return
    above = queries.meeting_point(subject, to)
    with _said_of_all(because.on):
        people.transfer_all(above, into=[(subject, to)], on=because.on, by=by, at=at)


@contextmanager
def _said_of_all(on: date) -> Iterator[None]:
    """Numbers of rows mean nothing to whoever sees no list: says how many cannot go, and why the first cannot."""
    try:
        yield
    except RowsRefused as refusal:
        raise Refused(f"有 {len(refusal.faults)} 名党员不能在 {on} 划转：{refusal.faults[0][1]}") from refusal


def _clear(subject: Organisation, heir: Organisation, on: date, by: Actor, at: datetime) -> None:
    """Posts and terms end, loans end, floating members are received by the heir, who looks after the units too."""
    end(Post.objects.from_day(on).filter(organisation=subject), on=on, leaving=Post.Leaving.MOVED)
    end(Term.objects.from_day(on).filter(organisation=subject), on=on)
    end(Loan.objects.from_day(on).filter(organisation=subject), on=on)
    succeed(Floating.objects.from_day(on).filter(destination=subject), on=on, destination_id=heir.pk)
    if Unit.objects.filter(organisation=subject).exists():
        units.hand_over_all(subject, to=heir, on=on, by=by, at=at)


def _may_close(subject: Organisation, on: date) -> None:
    if subject.parent_id is None:
        raise Refused("最上级组织不能合并或撤销。")
    led = queries.bodies_led(subject, on).first()
    if led is not None:
        raise Refused(f"“{subject.name}”还牵头“{led.name}”，请先撤销这个联合议事机构，或者换一个牵头组织。")

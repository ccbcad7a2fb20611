"""The verbs of notices: draft, publish, correct, withdraw; object and answer. What is published is frozen."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from jiceng.kernel.access import Actor, action
from jiceng.kernel.files import actions as file_actions
from jiceng.kernel.files import queries as files
from jiceng.kernel.orgs import queries as orgs
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.numbers import phone_problem
from jiceng.lib.refusals import Refused

from . import queries, rules, sealed
from .declarations import Audience, Kind
from .models import Answer, Correction, Notice, Objection, Publication, Withdrawal, new_salt
from .scanning import Found

LONGEST, LONGEST_OBJECTION, LONGEST_CONTACT = 20_000, 2_000, 100
AT_ONCE = timedelta(hours=1)
MOST_AT_ONCE = 20
"""So many objections an hour are taken from one address: a village sits behind one."""


@dataclass(frozen=True)
class Draft:
    """What a notice says, to whom, and how long it stands (`until` is the day on which it is gone)."""

    kind: str
    title: str
    text: str
    since: date
    until: date
    phone: str = ""
    audience: str = Audience.PUBLIC
    objections: bool = True
    duty: str = ""
    period: str = ""
    source: str = ""


class Revealing(Refused):
    """A text holds numbers that lead to a person; `found` has every place."""

    def __init__(self, found: Sequence[Found]) -> None:
        self.found = tuple(found)
        first = "".join(one.sentence for one in self.found[:3])
        super().__init__(first + (f"……一共 {len(self.found)} 处。" if len(self.found) > 3 else ""))


@action(rules.draft)
def draft(subject: Organisation, *, new: Draft, by: Actor, at: datetime) -> Notice:
    """Writes a notice that nobody outside sees yet."""
    orgs.hold_tree(subject)
    if subject.closed_on:
        raise Refused(f"“{subject.name}”已于 {subject.closed_on} 撤销，不能再公示。")
    new = _checked(new)
    return Notice.objects.create(organisation=subject, by_name=by.name, at=at, **asdict(new))


@action(rules.revise)
def revise(subject: Notice, *, new: Draft, by: Actor, at: datetime) -> Notice:
    """Rewrites a draft. What is published is corrected instead."""
    notice, held = _locked(subject)
    if held:
        raise Refused("这件公示已经公布，不能再改草稿；写错了请办“更正”。")
    for key, value in asdict(_checked(new)).items():
        setattr(notice, key, value)
    notice.by_name, notice.at = by.name, at
    notice.save()
    return notice


@action(rules.discard)
def discard(subject: Notice, *, by: Actor, at: datetime) -> None:
    """Drops a draft that will not be published."""
    notice, held = _locked(subject)
    if held:
        raise Refused("这件公示已经公布，不能删；不该公布的请办“撤下”。")
    for one in files.of(notice):
        file_actions.drop(one, by=by, at=at)
    notice.delete()


@action(rules.publish)
def publish(subject: Notice, *, by: Actor, at: datetime) -> Publication:
    """Puts the notice up for its term, as it stands now and never changes. Raises Revealing, with every place."""
    notice, held = _locked(subject)
    if held:
        raise Refused(f"这件公示已由{held.by_name}公布，不用再公布。")
    if notice.until <= timezone.localdate(at):
        raise Refused("公示期已经过了。请改公示的起止日期再公布。")
    return _freeze(notice, _said(notice), number=1, by=by, at=at)


@action(rules.correct)
def correct(
    subject: Notice, *, title: str, text: str, phone: str, until: date, reason: str, by: Actor, at: datetime
) -> Publication:
    """更正: puts a right text in the place of a wrong one and says why; both are kept."""
    notice, held = _locked(subject)
    if held is None:
        raise Refused("还没有公布，直接改草稿就行。")
    _not_withdrawn(notice)
    if held.until <= timezone.localdate(at):
        raise Refused("公示期已满，页面已经撤下；需要的话另发一件公示。")
    if not reason.strip():
        raise Refused("请写明为什么更正，读的人看得到。")
    before = _frozen(held)
    new = _checked(replace(before, title=title, text=text, phone=phone, until=until))
    if new == before:
        raise Refused("和公布的内容一样，没有要更正的。")
    said = _freeze(notice, new, number=held.number + 1, by=by, at=at)
    _reveal_nothing([("更正原因", reason)], said.phone)
    Correction.objects.create(publication=said, reason=reason.strip(), by_name=by.name, at=at)
    return said


@action(rules.withdraw)
def withdraw(subject: Notice, *, reason: str, by: Actor, at: datetime) -> Withdrawal:
    """Takes the notice down before its term is over; whoever comes for it reads the reason."""
    notice, held = _locked(subject)
    if held is None:
        raise Refused("还没有公布，不用撤下；不要了就删掉草稿。")
    _not_withdrawn(notice)
    if not reason.strip():
        raise Refused("请写明为什么撤下，读的人看得到。")
    _reveal_nothing([("撤下原因", reason)], held.phone)
    return Withdrawal.objects.create(notice=notice, reason=reason.strip(), by_name=by.name, at=at)


@action(rules.raise_objection)
def raise_objection(
    subject: Notice, *, text: str, contact: str, once: str, address: str, by: Actor, at: datetime
) -> Objection:
    """Takes what somebody disagrees with; its number is the receipt. The same form sent twice is one objection."""
    notice, held = _locked(subject)
    sent = Objection.objects.filter(notice=notice, once=once).first()
    if sent:
        return sent
    today = timezone.localdate(at)
    if held is None or hasattr(notice, "withdrawal") or not held.stands_on(today):
        raise Refused("这件公示现在不在公示期内，不能再提异议。可以直接找公示的组织反映。")
    if not held.objections:
        raise Refused("这件公示只是告知，不收异议。可以直接找公示的组织反映。")
    if not text.strip() or len(text) > LONGEST_OBJECTION or len(contact) > LONGEST_CONTACT or not once:
        raise Refused(f"请写明不同意什么、为什么，不超过 {LONGEST_OBJECTION} 字；联系方式不超过 {LONGEST_CONTACT} 字。")
    caller, salt = sealed.caller_of(address, today), new_salt()
    if Objection.objects.filter(caller=caller, at__gt=at - AT_ONCE).count() >= MOST_AT_ONCE:
        raise Refused("这个网络一小时内提出的异议太多了。请过一会儿再提，或者当面提交书面意见。")
    return Objection.objects.create(
        notice=notice, once=once, text=text.strip(), contact=sealed.seal_contact(salt, contact.strip()), salt=salt,
        caller=caller, at=at,
    )  # fmt: skip


@action(rules.answer)
def answer(subject: Objection, *, summary: str, text: str, by: Actor, at: datetime) -> Answer:
    """Answers an objection; `summary` is what readers are told of it, without who raised it."""
    objection = Objection.objects.select_for_update(of=("self",)).select_related("notice").get(pk=subject.pk)
    before = Answer.objects.filter(objection=objection).first()
    if before:
        raise Refused(f"{before.by_name}已经答复了这条异议，答复不能再改。")
    if not summary.strip() or not text.strip() or max(len(summary), len(text)) > LONGEST_OBJECTION:
        raise Refused(f"摘要和答复都要写，各不超过 {LONGEST_OBJECTION} 字。")
    held = queries.text_of(objection.notice)
    _reveal_nothing([("异议摘要", summary), ("答复", text)], held.phone if held else "")
    return Answer.objects.create(
        objection=objection, summary=summary.strip(), text=text.strip(), by_name=by.name, at=at
    )


def _locked(subject: Notice) -> tuple[Notice, Publication | None]:
    """The notice as it is now, and its text that holds, with everybody else waiting until this verb is done."""
    try:
        notice = Notice.objects.select_for_update().get(pk=subject.pk)
    except Notice.DoesNotExist:
        raise Refused("这份草稿已经被别人删掉了。") from None
    return notice, queries.text_of(notice)


def _not_withdrawn(notice: Notice) -> None:
    if hasattr(notice, "withdrawal"):
        raise Refused(f"这件公示已由{notice.withdrawal.by_name}撤下。")


def _checked(new: Draft) -> Draft:
    """The draft without blanks around it. Raises Refused with everything that is wrong."""
    new = replace(new, title=new.title.strip(), text=new.text.strip(), phone=new.phone.strip())
    faults = []
    if not new.title or len(new.title) > 200:
        faults.append("标题不能为空，最多 200 字。")
    if not new.text or len(new.text) > LONGEST:
        faults.append(f"正文不能为空，最多 {LONGEST:,} 字。")
    if new.kind not in Kind.values or new.audience not in Audience.values:
        faults.append("类别和给谁看要从列出的里面选。")
    if new.until <= new.since:
        faults.append("公示止的日期要晚于公示起的日期。")
    if new.phone and (problem := phone_problem(new.phone)):
        faults.append(problem)
    if faults:
        raise Refused("".join(faults))
    return new


def _said(notice: Notice) -> Draft:
    """What a notice says now."""
    return Draft(**{key: getattr(notice, key) for key in Draft.__dataclass_fields__})


def _frozen(held: Publication) -> Draft:
    """What its published text says."""
    own = ("kind", "title", "text", "since", "until", "phone", "audience", "objections")
    return Draft(**{key: getattr(held, key) for key in own})


def _freeze(notice: Notice, said: Draft, *, number: int, by: Actor, at: datetime) -> Publication:
    """The one way to the board: nothing stands there that was not read for numbers first."""
    attached = queries.files_of(notice)
    _reveal_nothing([("标题", said.title), ("正文", said.text)], said.phone, attached)
    home = notice.organisation
    frozen = Publication(
        notice=notice, number=number, name=home.name, place_name=home.place.name if home.place else "",
        kind=said.kind, title=said.title, text=said.text, phone=said.phone, audience=said.audience,
        since=said.since, until=said.until, objections=said.objections, files=attached, by_name=by.name, at=at,
    )  # fmt: skip
    frozen.digest = frozen.digest_now()
    frozen.save()
    return frozen


def _reveal_nothing(texts: Sequence[tuple[str, str]], phone: str, attached: Sequence[dict[str, Any]] = ()) -> None:
    found = queries.scan_of(texts, attached, phone)
    if found:
        raise Revealing(found)

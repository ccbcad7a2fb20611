"""Who takes a post, who hands it over, who leaves it."""

from datetime import date, datetime
from typing import Any

from jiceng.kernel.access import ADMINISTRATORS, Actor, Role, action
from jiceng.kernel.history.models import correct as say_right
from jiceng.kernel.history.models import end
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Membership, Person
from jiceng.lib.refusals import Refused

from .. import rules
from ..models import Post
from ..queries import clashing, overlapping

ASSIGNED = ADMINISTRATORS | {Role.AUDITOR, Role.OFFICER}
"""What the security administrator gives out; an officer, too, may appoint officers below."""

RESERVED = ADMINISTRATORS | {Role.AUDITOR, Role.SEAT}
"""What an ordinary appointment cannot give."""


@action(rules.appoint)
def appoint(
    subject: Organisation, *, person: Person, role: str, since: date, by: Actor, at: datetime, title: str = "",
    source: str = Post.Source.APPOINTED, document: str = "", until: date | None = None,
) -> Post:  # fmt: skip
    """A person takes a post at the organisation from that day on."""
    return _appoint(subject, person, ordinary(role), since, until, title=title, source=source, document=document)


@action(rules.appoint_administrator)
def appoint_administrator(
    subject: Organisation, *, person: Person, role: str, since: date, by: Actor, at: datetime, title: str = "",
    document: str = "", until: date | None = None,
) -> Post:  # fmt: skip
    """Gives out one of the three administrators, an auditor or an officer. Nobody gives one to himself."""
    if role not in ASSIGNED:
        raise Refused(f"“{Role(role).label}”由组织员任命，不在这里设置。")
    if by.person is not None and by.person == person.pk:
        raise Refused("不能给自己设置管理岗位，请由另一名安全管理员办理。")
    _administrators_exclude_each_other(person, role, since, until)
    return _appoint(subject, person, role, since, until, title=title, source=Post.Source.APPOINTED, document=document)


@action(rules.hand_over)
def hand_over(
    subject: Post, *, to: Person, on: date, by: Actor, at: datetime, source: str = Post.Source.APPOINTED,
    title: str = "", document: str = "", leaving: str = Post.Leaving.MOVED,
) -> Post:  # fmt: skip
    """One goes out and the next comes in on the same day; what waits for the post waits for the next from then on."""
    if subject.person_id == to.pk:
        raise Refused("交给的还是同一个人，不用办交接。")
    ordinary(subject.role)
    _leave(subject, on, leaving)
    place = subject.organisation
    return _appoint(place, to, subject.role, on, None, title=title or subject.title, source=source, document=document)


@action(rules.vacate)
def vacate(subject: Post, *, on: date, by: Actor, at: datetime, leaving: str = Post.Leaving.MOVED) -> Post:
    """The person leaves the post: that day is the first without it."""
    ordinary(subject.role)
    return _leave(subject, on, leaving)


@action(rules.vacate_administrator)
def vacate_administrator(
    subject: Post, *, on: date, by: Actor, at: datetime, leaving: str = Post.Leaving.MOVED
) -> Post:
    """Takes back a post that the security administrator gave out."""
    if subject.role not in ASSIGNED:
        raise Refused(f"“{Role(subject.role).label}”由组织员免去，不在这里办理。")
    return _leave(subject, on, leaving)


@action(rules.correct)
def correct(
    subject: Post, *, by: Actor, at: datetime, since: date | None = None, title: str = "", source: str = "",
    document: str = "",
) -> Post:  # fmt: skip
    """更正: what was written of the post was wrong from the start; what was believed before stays readable."""
    subject = _believed(subject)
    said: dict[str, Any] = {"since": since, "title": title.strip(), "source": source, "document": document.strip()}
    said = {key: value for key, value in said.items() if value and value != getattr(subject, key)}
    if not said:
        raise Refused("没有要更正的内容。")
    begins = said.get("since", subject.since)
    if subject.until is not None and begins >= subject.until:
        raise Refused(f"上任日期要早于离任日期 {subject.until}。")
    place = _lock(subject.organisation_id)
    _exists_on(place, begins)
    _refuse_clash(place, subject.person, subject.role, begins, subject.until, apart_from=subject)
    return _one(say_right([subject], **said))


def ordinary(role: str) -> str:
    """The role, if an officer may give and take it. Raises Refused if the security administrator must."""
    if role not in Role.values:
        raise Refused(f"没有“{role}”这种职能。")
    if role == Role.SEAT:
        raise Refused("联席成员在联合议事机构的席位里登记，不单独任命。")
    if role in RESERVED:
        raise Refused(f"“{Role(role).label}”由安全管理员设置和免去，请找安全管理员办理。")
    return role


def _appoint(
    place: Organisation, person: Person, role: str, since: date, until: date | None, *, title: str, **said: str
) -> Post:
    place = _lock(place.pk)
    _exists_on(place, since)
    if until is not None and until <= since:
        raise Refused("离任日期要晚于上任日期。")
    _lives_on(person, since)
    _refuse_clash(place, person, role, since, until)
    return Post.objects.create(
        organisation=place, person=person, role=role, title=title.strip() or Role(role).label, since=since,
        until=until, **said,
    )  # fmt: skip


def _leave(post: Post, on: date, leaving: str) -> Post:
    post = _believed(post)
    _lock(post.organisation_id)
    if on <= post.since:
        raise Refused(f"离任日期要晚于上任日期 {post.since}；日期登记错了请用“更正”。")
    if post.until is not None and post.until <= on:
        raise Refused(f"这个岗位已于 {post.until} 离任。")
    end([post], on=on, leaving=leaving)
    return Post.objects.known().get(ref=post.ref)


def _believed(post: Post) -> Post:
    """The row believed now: the one in hand may have been said anew since it was read."""
    now = Post.objects.known().filter(ref=post.ref).first()
    if now is None:
        raise Refused("这条任职记录已被撤回，请刷新页面。")
    return now


def _lock(organisation: int) -> Organisation:
    """One appointment at a time at one organisation, so that two cannot both find the post free."""
    return Organisation.objects.select_for_update().get(pk=organisation)


def _exists_on(place: Organisation, since: date) -> None:
    if place.closed_on is not None:
        raise Refused(f"“{place.name}”已于 {place.closed_on} 撤销，不能再任命。")
    if since < place.founded_on:
        raise Refused(f"“{place.name}”在 {place.founded_on} 才成立，上任日期不能更早。")


def _lives_on(person: Person, since: date) -> None:
    died = Membership.objects.known().filter(person=person, end=Membership.End.DECEASED, until__lte=since).first()
    if died is not None:
        raise Refused(f"{person.name}已于 {died.until} 去世，不能任命。")


def _refuse_clash(
    place: Organisation, person: Person, role: str, since: date, until: date | None, *, apart_from: Post | None = None
) -> None:
    found = clashing(place, person, role, since, until)
    if apart_from is not None:
        found = found.exclude(ref=apart_from.ref)
    clash = found.first()
    if clash is None:
        return
    when = f"{clash.since} 起" + (f"、{clash.until} 止" if clash.until else "至今")
    if clash.person_id == person.pk:
        raise Refused(f"{clash.person.name}在“{place.name}”已担任{clash.title}（{when}），时间重叠。")
    raise Refused(f"“{place.name}”的书记是{clash.person.name}（{when}）；请先办离任，或者用“交接”。")


def _administrators_exclude_each_other(person: Person, role: str, since: date, until: date | None) -> None:
    """GB/T 22239-2019 8.1.5: system, audit and security management are held by different people."""
    if role not in ADMINISTRATORS:
        return
    Person.objects.select_for_update().get(pk=person.pk)
    held = overlapping(Post.objects.known(), since, until).filter(person=person, role__in=ADMINISTRATORS - {role})
    other = held.first()
    if other is not None:
        raise Refused(
            f"{person.name}已是{Role(other.role).label}；系统、安全、审计三种管理员不能由同一个人担任"
            "（GB/T 22239-2019 第8.1.5条）。"
        )


def _one(rows: list[Post]) -> Post:
    return rows[0]

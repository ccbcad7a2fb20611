"""What a closing organisation still holds, and which temporary organisations are past their day."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from jiceng.kernel.orgs.models import Form, Kind, Organisation
from jiceng.kernel.people.models import Floating, Loan, Person
from jiceng.kernel.posts.models import JointBody, Post
from jiceng.kernel.units.models import Unit
from jiceng.lib.paths import SEGMENT


@dataclass(frozen=True)
class Holdings:
    """What has to find another place before or while an organisation closes."""

    members: int
    children: int
    posts: int
    units: int
    lent: int
    received: int

    @property
    def told(self) -> str:
        """The counts in one sentence."""
        named = (
            (self.members, "名党员"), (self.children, "个下级组织"), (self.posts, "个岗位"), (self.units, "个联系单位"),
            (self.lent, "名借来的党员"), (self.received, "名流入的党员"),
        )  # fmt: skip
        return "、".join(f"{count} {unit}" for count, unit in named if count) or "没有党员、下级组织、岗位和联系单位"


def members(organisation: Organisation) -> QuerySet[Person]:
    """Its own members, those of organisations below left out."""
    return Person.objects.filter(organisation=organisation, is_member=True).order_by("pk")


def holdings(organisation: Organisation, day: date) -> Holdings:
    """What the organisation holds from that day on."""
    return Holdings(
        members=members(organisation).count(),
        children=organisation.children.filter(closed_on=None).count(),
        posts=Post.objects.from_day(day).filter(organisation=organisation).count(),
        units=Unit.objects.filter(organisation=organisation).count(),
        lent=Loan.objects.from_day(day).filter(organisation=organisation).count(),
        received=Floating.objects.from_day(day).filter(destination=organisation).count(),
    )


@dataclass(frozen=True)
class Effect:
    """What one step of a reorganisation comes to: a sentence, how many members change their organisation by it, and
    how many posts end."""

    sentence: str
    members: int = 0
    posts: int = 0


def effect(verb: str, subject: Organisation, target: Organisation | None, day: date, *, name: str, kind: str) -> Effect:
    """What a step that is about to be done from `day` on comes to, as things stand."""
    match verb:
        case "rename":
            return Effect(f"“{subject.name}”更名为“{name}”。")
        case "upgrade":
            return Effect(f"“{subject.name}”由{subject.get_kind_display()}改为{Kind(kind).label}。")
        case "reparent":
            assert target is not None
            below = Organisation.objects.filter(path__startswith=subject.path, closed_on=None).count() - 1
            count = Person.objects.filter(organisation__path__startswith=subject.path, is_member=True).count()
            told = f"下级 {below} 个组织、一共 {count} 名党员跟着过去，组织关系不动。"
            return Effect(f"“{subject.name}”改隶“{target.name}”：{told}")
    held = holdings(subject, day)
    held_by = f"“{subject.name}”（{held.told}）"
    if verb == "merge" and target:
        sentence = f"{held_by}并入“{target.name}”。"
    else:
        sentence = f"撤销{held_by}" + (f"，党员转到“{target.name}”。" if target else "。")
    return Effect(sentence, held.members, held.posts)


def bodies_led(organisation: Organisation, day: date) -> QuerySet[JointBody]:
    """Joint bodies that it leads from that day on."""
    led = JointBody.objects.filter(organisation=organisation, formations__superseded_at=None)
    return led.exclude(formations__until__lte=day)


def meeting_point(one: Organisation, other: Organisation) -> Organisation:
    """The lowest organisation at or above both."""
    shared = ""
    for end in range(SEGMENT, min(len(one.path), len(other.path)) + 1, SEGMENT):
        if one.path[:end] != other.path[:end]:
            break
        shared = one.path[:end]
    return Organisation.objects.get(path=shared)


def overdue(today: date) -> QuerySet[Organisation]:
    """Temporary organisations whose mission has ended."""
    found = Organisation.objects.filter(form=Form.TEMPORARY, closed_on=None, mission__ends_on__lt=today)
    return found.select_related("mission").order_by("path")

"""What becomes of posts and seats where two records of one person are made into one."""

from django.utils import timezone

from jiceng.kernel.access import Actor, Role
from jiceng.kernel.history.models import correct as say_right
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people.models import Person
from jiceng.lib.refusals import Refused

from .. import rules
from ..models import Post, Seat
from ..queries import clashing, overlapping
from .appointments import ASSIGNED


def follow(kept: Person, dropped: Person, by: Actor) -> None:
    """The posts and seats of the dropped record were held by the kept person; earlier belief stays readable.

    Posts of today and later give rights, so they go over only at the hands of somebody who may appoint there, and those
    of administrators, auditors and officers not at all.
    """
    posts = list(Post.objects.known().filter(person=dropped).select_related("organisation").order_by("pk"))
    _lock({post.organisation_id for post in posts})
    _may_go_over(posts, by)
    for post in posts:
        clash = clashing(post.organisation, kept, post.role, post.since, post.until).filter(person=kept).first()
        if clash is not None:
            raise Refused(f"两份档案在“{post.organisation.name}”都有{clash.title}的任职，时间重叠；请先更正或办离任。")
    say_right(posts, person_id=kept.pk)
    seats = list(Seat.objects.known().filter(person=dropped).select_related("body"))
    for seat in seats:
        if overlapping(Seat.objects.known(), seat.since, seat.until).filter(body=seat.body, person=kept).exists():
            raise Refused(f"两份档案在“{seat.body.name}”都有席位，时间重叠；请先撤去其中一个。")
    say_right(seats, person_id=kept.pk)


def _lock(organisations: set[int]) -> None:
    """As an appointment does, in one order."""
    list(Organisation.objects.select_for_update().filter(pk__in=organisations).order_by("pk"))


def _may_go_over(posts: list[Post], by: Actor) -> None:
    today = timezone.localdate()
    held = [post for post in posts if post.until is None or post.until > today]
    for post in held:
        if post.role in ASSIGNED:
            raise Refused(f"要并掉的档案担任{Role(post.role).label}，不能随并档转过来；请先免去，再并档。")
    allowed = set(rules.correct.among(Post.objects.filter(pk__in=[post.pk for post in held]), by))
    for post in held:
        if post not in allowed:
            raise Refused(
                f"要并掉的档案在“{post.organisation.name}”任{post.title}，那里不归您办理；请由两头共同的上级并档。"
            )

"""What becomes of rolls and candidacies where two records of one person are made into one."""

from jiceng.kernel.access import Actor
from jiceng.kernel.people.models import Person
from jiceng.lib.refusals import Refused

from ..models import Candidate, RollEntry


def follow(kept: Person, dropped: Person, by: Actor) -> None:
    """The dropped record's places on rolls and ballots were the kept person's."""
    both = RollEntry.objects.filter(person=dropped, meeting__in=RollEntry.objects.filter(person=kept).values("meeting"))
    clash = both.select_related("meeting").first()
    if clash is not None:
        raise Refused(f"两份档案都在 {clash.meeting.held_on}“{clash.meeting.title}”的名册上，不像同一个人。")
    if Candidate.objects.filter(person=dropped, vote__in=Candidate.objects.filter(person=kept).values("vote")).exists():
        raise Refused("两份档案是同一次选举的两个候选人，不像同一个人。")
    RollEntry.objects.filter(person=dropped).update(person=kept)
    Candidate.objects.filter(person=dropped).update(person=kept)

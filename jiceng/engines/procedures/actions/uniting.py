"""What becomes of cases where two records of one person are made into one."""

from jiceng.kernel.access import Actor
from jiceng.kernel.people.models import Person
from jiceng.lib.refusals import Refused

from ..models import Case


def follow(kept: Person, dropped: Person, by: Actor) -> None:
    """The cases about the dropped record were about the kept person."""
    going = Case.objects.filter(state__in=("running", "suspended"))
    both = going.filter(person=dropped, edition__key__in=going.filter(person=kept).values("edition__key"))
    if clash := both.first():
        raise Refused(f"两份档案各有一件“{clash.title}”正在办，请先撤回其中一件，再并档。")
    Case.objects.filter(person=dropped).update(person=kept)

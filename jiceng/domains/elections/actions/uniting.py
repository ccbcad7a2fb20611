"""What becomes of elections where two records of one person are made into one."""

from jiceng.kernel.access import Actor
from jiceng.kernel.people.models import Person
from jiceng.lib.refusals import Refused

from ..models import Contestant, Elected


def follow(kept: Person, dropped: Person, by: Actor) -> None:
    """What the dropped record stood for and was elected to, the kept person did."""
    both = Elected.objects.filter(person=kept).values_list("election", "role")
    if set(both) & set(Elected.objects.filter(person=dropped).values_list("election", "role")):
        raise Refused("两份档案在同一次换届里都当选同一职务，不像同一个人。")
    Elected.objects.filter(person=dropped).update(person=kept)
    Contestant.objects.filter(person=dropped).update(person=kept)

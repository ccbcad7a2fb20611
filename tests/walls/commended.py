"""The titles of the city: some organisations, and some of their members."""

from typing import Any

from jiceng.domains.honours import actions
from jiceng.domains.honours.models import Award
from tests.builders import BUILDER, LONG_AGO, NOON

AT = ("甲县", "甲镇", "甲村0", "甲村36", "乙村", "外村")


def build(world: Any) -> None:
    """A title of each organisation and of one of its members."""
    for at in AT:
        place, who = world.places[at], world.people[f"{at}的党员"]
        one, other = (
            actions.Honour(category, "先进典型", "county", "县委组织部", LONG_AGO)
            for category in ("organisation", "member")
        )
        rows = [actions.NewAward(one, organisation=place.pk), actions.NewAward(other, person=who.pk)]
        actions.award_many(place, rows=rows, by=BUILDER, at=NOON)
        world.awards += Award.objects.filter(organisation=place)

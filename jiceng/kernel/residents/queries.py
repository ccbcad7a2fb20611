"""Reads of the rolls."""

from datetime import date, timedelta

from django.db.models import QuerySet

from jiceng.kernel.orgs.models import Organisation

from .models import Listing

AHEAD = timedelta(days=183)
"""So long before a term ends the village is told: half a year is what a new choice of representatives takes."""


def on_roll(organisation: Organisation, roll: str, day: date) -> QuerySet[Listing]:
    """Who was on that roll of the village on a day, as known now, by team and name."""
    return Listing.objects.on(day).filter(organisation=organisation, roll=roll).order_by("team", "name", "pk")


def searched(listings: QuerySet[Listing], said: dict[str, str]) -> QuerySet[Listing]:
    """Those that a filter leaves: by roll, and letters of the name or the team."""
    if said.get("roll"):
        listings = listings.filter(roll=said["roll"])
    word = said.get("q", "")
    return (listings.filter(name__contains=word) | listings.filter(team=word)) if word else listings


def ending(organisation: Organisation, day: date) -> date | None:
    """The day on which the next term of somebody on a roll is over, where that is not far off."""
    rows = Listing.objects.on(day).filter(organisation=organisation, until__lte=day + AHEAD)
    return rows.order_by("until").values_list("until", flat=True).first()

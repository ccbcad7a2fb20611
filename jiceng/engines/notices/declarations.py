"""What must be published, and when: one file of a pack for each matter, and the periods that follow from it."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from django.db import models
from pydantic import Field

from jiceng.engines.packs.declarations import Declaration, declares
from jiceng.kernel.orgs.models import Kind as OrganisationKind
from jiceng.kernel.places.models import Level


class Kind(models.TextChoices):
    """公示类别。"""

    FINANCE = "finance", "财务公开"
    AFFAIRS = "affairs", "村务公开"
    PARTY_AFFAIRS = "party-affairs", "党务公开"
    DECISION = "decision", "决议公开"
    RESULT = "result", "实施结果公开"
    ELECTION = "election", "选举公告"
    ADMISSION = "admission", "发展党员公示"
    COMMENDATION = "commendation", "表彰公示"
    OTHER = "other", "其他公示"


class Audience(models.TextChoices):
    """给谁看。"""

    PUBLIC = "public", "任何人"
    MEMBERS = "members", "本组织党员"


type Rhythm = Literal["month", "quarter", "year", "once"]


@dataclass(frozen=True)
class Period:
    """One month, quarter or year: its key, its name, its days (`until` is the day after the last)."""

    key: str
    name: str
    since: date
    until: date

    def before(self) -> "Period":
        """The period that ended when this one began."""
        return period("month" if "-M" in self.key else "quarter" if "-Q" in self.key else "year", self._eve())

    def _eve(self) -> date:
        return self.since - timedelta(days=1)


def period(every: Rhythm, day: date) -> Period:
    """The period of that rhythm in which the day lies. What is published at once has no period: ValueError."""
    match every:
        case "month":
            return _months(f"{day.year}-M{day.month:02}", f"{day.year}年{day.month}月", day.year, day.month, 1)
        case "quarter":
            number = (day.month + 2) // 3
            return _months(f"{day.year}-Q{number}", f"{day.year}年第{number}季度", day.year, 3 * number - 2, 3)
        case "year":
            return _months(f"{day.year}", f"{day.year}年", day.year, 1, 12)
    raise ValueError("what is published at once has no period")


def _months(key: str, name: str, year: int, first: int, count: int) -> Period:
    last = first + count - 1
    return Period(key, name, date(year, first, 1), date(year, last, monthrange(year, last)[1]) + timedelta(days=1))


@declares("publication", "公开事项")
class Duty(Declaration):
    """公开事项：哪些组织、多久公开一次什么，每期最迟哪天公开。"""

    kind: Literal["publication"]
    notice: Kind
    every: Rhythm
    within_days: Annotated[int, Field(ge=0, le=90)] = 0
    audience: Audience = Audience.PUBLIC
    term_days: Annotated[int, Field(ge=1, le=3660)] = 30
    of: tuple[OrganisationKind, ...]
    level: Level | None = None

    def faults(self) -> Iterator[tuple[str, str]]:
        if not self.of:
            yield "of", "至少写一类组织。"
        if self.every == "once" and self.within_days:
            yield "within_days", "随时公布的事项没有期，不写这一项。"

    def due_on(self, owed: Period) -> date:
        """The last day on which the period's publication is in time."""
        return owed.until - timedelta(days=1) + timedelta(days=self.within_days)

    def periods(self, on: date, *, began: date, most: int = 4) -> list[Period]:
        """The periods owed on a day by an organisation that began then: the running one first, so many back."""
        if self.every == "once":
            return []
        found, one = list[Period](), period(self.every, on)
        while len(found) < most and one.until > max(self.since, began):
            found.append(one)
            one = one.before()
        return found

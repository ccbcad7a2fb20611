"""Spans of time and the calendar by which they are counted: pure arithmetic of days.

The day on which something happens is not counted, counting begins with the next (民法典 第二百零一条). Months and years
are calendar ones; where the last month has no such day, the term ends with that month (民法典 第二百零二条).
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

type Unit = Literal["day", "working-day", "month", "year"]

_SPAN = re.compile(r"(\d{1,4}) (day|working day|month|year)s?")
_NAMES: dict[Unit, str] = {"day": "天", "working-day": "个工作日", "month": "个月", "year": "年"}
_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Span:
    """So many days, working days, calendar months or years."""

    number: int
    unit: Unit

    @classmethod
    def read(cls, text: str) -> "Span":
        """Reads “5 working days”. Raises ValueError with a Chinese sentence."""
        found = _SPAN.fullmatch(text.strip())
        if not found:
            raise ValueError(f"“{text}”不是一段时间；写成 3 days、5 working days、1 month 或 2 years。")
        unit: dict[str, Unit] = {"day": "day", "working day": "working-day", "month": "month", "year": "year"}
        return cls(int(found[1]), unit[found[2]])

    def written(self) -> str:
        """As `read` takes it."""
        return f"{self.number} {self.unit.replace('-', ' ')}{'' if self.number == 1 else 's'}"

    def __str__(self) -> str:
        return f"{self.number} {_NAMES[self.unit]}"


class Due(NamedTuple):
    """A day that was reckoned; provisional where a year took part whose arrangement is not announced."""

    on: date
    provisional: bool = False


@dataclass(frozen=True)
class Calendar:
    """Rest days that fall on Monday to Friday, working days that fall on a weekend, and the years announced."""

    rests: frozenset[date] = frozenset()
    works: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether offices work. In a year not announced: Monday to Friday."""
        return day in self.works or (day.weekday() < 5 and day not in self.rests)

    def after(self, day: date, span: Span) -> Due:
        """The last day of a span that begins with the day after `day`. Raises OverflowError past the year 9999."""
        match span.unit:
            case "day":
                return Due(day + timedelta(days=span.number))
            case "month":
                return Due(_months_after(day, span.number))
            case "year":
                return Due(_months_after(day, 12 * span.number))
        provisional = False
        for _ in range(span.number):
            day += _DAY
            while not self.is_working(day):
                provisional |= day.year not in self.years
                day += _DAY
            provisional |= day.year not in self.years
        return Due(day, provisional)

    def working_days(self, since: date, until: date) -> int:
        """Working days after `since`, up to and with `until`; none where `until` is not later."""
        return sum(self.is_working(since + timedelta(days=n)) for n in range(1, (until - since).days + 1))

    def ends(self, due: Due) -> Due:
        """A legal term whose last day is a rest day ends with the next working day (民法典 第二百零三条)."""
        day = due.on
        while not self.is_working(day):
            day += _DAY
        return Due(day, due.provisional or day.year not in self.years)


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError(f"{months} months after {day} is past the calendar")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

"""What every verb asks first: the meeting, held until the verb is done, and whether it stands where it must."""

from datetime import date, datetime

from django.utils import timezone

from jiceng.engines.assembly import queries
from jiceng.engines.assembly.models import Meeting
from jiceng.lib.refusals import Refused

WHY_NOT: dict[queries.State, str] = {
    "called": "会还没有开，请先办“开会”。",
    "cancelled": "这次会已经取消。",
    "open": "会已经开了。",
    "short": "这次会到会人数不够，已经重新召集；请到再开的那次会去办。",
    "closed": "会已经散了，写错的请办更正。",
}


def held(subject: Meeting, *states: queries.State) -> Meeting:
    """The meeting, locked until the transaction ends. Raises Refused unless it is in one of these states."""
    Meeting.objects.select_for_update().get(pk=subject.pk)
    found = queries.with_state(Meeting.objects.all()).get(pk=subject.pk)
    now = queries.state_of(found)
    if now not in states:
        raise Refused(WHY_NOT[now])
    return found


def said(text: str, sentence: str, most: int = 200) -> str:
    """The words without spaces around them. Raises Refused with the sentence where there are none."""
    words = text.strip()
    if not words:
        raise Refused(sentence)
    if len(words) > most:
        raise Refused(f"写得太长了，最多 {most} 个字。")
    return words


def not_later_than_today(on: date, at: datetime) -> None:
    """Raises Refused for a day that has not come."""
    if on > timezone.localdate(at):
        raise Refused("日期不能晚于今天。")

"""A meeting on paper: the notice that calls it, the sheet that is signed, the minutes."""

from collections.abc import Sequence

from jiceng.lib.papers import Line, Paper, Signatures, Table
from jiceng.lib.refs import spoken
from jiceng.ui.words import plain_date, zh_date

from . import queries
from .models import Meeting

SPARE = 5
"""Empty lines on the sheet, for those who come and are not on the roll."""


def calling(meeting: Meeting, address: str) -> Paper:
    """The notice of the meeting."""
    when = f"{zh_date(meeting.held_on)}{meeting.hour}"
    items = [Line(f"{one.number}. {one.text}") for one in meeting.items.order_by("number")]
    parts = (
        Line(f"定于{when}在{meeting.venue}召开{meeting.kind_name}，请准时参加；不能到会的，请事先请假。"),
        *([Line("议题", 1), *items] if items else []),
    )
    return Paper(
        f"关于召开{meeting.kind_name}的通知", parts, spoken(meeting.ref), address,
        issuer=meeting.organisation.name, on=plain_date(meeting.called_on),
    )  # fmt: skip


def signing(meeting: Meeting, names: Sequence[str], address: str) -> Paper:
    """The sheet on which those who come sign, by the roll, with room for others and for the sums of a vote."""
    rows = [(str(place), name, "", "") for place, name in enumerate((*names, *[""] * SPARE), start=1)]
    where = Line(f"时间：{zh_date(meeting.held_on)}{meeting.hour}　地点：{meeting.venue}")
    parts = (
        where, Table(("序号", "姓名", "签名", "备注"), tuple(rows), (1, 3, 4, 2)), Signatures(("主持人", "记录人", "监督人")),
    )  # fmt: skip
    return Paper(f"{meeting.title}到会签名表", parts, spoken(meeting.ref), address)


def minutes(meeting: Meeting, roll: Sequence[tuple[str, str]], address: str) -> Paper:
    """What was said and decided. `roll` is names with presence, for whoever may see them; numbers are always there."""
    there = queries.presence(queries.roll_of(meeting))
    said = queries.minutes_of(meeting)
    facts = [
        ("时间", f"{zh_date(meeting.held_on)}{meeting.hour}"), ("地点", meeting.venue), ("应到", str(there.roll)),
        ("实到", str(there.present)), ("请假", str(there.excused)), ("缺席", str(there.absent)),
    ]  # fmt: skip
    facts += [("主持人", said.chair), ("记录人", said.recorder)] if said else []
    parts: list[Line | Table | Signatures] = [Table(("事项", "内容"), tuple(facts), (1, 3))]
    if items := list(meeting.items.order_by("number")):
        parts += [Line("议题", 1), *(Line(f"{one.number}. {one.text}") for one in items)]
    if said:
        parts += [Line("记录", 1), Line(said.text)]
    if votes := [queries.told(one) for one in queries.votes_of(meeting)]:
        parts += [Line("表决", 1)]
        parts += [Line(f"{one.vote.question}：{'通过' if one.passed else '不通过'}。{one.sentence}") for one in votes]
    if roll:
        parts += [Line("名册", 1), Table(("姓名", "到会情况"), tuple(roll), (1, 1))]
    parts.append(Signatures(("主持人签字", "记录人签字"), meeting.organisation.name))
    return Paper(f"{meeting.title}记录", tuple(parts), spoken(meeting.ref), address)

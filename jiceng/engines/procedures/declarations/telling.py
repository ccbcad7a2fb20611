"""A trial in words: every walk line by line, with days, who acts, what was filled in, and what would have barred it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from jiceng.engines.fields.declarations import Kept, say
from jiceng.kernel.calendars.declarations import Calendar

from .effects import SAYS
from .inventing import NAMES
from .machine import Act, Record, Standing
from .procedure import Procedure
from .striding import Stride, barred

type Walked = tuple[str, Record, tuple[Stride, ...], Standing]
"""A title, the opening, the strides, and where it ended."""


def told_trial(procedure: Procedure, walks: Iterable[Walked], calendar: Calendar) -> Iterator[str]:
    """All lines, walk after walk."""
    for number, (title, opening, strides, now) in enumerate(walks, start=1):
        days = (now.since - now.opened).days
        yield f"第 {number} 条路：{title}（{len(strides)} 步，{days} 天）"
        yield f"  {opening.on} 立项，{procedure.opens.said}{_filled(procedure, opening.said)}"
        for stride in strides:
            yield from (f"  {line}" for line in _stride(procedure, stride, calendar))
        assert now.end
        yield f"  {now.since} 结局：{now.end.name}"


def _stride(procedure: Procedure, stride: Stride, calendar: Calendar) -> Iterator[str]:
    step = stride.step
    yield f"{stride.on} {step.name}：{stride.outcome.label}，{step.by.said}{_filled(procedure, stride.said)}"
    if sentences := [str(one) for one in barred(procedure, stride, calendar)]:
        yield f"    到了这一步（{stride.before.since}）就办，会被拦下：{' '.join(sentences)}"
    rounds = [one for one in stride.records if one.act is Act.ROUND]
    if rounds:
        yield f"    反复进行：记了 {len(rounds)} 次，{rounds[0].on} 至 {rounds[-1].on}"
    given = {one.key for one in stride.records if one.act in (Act.REPLY, Act.PAPER)}
    asked = [*((one.key, one.name) for one in step.replies), *((one.key, one.name) for one in step.papers)]
    if names := [name for key, name in asked if key in given]:
        yield f"    交来：{'、'.join(names)}"
    if stride.sat and step.meeting:
        said = f"：{stride.sat.sentence}" if stride.sat.sentence else ""
        yield f"    {stride.sat.on} 开会：{step.meeting.name}{said}"
    if stride.until:
        yield f"    公开到 {stride.until - timedelta(days=1)} 为止"
    if stride.outcome.effects:
        yield f"    办成以后：{'、'.join(SAYS[one.do] for one in stride.outcome.effects)}"
    if stride.let_pass:
        yield f"    写明原因才放行：{' '.join(str(one) for one in stride.let_pass)}"


def _filled(procedure: Procedure, said: Mapping[str, Kept]) -> str:
    fields = [*procedure.field, *(one for step in procedure.step for one in step.field)]
    parts = [f"{one.label} {say(one, said[one.key], NAMES)}" for one in fields if one.key in said]
    return f"；填：{'，'.join(parts)}" if parts else ""

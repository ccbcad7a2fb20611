"""What a step may bring about outside its own case: the closed list, and what a file says of each.

An effect is a verb of the kernel. The file says which, and where its day comes from; it can never widen who may.
"""

from collections.abc import Collection, Iterator
from typing import Literal

from jiceng.engines.packs.declarations import ColumnKey, Key, Part
from jiceng.kernel.access import Role

type Deed = Literal[
    "admit-member",
    "make-full-member",
    "end-membership",
    "suspend-membership",
    "record-death",
    "transfer",
    "transfer-out",
]

SAYS: dict[str, str] = {
    "admit-member": "接收为预备党员", "make-full-member": "转为正式党员", "end-membership": "登记为出党",
    "suspend-membership": "登记为停止党籍", "record-death": "登记为去世",
    "transfer": "转接组织关系", "transfer-out": "登记为转往平台以外",
}  # fmt: skip
"""What each brings about, in words."""

MENDS: dict[str, str] = {
    "admit-member": "更正档案里的入党日期", "make-full-member": "更正档案里的转正日期", "end-membership": "恢复党籍",
    "suspend-membership": "恢复党籍", "record-death": "更正档案",
    "transfer": "再办一次组织关系转接", "transfer-out": "恢复党籍",
}  # fmt: skip
"""By which act of the person's record it is put right."""

DO = {"own": (Role.SECRETARY,), "parent": (Role.OFFICER,), "above": (Role.OFFICER,)}
"""Who may at each level, by the kernel's own rules: a step of anybody else would always be refused."""


OFFICE = frozenset({"transfer"})
"""What only an office may bring about: it must reach both ends."""


class Effect(Part):
    """One effect of an outcome. Its day is that on which the step is done, or, with `on`, that of an earlier step or of
    a date field. A transfer goes `to` an organisation that a field names."""

    do: Deed
    on: Key | ColumnKey | None = None
    to: ColumnKey | None = None


def faults(
    effects: tuple[Effect, ...],
    about: str,
    roles: Collection[Role],
    at: str,
    before: Collection[str],
    organisations: Collection[str],
) -> Iterator[str]:
    """What is wrong with the effects of an outcome: of what the case is about, who does the step, and which steps
    and date fields, and which fields of organisations, stand before it (this one's included)."""
    for one in effects:
        if about != "person":
            yield f'{SAYS[one.do]}要写 about = "person"。'
        if one.on is not None and one.on not in before:
            yield f"前面没有“{one.on}”这一步或这个日期栏；on 写它的 key，或者不写。"
        if (one.do == "transfer") != (one.to is not None) or (one.to and one.to not in organisations):
            yield "transfer 要写 to，是前面一个 organisation 栏的 key；别的不写 to。"
        able = () if one.do in OFFICE and at == "own" else DO[at]
        if strange := [role.label for role in roles if role not in able]:
            allowed = "、".join(role.label for role in able) or "没有"
            yield f"{'、'.join(strange)}不能{SAYS[one.do]}；这一级能写：{allowed}。"

"""A procedure with every word that a file may say."""

from datetime import date
from typing import Any

from jiceng.engines.packs.reading import read_table
from jiceng.engines.procedures.declarations import Procedure

SECRETARY = {"roles": ["secretary"]}


def table(**changes: Any) -> dict[str, Any]:
    """Mending a road: proposed, looked into by two bodies, decided, built in rounds, and looked at in the end."""
    return {
        "kind": "procedure", "key": "mending-roads", "name": "修路", "basis": "某村村规民约 第三条", "since": date(2026, 1, 1),
        "opens": {"roles": ["secretary", "village-director"]}, "about": "place",
        "field": [{"key": "amount", "label": "涉及金额", "type": "money", "least": 1}],
        "step": [
            {
                "key": "propose", "name": "提议", "by": SECRETARY, "basis": "第四条",
                "within": {"after": "opened", "wait": "1 month"},
                "field": [{"key": "reason", "label": "理由", "type": "paragraph"}],
                "outcome": [{"key": "done", "label": "提出"}, {"key": "dropped", "label": "不提了", "to": "end:dropped"}],
            },
            {
                "key": "consult", "name": "征求意见", "by": SECRETARY, "basis": "第五条",
                "replies": [
                    {"key": "village", "name": "村委会", "by": {"roles": ["village-director"]}},
                    {"key": "town", "name": "镇里", "by": {"roles": ["officer"], "at": "parent"}},
                ],
                "papers": [{"key": "plan", "name": "方案"}],
                "outcome": [
                    {"key": "done", "label": "同意"},
                    {"key": "back", "label": "退回重提", "to": "propose", "returns": True},
                ],
            },
            {
                "key": "tender", "name": "招标", "by": SECRETARY, "when": "amount >= 500000", "basis": "第六条",
                "gates": [{"holds": "bidders >= 3", "says": "投标的不足三家。"}],
                "field": [{"key": "bidders", "label": "投标家数", "type": "integer"}],
            },
            {
                "key": "build", "name": "施工", "by": SECRETARY, "basis": "第七条",
                "not_before": [{"after": "consult", "wait": "3 days"}],
                "repeats": {"every": "1 month", "at_least": "2 months"},
            },
            {
                "key": "accept", "name": "验收", "by": SECRETARY, "basis": "第八条",
                "within": {"after": "build", "wait": "5 working days", "hard": True},
                "gates": [{"holds": 'good = 1', "says": "不合格的不能验收。"}, {
                    "holds": "spent <= 1000000", "says": "超出一万元。", "hard": False,
                }],
                "field": [
                    {"key": "good", "label": "合格", "type": "flag"}, {"key": "spent", "label": "决算", "type": "money"},
                ],
                "outcome": [
                    {"key": "done", "label": "通过"},
                    {"key": "again", "label": "返工", "to": "build", "returns": True},
                    {"key": "failed", "label": "不通过", "to": "end:failed", "reason": True},
                ],
            },
        ],
        "end": [{"key": "dropped", "name": "未提", "reached": False}, {"key": "failed", "name": "未成", "reached": False}],
    } | changes  # fmt: skip


def procedure(**changes: Any) -> Procedure:
    """The same as a declaration. Fails with what is wrong."""
    found = read_table(table(**changes))
    assert isinstance(found, Procedure), found
    return found

"""A condition in words, as it stands beside its figure."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from jiceng.lib.facts import Column

from .parts import All, Any, Condition, Literal, Not, Test, TheDay

_SIGNS = {"=": "是", "!=": "不是", "<": "小于", "<=": "不超过", ">": "超过", ">=": "不少于"}
_DAYS = {"=": "在", "!=": "不在", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_UNITS = {"age": "周岁（年）", "months": "个月", "days": "天"}


def said(condition: Condition, columns: Mapping[str, Column]) -> str:
    """The condition in Chinese: the columns' own names, and codes by what they stand for."""
    match condition:
        case All(()):
            return "全部"
        case All(parts):
            return "，且".join(_part(part, columns) for part in parts)
        case Any(parts):
            return "，或".join(_part(part, columns) for part in parts)
        case Not(part):
            return f"不符合（{said(part, columns)}）"
        case Test():
            return _test(condition, columns[condition.field])


def _part(part: Condition, columns: Mapping[str, Column]) -> str:
    return f"（{said(part, columns)}）" if isinstance(part, All | Any) else said(part, columns)


def _test(test: Test, column: Column) -> str:
    unit = _UNITS[test.elapsed] if test.elapsed else ""
    name = f"{column.name}满" if test.elapsed else column.name
    literals = [_literal(literal, column) + unit for literal in test.literals]
    match test.operator:
        case "is":
            return f"{name}未填"
        case "in":
            return f"{name}是{'、'.join(literals)}之一"
        case "between":
            return f"{name}在{literals[0]}到{literals[1]}之间"
        case _:
            is_day = column.kind == "date" and not test.elapsed
            return f"{name}{(_DAYS if is_day else _SIGNS)[test.operator]}{literals[0]}"


def _literal(literal: Literal, column: Column) -> str:
    match literal:
        case TheDay():
            return "截止日"
        case date():
            return f"{literal.year}年{literal.month}月{literal.day}日"
        case Fraction() if column.kind == "flag":
            return "有" if literal else "无"
        case Fraction() if column.kind == "money":
            return f"{literal / 100} 元"
        case Fraction():
            return str(literal)
        case _:
            return f"“{dict(column.labels).get(literal, literal)}”"

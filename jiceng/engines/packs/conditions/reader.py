"""Reads the text of a condition."""

import re
from datetime import date
from fractions import Fraction
from typing import Never

from .parts import COMPARISONS, ELAPSED, All, Any, Condition, Literal, Not, Test, TheDay

DEEPEST = 30
"""Parentheses within parentheses; more is not a rule that anyone can read."""

_RESERVED = {"and", "or", "not", "in", "between", "is", "empty", "day", *ELAPSED}
_TOKEN = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)|(?P<number>-?\d+(?:/\d+)?)|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<sign><=|>=|!=|[=<>(),])|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<space>\s+)|(?P<wrong>.)",
    re.DOTALL | re.ASCII,
)


class NotACondition(ValueError):
    """The text is no condition; the message says at which character and why."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(f"第 {at + 1} 个字符：{why}")


def parse(text: str) -> Condition:
    """The condition that a text says; blank text is no condition at all. Raises NotACondition."""
    return _Reader(text).whole() if text.strip() else All()


class _Reader:
    """Reads one text from left to right; a token is looked at before it is taken."""

    def __init__(self, text: str) -> None:
        found = ((str(m.lastgroup), m.group(), m.start()) for m in _TOKEN.finditer(text))
        self.tokens = [token for token in found if token[0] != "space"]
        self.tokens.append(("end", "", len(text)))
        self.place = self.depth = 0

    def whole(self) -> Condition:
        found = self.either()
        if self.tokens[self.place][0] != "end":
            self.fail(f"这里不该有“{self.peek()}”，要用 and 或 or 接上。")
        return found

    def either(self) -> Condition:
        parts = [self.both()]
        while self.took("or"):
            parts.append(self.both())
        return Any(tuple(parts)) if len(parts) > 1 else parts[0]

    def both(self) -> Condition:
        parts = [self.one()]
        while self.took("and"):
            parts.append(self.one())
        return All(tuple(parts)) if len(parts) > 1 else parts[0]

    def one(self) -> Condition:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"括号套得太深，最多 {DEEPEST} 层。")
        found = self.inner()
        self.depth -= 1
        return found

    def inner(self) -> Condition:
        if self.took("not"):
            return Not(self.one())
        if self.took("("):
            found = self.either()
            self.need(")")
            return found
        return self.test()

    def test(self) -> Condition:
        at, elapsed = self.tokens[self.place][2], ""
        if self.peek() in ELAPSED:
            elapsed = self.take()
            self.need("(")
        field = self.field()
        if elapsed:
            self.need(")")
        if self.took("is"):
            negated = self.took("not")
            self.need("empty")
            empty = Test(field, "is", at=at)
            return Not(empty) if negated else empty
        operator, literals = self.compared()
        return Test(field, operator, literals, elapsed, at)

    def field(self) -> str:
        if self.tokens[self.place][0] != "word" or self.peek() in _RESERVED:
            self.fail(f"这里要写一项的名称，不是“{self.peek() or '结尾'}”。")
        return self.take()

    def compared(self) -> tuple[str, tuple[Literal, ...]]:
        if self.took("in"):
            self.need("(")
            several = [self.literal()]
            while self.took(","):
                several.append(self.literal())
            self.need(")")
            return "in", tuple(several)
        if self.took("between"):
            low = self.literal()
            self.need("and")
            return "between", (low, self.literal())
        if self.peek() not in COMPARISONS:
            self.fail(f"这里要写 = != < <= > >= in between is 之一，不是“{self.peek() or '结尾'}”。")
        return self.take(), (self.literal(),)

    def literal(self) -> Literal:
        kind, said, _ = self.tokens[self.place]
        found = _literal(kind, said)
        if found is None:
            self.fail(f"这里要写一个值（引号里的代码、整数、分数、日期或 day），不是“{said or '结尾'}”。")
        self.take()
        return found

    def peek(self) -> str:
        return self.tokens[self.place][1]

    def take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1][1]

    def took(self, word: str) -> bool:
        if self.peek() != word:
            return False
        self.place += 1
        return True

    def need(self, word: str) -> None:
        if not self.took(word):
            self.fail(f"这里要写“{word}”，不是“{self.peek() or '结尾'}”。")

    def fail(self, why: str) -> Never:
        raise NotACondition(self.tokens[self.place][2], why)


def _literal(kind: str, said: str) -> Literal | None:
    """The value of a token, or None if it is none (31 February, a division by zero)."""
    try:
        match kind:
            case "text":
                return said[1:-1]
            case "number":
                return Fraction(said)
            case "date":
                return date.fromisoformat(said)
    except (ValueError, ZeroDivisionError):
        return None
    return TheDay.DAY if said == "day" else None

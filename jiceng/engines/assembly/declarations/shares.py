"""Shares that must be reached, as exact fractions. A percentage is printed and never compared."""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

_WRITTEN = re.compile(r"(>=|>)?\s*([0-9]{1,4})\s*/\s*([0-9]{1,4})(?:\s+of\s+(roll|present))?")


class WrongShare(ValueError):
    """What is written is no share; the message says how one is written."""


class Base(StrEnum):
    """Of whom the share is taken."""

    ROLL = "roll"
    PRESENT = "present"

    @property
    def word(self) -> str:
        return "应到" if self is Base.ROLL else "实到"


ROLL = Base.ROLL


@dataclass(frozen=True)
class Share:
    """So great a part: at least the fraction, or, with `more`, more than it."""

    fraction: Fraction
    more: bool = False
    base: Base = ROLL

    @classmethod
    def read(cls, text: str) -> "Share":
        """Reads "2/3", "> 1/2 of roll", ">= 4/5 of present". Without a sign at least, without a base of the roll."""
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise WrongShare(f"“{text}”不是份额；可以写 2/3、> 1/2 of roll、>= 4/5 of present。")
        sign, upper, lower, base = found.groups()
        if not 0 < int(upper) <= int(lower) or (sign == ">" and upper == lower):
            raise WrongShare(f"“{text}”没有人能达到，或谁都能达到；份额在 0 和 1 之间。")
        return cls(Fraction(int(upper), int(lower)), sign == ">", Base(base or Base.ROLL))

    def __str__(self) -> str:
        """As it is written in a file; `read` reads it back."""
        sign = ">" if self.more else ">="
        return f"{sign} {self.fraction.numerator}/{self.fraction.denominator} of {self.base}"

    def met(self, part: int, whole: int) -> bool:
        """Whether so many of so many are enough. Of nobody, nobody is not enough."""
        reached = part * self.fraction.denominator - whole * self.fraction.numerator
        return whole > 0 and (reached > 0 or (reached == 0 and not self.more))

    def least(self, whole: int) -> int:
        """The smallest number that is enough."""
        number = -(-whole * self.fraction.numerator // self.fraction.denominator)
        return number if self.met(number, whole) else number + 1

    @property
    def said(self) -> str:
        """In words: 超过应到的 1/2."""
        return f"{'超过' if self.more else '不少于'}{self.base.word}的 {self._fraction}"

    @property
    def _fraction(self) -> str:
        return f"{self.fraction.numerator}/{self.fraction.denominator}" if self.fraction != 1 else "全部"

    def compared(self, part: int, whole: int, *, based: bool = True) -> str:
        """The comparison as it came out: 86% ≥ 2/3, or 58% > 1/2 应到. With as many digits as show which is greater."""
        of = f" {self.base.word}" if based else ""
        if whole == 0:
            return f"没有人可比 {self._fraction}{of}"
        apart = Fraction(part, whole) - self.fraction
        if apart == 0:
            return f"正好 {self._fraction}{of}{'，没有超过' if self.more else ''}"
        sign = {(False, True): "≥", (True, True): ">", (False, False): "<", (True, False): "<"}[self.more, apart > 0]
        return f"{_percent(Fraction(part, whole), self.fraction)} {sign} {self._fraction}{of}"


def _percent(part: Fraction, against: Fraction) -> str:
    """Half up, to a tenth, or to as many digits as keep it on its own side of what it is compared with."""
    digits = 1
    while True:
        unit = 10**digits
        rounded = Fraction((part * 100 * unit + Fraction(1, 2)).__floor__(), unit)
        if (rounded > against * 100) == (part > against) and rounded != against * 100:
            break
        digits += 1
    whole, rest = divmod(int(rounded * unit), unit)
    return f"{whole}%" if rest == 0 else f"{whole}.{rest:0{digits}d}".rstrip("0") + "%"

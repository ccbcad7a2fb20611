"""Numbers with rules: identity numbers, credit codes, telephones, shares and money."""

import re
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from stdnum.cn import uscc

_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_CHECKS = "0123456789X"
_RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
_PHONE = re.compile(r"(?:86)?1[3-9][0-9]{9}|[48]00[0-9]{7}|0[0-9]{2,3}[1-9][0-9]{6,7}|[1-9][0-9]{6,7}")
_SPACES = re.compile(r"[\s\-—–]+")


class WrongNumber(ValueError):
    """A number breaks its own rule; the message says how, in the reader's words."""


class ResidentId(NamedTuple):
    """What an 18-digit identity number says by itself: the birth date and the sex (GB/T 2261.1)."""

    number: str
    birth_on: date
    sex: str


def normalise(number: str) -> str:
    """Half-width, no spaces or dashes, a capital X."""
    if number.isascii() and number.isalnum():
        return number.upper()
    return _SPACES.sub("", number.translate(_HALF)).upper()


def resident_id(number: str) -> ResidentId:
    """Reads an identity number by GB 11643-1999. Raises WrongNumber; the region code is not looked up.

    Region codes of abolished counties stay in use for life, so none can be refused.
    """
    number = normalise(number)
    if not _RESIDENT.fullmatch(number):
        raise WrongNumber(f"身份证号应是 18 位（前 17 位数字，末位数字或 X），现在是 {len(number)} 位或含有别的字符。")
    # ISO/IEC 7064 MOD 11-2: the weights are powers of two modulo 11, and so are those of 13.
    if _CHECKS[(1 - 2 * int(number[:17], 13)) % 11] != number[17]:
        raise WrongNumber("身份证号校验位不对，请对照证件检查每一位。")
    born = _day(number[6:14])
    if born is None:
        raise WrongNumber("身份证号里的出生日期不存在，请对照证件检查。")
    if born.year < 1900:
        raise WrongNumber("身份证号里的出生日期早于 1900 年，请对照证件检查。")
    return ResidentId(number, born, "1" if number[16] in "13579" else "2")


@lru_cache(maxsize=65536)
def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def resident_id_problem(number: str, *, today: date) -> str | None:
    """What is wrong with an identity number, or None."""
    try:
        read = resident_id(number)
    except WrongNumber as wrong:
        return str(wrong)
    return "身份证号里的出生日期晚于今天，请对照证件检查。" if read.birth_on > today else None


def credit_code_problem(code: str) -> str | None:
    """What is wrong with a unified social credit code (GB 32100-2015), or None."""
    code = normalise(code)
    if len(code) != 18:
        return f"统一社会信用代码应是 18 位，现在是 {len(code)} 位。"
    return None if uscc.is_valid(code) else "统一社会信用代码校验位不对，请对照证照检查每一位。"


def phone_problem(number: str) -> str | None:
    """What is wrong with a telephone number, or None."""
    if len(number) == 11 and number.isascii() and number.isdecimal() and "13" <= number[:2] <= "19":
        return None  # as most are written; lists hold hundreds of thousands of them
    digits = normalise(number).removeprefix("+")
    return None if _PHONE.fullmatch(digits) else "电话号码位数不对：手机号 11 位，座机带区号 10 到 12 位。"


def share(part: int, whole: int) -> str:
    """A percentage with its base, never bare: 86%（43/50）. Half a tenth is rounded up, exactly."""
    if whole == 0:
        return f"—（{part}/0）"
    tenths = (Fraction(part, whole) * 1000 + Fraction(1, 2)).__floor__()
    shown = f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"
    return f"{shown}%（{part:,}/{whole:,}）"


def yuan(fen: int) -> str:
    """Money in yuan to the fen, from whole fen."""
    sign, fen = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d} 元"

"""Finds numbers that lead to one person: identity numbers, telephones, bank cards, however they are written.

Full-width, spaced, hyphenated, in Chinese numerals, with signs between that nobody sees: all is first folded to plain
digits, each of which remembers where it stood. A number that is found is told by its place and its ends, never whole.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from jiceng.kernel.files.cleaning.outside import texts
from jiceng.lib.numbers import WrongNumber, credit_code_problem, resident_id

RESIDENT, MASKED, PHONE, LANDLINE, CARD = "身份证号", "打了星号的身份证号", "手机号", "座机号", "银行卡号"

_CROSSES = frozenset("ХхΧχⅩⅹ×✕✖╳")
_DOTS = frozenset("·•・‧∙．")
_BLANKS = frozenset("\u2800\u3164\u115f\u1160\uffa0")
_BREAKS = frozenset("\n\x0b\x0c\x85\u2028\u2029")
_NUMERALS = dict(zip("零〇○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺", "0001234567891234567891", strict=True))

_SPELT = re.compile(f"[{''.join(_NUMERALS)}](?:[-. ]?[{''.join(_NUMERALS)}]){{10,}}")
_CLUSTER = re.compile(r"[0-9](?:[-. _/~]{0,3}[0-9X])*")
_WIDE_CLUSTER = re.compile(r"[0-9](?:[-. _/~\n\t,、|]{0,4}[0-9X])*")
_GROUP = re.compile(r"[0-9X]+")
_TOKEN = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")
_BORN = r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_NUMBER_18 = re.compile(rf"(?=([1-9][0-9]{{5}}{_BORN}[0-9]{{3}}[0-9X]))")
_NUMBER_15 = re.compile(
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])[0-9]{6}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}"
)
_MASK = re.compile(r"(?<![0-9X])(?=[0-9X*#●■□]{18}(?![0-9X*#●■□]))[0-9]{3,}[X*#●■□]{2,}[0-9X*#●■□]*")
_MOBILE = re.compile(r"(?:(?:00)?86|0)?(1[3-9][0-9]{9})")
_SUBSCRIBER = r"[1-9][0-9]{2,3}[- .]?[0-9]{4}(?![0-9])"
_AREA = re.compile(
    rf"(?<![0-9.])(?:(?:00)?86[- ]{{0,2}})?\(?(0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?[- _/~.]{{0,3}}{_SUBSCRIBER})"
)
_CALLED = re.compile(rf"(?:电话(?!费|会|通知)|座机|固话|传真|热线|[Tt][Ee][Ll])[^0-9\n]{{0,8}}({_SUBSCRIBER})")
_MEASURED = re.compile(r"(?:\.[0-9]{1,2})?\s*(?:元|万|亿|平方|米|公里|吨|斤|公斤|千克|亩|株|头|只|册|份|次)")
_MOBILE_SHAPES = {
    (11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (5, 6), (6, 5), (3, 4, 2, 2), (3, 2, 2, 2, 2),
    (1,) * 11,
}  # fmt: skip
"""How people set a telephone number apart. Other groupings count only where nothing else stands beside them."""


class Found(NamedTuple):
    """One number that must not be published: what it is, where, and a sentence for whoever wrote it."""

    what: str
    where: str
    sentence: str


@dataclass(frozen=True)
class Plain:
    """A text folded to half-width, without what cannot be seen, and where each of its signs stood."""

    text: str
    places: tuple[int, ...]
    original: str

    def found(self, what: str, start: int, end: int, name: str) -> Found:
        """The finding for what stands from `start` to `end` of the folded text."""
        first = self.places[start]
        line = self.original.count("\n", 0, first) + 1
        number = re.sub(r"[^0-9X*●■□#]", "", self.text[start:end])
        # A digit beside it may belong to the next number, which is not told whole either.
        before = re.sub(r"\d", "×", self.original[max(0, first - 8) : first].split("\n")[-1])
        where = f"{name}第 {line} 行"
        shown = f"{before}{number[:3]}…{number[-2:]}"
        return Found(what, where, f"{where}“{shown}”像是{what}，公开后会查到具体的人。请删去这个号码。")


@lru_cache(maxsize=4096)
def _fold(sign: str) -> str:
    """One sign as it counts here; empty where nobody would see it."""
    if sign in _BREAKS:
        return "\n"
    if sign == "\t" or " " <= sign <= "~":
        return sign.upper() if sign == "x" else sign
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(sign)
    if sign in _CROSSES or sign in "Ｘｘ":
        return "X"
    if kind == "Zs" or sign in _BLANKS:
        return " "
    if kind in ("Cf", "Cc", "Mn", "Me"):
        return ""
    if kind == "Pd" or sign == "−":
        return "-"
    if sign in _DOTS:
        return "."
    return chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign


def folded(text: str) -> Plain:
    """The text as `scan` reads it."""
    signs, places = list[str](), list[int]()
    for place, sign in enumerate(text):
        plain = _fold(sign)
        if plain:
            signs.append(plain)
            places.append(place)
    joined = _SPELT.sub(lambda run: "".join(_NUMERALS.get(one, one) for one in run.group()), "".join(signs))
    return Plain(joined, tuple(places), text)


def scan(content: str | bytes, name: str = "", *, allowed: Collection[str] = ()) -> list[Found]:
    """Every number that leads to a person: in a text, or in a file, in parts of it that are not shown, too.

    `allowed` are telephones that may stand there: the office's. Raises Refused for a file that cannot be read.
    """
    if isinstance(content, str):
        return _in_text(content, name, allowed)
    inside = ((f"{name}的{where}", text) for where, text in texts(content))
    return [found for where, text in inside for found in _in_text(text, where, allowed)]


def _in_text(text: str, name: str, allowed: Collection[str]) -> list[Found]:
    plain = folded(text)
    taken: list[tuple[int, int]] = []
    found: list[tuple[int, Found]] = []
    may = {digits for one in allowed if (digits := re.sub(r"[^0-9]", "", folded(one).text))}
    for what, start, end in _all(plain.text):
        if any(start < until and since < end for since, until in taken):
            continue
        digits = re.sub(r"[^0-9]", "", plain.text[start:end])
        taken.append((start, end))
        if what in (PHONE, LANDLINE) and any(digits.endswith(one) or one.endswith(digits) for one in may):
            continue
        found.append((start, plain.found(what, start, end, name)))
    return [one for _, one in sorted(found, key=lambda told: told[0])]


def _all(text: str) -> Iterator[tuple[str, int, int]]:
    """Kinds and places, the surest kind first: a place belongs to the first that claims it."""
    clusters = list(_CLUSTER.finditer(text))
    for cluster in clusters:
        yield from _residents(cluster)
    for cluster in _WIDE_CLUSTER.finditer(text):
        yield from _residents_apart(cluster)
    yield from ((MASKED, one.start(), one.end()) for one in _MASK.finditer(text))
    for cluster in clusters:
        yield from _cards_and_mobiles(text, cluster)
    for pattern in (_AREA, _CALLED):
        for one in pattern.finditer(text):
            if not _MEASURED.match(text, one.end()):
                yield LANDLINE, one.start(1), one.end()


def _residents(cluster: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Identity numbers at any place of a run of digits, whatever stands between them: the check digit is sure."""
    places = [at for at, sign in enumerate(cluster.group(), cluster.start()) if sign.isalnum()]
    digits = "".join(sign for sign in cluster.group() if sign.isalnum())
    for one in _NUMBER_18.finditer(digits):
        if _is_resident(one[1]):
            yield RESIDENT, places[one.start()], places[one.start() + 17] + 1
    if _NUMBER_15.fullmatch(digits):
        yield RESIDENT, cluster.start(), cluster.end()
    for group in _GROUP.finditer(cluster.group()):
        if _NUMBER_15.fullmatch(group.group()):
            yield RESIDENT, cluster.start() + group.start(), cluster.start() + group.end()


def _residents_apart(cluster: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Identity numbers in a few pieces, or digit by digit, over cells and lines."""
    for run in _runs(cluster, 18, 18):
        if (len(run.shape) <= 6 or max(run.shape) == 1) and _is_resident(run.digits):
            yield RESIDENT, run.start, run.end


def _is_resident(number: str) -> bool:
    try:
        resident_id(number)
    except WrongNumber:
        return False
    return True


class _Run(NamedTuple):
    """Some neighbouring groups of digits: joined, how long each is, where, and whether they are all there are."""

    digits: str
    shape: tuple[int, ...]
    start: int
    end: int
    is_whole: bool


def _runs(cluster: re.Match[str], least: int, most: int) -> Iterator[_Run]:
    """Neighbouring groups that have so many digits together."""
    groups = list(_GROUP.finditer(cluster.group()))
    sizes = [one.end() - one.start() for one in groups]
    digits = "".join(one.group() for one in groups)
    offset = 0
    for first, begin in enumerate(groups):
        long = 0
        for last in range(first, len(groups)):
            long += sizes[last]
            if long > most:
                break
            if long >= least:
                start, end = cluster.start() + begin.start(), cluster.start() + groups[last].end()
                shape = tuple(sizes[first : last + 1])
                yield _Run(digits[offset : offset + long], shape, start, end, len(shape) == len(groups))
        offset += sizes[first]


def _cards_and_mobiles(text: str, cluster: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    for run in _runs(cluster, 11, 19):
        what = CARD if _is_card(run) else PHONE if _is_mobile(run) else ""
        if what and not _is_amount(text, run) and not _in_credit_code(text, run):
            yield what, run.start, run.end


def _is_mobile(run: _Run) -> bool:
    return bool(_MOBILE.fullmatch(run.digits)) and (run.is_whole or _last(run.shape, 11) in _MOBILE_SHAPES)


def _is_amount(text: str, run: _Run) -> bool:
    """Whether a unit follows, or a sign of money stands before."""
    return bool(_MEASURED.match(text, run.end)) or text[max(0, run.start - 1) : run.start] in ("¥", "$")


def _in_credit_code(text: str, run: _Run) -> bool:
    """Whether the digits are a part of a unified social credit code with a right check digit."""
    around = _TOKEN.finditer(text, max(0, run.start - 18), run.end + 18)
    return any(
        one.start() <= run.start and run.end <= one.end() and credit_code_problem(one.group()) is None for one in around
    )


def _last(shape: tuple[int, ...], count: int) -> tuple[int, ...]:
    """How the last so many digits are grouped, whatever prefix stands before them."""
    kept = list[int]()
    for length in reversed(shape):
        kept.insert(0, min(length, count - sum(kept)))
        if sum(kept) == count:
            break
    return tuple(kept)


def _is_card(run: _Run) -> bool:
    """The lengths and first digits that cards in China have, and the Luhn check."""
    digits, long = run.digits, len(run.digits)
    if not digits.isdecimal():
        return False
    known = (
        (16 <= long <= 19 and digits.startswith(("60", "62", "81")))
        or (long == 19 and digits.startswith("955"))
        or (long == 16 and ("40" <= digits[:2] <= "55" or digits.startswith("35") or "2221" <= digits[:4] <= "2720"))
        or (long == 15 and digits.startswith(("34", "37")))
    )
    by_four = all(part == 4 for part in run.shape[:-1]) and run.shape[-1] <= 4
    return known and (run.is_whole or len(run.shape) <= 2 or by_four) and _luhn(digits)


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = [int(one) * (2 if at % 2 else 1) for at, one in enumerate(reversed(digits))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0

"""Chinese names: how they are looked up, and how they are shown to those who may not see them whole."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from jiceng.lib.refusals import Refused

INITIALS = "~"
"""Marks a key of pinyin initials, apart from keys of characters."""

SURNAMES = {
    "单": "s", "仇": "q", "解": "x", "区": "o", "曾": "z", "查": "z", "朴": "p", "任": "r", "盖": "g", "华": "h",
    "冼": "x", "尉迟": "yc", "翟": "z", "覃": "q", "乐": "y", "缪": "m", "种": "c", "员": "y", "召": "s", "繁": "p",
    "折": "s", "那": "n", "佴": "n", "宓": "m", "郗": "x", "逄": "p", "庹": "t", "万俟": "mq", "澹台": "tt", "秘": "b",
}  # fmt: skip
"""Surnames that are read otherwise than the character commonly is: 《现代汉语词典》 (姓) readings, initials only."""


READINGS = {"长": "c"}
"""Characters that names and roads read otherwise than the dictionary's first reading: 长霞, 长江路."""

_SURNAMES_BEGIN = frozenset(surname[0] for surname in SURNAMES)
_GAPS = re.compile(r"[\s·•・‧∙．.]+")


@dataclass(frozen=True)
class Keys:
    """How a query is looked up: all of `exact` must be keys of the name, and one key must begin with `prefix`."""

    exact: list[str] = field(default_factory=list)
    prefix: str = ""


def name_keys(name: str) -> list[str]:
    """Every two neighbouring characters of a name, and its pinyin initials marked with `~`; each key once.

    A surname with a reading of its own gives two keys of initials: an organisation may be called after a road.
    """
    letters = _letters(name)
    pairs = [letters[place : place + 2] for place in range(len(letters) - 1)]
    own = INITIALS + initials(letters)[:30]
    if letters[:1] not in _SURNAMES_BEGIN:
        return list(dict.fromkeys((*pairs, own)))
    return list(dict.fromkeys((*pairs, own, INITIALS + "".join(map(_initial, letters))[:30])))


def _letters(name: str) -> str:
    """A name without spaces and without the dots between the parts of a foreign one."""
    return _GAPS.sub("", name)


def initials(name: str) -> str:
    """Pinyin initials in lower case, surnames by their own reading; letters and digits stand for themselves."""
    letters = _letters(name)
    if letters[:1] in _SURNAMES_BEGIN:
        for length in (2, 1):
            if letters[:length] in SURNAMES:
                return SURNAMES[letters[:length]] + "".join(map(_initial, letters[length:]))
    return "".join(map(_initial, letters))


@lru_cache(maxsize=65536)
def _initial(letter: str) -> str:
    if letter in READINGS:
        return READINGS[letter]
    from pypinyin import Style, pinyin  # noqa: PLC0415  # a fifth of a second, and a start needs no names

    read = pinyin(letter, style=Style.FIRST_LETTER, errors="ignore")
    found = read[0][0][:1].lower() if read else letter.lower()
    return found if found.isascii() and found.isalnum() else ""


def query_keys(query: str) -> Keys:
    """How to look a query up. Raises Refused where it is shorter than two characters."""
    letters = _letters(query)
    if len(letters) < 2:
        raise Refused("请至少输入两个字，或两个以上的拼音首字母。")
    if letters.isascii():
        return Keys(prefix=INITIALS + letters.lower())
    return Keys(exact=list(dict.fromkeys(letters[place : place + 2] for place in range(len(letters) - 1))))


def mask_name(name: str) -> str:
    """The surname and a circle for each further character: 张〇〇."""
    return name[:1] + "〇" * (len(name) - 1)


def mask_number(there: bool) -> str:
    """A number, shown without one usable digit: any digit left would narrow it to a few candidates."""
    return "已登记，未显示" if there else "未登记"

"""Invented people. Their identity numbers carry a region code that does not exist, so nobody real has one."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

REGION = "999999"
"""No administrative division has this code (GB/T 2260)."""

SAMPLES = "999998"
"""Of people who are added to a scenario to show the platform."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"

SURNAMES = tuple(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾萧田董袁潘蔡蒋余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = tuple(
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华玲建国文辉志新红梅云海山东春生林森金福贵祥荣昌盛德义仁礼智信忠孝成才学思源清泉松柏竹石峰岭川河江湖波涵雨雪晨曦阳月星辰远达宏图启航立业安康宁静和谐"
)


class Chance:
    """The chances of one scenario: the same seed gives the same world."""

    def __init__(self, seed: int, region: str = REGION) -> None:
        self._region = region
        # A story must come out the same each time, and keeps no secret.
        self._random = random.Random(seed)  # noqa: S311
        self._serial: dict[date, int] = {}

    def name(self) -> str:
        """A surname and one or two characters."""
        given = self._random.choice(GIVEN)
        return (
            self._random.choice(SURNAMES) + given + (self._random.choice(GIVEN) if self._random.random() < 0.8 else "")
        )

    def number(self, born: date, sex: str) -> str:
        """An identity number with a right check digit that no one else in this scenario has."""
        for _ in range(500):
            serial = self._serial.get(born, 0)
            self._serial[born] = serial + 1
            order = serial * 2 + (1 if sex == "1" else 0)
            if order < 1000:
                body = f"{self._region}{born:%Y%m%d}{order:03d}"
                total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
                return body + _CHECKS[total % 11]
            born += timedelta(days=1)
        raise ValueError("too many people were born on the same days")

    def pick(self, weights: dict[str, int]) -> str:
        """One value, as often as its weight says."""
        return self._random.choices(tuple(weights), tuple(weights.values()))[0]

    def picks(self, weights: dict[str, int], number: int) -> list[str]:
        """So many values at once."""
        return self._random.choices(tuple(weights), tuple(weights.values()), k=number)

    def birth(self, ages: str, on: date) -> date:
        """A birth date that makes somebody of an age in "from-to" on that day, at least one day past the birthday."""
        low, high = (int(age) for age in ages.split("-"))
        days = self._random.randrange(low * 366, (high + 1) * 365)
        return on - timedelta(days=days)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return self._random.randint(low, high)

    def one_in(self, number: int) -> bool:
        """True once in so many times."""
        return number > 0 and self._random.randrange(number) == 0

    def share_out(self, total: int, among: int, at_least: int) -> list[int]:
        """So many whole numbers that add up to the total, each at least so much, spread by chance."""
        if total < among * at_least:
            raise ValueError(f"{total} cannot be shared among {among} with {at_least} each")
        weights = [self._random.random() + 0.2 for _ in range(among)]
        rest, whole = total - among * at_least, sum(weights)
        shares = [at_least + int(rest * weight / whole) for weight in weights]
        for place in range(total - sum(shares)):
            shares[place % among] += 1
        return shares

    def shuffled[T](self, things: Sequence[T]) -> list[T]:
        """The same things in another order."""
        mixed = list(things)
        self._random.shuffle(mixed)
        return mixed

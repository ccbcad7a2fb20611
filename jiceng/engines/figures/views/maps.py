"""A figure by child on a map, where the installation has put outlines of places into its pack."""

from collections.abc import Sequence
from functools import lru_cache

from jiceng.engines.packs import queries as packs
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib import outlines
from jiceng.ui import words
from jiceng.ui.shapes import Area, Map

from ..indicators import Indicator
from ..queries import Child, Value
from .asking import amount, in_words, unit_of

SIZE = 480.0
LEVELS = 5


def picture(one: Indicator, children: Sequence[Child], urls: dict[int, str]) -> Map | None:
    """The children that stand each alone on a place with an outline; None where there are fewer than two of them.

    `urls` are the pages that the reader may open, by organisation. Two organisations of one place cannot both be drawn.
    """
    geometry = packs.geometry()
    if geometry is None:
        return None
    standing = {child.organisation: child.value for child in children if child.stands and not child.is_own}
    homes = _homes(list(standing), frozenset(geometry.outlines()))
    if len(homes) < 2:
        return None
    sheet = _sheet(tuple(sorted(code for code, _ in homes.values())))
    step = _step(one, [standing[organisation] for organisation in homes])
    areas = []
    for organisation in [each for each in standing if each in homes]:
        code, name = homes[organisation]
        value, flat = standing[organisation], sheet.shapes[code]
        areas.append(
            Area(
                name, in_words(one, value), _level(one, value, step), flat.path, flat.x, flat.y, flat.has_room,
                urls.get(organisation, ""),
            )
        )  # fmt: skip
    note = f"审图号：{geometry.approval}。" if geometry.approval else "这份边界没有审图号，只供内部使用，不得公开。"
    said = f"边界来源：{geometry.source}。{note}"
    return Map(f"{one.name}：按地方", sheet.width, sheet.height, areas, _levels(one, step), said)


def _homes(organisations: list[int], drawn: frozenset[str]) -> dict[int, tuple[str, str]]:
    """The code of the place and the name of each organisation that alone stands on a drawn place."""
    rows = list(
        Organisation.objects.filter(pk__in=organisations, place__code__in=drawn).values_list(
            "pk", "place__code", "name"
        )
    )
    codes = [code for _, code, _ in rows]
    return {organisation: (code, name) for organisation, code, name in rows if codes.count(code) == 1}


@lru_cache(maxsize=32)
def _sheet(codes: tuple[str, ...]) -> outlines.Sheet:
    geometry = packs.geometry()
    drawn = geometry.outlines() if geometry else {}
    return outlines.flatten({code: drawn[code] for code in codes}, width=SIZE, height=SIZE)


def _step(one: Indicator, values: Sequence[Value]) -> int:
    """How much one level holds: 20 points of a rate; of a number 1, 2 or 5 with noughts, so that five hold them all."""
    if one.whole is not None:
        return 100 // LEVELS
    most = max(int(amount(one, value.part)) for value in values)
    power = 1
    while True:
        for digit in (1, 2, 5):
            if most < digit * power * LEVELS:
                return digit * power
        power *= 10


def _level(one: Indicator, value: Value, step: int) -> int:
    """1 to 5; 0 for a rate of nothing. What is below nought stands with nought, and all of a whole is on the last."""
    if value.whole is None:
        return max(0, int(amount(one, value.part)) // step) + 1
    return min(LEVELS, value.part * 100 // value.whole // step + 1) if value.whole else 0


def _levels(one: Indicator, step: int) -> list[str]:
    """A bare percentage is never shown, so the levels of a rate are said in tenths."""
    unit, size = (unit_of(one), step) if one.whole is None else ("成", step // 10)
    said = [f"{words.number(size * at)} 至不到 {words.number(size * (at + 1))} {unit}" for at in range(LEVELS)]
    if one.whole is not None:
        said[-1] = f"{size * (LEVELS - 1)} 成至全部"
    return ["没有基数", *said]

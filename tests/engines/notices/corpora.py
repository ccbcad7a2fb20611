"""Notices as villages write them: clean ones, and numbers to plant, written in every way that hides them."""

import random
from collections.abc import Callable, Iterator

from stdnum import luhn
from stdnum.cn import uscc

AREAS = ("440703", "421122", "445102", "360802", "441402", "110101", "620102", "810000")
NAMES = ("陈水生", "林秋菊", "周志远", "何桂兰", "欧阳建国")
FULL = str.maketrans("0123456789Xx-+() ", "０１２３４５６７８９ＸｘＸ＋（）\u3000".replace("ｘＸ", "ｘ－"))
SPELT = str.maketrans("0123456789", "零一二三四五六七八九")
UNSEEN = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202a", "\ufe0f")


def resident(chance: random.Random) -> str:
    """An identity number with a right check digit (GB 11643), counted here anew."""
    day = f"{chance.randint(1930, 2015)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    body = f"{chance.choice(AREAS)}{day}{chance.randint(0, 999):03}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    rest = sum(int(one) * weight for one, weight in zip(body, weights, strict=True)) % 11
    return body + "10X98765432"[rest]


def mobile(chance: random.Random) -> str:
    return chance.choice(["13", "15", "17", "18", "19"]) + f"{chance.randrange(10**9):09}"


def landline(chance: random.Random) -> str:
    return f"{chance.choice(('0750', '010', '0713', '0768', '0796'))}-{chance.randint(2_000_000, 8_999_999)}"


def card(chance: random.Random) -> str:
    body = chance.choice(("621700", "622848", "623059", "625912")) + f"{chance.randrange(10**9):09}"
    body += f"{chance.randrange(1000):03}" if chance.random() < 0.7 else ""
    return body + luhn.calc_check_digit(body)


def groups(number: str, *sizes: int) -> list[str]:
    found, at = [], 0
    for size in sizes:
        found.append(number[at : at + size])
        at += size
    return [one for one in (*found, number[at:]) if one]


def ways(number: str, chance: random.Random) -> Iterator[str]:
    """The same number, written so that a search for it misses it."""
    apart = groups(number, 6, 8) if len(number) == 18 else groups(number, 3, 4) if len(number) == 11 else None
    apart = apart or groups(number, *[4] * (len(number) // 4))
    if "-" in number:
        apart = number.split("-")
    plain = number.replace("-", "")
    yield number
    yield number.translate(FULL)
    yield " ".join(apart)
    yield "-".join(apart)
    yield "—".join(apart).translate(FULL)
    yield "\u3000".join(apart).translate(FULL)
    yield chance.choice(UNSEEN).join(number)
    yield " - ".join(apart)
    yield "".join(one + chance.choice(UNSEEN) for one in number)
    yield "·".join(apart)
    if "-" not in number:
        yield " ".join(plain)
        yield plain.translate(SPELT)
    yield "".join(one.translate(FULL) if chance.random() < 0.5 else one for one in number)


KINDS: dict[str, Callable[[random.Random], str]] = {
    "身份证号": resident, "手机号": mobile, "座机号": landline, "银行卡号": card,
}  # fmt: skip

AROUND = (
    "补助发放对象：{name}，{number}，金额 1,200 元。", "一、{name} {number}\n二、{other}", "联系人{name}（{number}）",
    "{name}\t{number}\t300.00", "收款人：{name}；账号或证件：{number}。", "{number}", "共 3 人：{name}、{other}。{number}",
    "公示期 2026-05-18 至 2026-05-25。{name}：{number}，如有异议请反映。",
)  # fmt: skip


def planted(count: int, seed: int = 500) -> list[tuple[str, str]]:
    """So many (kind, text), each with one number in it: every kind in every way, in turn."""
    chance, found = random.Random(seed), list[tuple[str, str]]()
    while len(found) < count:
        for kind, make in KINDS.items():
            for way in ways(make(chance), chance):
                told = chance.choice(AROUND)
                text = told.format(name=chance.choice(NAMES), other=chance.choice(NAMES), number=way)
                found.append((kind, text))
    chance.shuffle(found)
    return found[:count]


def clean(count: int, seed: int = 501) -> list[str]:
    """So many notices with money, days, document numbers, credit codes and areas, and nobody's number."""
    chance = random.Random(seed)
    return [_notice(chance) for _ in range(count)]


def _notice(chance: random.Random) -> str:
    return "\n".join(chance.choice(PARTS)(chance) for _ in range(chance.randint(4, 12)))


def _money(chance: random.Random) -> str:
    fen = chance.randrange(10 ** chance.randint(3, 13))
    whole = fen // 100
    return chance.choice((f"{whole:,}.{fen % 100:02} 元", f"{whole}元", f"{whole}.{fen % 100:02}元", f"￥{whole:,}",
                          f"{whole / 10000:.2f}万元"))  # fmt: skip


def _day(chance: random.Random) -> str:
    year, month, day = chance.randint(2019, 2027), chance.randint(1, 12), chance.randint(1, 28)
    return chance.choice((f"{year}-{month:02}-{day:02}", f"{year}年{month}月{day}日", f"{year}.{month}.{day}",
                          f"{year}/{month:02}/{day:02}", f"{year}{month:02}{day:02}"))  # fmt: skip


def _code(chance: random.Random) -> str:
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    head = chance.choice(("91", "N2", "54", "51", "13")) + chance.choice(AREAS)
    body = head + "".join(chance.choice(signs if chance.random() < 0.3 else "0123456789") for _ in range(9))
    return body + uscc.calc_check_digit(body)


def _table(chance: random.Random) -> str:
    rows = (
        f"{number}\t{chance.choice('甲乙丙丁')}组\t{chance.randint(1, 99)}户\t{chance.randint(1, 400)}\t"
        f"{chance.randint(100, 99999)}.{chance.randint(0, 99):02}"
        for number in range(1, chance.randint(3, 20))
    )
    return "序号\t组别\t户数\t人数\t金额\n" + "\n".join(rows)


PARTS: tuple[Callable[[random.Random], str], ...] = (
    lambda c: f"本季度收入 {_money(c)}，支出 {_money(c)}，结余 {_money(c)}。",
    lambda c: f"公示期 {_day(c)} 至 {_day(c)}，为期 {c.randint(5, 30)} 天。",
    lambda c: f"承建单位统一社会信用代码 {_code(c)}，合同价 {_money(c)}。",
    lambda c: f"依据东山支〔{c.randint(2019, 2026)}〕{c.randint(1, 99)} 号文件。",
    lambda c: f"应到 {c.randint(30, 90)} 人，实到 {c.randint(20, 60)} 人，赞成 {c.randint(10, 60)} 票。",
    lambda c: f"流转土地 {c.randint(1, 9999)}.{c.randint(0, 99):02} 亩，每亩 {c.randint(300, 1200)} 元。",
    lambda c: f"项目编号 {c.choice(('GC', 'ZB', 'JM'))}{_day(c)}-{c.randint(1, 999):03}。",
    lambda c: "办事请到党群服务中心，每天 8:30—12:00、14:30—17:30；政务热线 12345。",
    lambda c: f"固定资产原值 {_money(c)}；本年折旧 {_money(c)}。",
    lambda c: f"道路长 {c.randint(100, 9999)} 米、宽 3.5 米，厚 0.18 米，计 {c.randint(100, 99999)} 平方米。",
    lambda c: f"发票号码 {c.randrange(10**20):020}，金额 {_money(c)}。" if c.random() < 0.2 else "票据齐全。",
    lambda c: f"受益 {c.randint(100, 9999)} 人，60 岁以上 {c.randint(10, 999)} 人，占 {c.randint(1, 60)}.{c.randint(0, 9)}%。",
    lambda c: f"参会：{'、'.join(c.sample(NAMES, 3))}。记录时间 {_day(c)} {c.randint(8, 20)}:{c.randint(10, 59)}。",
    _table,
)  # fmt: skip

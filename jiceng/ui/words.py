"""How dates, deadlines, numbers and rates are said on screen and on paper."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone

type Day = date | datetime
type Count = int | Decimal | Fraction | float

_WEEKDAYS = "一二三四五六日"
_DIGITS = "〇一二三四五六七八九"
_CENT = Decimal("0.01")


def local(day: Day) -> Day:
    """A moment as it reads on the local clock; a date stays a date."""
    return timezone.localtime(day) if isinstance(day, datetime) and timezone.is_aware(day) else day


def as_date(day: Day) -> date:
    """The local calendar day of a date or a moment."""
    day = local(day)
    return day.date() if isinstance(day, datetime) else day


def zh_date(day: Day) -> str:
    """2026年5月18日（周一）"""
    found = as_date(day)
    return f"{found.year}年{found.month}月{found.day}日（周{_WEEKDAYS[found.weekday()]}）"


def plain_date(day: Day) -> str:
    """2026年5月18日"""
    found = as_date(day)
    return f"{found.year}年{found.month}月{found.day}日"


def short_date(day: Day, today: date | None = None) -> str:
    """5月18日, with the year where it is not this year's."""
    found = as_date(day)
    return f"{found.month}月{found.day}日" if today is None or found.year == today.year else plain_date(found)


def zh_moment(moment: Day) -> str:
    """2026年5月18日 14:30; a plain date has no clock time."""
    moment = local(moment)
    return f"{plain_date(moment)} {moment:%H:%M}" if isinstance(moment, datetime) else plain_date(moment)


def document_date(day: Day) -> str:
    """二〇二六年五月十八日, as decisions and certificates are signed."""
    found = as_date(day)
    return (
        "".join(_DIGITS[int(digit)] for digit in str(found.year))
        + f"年{_under_100(found.month)}月{_under_100(found.day)}日"
    )


def _under_100(value: int) -> str:
    tens, ones = divmod(value, 10)
    return ("" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")) + (_DIGITS[ones] if ones else "")


def due(day: Day, today: date, working_days: int | None = None) -> str:
    """还有 3 天（5月21日）; with the working days counted by a calendar: 还有 3 个工作日（5月21日）."""
    until = as_date(day)
    apart = (until - today).days if working_days is None else working_days
    unit = "天" if working_days is None else "个工作日"
    said = short_date(until, today)
    if until == today:
        return f"今天到期（{said}）"
    if until < today:
        return f"已过期 {number(abs(apart))} {unit}（{said}）"
    return f"还有 {number(apart)} {unit}（{said}）"


def number(value: Count, unit: str = "") -> str:
    """12,345; with the unit 万 in ten thousands, marked 约 where digits were left out."""
    exact = _decimal(value)
    if unit != "万":
        return _grouped(exact) + (f" {unit}" if unit else "")
    if abs(exact) < 10_000:
        return _grouped(exact)
    shown = (exact / 10_000).quantize(_CENT)
    return f"{'' if shown == exact / 10_000 else '约 '}{_grouped(shown)} 万"


def _decimal(value: Count) -> Decimal:
    return Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(str(value))


def _grouped(value: Decimal) -> str:
    """At most two digits after the point, and none that say nothing."""
    said = f"{value.quantize(_CENT):,f}"
    return said.rstrip("0").rstrip(".")


def money(fen: int) -> str:
    """1,234.56 元 from a whole number of fen."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d} 元"


def rate(part: int, whole: int) -> str:
    """86%; never 0% or 100% unless it is exactly so; a dash where nothing is asked for."""
    if whole == 0:
        return "—"
    hundredths = (200 * part + whole) // (2 * whole)
    if hundredths == 100 and part < whole:
        return "超过 99%"
    if hundredths == 0 and part > 0:
        return "不到 1%"
    return f"{hundredths}%"


def percent(part: int, whole: int) -> str:
    """86%（43/50）: a rate is never said without its part and its whole."""
    return f"{rate(part, whole)}（{number(part)}/{number(whole)}）"


def count(value: int, unit: str = "条", cap: int | None = None) -> str:
    """共 1,234 条, or 共 10,000+ 条 where counting stopped at the cap."""
    return f"共 {number(cap)}+ {unit}" if cap is not None and value >= cap else f"共 {number(value)} {unit}"


def size(octets: int) -> str:
    """1.2 MB"""
    if octets < 1024:
        return f"{octets} B"
    if octets < 1024**2:
        return f"{octets / 1024:.0f} KB"
    return f"{octets / 1024**2:.1f} MB"

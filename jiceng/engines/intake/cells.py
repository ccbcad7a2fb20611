"""Cells: from text to a value of the column's kind and back, and what can be wrong with one."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from jiceng.lib import numbers

from .declarations import Column, Kind, PartialDate, Value
from .reading import NUMBER

_EPOCH = date(1899, 12, 30)
"""Day 0 of a spreadsheet's serial numbers, for every day from 1 March 1900 on."""

_OLDEST, _NEWEST = date(1900, 1, 1), date(2100, 12, 31)
_PARTS = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:(?:[-/.]|月)(\d{1,2})日?|月)?")
_TIME = re.compile(r"[T ]\d{1,2}:\d\d.*$")
_SOLID = re.compile(r"(\d{4})(\d\d)(\d\d)?")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_YES = {"是", "有", "√", "✓", "y", "yes", "true", "1"}
_NO = {"否", "无", "没有", "×", "n", "no", "false", "0"}

AS_TEXT = "请把这一列设为“文本”格式，再照证件重新输入；下载的模板已经设好。"


class Wrong(ValueError):
    """A cell does not hold what its column holds: what is wrong, and what to do."""

    def __init__(self, wrong: str, remedy: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.remedy = wrong, remedy


def read(column: Column, text: str, today: date) -> Value:
    """The value of a cell. Raises Wrong."""
    is_number = text[:1] == NUMBER
    said = text[1:] if is_number else text.strip()
    if not said:
        if column.required:
            raise Wrong("没有填。", f"“{column.label}”必填。")
        return None
    return _READERS[column.kind](column, said, is_number, today)


def write(column: Column, value: Value) -> str:
    """The text that people read, and that `read` takes for the same value."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, PartialDate):
        return value.day.isoformat() if value.to == "day" else value.day.isoformat()[:7]
    if column.kind is Kind.CODE:
        return dict(column.codes).get(str(value), str(value))
    if column.kind is Kind.MONEY and isinstance(value, int):
        return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"
    return value.isoformat() if isinstance(value, date) else str(value)


def masked(column: Column, text: str) -> str:
    """A cell as it may stand in a list of faults: of a personal number, only how long it is."""
    text = text.lstrip(NUMBER).strip()
    if not column.sealed or not text:
        return text if len(text) <= 60 else f"{text[:60]}…"
    return f"（{len(text)} 个字符，不显示）"


def _text(column: Column, said: str, is_number: bool, today: date) -> str:
    if len(said) > column.longest:
        raise Wrong(f"有 {len(said)} 个字。", f"最多 {column.longest} 个字，请写短一些。")
    return said


def _code(column: Column, said: str, is_number: bool, today: date) -> str:
    # Built anew for each distinct text of a column, of which a code table allows few.
    by_word = (
        {label: code for code, label in column.codes} | dict(column.aliases) | {code: code for code, _ in column.codes}
    )
    plain = "".join(said.translate(_WIDE).split())
    padded = plain.zfill(len(column.codes[0][0])) if is_number else plain
    for word in (said, plain, padded):
        if word in by_word:
            return by_word[word]
    labels = [label for _, label in column.codes]
    shown = "、".join(labels[:8]) + ("等，见模板里的下拉" if len(labels) > 8 else "")
    raise Wrong(
        f"不在代码表（{column.standard}）里。" if column.standard else "不是可以填的内容。", f"可以填：{shown}。"
    )


def _reference(column: Column, said: str, is_number: bool, today: date) -> str:
    return "".join(said.translate(_WIDE).split())


def _date(column: Column, said: str, is_number: bool, today: date) -> date:
    found = _month(column, said, is_number, today)
    if found.to == "month":
        raise Wrong("只有年月，没有日。", "请写到日，例如 2019-07-01。")
    return found.day


def _month(column: Column, said: str, is_number: bool, today: date) -> PartialDate:
    if is_number and re.fullmatch(r"\d{4}\.1", said):
        raise Wrong("表格里是数字，分不清是 1 月还是 10 月。", f"请写成 {said[:4]}-01 或 {said[:4]}-10。")
    found = _day_of(_TIME.sub("", said.translate(_WIDE)).replace(" ", ""))
    if found is None:
        raise Wrong(
            "不是日期。", "请写成 2019-07-01" + ("；只知道月份的写 2019-07。" if column.kind is Kind.MONTH else "。")
        )
    if not _OLDEST <= found.day <= _NEWEST:
        raise Wrong("年份不对。", "请检查年份是不是少写或多写了数字。")
    if found.day > today and not column.future:
        raise Wrong("晚于今天。", "还没有发生的，到时再填；写错了的请改正。")
    return found


def _day_of(said: str) -> PartialDate | None:
    if re.fullmatch(r"\d{5}(?:\.\d+)?", said):
        return PartialDate(_EPOCH + timedelta(days=int(said[:5])))
    matched = _PARTS.fullmatch(said) or _SOLID.fullmatch(said)
    if not matched:
        return None
    year, month, day = matched.groups()
    try:
        return PartialDate(date(int(year), int(month), int(day or 1)), "day" if day else "month")
    except ValueError:
        return None


def _is_broken(said: str, is_number: bool) -> bool:
    """Whether a spreadsheet has taken a long number for a quantity: it keeps fifteen digits of it."""
    if is_number:
        return len(said.lstrip("-")) > 15
    return bool(_SCIENTIFIC.fullmatch(said))


def _number(column: Column, said: str, is_number: bool, today: date) -> str:
    if not is_number and len(said) == 18 and said.isascii() and said.isalnum() and said[-3:] != "000":
        return said.upper()  # as most are written
    if _is_broken(said, is_number):
        raise Wrong("表格软件把号码当成了数字，后几位已经丢了。", AS_TEXT)
    number = numbers.normalise(said)
    if len(number) == 18 and number.endswith("000") and numbers.resident_id_problem(number, today=today):
        raise Wrong("末三位都是 0，很可能是表格软件把号码当成了数字。", AS_TEXT)
    return number


def _resident_id(column: Column, said: str, is_number: bool, today: date) -> str:
    number = _number(column, said, is_number, today)
    problem = numbers.resident_id_problem(number, today=today)
    if problem:
        raise Wrong(problem, "")
    return number


def _credit_code(column: Column, said: str, is_number: bool, today: date) -> str:
    code = _number(column, said, is_number, today)
    problem = numbers.credit_code_problem(code)
    if problem:
        raise Wrong(problem, "")
    return code


def _phone(column: Column, said: str, is_number: bool, today: date) -> str:
    problem = numbers.phone_problem(said)
    if problem:
        raise Wrong(problem, AS_TEXT if _SCIENTIFIC.fullmatch(said) else "")
    return said


def _integer(column: Column, said: str, is_number: bool, today: date) -> int:
    try:
        value = Decimal(said.translate(_WIDE).replace(",", ""))
    except InvalidOperation:
        raise Wrong("不是数字。", "请只填数字，不带单位。") from None
    if not value.is_finite() or value != value.to_integral_value() or abs(value) > 10**12:
        raise Wrong("不是整数。", "请填整数。")
    if column.least is not None and value < column.least:
        raise Wrong(f"小于 {column.least}。", "请检查数字。")
    return int(value)


def _money(column: Column, said: str, is_number: bool, today: date) -> int:
    try:
        value = Decimal(said.translate(_WIDE).replace(",", "").removesuffix("元")) * 100
    except InvalidOperation:
        raise Wrong("不是金额。", "请填以元为单位的数字，例如 1200.50。") from None
    if not value.is_finite() or value != value.to_integral_value() or abs(value) > 10**16:
        raise Wrong("金额不能细到分以下。", "请填到分为止，例如 1200.50。")
    if column.least is not None and value < column.least:
        raise Wrong(f"小于 {column.least}。", "请检查数字。")
    return int(value)


def _flag(column: Column, said: str, is_number: bool, today: date) -> bool:
    word = said.translate(_WIDE).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Wrong("看不出是“是”还是“否”。", "请填“是”或“否”。")


_READERS: dict[Kind, Callable[[Column, str, bool, date], Value]] = {
    Kind.TEXT: _text, Kind.CODE: _code, Kind.REFERENCE: _reference, Kind.DATE: _date, Kind.MONTH: _month,
    Kind.RESIDENT_ID: _resident_id, Kind.NUMBER: _number, Kind.CREDIT_CODE: _credit_code, Kind.PHONE: _phone,
    Kind.INTEGER: _integer, Kind.MONEY: _money, Kind.FLAG: _flag,
}  # fmt: skip

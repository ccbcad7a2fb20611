"""Spreadsheets that leave: templates with drop-downs, lists of faults, exports that can be brought in again.

Every cell is written as text: what looks like a formula is none, and long numbers keep all their digits.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from . import cells
from .declarations import Column, Kind, Sheet

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LAST = 100_000
"""Down to this row a template has formats and drop-downs."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""A cell that begins so may be run as a formula by the program that opens a CSV file."""

CODES = "代码表"
NOTES = "填写说明"

KIND_HELP = {
    Kind.CODE: "从下拉里选。",
    Kind.REFERENCE: "填代码。",
    Kind.DATE: "日期，例如 2019-07-01。",
    Kind.MONTH: "日期；只知道月份的写到月，例如 2019-07。",
    Kind.RESIDENT_ID: "18 位号码，按文本填。",
    Kind.NUMBER: "号码，按文本填。",
    Kind.CREDIT_CODE: "18 位代码，按文本填。",
    Kind.PHONE: "手机号，或带区号的座机。",
    Kind.INTEGER: "整数，不带单位。",
    Kind.MONEY: "以元为单位，最多两位小数。",
    Kind.FLAG: "填“是”或“否”。",
    Kind.TEXT: "",
}
FLAGS = (("1", "是"), ("0", "否"))


def _workbook(target: BytesIO) -> "Workbook":
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    import xlsxwriter  # noqa: PLC0415  # as in jiceng.lib.sheets: no first page is a workbook

    return xlsxwriter.Workbook(target, options)


def template(sheet: Sheet) -> bytes:
    """An empty workbook to fill in: the sheet, a page of explanations, and the codes behind the drop-downs."""
    written = BytesIO()
    with _workbook(written) as book:
        page = book.add_worksheet(sheet.name[:31])
        note = "红字的列必填。空着的格子不改库里的内容。不要改列名；列的先后可以换，用不着的列可以删。每列怎么填见“填写说明”。"
        page.write_string(0, 0, note)
        _head(book, page, sheet.columns, row=1)
        _drop_downs(book, page, sheet.columns)
        _explain(book, sheet)
    return written.getvalue()


def _head(book: "Workbook", page: "Worksheet", columns: Sequence[Column], row: int) -> None:
    must = book.add_format({"bold": True, "font_color": "#9b1c1c", "bottom": 1})
    may = book.add_format({"bold": True, "bottom": 1})
    as_text = book.add_format({"num_format": "@"})
    as_day = book.add_format({"num_format": "yyyy-mm-dd"})
    as_number = book.add_format({"num_format": "0"})
    formats = {Kind.DATE: as_day, Kind.INTEGER: as_number, Kind.MONEY: book.add_format({"num_format": "0.00"})}
    for at, column in enumerate(columns):
        page.set_column(at, at, _width(column), formats.get(column.kind, as_text))
        page.write_string(row, at, column.label + ("*" if column.required else ""), must if column.required else may)
    page.freeze_panes(row + 1, 1)


def _width(column: Column) -> float:
    return {Kind.RESIDENT_ID: 21, Kind.NUMBER: 21, Kind.CREDIT_CODE: 21}.get(
        column.kind, max(12, 2.2 * len(column.label))
    )


def _drop_downs(book: "Workbook", page: "Worksheet", columns: Sequence[Column]) -> None:
    from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415  # see above

    lists = book.add_worksheet(CODES)
    lists.hide()
    for at, column in enumerate(columns):
        codes = FLAGS if column.kind is Kind.FLAG else column.codes
        said = {"input_title": column.label[:32], "input_message": _help(column)[:255]}
        if not codes:
            page.data_validation(2, at, LAST, at, {"validate": "any", **said})
            continue
        lists.write_column(0, at, [label for _, label in codes])
        letter = xl_col_to_name(at)
        source = f"='{CODES}'!${letter}$1:${letter}${len(codes)}"
        page.data_validation(2, at, LAST, at, {"validate": "list", "source": source, "error_type": "warning", **said})


def _help(column: Column) -> str:
    example = f"例如：{column.example}。" if column.example else ""
    return ("必填。" if column.required else "") + KIND_HELP[column.kind] + column.help + example


def _explain(book: "Workbook", sheet: Sheet) -> None:
    page = book.add_worksheet(NOTES)
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 60, wrap)
    page.set_column(2, 2, 60, wrap)
    page.write_row(0, 0, ("哪一列", "怎么填", "可以填的内容"), bold)
    row = 1
    for column in sheet.columns:
        codes = "、".join(label for _, label in column.codes)
        standard = f"（{column.standard}）" if column.standard else ""
        for at, text in enumerate((column.label, _help(column), codes + standard)):
            page.write_string(row, at, text)
        row += 1
    for note in sheet.notes:
        row += 1
        page.write_string(row, 0, note)


def wrong_rows(sheet: Sheet, labels: Sequence[str], rows: Iterable[tuple[int, Sequence[str], str, str]]) -> bytes:
    """The wrong rows of a file as they were sent, each with what is wrong and what to do."""
    written = BytesIO()
    with _workbook(written) as book:
        page = book.add_worksheet(sheet.name[:31])
        as_text = book.add_format({"num_format": "@"})
        bold = book.add_format({"bold": True})
        red = book.add_format({"font_color": "#9b1c1c", "text_wrap": True})
        page.set_column(0, len(labels) + 2, 16, as_text)
        for at, label in enumerate(("原行号", "哪里不对", "怎么改", *labels)):
            page.write_string(0, at, label, bold)
        for row, (number, said, wrong, remedy) in enumerate(rows, start=1):
            page.write_number(row, 0, number)
            page.write_string(row, 1, wrong, red)
            page.write_string(row, 2, remedy, red)
            for at, text in enumerate(said, start=3):
                page.write_string(row, at, text, as_text)
        page.freeze_panes(1, 3)
    return written.getvalue()


def export(sheet: Sheet, rows: Iterable[Mapping[str, Any]], columns: Sequence[Column] = ()) -> bytes:
    """A workbook that can be brought in again: values by column key, in the form that is read back."""
    chosen = columns or sheet.columns
    written = BytesIO()
    with _workbook(written) as book:
        page = book.add_worksheet(sheet.name[:31])
        _head(book, page, chosen, row=0)
        for row, said in enumerate(rows, start=1):
            for at, column in enumerate(chosen):
                if text := cells.write(column, said.get(column.key)):
                    page.write_string(row, at, text)
    return written.getvalue()


def export_lines(sheet: Sheet, rows: Iterable[Mapping[str, Any]], columns: Sequence[Column] = ()) -> Iterator[str]:
    """The same as CSV in UTF-8, a line at a time, for lists that are too long for a workbook in memory."""
    chosen = columns or sheet.columns
    yield "\ufeff" + _line([column.label for column in chosen])
    for said in rows:
        yield _line([guarded(cells.write(column, said.get(column.key))) for column in chosen])


def guarded(text: str) -> str:
    """A cell of a CSV file that no program takes for a formula; reading takes the mark off again."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _line(values: Sequence[str]) -> str:
    written = StringIO()
    csv.writer(written).writerow(values)
    return written.getvalue()

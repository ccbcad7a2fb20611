"""Lists that leave the platform as a spreadsheet."""

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet with a head. Text stays text: what looks like a formula is not one."""
    import xlsxwriter  # noqa: PLC0415  # a tenth of the time before the first page, and no first page is a workbook

    written = BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd",
        "remove_timezone": True,
    }  # fmt: skip
    with xlsxwriter.Workbook(written, options) as book:
        sheet = book.add_worksheet(title[:31])
        sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 18)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [value if isinstance(value, date | int | None) else str(value) for value in row])
    return written.getvalue()

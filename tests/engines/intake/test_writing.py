"""Spreadsheets that leave: templates that help, exports that come back, and nothing that runs."""

import csv
import io
from datetime import date
from itertools import product

import openpyxl
import pytest

from jiceng.engines.intake import reading, writing
from jiceng.engines.intake.cells import read
from jiceng.engines.intake.declarations import PartialDate
from tests.engines.intake.books import number_of
from tests.engines.intake.cast import COLUMNS, Store, month, sheet

TODAY = date(2026, 6, 1)
SAID = {
    "code": "V1", "name": "王小明", "number": number_of(), "sex": "1", "joined": month(2001, 7), "full": date(2002, 7, 1),
    "home": "0001", "leader": None, "credit": "91110000600037341L", "phone": "13800138000", "staff": 5, "dues": 1250,
    "poor": False, "born": "东山",
}  # fmt: skip

PAYLOADS = [
    begin + rest
    for begin, rest in product(
        writing.DANGEROUS,
        ("1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"http://x\",\"y\")", "SUM(A1:A9)", "@SUM(1)", "IMPORTXML(1)",
         "2+5+cmd|'x'!A0",
         "DDE(\"cmd\";\"/C calc\";\"x\")", "A1", "-1", "+1", "=1", "\t=1", "\r=1", " =1", "'=1",
         "\"=1", "{=1}", "％", "王"),
    )
]  # fmt: skip


def loaded(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_template_has_drop_downs_text_formats_and_explanations():
    book = loaded(writing.template(sheet(Store())))
    assert book.sheetnames == ["名册", writing.CODES, writing.NOTES]
    page = book["名册"]
    labels = [cell.value for cell in page[2]]
    assert labels[:2] == ["编号*", "姓名*"]
    letter = {cell.value.rstrip("*"): cell.column_letter for cell in page[2]}
    formats = {
        at: dimension.number_format
        for dimension in page.column_dimensions.values()
        for at in range(dimension.min, dimension.max + 1)
    }
    for cell in page[2]:
        if cell.value.rstrip("*") in ("证件号码", "手机号", "组织代码", "入党日期"):
            assert formats[cell.column] == "@"
    lists = {
        str(rule.sqref).split(":")[0]: rule.formula1
        for rule in page.data_validations.dataValidation
        if rule.type == "list"
    }
    assert set(lists) == {f"{letter['性别']}3", f"{letter['困难']}3"}
    column = letter["性别"]
    assert lists[f"{column}3"] == f"'{writing.CODES}'!${column}$1:${column}$2"
    assert [cell.value for cell in book[writing.CODES][column]][:2] == ["男", "女"]
    assert book[writing.CODES].sheet_state == "hidden"
    said = [row[0].value for row in book[writing.NOTES]]
    assert said[1:3] == ["编号", "姓名"]
    assert said[-1] == "填好后由组织员上传。"


def test_the_template_is_known_again_when_it_comes_back():
    one = sheet(Store())
    with reading.opened(writing.template(one), labels=one.labels, sheet=one.name) as (head, rows):
        assert (head.sheet, head.row) == ("名册", 2)
        assert list(rows) == []


def back(content):
    one = sheet(Store())
    with reading.opened(content, labels=one.labels, sheet=one.name) as (_, rows):
        (some,) = rows
    return [
        {column.key: read(column, text, TODAY) for column, text in zip(one.columns, texts, strict=True)}
        for texts in zip(*some.columns, strict=True)
    ]


@pytest.mark.parametrize(
    "make", [writing.export, lambda *args: "".join(writing.export_lines(*args)).encode()], ids=["xlsx", "csv"]
)
def test_what_is_exported_comes_back_the_same(make):
    other = {**SAID, "code": "V2", "name": "=王", "joined": PartialDate(date(2001, 7, 9)), "poor": True, "sex": None}
    assert back(make(sheet(Store()), [SAID, other])) == [SAID, other]


def formulas(content):
    return [cell.value for page in loaded(content) for row in page for cell in row if cell.data_type == "f"]


def test_no_cell_of_any_workbook_is_a_formula():
    one = sheet(Store())
    rows = [{**SAID, "name": payload, "born": payload} for payload in PAYLOADS]
    assert formulas(writing.export(one, rows)) == []
    wrong = [(at, [payload, "x"], payload, payload) for at, payload in enumerate(PAYLOADS, 2)]
    assert formulas(writing.wrong_rows(one, ["=编号", "姓名"], wrong)) == []
    assert formulas(writing.template(one)) == []


def test_no_cell_of_a_csv_begins_like_a_formula():
    rows = [{**SAID, "name": payload} for payload in PAYLOADS]
    text = "".join(writing.export_lines(sheet(Store()), rows)).removeprefix("\ufeff")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert len(cells) == (len(PAYLOADS) + 1) * len(COLUMNS)
    assert not [cell for cell in cells if cell.startswith(writing.DANGEROUS)]


def test_wrong_rows_stand_as_they_were_sent_beside_what_is_wrong():
    page = loaded(
        writing.wrong_rows(sheet(Store()), ["编号", "姓名"], [(7, ["V1", ""], "姓名：没有填。", "“姓名”必填。")])
    ).active
    assert [cell.value for cell in page[1]] == ["原行号", "哪里不对", "怎么改", "编号", "姓名"]
    assert [cell.value for cell in page[2]][:4] == [7, "姓名：没有填。", "“姓名”必填。", "V1"]

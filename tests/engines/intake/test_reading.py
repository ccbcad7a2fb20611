"""Files as they come: old and new programs, every encoding, notes above the head, and files made to do harm."""

import io
import struct
import time
import zipfile
from datetime import date, datetime

import pytest

from jiceng.engines.intake import reading
from jiceng.lib.refusals import Refused
from tests.engines.intake.books import csv_file, xls, xlsx

LABELS = {"姓名": "name", "证件号码": "number", "学历": "education"}
ROWS = [["姓名", "证件号码", "学历"], ["王小明", "000000198001010019", "大学"], ["李〇", "E1234567", ""]]


def read(content, chunk=5000):
    with reading.opened(content, labels=LABELS, sheet="名册", chunk=chunk) as (head, some):
        told = list(some)
    return head, [(number, *texts) for rows in told for number, *texts in zip(rows.numbers, *rows.columns, strict=True)]


FILES = {
    "xlsx": xlsx(ROWS),
    "xls": xls(ROWS),
    "csv utf-8 with a mark": csv_file(ROWS),
    "csv utf-8": csv_file(ROWS, "utf-8"),
    "csv gb18030": csv_file(ROWS, "gb18030"),
    "csv utf-16": csv_file(ROWS, "utf-16", "\t"),
    "csv with semicolons": csv_file(ROWS, mark=";"),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_every_kind_of_file_says_the_same(content):
    head, rows = read(content)
    assert head.labels == ROWS[0]
    assert rows == [(2, *ROWS[1]), (3, *ROWS[2])]


def test_the_head_is_found_below_notes_and_behind_other_sheets():
    noted = [["填表说明：红字必填"], [], ["单位：某镇", "", "2026年"], *ROWS]
    head, rows = read(xlsx(noted, name="随便", more=("封面", "目录")))
    assert (head.sheet, head.row) == ("随便", 4)
    assert [number for number, *_ in rows] == [5, 6]


def test_labels_are_known_with_stars_spaces_and_remarks_in_any_order():
    head, rows = read(xlsx([["学 历（最高）", "姓名*", "备注", "证件\n号码＊"], ["大学", "王小明", "好", "1"]]))
    assert head.labels == ["学 历（最高）", "姓名*", "备注", "证件 号码＊"]
    assert rows == [(2, "大学", "王小明", "好", "1")]


def test_blank_rows_are_passed_over_and_the_others_keep_their_numbers():
    _, rows = read(xlsx([*ROWS[:2], ["", "", ""], [], ROWS[2]], first_row=3))
    assert [number for number, *_ in rows] == [5, 8]


def test_rows_come_in_stretches():
    with reading.opened(xlsx([ROWS[0], *[["王小明", str(n), ""] for n in range(25)]]), labels=LABELS, chunk=10) as (
        head,
        some,
    ):
        assert [len(rows.numbers) for rows in some] == [10, 10, 5]
    assert head.rows >= 25


def test_numbers_dates_and_flags_keep_what_they_are():
    mark = reading.NUMBER
    cells = [5, 19.5, 440105198001011234, date(2019, 7, 1), datetime(2019, 7, 1, 8, 30), True, "a\tb\x02"]
    _, rows = read(xlsx([["姓名", "证件号码"], *[["x", cell] for cell in cells]]))
    said = [row[2] for row in rows]
    assert said[:2] == [f"{mark}5", f"{mark}19.5"]
    assert said[2].startswith(f"{mark}440105198001011") and len(said[2]) == 19
    assert said[3:] == ["2019-07-01", "2019-07-01T08:30:00", "是", "a b "]


def test_what_an_export_put_before_a_cell_is_taken_off_again():
    _, rows = read(csv_file([["姓名", "证件号码"], ["'=1+1", "'+86 138"], ["'王", "x"]]))
    assert [row[1:] for row in rows] == [("=1+1", "+86 138"), ("'王", "x")]


def test_a_file_with_only_a_head_has_no_rows():
    assert read(xlsx(ROWS[:1]))[1] == []


def archive(parts):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return written.getvalue()


def lying(content, said):
    """The same archive, whose directory says that its parts are small."""
    at = content.index(b"PK\x01\x02")
    while at != -1:
        content = content[: at + 24] + struct.pack("<I", said) + content[at + 28 :]
        at = content.find(b"PK\x01\x02", at + 4)
    return content


def sheet_xml(cells):
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    )


def book_with(sheet):
    with zipfile.ZipFile(io.BytesIO(xlsx(ROWS))) as whole:
        parts = {part.filename: whole.read(part) for part in whole.infolist()}
    return archive({**parts, "xl/worksheets/sheet1.xml": sheet})


BOMB = b"0" * (200 << 20)
HARMFUL = {
    "a part that shrinks two hundredfold": (book_with(BOMB), "不正常"),
    "the same with a lying directory": (lying(book_with(BOMB), 1000), "没有读完|打不开|没有找到表头"),
    "thousands of parts": (archive({"xl/workbook.xml": "", **{f"p{n}": "" for n in range(1500)}}), "不正常"),
    "an archive of something else": (archive({"word/document.xml": "x"}), "不是表格"),
    "half an archive": (xlsx(ROWS)[:700], "没有传完整"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 100, "不是表格"),
    "a web page called xls": ("<html><table><tr><td>姓名</td></tr></table>".encode(), "网页"),
    "an old compound file of something else": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "打不开|没有找到"),
    "bytes of no encoding": (b"\xff\xff\xfe\xfa\x81" * 50, "编码"),
    "nothing known at the head": (csv_file([["a", "b"], ["1", "2"]]), "没有找到表头"),
    "nothing at all": (b" ", "没有找到表头"),
    "entities that grow": (
        book_with(
            '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
            + sheet_xml('<c r="A1" t="inlineStr"><is><t>&b;</t></is></c>')
        ),
        "没有找到表头|打不开",
    ),
    "a file of the machine": (
        book_with(
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + sheet_xml('<c t="inlineStr"><is><t>&x;</t></is></c>')
        ),
        "没有找到表头|打不开",
    ),
    "a cell at the far end of the sheet": (
        book_with(sheet_xml('<c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="XFD1048576"><v>1</v></c>')),
        "没有读完|没有找到表头|太大",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), HARMFUL.values(), ids=HARMFUL)
def test_a_harmful_file_is_refused_with_a_sentence_and_soon(content, said):
    began = time.monotonic()
    with pytest.raises(Refused, match=said):
        read(content)
    assert time.monotonic() - began < 20


def test_a_csv_with_a_quote_that_never_ends_does_no_harm():
    content = csv_file(ROWS, "utf-8") + b'"' + "王".encode() * 400_000
    with pytest.raises(Refused):
        read(content)


def test_a_reader_that_stops_early_leaves_no_child_behind():
    rows = [ROWS[0], *[["王小明", str(n), ""] for n in range(20_000)]]
    with reading.opened(csv_file(rows), labels=LABELS, chunk=100) as (_, some):
        assert len(next(some).numbers) == 100

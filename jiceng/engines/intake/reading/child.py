"""The program that opens a file that somebody sent. It runs by itself, knows nothing of the platform, and has limits.

In: one line of JSON (`labels`: plain label → column, `sheet`: preferred name, `chunk`: rows a frame), then the file.
Out: frames of a kind, a length and a content: `H` the head as JSON, `R` rows, `E` the end, `X` a refusal as JSON.
Rows are texts column by column; a number of the spreadsheet keeps a mark, because a number is no identity number.
"""

import csv
import io
import json
import re
import resource
import struct
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import batched, chain, islice
from typing import Any

import python_calamine as calamine

MEMORY = 3 << 30
SECONDS = 300
ENTRIES = 1000
UNPACKED = 3 << 29
BIG = 16 << 20
RATIO = 100
"""A part of BIG bytes or more that shrinks further than this is made to fill memory: sheets of people shrink by ten."""
ROWS = 1_100_000
COLUMNS = 200
HEAD_WITHIN = 20
"""The head stands within so many rows: notes may stand above it."""

NUMBER = "\x02"
CELL = "\x1f"
COLUMN = "\x1e"
_CONTROL = re.compile(r"[\x00-\x1e\x7f]+")
_GUARDED = re.compile(r"'[=+\-@\t\r＝＋－＠]")


class Refusal(Exception):
    """The file cannot be read; the message says why and what to do."""


type Table = tuple[str, int, Iterator[tuple[int, list[Any]]]]
"""Name of the sheet, rows at most, and rows with their numbers."""


def main() -> None:
    """Reads one file from standard input and answers in frames."""
    _limit()
    asked = json.loads(sys.stdin.buffer.readline())
    try:
        for kind, content in _frames(sys.stdin.buffer.read(), asked):
            _put(kind, content)
    except Refusal as refusal:
        _put(b"X", json.dumps(str(refusal)).encode())
    except MemoryError:
        _put(b"X", json.dumps("文件展开后太大，没有读。请只留要导入的那张表，另存为 .xlsx 再上传。").encode())


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _put(kind: bytes, content: bytes) -> None:
    sys.stdout.buffer.write(struct.pack(">cI", kind, len(content)) + content)


def _frames(content: bytes, asked: dict[str, Any]) -> Iterator[tuple[bytes, bytes]]:
    (name, height, rows), (number, labels, rest) = _found(content, asked)
    yield b"H", json.dumps({"sheet": name, "row": number, "labels": labels, "rows": max(height - number, 0)}).encode()
    count = 0
    for some in batched(_filled(chain(rest, rows)), asked["chunk"]):
        count += len(some)
        if count > ROWS:
            raise Refusal(f"表里超过 {ROWS:,} 行，请分成几份上传。")
        yield b"R", _packed(some, len(labels))
    yield b"E", json.dumps({"rows": count}).encode()


type Head = tuple[int, list[str], list[tuple[int, list[Any]]]]
"""Number of the head's row, its labels, and the rows after it that were read on the way."""


def _found(content: bytes, asked: dict[str, Any]) -> tuple[Table, Head]:
    for table in _tables(content, asked["sheet"]):
        head = _head(list(islice(table[2], HEAD_WITHIN)), asked["labels"])
        if head:
            return table, head
    raise Refusal("没有找到表头：前 20 行里没有一行写着本表的列名。请下载模板，把内容粘贴进去再上传。")


def _head(top: list[tuple[int, list[Any]]], known: dict[str, str]) -> Head | None:
    """The row in which most cells are names of columns; at least two must be."""
    best, place = 0, -1
    for at, (_, row) in enumerate(top):
        hits = len({known[label] for cell in row if (label := plain(str(cell))) in known})
        if hits > best:
            best, place = hits, at
    if best < min(2, len(set(known.values()))):
        return None
    number, row = top[place]
    labels = [_text(cell).strip() for cell in row][:COLUMNS]
    while labels and not labels[-1]:
        labels.pop()
    return number, labels, top[place + 1 :]


def plain(label: str) -> str:
    """A label without what people and templates put around it: spaces, stars, a remark in brackets at its end."""
    return re.sub(r"[（(][^（()）]*[)）]$", "", re.sub(r"[\s*＊]+", "", label))


def _filled(rows: Iterable[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    for number, row in rows:
        if any(row) or any(cell != "" for cell in row):
            yield number, row


def _packed(rows: tuple[tuple[int, list[Any]], ...], width: int) -> bytes:
    numbers = CELL.join(str(number) for number, _ in rows)
    cells = [row if len(row) == width else [*row[:width], *[""] * (width - len(row))] for _, row in rows]
    return COLUMN.join([numbers, *map(_column, zip(*cells, strict=True))]).encode("utf-8", "replace")


def _column(cells: tuple[Any, ...]) -> str:
    if set(map(type, cells)) == {str}:
        joined = CELL.join(cells)
        if joined.count(CELL) == len(cells) - 1 and not _CONTROL.search(joined):
            return joined
    return CELL.join(map(_text, cells))


def _text(cell: Any) -> str:
    match cell:
        case str():
            return _CONTROL.sub(" ", cell.replace(CELL, " "))
        case bool():
            return "是" if cell else "否"
        case int() | float():
            whole = float(cell).is_integer()
            return NUMBER + (f"{cell:.0f}" if whole else repr(cell))
        case datetime() if not (cell.hour or cell.minute or cell.second):
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
    return str(cell)


def _tables(content: bytes, preferred: str) -> Iterator[Table]:
    if content.startswith(b"PK"):
        _is_no_bomb(content)
    elif not content.startswith(b"\xd0\xcf\x11\xe0"):
        yield _separated(content)
        return
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.visible == calamine.SheetVisibleEnum.Visible]
        for name in sorted(names, key=lambda name: name != preferred):
            sheet = book.get_sheet_by_name(name)
            yield name, sheet.end[0] + 1 if sheet.end else 0, enumerate(sheet.iter_rows(), start=1)
    except calamine.PasswordError:
        raise Refusal("文件有打开密码。请在 Excel 或 WPS 里去掉密码，另存后再上传。") from None
    except calamine.CalamineError:
        raise Refusal("文件打不开，可能没有传完整或已损坏。请在 Excel 或 WPS 里打开，另存为 .xlsx 再上传。") from None


def _is_no_bomb(content: bytes) -> None:
    """Asks the directory of the archive, before anything is unpacked."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile:
        raise Refusal("文件打不开，可能没有传完整。请重新上传。") from None
    if not {"xl/workbook.xml", "xl/workbook.bin", "content.xml"} & {part.filename for part in parts}:
        raise Refusal("这不是表格文件。请上传 .xlsx、.xls 或 .csv。")
    big = [part for part in parts if part.file_size > BIG]
    if (
        len(parts) > ENTRIES
        or sum(part.file_size for part in parts) > UNPACKED
        or any(part.file_size > RATIO * max(part.compress_size, 1) for part in big)
    ):
        raise Refusal("文件展开后大得不正常，没有读。请只留要导入的那张表，另存为新的 .xlsx 再上传。")


def _separated(content: bytes) -> Table:
    text = _decoded(content)
    if text.lstrip()[:200].lower().startswith(("<html", "<!doctype", "<table", "<?xml", "<meta")):
        raise Refusal("这是改了后缀名的网页，不是表格。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。")
    head = "\n".join(text.splitlines()[:HEAD_WITHIN])
    mark = max(",\t;", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    return "", text.count("\n") + 1, _read(rows)


def _read(rows: Any) -> Iterator[tuple[int, list[Any]]]:
    """Rows of a CSV file. What an export put before a cell to keep it from becoming a formula is taken off again."""
    number = 0
    try:
        for number, row in enumerate(rows, start=1):
            yield number, [cell[1:] if _GUARDED.match(cell) else cell for cell in row]
    except csv.Error:
        raise Refusal(f"第 {number + 1} 行附近引号不成对，读不下去。请检查后另存为 CSV 再上传。") from None


def _decoded(content: bytes) -> str:
    if b"\0" in content[:2000] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refusal("这不是表格文件。请上传 .xlsx、.xls 或 .csv。")
    guesses = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in guesses:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("文件里的文字编码认不出来。请在 Excel 或 WPS 里另存为“CSV UTF-8”再上传。")


if __name__ == "__main__":
    main()

"""Files as people send them, made for tests."""

import struct
from io import BytesIO

import xlsxwriter
from stdnum.cn import ric


def number_of(born: str = "19800101", order: int = 1, region: str = "000000") -> str:
    """The identity number of an invented person: born as yyyymmdd, a man for an odd order."""
    body = f"{region}{born}{order:03d}"
    return body + ric.calc_check_digit(body + "0")


def xlsx(rows, *, name="名册", first_row=0, more=()):
    """A workbook of one sheet; numbers, dates and flags as the program that wrote it would keep them."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for other in more:
            book.add_worksheet(other).write(0, 0, "别的内容")
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows, start=first_row):
            for place, value in enumerate(row):
                write = sheet.write_string if isinstance(value, str) else sheet.write
                write(at, place, value)
    return written.getvalue()


def csv_file(rows, encoding="utf-8-sig", mark=","):
    return "".join(mark.join(str(cell) for cell in row) + "\r\n" for row in rows).encode(encoding)


def xls(rows, name="名册"):
    """A workbook of the nineties (BIFF8 in a compound file), as old programs and official systems still write it."""
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                sheet += _record(0x0204, struct.pack("<HHHHB", at, place, 0, len(value), 1) + text)
            elif value is not None:
                sheet += _record(0x0203, struct.pack("<HHHd", at, place, 0, float(value)))
    sheet += _record(0x000A, b"")
    title = name.encode("utf-16-le")
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    bound = struct.pack("<IBBBB", len(head) + 4 + 8 + len(title) + 4, 0, 0, len(name), 1) + title
    stream = head + _record(0x0085, bound) + _record(0x000A, b"") + sheet
    return _compound(stream + b"\0" * max(0, 4096 - len(stream)))


def _record(kind, content):
    return struct.pack("<HH", kind, len(content)) + content


def _compound(stream):
    """[MS-CFB] with one FAT sector, one directory sector and one stream."""
    count = -(-len(stream) // 512)
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + count), 0xFFFFFFFE]
    assert len(fat) <= 128
    fat += [0xFFFFFFFF] * (128 - len(fat))

    def entry(name, kind, child, start, size):
        text = name.encode("utf-16-le")
        nowhere = 0xFFFFFFFF
        head = text + b"\0" * (64 - len(text))
        about = struct.pack("<HBBIII", len(text) + 2, kind, 1, nowhere, nowhere, child)
        return head + about + b"\0" * 36 + struct.pack("<IQ", start, size)

    empty = b"\0" * 68 + struct.pack("<III", *[0xFFFFFFFF] * 3) + b"\0" * 48
    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream)) + empty * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + struct.pack("<128I", *fat) + directory + stream + b"\0" * (count * 512 - len(stream))

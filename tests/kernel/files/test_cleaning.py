"""A kept file says what stands on its pages and nothing else; what cannot be made so is refused with a sentence."""

import io
import zipfile

import pypdf
import pytest
from openpyxl import load_workbook
from PIL import Image

from jiceng.engines.notices.scanning import scan
from jiceng.kernel.files.cleaning.outside import cleaned, texts
from jiceng.lib.refusals import Refused
from tests.kernel.files import samples

CANARY = "CANARY-7"
NUMBER = "440703198001011234"


def inside(content: bytes) -> bytes:
    """All bytes of a file, unpacked."""
    if content.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        return b"".join(name.encode() + archive.read(name) for name in archive.namelist())
    if content.startswith(b"%PDF"):
        found = pypdf.PdfReader(io.BytesIO(content))
        objects = [found.get_object(number) for table in found.xref.values() for number in table]
        streams = [one.get_data() for one in objects if hasattr(one, "get_data")]
        return content + b"".join(streams) + repr(objects).encode()
    return content


def test_a_picture_keeps_its_dots_and_nothing_else():
    for content, kind in ((samples.jpg(), "jpg"), (samples.png(), "png")):
        made = cleaned(content, f"拍的.{kind}")
        assert b"CANARY" in content and b"CANARY" not in made.content
        assert (made.kind, made.name) == (kind, f"拍的.{kind}")
        picture = Image.open(io.BytesIO(made.content))
        assert not picture.getexif() and picture.size == ((20, 40) if kind == "jpg" else (40, 20))  # upright


@pytest.mark.parametrize("place", samples.HIDING_IN_WORD)
def test_what_hides_in_a_word_file_stays_out(place):
    content = samples.HIDING_IN_WORD[place](CANARY)
    made = cleaned(content, "公开.docx").content
    assert CANARY.encode() in inside(content) and b"CANARY" not in inside(made)
    assert samples.CLEAN_TEXT.encode() in inside(made)


@pytest.mark.parametrize("place", [one for one in samples.SHOWN_IN_WORD if one != "in pieces"])
def test_what_stands_on_the_page_stays(place):
    assert CANARY.encode() in inside(cleaned(samples.SHOWN_IN_WORD[place](CANARY), "公开.docx").content)


def test_no_link_and_no_type_is_left_of_what_was_left_out():
    made = cleaned(samples.docx(**{"word/comments.xml": samples.part("x"), "word/header1.xml": samples.part("y")}), "a")
    archive = zipfile.ZipFile(io.BytesIO(made.content))
    links = archive.read("word/_rels/document.xml.rels") + archive.read("[Content_Types].xml")
    assert b"comments" not in links and b"header1" in links


@pytest.mark.parametrize("place", ["comment", "author"])
def test_what_hides_in_a_workbook_stays_out_and_the_rest_opens(place):
    content = samples.xlsx(**{place: CANARY})
    made = cleaned(content, "公开.xlsx").content
    assert CANARY.encode() in inside(content) and CANARY.encode() not in inside(made)
    assert load_workbook(io.BytesIO(made)).active["A1"].value == samples.CLEAN_TEXT


@pytest.mark.parametrize("place", ["hidden sheet", "hidden row", "hidden column"])
def test_what_is_hidden_in_a_workbook_is_refused(place):
    with pytest.raises(Refused, match="隐藏的"):
        cleaned(samples.xlsx(**{place: CANARY}), "公开.xlsx")


@pytest.mark.parametrize("place", ["author", "remark", "attachment", "script"])
def test_what_hides_in_a_pdf_stays_out(place):
    content = samples.pdf(**{place: CANARY})
    made = cleaned(content, "公开.pdf").content
    assert CANARY.encode() in inside(content) and CANARY.encode() not in inside(made)
    assert "open" in pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_a_camera_says_nothing_out_of_a_pdf_or_a_word_file():
    pages = io.BytesIO()
    Image.open(io.BytesIO(samples.jpg())).save(pages, "PDF")
    assert b"CANARY" not in inside(cleaned(pages.getvalue(), "拍的.pdf").content)
    assert b"CANARY" not in inside(cleaned(samples.docx(**{"word/media/image1.jpeg": samples.jpg()}), "a").content)


BOMB = samples.packed({"word/document.xml": b"<a>" + b"0" * (60 << 20) + b"</a>"})
LAUGHS = '<!DOCTYPE a [<!ENTITY b "&c;&c;">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空的"), (b"<html><script>alert(1)</script>", "只收"), (b"<svg xmlns='x'/>", "只收"), (b"MZ" + b"0" * 99, "只收"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 99, "只收"), (b"PK\x03\x04" + b"0" * 99, "打不开"), (b"%PDF-1.7 nothing", "PDF"),
        (b"\xff\xd8\xff" + b"0" * 99, "图片打不开"), (BOMB, "大得不正常"), (samples.packed({"a.txt": "x"}), "只收"),
        (samples.docx(**{"word/document2.xml": LAUGHS}), "不正常"),
        (samples.docx(**{"word/document2.xml": LAUGHS.encode("utf-16-le")}), "不正常"),
        (samples.docx(**{"word/vbaProject.bin": b"x"}), "宏"), (samples.docx(**{"word/embeddings/a.xlsx": b"x"}), "嵌着"),
        (samples.docx(**{"word/media/a.svg": b"<svg/>"}), "网页图形"), (samples.docx(**{"word/x.xml": "<a><b></a>"}), "损坏"),
        (b"0" * ((20 << 20) + 1), "超过 20 MB"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_a_sentence(content, why):
    with pytest.raises(Refused, match=why):
        cleaned(content, "x.docx")


def test_a_flood_of_dots_is_refused_before_it_is_unfolded():
    made = io.BytesIO()
    Image.new("1", (9000, 9000)).save(made, "PNG")
    with pytest.raises(Refused, match="图片"):
        cleaned(made.getvalue(), "大.png")


def test_a_name_cannot_lead_elsewhere():
    for name in ("../../etc/passwd", "a\r\nb.docx", '"x".docx', "....", ""):
        made = cleaned(samples.docx(), name)
        assert made.name.endswith(".docx") and not set(made.name) & set('/\\\r\n"')


# Numbers inside files


IN_BOOKS = (
    "cell",
    "comment",
    "text box",
    "header",
    "author",
    "hidden sheet",
    "hidden row",
    "hidden column",
    "name",
    "link",
)


@pytest.mark.parametrize("number", [NUMBER, "138 1234 5678", "１３８１２３４５６７８", "6217000010000000011"])
def test_a_number_is_found_wherever_it_hides(number):
    files = {f"Word {place}": make(number) for place, make in (samples.HIDING_IN_WORD | samples.SHOWN_IN_WORD).items()}
    files |= {f"Excel {place}": samples.xlsx(**{place: number}) for place in IN_BOOKS}
    if number.isascii():
        places = ("text", "covered", "author", "remark", "attachment")
        files |= {f"PDF {place}": samples.pdf(**{place: number}) for place in places}
    assert [place for place, content in files.items() if not scan(content, "附表")] == []


def test_a_number_that_a_cell_keeps_as_a_number_is_found():
    assert scan(samples.xlsx(number="13812345678"), "附表")


def test_files_without_such_numbers_are_let_through():
    for content in (samples.docx(), samples.xlsx(), samples.pdf(), samples.jpg()):
        assert scan(content, "附表") == []


def test_the_place_in_the_file_is_told():
    assert scan(samples.SHOWN_IN_WORD["header"](NUMBER), "附表.docx")[0].where == "附表.docx的页眉第 1 行"
    assert "批注" in scan(samples.xlsx(comment=NUMBER), "附表.xlsx")[0].where
    assert texts(samples.pdf("x"))[0] == ("第 1 页", "x")

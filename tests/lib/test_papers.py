"""Documents by the numbers of GB/T 9704—2012, read back by other people's programs."""

import io
import re

import docx as word
import pypdf
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from jiceng.lib.papers import Line, Paper, Signatures, Table
from jiceng.lib.papers import pdf as setting
from jiceng.lib.papers.docx import docx
from jiceng.lib.papers.pdf import pdf
from jiceng.lib.refusals import Refused

MM = 72 / 25.4
SENTENCE = "村口到晒谷场的路年久失修，雨天车辆出不去。"

PAPER = Paper(
    "关于修路的决议",
    (
        Line("一、缘由", 1), Line("（一）现状", 2), Line(SENTENCE), Table(("栏目", "内容"), (("涉及金额", "5,000.00 元"),), (1, 3)),
        Signatures(("主持人", "记录人"), "东山村党支部"),
    ),
    number="01234-56789", address="https://example.cn/cases/0123456789/", to="某镇党委", issuer="东山村党支部",
    on="2026年3月2日", printed_by="某镇党委", printed_on="2026年3月2日",
)  # fmt: skip


def opened(paper=PAPER):
    return word.Document(io.BytesIO(docx(paper)))


def text_of(paper):
    """What stands in the PDF, without the breaks of its lines."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(paper))).pages))


def long(lines):
    return Paper("长文", tuple(Line("字" * 26) for _ in range(lines)), number="1", address="https://example.cn/")


def test_5_1_the_paper_is_a4():
    section = opened().sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    box = pypdf.PdfReader(io.BytesIO(pdf(PAPER))).pages[0].mediabox
    assert (round(box.width / MM), round(box.height / MM)) == (210, 297)


def test_5_2_1_the_margins_leave_156_by_225():
    section = opened().sections[0]
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(one.mm) for one in margins] == [37, 35, 28, 26]
    assert round(section.page_width.mm - margins[2].mm - margins[3].mm) == 156
    assert round(section.page_height.mm - margins[0].mm - margins[1].mm) == 225


def test_5_2_2_what_is_not_said_otherwise_is_fangsong_of_size_3():
    run = next(one for one in opened().paragraphs if one.text == SENTENCE).runs[0]
    assert run.font.size.pt == 16
    assert run._r.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"


def test_5_2_3_a_page_has_22_lines_of_28_characters():
    said = opened()
    assert all(one.paragraph_format.line_spacing.pt == 28 for one in said.paragraphs if one.text == SENTENCE)
    grid = said.element.body.sectPr.find(qn("w:docGrid"))
    assert 225 * MM // (int(grid.get(qn("w:linePitch"))) / 20) == 22
    assert abs((16 + int(grid.get(qn("w:charSpace"))) / 4096) * 28 - 156 * MM) < 0.1
    pages = pypdf.PdfReader(io.BytesIO(pdf(long(60)))).pages
    lines = [re.findall(r"字+", page.extract_text()) for page in pages]
    assert [len(one) for one in lines] == [20, 22, 18]  # the title takes the first line, and one is left empty


def test_5_2_3_a_line_of_the_pdf_holds_28_characters():
    paper = Paper("满行", (Line("字" * 82),), number="1", address="https://example.cn/")
    page = pypdf.PdfReader(io.BytesIO(pdf(paper))).pages[0]
    assert [len(one) for one in re.findall(r"字+", page.extract_text())] == [26, 28, 28]


def test_7_3_1_the_title_is_of_size_2_and_centred():
    title = opened().paragraphs[0]
    assert (title.text, title.alignment) == (PAPER.title, WD_ALIGN_PARAGRAPH.CENTER)
    assert title.runs[0].font.size.pt == 22
    assert title.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"


def test_7_3_2_the_addressee_stands_flush_with_a_colon():
    to = next(one for one in opened().paragraphs if one.text.startswith("某镇党委："))
    assert to.paragraph_format.first_line_indent.pt == 0


def test_7_3_3_the_text_is_indented_and_its_headings_are_heiti_and_kaiti():
    faces = {one.text: one for one in opened().paragraphs}
    assert faces[SENTENCE].paragraph_format.first_line_indent.pt == 32
    of = {text: faces[text].runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) for text in ("一、缘由", "（一）现状")}
    assert of == {"一、缘由": "黑体", "（一）现状": "楷体_GB2312"}


def test_7_3_5_the_date_stands_four_characters_from_the_right():
    on = next(one for one in opened().paragraphs if one.text == PAPER.on)
    assert (on.alignment, on.paragraph_format.right_indent.pt) == (WD_ALIGN_PARAGRAPH.RIGHT, 64)


def test_7_4_the_imprint_is_of_size_4_between_lines_of_a_third_of_a_millimetre():
    imprint = next(one for one in opened().paragraphs if one.text.endswith("印发"))
    assert {one.font.size.pt for one in imprint.runs if one.text.strip()} == {14}
    lines = imprint._p.pPr.find(qn("w:pBdr"))
    assert {int(one.get(qn("w:sz"))) for one in lines} == {8}  # eighths of a point


def test_7_5_page_numbers_stand_between_dashes_and_change_sides():
    section = opened().sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT)
    assert {run.font.size.pt for run in odd.runs} == {14}
    assert "PAGE" in odd._p.xml
    assert opened().settings.odd_and_even_pages_header_footer
    pages = pypdf.PdfReader(io.BytesIO(pdf(long(30)))).pages
    assert [re.findall(r"—\s*(\d)\s*—", page.extract_text()) for page in pages] == [["1"], ["2"]]


def test_the_pdf_says_what_was_asked_and_nothing_else():
    asked = (
        "关于修路的决议某镇党委：一、缘由（一）现状"
        + SENTENCE
        + "栏目内容涉及金额5,000.00元主持人：记录人：（东山村党支部盖章处）"
        "东山村党支部2026年3月2日" + PAPER.way_back + "某镇党委2026年3月2日印发—1—"
    )
    assert sorted(text_of(PAPER)) == sorted(asked.replace(" ", ""))


def test_the_pdf_brings_its_typefaces_along():
    fonts = pypdf.PdfReader(io.BytesIO(pdf(PAPER))).pages[0]["/Resources"]["/Font"]
    inside = [one.get_object()["/DescendantFonts"][0]["/FontDescriptor"].keys() for one in fonts.values()]
    assert all({"/FontFile2", "/FontFile3"} & set(one) for one in inside)


@pytest.mark.parametrize("said", ['#panic("x")', "*星* _线_ $x$ `码` @谁 \\", "<w:p>&amp;", "= 标题\n- 第二行"])
def test_what_is_said_is_text_and_never_markup(said):
    paper = Paper("题", (Line(said), Table(("甲",), ((said,),))), number="1", address="https://example.cn/")
    plain = re.sub(r"\s", "", said)
    assert text_of(paper).count(plain) == 2
    assert any(one.text == said for one in opened(paper).paragraphs)
    assert opened(paper).tables[0].cell(1, 0).text == said


def test_a_machine_without_a_chinese_typeface_says_so(monkeypatch):
    monkeypatch.setattr(setting, "FACES", {"body": ("不存在的字体",)})
    monkeypatch.setattr(setting, "INSTEAD", ())
    with pytest.raises(Refused, match="没有中文字体"):
        pdf(PAPER)

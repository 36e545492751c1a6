"""Lines of a page to blocks: reading order, paragraphs, and what is told apart; on lines made for one point."""

import pytest
from pdf_files import make_pdf

from index.reading import read
from index.reading.columns import reading_order
from index.reading.contents import find_contents
from index.reading.depths import Depths, Style
from index.reading.layout import assemble
from index.reading.sheet import Sheet
from index.sections import block_text, split
from index.text import join
from index.types import Block, BlockKind, Box, Cell, Line, Page

TEXT = "Orders of the quarter rose again because cities renewed their networks of meters and pipes. "


def line(text: str, x0: float, top: float, size: float = 10.0, width: float = 0.0, **looks) -> Line:
    """A line of one cell; a Chinese character is as wide as the size, a Latin one half of it."""
    reach = width or sum(size if char > "\u2e80" else 0.5 * size for char in text)
    box = Box(x0, top, x0 + reach, top + size)
    return Line(text, box, size, cells=(Cell(text, box),), **looks)


def row(top: float, *cells: tuple[float, str], **looks) -> Line:
    """A line of several cells, each given by its left edge and text."""
    made = tuple(Cell(text, Box(x0, top, x0 + 5.0 * len(text), top + 10)) for x0, text in cells)
    box = Box(made[0].box.x0, top, made[-1].box.x1, top + 10)
    return Line(" ".join(text for _, text in cells), box, 10.0, cells=made, **looks)


def pages_of(*sheets: list[Line]) -> tuple[Page, ...]:
    made = [Sheet(number, 600.0, 800.0, tuple(lines)) for number, lines in enumerate(sheets, 1)]
    return assemble(made, ())


def blocks(pages: tuple[Page, ...], kind: BlockKind) -> list[Block]:
    return [b for page in pages for b in page.blocks if b.kind is kind]


def texts(pages: tuple[Page, ...], kind: BlockKind) -> list[str]:
    return [block_text(b) for b in blocks(pages, kind)]


def column(x0: float, top: float, names: list[str], step: float = 14.0) -> list[Line]:
    return [line(f"{name} 本段文字说明行业需求持续回升的原因", x0, top + step * i) for i, name in enumerate(names)]


def test_columns_are_read_one_after_the_other_whatever_the_file_s_order() -> None:
    left, right = column(50, 100, list("甲乙丙丁戊")), column(320, 100, list("子丑寅卯辰"))
    mixed = [piece for pair in zip(right, left, strict=True) for piece in pair]
    above = line("本页标题横跨两栏而且比任何一栏都要宽得多所以它不会被栏间的空白分开也应当最先读到为止", 50, 70)
    assert [found.text[0] for found in reading_order([*mixed, above])] == list("本甲乙丙丁戊子丑寅卯辰")


def test_a_line_over_the_gutter_is_parted_there() -> None:
    both = [
        row(
            100 + 14 * i, (50, f"left {i} runs on about meters, pumps"), (320, f"right {i} runs on about pipes, valves")
        )
        for i in range(6)
    ]
    assert [found.text[:7] for found in reading_order(both)] == [f"left {i} " for i in range(6)] + [
        f"right {i}" for i in range(6)
    ]


def test_a_side_bar_is_read_after_the_text_beside_it() -> None:
    text = column(50, 100, list("甲乙丙丁戊己庚辛"), 15.0)
    bar = [
        line(name, 420, 103 + 11.3 * i, 8.0)
        for i, name in enumerate(["分析师", "张三", "联系人", "李四", "评级", "买入", "现价", "市值"])
    ]
    mixed = sorted([*text, *bar], key=lambda found: found.box.top)
    assert [found.text for found in reading_order(mixed)] == [found.text for found in [*text, *bar]]


def test_a_table_is_read_row_by_row() -> None:
    table = [
        row(100 + 14 * i, (50, f"Long name of the segment number {i}"), (350, f"{i}.5"), (420, f"{i}.9"))
        for i in range(8)
    ]
    assert reading_order(table) == table


def test_a_raised_mark_does_not_break_its_line() -> None:
    (found,) = reading_order([line("专项补贴", 50, 100), line("1", 90.5, 98, 6.0), line("或属于禁止性补贴", 94, 100)])
    assert found.text == "专项补贴1或属于禁止性补贴"
    assert len(found.cells) == 1


def test_lines_set_in_begin_paragraphs_however_full_the_line_before_is() -> None:
    body = "本段说明全年需求回升以及价格企稳的主要原因与背景情况"
    lines = []
    for i in range(6):
        first = i % 2 == 0
        lines.append(line(body[: 24 if first else 26], 70 if first else 50, 100 + 15 * i, width=490 if first else 510))
    assert [len(b.lines) for b in blocks(pages_of(lines), BlockKind.PARAGRAPH)] == [2, 2, 2]


def test_a_footnote_is_not_joined_into_what_runs_on_over_the_page_break() -> None:
    body = [
        line("正文说明补贴政策的范围以及对出口企业的影响程度仍需观察", 50, 600 + 15 * i, width=500) for i in range(6)
    ]
    note = line("1 本注说明上述补贴只适用于特定的企业和特定的产品", 50, 740, 7.0)
    after = [
        line("本行接续上一页尚未写完的句子。", 50, 80),
        line("另一段说明了其他方面的情况如何变化和发展。", 70, 120),
    ]
    pages = pages_of([*body, note], after)
    assert texts(pages, BlockKind.FOOTNOTE) == [note.text]
    assert note.text not in "".join(texts(pages, BlockKind.PARAGRAPH))


def test_captions_and_sources_side_by_side_make_one_chart_each() -> None:
    lines = [
        line("图表 1：上半年出口金额同比", 60, 100, 9.0, bold=True),
        row(114, (60, "增长"), (300, "图表 2：全年装机"), bold=True),
        row(220, (60, "来源：海关总署"), (300, "来源：能源局")),
    ]
    lines[1] = Line(lines[1].text, lines[1].box, 9.0, True, lines[1].cells)
    charts = blocks(pages_of(lines), BlockKind.CHART)
    assert [(b.title, b.lines[-1].text) for b in charts] == [
        ("图表 1：上半年出口金额同比增长", "来源：海关总署"),
        ("图表 2：全年装机", "来源：能源局"),
    ]


def test_a_contents_list_may_fill_a_part_of_a_page() -> None:
    lines = [
        line("目录", 50, 100),
        *[row(120 + 14 * i, (50, f"{name}、本章标题"), (500, str(3 + i))) for i, name in enumerate("一二三四")],
        line(
            "前言：本报告说明全年行业的需求、价格与竞争格局，并给出下一年的展望与建议，供读者在研究时对照使用。",
            50,
            200,
        ),
    ]
    assert find_contents(lines) == [(0, 5)]


def test_rows_of_figures_are_no_contents_list() -> None:
    rows = [
        row(100 + 14 * i, (50, f"Segment {name}"), (400, str(10 + i)), (500, str(20 + i)))
        for i, name in enumerate("abcdefgh")
    ]
    assert find_contents(rows) == []


@pytest.mark.parametrize(
    "text", ["(in millions)", "June 30, 2025", "$ in millions, except per share", "Total Stores at"]
)
def test_heads_of_tables_are_no_headings(text) -> None:
    prose = [line(TEXT[:90], 50, 140 + 14 * i, width=500) for i in range(4)]
    found = pages_of([line(text, 50, 100, bold=True), *prose])
    assert not blocks(found, BlockKind.HEADING)


def test_a_person_and_what_they_do_are_no_heading() -> None:
    prose = [line(TEXT[:90], 50, 140 + 14 * i, width=500) for i in range(4)]
    signed = [*prose, line("Ada Example", 50, 300, bold=True), line("Chief Financial Officer", 50, 314)]
    assert not blocks(pages_of(signed), BlockKind.HEADING)


def test_a_heading_that_wraps_is_one_and_its_paragraph_another() -> None:
    prose = [line(TEXT[:90], 50, 128 + 14 * i, width=500) for i in range(4)]
    heading = [
        line(
            "Item 5. Market for the Company's Equity, Related Matters and Purchases of", 50, 100, width=495, bold=True
        ),
        line("Equity Securities", 50, 112, bold=True),
    ]
    assert texts(pages_of([*heading, *prose]), BlockKind.HEADING) == [
        "Item 5. Market for the Company's Equity, Related Matters and Purchases of Equity Securities"
    ]


def test_chapters_end_a_foreword_and_boxes_end_at_the_next_heading() -> None:
    plain = (12.0, 1.0)
    styles = [
        Style((16.0, 1.0)),
        Style(plain, "chinese", first=True),
        Style(plain, "bracketed", first=True),
        Style(plain, "box"),
        Style(plain, "decimal1", first=True),
        Style(plain, "bracketed"),
        Style(plain, "chinese"),
    ]
    depths = Depths(styles)
    assert [depths.depth(style) for style in styles] == [1, 1, 2, 3, 3, 2, 1]


def test_what_stands_under_a_note_of_the_same_type_is_below_it() -> None:
    bold = (10.0, 1.0)
    styles = [Style(bold, "item"), Style(bold), Style(bold, "note", first=True), Style(bold), Style(bold, "note")]
    depths = Depths(styles)
    assert [depths.depth(style) for style in styles] == [1, 2, 3, 4, 3]


def test_a_run_in_head_names_its_paragraph_and_stays_in_it(tmp_path) -> None:
    path = make_pdf(tmp_path / "run-in.pdf", f"= Views\n*Meters.* {TEXT * 3}\n\n*Pipes.* {TEXT * 3}\n\n{TEXT * 3}")
    report = read(path)
    assert [section.path[-1] for section in split(report)] == ["Meters", "Pipes", "Views"]
    assert block_text(blocks(report.pages, BlockKind.PARAGRAPH)[0]).startswith("Meters. Orders")


def test_a_slanted_watermark_is_kept_apart_from_the_text(tmp_path) -> None:
    path = make_pdf(
        tmp_path / "marked.pdf",
        "#set page(background: rotate(-40deg, text(60pt, fill: luma(220))[CONFIDENTIAL]))\n= Orders\n" + TEXT * 20,
    )
    pages = read(path).pages
    assert [text.replace(" ", "") for text in texts(pages, BlockKind.WATERMARK)] == ["CONFIDENTIAL"]
    assert "CONFID" not in "".join(texts(pages, BlockKind.PARAGRAPH))


def test_legal_text_at_the_end_needs_no_heading() -> None:
    prose = [line("本公司全年订单继续增长并且价格企稳", 50, 100 + 14 * i) for i in range(10)]
    legal = [
        line("本报告仅供客户参考，不构成任何投资建议，未经书面授权不得转载。", 50, 100),
        line("本公司不承担任何法律责任，报告版权归本公司所有。", 50, 150),
        line("投资有风险，入市需谨慎。", 50, 200),
    ]
    pages = pages_of(prose, prose, prose, legal)
    assert {b.page for b in blocks(pages, BlockKind.DISCLAIMER)} == {4}
    assert len([b for b in pages[3].blocks if b.kind is BlockKind.PARAGRAPH]) == 0


@pytest.mark.parametrize(
    ("left", "right", "whole"),
    [
        ("infra-", "structure", "infrastructure"),
        ("long-", "term debt", "long-term debt"),
        ("mark-to-", "market", "mark-to-market"),
        ("goodwill and/", "or assets", "goodwill and/or assets"),
        ("the fourth", "quarter", "the fourth quarter"),
    ],
)
def test_words_broken_at_a_line_s_end_are_joined_as_they_are_written(left, right, whole) -> None:
    assert join(left, right) == whole

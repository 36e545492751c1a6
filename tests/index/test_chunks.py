"""Sections to chunks: limits, pages, quotes that can be found on their page."""

from functools import cache
from pathlib import Path

import pypdfium2
import pytest

from index.chunks import TABLE_FACTOR, chunk
from index.reading import read
from index.sections import split
from index.text import clean, fold, has_cjk
from index.types import Block, BlockKind, Box, Chunk, Line, Row, Section, Table

SAMPLES = Path(__file__).parents[2] / "eval" / "data"
LONGEST = 80
both = pytest.mark.parametrize("name", ["en_annual_report", "zh_storage_weekly"])


def counts(texts) -> list[int]:
    """About what the embedder's tokenizer counts."""
    return [len(text) if has_cjk(text) else len(text.split()) for text in texts]


@cache
def chunks_of(name: str) -> list[Chunk]:
    return chunk(split(read(SAMPLES / f"{name}.pdf")), counts, LONGEST, name)


@cache
def printed(name: str) -> tuple[str, ...]:
    """What each page's text layer holds, hyphens left out, since a line's last one may belong to no word."""
    document = pypdfium2.PdfDocument(SAMPLES / f"{name}.pdf")
    return tuple(squeeze(page.get_textpage().get_text_range()) for page in document)


def squeeze(text: str) -> str:
    return fold(clean(text)).replace("-", "")


@both
def test_every_quote_stands_on_its_page(name) -> None:
    quotes = [(s.page, s.quote) for c in chunks_of(name) for s in c.sentences if c.kind is not BlockKind.TABLE]
    assert len(quotes) > 100
    assert [(page, quote) for page, quote in quotes if squeeze(quote) not in printed(name)[page - 1]] == []


@both
def test_every_cell_of_a_row_stands_on_its_page(name) -> None:
    rows = [(c.page, s.quote) for c in chunks_of(name) if c.kind is BlockKind.TABLE for s in c.sentences]
    assert len(rows) > 30
    for page, row in rows:
        for cell in row.split(" | "):
            assert squeeze(cell) in printed(name)[page - 1]


@both
def test_a_chunk_has_one_page_and_its_sentences_are_framed_there(name) -> None:
    for piece in chunks_of(name):
        assert {s.page for s in piece.sentences} == {piece.page}
        assert all(s.boxes and s.text and s.quote for s in piece.sentences)
        assert piece.context.startswith(name)


@both
def test_chunks_keep_to_the_limit_unless_one_sentence_breaks_it(name) -> None:
    for piece in chunks_of(name):
        limit = LONGEST * TABLE_FACTOR if piece.kind is BlockKind.TABLE else LONGEST
        assert sum(counts([s.text for s in piece.sentences])) <= limit or len(piece.sentences) == 1


@both
def test_the_chunks_hold_the_whole_text_but_for_what_is_no_text(name) -> None:
    report = read(SAMPLES / f"{name}.pdf")
    held = fold("".join(s.quote for c in chunks_of(name) for s in c.sentences)).replace("-", "").replace("|", "")
    contexts = fold("".join(c.context for c in chunks_of(name))).replace("-", "")
    for section in split(report):
        for block in section.blocks:
            for line in () if block.kind in {BlockKind.HEADING, BlockKind.CHART} else block.lines:
                for piece in line.cells:
                    text = squeeze(piece.text)[:20]
                    assert text in held or (block.kind is BlockKind.TABLE and text.strip("()") in contexts)


@both
def test_neither_running_lines_nor_contents_are_in_a_chunk(name) -> None:
    text = "\n".join(c.text for c in chunks_of(name))
    assert "Fiscal year ended June 30, 2025 | Page" not in text
    assert "敬请参阅末页" not in text
    assert ". . ." not in text


def test_a_row_reads_alone_and_its_table_is_named_in_the_context() -> None:
    found = next(c for c in chunks_of("zh_storage_weekly") if "中东及非洲" in c.text and c.kind is BlockKind.TABLE)
    row = next(s for s in found.sentences if s.text.startswith("中东及非洲"))
    assert row.text == "中东及非洲 | 出口额（亿元）: 19.8 | 占比: 23.0% | 同比: +58.9%"
    assert row.quote == "中东及非洲 | 19.8 | 23.0% | +58.9%"
    assert "图表 8：2026 年 1—2 月逆变器出口额分区域" in found.context
    assert found.section.endswith("二、行业数据跟踪 › （三）逆变器出口")


def test_chinese_lines_are_joined_without_spaces() -> None:
    text = "\n".join(c.text for c in chunks_of("zh_storage_weekly"))
    assert "意见反馈截止日期为 4 月 10 日。" in text
    assert "主要因国内系统价格下降以及海外售后团队扩张带来费用增加。" in text


def line(text: str, row: int = 0) -> Line:
    return Line(text, Box(50, 100 + 12 * row, 400, 110 + 12 * row), 10.0)


def paragraph(page: int, *texts: str) -> Block:
    return Block(BlockKind.PARAGRAPH, tuple(line(text, row) for row, text in enumerate(texts)), page)


def made(*blocks: Block, longest: int = LONGEST) -> list[Chunk]:
    return chunk([Section(("Top", "Part"), blocks)], counts, longest, "doc")


def test_a_sentence_over_a_page_break_belongs_to_the_page_with_more_of_it() -> None:
    pieces = made(
        paragraph(1, "收入增长。净利润的下降主要是"), paragraph(2, "因为原材料价格上涨以及汇率的不利变动。其他持平。")
    )
    by_page = {piece.page: piece for piece in pieces}
    assert [s.text for s in by_page[1].sentences] == ["收入增长。"]
    crossing = by_page[2].sentences[0]
    assert crossing.text == "净利润的下降主要是因为原材料价格上涨以及汇率的不利变动。"
    assert crossing.quote == "因为原材料价格上涨以及汇率的不利变动。"
    assert len(crossing.boxes) == 1


def test_a_sentence_mostly_on_the_first_page_is_quoted_from_there() -> None:
    pieces = made(
        paragraph(1, "Net profit fell mainly because raw materials cost more and"), paragraph(2, "prices fell. Good.")
    )
    first = next(piece for piece in pieces if piece.page == 1).sentences[0]
    assert first.text == "Net profit fell mainly because raw materials cost more and prices fell."
    assert first.quote == "Net profit fell mainly because raw materials cost more and"
    assert [piece.text for piece in pieces if piece.page == 2] == ["Good."]


def test_a_finished_paragraph_does_not_run_into_the_next_page() -> None:
    pieces = made(paragraph(1, "收入增长。"), paragraph(2, "成本下降。"))
    assert [(piece.page, piece.text) for piece in pieces] == [(1, "收入增长。"), (2, "成本下降。")]


def test_a_long_paragraph_is_cut_between_sentences_into_even_pieces() -> None:
    pieces = made(paragraph(1, *["Sales of all segments rose by a tenth in the half year."] * 20), longest=40)
    assert [len(piece.sentences) for piece in pieces] == [3, 3, 3, 3, 3, 3, 2]


def test_a_sentence_beyond_the_limit_stays_whole() -> None:
    long = "Sales " + "and costs " * 60 + "rose."
    assert [piece.text for piece in made(paragraph(1, long), longest=40)] == [long]


def test_a_small_paragraph_goes_with_its_neighbour_but_not_over_a_page_or_into_a_table() -> None:
    lines = (line("甲 1"), line("乙 2"))
    rows = tuple(Row(tuple(line.text.split()), line.box) for line in lines)
    table = Block(BlockKind.TABLE, lines, 1, title="图 1", table=Table(rows, title="图 1"))
    pieces = made(paragraph(1, "Dear holders,"), paragraph(1, "Sales rose."), table, paragraph(2, "The end."))
    assert [(c.page, c.kind, c.text) for c in pieces] == [
        (1, BlockKind.PARAGRAPH, "Dear holders, Sales rose."),
        (1, BlockKind.TABLE, "甲 | 1\n乙 | 2"),
        (2, BlockKind.PARAGRAPH, "The end."),
    ]
    assert pieces[1].context == "doc › Top › Part › 图 1"
    assert [s.quote for s in pieces[1].sentences] == ["甲 | 1", "乙 | 2"]
    assert pieces[0].section == "Top › Part"


def test_an_empty_report_has_no_chunks() -> None:
    assert chunk([], counts, LONGEST, "doc") == []

"""PDF files to pages and blocks, on the sample reports and on small PDFs made for one point each."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from pdf_files import encrypted_pdf, image_pdf, make_pdf

from index.errors import ReadError
from index.reading import read
from index.sections import block_text
from index.text import clean, fold
from index.types import Block, BlockKind, Report

SAMPLES = Path(__file__).parents[2] / "eval" / "data"
ENGLISH, CHINESE = SAMPLES / "en_annual_report.pdf", SAMPLES / "zh_storage_weekly.pdf"
both = pytest.mark.parametrize("path", [ENGLISH, CHINESE], ids=lambda path: path.stem)


@cache
def report(path) -> Report:
    return read(path)


def blocks(report: Report, kind: BlockKind, page: int | None = None) -> list[Block]:
    return [b for p in report.pages if page in {None, p.number} for b in p.blocks if b.kind is kind]


def texts(report: Report, kind: BlockKind, page: int | None = None) -> list[str]:
    return [block_text(block) for block in blocks(report, kind, page)]


def test_the_title_and_the_language_are_found() -> None:
    assert (report(CHINESE).title, report(CHINESE).language) == ("大储招标放量，逆变器出海提速", "zh")
    assert (report(ENGLISH).title, report(ENGLISH).language) == ("Halcyra Water Systems, Inc. 2025 Annual Report", "en")


@both
def test_every_line_of_a_page_stands_in_one_block(path) -> None:
    document = pypdfium2.PdfDocument(path)
    for page in report(path).pages:
        printed = fold(clean(document[page.number - 1].get_textpage().get_text_range()))
        kept = [line for block in page.blocks for line in block.lines]
        assert len(kept) == len(set(kept))
        assert abs(sum(len(fold(line.text)) for line in kept) - len(printed)) <= 0.02 * len(printed)


@both
def test_boxes_lie_on_the_page_and_follow_its_lines_downwards(path) -> None:
    for page in report(path).pages:
        for block in page.blocks:
            for line in block.lines:
                assert 0 <= line.box.x0 < line.box.x1 <= page.width
                assert 0 <= line.box.top < line.box.bottom <= page.height
            for above, below in pairwise(block.lines if block.kind is BlockKind.PARAGRAPH else ()):
                if above.size > 7 and len(above.cells) == 1:  # chart labels stand where the marks are
                    assert below.box.top > above.box.top or below.box.x0 > above.box.x1


def test_headers_footers_and_page_numbers_run() -> None:
    for number in range(2, 10):
        assert len(texts(report(ENGLISH), BlockKind.RUNNING, number)) == 1
        footer = texts(report(ENGLISH), BlockKind.RUNNING, number)[0]
        assert "Fiscal year ended June 30, 2025 | Page" in footer
        assert footer.startswith("Halcyra Water Systems, Inc. 2025 Annual Report")
    for number in range(1, 9):
        assert "敬请参阅末页之特别声明" in texts(report(CHINESE), BlockKind.RUNNING, number)[0]


@both
def test_nothing_that_runs_is_left_in_the_text(path) -> None:
    kinds = [kind for kind in BlockKind if kind is not BlockKind.RUNNING]
    rest = [text for kind in kinds for page in range(2, 9) for text in texts(report(path), kind, page)]
    assert not [text for text in rest if "| Page" in text or "末页之特别声明" in text or "储能行业周报（2026" in text]


def test_the_contents_page_is_known_and_holds_no_headings() -> None:
    for path, page in ((ENGLISH, 3), (CHINESE, 2)):
        assert [p.page for p in blocks(report(path), BlockKind.CONTENTS)] == [page]
        end = blocks(report(path), BlockKind.CONTENTS)[0].lines[-1].box.bottom
        assert all(b.lines[0].box.top > end for b in blocks(report(path), BlockKind.HEADING, page))


def test_chinese_headings_are_found_with_their_depths() -> None:
    found = [(block_text(b), b.level) for page in (4, 5, 6) for b in blocks(report(CHINESE), BlockKind.HEADING, page)]
    assert found == [
        ("二、行业数据跟踪", 2),
        ("（一）招标与中标", 3),
        ("（二）装机", 3),
        ("（三）逆变器出口", 3),
        ("（四）产业链价格", 3),
        ("三、本周行情", 2),
        ("四、重点公司与行业动态", 2),
        ("4.1 公司公告", 3),
        ("曜川能源（900271.YL）", 4),
        ("澜栖储能（900318.YL）", 4),
        ("栎野电气（900455.YL）", 4),
        ("禾渡新材（900162.YL）", 4),
        ("峤石锂业（900087.YL）", 4),
        ("4.2 行业新闻", 3),
    ]


def test_english_headings_are_found_and_those_of_two_lines_joined() -> None:
    found = [(block_text(b), b.level) for page in (4, 5) for b in blocks(report(ENGLISH), BlockKind.HEADING, page)]
    assert found == [
        ("Item 1. Business", 2),
        ("1.1 Overview", 3),
        ("1.2 Segments", 3),
        ("1.3 Customers and Backlog", 3),
        ("1.4 Competition and Raw Materials", 3),
        ("1.5 Research and Development", 3),
        ("1.6 Human Capital", 3),
        ("Item 1A. Risk Factors", 2),
        ("Demand for our products depends on public budgets", 3),
        ("We depend on a small number of suppliers", 3),
        ("Prices of brass and resin may rise", 3),
        ("Cyber attacks could interrupt our services", 3),
        ("Restructuring may not deliver the expected savings", 3),
        ("We may not be able to keep skilled people", 3),
        ("Currency movements affect our results", 3),
        ("Our debt limits our flexibility", 3),
        ("Environmental rules may become stricter", 3),
        ("Item 2. Properties", 2),
        ("Item 3. Legal Proceedings", 2),
    ]


def test_tables_keep_their_cells_and_their_title() -> None:
    table = blocks(report(CHINESE), BlockKind.TABLE, 5)[0]
    assert table.title == "图表 8：2026 年 1—2 月逆变器出口额分区域"
    assert table.table.header == ("地区", "出口额（亿元）", "占比", "同比")
    assert [row.cells for row in table.table.rows[:2]] == [
        ("欧洲", "31.5", "36.5%", "+12.6%"),
        ("中东及非洲", "19.8", "23.0%", "+58.9%"),
    ]
    income = blocks(report(ENGLISH), BlockKind.TABLE, 7)[1]
    assert ("Gross profit", "486.5", "441.0", "391.9") in [row.cells for row in income.table.rows]
    assert len({row.cells[0] for row in income.table.rows}) == len(income.table.rows) > 5


def test_captions_and_sources_are_told_from_text() -> None:
    captions = texts(report(CHINESE), BlockKind.CAPTION)
    named = {text.split("：")[0] for text in (*captions, *texts(report(CHINESE), BlockKind.CHART))}
    assert {f"图表 {n}" for n in range(1, 12)} <= named
    assert "来源：汐港口岸统计中心，云岚证券研究所" in captions
    assert [c[:9] for c in texts(report(ENGLISH), BlockKind.CAPTION)] == ["Figure 1.", "Figure 2."]


def test_two_columns_are_read_one_after_the_other() -> None:
    suppliers = next(t for t in texts(report(ENGLISH), BlockKind.PARAGRAPH, 5) if t.startswith("Radio chips"))
    assert suppliers.endswith("expose us to contractual penalties.")
    assert "tender" not in suppliers


def test_a_word_broken_at_a_line_end_is_whole_again(tmp_path) -> None:
    path = make_pdf(
        tmp_path / "hyphens.pdf",
        "#set page(width: 320pt)\n#set text(size: 11pt, hyphenate: true)\n#set par(justify: true)\n"
        + "Institutional shareholders acknowledged extraordinary infrastructure expenditures notwithstanding "
        "unfavourable macroeconomic circumstances internationally. " * 3,
    )
    printed = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
    assert "\ufffe" in printed or "-\r\n" in printed  # the page does break words
    (text,) = texts(read(path), BlockKind.PARAGRAPH)
    assert set(text.split()) == set(
        "Institutional shareholders acknowledged extraordinary infrastructure expenditures notwithstanding "
        "unfavourable macroeconomic circumstances internationally.".split()
    )


def test_a_heading_may_be_told_by_the_outline_alone(tmp_path) -> None:
    path = make_pdf(
        tmp_path / "outline.pdf",
        "#show heading: it => block(above: 3em, below: 3em, text(size: 11pt, weight: 400, it.body))\n"
        "= Liquidity outlook\n" + "Cash stayed at the level of the year before. " * 20 + "\n\n= Dividend policy\n"
        "The board pays a third of the profit out.",
    )
    assert texts(read(path), BlockKind.HEADING) == ["Liquidity outlook", "Dividend policy"]


def test_a_short_report_has_no_false_running_lines(tmp_path) -> None:
    path = make_pdf(
        tmp_path / "short.pdf", "= Update\nSales rose by a tenth.\n#pagebreak()\n= Outlook\nSales will rise again."
    )
    assert not blocks(read(path), BlockKind.RUNNING)
    assert texts(read(path), BlockKind.PARAGRAPH) == ["Sales rose by a tenth.", "Sales will rise again."]


def test_reading_reports_its_progress_page_by_page() -> None:
    seen: list[tuple[int, int]] = []
    read(CHINESE, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(n, 8) for n in range(1, 9)]


def test_too_long_or_too_large_a_report_names_the_setting() -> None:
    with pytest.raises(ReadError, match=r"8 pages; the limit is 7.*max_pages"):
        read(CHINESE, max_pages=7)
    with pytest.raises(ReadError, match="max_file_mb"):
        read(CHINESE, max_bytes=1000)


def test_a_pdf_in_disguise_or_behind_a_password_or_of_pictures_is_told(tmp_path) -> None:
    disguised = tmp_path / "note.pdf"
    disguised.write_text("Net sales rose.")
    for path, problem in (
        (disguised, r"note\.pdf is not a PDF"),
        (encrypted_pdf(tmp_path / "secret.pdf"), r"secret\.pdf is encrypted.*password"),
        (image_pdf(tmp_path / "scan.pdf"), r"scan\.pdf has no text.*OCR.*pictures"),
    ):
        with pytest.raises(ReadError, match=problem):
            read(path)


@pytest.mark.parametrize("kept", [0.02, 0.5, 0.95])
def test_a_truncated_pdf_is_damaged_or_read_but_never_a_crash(tmp_path, kept) -> None:
    data = CHINESE.read_bytes()
    path = tmp_path / "half.pdf"
    path.write_bytes(data[: int(len(data) * kept)])
    try:
        assert read(path).pages
    except ReadError as error:
        assert "half.pdf" in error.message
        assert error.remedy


def test_the_encrypted_pdf_of_these_tests_is_a_good_one_otherwise(tmp_path) -> None:
    page = pypdfium2.PdfDocument(encrypted_pdf(tmp_path / "secret.pdf"), password="sesame")[0]  # noqa: S106
    assert page.get_textpage().get_text_range() == "Net sales rose 7 percent."

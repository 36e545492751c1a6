"""Text and Markdown files in the encodings and shapes that people have them in."""

import pytest

from index.errors import ReadError
from index.reading import is_report, read
from index.sections import block_text, split
from index.types import BlockKind, Report

CHINESE = (
    "一、行业观点\n二月招标容量为三十八吉瓦时，环比增长三成。\n\n二、风险提示\n原材料价格可能上涨，海外政策可能变化。\n"
)


def text_of(report: Report) -> str:
    return "\n".join(block_text(block) for page in report.pages for block in page.blocks)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"])
def test_chinese_text_is_read_in_every_common_encoding(tmp_path, encoding) -> None:
    path = tmp_path / "weekly.txt"
    sample = CHINESE if encoding != "big5" else "第一季營收為三十八億元，較去年同期成長三成，毛利率也有提高。\n" * 5
    path.write_bytes(sample.encode(encoding))
    report = read(path)
    assert report.language == "zh"
    assert sample.splitlines()[1] in text_of(report)


def test_western_text_in_windows_encoding_keeps_its_signs(tmp_path) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes("The company’s café sales rose to £12 million – a record.\n".encode("cp1252") * 4)
    assert "company’s café sales rose to £12 million" in text_of(read(path))


def test_windows_line_ends_and_tabs_do_not_show(tmp_path) -> None:
    path = tmp_path / "note.txt"
    path.write_bytes(b"Sales rose by a tenth in the first half.\r\n\r\nCosts\tfell.\r\n")
    assert "\r" not in text_of(read(path))
    assert "\t" not in text_of(read(path))


def test_numbered_lines_of_plain_text_are_headings(tmp_path) -> None:
    path = tmp_path / "weekly.txt"
    path.write_text(CHINESE, encoding="utf-8")
    assert [section.path for section in split(read(path))] == [("一、行业观点",), ("二、风险提示",)]


def test_markdown_headings_make_the_sections(tmp_path) -> None:
    path = tmp_path / "report.md"
    path.write_text(
        "# Annual review\n\nIntro text.\n\n## Sales\n\nSales rose.\n\n## Costs\n\nCosts fell.\n\n# Outlook\n\nGood.\n"
    )
    assert [section.path for section in split(read(path))] == [
        ("Annual review",),
        ("Annual review", "Sales"),
        ("Annual review", "Costs"),
        ("Outlook",),
    ]
    assert "#" not in text_of(read(path))


def test_a_markdown_table_keeps_its_cells(tmp_path) -> None:
    path = tmp_path / "table.md"
    path.write_text(
        "# Sales\n\n| Segment | 2024 | 2025 |\n| --- | ---: | ---: |\n| Meters | 1.2 | 1.5 |\n| Filters | 3.4 | 3.1 |\n"
    )
    tables = [b for page in read(path).pages for b in page.blocks if b.kind is BlockKind.TABLE]
    assert tables[0].table.header == ("Segment", "2024", "2025")
    assert [row.cells for row in tables[0].table.rows] == [("Meters", "1.2", "1.5"), ("Filters", "3.4", "3.1")]


def test_form_feeds_are_pages_and_without_them_the_file_says_it_has_none(tmp_path) -> None:
    path = tmp_path / "paged.txt"
    path.write_text("Page one text here.\fPage two text here.\fPage three text here.")
    report = read(path)
    assert (len(report.pages), report.paged) == (3, True)
    assert "two" in block_text(report.pages[1].blocks[0])
    path.write_text("A line of text that says little.\n\n" * 300)
    report = read(path)
    assert len(report.pages) > 1
    assert not report.paged


def test_only_known_kinds_are_reports(tmp_path) -> None:
    assert is_report(tmp_path / "A.PDF")
    assert is_report(tmp_path / "a.md")
    assert not is_report(tmp_path / "~$a.pdf")
    assert not is_report(tmp_path / "a.png")
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    with pytest.raises(ReadError, match=r"a\.png is not a kind of report.*\.pdf"):
        read(tmp_path / "a.png")


@pytest.mark.parametrize(
    "data", [b"", b"  \n\n\t ", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"], ids=["none", "white", "bom", "bom+"]
)
def test_an_empty_file_is_told(tmp_path, data) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=r"empty\.txt is (empty|not text)"):
        read(path)


def test_bytes_that_are_no_text_and_a_pdf_in_disguise_are_told(tmp_path) -> None:
    path = tmp_path / "data.txt"
    path.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(ReadError, match=r"data\.txt is not text"):
        read(path)
    path.write_bytes(b"%PDF-1.7\n...")
    with pytest.raises(ReadError, match=r"is a PDF although.*\.pdf"):
        read(path)


def test_a_file_that_is_not_there_is_told(tmp_path) -> None:
    with pytest.raises(ReadError, match=r"missing\.txt cannot be opened: No such file"):
        read(tmp_path / "missing.txt")

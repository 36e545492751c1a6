"""HTML, Markdown and text files: what is the page's own text, tables, pages, encodings."""

import pytest
from office_files import blocks, on_pages, rows, tables, texts

from index.reading import read
from index.sections import split
from index.types import BlockKind, Report

LONG = "The mill kept its share of the market, and orders from abroad made up for a slow spring. "


def saved(folder, text: str | bytes, name: str) -> Report:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path)


def test_a_web_page_reads_without_what_surrounds_its_text(tmp_path) -> None:
    report = saved(
        tmp_path,
        """<!DOCTYPE html><html><head><title>Mills | Site</title><style>p {color: red}</style></head><body>
        <nav><a href="/">Home</a></nav><script>var x = "words";</script>
        <h1>Harbour <em>Mills</em></h1><p>Sales<br>rose.</p><div>Costs <b>fell</b> by <span>two</span> percent.
        <p>In a division.</p>Loose end.</div><ul><li>Flour<li>Feed</ul><ol start="3"><li>Buy</li></ol>
        <p style="display:none">unseen</p><h2>Outlook</h2><blockquote>Better days.</blockquote>
        <footer>All rights kept</footer></body></html>""",
        "page.html",
    )
    assert texts(report) == [
        "Harbour Mills", "Sales rose.", "Costs fell by two percent.", "In a division.", "Loose end.", "• Flour",
        "• Feed", "3. Buy", "Outlook", "Better days.", "All rights kept",
    ]  # fmt: skip
    assert texts(report, BlockKind.RUNNING) == ["All rights kept"]
    assert report.title == "Harbour Mills"
    assert split(report)[-1].path[-1] == "Outlook"


def test_html_tables_fill_spans_join_split_figures_and_skip_layout(tmp_path) -> None:
    report = saved(
        tmp_path,
        """<table><tr><td><p>A frame.</p><table><caption>Table 1: Sales</caption>
        <tr><th rowspan=2>Line</th><th colspan=4>2025</th></tr><tr><th colspan=2>Plan</th><th colspan=2>Actual</th></tr>
        <tr><td>Flour</td><td>$</td><td>1.2</td><td>$</td><td>(1.4</td><td>)</td></tr>
        <tr><td rowspan="2">Feed</td><td></td><td>3</td><td></td><td>12.5</td><td>%</td></tr>
        <tr><td></td><td>4</td><td></td><td>5</td></tr></table></td></tr></table>""",
        "table.htm",
    )
    [table] = tables(report)
    assert table.header[:3] == ("Line", "2025 Plan", "2025 Actual")
    assert [row[:3] for row in rows(table)] == [
        ("Flour", "$1.2", "$(1.4)"),
        ("Feed", "3", "12.5%"),
        ("Feed", "4", "5"),
    ]
    assert table.title == "Table 1: Sales"
    assert texts(report, BlockKind.PARAGRAPH) == ["A frame."]


def test_html_pages_are_print_breaks_or_stretches_that_end_at_headings(tmp_path) -> None:
    page = '<p>{}</p><hr style="page-break-after:always">'
    report = saved(tmp_path, page.format("One.") + page.format("Two.") + "<p>Three.</p>", "filing.htm")
    assert (on_pages(report), report.paged) == ([["One."], ["Two."], ["Three."]], True)
    chapters = "".join(f"<h2>Chapter {n}</h2><p>{LONG * 12}</p><p>{LONG * 12}</p>" for n in range(3))
    report = saved(tmp_path, chapters, "long.html")
    assert not report.paged
    assert [page[0] for page in on_pages(report)] == ["Chapter 0", "Chapter 1", "Chapter 2"]


@pytest.mark.parametrize(
    ("named", "encoding"), [("gb2312", "gb18030"), ("big5", "big5"), ("utf-8", "utf-8"), ("", "utf-8")]
)
def test_html_is_read_in_the_encoding_it_names(tmp_path, named, encoding) -> None:
    text = "麵粉銷售增加，飼料價格下降。" if named == "big5" else "面粉销售增加，饲料价格下降。"
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={named}">' if named else ""
    report = saved(tmp_path, f"<html><head>{meta}</head><body><p>{text}</p></body></html>".encode(encoding), "a.html")
    assert texts(report) == [text]


def test_entities_are_never_expanded_or_fetched_and_deep_nesting_ends(tmp_path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("do not show")
    text = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY y "bomb">]><p>Seen &x; &y; text.</p>'
    assert "do not show" not in " ".join(texts(saved(tmp_path, text, "entity.html")))
    deep = saved(
        tmp_path, "<p>Above.</p>" + "<div>" * 60_000 + "deep" + "</div>" * 60_000 + "<p>Below.</p>", "deep.html"
    )
    assert "Above." in texts(deep)
    assert deep.warnings == ("parts that are nested too deeply were left out",)
    wide = saved(
        tmp_path, "<table><tr><td colspan=99999999 rowspan=99999999>a<td>b</tr><tr><td>1<td>2</table>", "wide.html"
    )
    assert len(wide.pages) == 1


def test_markdown_is_parsed_not_matched(tmp_path) -> None:
    report = saved(
        tmp_path,
        "---\ntitle: Mills in 2025\n---\nHarbour Mills\n=============\n\nSales **rose** by\n"
        "[ten](https://example.org) percent[^1].\n\n"
        "Markets\n-------\n\n- Flour\n- Feed\n\n2. Second\n\n```\n# no heading\ncode\n```\n\n"
        "| Line | Sales |\n|:--|--:|\n| Flour \\| bran | `1.2` |\n| Feed | 3.4 |\n\nSource: own accounts\n\n"
        "<table><tr><th>A</th><th>B</th></tr><tr><td>x</td><td>1</td></tr></table>\n\n[^1]: At fixed prices.\n",
        "report.md",
    )
    assert texts(report, BlockKind.HEADING) == ["Harbour Mills", "Markets"]
    assert [b.level for b in blocks(report, BlockKind.HEADING)] == [1, 2]
    assert texts(report, BlockKind.PARAGRAPH) == [
        "Sales rose by ten percent.", "• Flour", "• Feed", "2. Second", "# no heading code",
    ]  # fmt: skip
    first, second = tables(report)
    assert (first.header, rows(first)) == (("Line", "Sales"), [("Flour | bran", "1.2"), ("Feed", "3.4")])
    assert first.source == "Source: own accounts"
    assert rows(second) == [("x", "1")]
    assert texts(report, BlockKind.FOOTNOTE) == ["At fixed prices."]
    assert report.title == "Mills in 2025"


def test_long_markdown_is_cut_into_stretches_and_form_feeds_are_pages(tmp_path) -> None:
    report = saved(tmp_path, "\n\n".join(f"## Part {n}\n\n{LONG * 20}" for n in range(5)), "long.md")
    assert (len(report.pages), report.paged) == (5, False)
    report = saved(tmp_path, "# One\n\nText.\f# Two\n\nMore.", "paged.md")
    assert (on_pages(report), report.paged) == ([["One", "Text."], ["Two", "More."]], True)


SIMPLIFIED = "面粉厂上半年的销售收入增长了百分之十二，其中出口占三成，饲料业务的毛利率有所下降。\n原料价格仍然偏高。\n"
TRADITIONAL = (
    "麵粉廠上半年的銷售收入成長了百分之十二，其中出口佔三成，飼料業務的毛利率則有所下降。\n原料價格仍然偏高。\n"
)
WESTERN = "The mill’s café in Zürich sold £4 million – “a record”, its manager said, in spite of the naïve plan.\n"


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL, WESTERN], ids=["simplified", "traditional", "western"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "own"])
@pytest.mark.parametrize("times", [1, 40], ids=["short", "long"])
def test_text_is_read_in_the_encoding_it_was_written_in(tmp_path, text, encoding, times) -> None:
    own = {SIMPLIFIED: "gb18030", TRADITIONAL: "big5", WESTERN: "cp1252"}[text]
    report = saved(tmp_path, (text * times).encode(own if encoding == "own" else encoding), "note.txt")
    assert text.splitlines()[0] in " ".join(texts(report))
    assert report.warnings == ()


def test_a_few_words_are_enough_to_tell_chinese_encodings(tmp_path) -> None:
    assert texts(saved(tmp_path, "面粉销售增长三成".encode("gb18030"), "a.txt")) == ["面粉销售增长三成"]
    assert texts(saved(tmp_path, "麵粉銷售增長三成".encode("big5"), "b.txt")) == ["麵粉銷售增長三成"]
    assert texts(saved(tmp_path, "Sales at the café".encode("cp1252"), "c.txt")) == ["Sales at the café"]
    mixed = "Sales of the GB200 in Q1 were 12 percent up on 2024, 同比增长".encode("gb18030")
    assert texts(saved(tmp_path, mixed, "d.txt")) == ["Sales of the GB200 in Q1 were 12 percent up on 2024, 同比增长"]


def test_a_broken_byte_does_not_change_the_encoding_and_is_told(tmp_path) -> None:
    for encoding, text in (("utf-8", SIMPLIFIED), ("gb18030", SIMPLIFIED)):
        data = bytearray((text * 20).encode(encoding))
        data[300] = 0xFF
        report = saved(tmp_path, bytes(data), "broken.txt")
        assert "原料价格仍然偏高。" in " ".join(texts(report))
        assert report.warnings == ("some characters could not be read",)


def test_long_text_without_any_break_is_still_cut_into_pages(tmp_path) -> None:
    report = saved(tmp_path, LONG * 300, "one line.txt")
    assert 6 <= len(report.pages) <= 10
    report = saved(tmp_path, (LONG + "\n") * 300, "no empty line.txt")
    assert 6 <= len(report.pages) <= 10
    assert not report.paged

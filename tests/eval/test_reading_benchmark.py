"""The reading benchmark: truth made from plain files, and what its measures count as right and wrong."""

import json
import re

import pytest

from eval.benchmarks import reading
from eval.benchmarks import reading_truth as truth
from eval.benchmarks.reading_page import PageCheck, Score
from index.types import Block, BlockKind, Box, Cell, Line, Page, Report, Row, Section, Table

PLAIN = """\
= page 3: what a page can hold
R Weekly report | 3
H1 One heading on
H+ two lines
h2? Servers
P Servers: the first line of a para-
+ graph and its second
P A paragraph of its own
C Table 1: Sales
T unruled
u (in millions)
:  | 2024 | 2025
| Net sales | $1.0 | 2.0
| *Asia | | 4.0
S Source: the company
K Contents ......... 4
F 1 A footnote
D Nobody is liable
"""
BOX = Box(0.0, 0.0, 1.0, 1.0)
HEX = re.compile(r"\*?\d+:[0-9a-f]{12}")


def plain(folder, text=PLAIN, name="report"):
    path = folder / f"{name}.txt"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def page(tmp_path):
    return truth.parse(plain(tmp_path)).pages[0]


def line(text):
    return Line(text, BOX, 10.0, cells=tuple(Cell(piece, BOX) for piece in text.split(" | ")))


def block(kind, *texts, level=0, table=None):
    return Block(kind, tuple(map(line, texts)), 3, level, table=table)


def taken(page, *blocks):
    """The check of a page that was read as these blocks."""
    report = Report("report.pdf", "", "", "en", (Page(3, 600.0, 800.0, blocks),))
    check = PageCheck("report.pdf:3", page, report, reading.split(report), ())
    check.take()
    return check


def test_a_plain_file_says_headings_joins_tables_and_what_is_set_aside(page):
    assert [(heading.depth, heading.optional) for heading in page.headings] == [(1, False), (2, True)]
    assert page.headings[0].key == truth.key("one heading ON two lines")
    assert page.headings[1].key == truth.key("Servers")
    assert [end.joined for end in page.line_ends] == [True, False, True, False, False, False, False]
    around = truth.key("t line of a paragraph and its s")  # 12 characters on each side, the hyphen gone
    assert page.line_ends[2].key == around
    (table,) = page.tables
    assert table.header == ("", truth.key("2024"), truth.key("2025"))
    assert table.rows[1] == (f"*{truth.key('Asia')}", "", truth.key("4.0"))
    assert (table.titles, table.units) == ((truth.key("Table 1: Sales"),), (truth.key("in millions"),))
    assert [aside.kind for aside in page.aside] == ["R", "K"]
    assert page.aside[1].whole == truth.aside_key("Contents 4")
    assert len(page.disclaimers) == len(page.footnotes) == 1


def test_digests_hold_the_same_truth_and_none_of_the_text(tmp_path, capsys):
    source = plain(tmp_path)
    assert truth.main([str(source), "--out", str(tmp_path)]) == 0
    written = (tmp_path / "report.json").read_text("utf-8")
    source.unlink()
    assert truth.load(tmp_path) == (truth.parse(plain(tmp_path)),)
    for word in ("heading", "Servers", "Asia", "2024", "sales", "liable"):
        assert word not in json.loads(written)["pages"][0].__repr__().replace("'headings'", "")


def test_a_line_without_a_known_mark_is_refused_with_its_number(tmp_path):
    with pytest.raises(truth.TruthError, match="line 2"):
        truth.parse(plain(tmp_path, "= page 1: x\nX what is this\n"))


def test_a_row_without_a_table_is_refused(tmp_path):
    with pytest.raises(truth.TruthError, match="nothing above it"):
        truth.parse(plain(tmp_path, "= page 1: x\n| a | 1\n"))


def test_headings_count_by_text_and_optional_ones_neither_way(page):
    right = taken(page, block(BlockKind.HEADING, "One heading on", "two lines", level=4))
    assert right.scores["headings"] == Score(right=1, expected=1, given=1)
    both = taken(
        page,
        block(BlockKind.HEADING, "One heading on", "two lines", level=4),
        block(BlockKind.HEADING, "Servers:", level=4),
        block(BlockKind.HEADING, "2024", level=5),
    )
    assert both.scores["headings"] == Score(right=1, expected=1, given=2)
    assert "not a heading" in {miss.what for miss in both.misses}


def test_depths_count_relative_to_each_other(tmp_path):
    page = truth.parse(plain(tmp_path, "= page 3: x\nH1 Above\nH2 Below\nH2 Beside\n")).pages[0]
    levels = {"Above": 4, "Below": 6, "Beside": 6}
    right = taken(page, *(block(BlockKind.HEADING, name, level=level) for name, level in levels.items()))
    assert right.scores["depths"] == Score(right=3, expected=3, given=3)
    flat = taken(page, *(block(BlockKind.HEADING, name, level=2) for name in levels))
    assert flat.scores["depths"] == Score(right=1, expected=3, given=3)


def test_a_run_in_head_counts_when_it_stands_in_the_path_of_its_text(tmp_path):
    page = truth.parse(plain(tmp_path, "= page 3: x\nh1 Taxes\nP Taxes: What we pay.\n")).pages[0]
    body = block(BlockKind.PARAGRAPH, "Taxes: What we pay.")
    report = Report("report.pdf", "", "", "en", (Page(3, 600.0, 800.0, (body,)),))
    for path, right in ((("Taxes",), 1), ((), 0)):
        check = PageCheck("report.pdf:3", page, report, [Section(path, (body,))], ())
        check.take()
        assert check.scores["headings"] == Score(right=right, expected=1, given=right)


def test_a_broken_heading_is_missed(page):
    broken = taken(page, block(BlockKind.HEADING, "One heading on"), block(BlockKind.HEADING, "two lines"))
    assert broken.scores["headings"] == Score(right=0, expected=1, given=2)


def test_line_ends_are_right_when_joined_as_in_the_truth(page):
    good = taken(page, block(BlockKind.PARAGRAPH, "Servers: the first line of a para-", "graph and its second"))
    assert good.scores["joins"].right == 1
    assert good.scores["breaks"] == Score(right=5, expected=5, given=5)
    apart = taken(page, block(BlockKind.PARAGRAPH, "Servers: the first line of a para-"))
    assert apart.scores["joins"].right == 0
    glued = taken(page, block(BlockKind.PARAGRAPH, "graph and its second", "A paragraph of its own"))
    assert glued.scores["breaks"].right == 4


def table_block(*rows, header=("", "2024", "2025"), **facts):
    cells = tuple(Row(row, BOX) for row in rows)
    return block(BlockKind.TABLE, "x", table=Table(cells, header, **facts))


def test_a_cell_counts_in_its_row_and_column_only(page):
    sales, asia = ("Net sales", "$ 1.0", "2.0"), ("Asia", "", "4.0")
    whole = taken(
        page, table_block(sales, asia, title="Table 1: Sales", unit="In millions", source="Source: the company")
    )
    assert whole.scores["unruled cells"] == Score(right=6, expected=6, given=6)
    assert whole.scores["table facts"] == Score(right=3, expected=3, given=3)
    shifted = taken(page, table_block(("Net sales", "", "2.0"), ("Asia", "4.0", "")))
    assert shifted.scores["unruled cells"] == Score(right=4, expected=6, given=5)
    spaced = taken(
        page, table_block((*sales[:1], "", *sales[1:]), (*asia[:1], "", *asia[1:]), header=("", "", "2024", "2025"))
    )
    assert spaced.scores["unruled cells"] == Score(right=6, expected=6, given=6)
    headless = taken(page, table_block(("", "2024", "2025"), sales, asia, header=()))
    assert headless.scores["unruled cells"] == Score(right=4, expected=6, given=6)


def test_a_table_that_is_none_costs_precision(page):
    check = taken(page, table_block(("Nobody", "is"), ("liable", "here"), header=()))
    assert check.scores["unruled cells"].given == 4
    assert check.scores["unruled cells"].right == 0


def test_body_text_set_aside_costs_precision_and_what_is_left_costs_recall(page):
    check = taken(page, block(BlockKind.RUNNING, "Weekly report | 3", "A paragraph of its own"))
    assert check.scores["set aside"] == Score(right=1, expected=2, given=2)
    both = taken(page, block(BlockKind.RUNNING, "Weekly report | 3"), block(BlockKind.CONTENTS, "Contents . . . . . 4"))
    assert both.scores["set aside"] == Score(right=2, expected=2, given=2)


def test_published_truth_of_other_peoples_reports_is_digests_only():
    files = sorted(truth.DATA.glob("*.json"))
    assert len(files) >= 8
    for path in files:
        for one in json.loads(path.read_text("utf-8"))["pages"]:
            about = one.pop("about")
            assert about.isascii()
            assert [text for text in strings(one) if not HEX.fullmatch(text) and text not in {"", "R", "K", "W"}] == []


def strings(value):
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in strings(one)]


def test_the_samples_are_measured_and_missing_reports_named(tmp_path, capsys):
    own = [one for one in truth.load() if (reading.ROOT / "eval" / "data" / one.report).is_file()]
    gone = truth.ReportTruth(report="gone.pdf", pages=())
    result, misses = reading.measure([*own, gone], [reading.ROOT / "eval" / "data"])
    assert result.skipped == ("gone.pdf",)
    assert len(result.pages) == 5
    assert sum(result.running_in_chunks.values()) == 0
    assert result.running_lines >= 3 * 17 - 4  # header, footer and number of 17 pages, the cover aside
    assert result.total["set aside"].recall == 1.0
    assert all(miss.page.split(":")[0] in result.running_in_chunks for miss in misses)


def test_the_command_prints_and_writes_the_figures_of_chosen_pages(tmp_path, capsys):
    out = tmp_path / "figures.json"
    assert reading.main(["--page", "zh_storage_weekly:2", "--misses", "--out", str(out)]) == 0
    assert "1 pages checked" in capsys.readouterr().out
    assert list(json.loads(out.read_text("utf-8"))["pages"]) == ["zh_storage_weekly.pdf:2"]


def test_truth_covers_every_report_with_text(shared):
    names = {path.name for path in (shared / "reports").glob("*.pdf")} - {"zh_telecom_weekly_2025w18_scan.pdf"}
    pages = {one.report: len(one.pages) for one in truth.load() if one.report in names}
    assert set(pages) == names
    assert sum(pages.values()) >= 12


def test_no_running_line_of_the_telecom_weekly_is_in_a_chunk(shared):
    result, _ = reading.measure(truth.load(), [shared / "reports"], ["zh_telecom_weekly"])
    assert result.running_lines == 56  # two pieces at the top and two at the bottom of 14 pages
    assert result.running_in_chunks == {"zh_telecom_weekly_2025w18.pdf": 0}

"""Tables of PDF pages: rules, columns, headers, titles, what goes on over a page, and what is no table."""

from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from pdf_files import make_pdf

from index.chunks import chunk
from index.reading import read
from index.reading.characters import sheet
from index.reading.rows import Piece
from index.reading.sheet import Rule
from index.reading.tables import find_tables, gather
from index.sections import split
from index.table_text import row_sentences, table_about
from index.types import BlockKind, Box, Cell, Chunk, Line, Report, Row, Table

SAMPLES = Path(__file__).parents[2] / "eval" / "data"
PLAIN = "#set page(width: 560pt, height: 420pt, margin: 40pt)\n#set text(size: 9pt)\n"


@cache
def sample(name: str) -> Report:
    return read(SAMPLES / f"{name}.pdf")


def tables(report: Report) -> list[Table]:
    return [block.table for page in report.pages for block in page.blocks if block.table]


def made(tmp_path: Path, source: str) -> list[Table]:
    return tables(read(make_pdf(tmp_path / "made.pdf", PLAIN + source)))


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def line(top: float, *pieces: tuple[str, float, float]) -> Line:
    """A line 10 points high at ``top`` with pieces of (text, left, right)."""
    parts = tuple(Cell(text, Box(x0, top, x1, top + 10)) for text, x0, x1 in pieces)
    box = Box(parts[0].box.x0, top, parts[-1].box.x1, top + 10)
    return Line(" ".join(text for text, _, _ in pieces), box, 9.0, False, parts)


def across(top: float, x0: float, x1: float) -> Rule:
    return Rule(Box(x0, top, x1, top), horizontal=True)


def test_merged_headers_are_repeated_over_their_columns_and_levels_joined(tmp_path) -> None:
    (table,) = made(
        tmp_path,
        """#table(columns: 4, align: (left, right, right, right),
        table.cell(rowspan: 2)[Metric], table.cell(colspan: 2)[Half year], table.cell(rowspan: 2)[Change],
        [2025], [2024],
        [Sales], [10.1], [9.0], [12%], [Cost of goods], [(5.0)], [—], [n/m])""",
    )
    assert table.ruled
    assert table.header == ("Metric", "Half year 2025", "Half year 2024", "Change")
    assert cells(table) == [("Sales", "10.1", "9.0", "12%"), ("Cost of goods", "(5.0)", "—", "n/m")]


def test_a_cell_over_several_rows_is_the_group_of_those_below_its_first(tmp_path) -> None:
    (table,) = made(
        tmp_path,
        """#table(columns: 3, [Region], [Country], [Growth], table.cell(rowspan: 2)[Europe], [France], [1.0],
        [Italy], [0.7], [World], [], [2.9])""",
    )
    assert cells(table) == [("Europe", "France", "1.0"), ("", "Italy", "0.7"), ("World", "", "2.9")]
    assert [row.group for row in table.rows] == ["", "Europe", ""]


def test_narrow_columns_are_parted_by_the_rule_between_them(tmp_path) -> None:
    (table,) = made(
        tmp_path,
        """#table(columns: (60pt, 24pt, 24pt), inset: (x: 1pt, y: 4pt), align: (left, right, left),
        [Site], [Old], [New], [Port], [1,234], [5,678], [Bay], [2,345], [6,789])""",
    )
    assert cells(table) == [("Port", "1,234", "5,678"), ("Bay", "2,345", "6,789")]


def test_a_text_wrapped_in_a_ruled_cell_is_one_cell(tmp_path) -> None:
    (table,) = made(
        tmp_path,
        """#table(columns: (70pt, 60pt, 60pt), [Item], [Before], [After],
        [Depreciation of rented meters], [3.2], [2.8], [Interest], [1.0], [0.9])""",
    )
    assert cells(table)[0] == ("Depreciation of rented meters", "3.2", "2.8")


def test_signs_split_from_figures_belong_to_them(tmp_path) -> None:
    (table,) = made(
        tmp_path,
        """#let sides = (left, left, right, left, left, right)
        #table(columns: (150pt, 10pt, 40pt, 20pt, 10pt, 40pt), stroke: none, align: sides,
        [], [], [2025], [], [], [2024], table.hline(),
        [Net sales], [\\$], [1,247.4], [], [\\$], [1,163.6],
        [Margin], [], [23.9], [%], [], [24.3 %],
        [Restructuring], [], [(12.7], [)], [], [—])""",
    )
    assert table.header == ("", "2025", "2024")
    assert [[c.replace(" ", "") for c in row] for row in cells(table)] == [
        ["Netsales", "$1,247.4", "$1,163.6"],
        ["Margin", "23.9%", "24.3%"],
        ["Restructuring", "(12.7)", "—"],
    ]


def test_rows_stand_under_their_sub_heading_until_the_indent_ends(tmp_path) -> None:
    (table,) = made(
        tmp_path,
        """#table(columns: (200pt, 60pt, 60pt), stroke: none, align: (left, right, right), inset: 3pt,
        [], [2025], [2024], table.hline(),
        [Revenues], [], [], [#h(10pt)Rooms], [9], [8], [#h(10pt)Food], [7], [6], [], [16], [14],
        [Expenses], [], [], [#h(10pt)Rooms], [5], [4], [Net income], [11], [10])""",
    )
    assert [(row.cells[0], row.group) for row in table.rows] == [
        ("Revenues", ""),
        ("Rooms", "Revenues"),
        ("Food", "Revenues"),
        ("", "Revenues"),
        ("Expenses", ""),
        ("Rooms", "Expenses"),
        ("Net income", ""),
    ]
    assert {len(row.cells) for row in table.rows} == {3}


def test_a_label_over_two_lines_is_one_row(tmp_path) -> None:
    (table,) = made(
        tmp_path,
        """#table(columns: (150pt, 60pt, 60pt), stroke: none, align: (left + bottom, right + bottom, right + bottom),
        [], [2025], [2024], table.hline(),
        [Changes in operating assets and liabilities, excluding acquired businesses], [93], [(272)],
        [Inventories], [248], [(626)], [Trade payables], [(429)], [711])""",
    )
    assert len(table.rows) == 3
    assert table.rows[0].cells == (
        "Changes in operating assets and liabilities, excluding acquired businesses",
        "93",
        "(272)",
    )


def test_a_header_over_two_columns_is_told_by_the_rule_under_it(tmp_path) -> None:
    (table,) = made(
        tmp_path,
        """#table(columns: (150pt, 60pt, 60pt, 60pt, 60pt), stroke: none, align: (left, center, center, center, center),
        [], table.cell(colspan: 2)[Three months], table.cell(colspan: 2)[Six months],
        table.hline(start: 1, end: 3), table.hline(start: 3, end: 5),
        [], [2025], [2024], [2025], [2024], table.hline(),
        [Sales], [10], [9], [21], [19], [Costs], [6], [5], [12], [11])""",
    )
    assert table.header == ("", "Three months 2025", "Three months 2024", "Six months 2025", "Six months 2024")


def test_rows_with_a_rule_under_each_are_a_table_of_words_too(tmp_path) -> None:
    (table,) = made(
        tmp_path,
        """#table(columns: (1fr, 1fr), stroke: none, [Trade], [Outlook], table.hline(), [Meters], [rising],
        table.hline(), [Filters], [steady], table.hline(), [Services], [rising fast], table.hline())""",
    )
    assert table.header == ("Trade", "Outlook")
    assert cells(table) == [("Meters", "rising"), ("Filters", "steady"), ("Services", "rising fast")]


def test_two_tables_side_by_side_are_two(tmp_path) -> None:
    one, two = made(
        tmp_path,
        """#grid(columns: (1fr, 1fr), gutter: 30pt,
        table(columns: 3, stroke: none, align: (left, right, right), [Segment], [2025], [2024], table.hline(),
          [Meters], [612.4], [548.9], [Filters], [438.7], [451.2], [Services], [(12.5)], [—]),
        table(columns: 2, stroke: none, align: (left, right), [Region], [Sales], table.hline(), [Europe], [31.5],
          [Asia], [18.4], [Africa], [19.8]))""",
    )
    assert cells(one)[0] == ("Meters", "612.4", "548.9")
    assert cells(two) == [("Europe", "31.5"), ("Asia", "18.4"), ("Africa", "19.8")]


def test_lines_through_two_grids_are_cut_between_them() -> None:
    def grid(x0: float, x1: float) -> list[Rule]:
        flat = [across(top, x0, x1) for top in (100, 115, 130, 145)]
        return flat + [Rule(Box(x, 100, x, 145), horizontal=False) for x in (x0, (x0 + x1) / 2, x1)]

    rows = [("Item", "2025", "Area", "Sales"), ("Meters", "6.1", "Europe", "3.1"), ("Filters", "4.4", "Asia", "1.8")]
    lines = [
        line(102 + 15 * n, (a, 55, 85), (b, 105, 130), (c, 255, 290), (d, 305, 330))
        for n, (a, b, c, d) in enumerate(rows)
    ]
    rules = [*grid(50, 150), *grid(250, 350)]
    one, two = (found.table for found in find_tables(gather(lines, rules), rules))
    assert (one.header, cells(one)) == (("Item", "2025"), [("Meters", "6.1"), ("Filters", "4.4")])
    assert (two.header, cells(two)) == (("Area", "Sales"), [("Europe", "3.1"), ("Asia", "1.8")])


def test_parts_of_a_row_that_the_file_holds_apart_are_one_row() -> None:
    lines = [
        line(100, ("2025", 210, 230), ("2024", 290, 310)),
        line(115, ("Sales", 50, 80)),
        line(130, ("Costs", 50, 80), ("6.1", 215, 230), ("5.0", 295, 310)),
        line(115, ("10.1", 210, 230), ("9.0", 295, 310)),
    ]
    (found,) = find_tables(lines, [])
    assert cells(found.table) == [("Sales", "10.1", "9.0"), ("Costs", "6.1", "5.0")]


def test_scattered_labels_of_a_chart_are_no_table() -> None:
    axis = [line(100 + 20 * n, (f"{60 - 10 * n}%", 50, 70), (f"{30 - 5 * n}%", 400, 420)) for n in range(6)]
    months = line(225, *((f"{n}月", 60 + 40 * n, 80 + 40 * n) for n in range(1, 8)))
    legend = line(245, ("Meters", 100, 130), ("Filters", 200, 230))
    assert find_tables([*axis, months, legend], []) == []


def test_prose_in_two_columns_and_contacts_are_no_tables(tmp_path) -> None:
    prose = "Sales of meters rose by 12.3% in 2025 and costs fell to \\$4.5 million. " * 8
    contacts = "\n".join(f"Office {n} #h(60pt) Tel: 021-555010{n} #h(60pt) desk{n}\\@example.com\n" for n in range(4))
    assert made(tmp_path, f"#columns(2)[{prose}]\n\n{contacts}") == []


def test_a_table_of_contents_without_leaders_is_no_table() -> None:
    entries = [("Business", 3), ("Risk factors", 9), ("Properties", 17), ("Proceedings", 18), ("Controls", 40)]
    lines = [line(100 + 15 * n, (name, 50, 120), (str(page), 400, 412)) for n, (name, page) in enumerate(entries)]
    assert find_tables(lines, []) == []


def test_shading_of_every_other_row_is_no_grid(tmp_path) -> None:
    (table,) = made(
        tmp_path,
        """#table(columns: (150pt, 60pt, 60pt), stroke: none, align: (left, right, right),
        fill: (x, y) => if calc.odd(y) { rgb("#cceeff") }, [], [2025], [2024],
        [Sales], [10], [9], [Costs], [(6)], [(5)], [Taxes], [(1)], [—], [Income], [3], [4])""",
    )
    assert not table.ruled
    assert cells(table) == [
        ("Sales", "10", "9"), ("Costs", "(6)", "(5)"), ("Taxes", "(1)", "—"), ("Income", "3", "4"),
    ]  # fmt: skip


def test_title_unit_and_source_are_taken_from_around_a_table(tmp_path) -> None:
    (table,) = made(
        tmp_path,
        """#set align(center)
        *Statement of Income* \\ (In millions, except per share data)
        #table(columns: (150pt, 60pt, 60pt), stroke: none, align: (left, right, right), [], [2025], [2024],
        table.hline(), [Sales], [10], [9], [Costs], [6], [5], [Income], [4], [4])
        Source: company filings""",
    )
    assert table.title == "Statement of Income"
    assert table.unit == "In millions, except per share data"
    assert table.source == "Source: company filings"


def test_a_sentence_that_leads_in_names_the_table_and_its_unit(tmp_path) -> None:
    (table,) = made(
        tmp_path,
        """Sales grew. Contract balances were as follows (\\$ in millions):
        #table(columns: (150pt, 60pt, 60pt), stroke: none, align: (left, right, right), [], [2025], [2024],
        table.hline(), [Receivables], [10], [9], [Liabilities], [6], [5])""",
    )
    assert table.title == "Contract balances were as follows ($ in millions):"
    assert table.unit == "$ in millions"


@pytest.mark.parametrize("repeated", [True, False], ids=["header repeated", "header absent"])
def test_a_table_over_a_page_break_keeps_title_unit_and_header(tmp_path, repeated) -> None:
    head = "[], [2025], [2024], table.hline(),"
    rows = ", ".join(f"[Segment {chr(65 + n)}], [{n + 1}.5], [({n}.1)]" for n in range(8))
    one = f"#table(columns: (150pt, 60pt, 60pt), stroke: none, align: (left, right, right), {head} {rows})"
    two = one if repeated else one.replace(head, "")
    first, second = made(
        tmp_path, f"#set align(center)\n*Sales by segment* \\ (In millions)\n{one}\n#pagebreak()\n{two}\n\nThe end."
    )
    assert not first.continued
    assert second.continued
    assert (second.title, second.unit, second.header) == (first.title, first.unit, first.header)
    assert (first.title, first.unit, first.header) == ("Sales by segment", "In millions", ("", "2025", "2024"))


def test_another_table_on_the_next_page_does_not_go_on(tmp_path) -> None:
    table = """#table(columns: (150pt, 60pt, 60pt), stroke: none, align: (left, right, right), [], [2025], [2024],
        table.hline(), [Sales], [10], [9], [Costs], [6], [5])"""
    found = made(tmp_path, f"*Income*\n{table}\n#pagebreak()\n*Cash flows*\n{table}")
    assert [t.continued for t in found] == [False, False]


def test_drawn_lines_are_found_inside_forms_and_white_ones_left_out(tmp_path) -> None:
    path = make_pdf(
        tmp_path / "lines.pdf",
        PLAIN + "#rotate(0deg)[#line(length: 200pt)]\n#line(length: 200pt, stroke: white)\n#rect(width: 90pt)",
    )
    rules = sheet(pypdfium2.PdfDocument(path)[0], 1).rules
    widths = sorted(round(r.box.x1 - r.box.x0) for r in rules if r.horizontal)
    assert [round(width, -1) for width in widths] == [90, 90, 200]
    assert sum(not r.horizontal for r in rules) == 2


@pytest.mark.parametrize("text", ["1,234", "$ (12.5)", "—", "4.3 %", "(0.1%)", "n/m", "4% to 5%", "3.75%-4.0%", "-2.1"])
def test_figures_are_values(text) -> None:
    assert Piece(text, Box(0, 0, 1, 1), 0, 9.0).is_value


@pytest.mark.parametrize("text", ["2025", "28,", "3/25/2023", "2024E", "1Q25", "Level 1", "12 weeks"])
def test_years_dates_and_words_are_no_values(text) -> None:
    assert not Piece(text, Box(0, 0, 1, 1), 0, 9.0).is_value


def test_a_row_reads_alone_with_its_group_and_columns_and_is_quoted_as_printed() -> None:
    box = Box(0, 0, 1, 1)
    rows = (
        Row(("Expenses", "", ""), box),
        Row(("Rooms", "$5.1", "—"), box, "Expenses"),
        Row(("", "16", "14"), box, "Expenses"),
    )
    sentences = row_sentences(Table(rows, ("", "2025", "2024")), 3)
    assert [s.text for s in sentences] == [
        "Expenses",
        "Expenses: Rooms | 2025: $5.1 | 2024: —",
        "Expenses | 2025: 16 | 2024: 14",
    ]
    assert [s.quote for s in sentences] == ["Expenses", "Rooms | $5.1 | —", "16 | 14"]


def test_long_headers_are_not_repeated_in_every_row() -> None:
    shared = "Three months ended June 30, restated for the disposal of discontinued operations"
    header = ("", *(f"{shared} {name}" for name in ("Reported", "Restructuring charges", "Adjusted")))
    (row,) = row_sentences(Table((Row(("Sales", "9", "(1)", "8"), Box(0, 0, 1, 1)),), header), 1)
    assert row.text == "Sales | Reported: 9 | Restructuring charges: (1) | Adjusted: 8"
    assert shared in " ".join(table_about(Table((), header), ()))


def test_every_chunk_of_a_long_table_has_its_title_unit_and_header() -> None:
    pieces = [c for c in chunks("en_annual_report") if c.kind is BlockKind.TABLE and "Statements of Cash" in c.context]
    assert len(pieces) > 1
    assert len({c.context for c in pieces}) == 1
    assert all("In millions; fiscal years ended June 30 › 2025 | 2024 | 2023" in c.context for c in pieces)


def test_a_chart_says_that_its_values_are_in_the_picture() -> None:
    kinds = {BlockKind.CAPTION, BlockKind.CHART}
    captions = [c.text for c in chunks("zh_storage_weekly") if c.kind in kinds]
    assert any("图表 4" in text and "数值见原图" in text for text in captions)
    assert not any("图表 9" in text and "数值见原图" in text for text in captions)  # a table's caption
    english = [c.text for c in chunks("en_annual_report") if c.kind in kinds]
    assert any(text.startswith("Figure 2.") and "the values are in the picture" in text for text in english)


@cache
def chunks(name: str) -> list[Chunk]:
    return chunk(split(sample(name)), lambda texts: [len(text.split()) for text in texts], 40, name)


@pytest.mark.parametrize("name", ["en_annual_report", "zh_storage_weekly"])
def test_every_table_of_the_samples_is_found_with_a_header_and_even_rows(name) -> None:
    found = tables(sample(name))
    assert len(found) == {"en_annual_report": 9, "zh_storage_weekly": 8}[name]
    for table in found:
        assert table.header
        assert {len(row.cells) for row in table.rows} == {len(table.header)}

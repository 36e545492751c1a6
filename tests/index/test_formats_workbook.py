"""Excel files: sheets as pages, cells as they are shown, several tables a sheet."""

import datetime as dt

import pytest
from office_files import blocks, on_pages, repack, rows, tables, texts
from openpyxl import Workbook

from index.errors import ReadError
from index.reading import read
from index.reading.number_format import shown
from index.types import BlockKind, Report


def workbook(folder, fill, name="book.xlsx") -> Report:
    book = Workbook()
    fill(book)
    book.save(folder / name)
    return read(folder / name)


def fill_rows(sheet, content, top: int = 1, left: int = 1) -> None:
    for row, values in enumerate(content, top):
        for column, value in enumerate(values, left):
            if value is not None:
                sheet.cell(row, column, value)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1234567.891, "General", "1234567.891"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.5, "#,##0", "1,234,568"),
        (-1234.5, "#,##0.00;(#,##0.00)", "(1,234.50)"),
        (0, '#,##0;(#,##0);"-"', "-"),
        (0.1256, "0.0%", "12.6%"),
        (1234567, '0.0,,"M"', "1.2M"),
        (5, "[$¥-804]#,##0.00", "¥5.00"),
        (1234.5, '_-"£"* #,##0.00_-', "£1,234.50"),
        (-3, "[Red]-0.0", "--3.0"),
        (-3, "0.0;[Red]-0.0", "-3.0"),
        (1500, "[>=1000]0.0,k;0", "1.5k"),
        (0.00012, "0.00E+00", "1.20E-04"),
        (7, "000", "007"),
        (2.5, "0.##", "2.5"),
        (dt.datetime(2025, 3, 7), "yyyy-mm-dd", "2025-03-07"),
        (dt.datetime(2025, 3, 7), 'yyyy"年"m"月"d"日"', "2025年3月7日"),
        (dt.datetime(2025, 3, 7), "d-mmm-yy", "7-Mar-25"),
        (dt.datetime(2025, 3, 7, 15, 4), "h:mm AM/PM", "3:04 PM"),
        (dt.timedelta(hours=27, minutes=5), "[h]:mm", "27:05"),
        (dt.time(9, 30), "hh:mm", "09:30"),
        (45000.5, "yyyy/m/d h:mm", "2023/3/15 12:00"),
        (True, "General", "TRUE"),
        ("text", "@", "text"),
        (3.0, "General", "3"),
        (12, '0"家"', "12家"),
    ],
)
def test_values_are_shown_through_their_number_formats(value, code, text) -> None:
    assert shown(value, code) == text


def test_cells_read_as_shown_and_the_lines_above_name_the_table(tmp_path) -> None:
    def fill(book) -> None:
        sheet = book.active
        sheet.title = "Sales"
        fill_rows(
            sheet,
            [
                ["Sales by line", None, None],
                ["单位：亿元", None, None],
                ["Line", "Sales", "Share"],
                ["Flour", 1234.5, 0.625],
                ["Feed", -40, 0.375],
                ["Source: own accounts"],
            ],
        )
        for row in (4, 5):
            sheet.cell(row, 2).number_format = "#,##0.0"
            sheet.cell(row, 3).number_format = "0.0%"

    report = workbook(tmp_path, fill)
    [table] = tables(report)
    assert (table.title, table.unit, table.source) == ("Sales by line", "亿元", "Source: own accounts")
    assert (table.header, rows(table)) == (
        ("Line", "Sales", "Share"),
        [("Flour", "1,234.5", "62.5%"), ("Feed", "-40.0", "37.5%")],
    )
    assert texts(report, BlockKind.HEADING) == ["Sales"]


def test_empty_rows_and_columns_part_tables_and_merged_cells_are_filled(tmp_path) -> None:
    def fill(book) -> None:
        sheet = book.active
        fill_rows(sheet, [["Mill", "2024", None], [None, "Plan", "Actual"], ["Weir", 5, 6], ["Lock", 7, 8]])
        sheet.merge_cells("B1:C1")
        sheet.merge_cells("A1:A2")
        fill_rows(sheet, [["Grade", "Price"], ["Fine", 3.5], ["Coarse", 2.5], ["Bran", 1.5]], top=7, left=1)
        fill_rows(sheet, [["Port", "Ships"], ["East", 11], ["West", 12], ["Inner", 13]], top=7, left=4)

    first, second, third = tables(workbook(tmp_path, fill))
    assert (first.header, rows(first)) == (
        ("Mill", "2024 Plan", "2024 Actual"),
        [("Weir", "5", "6"), ("Lock", "7", "8")],
    )
    assert (second.header, rows(second)[0]) == (("Grade", "Price"), ("Fine", "3.5"))
    assert (third.header, rows(third)[2]) == (("Port", "Ships"), ("Inner", "13"))


def test_a_label_merged_over_rows_stands_in_each_of_them(tmp_path) -> None:
    def fill(book) -> None:
        fill_rows(
            book.active, [["Region", "Mill", "Tons"], ["North", "Weir", 5], [None, "Lock", 7], ["South", "Quay", 9]]
        )
        book.active.merge_cells("A2:A3")

    [table] = tables(workbook(tmp_path, fill))
    assert rows(table) == [("North", "Weir", "5"), ("North", "Lock", "7"), ("South", "Quay", "9")]


def test_every_sheet_is_a_page_and_a_long_one_goes_on_with_its_header(tmp_path) -> None:
    def fill(book) -> None:
        fill_rows(book.active, [["Day", "Tons"], *([f"day {n}", n] for n in range(1, 121))])
        book.active.title = "Daily"
        fill_rows(book.create_sheet("Totals"), [["Year", "Tons"], ["2024", 4], ["2025", 5]])

    report = workbook(tmp_path, fill)
    assert [len(table.rows) for table in tables(report)] == [50, 50, 20, 2]
    assert [table.header for table in tables(report)][:3] == [("Day", "Tons")] * 3
    assert [table.continued for table in tables(report)] == [False, True, True, False]
    assert on_pages(report)[3][0] == "Totals"
    assert not report.paged
    assert tables(report)[3].header == ("Year", "Tons")


def test_empty_sheets_are_no_pages(tmp_path) -> None:
    def fill(book) -> None:
        book.active.title = "Cover"
        fill_rows(book.create_sheet("Sales"), [["Line", "Sales"], ["Flour", 2], ["Feed", 3]])
        book.create_sheet("Spare")
        fill_rows(book.create_sheet("Totals"), [["Year", "Tons"], ["2024", 4], ["2025", 5]])

    assert [page[0] for page in on_pages(workbook(tmp_path, fill))] == ["Sales", "Totals"]


def test_hidden_sheets_rows_and_columns_are_left_out_with_a_warning(tmp_path) -> None:
    def fill(book) -> None:
        sheet = book.active
        fill_rows(sheet, [["Line", "Secret", "Sales"], ["Flour", "x", 1], ["Hidden", "x", 2], ["Feed", "x", 3]])
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.row_dimensions.group(4, 4, hidden=True)
        other = book.create_sheet("Backup")
        other["A1"] = "left out"
        other.sheet_state = "hidden"

    report = workbook(tmp_path, fill)
    [table] = tables(report)
    assert (table.header, rows(table)) == (("Line", "Sales"), [("Flour", "1"), ("Feed", "3")])
    assert any("hidden sheets were left out: Backup" in warning for warning in report.warnings)
    assert any("hidden rows or columns" in warning for warning in report.warnings)
    assert report.paged


def test_formulas_read_by_their_saved_values_and_unsaved_ones_are_told(tmp_path) -> None:
    def fill(book) -> None:
        fill_rows(book.active, [["Line", "Sales"], ["Flour", 2], ["Feed", 3], ["All", "=SUM(B2:B3)"]])

    report = workbook(tmp_path, fill)
    assert any("1 formulas have no saved value" in warning for warning in report.warnings)
    path = tmp_path / "book.xlsx"
    path.write_bytes(
        repack(path.read_bytes(), lambda _, data: data.replace(b"<v></v>", b"<v>5</v>").replace(b"<v />", b"<v>5</v>"))
    )
    report = read(path)
    assert rows(tables(report)[0])[-1] == ("All", "5")
    assert report.warnings == ()


def test_a_merge_over_the_whole_sheet_and_a_far_cell_do_not_cost_memory(tmp_path) -> None:
    def fill(book) -> None:
        fill_rows(book.active, [["Line", "Sales"], ["Flour", 2], ["Feed", 3]])
        book.active.cell(1_048_576, 16_384, "far")
        book.active.merge_cells("E5:F6")

    workbook(tmp_path, fill)
    path = tmp_path / "book.xlsx"
    path.write_bytes(repack(path.read_bytes(), lambda _, data: data.replace(b'"E5:F6"', b'"A1:XFD1048576"')))
    report = read(path)
    assert rows(tables(report)[0])[0] == ("Flour", "2")
    assert "far" in texts(report)


def test_lines_of_text_on_a_sheet_are_paragraphs_and_an_empty_book_is_told(tmp_path) -> None:
    def fill(book) -> None:
        fill_rows(book.active, [["This workbook holds what the mills sold."], ["It is made once a year by the clerk."]])

    report = workbook(tmp_path, fill)
    assert [b.kind for b in blocks(report)] == [BlockKind.PARAGRAPH] * 2
    with pytest.raises(ReadError, match=r"book\.xlsx has no text"):
        workbook(tmp_path, lambda book: None)

"""Excel files (XLSX) through openpyxl. A page is a sheet; a long sheet goes on over pages of ROWS rows.

Cells read as they are shown: through their number formats, formulas by the values that were saved with them.
"""

import io
import re
import zipfile
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from index.errors import ReadError
from index.reading.builder import Builder, as_unit
from index.reading.container import check_office, core, damaged
from index.reading.number_format import shown
from index.reading.sheet_areas import Area, Cells, areas
from index.reading.spanned import Grid
from index.text import clean
from index.types import Report

ROWS = 50
STREAMED = 30_000_000  # bytes of a sheet's XML; beyond, it is read without its merges, in little memory
MOST_MERGED = 2_000_000  # cells in merged ranges
MOST_TEXTS = 3_000_000  # cells
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_NO_VALUE = re.compile(rb"</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)")
_DEFAULT_NAME = re.compile(r"(?:Sheet|工作表|表)\s*\d*")
_TITLE = 100  # characters of a line above a table that can be its title


def read(path: Path, data: bytes, sha256: str, progress: Callable[[int, int], None], max_pages: int) -> Report:
    """Read an XLSX or XLSM. Raises ReadError when it is damaged, encrypted, old, a bomb, empty or too long."""
    check_office(path, data, ".xlsx")
    from openpyxl import load_workbook

    builder = Builder()
    try:
        streamed, missing = _survey(data)
        book = load_workbook(io.BytesIO(data), read_only=streamed, data_only=True, keep_links=False)
        try:
            sheets = list(book.worksheets)
            hidden = [sheet.title for sheet in sheets if sheet.sheet_state != "visible"]
            seen = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
            for number, sheet in enumerate(seen, 1):
                cells = _streamed(sheet) if streamed else _loaded(sheet, builder)
                if cells.texts and not builder.blank:
                    builder.break_page()
                _sheet(builder, sheet.title, cells, alone=len(seen) == 1)
                if builder.page > max_pages:
                    break
                progress(number, len(seen))
            metadata = core(book.properties)
        finally:
            book.close()
    except ReadError:
        raise
    except Exception as error:
        raise damaged(path, error) from error
    if hidden:
        builder.warnings.append(f"hidden sheets were left out: {', '.join(hidden)}")
    if streamed:
        builder.warnings.append("the workbook is very large: merged cells were read where they begin only")
    if missing:
        builder.warnings.append(f"{missing} formulas have no saved value; open it in Excel, save it and add it again")
    return builder.report(path, sha256, [metadata["Title"]], not builder.cut, max_pages, metadata)


def _survey(data: bytes) -> tuple[bool, int]:
    """Whether the sheets are too large to load whole, and how many formulas have no saved value."""
    from openpyxl.utils import column_index_from_string as column

    large, merged, missing = False, 0, 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            if not part.filename.startswith("xl/worksheets/") or not part.filename.endswith(".xml"):
                continue
            xml = archive.read(part)
            large = large or len(xml) > STREAMED
            missing += len(_NO_VALUE.findall(xml))
            for left, top, right, bottom in _MERGE.findall(xml):
                wide = column(right.decode()) - column(left.decode()) + 1
                merged += max(0, wide) * max(0, int(bottom) - int(top) + 1)
    return large or merged > MOST_MERGED, missing


def _loaded(sheet: Any, builder: Builder) -> Cells:
    """The visible cells of a sheet and its merged ranges, rows and columns counted without the hidden ones."""
    rows = sorted(
        number
        for number, row in sheet.row_dimensions.items()
        if row.hidden and not row.outlineLevel  # a folded group is a click away, a hidden row is not
    )
    columns = sorted(
        number
        for column in sheet.column_dimensions.values()
        if column.hidden and not column.outlineLevel
        for number in range(column.min or 1, min(column.max or 0, 16384) + 1)
    )
    cells = _cells(((row, column, cell) for (row, column), cell in sheet._cells.items()), rows, columns)
    if cells.dropped:
        builder.warnings.append(f"hidden rows or columns of the sheet {sheet.title} were left out")
    for merged in sheet.merged_cells.ranges:
        inner_columns = [_seen(c, columns) for c in range(merged.min_col, merged.max_col + 1) if c not in columns]
        inner_rows = [_seen(r, rows) for r in range(merged.min_row, merged.max_row + 1) if r not in rows]
        if inner_columns and inner_rows and (inner_rows[0], inner_columns[0]) in cells.texts:
            cells.spans[inner_rows[0], inner_columns[0]] = (len(inner_columns), len(inner_rows))
            cells.covered.update((row, column) for row in inner_rows for column in inner_columns)
    return cells


def _seen(number: int, hidden: Sequence[int]) -> int:
    """A row's or column's number when the hidden ones, given in order, are not counted."""
    return number - bisect_left(hidden, number)


def _streamed(sheet: Any) -> Cells:
    sheet.reset_dimensions()  # or every row would be filled up to the last column that the file claims
    found = ((cell.row, cell.column, cell) for row in sheet.rows for cell in row if cell.value is not None)
    return _cells(found, (), ())


def _cells(found: Iterable[tuple[int, int, Any]], rows: Sequence[int], columns: Sequence[int]) -> Cells:
    cells = Cells()
    hidden_rows, hidden_columns = set(rows), set(columns)
    for row, column, cell in found:
        value = cell.value
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if row in hidden_rows or column in hidden_columns:
            cells.dropped = True
            continue
        if len(cells.texts) >= MOST_TEXTS:
            raise ReadError(f"A sheet has more than {MOST_TEXTS:,} cells.", "Split the workbook and add its parts.")
        text = str(value) if isinstance(value, str) else shown(value, cell.number_format or "General")
        text = clean(text.replace("\n", " "))
        if text and not _ERROR.fullmatch(text):
            cells.texts[_seen(row, rows), _seen(column, columns)] = text
    return cells


def _sheet(builder: Builder, name: str, cells: Cells, alone: bool) -> None:
    """One sheet: its name as heading, its tables and the lines between them."""
    if not cells.texts:
        return
    if not (alone and _DEFAULT_NAME.fullmatch(name)):
        builder.heading(name, 1)
    for area in areas(cells):
        _area(builder, area)


def _area(builder: Builder, area: Area) -> None:
    """Cells without an empty row between: titles and unit above, the table, notes below."""
    rows = area.rows
    first, last = 0, len(rows)
    while first < last and area.only_text(rows[first]):
        first += 1
    while last > first and (area.only_text(rows[last - 1])):
        last -= 1
    if last - first == 1 and first > 0 and not area.has_figures(rows[first]):
        first, last = len(rows), len(rows)
    if first == last:
        texts = [" ".join(area.texts(row)) for row in rows]
        short = len(texts) <= 3 and all(len(text) <= _TITLE and not text.endswith(("。", ".")) for text in texts)
        for text in texts:
            (builder.caption if short else builder.paragraph)(text)
        return
    above = [area.only_text(row) for row in rows[:first]]
    titles = [text for text in above if not as_unit(text)]
    for text in above:
        is_title = bool(titles) and text == titles[-1] and len(text) <= _TITLE
        (builder.caption if is_title or as_unit(text) else builder.paragraph)(text)
    grid = Grid()
    for row in rows[first:last]:
        grid.row(area.cells(row))
    if builder.rows_on_page and builder.rows_on_page + last - first > ROWS:
        builder.cut = True
        builder.break_page()
    builder.table(grid, rows_a_page=ROWS)
    for row in rows[last:]:
        builder.paragraph(area.only_text(row))

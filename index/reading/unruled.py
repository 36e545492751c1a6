"""Unruled tables: runs of lines to rows, their labels put together, each under its sub-heading."""

import re
from collections.abc import Sequence

from index.reading.rows import Band, Piece, read_cell
from index.reading.sheet import Rule
from index.reading.table_columns import Column, aligned, find_columns, nearest, read_header
from index.reading.table_runs import Run
from index.reading.titles import UNIT
from index.types import Box, Row, Table, around

_TOTAL = re.compile(r"total\b|net cash|合计|总计|小计", re.IGNORECASE)
_LETTER = re.compile(r"[A-Za-z\u3400-\u9fff]")
_OPEN = (",", "，", "、", "-", "–", "—", "(", "（", " and", " of", " for", " to", " the", " in", "/")


def read_run(run: Run, rules: Sequence[Rule]) -> Table | None:
    """The table that a run of bands is; None when it is none."""
    body = [band for band in run.body if band.is_body]
    if not body or (len(body) < 2 and not run.head):
        return None
    columns = find_columns([band for band in run.body if len(band.pieces) > 1])
    by_order = _by_order(run, columns)
    if by_order is not None:
        return by_order
    if len(columns) < 2 or not _is_table(run, columns, body, rules):
        return None
    frame = around([band.box for band in (*run.head, *run.body)])
    near = [
        rule
        for rule in rules
        if rule.horizontal
        and frame.top - 12 <= rule.box.top <= frame.bottom + 12
        and rule.box.x0 < frame.x1
        and rule.box.x1 > frame.x0
    ]
    pieces: list[Piece] = []
    unit = ""
    for band in run.head:
        labelled = any(nearest(columns, piece) == 0 for piece in band.pieces)
        if len(band.pieces) == 1 and UNIT.match(band.text) and not labelled:
            unit = f"{unit} {band.text}".strip()
        else:
            pieces += band.pieces
    header = read_header(columns, pieces, near) if pieces else []
    if header and not unit and UNIT.match(header[0]):
        unit = header[0]
    rows = _rows(run.body, columns, near)
    return Table(tuple(rows), tuple(header) if any(header) else (), unit=unit)


def right_half(run: Run, rules: Sequence[Rule]) -> Box | None:
    """What frames the right one of two tables that share their rows' heights; None for a single table.

    Two are told by a second column of labels and by rules under both halves that all end between them.
    """
    body = [band for band in run.body if band.is_body]
    columns = find_columns(body)
    frame = around([band.box for band in (*run.head, *run.body)])
    drawn = [r.box for r in rules if r.horizontal and not r.filled and frame.top - 12 <= r.box.top <= frame.bottom + 12]
    for index in range(2, len(columns) - 1):
        left, right = columns[index - 1].x1, columns[index].x0
        labels = [piece for band in body for piece in band.pieces if nearest(columns, piece) == index]
        if len(labels) < 2 or any(piece.is_figure or not _LETTER.search(piece.text) for piece in labels):
            continue
        if any(box.x0 < left - 2 and box.x1 > right + 2 for box in drawn):
            continue
        under_left = any(box.x0 <= columns[0].x1 and box.x1 >= columns[1].x0 for box in drawn)
        if under_left and any(box.x0 <= columns[index].x1 and box.x1 >= columns[index + 1].x0 for box in drawn):
            return Box((left + right) / 2, frame.top - 1, frame.x1 + 1, frame.bottom + 1)
    return None


def _by_order(run: Run, columns: Sequence[Column]) -> Table | None:
    """The table when all rows have as many pieces, but not under each other: text files put no columns in place."""
    several = [band for band in (*run.head, *run.body) if len(band.pieces) > 1]
    width = len(several[0].pieces)
    if any(len(band.pieces) != width for band in several) or len(several) < 3 or len(columns) >= width:
        return None
    cells = [(*(piece.text for piece in band.pieces), *[""] * (width - len(band.pieces))) for band in several]
    first = 0 if several[0].is_body else 1
    rows = [Row(texts, band.box) for texts, band in zip(cells, several, strict=True)]
    return Table(tuple(rows[first:]), cells[0] if first else ())


def _is_table(run: Run, columns: Sequence[Column], body: Sequence[Band], rules: Sequence[Rule]) -> bool:
    """Whether the rows stand under each other and say what they are: loose labels of a chart do neither."""
    filled = sum(len({nearest(columns, piece) for piece in band.pieces}) for band in body) / len(body)
    labelled = sum(bool(_LETTER.search(band.pieces[0].text)) for band in body)
    worded = labelled >= max(1, 0.3 * len(body))
    named = any(_LETTER.search(piece.text) for band in run.head for piece in band.pieces)
    drawn = _drawn_rules(run, rules)
    if _leads_to_pages(body):
        return False
    if not worded and not (named and (drawn >= 2 or (len(columns) >= 3 and len(body) >= 3))):
        return False
    if filled < min(2.0, 0.34 * len(columns)) or len(columns) > 30:
        return False
    if not run.head and len(body) < 4 and drawn < 2:
        return False
    if len(body) == 1:
        return bool(run.head) and drawn >= 1 and len(columns) >= 3
    even = bool(run.head) and all(len(band.pieces) == len(columns) for band in (run.head[-1], *body))
    return even or aligned(columns, body) >= 0.6 or drawn >= 3


def _leads_to_pages(body: Sequence[Band]) -> bool:
    """Whether the rows are those of a table of contents: each ends with a page number not below the last one's."""
    numbers = [int(band.pieces[-1].text) for band in body if re.fullmatch(r"\d{1,3}", band.pieces[-1].text)]
    single = all(len(band.values) <= 1 + band.pieces[0].is_value for band in body)
    return len(body) >= 5 and len(numbers) >= 0.9 * len(body) and single and numbers == sorted(numbers)


def _drawn_rules(run: Run, rules: Sequence[Rule]) -> int:
    """How many heights have rules drawn across a good part of the run."""
    box = around([band.box for band in (*run.head, *run.body)])
    heights: dict[int, float] = {}
    for rule in rules:
        if rule.horizontal and box.top - 8 <= rule.box.top <= box.bottom + 8:
            shared = min(rule.box.x1, box.x1) - max(rule.box.x0, box.x0)
            if shared > 0:
                heights[round(rule.box.top / 2)] = heights.get(round(rule.box.top / 2), 0.0) + shared
    return sum(width >= 0.2 * (box.x1 - box.x0) for width in heights.values())


def _rows(found: Sequence[Band], columns: Sequence[Column], rules: Sequence[Rule]) -> list[Row]:
    """The rows, wrapped labels put together, each with the sub-heading that it stands under."""
    joined: list[list[Band]] = []
    shaded = len({round(rule.box.top) for rule in rules if rule.filled}) >= 0.5 * len(found)
    for band in found:
        if joined and _same_row(joined[-1], band, columns, rules, 0.3 if shaded else 0.12):
            joined[-1].append(band)
        else:
            joined.append([band])
    rows: list[Row] = []
    over = _Over()
    for group in joined:
        cells: list[list[Piece]] = [[] for _ in columns]
        for band in group:
            alone = len(band.pieces) == 1 and not band.pieces[0].is_figure
            for piece in band.pieces:
                cells[0 if alone else nearest(columns, piece)].append(piece)
        texts = tuple(read_cell(cell) for cell in cells)
        indent = min((piece.box.x0 for piece in cells[0]), default=None)
        is_head = bool(texts[0]) and not any(texts[1:])
        rows.append(Row(texts, around([band.box for band in group]), over.of(texts[0], indent, is_head)))
    return rows


class _Over:
    """The sub-headings over the rows of a table that is read from top to bottom."""

    def __init__(self) -> None:
        self._heads: list[tuple[str, float]] = []
        self._flat: bool | None = None  # whether rows under the deepest head begin where it does; not known yet: None

    def of(self, label: str, indent: float | None, is_head: bool) -> str:
        """The sub-heading that a row stands under; ``indent`` is where its label begins, None without a label."""
        if indent is None:
            return self._heads[-1][0] if self._heads else ""
        if is_head:
            self._leave(indent - 1.5)
            self._heads.append((label.rstrip(":： "), indent))
            self._flat = None
            return ""
        if self._heads and self._flat is None:
            self._flat = indent <= self._heads[-1][1] + 1.5
            self._leave(indent + 0.1)
        elif not self._flat:
            self._leave(indent - 1.5)
        else:
            self._leave(indent + 1.5)
        name = self._heads[-1][0] if self._heads else ""
        if self._flat and _TOTAL.match(label) and self._heads:
            self._heads.pop()
        return name

    def _leave(self, indent: float) -> None:
        """Forget the heads that begin at ``indent`` or to its right."""
        while self._heads and self._heads[-1][1] >= indent:
            self._heads.pop()


def _same_row(
    group: Sequence[Band], band: Band, columns: Sequence[Column], rules: Sequence[Rule], tight: float
) -> bool:
    """Whether a band goes on with the row above: one of the two has only a label, wrapped over two lines.

    Lines less than ``tight`` font sizes apart are of one row when the upper one is full.
    """
    last = group[-1]
    gap = band.box.top - last.box.bottom
    if gap > 0.45 * band.size or any(_between(rule.box, last.box, band.box) for rule in rules):
        return False
    upper_alone, lower_alone = _alone(group, columns), _alone([band], columns)
    if not upper_alone and not lower_alone:
        return False
    first, rest = last.pieces[0], band.pieces[0]
    if nearest(columns, rest) > 0:
        return False
    begins_low = rest.text[:1].islower()
    if upper_alone and not first.text.endswith((":", "：")):
        is_open = first.text.endswith(_OPEN) or first.text.count("(") > first.text.count(")")
        wide = first.box.x1 - columns[0].x0 >= 0.72 * (columns[0].x1 - columns[0].x0)
        return is_open or begins_low or (wide and (rest.text[:1] in "(（" or gap < tight * band.size))
    return lower_alone and begins_low and len(group) == 1 and rest.box.x0 >= first.box.x0


def _between(rule: Box, above: Box, below: Box) -> bool:
    middle = (above.bottom + below.top) / 2
    covers = rule.x0 <= above.x0 + 20 and rule.x1 > above.x0 + 20
    return covers and abs(rule.top - middle) < 0.4 * (below.bottom - below.top)


def _alone(group: Sequence[Band], columns: Sequence[Column]) -> bool:
    return all(nearest(columns, piece) == 0 for band in group for piece in band.pieces)

"""Pieces of text found in a picture, each with its place, to printed lines in reading order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from index.reading.cells import GAP
from index.text import clean, has_cjk
from index.types import Box, Cell, Line, around

_ALIKE = 0.07  # sizes this much apart are one size: what measuring in a picture gets wrong
_FULL_WIDTH = "，。、；：？！（）《》“”％"
_CURRENCY, _CLOSING = frozenset("$¥￥€£"), frozenset({"%", ")", ")%", "％"})
_FIGURE = re.compile(r"[sS$]?\s?\(?\d[\d,.]*\)?%?")
_COLUMN_ROWS = 5  # rows that two columns of running text have at least


@dataclass(frozen=True, slots=True)
class Piece:
    """Text without a wide gap, where it stands in points, its font size in points and whether it is bold."""

    text: str
    box: Box
    size: float
    bold: bool = False


def lines(pieces: Sequence[Piece]) -> tuple[Line, ...]:
    """The printed lines of one page: pieces side by side are one line, two columns of running text come in turn."""
    even = _even([replace(piece, text=clean(piece.text)) for piece in pieces if clean(piece.text)])
    return tuple(_line(_in_dollars(row)) for row in _in_columns(_rows(even)))


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces by rows from the top; a piece joins the row whose last piece to its left stands at its height."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=_middle):
        height = piece.box.bottom - piece.box.top
        near = [row for row in rows[-4:] if abs(_middle(row[-1]) - _middle(piece)) < 0.35 * height]
        free = [row for row in near if all(_apart(other.box, piece.box) for other in row)]
        if free:
            free[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.box.x0) for row in rows]


def _middle(piece: Piece) -> float:
    return (piece.box.top + piece.box.bottom) / 2


def _apart(one: Box, other: Box) -> bool:
    """Whether two boxes stand beside each other, overlapping by no more than a hair."""
    overlap = min(one.x1, other.x1) - max(one.x0, other.x0)
    return overlap < 0.3 * min(one.x1 - one.x0, other.x1 - other.x0)


def _in_columns(rows: Sequence[list[Piece]]) -> list[list[Piece]]:
    """Rows in reading order: where running text stands in two columns, the left one before the right one."""
    gutter = _gutter(rows)
    if gutter is None:
        return list(rows)
    ordered: list[list[Piece]] = []
    left: list[list[Piece]] = []
    right: list[list[Piece]] = []
    for row in [*rows, []]:
        crossed = any(piece.box.x0 < gutter < piece.box.x1 for piece in row)
        if not row or crossed:
            ordered += [*left, *right, *([row] if row else [])]
            left, right = [], []
            continue
        sides = [p for p in row if p.box.x1 <= gutter], [p for p in row if p.box.x0 >= gutter]
        left += [sides[0]] * bool(sides[0])
        right += [sides[1]] * bool(sides[1])
    return ordered


def _gutter(rows: Sequence[list[Piece]]) -> float | None:
    """Where the gap between two columns of running text stands, in points; None when the page has one column.

    Running text is told from a table by its width: most pieces on either side fill their column.
    """
    pairs = [(a, b) for row in rows if len(row) == 2 for a, b in pairwise(row)]
    if len(pairs) < _COLUMN_ROWS:
        return None
    starts = sorted(b.box.x0 for _, b in pairs)
    edge = median(starts)
    ends = [a.box.x1 for a, b in pairs if abs(b.box.x0 - edge) < 2 * b.size and a.box.x1 < edge]
    if len(ends) < _COLUMN_ROWS or edge - max(ends) < 0.2:
        return None
    gutter = (max(ends) + edge) / 2 if edge - max(ends) > 1 else edge - 0.1
    sides = (
        [p for row in rows for p in row if p.box.x1 <= gutter],
        [p for row in rows for p in row if p.box.x0 >= gutter],
    )
    for side in sides:
        width = max(p.box.x1 for p in side) - min(p.box.x0 for p in side)
        full = sum(p.box.x1 - p.box.x0 > 0.8 * width and p.box.x1 - p.box.x0 > 12 * p.size for p in side)
        if full < max(_COLUMN_ROWS, 0.5 * len(side)):
            return None
    return gutter


def _line(row: Sequence[Piece]) -> Line:
    cells: list[Cell] = []
    for last, piece in zip([None, *row], row, strict=False):
        if last is not None and piece.box.x0 - last.box.x1 <= GAP * piece.size:
            text = cells[-1].text + _space(last, piece) + piece.text
            cells[-1] = Cell(text, around((cells[-1].box, piece.box)))
        else:
            cells.append(Cell(piece.text, piece.box))
    cells = _signed(cells)
    longest = max(row, key=lambda piece: len(piece.text))
    bold = sum(len(piece.text) for piece in row if piece.bold) > 0.6 * sum(len(piece.text) for piece in row)
    box = around([cell.box for cell in cells])
    return Line(" ".join(cell.text for cell in cells), box, longest.size, bold, tuple(cells))


def _signed(pieces: Sequence[Cell]) -> list[Cell]:
    """Cells with a currency sign joined to the figure after it, a percent sign or bracket to the one before."""
    cells: list[Cell] = []
    for piece in pieces:
        if cells and (piece.text in _CLOSING or cells[-1].text in _CURRENCY):
            cells[-1] = Cell(cells[-1].text + piece.text, around((cells[-1].box, piece.box)))
        else:
            cells.append(piece)
    return cells


def _in_dollars(row: Sequence[Piece]) -> Sequence[Piece]:
    """A row of figures whose dollar signs were taken for an S, as happens where they stand alone."""
    figures = sum(bool(_FIGURE.fullmatch(piece.text)) for piece in row)
    if figures < 2:
        return row
    fixed = []
    for piece, after in zip(row, [*row[1:], None], strict=True):
        alone = piece.text in {"s", "S"} and after is not None and _FIGURE.fullmatch(after.text)
        sign = alone or (piece.text[0] in "sS" and _FIGURE.fullmatch(piece.text))
        fixed.append(replace(piece, text="$" + piece.text[1:]) if sign else piece)
    return fixed


def _space(last: Piece, piece: Piece) -> str:
    """What stands between two pieces of one cell: nothing around full-width marks and between Chinese that touches."""
    before, after = last.text[-1], piece.text[0]
    if before in _FULL_WIDTH or after in _FULL_WIDTH:
        return ""
    return "" if has_cjk(before) and has_cjk(after) and piece.box.x0 - last.box.x1 < 0.5 * piece.size else " "


def _even(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces with the page's few true sizes: the size most text is near first, then the next; halves of a point."""
    weights: dict[float, int] = {}
    for piece in pieces:
        size = round(piece.size, 1)
        weights[size] = weights.get(size, 0) + len(piece.text)
    true: dict[float, float] = {}
    while weights:
        near = {size: [other for other in weights if abs(other - size) <= _ALIKE * size] for size in weights}
        best = max(near.values(), key=lambda sizes: sum(weights[size] for size in sizes))
        middle = median(size for size in best for _ in range(weights[size]))
        true |= dict.fromkeys(best, round(2 * middle) / 2)
        weights = {size: weight for size, weight in weights.items() if size not in true}
    return [replace(piece, size=true[round(piece.size, 1)]) for piece in pieces]

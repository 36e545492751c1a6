"""Ruled tables: a grid of drawn lines, and what stands in its fields."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.reading.rows import Piece, overlap, pieces_of, read_cell
from index.reading.sheet import Rule
from index.types import Box, Line, Row, Table, around

_NEAR = 3.0  # points; lines closer than this are one, and ends as close as this touch
_MOST_RULES = 1500
_LONGEST_HEADER = 5  # rows


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's lines: edges between columns (x) and rows (y) in points, and the rules that draw them."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    across: tuple[Box, ...]
    upright: tuple[Box, ...]

    @property
    def box(self) -> Box:
        """What the outer lines frame."""
        return Box(self.columns[0], self.rows[0], self.columns[-1], self.rows[-1])

    def holds(self, box: Box) -> bool:
        """Whether the middle of ``box`` lies inside."""
        x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        frame = self.box
        return frame.x0 - 1 <= x <= frame.x1 + 1 and frame.top - 1 <= y <= frame.bottom + 1

    def field(self, piece: Piece) -> tuple[int, int, int, int]:
        """The first and the next column, the first and the next row of the field around the middle of ``piece``."""
        x, y = piece.middle, (piece.box.top + piece.box.bottom) / 2
        uprights = [i for i, at in enumerate(self.columns) if _drawn(self.upright, at, y, 0, 1) or self._outer(i, True)]
        left = max((i for i in uprights if self.columns[i] <= x), default=0)
        right = min((i for i in uprights if self.columns[i] > x), default=len(self.columns) - 1)
        acrosses = [i for i, at in enumerate(self.rows) if _drawn(self.across, at, x, 1, 0) or self._outer(i, False)]
        top = max((i for i in acrosses if self.rows[i] <= y), default=0)
        bottom = min((i for i in acrosses if self.rows[i] > y), default=len(self.rows) - 1)
        return left, max(right, left + 1), top, max(bottom, top + 1)

    def _outer(self, index: int, column: bool) -> bool:
        return index in {0, len(self.columns if column else self.rows) - 1}


def _drawn(boxes: Iterable[Box], at: float, along: float, fixed: int, moving: int) -> bool:
    return any(abs(box[fixed] - at) <= _NEAR and box[moving] - 1 <= along <= box[moving + 2] + 1 for box in boxes)


def find_grids(rules: Sequence[Rule]) -> list[Grid]:
    """The grids that upright rules part into at least two columns and that have at least two rows."""
    across = [rule.box for rule in rules if rule.horizontal and rule.box.x1 - rule.box.x0 > 10]
    upright = [rule.box for rule in rules if not rule.horizontal and not rule.filled]
    if not upright or len(across) + len(upright) > _MOST_RULES:
        return []
    parent = list(range(len(across) + len(upright)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for i, flat in enumerate(across):
        for j, tall in enumerate(upright, len(across)):
            if flat.x0 - _NEAR <= tall.x0 <= flat.x1 + _NEAR and tall.top - _NEAR <= flat.top <= tall.bottom + _NEAR:
                parent[root(j)] = root(i)
    groups: dict[int, tuple[list[Box], list[Box]]] = {}
    for index, box in enumerate([*across, *upright]):
        groups.setdefault(root(index), ([], []))[index >= len(across)].append(box)
    found = [grid for flats, talls in groups.values() if (grid := _grid(flats, talls))]
    return sorted(found, key=lambda grid: (grid.box.top, grid.box.x0))


def _grid(across: Sequence[Box], upright: Sequence[Box]) -> Grid | None:
    if len(across) < 2 or not upright:
        return None
    frame = around([*across, *upright])
    columns = _edges([frame.x0, *(box.x0 for box in upright), frame.x1])
    rows = _edges([frame.top, *(box.top for box in across), frame.bottom])
    if len(columns) < 3 or len(rows) < 3:
        return None
    return Grid(tuple(columns), tuple(rows), tuple(across), tuple(upright))


def _edges(places: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _NEAR:
            edges.append(place)
    return edges


@dataclass(slots=True)
class _Field:
    """The pieces in one field of a grid, columns ``left`` to ``right`` and rows ``top`` to ``bottom`` (exclusive)."""

    left: int
    right: int
    top: int
    bottom: int
    pieces: list[Piece]


def read_grid(grid: Grid, lines: Sequence[Line], indices: Iterable[int]) -> Table | None:
    """The table in a grid whose text is the lines at ``indices``; None when the grid frames no table."""
    pieces = [piece for index in indices for piece in pieces_of(lines[index], index)]
    fields: dict[tuple[int, int, int, int], _Field] = {}
    for piece in pieces:
        place = grid.field(piece)
        fields.setdefault(place, _Field(*place, [])).pieces.append(piece)
    if 5 * sum(_crowded(field) for field in fields.values()) >= len(fields):
        return None
    split = _with_rows(list(fields.values()), len(grid.rows) - 1)
    columns, height = len(grid.columns) - 1, max((field.bottom for field in split), default=0)
    table = [[""] * columns for _ in range(height)]
    wide: set[int] = set()  # rows with a field over several columns
    tall: dict[int, int] = {}  # row: how far down a field that begins there goes
    for field in split:
        text = read_cell(field.pieces)
        table[field.top][field.left] = f"{table[field.top][field.left]} {text}".strip()
        if field.right - field.left > 1:
            wide.add(field.top)
        tall[field.top] = max(tall.get(field.top, 0), field.bottom)
    if sum(any(row) for row in table) < 2 or sum(bool(cell) for row in table for cell in row) < 4:
        return None
    title, first = _title(split, columns)
    header = _header_rows(table, first, wide, tall)
    names = _names(split, first, header, columns)
    rows = _body(split, table, header, grid)
    used = [c for c in range(columns) if (names and names[c]) or any(row.cells[c] for row in rows)]
    if len(used) < 2 or not rows:
        return None
    rows = [Row(tuple(row.cells[c] for c in used), row.box, row.group) for row in rows]
    return Table(tuple(rows), tuple(names[c] for c in used) if any(names) else (), title=title, ruled=True)


def _crowded(field: _Field) -> bool:
    """Whether two figures stand beside each other in one field: its columns are not ruled."""
    figures = [piece for piece in field.pieces if piece.is_value]
    return any(
        overlap(one.box, other.box) > 0.5 and other.box.x0 - one.box.x1 > one.size
        for i, one in enumerate(figures)
        for other in figures[i + 1 :]
    )


def _with_rows(fields: list[_Field], bands: int) -> list[_Field]:
    """Fields cut at their lines where the grid has no rules between rows, then numbered by rows without gaps."""
    cuts: dict[int, list[float]] = {}
    for band in range(bands):
        own = [field for field in fields if field.top == band and field.bottom == band + 1]
        heights = [_line_middles(field) for field in own]
        most = max((len(middles) for middles in heights), default=0)
        full = [middles for middles in heights if len(middles) == most]
        if most >= 3 and len(full) >= 2 and len(full) >= 0.6 * len(own) and _level(full):
            cuts[band] = [(a + b) / 2 for a, b in pairwise(full[0])]
    if not cuts:
        return fields
    offset, start = 0, {}
    for band in range(bands + 1):
        start[band] = offset
        offset += 1 + len(cuts.get(band, ()))
    found = []
    for field in fields:
        edges = cuts.get(field.top) if field.bottom == field.top + 1 else None
        if not edges:
            found.append(_Field(field.left, field.right, start[field.top], start[field.bottom], field.pieces))
            continue
        for row in range(len(edges) + 1):
            above = edges[row - 1] if row else -1.0
            below = edges[row] if row < len(edges) else float("inf")
            own_pieces = [p for p in field.pieces if above <= (p.box.top + p.box.bottom) / 2 < below]
            if own_pieces:
                top = start[field.top] + row
                found.append(_Field(field.left, field.right, top, top + 1, own_pieces))
    return found


def _line_middles(field: _Field) -> list[float]:
    middles: list[float] = []
    for piece in sorted(field.pieces, key=lambda piece: piece.box.top):
        middle = (piece.box.top + piece.box.bottom) / 2
        if not middles or middle - middles[-1] > 0.5 * piece.size:
            middles.append(middle)
    return middles


def _level(heights: Sequence[Sequence[float]]) -> bool:
    """Whether the lines of all fields stand at the same heights."""
    return all(max(places) - min(places) <= 4 for places in zip(*heights, strict=True))


def _title(fields: Sequence[_Field], columns: int) -> tuple[str, int]:
    """The text of a first row that is one field, and the row after it."""
    first = [field for field in fields if field.top == 0]
    if len(first) == 1 and first[0].left == 0 and first[0].right == columns:
        return read_cell(first[0].pieces), 1
    return "", 0


def _header_rows(table: Sequence[Sequence[str]], first: int, wide: set[int], tall: dict[int, int]) -> int:
    """The row after the header that begins at ``first``."""
    box = Box(0, 0, 0, 0)
    values = [[bool(cell) and Piece(cell, box, 0, 1).is_value for cell in row[1:]] for row in table]
    if first >= len(table) - 1 or any(values[first]):
        return first
    end = max(first + 1, min(tall.get(first, 0), first + _LONGEST_HEADER))
    if first in wide:
        end = max(end, first + 2)
    while end < min(len(table) - 1, first + _LONGEST_HEADER) and end - 1 in wide and not any(values[end]):
        end += 1
    while end > first + 1 and any(any(values[row]) for row in range(first, min(end, len(table)))):
        end -= 1
    return min(end, len(table) - 1)


def _names(fields: Sequence[_Field], first: int, end: int, columns: int) -> list[str]:
    names = [""] * columns
    for field in sorted(fields, key=lambda field: (field.top, field.left)):
        if first <= field.top < end:
            text = read_cell(field.pieces)
            for column in range(field.left, min(field.right, columns)):
                names[column] = f"{names[column]} {text}".strip()
    return names


def _body(fields: Sequence[_Field], table: Sequence[Sequence[str]], first: int, grid: Grid) -> list[Row]:
    """The rows from ``first`` on; a field that spans rows is the group of those below its first."""
    groups: dict[int, list[str]] = {}
    boxes: dict[int, list[Box]] = {}
    for field in fields:
        frame = around([piece.box for piece in field.pieces])
        boxes.setdefault(field.top, []).append(frame)
        if field.bottom - field.top > 1 and field.top >= first:
            text = read_cell(field.pieces)
            for row in range(field.top + 1, field.bottom):
                groups.setdefault(row, []).append(text)
    rows = []
    for index in range(first, len(table)):
        own = boxes.get(index)
        if own and any(table[index]):
            level = [box for box in own if box.top < min(b.bottom for b in own)] or own
            rows.append(Row(tuple(table[index]), around(level), " ".join(groups.get(index, ()))))
    return rows

"""Tables ruled across only: a line under every row, columns told by what stands under each other."""

from collections.abc import Sequence

from index.reading.rows import Band, Piece, pieces_of, read_cell
from index.reading.sheet import Rule
from index.reading.table_columns import find_columns, nearest
from index.types import Box, Line, Row, Table, around

_FEWEST = 3  # rules
_HIGHEST = 5.0  # font sizes; a row with a rule above and below it is lower


def find_barred(lines: Sequence[Line], rules: Sequence[Rule]) -> list[tuple[int, int, Table]]:
    """Tables with a rule between all rows, each as the first line's index, the index after the last, and the table."""
    found = []
    for ladder in _ladders(rules):
        frame = around(ladder)
        inside = [i for i, line in enumerate(lines) if _within(line.box, frame)]
        if not inside:
            continue
        start, end = inside[0], inside[-1] + 1
        size = lines[start].size
        while start > 0 and _heads(lines[start - 1], lines[start], frame, 1.6 * size):
            start -= 1
        if end - start > len(inside) + 8 or any(not _near(line.box, frame) for line in lines[start:end]):
            continue
        table = _read(lines, start, end, [rule.top for rule in ladder], size)
        if table:
            found.append((start, end, table))
    return found


def _ladders(rules: Sequence[Rule]) -> list[list[Box]]:
    """Groups of rules drawn across that begin and end at the same places, one under the other."""
    groups: dict[tuple[int, int], list[Box]] = {}
    for rule in rules:
        if rule.horizontal and not rule.filled and rule.box.x1 - rule.box.x0 >= 100:
            key = next(
                (k for k in groups if abs(k[0] - rule.box.x0) <= 3 and abs(k[1] - rule.box.x1) <= 3),
                (round(rule.box.x0), round(rule.box.x1)),
            )
            groups.setdefault(key, []).append(rule.box)
    return [group for group in groups.values() if len(group) >= _FEWEST]


def _within(box: Box, frame: Box) -> bool:
    middle = (box.top + box.bottom) / 2
    return frame.top <= middle <= frame.bottom and box.x0 >= frame.x0 - 3 and box.x1 <= frame.x1 + 3


def _near(box: Box, frame: Box) -> bool:
    return box.x0 >= frame.x0 - 3 and box.x1 <= frame.x1 + 3 and box.bottom <= frame.bottom + 2


def _heads(line: Line, below: Line, frame: Box, reach: float) -> bool:
    """Whether a line of several cells stands as the first row on top of the first rule."""
    close = -2 <= frame.top - line.box.bottom <= reach or abs(line.box.top - below.box.top) < 2
    return close and len(line.cells) > 1 and line.box.x0 >= frame.x0 - 3 and line.box.x1 <= frame.x1 + 3


def _read(lines: Sequence[Line], start: int, end: int, heights: Sequence[float], size: float) -> Table | None:
    """The table between rules at ``heights``; None when not nearly every row holds several cells."""
    edges = [lines[start].box.top - size, *sorted(heights)]
    rows: list[list[Piece]] = [[] for _ in range(len(edges))]
    for index in range(start, end):
        middle = (lines[index].box.top + lines[index].box.bottom) / 2
        row = max((i for i, edge in enumerate(edges) if edge <= middle), default=0)
        rows[row] += pieces_of(lines[index], index)
    rows = [row for row in rows if row]
    if len(rows) < 2 or any(low.box.bottom - high.box.top > _HIGHEST * size for high, low in map(_ends, rows)):
        return None
    level = [band for row in rows for band in _bands(row)]
    if sum(len({p.box.x0 for p in row}) > 1 for row in rows) < 0.8 * len(rows) or len(level) > 2.2 * len(rows):
        return None
    columns = find_columns([band for band in level if len(band.pieces) > 1])
    if len(columns) < 2:
        return None
    cells = [[[p for p in row if nearest(columns, p) == column] for column in range(len(columns))] for row in rows]
    texts = [tuple(read_cell(cell) for cell in row) for row in cells]
    body = [Row(text, around([p.box for p in row])) for text, row in zip(texts, rows, strict=True)]
    bold = all(p.bold for p in rows[0]) and not all(p.bold for row in rows for p in row)
    told = _ends(rows[0])[1].box.bottom < min(heights) + 2 or bold or any(p.is_value for row in rows for p in row)
    headed = told and not any(piece.is_value for piece in rows[0]) and all(texts[0][1:])
    return Table(tuple(body[headed:]), texts[0] if headed else (), ruled=True)


def _ends(row: Sequence[Piece]) -> tuple[Piece, Piece]:
    return min(row, key=lambda piece: piece.box.top), max(row, key=lambda piece: piece.box.bottom)


def _bands(row: Sequence[Piece]) -> list[Band]:
    """The pieces of one row by their heights."""
    found: list[list[Piece]] = []
    for piece in sorted(row, key=lambda piece: piece.box.top):
        if found and piece.box.top - found[-1][0].box.top < 0.5 * piece.size:
            found[-1].append(piece)
        else:
            found.append([piece])
    return [Band(tuple(sorted(pieces, key=lambda p: p.box.x0)), 0, 0) for pieces in found]

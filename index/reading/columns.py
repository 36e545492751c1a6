"""The order in which a person reads the lines of a page: columns and side-bars found by their white gutters."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from index.reading.sheet import Rule
from index.text import has_cjk
from index.types import Box, Cell, Line, around

_JOIN = 0.45  # in font sizes: pieces of one printed line stand no further apart
_DEEPEST = 3  # gutters inside gutters
_LONG = 14  # Chinese characters, or twice as many Latin ones: a piece of running text
_LETTER = re.compile(r"[^\W\d_]")


class _Gutter(NamedTuple):
    """A white band at ``x`` (points) that parts the lines between ``top`` and ``bottom`` into columns."""

    x: float
    top: float
    bottom: float


def reading_order(lines: Sequence[Line], rules: Sequence[Rule] = ()) -> list[Line]:
    """The lines of a page as they are read. A line that runs over a gutter is parted there, pieces of one are joined.

    Columns are taken only where running text stands on one side of the gutter at least, and either also on the other
    side or in lines that do not keep step with it: what keeps step is a table, and is read row by row.
    """
    return list(_ordered(_whole(lines), rules, 0))


def _ordered(lines: Sequence[Line], rules: Sequence[Rule], depth: int) -> Iterator[Line]:
    gutter = _gutter(lines, rules) if depth < _DEEPEST else None
    if gutter is None:
        yield from _by_rows(lines)
        return
    above = [line for line in lines if line.box.bottom <= gutter.top + 0.5 * line.size]
    below = [line for line in lines if line.box.top >= gutter.bottom - 0.5 * line.size]
    outside = {id(line) for line in (*above, *below)}
    left: list[Line] = []
    right: list[Line] = []
    for line in lines:
        if id(line) not in outside:
            for piece in _parted(line, gutter.x):
                (left if piece.box.x0 < gutter.x else right).append(piece)
    for part in (above, left, right, below):
        yield from _ordered(part, rules, depth + 1)


def _by_rows(lines: Iterable[Line]) -> Iterator[Line]:
    """Top to bottom; what stands on one height from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.box.top + line.box.bottom, line.box.x0)):
        if rows and _overlap(rows[-1][0].box, line.box) >= 0.6:
            rows[-1].append(line)
        else:
            rows.append([line])
    for row in rows:
        yield from sorted(row, key=lambda line: line.box.x0)


def _overlap(first: Box, second: Box) -> float:
    """How much of the lower one of two boxes stands on the height of the other, 0 to 1."""
    smaller = min(first.bottom - first.top, second.bottom - second.top)
    return (min(first.bottom, second.bottom) - max(first.top, second.top)) / smaller if smaller > 0 else 0.0


def _whole(lines: Iterable[Line]) -> list[Line]:
    """The lines with pieces of one printed line, such as a raised mark and what stands after it, put together."""
    whole: list[Line] = []
    for line in lines:
        for index in range(len(whole) - 1, max(-1, len(whole) - 3), -1):
            first, second = sorted((whole[index], line), key=lambda piece: piece.box.x0)
            size = max(first.size, second.size)
            gap = second.box.x0 - first.box.x1
            if -0.35 * size <= gap <= _JOIN * size and _overlap(first.box, second.box) >= 0.5:
                whole[index] = _joined(first, second, gap)
                break
        else:
            whole.append(line)
    return whole


def _joined(first: Line, second: Line, gap: float) -> Line:
    larger, smaller = (first, second) if len(first.text) >= len(second.text) else (second, first)
    space = gap > 0.18 * smaller.size and not (has_cjk(first.text[-1]) or has_cjk(second.text[0]))
    joint = " " * space
    left, right = first.cells or (Cell(first.text, first.box),), second.cells or (Cell(second.text, second.box),)
    seam = Cell(left[-1].text + joint + right[0].text, around((left[-1].box, right[0].box)))
    marked = first.bold == second.bold and first.italic == second.italic
    lead = first.lead or ("" if marked or not (first.bold or first.italic) else first.text)
    box = around((first.box, second.box))
    return replace(
        larger, text=first.text + joint + second.text, box=box, cells=(*left[:-1], seam, *right[1:]), lead=lead
    )


def _parted(line: Line, x: float) -> Iterator[Line]:
    """A line's pieces on both sides of ``x``."""
    left = tuple(cell for cell in line.cells if cell.box.x0 < x)
    right = tuple(cell for cell in line.cells if cell.box.x0 >= x)
    if not left or not right:
        yield line
        return
    for cells in (left, right):
        yield part(line, cells)


def part(line: Line, cells: tuple[Cell, ...]) -> Line:
    """The part of ``line`` that consists of some of its cells."""
    text = " ".join(cell.text for cell in cells)
    lead = line.lead if text.startswith(line.lead) else ""
    return replace(line, text=text, cells=cells, box=around([cell.box for cell in cells]), lead=lead)


def _gutter(lines: Sequence[Line], rules: Sequence[Rule]) -> _Gutter | None:
    """The gutter that parts the greatest height, if there is one."""
    pieces = [(line, cell) for line in lines for cell in line.cells or (Cell(line.text, line.box),)]
    if len(pieces) < 8:
        return None
    leftmost = min(cell.box.x0 for _, cell in pieces)
    starts: dict[int, int] = {}
    for _, cell in pieces:
        if cell.box.x0 > leftmost + 60:
            starts[round(cell.box.x0)] = starts.get(round(cell.box.x0), 0) + 1
    best: _Gutter | None = None
    for start in starts:
        if sum(starts.get(start + away, 0) for away in (-2, -1, 0, 1, 2)) < 3:
            continue
        for gutter in _gutters(pieces, start - 3.5, rules):
            if best is None or gutter.bottom - gutter.top > best.bottom - best.top:
                best = gutter
    return best


def _gutters(pieces: Sequence[tuple[Line, Cell]], x: float, rules: Sequence[Rule]) -> Iterator[_Gutter]:
    """The stretches of the page in which nothing crosses ``x`` and columns stand on both its sides."""
    crossing = sorted((cell.box.top, cell.box.bottom) for _, cell in pieces if cell.box.x0 < x < cell.box.x1 - 1)
    crossing.append((float("inf"), float("inf")))
    start = float("-inf")
    for top, bottom in crossing:
        if top > start:
            inside = [(line, cell) for line, cell in pieces if cell.box.top >= start - 2 and cell.box.bottom <= top + 2]
            left = [(line, cell) for line, cell in inside if cell.box.x1 <= x + 1]
            right = [(line, cell) for line, cell in inside if cell.box.x0 >= x]
            gutter = _between(left, right, x, rules)
            if gutter is not None:
                yield gutter
        start = max(start, bottom)


def _between(
    left: Sequence[tuple[Line, Cell]], right: Sequence[tuple[Line, Cell]], x: float, rules: Sequence[Rule]
) -> _Gutter | None:
    if len(left) < 3 or len(right) < 3:
        return None
    size = max(line.size for line, _ in (*left, *right))
    if min(cell.box.x0 for _, cell in right) - max(cell.box.x1 for _, cell in left) < max(6.0, 0.5 * size):
        return None
    top = min(cell.box.top for _, cell in (*left, *right))
    bottom = max(cell.box.bottom for _, cell in (*left, *right))
    height = min(_bottom(left), _bottom(right)) - max(_top(left), _top(right))
    if height < 4 * size:
        return None
    ruled = {round(r.box.top) for r in rules if r.horizontal and r.box.x0 < x - 20 and r.box.x1 > x + 20}
    if sum(top - 2 <= y <= bottom + 2 for y in ruled) >= 3:
        return None
    prose = _is_prose(left), _is_prose(right)
    if not any(prose):
        return None
    if not all(prose):
        bar, text = (right, left) if prose[0] else (left, right)
        figures = sum(not _LETTER.search(cell.text) for _, cell in bar)
        if len(bar) < 4 or height < 80 or figures > 0.4 * len(bar) or _in_step(bar, text) > 0.6:
            return None
        return _Gutter(x, top, bottom)
    return _Gutter(x, top, _end(left, right))


def _end(left: Sequence[tuple[Line, Cell]], right: Sequence[tuple[Line, Cell]]) -> float:
    """Where two columns end: before a heading that stands below the shorter one and opens what comes below both."""
    shorter, longer = sorted((left, right), key=_bottom)
    after = [line.box.top for line, cell in longer if cell.box.top >= _bottom(shorter) - 2 and line.bold]
    return min(after, default=_bottom(longer))


def _top(pieces: Sequence[tuple[Line, Cell]]) -> float:
    return min(cell.box.top for _, cell in pieces)


def _bottom(pieces: Sequence[tuple[Line, Cell]]) -> float:
    return max(cell.box.bottom for _, cell in pieces)


def _is_prose(pieces: Sequence[tuple[Line, Cell]]) -> bool:
    """Whether most of a column's lines are running text: long and with few figures."""
    long = [cell for _, cell in pieces if _is_long(cell.text)]
    return len(long) >= 3 and len(long) >= 0.5 * len(pieces)


def _is_long(text: str) -> bool:
    letters = sum(1.0 if has_cjk(char) else 0.5 for char in text)
    digits = sum(char.isdigit() for char in text)
    return letters >= _LONG and digits < 0.35 * len(text)


def _in_step(bar: Sequence[tuple[Line, Cell]], text: Sequence[tuple[Line, Cell]]) -> float:
    """The share of a column's lines that stand on the height of a line of the other, as in the rows of a table."""
    middles = [(cell.box.top + cell.box.bottom) / 2 for _, cell in text]
    level = sum(
        any(abs((cell.box.top + cell.box.bottom) / 2 - middle) <= 0.25 * line.size for middle in middles)
        for line, cell in bar
    )
    return level / len(bar)

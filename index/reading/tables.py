"""Tables on a page: which lines are theirs, and what stands in which cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.reading.headings import CAPTION, SOURCE
from index.reading.sheet import Rule
from index.text import has_cjk
from index.types import Line, Row, Table


@dataclass(frozen=True, slots=True)
class Found:
    """A table made of ``lines[start:end]``."""

    start: int
    end: int
    table: Table


def find_tables(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Found]:
    """The tables among the body lines of one page, in reading order; ``rules`` are the lines drawn on it.

    Runs of lines of several short cells, with few other lines between.
    """
    found: list[Found] = []
    index = 0
    while index < len(lines):
        if not _is_row(lines[index]):
            index += 1
            continue
        end, last, rows = index, index, 0
        while end < len(lines) and end - last <= 2 and not CAPTION.match(lines[end].text):
            if _is_row(lines[end]):
                rows, last = rows + 1, end
            elif not is_short(lines[end]) or SOURCE.match(lines[end].text):
                break
            end += 1
        if rows >= 2:
            start = _header_start(lines, index)
            found.append(Found(start, last + 1, _table(lines[start : last + 1])))
        index = last + 1
    return found


def _table(lines: Sequence[Line]) -> Table:
    width = max(len(line.cells) for line in lines)
    return Table(
        tuple(Row(tuple(c.text for c in line.cells) + ("",) * (width - len(line.cells)), line.box) for line in lines)
    )


def _header_start(lines: Sequence[Line], index: int) -> int:
    """The first of the short lines above a table that stand beside, not above, its first row: split header cells."""
    start = index
    while start > 0 and index - start < 6:
        line = lines[start - 1]
        if not is_short(line) or line.box.x0 < lines[index].box.x0 + 3 * line.size or CAPTION.match(line.text):
            break
        start -= 1
    return start


def _is_row(line: Line) -> bool:
    if len(line.cells) < 2:
        return False
    longest = max(len(cell.text) for cell in line.cells)
    return longest <= (30 if has_cjk(line.text) else 90) and not CAPTION.match(line.text)


def is_short(line: Line) -> bool:
    """Whether a line is too short to be running text."""
    return len(line.text) <= (24 if has_cjk(line.text) else 70) and not line.text.endswith(("。", "；"))

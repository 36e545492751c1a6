"""Which printed lines belong to one paragraph."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from index.reading.marks import BULLET, CAPTION, NEVER, NUMBERED, SOURCE, is_prose
from index.reading.runins import run_in
from index.text import has_cjk
from index.types import Line

_TERMINAL = ("。", "！", "？", ".", "!", "?", "：", ":", "；", ";")
_FULL_STOP = ("。", "！", "？", ".", "!", "?", "”")
_LIST_MARK = re.compile(r"^[•●○▪■◆➢►✓·]")


class Flow:
    """The lines of one page in reading order, and which of them goes on with the one before."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self._right = _right_edges(lines)
        self._pitch = _pitch(lines)
        self._indents = self._first_line_indents()

    def continues(self, index: int) -> bool:
        """Whether the line at ``index`` goes on with the paragraph of the line before it."""
        return index > 0 and self._follows(self.lines[index - 1], self.lines[index], self._indents)

    def end(self, start: int, stop: int) -> int:
        """The index after the last line of the paragraph that begins at ``start``, at most ``stop``."""
        end = start + 1
        while end < stop and self.continues(end) and not CAPTION.match(self.lines[end].text):
            end += 1
        return end

    def full(self, index: int) -> bool:
        """Whether the line at ``index`` was broken only because the next line's first word did not fit."""
        return index + 1 < len(self.lines) and self._full(self.lines[index], self.lines[index + 1])

    def _follows(self, last: Line, line: Line, indents: frozenset[int]) -> bool:
        if _parted(last, line):
            return False
        if line.box.bottom < last.box.top:  # the next column
            return not last.text.endswith(_TERMINAL)
        if line.box.x0 >= last.box.x1 or line.box.x1 <= last.box.x0 or line.box.top < last.box.top + 0.3 * line.size:
            return False  # beside it
        if last.text.endswith(_FULL_STOP) and line.box.top - last.box.top > 1.18 * self._pitch * line.size:
            return False
        indented = line.box.x0 - last.box.x0 > 1.2 * line.size and not BULLET.match(last.text)
        return not indented and round(line.box.x0) not in indents and self._full(last, line)

    def _full(self, line: Line, following: Line) -> bool:
        word = following.text[:1] if has_cjk(following.text[:1]) else following.text.split(" ", 1)[0]
        width = line.size * sum(1.0 if has_cjk(char) else 0.55 for char in word)
        room = self._right.get(line.box.x0, line.box.x1) - line.box.x1
        return room < max(width, 1.2 * line.size) + 0.8 * line.size

    def _first_line_indents(self) -> frozenset[int]:
        """Where the first lines of paragraphs begin, in points, when they are set in from the others."""
        found: Counter[int] = Counter()
        for first, second in pairwise(self.lines):
            inset = first.box.x0 - second.box.x0
            if (
                1.2 * first.size < inset < 3.2 * first.size
                and not _LIST_MARK.match(first.text)
                and self._follows(first, second, frozenset())
            ):
                found[round(first.box.x0)] += 1
        common = {x for x, count in found.items() if count >= 2}
        return frozenset(near for x in common for near in (x - 1, x, x + 1))


def _pitch(lines: Sequence[Line]) -> float:
    """How far apart the lines of one paragraph begin, in font sizes: the most common step from a line to the next."""
    steps = Counter(
        round((below.box.top - line.box.top) / line.size, 1)
        for line, below in pairwise(lines)
        if line.size > 0
        and abs(line.size - below.size) < 0.3
        and 0.8 < (below.box.top - line.box.top) / line.size < 2.6
    )
    common = steps.most_common(1)
    return common[0][0] if common and common[0][1] >= 3 else 99.0


def _parted(last: Line, line: Line) -> bool:
    """Whether what two lines say or their type shows that the second does not go on with the first."""
    if BULLET.match(line.text) or SOURCE.match(line.text) or abs(line.size - last.size) > max(0.7, 0.08 * line.size):
        return True
    if (len(last.cells) > 1 and len(line.cells) > 1) or line.box.top - last.box.bottom > 1.3 * line.size:
        return True
    terminal = last.text.endswith(_TERMINAL)
    back = 1.2 * line.size < last.box.x0 - line.box.x0 < 4 * line.size  # from a first line's indent
    if _wholly_marked(last) and (NEVER.search(last.text) or not (_marked(line) or line.lead or back)):
        return True  # a heading that fills its line
    if terminal and _wholly_marked(line) and not (_marked(last) or last.lead):
        return True
    if "@" in last.text or ("@" in line.text and len(line.text) < 50):
        return True
    if NUMBERED.match(line.text) and (terminal or (NUMBERED.match(last.text) and not is_prose(last))):
        return True
    return terminal and run_in([line]) != ""


def _marked(line: Line) -> bool:
    return line.bold or line.italic


def _wholly_marked(line: Line) -> bool:
    """Whether all of a line is bold or italic, not only most of it."""
    return _marked(line) and not line.lead


def _right_edges(lines: Sequence[Line]) -> dict[float, float]:
    """For the left edge of every line, where full lines that begin near it end, in points."""
    edges = {}
    for line in lines:
        if line.box.x0 not in edges:
            reach = 2.6 * line.size
            ends = sorted(o.box.x1 for o in lines if abs(o.box.x0 - line.box.x0) <= reach and len(o.cells) <= 1)
            edges[line.box.x0] = ends[int(0.9 * (len(ends) - 1))] if ends else line.box.x1
    return edges

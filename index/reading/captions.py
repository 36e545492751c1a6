"""Captions and sources of charts and tables: parted where they stand side by side, put together where they belong."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.reading.columns import part
from index.reading.marks import BULLET, CAPTION, CHINESE_NUMBER, SOURCE, is_prose
from index.types import Cell, Line

_NUMBER_ALONE = re.compile(
    rf"^(?:(?:item|note|part)\s+[\dIVX]+[A-C]?\s*[.:—–-]*|\d{{1,2}}(?:\.\d{{1,2}}){{0,2}}[.、]?|[{CHINESE_NUMBER}]+、)$",
    re.IGNORECASE,
)
_LABEL_LINES = 120  # lines of a chart's labels that may stand between captions and sources


@dataclass(slots=True)
class Piece:
    """A caption or a source: its lines, and the index of the line at which it begins."""

    start: int
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines as one text."""
        from index.text import join

        text = ""
        for line in self.lines:
            text = join(text, line.text)
        return text


@dataclass(frozen=True, slots=True)
class Bank:
    """Captions that stand together, side by side or one under the other, and what lies below them.

    ``charts`` are the captions with their sources; ``labels`` the lines between, ``end`` the index after the last line.
    """

    captions: tuple[Piece, ...]
    sources: tuple[Piece, ...]
    labels: tuple[Line, ...]
    end: int

    def charts(self) -> Iterator[tuple[Piece, list[Piece]]]:
        """Every caption with its sources: the same one in order where there are as many, else the nearest above."""
        owned: list[list[Piece]] = [[] for _ in self.captions]
        rows = len(self.sources) // len(self.captions)
        for index, source in enumerate(self.sources):
            if len(self.captions) == 1:
                owned[0].append(source)
            elif len(self.sources) == rows * len(self.captions) and rows:
                owned[index % len(self.captions) if rows == 1 else _nearest(self.captions, source)].append(source)
            else:
                owned[_nearest(self.captions, source)].append(source)
        yield from zip(self.captions, owned, strict=True)


def _nearest(captions: Sequence[Piece], source: Piece) -> int:
    """Which caption a source stands under: the one that begins nearest to it, the last of several."""
    x0 = source.lines[0].box.x0
    return min(range(len(captions)), key=lambda i: (round(abs(captions[i].lines[0].box.x0 - x0) / 12), -i))


def part_captions(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, with captions and sources that share a line with something else made lines of their own.

    A heading and its number are one cell, however far apart they stand.
    """
    for line in lines:
        if len(line.cells) == 2 and line.bold and _NUMBER_ALONE.match(line.cells[0].text):
            yield replace(line, cells=(Cell(line.text, line.box),))  # a heading with a wide gap after its number
            continue
        marked = [bool(CAPTION.match(cell.text) or SOURCE.match(cell.text)) for cell in line.cells]
        if len(line.cells) > 1 and any(marked[1:] or marked[:1]) and _side_by_side(line, marked):
            for cell in line.cells:
                yield part(line, (cell,))
        else:
            yield line


def _side_by_side(line: Line, marked: Sequence[bool]) -> bool:
    """Whether the cells of a line are captions or sources of several charts rather than the words of one."""
    return sum(marked) > 1 or (any(marked[1:]) and len(line.cells) <= 3)


def find_bank(lines: Sequence[Line], start: int, stop: int) -> Bank:
    """The captions that begin at ``start`` (a caption) with what belongs to them before ``stop``."""
    captions: list[Piece] = []
    sources: list[Piece] = []
    labels: list[Line] = []
    index = end = start
    while index < stop:
        line = lines[index]
        owner = _wrapped(line, sources or captions)
        if CAPTION.match(line.text):
            if sources or labels:
                break
            captions.append(Piece(index, [line]))
            end = index + 1
        elif SOURCE.match(line.text):
            sources.append(Piece(index, [line]))
            end = index + 1
        elif owner is not None:
            owner.lines.append(line)
            end = index + 1
        elif sources or not _is_label(line, captions) or len(labels) >= _LABEL_LINES:
            break
        else:
            labels.append(line)
        index += 1
    if not sources:
        return Bank(tuple(captions), (), (), end)
    return Bank(tuple(captions), tuple(sources), tuple(labels), end)


def _wrapped(line: Line, pieces: Sequence[Piece]) -> Piece | None:
    """The caption or source whose next line this is."""
    for piece in pieces:
        last = piece.lines[-1]
        below = line.box.top - last.box.bottom
        same = abs(line.size - last.size) <= 0.5 and (line.bold, line.italic) == (last.bold, last.italic)
        aligned = abs(line.box.x0 - piece.lines[0].box.x0) <= 2 * line.size or _same_middle(line, last)
        if same and aligned and -0.4 * line.size <= below <= 0.75 * line.size and len(line.cells) <= 1:
            return piece if _runs_on(last, line) else None
    return None


def _same_middle(line: Line, other: Line) -> bool:
    return abs((line.box.x0 + line.box.x1) - (other.box.x0 + other.box.x1)) <= 12


def _runs_on(last: Line, line: Line) -> bool:
    """Whether a caption's or source's line was too full for the next one's first words."""
    if BULLET.match(line.text) or last.text.endswith(("。", ".")):
        return False
    return line.box.x1 - line.box.x0 <= 1.1 * (last.box.x1 - last.box.x0)


def _is_label(line: Line, captions: Sequence[Piece]) -> bool:
    """Whether a line between a caption and its source is part of the picture: small, or short and no sentence."""
    small = line.size <= 0.85 * captions[0].lines[0].size
    return (small and not line.text.endswith("。")) or not (is_prose(line) or line.bold)

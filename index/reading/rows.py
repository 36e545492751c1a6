"""Printed lines as rows of a table: pieces at one height, and what kind of thing stands in them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from index.reading.cells import AFTER_FIGURE, BEFORE_FIGURE, SIGN_GAP
from index.text import join
from index.types import Box, Cell, Line, around

_NUMBER = r"(?:\d(?:[\d,，]*\d)?(?:\.\d+)?|\.\d+)"
_UNITS = r"(?:%|％|x|X|倍|bps?|pp|pts?|pct|个百分点|亿元?|万元?|元|百万元?|千元?|million|billion|万吨|吨|家|人|[GM]Wh?)"
_AMOUNT = rf"(?:US\$|HK\$|RMB|[$¥￥€£])?\s*[(（]?\s*[$¥￥€£]?\s*[-+–−~<>]?\s*{_NUMBER}\s*{_UNITS}?\s*[)）]?\s*{_UNITS}?"
_VALUE = re.compile(rf"^{_AMOUNT}(?:\s*(?:[-–~～至]|to|and)\s*{_AMOUNT})?\s*(?:\([a-z\d*]{{1,2}}\)|\*+|[a-zEFAP])?$")
_DASH = re.compile(r"^[(（]?\s*[$¥￥€£]?\s*(?:[-–—―－]+|[Nn]/?[AaMm]|N\.M\.|n\.m\.|\*+|不适用|无)\s*[)）]?\s*%?$")
_YEAR = re.compile(
    r"^(?:(?:19|20)\d\d\s*[AEFaef]?(?:年(?:度|末|初)?)?|(?:19|20)\d\d[/.-]\d{1,2}(?:[/.-]\d{1,2})?"
    r"|\d{1,2}/\d{1,2}/(?:\d\d){1,2}|[1-4][QH]\d{2,4}[AEF]?|(?:FY|CY)\s?\d{2,4}[AEF]?|(?:19|20)\d\d[QH][1-4][AEF]?)$"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell's text or a part of it, with the index of its line, its font size in points and its weight."""

    text: str
    box: Box
    line: int
    size: float
    bold: bool = False

    @property
    def middle(self) -> float:
        """The middle from left to right, in points."""
        return (self.box.x0 + self.box.x1) / 2

    @property
    def is_value(self) -> bool:
        """Whether it is a figure, or a dash where one could be; a year alone is none."""
        return not _YEAR.match(self.text) and bool(_VALUE.match(self.text) or _DASH.match(self.text))

    @property
    def is_figure(self) -> bool:
        """Whether it is a value or a year."""
        return bool(_VALUE.match(self.text) or _DASH.match(self.text) or _YEAR.match(self.text))

    @property
    def is_period(self) -> bool:
        """Whether it is a year, a quarter or a date and nothing else."""
        return bool(_YEAR.match(self.text))


@dataclass(frozen=True)
class Band:
    """Pieces that stand at one height, from left to right, out of ``lines[start:end]``."""

    pieces: tuple[Piece, ...]
    start: int
    end: int

    @cached_property
    def box(self) -> Box:
        """What frames the pieces."""
        return around([piece.box for piece in self.pieces])

    @cached_property
    def size(self) -> float:
        """The largest font size in it, in points."""
        return max(piece.size for piece in self.pieces)

    @cached_property
    def values(self) -> tuple[Piece, ...]:
        """Its figures, but for one that stands first and numbers the row."""
        return tuple(piece for piece in self.pieces if piece.is_value)

    @cached_property
    def is_body(self) -> bool:
        """Whether it is a row with figures: a label and a figure, or two figures."""
        return len(self.pieces) >= 2 and any(piece.is_value for piece in self.pieces[1:])

    @property
    def text(self) -> str:
        """All pieces with spaces between."""
        return " ".join(piece.text for piece in self.pieces)


def pieces_of(line: Line, index: int) -> list[Piece]:
    """The pieces of a line that stands at ``index``."""
    cells = line.cells or (Cell(line.text, line.box),)
    return [Piece(cell.text, cell.box, index, line.size, line.bold) for cell in cells if cell.text]


def bands(lines: Sequence[Line], start: int, end: int) -> list[Band]:
    """``lines[start:end]`` as bands: lines that stand at one height beside each other are one.

    The file may hold the parts of a row a few lines apart.
    """
    found: list[Band] = []
    for index in range(start, end):
        pieces = pieces_of(lines[index], index)
        if not pieces:
            continue
        box = lines[index].box
        place = next((i for i in range(len(found) - 1, max(-1, len(found) - 4), -1) if _beside(found[i], box)), None)
        if place is not None:
            band = found[place]
            merged = sorted((*band.pieces, *pieces), key=lambda piece: piece.box.x0)
            found[place] = Band(tuple(_touching(merged)), band.start, index + 1)
        else:
            found.append(Band(tuple(pieces), index, index + 1))
    return found


def _touching(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces of different lines that are one: a raised part of a word, a sign and the figure beside it."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last is not None and last.line != piece.line and _are_one(last, piece):
            found[-1] = replace(last, text=last.text + piece.text, box=around((last.box, piece.box)))
        else:
            found.append(piece)
    return found


def _are_one(left: Piece, right: Piece) -> bool:
    gap = (right.box.x0 - left.box.x1) / right.size
    return gap < 0.15 or left.text in BEFORE_FIGURE or (gap <= SIGN_GAP and right.text in AFTER_FIGURE)


def _beside(band: Band, box: Box) -> bool:
    return overlap(band.box, box) >= 0.5 and all(
        box.x0 >= piece.box.x1 - 1 or box.x1 <= piece.box.x0 + 1 for piece in band.pieces
    )


def overlap(one: Box, other: Box) -> float:
    """How far two boxes share their height: 0 for not at all, 1 when the lower one lies within the other's."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared / max(0.1, min(one.bottom - one.top, other.bottom - other.top))


def read_cell(pieces: Iterable[Piece]) -> str:
    """The text of one cell, whose pieces may stand on several lines."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.box.top + piece.box.bottom) / 2):
        if rows and overlap(rows[-1][0].box, piece.box) >= 0.4:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    text = ""
    for row in rows:
        line, edge = "", 0.0
        for piece in sorted(row, key=lambda piece: piece.box.x0):
            close = line and piece.box.x0 - edge < 0.25 * piece.size
            line = line + piece.text if close else f"{line} {piece.text}".strip()
            edge = piece.box.x1
        text = join(text, line)
    return text

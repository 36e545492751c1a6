"""The characters of a PDF page with their fonts, to printed lines."""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.reading.placement import Placement
from index.reading.sheet import Sheet
from index.text import clean
from index.types import Box, Cell, Line, around

_CURRENCY = "$¥￥€£"
GAP = 1.1  # in font sizes: a wider gap inside a line parts two cells
_BOLD_NAMES = ("bold", "heavy", "black", "simhei", "heiti", "-hei", "demi")


@dataclass(slots=True)
class _Run:
    """Characters of one printed line until a gap: one cell of a table, or the whole line."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float


def sheet(page: Any, number: int) -> Sheet:
    """The lines of one page (a pypdfium2 page, closed afterwards) in the order the file holds them."""
    width, height = page.get_size()
    textpage = page.get_textpage()
    try:
        lines = tuple(_lines(textpage, Placement.of(page)))
    finally:
        textpage.close()
        page.close()
    return Sheet(number, width, height, lines)


def _lines(textpage: Any, placement: Placement) -> Iterator[Line]:
    from pypdfium2 import raw

    handle = textpage.raw
    box = raw.FS_RECTF()
    box_pointer = ctypes.byref(box)
    style = _Style(handle, placement)
    current: list[tuple[str, float, float, float, float]] = []
    sizes: dict[tuple[float, bool], int] = {}
    for index in range(textpage.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(handle, index))
        if char == "\x02":
            char = "-"  # PDFium's mark for a hyphen that ends a line
        if char in "\r\n":
            if current and char == "\n":
                yield from _finish(current, sizes)
                current, sizes = [], {}
            continue
        if char.isspace() or char == "\x00":
            if current:
                current.append((" ", *current[-1][1:]))  # generated spaces have no place of their own
            continue
        raw.FPDFText_GetLooseCharBox(handle, index, box_pointer)
        size, bold, upright = style.at(index)
        if not upright:
            continue
        x0, top, x1, bottom = placement.box(box.left, box.bottom, box.right, box.top)
        if current and _new_line(current[-1], x0, top, bottom, size):
            yield from _finish(current, sizes)
            current, sizes = [], {}
        current.append((char, x0, top, x1, bottom))
        sizes[size, bold] = sizes.get((size, bold), 0) + 1
    yield from _finish(current, sizes)


def _new_line(last: tuple[str, float, float, float, float], x0: float, top: float, bottom: float, size: float) -> bool:
    """Whether a character stands on another line than the last one: no vertical overlap, or far to its left."""
    overlap = min(last[4], bottom) - max(last[2], top)
    smaller = min(last[4] - last[2], bottom - top)
    return (smaller > 0 and overlap < 0.2 * smaller) or x0 < last[1] - 3 * size


def _finish(
    chars: list[tuple[str, float, float, float, float]], sizes: dict[tuple[float, bool], int]
) -> Iterator[Line]:
    if not sizes:
        return
    (size, _), _ = max(sizes.items(), key=lambda item: item[1])
    bold = sum(count for (_, heavy), count in sizes.items() if heavy) > 0.6 * sum(sizes.values())
    runs: list[_Run] = []
    space = False
    for char, x0, top, x1, bottom in chars:
        if char == " ":
            space = True
            continue
        if runs and x0 - runs[-1].x1 <= GAP * size:
            run = runs[-1]
            run.text += (" " if space else "") + char
            run.x0, run.top = min(run.x0, x0), min(run.top, top)
            run.x1, run.bottom = max(run.x1, x1), max(run.bottom, bottom)
        else:
            runs.append(_Run(char, x0, top, x1, bottom))
        space = False
    runs = [run for run in runs if clean(run.text)]
    if not runs:
        return
    line_box = around([Box(run.x0, run.top, run.x1, run.bottom) for run in runs])
    cells = _cells([Cell(clean(run.text), Box(run.x0, run.top, run.x1, run.bottom)) for run in runs])
    yield Line(clean(" ".join(run.text for run in runs)), line_box, round(size, 1), bold, cells)


def _cells(pieces: list[Cell]) -> tuple[Cell, ...]:
    """Cells of a row: a currency sign joins the figure after it, a percent sign or bracket the one before."""
    cells: list[Cell] = []
    for piece in pieces:
        if cells and piece.text in {"%", ")", ")%", "％"}:
            cells[-1] = Cell(cells[-1].text + piece.text, around((cells[-1].box, piece.box)))
        elif cells and cells[-1].text[-1] in _CURRENCY:
            sign, before = cells[-1].text[-1], cells[-1].text[:-1].rstrip()
            last = cells.pop()
            box = piece.box if before else around((last.box, piece.box))
            cells += [Cell(before, last.box)] * bool(before) + [Cell(sign + piece.text, box)]
        else:
            cells.append(piece)
    return tuple(cells)


class _Style:
    """Font size in points, weight and direction of characters, looked up once for each text object."""

    def __init__(self, handle: Any, placement: Placement) -> None:
        from pypdfium2 import raw

        self._raw, self._handle, self._placement = raw, handle, placement
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self._object: int | None = None
        self._style = (10.0, False, True)

    def at(self, index: int) -> tuple[float, bool, bool]:
        """(size, bold, upright) of the character at ``index``."""
        pointer = self._raw.FPDFText_GetTextObject(self._handle, index)
        address = ctypes.cast(pointer, ctypes.c_void_p).value
        if address is None or address == self._object:
            return self._style  # a generated space has no object of its own
        self._object = address
        raw, handle, matrix = self._raw, self._handle, self._matrix
        size, upright = raw.FPDFText_GetFontSize(handle, index), True
        if raw.FPDFText_GetMatrix(handle, index, ctypes.byref(matrix)):
            size *= math.hypot(matrix.c, matrix.d) or 1.0
            upright = self._placement.upright(matrix.a, matrix.b)
        raw.FPDFText_GetFontInfo(handle, index, self._name, 128, ctypes.byref(self._flags))
        name = self._name.value.decode("latin-1").lower()
        weight = raw.FPDFText_GetFontWeight(handle, index)
        bold = weight >= 600 or any(word in name for word in _BOLD_NAMES)
        self._style = (size, bold, upright)
        return self._style

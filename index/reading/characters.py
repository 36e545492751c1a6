"""The characters of a PDF page with their fonts, to printed lines."""

import ctypes
import math
from collections.abc import Iterator, Sequence
from typing import Any

from index.reading.cells import cells_of
from index.reading.placement import Placement
from index.reading.rules import page_rules
from index.reading.sheet import Sheet
from index.text import clean
from index.types import Box, Line, around

_BOLD_NAMES = ("bold", "heavy", "black", "simhei", "heiti", "-hei", "demi")


def sheet(page: Any, number: int) -> Sheet:
    """The lines of one page (a pypdfium2 page, closed afterwards) in the order the file holds them, and its rules."""
    width, height = page.get_size()
    textpage = page.get_textpage()
    try:
        placement = Placement.of(page)
        rules = page_rules(page, placement, width, height)
        walls = [rule.box for rule in rules if not rule.horizontal and not rule.filled]
        lines = tuple(_lines(textpage, placement, walls))
    finally:
        textpage.close()
        page.close()
    return Sheet(number, width, height, lines, rules)


def _lines(textpage: Any, placement: Placement, walls: Sequence[Box]) -> Iterator[Line]:
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
                yield from _finish(current, sizes, walls)
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
            yield from _finish(current, sizes, walls)
            current, sizes = [], {}
        current.append((char, x0, top, x1, bottom))
        sizes[size, bold] = sizes.get((size, bold), 0) + 1
    yield from _finish(current, sizes, walls)


def _new_line(last: tuple[str, float, float, float, float], x0: float, top: float, bottom: float, size: float) -> bool:
    """Whether a character stands on another line than the last one: no vertical overlap, or far to its left."""
    overlap = min(last[4], bottom) - max(last[2], top)
    smaller = min(last[4] - last[2], bottom - top)
    return (smaller > 0 and overlap < 0.2 * smaller) or x0 < last[1] - 3 * size


def _finish(
    chars: list[tuple[str, float, float, float, float]],
    sizes: dict[tuple[float, bool], int],
    walls: Sequence[Box],
) -> Iterator[Line]:
    if not sizes:
        return
    (size, _), _ = max(sizes.items(), key=lambda item: item[1])
    bold = sum(count for (_, heavy), count in sizes.items() if heavy) > 0.6 * sum(sizes.values())
    cells = cells_of(((char, Box(*place)) for char, *place in chars), size, walls)
    text = clean("".join(char for char, *_ in chars))
    if cells:
        yield Line(text, around([cell.box for cell in cells]), round(size, 1), bold, cells)


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

"""The characters of a PDF page with their fonts, to printed lines."""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from index.reading.cells import cells_of
from index.reading.placement import Placement
from index.reading.rules import page_rules
from index.reading.sheet import Sheet
from index.text import clean, has_cjk
from index.types import Box, Cell, Line, around

_BOLD_NAMES = ("bold", "heavy", "black", "simhei", "heiti", "-hei", "demi")
_ITALIC_NAMES = ("italic", "oblique")
_FILL_AND_STROKE = 2  # text render mode of ISO 32000-1, table 106: how bold is made of a font without a bold face


class _Look(NamedTuple):
    """How a text object is printed: size in points, weight, slant, colour as 0xRRGGBB, opacity and direction."""

    size: float = 10.0
    bold: bool = False
    italic: bool = False
    colour: int = 0
    opacity: int = 255
    upright: bool = True
    slanted: bool = False

    @property
    def marked(self) -> bool:
        """Whether it stands out from plain type."""
        return self.bold or self.italic

    @property
    def pale(self) -> bool:
        """Whether it is near to white but not white, or see-through."""
        red, green, blue = self.colour >> 16, self.colour >> 8 & 255, self.colour & 255
        light = (0.299 * red + 0.587 * green + 0.114 * blue) / 255
        return 0.72 <= light < 0.98 or self.opacity < 128


class _Char(NamedTuple):
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    look: _Look


def sheet(page: Any, number: int) -> Sheet:
    """The lines of one page (a pypdfium2 page, closed afterwards) in the order the file holds them, and its rules."""
    width, height = page.get_size()
    textpage = page.get_textpage()
    slanted: list[_Char] = []
    try:
        placement = Placement.of(page)
        rules = page_rules(page, placement, width, height)
        walls = [rule.box for rule in rules if not rule.horizontal and not rule.filled]
        found = list(_lines(textpage, placement, walls, slanted))
    finally:
        textpage.close()
        page.close()
    pale = frozenset(index for index, (_, pale) in enumerate(found) if pale)
    return Sheet(number, width, height, tuple(line for line, _ in found), rules, tuple(_slanted(slanted)), pale)


def _lines(
    textpage: Any, placement: Placement, walls: Sequence[Box], slanted: list[_Char]
) -> Iterator[tuple[Line, bool]]:
    """Every line with whether it is pale; characters that run askew go into ``slanted``."""
    from pypdfium2 import raw

    handle = textpage.raw
    box = raw.FS_RECTF()
    box_pointer = ctypes.byref(box)
    style = _Style(handle, placement)
    current: list[_Char] = []
    for index in range(textpage.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(handle, index))
        if char == "\x02":
            char = "-"  # PDFium's mark for a hyphen that ends a line
        if char in "\r\n":
            if current and char == "\n":
                yield from _finish(current, walls)
                current = []
            continue
        if char.isspace() or char == "\x00":
            if current:
                current.append(_Char(" ", *current[-1][1:]))  # generated spaces have no place of their own
            continue
        raw.FPDFText_GetLooseCharBox(handle, index, box_pointer)
        look = style.at(index)
        x0, top, x1, bottom = placement.box(box.left, box.bottom, box.right, box.top)
        if not look.upright:
            if look.slanted:
                slanted.append(_Char(char, x0, top, x1, bottom, look))
            continue
        if current and _new_line(current[-1], x0, top, bottom, look.size):
            yield from _finish(current, walls)
            current = []
        current.append(_Char(char, x0, top, x1, bottom, look))
    yield from _finish(current, walls)


def _new_line(last: _Char, x0: float, top: float, bottom: float, size: float) -> bool:
    """Whether a character stands on another line than the last one: no vertical overlap, or far to its left."""
    overlap = min(last.bottom, bottom) - max(last.top, top)
    smaller = min(last.bottom - last.top, bottom - top)
    return (smaller > 0 and overlap < 0.2 * smaller) or x0 < last.x0 - 3 * size


def _finish(chars: list[_Char], walls: Sequence[Box]) -> Iterator[tuple[Line, bool]]:
    printed = [char for char in chars if char.text != " "]
    if not printed:
        return
    looks = Counter(char.look for char in printed)
    size = Counter(char.look.size for char in printed).most_common(1)[0][0]
    bold = sum(count for look, count in looks.items() if look.bold) > 0.6 * len(printed)
    italic = sum(count for look, count in looks.items() if look.italic) > 0.6 * len(printed)
    cells = cells_of(((char.text, Box(*char[1:5])) for char in chars), size, walls)
    if not cells:
        return
    text = clean("".join(char.text for char in chars))
    box = around([cell.box for cell in cells])
    look = looks.most_common(1)[0][0]
    yield Line(text, box, round(size, 1), bold, cells, italic, _lead(chars), look.colour), look.pale


def _lead(chars: list[_Char]) -> str:
    """The bold or italic words that begin a line of other type; "" when there are none or all of it is such."""
    end = 0
    for char in chars:
        if not char.look.marked and char.text.isalnum():
            break
        end += 1
    if end == len(chars):
        return ""
    while end and not chars[end - 1].look.marked:
        end -= 1
    return clean("".join(char.text for char in chars[:end]))


def _slanted(chars: list[_Char]) -> Iterator[Line]:
    """One line of each stretch of askew characters in one look."""
    start = 0
    for end in range(1, len(chars) + 1):
        if end == len(chars) or chars[end].look != chars[start].look:
            stretch = chars[start:end]
            joint = "" if has_cjk(stretch[0].text) else " "  # the gaps between askew words cannot be told
            text = clean("".join(char.text for char in stretch)) if not joint else clean(_spaced(stretch))
            box = around([Box(char.x0, char.top, char.x1, char.bottom) for char in stretch])
            if text:
                look = stretch[0].look
                cell = Cell(text, box)
                yield Line(text, box, round(look.size, 1), look.bold, (cell,), look.italic, "", look.colour)
            start = end


def _spaced(chars: list[_Char]) -> str:
    """Askew characters with a space where two stand further apart than a letter is wide."""
    text = ""
    for index, char in enumerate(chars):
        if index:
            before = chars[index - 1]
            if math.hypot(char.x0 - before.x0, char.top - before.top) > 1.15 * char.look.size:
                text += " "
        text += char.text
    return text


class _Style:
    """The look of characters, looked up once for each text object."""

    def __init__(self, handle: Any, placement: Placement) -> None:
        from pypdfium2 import raw

        self._raw, self._handle, self._placement = raw, handle, placement
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self._colour = tuple(ctypes.c_uint() for _ in range(4))
        self._object: int | None = None
        self._look = _Look()

    def at(self, index: int) -> _Look:
        """The look of the character at ``index``."""
        pointer = self._raw.FPDFText_GetTextObject(self._handle, index)
        address = ctypes.cast(pointer, ctypes.c_void_p).value
        if address is None or address == self._object:
            return self._look  # a generated space has no object of its own
        self._object = address
        raw, handle, matrix = self._raw, self._handle, self._matrix
        size, upright, slanted, leans = raw.FPDFText_GetFontSize(handle, index), True, False, False
        if raw.FPDFText_GetMatrix(handle, index, ctypes.byref(matrix)):
            size *= math.hypot(matrix.c, matrix.d) or 1.0
            upright = self._placement.upright(matrix.a, matrix.b)
            slanted = min(abs(matrix.a), abs(matrix.b)) > 0.2 * math.hypot(matrix.a, matrix.b)
            leans = abs(matrix.b) < 0.01 * abs(matrix.a) and matrix.c * matrix.a > 0.15 * abs(matrix.d * matrix.a)
        raw.FPDFText_GetFontInfo(handle, index, self._name, 128, ctypes.byref(self._flags))
        name = self._name.value.decode("latin-1").lower()
        weight = raw.FPDFText_GetFontWeight(handle, index)
        stroked = raw.FPDFTextObj_GetTextRenderMode(pointer) == _FILL_AND_STROKE
        bold = stroked or weight >= 600 or any(word in name for word in _BOLD_NAMES)
        italic = leans or any(word in name for word in _ITALIC_NAMES)
        colour, opacity = 0, 255
        if raw.FPDFText_GetFillColor(handle, index, *self._colour):
            red, green, blue, opacity = (part.value for part in self._colour)
            colour = red << 16 | green << 8 | blue
        self._look = _Look(size, bold, italic, colour, opacity, upright, slanted)
        return self._look

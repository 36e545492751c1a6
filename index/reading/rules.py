"""The straight lines drawn on a PDF page and the edges of its filled boxes: what tables are ruled with."""

import ctypes
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from index.reading.placement import Placement
from index.reading.sheet import Rule
from index.types import Box

THIN = 2.5  # points; a filled box at most this thick is a line
SHORTEST = 6.0  # points; what is shorter after joining is a tick or a dash
TOUCH = 1.0  # points between two pieces of one line
MOST_OBJECTS = 6000  # of a page that are looked at: more are a map or a chart
MOST_SEGMENTS = 400  # of one path; more are a curve
MOST_AREAS = 150  # of one colour, the widest, that others are looked for in
_DEEPEST_FORM = 3
_Colour = tuple[int, int, int, int]


class _Matrix(NamedTuple):
    """An affine map as PDF writes it: x' = ax + cy + e, y' = bx + dy + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def of(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, inner: "_Matrix") -> "_Matrix":
        """The map applied to what ``inner`` gives."""
        x, y = self.of(inner.e, inner.f)
        return _Matrix(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            x,
            y,
        )


def page_rules(page: Any, placement: Placement, width: float, height: float) -> tuple[Rule, ...]:
    """The rules of a pypdfium2 page whose shown size is given in points, pieces of one line joined, top to bottom."""
    return tuple(join_rules(_Paths(page, placement, width, height).rules()))


def join_rules(rules: Iterable[Rule]) -> list[Rule]:
    """Pieces that lie on one line and touch made one rule; what is then shorter than a tick left out."""
    joined: list[Rule] = []
    ways: dict[tuple[bool, bool], list[Rule]] = {}
    for rule in rules:
        ways.setdefault((rule.horizontal, rule.filled), []).append(rule)
    for (horizontal, filled), group in ways.items():
        at, start, end = (1, 0, 2) if horizontal else (0, 1, 3)
        group.sort(key=lambda rule: (round(rule.box[at] / 1.5), rule.box[start]))
        current: list[float] = []
        for rule in group:
            box = rule.box
            same = current and abs(box[at] - current[at]) <= 1.5 and box[start] <= current[end] + TOUCH
            if same:
                current[end] = max(current[end], box[end])
                continue
            if current:
                joined.append(Rule(Box(*current), horizontal, filled))
            current = list(box)
        if current:
            joined.append(Rule(Box(*current), horizontal, filled))
    long = [r for r in joined if max(r.box.x1 - r.box.x0, r.box.bottom - r.box.top) >= SHORTEST]
    return sorted(long, key=lambda rule: (rule.box.top, rule.box.x0))


class _Paths:
    """Walks the path objects of one page, those inside form XObjects too."""

    def __init__(self, page: Any, placement: Placement, width: float, height: float) -> None:
        from pypdfium2 import raw

        self._raw, self._page, self._placement = raw, page.raw, placement
        self._width, self._height = width, height
        self._left = MOST_OBJECTS
        self._floats = [ctypes.c_float() for _ in range(4)]
        self._ints = [ctypes.c_int() for _ in range(2)]
        self._bytes = [ctypes.c_uint() for _ in range(4)]
        self._matrix = raw.FS_MATRIX()
        self._shades: set[tuple[_Colour, int, int]] = set()  # colour, top and bottom of filled areas
        self._slivers: list[tuple[_Colour, Box]] = []
        self._areas: dict[_Colour | None, list[Box]] = {}

    def rules(self) -> Iterator[Rule]:
        """All rules, as they are drawn; slivers between areas of their own colour and height are parts of those."""
        raw = self._raw
        count = raw.FPDFPage_CountObjects(self._page)
        yield from self._objects((raw.FPDFPage_GetObject(self._page, i) for i in range(count)), _Matrix(), 0)
        for areas in self._areas.values():
            yield from self._edges(areas)
        for colour, box in self._slivers:
            if (colour, round(box.top), round(box.bottom)) not in self._shades:
                yield from self._on_page(box, False, filled=False)

    def _objects(self, objects: Iterable[Any], outer: _Matrix, depth: int) -> Iterator[Rule]:
        raw = self._raw
        for item in objects:
            kind = raw.FPDFPageObj_GetType(item)
            if kind not in {raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM}:
                continue
            self._left -= 1
            if self._left < 0:
                return
            if kind == raw.FPDF_PAGEOBJ_PATH:
                yield from self._path(item, outer)
            elif depth < _DEEPEST_FORM:
                inner = (raw.FPDFFormObj_GetObject(item, i) for i in range(raw.FPDFFormObj_CountObjects(item)))
                yield from self._objects(inner, outer.after(self._matrix_of(item)), depth + 1)

    def _matrix_of(self, item: Any) -> _Matrix:
        found = self._raw.FPDFPageObj_GetMatrix(item, ctypes.byref(self._matrix))
        m = self._matrix
        return _Matrix(m.a, m.b, m.c, m.d, m.e, m.f) if found else _Matrix()

    def _path(self, item: Any, outer: _Matrix) -> Iterator[Rule]:
        raw = self._raw
        fill, stroke = self._ints
        if not raw.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke)):
            return
        filled, stroked = bool(fill.value), bool(stroke.value)
        if not (filled or stroked) or not 2 <= raw.FPDFPath_CountSegments(item) <= MOST_SEGMENTS:
            return
        colour = self._colour(item, stroked)
        if colour is not None and (min(colour[:3]) >= 253 or colour[3] < 8):
            return  # white or see-through: no line that a reader sees
        corners = self._bounds(item, outer)
        if corners is None:
            return
        x0, top, x1, bottom = corners
        if x1 - x0 <= THIN < bottom - top and not stroked and colour is not None:
            self._slivers.append((colour, corners))
        elif min(x1 - x0, bottom - top) <= THIN:  # one line, or several of one direction at the same place
            yield from self._on_page(corners, x1 - x0 >= bottom - top, filled=False)
        elif stroked:
            for box, horizontal in self._segments(item, outer):
                yield from self._on_page(box, horizontal, filled=False)
        else:
            self._areas.setdefault(colour, []).append(corners)
            if colour is not None:
                self._shades.add((colour, round(top), round(bottom)))

    def _edges(self, areas: list[Box]) -> Iterator[Rule]:
        """The upper and lower edges of areas of one colour, but for those inside another such area."""
        wide = sorted(areas, key=lambda box: box.x0 - box.x1)[:MOST_AREAS]
        for box in areas:
            for edge in (box.top, box.bottom):
                inside = any(
                    other.top + 0.7 < edge < other.bottom - 0.7 and other.x0 <= box.x0 + 1 and other.x1 >= box.x1 - 1
                    for other in wide
                )
                if not inside:
                    yield from self._on_page(Box(box.x0, edge, box.x1, edge), True, filled=True)

    def _colour(self, item: Any, stroked: bool) -> _Colour | None:
        """Red, green, blue and opacity, 0 to 255."""
        colour = self._raw.FPDFPageObj_GetStrokeColor if stroked else self._raw.FPDFPageObj_GetFillColor
        parts = self._bytes
        if not colour(item, *(ctypes.byref(part) for part in parts)):
            return None
        return parts[0].value, parts[1].value, parts[2].value, parts[3].value

    def _bounds(self, item: Any, outer: _Matrix) -> Box | None:
        left, bottom, right, top = self._floats
        pointers = [ctypes.byref(value) for value in self._floats]
        if not self._raw.FPDFPageObj_GetBounds(item, *pointers):
            return None
        return self._box(outer.of(left.value, bottom.value), outer.of(right.value, top.value))

    def _box(self, first: tuple[float, float], second: tuple[float, float]) -> Box:
        (xa, ya), (xb, yb) = first, second
        return self._placement.box(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))

    def _segments(self, item: Any, outer: _Matrix) -> Iterator[tuple[Box, bool]]:
        """The level and upright straight pieces of a stroked path."""
        raw = self._raw
        place = outer.after(self._matrix_of(item))
        x, y = self._floats[:2]
        start: tuple[float, float] | None = None
        points: list[tuple[tuple[float, float], bool]] = []  # a point, and whether a straight line leads to it
        for index in range(raw.FPDFPath_CountSegments(item)):
            segment = raw.FPDFPath_GetPathSegment(item, index)
            raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            kind = raw.FPDFPathSegment_GetType(segment)
            point = place.of(x.value, y.value)
            points.append((point, kind == raw.FPDF_SEGMENT_LINETO))
            if kind == raw.FPDF_SEGMENT_MOVETO:
                start = point
            if start is not None and raw.FPDFPathSegment_GetClose(segment):
                points.append((start, kind == raw.FPDF_SEGMENT_LINETO))
        for (before, _), (after, straight) in pairwise(points):
            box = self._box(before, after)
            wide, high = box.x1 - box.x0, box.bottom - box.top
            if straight and min(wide, high) <= 0.5 and max(wide, high) >= TOUCH:
                yield box, wide >= high

    def _on_page(self, box: Box, horizontal: bool, *, filled: bool) -> Iterator[Rule]:
        x0, x1 = max(0.0, box.x0), min(self._width, box.x1)
        top, bottom = max(0.0, box.top), min(self._height, box.bottom)
        if x0 <= x1 and top <= bottom:
            middle = (top + bottom) / 2 if horizontal else (x0 + x1) / 2
            thin = Box(x0, middle, x1, middle) if horizontal else Box(middle, top, middle, bottom)
            yield Rule(thin, horizontal, filled)

"""The characters of one printed line to cells: wide gaps and upright rules part them, signs stay with figures."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.text import clean
from index.types import Box, Cell, around

GAP = 1.1  # in font sizes: a wider gap inside a line parts two cells
_ROW_GAP = 0.55  # in a line that wide gaps part in three or more, a narrower one parts cells too
SIGN_GAP = 2.5  # in font sizes, between a figure and its percent sign
_CURRENCY = "$¥￥€£"
BEFORE_FIGURE = frozenset((*_CURRENCY, "(", "（", "$("))
AFTER_FIGURE = frozenset(("%", ")", ")%", "％", "）"))
_FIGURE = re.compile(r"[$¥￥€£]?\(?[$¥￥€£]?-?\d[\d,]*(?:\.\d+)?%?\)?%?$|[$¥￥€£]?[—–]$")


@dataclass(slots=True)
class _Run:
    """Characters of one printed line until a gap: one cell of a table, or the whole line."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    spots: list[tuple[float, float]]  # left and right edge of every character of the text

    @property
    def cell(self) -> Cell:
        return Cell(clean(self.text), Box(self.x0, self.top, self.x1, self.bottom))


def cells_of(chars: Iterable[tuple[str, Box]], size: float, walls: Sequence[Box]) -> tuple[Cell, ...]:
    """The cells of one line's characters (spaces have any box), printed ``size`` points large.

    ``walls`` are the upright rules on the page, in points.
    """
    chars = list(chars)
    runs = _runs(chars, size, walls, GAP)
    if len(runs) > 2:
        runs = _runs(chars, size, walls, _ROW_GAP)
    if len(runs) > 1:
        runs = [part for run in runs for part in _figures_apart(run)]
    return _joined([run.cell for run in runs if clean(run.text)], size)


def _runs(chars: Sequence[tuple[str, Box]], size: float, walls: Sequence[Box], gap: float) -> list[_Run]:
    printed = [box for char, box in chars if char != " "]
    middle = sum((box.top + box.bottom) / 2 for box in printed) / max(1, len(printed))
    crossing = [wall.x0 for wall in walls if wall.top <= middle <= wall.bottom]
    runs: list[_Run] = []
    space = False
    for char, (x0, top, x1, bottom) in chars:
        if char == " ":
            space = True
            continue
        run = runs[-1] if runs else None
        walled = run is not None and any(max(run.x0, run.x1 - 0.5 * size) < x < (x0 + x1) / 2 for x in crossing)
        if run is not None and not walled and x0 - run.x1 <= gap * size:
            run.spots += [(run.x1, x0)] * space + [(x0, x1)]
            run.text += (" " if space else "") + char
            run.x0, run.top = min(run.x0, x0), min(run.top, top)
            run.x1, run.bottom = max(run.x1, x1), max(run.bottom, bottom)
        else:
            runs.append(_Run(char, x0, top, x1, bottom, [(x0, x1)]))
        space = False
    return runs


def _figures_apart(run: _Run) -> list[_Run]:
    """Figures of two columns less than a wide gap apart, and a currency sign before the next column's figure.

    Each becomes a run of its own; a run of other text stays as it is.
    """
    words = list(re.finditer(r"\S+", run.text))
    if len(words) > 1 and all(_FIGURE.match(word[0]) or word[0] in _CURRENCY for word in words):
        spans = [word.span() for word in words]
    elif len(words) > 1 and words[-1][0] in _CURRENCY:
        spans = [(words[0].start(), words[-2].end()), words[-1].span()]
    else:
        return [run]
    return [
        _Run(run.text[a:b], run.spots[a][0], run.top, run.spots[b - 1][1], run.bottom, run.spots[a:b]) for a, b in spans
    ]


def _joined(pieces: Sequence[Cell], size: float) -> tuple[Cell, ...]:
    """A currency sign or opening bracket joined to the figure after it, a percent sign or bracket to the one before."""
    cells: list[Cell] = []
    for piece in pieces:
        last = cells[-1] if cells else None
        goes_on = last is not None and last.text in BEFORE_FIGURE
        near = last is not None and piece.box.x0 - last.box.x1 <= SIGN_GAP * size
        if last is not None and (goes_on or (near and piece.text in AFTER_FIGURE)):
            cells[-1] = Cell(last.text + piece.text, around((last.box, piece.box)))
        else:
            cells.append(piece)
    return tuple(cells)

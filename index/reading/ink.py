"""The ink of one piece of text in a picture: where it begins and ends, and how large the type is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.reading.cells import GAP
from index.text import has_cjk

_FAINT = 40  # levels of grey, of 255, that ink differs from the paper at least
_INK_HEIGHT = 0.93  # of a line, in font sizes, about


@dataclass(frozen=True, slots=True)
class Ink:
    """Text without a wide gap, in pixels: its ink's edges, the stroke's width, and the part of the picture to read.

    ``dot`` says that it is the bullet of a list, which says too little to be read as text; ``size`` is that of its
    line.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    stroke: float
    crop: tuple[slice, slice]
    size: float
    dot: bool = False

    def fitted(self, text: str) -> tuple[float, float, float]:
        """(font size, top, bottom) in pixels of ``text`` printed with this ink.

        What a line's ink spans depends on its letters: from the ascender or the small letters' height to the
        baseline or below it. Top and bottom are those of the type, the same for all lines of one size.
        """
        if self.dot:
            baseline = (self.top + self.bottom) / 2 + 0.33 * self.size
            return self.size, baseline - 0.95 * self.size, baseline + 0.25 * self.size
        above, below = _extent(text)
        size = (self.bottom - self.top) / (above + below)
        baseline = self.bottom - below * size
        return size, baseline - 0.95 * size, baseline + 0.25 * size


def _extent(text: str) -> tuple[float, float]:
    """How far the ink of ``text`` reaches above and below the baseline, in font sizes, for usual typefaces."""
    reach = [_reach(char) for char in text if not char.isspace()]
    return max([0.1, *(above for above, _ in reach)]), max([0.0, *(below for _, below in reach)])


def _reach(char: str) -> tuple[float, float]:
    if has_cjk(char):
        return 0.84, 0.06
    if char in "()[]{}|/@（）《》【】“”":
        return 0.76, 0.18 if char not in "“”" else 0.0
    if char in "gjpqyQ":
        return (0.72, 0.21) if char in "jQ" else (0.53, 0.21)
    if char in ",;，；":
        return 0.1, 0.13
    if char.isdigit() or char.isupper() or char in "bdfhiklt$%&!?":
        return 0.73, 0.0
    return (0.53, 0.0) if char.islower() else (0.4, 0.0)


def measure(image: NDArray[np.uint8], quad: NDArray[np.float32]) -> list[Ink]:
    """The ink inside the corners ``quad`` (4, 2) that the detector found, one for each part between wide gaps."""
    height, width = image.shape[:2]
    x0, y0 = (max(0, int(edge)) for edge in quad.min(axis=0))
    x1, y1 = min(width, int(np.ceil(quad[:, 0].max()))), min(height, int(np.ceil(quad[:, 1].max())))
    if x1 - x0 < 3 or y1 - y0 < 3:
        return []
    part = image[y0:y1, x0:x1].mean(axis=2)
    shade = np.abs(part - np.median(part))
    strongest = float(np.percentile(shade, 99.5))
    if strongest < _FAINT:
        return []
    shade = np.minimum(shade / strongest, 1.0)
    ink = shade > 0.4
    ink[ink.mean(axis=1) > 0.9] = False  # a rule above or below the text
    if x1 - x0 > 2 * (y1 - y0):
        ink[:, ink.mean(axis=0) > 0.95] = False
    whole = _tallest(ink)
    if whole is None:
        return []
    guess = (whole[1] - whole[0]) / _INK_HEIGHT
    found: list[Ink] = []
    parts = _runs(ink.any(axis=0), GAP * guess)
    for left, right in parts:
        tallest = _tallest(ink[:, left:right])
        if tallest is None:
            continue
        top, bottom = tallest
        margin = int(0.3 * guess)
        crop = slice(y0, y1), slice(max(x0, x0 + left - margin), min(x1, x0 + right + margin))
        stroke = _stroke(shade[top:bottom, left:right])
        dot = not found and len(parts) > 1 and _is_dot(ink[top:bottom, left:right], guess)
        found.append(Ink(x0 + left, y0 + top, x0 + right, y0 + bottom, stroke, crop, guess, dot))
    if found and not found[0].dot:
        bullet = _bullet(image, found[0], float(np.median(part)), strongest)
        found = [*bullet, *found]
    return found


def _bullet(image: NDArray[np.uint8], first: Ink, paper: float, strongest: float) -> list[Ink]:
    """The bullet to the left of a line's first ink, which detectors pass over; empty where there is none."""
    reach = max(0, int(first.x0 - 3 * first.size))
    rows, x0 = first.crop[0], int(first.x0)
    if x0 - reach < first.size:
        return []
    ink = np.abs(image[rows, reach:x0].mean(axis=2) - paper) > 0.4 * strongest
    across, down = _runs(ink.any(axis=0), 1), _runs(ink.any(axis=1), 1)
    if len(across) != 1 or len(down) != 1 or across[0][0] == 0:
        return []
    (left, right), (top, bottom) = across[0], down[0]
    centred = abs(rows.start + (top + bottom) / 2 - (first.top + first.bottom) / 2) < 0.25 * first.size
    if not centred or max(right - left, bottom - top) < 0.2 * first.size:
        return []
    if not _is_dot(ink[top:bottom, left:right], first.size):
        return []
    crop = rows, slice(reach + left, reach + right)
    edges = (reach + left, rows.start + top, reach + right, rows.start + bottom)
    return [Ink(*edges, first.stroke, crop, first.size, dot=True)]


def _is_dot(ink: NDArray[np.bool_], size: float) -> bool:
    """Whether the ink is one small, round or square spot."""
    down, across = ink.shape
    return max(down, across) < 0.55 * size and 0.6 < down / across < 1.6 and float(ink.mean()) > 0.6


def _tallest(ink: NDArray[np.bool_]) -> tuple[int, int] | None:
    """The rows of ink that the text spans, without those of its neighbours that reach in from above or below."""
    rows = ink.sum(axis=1)
    height = len(rows)
    runs = _runs(rows > 0, 0)
    if not runs:
        return None
    main = max(range(len(runs)), key=lambda at: int(rows[slice(*runs[at])].sum()))
    top, bottom = runs[main]
    if top == 0:  # grown together with the line above: cut where there is least ink
        top = int(np.argmin(rows[: height // 4 + 1]))
    if bottom == height:
        bottom -= int(np.argmin(rows[::-1][: height // 4 + 1]))
    for above in reversed(runs[:main]):  # dots and accents
        if above[0] > 0 and top - above[1] <= 0.12 * height:
            top = above[0]
    for below in runs[main + 1 :]:
        if below[1] < height and below[0] - bottom <= 0.12 * height:
            bottom = below[1]
    return (top, bottom) if bottom > top else None


def _runs(marked: NDArray[np.bool_], gap: float) -> list[tuple[int, int]]:
    """Runs of true values as [start, end), those less than ``gap`` apart taken together."""
    at = np.flatnonzero(marked)
    if not len(at):
        return []
    cuts = np.flatnonzero(np.diff(at) > gap + 1)
    starts, ends = [at[0], *at[cuts + 1]], [*at[cuts], at[-1]]
    return [(int(start), int(end) + 1) for start, end in zip(starts, ends, strict=True)]


def _stroke(shade: NDArray[np.float64]) -> float:
    """The mean width of the strokes in pixels: twice the ink over the length of its edges."""
    edges = float(np.abs(np.diff(shade, axis=0)).sum() + np.abs(np.diff(shade, axis=1)).sum())
    return 2 * float(shade.sum()) / edges if edges else 0.0

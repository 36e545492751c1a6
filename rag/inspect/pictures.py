"""Pictures of a PDF's pages, small enough that a whole report fits into one file."""

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from index.pictures import PDFIUM, rendered

SCALE = 1.4  # pixels a point: an A4 page becomes 833 x 1179
BUDGET = 9_000_000  # bytes for all pictures; base64 makes a third more of them
MAX_PIXELS = 4_000_000  # a picture


class Fineness(NamedTuple):
    """How a page is drawn: share of the scale asked for, and WebP quality."""

    share: float
    quality: int


_LEVELS = (Fineness(1, 72), Fineness(1, 50), Fineness(0.85, 50), Fineness(0.72, 45), Fineness(0.6, 40))
_SAMPLE = 8  # pages that are tried to see what a report's pages take
_MOST = 4  # times its even share of the budget that one page may take


def pictures(
    path: Path,
    numbers: Sequence[int],
    *,
    password: str = "",
    scale: float = SCALE,
    budget: int = BUDGET,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[tuple[int, bytes]]:
    """(number, WebP) for every page of the PDF that can be drawn; ``scale`` is in pixels a point.

    All pages are drawn as finely as lets them keep within ``budget`` bytes, but never below about half of ``scale``: a
    report of many hundred pages takes more.
    """
    import pypdfium2

    try:
        with PDFIUM:
            document = pypdfium2.PdfDocument(path, password=password or None)
    except pypdfium2.PdfiumError:
        return
    even = budget / max(1, len(numbers))
    try:
        level = _level(document, numbers, scale, even)
        for done, number in enumerate(numbers, 1):
            data = b""
            for fineness in _LEVELS[level:]:
                data = _draw(document, number, scale, fineness)
                if len(data) <= _MOST * even:
                    break
            progress(done, len(numbers))
            if data:
                yield number, data
    finally:
        with PDFIUM:
            document.close()


def _level(document: Any, numbers: Sequence[int], scale: float, even: float) -> int:
    """The finest level at which pages, to judge by some, take no more than ``even`` bytes each."""
    some = numbers[:: max(1, len(numbers) // _SAMPLE)]
    for level, fineness in enumerate(_LEVELS):
        sizes = [len(_draw(document, number, scale, fineness)) for number in some]
        if sum(sizes) <= even * len(sizes):
            return level
    return len(_LEVELS) - 1


def _draw(document: Any, number: int, scale: float, fineness: Fineness) -> bytes:
    """The page as WebP; nothing when it is damaged, for then it is shown by its blocks."""
    import pypdfium2

    try:
        with PDFIUM:
            picture, _ = rendered(document, number, scale * fineness.share, MAX_PIXELS)
        buffer = io.BytesIO()
        picture.save(buffer, "WEBP", quality=fineness.quality, method=2)
        return buffer.getvalue()
    except (pypdfium2.PdfiumError, IndexError, OSError, ValueError, MemoryError):
        return b""

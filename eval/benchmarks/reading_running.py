"""Running lines on every page of a report, found apart from the reader, and whether they got into chunks.

The hand-checked pages say which lines run and, with the file at hand, at which height. A piece of text of another page
that has the same words (numbers aside) at the same height is then a running line too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __package__:
    from eval.benchmarks.reading_truth import ReportTruth, key, shape
else:
    from reading_truth import ReportTruth, key, shape  # type: ignore[import-not-found, no-redef]
from index.types import Box, Chunk

EDGE = 0.16  # share of the page's height, from top and bottom, that is looked at
LOW = 200.0  # points from the top; text below is at the bottom edge
NEAR = 4.0  # points


@dataclass(frozen=True, slots=True)
class Found:
    """How many running lines a report has, and those inside chunks: (page, text)."""

    lines: int
    inside: tuple[tuple[int, str], ...]


def find(path: Path, truth: ReportTruth, chunks: Sequence[Chunk]) -> Found:
    """Look at every page of the PDF at ``path``."""
    pieces = {number: list(found) for number, found in _edges(path)}
    places = []
    for page in truth.pages:
        for wanted in {known for line in page.aside if line.kind == "R" for known in line.pieces}:
            same = [(text, box) for text, box in pieces.get(page.page, ()) if key(text) == wanted]
            if same:  # the outermost: the same words may stand in the text, too
                text, box = min(same, key=lambda found: found[1].top)
                text, box = max(same, key=lambda found: found[1].top) if box.top > LOW else (text, box)
                places.append((shape(text), box.top))
    boxes: dict[int, list[Box]] = {}
    for chunk in chunks:
        for sentence in chunk.sentences:
            boxes.setdefault(sentence.page, []).extend(sentence.boxes)
    lines, inside = 0, []
    for number, own in pieces.items():
        for text, box in own:
            words = shape(text)
            if any(words == same and abs(box.top - top) <= NEAR for same, top in places):
                lines += 1
                x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
                if any(b.x0 <= x <= b.x1 and b.top <= y <= b.bottom for b in boxes.get(number, ())):
                    inside.append((number, text))
    return Found(lines, tuple(inside))


def page_text(path: Path, number: int) -> str:
    """The text of one page in the order of the file."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return str(document[number - 1].get_textpage().get_text_range())
    finally:
        document.close()


def _edges(path: Path) -> Iterator[tuple[int, Iterator[tuple[str, Box]]]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        for index in range(len(document)):
            page = document[index]
            yield index + 1, iter(list(_pieces(page.get_textpage(), page.get_height())))
            page.close()
    finally:
        document.close()


def _pieces(text: Any, height: float) -> Iterator[tuple[str, Box]]:
    """Pieces of text near the top and bottom edge: PDFium's rectangles, put together where no wide gap parts them."""
    last: Box | None = None
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        box = Box(left, height - top, right, height - bottom)
        if EDGE * height < box.top and box.bottom < (1 - EDGE) * height:
            continue
        high = box.bottom - box.top
        beside = last and abs(box.bottom - last.bottom) < 0.5 * high and -high < box.x0 - last.x1 < high
        if last is not None and not beside:
            yield text.get_text_bounded(last.x0, height - last.bottom, last.x1, height - last.top), last
        last = Box(last.x0, min(last.top, box.top), box.x1, max(last.bottom, box.bottom)) if last and beside else box
    if last is not None:
        yield text.get_text_bounded(last.x0, height - last.bottom, last.x1, height - last.top), last

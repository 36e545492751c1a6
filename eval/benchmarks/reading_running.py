"""Running lines on every page of a report, found apart from the reader, and whether they got into chunks.

The hand-checked pages say which lines run and, with the file at hand, at which height. A piece of text of another page
that has the same words (numbers aside) at the same height is then a running line too, and so is a number that stands
outermost on its page, wherever that is, and counts up with the pages.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.benchmarks.reading_truth import ReportTruth, aside_key, shape
from index.types import Box, Chunk

EDGE = 0.16  # share of the page's height, from top and bottom, that is looked at
LONGEST_NUMBER = 20  # characters of a page number with the words beside it
NEAR = 4.0  # points


@dataclass(frozen=True, slots=True)
class Piece:
    """Text without a wide gap on a page ``height`` points high; ``outermost``: nothing stands above or below it."""

    text: str
    box: Box
    height: float
    outermost: bool


@dataclass(frozen=True, slots=True)
class Found:
    """How many running lines a report has, and those inside chunks: (page, text)."""

    lines: int
    inside: tuple[tuple[int, str], ...]


def find(path: Path, truth: ReportTruth, chunks: Sequence[Chunk]) -> Found:
    """Look at every page of the PDF at ``path``."""
    pieces = {number: list(found) for number, found in _edges(path)}
    places: set[tuple[str, float]] = set()
    numbers: set[tuple[str, int]] = set()
    for page in truth.pages:
        wanted = {
            known
            for line in page.aside
            if line.kind == "R" and not line.optional
            for known in (line.whole, *line.pieces)
        }
        own: dict[str, list[Piece]] = {}
        for piece in pieces.get(page.page, ()):
            if aside_key(piece.text) in wanted:
                own.setdefault(aside_key(piece.text), []).append(piece)
        for same in own.values():  # the outermost: the same words may stand in the text, too
            piece = min(same, key=lambda one: min(one.box.top, one.height - one.box.bottom))
            places.add((shape(piece.text), piece.box.top))
            numbers |= _counted(piece, page.page)
    boxes: dict[int, list[Box]] = {}
    for chunk in chunks:
        for sentence in chunk.sentences:
            boxes.setdefault(sentence.page, []).extend(sentence.boxes)
    lines, inside = 0, []
    for number, own_pieces in pieces.items():
        for piece in own_pieces:
            words = shape(piece.text)
            at_height = any(words == same and abs(piece.box.top - top) <= NEAR for same, top in places)
            if at_height or (piece.outermost and _counted(piece, number) & numbers):
                lines += 1
                x, y = (piece.box.x0 + piece.box.x1) / 2, (piece.box.top + piece.box.bottom) / 2
                if any(b.x0 <= x <= b.x1 and b.top <= y <= b.bottom for b in boxes.get(number, ())):
                    inside.append((number, piece.text.strip()))
    return Found(lines, tuple(inside))


def _counted(piece: Piece, page: int) -> set[tuple[str, int]]:
    """A page number's words and how far it is from the number of the page in the file."""
    found = re.findall(r"\d+", piece.text)
    return {(shape(piece.text), int(found[0]) - page)} if found and len(piece.text.strip()) <= LONGEST_NUMBER else set()


def page_text(path: Path, number: int) -> str:
    """The text of one page in the order of the file."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return str(document[number - 1].get_textpage().get_text_range())
    finally:
        document.close()


def _edges(path: Path) -> Iterator[tuple[int, list[Piece]]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        for index in range(len(document)):
            page = document[index]
            yield index + 1, _pieces(page.get_textpage(), page.get_height())
            page.close()
    finally:
        document.close()


def _pieces(text: Any, height: float) -> list[Piece]:
    """Pieces near the top and bottom edge and the outermost: PDFium's rectangles, joined where no wide gap is."""
    boxes: list[Box] = []
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        box = Box(left, height - top, right, height - bottom)
        last, high = boxes[-1] if boxes else box, box.bottom - box.top
        if boxes and abs(box.bottom - last.bottom) < 0.5 * high and -high < box.x0 - last.x1 < high:
            boxes[-1] = Box(last.x0, min(last.top, box.top), box.x1, max(last.bottom, box.bottom))
        else:
            boxes.append(box)
    if not boxes:
        return []
    first, lowest = min(box.top for box in boxes), max(box.bottom for box in boxes)
    found = []
    for box in boxes:
        outermost = box.top == first or box.bottom == lowest
        if outermost or box.top < EDGE * height or box.bottom > (1 - EDGE) * height:
            words = text.get_text_bounded(box.x0, height - box.bottom, box.x1, height - box.top)
            found.append(Piece(words, box, height, outermost))
    return found

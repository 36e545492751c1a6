"""The outside of a report, where it says what it is: short pieces of text of its first and last pages, with places."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.text import has_cjk, join
from index.types import BlockKind, Box, Page

FRONT = 3  # pages with text from the start
BACK = 2  # and from the end
_HALF = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " ", "〇": "零", "○": "零"}
_HALF |= dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
_TO_HALF = str.maketrans(_HALF)
_SET_ASIDE = (BlockKind.RUNNING, BlockKind.WATERMARK)


def plain(text: str) -> str:
    """``text`` with half-width forms and one kind of dash, character by character, so that places stay the same."""
    return text.translate(_TO_HALF)


class Piece(NamedTuple):
    """A line, or the part of one between wide gaps; ``text`` as printed, ``plain`` in half-width forms."""

    text: str
    plain: str
    box: Box
    size: float
    bold: bool
    page: int
    kind: BlockKind

    @property
    def middle(self) -> float:
        """Where its middle stands, in points from the page's left edge."""
        return (self.box.x0 + self.box.x1) / 2


@dataclass(frozen=True, slots=True)
class Face:
    """What the card is read from.

    ``cover`` holds the pieces of the first page that has text, ``front`` those of the first pages, ``back`` those of
    the last ones, ``running`` what stands at the edges of many pages, each once. ``masthead`` is what of the cover
    stands above its first paragraph, or all of it when it has none. ``paragraphs`` are the cover's blocks as text.
    """

    cover: tuple[Piece, ...]
    front: tuple[Piece, ...]
    back: tuple[Piece, ...]
    running: tuple[Piece, ...]
    masthead: tuple[Piece, ...]
    paragraphs: tuple[str, ...]
    prose: bool

    def below(self, piece: Piece, reach: float = 1e9) -> Iterator[Piece]:
        """The pieces of the same page and column under ``piece``, the nearest first, ``reach`` points deep."""
        under = [
            other
            for other in self.front
            if other.page == piece.page
            and piece.box.bottom - 0.4 * piece.size <= other.box.top <= piece.box.bottom + reach
            and other.box.x0 < max(piece.box.x1, piece.box.x0 + 14 * piece.size)
            and other.box.x1 > piece.box.x0
        ]
        return iter(sorted(under, key=lambda other: (other.box.top, other.box.x0)))

    def right(self, piece: Piece) -> Piece | None:
        """The next piece on the same row, if there is one."""
        beside = [
            other
            for other in self.front
            if other.page == piece.page
            and other.box.x0 >= piece.box.x1 - 1
            and abs((other.box.top + other.box.bottom) - (piece.box.top + piece.box.bottom)) < piece.size
        ]
        return min(beside, key=lambda other: other.box.x0, default=None)

    def left(self, piece: Piece) -> Piece | None:
        """The piece before on the same row, if there is one."""
        beside = [
            other
            for other in self.front
            if other.page == piece.page
            and other.box.x1 <= piece.box.x0 + 1
            and abs((other.box.top + other.box.bottom) - (piece.box.top + piece.box.bottom)) < piece.size
        ]
        return max(beside, key=lambda other: other.box.x0, default=None)


def face(pages: Sequence[Page]) -> Face:
    """The outside of a report."""
    worded = [page for page in pages if page.blocks]
    by_page = {
        page.number: tuple(_pieces(page)) for page in {p.number: p for p in (*worded[:12], *worded[-BACK:])}.values()
    }
    first = worded[:FRONT]
    cover_page = next((page for page in first if len(by_page[page.number]) > 1), first[0] if first else None)
    cover = by_page[cover_page.number] if cover_page else ()
    top = _first_prose(cover_page) if cover_page else None
    running: dict[str, Piece] = {}
    for number in sorted(by_page):
        for piece in by_page[number]:
            if piece.kind is BlockKind.RUNNING:
                running.setdefault(piece.plain, piece)
    body = [piece for piece in cover if piece.kind not in _SET_ASIDE]
    return Face(
        cover=tuple(body),
        front=tuple(piece for page in first for piece in by_page[page.number]),
        back=tuple(piece for page in worded[-BACK:] if page not in first for piece in by_page[page.number]),
        running=tuple(running.values()),
        masthead=tuple(piece for piece in body if top is None or piece.box.top < top - 1),
        paragraphs=tuple(_text(page, index) for page in first[:2] for index in range(len(page.blocks))),
        prose=top is not None,
    )


def whole_text(pages: Sequence[Page]) -> str:
    """All of a report's text, one block a line, in half-width forms."""
    return "\n".join(plain(_text(page, index)) for page in pages for index in range(len(page.blocks)))


def _text(page: Page, index: int) -> str:
    text = ""
    for line in page.blocks[index].lines:
        text = join(text, line.text)
    return text


def _pieces(page: Page) -> Iterator[Piece]:
    for block in page.blocks:
        for line in block.lines:
            parts = [(cell.text, cell.box) for cell in line.cells] or [(line.text, line.box)]
            for text, box in parts:
                if text.strip():
                    yield Piece(text, plain(text), box, line.size, line.bold, page.number, block.kind)


def _first_prose(page: Page) -> float | None:
    """Where the first paragraph of running text below the page's largest type begins, in points from the top."""
    lines = [line for block in page.blocks if block.kind not in _SET_ASIDE for line in block.lines]
    largest = max((line.size for line in lines), default=0.0)
    body = sorted(line.size for line in lines)[len(lines) // 2] if lines else 0.0
    title = min((line.box.top for line in lines if line.size >= largest - 0.3), default=0.0)
    start = title if largest > 1.15 * body else 0.0
    tops = []
    for index, block in enumerate(page.blocks):
        text = _text(page, index)
        short = 45 if has_cjk(text) else 150
        if block.kind is BlockKind.PARAGRAPH and len(text) > short and re.search(r"[。；，]|[.,] ", text):
            widest = max(line.box.x1 - line.box.x0 for line in block.lines)  # a title may be joined to its paragraph
            full = [line.box.top for line in block.lines if line.box.x1 - line.box.x0 > 0.6 * widest]
            tops += [top for top in full[:1] if top >= start]
    return min(tops, default=None)

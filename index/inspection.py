"""What there is to see of a report: its pages, blocks, sections and chunks, each knowing the others."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index import chunks, sections
from index.types import Block, BlockKind, Box, Chunk, Report, Section, around

ASIDE = frozenset({BlockKind.RUNNING, BlockKind.WATERMARK, BlockKind.CONTENTS})  # on the page, never searched
APART = ASIDE | {BlockKind.DISCLAIMER, BlockKind.FOOTNOTE}  # not the report's own running text
_PAGES_NAMED = re.compile(r"\bpages? (\d+(?:(?:, | and |-|–)\d+)*)", re.IGNORECASE)
_WHOLE = frozenset({BlockKind.TABLE, BlockKind.CHART})  # one box, however far apart the lines are


@dataclass(frozen=True, slots=True)
class SeenBlock:
    """A block with its place in the reading order of its page (``number``, from 1) and the boxes to draw.

    ``section`` counts :attr:`Inspection.branches` from 0, None for what belongs to none; ``chunks`` are the numbers of
    the chunks that hold some of its lines. The block's kind is the one that chunks are made by: a paragraph under a
    disclaimer's heading is a DISCLAIMER.
    """

    number: int
    block: Block
    boxes: tuple[Box, ...]
    section: int | None = None
    chunks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenChunk:
    """A chunk with its number in the report, from 1, its section (see :class:`SeenBlock`) and length in tokens."""

    number: int
    chunk: Chunk
    section: int | None
    tokens: int


@dataclass(frozen=True, slots=True)
class SeenPage:
    """One page. ``notes`` are the report's warnings about it; ``ocr`` says that its picture was read."""

    number: int
    width: float
    height: float
    blocks: tuple[SeenBlock, ...]
    chunks: tuple[SeenChunk, ...]
    notes: tuple[str, ...] = ()
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """A section of the tree: its path, its pages and what is directly in it, the sections below it left out.

    ``path`` is empty for what stands before the first heading; its length is the depth in the tree.
    """

    path: tuple[str, ...]
    first_page: int
    last_page: int
    blocks: int
    chunks: int
    tables: int


@dataclass(frozen=True, slots=True)
class Inspection:
    """A report as it was read, sectioned and cut, for people to look at."""

    report: Report
    branches: tuple[Branch, ...]
    pages: tuple[SeenPage, ...]

    @property
    def aside(self) -> tuple[Block, ...]:
        """What was set aside, page by page: running headers and footers, watermarks, contents. It is not searched."""
        return tuple(seen.block for page in self.pages for seen in page.blocks if seen.block.kind in ASIDE)

    def only(self, numbers: Iterable[int]) -> "Inspection":
        """The same with only the pages of these numbers; sections and counts stay those of the whole report."""
        wanted = set(numbers)
        return replace(self, pages=tuple(page for page in self.pages if page.number in wanted))


def inspect(report: Report, token_counts: chunks.TokenCounts, chunk_tokens: int) -> Inspection:
    """Section and cut ``report`` as it would be for the store, and tie blocks, sections and chunks together."""
    parts = _joined(sections.split(report))
    pieces = chunks.of_report(report, token_counts, chunk_tokens)
    sectioned = {
        (block.page, line): (i, block.kind)
        for i, part in enumerate(parts)
        for block in part.blocks
        for line in block.lines
    }
    tokens = token_counts([piece.text for piece in pieces])
    seen = [
        SeenChunk(number, piece, _section_of(piece, parts), count)
        for number, (piece, count) in enumerate(zip(pieces, tokens, strict=True), 1)
    ]
    pages = []
    for page in report.pages:
        here = tuple(piece for piece in seen if piece.chunk.page == page.number)
        blocks = []
        for number, block in enumerate(page.blocks, 1):
            section, holding = None, tuple[int, ...]()
            if block.kind not in ASIDE:
                known = (sectioned[block.page, line] for line in block.lines if (block.page, line) in sectioned)
                section, kind = next(known, (None, block.kind))
                block = replace(block, kind=kind)  # noqa: PLW2901
                holding = tuple(piece.number for piece in here if _holds(piece.chunk, block))
                if not holding:
                    holding = tuple(piece.number for piece in seen if _goes_on(piece.chunk, block))
            blocks.append(SeenBlock(number, block, boxes(block), section, holding))
        notes = tuple(warning for warning in report.warnings if page.number in _pages_named(warning))
        pages.append(SeenPage(page.number, page.width, page.height, tuple(blocks), here, notes, page.ocr))
    return Inspection(report, tuple(_branch(i, part, seen) for i, part in enumerate(parts)), tuple(pages))


def _joined(parts: Sequence[Section]) -> list[Section]:
    """The sections, each with what goes on in it after a paragraph that is a section of its own."""
    joined: list[Section] = []
    places: dict[tuple[str, ...], int] = {}
    for part in parts:
        at = places.get(part.path)
        if at is None or part.blocks[0].kind is BlockKind.HEADING:
            places[part.path] = len(joined)
            joined.append(part)
        else:
            joined[at] = Section(part.path, (*joined[at].blocks, *part.blocks))
    return joined


def boxes(block: Block) -> tuple[Box, ...]:
    """The boxes that frame a block: one where its lines follow each other, more where it goes on elsewhere."""
    lines = [line.box for line in block.lines]
    if not lines:
        return ()
    if block.kind in _WHOLE:
        return (around([*lines, *(row.box for row in block.table.rows)] if block.table else lines),)
    groups = [[lines[0]]]
    for last, box in pairwise(lines):
        height = max(last.bottom - last.top, box.bottom - box.top)
        below = -0.5 * height <= box.top - last.bottom <= 2.0 * height
        beside = box.x0 <= last.x1 + height and last.x0 <= box.x1 + height and abs(box.top - last.top) < 0.5 * height
        if (below and box.x0 < last.x1 and last.x0 < box.x1) or (beside and block.kind is not BlockKind.RUNNING):
            groups[-1].append(box)
        else:
            groups.append([box])
    return tuple(around(group) for group in groups)


def _section_of(piece: Chunk, parts: Sequence[Section]) -> int | None:
    """The section that a chunk is of: the one of its name with a block on its page, or the first of its name."""
    named = [i for i, part in enumerate(parts) if part.name == piece.section]
    on_page = [i for i in named if any(block.page == piece.page for block in parts[i].blocks)]
    if len(on_page) > 1:
        centres = [line for sentence in piece.sentences for line in sentence.boxes]
        for i in on_page:
            lines = {line.box for block in parts[i].blocks if block.page == piece.page for line in block.lines}
            if any(box in lines for box in centres):
                return i
    return next(iter([*on_page, *named]), None)


def _holds(piece: Chunk, block: Block) -> bool:
    """Whether the middle of one of the block's lines is inside a box of the chunk, on whose page both stand."""
    if (piece.kind is BlockKind.TABLE) is not (block.kind is BlockKind.TABLE):
        return False
    middles = [((line.box.x0 + line.box.x1) / 2, (line.box.top + line.box.bottom) / 2) for line in block.lines]
    frames = [box for sentence in piece.sentences for box in sentence.boxes]
    return any(f.x0 <= x <= f.x1 and f.top <= y <= f.bottom for x, y in middles for f in frames)


def _goes_on(piece: Chunk, block: Block) -> bool:
    """Whether the block is the part of a sentence over a page break that stands on the other page than its chunk."""
    if abs(piece.page - block.page) != 1 or not block.lines:
        return False
    return any(s.text != s.quote and block.lines[0].text in s.text for s in (piece.sentences[0], piece.sentences[-1]))


def _branch(index: int, part: Section, seen: Sequence[SeenChunk]) -> Branch:
    tables = sum(block.kind is BlockKind.TABLE for block in part.blocks)
    pages = [block.page for block in part.blocks]
    own = sum(piece.section == index for piece in seen)
    return Branch(part.path, min(pages), max(pages), len(part.blocks), own, tables)


def _pages_named(warning: str) -> set[int]:
    """The pages that a warning names: "page 3", "pages 3, 4 and 7", "pages 3-5"."""
    named: set[int] = set()
    for found in _PAGES_NAMED.finditer(warning):
        for part in re.split(r", | and ", found[1]):
            ends = [int(end) for end in re.split("[-–]", part)]
            named.update(range(ends[0], min(ends[-1], ends[0] + 10_000) + 1))
    return named

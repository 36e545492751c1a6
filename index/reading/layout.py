"""Printed lines to blocks: contents, tables, charts, headings and notes told apart, the rest joined to paragraphs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.reading.captions import find_bank, part_captions
from index.reading.columns import reading_order
from index.reading.contents import find_contents
from index.reading.depths import Depths, Style
from index.reading.headings import Headings
from index.reading.legal import mark_legal
from index.reading.marks import CAPTION, SOURCE, is_prose
from index.reading.notes import find_footnotes, is_mark
from index.reading.paragraphs import Flow
from index.reading.runins import run_in
from index.reading.running import find_running, find_watermarks
from index.reading.sheet import OutlineItem, Rule, Sheet
from index.reading.tables import Found, find_tables, gather, is_short
from index.reading.titles import link_tables
from index.text import join
from index.types import Block, BlockKind, Line, Page

__all__ = ["OutlineItem", "Sheet", "assemble"]

_COVER_PROSE = 8  # lines of running text; a first page with fewer is a cover
_COVERED = 5  # pages; a shorter report has none


def assemble(sheets: Sequence[Sheet], outline: Sequence[OutlineItem]) -> tuple[Page, ...]:
    """The pages of a report, every line in one block."""
    running, watermarks = find_running(sheets), find_watermarks(sheets)
    body = [
        reading_order([line for i, line in enumerate(sheet.lines) if i not in aside and i not in pale], sheet.rules)
        for sheet, aside, pale in zip(sheets, running, watermarks, strict=True)
    ]
    headings = Headings(body, outline, _title(body))
    first = next((sheet.number for sheet, lines in zip(sheets, body, strict=True) if lines), 0)
    pages: list[Page] = []
    styles: list[Style] = []
    for sheet, aside, pale, lines in zip(sheets, running, watermarks, body, strict=True):
        found = list(_PageReader(lines, sheet, headings).blocks())
        if sheet.number == first:
            found = _without_masthead(found, lines, len(sheets) >= _COVERED)
        blocks = [block for block, _ in found]
        styles += [style for _, style in found if style is not None]
        edge = tuple(sheet.lines[index] for index in sorted(aside))
        marks = tuple(sheet.lines[index] for index in sorted(pale)) + sheet.slanted
        blocks += [Block(BlockKind.RUNNING, edge, sheet.number)] if edge else []
        blocks += [Block(BlockKind.WATERMARK, marks, sheet.number)] if marks else []
        pages.append(Page(sheet.number, sheet.width, sheet.height, tuple(blocks)))
    return link_tables(mark_legal(tuple(_levelled(pages, styles))))


def _without_masthead(
    found: Sequence[tuple[Block, Style | None]], lines: Sequence[Line], covered: bool
) -> list[tuple[Block, Style | None]]:
    """The first page's blocks without headings that open no section: above the title, or anywhere on a cover.

    A cover is a page with hardly any running text and no numbered heading; ``covered`` says that there may be one.
    """
    prose = sum(is_prose(line) and len(line.cells) <= 1 and not line.bold for line in lines)
    cover = covered and prose < _COVER_PROSE and not any(style and style.number for _, style in found)
    titles = [at for at, (_, style) in enumerate(found) if style and style.title]
    above = titles[0] if titles else 0
    kept: list[tuple[Block, Style | None]] = []
    for at, (block, style) in enumerate(found):
        if style and not style.title and (at < above or cover):
            kept.append((replace(block, kind=BlockKind.PARAGRAPH), None))
        else:
            kept.append((block, style))
    return kept


def _levelled(pages: Sequence[Page], styles: Sequence[Style]) -> Iterator[Page]:
    """The pages with the depths of their headings, whose styles these are in order."""
    depths = Depths(styles)
    following = iter(styles)
    for page in pages:
        yield replace(
            page,
            blocks=tuple(
                replace(block, level=depths.depth(next(following))) if block.kind is BlockKind.HEADING else block
                for block in page.blocks
            ),
        )


def _title(body: Sequence[Sequence[Line]]) -> str:
    """What is set in the largest type on the first page that has text, "" where nothing stands out."""
    first = next((lines for lines in body if lines), ())
    worded = [line for line in first if len(line.text) >= 4 and not re.fullmatch(r"[\W\d]+", line.text)]
    if worded:
        largest = max(line.size for line in worded)
        at = next(index for index, line in enumerate(worded) if line.size >= largest - 0.3)
        title = worded[at].text
        after = first.index(worded[at]) + 1
        for line in first[after : after + 2]:
            if abs(line.size - largest) > 0.3:
                break
            title = join(title, line.text)
        others = [line.size for line in worded if line.size < largest - 0.3]
        if others and 4 <= len(title) <= 120:
            return title
    return ""


@dataclass(slots=True)
class _PageReader:
    """Makes the blocks of one page's body lines, which stand in reading order."""

    lines: list[Line]
    number: int
    height: float
    rules: Sequence[Rule]
    headings: Headings

    def __init__(self, lines: Sequence[Line], sheet: Sheet, headings: Headings) -> None:
        self.lines = gather(list(part_captions(lines)), sheet.rules)
        self.number, self.height, self.rules = sheet.number, sheet.height, sheet.rules
        self.headings = headings

    def blocks(self) -> Iterator[tuple[Block, Style | None]]:
        """The blocks in order, headings with their style and still without a level."""
        start = 0
        for first, end in find_contents(self.lines):
            yield from self._body(start, first)
            yield self._block(BlockKind.CONTENTS, first, end), None
            start = end
        yield from self._body(start, len(self.lines))

    def _block(self, kind: BlockKind, start: int, end: int, title: str = "") -> Block:
        return Block(kind, tuple(self.lines[start:end]), self.number, title=title)

    def _body(self, start: int, stop: int) -> Iterator[tuple[Block, Style | None]]:
        """The blocks of a stretch of lines without contents lists."""
        if start >= stop:
            return
        tables = {found.start: found for found in self._tables(start, stop)}
        table_end = max((found.end for found in tables.values()), default=start)
        after = self.lines[table_end:stop]
        foot = table_end + find_footnotes(after, self.height, self.headings.body_size, self.rules)
        flow = Flow(self.lines)
        index, title = start, ""
        last: Block | None = None
        while index < stop:
            until = min([at for at in tables if at > index] + [foot if index < foot else stop])
            if index in tables:
                found = tables[index]
                index = found.end
                table = replace(found.table, title=title or found.table.title)
                last = self._block(BlockKind.TABLE, found.start, index, table.title)
                last, title = replace(last, table=table), ""
                yield last, None
                continue
            line = self.lines[index]
            if CAPTION.match(line.text) or SOURCE.match(line.text):
                index, title, last_blocks = self._captions(index, until, last)
                for last in last_blocks:
                    yield last, None
                continue
            if index >= foot:
                end = self._note_end(flow, index, stop)
                yield self._block(BlockKind.FOOTNOTE, index, end), None
                index = end
                continue
            heading = self.headings.find(flow, index, until, self.number)
            if heading is not None:
                last = self._block(BlockKind.HEADING, index, heading[0])
                yield last, heading[1]
                index = heading[0]
                continue
            end = index + 1
            while end < until and flow.continues(end) and not CAPTION.match(self.lines[end].text):
                if self._breaks_off(flow, end, until):
                    break
                end += 1
            last = self._paragraph(index, end, last)
            if last.kind is BlockKind.FOOTNOTE:
                end = self._note_end(flow, index, until)
                last = self._block(BlockKind.FOOTNOTE, index, end)
            yield last, None
            if not is_short(line):
                title = ""
            index = end

    def _tables(self, start: int, stop: int) -> Iterator[Found]:
        """The tables of a stretch of lines, column by column."""
        first = start
        for index in range(start + 1, stop + 1):
            if index == stop or self.lines[index].box.bottom < self.lines[index - 1].box.top - self.lines[index].size:
                for found in find_tables(self.lines[first:index], self.rules):
                    yield replace(found, start=first + found.start, end=first + found.end)
                first = index

    def _breaks_off(self, flow: Flow, index: int, stop: int) -> bool:
        """Whether a numbered heading begins at a line that would else go on with the paragraph."""
        line, last = self.lines[index], self.lines[index - 1]
        if not (line.bold or self.headings.large(line) or last.text.endswith(("。", "."))):
            return False
        found = self.headings.find(flow, index, stop, self.number)
        return found is not None and found[1].number not in {"", "run-in"}

    def _paragraph(self, start: int, end: int, before: Block | None) -> Block:
        """A paragraph, or the note of the table before it."""
        line = self.lines[start]
        small = line.size <= 0.92 * self.headings.body_size
        if (
            before is not None
            and before.kind in {BlockKind.TABLE, BlockKind.FOOTNOTE}
            and small
            and is_mark(line.text, raised=False)
        ):
            return self._block(BlockKind.FOOTNOTE, start, end)
        return self._block(BlockKind.PARAGRAPH, start, end, run_in(self.lines[start:end]))

    def _note_end(self, flow: Flow, start: int, stop: int) -> int:
        """The end of the footnote that begins at ``start``: before the next mark, or a line that is set back to it."""
        end = start + 1
        while end < stop and not is_mark(self.lines[end].text):
            line, first = self.lines[end], self.lines[start]
            other = abs(line.size - first.size) > 0.3 or line.bold != first.bold
            if other or (not flow.continues(end) and line.box.x0 <= first.box.x0 + 1):
                break
            end += 1
        return end

    def _captions(self, start: int, stop: int, before: Block | None) -> tuple[int, str, list[Block]]:
        """The captions, sources and charts from ``start``: where they end, the title of a table to come, blocks."""
        if not CAPTION.match(self.lines[start].text):
            end = start + 1
            while end < stop and Flow(self.lines[start:stop]).continues(end - start) and end - start < 4:
                if is_prose(self.lines[end]) and self.lines[end].size > self.lines[start].size + 0.3:
                    break
                end += 1
            return end, "", [self._block(BlockKind.CAPTION, start, end)]
        bank = find_bank(self.lines, start, stop)
        blocks: list[Block] = []
        if not bank.sources:
            for caption in bank.captions:
                blocks.append(Block(BlockKind.CAPTION, tuple(caption.lines), self.number))
            return bank.end, bank.captions[-1].text, blocks
        labels = bank.labels
        for caption, sources in bank.charts():
            own = tuple(line for source in sources for line in source.lines)
            kind = BlockKind.CHART if sources else BlockKind.CAPTION
            blocks.append(
                Block(kind, (*caption.lines, *(labels if sources else ()), *own), self.number, title=caption.text)
            )
            labels = () if sources else labels
        return bank.end, "", blocks

"""Pages of blocks from files that say themselves what is a heading, a paragraph or a table."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import ReadError
from index.language import detect
from index.reading.headings import CAPTION, SOURCE
from index.reading.spanned import Grid
from index.text import clean, has_cjk
from index.types import Block, BlockKind, Box, Cell, Line, Page, Report, Row, Table

PAGE_CHARACTERS = 3000  # a stretch of a file without pages of its own
LONGEST_PAGE = 2 * PAGE_CHARACTERS  # beyond this a file's own breaks are too few to be its pages
DEEPEST = 9  # heading levels
_WIDTH, _MARGIN, _SIZE, _LEADING = 595.0, 50.0, 10.0, 14.0  # points
_UNIT = re.compile(
    r"[(（]?(?:单位|單位|Unit)s?\s*[:：]\s*(?P<unit>[^)）]{1,40})[)）]?"
    r"|[(（]?(?P<scale>(?:[\w$.]+ )?in (?:thousands|millions|billions)[^)）]{0,60})[)）]?",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"microsoft|\.(?:docx?|pptx?|xlsx?|html?|md|txt)$|^untitled|^\d+$|^(?:powerpoint )?(?:presentation|演示文稿)\d*$"
    r"|^(?:document|文档|工作簿|book|sheet)\s*\d*$",
    re.IGNORECASE,
)


def title_of(candidates: Sequence[str], stem: str) -> str:
    """The first candidate that can be a report's title, else ``stem``, the file's name."""
    for candidate in candidates:
        title = clean(candidate)
        if 2 <= len(title) <= 160 and not _NO_TITLE.search(title) and not re.fullmatch(r"[\W\d_]+", title):
            return title
    return stem


def as_unit(text: str) -> str:
    """The unit that a line beside a table names ("单位：亿元", "in millions"), empty when it names none."""
    found = _UNIT.fullmatch(text.strip())
    return (found["unit"] or found["scale"]).strip() if found else ""


def cut(text: str, size: int) -> Iterator[str]:
    """``text`` in pieces of at most ``size`` characters that end with a sentence, or else with a word."""
    start = 0
    while len(text) - start > size:
        window = text[start : start + size]
        end = max(window.rfind(mark) + len(mark) for mark in ("。", "！", "？", ". ", "! ", "? "))
        if end < size // 4:
            end = window.rfind(" ") + 1
        start += end if end >= size // 4 else size
        yield text[start - (end if end >= size // 4 else size) : start]
    yield text[start:]


@dataclass(slots=True)
class _Sheet:
    """A page being filled."""

    blocks: list[Block]
    top: float = _MARGIN
    characters: int = 0


class Builder:
    """Takes a report's parts in reading order and lays them out, one under the other, on pages of A4 width.

    With ``stretches`` a page ends after about PAGE_CHARACTERS, before a heading if one is near; without, only where
    ``break_page`` is called. ``cut`` says whether any page was ended so.
    """

    def __init__(self, stretches: bool = False) -> None:
        self.stretches = stretches
        self.cut = False
        self.breaks = 0
        self.warnings: list[str] = []
        self._sheets = [_Sheet([])]

    @property
    def page(self) -> int:
        """The number of the page being filled, from 1."""
        return len(self._sheets)

    @property
    def blank(self) -> bool:
        """Whether nothing stands on the page yet."""
        return not self._sheets[-1].blocks

    @property
    def characters(self) -> list[int]:
        """How many characters stand on each page."""
        return [sheet.characters for sheet in self._sheets]

    @property
    def rows_on_page(self) -> int:
        """How many rows of tables stand on the page."""
        return sum(len(block.table.rows) for block in self._sheets[-1].blocks if block.table)

    def break_page(self) -> None:
        """End the page, even an empty one."""
        self.breaks += 1
        self._sheets.append(_Sheet([]))

    def heading(self, text: str, level: int) -> None:
        """A heading, ``level`` 1 for the highest."""
        text = clean(text.replace("\n", " "))
        if text:
            self._room(len(text), heading=True)
            self._put(BlockKind.HEADING, [text], level=max(1, min(level, DEEPEST)))

    def paragraph(self, text: str, kind: BlockKind = BlockKind.PARAGRAPH) -> None:
        """Running text; line breaks in it are kept as lines. A table's source is told by its words."""
        lines = [shown for line in text.split("\n") if (shown := clean(line))]
        if not lines:
            return
        if kind is BlockKind.PARAGRAPH and SOURCE.match(lines[0]):
            kind = BlockKind.CAPTION
            self._source(" ".join(lines))
        if len(lines) > 1 or len(lines[0]) <= LONGEST_PAGE:
            for part in _parts(lines):
                self._room(sum(map(len, part)))
                self._put(kind, part)
            return
        for piece in cut(lines[0], PAGE_CHARACTERS):
            self._room(len(piece))
            self._put(kind, [piece.strip()])

    def caption(self, text: str) -> None:
        """The title of a table or picture; a table that follows takes it."""
        self.paragraph(text, BlockKind.CAPTION)

    def footnote(self, text: str) -> None:
        """A footnote, kept with the text that it belongs to."""
        self.paragraph(text, BlockKind.FOOTNOTE)

    def running(self, text: str, page: int = 0) -> None:
        """A header or footer of ``page``, the current one without; set aside."""
        sheet = self._sheets[(page or self.page) - 1]
        lines = [shown for line in text.split("\n") if (shown := clean(line))]
        if lines:
            self._put(BlockKind.RUNNING, lines, sheet=sheet, number=page or self.page)

    def contents(self, lines: Sequence[str]) -> None:
        """A table of contents, set aside."""
        shown = [line for raw in lines if (line := clean(raw))]
        if shown:
            self._room(0)
            self._put(BlockKind.CONTENTS, shown)

    def table(self, grid: Grid, title: str = "", unit: str = "", rows_a_page: int = 0) -> None:
        """A table. Title and unit are those that stand just above it when none are given.

        It goes on over pages where a stretch ends, or after ``rows_a_page`` rows, with the header repeated.
        """
        header, rows = grid.finish()
        if not rows or (len(rows) == 1 and not header and len(rows[0][1]) == 1):
            self.paragraph("\n".join(header or (rows[0][1] if rows else ())))
            self._end_pages(len(grid.breaks))
            return
        above, unit_above = self._above()
        frame = Table((), header, title or above, unit or unit_above, ruled=True)
        part: list[tuple[str, ...]] = []
        waiting = sorted(grid.breaks)
        used = self._sheets[-1].characters
        for number, row in rows:
            size = sum(map(len, row))
            due = sum(at <= number for at in waiting)
            stretched = self.stretches and used + size > PAGE_CHARACTERS and bool(part or not self.blank)
            full = stretched or bool(rows_a_page and len(part) >= rows_a_page)
            if due or full:
                if part:
                    self._put_table(frame, part)
                    frame = replace(frame, continued=True)
                self.cut = self.cut or full
                self._end_pages(due or 1)
                part, used, waiting = [], 0, waiting[due:]
            part.append(row)
            used += size
        self._put_table(frame, part)
        self._end_pages(len(waiting))

    def _end_pages(self, count: int) -> None:
        self._sheets += [_Sheet([]) for _ in range(count)]

    def report(
        self,
        path: Path,
        sha256: str,
        titles: Sequence[str],
        paged: bool,
        max_pages: int,
        metadata: Mapping[str, str] | None = None,
    ) -> Report:
        """The finished report. ``titles`` are candidates, best first; ``metadata`` as in Report.

        Raises ReadError when there is no text or there are more pages than ``max_pages``.
        """
        pages = tuple(
            Page(number, _WIDTH, max(842.0, sheet.top + _MARGIN), tuple(sheet.blocks))
            for number, sheet in enumerate(self._sheets, 1)
        )
        while len(pages) > 1 and not pages[-1].blocks:
            pages = pages[:-1]
        shown = [b for page in pages for b in page.blocks if b.kind is not BlockKind.RUNNING]
        if not shown:
            raise ReadError(f"{path.name} has no text.", "Check that it was saved with its content.")
        if len(pages) > max_pages:
            raise ReadError(
                f"{path.name} has {len(pages)} pages; the limit is {max_pages}.", "Raise the setting max_pages."
            )
        text = " ".join(line.text for block in shown[:400] for line in block.lines)[:20000]
        first = next((b.lines[0].text for b in shown if b.kind is BlockKind.HEADING), shown[0].lines[0].text[:80])
        title = title_of([*titles, first], path.stem)
        said = {name: clean(value) for name, value in (metadata or {}).items() if clean(value)}
        return Report(path.name, sha256, title, detect(text), pages, paged, tuple(self.warnings), metadata=said)

    def _room(self, size: int, heading: bool = False) -> None:
        """End the stretch when ``size`` more characters are too many, or at a heading when it is half full."""
        sheet = self._sheets[-1]
        if not self.stretches or not sheet.blocks:
            return
        if sheet.characters + size > PAGE_CHARACTERS or (heading and sheet.characters > PAGE_CHARACTERS / 2):
            carried: list[Block] = []
            while not heading and len(sheet.blocks) > 1 and sheet.blocks[-1].kind is BlockKind.HEADING:
                carried.insert(0, sheet.blocks.pop())  # a heading goes with what follows it
            self._sheets.append(_Sheet([]))
            self.cut = True
            for block in carried:
                self._put(block.kind, [line.text for line in block.lines], level=block.level)

    def _put(
        self,
        kind: BlockKind,
        texts: Sequence[str],
        level: int = 0,
        sheet: _Sheet | None = None,
        number: int = 0,
    ) -> None:
        sheet = sheet or self._sheets[-1]
        size = _SIZE + 2 * max(0, 5 - level) if level else _SIZE
        lines = []
        for text in texts:
            box = _box(text, sheet.top, size)
            lines.append(Line(text, box, size, bool(level), (Cell(text, box),)))
            sheet.top = box.bottom + 0.4 * _SIZE
        sheet.top += 0.6 * _SIZE
        if kind is not BlockKind.RUNNING:
            sheet.characters += sum(map(len, texts))
        sheet.blocks.append(Block(kind, tuple(lines), number or self.page, level))

    def _put_table(self, table: Table, rows: Sequence[tuple[str, ...]]) -> None:
        sheet = self._sheets[-1]
        width = (_WIDTH - 2 * _MARGIN) / max(1, len(rows[0]))
        lines, kept = [], []
        for cells in [*((table.header,) if table.header else ()), *rows]:
            bottom = sheet.top + _LEADING
            boxes = [
                Box(_MARGIN + at * width, sheet.top, _MARGIN + (at + 1) * width, bottom) for at in range(len(cells))
            ]
            frame = Box(_MARGIN, sheet.top, _WIDTH - _MARGIN, bottom)
            found = tuple(Cell(text, box) for text, box in zip(cells, boxes, strict=True) if text)
            lines.append(Line(" ".join(c.text for c in found), frame, _SIZE, cells is table.header, found))
            if cells is not table.header:
                kept.append(Row(cells, frame))
                sheet.characters += sum(map(len, cells))
            sheet.top = bottom
        sheet.top += _SIZE
        table = replace(table, rows=tuple(kept))
        sheet.blocks.append(Block(BlockKind.TABLE, tuple(lines), self.page, title=table.title, table=table))

    def _above(self) -> tuple[str, str]:
        """Title and unit in the lines just above, which become captions."""
        title = unit = ""
        blocks = self._sheets[-1].blocks
        for at in range(len(blocks) - 1, max(-1, len(blocks) - 4), -1):
            block = blocks[at]
            text = " ".join(line.text for line in block.lines)
            if block.kind not in {BlockKind.PARAGRAPH, BlockKind.CAPTION} or SOURCE.match(text):
                break
            named = as_unit(text)
            if named and not unit:
                unit = named
            elif not title and (block.kind is BlockKind.CAPTION or CAPTION.match(text)) and len(text) <= 160:
                title = text
            else:
                break
            blocks[at] = replace(block, kind=BlockKind.CAPTION)
        return title, unit

    def _source(self, text: str) -> None:
        """Give the table just above its source."""
        blocks = self._sheets[-1].blocks
        if blocks and (table := blocks[-1].table) is not None and not table.source:
            blocks[-1] = replace(blocks[-1], table=replace(table, source=text))


def _parts(lines: Sequence[str]) -> list[list[str]]:
    """Lines in parts of at most a page each."""
    parts: list[list[str]] = [[]]
    size = 0
    for line in lines:
        if parts[-1] and size + len(line) > PAGE_CHARACTERS:
            parts.append([])
            size = 0
        parts[-1].append(line)
        size += len(line)
    return parts


def _box(text: str, top: float, size: float) -> Box:
    """Where a text of ``size`` points would stand if broken at the margins."""
    width = size * sum(1.0 if has_cjk(char) else 0.5 for char in text)
    room = _WIDTH - 2 * _MARGIN
    rows = max(1, -int(-width // room))
    return Box(_MARGIN, top, _MARGIN + min(width, room), top + size + (rows - 1) * 1.4 * size)

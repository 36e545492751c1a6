"""Printed lines to blocks: running lines set aside, tables, captions and headings told apart, paragraphs joined."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.reading.headings import BULLET, CAPTION, NUMBERED, SOURCE, Depths, Headings
from index.reading.running import find_running
from index.reading.sheet import OutlineItem, Rule, Sheet
from index.reading.tables import find_tables, gather, is_short
from index.reading.titles import link_tables
from index.text import clean, has_cjk, join
from index.types import Block, BlockKind, Line, Page

__all__ = ["OutlineItem", "Sheet", "assemble"]

_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|·{4,}|_{4,}")
_CONTENTS_LINE = re.compile(r"(?:(?:\.\s?){4,}|…{2,}|·{4,}|\s{2,})\s*\d{1,3}$")
_DOCUMENT_NAME = re.compile(r"microsoft word|\.docx?$|\.pdf$|\.indd$|^untitled|^\d+$|powerpoint", re.IGNORECASE)
_TERMINAL = ("。", "！", "？", ".", "!", "?", "：", ":", "；", ";")


def assemble(
    sheets: Sequence[Sheet], outline: Sequence[OutlineItem], metadata_title: str, stem: str
) -> tuple[tuple[Page, ...], str]:
    """The pages of a report, every line in one block, and the report's title."""
    running = find_running(sheets)
    body = [
        [line for index, line in enumerate(sheet.lines) if index not in aside]
        for sheet, aside in zip(sheets, running, strict=True)
    ]
    headings = Headings([line for lines in body for line in lines], outline)
    depths = Depths()
    pages = []
    for sheet, aside, lines in zip(sheets, running, body, strict=True):
        blocks = list(_blocks(lines, sheet.number, sheet.rules, headings, depths))
        edge = tuple(sheet.lines[index] for index in sorted(aside))
        if edge:
            blocks.append(Block(BlockKind.RUNNING, edge, sheet.number))
        pages.append(Page(sheet.number, sheet.width, sheet.height, tuple(blocks)))
    return link_tables(pages), _title(body, metadata_title, stem)


def _title(body: Sequence[Sequence[Line]], metadata_title: str, stem: str) -> str:
    """The largest type on the first page that has text, else the metadata's title, else the file's name."""
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
    title = clean(metadata_title)
    return title if len(title) >= 4 and not _DOCUMENT_NAME.search(title) else stem


def _blocks(
    lines: Sequence[Line], page: int, rules: Sequence[Rule], headings: Headings, depths: Depths
) -> Iterable[Block]:
    """The blocks of one page's body lines, in order."""
    lines = gather(list(_split_side_by_side(lines)), rules)
    if _is_contents(lines):
        yield Block(BlockKind.CONTENTS, tuple(lines), page)
        return
    table_of = {found.start: found for found in find_tables(lines, rules)}
    right = _right_edges(lines)
    index = 0
    title = ""
    while index < len(lines):
        line = lines[index]
        if index in table_of:
            end, table = table_of[index].end, table_of[index].table
            table = replace(table, title=title or table.title)
            yield Block(BlockKind.TABLE, tuple(lines[index:end]), page, title=table.title, table=table)
            index, title = end, ""
            continue
        if CAPTION.match(line.text) or SOURCE.match(line.text):
            end = index + 1
            while end < len(lines) and end not in table_of and _continues(lines[end - 1], lines[end], right):
                end += 1
            text = " ".join(part.text for part in lines[index:end])
            title = text if CAPTION.match(line.text) else ""
            yield Block(BlockKind.CAPTION, tuple(lines[index:end]), page)
            index = end
            continue
        style = headings.style(line, page, _alone(lines, index, right))
        if style:
            end = index + 1
            while end < len(lines) and end not in table_of and _same_heading(headings, lines, index, end, page, style):
                end += 1
            yield Block(BlockKind.HEADING, tuple(lines[index:end]), page, level=depths.depth(style, line.size))
            index = end
            continue
        end = index + 1
        while end < len(lines) and end not in table_of and _continues(lines[end - 1], lines[end], right):
            if headings.style(lines[end], page, alone=False) or CAPTION.match(lines[end].text):
                break
            end += 1
        yield Block(BlockKind.PARAGRAPH, tuple(lines[index:end]), page)
        if not is_short(line):
            title = ""
        index = end


def _split_side_by_side(lines: Iterable[Line]) -> Iterable[Line]:
    """Captions or sources that stand beside each other on one line, each as a line of its own."""
    for line in lines:
        if len(line.cells) > 1 and all(CAPTION.match(c.text) or SOURCE.match(c.text) for c in line.cells):
            for cell in line.cells:
                yield replace(line, text=cell.text, cells=(cell,), box=cell.box)
        else:
            yield line


def _is_contents(lines: Sequence[Line]) -> bool:
    """Whether a page is a table of contents: most of its lines lead to a page number."""
    leading = sum(bool(_CONTENTS_LINE.search(line.text) or _LEADERS.search(line.text)) for line in lines)
    return leading >= 4 and leading >= 0.5 * len(lines)


def _right_edges(lines: Sequence[Line]) -> dict[float, float]:
    """For the left edge of every line, where full lines that begin near it end, in points."""
    edges = {}
    for line in lines:
        if line.box.x0 not in edges:
            reach = 2.6 * line.size
            ends = sorted(o.box.x1 for o in lines if abs(o.box.x0 - line.box.x0) <= reach and len(o.cells) <= 1)
            edges[line.box.x0] = ends[int(0.9 * (len(ends) - 1))] if ends else line.box.x1
    return edges


def _full(line: Line, following: Line, right: dict[float, float]) -> bool:
    """Whether the line was broken only because the next word did not fit."""
    word = following.text[:1] if has_cjk(following.text[:1]) else following.text.split(" ", 1)[0]
    width = line.size * sum(1.0 if has_cjk(char) else 0.55 for char in word)
    return right.get(line.box.x0, line.box.x1) - line.box.x1 < max(width, 1.2 * line.size) + 0.8 * line.size


def _continues(last: Line, line: Line, right: dict[float, float]) -> bool:
    """Whether ``line`` goes on with the paragraph of ``last``."""
    if BULLET.match(line.text) or SOURCE.match(line.text) or abs(line.size - last.size) > 0.7:
        return False
    if len(last.cells) > 1 and len(line.cells) > 1:
        return False
    below = line.box.top - last.box.bottom
    if below > 1.3 * line.size:
        return False
    if line.box.bottom < last.box.top:  # the next column
        return not last.text.endswith(_TERMINAL)
    indented = line.box.x0 - last.box.x0 > 1.2 * line.size and not BULLET.match(last.text)
    if indented or (last.text.endswith(_TERMINAL) and NUMBERED.match(line.text)):
        return False
    return _full(last, line, right)


def _alone(lines: Sequence[Line], index: int, right: dict[float, float]) -> bool:
    """Whether a line neither continues the line before it nor is continued by the line after it."""
    before = index > 0 and _continues(lines[index - 1], lines[index], right)
    before = before and not lines[index - 1].text.endswith(_TERMINAL)
    after = index + 1 < len(lines) and _continues(lines[index], lines[index + 1], right)
    return not before and not after


def _same_heading(headings: Headings, lines: Sequence[Line], index: int, end: int, page: int, style: str) -> bool:
    """Whether the line at ``end`` is the second or third line of the heading that begins at ``index``."""
    first, line = lines[index], lines[end]
    if end - index > 2 or abs(line.size - first.size) > 0.3 or line.bold != first.bold:
        return False
    near = -0.5 * line.size <= line.box.top - lines[end - 1].box.bottom < 0.8 * line.size
    large = first.size >= 1.12 * headings.body_size
    wrapped = first.bold and abs(line.box.x0 - first.box.x0) < 1 and line.text[:1].islower()
    same = style.startswith("type:") and len(line.cells) == 1 and not BULLET.match(line.text)
    return near and same and (large or wrapped)

"""Tables and charts as sentences: each row readable alone, each chart saying that its values are in the picture."""

import re
from collections.abc import Sequence

from index.text import fold, has_cjk, join
from index.types import Block, BlockKind, Box, Line, Row, Sentence, Table

LONGEST_NAME = 48  # characters of a column's name in a row; Chinese says as much in half as many
LONGEST_HEADER = 240  # characters of the header in a chunk's context
_PICTURE = re.compile(r"^(?:图|附图|Figure|Fig\.|Chart|Exhibit)", re.IGNORECASE)
_TABLE = re.compile(r"^(?:图?表|附表|Table)\s*[\dA-Z一二三四五六七八九十]*\s*[:：.、]", re.IGNORECASE)
_BESIDE = re.compile(r"^(?:资料来源|数据来源|来源|注释?|备注|Sources?|Notes?)\s*[:：]", re.IGNORECASE)
_FIGURE = re.compile(r"\d")
_IN_PICTURE = {"zh": "（数值见原图，未转为文字）", "en": " (the values are in the picture, not in the text)"}


def table_about(table: Table, path: Sequence[str]) -> tuple[str, ...]:
    """What every chunk of a table must say of it: title, unit and header, each at most once; ``path`` is known."""
    known = fold("".join(path))
    title = "" if table.title and fold(table.title) in known else table.title
    unit = "" if table.unit and fold(table.unit) in fold(table.title) else table.unit
    names = list(dict.fromkeys(name for name in table.header if name))
    header = " | ".join(names)
    if len(header) > LONGEST_HEADER:
        header = header[:LONGEST_HEADER].rsplit(" ", 1)[0]
    return tuple(part for part in (title, unit, header) if part)


def row_sentences(table: Table, page: int) -> list[Sentence]:
    """The rows as sentences: "label | column: value | …"; the quote is the row as printed."""
    names = _short_names(table.header)
    return [
        Sentence(_row_text(row, names), page, " | ".join(cell for cell in row.cells if cell), (row.box,))
        for row in table.rows
        if any(row.cells)
    ]


def _row_text(row: Row, names: Sequence[str]) -> str:
    parts: list[str] = []
    labelled = False
    for index, cell in enumerate(row.cells):
        if not cell:
            continue
        is_label = not labelled and (index == 0 or not _FIGURE.search(cell))
        name = "" if is_label or index >= len(names) or fold(names[index]) == fold(cell) else names[index]
        parts.append(f"{name.rstrip(':：')}: {cell}" if name else cell)
        labelled = True
    if not row.group:
        return " | ".join(parts)
    if row.cells[0] or (parts and not names and not _FIGURE.search(parts[0])):
        return f"{_short(row.group)}: {' | '.join(parts)}"
    return " | ".join((_short(row.group), *parts))


def _short_names(header: Sequence[str]) -> tuple[str, ...]:
    """The columns' names for use in rows: without the words that all of them begin with, and not too long."""
    named = [name for name in header[1:] if name]
    cut = 0
    if sum(map(len, named)) > 2 * LONGEST_NAME and len(named) > 1:
        for words in zip(*(name.split(" ")[:-1] for name in named), strict=False):
            if len(set(words)) > 1:
                break
            cut += len(words[0]) + 1
    return tuple(_tail(name[cut:].strip()) if index and name else name for index, name in enumerate(header))


def _tail(name: str) -> str:
    """The last words of a long name: a header's lowest level says most."""
    longest = LONGEST_NAME // 2 if has_cjk(name) else LONGEST_NAME
    if len(name) <= longest:
        return name
    return name[-longest:].split(" ", 1)[-1]


def _short(group: str) -> str:
    longest = LONGEST_NAME if has_cjk(group) else 2 * LONGEST_NAME
    return group if len(group) <= longest else group[:longest].rsplit(" ", 1)[0]


def pictured(blocks: Sequence[Block]) -> set[Block]:
    """The captions among ``blocks`` that name a picture: no table follows them."""
    found = set()
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.CAPTION or not block.lines or not _PICTURE.match(block.lines[0].text):
            continue
        after = next((b for b in blocks[index + 1 :] if b.kind is not BlockKind.CAPTION), None)
        if after is None or after.kind is not BlockKind.TABLE:
            found.add(block)
    return found


def chart_sentences(block: Block, *, pictured: bool) -> list[Sentence]:
    """What is said of a chart: its caption and sources, its loose labels left out.

    ``pictured`` says that a caption is that of a picture.
    """
    is_chart = block.kind is BlockKind.CHART
    lines = _told(block) if is_chart else list(block.lines)
    if is_chart and not lines:
        lines = list(block.lines[:1])
    sentences: list[Sentence] = []
    text = ""
    boxes: list[Box] = []
    for index, line in enumerate(lines):
        text, boxes = join(text, line.text), [*boxes, line.box]
        after = lines[index + 1] if index + 1 < len(lines) else None
        if after is None or _BESIDE.match(after.text) or _PICTURE.match(after.text):
            sentences.append(Sentence(text, block.page, text, tuple(boxes)))
            text, boxes = "", []
    if not sentences or not (is_chart or pictured):
        return sentences
    first = sentences[0]
    note = _IN_PICTURE["zh" if has_cjk(first.text) else "en"]
    return [Sentence(first.text + note, first.page, first.quote, first.boxes), *sentences[1:]]


def begins_picture(sentence: Sentence) -> bool:
    """Whether a sentence of a caption block is a caption rather than a source or note."""
    return not _BESIDE.match(sentence.text)


def _told(block: Block) -> list[Line]:
    """A chart's caption, however many lines it has, and its sources with the lines that go on with them."""
    told: list[Line] = []
    caption = ""
    for line in block.lines:
        goes_on = (
            bool(told) and told[-1] is not block.lines[0] and _BESIDE.match(told[-1].text) and is_next(told[-1], line)
        )
        if len(caption) < len(block.title) or _is_told(line) or goes_on:
            told.append(line)
            caption = join(caption, line.text)
    return told


def is_next(last: Line, line: Line) -> bool:
    """Whether a line stands directly under another and in its type."""
    return abs(line.size - last.size) < 0.3 and -0.4 * line.size <= line.box.top - last.box.bottom <= 0.8 * line.size


def _is_told(line: Line) -> bool:
    return any(pattern.match(line.text) for pattern in (_PICTURE, _TABLE, _BESIDE))

"""Plain text. A "page" is what form feeds part, or else a stretch of about 3,000 characters."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from index.errors import ReadError
from index.language import detect
from index.reading.builder import LONGEST_PAGE, PAGE_CHARACTERS, cut
from index.reading.container import check_kind
from index.reading.encoding import decode
from index.reading.layout import assemble
from index.reading.sheet import Sheet
from index.text import clean
from index.types import Box, Cell, Line, Report

_MARKDOWN_HEADING = re.compile(r"^(#{1,6})\s+(.*)")


def read(path: Path, data: bytes, sha256: str, progress: Callable[[int, int], None], max_pages: int) -> Report:
    """Read a text file in any common encoding. Raises ReadError when it is no text or too long."""
    check_kind(path, data, ".txt")
    text, warnings = text_of(path, data)
    sheets = [_sheet(part, number) for number, part in enumerate(_pages(text), 1)]
    if not any(sheet.lines for sheet in sheets):
        raise ReadError(f"{path.name} is empty.", "Check that it was copied or downloaded whole.")
    if len(sheets) > max_pages:
        raise ReadError(
            f"{path.name} has {len(sheets)} pages; the limit is {max_pages}.", "Raise the setting max_pages."
        )
    progress(len(sheets), len(sheets))
    paged = "\f" in text and len(sheets) == text.count("\f") + 1
    pages = assemble(sheets, ())
    return Report(path.name, sha256, path.stem, detect(text[:20000]), pages, paged, tuple(warnings))


def text_of(path: Path, data: bytes) -> tuple[str, list[str]]:
    """The file's text and warnings about it. Raises ReadError when it is no text."""
    text, broken = decode(data)
    head = text[:10_000]
    controls = sum(char < " " and char not in "\t\n\r\f\v\x1a" for char in head)
    if not text.strip("\ufeff") or controls > 0.02 * len(head) or head.count("\ufffd") > 0.1 * len(head):
        raise ReadError(f"{path.name} is not text although its name says so.", "Give it the ending of what it is.")
    return text, ["some characters could not be read"] if broken else []


def _pages(text: str) -> list[str]:
    """The text's own pages, each in stretches when it is too long to be one."""
    pages: list[str] = []
    parts = text.split("\f")
    for part in parts:
        if len(part) <= (LONGEST_PAGE if len(parts) > 1 else PAGE_CHARACTERS):
            pages.append(part)
            continue
        lines: list[str] = []
        size = 0
        for line in _short_lines(part):
            ready = not line.strip() or size + len(line) > 4 * PAGE_CHARACTERS / 3
            if lines and ready and size + len(line) > PAGE_CHARACTERS:
                pages.append("\n".join(lines))
                lines, size = [], 0
            lines.append(line)
            size += len(line)
        pages.append("\n".join(lines))
    return pages


def _short_lines(text: str) -> Iterator[str]:
    """The lines, a very long one cut between sentences."""
    for line in text.splitlines():
        if len(line) <= PAGE_CHARACTERS:
            yield line
        else:
            yield from cut(line, PAGE_CHARACTERS)


def _sheet(text: str, number: int) -> Sheet:
    """Lines of text as if printed: 10 points high, one under the other, so that one layout serves all formats."""
    lines = []
    for row, raw in enumerate(text.splitlines()):
        heading = _MARKDOWN_HEADING.match(raw)
        size = 10.0 + (7 - len(heading[1])) if heading else 10.0
        shown = clean(heading[2] if heading else raw.replace("\t", "  "))
        if not shown:
            continue
        parts = [clean(part) for part in re.split(r"\t|\s{3,}|(?<=\S)\s*\|\s*", raw.strip().strip("|")) if clean(part)]
        if parts and all(re.fullmatch(r"[-:=\s]+", part) for part in parts):
            continue
        top, x0 = 20.0 * row, 0.0
        cells = []
        for part in parts or [shown]:
            cells.append(Cell(part, Box(x0, top, x0 + 10.0 * len(part), top + size)))
            x0 += 10.0 * (len(part) + 3)
        line_box = Box(0.0, top, 10.0 * len(shown), top + size)
        lines.append(Line(shown, line_box, size, bool(heading), tuple(cells)))
    return Sheet(number, 600.0, 20.0 * max(1, len(text.splitlines())), tuple(lines))

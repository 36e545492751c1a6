"""Plain text and Markdown files. A "page" is what form feeds part, or else a stretch of about 3,000 characters."""

import re
from collections.abc import Callable
from pathlib import Path

from index.errors import ReadError
from index.language import detect
from index.reading.layout import assemble
from index.reading.sheet import Sheet
from index.text import clean
from index.types import Box, Cell, Line, Report

PAGE_CHARACTERS = 3000
_MARKDOWN_HEADING = re.compile(r"^(#{1,6})\s+(.*)")


def read(path: Path, data: bytes, sha256: str, progress: Callable[[int, int], None], max_pages: int) -> Report:
    """Read a text file in any common encoding. Raises ReadError when it is no text or too long."""
    if data[:1024].lstrip().startswith(b"%PDF"):
        raise ReadError(f"{path.name} is a PDF although its name says text.", "Give it the ending .pdf.")
    text = _decode(path, data)
    sheets = [_sheet(part, number) for number, part in enumerate(_pages(text), 1)]
    if not any(sheet.lines for sheet in sheets):
        raise ReadError(f"{path.name} is empty.", "Check that it was copied or downloaded whole.")
    if len(sheets) > max_pages:
        raise ReadError(
            f"{path.name} has {len(sheets)} pages; the limit is {max_pages}.", "Raise the setting max_pages."
        )
    progress(len(sheets), len(sheets))
    return Report(path.name, sha256, path.stem, detect(text[:20000]), assemble(sheets, ()), paged="\f" in text)


def _decode(path: Path, data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16") if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig",):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        from charset_normalizer import from_bytes

        best = from_bytes(data[:200_000], cp_isolation=["gb18030", "big5", "utf_16", "cp1252", "shift_jis"]).best()
        try:
            text = data.decode(best.encoding) if best else ""
        except UnicodeDecodeError:
            text = data.decode(best.encoding, "replace") if best else ""
    controls = sum(char < " " and char not in "\t\n\r\f" for char in text[:10_000])
    if not text or controls > 0.02 * len(text[:10_000]):
        raise ReadError(f"{path.name} is not text although its name says so.", "Give it the ending of what it is.")
    return text


def _pages(text: str) -> list[str]:
    if "\f" in text:
        return text.split("\f")
    pages, size = [[]], 0  # type: list[list[str]], int
    for line in text.splitlines():
        if size + len(line) > PAGE_CHARACTERS and not line.strip():
            pages.append([])
            size = 0
        pages[-1].append(line)
        size += len(line)
    return ["\n".join(lines) for lines in pages]


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

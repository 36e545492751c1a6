"""Running headers, footers and page numbers: what stands at the edge of many pages and is not the page's text."""

import re
from collections import defaultdict
from collections.abc import Sequence

from index.reading.sheet import Sheet
from index.text import fold
from index.types import Line

EDGE = 0.13  # share of the page's height, from the top and from the bottom, where running lines can stand
DEEPEST = 4  # lines from the edge that are looked at
_PAGE_NUMBER = re.compile(
    r"^[-–—\s]*(?:(?:page|p\.|第)\s*)?(?:\d{1,4}|[ivxlc]{1,6}|[a-f]-\d{1,3})(?:\s*(?:页|/|of|共)\s*\d*\s*页?)*[-–—\s]*$",
    re.IGNORECASE,
)


def find_running(sheets: Sequence[Sheet]) -> list[frozenset[int]]:
    """For every sheet the indices of its running lines.

    A line runs when its words (digits set aside) stand at about the same height on at least three pages and on three
    tenths of all, or when it is only a page number.
    """
    pages_of: dict[tuple[str, int], set[int]] = defaultdict(set)
    edges = [_edge_lines(sheet) for sheet in sheets]
    for sheet, edge in zip(sheets, edges, strict=True):
        for index in edge:
            for key in _keys(sheet.lines[index], near=True):
                pages_of[key].add(sheet.number)
    enough = max(3, 0.3 * len(sheets))
    numbered = _numbered(sheets)
    found = []
    for sheet, edge in zip(sheets, edges, strict=True):
        found.append(
            frozenset(
                index
                for index in edge
                if _PAGE_NUMBER.match(sheet.lines[index].text)
                or any(len(pages_of[key]) >= enough for key in _keys(sheet.lines[index], near=False))
            )
            | numbered.get(sheet.number, frozenset())
        )
    return found


def _edge_lines(sheet: Sheet) -> list[int]:
    order = sorted(range(len(sheet.lines)), key=lambda index: sheet.lines[index].box.top)
    top = [i for i in order[:DEEPEST] if sheet.lines[i].box.bottom <= EDGE * sheet.height]
    bottom = [i for i in order[-DEEPEST:] if sheet.lines[i].box.top >= (1 - EDGE) * sheet.height]
    return [*top, *bottom]


def _keys(line: Line, near: bool) -> list[tuple[str, int]]:
    """The line's words with its height in steps of 8 points; ``near`` adds the steps beside it."""
    words = re.sub(r"\d+", "#", fold(line.text))
    step = round(line.box.top / 8)
    return [(words, step + away) for away in ((-1, 0, 1) if near else (0,))]


def _numbered(sheets: Sequence[Sheet]) -> dict[int, frozenset[int]]:
    """Page numbers that stand alone as the first or last line, wherever that is: they count up with the pages."""
    offsets: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for sheet in sheets:
        if sheet.lines:
            order = sorted(range(len(sheet.lines)), key=lambda index: sheet.lines[index].box.top)
            for index in {order[0], order[-1]}:
                number = re.fullmatch(r"\W*(\d{1,4})\W*", sheet.lines[index].text)
                if number:
                    offsets[int(number[1]) - sheet.number].append((sheet.number, index))
    return {
        page: frozenset(index for number, index in places if number == page)
        for places in offsets.values()
        if len(places) >= 3
        for page, _ in places
    }

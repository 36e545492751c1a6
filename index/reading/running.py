"""Running headers, footers, page numbers and watermarks: what many pages bear and is not their text."""

import re
from collections import defaultdict
from collections.abc import Sequence

from index.reading.sheet import Sheet
from index.text import fold
from index.types import Line

EDGE = 0.13  # share of the page's height, from the top and from the bottom, where running lines can stand
_LARGE = 20.0  # points; repeated pale type of this size is no text
_WORDED = 6  # characters of a running line that is known at another height, too
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
    words = {key[0] for key, pages in pages_of.items() if len(pages) >= enough and len(key[0]) >= _WORDED}
    numbered = _numbered(sheets)
    found = []
    for sheet, edge in zip(sheets, edges, strict=True):
        found.append(
            frozenset(
                index
                for index in edge
                if _PAGE_NUMBER.match(sheet.lines[index].text)
                or any(len(pages_of[key]) >= enough or key[0] in words for key in _keys(sheet.lines[index], near=False))
            )
            | numbered.get(sheet.number, frozenset())
        )
    return found


def find_watermarks(sheets: Sequence[Sheet]) -> list[frozenset[int]]:
    """For every sheet the indices of its pale lines that are watermarks.

    A pale line is one when other text is printed over it, or when it stands on three pages and is large. Pale type may
    also be a title on a dark ground, which neither repeats nor lies under text.
    """
    pages_of: dict[str, set[int]] = defaultdict(set)
    for sheet in sheets:
        for index in sheet.pale:
            pages_of[fold(sheet.lines[index].text)].add(sheet.number)
    return [
        frozenset(
            index
            for index in sheet.pale
            if (len(pages_of[fold(sheet.lines[index].text)]) >= 3 and sheet.lines[index].size >= _LARGE)
            or _printed_over(sheet, index)
        )
        for sheet in sheets
    ]


def _printed_over(sheet: Sheet, index: int) -> bool:
    """Whether at least two other lines lie on the line at ``index``."""
    box = sheet.lines[index].box
    return (
        sum(
            min(line.box.x1, box.x1) - max(line.box.x0, box.x0) > 0
            and min(line.box.bottom, box.bottom) - max(line.box.top, box.top) > 0.5 * (line.box.bottom - line.box.top)
            for at, line in enumerate(sheet.lines)
            if at != index and at not in sheet.pale
        )
        >= 2
    )


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

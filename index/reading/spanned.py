"""Tables whose cells are told, not guessed: merged cells filled, header rows joined, split figures put together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_COLUMNS = 500
MOST_CELLS = 2_000_000
_HEADER_ROWS = 3  # a guessed header has at most so many rows
_YEAR = re.compile(r"(?:FY|CY|Q[1-4]\s*)?(?:19|20)\d\d(?:[AEF]|年)?")
_FIGURE = re.compile(r"[-+−–(（]?\s*(?:[$¥￥€£]|US\$|HK\$)?\s*[-+−]?\d[\d,，.]*\s*(?:%|pct|bp|x|倍)?\s*[)）]?")
_SIGN = re.compile(r"[-−(（]?\s*(?:[$¥￥€£]|US\$|HK\$|RMB)\s*[-−(（]?")
_BARE = re.compile(r"[-−(（]?[\d.]")  # a figure without its sign
_TAIL = re.compile(r"[)）%]+|%\s*[)）]")


@dataclass(slots=True)
class Grid:
    """Cells as they are put in. A cell that spans several places stands in all of them."""

    rows: list[list[str]] = field(default_factory=list)
    header: int = 0  # how many rows are known to be the header
    breaks: list[int] = field(default_factory=list)  # numbers of the rows, from 0, before which a page ends
    _spanning: set[tuple[int, int]] = field(default_factory=set)  # places that only a merged cell fills, left or above
    _below: dict[int, tuple[int, str, bool]] = field(default_factory=dict)  # column: rows to come, text, also spanning
    _cells: int = 0

    def row(self, cells: Sequence[tuple[str, int, int]]) -> None:
        """Add a row of (text, columns spanned, rows spanned). Cells over the limits are left out."""
        at, row, number = 0, [], len(self.rows)
        waiting = list(cells)
        while (waiting or any(column >= at for column in self._below)) and at < MOST_COLUMNS:
            if at in self._below:
                left, text, wide = self._below.pop(at)
                if left > 1:
                    self._below[at] = (left - 1, text, wide)
                row.append(text)
                if wide:
                    self._spanning.add((number, at))
                at += 1
                continue
            text, columns, rows = waiting.pop(0) if waiting else ("", 1, 1)
            for offset in range(max(1, min(columns, MOST_COLUMNS - at))):
                row.append(text)
                if offset:
                    self._spanning.add((number, at))
                if rows > 1:
                    self._below[at] = (rows - 1, text, offset > 0)
                at += 1
        self._cells += len(row)
        if self._cells <= MOST_CELLS:
            self.rows.append(row)

    def finish(self) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
        """The header, one name a column or empty, and the body's rows, all of one length, each with its number.

        Columns and rows with nothing in them are gone. Without a known header, leading rows without figures are it.
        """
        width = max((len(row) for row in self.rows), default=0)
        rows = [row + [""] * (width - len(row)) for row in self.rows]
        known = min(self.header, max(0, len(rows) - 1))
        own = [
            ["" if (at, column) in self._spanning else text for column, text in enumerate(row)]
            for at, row in enumerate(rows)
        ]
        bodies = [row if _is_one_cell(row, own[at]) else None for at, row in enumerate(rows)]
        for at, whole in enumerate(bodies):
            if whole is not None and width > 1:
                rows[at] = own[at]
        _mend(rows, own, known)
        used = [c for c in range(width) if any(row[c] for row in own[known:])] or list(range(width))
        kept = [(at, tuple(row[c] for c in used)) for at, row in enumerate(rows) if any(row[c] for c in used)]
        count = sum(at < known for at, _ in kept) or _guess([row for _, row in kept])
        return _names([row for _, row in kept[:count]]), kept[count:]


def _is_one_cell(row: Sequence[str], own: Sequence[str]) -> bool:
    """Whether one merged cell fills the row: a title inside the table, to be said once."""
    return len({text for text in row if text}) == 1 and sum(bool(text) for text in own) == 1


def _mend(rows: list[list[str]], own: list[list[str]], known: int) -> None:
    """Put currency signs, closing brackets and percent signs that have cells of their own back to their figures."""
    for at in range(known, len(rows)):
        row, mine = rows[at], own[at]
        for column in range(len(row) - 1):
            follower = next((c for c in range(column + 1, len(row)) if mine[c]), None)
            if follower is None or not mine[column]:
                continue
            if _SIGN.fullmatch(row[column]) and _BARE.match(row[follower]):
                row[follower] = mine[follower] = row[column] + row[follower]
                row[column] = mine[column] = ""
            elif _TAIL.fullmatch(row[follower]) and row[column][-1:].isdigit():
                row[column] = mine[column] = row[column] + row[follower]
                row[follower] = mine[follower] = ""


def is_figure(text: str) -> bool:
    """Whether a cell holds a number that is no year."""
    return bool(_FIGURE.fullmatch(text)) and not _YEAR.fullmatch(text)


def _guess(rows: Sequence[tuple[str, ...]]) -> int:
    """How many leading rows are the header: those without figures, when figures come below."""
    count = 0
    while count < len(rows) and not any(is_figure(text) for text in rows[count]):
        count += 1
    if count == len(rows):  # words only: two columns are names and what they are
        return 1 if len(rows) > 1 and len(rows[0]) > 2 and all(rows[0]) else 0
    while count and sum(bool(text) for text in rows[count - 1]) < 2:  # a title inside the body
        count -= 1
    return min(count, _HEADER_ROWS)


def _names(head: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The header rows as one name a column, a text that spans two rows said once."""
    names = []
    for column in zip(*head, strict=True):
        levels: list[str] = []
        for text in column:
            if text and text not in levels:
                levels.append(text)
        names.append(" ".join(levels))
    return tuple(names)

"""Rows of text (cells parted by |) as Slack's table, or as aligned text where a table does not fit."""

import re
import unicodedata
from collections.abc import Sequence

from rag.slack.limits import TABLE_COLUMNS, TABLE_ROWS, TABLE_TEXT, Block

CELL = 60  # characters of a cell in aligned text
TABLE_BYTES = 9000  # of its cells' text, so that a message holds it
TABLE_SHARE = 3000  # characters of its cells, so that its text fits into a message
_RULE = re.compile(r"^[\s|:+-]*-{2,}[\s|:+-]*$")
_NUMBER = re.compile(r"^[(+\-−–$¥€£]*[\d,.]+.{0,8}$")


def is_row(line: str) -> bool:
    """Whether a line is a row of a table: cells parted by a bar with spaces, or the rule under a Markdown header."""
    bare = line.strip()
    return " | " in bare or (bare.startswith("|") and bare.endswith("|") and len(bare) > 2) or _is_rule(bare)


def _is_rule(line: str) -> bool:
    return "|" in line and _RULE.match(line) is not None


def rows_of(lines: Sequence[str]) -> list[tuple[str, ...]]:
    """The cells of rows, all rows made equally long; without the rule under a Markdown header."""
    rows = [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines if not _is_rule(line)]
    columns = max(map(len, rows), default=0)
    return [row + ("",) * (columns - len(row)) for row in rows]


def table(rows: Sequence[Sequence[str]]) -> Block | None:
    """Slack's table block of the rows; None when they are more than it holds.

    https://docs.slack.dev/reference/block-kit/blocks/table-block: a cell must not be empty. Its cells are raw text, in
    which nothing is markup. Columns of numbers stand at the right.
    """
    text = "".join(cell for row in rows for cell in row)
    fits = len(rows) <= TABLE_ROWS and len(rows[0]) <= TABLE_COLUMNS and len(text) <= min(TABLE_TEXT, TABLE_SHARE)
    if not fits or len(text.encode()) + 40 * len(rows) * len(rows[0]) > TABLE_BYTES:
        return None
    columns = list(zip(*rows, strict=True))
    numbers = [any(column[1:]) and all(not c or _NUMBER.match(c) for c in column[1:]) for column in columns]
    return {
        "type": "table",
        "column_settings": [{"align": "right" if right else "left", "is_wrapped": True} for right in numbers],
        "rows": [[{"type": "raw_text", "text": cell or " "} for cell in row] for row in rows],
    }


def preformatted(rows: Sequence[Sequence[str]]) -> str:
    """The rows as text for a font in which Chinese characters are twice as wide as Latin ones."""
    cut = [[cell if len(cell) <= CELL else cell[: CELL - 1] + "…" for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cut, strict=True)]
    return "\n".join(
        "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)).rstrip()
        for row in cut
    )


def width(text: str) -> int:
    """Columns that a text takes in such a font."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)

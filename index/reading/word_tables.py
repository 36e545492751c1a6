"""Tables of Word files: their rows, merged cells, page breaks, and what in them belongs after them."""

from collections.abc import Iterator, Sequence
from typing import Any

from index.reading.spanned import Grid
from index.reading.word_styles import Styles
from index.reading.word_text import BREAK, RENDERED, Text, attribute, child, local, on, paragraph_text, tag

_ARRANGING_ROWS = 4  # a longer table holds data
_LONG_CELL = 600  # characters

Cells = list[tuple[Any, int, str]]


def rows(table: Any) -> Iterator[tuple[Any, Cells]]:
    """The rows that were not deleted: their properties and their cells as (cell, columns spanned, vertical merge)."""
    for row in _inside(table, "tr"):
        properties = child(row, "trPr")
        if child(properties, "del") is not None:
            continue
        cells = []
        for cell in _inside(row, "tc"):
            own = child(cell, "tcPr")
            merge = child(own, "vMerge")
            kind = "" if merge is None else attribute(merge, "val") or "continue"
            cells.append((cell, max(1, _number(child(own, "gridSpan"))), kind))
        if cells:
            yield properties, cells


def arranges(found: Sequence[tuple[Any, Cells]], styles: Styles) -> bool:
    """Whether a table only puts text side by side: one column, or few rows with a lot in a cell."""
    if all(len(cells) == 1 for _, cells in found):
        return True
    if len(found) > _ARRANGING_ROWS:
        return False
    for cell in (cell for _, cells in found for cell, _, _ in cells):
        paragraphs = list(_inside(cell, "p"))
        size = sum(len(t.text or "") for t in cell.iter(tag("t")))
        if len(paragraphs) >= 3 and (size > _LONG_CELL or any(styles.level(child(p, "pPr")) for p in paragraphs)):
            return True
    return False


def grid(table: Any, found: Sequence[tuple[Any, Cells]]) -> tuple[Grid, list[Any]]:
    """The table's cells, and what is said after it: notes as (kind, id), text boxes, tables inside its cells."""
    filled, after, leading = Grid(), [], True  # type: Grid, list[Any], bool
    above: dict[int, str] = {}
    for properties, cells in found:
        at = _number(child(properties, "gridBefore"))
        line = [("", 1, 1)] * at
        before = within = 0
        for cell, span, merged in cells:
            texts = [paragraph_text(p) for p in _inside(cell, "p")]
            text = " ".join(said for t in texts if (said := t.plain.strip().replace("\n", " ")))
            if merged:
                text = above[at] = above.get(at, "") if merged == "continue" else text
            line.append((text, span, 1))
            at += span
            first, later = _breaks_in(texts)
            before, within = max(before, first), max(within, later)
            after += [note for t in texts for note in t.notes] + [box for t in texts for box in t.boxes]
            after += _inside(cell, "tbl")
        filled.breaks += [len(filled.rows)] * before + [len(filled.rows) + 1] * within
        filled.row(line)
        leading = leading and on(child(properties, "tblHeader"))
        filled.header += leading
    look = child(child(table, "tblPr"), "tblLook")
    if not filled.header and len(found) > 1:
        filled.header = int(attribute(look, "firstRow") == "1" or bool(_hex(attribute(look, "val")) & 0x20))
    return filled, after


def _inside(parent: Any, wanted: str) -> Iterator[Any]:
    """Children named ``wanted``, also those in content controls and tracked insertions."""
    for element in parent:
        name = local(element)
        if name == wanted:
            yield element
        elif name in {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}:
            yield from _inside(element, wanted)


def _breaks_in(texts: Sequence[Text]) -> tuple[int, int]:
    """How many pages end before a cell's first text, and after it."""
    before = within = 0
    written = False
    for piece in (piece for text in texts for piece in text.pieces):
        if piece in {BREAK, RENDERED}:
            before, within = before + (not written), within + written
        written = written or bool(piece.strip())
    return before, within


def _hex(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        return 0


def _number(element: Any) -> int:
    value = attribute(element, "val")
    return max(0, min(int(value), 500)) if value.isdigit() else 0

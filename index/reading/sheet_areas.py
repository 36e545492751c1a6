"""Where the tables of a spreadsheet are: areas of cells that empty rows and columns part."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from index.reading.spanned import is_figure

Place = tuple[int, int]  # row, column, from 1


@dataclass(slots=True)
class Cells:
    """What a sheet shows: texts, merged ranges by their first place as (columns, rows), and the places under them."""

    texts: dict[Place, str] = field(default_factory=dict)
    spans: dict[Place, tuple[int, int]] = field(default_factory=dict)
    covered: set[Place] = field(default_factory=set)
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells: the numbers of its rows and columns."""

    sheet: Cells
    rows: tuple[int, ...]
    columns: tuple[int, ...]

    def texts(self, row: int) -> list[str]:
        """The texts of a row."""
        return [text for column in self.columns if (text := self.sheet.texts.get((row, column)))]

    def only_text(self, row: int) -> str:
        """The text of a row that has just one, which is no figure; else empty."""
        texts = self.texts(row)
        under = any((row, c) in self.sheet.covered and (row, c) not in self.sheet.texts for c in self.columns)
        alone = len(texts) == 1 and not is_figure(texts[0])
        if alone and under:  # merged over the row it is a title, merged over several rows a label
            alone = any(self.sheet.spans.get((row, c), (0, 0))[1] == 1 for c in self.columns)
        return texts[0] if alone and (len(self.columns) > 1 or len(texts[0]) > 0) else ""

    def has_figures(self, row: int) -> bool:
        """Whether a figure stands in the row."""
        return any(is_figure(text) for text in self.texts(row))

    def cells(self, row: int) -> list[tuple[str, int, int]]:
        """The row's cells as (text, columns spanned, rows spanned), those under a merged cell left out."""
        found = []
        last = self.rows[-1]
        for at, column in enumerate(self.columns):
            place = (row, column)
            if place in self.sheet.spans:
                wide, high = self.sheet.spans[place]
                inside = sum(column <= c < column + wide for c in self.columns[at:])
                found.append((self.sheet.texts.get(place, ""), max(1, inside), min(high, last - row + 1)))
            elif place not in self.sheet.covered:
                found.append((self.sheet.texts.get(place, ""), 1, 1))
        return found


def areas(cells: Cells) -> Iterator[Area]:
    """The areas of a sheet, from above to below and from left to right."""
    filled: dict[int, set[int]] = {}
    for row, column in [*cells.texts, *cells.covered]:
        filled.setdefault(row, set()).add(column)
    run: list[int] = []
    for row in [*sorted(filled), -1]:
        if run and row != run[-1] + 1:
            yield from _side_by_side(cells, run, filled)
            run = []
        run.append(row)


def _side_by_side(cells: Cells, rows: list[int], filled: dict[int, set[int]]) -> Iterator[Area]:
    """Tables beside each other: two empty columns part them, or one when the right one begins with labels."""
    used = sorted(set().union(*(filled[row] for row in rows)))
    parts: list[list[int]] = [[]]
    for column in used:
        gap = column - parts[-1][-1] - 1 if parts[-1] else 0
        if gap >= 2 or (gap == 1 and _labels(cells, rows, column)):
            parts.append([])
        parts[-1].append(column)
    for part in parts:
        inside = [row for row in rows if filled[row] & set(part)]
        yield Area(cells, tuple(inside), tuple(part))


def _labels(cells: Cells, rows: list[int], column: int) -> bool:
    """Whether a column holds names, with something to their right."""
    texts = [cells.texts[row, column] for row in rows if (row, column) in cells.texts]
    beside = sum((row, column + 1) in cells.texts for row in rows)
    return beside >= 2 and len(texts) >= 3 and sum(not is_figure(text) for text in texts) >= 0.8 * len(texts)

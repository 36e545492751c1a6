"""Tables on a page: which lines are theirs, and what stands in which cell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.reading.barred import find_barred
from index.reading.grid import find_grids, read_grid
from index.reading.sheet import Rule
from index.reading.titles import above, below, unit_name
from index.reading.unruled import read_run, runs
from index.text import has_cjk
from index.types import Line, Table, around


@dataclass(frozen=True, slots=True)
class Found:
    """A table made of ``lines[start:end]``."""

    start: int
    end: int
    table: Table


def find_tables(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Found]:
    """The tables among the body lines of one page, in reading order; ``rules`` are the lines drawn on it.

    First those in a grid of drawn lines, then those with a rule under every row, then, among the lines left, those
    whose columns white space parts. The lines of a table must follow each other (see ``gather``).
    """
    found: list[Found] = []
    for grid in find_grids(rules):
        inside = [index for index, line in enumerate(lines) if grid.holds(line.box)]
        start, end = _longest_stretch(inside)
        if end - start < max(2, 0.8 * len(inside)) or any(start < f.end and end > f.start for f in found):
            continue
        table = read_grid(grid, lines, range(start, end))
        if table:
            found.append(Found(start, end, table))
    for start, end, table in find_barred(lines, rules):
        if not any(start < f.end and end > f.start for f in found):
            found.append(Found(start, end, table))
    free = 0
    for start, end in [*sorted((f.start, f.end) for f in found), (len(lines), len(lines))]:
        found += _unruled(lines, rules, free, start)
        free = end
    return [_named(one, lines) for one in sorted(found, key=lambda one: one.start)]


def _named(found: Found, lines: Sequence[Line]) -> Found:
    """A table with the title, unit and source that stand around it."""
    table, box = found.table, around([line.box for line in lines[found.start : found.end]])
    title, unit = above(lines, found.start, box)
    table = replace(table, title=table.title or title, unit=unit_name(table.unit) or unit)
    return replace(found, table=replace(table, source=below(lines, found.end, box)))


def gather(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Line]:
    """``lines`` with those inside a ruled grid put together, at the place of the grid's first."""
    ordered = list(lines)
    for grid in find_grids(rules):
        inside = [line for line in ordered if grid.holds(line.box)]
        if inside:
            at = ordered.index(inside[0])
            ordered = [
                *(line for line in ordered[:at] if not grid.holds(line.box)),
                *inside,
                *(line for line in ordered[at:] if not grid.holds(line.box)),
            ]
    return ordered


def _unruled(lines: Sequence[Line], rules: Sequence[Rule], start: int, end: int) -> Iterator[Found]:
    for run in runs(lines, start, end):
        table = read_run(run, rules)
        if table:
            yield Found(run.start, run.end, table)


def _longest_stretch(indices: Sequence[int]) -> tuple[int, int]:
    """The longest run of numbers that follow each other, as (first, after the last)."""
    best = (0, 0)
    start = 0
    for place, index in enumerate(indices):
        if place and index != indices[place - 1] + 1:
            start = place
        if place + 1 - start > best[1] - best[0]:
            best = (start, place + 1)
    return (indices[best[0]], indices[best[1] - 1] + 1) if best[1] else (0, 0)


def is_short(line: Line) -> bool:
    """Whether a line is too short to be running text."""
    return len(line.text) <= (24 if has_cjk(line.text) else 70) and not line.text.endswith(("。", "；"))

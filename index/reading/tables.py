"""Tables on a page: which lines are theirs, and what stands in which cell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.reading.barred import find_barred
from index.reading.grid import find_grids, read_grid
from index.reading.rows import overlap
from index.reading.sheet import Rule
from index.reading.table_runs import runs
from index.reading.titles import above, below, unit_name
from index.reading.unruled import read_run, right_half
from index.text import has_cjk
from index.types import Box, Cell, Line, Table, around


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
    """``lines`` with those of each ruled table put together, so that ``find_tables`` sees its rows one after another.

    Of tables side by side the left one comes first; a line that runs through both becomes a line of each.
    """
    frames = [grid.box for grid in find_grids(rules)]
    ordered = list(lines)
    for frame in frames:
        beside = any(other != frame and overlap(frame, other) > 0.3 for other in frames)
        ordered = _together(ordered, frame, cut=beside)
    for run in runs(ordered, 0, len(ordered)):
        right = right_half(run, rules)
        if right is not None:
            inside = _together(ordered[run.start : run.end], right, cut=True)
            left = [line for line in inside if not _inside(line.box, right)]
            return [
                *ordered[: run.start],
                *left,
                *(line for line in inside if _inside(line.box, right)),
                *gather(ordered[run.end :], rules),
            ]
    return ordered


def _together(lines: Sequence[Line], frame: Box, *, cut: bool) -> list[Line]:
    """``lines`` with those in ``frame`` after the first of them; ``cut`` says that lines may run out of it."""
    parted = [part for line in lines for part in (_parts(line, frame) if cut else (line,))]
    inside = [line for line in parted if _inside(line.box, frame)]
    if not inside:
        return list(lines)
    at = parted.index(inside[0])
    return [
        *(line for line in parted[:at] if not _inside(line.box, frame)),
        *inside,
        *(line for line in parted[at:] if not _inside(line.box, frame)),
    ]


def _inside(box: Box, frame: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    return frame.x0 - 2 <= x <= frame.x1 + 2 and frame.top - 2 <= y <= frame.bottom + 2


def _parts(line: Line, frame: Box) -> tuple[Line, ...]:
    """A line cut where it enters and leaves ``frame``; the line itself when it does not."""
    groups: list[tuple[int, list[Cell]]] = []
    for cell in line.cells:
        side = 0 if _inside(cell.box, frame) else -1 if cell.box.x1 <= frame.x0 + 2 else 1
        if groups and groups[-1][0] == side:
            groups[-1][1].append(cell)
        else:
            groups.append((side, [cell]))
    if len(groups) < 2 or all(side for side, _ in groups):
        return (line,)
    return tuple(
        replace(
            line,
            text=" ".join(cell.text for cell in cells),
            box=around([cell.box for cell in cells]),
            cells=tuple(cells),
        )
        for _, cells in groups
    )


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

"""Unruled tables: columns told by how the pieces of rows stand under each other, headers laid over them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.reading.rows import Band, Piece, overlap
from index.reading.sheet import Rule
from index.types import Box, around


@dataclass(slots=True)
class Column:
    """A column from ``x0`` to ``x1`` in points, and how many pieces stand in it."""

    x0: float
    x1: float
    count: int = 1

    @property
    def middle(self) -> float:
        """The middle from left to right."""
        return (self.x0 + self.x1) / 2


def find_columns(body: Sequence[Band]) -> list[Column]:
    """The columns of rows, from left to right.

    Figures never span columns, so they make the columns first; then words do, the narrowest first, and those over
    several columns at once are left out.
    """
    pieces = [piece for band in body for piece in band.pieces]
    columns: list[Column] = []
    figures = [piece for piece in pieces if piece.is_figure]
    texts = sorted((piece for piece in pieces if not piece.is_figure), key=lambda piece: piece.box.x1 - piece.box.x0)
    for piece in figures:
        _take(columns, piece, merge=True)
    for piece in texts:
        _take(columns, piece, merge=False)
    columns.sort(key=lambda column: column.x0)
    return _without_rivals(columns, body)


def _without_rivals(columns: list[Column], body: Sequence[Band]) -> list[Column]:
    """Columns that all but touch and never both have a piece in one row made one: dashes beside bracketed figures."""
    rows = [{nearest(columns, piece) for piece in band.pieces} for band in body]
    size = body[0].size if body else 0.0
    kept: list[Column] = []
    used: list[set[int]] = []  # the rows that each kept column has a piece in
    for index, column in enumerate(columns):
        own = {number for number, row in enumerate(rows) if index in row}
        if index > 1 and kept and column.x0 - kept[-1].x1 < 0.8 * size and own and not own & used[-1]:
            kept[-1] = Column(kept[-1].x0, column.x1, kept[-1].count + column.count)
            used[-1] |= own
        else:
            kept.append(column)
            used.append(own)
    return kept


def _take(columns: list[Column], piece: Piece, *, merge: bool) -> None:
    slack = 0.15 * piece.size
    touched = [c for c in columns if piece.box.x0 < c.x1 - slack and piece.box.x1 > c.x0 + slack]
    if not touched:
        columns.append(Column(piece.box.x0, piece.box.x1))
    elif merge or len(touched) == 1:
        first, *others = touched
        first.x0, first.x1 = min(piece.box.x0, *(c.x0 for c in touched)), max(piece.box.x1, *(c.x1 for c in touched))
        first.count += 1 + sum(column.count for column in others)
        for column in others:
            columns.remove(column)


def nearest(columns: Sequence[Column], piece: Piece) -> int:
    """The column that a piece shares most width with, else the one nearest to its middle."""
    shared = [min(c.x1, piece.box.x1) - max(c.x0, piece.box.x0) for c in columns]
    best = max(range(len(columns)), key=shared.__getitem__)
    if shared[best] > 0:
        return best
    return min(
        range(len(columns)),
        key=lambda i: min(abs(columns[i].x0 - piece.box.x1), abs(columns[i].x1 - piece.box.x0)),
    )


def aligned(columns: Sequence[Column], body: Sequence[Band]) -> float:
    """The share of figures beyond the first column whose right edge, left edge or middle agrees with its column's."""
    by_column: dict[int, list[Piece]] = {}
    for band in body:
        for piece in band.pieces:
            if piece.is_figure:
                by_column.setdefault(nearest(columns, piece), []).append(piece)
    good = total = 0
    for pieces in by_column.values():
        if len(pieces) < 2:
            continue
        counts = []
        for places in (
            sorted(piece.box.x1 for piece in pieces),
            sorted(piece.box.x0 for piece in pieces),
            sorted(piece.middle for piece in pieces),
        ):
            middle = places[len(places) // 2]
            counts.append(sum(abs(at - middle) <= 0.7 * pieces[0].size for at in places))
        good += max(counts)
        total += len(pieces)
    return good / total if total else 0.0


def read_header(columns: Sequence[Column], pieces: Sequence[Piece], rules: Sequence[Rule]) -> list[str]:
    """The header's names for all columns: its levels joined, what spans columns repeated over them."""
    names: list[list[str]] = [[] for _ in columns]
    levels: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.box.top + piece.box.bottom) / 2):
        if levels and overlap(levels[-1][0].box, piece.box) >= 0.5:
            levels[-1].append(piece)
        else:
            levels.append([piece])
    levels = _stacked([sorted(level, key=lambda piece: piece.box.x0) for level in levels], rules)
    wider: list[tuple[float, list[int]]] = []  # middles and columns of headers over several columns
    for number, level in enumerate(levels):
        below = [piece for lower in levels[number + 1 :] for piece in lower]
        for piece, span in zip(level, _spans(columns, level, below, wider, rules), strict=True):
            for column in span:
                names[column].append(piece.text)
            if len(span) > 1:
                wider.append((piece.middle, span))
    return [" ".join(parts) for parts in names]


def _spans(
    columns: Sequence[Column],
    level: Sequence[Piece],
    below: Sequence[Piece],
    wider: Sequence[tuple[float, list[int]]],
    rules: Sequence[Rule],
) -> list[list[int]]:
    """The columns over which each piece of one level of a header stands."""
    drawn = [_ruled(piece, rules) for piece in level]
    spans = [
        _under(columns, piece, rule) if rule and drawn.count(rule) == 1 else []
        for piece, rule in zip(level, drawn, strict=True)
    ]
    if not any(spans):
        shared = _shared_out(columns, level, below)
        if shared:
            return shared
    taken = [nearest(columns, piece) for piece in level]
    for index, piece in enumerate(level):
        if not spans[index]:
            parent = next((span for middle, span in wider if abs(middle - piece.middle) <= piece.size), None)
            alone = parent is not None and sum(column in parent for column in taken) == 1
            spans[index] = parent if parent and alone else _over(columns, piece, set(taken), _wraps(piece, below))
    return spans


def _stacked(levels: Sequence[list[Piece]], rules: Sequence[Rule]) -> list[list[Piece]]:
    """Levels whose pieces stand one under the other, as many and in the middle of each other, made one level."""
    found: list[list[Piece]] = []
    for level in levels:
        last = found[-1] if found else []
        if len(last) == len(level) > 1 and all(_stands_on(a, b, rules) for a, b in zip(last, level, strict=True)):
            pairs = zip(last, level, strict=True)
            found[-1] = [replace(a, text=f"{a.text} {b.text}", box=around((a.box, b.box))) for a, b in pairs]
        else:
            found.append(list(level))
    return found


def _stands_on(upper: Piece, lower: Piece, rules: Sequence[Rule]) -> bool:
    near = -0.5 <= (lower.box.top - upper.box.bottom) / lower.size <= 0.8
    return near and abs(upper.middle - lower.middle) <= 0.7 * lower.size and _ruled(upper, rules) is None


def _ruled(piece: Piece, rules: Sequence[Rule]) -> Box | None:
    """The rule drawn right under a piece, if one is: it is as wide as what the piece is the header of."""
    under = [
        rule.box
        for rule in rules
        if rule.horizontal
        and not rule.filled
        and -0.3 * piece.size <= rule.box.top - piece.box.bottom <= 0.6 * piece.size
        and rule.box.x0 <= piece.box.x0 + 2
        and rule.box.x1 >= piece.box.x1 - 2
    ]
    return min(under, key=lambda box: box.x1 - box.x0) if under else None


def _under(columns: Sequence[Column], piece: Piece, rule: Box) -> list[int]:
    """The columns over which the rule under a piece runs; none when the rule only parts header and rows."""
    inside = [i for i, c in enumerate(columns) if rule.x0 - 1 <= c.middle <= rule.x1 + 1]
    centred = abs((rule.x0 + rule.x1) / 2 - piece.middle) <= 0.12 * (rule.x1 - rule.x0) + 3
    return inside if len(inside) > 1 and centred and inside[0] > 0 else []


def _over(columns: Sequence[Column], piece: Piece, taken: set[int], wraps: bool) -> list[int]:
    """The columns that a piece stands over; ``taken`` are those that pieces of its level are nearest to.

    A piece that ``wraps`` into the line below has one column.
    """
    over = [
        i
        for i, c in enumerate(columns)
        if min(c.x1, piece.box.x1) - max(c.x0, piece.box.x0) > 0.6 * (c.x1 - c.x0)
        and piece.box.x0 < c.middle < piece.box.x1
    ]
    if len(over) > 1 and over[0] > 0:
        return over
    own = nearest(columns, piece)
    for left, right in () if wraps else ((own - 1, own), (own, own + 1)):
        if left < 1 or right >= len(columns) or {left, right} - {own} <= taken:
            continue
        middle = (columns[left].x0 + columns[right].x1) / 2
        if columns[left].x1 <= piece.middle <= columns[right].x0 and abs(piece.middle - middle) <= 2 * piece.size:
            return [left, right]
    return [own]


def _wraps(piece: Piece, below: Sequence[Piece]) -> bool:
    """Whether a word goes on right below, so that it is the first line of one column's name."""
    return not piece.is_period and any(
        -0.5 <= (other.box.top - piece.box.bottom) / piece.size <= 0.5
        and abs(other.middle - piece.middle) <= piece.size
        and not re.search(r"\d", other.text)
        for other in below
    )


def _shared_out(columns: Sequence[Column], level: Sequence[Piece], below: Sequence[Piece]) -> list[list[int]] | None:
    """The columns of every piece when the pieces stand over equal runs of the columns, in the middle or at the right.

    When there are names ``below``, only the columns that have one count.
    """
    named = {nearest(columns, piece) for piece in below}
    targets = [i for i in range(1, len(columns)) if i in named or not below]
    own = [piece for piece in level if nearest(columns, piece) > 0]
    labels = [[0]] * (len(level) - len(own))
    if not own or len(targets) < 2 * len(own) or len(targets) % len(own) or any(_wraps(one, below) for one in own):
        return None
    size = len(targets) // len(own)
    groups = [targets[i * size : (i + 1) * size] for i in range(len(own))]
    shifts: list[tuple[float, float]] = []
    for piece, group in zip(own, groups, strict=True):
        left, right = columns[group[0]].x0, columns[group[-1]].x1
        slack = 0.05 * (right - left) + piece.size
        shifts.append((((left + right) / 2 - piece.middle) / slack, (right - piece.box.x1) / slack))
    centred = all(abs(middle) <= 1 for middle, _ in shifts)
    to_the_right = len(own) > 1 and all(abs(end) <= 0.5 for _, end in shifts)
    return [*labels, *groups] if centred or to_the_right else None

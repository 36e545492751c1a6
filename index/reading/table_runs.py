"""Which lines of a page look like the rows of one table whose columns white space parts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from index.reading.headings import CAPTION, SOURCE
from index.reading.rows import Band, bands, overlap
from index.reading.table_columns import Column, find_columns, nearest
from index.reading.titles import UNIT
from index.text import has_cjk
from index.types import Line

_CONTACT = re.compile(
    r"@|(?:电话|传真|邮箱|地址|邮编|手机|Tel|Fax|Email|E-mail|Phone)\s*[:：.]|https?://|www\.", re.IGNORECASE
)
_EXHIBIT = re.compile(
    r"(?:exhibit|schedule|appendix|annex|table|附表|附件)\s*[\dA-Z一二三四五六七八九十]{1,3}$", re.IGNORECASE
)
_FARTHEST = 3.2  # font sizes between two rows of one table
_LONGEST_TEXT = 90


@dataclass(frozen=True, slots=True)
class Run:
    """Bands of one table: ``head`` above the first row with figures, then ``body``."""

    head: tuple[Band, ...]
    body: tuple[Band, ...]

    @property
    def start(self) -> int:
        """The index of its first line."""
        return min(band.start for band in (*self.head, *self.body))

    @property
    def end(self) -> int:
        """The index after its last line."""
        return max(band.end for band in (*self.head, *self.body))


def runs(lines: Sequence[Line], start: int, end: int) -> Iterator[Run]:
    """The runs of rows in ``lines[start:end]`` that look like tables, in order."""
    found = bands(lines, start, end)
    index = last_end = 0
    while index < len(found):
        if not found[index].is_body or _is_outside(found[index]):
            index += 1
            continue
        stop = _stop(found, index)
        body = found[index:stop]
        head, under = _head(found, index, last_end, body)
        if head or len(body) >= 2:
            yield Run(tuple(found[index - head : index - under]), tuple(found[index - under : stop]))
        last_end = index = stop


def _is_outside(band: Band) -> bool:
    """Whether a band is certainly no part of a table: a caption, a source, running text."""
    text = band.text
    if CAPTION.match(text) or SOURCE.match(text) or _CONTACT.search(text):
        return True
    longest = max(len(piece.text) for piece in band.pieces)
    return longest > (_LONGEST_TEXT / 2 if has_cjk(text) else 1.6 * _LONGEST_TEXT)


def _stop(found: Sequence[Band], first: int) -> int:
    """The index after the last band of the table whose first row is ``found[first]``."""
    values = [piece for piece in found[first].pieces[1:] if piece.is_value]
    left = min(piece.box.x0 for piece in values)
    last, index = first, first + 1
    pitches: list[float] = []
    while index < len(found):
        band, before = found[index], found[index - 1]
        gap = band.box.top - before.box.bottom
        if gap > _FARTHEST * band.size or band.box.top < before.box.top - 0.5 * band.size or _is_outside(band):
            break
        if band.is_body:
            if last == index - 1:
                pitches.append(gap)
            last = index
            left = min([left, *(piece.box.x0 for piece in band.pieces[1:] if piece.is_value)])
        else:
            pitch = median(pitches) if pitches else 0.5 * band.size
            if _is_running(band, left) or _starts_another(found, index, left, pitch):
                break
        index += 1
    after = last + 1
    if after < index and len(found[after].pieces) == 1 and _goes_on(found[last], found[after], left):
        after += 1
    return after


def _is_running(band: Band, left: float) -> bool:
    """Whether a band is running text rather than a label or a sub-heading; ``left`` is where figures begin."""
    over = len(band.pieces) == 1 and band.box.x1 > left + 2 * band.size and band.box.x0 < left - band.size
    return over and (len(band.text) > 60 or band.text.endswith((":", ".", "。", "：")))


def _goes_on(row: Band, band: Band, left: float) -> bool:
    """Whether a single piece below a row is the rest of the row's label."""
    tight = band.box.top - row.box.bottom < 0.35 * band.size
    return tight and band.box.x1 <= left + 1 and band.text[:1].islower()


def _starts_another(found: Sequence[Band], index: int, left: float, pitch: float) -> bool:
    """Whether the band is the header of another table right below."""
    band = found[index]
    beyond = [piece for piece in band.pieces if piece.box.x0 > left - 2 * band.size]
    if not beyond or any(piece.is_value for piece in band.pieces[1:]):
        return False
    if len(beyond) >= 2 and all(piece.is_period for piece in beyond):
        return True
    return band.box.top - found[index - 1].box.bottom > pitch + 0.8 * band.size


def _head(found: Sequence[Band], first: int, floor: int, body: Sequence[Band]) -> tuple[int, int]:
    """How many bands above ``found[first]`` are the table's, and how many of them are sub-headings under its header."""
    columns = find_columns([band for band in body if band.is_body])
    if len(columns) < 2:
        return 0, 0
    edge = min(band.box.x0 for band in body)
    right = max(band.box.x1 for band in body)
    taken = under = 0
    for count, index in enumerate(range(first - 1, floor - 1, -1), 1):
        band = found[index]
        if count > 60 or _is_outside(band) or band.box.x0 > right or band.box.x1 < edge:
            break
        below = found[index + 1 : first + 1]
        if band.box.bottom > body[0].box.top + 0.5 * band.size or body[0].box.top - band.box.bottom > 12 * band.size:
            break
        reach = _FARTHEST if len(band.pieces) >= len(columns) else 2.2
        if min(b.box.top for b in below) - band.box.bottom > reach * band.size:
            break
        over = any(nearest(columns, piece) > 0 and piece.box.x0 > edge + 2 * piece.size for piece in band.pieces)
        width = max([right, *(b.box.x1 for b in found[first - taken : first])])
        if _is_title(band, found[floor:first], columns, edge, width):
            above = found[index - 1] if index > floor else None
            if above is None or not (len(above.pieces) > 1 or above.pieces[0].is_period):
                break  # else a sub-heading between the header and the rows
        elif over and band.box.x1 - band.box.x0 < 0.9 * (right - edge) + (right - edge) * (len(band.pieces) > 1):
            if not taken:
                under = count - 1
            taken = count
        elif len(band.pieces) > 1 or band.box.x1 > columns[1].x0 + band.size or len(band.text) > _LONGEST_TEXT:
            break
    while (
        taken
        and first - taken > floor
        and any(overlap(found[first - taken - 1].box, b.box) > 0.4 for b in found[first - taken : first - under])
    ):
        taken += 1  # the name of the label column, which the file may hold first
    while under and any(overlap(found[first - under].box, b.box) > 0.4 for b in found[first - taken : first - under]):
        under -= 1
    return taken, under if taken else 0


def _is_title(band: Band, others: Sequence[Band], columns: Sequence[Column], edge: float, right: float) -> bool:
    """Whether a single piece stands alone in the middle of the whole table rather than over its figures."""
    piece = band.pieces[0]
    if len(band.pieces) > 1 or UNIT.match(band.text):
        return False
    if _EXHIBIT.match(piece.text):
        return True
    if any(other is not band and overlap(other.box, band.box) > 0.4 for other in others):
        return False
    figures = columns[1:] if len(columns) > 1 else columns
    if abs(piece.middle - (edge + right) / 2) > 1.5 * piece.size:
        return False
    if abs(piece.middle - (figures[0].x0 + figures[-1].x1) / 2) <= 1.2 * piece.size:
        return False
    return not any(
        -0.5 <= (other.box.top - piece.box.bottom) / piece.size <= 0.4
        and not UNIT.match(other.text)
        and any(abs(below.middle - piece.middle) <= piece.size for below in other.pieces)
        for other in others
    )

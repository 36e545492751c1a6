"""Unruled tables: which lines of a page are theirs, and their rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from index.reading.headings import CAPTION, SOURCE
from index.reading.rows import Band, Piece, bands, overlap, read_cell
from index.reading.sheet import Rule
from index.reading.table_columns import Column, aligned, find_columns, nearest, read_header
from index.reading.titles import UNIT
from index.text import has_cjk
from index.types import Box, Line, Row, Table, around

_CONTACT = re.compile(
    r"@|(?:电话|传真|邮箱|地址|邮编|手机|Tel|Fax|Email|E-mail|Phone)\s*[:：.]|https?://|www\.", re.IGNORECASE
)
_EXHIBIT = re.compile(
    r"(?:exhibit|schedule|appendix|annex|table|附表|附件)\s*[\dA-Z一二三四五六七八九十]{1,3}$", re.IGNORECASE
)
_TOTAL = re.compile(r"total\b|net cash|合计|总计|小计", re.IGNORECASE)
_LETTER = re.compile(r"[A-Za-z\u3400-\u9fff]")
_FARTHEST = 3.2  # font sizes between two rows of one table
_LONGEST_TEXT = 90
_OPEN = (",", "，", "、", "-", "–", "—", "(", "（", " and", " of", " for", " to", " the", " in", "/")


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
        if min(b.box.top for b in below) - band.box.bottom > 2.2 * band.size:
            break
        over = any(nearest(columns, piece) > 0 and piece.box.x0 > edge + 2 * piece.size for piece in band.pieces)
        width = max([right, *(b.box.x1 for b in found[first - taken : first])])
        if _is_title(band, found[floor:first], columns, edge, width):
            above = found[index - 1] if index > floor else None
            if above is None or len(above.pieces) > 1 or not above.pieces[0].is_period:
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


def read_run(run: Run, rules: Sequence[Rule]) -> Table | None:
    """The table that a run of bands is; None when it is none."""
    body = [band for band in run.body if band.is_body]
    if not body or (len(body) < 2 and not run.head):
        return None
    columns = find_columns([band for band in run.body if len(band.pieces) > 1])
    by_order = _by_order(run, columns)
    if by_order is not None:
        return by_order
    if len(columns) < 2 or not _is_table(run, columns, body, rules):
        return None
    frame = around([band.box for band in (*run.head, *run.body)])
    near = [
        rule
        for rule in rules
        if rule.horizontal
        and frame.top - 12 <= rule.box.top <= frame.bottom + 12
        and rule.box.x0 < frame.x1
        and rule.box.x1 > frame.x0
    ]
    pieces: list[Piece] = []
    unit = ""
    for band in run.head:
        labelled = any(nearest(columns, piece) == 0 for piece in band.pieces)
        if len(band.pieces) == 1 and UNIT.match(band.text) and not labelled:
            unit = f"{unit} {band.text}".strip()
        else:
            pieces += band.pieces
    header = read_header(columns, pieces, near) if pieces else []
    if header and not unit and UNIT.match(header[0]):
        unit = header[0]
    rows = _rows(run.body, columns, near)
    return Table(tuple(rows), tuple(header) if any(header) else (), unit=unit)


def _by_order(run: Run, columns: Sequence[Column]) -> Table | None:
    """The table when all rows have as many pieces, but not under each other: text files put no columns in place."""
    several = [band for band in (*run.head, *run.body) if len(band.pieces) > 1]
    width = len(several[0].pieces)
    if any(len(band.pieces) != width for band in several) or len(several) < 3 or len(columns) >= width:
        return None
    cells = [(*(piece.text for piece in band.pieces), *[""] * (width - len(band.pieces))) for band in several]
    first = 0 if several[0].is_body else 1
    rows = [Row(texts, band.box) for texts, band in zip(cells, several, strict=True)]
    return Table(tuple(rows[first:]), cells[0] if first else ())


def _is_table(run: Run, columns: Sequence[Column], body: Sequence[Band], rules: Sequence[Rule]) -> bool:
    """Whether the rows stand under each other and say what they are: loose labels of a chart do neither."""
    filled = sum(len({nearest(columns, piece) for piece in band.pieces}) for band in body) / len(body)
    labelled = sum(bool(_LETTER.search(band.pieces[0].text)) for band in body)
    worded = labelled >= max(1, 0.3 * len(body))
    named = any(_LETTER.search(piece.text) for band in run.head for piece in band.pieces)
    drawn = _drawn_rules(run, rules)
    if _leads_to_pages(body):
        return False
    if not worded and not (named and (drawn >= 2 or (len(columns) >= 3 and len(body) >= 3))):
        return False
    if filled < min(2.0, 0.34 * len(columns)) or len(columns) > 30:
        return False
    if not run.head and len(body) < 4 and drawn < 2:
        return False
    if len(body) == 1:
        return bool(run.head) and drawn >= 1 and len(columns) >= 3
    return aligned(columns, body) >= 0.6 or drawn >= 3


def _leads_to_pages(body: Sequence[Band]) -> bool:
    """Whether the rows are those of a table of contents: each ends with a page number not below the last one's."""
    numbers = [int(band.pieces[-1].text) for band in body if re.fullmatch(r"\d{1,3}", band.pieces[-1].text)]
    single = all(len(band.values) <= 1 + band.pieces[0].is_value for band in body)
    return len(body) >= 5 and len(numbers) >= 0.9 * len(body) and single and numbers == sorted(numbers)


def _drawn_rules(run: Run, rules: Sequence[Rule]) -> int:
    """How many heights have rules drawn across a good part of the run."""
    box = around([band.box for band in (*run.head, *run.body)])
    heights: dict[int, float] = {}
    for rule in rules:
        if rule.horizontal and box.top - 8 <= rule.box.top <= box.bottom + 8:
            shared = min(rule.box.x1, box.x1) - max(rule.box.x0, box.x0)
            if shared > 0:
                heights[round(rule.box.top / 2)] = heights.get(round(rule.box.top / 2), 0.0) + shared
    return sum(width >= 0.2 * (box.x1 - box.x0) for width in heights.values())


def _rows(found: Sequence[Band], columns: Sequence[Column], rules: Sequence[Rule]) -> list[Row]:
    """The rows, wrapped labels put together, each with the sub-heading that it stands under."""
    joined: list[list[Band]] = []
    shaded = len({round(rule.box.top) for rule in rules if rule.filled}) >= 0.5 * len(found)
    for band in found:
        if joined and _same_row(joined[-1], band, columns, rules, 0.3 if shaded else 0.12):
            joined[-1].append(band)
        else:
            joined.append([band])
    rows: list[Row] = []
    over = _Over()
    for group in joined:
        cells: list[list[Piece]] = [[] for _ in columns]
        for band in group:
            alone = len(band.pieces) == 1 and not band.pieces[0].is_figure
            for piece in band.pieces:
                cells[0 if alone else nearest(columns, piece)].append(piece)
        texts = tuple(read_cell(cell) for cell in cells)
        indent = min((piece.box.x0 for piece in cells[0]), default=None)
        is_head = bool(texts[0]) and not any(texts[1:])
        rows.append(Row(texts, around([band.box for band in group]), over.of(texts[0], indent, is_head)))
    return rows


class _Over:
    """The sub-headings over the rows of a table that is read from top to bottom."""

    def __init__(self) -> None:
        self._heads: list[tuple[str, float]] = []
        self._flat: bool | None = None  # whether rows under the deepest head begin where it does; not known yet: None

    def of(self, label: str, indent: float | None, is_head: bool) -> str:
        """The sub-heading that a row stands under; ``indent`` is where its label begins, None without a label."""
        if indent is None:
            return self._heads[-1][0] if self._heads else ""
        if is_head:
            self._leave(indent - 1.5)
            self._heads.append((label.rstrip(":： "), indent))
            self._flat = None
            return ""
        if self._heads and self._flat is None:
            self._flat = indent <= self._heads[-1][1] + 1.5
            self._leave(indent + 0.1)
        elif not self._flat:
            self._leave(indent - 1.5)
        else:
            self._leave(indent + 1.5)
        name = self._heads[-1][0] if self._heads else ""
        if self._flat and _TOTAL.match(label) and self._heads:
            self._heads.pop()
        return name

    def _leave(self, indent: float) -> None:
        """Forget the heads that begin at ``indent`` or to its right."""
        while self._heads and self._heads[-1][1] >= indent:
            self._heads.pop()


def _same_row(
    group: Sequence[Band], band: Band, columns: Sequence[Column], rules: Sequence[Rule], tight: float
) -> bool:
    """Whether a band goes on with the row above: one of the two has only a label, wrapped over two lines.

    Lines less than ``tight`` font sizes apart are of one row when the upper one is full.
    """
    last = group[-1]
    gap = band.box.top - last.box.bottom
    if gap > 0.45 * band.size or any(_between(rule.box, last.box, band.box) for rule in rules):
        return False
    upper_alone, lower_alone = _alone(group, columns), _alone([band], columns)
    if not upper_alone and not lower_alone:
        return False
    first, rest = last.pieces[0], band.pieces[0]
    if nearest(columns, rest) > 0:
        return False
    begins_low = rest.text[:1].islower()
    if upper_alone and not first.text.endswith((":", "：")):
        is_open = first.text.endswith(_OPEN) or first.text.count("(") > first.text.count(")")
        wide = first.box.x1 - columns[0].x0 >= 0.72 * (columns[0].x1 - columns[0].x0)
        return is_open or begins_low or (wide and (rest.text[:1] in "(（" or gap < tight * band.size))
    return lower_alone and begins_low and len(group) == 1 and rest.box.x0 >= first.box.x0


def _between(rule: Box, above: Box, below: Box) -> bool:
    middle = (above.bottom + below.top) / 2
    covers = rule.x0 <= above.x0 + 20 and rule.x1 > above.x0 + 20
    return covers and abs(rule.top - middle) < 0.4 * (below.bottom - below.top)


def _alone(group: Sequence[Band], columns: Sequence[Column]) -> bool:
    return all(nearest(columns, piece) == 0 for band in group for piece in band.pieces)

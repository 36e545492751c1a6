"""One page as read against the truth about it: every measure of the reading benchmark, and what was missed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from eval.benchmarks import reading_truth as truth
from index.sections import block_text
from index.text import fold
from index.types import Block, BlockKind, Chunk, Report, Section, Table

MEASURES = (
    "headings", "depths", "ruled cells", "unruled cells", "table facts", "joins", "breaks",
    "set aside", "disclaimers", "footnotes",
)  # fmt: skip
_ASIDE = {BlockKind.RUNNING, BlockKind.WATERMARK, BlockKind.CONTENTS}


class Score(BaseModel):
    """Counts of one measure: ``right`` of ``expected`` were found, among ``given`` that the reader gave."""

    model_config = ConfigDict(frozen=True)

    right: int = 0
    expected: int = 0
    given: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            right=self.right + other.right, expected=self.expected + other.expected, given=self.given + other.given
        )

    @property
    def recall(self) -> float | None:
        """Share of the expected that was found."""
        return self.right / self.expected if self.expected else None

    @property
    def precision(self) -> float | None:
        """Share of the given that was right."""
        return self.right / self.given if self.given else None


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that was read wrongly; ``keys`` are those of texts, see :mod:`eval.benchmarks.reading_truth`."""

    page: str
    measure: str
    what: str
    keys: tuple[str, ...] = ()
    text: str = ""


@dataclass(slots=True)
class PageCheck:
    """The measures of one page, as they are taken."""

    name: str
    wanted: truth.PageTruth
    report: Report
    sections: Sequence[Section]
    chunks: Sequence[Chunk]
    scores: dict[str, Score] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)

    def take(self) -> None:
        """Take every measure."""
        blocks = next(page.blocks for page in self.report.pages if page.number == self.wanted.page)
        self._headings([block for block in blocks if block.kind is BlockKind.HEADING])
        self._tables([block.table for block in blocks if block.table is not None])
        self._line_ends(blocks)
        self._aside([block for block in blocks if block.kind in _ASIDE])
        own = [block for section in self.sections for block in section.blocks if block.page == self.wanted.page]
        self._kind("disclaimers", self.wanted.disclaimers, own, BlockKind.DISCLAIMER)
        self._kind("footnotes", self.wanted.footnotes, own, BlockKind.FOOTNOTE)

    def _count(self, measure: str, right: int, expected: int, given: int | None = None) -> None:
        score = Score(right=right, expected=expected, given=expected if given is None else given)
        self.scores[measure] = self.scores.get(measure, Score()) + score

    def _miss(self, measure: str, what: str, *keys: str, text: str = "") -> None:
        self.misses.append(Miss(self.name, measure, what, keys, text))

    def _headings(self, blocks: Sequence[Block]) -> None:
        """Headings as a multiset of texts; then the depths of every two that were found, relative to each other."""
        levels: dict[str, list[int]] = {}
        for block in blocks:
            levels.setdefault(truth.heading_key(block_text(block)), []).append(block.level)
        here = [one for one in self.sections if any(block.page == self.wanted.page for block in one.blocks)]
        names = {truth.heading_key(one.path[-1]) for one in here if one.path}
        given = len(blocks)
        found: list[tuple[int, int]] = []
        for heading in self.wanted.headings:
            key = next((key for key in (heading.key, *heading.others) if levels.get(key)), None)
            level = levels[key].pop(0) if key else None
            if heading.optional:
                given -= level is not None
            elif level is None and heading.run_in and heading.key in names:
                given += 1  # no block of its own, but its text stands under it
            elif level is None:
                self._miss("headings", "not found", heading.key)
            else:
                found.append((heading.depth, level))
        expected = [heading for heading in self.wanted.headings if not heading.optional]
        missed = sum(miss.measure == "headings" for miss in self.misses)
        self._count("headings", len(expected) - missed, len(expected), given)
        for block in blocks:
            if block.level in levels.get(truth.heading_key(block_text(block)), ()):
                levels[truth.heading_key(block_text(block))].remove(block.level)
                self._miss("headings", "not a heading", text=block_text(block))
        pairs = [(one, two) for index, one in enumerate(found) for two in found[index + 1 :]]
        right = sum(_order(one[0], two[0]) == _order(one[1], two[1]) for one, two in pairs)
        self._count("depths", right, len(pairs))
        if right < len(pairs):
            self._miss("depths", f"wanted {[one for one, _ in found]}, got {[two for _, two in found]}")

    def _tables(self, tables: Sequence[Table]) -> None:
        owned: dict[int, list[Table]] = {}
        for table in tables:
            texts = Counter(truth.key(cell) for row in _grid(table) for cell in row if cell)
            shared = [sum((texts & Counter(_texts(wanted))).values()) for wanted in self.wanted.tables]
            best = max(range(len(shared)), key=shared.__getitem__, default=-1)
            if best >= 0 and shared[best] >= 2:
                owned.setdefault(best, []).append(table)
                continue
            count = sum(texts.values())
            self._count("ruled cells" if table.ruled else "unruled cells", 0, 0, count)
            self._miss("tables", f"not a table, {count} cells", text=" | ".join(_grid(table)[-1]))
        for index, wanted in enumerate(self.wanted.tables):
            found = owned.get(index, [])
            self._cells(wanted, [_grid(table) for table in found])
            self._facts("title", wanted.titles, [table.title for table in found])
            self._facts("unit", wanted.units, [f"{table.unit} {table.title}" for table in found])
            self._facts("source", wanted.sources, [table.source for table in found])

    def _facts(self, name: str, wanted: Sequence[str], given: Sequence[str]) -> None:
        for known in wanted:
            right = any(known == key for text in given for _, key in windows(fold(text), length_of(known)))
            self._count("table facts", int(right), 1)
            if not right:
                self._miss("table facts", f"{name}: got {' / '.join(given)!r} -- wanted", known)

    def _cells(self, wanted: truth.TableTruth, grids: Sequence[list[list[str]]]) -> None:
        """Cells of one table: right when the text stands in the right column of the right row."""
        measure = "ruled cells" if wanted.ruled else "unruled cells"
        if not grids:
            self._miss("tables", "table not found", next((k for k in _texts(wanted)), ""))
        headers = [grid[0] for grid in grids]
        rows = [row for grid in grids for row in grid[1:]]
        pairs: list[tuple[Sequence[str], Sequence[str]]]
        pairs = [(wanted.header, headers[0] if headers else [])] if wanted.header or any(map(any, headers)) else []
        pairs += _aligned(wanted.rows, rows)
        for row, found in pairs:
            keys = [truth.key(cell) for cell in found]
            wrong = False
            for column in range(max(len(row), len(keys))):
                want = row[column] if column < len(row) else ""
                have = keys[column] if column < len(keys) else ""
                if want.startswith("*"):
                    continue
                self._count(measure, int(want == have != ""), int(want != ""), int(have != ""))
                wrong = wrong or want != have
            if wrong:
                self._miss(measure, f"got {' | '.join(found) or 'nothing'} -- wanted", *row)

    def _line_ends(self, blocks: Sequence[Block]) -> None:
        texts = [fold(block_text(block)) for block in blocks if block.kind is not BlockKind.TABLE]
        pages = (self.wanted.page - 1, self.wanted.page)
        near = [one for one in self.chunks if one.kind is not BlockKind.TABLE and one.page in pages]
        texts += [fold(sentence.text) for one in near for sentence in one.sentences]
        lengths = {length_of(end.key) for end in self.wanted.line_ends}
        keys = {key for length in lengths for text in texts for _, key in windows(text, length)}
        for end in self.wanted.line_ends:
            joined = end.key in keys
            self._count("joins" if end.joined else "breaks", int(joined == end.joined), 1)
            if joined != end.joined:
                self._miss("line ends", "not joined" if end.joined else "joined", end.key)

    def _aside(self, blocks: Sequence[Block]) -> None:
        lines = [line for block in blocks for line in block.lines]
        have = {truth.aside_key(text) for line in lines for text in (line.text, *(cell.text for cell in line.cells))}
        for wanted in self.wanted.aside:
            if wanted.optional:
                continue
            right = wanted.whole in have or all(piece in have for piece in wanted.pieces)
            self._count("set aside", int(right), 1, int(right))
            if not right:
                self._miss("set aside", "left in the text", wanted.whole)
        known = {key for wanted in self.wanted.aside for key in (wanted.whole, *wanted.pieces)}
        for line in lines:
            texts = (
                [line.text]
                if truth.aside_key(line.text) in known
                else [cell.text for cell in line.cells] or [line.text]
            )
            lost = [text for text in texts if truth.aside_key(text) not in known]
            if lost:
                self._count("set aside", 0, 0, 1)
                self._miss("set aside", "body text set aside", text=line.text)

    def _kind(self, measure: str, wanted: Sequence[str], blocks: Sequence[Block], kind: BlockKind) -> None:
        texts = [fold(line.text) for block in blocks if block.kind is kind for line in block.lines]
        have = {truth.key_of_folded(text[: 2 * truth.SIDE]) for text in texts}
        for key in wanted:
            self._count(measure, int(key in have), 1)
            if key not in have:
                self._miss(measure, "not recognised", key)


def windows(text: str, length: int) -> Iterator[tuple[str, str]]:
    """Every piece of ``length`` characters of a folded text, with its key."""
    for start in range(len(text) - length + 1):
        piece = text[start : start + length]
        yield piece, truth.key_of_folded(piece)


def length_of(key: str) -> int:
    """How many folded characters the text of ``key`` has."""
    return int(key.partition(":")[0])


def _order(one: int, two: int) -> int:
    return (one > two) - (one < two)


def _texts(table: truth.TableTruth) -> list[str]:
    return [cell.lstrip("*") for row in (table.header, *table.rows) for cell in row if cell]


def _grid(table: Table) -> list[list[str]]:
    """Header and rows without the columns that are empty throughout."""
    rows = [row.cells for row in table.rows]
    width = max([len(table.header), *map(len, rows)])
    full = [(*row, *[""] * (width - len(row))) for row in (table.header, *rows)]
    used = [column for column in range(width) if any(row[column].strip() for row in full)]
    return [[row[column] for column in used] for row in full]


def _aligned(
    wanted: Sequence[Sequence[str]], found: Sequence[Sequence[str]]
) -> Iterable[tuple[Sequence[str], Sequence[str]]]:
    """Rows in pairs, those that share most cells first; rows without a partner get an empty one."""
    keys = [[truth.key(cell) for cell in row] for row in found]
    scored = []
    for index, row in enumerate(wanted):
        plain = [cell.lstrip("*") for cell in row]
        for other, have in enumerate(keys):
            shared = sum((Counter(filter(None, plain)) & Counter(filter(None, have))).values())
            placed = sum(one == two != "" for one, two in zip(plain, have, strict=False))
            if shared:
                scored.append((-shared - placed, abs(index - other), index, other))
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, index, other in sorted(scored):
        if index not in partner and other not in taken:
            partner[index] = other
            taken.add(other)
    for index, row in enumerate(wanted):
        yield row, found[partner[index]] if index in partner else ()
    for other, cells in enumerate(found):
        if other not in taken:
            yield (), cells

"""What the stages of the index hand to each other. All values, no behaviour beyond what follows from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from index.errors import ReportQAError


class Box(NamedTuple):
    """A rectangle on a page in PDF points (1/72 inch), origin at the page's top left corner."""

    x0: float
    top: float
    x1: float
    bottom: float


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds all of ``boxes``, at least one."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )


class BlockKind(StrEnum):
    """What a block of a page is. The last three are set aside: kept on the page, not searched."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    TABLE = "table"
    CAPTION = "caption"
    CHART = "chart"
    FOOTNOTE = "footnote"
    DISCLAIMER = "disclaimer"
    RUNNING = "running"
    WATERMARK = "watermark"
    CONTENTS = "contents"


BY_LINES = frozenset({BlockKind.TABLE, BlockKind.CHART, BlockKind.CAPTION})  # whose sentences stand one under another


class Cell(NamedTuple):
    """A piece of a line that wide gaps or rules part from the others, and where it stands."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text as printed: its text, where it stands, its font size in points, whether it is bold or italic.

    ``cells`` are the pieces that wide gaps part; a line of running text has one. ``lead`` are the words in bold or
    italic type with which a line of other type begins, ``colour`` is 0xRRGGBB.
    """

    text: str
    box: Box
    size: float
    bold: bool = False
    cells: tuple[Cell, ...] = ()
    italic: bool = False
    lead: str = ""
    colour: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: a cell for every column, empty where nothing is printed, and the box that frames it.

    ``group`` is what its label leaves out because it stands above: a sub-heading, or a cell that spans several rows.
    """

    cells: tuple[str, ...]
    box: Box
    group: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one page. All rows have the same number of cells.

    ``header`` names every column (merged header cells are repeated over the columns they span, the levels of one
    column joined by a space); empty when the table has none. ``continued`` says that it goes on from the page before,
    whose title, unit and header it then has.
    """

    rows: tuple[Row, ...]
    header: tuple[str, ...] = ()
    title: str = ""
    unit: str = ""
    source: str = ""
    ruled: bool = False
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one page that belong together. ``level`` is a heading's depth, 1 for the highest, 0 otherwise.

    ``table`` is what the lines of a TABLE block say. ``title`` is a table's or a chart's title, or the words with which
    a paragraph names its subject ("Servers: …"); they stand in its lines, too.
    """

    kind: BlockKind
    lines: tuple[Line, ...]
    page: int
    level: int = 0
    title: str = ""
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its 1-based number in the file, its size in points and its blocks in reading order.

    ``ocr`` says that its text was read from its picture.
    """

    number: int
    width: float
    height: float
    blocks: tuple[Block, ...] = ()
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """What a report says of itself, empty where it does not: never guessed (see :mod:`index.card`).

    ``date`` is ISO, as precise as printed (2025-05-06, 2025-05). ``period`` is what the report is about or for: 2024Q2,
    FY2023, FY2024Q2, 2024H1, 2025W18, 2025-04, 2024, or two days (2025-04-28/2025-05-04); ``period_text`` is that as
    printed. ``company`` and ``ticker`` are those of a report on one company.
    """

    title: str = ""
    institution: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    period: str = ""
    period_text: str = ""
    company: str = ""
    ticker: str = ""
    rating: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A report as read. ``name`` is the file's name, ``sha256`` the hash of its bytes, ``language`` "zh" or "en".

    ``metadata`` is what the file says of itself outside its pages, under the names of PDF: Title, Author, Subject.
    """

    name: str
    sha256: str
    title: str
    language: str
    pages: tuple[Page, ...]
    paged: bool = True
    warnings: tuple[str, ...] = ()
    card: Card = Card()
    metadata: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Section:
    """A run of blocks under one heading. ``path`` holds the headings above it, outermost first."""

    path: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def name(self) -> str:
        """The path as one line, the form shown to people."""
        return " › ".join(self.path)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or one table row. ``boxes`` frame its lines on ``page``.

    A sentence that runs over a page break belongs to the page with more of it; ``quote`` is the part that stands
    there, the whole sentence otherwise.
    """

    text: str
    page: int
    quote: str = ""
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """Sentences of one section and one page, embedded as one vector.

    ``context`` is what a reader needs to understand the text alone (report title, section path, table title); it is
    embedded and searched with the text but never quoted.
    """

    page: int
    section: str
    kind: BlockKind
    sentences: tuple[Sentence, ...]
    context: str = ""

    @property
    def text(self) -> str:
        """The sentences joined as they read: no space between Chinese sentences, a line break between table rows."""
        from index.text import join_sentences

        return join_sentences([s.text for s in self.sentences], rows=self.kind in BY_LINES)


@dataclass(frozen=True, slots=True)
class Entry:
    """A report in the store, as lists show it. ``copy_of`` names a report that holds the same text with real pages."""

    id: str
    name: str
    title: str
    language: str
    pages: int
    chunks: int
    sha256: str
    added: str
    copy_of: str = ""
    card: Card = Card()


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that a search found. ``score`` fuses vectors and words, higher is better, comparable in one search.

    ``dense`` is the cosine similarity with the query (0 when only the words matched) and ``lexical`` how its
    words are covered, 0 to about 1 (0 when only the vector matched).
    """

    chunk_id: int
    report_id: str
    report: str
    title: str
    page: int
    section: str
    kind: BlockKind
    text: str
    sentences: tuple[Sentence, ...] = field(default=(), repr=False)
    context: str = ""
    score: float = 0.0
    dense: float = 0.0
    lexical: float = 0.0

    @property
    def after_section(self) -> str | None:
        """What the context says behind the section: of a table its title, unit and columns; None when it has none."""
        if not self.section:
            return None
        _, found, after = self.context.rpartition(f" › {self.section.split(' › ')[-1]} › ")
        return after if found else None


@dataclass(frozen=True, slots=True)
class ChunkWords:
    """The words of one chunk's text and of its context in their order, as :func:`index.text.words` gives them."""

    chunk_id: int
    report_id: str
    page: int
    text: tuple[str, ...]
    context: tuple[str, ...]


class Stage(StrEnum):
    """What is being done with a report that is added."""

    READING = "reading"
    OCR = "ocr"
    EMBEDDING = "embedding"
    STORING = "storing"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one report is: ``done`` of ``total`` pages (reading, OCR) or chunks (embedding, storing).

    OCR is reading, too: of the page that is being read, which is a picture. Its ``done`` counts on from there.
    """

    report: str
    stage: Stage
    done: int
    total: int


class Status(StrEnum):
    """What became of a file that was to be added."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds that one file took: reading (of all processes that shared it, added up), embedding, storing."""

    reading: float = 0.0
    embedding: float = 0.0
    storing: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one file: its entry in the store, or the error that kept it out; of a cancelled one neither."""

    path: Path
    status: Status
    entry: Entry | None = None
    error: ReportQAError | None = None
    warnings: tuple[str, ...] = ()
    spent: Spent = Spent()

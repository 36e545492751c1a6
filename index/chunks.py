"""Sections to chunks: sentences with their exact page, packed into pieces that fit the embedder."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.sections import split
from index.table_text import begins_picture, chart_sentences, pictured, row_sentences, table_about
from index.text import fold, join, split_sentences
from index.types import Block, BlockKind, Box, Chunk, Report, Section, Sentence, Table

TokenCounts = Callable[[Sequence[str]], list[int]]
TABLE_FACTOR = 2.5  # a table's chunk may be this much longer: rows apart from each other say little
SMALLEST = 24  # tokens; a piece below this is packed with its neighbour when one is there
_TERMINAL = ("。", "！", "？", "”", ".", "!", "?", "：", ":", "；", ";", "）", ")")


def chunk(sections: Sequence[Section], token_counts: TokenCounts, longest: int, document: str) -> list[Chunk]:
    """The chunks of a report: of one section, one page and one kind each, at most ``longest`` tokens of text.

    ``document`` names the report in every chunk's context. A single sentence longer than ``longest`` stays whole.
    """
    drafts = [draft for section in sections for draft in _drafts(section)]
    texts = [sentence.text for draft in drafts for sentence in draft.sentences]
    counts = iter(token_counts(texts))
    for draft in drafts:
        draft.tokens = [next(counts) for _ in draft.sentences]
    chunks: list[Chunk] = []
    for draft in _merge_small(drafts):
        limit = TABLE_FACTOR * longest if draft.kind is BlockKind.TABLE else longest
        for sentences in _pack(draft, limit):
            context = " › ".join(part for part in (document, *draft.path[-2:], *draft.about) if part)
            chunks.append(Chunk(draft.page, " › ".join(draft.path), draft.kind, sentences, context))
    return chunks


def of_report(report: Report, token_counts: TokenCounts, longest: int) -> list[Chunk]:
    """The chunks of a report, its file's name and what its title adds in their contexts. See :func:`chunk`."""
    stem = Path(report.name).stem
    title = "" if fold(report.title) in fold(stem) else report.title[:40]
    document = " ".join(part for part in (stem.replace("_", " "), title) if part)
    return chunk(split(report), token_counts, longest, document)


@dataclass(slots=True)
class _Draft:
    """Sentences of one paragraph or table on one page, before packing."""

    path: tuple[str, ...]
    page: int
    kind: BlockKind
    about: tuple[str, ...]
    sentences: list[Sentence]
    tokens: list[int]

    def fits(self, other: "_Draft") -> bool:
        """Whether ``other`` may stand in one chunk with this."""
        same = (self.path, self.page, self.kind) == (other.path, other.page, other.kind)
        if self.kind in {BlockKind.CAPTION, BlockKind.CHART}:
            return same and not begins_picture(other.sentences[0])
        return same and self.kind is not BlockKind.TABLE


def _drafts(section: Section) -> Iterator[_Draft]:
    """The section's paragraphs and tables as sentences, page by page, in order."""
    paragraphs: list[tuple[BlockKind, str, list[Block]]] = []
    pages_with_text: set[int] = set()
    pictures = pictured(section.blocks)
    for block in section.blocks:
        if block.kind is BlockKind.HEADING and len(section.blocks) > 1:
            continue  # it is in the path of all that follows
        if block.kind in {BlockKind.PARAGRAPH, BlockKind.DISCLAIMER}:
            open_tail = _open_paragraph(paragraphs, block) if block.page not in pages_with_text else None
            pages_with_text.add(block.page)
            if open_tail is not None:
                open_tail.append(block)
                continue
        paragraphs.append((block.kind, block.title, [block]))
    for kind, title, blocks in paragraphs:
        if kind is BlockKind.TABLE:
            table = blocks[0].table or Table(())
            about = table_about(table if table.title else replace(table, title=title), section.path)
            yield _Draft(section.path, blocks[0].page, kind, about, row_sentences(table, blocks[0].page), [])
            continue
        if kind in {BlockKind.CHART, BlockKind.CAPTION}:
            told = chart_sentences(blocks[0], pictured=blocks[0] in pictures)
            yield _Draft(section.path, blocks[0].page, kind, (), told, [])
            continue
        by_page: dict[int, list[Sentence]] = {}
        for sentence in _sentences(blocks):
            by_page.setdefault(sentence.page, []).append(sentence)
        for page, sentences in by_page.items():
            yield _Draft(section.path, page, kind, (), sentences, [])


def _open_paragraph(paragraphs: Sequence[tuple[BlockKind, str, list[Block]]], block: Block) -> list[Block] | None:
    """The paragraph at the end of the page before that ``block`` goes on with, if there is one."""
    for kind, _, blocks in reversed(paragraphs):
        if kind is block.kind:
            last = blocks[-1]
            open_end = not last.lines[-1].text.endswith(_TERMINAL)
            return blocks if last.page == block.page - 1 and open_end else None
    return None


def _sentences(blocks: Sequence[Block]) -> Iterable[Sentence]:
    """The sentences of one paragraph, which may run over a page break."""
    text, spans = "", []
    for block in blocks:
        for line in block.lines:
            joined = join(text, line.text)
            spans.append((len(joined) - len(line.text), len(joined), block.page, line.box))
            text = joined
    for start, end in split_sentences(text):
        parts: dict[int, list[tuple[int, int, Box]]] = {}
        for left, right, page, box in spans:
            if left < end and right > start:
                parts.setdefault(page, []).append((max(left, start), min(right, end), box))
        if not parts:
            continue
        page = max(parts, key=lambda number: parts[number][-1][1] - parts[number][0][0])
        quote = text[parts[page][0][0] : parts[page][-1][1]].strip()
        yield Sentence(text[start:end].strip(), page, quote, tuple(box for _, _, box in parts[page]))


def _merge_small(drafts: Iterable[_Draft]) -> Iterator[_Draft]:
    """Drafts with those too small to be found alone put together with the next of the same section and page."""
    waiting: _Draft | None = None
    for draft in drafts:
        if waiting is None:
            waiting = draft
        elif waiting.fits(draft) and (sum(waiting.tokens) < SMALLEST or sum(draft.tokens) < SMALLEST):
            waiting.sentences += draft.sentences
            waiting.tokens += draft.tokens
        else:
            yield waiting
            waiting = draft
    if waiting is not None:
        yield waiting


def _pack(draft: _Draft, longest: float) -> Iterator[tuple[Sentence, ...]]:
    """Even pieces of at most ``longest`` tokens, cut between sentences."""
    total = sum(draft.tokens)
    aim = total / max(1, -(-total // longest))
    packed: list[Sentence] = []
    size = 0
    for sentence, tokens in zip(draft.sentences, draft.tokens, strict=True):
        if packed and (size + tokens > longest or size + tokens / 2 > aim):
            yield tuple(packed)
            packed, size = [], 0
        packed.append(sentence)
        size += tokens
    if packed:
        yield tuple(packed)

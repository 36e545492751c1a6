"""What the model gets to see: few, short items of one page each, best first, within a budget of tokens."""

import re
from collections.abc import Callable, Iterable, Sequence

from index.text import fold, join_sentences, words
from index.types import BY_LINES, BlockKind, Hit, Sentence
from rag.checking.figures import find, in_units_of
from rag.finding.beginnings import begun
from rag.finding.orders import without_orders
from rag.finding.ranking import Weighted
from rag.types import Evidence, Question

WORTH = 0.3  # of the best hit's score; what scores lower rarely answers and always costs reading time
TABLE_ROWS = 8
HEADER_ROWS = 4
NEW_ITEMS = 2  # that may be put behind an earlier question's evidence
LONGEST_ABOUT = 80  # characters of a table's title and of its unit
_SOURCE_LINE = re.compile(r"(?:资料|数据|图片)?来源[:：]|(?:data )?sources?:", re.IGNORECASE)


def choose(
    hits: Sequence[Hit],
    question: Question,
    *,
    items: int,
    tokens: int,
    token_counts: Callable[[Sequence[str]], list[int]],
    weights: Callable[[Sequence[str]], dict[str, float]],
    before: Callable[[Hit], Hit | None],
) -> list[Evidence]:
    """The evidence for a question: at most ``items`` items of at most ``tokens`` tokens together, numbered from 1.

    A chunk of text is one item, with the sentences before it that it goes on from (``before`` gives the chunk before
    another); of a table come the header and the rows that share most with the question. The same text from another
    place is left out, so is what says nothing (a heading alone, a line with a source alone), and so are sentences that
    give orders to whoever reads them.
    """
    hits = without_orders(hits)
    if not hits:
        return []
    asked = Weighted.of(question.standalone, (), weights)
    chosen: list[tuple[Hit, tuple[Sentence, ...]]] = []
    seen: set[str] = set()
    for hit in hits[: 3 * items]:
        if hit.score < WORTH * hits[0].score or len(chosen) == items:
            break
        if _says_nothing(hit):
            continue
        folded = fold(hit.text)
        if folded in seen:
            continue
        seen.add(folded)
        if hit.kind is not BlockKind.TABLE and _join_neighbour(chosen, hit):
            continue
        chosen.append((hit, _rows(hit, asked) if hit.kind is BlockKind.TABLE else hit.sentences))
    chosen = _begun(chosen, before)
    texts = [_text(hit, sentences) for hit, sentences in chosen]
    evidence: list[Evidence] = []
    left = tokens
    for (hit, sentences), text, count in zip(chosen, texts, token_counts(texts), strict=True):
        if evidence and count > left:
            continue
        left -= count
        item = Evidence.of(hit, sentences, len(evidence) + 1, _about(hit))
        evidence.append(item.model_copy(update={"text": text}))
    return evidence


def _says_nothing(hit: Hit) -> bool:
    """Whether a chunk is a heading or the source of something else."""
    return fold(hit.text) == fold(hit.section.split(" › ")[-1]) or (
        len(hit.sentences) == 1 and _SOURCE_LINE.match(hit.text.strip()) is not None
    )


def _join_neighbour(chosen: list[tuple[Hit, tuple[Sentence, ...]]], hit: Hit) -> bool:
    """Put a chunk that follows or precedes one already chosen into that item, so that it reads on as on the page."""
    for index, (other, sentences) in enumerate(chosen):
        same = (other.report_id, other.page, other.section, other.kind) == (
            hit.report_id,
            hit.page,
            hit.section,
            hit.kind,
        )
        if not same or len(sentences) > len(other.sentences):
            continue
        if hit.chunk_id == other.chunk_id + 1:
            chosen[index] = (other, (*sentences, *hit.sentences))
            return True
        if hit.chunk_id == other.chunk_id - 1:
            chosen[index] = (other, (*hit.sentences, *sentences))
            return True
    return False


def _begun(
    chosen: Sequence[tuple[Hit, tuple[Sentence, ...]]], before: Callable[[Hit], Hit | None]
) -> list[tuple[Hit, tuple[Sentence, ...]]]:
    """What was chosen, each text with what it goes on from, without what thereby stands in an item before it."""
    found: list[tuple[Hit, tuple[Sentence, ...]]] = []
    shown: set[tuple[str, Sentence]] = set()
    for hit, sentences in chosen:
        own = sentences if hit.kind in BY_LINES else begun(sentences, hit, before)
        if not shown.issuperset((hit.report_id, sentence) for sentence in sentences):
            found.append((hit, own))
        shown.update((hit.report_id, sentence) for sentence in own)
    return found


def _text(hit: Hit, sentences: Sequence[Sentence]) -> str:
    if hit.kind in {BlockKind.CHART, BlockKind.CAPTION}:  # without the note that the values are in the picture
        return _on_page(hit, sentences)
    return join_sentences([s.text for s in sentences], rows=hit.kind in BY_LINES)


def _on_page(hit: Hit, sentences: Sequence[Sentence]) -> str:
    """The same without what stands on the next or last page, when a sentence runs over a page break."""
    return join_sentences([s.quote for s in sentences], rows=hit.kind in BY_LINES)


def _about(hit: Hit) -> str:
    """A table's title and unit; its rows name their columns."""
    after = hit.after_section if hit.kind is BlockKind.TABLE else None
    parts = [part for part in (after or "").split(" › ") if " | " not in part]
    return "; ".join(part[:LONGEST_ABOUT] for part in parts[:2])


def _rows(hit: Hit, asked: Weighted) -> tuple[Sentence, ...]:
    """A table's header rows and, in their order, the rows that have most of what is asked, in either language."""
    rows = hit.sentences
    header = 0
    while header < min(HEADER_ROWS, len(rows)) and not any(f.unit or f.scaled for f in find(rows[header].text)):
        figures = [f for f in find(rows[header].text) if not 1900 <= f.value <= 2100]
        if len(figures) >= 2:
            break
        header += 1
    scored = sorted(
        range(header, len(rows)),
        key=lambda i: (-asked.share(words(rows[i].text)), i),
    )
    kept = sorted(scored[:TABLE_ROWS])
    return (*rows[:header], *(rows[i] for i in kept))


def settled(evidence: Sequence[Evidence], recent: Iterable[Sequence[Evidence]]) -> list[Evidence]:
    """The evidence in the order of an earlier question's where it is nearly the same, so that it is not read again.

    The server keeps what it has read as long as the beginning stays the same, so items that are new come last. Where
    more than ``NEW_ITEMS`` are new, or the best one is, the order stays as it is.
    """
    if not evidence:
        return []
    for earlier in recent:
        known = {(item.report_id, item.page, item.text) for item in earlier}
        new = [item for item in evidence if (item.report_id, item.page, item.text) not in known]
        if len(new) <= NEW_ITEMS and len(earlier) + len(new) <= 2 * len(evidence) and evidence[0] not in new:
            both = [*earlier, *new]
            return [item.model_copy(update={"n": n}) for n, item in enumerate(both, 1)]
    return list(evidence)


def render(evidence: Sequence[Evidence], language: str) -> str:
    """The items as the model reads them: number, where it stands, text with figures in the reader's units."""
    several = len({item.report_id for item in evidence}) > 1
    lines = []
    for item in evidence:
        place = "; ".join(part for part in (item.section.split(" › ")[-1], item.about) if part)
        if several:
            name = item.report.rsplit(".", 1)[0]
            place = f"{name}: {place}" if place else name
        text = in_units_of(item.text.replace("\n", "; "), language)
        lines.append(f"[{item.n}] ({place}) {text}" if language == "en" else f"[{item.n}]（{place}）{text}")
    return "\n".join(lines)

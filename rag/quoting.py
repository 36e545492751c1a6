"""Evidence quoted as an answer: when there is no model, and when a sentence answers better than the model did."""

from collections.abc import Sequence
from itertools import pairwise

from index.text import has_cjk, join, join_sentences
from rag.checking.citations import Checked, Source, with_marks
from rag.checking.grounding import Asked
from rag.confidence.signals import Span
from rag.types import Citation, Evidence

NAMES_SHARE = 1.0  # of the question's names, for a sentence to be its answer
BETTER = 0.7  # an answer whose source covers less than this share of what the best sentence covers gives way to it
QUOTE_COVERAGE = 0.55  # measured on the dev sets: docs/experiments.md
BESIDE = 1.0  # less score than the best sentence's, that one beside it may have and still be quoted


def quoted(evidence: Sequence[Evidence], most: int = 3) -> tuple[str, tuple[Citation, ...]]:
    """The best evidence itself as an answer, for when there is no model: quotes with their marks, and citations."""
    citations = tuple(Citation.of(item, item.n, item.text) for item in evidence[:most])
    return "\n\n".join(f"“{c.quote}” [{c.n}]" for c in citations), citations


def quoted_spans(spans: Sequence[Span], language: str) -> Checked:
    """The best sentence as an answer, with the next best where that is of the same item and has what it lacks.

    For when the model refuses although the evidence holds the answer.
    """
    best = spans[0]
    beside = [s for s in spans[1:3] if s.item.n == best.item.n and s.score > best.score - BESIDE]
    text = best.item.text
    chosen = sorted([best, *beside], key=lambda span: text.find(span.text))
    said = join_sentences([span.text.strip() for span in chosen], rows="\n" in text)
    source = Source(best.item, language)
    quote = join_sentences([source.of_page(span.text) for span in chosen], rows="\n" in text)
    return Checked(with_marks(said, [1], said), (Citation.of(best.item, 1, quote),))


def best_quote(asked: Asked, evidence: Sequence[Evidence]) -> Checked | None:
    """The one sentence or row that has nearly all of the question's words, as an answer; None when none has.

    For when the model refuses although the answer stands there. Words only meet words of their own language, and a
    question with a word that no report knows is left to the model: a quote cannot tell whether it matters.
    """
    if asked.unknown:
        return None
    best: tuple[float, Evidence, str] | None = None
    source_of = {item.n: Source(item, "zh" if has_cjk(asked.text) else "en") for item in evidence}
    for item in evidence:
        source = source_of[item.n]
        if asked.names_share(source.context) < NAMES_SHARE or has_cjk(item.text) != has_cjk(asked.text):
            continue
        pairs = [join(*both) for both in pairwise(source.spans)] if "\n" not in item.text else []
        for span in (*source.spans, *pairs):
            share = asked.coverage(f"{item.section} {span}")
            if asked.is_met_by(span, f"{item.section} {span}") and (best is None or share > best[0] + 0.05):
                best = (share, item, span)
    if best is None or best[0] < QUOTE_COVERAGE:
        return None
    _, item, span = best
    citation = Citation.of(item, 1, source_of[item.n].of_page(span))
    return Checked(with_marks(span, [1], span), (citation,))


def better_quote(checked: Checked, asked: Asked, evidence: Sequence[Evidence]) -> Checked:
    """The best sentence itself where it has the question's words and the model answered from quite another one."""
    quote = best_quote(asked, evidence)
    if quote is None or {c.quote for c in quote.citations} & {c.quote for c in checked.citations}:
        return checked
    place = (quote.citations[0].report, quote.citations[0].page)
    if any((c.report, c.page) == place for c in checked.citations):
        return checked
    cited = max((asked.coverage(f"{c.section} {c.quote} {checked.text}") for c in checked.citations), default=0.0)
    return quote if cited < BETTER * asked.coverage(f"{quote.citations[0].section} {quote.text}") else checked

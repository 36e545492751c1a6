"""An answer that leaves out a part of what was asked, completed with the sentence of the evidence that gives it."""

from collections.abc import Iterator
from dataclasses import replace

from index.text import fold, has_cjk, words
from rag.asking.completeness import completes, missing
from rag.asking.enumerations import asks_for_all, left_out
from rag.asking.facets import Kind, facets
from rag.checking.citations import MARK, Checked, Source
from rag.checking.figures import find
from rag.confidence.signals import Span
from rag.finding.lookup import Found
from rag.types import Citation

MOST_ADDED = 2  # sentences
TOLD = 0.8  # of a sentence's words
SHORT = 40  # Chinese characters, or half as many as of English ones


def completed(checked: Checked, question: str, found: Found) -> Checked:
    """``checked`` with up to :data:`MOST_ADDED` sentences quoted behind it that give what it leaves out.

    A sentence of an item that the answer cites comes before those of others; one that is there already adds nothing.
    """
    for facet in missing(question, checked.text)[:MOST_ADDED]:
        for span in _candidates(checked, found):
            if completes(facet, span.text):
                checked = _with(checked, span, found.reads)
                break
    if added := _names_left_out(checked, found):
        checked = _with(checked, added, found.reads)
    if added := _bare_yes(checked, question, found):
        checked = _with(checked, added, found.reads)
    if asks_for_all(question):
        whole = next((span for span in _candidates(checked, found) if left_out(checked.text, span.text)), None)
        checked = _with(checked, whole, found.reads) if whole else checked
    return checked


def _names_left_out(checked: Checked, found: Found) -> Span | None:
    """The sentence of a cited item that has a name asked for, and figures, where the answer has not that name."""
    said = fold(" ".join((checked.text, *(f"{c.quote} {c.section}" for c in checked.citations))))
    lost = [forms for forms in found.asked.names if not any(fold(form) in said for form in forms)]
    for span in _candidates(checked, found) if lost else ():
        there = fold(span.text)
        if any(fold(form) in there for forms in lost for form in forms) and find(span.text):
            return span
    return None


def _bare_yes(checked: Checked, question: str, found: Found) -> Span | None:
    """The sentence of the page that a short answer to a yes-or-no question rests on, for the reader to judge by."""
    said = MARK.sub("", checked.text)
    if not any(facet.kind is Kind.YES_NO for facet in facets(question)) or find(said):
        return None
    limit = SHORT if has_cjk(checked.text) else 2 * SHORT
    quotes = {fold(citation.quote) for citation in checked.citations}
    spans = [span for span in _candidates(checked, found) if fold(span.text) in quotes]
    return spans[0] if spans and len(said) <= limit and not _tells(said, spans[0].text) else None


def _tells(said: str, sentence: str) -> bool:
    """Whether a text has nearly all the words of a sentence, so that quoting that adds nothing."""
    there = set(words(sentence))
    return len(there & set(words(said))) >= TOLD * len(there)


def _candidates(checked: Checked, found: Found) -> Iterator[Span]:
    cited = {(citation.report, citation.page, citation.section) for citation in checked.citations}
    said = fold(checked.text)
    spans = [span for span in found.weighed.spans if fold(span.text).rstrip("。.;；") not in said]
    yield from (s for s in spans if (s.item.report, s.item.page, s.item.section) in cited)


def _with(checked: Checked, span: Span, language: str) -> Checked:
    quote = Source(span.item, language).of_page(span.text)
    known = next((c.n for c in checked.citations if c.quote == quote and c.page == span.item.page), None)
    n = known or len(checked.citations) + 1
    added = () if known else (Citation.of(span.item, n, quote),)
    mark = f"[{n}]。" if has_cjk(span.text) else f" [{n}]."
    gap = "" if has_cjk(checked.text) else " "
    return replace(
        checked,
        text=f"{checked.text.rstrip()}{gap}{span.text.strip().rstrip('。.;；')}{mark}",
        citations=(*checked.citations, *added),
    )

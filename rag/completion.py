"""An answer that leaves out a part of what was asked, completed with the sentence of the evidence that gives it."""

from collections.abc import Iterator
from dataclasses import replace

from index.text import fold, has_cjk
from rag.asking.completeness import completes, missing
from rag.asking.enumerations import asks_for_all, left_out
from rag.checking.citations import Checked, Source
from rag.confidence.signals import Span
from rag.finding.lookup import Found
from rag.types import Citation

MOST_ADDED = 2  # sentences


def completed(checked: Checked, question: str, found: Found) -> Checked:
    """``checked`` with up to :data:`MOST_ADDED` sentences quoted behind it that give what it leaves out.

    A sentence of an item that the answer cites comes before those of others; one that is there already adds nothing.
    """
    for facet in missing(question, checked.text)[:MOST_ADDED]:
        for span in _candidates(checked, found):
            if completes(facet, span.text):
                checked = _with(checked, span, found.reads)
                break
    if asks_for_all(question):
        whole = next((span for span in _candidates(checked, found) if left_out(checked.text, span.text)), None)
        checked = _with(checked, whole, found.reads) if whole else checked
    return checked


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

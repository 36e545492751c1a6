"""Contradictions of a whole report, of a store, and of what one answer rests on."""

from collections.abc import Iterable, Sequence
from itertools import chain

from index.library import Library
from index.text import fold
from index.types import Entry, Hit
from rag.checking.figures import Figure
from rag.conflicts import periods
from rag.conflicts.claims import Claim
from rag.conflicts.finding import claims_of, contradictions, grouped, told_twice
from rag.conflicts.matching import differ, pairs, same_thing
from rag.conflicts.measured import find
from rag.conflicts.terms import spellings
from rag.types import Citation, Conflict


def conflicts_of_report(library: Library, report_id: str, *, others: bool = False) -> tuple[Conflict, ...]:
    """The contradictions within one report, in the order of its pages; ``others`` adds those with other reports.

    Reads the whole report: about a second for 100 pages. Raises StoreError when the report is not there.
    """
    entry = library.find(report_id)
    own = _claims(library, entry)
    clash = contradictions(own)
    if not others:
        return grouped(clash, own)
    rest = [e for e in library.reports() if e.id != entry.id and not e.copy_of and e.name != entry.copy_of]
    foreign = list(chain.from_iterable(_claims(library, other) for other in rest if other.language == entry.language))
    clash += _across([c for c in own if not c.table], [c for c in foreign if not c.table])
    return grouped(clash, [*own, *foreign])


def conflicts_for(
    answer: str, cited: Sequence[Citation], library: Library, hits: Sequence[Hit]
) -> tuple[Conflict, ...]:
    """The contradictions of what an answer says: what the hits say of the same things with other figures.

    ``cited`` are the quotes that the answer rests on, ``hits`` what the question found, 30 to 60 of them. Only figures
    that stand in ``answer`` count, in whatever unit.
    """
    cards = {entry.id: entry.card for entry in library.reports()}
    ordered = sorted({hit.chunk_id: hit for hit in hits}.values(), key=lambda hit: hit.chunk_id)
    figures = find(answer)
    said = [c for c in claims_of([h for h in ordered if _is_cited(h, cited)], cards) if _is_said(c, figures, cited)]
    if not said:
        return ()
    found = claims_of(ordered, cards, _Alike(said))
    said = [claim for claim in found if _is_said(claim, figures, cited)]
    return grouped(told_twice(said, found) + _across(said, found), found)


class _Alike:
    """Whether a sentence may speak of what one of some claims speaks of, told without reading it closely."""

    def __init__(self, said: Sequence[Claim]) -> None:
        self._sentences = {claim.sentence for claim in said}
        self._words = [{spelling for word in claim.core for spelling in spellings(word)} for claim in said]

    def __call__(self, text: str) -> bool:
        if not any(char.isdigit() for char in text):
            return False
        folded = text.lower()
        return any(sum(word in folded for word in words) >= min(2, len(words)) for words in self._words)


def _is_cited(hit: Hit, cited: Sequence[Citation]) -> bool:
    return any(citation.report == hit.report and citation.page == hit.page for citation in cited)


def _claims(library: Library, entry: Entry) -> list[Claim]:
    return claims_of(library.chunks(entry.id), {entry.id: entry.card})


def _is_said(claim: Claim, figures: Sequence[Figure], cited: Sequence[Citation]) -> bool:
    """Whether an answer with these figures rests on a claim: it gives the claim's and cites where it stands."""
    return any(claim.figure.agrees(figure) for figure in figures) and any(
        citation.report == claim.source.report
        and citation.page == claim.source.page
        and (fold(claim.quote) in fold(citation.quote) or fold(citation.quote) in fold(claim.quote))
        for citation in cited
    )


def _across(own: Sequence[Claim], foreign: Iterable[Claim]) -> list[tuple[Claim, Claim]]:
    """Contradictions between reports: only where both name the subject or are of one company, and the time."""
    every = [*own, *(claim for claim in foreign if not claim.table)]
    return [
        (every[i], every[j])
        for i, j in pairs(every)
        if i < len(own) <= j
        and every[i].source.report_id != every[j].source.report_id
        and periods.same(every[i].period, every[j].period)
        and every[i].period.year
        and _is_one_subject(every[i], every[j])
        and differ(every[i], every[j])
        and same_thing(every[i], every[j])
    ]


def _is_one_subject(a: Claim, b: Claim) -> bool:
    one, other = a.source.card, b.source.card
    if one is not None and other is not None and one.company and fold(one.company) == fold(other.company):
        return True
    return bool(a.own & b.own)

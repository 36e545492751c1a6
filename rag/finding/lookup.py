"""What the store holds for a question: hits, the evidence chosen of them, and how likely it answers."""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.library import Library
from index.text import fold
from index.types import Entry, Hit
from rag.arithmetic import Kind, Operation, gather
from rag.asking.scope import scope
from rag.asking.splitting import Dependent, parts
from rag.checking.grounding import Asked
from rag.checking.terms import measures
from rag.confidence.weighing import Weighed, weigh
from rag.finding.evidence import choose, settled
from rag.finding.merging import merged
from rag.finding.orders import without_orders
from rag.overview.reports import asks_for_overview, overview_evidence, reports_for
from rag.settings import Settings
from rag.types import Evidence, Question

DEEP = 60  # hits looked at for evidence
LOOKED_AT = 8  # best hits, whose languages are read
NAMED = 0.3  # of probability that evidence from the reports which a question names has ahead of other evidence
RECENT = 8  # questions whose evidence a follow-up may go on with
UNMEASURED = 0.5  # of its score that a hit without the measure asked for counts for as evidence
MOST_POINTS = 10  # of an overview
MOST_TRANSLATED = 5  # of one that has to be translated, at two or three seconds each


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. ``reads`` is the language of the evidence; ``weighed`` says whether it holds the answer.

    ``searched`` are the reports that the answer could have come from, ``named`` those that the question or its reader
    chose, none when neither did.
    """

    reads: str
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    asked: Asked
    weighed: Weighed
    searched: tuple[Entry, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """The hits in one language with the evidence chosen of them, and what it is worth beside others."""

    reads: str
    hits: list[Hit]
    evidence: list[Evidence]
    weighed: Weighed
    worth: float


class Lookup:
    """Finds evidence in one library. ``search`` gives the best hits for a text in some reports: (text, k, reports)."""

    def __init__(
        self,
        library: Library,
        settings: Settings,
        search: Callable[[str, int, Sequence[str]], list[Hit]],
    ) -> None:
        self._library, self._settings, self._search = library, settings, search
        self._recent: deque[tuple[Evidence, ...]] = deque(maxlen=RECENT)
        self._lock = threading.Lock()

    def found(self, question: Question, *, follows: bool = False) -> Found:
        """What there is for a question; the evidence is in one language. ``follows`` keeps an earlier one's order."""
        searches = [question.standalone, *(p for p in parts(question.standalone) if not isinstance(p, Dependent))]
        hits = without_orders(merged([self._search(text, DEEP, question.reports) for text in dict.fromkeys(searches)]))
        entries = self._library.reports()
        languages = {entry.id: entry.language for entry in entries}
        asked = Asked.of(question.standalone, self._library.frequencies, self._library.chunk_count)
        named = () if question.reports else scope(question.standalone, entries).reports
        asked = _of_publishers(asked, [entry for entry in entries if entry.id in (question.reports or named)])
        pools = [hits]
        if named:
            pools.append([hit for hit in hits if hit.report_id in named])
        readings = []
        for pool, sure in zip(pools, (0.0, NAMED), strict=False):
            for language in _languages(pool, languages, question.language):
                own = [hit for hit in pool if languages.get(hit.report_id) == language]
                readings.append(self._read(language, own, asked, question, sure))
        best = max(readings, key=lambda reading: (reading.worth, reading.reads == question.language))
        evidence = best.evidence
        with self._lock:
            if follows:
                evidence = settled(evidence, tuple(self._recent))
            self._recent.appendleft(tuple(evidence))
        chosen = question.reports
        searched = tuple(entry for entry in entries if (entry.id in chosen if chosen else not entry.copy_of))
        return Found(best.reads, tuple(best.hits), tuple(evidence), asked, best.weighed, searched, chosen or named)

    def _read(self, language: str, hits: list[Hit], asked: Asked, question: Question, sure: float) -> "_Reading":
        """What the hits in one language have for the question, weighed; ``sure`` is added to the probability."""
        evidence = self._chosen(_measured_first(hits, asked), question)
        weighed = weigh(asked, hits, evidence, self._library.similarities)
        return _Reading(language, hits, evidence, weighed, weighed.probability + sure)

    def _chosen(self, hits: Sequence[Hit], question: Question) -> list[Evidence]:
        return choose(
            hits,
            question,
            items=self._settings.evidence_items,
            tokens=self._settings.evidence_tokens,
            token_counts=self._library.embedder.token_counts,
            weights=self._library.word_weights,
            before=self._library.before,
        )

    def operands(self, operation: Operation, found: Found) -> tuple[Evidence, ...]:
        """The figures to reckon with, numbered after the evidence, from the reports that the question is about."""
        reports = found.named
        if not reports and operation.kind is Kind.RATIO and found.hits:
            reports = (found.hits[0].report_id,)
        gathered = gather(
            operation,
            lambda text, k: without_orders(self._search(text, k, reports)),
            found.reads,
            chunks=lambda report: without_orders(self._library.chunks(report)),
            first=len(found.evidence) + 1,
        )
        return tuple(gathered)

    def overview(self, question: Question) -> Found | None:
        """The points that answer a question about a report as a whole, in one language; None for other questions."""
        entries = self._library.reports()
        overview = asks_for_overview(question.standalone, entries)
        if overview is None:
            return None
        reports = reports_for(question.standalone, overview, entries, question.reports)
        points = overview_evidence(self._library, reports, overview, MOST_POINTS)
        if not points:
            return None
        languages = {entry.id: entry.language for entry in entries}
        if any(languages.get(point.report_id) != question.language for point in points):
            points = overview_evidence(self._library, reports, overview, MOST_TRANSLATED)
        asked = Asked.of(question.standalone, self._library.frequencies, self._library.chunk_count)
        return Found(languages[points[0].report_id], (), tuple(points), asked, Weighed(1.0, ()))


def _measured_first(hits: Sequence[Hit], asked: Asked) -> Sequence[Hit]:
    """The hits, best first, where those without the measure asked for count less: they name whose it is, not what."""

    def worth(hit: Hit) -> float:
        return hit.score if asked.measures & measures(f"{hit.context} {hit.text}") else UNMEASURED * hit.score

    return sorted(hits, key=worth, reverse=True) if asked.measures else hits


def _of_publishers(asked: Asked, entries: Sequence[Entry]) -> Asked:
    """What is asked without the names of those who publish the reports asked: they need not stand beside what they say.

    Where the name is all that is asked a measure of, it has to.
    """
    publishers = [fold(entry.card.institution) for entry in entries if entry.card.institution]
    others = tuple(
        forms
        for forms in asked.names
        if not any(fold(form) in publisher or publisher in fold(form) for form in forms for publisher in publishers)
    )
    return asked if asked.measures and not others else replace(asked, names=others)


def _languages(hits: Sequence[Hit], languages: Mapping[str, str], otherwise: str) -> list[str]:
    """The languages of the reports with the best hits."""
    return sorted({languages.get(hit.report_id, otherwise) for hit in hits[:LOOKED_AT]}) or [otherwise]

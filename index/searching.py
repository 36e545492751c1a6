"""Searching a store: chunks found by their vectors and their words, scored together."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from index.catalog import Catalog
from index.language import detect
from index.opening import Opening
from index.text import has_cjk
from index.types import BlockKind, ChunkWords, Entry, Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DENSE_WEIGHT = 0.35  # of the vectors' score; the rest is the words'. Measured: docs/experiments.md
REMEMBERED = 2000  # vectors of texts alone, pages with their words
ALSO = 30  # chunks that the words of one further text bring into a search
DISCLAIMER_WEIGHT = 0.6  # of a disclaimer's score: it matches many questions and answers few


class Search:
    """The searches of one open store, with what they remember. Safe from several threads."""

    def __init__(self, catalog: Catalog, opening: Opening, size: int) -> None:
        """``size`` is how many candidates vectors and words each score at least."""
        self._catalog, self._opening, self._size = catalog, opening, size
        self._asked: tuple[str, NDArray[np.float32] | None] = ("", None)
        self._plain: dict[str, NDArray[np.float32]] = {}
        self._words: tuple[tuple[int, int] | None, dict[tuple[str, int], list[ChunkWords]]] = (None, {})

    def candidates(
        self, query: str, k: int, entries: Sequence[Entry], reports: Sequence[str], also: Sequence[str]
    ) -> list[Hit]:
        """See :meth:`index.library.Library.candidates`; ``entries`` are all reports of the store.

        Vectors and words each score their best candidates; a chunk's score is the weighted sum (Bruch, Gai and Ingber
        2023, "An Analysis of Fusion Functions for Hybrid Retrieval": convex combinations beat reciprocal ranks). The
        similarity is scaled to 0..1 over the candidates, the words' score is a coverage, so that words say little when
        the query has few that the reports know, as a question in another language does.
        """
        wanted = list(reports) or [entry.id for entry in entries if not entry.copy_of]
        if not wanted:
            return []
        size = max(k, self._size)
        question = self._question(query)
        nearest = self._opening.stores.vectors.query(
            question, size, wanted, [e.id for e in entries if e.id not in wanted]
        )
        ids = self._catalog.chunk_ids([(report, ordinal) for report, ordinal, _ in nearest])
        dense = {ids[r, o]: similarity for r, o, similarity in nearest if (r, o) in ids}
        lexical = dict(self._catalog.match(query, size, wanted))
        brought = {chunk_id for text in also for chunk_id, _ in self._catalog.match(text, ALSO, wanted)}
        least = min(dense.values(), default=0.0)
        span = max(max(dense.values(), default=0.0) - least, 1e-9)
        every = list(dict.fromkeys([*dense, *lexical, *brought]))
        disclaimers = self._catalog.of_kind(BlockKind.DISCLAIMER, every)

        def score(chunk_id: int) -> float:
            near = (dense[chunk_id] - least) / span if chunk_id in dense else 0.0
            whole = DENSE_WEIGHT * near + (1 - DENSE_WEIGHT) * lexical.get(chunk_id, 0.0)
            return whole * DISCLAIMER_WEIGHT if chunk_id in disclaimers else whole

        scores = {chunk_id: score(chunk_id) for chunk_id in every}
        ranked = sorted(every, key=lambda chunk_id: (-scores[chunk_id], chunk_id))
        chosen = ranked[:k] + [chunk_id for chunk_id in ranked[k:] if chunk_id in brought]
        found = self._catalog.hits(chosen)
        return [
            dataclasses.replace(found[c], score=scores[c], dense=dense.get(c, 0.0), lexical=lexical.get(c, 0.0))
            for c in chosen
            if c in found  # one may be removed meanwhile
        ]

    def similarities(self, query: str, texts: Sequence[str]) -> list[float]:
        """See :meth:`index.library.Library.similarities`."""
        if not texts:
            return []
        known = self._plain
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            languages = ["zh" if has_cjk(text) else "en" for text in new]
            vectors = self._opening.alignment.passages(self._opening.embedder.documents(new), languages)
            known = known | dict(zip(new, vectors, strict=True))
            self._plain = known if len(known) <= REMEMBERED else {}
        question = self._question(query)
        return [float(known[text] @ question) for text in texts]

    def _question(self, query: str) -> "NDArray[np.float32]":
        """The vector of a question; that of the last one is kept, for one question is searched for several times."""
        asked, vector = self._asked
        if asked != query or vector is None:
            vector = self._opening.alignment.question(self._opening.embedder.query(query), detect(query))
            self._asked = query, vector
        return vector

    def page_words(self, hits: Iterable[Hit]) -> list[ChunkWords]:
        """See :meth:`index.library.Library.page_words`."""
        state = self._catalog.state()
        known = self._words[1] if self._words[0] == state and len(self._words[1]) <= REMEMBERED else {}
        pages = list(dict.fromkeys((hit.report_id, hit.page) for hit in hits))
        new: dict[tuple[str, int], list[ChunkWords]] = {page: [] for page in pages if page not in known}
        for chunk in self._catalog.page_words(list(new)):
            new[chunk.report_id, chunk.page].append(chunk)
        known = known | new
        self._words = state, known
        return sorted((chunk for page in pages for chunk in known[page]), key=lambda chunk: chunk.chunk_id)

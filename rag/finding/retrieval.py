"""Hybrid retrieval as a llama-index retriever, so that llama-index users can put it into their own pipelines."""

from collections.abc import Mapping, Sequence
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from index.library import Library
from index.traditional import mainland
from index.types import Hit
from rag.asking.scope import OTHERS, Scope, scope
from rag.asking.synonyms import also, printed
from rag.finding.glossary import translations
from rag.finding.ranking import Weighted, closer, contested, features, rank
from rag.finding.reranking import Reranker

DEEP = 60  # chunks of each search that are put together and ranked


LONGEST = 400  # characters of a chunk that are compared alone; only tables have more


class HybridRetriever(BaseRetriever):
    """Vectors and words over one library. Every node is a chunk of one page; metadata has report, page, section.

    ``reranker`` is asked for the order of the first chunks, when there is one (see :mod:`rag.finding.reranking`).
    """

    def __init__(
        self,
        library: Library,
        k: int = 20,
        reports: Sequence[str] = (),
        reranker: Reranker | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._library, self._k, self._reports, self._reranker = library, k, tuple(reports), reranker

    def hits(self, query: str) -> list[Hit]:
        """The same as :meth:`retrieve`, with all that is known of each chunk, best first.

        Reports that the query names come first, unless the caller chose reports (see :mod:`rag.asking.scope`).
        """
        query = mainland(query)
        wanted = scope(query, self._library.reports())
        hits, values = self._candidates(query, wanted)
        factors = {hit.chunk_id: self._factor(hit, wanted) for hit in hits}
        ranked = rank(hits, values, list(factors.values()), max(self._k, DEEP))
        if self._reranker is not None:
            return self._reranker.order(query, ranked)[: self._k]
        first = contested(ranked, factors)
        similarities = self._library.similarities(query, [hit.text[:LONGEST] for hit in first])
        return closer(ranked, first, similarities, factors)[: self._k]

    def _factor(self, hit: Hit, wanted: Scope) -> float:
        """What is left of a hit's score where the question means another report, section or page."""
        other = OTHERS if not self._reports and wanted.reports and hit.report_id not in wanted.reports else 1.0
        return other * wanted.factor(hit, chosen=bool(self._reports))

    def candidates(self, query: str) -> tuple[list[Hit], list[Mapping[str, float]]]:
        """All chunks that are ranked for ``query``, in no order, with their features (:mod:`~rag.finding.ranking`)."""
        return self._candidates(query, scope(query, self._library.reports()))

    def _candidates(self, query: str, wanted: Scope) -> tuple[list[Hit], list[Mapping[str, float]]]:
        entries = self._library.reports()
        first = () if self._reports else wanted.reports
        languages = sorted({entry.language for entry in entries})
        there = [text for language in languages if (text := printed(query, language))]
        others = [text for language in languages if (text := also(query, language))]
        further = [text for text in (*there, *others, *translations(query)) if text]
        size = max(self._k, DEEP)  # so that asking for fewer gives the first of the same
        found = {hit.chunk_id: hit for hit in self._library.candidates(query, size, self._reports or first, further)}
        if first:
            for hit in self._library.search(query, size):
                found.setdefault(hit.chunk_id, hit)
        page_words = self._library.page_words(found.values())
        hits = [
            found[chunk.chunk_id] for chunk in page_words if chunk.chunk_id in found
        ]  # one may be removed meanwhile
        asked = Weighted.of(query, there, self._library.word_weights)
        return hits, list(features(asked, hits, page_words))

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [NodeWithScore(node=_node(hit), score=hit.score) for hit in self.hits(query_bundle.query_str)]


def _node(hit: Hit) -> TextNode:
    metadata = {"report": hit.report, "title": hit.title, "page": hit.page, "section": hit.section}
    source = RelatedNodeInfo(node_id=hit.report_id, metadata={"file_name": hit.report})
    return TextNode(
        id_=f"{hit.report_id}:{hit.chunk_id}",
        text=hit.text,
        metadata=metadata,
        relationships={NodeRelationship.SOURCE: source},
    )

"""Hybrid retrieval as a llama-index retriever, so that llama-index users can put it into their own pipelines."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from index.library import Library
from index.traditional import mainland
from index.types import Hit
from rag.scope import OTHERS, scope
from rag.synonyms import ALSO_WEIGHT, WEIGHT, also, printed

DEEP = 60  # chunks of each search that are put together


class HybridRetriever(BaseRetriever):
    """Vectors and words over one library. Every node is a chunk of one page; metadata has report, page, section."""

    def __init__(self, library: Library, k: int = 20, reports: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._library, self._k, self._reports = library, k, tuple(reports)

    def hits(self, query: str) -> list[Hit]:
        """The same as :meth:`retrieve`, with all that is known of each chunk, best first.

        Reports that the query names come first, unless the caller chose reports (see :mod:`rag.scope`).
        """
        query = mainland(query)
        wanted = scope(query, self._library.reports())
        first = () if self._reports else wanted.reports
        found = self._search(query, self._reports or first)
        if first:
            others = (hit for hit in self._library.search(query, max(self._k, DEEP)) if hit.report_id not in first)
            found = [*found, *(replace(hit, score=OTHERS * hit.score) for hit in others)]
        found = [replace(hit, score=wanted.factor(hit, chosen=bool(self._reports)) * hit.score) for hit in found]
        return sorted(found, key=lambda hit: (-hit.score, hit.chunk_id))[: self._k]

    def _search(self, query: str, reports: Sequence[str]) -> list[Hit]:
        """The best chunks for the query and for what statements print of it, in every language the store has."""
        size = max(self._k, DEEP)  # so that asking for fewer gives the first of the same
        hits = {hit.chunk_id: hit for hit in self._library.search(query, size, reports)}
        for language in {entry.language for entry in self._library.reports()}:
            for words, weight in ((printed(query, language), WEIGHT), (also(query, language), ALSO_WEIGHT)):
                for hit in self._library.search(words, size, reports) if words and weight else ():
                    known = hits.get(hit.chunk_id, replace(hit, score=0.0))
                    hits[hit.chunk_id] = replace(known, score=known.score + weight * hit.score)
        return list(hits.values())

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

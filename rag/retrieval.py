"""Hybrid retrieval as a llama-index retriever, so that llama-index users can put it into their own pipelines."""

from collections.abc import Sequence
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from index.library import Library
from index.types import Hit


class HybridRetriever(BaseRetriever):
    """Vectors and words over one library. Every node is a chunk of one page; metadata has report, page, section."""

    def __init__(self, library: Library, k: int = 20, reports: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._library, self._k, self._reports = library, k, tuple(reports)

    def hits(self, query: str) -> list[Hit]:
        """The same as :meth:`retrieve`, with all that is known of each chunk, best first."""
        return self._library.search(query, self._k, self._reports)

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

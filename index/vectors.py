"""The Chroma half of a store: one vector a chunk, through llama-index's vector store."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from index.errors import StoreError
from index.types import Chunk

COLLECTION = "chunks"
_BATCH = 500
# e5's vectors lie close together, and Chroma's own settings (16, 100, 100) then miss up to half of the nearest 100.
_GRAPH = {"space": "cosine", "max_neighbors": 48, "ef_construction": 400, "ef_search": 1000}


class Vectors:
    """One open Chroma collection with cosine distance. Chunks are named by (report id, ordinal)."""

    def __init__(self, folder: Path, url: str = "") -> None:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.config import Settings
        from llama_index.vector_stores.chroma import ChromaVectorStore

        settings = Settings(anonymized_telemetry=False)
        where = url or str(folder)
        self.shared = bool(url)  # a server may hold the vectors of other stores too
        try:
            if url:
                address = urlsplit(url)
                self._client: Any = chromadb.HttpClient(
                    address.hostname or "localhost",
                    port=address.port or 8000,
                    ssl=address.scheme == "https",
                    settings=settings,
                )
            else:
                self._client = chromadb.PersistentClient(str(folder), settings=settings)
            self._collection = self._client.get_or_create_collection(
                COLLECTION,
                embedding_function=None,
                configuration={"hnsw": _GRAPH},
            )
            self.store = ChromaVectorStore(chroma_collection=self._collection)
            self._collection.count()
        except Exception as error:
            raise StoreError(
                f"The vectors in {where} cannot be opened: {error}.",
                "Start the Chroma server or mend chroma_url."
                if url
                else "If the folder is damaged, delete the store's folder and ingest the reports again.",
            ) from error

    def add(
        self,
        report_id: str,
        report: str,
        chunks: Sequence[Chunk],
        embeddings: NDArray[np.float32],
        digests: Sequence[str] = (),
    ) -> None:
        """Write the vectors of a report, row i of ``embeddings`` (chunks x dimensions) being chunk i.

        ``digests[i]`` says what that vector was made of, so that it can be used again (:meth:`get`).
        Each goes in as a llama-index node with text and page, so that an index made over this collection can use it.
        """
        from llama_index.core.schema import BaseNode, NodeRelationship, RelatedNodeInfo, TextNode

        source = RelatedNodeInfo(node_id=report_id)
        nodes: list[BaseNode] = [
            TextNode(
                id_=f"{report_id}:{ordinal}",
                text=chunk.text,
                embedding=embeddings[ordinal].tolist(),
                metadata={
                    "report_id": report_id,
                    "report": report,
                    "page": chunk.page,
                    "section": chunk.section,
                    "digest": digests[ordinal] if digests else "",
                },
                excluded_embed_metadata_keys=["digest"],
                excluded_llm_metadata_keys=["digest"],
                relationships={NodeRelationship.SOURCE: source},
            )
            for ordinal, chunk in enumerate(chunks)
        ]
        self.delete(report_id)  # what an earlier, broken attempt left; adding would keep it
        for start in range(0, len(nodes), _BATCH):
            self.store.add(nodes[start : start + _BATCH])

    def get(self, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, NDArray[np.float32]]]:
        """The digest and the vector of chunks named by (report id, ordinal); those not to be had are left out."""
        from chromadb.errors import InternalError

        kept: dict[tuple[str, int], tuple[str, NDArray[np.float32]]] = {}
        for start in range(0, len(places), _BATCH):
            names = [f"{report_id}:{ordinal}" for report_id, ordinal in places[start : start + _BATCH]]
            try:
                found = self._collection.get(ids=names, include=["embeddings", "metadatas"])
            except InternalError:  # another process wrote some meanwhile, and Chroma's graph here lacks them
                continue
            for name, vector, notes in zip(found["ids"], found["embeddings"], found["metadatas"], strict=True):
                report_id, _, ordinal = name.rpartition(":")
                kept[report_id, int(ordinal)] = str(notes.get("digest", "")), np.asarray(vector, np.float32)
        return kept

    def rename(self, report_id: str, name: str) -> None:
        """Change the file name that the vectors of a report carry for those who read them with other programs."""
        found = self._collection.get(where={"report_id": report_id}, include=["metadatas"])
        for notes in found["metadatas"]:
            node = json.loads(notes["_node_content"])
            node["metadata"]["report"] = notes["report"] = name
            notes["_node_content"] = json.dumps(node)
        for start in range(0, len(found["ids"]), _BATCH):
            part = slice(start, start + _BATCH)
            self._collection.update(ids=found["ids"][part], metadatas=found["metadatas"][part])

    def delete(self, report_id: str) -> None:
        """Remove the vectors of a report; nothing happens when there are none."""
        self._collection.delete(where={"report_id": report_id})

    def keep_only(self, report_ids: Sequence[str]) -> None:
        """Remove the vectors of all other reports."""
        self._collection.delete(
            where={"report_id": {"$nin": list(report_ids)}} if report_ids else {"report_id": {"$ne": ""}}
        )

    def count(self) -> int:
        """How many vectors there are."""
        return int(self._collection.count())

    def query(
        self, vector: NDArray[np.float32], k: int, reports: Sequence[str], others: Sequence[str] = ()
    ) -> list[tuple[str, int, float]]:
        """The ``k`` nearest chunks: (report id, ordinal, cosine similarity), best first.

        ``reports`` are searched, ``others`` are those of the store that are not. Chroma takes ten times as long where
        it filters, so a few others are searched too and left out of what was found.
        """
        if len(others) < len(reports):
            for more in (1, 2, 4) if others else (1,):
                every = self._nearest(vector, more * k, None)
                found = [near for near in every if near[0] not in others]
                if len(found) >= k or len(every) < more * k or not others:
                    return found[:k]
        return self._nearest(vector, k, {"report_id": {"$in": list(reports)}})

    def _nearest(
        self, vector: NDArray[np.float32], k: int, where: dict[str, Any] | None
    ) -> list[tuple[str, int, float]]:
        found = self._collection.query(
            query_embeddings=[vector.tolist()], n_results=max(1, k), where=where, include=["distances"]
        )
        nearest = []
        for name, distance in zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True):
            report_id, _, ordinal = name.rpartition(":")
            nearest.append((report_id, int(ordinal), 1.0 - float(distance)))
        return nearest

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()

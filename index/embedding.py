"""Texts to vectors, with the default model or any Sentence Transformers model, always on this machine."""

import hashlib
import json
import math
import os
import re
import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index import conversion, hub, models
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.openvino_model import OpenVINOModel

Vectors = NDArray[np.float32]
DEFAULT = "default"
# About 0.15 s on two cores, which a question may have to wait; twice as many are 1-3% faster, half as many 4% slower.
_BATCH_TOKENS = 2048
_NO_LIMIT = 1_000_000


class Embedder(ABC):
    """Turns texts into vectors of length 1, so that a dot product is the cosine similarity. Safe to share by threads.

    ``fingerprint`` differs for embedders whose vectors must not be mixed in one store; ``name`` is for people.
    ``dimension`` is a vector's length, ``max_tokens`` how much of a text is read, its prompt included.
    """

    name: str
    fingerprint: str
    dimension: int
    max_tokens: int

    @abstractmethod
    def documents(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Vectors:
        """Embed texts that are to be found: (texts, dimension), in their order. ``progress`` gets (done, texts)."""

    @abstractmethod
    def query(self, text: str) -> Vectors:
        """Embed a question: (dimension,)."""

    @abstractmethod
    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text takes by itself, without prompt and special tokens."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """What the model expects in front of a question and in front of a text to be found."""

    query: str
    document: str


def open_embedder(setting: str, models_dir: Path, threads: int) -> Embedder:
    """Open the embedder the setting names: "default", a Sentence Transformers folder, or a pulled model id.

    ``threads`` 0 means all cores. Nothing is downloaded. Raises ModelError if the model is not there or not usable.
    """
    threads = threads or _cores()
    if setting == DEFAULT:
        return _open_default(models_dir, threads)
    return _open_folder(setting, hub.model_folder(setting, models_dir), threads)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class BatchingEmbedder(Embedder):
    """What embedders have in common that encode a batch at a time, by one thread at a time."""

    def __init__(self, name: str, identity: str, prompts: Prompts) -> None:
        self.name = name
        self.fingerprint = hashlib.sha256(json.dumps([identity, prompts.query, prompts.document]).encode()).hexdigest()
        self._prompts = prompts
        self._lock = threading.Lock()

    @abstractmethod
    def _encode(self, texts: list[str], prompt: str) -> Vectors:
        """Embed one batch: (texts, dimension). Called with the lock held."""

    def documents(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Vectors:
        """See :meth:`Embedder.documents`. Equal texts are embedded once, texts of like length together."""
        copies = Counter(texts)
        distinct = list(copies)
        vectors = np.empty((len(distinct), self.dimension), np.float32)
        done = 0
        for batch in _batches(self.token_counts(distinct), self.max_tokens):
            chosen = [distinct[i] for i in batch]
            # One batch a lock, so that a question asked while a report is embedded waits for one batch only.
            with self._lock:
                vectors[batch] = self._encode(chosen, self._prompts.document)
            done += sum(copies[text] for text in chosen)
            if progress:
                progress(done, len(texts))
        rows = {text: row for row, text in enumerate(distinct)}
        return vectors[[rows[text] for text in texts]]

    def query(self, text: str) -> Vectors:
        """See :meth:`Embedder.query`."""
        with self._lock:
            vector: Vectors = self._encode([text], self._prompts.query)[0]
        return vector


class OpenVINOEmbedder(BatchingEmbedder):
    """The default embedder, without the seconds and the memory that importing torch takes."""

    def __init__(self, model: "OpenVINOModel", name: str, identity: str, prompts: Prompts) -> None:
        super().__init__(name, identity, prompts)
        self.dimension, self.max_tokens = model.dimension, model.max_tokens
        self._model = model

    def sentence_transformer(self) -> "SentenceTransformer":
        """The same model as a Sentence Transformers model, for code that takes one. Not to be used beside this."""
        from index.openvino_module import sentence_transformer

        return sentence_transformer(self._model)

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """See :meth:`Embedder.token_counts`."""
        encoded = self._model.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False) if texts else []
        return [len(encoding) for encoding in encoded]

    def _encode(self, texts: list[str], prompt: str) -> Vectors:
        return self._model.embed([prompt + text for text in texts])


class SentenceTransformerEmbedder(BatchingEmbedder):
    """An embedder around a loaded Sentence Transformers model."""

    def __init__(self, model: "SentenceTransformer", name: str, identity: str, prompts: Prompts) -> None:
        super().__init__(name, identity, prompts)
        self.dimension = int(model.get_embedding_dimension() or 0)
        limit = model.max_seq_length
        self.max_tokens = int(limit) if limit and math.isfinite(limit) else _NO_LIMIT
        self._model = model

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """See :meth:`Embedder.token_counts`."""
        if not texts:
            return []
        tokenizer: Any = self._model.tokenizer
        with self._lock:
            return [len(ids) for ids in tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]]

    def _encode(self, texts: list[str], prompt: str) -> Vectors:
        vectors = self._model.encode(
            texts, prompt=prompt, batch_size=len(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)


def _batches(counts: Sequence[int], max_tokens: int) -> Iterator[list[int]]:
    """Indices of ``counts`` in batches of like length, longest first, each of about ``_BATCH_TOKENS`` with padding."""
    batch: list[int] = []
    width = 0
    for index in sorted(range(len(counts)), key=lambda i: -counts[i]):
        if batch and width * (len(batch) + 1) > _BATCH_TOKENS:
            yield batch
            batch = []
        if not batch:
            width = min(counts[index], max_tokens) + 1
        batch.append(index)
    if batch:
        yield batch


def _open_default(models_dir: Path, threads: int) -> Embedder:
    folder = models.path("embedder", models_dir)
    from index.e5 import PROMPTS
    from index.openvino_model import OpenVINOModel

    try:
        model = OpenVINOModel(folder, folder / conversion.ENCODER, 512, threads)
    except Exception as error:
        raise ModelError(
            f"The embedder in {folder} cannot be loaded ({error}).",
            f"Delete {folder} and run `report-qa models pull`.",
        ) from error
    source = models.get("embedder")
    identity = f"{source.file.sha256} {conversion.CONVERSION} mean"
    prompts = Prompts(PROMPTS["query"], PROMPTS["document"])
    return OpenVINOEmbedder(model, f"{source.title} (OpenVINO int8)", identity, prompts)


def _open_folder(setting: str, folder: Path, threads: int) -> Embedder:
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    try:
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True, trust_remote_code=False)
    except Exception as error:
        raise ModelError(
            f"The embedder {setting} cannot be loaded from {folder} ({error}).",
            "The setting embedder takes a Sentence Transformers folder with all its files.",
        ) from error
    name = folder.name if Path(setting).expanduser().is_dir() else setting
    return SentenceTransformerEmbedder(model, name, f"{name} {hub.digest(folder)}", _prompts(name, model.prompts))


def _prompts(name: str, saved: Mapping[str, str | None]) -> Prompts:
    """The prompts a model was saved with. Sentence Transformers puts empty ones where it found none."""
    query = saved.get("query") or ""
    document = saved.get("document") or saved.get("passage") or saved.get("corpus") or ""
    # The e5 family is trained with prefixes, but its folders do not say so. Its "instruct" models take other ones.
    if not query and not document and re.search(r"\be5\b", name.lower()) and "instruct" not in name.lower():
        return Prompts("query: ", "passage: ")
    return Prompts(query, document)

"""Brings Chinese and English vectors together, so that a question finds evidence in the other language.

A multilingual embedder keeps most of a sentence's meaning but also a direction that says which language it is in; with
reports in both languages in one store, a question then finds everything in its own language before anything in the
other. The direction is measured as the mean difference between the vectors of sentences and of their translations,
one for passages and one for questions, and half of it is taken from each side. (Libovický, Rosa and Fraser 2020, "On
the Language Neutrality of Pre-trained Multilingual Representations", centre each language instead; a difference over
translations leaves the subject of the sentences out of it.)
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from index.embedding import Embedder

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Half the difference Chinese minus English, for passages and for questions; each of the embedder's dimension."""

    passage: Vector
    query: Vector

    @classmethod
    def measure(cls, embedder: "Embedder") -> "Alignment":
        """Measure the directions of an embedder on the sentence pairs in ``data/parallel.tsv``."""
        with files("index").joinpath("data/parallel.tsv").open(encoding="utf-8") as file:
            rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        passages = [row for row in rows if row[0] == "passage"]
        questions = [row for row in rows if row[0] == "query"]
        chinese, english = (embedder.documents([row[side] for row in passages]).mean(axis=0) for side in (1, 2))
        asked = [np.stack([embedder.query(row[side]) for row in questions]).mean(axis=0) for side in (1, 2)]
        return cls((chinese - english) / 2, (asked[0] - asked[1]) / 2)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Alignment":
        """What :meth:`to_bytes` gave."""
        both = np.frombuffer(data, dtype="<f4").reshape(2, -1)
        return cls(both[0], both[1])

    def to_bytes(self) -> bytes:
        """Both directions as little-endian float32."""
        return np.stack([self.passage, self.query]).astype("<f4").tobytes()

    def passages(self, vectors: Vector, languages: Sequence[str]) -> Vector:
        """``vectors`` (n x dimension) of passages in these languages ("zh" or "en"), brought together, unit length."""
        side = np.array([1.0 if language == "zh" else -1.0 for language in languages], dtype=np.float32)
        return _unit(vectors - side[:, None] * self.passage)

    def question(self, vector: Vector, language: str) -> Vector:
        """The vector of a question in this language, brought together with the passages, unit length."""
        return _unit(vector - (self.query if language == "zh" else -self.query))


def _unit(vectors: Vector) -> Vector:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Vector = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return unit

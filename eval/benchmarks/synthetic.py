"""Stores of any size for benchmarks: variations of a few reports, the same on every machine.

A variation has the sections, pages and kinds of chunks of its original. Of its words a share is exchanged for others of
the originals, drawn by how often they occur, and every figure has other digits, so that words are as frequent as in
reports and no variation counts as a copy. Its vectors are the original's with seeded noise, normalised again: nothing
is embedded. What is searched is therefore as large as real reports and as like itself, but what is found means nothing.
"""

import dataclasses
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import copies
from index.library import Library
from index.reading.messages import Job
from index.stores import Filled, Stores
from index.types import Chunk, Entry, Sentence

SEED = 11
EXCHANGED = 0.4
"""Share of the words that a variation has others for."""

NOISE = 0.4
"""Length of the noise added to a vector of length 1: the cosine of a variation to its original is about 0.93."""

MARKER = "synthetic.txt"


class Original:
    """A report of a store that variations are made of: its entry, chunks cut into words, and vectors."""

    def __init__(self, library: Library, stores: Stores, entry: Entry) -> None:
        import jieba

        self.entry = entry
        hits = library.chunks(entry.id)
        self.chunks = [Chunk(hit.page, hit.section, hit.kind, hit.sentences, hit.context) for hit in hits]
        self.texts = [[list(jieba.cut(sentence.text)) for sentence in chunk.sentences] for chunk in self.chunks]
        self.contexts = [list(jieba.cut(chunk.context)) for chunk in self.chunks]
        kept = stores.vectors.get([(entry.id, ordinal) for ordinal in range(len(self.chunks))])
        self.vectors = np.stack([kept[entry.id, ordinal][1] for ordinal in range(len(self.chunks))])


def fill(base: Library, library: Library, chunks: int, say: Callable[[int], None] = lambda done: None) -> None:
    """Put variations of the reports in ``base`` into ``library`` until it holds about ``chunks`` chunks.

    What is there stays: a store that was half filled is filled up. ``say`` hears how many chunks there are.
    """
    originals = [Original(base, base._opening.stores, entry) for entry in base.reports()]
    stores = library._opening.stores
    words = Counter(word for original in originals for text in original.texts for cut in text for word in cut)
    vocabularies = {}
    for script in ("en", "zh"):
        own = [word for word in words if _script(word) == script]
        weights = np.array([words[word] for word in own], float)
        vocabularies[script] = own, weights / max(1.0, weights.sum())
    embedder = (library.embedder.fingerprint, library.embedder.name)
    file = library.store / MARKER
    there = {entry.name: entry.chunks for entry in library.reports()}
    done, number = 0, 0
    while done < chunks:
        original = originals[number % len(originals)]
        most = chunks - done
        name = f"{Path(original.entry.name).stem}_{number:05d}.txt"
        if name in there:
            done += there[name]
        else:
            file.write_text(name, encoding="utf-8")  # what the store keeps as the report's file
            made = _vary(original, vocabularies, number, most)
            vectors = _near(original.vectors[: len(made)], number)
            stores.put(_filled(original.entry, name, file, made, vectors), embedder)
            done += len(made)
        number += 1
        say(done)


def _vary(
    original: Original, vocabularies: dict[str, tuple[list[str], NDArray[np.float64]]], number: int, most: int
) -> list[Chunk]:
    random = np.random.default_rng([SEED, number])
    exchanged: dict[str, str] = {}

    def other(word: str) -> str:
        if word[0].isdigit():
            return re.sub(r"\d", lambda found: str(random.integers(1, 10)), word)
        if word not in exchanged:
            own, weights = vocabularies.get(_script(word), ([], np.array([])))
            chosen = own and random.random() < EXCHANGED
            exchanged[word] = str(own[int(random.choice(len(own), p=weights))]) if chosen else word
        return exchanged[word]

    made: list[Chunk] = []
    for chunk, texts, context in zip(original.chunks, original.texts, original.contexts, strict=True):
        if len(made) == most:
            break
        sentences = tuple(Sentence(text, chunk.page, text) for cut in texts if (text := "".join(map(other, cut))))
        made.append(dataclasses.replace(chunk, sentences=sentences, context="".join(map(other, context))))
    return made


def _script(word: str) -> str:
    return "en" if re.fullmatch(r"[A-Za-z]{2,}", word) else "zh" if re.fullmatch(r"[\u4e00-\u9fff]+", word) else ""


def _near(vectors: NDArray[np.float32], number: int) -> NDArray[np.float32]:
    noise = np.random.default_rng([SEED, 1, number]).normal(size=vectors.shape)
    moved = vectors + NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    found: NDArray[np.float32] = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
    return found


def _filled(entry: Entry, name: str, file: Path, chunks: Sequence[Chunk], vectors: NDArray[np.float32]) -> Filled:
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    company = f"{entry.card.company} {name[-9:-4]}" if entry.card.company else ""
    own = dataclasses.replace(
        entry,
        id=sha256[:12],
        name=name,
        title=f"{entry.title} {name[-9:-4]}",
        chunks=len(chunks),
        sha256=sha256,
        card=dataclasses.replace(entry.card, title=f"{entry.title} {name[-9:-4]}", company=company, ticker=""),
    )
    sketch = copies.sketch(chunk.text for chunk in chunks)
    digests = [hashlib.blake2b(f"{name}{i}".encode(), digest_size=16).hexdigest() for i in range(len(chunks))]
    return Filled(own, Job(file, sha256), True, sketch, chunks, vectors, digests)

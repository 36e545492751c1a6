"""Stores made for benchmarks, and the clock that says where a search's time goes."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from eval.benchmarks.__main__ import listed
from eval.benchmarks.scale import search
from eval.benchmarks.stopwatch import Stopwatch
from eval.benchmarks.synthetic import fill
from index.library import Library

ROOT = Path(__file__).parents[2]
CHUNKS = 450


@pytest.fixture(scope="module")
def filled(sample_store, embedder, models_dir, tmp_path_factory) -> Callable[[str], Library]:
    """Opens a store that is filled to CHUNKS; asked again for the same name it fills up what is there."""
    folder = tmp_path_factory.mktemp("synthetic")

    def make(name: str) -> Library:
        base, library = (Library(path, embedder, kept=models_dir) for path in (sample_store, folder / name))
        fill(base, library, CHUNKS)
        base.close()
        return library

    return make


def test_variations_fill_a_store_to_the_chunk_and_none_is_a_copy(filled):
    library = filled("one")
    entries = library.reports()
    assert library.chunk_count == CHUNKS
    assert len(entries) > 2
    assert not any(entry.copy_of for entry in entries)
    first, second = (library.chunks(entries[i].id) for i in (0, 1))
    assert first[0].text != second[0].text
    digest, count = library.content_digest(), len(entries)
    library.close()

    again, other = filled("one"), filled("two")
    assert (again.content_digest(), len(again.reports())) == (digest, count)  # nothing is put in twice
    assert other.content_digest() == digest  # the same on every machine
    again.close()
    other.close()


def test_a_variations_vectors_lie_near_the_originals_and_have_length_one(filled, sample_store, embedder, models_dir):
    library, base = filled("one"), Library(sample_store, embedder, kept=models_dir)
    original = base.reports()[0]
    variation = next(e for e in library.reports() if e.name.startswith(Path(original.name).stem))

    def vectors(of: Library, report: str) -> np.ndarray:
        found = of._opening.stores.vectors.get([(report, i) for i in range(20)])
        return np.stack([found[report, i][1] for i in range(20)])

    ours, theirs = vectors(library, variation.id), vectors(base, original.id)
    assert np.linalg.norm(ours, axis=1) == pytest.approx(1.0, abs=1e-3)
    assert (ours * theirs).sum(axis=1) == pytest.approx(0.93, abs=0.04)
    library.close()
    base.close()


def test_a_search_is_measured_with_its_parts(filled):
    library = filled("one")
    store = library.store
    library.close()
    found = search(store, ["What was the revenue?", "储能招标容量是多少？"])
    assert found.search_ms.n == 2
    assert found.evidence_ms is not None
    assert {"vectors.query", "catalog.match", "embedder.query", "the rest"} <= set(found.stages_ms)
    assert found.calls["vectors.query"] >= 1
    assert sum(found.stages_ms.values()) > 0


class Work:
    def outer(self) -> int:
        return sum(range(200_000)) + self.inner()

    def inner(self) -> int:
        return sum(range(2_000_000))


def test_a_stopwatch_gives_each_method_its_own_time_only():
    work, watch = Work(), Stopwatch()
    watch.put_on(work, ("outer", "inner"), "work")
    work.outer()
    work.inner()
    assert watch.calls == {"work.outer": 1, "work.inner": 2}
    assert watch.seconds["work.inner"] > watch.seconds["work.outer"] > 0
    watch.reset()
    assert watch.seconds == {}


def test_benchmarks_are_listed_with_what_they_measure():
    assert {"scale", "embedding", "ingest", "answers", "latency", "reading", "ocr"} <= set(listed())
    done = subprocess.run(
        [sys.executable, "-m", "eval.benchmarks"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "scale" in done.stdout

"""Time from a question to its pages in stores of 1,000, 10,000 and 100,000 chunks, and where it goes.

    python -m eval.benchmarks.scale --work DIR [--sizes 1000 10000 100000] [--questions FILE.jsonl] [--out FILE.json]
        [--clock cpu]

The stores are made of the sample reports (:mod:`eval.benchmarks.synthetic`) and kept under --work. Beside each a
llama-index ``VectorStoreIndex`` over a Chroma collection as its starter pipeline makes it searches the same vectors
with the same embedder. Every size and side is measured in a process of its own, for its memory. ``--clock cpu`` counts
the process's processor time, of all its threads, in place of the time that passes: on a machine that has other work.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from rich.console import Console

from eval.benchmarks.finish import finish
from eval.benchmarks.ingest import BenchmarkError, measure
from eval.benchmarks.scale_result import Result, Searched, Size, tables
from eval.benchmarks.stopwatch import Stopwatch
from eval.benchmarks.synthetic import fill
from eval.environment import commit, machine, versions
from eval.measures import Spread, spread
from eval.questions import load_all
from index.embedding import open_embedder
from index.errors import ReportQAError
from index.library import Library
from rag.engine import ReportQA
from rag.settings import Settings, load
from rag.types import EvidenceReady

SIZES = (1_000, 10_000, 100_000)
SAMPLES = Path(__file__).parents[1] / "data"
PEER_PAGES = 20
_BATCH = 2000
_CLOCKS = {"wall": perf_counter, "cpu": process_time}
_WARM_UP = ("预热问题：报告的主要内容是什么？", "Warm-up: what are the reports about?")


def search(store: Path, questions: Sequence[str], clock: str = "wall") -> Searched:
    """Measure our own search in this process by ``clock``, "wall" or "cpu"."""
    now = _CLOCKS[clock]
    began = now()
    with ReportQA.open(settings=load(store=store, llm="none")) as qa:
        qa.reports()
        opened = now() - began
        first = _timed(lambda: qa.retrieve(_WARM_UP[0]), now)
        for text in _WARM_UP:
            _evidence(qa, text)
        evidence = [_timed(partial(_evidence, qa, text), now) for text in questions]
        watch = _watched(qa.library, now)
        searched = [_timed(partial(qa.retrieve, text), now) for text in questions]
    n = len(questions)
    order = sorted(watch.seconds, key=lambda name: -watch.seconds[name])
    stages = {name: 1000 * watch.seconds[name] / n for name in order}
    return Searched(
        search_ms=_spread(searched),
        evidence_ms=_spread(evidence),
        open_s=opened,
        first_ms=first,
        stages_ms=stages | {"the rest": max(0.0, sum(searched) / n - sum(stages.values()))},
        calls={name: watch.calls[name] / n for name in order},
    )


def search_peer(store: Path, questions: Sequence[str], clock: str = "wall") -> Searched:
    """Measure llama-index's retriever over the vectors beside a store, with its own and Chroma's defaults."""
    from llama_index.core import VectorStoreIndex

    from index.llama_index_embedding import LlamaIndexEmbedding

    now = _CLOCKS[clock]
    began = now()
    settings = load()
    embedder = open_embedder(settings.embedder, settings.models_dir, settings.threads)
    index = VectorStoreIndex.from_vector_store(_peer_store(store), embed_model=LlamaIndexEmbedding(embedder))
    retriever = index.as_retriever(similarity_top_k=PEER_PAGES)
    opened = now() - began
    first = _timed(lambda: retriever.retrieve(_WARM_UP[0]), now)
    retriever.retrieve(_WARM_UP[1])
    times = [_timed(partial(retriever.retrieve, text), now) for text in questions]
    return Searched(search_ms=_spread(times), open_s=opened, first_ms=first)


def build(work: Path, chunks: int, settings: Settings, console: Console) -> Path:
    """Make the store of ``chunks`` chunks under ``work`` unless it is there, and the peer's vectors beside it."""
    base, store = work / "base", work / str(chunks)
    embedder = open_embedder(settings.embedder, settings.models_dir, settings.threads)
    done = store / "done"
    if done.exists():
        return store
    samples = Library(base, embedder, kept=settings.models_dir)
    library = Library(store, embedder, kept=settings.models_dir)
    try:
        samples.add(sorted(SAMPLES.glob("*.pdf")))
        with console.status(f"filling a store of {chunks} chunks") as status:
            fill(samples, library, chunks, lambda n: status.update(f"filling a store: {n} of {chunks} chunks"))
        _fill_peer(store, library)
    finally:
        samples.close()
        library.close()
    done.touch()
    return store


def _fill_peer(store: Path, library: Library) -> None:
    from llama_index.core.schema import BaseNode, TextNode

    shutil.rmtree(store / "peer", ignore_errors=True)
    vectors = _peer_store(store)
    for entry in library.reports():
        hits = library.chunks(entry.id)
        kept = library._opening.stores.vectors.get([(entry.id, i) for i in range(len(hits))])
        nodes: list[BaseNode] = [
            TextNode(
                text=hit.text,
                embedding=kept[entry.id, i][1].tolist(),
                metadata={"file_name": hit.report, "page_label": str(hit.page)},
            )
            for i, hit in enumerate(hits)
        ]
        for start in range(0, len(nodes), _BATCH):
            vectors.add(nodes[start : start + _BATCH])


def _peer_store(store: Path) -> Any:
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    import chromadb
    from chromadb.config import Settings as ChromaSettings
    from llama_index.vector_stores.chroma import ChromaVectorStore

    client = chromadb.PersistentClient(str(store / "peer"), settings=ChromaSettings(anonymized_telemetry=False))
    return ChromaVectorStore(chroma_collection=client.get_or_create_collection("peer"))


def _watched(library: Library, now: Callable[[], float]) -> Stopwatch:
    watch = Stopwatch(now)
    catalog, vectors = library._catalog, library._opening.stores.vectors
    public = [name for name in vars(type(catalog)) if not name.startswith("_") and name not in {"close", "transaction"}]
    watch.put_on(catalog, public, "catalog")
    watch.put_on(vectors, ("query", "get"), "vectors")
    watch.put_on(library.embedder, ("query", "documents"), "embedder")
    return watch


def _evidence(qa: ReportQA, text: str) -> None:
    for event in qa.stream(text):
        if isinstance(event, EvidenceReady):
            return


def _timed(work: Callable[[], object], now: Callable[[], float]) -> float:
    began = now()
    work()
    return 1000 * (now() - began)


def _spread(times: Sequence[float]) -> Spread:
    found = spread(times)
    assert found is not None  # noqa: S101 - there are questions
    return found


def run(sizes: Sequence[int], work: Path, questions: Path, console: Console, clock: str = "wall") -> Result:
    """Build what is missing and measure all sizes. Raises BenchmarkError when a measured process fails."""
    settings = load(llm="none")
    before = os.getloadavg()[0]
    found = []
    for chunks in sizes:
        store = build(work, chunks, settings, console)
        sides = {}
        for side in ("ours", "peer"):
            command = [sys.executable, "-m", "eval.benchmarks.scale", "--side", side, "--work", store, "--clock", clock]
            cost, text = measure(side, [*command, "--questions", questions], work)
            sides[side] = Searched.model_validate_json(text).model_copy(update={"peak_mb": cost.rss_mb})
        files = [file for file in store.rglob("*") if file.is_file() and "peer" not in file.relative_to(store).parts]
        library = Library(store, lambda: open_embedder(settings.embedder, settings.models_dir, 0))
        found.append(
            Size(
                chunks=library.chunk_count,
                reports=len(library.reports()),
                disk_mb=sum(file.stat().st_size for file in files) / 2**20,
                ours=sides["ours"],
                peer=sides["peer"],
            )
        )
        library.close()
    return Result(
        clock=clock,
        sizes=tuple(found),
        questions=len(load_all([questions])),
        machine=machine(),
        versions=versions(),
        commit=commit(),
        load_before=before,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the module."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.scale", description="Retrieval at scale.")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--work", type=Path, required=True, help="folder for the stores")
    parser.add_argument("--questions", type=Path, default=SAMPLES / "samples.jsonl")
    parser.add_argument("--clock", choices=tuple(_CLOCKS), default="wall", help="time that passes, or processor time")
    parser.add_argument("--side", choices=("ours", "peer"), help=argparse.SUPPRESS)  # the measured process
    parser.add_argument("--out", type=Path, help="JSON file to write")
    given = parser.parse_args(arguments)
    console = Console()
    try:
        if given.side:
            asked = [question.question for question in load_all([given.questions])]
            one = search if given.side == "ours" else search_peer
            sys.stdout.write(one(given.work, asked, given.clock).model_dump_json() + "\n")
            return 0
        if min(given.sizes) < 1:
            raise BenchmarkError("A store has one chunk at least.", "Mend --sizes.")
        given.work.mkdir(parents=True, exist_ok=True)
        result = run(given.sizes, given.work.resolve(), given.questions.resolve(), Console(stderr=True), given.clock)
    except ReportQAError as error:
        console.print(str(error), style="bold red", markup=False)
        return error.exit_code
    for table in tables(result):
        console.print(table)
    return finish(console, result, result.machine, f"load before {result.load_before:.1f}", given.out)


if __name__ == "__main__":
    sys.exit(main())

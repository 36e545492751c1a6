"""Time from a question to its evidence, in a warm process and without the language model.

    python -m eval.benchmarks.latency --store DIR QUESTIONS.jsonl... [--limit N] [--out FILE.json]

Each question is asked once, so that no cache of earlier questions helps.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.table import Table

from eval.benchmarks.finish import finish
from eval.environment import Machine, commit, machine, versions
from eval.measures import Spread, spread
from eval.questions import Question, load_all
from index.errors import ReportQAError
from rag.engine import ReportQA
from rag.settings import load
from rag.types import EvidenceReady

# Not among the questions measured; both languages, because each loads its own tables.
_WARM_UP = (
    "预热问题：报告的主要内容是什么？",
    "Warm-up: what are the reports about?",
    "预热：营业收入",
    "Warm-up: revenue",
)


class Result(BaseModel):
    """Milliseconds a question by set: ``retrieve`` to the hits, ``evidence`` to the first event of a stream."""

    model_config = ConfigDict(frozen=True)

    retrieve_ms: dict[str, Spread]
    evidence_ms: dict[str, Spread]
    reports: int
    pages: int
    chunks: int
    embedder: str
    machine: Machine
    versions: dict[str, str]
    commit: str
    load_before: float


def measure(qa: ReportQA, questions: Sequence[Question]) -> Result:
    """Time every question once by ``qa.retrieve`` and, in a second pass, once by ``qa.stream``."""
    load = os.getloadavg()[0]
    for text in _WARM_UP:
        _evidence_ms(qa, text)
    retrieve = _by_set(questions, [_retrieve_ms(qa, question.question) for question in questions])
    evidence = _by_set(questions, [_evidence_ms(qa, question.question) for question in questions])
    entries = qa.reports()
    return Result(
        retrieve_ms=retrieve,
        evidence_ms=evidence,
        reports=len(entries),
        pages=sum(entry.pages for entry in entries),
        chunks=sum(entry.chunks for entry in entries),
        embedder=qa.embedder_name,
        machine=machine(),
        versions=versions(),
        commit=commit(),
        load_before=load,
    )


def _retrieve_ms(qa: ReportQA, text: str) -> float:
    clock = perf_counter()
    qa.retrieve(text)
    return 1000 * (perf_counter() - clock)


def _evidence_ms(qa: ReportQA, text: str) -> float:
    clock = perf_counter()
    for event in qa.stream(text):
        if isinstance(event, EvidenceReady):
            break
    return 1000 * (perf_counter() - clock)


def _by_set(questions: Sequence[Question], times: Sequence[float]) -> dict[str, Spread]:
    groups: dict[str, list[float]] = {}
    for question, time in zip(questions, times, strict=True):
        groups.setdefault(question.set, []).append(time)
    everything = {"all": list(times)} if len(groups) > 1 else {}
    return {name: found for name, own in (groups | everything).items() if (found := spread(own))}


def table(result: Result) -> Table:
    """Draw median and 90th percentile by set."""
    title = f"Warm, {result.reports} reports, {result.pages} pages, {result.chunks} chunks"
    drawn = Table("set", title=title, title_justify="left")
    for column in ("n", "retrieve ms, median", "p90", "question to evidence ms, median", "p90"):
        drawn.add_column(column, justify="right")
    for name, times in result.retrieve_ms.items():
        cells = [f"{value:.0f}" for one in (times, result.evidence_ms[name]) for value in (one.median, one.p90)]
        drawn.add_row(name, str(times.n), *cells)
    return drawn


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the module."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.latency", description="Question to evidence.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--limit", type=int, help="first N questions of each file")
    parser.add_argument("--out", type=Path, help="JSON file to write")
    given = parser.parse_args(arguments)
    console = Console()
    try:
        questions = load_all(given.files, given.limit)
        with ReportQA.open(settings=load(store=given.store, llm="none")) as qa:
            result = measure(qa, questions)
    except ReportQAError as error:
        console.print(str(error), style="bold red", markup=False)
        return error.exit_code
    console.print(table(result))
    return finish(console, result, result.machine, f"load before {result.load_before:.1f}", given.out)


if __name__ == "__main__":
    sys.exit(main())

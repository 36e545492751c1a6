"""Time to evidence, first token and whole answer, and memory, beside another pipeline on the same questions and model.

    python -m eval.benchmarks.answers QUESTIONS.jsonl... --store DIR [-n 5] [--seed 0] [--no-follow-ups]
        [--peer SCRIPT --peer-python PYTHON --reports DIR] [--out FILE.json]

``-n`` questions of each file are drawn by the seed. The store must hold what DIR holds, the peer reads DIR anew. The
peer is called ``PYTHON SCRIPT DIR OUT.jsonl QUESTIONS.jsonl... --answers N --gguf FILE`` with files of just these
questions, and writes ``answer_s`` to each of its lines. Both have the machine to themselves, one after the other: ours
first, then, its model closed, the peer. One question a language goes before ours, as in a program that runs; the
peer's first question is among its own, which a median does not show.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import perf_counter

from rich.console import Console

from eval.benchmarks.answer_times import Result, Row, Times, middle, tables
from eval.benchmarks.ingest import PEER, BenchmarkError, measure
from eval.benchmarks.processes import TreeMemory
from eval.environment import commit, machine, safe_settings, versions
from eval.questions import Question, load_all
from eval.selection import Selection
from index.errors import ReportQAError
from index.models import llm_path
from rag.engine import ReportQA
from rag.settings import load
from rag.types import Answer, Evidence, EvidenceReady, History, TextDelta, Turn

_WARM_UP = ("预热问题：报告的主要内容是什么？", "Warm-up: what are the reports about?")
_FOLLOW_UP = {"zh": "那具体呢？", "en": "And what about that?"}
"""Questions with hardly a word to search for, so that they are answered from the evidence of the one before."""


def ours(
    qa: ReportQA,
    questions: Sequence[Question],
    *,
    follow_ups: bool = True,
    on_row: Callable[[Row], None] = lambda row: None,
) -> list[Row]:
    """Ask every question and, with ``follow_ups``, one that leans on it; ``on_row`` hears of each as it is done.

    Raises BenchmarkError where the model fails.
    """
    for text in _WARM_UP:
        timed(qa, text)
    rows = []
    for question in questions:
        answer, evidence, cold = timed(qa, question.question)
        row = Row(set=question.set, id=question.id, found=answer.found, cold=cold)
        if follow_ups:
            turn = Turn(question=question.question, answer=answer.answer)
            _, again, times = timed(qa, _FOLLOW_UP[question.lang], (turn,))
            row = row.model_copy(update={"follow_up": times, "same_evidence": _items(evidence) == _items(again)})
        rows.append(row)
        on_row(row)
    return rows


def timed(qa: ReportQA, text: str, history: History = ()) -> tuple[Answer, tuple[Evidence, ...], Times]:
    """Answer one question; also the evidence that was shown first, and the times."""
    clock = perf_counter()
    evidence_s = first_s = None
    evidence: tuple[Evidence, ...] = ()
    answer: Answer | None = None
    for event in qa.stream(text, history):
        now = perf_counter() - clock
        if isinstance(event, EvidenceReady) and evidence_s is None:
            evidence_s, evidence = now, event.evidence
        elif isinstance(event, TextDelta) and first_s is None:
            first_s = now
        elif isinstance(event, Answer):
            answer = event
    total = perf_counter() - clock
    assert answer is not None  # noqa: S101 - a stream always ends with one
    if answer.failed:
        raise BenchmarkError(answer.notice, "Mend the language model's settings.")
    times = Times(
        evidence_s=total if evidence_s is None else evidence_s,
        first_token_s=total if first_s is None else first_s,
        answer_s=total,
    )
    return answer, evidence, times


def peer(
    questions: Sequence[Question], script: Path, python: Path, reports: Path, gguf: Path
) -> tuple[dict[tuple[str, str], float], float]:
    """Run the peer over the folder of reports; seconds a whole answer by set and id, and its peak memory in MB.

    Raises BenchmarkError.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = []
        by_set: dict[str, list[Question]] = {}
        for question in questions:
            by_set.setdefault(question.set, []).append(question)
        for stem, own in by_set.items():
            files.append(folder / f"{stem}.jsonl")
            lines = (json.dumps(question.fields(), ensure_ascii=False) + "\n" for question in own)
            files[-1].write_text("".join(lines), encoding="utf-8")
        most = max(map(len, by_set.values()))
        out = folder / "answers" / "out.jsonl"
        out.parent.mkdir()
        cost, _ = measure(PEER, [python, script, reports, out, *files, "--answers", str(most), "--gguf", gguf], folder)
        rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    return {(row["set"], row["id"]): float(row["answer_s"]) for row in rows if "answer_s" in row}, cost.rss_mb


def _items(evidence: Iterable[Evidence]) -> list[tuple[str, int, str]]:
    return [(item.report_id, item.page, item.text) for item in evidence]


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the module."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.answers", description="Seconds to an answer.")
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--store", type=Path, help="folder of the store")
    parser.add_argument("-n", type=_positive, default=5, help="questions of each file")
    parser.add_argument("--seed", type=int, default=0, help="which questions are drawn")
    parser.add_argument("--no-follow-ups", action="store_true", help="leave out the follow-ups")
    parser.add_argument("--peer", type=Path, help="script of the other pipeline")
    parser.add_argument("--peer-python", type=Path, help="Python that has the packages the peer needs")
    parser.add_argument("--reports", type=Path, help="folder of the reports, for the peer")
    parser.add_argument("--out", type=Path, help="JSON file to write")
    given = parser.parse_args(arguments)
    console = Console()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        result = compare(given)
    except ReportQAError as error:
        console.print(f"[bold red]{type(error).__name__}[/]", str(error), markup=True)
        return error.exit_code
    for table in tables(result):
        console.print(table)
    if any(row.same_evidence is False for row in result.rows):
        other = sum(row.same_evidence is False for row in result.rows)
        console.print(f"{other} follow-ups were answered from other evidence and are left out.", highlight=False)
    theirs = "" if result.peer_memory_mb is None else f", the peer's {result.peer_memory_mb:.0f} MB"
    console.print(f"peak memory {result.memory_mb:.0f} MB{theirs}", highlight=False)
    console.print(f"{result.model}; {result.machine.line()}; load before {result.load_before:.1f}", highlight=False)
    if given.out:
        given.out.write_text(result.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return 0


def compare(given: argparse.Namespace) -> Result:
    """Run ours and, with ``--peer``, the peer. Raises ReportQAError for what is missing or fails."""
    questions = Selection(sample=given.n, seed=given.seed).of(load_all(given.questions))
    if given.peer:
        for name in ("peer", "peer_python", "reports"):
            path: Path | None = getattr(given, name)
            if path is None or not path.exists():
                option = "--" + name.replace("_", "-")
                raise BenchmarkError(f"{option}: there is no {path or 'value'}.", "The peer needs all three options.")
    settings = load(store=given.store)
    before = os.getloadavg()[0]
    err = Console(stderr=True)
    with ReportQA.open(settings=settings) as qa:
        if not qa.model_name:
            raise BenchmarkError("There is no language model to time.", "Set llm; `report-qa models pull` fetches one.")

        def say(row: Row) -> None:
            err.print(f"{row.set}/{row.id}  {row.cold.answer_s:.1f} s", highlight=False)

        memory = TreeMemory(os.getpid())
        rows = ours(qa, questions, follow_ups=not given.no_follow_ups, on_row=say)
        memory_mb = memory.stop() / 2**20
        model, reports = qa.model_name, len(qa.reports())
    peer_mb = None
    if given.peer:
        err.print("the peer reads the reports and answers")
        gguf = llm_path(settings.llm, settings.models_dir)
        seconds, peer_mb = peer(questions, given.peer.resolve(), given.peer_python, given.reports.resolve(), gguf)
        rows = [row.model_copy(update={"peer_answer_s": seconds.get((row.set, row.id))}) for row in rows]
    sets = dict.fromkeys(row.set for row in rows)
    return Result(
        sets={name: middle([row for row in rows if row.set == name]) for name in sets},
        total=middle(rows),
        rows=tuple(rows),
        memory_mb=memory_mb,
        peer_memory_mb=peer_mb,
        model=model,
        reports=reports,
        settings=dict(safe_settings(settings)),
        machine=machine(),
        versions=versions(),
        commit=commit(),
        load_before=before,
    )


if __name__ == "__main__":
    sys.exit(main())

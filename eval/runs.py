"""Runs question files against a store and scores them: the work of ``report-qa eval``."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from eval import summary as summaries
from eval.environment import commit, machine, safe_settings, versions
from eval.measures import Scores, distinct, score
from eval.predictions import Prediction, Reply
from eval.questions import Question, load_all
from eval.summary import QuestionSet, Summary
from eval.tables import render
from index.errors import ReportQAError

if TYPE_CHECKING:
    from rag.engine import ReportQA

__all__ = ["MissingReportError", "render", "run"]

PAGES = 20
"""Distinct pages kept for each question."""

_CHUNKS = 60
"""Chunks asked for, enough that they lie on PAGES distinct pages."""


class MissingReportError(ReportQAError):
    """Questions are about reports that are not in the store."""

    exit_code = 2


def run(
    qa: "ReportQA",
    files: Sequence[Path],
    *,
    retrieval_only: bool = False,
    limit: int | None = None,
    out: Path | None = None,
    baseline: Path | None = None,
    console: Console | None = None,
) -> Summary:
    """Ask the questions of ``files`` (of each the first ``limit``) over the whole store, and score them.

    With ``out``, ``predictions.jsonl`` is written there line by line and ``summary.json`` at the end. ``console``
    shows progress with the time left; None shows nothing. The table is ``render(summary)``. A question that ends in a
    ReportQAError is recorded with it and the run goes on.

    Raises QuestionFileError, MissingReportError and BaselineError before the first question is asked.
    """
    questions = load_all(files, limit)
    require_reports(questions, {entry.name: entry.pages for entry in qa.reports()}, files, qa.settings.store)
    asked = describe(questions)
    before = summaries.read(baseline) if baseline else None
    if before is not None:
        summaries.require_comparable(before, asked)
    started, clock = datetime.now(UTC), perf_counter()
    predictions = []
    with _sink(out) as sink, _progress(console, len(questions)) as advance:
        for question in questions:
            prediction = predict(qa, question, retrieval_only=retrieval_only)
            predictions.append(prediction)
            if sink:
                sink.write(json.dumps(prediction.line(), ensure_ascii=False) + "\n")
                sink.flush()
            advance(question.set)
    page_counts = {entry.name: entry.pages for entry in qa.reports()}

    def grouped(key: Callable[[Question], str]) -> dict[str, Scores]:
        groups: dict[str, list[Prediction]] = {}
        for prediction in predictions:
            groups.setdefault(key(prediction.question), []).append(prediction)
        return {name: score(own, page_counts, answers=not retrieval_only) for name, own in groups.items()}

    sets = grouped(lambda question: question.set)
    summary = Summary(
        started=started.isoformat(timespec="seconds"),
        seconds=round(perf_counter() - clock, 2),
        retrieval_only=retrieval_only,
        limit=limit,
        questions=asked,
        reports=page_counts,
        model="" if retrieval_only else qa.model_name,
        embedder=qa.embedder_name,
        settings=safe_settings(qa.settings),
        versions=versions(),
        machine=machine(),
        commit=commit(),
        sets=sets,
        kinds=grouped(lambda question: question.kind),
        languages=grouped(lambda question: question.lang),
        total=score(predictions, page_counts, answers=not retrieval_only),
        baseline=str(baseline) if baseline else "",
        falls=summaries.falls(sets, before.sets) if before else (),
    )
    if out:
        (Path(out) / summaries.FILE).write_text(summary.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return summary


def predict(qa: "ReportQA", question: Question, *, retrieval_only: bool) -> Prediction:
    """Find pages for one question and, unless ``retrieval_only``, answer it, on its own and over all reports."""
    clock = perf_counter()
    try:
        hits = qa.retrieve(question.question, k=_CHUNKS)
    except ReportQAError as error:
        elapsed = 1000 * (perf_counter() - clock)
        return Prediction(question=question, hits=(), retrieve_ms=elapsed, error=str(error))
    elapsed = 1000 * (perf_counter() - clock)
    pages = distinct(((hit.report, hit.page) for hit in hits), PAGES)
    prediction = Prediction(question=question, hits=pages, retrieve_ms=elapsed)
    if retrieval_only:
        return prediction
    try:
        answer = qa.ask(question.question)
    except ReportQAError as error:
        return prediction.model_copy(update={"error": str(error)})
    timings = answer.timings_ms
    reply = Reply(
        predicted=answer.answer,
        found=answer.found,
        citations=distinct((citation.report, citation.page) for citation in answer.citations),
        unsupported=answer.unsupported,
        first_token_s=None if timings.first_token is None else timings.first_token / 1000,
        answer_s=timings.total / 1000,
    )
    return prediction.model_copy(update={"reply": reply})


def require_reports(
    questions: Sequence[Question], page_counts: Mapping[str, int], files: Sequence[Path], store: Path
) -> None:
    """Raise MissingReportError, with the command that helps, if a report the questions name is not in the store."""
    missing = Counter(q.report for q in questions if q.report and q.report not in page_counts)
    if missing:
        named = ", ".join(f"{name} ({n} question{'s' * (n > 1)})" for name, n in missing.items())
        paths = " ".join(f'"{_look_for(name, files)}"' for name in missing)
        raise MissingReportError(f"Not in the store: {named}.", f'Run `report-qa ingest --store "{store}" {paths}`.')


def _look_for(name: str, files: Iterable[Path]) -> Path:
    """Find the report beside a question file or in a folder next to that one; else give its bare name."""
    for folder in (Path(file).resolve().parent for file in files):
        beside = (path / name for path in folder.parent.iterdir() if path.is_dir())
        found = next((path for path in (folder / name, *beside) if path.is_file()), None)
        if found:
            return found
    return Path(name)


def describe(questions: Iterable[Question]) -> dict[str, QuestionSet]:
    """Count and fingerprint the questions of each set."""
    lines: dict[str, list[str]] = {}
    for question in questions:
        lines.setdefault(question.set, []).append(json.dumps(question.fields(), sort_keys=True))
    return {
        name: QuestionSet(questions=len(own), sha256=hashlib.sha256("\n".join(own).encode()).hexdigest())
        for name, own in lines.items()
    }


@contextmanager
def _sink(out: Path | None) -> Iterator[TextIO | None]:
    if out is None:
        yield None
        return
    try:
        Path(out).mkdir(parents=True, exist_ok=True)
        file = (Path(out) / "predictions.jsonl").open("w", encoding="utf-8")
    except OSError as error:
        raise ReportQAError(f"{out} cannot be written: {error.strerror}.", "Give another folder with --out.") from error
    # Until this run ends, the summary of an earlier one would describe other predictions.
    (Path(out) / summaries.FILE).unlink(missing_ok=True)
    with file:
        yield file


@contextmanager
def _progress(console: Console | None, total: int) -> Iterator[Callable[[str], None]]:
    """Show a bar with the time left on ``console`` and yield what advances it, given the question's set."""
    if console is None:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("questions", total=total)
        yield lambda name: bar.update(task, advance=1, description=name)

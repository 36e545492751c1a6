"""Runs question files against a store and scores them: the work of ``report-qa eval``."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from eval import gate, outputs
from eval import predictions as made
from eval import summary as summaries
from eval.asking import predict
from eval.environment import commit, machine, safe_settings, versions
from eval.fingerprint import fingerprint
from eval.folder import RunFolder
from eval.gate import DEFAULT, Thresholds
from eval.measures import Scores, judged, score
from eval.pooling import FurtherPage, pooled
from eval.predictions import Prediction
from eval.questions import Question, load_all
from eval.selection import Selection
from eval.summary import QuestionSet, Summary
from eval.tables import render
from index.errors import ReportQAError

if TYPE_CHECKING:
    from rag.engine import ReportQA

_Key = TypeVar("_Key")
__all__ = ["MissingReportError", "render", "run"]


class MissingReportError(ReportQAError):
    """Questions are about reports that are not in the store."""

    exit_code = 2


def run(
    qa: "ReportQA",
    files: Sequence[Path],
    *,
    retrieval_only: bool = False,
    selection: Selection | None = None,
    further: Sequence[FurtherPage] = (),
    out: Path | None = None,
    fresh: bool = False,
    baseline: Path | None = None,
    thresholds: Thresholds = DEFAULT,
    console: Console | None = None,
) -> Summary:
    """Ask the selected questions of ``files`` over the whole store, and score them.

    With ``out``, ``predictions.jsonl`` is written there line by line and the rest (:mod:`eval.outputs`) at the end.
    What was answered there before under the same fingerprint is kept, so that a run that broke off goes on; ``fresh``
    asks everything anew. ``baseline`` is the folder of an earlier run; what got worse by more than ``thresholds`` let
    it are the summary's ``falls``. ``further`` are right pages beside those of the files. ``console`` shows progress
    with the time left; None shows nothing. The table is ``render(summary)``. A question that ends in a ReportQAError is
    recorded with it and the run goes on.

    Raises QuestionFileError, MissingReportError and BaselineError before the first question is asked.
    """
    selection = selection or Selection()
    questions = selection.of(pooled(load_all(files), further))
    require_reports(questions, {entry.name: entry.pages for entry in qa.reports()}, files, qa.settings.store)
    asked = describe(questions)
    before = summaries.read(baseline) if baseline else None
    earlier = made.read(baseline) if baseline else []
    if before is not None:
        summaries.require_comparable(before, asked)
    started, clock = datetime.now(UTC), perf_counter()
    print_of = fingerprint(qa, retrieval_only=retrieval_only)
    predictions: list[Prediction] = []
    kept = 0
    opened = RunFolder(out, print_of, fresh=fresh) if out else nullcontext()
    with opened as folder, _progress(console, len(questions)) as advance:
        for question in questions:
            prediction = folder.find(question) if folder else None
            again = prediction is not None
            if prediction is None:
                prediction, keep = predict(qa, question, retrieval_only=retrieval_only)
            kept += again
            predictions.append(prediction)
            if folder:
                folder.write(prediction, keep=not again and keep)
            advance(question.set)
    page_counts = {entry.name: entry.pages for entry in qa.reports()}

    judgements = [judged(prediction) for prediction in predictions]  # once, for judging is most of the work

    def scored(key: Callable[[Question], _Key]) -> dict[_Key, Scores]:
        groups: dict[_Key, list[int]] = {}
        for place, prediction in enumerate(predictions):
            groups.setdefault(key(prediction.question), []).append(place)
        return {
            name: score(
                [predictions[place] for place in own],
                page_counts,
                answers=not retrieval_only,
                judgements=[judgements[place] for place in own],
            )
            for name, own in groups.items()
        }

    sets = scored(lambda question: question.set)
    halves = scored(lambda question: (question.set, question.lang))
    summary = Summary(
        started=started.isoformat(timespec="seconds"),
        seconds=round(perf_counter() - clock, 2),
        retrieval_only=retrieval_only,
        selection=selection,
        further_pages=len(further),
        kept=kept,
        fingerprint=print_of,
        questions=asked,
        reports=page_counts,
        model="" if retrieval_only else qa.model_name,
        embedder=qa.embedder_name,
        settings=safe_settings(qa.settings),
        versions=versions(),
        machine=machine(),
        commit=commit(),
        sets=sets,
        set_languages={
            name: {language: half for (own, language), half in sorted(halves.items()) if own == name} for name in sets
        },
        kinds=scored(lambda question: question.kind),
        languages=scored(lambda question: question.lang),
        total=score(predictions, page_counts, answers=not retrieval_only, judgements=judgements),
        baseline=str(baseline) if baseline else "",
        falls=gate.falls(
            earlier,
            predictions,
            thresholds,
            answers=not (retrieval_only or before.retrieval_only),
        )
        if before
        else (),
    )
    if out:
        outputs.write(out, predictions, summary, qa.library)
    return summary


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
def _progress(console: Console | None, total: int) -> Iterator[Callable[[str], None]]:
    """Show a bar with the time left on ``console`` and yield what advances it, given the question's set."""
    if console is None:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("questions", total=total)
        yield lambda name: bar.update(task, advance=1, description=name)

"""The runs of a grid, one after another, each store filled once, and their order: what ``report-qa eval grid`` does."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from rich.console import Console

import index
from eval import predictions as made
from eval import runs
from eval.environment import Machine, commit, machine, versions
from eval.fingerprint import code_digest
from eval.grid import Grid, GridError, report_files
from eval.significance import holm, interval, p_value
from eval.values import LOWER_IS_BETTER, Values, name, values
from index.reading import file_hash, is_report
from rag.engine import ReportQA
from rag.settings import Settings, load

FILE = "grid.json"
_OF_A_STORE = ("embedder", "chunk_tokens", "max_file_mb", "max_pages", "max_megapixels", "ocr")
"""Settings that decide what is in a store. Those who differ in one of them get stores of their own."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Mean(_Value):
    """A measure over the questions of a run, with its 95% bootstrap interval."""

    n: int
    mean: float
    low: float
    high: float


class Ranked(_Value):
    """One combination: its place, the settings of the grid, what was measured, and the folder of its run.

    ``p`` is the probability of a difference to the best as large as this by chance, adjusted for the number of
    combinations (Holm); 1 for the best itself.
    """

    place: int
    settings: dict[str, Any]
    folder: str
    p: float
    measures: dict[str, Mean]


class Result(_Value):
    """All combinations, best first by ``rank_by``."""

    rank_by: str
    questions: int
    reports: tuple[str, ...]
    rows: tuple[Ranked, ...]
    machine: Machine
    versions: dict[str, str]
    commit: str


def run(
    grid: Grid, work: Path, console: Console | None = None, say: Callable[[str], None] = lambda text: None
) -> Result:
    """Run every combination and rank them. Stores, runs and ``grid.json`` are kept under ``work``.

    Broken off and called again, it goes on where it was: stores that are filled are not filled again, and answers given
    under the same settings are kept. ``say`` hears of each combination as it begins. Raises GridError or SettingsError
    for a combination that cannot be, before the first is run.
    """
    files = report_files(grid)
    chosen = list(grid.combinations())
    settings = [_settings(grid, combination) for combination in chosen]
    reading = code_digest([Path(index.__file__).parent], everything=True)
    content = sorted(file_hash(file) for path in files for file in _reports(path))
    folders: list[Path] = []
    for number, (combination, own) in enumerate(zip(chosen, settings, strict=True), start=1):
        say(f"{number} of {len(chosen)}: {label(combination)}")
        parts = {key: getattr(own, key) for key in _OF_A_STORE} | {"code": reading, "reports": content}
        store = work / "stores" / _digest(parts)
        folders.append(work / "runs" / _digest({key: str(value) for key, value in combination.items()}))
        with ReportQA.open(settings=own.model_copy(update={"store": store})) as qa:
            failed = [outcome for outcome in qa.ingest(files) if outcome.error]
            if failed:
                raise GridError(f"{failed[0].path} cannot be read: {failed[0].error}", "Mend it or leave it out.")
            runs.run(
                qa,
                grid.questions,
                retrieval_only=grid.retrieval_only,
                selection=grid.select,
                out=folders[-1],
                console=console,
            )
    result = _rank(grid, chosen, folders, [file.name for path in files for file in _reports(path)])
    (work / FILE).write_text(result.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return result


def label(combination: dict[str, Any]) -> str:
    """Name a combination: ``chunk_tokens=80 candidates=100``. Of a folder only its name is given."""
    return " ".join(
        f"{key}={(Path(value).name or 'own') if key == 'prompts' else value}" for key, value in combination.items()
    )


def _settings(grid: Grid, combination: dict[str, Any]) -> Settings:
    fixed = {"llm": "none"} if grid.retrieval_only else {}
    return load(**{**grid.settings, **combination, **fixed})


def _reports(path: Path) -> list[Path]:
    return sorted(file for file in path.rglob("*") if is_report(file)) if path.is_dir() else [path]


def _rank(grid: Grid, chosen: Sequence[dict[str, Any]], folders: Sequence[Path], reports: Sequence[str]) -> Result:
    scored = [_values(folder, answers=not grid.retrieval_only) for folder in folders]
    sign = -1.0 if grid.rank_by in LOWER_IS_BETTER else 1.0
    means = [{measure: _mean(run, measure) for measure in _measures(run)} for run in scored]
    without = next((label(c) for c, mean in zip(chosen, means, strict=True) if grid.rank_by not in mean), "")
    if without:
        raise GridError(f"No question of {without} has the measure {grid.rank_by}.", "Set rank_by to another.")
    order = sorted(range(len(chosen)), key=lambda place: -sign * means[place][grid.rank_by].mean)
    best = scored[order[0]]
    p_values = [_p(best, scored[place], grid.rank_by) for place in order[1:]]
    rows = [
        Ranked(place=number, settings=chosen[place], folder=str(folders[place]), p=p, measures=means[place])
        for number, (place, p) in enumerate(zip(order, [1.0, *holm(p_values)], strict=True), start=1)
    ]
    return Result(
        rank_by=grid.rank_by,
        questions=len(best),
        reports=tuple(reports),
        rows=tuple(rows),
        machine=machine(),
        versions=versions(),
        commit=commit(),
    )


def _values(folder: Path, *, answers: bool) -> dict[str, Values]:
    predictions = made.read(folder)
    scored = values(predictions, answers=answers)
    return {name(p.question): own for p, own in zip(predictions, scored, strict=True)}


def _measures(run: dict[str, Values]) -> list[str]:
    return list(dict.fromkeys(measure for own in run.values() for measure in own))


def _mean(run: dict[str, Values], measure: str) -> Mean:
    own = [found[measure] for found in run.values() if measure in found]
    low, high = interval(own)
    return Mean(n=len(own), mean=sum(own) / len(own), low=low, high=high)


def _p(best: dict[str, Values], other: dict[str, Values], measure: str) -> float:
    both = [key for key in best if measure in best[key] and measure in other.get(key, {})]
    return p_value([best[key][measure] for key in both], [other[key][measure] for key in both]) if both else 1.0


def _digest(parts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:16]

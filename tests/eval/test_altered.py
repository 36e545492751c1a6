"""Altered answers: on the project's own samples, and on the reports beside the repository where they are there."""

from pathlib import Path

import pytest

from eval.benchmarks.altered import Result, measure
from rag import ReportQA
from rag.settings import Settings

CAUGHT, FLAGGED = 0.97, 0.02


def assert_good(result: Result, fewest: int) -> None:
    share = result.shares["all"]
    assert share.n >= fewest
    missed = [(c.way, c.altered, c.said, c.unsupported) for c in result.cases if not c.caught]
    flagged = [(c.true, c.true_said, c.true_unsupported) for c in result.cases if c.flagged]
    assert share.caught / share.n >= CAUGHT, missed
    assert share.flagged / share.n <= FLAGGED, flagged


def test_altered_answers_are_caught_and_true_ones_left_alone(sample_store: Path) -> None:
    with ReportQA.open(sample_store, Settings(llm="none")) as qa:
        assert_good(measure(qa, n=300, seed=0), 300)


def test_altered_answers_from_other_reports_are_caught(shared: Path, models_dir: Path, tmp_path: Path) -> None:
    reports = sorted((shared / "reports").glob("*.pdf"), key=lambda path: path.stat().st_size)
    chinese = [path for path in reports if path.name.startswith("zh_") and "scan" not in path.name][:1]
    english = [path for path in reports if not path.name.startswith("zh_")][:3]
    if not chinese or not english:
        pytest.skip("../shared holds no reports in both languages")
    with ReportQA.open(tmp_path / "store", Settings(llm="none")) as qa:
        qa.ingest([*chinese, *english])
        assert_good(measure(qa, n=300, seed=0), 300)

"""What timing answers gives: every question's times, medians of them, and tables."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict
from rich import box
from rich.table import Table

from eval.benchmarks.ingest import PEER
from eval.environment import Machine
from eval.measures import Spread, spread


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Times(_Value):
    """One answer, in seconds from the question as a user meets them: evidence, first text, the whole answer."""

    evidence_s: float
    first_token_s: float
    answer_s: float


class Row(_Value):
    """One question. ``same_evidence`` says whether its follow-up was answered from the same items."""

    set: str
    id: str
    found: bool
    cold: Times
    follow_up: Times | None = None
    same_evidence: bool | None = None
    peer_answer_s: float | None = None


class Middle(_Value):
    """Medians and 90th percentiles over some rows. ``speedup`` is the ratio of the median whole answers.

    ``follow_up_s`` is to the first token of follow-ups on the same evidence.
    """

    questions: int
    evidence_s: Spread | None
    first_token_s: Spread | None
    follow_up_s: Spread | None
    answer_s: Spread | None
    peer_answer_s: Spread | None
    speedup: float | None


class Result(_Value):
    """A run: medians by set and over all, every question's times, and what they were measured with.

    ``memory_mb`` is the peak of the process and those it started, 0 where the system does not tell.
    """

    sets: dict[str, Middle]
    total: Middle
    rows: tuple[Row, ...]
    memory_mb: float
    peer_memory_mb: float | None = None
    model: str
    reports: int
    settings: dict[str, Any]
    machine: Machine
    versions: dict[str, str]
    commit: str
    load_before: float


def middle(rows: Sequence[Row]) -> Middle:
    """Take medians; the speed-up only over questions that both answered."""
    both = [row for row in rows if row.peer_answer_s is not None]
    mine, theirs = [row.cold.answer_s for row in both], [row.peer_answer_s or 0.0 for row in both]
    return Middle(
        questions=len(rows),
        evidence_s=spread(row.cold.evidence_s for row in rows),
        first_token_s=spread(row.cold.first_token_s for row in rows),
        follow_up_s=spread(row.follow_up.first_token_s for row in rows if row.follow_up and row.same_evidence),
        answer_s=spread(row.cold.answer_s for row in rows),
        peer_answer_s=spread(theirs),
        speedup=statistics.median(theirs) / statistics.median(mine) if both else None,
    )


def tables(result: Result) -> Iterator[Table]:
    """Draw ours, then both side by side, each narrow enough for 80 columns."""
    rows = (*result.sets.items(), ("all", result.total)) if len(result.sets) > 1 else tuple(result.sets.items())
    times = "Seconds from the question, median / 90th percentile"
    yield _table(
        times,
        ("evidence", "first token", "of a follow-up", "answer"),
        {
            f"{name} ({own.questions})": (
                _times(own.evidence_s, 2),
                _times(own.first_token_s),
                _times(own.follow_up_s) + (f" ({own.follow_up_s.n})" if own.follow_up_s else ""),
                _times(own.answer_s),
            )
            for name, own in rows
        },
    )
    if result.total.speedup is not None:
        both = {
            name: (
                _times(own.answer_s),
                _times(own.peer_answer_s),
                "–" if own.speedup is None else f"{own.speedup:.1f}",
            )
            for name, own in rows
        }
        yield _table("Whole answers side by side, seconds", ("report-qa", PEER, "times as fast"), both)


def _table(title: str, columns: Sequence[str], rows: Mapping[str, Sequence[str]]) -> Table:
    drawn = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    drawn.add_column("set", overflow="fold")
    for column in columns:
        drawn.add_column(column, justify="right", no_wrap=True)
    for name, cells in rows.items():
        drawn.add_row(name, *cells)
    return drawn


def _times(times: Spread | None, digits: int = 1) -> str:
    return "–" if times is None else f"{times.median:.{digits}f} / {times.p90:.{digits}f}"

"""What came of a grid, best first: as it is printed, and as ``grid.md``."""

from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from eval.grid_runs import Mean, Ranked, Result, label
from eval.markdown import escape, table
from eval.values import TIMES

FILE = "grid.md"
_SHOWN = ("hit_5", "mrr", "correct", "loose", "refused", "cited_right", "grounded", "retrieve_ms", "answer_s")


def write(folder: Path, result: Result) -> Path:
    """Write ``grid.md`` and give its path."""
    path = Path(folder) / FILE
    lines = ["# Grid", "", escape(_about(result)), ""]
    rows = [[escape(row[0]), *row[1:]] for row in _rows(result)]
    lines += table(["settings", *_header(result)], rows)
    lines += [_NOTE]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="replace")
    return path


def render(result: Result) -> RenderableType:
    """Draw the ranking."""
    drawn = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    drawn.add_column("settings", overflow="fold", min_width=16)
    for title in _header(result):
        drawn.add_column(title, justify="right", no_wrap=True)
    for row in _rows(result):
        drawn.add_row(*map(Text, row))
    return Group(Text(_about(result)), drawn, Text(_NOTE))


_NOTE = (
    "The interval is the 95% bootstrap interval of the mean; p is of the difference to the best, question by question,"
    " adjusted for the number of combinations. Times are means."
)


def _about(result: Result) -> str:
    named = ", ".join(result.reports[:4]) + (f" and {len(result.reports) - 4} more" if len(result.reports) > 4 else "")
    return f"{len(result.rows)} combinations over {result.questions} questions about {named}; {result.machine.line()}"


def _others(result: Result) -> list[str]:
    return [m for m in _SHOWN if m != result.rank_by and any(m in row.measures for row in result.rows)]


def _header(result: Result) -> list[str]:
    return [result.rank_by, "95% interval", "p", *_others(result)]


def _rows(result: Result) -> Sequence[list[str]]:
    return [_row(row, result) for row in result.rows]


def _row(row: Ranked, result: Result) -> list[str]:
    ranked = row.measures[result.rank_by]
    interval = f"{ranked.low:.3f} … {ranked.high:.3f}"
    p = "best" if row.place == 1 else f"{row.p:.3f}"
    others = (_mean(measure, row.measures.get(measure)) for measure in _others(result))
    return [label(row.settings), f"{ranked.mean:.3f}", interval, p, *others]


def _mean(measure: str, found: Mean | None) -> str:
    if found is None:
        return "–"
    return f"{found.mean:.0f}" if measure.endswith("_ms") else f"{found.mean:.{1 if measure in TIMES else 3}f}"

"""What the benchmark of retrieval at scale measured, and its tables."""

from pydantic import BaseModel, ConfigDict
from rich import box
from rich.table import Table

from eval.environment import Machine
from eval.measures import Spread


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Searched(_Value):
    """One side over one store. Times are milliseconds a question, warm, each question asked once.

    ``search_ms`` is to the ranked chunks, ``evidence_ms`` to the evidence that a model would be shown. ``first_ms`` is
    the first question of all, which loads what is loaded once. ``stages_ms`` are means of a search by what it calls,
    ``calls`` how often; what is left is ranking. ``peak_mb`` is the process's.
    """

    search_ms: Spread
    evidence_ms: Spread | None = None
    open_s: float
    first_ms: float
    stages_ms: dict[str, float] = {}
    calls: dict[str, float] = {}
    peak_mb: float = 0.0


class Size(_Value):
    """A store: chunks and reports in it, bytes on disk, and both sides."""

    chunks: int
    reports: int
    disk_mb: float
    ours: Searched
    peer: Searched


class Result(_Value):
    """All sizes, and what they were measured with; ``clock`` is "wall" or "cpu"."""

    clock: str
    sizes: tuple[Size, ...]
    questions: int
    machine: Machine
    versions: dict[str, str]
    commit: str
    load_before: float


def tables(result: Result) -> list[Table]:
    """Draw both sides by size, and where our own time goes."""
    unit = "milliseconds" + " of processor time" * (result.clock == "cpu")
    title = f"Question to pages, {result.questions} questions, {unit}, median / 90th percentile"
    drawn = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in ("chunks", "reports", "search", "evidence", "llama-index", "first", "open s", "MB", "its MB"):
        drawn.add_column(column, justify="right", no_wrap=True)
    for size in result.sizes:
        ours, peer = size.ours, size.peer
        drawn.add_row(
            str(size.chunks),
            str(size.reports),
            *(
                f"{t.median:.0f} / {t.p90:.0f}" if t else "–"
                for t in (ours.search_ms, ours.evidence_ms, peer.search_ms)
            ),
            f"{ours.first_ms:.0f}",
            f"{ours.open_s:.1f}",
            f"{ours.peak_mb:.0f}",
            f"{peer.peak_mb:.0f}",
        )
    title = f"Where a search goes, {unit} (calls a question)"
    parts = Table("of a search", title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for size in result.sizes:
        parts.add_column(str(size.chunks), justify="right", no_wrap=True)
    names = dict.fromkeys(name for size in reversed(result.sizes) for name in size.ours.stages_ms)
    for name in names:
        cells = []
        for size in result.sizes:
            calls = size.ours.calls.get(name)
            cells.append(f"{size.ours.stages_ms.get(name, 0):.1f}" + (f" ({calls:.1f})" if calls else ""))
        parts.add_row(name, *cells)
    return [drawn, parts]

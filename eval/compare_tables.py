"""A comparison of two runs as it is printed, narrow enough for 80 columns."""

from collections.abc import Iterable, Mapping

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from eval.compare import DECIDING, Changed, Comparison, is_better
from eval.significance import Difference
from eval.values import TIMES

SIGNIFICANT = 0.05


def render(comparison: Comparison, *, every: bool = False) -> RenderableType:
    """Draw what differs between the runs, the measures, those by set, kind and language, and the questions.

    Unless ``every``, measures and groups in which no question changed are left out; by group only the measures are
    drawn that decide whether a question got better.
    """
    a, b = comparison.a, comparison.b
    head = [f"A  {a.folder}  {a.started}  {a.model}", f"B  {b.folder}  {b.started}  {b.model}"]
    count = f"{comparison.questions} questions asked by both"
    left = [f"{n} only in {run}" for n, run in ((comparison.only_a, "A"), (comparison.only_b, "B")) if n]
    if comparison.regraded:
        left.append(f"{comparison.regraded} with a new gold answer, by which both are scored")
    parts: list[RenderableType] = [Text("\n".join([*head, "; ".join([count, *left])]))]
    for what, (first, second) in comparison.other.items():
        parts.append(Text(f"   {what}: {first} → {second}", style="dim"))
    total = {m: d for m, d in comparison.total.items() if every or d.up or d.down}
    parts.append(_table("All questions", "measure", total.items()))
    same = [measure for measure in comparison.total if measure not in total]
    if same:
        parts.append(Text(f"Not one question changed in {', '.join(same)}.", style="dim"))
    for by, groups in comparison.groups.items():
        rows = [
            (f"{group or '–'}: {measure}", difference)
            for group, differences in groups.items()
            for measure, difference in differences.items()
            if measure in DECIDING and (every or difference.up or difference.down)
        ]
        if rows:
            parts.append(_table(f"By {by}", by, rows))
    worse = [c for c in comparison.changed if c.worse]
    better = [c for c in comparison.changed if c.better and not c.worse]
    for title, style, own in (("Worse", "red", worse), ("Better", "green", better)):
        parts.append(Text(f"{title}: {len(own)}", style=f"bold {style}"))
        parts += [Text(_line(changed)) for changed in own]
    return Group(*parts)


def _table(title: str, first: str, rows: Iterable[tuple[str, Difference]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(first, overflow="fold", min_width=18)
    for column in ("n", "A", "B", "B - A", "95% interval", "p", "up", "down"):
        table.add_column(column, justify="right", no_wrap=True)
    for label, d in rows:
        measure = label.rpartition(": ")[2]
        style = ""
        if d.p < SIGNIFICANT:
            style = "green" if is_better(measure, d.difference) else "red"
        digits = 1 if measure == "retrieve_ms" else 2 if measure in TIMES else 3
        cells = [f"{d.before:.{digits}f}", f"{d.after:.{digits}f}", f"{d.difference:+.{digits}f}"]
        span = f"{d.low:+.{digits}f} … {d.high:+.{digits}f}"
        table.add_row(Text(label), str(d.n), *cells, span, _p(d.p), str(d.up), str(d.down), style=style)
    return table


def _line(changed: Changed) -> str:
    moved = ", ".join(
        f"{measure} {_value(changed.before, measure)} → {_value(changed.after, measure)}"
        for measure in (*changed.worse, *changed.better)
    )
    return f"  {changed.set}/{changed.id}  {moved}"


def _value(values: Mapping[str, float], measure: str) -> str:
    return f"{values[measure]:.2f}".rstrip("0").rstrip(".")


def _p(value: float) -> str:
    return "<.001" if value < 0.001 else f"{value:.3f}"

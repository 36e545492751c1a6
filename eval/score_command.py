"""``report-qa eval score``: a finished run scored anew, every measure with its interval, and what was wrong."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from eval.measures import Judgement, Scores

out = Console(soft_wrap=True)


def score(
    predictions: Annotated[list[Path], typer.Argument(help="--out folders or their predictions.jsonl.")],
    every: Annotated[bool, typer.Option("--all", help="List also right answers with faults, such as no mark.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score finished runs anew, as the measures and gold answers are now, and list what was wrong, worst first."""
    import json

    from eval import measures
    from eval import predictions as made

    found = made.read(predictions)
    judgements = [measures.judged(prediction) for prediction in found]
    answers = any(prediction.reply is not None for prediction in found)
    scores = measures.score(found, _page_counts(predictions), answers=answers, judgements=judgements)
    if as_json:
        rows = [judgement.model_dump(mode="json") for judgement in judgements]
        values = {"scores": scores.model_dump(mode="json"), "questions": rows}
        sys.stdout.write(json.dumps(values, ensure_ascii=False, indent=2) + "\n")
        return
    out.print(_table(scores, judgements))
    ranks = {"wrong": 0, "refused": 1, "partly": 2, "right": 3}
    listed = [j for j in judgements if j.verdict is not None and (j.verdict != "right" or (every and j.reasons))]
    for judgement in sorted(listed, key=lambda j: ranks[j.verdict or "right"]):
        place = f"{judgement.set}/{judgement.id}"
        out.print(f"  {place}  {judgement.verdict}: {', '.join(judgement.reasons)}", markup=False, highlight=False)


def _page_counts(paths: list[Path]) -> dict[str, int]:
    """Pages by report as the runs' summaries give them; a summary of another version counts as none."""
    from eval import summary

    counts: dict[str, int] = {}
    for path in paths:
        try:
            counts |= summary.read(path if path.is_dir() else path.parent).reports
        except summary.BaselineError:
            continue
    return counts


def _table(scores: "Scores", judgements: "list[Judgement]") -> Table:
    verdicts = Counter(judgement.verdict.value for judgement in judgements if judgement.verdict)
    caption = " · ".join(f"{word} {number}" for word, number in verdicts.most_common())
    table = Table(box=box.SIMPLE_HEAD, title=f"{scores.questions} questions", title_justify="left", caption=caption)
    for column in ("measure", "value", "95%", "questions"):
        table.add_column(column, justify="left" if column == "measure" else "right")
    counts = Counter(name for judgement in judgements for name in judgement.values)
    for name, (low, high) in scores.intervals.items():
        table.add_row(name, f"{getattr(scores, name):.3f}", f"{low:.3f} – {high:.3f}", str(counts[name] or ""))
    return table

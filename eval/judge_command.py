"""``report-qa eval llm-judge`` and ``eval agreement``, and the registering of what scores a finished run."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from eval.score_command import score
from index.errors import ReportQAError

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

Predictions = Annotated[Path, typer.Argument(help="An --out folder or its predictions.jsonl.")]


def register(app: typer.Typer) -> None:
    """Add the commands to those of ``report-qa eval``."""
    app.command("llm-judge")(llm_judge)
    app.command()(agreement)
    app.command()(score)


def llm_judge(
    predictions: Predictions,
    file: Annotated[Path, typer.Argument(metavar="VERDICTS", help="File for this model's verdicts; one a model.")],
    model: Annotated[str | None, typer.Option("--model", help="Instead of the setting llm.")] = None,
    base_url: Annotated[str | None, typer.Option("--base-url", help="Instead of the setting llm_base_url.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only the first N answers.")] = None,
) -> None:
    """Have a language model judge the answers, as a second opinion; prints how far it agrees with the exact measures.

    What it judged before is kept. Its verdicts are a file like those by hand: `eval verdicts` counts them.
    """
    from eval import llm_judge as judging
    from eval import predictions as made
    from rag.llm import open_llm
    from rag.settings import load

    settings = load(llm=model, llm_base_url=base_url)
    llm = open_llm(settings)
    if llm is None:
        raise ReportQAError("There is no language model: llm is none.", "Give --model and --base-url, or set llm.")
    answers = [prediction for prediction in made.read(predictions) if prediction.reply is not None][:limit]
    try:
        with Progress(console=err, transient=True) as bar:
            task = bar.add_task("judging", total=len(answers))
            outcome = judging.judge(answers, llm, file, lambda: bar.advance(task))
    finally:
        llm.close()
    out.print(f"{outcome.written} verdicts by {llm.name} written to {file}, {outcome.kept} kept.", markup=False)
    for name in outcome.unread:
        out.print(f"  {name}  no verdict that can be read", markup=False, highlight=False)
    agreement(predictions, [file])


def agreement(
    predictions: Predictions,
    files: Annotated[list[Path], typer.Argument(metavar="VERDICTS...", help="Files of verdicts, one a judge.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how far the automatic verdict and the judges of these files agree with each other."""
    import json

    from eval import predictions as made
    from eval import verdicts
    from eval.agreement import agreements

    found = agreements(made.read(predictions), {path.stem: verdicts.read(path) for path in files})
    if as_json:
        sys.stdout.write(json.dumps([pair.model_dump() for pair in found], ensure_ascii=False, indent=2) + "\n")
        return
    table = Table(
        box=box.SIMPLE_HEAD, title="Agreement: share of the same verdict, Cohen's kappa", title_justify="left"
    )
    for column in ("", "", "n", "verdict", "kappa", "right or not", "kappa"):
        table.add_column(column, justify="right" if column else "left")
    for pair in found:
        values = (pair.share, pair.kappa, pair.right_share, pair.right_kappa)
        table.add_row(pair.one, pair.other, str(pair.n), *("–" if v is None else f"{v:.2f}" for v in values))
    out.print(table if found else "No answer has a verdict of these judges.")
    for pair in found:
        for name in pair.differ:
            out.print(f"  {name}  {pair.one} and {pair.other} differ", markup=False, highlight=False)

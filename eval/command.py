"""``report-qa eval``: its own commands. A first argument that names none of them is a question file to run."""

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from eval.check.command import check
from eval.drafting.command import new
from eval.judge_command import register
from eval.page.command import page
from index.errors import ReportQAError

if TYPE_CHECKING:
    from eval.verdicts import Count, Word

RUN = "run"
out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Predictions = Annotated[Path, typer.Argument(help="An --out folder or its predictions.jsonl.")]


class _RunByDefault(TyperGroup):
    """A group whose command ``run`` need not be named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args if args and args[0] in self.commands else [RUN, *args])


app = typer.Typer(cls=_RunByDefault, help="Run questions with known answers and say how good the answers are.")
app.command()(page)
app.command()(check)
app.command()(new)


@app.command(RUN)
def evaluate(
    questions: Annotated[list[Path], typer.Argument(help="Question files (JSON Lines).")],
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="Do not ask the language model.")] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Only the first N questions of each file.")
    ] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, help="Only N questions of each file, every kind with its share.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Which sample is drawn.")] = 0,
    ids: Annotated[Path | None, typer.Option("--ids", help="Only the questions this file names, an id a line.")] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only questions of this kind; repeatable.")] = None,
    lang: Annotated[list[str] | None, typer.Option("--lang", help="Only questions in zh or en.")] = None,
    further: Annotated[
        Path | None, typer.Option("--further-pages", help="Right pages that the files do not name, judged by reading.")
    ] = None,
    out_dir: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for all that comes of the run; answers there are kept."),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask anew what --out already has answered.")] = False,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="An earlier --out folder; exit code 1 when something fell.")
    ] = None,
    thresholds: Annotated[
        Path | None, typer.Option("--thresholds", help="TOML file of how far each measure may fall.")
    ] = None,
    store: Annotated[Path | None, typer.Option("--store", help="Folder of the store.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """Run questions with known answers and say how good the answers are.

    With --out a run that broke off goes on where it was. Of its answers, `eval grounded` checks the figures, and
    `eval judge` and `eval verdicts` show them for judging by hand and count what was judged.
    """
    from eval import gate, pooling, runs
    from eval.selection import Selection, read_ids
    from rag.engine import ReportQA
    from rag.settings import load

    selection = Selection(
        kinds=tuple(kind or ()),
        languages=tuple(lang or ()),
        ids=read_ids(ids) if ids else None,
        sample=sample,
        seed=seed,
        limit=limit,
    )
    if thresholds and not baseline:
        raise ReportQAError("--thresholds says how far a run may fall below a --baseline.", "Give both.")
    allowed = gate.read(thresholds) if thresholds else gate.DEFAULT
    settings = load(store=store, llm="none" if retrieval_only else None)
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    with ReportQA.open(settings=settings) as qa:
        summary = runs.run(
            qa,
            questions,
            retrieval_only=retrieval_only,
            selection=selection,
            further=pooling.read(further) if further else (),
            out=out_dir,
            fresh=fresh,
            baseline=baseline,
            thresholds=allowed,
            console=err,
        )
    if as_json:
        sys.stdout.write(summary.model_dump_json(indent=2) + "\n")
    else:
        out.print(runs.render(summary))
    if summary.exit_code:
        raise typer.Exit(summary.exit_code)


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="The --out folder of a run.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="That of another over the same questions.")],
    every: Annotated[
        bool, typer.Option("--all", help="Show measures and groups in which nothing changed too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what got better and worse from run A to run B, question by question, and whether chance explains it."""
    from eval import compare as comparing
    from eval.compare_tables import render

    found = comparing.compare(a, b)
    if as_json:
        sys.stdout.write(found.model_dump_json(indent=2) + "\n")
    else:
        out.print(render(found, every=every))


@app.command()
def grid(
    file: Annotated[Path, typer.Argument(metavar="GRID", help="TOML file of the combinations to run.")],
    work: Annotated[
        Path, typer.Option("--out", help="Folder for stores, runs and tables; what is there is not done again.")
    ],
    as_json: Json = False,
) -> None:
    """Run every combination of some settings over the same questions, and rank them."""
    from eval import grid as grids
    from eval import grid_tables
    from eval.grid_runs import run

    wanted = grids.read(file)
    result = run(wanted, work, err, lambda text: err.print(text, markup=False, highlight=False))
    grid_tables.write(work, result)
    if as_json:
        sys.stdout.write(result.model_dump_json(indent=2) + "\n")
    else:
        out.print(grid_tables.render(result))


@app.command()
def verdicts(
    predictions: Predictions,
    files: Annotated[list[Path], typer.Argument(metavar="VERDICTS...", help="Files of verdicts (JSON Lines).")],
    as_json: Json = False,
) -> None:
    """Count the verdicts given by hand on these answers, and name the answers that have none."""
    from eval import predictions as made
    from eval import verdicts as given

    judged = given.judge(made.read(predictions), [verdict for file in files for verdict in given.read(file)])
    counted = given.count(judged)
    if as_json:
        sys.stdout.write(counted.model_dump_json(indent=2) + "\n")
        return
    for line in _lines(counted):
        out.print(line)
    for j in judged:
        place = f"{j.prediction.question.set}/{j.prediction.question.id}"
        if j.verdict is None:
            out.print(f"  {escape(place)}  [yellow]unjudged[/]" + " (answer changed since)" * j.changed)
        elif j.verdict.verdict != "right":
            out.print(f"  {escape(place)}  {j.verdict.verdict}  [dim]{escape(j.verdict.why)}[/]")


def _lines(counted: "Count") -> list[str]:
    def of(number: int) -> str:
        return f"{number} ({number / counted.judged:.0%})" if counted.judged else str(number)

    found = [
        f"{counted.judged} of {counted.answers} answers judged; {counted.changed} changed since they were",
        f"right {of(counted.right)} · partly {of(counted.partly)} · wrong without mark or refusal {of(counted.wrong)}"
        f" · refused wrongly {of(counted.refused)} · wrong and marked {of(counted.marked)}",
    ]
    if counted.agreement is not None:
        found.append(f"agreement with the exact measure {counted.agreement:.2f} (over {counted.exact_n})")
    return found


@app.command()
def judge(
    predictions: Predictions,
    file: Annotated[Path, typer.Argument(metavar="VERDICTS", help="File of verdicts; made when it is new.")],
    ids: Annotated[list[str] | None, typer.Option("--id", help="Only this question; repeatable.")] = None,
    first: Annotated[int, typer.Option("-n", min=1, help="How many unjudged answers to show.")] = 1,
    reports: Annotated[
        Path | None, typer.Option("--reports", help="Folder of the PDF files, to show right and cited pages.")
    ] = None,
    verdict: Annotated[
        str | None, typer.Option("--verdict", help="Write this verdict: right, partly, wrong, refused or marked.")
    ] = None,
    why: Annotated[str, typer.Option("--why", help="The reason in a few words, without the report's text.")] = "",
) -> None:
    """Show the next unjudged answers with all that is needed to judge them, or write a verdict on one."""
    from eval import predictions as made
    from eval import verdicts as given
    from eval.judging import choose, show

    known = given.read(file) if file.exists() else []
    chosen = choose(given.judge(made.read(predictions), known), ids or ())
    if verdict is None:
        for judged in chosen if ids else chosen[:first]:
            out.print(show(judged, reports), markup=False, highlight=False)
        if not chosen:
            out.print("Every answer has its verdict.")
        return
    if not ids or len(chosen) != 1:
        raise ReportQAError("A verdict is given on one answer.", "Name its question with --id set/id.")
    prediction = chosen[0].prediction
    assert prediction.reply is not None  # noqa: S101 - only answers are chosen
    given.write(
        file,
        given.Verdict(
            set=prediction.question.set,
            id=prediction.question.id,
            verdict=_word(verdict),
            why=why[: given.LONGEST_WHY],
            answer_sha256=prediction.reply.sha256,
        ),
    )


def _word(text: str) -> "Word":
    from eval.verdicts import Word

    try:
        return Word(text)
    except ValueError as error:
        raise ReportQAError(f"{text!r} is no verdict.", f"Give one of: {', '.join(Word)}.") from error


@app.command()
def grounded(
    predictions: Annotated[list[Path], typer.Argument(help="--out folders or their predictions.jsonl.")],
    every: Annotated[
        bool, typer.Option("--all", help="List also figures that stand by digits, computed, marked.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say which figures of the answers stand in the evidence they cite, and list those that do not."""
    import json
    from collections import Counter

    from eval import predictions as made
    from eval.grounded import Standing, held

    found = [(prediction.question, figure) for prediction in made.read(predictions) for figure in held(prediction)]
    counts = Counter(figure.standing for _, figure in found)
    unmarked = counts.total() - counts[Standing.MARKED]
    share = 1 - counts[Standing.MISSING] / unmarked if unmarked else None
    wanted = set(Standing) - {Standing.STANDS} if every else {Standing.MISSING}
    listed = [(question, figure) for question, figure in found if figure.standing in wanted]
    if as_json:
        rows = [{"set": q.set, "id": q.id, **figure.model_dump(mode="json")} for q, figure in listed]
        result = {"share": share, "figures": unmarked, "counts": {s.value: counts[s] for s in Standing}, "listed": rows}
        sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=2) + "\n")
        return
    of = "–" if share is None else f"{share:.4f}"
    out.print(f"{of} of {unmarked} figures not marked stand in the cited evidence")
    out.print(" · ".join(f"{standing} {counts[standing]}" for standing in Standing))
    for question, figure in listed:
        place = f"{question.set}/{question.id}"
        out.print(
            f"  {place}  {figure.standing}: {figure.figure}  in: {figure.sentence}", markup=False, highlight=False
        )


register(app)

"""Commands that ask: for passages, an answer, contradictions."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from index.filters import Filter
from rag.commands.shared import Json, Reports, Store, engine, err, out, print_json, tell
from rag.options import with_filter


@with_filter
def search(
    wanted: Filter,
    query: Annotated[str, typer.Argument(help="What to look for.")],
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="How many results.")] = 10,
    report: Reports = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Search the reports without asking the language model."""
    from rag.asking.question import prepare

    prepare(query)  # what cannot be asked is refused before the models are loaded
    with engine(store, llm="none") as qa:
        hits = qa.search(query, k, qa.choose(report or (), wanted))
    rows = [
        {
            "rank": rank,
            "report": hit.report,
            "page": hit.page,
            "section": hit.section,
            "score": round(hit.score, 4),
            "text": hit.text,
        }
        for rank, hit in enumerate(hits, 1)
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        place = f"{row['report']} p.{row['page']}  {row['section']}"
        out.print(f"[bold]{row['rank']:>2}[/] {escape(place)} [dim]({row['score']})[/]")
        out.print(f"   {escape(str(row['text']))}\n")
    if not rows:
        out.print("Nothing found.")


@with_filter
def ask(
    wanted: Filter,
    question: Annotated[str, typer.Argument(help="The question, in Chinese or English.")],
    report: Reports = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Ask a question and get a checked answer with its sources."""
    from rag.asking.question import prepare
    from rag.types import Answer, TextDelta

    asked_in = prepare(question).language
    with engine(store) as qa:
        chosen = qa.choose(report or (), wanted)
        tell(qa, asked_in)
        if not qa.reports():
            err.print("[yellow]The store has no reports: add some with `report-qa ingest FILE...`.[/]")
        final: Answer | None = None
        for event in qa.stream(question, reports=chosen):
            if isinstance(event, TextDelta) and not as_json and err.is_terminal:
                err.print(escape(event.text), end="", style="dim")
            elif isinstance(event, Answer):
                final = event
    assert final is not None  # noqa: S101 - a stream always ends with an answer
    if as_json:
        print_json(final.model_dump(mode="json"))
    else:
        _print_answer(final)
    if final.failed:
        raise typer.Exit(1)


def _print_answer(answer: Any) -> None:
    if err.is_terminal:
        err.print()
    if answer.notice:
        err.print(f"[yellow]{escape(answer.notice)}[/]")
    if answer.standalone:
        out.print(f"[dim]Looked up as: {escape(answer.standalone)}[/]")
    out.print(escape(answer.answer))
    if answer.unsupported:
        out.print(f"[red]Not in the evidence: {escape(', '.join(answer.unsupported))}[/]")
    for citation in answer.citations:
        out.print(
            f"\n[bold]\\[{citation.n}] {escape(citation.report)} p.{citation.page}[/]  {escape(citation.section)}"
        )
        out.print(f"    [dim]{escape(citation.quote)}[/]")


def conflicts(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="Id or file name of the report.")],
    others: Annotated[bool, typer.Option("--all", help="Contradictions with the other reports too.")] = False,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """List the figures that a report gives for one thing and that cannot all be right, with their pages."""
    with engine(store, llm="none") as qa:
        found = qa.conflicts(report, others=others)
    if as_json:
        print_json([conflict.model_dump(mode="json") for conflict in found])
        return
    for conflict in found:
        out.print(f"[bold]{escape(conflict.subject)}[/]")
        for figure in conflict.figures:
            out.print(f"  [red]{escape(figure.value)}[/]  {escape(figure.report)} p.{figure.page}")
            out.print(f"    [dim]{escape(figure.quote)}[/]")
    if not found:
        out.print("No contradictions found.")

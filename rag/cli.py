"""The command line: ``report-qa``. Every command takes ``--store`` and ``--json`` where it prints something.

Exit codes: 0 done, 1 something failed (a file, a check, the model), 2 the request cannot be carried out as given.
"""

import dataclasses
import json
import logging
import os
import sys
import traceback
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from eval.command import app as eval_app
from index.errors import ReportQAError, SettingsError
from index.filters import Filter
from rag import doctor as doctors
from rag.options import with_filter
from rag.progress import ingest_progress, page_progress, pull_progress
from rag.settings import Settings, load
from rag.users_command import app as users_app

if TYPE_CHECKING:
    from index.types import Entry, Outcome
    from rag.engine import ReportQA

app = typer.Typer(
    name="report-qa",
    help="Ask questions about reports, in Chinese or English, and get answers with the page of every statement.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
models_app = typer.Typer(help="Fetch, list and check the default models.", no_args_is_help=True)
app.add_typer(models_app, name="models")
app.add_typer(eval_app, name="eval")
app.add_typer(users_app, name="users")

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)
log = logging.getLogger("report_qa")

Store = Annotated[Path | None, typer.Option("--store", help="Folder of the store.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Reports = Annotated[list[str] | None, typer.Option("--report", help="Only this report (id or file name); repeatable.")]


def _settings(store: Path | None = None, **overrides: Any) -> Settings:
    settings = load(store=store, **overrides)
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    return settings


@contextmanager
def _engine(store: Path | None, wait: bool = True, **overrides: Any) -> Iterator["ReportQA"]:
    from rag.engine import ReportQA

    qa = ReportQA.open(settings=_settings(store, **overrides), wait=wait)
    try:
        yield qa
    finally:
        qa.close()


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Report files, or folders of them.")],
    password: Annotated[
        list[str] | None, typer.Option("--password", help="Tried on encrypted PDFs; repeatable.")
    ] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Add reports to the store. A file that is already there is left, a changed one replaces its old self."""
    import time

    started = time.perf_counter()
    with _engine(store, wait=False, llm="none") as qa, ingest_progress(err) as progress:
        outcomes = qa.ingest(paths, progress, password or ())
        seconds = time.perf_counter() - started
        opening = qa.library.opening_seconds
    if as_json:
        _print_json({"seconds": round(seconds, 2), "opening_seconds": round(opening, 2), "files": _rows(outcomes)})
    else:
        _print_outcomes(outcomes)
    if any(o.error for o in outcomes):
        raise typer.Exit(1)


def _rows(outcomes: Sequence["Outcome"]) -> list[dict[str, Any]]:
    return [
        {
            "file": str(o.path),
            "status": o.status.value,
            "report": o.entry.name if o.entry else None,
            "id": o.entry.id if o.entry else None,
            "pages": o.entry.pages if o.entry else None,
            "chunks": o.entry.chunks if o.entry else None,
            "error": str(o.error) if o.error else None,
            "warnings": list(o.warnings),
            "seconds": {
                "reading": round(o.spent.reading, 2),
                "embedding": round(o.spent.embedding, 2),
                "storing": round(o.spent.storing, 2),
            },
        }
        for o in outcomes
    ]


def _print_outcomes(outcomes: Sequence["Outcome"]) -> None:
    for o in outcomes:
        detail = f"{o.entry.pages} pages, {o.entry.chunks} chunks" if o.entry else str(o.error)
        colour = "red" if o.error else "green"
        out.print(f"[{colour}]{o.status.value:9}[/] {escape(o.path.name)}: {escape(detail)}")
        for warning in o.warnings:
            out.print(f"          [yellow]{escape(warning)}[/]")


@app.command()
@with_filter
def reports(wanted: Filter, store: Store = None, as_json: Json = False) -> None:
    """List the reports in the store, or those that all filters let in."""
    with _engine(store, llm="none") as qa:
        entries = qa.reports(wanted)
    if as_json:
        keys = ("id", "name", "title", "language", "pages", "chunks", "added", "copy_of")
        rows = [{**{key: getattr(entry, key) for key in keys}, **_card(entry)} for entry in entries]
        _print_json(rows)
        return
    for entry in entries:
        size = f"{entry.language} · {entry.pages} pages · {entry.chunks} chunks"
        out.print(f"[bold]{escape(entry.name)}[/]  {entry.id}  [dim]{size}[/]")
        out.print(f"    {escape(entry.title)}")
        card = entry.card
        authors = ", ".join(card.authors[:4]) + (f" +{len(card.authors) - 4}" if len(card.authors) > 4 else "")
        publisher = "" if card.institution == card.company else card.institution
        facts = (publisher, authors, card.date, card.period, card.company, card.ticker, card.rating)
        known = list(filter(None, (*facts, f"copy of {entry.copy_of}" if entry.copy_of else "")))
        if known:
            out.print(f"    [dim]{escape(' · '.join(known))}[/]")
    if not entries:
        out.print("No reports yet: add some with `report-qa ingest FILE...`.")


def _card(entry: "Entry") -> dict[str, Any]:
    """The card's fields beside those every list has."""
    return {key: value for key, value in dataclasses.asdict(entry.card).items() if key != "title"}


@app.command()
def remove(
    report: Annotated[str, typer.Argument(metavar="ID", help="Id or file name of the report.")],
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Remove a report and all that was kept of it."""
    with _engine(store, llm="none") as qa:
        entry = qa.remove(report)
    if as_json:
        _print_json({"id": entry.id, "name": entry.name})
    else:
        out.print(f"removed {escape(entry.name)}")


@app.command()
def rename(
    report: Annotated[str, typer.Argument(metavar="ID", help="Id or file name of the report.")],
    name: Annotated[str, typer.Argument(help="Its new file name; the ending stays.")],
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Give a report another file name in the store."""
    with _engine(store, llm="none") as qa:
        entry = qa.rename(report, name)
    if as_json:
        _print_json({"id": entry.id, "name": entry.name})
    else:
        out.print(f"renamed to {escape(entry.name)}")


@app.command()
def reread(
    report: Annotated[str, typer.Argument(metavar="ID", help="Id or file name of the report.")],
    password: Annotated[list[str] | None, typer.Option("--password", help="Tried on an encrypted PDF.")] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Read a report anew from its file in the store, as after OCR was installed or reading became better."""
    with _engine(store, llm="none") as qa, ingest_progress(err) as progress:
        outcome = qa.reread(report, progress, password or ())
    if as_json:
        _print_json(_rows([outcome])[0])
    else:
        _print_outcomes([outcome])
    if outcome.error:
        raise typer.Exit(1)


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="A report file; it need not be in the store.")],
    page: Annotated[
        list[str] | None, typer.Option("--page", metavar="N|A-B", help="Only this page or range; repeatable.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write one HTML file with the pages' pictures.")] = None,
    password: Annotated[str, typer.Option("--password", help="Password of an encrypted PDF.", show_default=False)] = "",
    scale: Annotated[float, typer.Option(min=0, max=4, help="Pixels a point of the pictures; 0 for none.")] = 1.4,
    as_json: Json = False,
) -> None:
    """Show a report as it is read: sections, chunks, tables, and what is set aside, page by page."""
    from rag.inspect import command, data, text

    if html and as_json:
        raise SettingsError("--json and --html exclude each other.", "Leave one of them out.")
    seen = command.look(file, _settings(), page or (), password)
    if html:
        with page_progress(err) as progress:
            size = command.write_html(seen, file, html, password, scale, progress)
        out.print(f"[green]wrote[/] {escape(str(html))} ({size / 1e6:.1f} MB): open it in a browser.")
    elif as_json:
        _print_json(data.as_data(seen))
    else:
        console = out if out.is_terminal else Console(soft_wrap=True, width=text.WIDTH)
        console.print(text.render(seen))


@app.command()
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
    with _engine(store, llm="none") as qa:
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
        _print_json(rows)
        return
    for row in rows:
        place = f"{row['report']} p.{row['page']}  {row['section']}"
        out.print(f"[bold]{row['rank']:>2}[/] {escape(place)} [dim]({row['score']})[/]")
        out.print(f"   {escape(str(row['text']))}\n")
    if not rows:
        out.print("Nothing found.")


@app.command()
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
    with _engine(store) as qa:
        chosen = qa.choose(report or (), wanted)
        for notice in qa.notices(asked_in):
            err.print(f"[yellow]{escape(notice)}[/]")
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
        _print_json(final.model_dump(mode="json"))
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


@app.command()
def conflicts(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="Id or file name of the report.")],
    others: Annotated[bool, typer.Option("--all", help="Contradictions with the other reports too.")] = False,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """List the figures that a report gives for one thing and that cannot all be right, with their pages."""
    with _engine(store, llm="none") as qa:
        found = qa.conflicts(report, others=others)
    if as_json:
        _print_json([conflict.model_dump(mode="json") for conflict in found])
        return
    for conflict in found:
        out.print(f"[bold]{escape(conflict.subject)}[/]")
        for figure in conflict.figures:
            out.print(f"  [red]{escape(figure.value)}[/]  {escape(figure.report)} p.{figure.page}")
            out.print(f"    [dim]{escape(figure.quote)}[/]")
    if not found:
        out.print("No contradictions found.")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 for a free one.")] = None,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = False,
    add: Annotated[list[Path] | None, typer.Option("--ingest", help="Add these reports first; repeatable.")] = None,
    store: Store = None,
) -> None:
    """Open the chat in the browser."""
    import app as chat

    with _engine(store, host=host, port=port) as qa:
        if add:
            with ingest_progress(err) as progress:
                outcomes = qa.ingest(add, progress)
            for outcome in outcomes:
                if outcome.error:
                    err.print(f"[red]{escape(str(outcome.error))}[/]")
        for notice in qa.notices("en"):
            err.print(f"[yellow]{escape(notice)}[/]")
        qa.warm()
        chat.serve(qa, qa.settings.host, qa.settings.port, open_browser)


@app.command()
def slack(
    host: Annotated[str | None, typer.Option(help="Address that HTTP events come in on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of HTTP events; 0 for a free one.")] = None,
    manifest: Annotated[
        bool, typer.Option("--manifest", help="Print the manifest to make the Slack app from.")
    ] = False,
    url: Annotated[str, typer.Option(help="With --manifest: https address of HTTP events; else Socket Mode.")] = "",
    store: Store = None,
) -> None:
    """Answer in Slack until stopped. Tokens and channels are settings (see docs/slack.md)."""
    if manifest:
        from rag.slack.manifest import manifest as manifest_for

        out.file.write(manifest_for(url))
        return
    from rag.slack.server import require
    from rag.slack.server import serve as serve_slack

    require(_settings(store, host=host, slack_port=port))  # before the models are loaded
    with _engine(store, host=host, slack_port=port) as qa:
        for notice in qa.notices("en"):
            err.print(f"[yellow]{escape(notice)}[/]")
        qa.warm()
        serve_slack(qa, lambda where: err.print(f"Listening to Slack ({where}). Ctrl-C stops."))


@app.command()
def webhook(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 for a free one.")] = None,
    store: Store = None,
) -> None:
    """Answer signed JSON requests of a chat service's relay until stopped (see docs/webhook.md)."""
    from rag.bots.webhook import serve as serve_webhook

    with _engine(store, host=host, webhook_port=port) as qa:
        for notice in qa.notices("en"):
            err.print(f"[yellow]{escape(notice)}[/]")
        qa.warm()
        serve_webhook(qa)


@app.command()
def doctor(
    show_settings: Annotated[bool, typer.Option("--settings", help="List every setting with its value.")] = False,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Check that everything is in place, and say where report text goes."""
    settings = _settings(store)
    checks = doctors.examine(settings)
    values = doctors.settings_table(settings) if show_settings else []
    if as_json:
        _print_json({"checks": [vars(c) for c in checks], "settings": [vars(v) for v in values]})
    else:
        for check in checks:
            mark = "[green]ok[/]  " if check.ok else "[red]FAIL[/]"
            out.print(f"{mark} {check.name}: {escape(check.detail)}")
        for value in values:
            out.print(f"{value.name} = {escape(value.value)}  [dim]{escape(value.description)}[/]")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


@models_app.command("pull")
def models_pull(
    names: Annotated[list[str] | None, typer.Argument(help="llm, llm-small, embedder; default: what is set.")] = None,
    embedder: Annotated[str | None, typer.Option(help="Fetch this Sentence Transformers model from its hub.")] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Fetch models and verify them. Resumes after a break."""
    if embedder:
        os.environ["HF_HUB_OFFLINE"] = "0"  # asked for by name: the one command that may go to a hub
    from index import models

    settings = _settings(store)
    if embedder:
        paths = {embedder: str(models.pull_hub_embedder(embedder, settings.models_dir))}
    else:
        wanted = names or doctors.wanted_models(settings)
        new = [name for name in wanted if not models.is_present(models.get(name), settings.models_dir)]
        with pull_progress(err) as progress:
            models.pull(wanted, settings.models_dir, progress)
        paths = {name: str(models.path(name, settings.models_dir)) for name in wanted}
        if "embedder" in new:
            _measure_embedder(settings)
    if as_json:
        _print_json([{"name": name, "path": path} for name, path in paths.items()])
        return
    for name, path in paths.items():
        out.print(f"[green]ready[/] {escape(name)}: {escape(path)}")
    if not paths:
        out.print("The settings need none of the default models.")


def _measure_embedder(settings: Settings) -> None:
    """Measure what every new store needs to know of the default embedder, so that none has to wait for it."""
    from index.embedding import DEFAULT, open_embedder
    from index.opening import measured

    measured(open_embedder(DEFAULT, settings.models_dir, settings.threads), settings.models_dir)


@models_app.command("list")
def models_list(store: Store = None, as_json: Json = False) -> None:
    """List the default models and whether they are there."""
    from index import models

    rows = models.status(_settings(store).models_dir)
    if as_json:
        _print_json([{**doctors.as_dict(row)} for row in rows])
        return
    for row in rows:
        there = "[green]there[/]  " if row.present else "[yellow]missing[/]"
        about = f"[bold]{row.name:9}[/] {row.size / 1e9:.2f} GB  {escape(row.title)} [dim]({escape(row.licence)})[/]"
        out.print(f"{there} {about}\n        {escape(str(row.path))}")


@models_app.command("verify")
def models_verify(
    names: Annotated[list[str] | None, typer.Argument(help="llm, llm-small, embedder; default: what is set.")] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Check every byte of the models that are there."""
    from index import models

    settings = _settings(store)
    checks = models.verify(names or doctors.wanted_models(settings), settings.models_dir)
    if as_json:
        _print_json([{"name": c.name, "path": str(c.path), "ok": c.ok, "problem": c.problem} for c in checks])
    else:
        for check in checks:
            mark = "[green]ok[/]  " if check.ok else "[red]FAIL[/]"
            out.print(f"{mark} {check.name} {escape(f'{check.path} {check.problem}')}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    try:
        app(list(arguments) if arguments is not None else None)
    except ReportQAError as error:
        err.print(f"[red]error:[/] {escape(error.message)}")
        if error.remedy:
            err.print(f"       {escape(error.remedy)}")
        log.debug("%s", traceback.format_exc())
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        err.print("stopped")
        sys.exit(1)
    except Exception:
        number = uuid.uuid4().hex[:8]
        log.exception("error %s", number)
        err.print(f"[red]error:[/] something went wrong that should not have (id {number}); see the log above.")
        sys.exit(1)


if __name__ == "__main__":
    main()

"""Commands for the reports in the store: adding, listing, changing, removing; and looking at how a file is read."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from index.errors import SettingsError
from index.filters import Filter
from rag.commands.shared import Json, ReportId, Store, engine, err, opened_settings, out, print_json
from rag.options import with_filter
from rag.progress import ingest_progress, page_progress

if TYPE_CHECKING:
    from index.types import Entry, Outcome


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
    with engine(store, wait=False, llm="none") as qa, ingest_progress(err) as progress:
        outcomes = qa.ingest(paths, progress, password or ())
        seconds = time.perf_counter() - started
        opening = qa.library.opening_seconds
    if as_json:
        print_json({"seconds": round(seconds, 2), "opening_seconds": round(opening, 2), "files": _rows(outcomes)})
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


@with_filter
def reports(wanted: Filter, store: Store = None, as_json: Json = False) -> None:
    """List the reports in the store, or those that all filters let in."""
    with engine(store, llm="none") as qa:
        entries = qa.reports(wanted)
    if as_json:
        keys = ("id", "name", "title", "language", "pages", "chunks", "added", "copy_of")
        rows = [{**{key: getattr(entry, key) for key in keys}, **_card(entry)} for entry in entries]
        print_json(rows)
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


def remove(
    report: ReportId,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Remove a report and all that was kept of it."""
    with engine(store, llm="none") as qa:
        entry = qa.remove(report)
    _print_entry(entry, "removed", as_json)


def _print_entry(entry: "Entry", done: str, as_json: bool) -> None:
    if as_json:
        print_json({"id": entry.id, "name": entry.name})
    else:
        out.print(f"{done} {escape(entry.name)}")


def rename(
    report: ReportId,
    name: Annotated[str, typer.Argument(help="Its new file name; the ending stays.")],
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Give a report another file name in the store."""
    with engine(store, llm="none") as qa:
        entry = qa.rename(report, name)
    _print_entry(entry, "renamed to", as_json)


def reread(
    report: ReportId,
    password: Annotated[list[str] | None, typer.Option("--password", help="Tried on an encrypted PDF.")] = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Read a report anew from its file in the store, as after OCR was installed or reading became better."""
    with engine(store, llm="none") as qa, ingest_progress(err) as progress:
        outcome = qa.reread(report, progress, password or ())
    if as_json:
        print_json(_rows([outcome])[0])
    else:
        _print_outcomes([outcome])
    if outcome.error:
        raise typer.Exit(1)


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
    seen = command.look(file, opened_settings(), page or (), password)
    if html:
        with page_progress(err) as progress:
            size = command.write_html(seen, file, html, password, scale, progress)
        out.print(f"[green]wrote[/] {escape(str(html))} ({size / 1e6:.1f} MB): open it in a browser.")
    elif as_json:
        print_json(data.as_data(seen))
    else:
        console = out if out.is_terminal else Console(soft_wrap=True, width=text.WIDTH)
        console.print(text.render(seen))

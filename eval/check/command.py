"""``report-qa eval check``."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

_COLOURS = {"error": "red", "warning": "yellow", "note": "dim"}


def check(
    files: Annotated[list[Path], typer.Argument(help="Question files (JSON Lines).")],
    store: Annotated[
        Path | None, typer.Option("--store", help="Folder of the store with their reports.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find what is wrong with question files: form, pages, quotes, facts, duplicates, leaks between sets.

    Every problem is listed with line, field and remedy. Errors give exit code 1; warnings are for a person to look at.
    """
    from eval.check.checking import check as examine
    from eval.stores import library

    with library(store) as opened:
        checked = examine(files, opened)
        kept = opened is not None
    if as_json:
        values = checked.model_dump(mode="json") | {"counts": checked.counts, "kinds": checked.kinds}
        sys.stdout.write(json.dumps(values, ensure_ascii=False, indent=2) + "\n")
    else:
        out = Console(soft_wrap=True)
        for p in checked.problems:
            where = f"{p.file}" + (f", line {p.line}" if p.line else "") + (f" ({p.id})" if p.id else "")
            field = f", field {p.field}" if p.field else ""
            out.print(f"[{_COLOURS[p.severity]}]{p.severity:7}[/] {escape(where + field)}: {escape(p.message)}.")
            out.print(f"        [dim]{escape(p.remedy)}[/]")
        counts = ", ".join(f"{n} {name}{'s' * (n != 1)}" for name, n in checked.counts.items())
        out.print(f"{checked.questions} questions in {checked.files} files: {counts}.")
        if not kept:
            out.print("[yellow]There is no store, so pages and quotes were not checked: give --store.[/]")
    if checked.exit_code:
        raise typer.Exit(checked.exit_code)

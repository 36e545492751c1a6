"""``report-qa eval page``."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape


def page(
    folder: Annotated[Path, typer.Argument(help="A folder that `report-qa eval --out` has written.")],
    store: Annotated[
        Path | None, typer.Option("--store", help="Folder of the store, for the pages' pictures.", show_default=False)
    ] = None,
) -> None:
    """Write a finished run as one HTML page: scores, plots, every question with the pages it cites."""
    from eval import predictions, summary
    from eval.page.writing import write
    from eval.stores import library

    finished = summary.read(folder)
    with library(store) as opened:
        path = write(folder, predictions.read(folder), finished, opened)
    size = path.stat().st_size / 1e6
    Console(soft_wrap=True).print(f"[green]wrote[/] {escape(str(path))} ({size:.1f} MB): open it in a browser.")

"""What the commands share: options, where they print, and the engine they open."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from rag.settings import Settings, load

if TYPE_CHECKING:
    from rag.engine import ReportQA

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

Store = Annotated[Path | None, typer.Option("--store", help="Folder of the store.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Reports = Annotated[list[str] | None, typer.Option("--report", help="Only this report (id or file name); repeatable.")]
ReportId = Annotated[str, typer.Argument(metavar="ID", help="Id or file name of the report.")]


def opened_settings(store: Path | None = None, **overrides: Any) -> Settings:
    """The settings, with logging as they say."""
    settings = load(store=store, **overrides)
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    return settings


@contextmanager
def engine(store: Path | None, wait: bool = True, **overrides: Any) -> Iterator["ReportQA"]:
    """The engine over a store, closed in the end."""
    from rag.engine import ReportQA

    qa = ReportQA.open(settings=opened_settings(store, **overrides), wait=wait)
    try:
        yield qa
    finally:
        qa.close()


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def tell(qa: "ReportQA", language: str = "en") -> None:
    """Print what the user should know before the first answer."""
    for notice in qa.notices(language):
        err.print(f"[yellow]{escape(notice)}[/]")

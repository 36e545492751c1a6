"""The store that a command of ``report-qa eval`` looks into, where it can do without one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import StoreError

if TYPE_CHECKING:
    from index.library import Library


@contextmanager
def library(store: Path | None) -> Iterator["Library | None"]:
    """Open the store, or that of the settings; None where there is none yet.

    Raises StoreError for a folder that was named and holds no store: an empty one is not made.
    """
    from rag.engine import ReportQA
    from rag.settings import load

    settings = load(store=store, llm="none")
    if not (settings.store.expanduser() / "catalog.sqlite").is_file():
        if store is not None:
            raise StoreError(
                f"There is no store in {store}.", "Name the folder that `report-qa ingest --store` filled."
            )
        yield None
        return
    with ReportQA.open(settings=settings, wait=False) as qa:
        yield qa.library

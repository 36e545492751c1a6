"""Progress bars of the command line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from index.types import Progress, Stage


@contextmanager
def ingest_progress(console: Console) -> Iterator[Callable[[Progress], None]]:
    """One bar a report while reports are added, for as long as it is being worked on."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, tuple[TaskID, Stage]] = {}

        def show(progress: Progress) -> None:
            label = f"{escape(progress.report)} {progress.stage.value}"
            task, stage = tasks.get(progress.report, (None, None))
            if task is None:
                task = bars.add_task(label, total=progress.total)
            elif stage is not progress.stage:
                bars.reset(task, description=label, total=progress.total)
            tasks[progress.report] = task, progress.stage
            over = progress.stage is Stage.STORING and progress.done >= progress.total
            bars.update(task, completed=progress.done, total=progress.total, visible=not over)

        yield show


@contextmanager
def page_progress(console: Console) -> Iterator[Callable[[int, int], None]]:
    """One bar while pages are drawn; called with pages done and pages in all."""
    columns = (TextColumn("drawing pages"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("")
        yield lambda done, total: bars.update(task, completed=done, total=total)


@contextmanager
def pull_progress(console: Console) -> Iterator[Callable[[str, int, int], None]]:
    """One bar a stage while models are fetched."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage)
            bars.update(tasks[stage], completed=done, total=total)

        yield show

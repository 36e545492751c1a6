"""Files that are sent to a bot: checked, fetched, read into the store."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from index import reading
from index.errors import ReadError, ReportQAError
from index.types import Entry, Outcome, Progress, Status
from rag.bots.service import Adapter, File, Language
from rag.bots.words import say
from rag.engine import ReportQA

_LONGEST_NAME = 120  # characters: file systems allow 255 bytes


def take_in(
    qa: ReportQA, adapter: Adapter, file: File, mine: Callable[[Entry], bool], tell: Callable[[str], None], to: Language
) -> Outcome:
    """Read one file into the store; a file that must not or cannot be read is an outcome too.

    ``mine`` tells whether a report of the same name may be replaced: one that the file's sender may not even ask keeps
    its place, and the file gets a name of its own. ``tell`` gets the steps of the work in the language ``to``, no
    closer together than the service allows.
    """
    name = _file_name(file)
    try:
        _check(name, file, qa.settings.max_file_mb)
        tell(say("fetching", to, name))
        with tempfile.TemporaryDirectory(prefix="report-qa-") as folder:
            path = adapter.download(file, Path(folder))
            path = path.rename(path.with_name(_free(name, file, path, qa.reports(), mine)))
            return qa.ingest([path], _steps(adapter.step_seconds, tell, to))[0]
    except ReportQAError as error:
        return Outcome(Path(name), Status.FAILED, error=error)


def _file_name(file: File) -> str:
    """The file's name without what a path, a terminal or a file system would take for something else."""
    plain = "".join(char for char in file.name.replace("\\", "/").rpartition("/")[2] if char.isprintable()).strip(". ")
    path = Path(plain or file.id or "file")
    return path.stem[: _LONGEST_NAME - len(path.suffix)] + path.suffix


def _check(name: str, file: File, max_mb: int) -> None:
    reading.reader(Path(name))
    if file.size > max_mb * 1_000_000:
        raise ReadError(
            f"{name} has {file.size / 1e6:.0f} MB; the limit is {max_mb} MB.", "Split it, or have max_file_mb raised."
        )


def _free(name: str, file: File, path: Path, entries: list[Entry], mine: Callable[[Entry], bool]) -> str:
    there = next((entry for entry in entries if entry.name == name), None)
    if there is None or mine(there) or there.sha256 == reading.file_hash(path):
        return name
    return f"{Path(name).stem} ({file.id or there.id}){Path(name).suffix}"


def _steps(seconds: float, tell: Callable[[str], None], to: Language) -> Callable[[Progress], None]:
    """What passes on progress as text, at most once in so many seconds."""
    told = time.monotonic()

    def step(progress: Progress) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= seconds:
            told = now
            tell(say(progress.stage, to, progress.report, progress.done, progress.total))

    return step

"""What the events of the library do: narrow the list, add, cancel, rename, remove, read again, look inside."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import QuestionError, ReportQAError, StoreError
from index.filters import Filter
from index.ingest import OnProgress
from index.sections import block_text
from index.types import Entry, Outcome, Progress, Stage
from rag.chat import note, sheets
from rag.chat.failure import failure
from rag.chat.pages import entry_of
from rag.chat.said import Narrowed, OfReport
from rag.chat.shelf import Wanted, progress, results, shelf
from rag.chat.words import word

if TYPE_CHECKING:
    from rag import ReportQA

ASIDE_SHOWN = 400  # pieces of text; a report has its running headers on every page
Update = tuple[Any, ...]


class Holdings:
    """The reports of the store, the same for all users; what the list is narrowed to is each session's own."""

    def __init__(self, qa: "ReportQA") -> None:
        self.qa = qa
        self.adding: dict[str, threading.Event] = {}  # by session; set to cancel

    def listed(self, wanted: Wanted, language: str, problem: str = "") -> str:
        """The list as it stands."""
        return shelf(self.qa.reports(), wanted, problem, language)

    def narrow(self, language: str, event: gr.EventData) -> Update:
        """Show only the reports that are wanted."""
        said = Narrowed.of(event) or Narrowed()
        try:
            chosen = Filter(language=said.language, since=said.since.strip(), until=said.until.strip())
        except QuestionError as error:
            return self.listed(Wanted(), language, str(error)), gr.skip()
        wanted = Wanted(said.text, chosen)
        return self.listed(wanted, language), wanted

    def add(self, paths: list[str], wanted: Wanted, language: str, request: gr.Request) -> Iterator[Update]:
        """Read uploaded files into the store, with a bar for each."""
        files = [Path(path) for path in paths]

        def work(tell: OnProgress, cancelled: threading.Event) -> list[Outcome]:
            try:
                return self.qa.ingest(files, tell, cancelled=cancelled)
            finally:
                for file in files:
                    file.unlink(missing_ok=True)

        yield from self._watched(work, wanted, language, request)

    def reread(self, wanted: Wanted, language: str, event: gr.EventData, request: gr.Request) -> Iterator[Update]:
        """Read a report again from the file that the store keeps."""
        if entry := self._entry(event):
            id = entry.id
            yield from self._watched(
                lambda tell, cancelled: [self.qa.reread(id, tell, cancelled=cancelled)], wanted, language, request
            )

    def _watched(
        self,
        work: Callable[[OnProgress, threading.Event], list[Outcome]],
        wanted: Wanted,
        language: str,
        request: gr.Request,
    ) -> Iterator[Update]:
        """Do the work in a thread of its own and show its steps: the list, and what is told over it."""
        session = str(request.session_hash)
        cancelled = self.adding[session] = threading.Event()
        steps: queue.SimpleQueue[Progress | None] = queue.SimpleQueue()
        outcomes: list[Outcome] = []
        problems: list[Exception] = []

        def run() -> None:
            try:
                outcomes.extend(work(steps.put, cancelled))
            except Exception as error:
                problems.append(error)
            finally:
                steps.put(None)

        threading.Thread(target=run, name="ingest", daemon=True).start()
        yield gr.skip(), progress((), language)
        under_way: dict[str, Progress] = {}  # of several reports at once: the next is read while one is embedded
        while (step := steps.get()) is not None:
            under_way[step.report] = step
            if step.stage is Stage.STORING and step.done >= step.total and len(under_way) > 1:
                del under_way[step.report]
            if steps.empty():
                yield gr.skip(), progress(list(under_way.values()), language, cancelled.is_set())
        if self.adding.get(session) is cancelled:
            del self.adding[session]
        told = results(outcomes, language)
        told += "".join(f'<div class="alert">{escape(failure(error, language))}</div>' for error in problems)
        yield self.listed(wanted, language), told

    def cancel(self, request: gr.Request) -> None:
        """End what this session is adding; reports that are already stored stay."""
        if cancelled := self.adding.get(str(request.session_hash)):
            cancelled.set()

    def rename(self, language: str, event: gr.EventData) -> Any:
        """Ask for a report's new name."""
        entry = self._entry(event)
        return sheets.renaming(entry, language) if entry else gr.skip()

    def remove(self, language: str, event: gr.EventData) -> Any:
        """Ask whether a report is to go."""
        entry = self._entry(event)
        return sheets.removing(entry, language) if entry else gr.skip()

    def renamed(self, wanted: Wanted, language: str, event: gr.EventData) -> Update:
        """Give a report another file name."""
        said = OfReport.of(event)
        return self._changed(event, wanted, language, lambda entry: self.qa.rename(entry.id, said.name if said else ""))

    def removed(self, wanted: Wanted, language: str, event: gr.EventData) -> Update:
        """Take a report out of the store."""
        return self._changed(event, wanted, language, lambda entry: self.qa.remove(entry.id))

    def _changed(self, event: gr.EventData, wanted: Wanted, language: str, change: Callable[[Entry], object]) -> Update:
        entry = self._entry(event)
        try:
            if entry is not None:
                change(entry)
        except ReportQAError as error:
            return self.listed(wanted, language), note.toast(failure(error, language))
        return self.listed(wanted, language), gr.skip()

    def sections(self, language: str, event: gr.EventData) -> Any:
        """A report's sections."""
        entry = self._entry(event)
        return sheets.sections(entry, self._sections(entry), None, language) if entry else gr.skip()

    def aside(self, language: str, event: gr.EventData) -> Iterator[Update]:
        """Read a report's file again and show what was set aside in it."""
        entry = self._entry(event)
        if entry is None:
            return
        yield gr.skip(), note.toast(f"{word(Stage.READING, language)}…")
        try:
            found = self._aside(entry)
        except ReportQAError as error:
            yield gr.skip(), note.toast(failure(error, language))
            return
        yield sheets.sections(entry, self._sections(entry), found, language), gr.skip()

    def _sections(self, entry: Entry) -> list[tuple[str, int]]:
        """The section paths with their first pages, in reading order."""
        first: dict[str, int] = {}
        for chunk in self.qa.library.chunks(entry.id):
            first.setdefault(chunk.section, chunk.page)
        return list(first.items())

    def _aside(self, entry: Entry) -> list[sheets.Aside]:
        blocks = self.qa.library.inspection(entry.id).aside
        return [sheets.Aside(block.page, block.kind.value, block_text(block)) for block in blocks[:ASIDE_SHOWN]]

    def _entry(self, event: gr.EventData) -> Entry | None:
        """The report that is meant, also when it was read anew since the page was drawn; None when it is gone."""
        said = OfReport.of(event)
        with suppress(StoreError):
            return entry_of(self.qa.library, said.report) if said else None
        return None

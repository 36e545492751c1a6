"""The facade: one open store of reports that can be filled, searched and asked."""

import copy
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from index.embedding import open_embedder
from index.errors import ModelError, QuestionError, ReportQAError, StoreError
from index.filters import Filter
from index.library import Library
from index.reading.pool import cores
from index.types import Entry, Hit, Outcome, Progress
from rag.asking import question as questions
from rag.llm import LanguageModel, open_llm
from rag.queueing import Turns, in_turn
from rag.settings import Settings, load
from rag.types import Answer, Conflict, Event, Evidence, EvidenceReady, History, Question
from rag.usage import Usage

if TYPE_CHECKING:
    from rag.finding.lookup import Lookup
    from rag.finding.reranking import Reranker
    from rag.finding.retrieval import HybridRetriever

log = logging.getLogger(__name__)
Reports = Sequence[str] | Filter


class ReportQA:
    """Reports in, cited answers out. Use :meth:`open`; close it, or use it in a ``with`` statement.

    All methods may be called from several threads.
    """

    def __init__(self, library: Library, settings: Settings, llm: LanguageModel | None, llm_problem: str = "") -> None:
        self.library, self.settings = library, settings
        self._llm, self._llm_problem = llm, llm_problem
        self._turns = Turns(settings.llm_answers or (4 if settings.llm_base_url else 1))
        self._finding = threading.Semaphore(cores())  # all at once would all be late; one by one most are early

    @classmethod
    def open(
        cls, store: Path | str | None = None, settings: Settings | None = None, *, wait: bool = True
    ) -> "ReportQA":
        """Open a store, making it when it is new. With ``wait`` False it is opened in the background.

        Raises ModelError when the embedder is missing and StoreError when the store is damaged or was filled by
        another embedder. A missing language model is no error here: answers are then the evidence, with a notice.
        """
        settings = settings or load()
        if store is not None:
            settings = settings.model_copy(update={"store": Path(store)})
        library = Library(
            settings.store.expanduser(),
            lambda: open_embedder(settings.embedder, settings.models_dir, settings.threads),
            chunk_tokens=settings.chunk_tokens,
            candidates=settings.candidates,
            limits=settings.limits,
            chroma_url=settings.chroma_url,
            kept=settings.models_dir,
            wait=wait,
        )
        try:
            return cls(library, settings, open_llm(settings))
        except ModelError as error:
            log.warning("%s", error)
            return cls(library, settings, None, str(error))

    def with_evidence(self, items: int, tokens: int, *, model: bool = True) -> "ReportQA":
        """The same store and model, with other limits of what the model is shown; without it where ``model`` is False.

        Only the original is to be closed.
        """
        other = copy.copy(self)
        other.settings = self.settings.model_copy(update={"evidence_items": items, "evidence_tokens": tokens})
        other.__dict__.pop("_lookup", None)  # it was made for the settings of the original
        if not model:
            other._llm = None
        return other

    def close(self) -> None:
        """Stop the local model server and let go of the store."""
        if self._llm is not None:
            self._llm.close()
        self.library.close()

    def __enter__(self) -> "ReportQA":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def model_name(self) -> str:
        """The language model's name, "" when answers are the evidence itself."""
        return self._llm.name if self._llm is not None else ""

    @property
    def usage(self) -> Usage:
        """The tokens that the language model has read and written since the store was opened."""
        return self._llm.usage if self._llm is not None else Usage()

    @property
    def embedder_name(self) -> str:
        """The embedder's name."""
        return self.library.embedder.name

    def notices(self, language: str) -> list[str]:
        """What a user has to know before asking: where report text goes, and whether there is a model."""
        notes = []
        if self._llm is not None and self._llm.remote_host:
            host = self._llm.remote_host
            notes.append(
                f"报告内容会发送到 {host}（设置 llm_base_url）。"
                if language == "zh"
                else f"Report text leaves this machine: it is sent to {host} (setting llm_base_url)."
            )
        store = self.settings.remote_store
        if store:
            notes.append(
                f"报告内容保存在 {store}（设置 chroma_url）。"
                if language == "zh"
                else f"Report text leaves this machine: it is kept on {store} (setting chroma_url)."
            )
        if self._llm is None:
            chosen = {"zh": "未启用语言模型，只显示报告原文。", "en": "No language model: answers are quotations."}
            notes.append(f"{chosen[language]} {self._llm_problem}".strip())
        return notes

    def warm(self) -> None:
        """Begin to load the language model in the background, so that the first answer does not wait for it."""
        if self._llm is not None:
            threading.Thread(target=self._start_llm, args=(self._llm,), daemon=True).start()

    @staticmethod
    def _start_llm(llm: LanguageModel) -> None:
        try:
            llm.start()
        except ReportQAError as error:  # the first question will meet it again and show it
            log.warning("%s", error)

    def ingest(
        self,
        paths: Iterable[Path | str],
        on_progress: Callable[[Progress], None] | None = None,
        passwords: Sequence[str] = (),
        cancelled: threading.Event | None = None,
    ) -> list[Outcome]:
        """Add files, and the reports in folders. One outcome a file; a file that fails does not stop the others.

        ``on_progress`` gets the steps of several files, mixed, from several threads, one at a time. ``passwords`` are
        tried on files that are encrypted. Setting ``cancelled`` ends it: nothing of what is unfinished stays.
        """
        tell = on_progress or (lambda progress: None)
        return self.library.add([Path(path) for path in paths], tell, passwords, cancelled)

    def reread(
        self,
        id_or_name: str,
        on_progress: Callable[[Progress], None] | None = None,
        passwords: Sequence[str] = (),
        cancelled: threading.Event | None = None,
    ) -> Outcome:
        """Read a report anew from its file in the store, as after OCR was installed; see :meth:`ingest`.

        Raises StoreError when it is not there.
        """
        return self.library.reread(id_or_name, on_progress or (lambda progress: None), passwords, cancelled)

    def rename(self, id_or_name: str, name: str) -> Entry:
        """Give a report another file name; it keeps its ending. Raises StoreError when it is taken or cannot be."""
        return self.library.rename(id_or_name, name)

    def reports(self, filter: Filter | None = None) -> list[Entry]:
        """The reports by name, or those that a filter chooses. Raises QuestionError when it chooses none."""
        entries = self.library.reports()
        return filter.select(entries) if filter else entries

    def choose(self, reports: Sequence[str] = (), filter: Filter | None = None) -> tuple[str, ...]:
        """The ids of the reports named (ids or file names) that a filter lets in; empty when nothing narrows them.

        A copy is left out when its original is chosen too, as in searches of everything, unless it is named. Raises
        QuestionError when a report is not there or no report is left.
        """
        named = self._ids(reports)
        if not filter:
            return named
        found = filter.select([entry for entry in self.library.reports() if not named or entry.id in named])
        names = {entry.name for entry in found}
        return tuple(entry.id for entry in found if named or entry.copy_of not in names)

    def remove(self, id_or_name: str) -> Entry:
        """Remove a report and all that was kept of it. Raises StoreError when it is not there."""
        return self.library.remove(id_or_name)

    def conflicts(self, report: str, *, others: bool = False) -> tuple[Conflict, ...]:
        """The contradictions within a report, with ``others`` those with other reports too (:mod:`rag.conflicts`)."""
        from rag.conflicts import conflicts_of_report

        return conflicts_of_report(self.library, self._ids((report,))[0], others=others)

    def retriever(self, k: int = 20, reports: Reports = ()) -> "HybridRetriever":
        """A llama-index retriever over the store; ``reports`` are ids or file names, or a filter, empty for all."""
        from rag.finding.retrieval import HybridRetriever  # llama-index takes a second to import

        return HybridRetriever(self.library, k, self._ids(reports), self._reranker())

    def _reranker(self) -> "Reranker | None":
        from rag.finding.reranking import reranker

        return reranker(self.settings.reranker, self.settings.models_dir, self.settings.rerank_items)

    def search(self, query: str, k: int = 10, reports: Reports = ()) -> list[Hit]:
        """The ``k`` best chunks for a query, best first. Raises QuestionError for a query without words."""
        asked = questions.prepare(query)
        return self.retriever(k, reports).hits(asked.standalone)

    def retrieve(self, query: str, k: int = 20, reports: Reports = ()) -> list[Hit]:
        """The same as :meth:`search`, under the name that evaluation uses."""
        return self.search(query, k, reports)

    @cached_property
    def _lookup(self) -> "Lookup":
        from rag.finding.lookup import Lookup  # what only answers need takes 0.2 s to import

        return Lookup(self.library, self.settings, lambda text, k, reports: self.retriever(k, reports).hits(text))

    def evidence(self, question: Question) -> list[Evidence]:
        """What the model would be shown for a question."""
        return list(self._lookup.found(question).evidence)

    def stream(self, question: str, history: History = (), reports: Reports = (), asker: str = "") -> Iterator[Event]:
        """Answer a question: first EvidenceReady, then TextDelta as it is written, then the checked Answer.

        ``history`` holds the turns before, oldest first; ``reports`` ids or file names, or a filter, empty for all.
        While the model writes other answers Waiting says the place in the line, before the evidence only where a
        follow-up is not to be understood without the model; turns go round between those whose ``asker`` (a user, a
        session) differs. Raises QuestionError, before anything is yielded, for a question that cannot be asked.
        """
        ids = self._ids(reports)
        return in_turn(lambda llm: self._answer(question, history, ids, llm), self._llm, self._turns, asker)

    def _answer(
        self, question: str, history: History, reports: Sequence[str], llm: LanguageModel | None
    ) -> Iterator[Event]:
        started = time.perf_counter()
        from rag.answering import MODEL_FAILED
        from rag.standing import stands_on

        prepared = questions.prepare(question, history, reports, llm)
        for event in self._events(prepared, llm, started, follows=bool(history)):
            if isinstance(event, Answer) and self._llm_problem and event.found:
                problem = f"{MODEL_FAILED[event.language]} {self._llm_problem}"
                yield event.model_copy(update={"notice": problem, "failed": True})
            elif isinstance(event, Answer) and not event.notice:
                yield event.model_copy(update={"notice": stands_on(event, prepared, self.library.reports())})
            else:
                yield event

    def _events(
        self, question: Question, llm: LanguageModel | None, started: float, *, follows: bool
    ) -> Iterator[Event]:
        from rag.answering import Answering, since
        from rag.arithmetic import asks_for, printed
        from rag.conflicts import asks_for_consistency, conflicts_for, sides
        from rag.permissions import clauses

        with self._finding:
            overview = self._lookup.overview(question)
            found = overview or self._lookup.found(question, follows=follows)
            operation = None if overview else asks_for(question.standalone)
            reckons = operation and (operation.reckoned_first or not printed(operation, found.evidence))
            operands = self._lookup.operands(operation, found) if operation and reckons else ()
        yield EvidenceReady(evidence=(*found.evidence, *operands))
        answering = Answering(
            question,
            found,
            llm,
            started=started,
            retrieve_ms=since(started),
            embedder=self.embedder_name,
            calibrated=self.settings.embedder == "default",
            conflicts=lambda text, cited: conflicts_for(text, cited, self.library, found.hits),
        )
        if overview:
            yield from answering.overview()
            return
        if asks_for_consistency(question.standalone) and (both := sides(answering.asked(), found.hits, self.library)):
            yield from answering.sides(both)
            return
        if allowed := clauses(question.standalone, found.hits, self.library.chunks):
            yield from answering.permissions(allowed)
            return
        if operation and operands:
            reckoned = answering.computed(operation, operands)
            if reckoned is not None:
                yield reckoned
                return
        yield from answering.stream(reckons=operation is not None)

    def ask(self, question: str, history: History = (), reports: Reports = ()) -> Answer:
        """Answer a question at once; the arguments are those of :meth:`stream`."""
        last: Event | None = None
        for event in self.stream(question, history, reports):
            last = event
        assert isinstance(last, Answer)  # noqa: S101 - stream always ends with one
        return last

    def _ids(self, reports: Reports) -> tuple[str, ...]:
        if isinstance(reports, Filter):
            return self.choose(filter=reports)
        try:
            return tuple(self.library.find(report).id for report in reports)
        except StoreError as error:
            raise QuestionError(error.message, error.remedy) from error

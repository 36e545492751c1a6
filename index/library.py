"""The facade of the index: add, remove, list and search reports."""

import dataclasses
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index import copies
from index.catalog import Catalog, inverse_frequency
from index.errors import ReadError, StoreError
from index.ingest import Ingest, OnProgress
from index.inspection import Inspection, inspect
from index.limits import Limits
from index.opening import Opening
from index.originals import file_name, under_name
from index.quotes import boxes_of
from index.reading import file_hash
from index.reading.messages import Job
from index.reading.pool import ReadingPool
from index.searching import Search
from index.types import Box, ChunkWords, Entry, Hit, Outcome

if TYPE_CHECKING:
    from index.embedding import Embedder


class Library:
    """One open store of reports with its embedder.

    Searching is safe from several threads. Adding and removing take the store's lock, so that several processes may
    share a store on one machine.
    """

    def __init__(
        self,
        store: Path,
        embedder: "Embedder | Callable[[], Embedder]",
        *,
        chunk_tokens: int = 80,
        candidates: int = 100,
        limits: Limits | None = None,
        chroma_url: str = "",
        kept: Path | None = None,
        wait: bool = True,
    ) -> None:
        """Open or make the store in the folder ``store``.

        ``embedder`` may be a function that opens one. With ``wait`` False that and the vectors are opened in the
        background, and what cannot be opened is an error of the first call that needs it. ``kept`` is a folder for what
        is measured once for an embedder.
        """
        try:
            store.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The store {store} cannot be made: {error.strerror}.", "Name another folder with --store."
            ) from error
        self.store = store
        self._chunk_tokens = chunk_tokens
        self._catalog = Catalog(store / "catalog.sqlite")
        self._pool = ReadingPool(limits)
        self._opening = Opening(store, self._catalog, embedder, chroma_url, kept)
        self._search = Search(self._catalog, self._opening, candidates)
        self._entries: tuple[tuple[int, int] | None, list[Entry]] = (None, [])
        if wait:
            self._opening.wait()

    def close(self) -> None:
        """Let go of the store's files and end the reading processes."""
        self._pool.close()
        self._opening.close()
        self._catalog.close()

    @property
    def embedder(self) -> "Embedder":
        """The embedder that the store is filled and searched with."""
        return self._opening.embedder

    @property
    def opening_seconds(self) -> float:
        """How long opening took, 0 while it is not done."""
        return self._opening.seconds

    def reports(self) -> list[Entry]:
        """All reports by name."""
        state = self._catalog.state()
        known, entries = self._entries
        if known != state:
            entries = self._catalog.entries()
            names = {entry.id: entry.name for entry in entries}
            copy_of = copies.copies(self._catalog.sketches())
            entries = [dataclasses.replace(e, copy_of=names.get(copy_of.get(e.id, ""), "")) for e in entries]
            self._entries = (state, entries)
        return list(entries)

    def find(self, id_or_name: str) -> Entry:
        """The report with this id (or the beginning of one) or file name. Raises StoreError when there is none.

        An id from before the report was read anew finds it, too.
        """
        entries = self.reports()
        exact = [entry for entry in entries if id_or_name in {entry.id, entry.name}]
        first = re.fullmatch(r"([0-9a-f]{4,})(?:-\d+)?", id_or_name)
        found = exact or [entry for entry in entries if first and entry.id.startswith(first[1])]
        if len(found) == 1:
            return found[0]
        known = ", ".join(entry.name for entry in entries[:8]) or "none yet"
        raise StoreError(
            f"There is no report {id_or_name!r} in the store {self.store}.",
            f"`report-qa reports` lists those that are there: {known}.",
        )

    def add(
        self,
        paths: Iterable[Path],
        on_progress: OnProgress = lambda progress: None,
        passwords: Sequence[str] = (),
        cancelled: threading.Event | None = None,
    ) -> list[Outcome]:
        """Add files, and the reports in folders, one outcome a file. A file that fails does not stop the others.

        ``on_progress`` is called from several threads, one at a time; the steps of several files may mix.
        ``passwords`` are tried on files that are encrypted. Setting ``cancelled`` ends the call within a moment; what
        is not in the store by then stays out, with the status CANCELLED.
        """
        return self._ingest(on_progress, passwords, cancelled).add(paths)

    def reread(
        self,
        id_or_name: str,
        on_progress: OnProgress = lambda progress: None,
        passwords: Sequence[str] = (),
        cancelled: threading.Event | None = None,
    ) -> Outcome:
        """Read a report anew from the file that the store keeps, as after OCR was installed; see :meth:`add`.

        What the store has of it is replaced at once or, when it cannot be read, stays; its id gets another ending.
        Raises StoreError when the report or its file is not in the store.
        """
        entry = self.find(id_or_name)
        return self._ingest(on_progress, passwords, cancelled).reread(entry, self._file(entry.id))

    def _ingest(self, on_progress: OnProgress, passwords: Sequence[str], cancelled: threading.Event | None) -> Ingest:
        return Ingest(self._catalog, self._opening, self._pool, self._chunk_tokens, on_progress, passwords, cancelled)

    def rename(self, id_or_name: str, name: str) -> Entry:
        """Give a report another file name; it keeps its ending. Raises StoreError when it is taken or cannot be."""
        entry = self.find(id_or_name)
        self._opening.stores.rename(entry.id, file_name(name, Path(entry.name).suffix))
        return self.find(entry.id)

    def inspection(self, id_or_name: str, passwords: Sequence[str] = ()) -> Inspection:
        """The report read anew from the file that the store keeps, to look at: blocks, sections, what was set aside.

        This takes as long as reading does. Raises StoreError when the report or its file is not in the store, ReadError
        when it cannot be read.
        """
        entry = self.find(id_or_name)
        with under_name(self._file(entry.id), entry.name) as named:
            (read,) = self._pool.read([Job(named, file_hash(named), tuple(passwords))])
        if read.report is None:
            raise read.error or ReadError(f"{entry.name} cannot be read.")
        return inspect(read.report, self.embedder.token_counts, self._chunk_tokens)

    def _file(self, report_id: str) -> Path:
        file = self.original(report_id)
        if file is None:
            raise StoreError("The file of this report is not in the store.", "Remove the report and add it again.")
        return file

    def remove(self, id_or_name: str) -> Entry:
        """Remove a report and all that was kept of it. Raises StoreError when it is not there."""
        entry = self.find(id_or_name)
        self._opening.stores.remove(entry)
        return entry

    def search(self, query: str, k: int = 10, reports: Sequence[str] = ()) -> list[Hit]:
        """The ``k`` best chunks for ``query``, best first. See :meth:`candidates`."""
        return self.candidates(query, k, reports)[:k]

    def candidates(self, query: str, k: int = 10, reports: Sequence[str] = (), also: Sequence[str] = ()) -> list[Hit]:
        """The ``k`` best chunks for ``query``, and those that the words of each text in ``also`` bring in.

        ``reports`` are ids to search in; empty searches all but copies of other reports. Best first by the score for
        ``query``, which is made of vectors and words (:mod:`index.searching`).
        """
        return self._search.candidates(query, k, self.reports(), reports, also)

    def similarities(self, query: str, texts: Sequence[str]) -> list[float]:
        """The cosine of each text alone with ``query``, comparable with :attr:`Hit.dense`: 1 for the same meaning.

        The texts are embedded now, about 3 ms for a sentence on two cores; the last ones are remembered.
        """
        return self._search.similarities(query, texts)

    def page_words(self, hits: Iterable[Hit]) -> list[ChunkWords]:
        """The words of all chunks on the pages of ``hits``, in the order in which they stand in each report."""
        return self._search.page_words(hits)

    def original(self, report_id: str) -> Path | None:
        """The file of a report as it was added; None when the store was filled before files were kept."""
        return self._opening.stores.originals.find(report_id)

    def picture(self, report_id: str, page: int, boxes: Sequence[Box] = (), width: int = 1000) -> bytes:
        """A page of a PDF report as PNG, ``width`` pixels wide, with ``boxes`` framed.

        Raises StoreError when there is no such page, or none that can be drawn: only PDF files have pictures, of other
        formats the text of a page is all there is (:meth:`chunks`).
        """
        from index.pictures import draw  # imports the drawing libraries

        file = self._file(report_id)
        if file.suffix != ".pdf":
            raise StoreError("Only the pages of PDF files can be drawn.", "Read the text of the page instead.")
        return draw(file, page, boxes, width)

    def boxes(self, report_id: str, page: int, quote: str) -> tuple[Box, ...]:
        """What frames the sentences or table rows of a page that ``quote`` is made of, in points; maybe nothing."""
        return boxes_of(quote, [s for hit in self._catalog.chunks(report_id, page) for s in hit.sentences])

    def before(self, hit: Hit) -> Hit | None:
        """The chunk before another, where it is of the same kind, on the same page and in the same section."""
        other = self._catalog.hits([hit.chunk_id - 1]).get(hit.chunk_id - 1)
        if other is None:
            return None
        same = (hit.report_id, hit.page, hit.section, hit.kind)
        return other if (other.report_id, other.page, other.section, other.kind) == same else None

    def chunks(self, report_id: str, page: int | None = None) -> list[Hit]:
        """All chunks of one report, or of one page of it, in reading order, with section paths and without scores.

        Empty when the report is gone.
        """
        return self._catalog.chunks(report_id, page)

    def sections(self, report_id: str) -> list[str]:
        """The section paths of one report ("Results › Net sales"), each once, in reading order."""
        return self._catalog.sections(report_id)

    @property
    def chunk_count(self) -> int:
        """How many chunks the store holds."""
        return sum(entry.chunks for entry in self.reports())

    def content_digest(self) -> str:
        """SHA-256 of what the store's reports say as they were read; read anew by other code, they may differ."""
        return self._catalog.content_digest()

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many chunks each word stands, 0 for words the reports do not know."""
        return self._catalog.frequencies(terms) if terms else {}

    def word_weights(self, terms: Sequence[str]) -> dict[str, float]:
        """How much each word tells a chunk from the others (its inverse document frequency)."""
        documents = max(1, self.chunk_count)
        counts = self._catalog.frequencies(terms)
        return {term: inverse_frequency(count, documents) for term, count in counts.items()}

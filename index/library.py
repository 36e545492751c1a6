"""The facade of the index: add, remove, list and search reports. The only module that writes to both stores."""

import dataclasses
import datetime
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from index import copies, reading, sections
from index.catalog import Catalog
from index.chunks import chunk
from index.errors import ReadError, ReportQAError, StoreError
from index.text import fold, words
from index.types import BlockKind, Chunk, Entry, Hit, Outcome, Progress, Report, Stage, Status
from index.vectors import Vectors

if TYPE_CHECKING:
    from index.embedding import Embedder

RRF_K = 60  # Cormack, Clarke and Buettcher 2009, "Reciprocal rank fusion outperforms Condorcet"
DISCLAIMER_WEIGHT = 0.6  # of a disclaimer's score: it matches many questions and answers few
OnProgress = Callable[[Progress], None]


class Library:
    """One open store of reports with its embedder.

    Searching is safe from several threads. Adding and removing take the store's lock, so that several processes may
    share a store on one machine.
    """

    def __init__(
        self,
        store: Path,
        embedder: "Embedder",
        *,
        chunk_tokens: int = 180,
        candidates: int = 60,
        max_pages: int = 5000,
        max_file_mb: int = 200,
        chroma_url: str = "",
    ) -> None:
        try:
            store.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The store {store} cannot be made: {error.strerror}.", "Name another folder with --store."
            ) from error
        self.store = store
        self.embedder = embedder
        self._chunk_tokens = chunk_tokens
        self._candidates = candidates
        self._max_pages, self._max_bytes = max_pages, max_file_mb * 1_000_000
        self._write_lock = FileLock(store / "write.lock", thread_local=False)
        self._thread_lock = threading.RLock()
        self._catalog = Catalog(store / "catalog.sqlite")
        self._check_embedder()
        self._vectors = Vectors(store / "chroma", chroma_url)
        self._recover()
        words("热身")  # jieba loads its dictionary on first use, which must not fall into a question

    def close(self) -> None:
        """Let go of the store's files."""
        self._catalog.close()
        self._vectors.close()

    def _check_embedder(self) -> None:
        filled_by = self._catalog.get("embedder")
        if filled_by and filled_by != self.embedder.fingerprint and self._catalog.entries():
            raise StoreError(
                f"The store {self.store} was filled by the embedder {self._catalog.get('embedder_name')}, "
                f"but the setting names {self.embedder.name}; their vectors cannot be compared.",
                "Set embedder back, or use another --store and ingest the reports again.",
            )

    def _recover(self) -> None:
        """Clear away the vectors that a crash left, unless another process is writing just now."""
        if not self._catalog.pending():
            return
        try:
            with self._write_lock.acquire(timeout=0):
                self._clear_pending()
        except Timeout:
            return

    def _clear_pending(self) -> None:
        known = {entry.id for entry in self._catalog.entries()}
        for report_id in self._catalog.pending():
            if report_id not in known:
                self._vectors.delete(report_id)
            self._catalog.clear_pending(report_id)

    def reports(self) -> list[Entry]:
        """All reports by name."""
        entries = self._catalog.entries()
        names = {entry.id: entry.name for entry in entries}
        copy_of = copies.copies(self._catalog.sketches())
        return [dataclasses.replace(entry, copy_of=names.get(copy_of.get(entry.id, ""), "")) for entry in entries]

    def find(self, id_or_name: str) -> Entry:
        """The report with this id (or the beginning of one) or file name. Raises StoreError when there is none."""
        entries = self.reports()
        exact = [entry for entry in entries if id_or_name in {entry.id, entry.name}]
        found = exact or [entry for entry in entries if len(id_or_name) >= 4 and entry.id.startswith(id_or_name)]
        if len(found) == 1:
            return found[0]
        known = ", ".join(entry.name for entry in entries[:8]) or "none yet"
        raise StoreError(
            f"There is no report {id_or_name!r} in the store {self.store}.",
            f"`report-qa reports` lists those that are there: {known}.",
        )

    def add(self, paths: Iterable[Path], on_progress: OnProgress = lambda progress: None) -> list[Outcome]:
        """Add files, and the reports in folders, one outcome a file. A file that fails does not stop the others."""
        outcomes: list[Outcome] = []
        seen: dict[str, Path] = {}
        for path in paths:
            files = self._files(path, outcomes)
            for file in files:
                twin = seen.setdefault(file.name, file)
                try:
                    if twin != file and reading.file_hash(twin) != reading.file_hash(file):
                        raise ReadError(
                            f"{file} has the name of {twin}, and a store holds one report of a name.",
                            "Rename one of them.",
                        )
                    outcomes.append(self._add_one(file, on_progress))
                except ReportQAError as error:
                    outcomes.append(Outcome(file, Status.FAILED, error=error))
        return outcomes

    def _files(self, path: Path, outcomes: list[Outcome]) -> list[Path]:
        if not path.is_dir():
            return [path]
        files = sorted(file for file in path.rglob("*") if file.is_file() and reading.is_report(file))
        if not files:
            error = ReadError(
                f"The folder {path} holds no reports.", f"Reports are files ending in {', '.join(reading.READERS)}."
            )
            outcomes.append(Outcome(path, Status.FAILED, error=error))
        return files

    def _add_one(self, path: Path, on_progress: OnProgress) -> Outcome:
        sha256 = reading.file_hash(path)
        entries = self._catalog.entries()
        same = next((entry for entry in entries if entry.sha256 == sha256), None)
        if same:
            warnings = () if same.name == path.name else (f"the same file is already there as {same.name}",)
            return Outcome(path, Status.UNCHANGED, same, warnings=warnings)
        old = next((entry for entry in entries if entry.name == path.name), None)

        def step(stage: Stage) -> Callable[[int, int], None]:
            return lambda done, total: on_progress(Progress(path.name, stage, done, total))

        report = reading.read(path, progress=step(Stage.READING), max_pages=self._max_pages, max_bytes=self._max_bytes)
        chunks = self._chunks(report)
        if not chunks:
            raise ReadError(f"{path.name} has no text that could be searched.", "Check that it is a report.")
        embeddings = self.embedder.documents([_embedded_text(c) for c in chunks], step(Stage.EMBEDDING))
        added = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        entry = Entry(
            report.sha256[:12],
            report.name,
            report.title,
            report.language,
            len(report.pages),
            len(chunks),
            sha256,
            added,
        )
        step(Stage.STORING)(0, len(chunks))
        sketch = copies.sketch(c.text for c in chunks)
        with self._write_lock:
            self._catalog.set_pending(entry.id)
            self._vectors.add(entry.id, entry.name, chunks, embeddings)
            with self._catalog.transaction():
                if old:
                    self._catalog.delete(old.id)
                    self._catalog.set_pending(old.id)
                self._catalog.set("embedder", self.embedder.fingerprint)
                self._catalog.set("embedder_name", self.embedder.name)
                self._catalog.insert(entry, report.paged, sketch, chunks)
                self._catalog.clear_pending(entry.id)
            self._clear_pending()
        step(Stage.STORING)(len(chunks), len(chunks))
        return Outcome(path, Status.REPLACED if old else Status.ADDED, entry, warnings=report.warnings)

    def _chunks(self, report: Report) -> list[Chunk]:
        stem = Path(report.name).stem
        folded = fold(stem)
        title = "" if fold(report.title) in folded else report.title[:40]
        document = " ".join(part for part in (stem.replace("_", " "), title) if part)
        return chunk(sections.split(report), self.embedder.token_counts, self._chunk_tokens, document)

    def remove(self, id_or_name: str) -> Entry:
        """Remove a report and all that was kept of it. Raises StoreError when it is not there."""
        entry = self.find(id_or_name)
        with self._write_lock:
            with self._catalog.transaction():
                self._catalog.delete(entry.id)
                self._catalog.set_pending(entry.id)
            self._clear_pending()
        return entry

    def search(self, query: str, k: int = 10, reports: Sequence[str] = ()) -> list[Hit]:
        """The ``k`` best chunks for ``query``, best first, by reciprocal rank fusion of vectors and words.

        ``reports`` are ids to search in; empty searches all but copies of other reports.
        """
        entries = self.reports()
        wanted = list(reports) or [entry.id for entry in entries if not entry.copy_of]
        if not wanted:
            return []
        everything = len(wanted) == len(entries)
        size = max(k, self._candidates)
        nearest = self._vectors.query(self.embedder.query(query), size, None if everything else wanted)
        ids = self._catalog.chunk_ids([(report, ordinal) for report, ordinal, _ in nearest])
        dense = {ids[r, o]: similarity for r, o, similarity in nearest if (r, o) in ids}
        lexical = dict(self._catalog.match(query, size, wanted))
        scores: dict[int, float] = {}
        for ranking in (dense, lexical):
            for rank, chunk_id in enumerate(ranking, 1):
                scores[chunk_id] = scores.get(chunk_id, 0.0) + 1 / (RRF_K + rank)
        found = self._catalog.hits(list(scores))
        for chunk_id, hit in found.items():
            if hit.kind is BlockKind.DISCLAIMER:
                scores[chunk_id] *= DISCLAIMER_WEIGHT
        best = sorted(found, key=lambda chunk_id: -scores[chunk_id])[:k]
        return [
            dataclasses.replace(found[i], score=scores[i], dense=dense.get(i, 0.0), lexical=lexical.get(i, 0.0))
            for i in best
        ]

    def frequencies(self, terms: Iterable[str]) -> tuple[dict[str, int], int]:
        """In how many chunks each word stands, and how many chunks there are."""
        return self._catalog.frequencies(terms), sum(entry.chunks for entry in self._catalog.entries())


def _embedded_text(piece: Chunk) -> str:
    return f"{piece.context}\n{piece.text}"

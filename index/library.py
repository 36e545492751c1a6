"""The facade of the index: add, remove, list and search reports. The only module that writes to both stores."""

import base64
import dataclasses
import datetime
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from index import copies, reading, sections
from index.alignment import Alignment
from index.catalog import Catalog, inverse_frequency
from index.chunks import chunk
from index.errors import ReadError, ReportQAError, StoreError
from index.language import detect
from index.reading.ocr import Ocr
from index.text import fold, words
from index.types import BlockKind, Chunk, Entry, Hit, Outcome, Progress, Report, Stage, Status
from index.vectors import Vectors

if TYPE_CHECKING:
    from index.embedding import Embedder

DENSE_WEIGHT = 0.35  # of the vectors' score; the rest is the words'. Measured: docs/experiments.md
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
        chunk_tokens: int = 80,
        candidates: int = 100,
        max_pages: int = 5000,
        max_file_mb: int = 200,
        ocr: Ocr = Ocr(),  # noqa: B008 - a frozen value
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
        self._ocr = ocr
        self._write_lock = FileLock(store / "write.lock", thread_local=False)
        self._catalog = Catalog(store / "catalog.sqlite")
        self._check_embedder()
        self._vectors = Vectors(store / "chroma", chroma_url)
        self._recover()
        self._entries: tuple[tuple[int, int] | None, list[Entry]] = (None, [])
        self._alignment = self._align()
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

    def _align(self) -> Alignment:
        """The embedder's language directions, measured once for a store."""
        key = f"alignment {self.embedder.fingerprint}"
        kept = self._catalog.get(key)
        if kept:
            return Alignment.from_bytes(base64.b64decode(kept))
        alignment = Alignment.measure(self.embedder)
        self._catalog.set(key, base64.b64encode(alignment.to_bytes()).decode())
        return alignment

    def _recover(self) -> None:
        """Clear away the vectors that a crash left, unless another process is writing just now."""
        try:
            with self._write_lock.acquire(timeout=0):
                self._clear_pending()
                self._check_vectors()
        except Timeout:
            return

    def _check_vectors(self) -> None:
        """See that the two halves of the store belong together, as they do not when a file of one was deleted."""
        entries = self._catalog.entries()
        expected, there = sum(entry.chunks for entry in entries), self._vectors.count()
        if there > expected and not self._vectors.shared:
            self._vectors.keep_only([entry.id for entry in entries])
            there = self._vectors.count()
        if there < expected:
            raise StoreError(
                f"The store {self.store} has {there} vectors for {expected} chunks, so a part of it was lost.",
                "Delete the store's folder and ingest the reports again.",
            )

    def _clear_pending(self) -> None:
        known = {entry.id for entry in self._catalog.entries()}
        for report_id in self._catalog.pending():
            if report_id not in known:
                self._vectors.delete(report_id)
            self._catalog.clear_pending(report_id)

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

        def step(stage: Stage) -> Callable[[int, int], None]:
            return lambda done, total: on_progress(Progress(path.name, stage, done, total))

        report = reading.read(
            path,
            progress=step(Stage.READING),
            max_pages=self._max_pages,
            max_bytes=self._max_bytes,
            ocr=self._ocr,
        )
        chunks = self._chunks(report)
        if not chunks:
            raise ReadError(f"{path.name} has no text that could be searched.", "Check that it is a report.")
        embeddings = self.embedder.documents([_embedded_text(c) for c in chunks], step(Stage.EMBEDDING))
        embeddings = self._alignment.passages(embeddings, [detect(c.text) for c in chunks])
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
            # Another process may have added this file, or one of its name, while this one was reading.
            entries = self._catalog.entries()
            same = next((known for known in entries if known.id == entry.id), None)
            if same:
                return Outcome(path, Status.UNCHANGED, same)
            old = next((known for known in entries if known.name == path.name), None)
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
        """The ``k`` best chunks for ``query``, best first.

        Vectors and words each score their best candidates; a chunk's score is the weighted sum (Bruch, Gai and Ingber
        2023, "An Analysis of Fusion Functions for Hybrid Retrieval": convex combinations beat reciprocal ranks). The
        similarity is scaled to 0..1 over the candidates, the words' score is a coverage, so that words say little when
        the query has few that the reports know, as a question in another language does.

        ``reports`` are ids to search in; empty searches all but copies of other reports.
        """
        entries = self.reports()
        wanted = list(reports) or [entry.id for entry in entries if not entry.copy_of]
        if not wanted:
            return []
        size = max(k, self._candidates)
        question = self._alignment.question(self.embedder.query(query), detect(query))
        nearest = self._vectors.query(question, size, None if len(wanted) == len(entries) else wanted)
        ids = self._catalog.chunk_ids([(report, ordinal) for report, ordinal, _ in nearest])
        dense = {ids[r, o]: similarity for r, o, similarity in nearest if (r, o) in ids}
        lexical = dict(self._catalog.match(query, size, wanted))
        least = min(dense.values(), default=0.0)
        span = max(max(dense.values(), default=0.0) - least, 1e-9)
        found = self._catalog.hits([*dense, *(chunk_id for chunk_id in lexical if chunk_id not in dense)])
        hits = []
        for chunk_id, hit in found.items():
            near = (dense[chunk_id] - least) / span if chunk_id in dense else 0.0
            score = DENSE_WEIGHT * near + (1 - DENSE_WEIGHT) * lexical.get(chunk_id, 0.0)
            if hit.kind is BlockKind.DISCLAIMER:
                score *= DISCLAIMER_WEIGHT
            hits.append(
                dataclasses.replace(
                    hit, score=score, dense=dense.get(chunk_id, 0.0), lexical=lexical.get(chunk_id, 0.0)
                )
            )
        return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:k]

    @property
    def chunk_count(self) -> int:
        """How many chunks the store holds."""
        return sum(entry.chunks for entry in self.reports())

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many chunks each word stands, 0 for words the reports do not know."""
        return self._catalog.frequencies(terms) if terms else {}

    def word_weights(self, terms: Sequence[str]) -> dict[str, float]:
        """How much each word tells a chunk from the others (its inverse document frequency)."""
        documents = max(1, self.chunk_count)
        counts = self._catalog.frequencies(terms)
        return {term: inverse_frequency(count, documents) for term, count in counts.items()}


def _embedded_text(piece: Chunk) -> str:
    return f"{piece.context}\n{piece.text}"

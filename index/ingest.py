"""Reports into a store: files are read in other processes while this one embeds and stores those read before."""

import datetime
import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from index import copies, reading
from index.catalog import Catalog
from index.chunks import of_report
from index.errors import ReadError, ReportQAError
from index.language import detect
from index.opening import Opening
from index.originals import under_name
from index.reading.messages import Job
from index.reading.pool import ReadingPool
from index.reading.underway import Read
from index.stores import Filled
from index.types import BlockKind, Chunk, Entry, Outcome, Progress, Report, Spent, Stage, Status

log = logging.getLogger(__name__)
OnProgress = Callable[[Progress], None]
_MOST_KEPT = 50_000  # vectors of one call that are kept for texts that come again, 1.5 KB each


class _Cancelled(Exception):  # noqa: N818 - what happened
    """The caller wants no more."""


class Ingest:
    """One call that adds files to a store. ``pool`` reads them; ``opening`` may still be under way.

    ``cancelled`` ends it: the file that is being read or embedded and those after it stay out of the store.
    """

    def __init__(
        self,
        catalog: Catalog,
        opening: Opening,
        pool: ReadingPool,
        chunk_tokens: int,
        on_progress: OnProgress,
        passwords: Sequence[str] = (),
        cancelled: threading.Event | None = None,
    ) -> None:
        self._catalog, self._opening, self._pool = catalog, opening, pool
        self._chunk_tokens = chunk_tokens
        self._on_progress, self._passwords = on_progress, tuple(passwords)
        self._cancelled = cancelled
        self._progress_lock = threading.Lock()
        self._kept: dict[str, NDArray[np.float32]] = {}

    def add(self, paths: Iterable[Path]) -> list[Outcome]:
        """Add files, and the reports in folders: one outcome a file, in order."""
        outcomes: dict[int, Outcome] = {}
        waiting = self._plan(paths, outcomes)
        planned = dict(waiting)
        while waiting and not (self._cancelled and self._cancelled.is_set()):
            # Of files with the same bytes the first goes in; what becomes of the others depends on it.
            now: dict[str, int] = {}
            for number, job in waiting.items():
                now.setdefault(job.sha256, number)
            first = {number: waiting.pop(number) for number in now.values()}
            new = {number: job for number, job in first.items() if not self._unchanged(number, job, outcomes)}
            self._add(new, outcomes)
        for number, job in planned.items():
            outcomes.setdefault(number, Outcome(job.path, Status.CANCELLED))
        self._opening.wait()  # a store that is not sound must be told even when there was nothing to add
        return [outcomes[number] for number in sorted(outcomes)]

    def reread(self, entry: Entry, file: Path) -> Outcome:
        """Read a report anew from its ``file`` as the store keeps it, in place of what the store has of it."""
        outcomes: dict[int, Outcome] = {}
        with under_name(file, entry.name) as named:
            self._add({1: Job(named, reading.file_hash(named), self._passwords)}, outcomes, entry)
        self._opening.wait()
        return replace(outcomes.get(1, Outcome(file, Status.CANCELLED)), path=Path(entry.name))

    def _plan(self, paths: Iterable[Path], outcomes: dict[int, Outcome]) -> dict[int, Job]:
        """The files to be read, by their number among all; those that cannot be get their outcome at once."""
        jobs: dict[int, Job] = {}
        seen: dict[str, Path] = {}
        hashes: dict[Path, str] = {}
        number = 0
        for path in paths:
            for file in _files(path):
                number += 1
                try:
                    if file.is_dir():
                        raise ReadError(
                            f"The folder {file} holds no reports.",
                            f"Reports are files ending in {', '.join(reading.READERS)}.",
                        )
                    sha256 = hashes[file] = hashes.get(file) or reading.file_hash(file)
                    reading.reader(file)
                    twin = seen.setdefault(file.name, file)
                    if hashes[twin] != sha256:
                        raise ReadError(
                            f"{file} has the name of {twin}, and a store holds one report of a name.",
                            "Rename one of them.",
                        )
                    jobs[number] = Job(file, sha256, self._passwords)
                except ReadError as error:
                    outcomes[number] = Outcome(file, Status.FAILED, error=error)
        return jobs

    def _unchanged(self, number: int, job: Job, outcomes: dict[int, Outcome]) -> bool:
        same = next((entry for entry in self._catalog.entries() if entry.sha256 == job.sha256), None)
        if same is None:
            return False
        warnings = () if same.name == job.path.name else (f"the same file is already there as {same.name}",)
        outcomes[number] = Outcome(job.path, Status.UNCHANGED, same, warnings=warnings)
        return True

    def _add(self, jobs: dict[int, Job], outcomes: dict[int, Outcome], old: Entry | None = None) -> None:
        """Read, embed and store files; with ``old`` in place of that report."""
        if not jobs:
            return
        numbers = {(job.path, job.sha256): number for number, job in jobs.items()}
        read = self._pool.read(list(jobs.values()), self._read_pages, self._cancelled)
        try:
            for result in read:
                _ = self._opening.embedder  # without it nothing can be added, so that is no file's error
                number = numbers[result.job.path, result.job.sha256]
                try:
                    outcomes[number] = self._store(result, old)
                except ReportQAError as error:
                    outcomes[number] = Outcome(result.job.path, Status.FAILED, error=error)
        except _Cancelled:
            pass
        finally:
            read.close()

    def _read_pages(self, job: Job, done: int, total: int, ocr: bool) -> None:
        self._tell(Progress(job.path.name, Stage.OCR if ocr else Stage.READING, done, total))

    def _tell(self, progress: Progress) -> None:
        """Pass progress on. Raises _Cancelled when the caller wants no more; nothing is in the store yet."""
        with self._progress_lock:
            if self._cancelled and self._cancelled.is_set():
                raise _Cancelled
            self._on_progress(progress)

    def _store(self, read: Read, old: Entry | None) -> Outcome:
        """Embed and store one report. Raises the error that kept it from being read."""
        if read.report is None:
            raise read.error or ReadError(f"{read.job.path.name} cannot be read.")
        report, name = read.report, read.job.path.name
        started = perf_counter()
        chunks = self._chunks(report)
        if not chunks:
            raise ReadError(f"{name} has no text that could be searched.", "Check that it is a report.")
        embeddings, digests = self._embed(
            chunks, lambda done: self._tell(Progress(name, Stage.EMBEDDING, done, len(chunks)))
        )
        embedded = perf_counter()
        self._tell(Progress(name, Stage.STORING, 0, len(chunks)))
        entry = _entry(report, chunks)
        if old:
            entry = replace(entry, id=_next_id(old.id), sha256=old.sha256, added=old.added)
        sketch = copies.sketch(c.text for c in chunks)
        embedder = self._opening.embedder
        filled = Filled(entry, read.job, report.paged, sketch, chunks, embeddings, digests)
        entry, same, replaced = self._opening.stores.put(filled, (embedder.fingerprint, embedder.name), old)
        with self._progress_lock:  # it is in the store: too late to cancel
            self._on_progress(Progress(name, Stage.STORING, len(chunks), len(chunks)))
        spent = Spent(read.seconds, embedded - started, perf_counter() - embedded)
        if same:
            return Outcome(read.job.path, Status.UNCHANGED, entry, spent=spent)
        status = Status.REPLACED if replaced else Status.ADDED
        return Outcome(read.job.path, status, entry, warnings=report.warnings, spent=spent)

    def _chunks(self, report: Report) -> list[Chunk]:
        return of_report(report, self._opening.embedder.token_counts, self._chunk_tokens)

    def _embed(self, chunks: Sequence[Chunk], progress: Callable[[int], None]) -> tuple[NDArray[np.float32], list[str]]:
        """The vectors of chunks, (chunks, dimension), and the digests of what they are made of.

        Only what neither this call nor the store has a vector for is embedded.
        """
        embedder, alignment = self._opening.embedder, self._opening.alignment
        key = hashlib.sha256(embedder.fingerprint.encode() + alignment.to_bytes()).digest()
        texts = [embedded_text(c) for c in chunks]
        digests = [
            hashlib.blake2b(f"{text}\0{c.text}".encode("utf-8", "replace"), digest_size=16, key=key).hexdigest()
            for text, c in zip(texts, chunks, strict=True)
        ]
        rows = {digest: row for row, digest in enumerate(digests)}  # of equal chunks one is embedded
        known = {digest: self._kept[digest] for digest in rows if digest in self._kept}
        missing = [digest for digest in rows if digest not in known]
        if self._catalog.find_digests(missing):
            known |= self._opening.stores.kept_vectors(missing)
            missing = [digest for digest in missing if digest not in known]
        have = len(chunks) - len(missing)
        progress(have)
        if missing:
            fresh = [rows[digest] for digest in missing]
            made = embedder.documents([texts[row] for row in fresh], lambda done, total: progress(have + done))
            made = alignment.passages(made, [detect(chunks[row].text) for row in fresh])
            known |= dict(zip(missing, made, strict=True))
        if len(self._kept) < _MOST_KEPT:
            self._kept |= known
        return np.stack([known[digest] for digest in digests]).astype(np.float32), digests


def embedded_text(piece: Chunk) -> str:
    """What is embedded of a chunk: its context and its text, table rows as printed, for the context has the header."""
    text = "\n".join(s.quote for s in piece.sentences) if piece.kind is BlockKind.TABLE else piece.text
    return f"{piece.context}\n{text}"


def _entry(report: Report, chunks: Sequence[Chunk]) -> Entry:
    added = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return Entry(
        report.sha256[:12],
        report.name,
        report.title,
        report.language,
        len(report.pages),
        len(chunks),
        report.sha256,
        added,
        card=report.card,
    )


def _next_id(report_id: str) -> str:
    """The id of the next reading of a report: two versions never share one, or a crash could mix them."""
    first, _, reading = report_id.partition("-")
    return f"{first}-{int(reading or 1) + 1}"


def _files(path: Path) -> list[Path]:
    """The path itself, or the reports in a folder; a folder without any stands for itself."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.is_file() and reading.is_report(file)) or [path]

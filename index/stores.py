"""The two halves of a store changed together, so that each report is wholly in or wholly out whenever a crash comes.

The protocol is described in docs/architecture.md. This is the only module that writes to both halves.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from index.catalog import Catalog
from index.errors import StoreError
from index.originals import Originals
from index.reading.messages import Job
from index.types import Chunk, Entry
from index.vectors import Vectors


@dataclass(frozen=True, slots=True)
class Filled:
    """A report ready to be stored: row i of ``embeddings`` and ``digests[i]`` are those of ``chunks[i]``.

    ``job`` is what it was read from.
    """

    entry: Entry
    job: Job
    paged: bool
    sketch: frozenset[int]
    chunks: Sequence[Chunk]
    embeddings: NDArray[np.float32]
    digests: Sequence[str]


class Stores:
    """A catalogue and its vectors. Changes take the store's lock, so that several processes may share a store."""

    def __init__(self, folder: Path, catalog: Catalog, vectors: Vectors) -> None:
        self.folder, self.catalog, self.vectors = folder, catalog, vectors
        self.originals = Originals(folder / "files")
        self._lock = FileLock(folder / "write.lock", thread_local=False)

    def recover(self) -> None:
        """Clear away the vectors that a crash left, unless another process is writing just now.

        Raises StoreError when one half of the store has lost what the other has.
        """
        try:
            with self._lock.acquire(timeout=0):
                self.clear_pending()
                self._check_vectors()
        except Timeout:
            return

    def _check_vectors(self) -> None:
        """See that the two halves of the store belong together, as they do not when a file of one was deleted."""
        entries = self.catalog.entries()
        expected, there = sum(entry.chunks for entry in entries), self.vectors.count()
        if there > expected and not self.vectors.shared:
            self.vectors.keep_only([entry.id for entry in entries])
            there = self.vectors.count()
        if there < expected:
            raise StoreError(
                f"The store {self.folder} has {there} vectors for {expected} chunks, so a part of it was lost.",
                "Delete the store's folder and ingest the reports again.",
            )

    def clear_pending(self) -> None:
        """Delete the vectors of reports that are noted as pending and not in the catalogue."""
        known = {entry.id for entry in self.catalog.entries()}
        for report_id in self.catalog.pending():
            if report_id not in known:
                self.vectors.delete(report_id)
            self.catalog.clear_pending(report_id)
        self.originals.keep_only(known)

    def put(self, filled: Filled, embedder: tuple[str, str], again: Entry | None = None) -> tuple[Entry, bool, bool]:
        """Store a report in place of the one of its name, or of ``again``; ``embedder`` is (fingerprint, name).

        Returns its entry, whether another process has added it meanwhile, and whether it has replaced one. Raises
        StoreError when ``again`` is not there any more.
        """
        entry = filled.entry
        with self._lock:
            entries = self.catalog.entries()
            if again:
                old = next((known for known in entries if known.id == again.id), None)
                if old is None:
                    raise StoreError(f"{again.name} was removed or replaced meanwhile.", "See `report-qa reports`.")
                entry = dataclasses.replace(entry, name=old.name)  # it may have been renamed
            else:
                same = next((known for known in entries if known.sha256 == entry.sha256), None)
                if same:
                    return same, True, False
                old = next((known for known in entries if known.name == entry.name), None)
            self.catalog.set_pending(entry.id)
            self.originals.put(entry.id, filled.job.sha256, filled.job.path, filled.job.passwords)
            self.vectors.add(entry.id, entry.name, filled.chunks, filled.embeddings, filled.digests)
            with self.catalog.transaction():
                if old:
                    self.catalog.delete(old.id)
                    self.catalog.set_pending(old.id)
                self.catalog.set("embedder", embedder[0])
                self.catalog.set("embedder_name", embedder[1])
                self.catalog.insert(entry, filled.paged, filled.sketch, filled.chunks)
                self.catalog.set_digests(entry.id, filled.digests)
                self.catalog.clear_pending(entry.id)
            self.clear_pending()
        return entry, False, old is not None

    def rename(self, report_id: str, name: str) -> None:
        """Give a report another file name. Raises StoreError when another report has it or the report is gone."""
        with self._lock:
            entries = self.catalog.entries()
            if report_id not in {entry.id for entry in entries}:
                raise StoreError("The report was removed meanwhile.", "See `report-qa reports`.")
            if any(entry.name == name and entry.id != report_id for entry in entries):
                raise StoreError(f"There is a report {name} already.", "Choose another name, or rename that one.")
            self.vectors.rename(report_id, name)
            self.catalog.rename(report_id, name)

    def remove(self, entry: Entry) -> None:
        """Remove a report and all that was kept of it."""
        with self._lock:
            with self.catalog.transaction():
                self.catalog.delete(entry.id)
                self.catalog.set_pending(entry.id)
            self.clear_pending()

    def kept_vectors(self, digests: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors that the store has for these digests."""
        places = self.catalog.find_digests(digests)
        if not places:
            return {}
        found = self.vectors.get(list(places.values()))
        # A report may have been changed since it was looked up: the vector's own note of its digest decides.
        return {digest: found[place][1] for digest, place in places.items() if found.get(place, ("",))[0] == digest}

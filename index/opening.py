"""What a library needs opened before it can work: embedder, alignment and vectors, in the background."""

import base64
import hashlib
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from index.alignment import Alignment
from index.catalog import Catalog
from index.errors import StoreError
from index.stores import Stores
from index.text import words
from index.vectors import Vectors

if TYPE_CHECKING:
    from index.embedding import Embedder


class Opening:
    """The parts of a library, being opened by two threads at once, since the libraries they import take seconds.

    Each property waits for its part, and raises what kept it from being opened.
    """

    def __init__(
        self,
        folder: Path,
        catalog: Catalog,
        embedder: "Embedder | Callable[[], Embedder]",
        chroma_url: str,
        kept: Path | None,
    ) -> None:
        self._folder, self._catalog, self._kept = folder, catalog, kept
        self._started = perf_counter()
        self.seconds = 0.0
        threads = ThreadPoolExecutor(2, thread_name_prefix="opening")
        self._embedder: Future[Embedder] = Future()
        self._alignment = threads.submit(self._open_embedder, embedder)
        self._stores = threads.submit(self._open_stores, chroma_url)
        threads.shutdown(wait=False)

    def wait(self) -> None:
        """Wait until all is open. Raises ModelError or StoreError when something cannot be opened."""
        self._alignment.result()
        self._stores.result()

    def close(self) -> None:
        """Let go of what was opened, once it is."""
        self._alignment.exception()
        if self._stores.exception() is None:
            self._stores.result().vectors.close()

    @property
    def embedder(self) -> "Embedder":
        """The embedder, which is the one that filled the store."""
        return self._embedder.result()

    @property
    def alignment(self) -> Alignment:
        """The embedder's language directions, measured once for a store."""
        return self._alignment.result()

    @property
    def stores(self) -> Stores:
        """Both halves of the store, with what a crash left cleared away."""
        return self._stores.result()

    def _open_embedder(self, given: "Embedder | Callable[[], Embedder]") -> Alignment:
        try:
            embedder = given() if callable(given) else given
            self._check(embedder)
        except BaseException as error:
            self._embedder.set_exception(error)
            raise
        self._embedder.set_result(embedder)
        alignment = self._align(embedder)
        self._done()
        return alignment

    def _open_stores(self, chroma_url: str) -> Stores:
        stores = Stores(self._folder, self._catalog, Vectors(self._folder / "chroma", chroma_url))
        stores.recover()
        words("热身")  # jieba loads its dictionary on first use, which must not fall into a question
        self._done()
        return stores

    def _done(self) -> None:
        self.seconds = perf_counter() - self._started

    def _check(self, embedder: "Embedder") -> None:
        filled_by = self._catalog.get("embedder")
        if filled_by and filled_by != embedder.fingerprint and self._catalog.entries():
            raise StoreError(
                f"The store {self._folder} was filled by the embedder {self._catalog.get('embedder_name')}, "
                f"but the setting names {embedder.name}; their vectors cannot be compared.",
                "Set embedder back, or use another --store and ingest the reports again.",
            )

    def _align(self, embedder: "Embedder") -> Alignment:
        key = f"alignment {embedder.fingerprint}"
        known = self._catalog.get(key)
        if known:
            return Alignment.from_bytes(base64.b64decode(known))
        alignment = measured(embedder, self._kept)
        self._catalog.set(key, base64.b64encode(alignment.to_bytes()).decode())
        return alignment


def measured(embedder: "Embedder", folder: Path | None) -> Alignment:
    """The alignment of an embedder, measured once and then kept in ``folder`` (None: not kept).

    The file's name says which embedder and which sentences it was measured with.
    """
    if folder is None:
        return Alignment.measure(embedder)
    pairs = files("index").joinpath("data/parallel.tsv").read_bytes()
    name = hashlib.sha256(embedder.fingerprint.encode() + pairs).hexdigest()[:24]
    path = folder / f"alignment-{name}.f32"
    try:
        data = path.read_bytes()
        if len(data) == 2 * 4 * embedder.dimension:
            return Alignment.from_bytes(data)
    except OSError:
        pass
    alignment = Alignment.measure(embedder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(alignment.to_bytes())
        part.replace(path)  # whole or not at all
    except OSError:  # a folder that cannot be written to only costs the time of measuring again
        pass
    return alignment

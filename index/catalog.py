"""The SQLite half of a store: reports, chunks, and the words of every chunk in FTS5. The one that is always right.

A report is in the store when, and only when, its row is committed here. ``pending`` names reports whose vectors are
being written or deleted; what is left in it after a crash is cleared away by the library.
"""

import dataclasses
import hashlib
import json
import math
import sqlite3
import struct
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.errors import StoreError
from index.rows import HIT_COLUMNS, card_of, hit_of, interned, marks
from index.text import words
from index.types import BlockKind, Chunk, ChunkWords, Entry, Hit

VERSION = "2"
CONTEXT_WEIGHT = 0.3  # of a word in a chunk's context (report, section, table title) against one in its text
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reports (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, title TEXT NOT NULL, language TEXT NOT NULL,
    pages INTEGER NOT NULL, chunks INTEGER NOT NULL, paged INTEGER NOT NULL, sketch BLOB NOT NULL, added TEXT NOT NULL,
    card TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS chunks (
    id INTEGER PRIMARY KEY, report_id TEXT NOT NULL REFERENCES reports(id) ON DELETE CASCADE, ordinal INTEGER NOT NULL,
    page INTEGER NOT NULL, section TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, context TEXT NOT NULL,
    sentences TEXT NOT NULL, UNIQUE (report_id, ordinal));
CREATE VIRTUAL TABLE IF NOT EXISTS chunk_words USING fts5(text, context, tokenize="unicode61 tokenchars '.'");
CREATE VIRTUAL TABLE IF NOT EXISTS chunk_vocabulary USING fts5vocab(chunk_words, 'row');
CREATE TABLE IF NOT EXISTS pending (report_id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS digests (
    chunk_id INTEGER PRIMARY KEY REFERENCES chunks(id) ON DELETE CASCADE, digest TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS digests_by_value ON digests (digest);
"""


class Catalog:
    """One open catalogue. Safe to use from several threads; one writer at a time (the library's lock sees to that)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
            self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;")
            self._db.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise StoreError(
                f"The store's catalogue {path} cannot be opened: {error}.",
                "Check the folder's permissions; if the file is damaged, delete the store's folder and ingest again.",
            ) from error
        if self.get("version", VERSION) != VERSION:
            raise StoreError(
                f"The store {path.parent} is of another version of report-qa (its format is "
                f"{self.get('version')}, this one's {VERSION}).",
                "Delete the store's folder and ingest the reports again, or name a new folder with --store.",
            )
        self.set("version", VERSION)

    def close(self) -> None:
        """Close the file. The catalogue cannot be used afterwards."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept, or nothing."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def get(self, key: str, default: str = "") -> str:
        """A value of the store's own notes."""
        rows = self._all("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else default

    def set(self, key: str, value: str) -> None:
        """Keep a note about the store."""
        self._all("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def pending(self) -> list[str]:
        """Ids of reports whose vectors may be in Chroma without being in the catalogue."""
        return [row[0] for row in self._all("SELECT report_id FROM pending")]

    def set_pending(self, report_id: str) -> None:
        """Note that a report's vectors are about to change."""
        self._all("INSERT OR IGNORE INTO pending VALUES (?)", (report_id,))

    def clear_pending(self, report_id: str) -> None:
        """Note that a report's vectors are as the catalogue says."""
        self._all("DELETE FROM pending WHERE report_id = ?", (report_id,))

    def entries(self) -> list[Entry]:
        """All reports by name, with ``copy_of`` left empty (see :mod:`index.copies`)."""
        rows = self._all(
            "SELECT id, name, title, language, pages, chunks, sha256, added, card FROM reports ORDER BY name"
        )
        return [
            Entry(report_id, name, title, language, pages, chunks, sha256, added, card=card_of(card))
            for report_id, name, title, language, pages, chunks, sha256, added, card in rows
        ]

    def sketches(self) -> list[tuple[str, bool, frozenset[int]]]:
        """For every report its id, whether its pages are real ones, and its sketch (see :mod:`index.copies`)."""
        rows = self._all("SELECT id, paged, sketch FROM reports")
        return [(row[0], bool(row[1]), frozenset(struct.unpack(f"<{len(row[2]) // 8}Q", row[2]))) for row in rows]

    def insert(self, entry: Entry, paged: bool, sketch: Iterable[int], chunks: Sequence[Chunk]) -> None:
        """Add a report with its chunks. Call inside a transaction."""
        hashes = sorted(sketch)
        self._all(
            "INSERT INTO reports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (entry.id, entry.name, entry.sha256, entry.title, entry.language, entry.pages, len(chunks), int(paged),
             struct.pack(f"<{len(hashes)}Q", *hashes), entry.added,
             json.dumps(dataclasses.asdict(entry.card), ensure_ascii=False)),
        )  # fmt: skip
        for ordinal, chunk in enumerate(chunks):
            sentences = json.dumps(
                [[s.text, s.quote if s.quote != s.text else "", [[round(v, 1) for v in box] for box in s.boxes]]
                 for s in chunk.sentences], ensure_ascii=False, separators=(",", ":"),
            )  # fmt: skip
            text = chunk.text
            with self._lock:
                cursor = self._db.execute(
                    "INSERT INTO chunks (report_id, ordinal, page, section, kind, text, context, sentences)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (entry.id, ordinal, chunk.page, chunk.section, chunk.kind.value, text, chunk.context, sentences),
                )
                self._db.execute(
                    "INSERT INTO chunk_words (rowid, text, context) VALUES (?, ?, ?)",
                    (cursor.lastrowid, " ".join(words(text)), " ".join(words(chunk.context))),
                )

    def set_digests(self, report_id: str, digests: Sequence[str]) -> None:
        """Keep, for chunk i of a report, what its vector was made of (a digest). Call inside a transaction."""
        with self._lock:
            self._db.executemany(
                "INSERT INTO digests SELECT id, ? FROM chunks WHERE report_id = ? AND ordinal = ?",
                [(digest, report_id, ordinal) for ordinal, digest in enumerate(digests)],
            )

    def find_digests(self, digests: Sequence[str]) -> dict[str, tuple[str, int]]:
        """For those of the digests that a chunk has, that chunk as (report id, ordinal)."""
        found: dict[str, tuple[str, int]] = {}
        for start in range(0, len(digests), 500):
            part = digests[start : start + 500]
            rows = self._all(
                "SELECT d.digest, c.report_id, c.ordinal FROM digests d JOIN chunks c ON c.id = d.chunk_id"  # noqa: S608
                f" WHERE d.digest IN ({marks(part)})",
                part,
            )
            found.update({str(row[0]): (str(row[1]), int(row[2])) for row in rows})
        return found

    def rename(self, report_id: str, name: str) -> None:
        """Give a report another file name."""
        self._all("UPDATE reports SET name = ? WHERE id = ?", (name, report_id))

    def delete(self, report_id: str) -> None:
        """Remove a report with its chunks. Call inside a transaction."""
        self._all("DELETE FROM chunk_words WHERE rowid IN (SELECT id FROM chunks WHERE report_id = ?)", (report_id,))
        self._all("DELETE FROM reports WHERE id = ?", (report_id,))

    def match(self, query: str, k: int, reports: Sequence[str]) -> list[tuple[int, float]]:
        """The ``k`` best chunks by BM25 for any of the query's words: (chunk id, coverage), best first.

        Coverage is the BM25 score as a share of what a chunk of average length with every word once would have, so
        that a query whose words are mostly unknown here scores low throughout.
        """
        terms = list(dict.fromkeys(words(query)))
        if not terms or not reports:
            return []
        expression = " OR ".join(f'"{term}"' for term in terms)
        rows = self._all(
            f"SELECT w.rowid, bm25(chunk_words, 1.0, {CONTEXT_WEIGHT}) AS score"  # noqa: S608 - only our own constants
            " FROM chunk_words w JOIN chunks c ON c.id = w.rowid"
            f" WHERE chunk_words MATCH ? AND c.report_id IN ({marks(reports)}) ORDER BY score LIMIT ?",
            (expression, *reports, k),
        )
        documents = self._all("SELECT count(*) FROM chunks")[0][0]
        counts = self.frequencies(terms)
        most = sum(inverse_frequency(counts[term], documents) for term in terms)
        return [(int(row[0]), -float(row[1]) / max(most, 1e-9)) for row in rows]

    def page_words(self, pages: Sequence[tuple[str, int]]) -> list[ChunkWords]:
        """The words of all chunks that stand on pages named by (report id, number), in the order of their ids."""
        if not pages:
            return []
        values = ",".join("(?,?)" for _ in pages)
        rows = self._all(
            "SELECT c.id, c.report_id, c.page, w.text, w.context FROM chunks c JOIN chunk_words w ON w.rowid = c.id"  # noqa: S608
            f" WHERE (c.report_id, c.page) IN (VALUES {values}) ORDER BY c.id",
            [value for page in pages for value in page],
        )
        return [ChunkWords(r[0], r[1], r[2], interned(r[3]), interned(r[4])) for r in rows]

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many chunks each word stands (0 for words that stand in none)."""
        rows = self._all(
            f"SELECT term, doc FROM chunk_vocabulary WHERE term IN ({marks(terms)})",  # noqa: S608 - placeholders
            list(terms),
        )
        found = {str(term): int(count) for term, count in rows}
        return {term: found.get(term, 0) for term in terms}

    def state(self) -> tuple[int, int]:
        """Changes whenever the catalogue does, by this process or another."""
        with self._lock:
            return self._db.execute("PRAGMA data_version").fetchone()[0], self._db.total_changes

    def content_digest(self) -> str:
        """SHA-256 of all that the reports and their chunks say here, by which two stores can be told apart."""
        found = hashlib.sha256()
        with self._lock:
            for sql in (
                "SELECT id, name, title, language, pages, card FROM reports ORDER BY id",
                "SELECT report_id, ordinal, page, section, kind, context, sentences FROM chunks"
                " ORDER BY report_id, ordinal",
            ):
                for row in self._db.execute(sql):
                    found.update(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        return found.hexdigest()

    def chunk_ids(self, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], int]:
        """Row ids of chunks named by (report id, ordinal); those not in the catalogue are left out."""
        found: dict[tuple[str, int], int] = {}
        with self._lock:
            for report_id, ordinal in keys:
                row = self._db.execute(
                    "SELECT id FROM chunks WHERE report_id = ? AND ordinal = ?", (report_id, ordinal)
                ).fetchone()
                if row:
                    found[report_id, ordinal] = int(row[0])
        return found

    def of_kind(self, kind: BlockKind, ids: Sequence[int]) -> frozenset[int]:
        """Those of these row ids that are chunks of a kind."""
        rows = self._all(f"SELECT id FROM chunks WHERE kind = ? AND id IN ({marks(ids)})", (kind.value, *ids))  # noqa: S608
        return frozenset(int(row[0]) for row in rows)

    def hits(self, ids: Sequence[int]) -> dict[int, Hit]:
        """The chunks of these row ids, without scores."""
        if not ids:
            return {}
        rows = self._all(
            f"SELECT {HIT_COLUMNS} FROM chunks c JOIN reports r ON r.id = c.report_id"  # noqa: S608 - placeholders
            f" WHERE c.id IN ({marks(ids)})",
            ids,
        )
        return {int(row[0]): hit_of(row) for row in rows}

    def chunks(self, report_id: str, page: int | None = None) -> list[Hit]:
        """All chunks of one report, or of one page of it, in reading order, without scores."""
        rows = self._all(
            f"SELECT {HIT_COLUMNS} FROM chunks c JOIN reports r ON r.id = c.report_id"  # noqa: S608 - a constant
            " WHERE c.report_id = ? AND (? IS NULL OR c.page = ?) ORDER BY c.ordinal",
            (report_id, page, page),
        )
        return [hit_of(row) for row in rows]

    def sections(self, report_id: str) -> list[str]:
        """The section paths of one report, each once, in the order in which they begin."""
        rows = self._all(
            "SELECT section FROM chunks WHERE report_id = ? GROUP BY section ORDER BY min(ordinal)", (report_id,)
        )
        return [str(row[0]) for row in rows]


def inverse_frequency(count: int, documents: int) -> float:
    """The weight that SQLite's bm25() gives a word that stands in ``count`` of ``documents`` rows."""
    documents = max(documents, count)  # they are counted at two moments, and a report may be added between
    return max(1e-6, math.log((documents - count + 0.5) / (count + 0.5)))

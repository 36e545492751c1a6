"""SQLite files of what users leave behind: judgements, conversations, accounts."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from index.errors import StoreError

WAIT = 30  # seconds for another process that writes


class Record(BaseModel):
    """What is kept of a user's doing. Half characters, which JSON can carry but no file can, become question marks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _writable(cls, fields: Any) -> Any:
        if not isinstance(fields, dict):
            return fields
        return {key: writable(value) if isinstance(value, str) else value for key, value in fields.items()}


def writable(text: str) -> str:
    """The text with question marks for half characters."""
    return text.encode("utf-8", "replace").decode()


class Database:
    """One open SQLite file in WAL mode, to be used from several threads; other processes may have it open too."""

    def __init__(self, path: Path, schema: str) -> None:
        """Open ``path``, made with its folder when it is new; ``schema`` are CREATE ... IF NOT EXISTS statements.

        Raises StoreError when it cannot be opened or is no database.
        """
        self.path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(0o600)  # what users leave is for the program's own eyes; SQLite keeps a file's permissions
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=WAIT)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA foreign_keys=ON")
            self._db.executescript(f"BEGIN IMMEDIATE; {schema}; COMMIT")
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"{path} cannot be opened: {error}.", "Check the folder's permissions; move a damaged file away."
            ) from error

    def close(self) -> None:
        """Close the file. It cannot be used afterwards."""
        with self._lock:
            self._db.close()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows. Raises StoreError when the file cannot be read or written."""
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except sqlite3.IntegrityError:
                raise
            except sqlite3.Error as error:
                raise StoreError(
                    f"{self.path} cannot be used: {error}.", "Check the disk and the file's permissions."
                ) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept, or nothing."""
        with self._lock:
            self.rows("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.rollback()
                raise
            self.rows("COMMIT")

"""What stands for a user's password: tokens for programs, and sessions of browsers. Only their hashes are kept."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from rag.database import Database

FILE = "tokens.sqlite"  # in the store's folder
SESSION_DAYS = 14.0
_PREFIX = "rqa_"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS token (
    hash TEXT PRIMARY KEY, user TEXT NOT NULL, stamp TEXT NOT NULL, session INTEGER NOT NULL,
    made REAL NOT NULL, expires REAL
);
CREATE INDEX IF NOT EXISTS token_by_user ON token (user)
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a token stands for. ``stamp`` is what was true of the user's password when it was made."""

    user: str
    stamp: str


class TokenStore:
    """The tokens of one store. Safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        """Open ``path``, usually :data:`FILE` in a store. Raises StoreError when it cannot be opened."""
        self._db = Database(path, _SCHEMA)

    def issue(self, user: str, stamp: str = "") -> str:
        """A new token for a user's programs, which holds until it is revoked. It cannot be shown again."""
        return self._issue(user, stamp, session=False, expires=None)

    def issue_session(self, user: str, stamp: str = "") -> str:
        """A new token for a user's browser, which holds for :data:`SESSION_DAYS`."""
        now = time.time()
        self._db.rows("DELETE FROM token WHERE expires < ?", (now,))
        return self._issue(user, stamp, session=True, expires=now + SESSION_DAYS * 86_400)

    def _issue(self, user: str, stamp: str, *, session: bool, expires: float | None) -> str:
        token = _PREFIX + secrets.token_urlsafe(32)
        self._db.rows(
            "INSERT INTO token VALUES (?, ?, ?, ?, ?, ?)", (_hash(token), user, stamp, session, time.time(), expires)
        )
        return token

    def holder(self, token: str) -> Holder | None:
        """Whom the token stands for, None when it is unknown, revoked or expired."""
        if not token.startswith(_PREFIX):
            return None
        rows = self._db.rows(
            "SELECT user, stamp FROM token WHERE hash = ? AND (expires IS NULL OR expires > ?)",
            (_hash(token), time.time()),
        )
        return Holder(*rows[0]) if rows else None

    def revoke(self, token: str) -> None:
        """Let one token hold no longer."""
        self._db.rows("DELETE FROM token WHERE hash = ?", (_hash(token),))

    def revoke_all(self, user: str) -> int:
        """Let no token and no session of a user hold any longer; how many there were."""
        return len(self._db.rows("DELETE FROM token WHERE user = ? RETURNING hash", (user,)))

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _hash(token: str) -> str:
    # A token has 256 random bits, so that a fast hash cannot be searched through.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

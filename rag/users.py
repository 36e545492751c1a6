"""Who may use what is served: names and hashed passwords, kept in the store's folder."""

import base64
import datetime
import functools
import hashlib
import hmac
import os
import sqlite3
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from index.errors import SettingsError
from rag.database import Database, writable

FILE = "users.sqlite"  # in the store's folder
SHORTEST, LONGEST = 8, 256  # characters of a password
LONGEST_NAME = 64  # characters
_SCHEMA = "CREATE TABLE IF NOT EXISTS users (name TEXT PRIMARY KEY, password TEXT NOT NULL, added TEXT NOT NULL)"
_COST, _BLOCK, _PARALLEL = 2**15, 8, 3  # of scrypt: 32 MB and about 0.2 s; OWASP's Password Storage Cheat Sheet


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in; ``added`` is an ISO time."""

    name: str
    added: str


class UserStore:
    """The users of one store. Safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        """Open ``path``, usually :data:`FILE` in a store. Raises StoreError when it cannot be opened."""
        self._db = Database(path, _SCHEMA)

    def add(self, name: str, password: str) -> User:
        """Let somebody in. Raises SettingsError for a name that is taken or no name, and a password that is too short.

        The name is kept in Unicode's composed form, as keyboards send it.
        """
        user = User(_checked(name), datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"))
        try:
            self._db.rows(
                "INSERT INTO users VALUES (?, ?, ?)", (user.name, _hashed(_long_enough(password)), user.added)
            )
        except sqlite3.IntegrityError as error:
            raise SettingsError(
                f"There is a user {user.name} already.", "`report-qa users password NAME` changes a password."
            ) from error
        return user

    def set_password(self, name: str, password: str) -> None:
        """Change a password; sessions and tokens of the user end. Raises SettingsError when there is no such user."""
        hashed = _hashed(_long_enough(password))
        if not self._db.rows("UPDATE users SET password = ? WHERE name = ? RETURNING name", (hashed, name)):
            raise _unknown(name)

    def remove(self, name: str) -> None:
        """Let somebody in no more. Raises SettingsError when there is no such user."""
        if not self._db.rows("DELETE FROM users WHERE name = ? RETURNING name", (name,)):
            raise _unknown(name)

    def all(self) -> list[User]:
        """The users by name."""
        return [User(name, added) for name, added in self._db.rows("SELECT name, added FROM users ORDER BY name")]

    def stamp(self, name: str) -> str | None:
        """Something that changes with the user's password, by which a session can end; None when there is no user."""
        kept = self._kept(name)
        return hashlib.sha256(kept.encode()).hexdigest()[:32] if kept else None

    def check(self, name: str, password: str) -> bool:
        """Whether this is the user's password. Takes as long when there is no such user."""
        kept = self._kept(name)
        right = _matches(password, kept or _nobody())
        return right and bool(kept)

    def _kept(self, name: str) -> str:
        rows = self._db.rows("SELECT password FROM users WHERE name = ?", (writable(name),))
        return str(rows[0][0]) if rows else ""

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def authenticate(store: UserStore, name: str, password: str) -> bool:
    """Whether name and password belong together."""
    return store.check(name, password)


def _hashed(password: str) -> str:
    salt = os.urandom(16)
    parts = [base64.b64encode(part).decode() for part in (salt, _scrypt(password, salt, _COST, _BLOCK, _PARALLEL))]
    return f"scrypt${_COST}${_BLOCK}${_PARALLEL}${parts[0]}${parts[1]}"


def _matches(password: str, kept: str) -> bool:
    _, cost, block, parallel, salt, hashed = kept.split("$")
    made = _scrypt(password, base64.b64decode(salt), int(cost), int(block), int(parallel))
    return hmac.compare_digest(made, base64.b64decode(hashed))


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    # A character that the keyboard of one machine sends composed and another in pieces is the same one.
    typed = unicodedata.normalize("NFC", password).encode("utf-8", "replace")
    memory = 128 * block * (cost + parallel + 2)
    return hashlib.scrypt(typed, salt=salt, n=cost, r=block, p=parallel, maxmem=2 * memory, dklen=32)


@functools.cache
def _nobody() -> str:
    """A hash to compare with where there is no user, so that the time does not tell who is one."""
    return _hashed(os.urandom(16).hex())


def _checked(name: str) -> str:
    """The name as it is kept. HTTP Basic ends a name at a colon; other signs could not be seen in a list."""
    composed = unicodedata.normalize("NFC", name).strip()
    if not composed or len(composed) > LONGEST_NAME or not composed.isprintable() or ":" in composed:
        raise SettingsError(
            f"{name!r} cannot be a user's name.",
            f"Names have 1 to {LONGEST_NAME} letters, digits and signs, and no colon.",
        )
    return composed


def _long_enough(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise SettingsError(f"Passwords have {SHORTEST} to {LONGEST} characters.", "Choose a few words.")
    return password


def _unknown(name: str) -> SettingsError:
    return SettingsError(f"There is no user {name}.", "`report-qa users list` shows who there is.")

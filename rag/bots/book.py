"""What the bots remember in the store's folder: messages taken, threads joined, questions answered."""

import time
import uuid
from pathlib import Path

from filelock import FileLock, Timeout

from rag.bots.service import Answered, Incoming, Place
from rag.database import Database
from rag.types import Turn

FILE = "bots.sqlite"  # in the store's folder
KEPT = 14 * 86_400  # seconds that a message's claim is kept; services deliver again within hours
TURNS = 6  # of a thread that a question is understood by
_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
  id TEXT PRIMARY KEY, service TEXT NOT NULL, asker TEXT NOT NULL, at REAL NOT NULL, owner TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 1, reply TEXT NOT NULL DEFAULT '', done INTEGER NOT NULL DEFAULT 0,
  incoming TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS messages_by_asker ON messages (asker, at);
CREATE INDEX IF NOT EXISTS messages_open ON messages (service, done);
CREATE TABLE IF NOT EXISTS threads (id TEXT PRIMARY KEY, reports TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS answers (
  id TEXT PRIMARY KEY, thread TEXT NOT NULL, at REAL NOT NULL, value TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS answers_by_thread ON answers (thread, at);
CREATE TABLE IF NOT EXISTS dropped (channel TEXT NOT NULL, report TEXT NOT NULL, PRIMARY KEY (channel, report))
"""


def thread_key(place: Place | Incoming) -> str:
    """What names a thread among all: history is kept by it."""
    return f"{place.team}/{place.channel}/{place.thread}"


def channel_key(place: Place | Incoming) -> str:
    """What names a channel among all."""
    return f"{place.team}/{place.channel}"


class Book:
    """The memory of one process, in a file that others share. Safe to use from several threads.

    A message is claimed by its id, so that of several deliveries, threads, processes and restarts one answers it. What
    a process had claimed and not done when it ended is taken over by the next that asks for it: a process holds the
    lock of a file of its own while it lives.
    """

    def __init__(self, store: Path) -> None:
        """Open the memory in the folder of a store. Raises StoreError when it cannot be opened."""
        self._db = Database(store / FILE, _SCHEMA)
        self._folder = store / "bots"
        self._folder.mkdir(exist_ok=True)
        self.owner = uuid.uuid4().hex
        self._alive = FileLock(self._folder / f"{self.owner}.lock")
        self._alive.acquire()
        self._db.rows("DELETE FROM messages WHERE done AND at < ?", (time.time() - KEPT,))

    def close(self) -> None:
        """Close the file; what was claimed and is not done may be taken over."""
        self._alive.release()
        Path(self._alive.lock_file).unlink(missing_ok=True)
        self._db.close()

    def claim(self, incoming: Incoming, *, done: bool = False) -> bool:
        """Whether the message is this process's to answer; False when it has been claimed before, by whomever.

        ``done`` claims it without work that another process would have to take over.
        """
        return bool(
            self._db.rows(
                "INSERT OR IGNORE INTO messages (id, service, asker, at, owner, done, incoming) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (
                    _message_key(incoming),
                    incoming.service,
                    f"{incoming.team}/{incoming.user}",
                    time.time(),
                    self.owner,
                    done,
                    "" if done else incoming.model_dump_json(),
                ),
            )
        )

    def claimed(self, incoming: Incoming, seconds: float = 60) -> int:
        """How many messages of this one's user were claimed in the last ``seconds``, itself included."""
        rows = self._db.rows(
            "SELECT count(*) FROM messages WHERE asker = ? AND at > ?",
            (f"{incoming.team}/{incoming.user}", time.time() - seconds),
        )
        return int(rows[0][0])

    def set_reply(self, incoming: Incoming, reply: str) -> None:
        """Keep which message shows the progress: who takes the work over goes on in it."""
        self._db.rows("UPDATE messages SET reply = ? WHERE id = ?", (reply, _message_key(incoming)))

    def reply(self, incoming: Incoming) -> str:
        """The message that shows the progress, "" when there is none."""
        rows = self._db.rows("SELECT reply FROM messages WHERE id = ?", (_message_key(incoming),))
        return str(rows[0][0]) if rows else ""

    def done(self, incoming: Incoming) -> None:
        """Note that a message has its reply. What it said is forgotten; its claim stays."""
        self._db.rows("UPDATE messages SET done = 1, incoming = '' WHERE id = ?", (_message_key(incoming),))

    def left_behind(self, service: str) -> list[tuple[Incoming, int]]:
        """Claimed messages of processes that have ended, now claimed by this one, oldest first.

        With each the number of times that it has been tried, this time included.
        """
        found: list[tuple[float, Incoming, int]] = []
        for (owner,) in self._db.rows(
            "SELECT DISTINCT owner FROM messages WHERE service = ? AND NOT done AND owner != ?", (service, self.owner)
        ):
            lock = FileLock(self._folder / f"{owner}.lock", timeout=0)
            try:
                with lock:
                    rows = self._db.rows(
                        "UPDATE messages SET owner = ?, tries = tries + 1 WHERE service = ? AND NOT done AND owner = ? "
                        "RETURNING at, incoming, tries",
                        (self.owner, service, owner),
                    )
            except Timeout:  # its process lives
                continue
            found += [(at, Incoming.model_validate_json(incoming), tries) for at, incoming, tries in rows]
            Path(lock.lock_file).unlink(missing_ok=True)
        return [(incoming, tries) for _, incoming, tries in sorted(found, key=lambda row: row[0])]

    def join(self, place: Place | Incoming) -> None:
        """Note that the bot takes part in a thread."""
        self._db.rows("INSERT OR IGNORE INTO threads (id) VALUES (?)", (thread_key(place),))

    def joined(self, place: Place | Incoming) -> bool:
        """Whether the bot takes part in a thread."""
        return bool(self._db.rows("SELECT 1 FROM threads WHERE id = ?", (thread_key(place),)))

    def about(self, place: Place | Incoming) -> tuple[str, ...]:
        """The ids of the reports that a thread is about, empty for all: files that it began with."""
        rows = self._db.rows("SELECT reports FROM threads WHERE id = ?", (thread_key(place),))
        return tuple(str(rows[0][0]).split()) if rows else ()

    def set_about(self, place: Place | Incoming, reports: tuple[str, ...]) -> None:
        """Keep which reports a thread is about."""
        self._db.rows("UPDATE threads SET reports = ? WHERE id = ?", (" ".join(reports), thread_key(place)))

    def drop(self, place: Place | Incoming, report: str) -> None:
        """Note that a report was sent into a channel, which may ask it from now on."""
        self._db.rows("INSERT OR IGNORE INTO dropped VALUES (?, ?)", (channel_key(place), report))

    def dropped(self, place: Place | Incoming) -> set[str]:
        """The ids of the reports that were sent into a channel."""
        return {row[0] for row in self._db.rows("SELECT report FROM dropped WHERE channel = ?", (channel_key(place),))}

    def keep(self, place: Place, answered: Answered) -> None:
        """Keep an answer: the thread's history, and what buttons under it are about."""
        self._db.rows(
            "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)",
            (answered.id, thread_key(place), time.time(), answered.model_dump_json()),
        )

    def history(self, place: Place | Incoming) -> list[Turn]:
        """The last turns of a thread, oldest first."""
        rows = self._db.rows(
            "SELECT value FROM answers WHERE thread = ? ORDER BY at DESC, rowid DESC LIMIT ?",
            (thread_key(place), TURNS),
        )
        kept = [Answered.model_validate_json(value) for (value,) in reversed(rows)]
        return [Turn(question=one.question, answer=one.answer.answer) for one in kept]

    def answered(self, answer_id: str, place: Place) -> Answered | None:
        """An answer by its id; None when there is none, or it was given in another channel."""
        rows = self._db.rows("SELECT value, thread FROM answers WHERE id = ?", (answer_id,))
        if not rows or not str(rows[0][1]).startswith(f"{channel_key(place)}/"):
            return None
        return Answered.model_validate_json(rows[0][0])


def _message_key(incoming: Incoming) -> str:
    return f"{incoming.service}/{incoming.team}/{incoming.event_id}"

"""Conversations kept in the store, each its user's own, to be found again by their words."""

import datetime
import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from index.errors import StoreError
from index.text import fold
from rag.database import Database, Record, writable
from rag.types import Answer, Evidence

FILE = "conversations.sqlite"  # in the store's folder
TITLE = 60  # characters of the first question that name a conversation
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL,
    reports TEXT NOT NULL, named TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS conversations_by_user ON conversations (user, updated);
CREATE TABLE IF NOT EXISTS exchanges (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
    value TEXT NOT NULL, said TEXT NOT NULL, UNIQUE (conversation, id));
"""
_COLUMNS = "id, user, title, created, updated, reports"


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")


class Exchange(Record):
    """A question and what came of it.

    ``answer`` is None when it was stopped, failed or was not wanted; ``text`` is then as much as had been written and
    ``failure`` why it ended. ``reports`` are the file names that were asked, empty for all; ``good`` is the user's
    verdict.
    """

    id: str = Field(default_factory=lambda: uuid.uuid4().hex)
    at: str = Field(default_factory=_now)
    question: str
    reports: tuple[str, ...] = ()
    answer: Answer | None = None
    evidence: tuple[Evidence, ...] = ()
    text: str = ""
    failure: str = ""
    good: bool | None = None

    @property
    def standalone(self) -> str:
        """The question as it was searched for."""
        return (self.answer.standalone if self.answer else "") or self.question


class Conversation(Record):
    """Questions of one user that belong together; times are ISO, in UTC. Lists leave ``exchanges`` out."""

    id: str
    user: str
    title: str
    created: str
    updated: str
    reports: tuple[str, ...] = ()
    exchanges: tuple[Exchange, ...] = ()


class ConversationStore:
    """The conversations of one store. Safe to use from several threads and processes.

    ``user`` is "" where nobody signs in. Nobody can see, change or delete what is another's: for them it is not there.
    """

    def __init__(self, path: Path) -> None:
        """Open ``path``, usually :data:`FILE` in a store. Raises StoreError when it cannot be opened."""
        self._db = Database(path, _SCHEMA)

    def create(self, user: str, title: str = "", reports: Sequence[str] = ()) -> Conversation:
        """A new conversation. Without a title it is called by its first question. ``reports`` are file names."""
        now = _now()
        made = Conversation(
            id=uuid.uuid4().hex, user=user, title=_line(title), created=now, updated=now, reports=tuple(reports)
        )
        self._db.rows(
            "INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?)",
            (made.id, user, made.title, now, now, json.dumps(made.reports, ensure_ascii=False), fold(made.title)),
        )
        return made

    def append(self, user: str, conversation: str, exchange: Exchange) -> None:
        """Add an exchange at the end, or put it in the place of the one with its id.

        Raises StoreError when the user has no such conversation.
        """
        said = fold("\n".join((exchange.question, exchange.answer.answer if exchange.answer else exchange.text)))
        with self._db.transaction():
            title = self._own(user, conversation).title or _line(exchange.question)
            self._db.rows(
                "INSERT INTO exchanges (id, conversation, value, said) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (conversation, id) DO UPDATE SET value = excluded.value, said = excluded.said",
                (exchange.id, conversation, _json(exchange), said),
            )
            self._change(conversation, title)

    def cut(self, user: str, conversation: str, keep: int) -> None:
        """Drop all but the first ``keep`` exchanges: an earlier question is asked anew."""
        with self._db.transaction():
            title = self._own(user, conversation).title
            self._db.rows(
                "DELETE FROM exchanges WHERE conversation = ? AND number NOT IN"
                " (SELECT number FROM exchanges WHERE conversation = ? ORDER BY number LIMIT ?)",
                (conversation, conversation, keep),
            )
            self._change(conversation, title)

    def rename(self, user: str, conversation: str, title: str) -> None:
        """Give it another title. Raises StoreError when the user has no such conversation."""
        with self._db.transaction():
            before = self._own(user, conversation).title
            self._change(conversation, _line(title) or before)

    def delete(self, user: str, conversation: str) -> None:
        """Forget a conversation. Raises StoreError when the user has no such conversation."""
        with self._db.transaction():
            self._own(user, conversation)
            self._db.rows("DELETE FROM conversations WHERE id = ?", (conversation,))

    def delete_all(self, user: str) -> None:
        """Forget all conversations of a user."""
        self._db.rows("DELETE FROM conversations WHERE user = ?", (user,))

    def list(self, user: str, text: str = "", limit: int = 200) -> list[Conversation]:
        """The user's conversations, the last changed first, without their exchanges.

        With ``text`` those in which each of its words stands, as a part of a word too, in a question, an answer or the
        title. Traditional and simplified characters, width and case do not matter.
        """
        words = [folded for folded in map(fold, writable(text).split()) if folded]
        wanted = len(words) * (
            " AND (instr(c.named, ?)"
            " OR EXISTS (SELECT 1 FROM exchanges e WHERE e.conversation = c.id AND instr(e.said, ?)))"
        )
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM conversations c WHERE user = ?{wanted}"  # noqa: S608 - placeholders
            " ORDER BY updated DESC,"
            " (SELECT max(number) FROM exchanges e WHERE e.conversation = c.id) DESC, rowid DESC LIMIT ?",
            (user, *(word for word in words for _ in range(2)), limit),
        )
        return [_conversation(row) for row in rows]

    def get(self, user: str, conversation: str) -> Conversation:
        """A conversation with its exchanges, oldest first. Raises StoreError when the user has no such one."""
        own = self._own(user, conversation)
        rows = self._db.rows("SELECT value FROM exchanges WHERE conversation = ? ORDER BY number", (conversation,))
        return own.model_copy(update={"exchanges": tuple(Exchange.model_validate_json(row[0]) for row in rows)})

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _own(self, user: str, conversation: str) -> Conversation:
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM conversations WHERE id = ? AND user = ?",  # noqa: S608 - a constant
            (conversation, user),
        )
        if not rows:
            raise StoreError(f"There is no conversation {conversation!r}.", "It may have been deleted.")
        return _conversation(rows[0])

    def _change(self, conversation: str, title: str) -> None:
        self._db.rows(
            "UPDATE conversations SET title = ?, named = ?, updated = ? WHERE id = ?",
            (title, fold(title), _now(), conversation),
        )


def _line(title: str) -> str:
    """A title in one short line."""
    line = " ".join(writable(title).split())
    return line if len(line) <= TITLE else f"{line[: TITLE - 1].rstrip()}…"


def _conversation(row: Sequence[Any]) -> Conversation:
    fields = dict(zip(_COLUMNS.split(", "), row, strict=True))
    return Conversation(**{**fields, "reports": tuple(json.loads(fields["reports"]))})


def _json(exchange: Exchange) -> str:
    """The exchange as JSON, with what an answer and its evidence leave out of their own."""
    value = exchange.model_dump(mode="json", exclude={"evidence", "answer"})
    value["evidence"] = [_evidence(item) for item in exchange.evidence]
    if (answer := exchange.answer) is not None:
        evidence = [_evidence(item) for item in answer.evidence]
        value["answer"] = {**answer.model_dump(mode="json"), "failed": answer.failed, "evidence": evidence}
    return json.dumps(value, ensure_ascii=False)


def _evidence(item: Evidence) -> dict[str, Any]:
    return {**item.model_dump(mode="json"), "on_page": item.on_page, "about": item.about}

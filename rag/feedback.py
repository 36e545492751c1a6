"""What users thought of answers, kept until somebody makes questions of it."""

import datetime
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from index.errors import SettingsError
from rag.database import Database, Record
from rag.types import Answer

FILE = "feedback.sqlite"  # in the store's folder
_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (id TEXT PRIMARY KEY, at TEXT NOT NULL, value TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS feedback_by_time ON feedback (at)
"""


def _utc(text: str) -> str:
    """An ISO time as UTC with milliseconds, so that times compare as text; without a zone it is taken as UTC."""
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return moment.astimezone(datetime.UTC).isoformat(timespec="milliseconds")


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")


class Cited(Record):
    """A quotation of an answer: ``report`` is the file's name, ``page`` 1-based."""

    report: str
    page: int
    quote: str


class Feedback(Record):
    """One user's judgement of one answer.

    ``at`` is an ISO time, kept in UTC; ``user`` "" where nobody signs in; ``reports`` the file names that were chosen
    to be asked, empty for all; ``correction`` what the right answer would have been, as the user put it.
    """

    id: str = Field(default_factory=lambda: uuid.uuid4().hex)
    at: str = Field(default_factory=_now)
    source: Literal["chat", "slack", "api"]
    user: str = ""
    question: str
    standalone: str = ""
    answer: str
    language: Literal["zh", "en"]
    found: bool
    good: bool
    reason: str = ""
    correction: str = ""
    reports: tuple[str, ...] = ()
    citations: tuple[Cited, ...] = ()

    @field_validator("at")
    @classmethod
    def _in_utc(cls, value: str) -> str:
        return _utc(value)

    @classmethod
    def of(
        cls,
        question: str,
        answer: Answer,
        *,
        source: Literal["chat", "slack", "api"],
        good: bool,
        user: str = "",
        reason: str = "",
        correction: str = "",
        reports: Sequence[str] = (),
    ) -> "Feedback":
        """The judgement of an answer to ``question``, as it was asked."""
        return cls(
            source=source,
            user=user,
            question=question,
            standalone=answer.standalone,
            answer=answer.answer,
            language="zh" if answer.language == "zh" else "en",
            found=answer.found,
            good=good,
            reason=reason,
            correction=correction,
            reports=tuple(reports),
            citations=tuple(Cited(report=c.report, page=c.page, quote=c.quote) for c in answer.citations),
        )


class FeedbackStore:
    """The judgements kept in one file. Safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        """Open ``path``, usually :data:`FILE` in a store. Raises StoreError when it cannot be opened."""
        self._db = Database(path, _SCHEMA)

    def add(self, feedback: Feedback) -> None:
        """Keep a judgement, in place of the one with its id: a reason may come after the thumb."""
        self._db.rows(
            "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?)",
            (feedback.id, feedback.at, feedback.model_dump_json()),
        )

    def all(self, since: str = "") -> list[Feedback]:
        """The judgements from the ISO time or date ``since`` on, oldest first. Raises SettingsError for no time."""
        try:
            begin = _utc(since) if since else ""
        except ValueError as error:
            raise SettingsError(f"{since!r} is not a date or time.", "Write it as 2026-01-31.") from error
        rows = self._db.rows("SELECT value FROM feedback WHERE at >= ? ORDER BY at, rowid", (begin,))
        return [Feedback.model_validate_json(row[0]) for row in rows]

    def close(self) -> None:
        """Close the file."""
        self._db.close()

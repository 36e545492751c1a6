"""What is wrong with a question file, and where."""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from eval.questions import Question


class Severity(StrEnum):
    """ERROR: scores over the file would be wrong. WARNING: a person should look. NOTE: could not be checked."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Located(NamedTuple):
    """A question with the file and the line that it stands in."""

    file: Path
    line: int
    question: Question


class Problem(BaseModel):
    """One thing wrong: ``kind`` is a code, ``field`` "" for the whole line, ``remedy`` what to do about it."""

    model_config = ConfigDict(frozen=True)

    severity: Severity
    kind: str
    file: str
    line: int
    id: str = ""
    field: str = ""
    message: str
    remedy: str

    @classmethod
    def of(cls, at: Located, severity: Severity, kind: str, field: str, message: str, remedy: str) -> "Problem":
        """The problem of a question that was read."""
        return cls(
            severity=severity,
            kind=kind,
            file=str(at.file),
            line=at.line,
            id=at.question.id,
            field=field,
            message=message,
            remedy=remedy,
        )

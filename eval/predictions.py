"""What came of one question in a run: one line of ``predictions.jsonl``."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.questions import Question
from index.errors import ReportQAError

FILE = "predictions.jsonl"
PageOf = tuple[str, int]
"""A report's file name and a 1-based page of it."""


class PredictionFileError(ReportQAError):
    """A file of predictions cannot be used. The message names the file and the line."""

    exit_code = 2


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Shown(_Value):
    """One evidence item as the model was shown it, in the order of its numbers."""

    report: str
    page: int
    section: str = ""
    text: str


class Cited(_Value):
    """One citation of an answer: ``n`` is its mark, ``quote`` what of the page it stands on.

    ``on_page`` says whether the page, as the store has it, holds the quote; None where that was not looked up.
    """

    n: int
    report: str
    title: str = ""
    page: int
    section: str
    quote: str
    on_page: bool | None = None


class Side(_Value):
    """One figure of a contradiction."""

    value: str
    report: str
    page: int
    quote: str


class Contradiction(_Value):
    """Figures that an answer says disagree."""

    subject: str
    figures: tuple[Side, ...]


class Reply(_Value):
    """What was answered. ``evidence_s``, ``first_token_s`` and ``answer_s`` are seconds from the question.

    ``citations`` are the distinct cited pages, ``citations_full`` all citations. ``evidence_shown`` is not named
    ``evidence``, for that is a field of the question: the quotes that hold the answer.
    ``prompt_tokens`` and ``completion_tokens`` are what the language model read and wrote, None without one and
    ``tokens_estimated`` where its server does not say; ``peak_memory_mb`` is the highest resident memory of the process
    until then, in MB. ``draft`` is what the model wrote before it was checked and mended, "" without a model.
    """

    predicted: str
    found: bool
    citations: tuple[PageOf, ...] = ()
    citations_full: tuple[Cited, ...] = ()
    unsupported: tuple[str, ...] = ()
    conflicts: tuple[Contradiction, ...] = ()
    evidence_shown: tuple[Shown, ...] = ()
    notice: str = ""
    draft: str = ""
    evidence_s: float | None = None
    first_token_s: float | None = None
    answer_s: float | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    tokens_estimated: bool = False
    peak_memory_mb: float | None = None

    @property
    def sha256(self) -> str:
        """SHA-256 of the answer as a reader sees it: its text and, a line each, what is marked as unsupported."""
        return hashlib.sha256("\n".join((self.predicted, *self.unsupported)).encode()).hexdigest()


class Prediction(_Value):
    """A question, the distinct pages found for it (best first) and the reply.

    ``reply`` is None where only retrieval ran or where ``error`` says what went wrong.
    """

    question: Question
    hits: tuple[PageOf, ...]
    retrieve_ms: float
    reply: Reply | None = None
    error: str = ""

    def line(self) -> dict[str, Any]:
        """Give the line of ``predictions.jsonl``: the question's fields, its set, and the results."""
        values = self.question.fields() | {
            "set": self.question.set,
            "hits": [list(hit) for hit in self.hits],
            "retrieve_ms": round(self.retrieve_ms, 2),
        }
        if self.reply is not None:
            values |= self.reply.model_dump(mode="json") | {"answer_sha256": self.reply.sha256}
        if self.error:
            values["error"] = self.error
        return values

    @classmethod
    def of_line(cls, values: dict[str, Any]) -> "Prediction":
        """Take a prediction from its line. Raises ValidationError, KeyError or TypeError for any other value."""
        own = {name: values[name] for name in Question.model_fields if name in values}
        return cls(
            question=Question.model_validate_json(json.dumps(own)),
            hits=values["hits"],
            retrieve_ms=values["retrieve_ms"],
            reply=Reply.model_validate(values) if "predicted" in values else None,
            error=values.get("error", ""),
        )


def read(paths: Path | Sequence[Path]) -> list[Prediction]:
    """Read files of predictions, or the folders that ``report-qa eval --out`` wrote; earlier versions' too.

    Raises PredictionFileError.
    """
    found: list[Prediction] = []
    for path in [paths] if isinstance(paths, Path) else paths:
        file = path / FILE if path.is_dir() else path
        try:
            lines = file.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise PredictionFileError(
                f"{file} cannot be read: {getattr(error, 'strerror', None) or error}.",
                "Name a folder that `report-qa eval --out` has written, or its predictions.jsonl.",
            ) from error
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                found.append(Prediction.of_line(json.loads(line)))
            except (ValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
                raise PredictionFileError(
                    f"{file}, line {number}, is not a prediction: {str(error).splitlines()[0]}.",
                    "Run the questions again with `report-qa eval --out`; it goes on where it was.",
                ) from error
    return found

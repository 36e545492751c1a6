"""What came of one question in a run: one line of ``predictions.jsonl``."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from eval.questions import Question

PageOf = tuple[str, int]
"""A report's file name and a 1-based page of it."""


class Reply(BaseModel):
    """What was answered. ``first_token_s`` and ``answer_s`` are seconds from the question."""

    model_config = ConfigDict(frozen=True)

    predicted: str
    found: bool
    citations: tuple[PageOf, ...] = ()
    unsupported: tuple[str, ...] = ()
    first_token_s: float | None = None
    answer_s: float | None = None


class Prediction(BaseModel):
    """A question, the distinct pages found for it (best first) and the reply.

    ``reply`` is None where only retrieval ran or where ``error`` says what went wrong.
    """

    model_config = ConfigDict(frozen=True)

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
            values |= self.reply.model_dump(mode="json")
        if self.error:
            values["error"] = self.error
        return values

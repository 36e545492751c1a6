"""Right pages that a question file does not name, found by reading what searches put first.

A sentence of a report's summary is said again in its chapter; a file that knows one of the two pages counts the other
as a miss. Judging what systems return and counting it is pooling (Spärck Jones and van Rijsbergen 1975, "Report on the
need for and provision of an 'ideal' information retrieval test collection"). It favours the searches that were read, so
a figure with such pages stands beside the one without, never for it.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.questions import Question, QuestionFileError


class FurtherPage(BaseModel):
    """One page that was judged to hold the answer of a question of the set, too."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    set: str = Field(min_length=1)
    id: str = Field(min_length=1)
    page: int = Field(ge=1)


def read(path: Path) -> tuple[FurtherPage, ...]:
    """Read a file of one ``{"set", "id", "page"}`` a line. Raises QuestionFileError with the line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise QuestionFileError(f"{path} cannot be read: {reason}.", "Give a JSON Lines file of pages.") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(FurtherPage.model_validate(json.loads(line)))
        except (ValidationError, json.JSONDecodeError) as error:
            raise QuestionFileError(
                f"{path}, line {number} is no further page.", 'Write {"set": "...", "id": "...", "page": 1}.'
            ) from error
    return tuple(found)


def pooled(questions: Sequence[Question], further: Sequence[FurtherPage]) -> list[Question]:
    """The questions with these pages among their right ones.

    Raises QuestionFileError for a page of a question that is not there or names no report.
    """
    known = {(question.set, question.id): question for question in questions}
    pages: dict[tuple[str, str], tuple[int, ...]] = {}
    for one in further:
        question = known.get((one.set, one.id))
        if question is None or not question.report:
            raise QuestionFileError(
                f"No question {one.set}/{one.id} with a report is there to add page {one.page} to.",
                "Run the set that the pages were judged for.",
            )
        pages[one.set, one.id] = tuple(dict.fromkeys((*pages.get((one.set, one.id), question.pages), one.page)))
    return [q.model_copy(update={"pages": pages.get((q.set, q.id), q.pages)}) for q in questions]

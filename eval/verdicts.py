"""Verdicts that people gave on answers, kept apart from runs: each holds for the answer it was given on, no other.

A file of verdicts is JSON Lines: ``{"set", "id", "verdict", "why", "answer_sha256"}``. The digest is that of
``predictions.jsonl``. Lines are only added: when a question's answer changes, its earlier verdict stays for the day
the answer comes back, and the new answer is unjudged until it gets a line of its own.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.measures import correct
from eval.predictions import Prediction
from index.errors import ReportQAError

LONGEST_WHY = 200
"""Characters: a reason in a few words, not the report's text."""


class VerdictFileError(ReportQAError):
    """A file of verdicts cannot be used. The message names the file, the line and what is wrong."""

    exit_code = 2


class Word(StrEnum):
    """What a person says of an answer.

    ``right``: answers the question as the page does, or refuses what the reports do not say. ``partly``: nothing
    wrong, something asked for missing. ``wrong``: says something that the page does not, and does not mark it.
    ``refused``: not found although it is there. ``marked``: wrong, but marked as unsupported or contradictory.
    """

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    REFUSED = "refused"
    MARKED = "marked"


class Verdict(BaseModel):
    """One verdict; ``why`` says in a few words what was wrong, without the report's text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    set: str
    id: str
    verdict: Word
    why: str = Field("", max_length=LONGEST_WHY)
    answer_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Judged(BaseModel):
    """An answer with the verdict that holds for it; ``verdict`` is None while it has none.

    ``changed`` is True where another answer to the question was judged.
    """

    model_config = ConfigDict(frozen=True)

    prediction: Prediction
    verdict: Verdict | None
    changed: bool


class Count(BaseModel):
    """What verdicts say of some answers. Shares are of ``judged``; None where nothing was.

    ``right``, ``partly``, ``wrong`` (without mark or refusal), ``refused`` and ``marked`` are numbers of answers.
    ``changed`` of the unjudged were judged when they read otherwise. Agreement with the exact measure counts ``right``
    against all else, over judged questions with required facts or not answerable.
    """

    model_config = ConfigDict(frozen=True)

    answers: int
    judged: int
    unjudged: int
    changed: int
    right: int
    partly: int
    wrong: int
    refused: int
    marked: int
    right_share: float | None
    wrong_share: float | None
    exact_n: int
    agreement: float | None


def read(path: Path) -> list[Verdict]:
    """Read a file of verdicts. Raises VerdictFileError."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise VerdictFileError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.",
            "Give a file of verdicts; `report-qa eval judge` makes one.",
        ) from error
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                found.append(Verdict.model_validate_json(line))
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(map(str, first["loc"]))
                raise VerdictFileError(
                    f"{path}, line {number}{f', field {field}' if field else ''}: {first['msg']}.",
                    'A line is {"set", "id", "verdict": right|partly|wrong|refused|marked, "why", "answer_sha256"}.',
                ) from error
    return found


def write(path: Path, verdict: Verdict) -> None:
    """Add a verdict to a file. Raises VerdictFileError when it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(verdict.model_dump_json() + "\n")
    except OSError as error:
        raise VerdictFileError(f"{path} cannot be written: {error.strerror}.", "Name another file.") from error


def judge(predictions: Iterable[Prediction], verdicts: Sequence[Verdict]) -> list[Judged]:
    """Give every answer the last verdict that was given on exactly this answer."""
    given = {(v.set, v.id, v.answer_sha256): v for v in verdicts}
    known = {(v.set, v.id) for v in verdicts}
    found = []
    for prediction in predictions:
        if prediction.reply is not None:
            place = (prediction.question.set, prediction.question.id)
            verdict = given.get((*place, prediction.reply.sha256))
            found.append(Judged(prediction=prediction, verdict=verdict, changed=verdict is None and place in known))
    return found


def count(judged: Sequence[Judged]) -> Count:
    """Count the verdicts and hold them against the exact measure where a question has one."""
    words = Counter(j.verdict.verdict for j in judged if j.verdict)
    total = words.total()
    same = [
        (j.verdict.verdict is Word.RIGHT) == (exact == "right")
        for j in judged
        if j.verdict and (exact := automatic(j.prediction))
    ]
    return Count(
        answers=len(judged),
        judged=total,
        unjudged=len(judged) - total,
        changed=sum(j.changed for j in judged),
        right=words[Word.RIGHT],
        partly=words[Word.PARTLY],
        wrong=words[Word.WRONG],
        refused=words[Word.REFUSED],
        marked=words[Word.MARKED],
        right_share=words[Word.RIGHT] / total if total else None,
        wrong_share=words[Word.WRONG] / total if total else None,
        exact_n=len(same),
        agreement=sum(same) / len(same) if same else None,
    )


def automatic(prediction: Prediction) -> str:
    """Give the exact measure's verdict, "right" or "not right"; "" for a question that has none."""
    question, reply = prediction.question, prediction.reply
    if reply is None or (question.answerable and not question.must_include):
        return ""
    right = correct(prediction) if question.answerable else not reply.found
    return "right" if right else "not right"

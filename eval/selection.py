"""Which of a file's questions a run asks: by kind, language or id, a fixed sample, the first few."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from eval.questions import Question, QuestionFileError


class Selection(BaseModel):
    """What to ask, applied in this order: ``kinds`` and ``languages`` (empty for all), ``ids``, ``sample``, ``limit``.

    ``ids`` are ``set/id`` or plain ids, None for all. ``sample`` questions of each file are drawn by ``seed``, every
    kind with its share. ``limit`` keeps the first so many of each file. What is asked stays in the file's order.
    """

    model_config = ConfigDict(frozen=True)

    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    ids: tuple[str, ...] | None = None
    sample: int | None = Field(default=None, ge=1)
    seed: int = 0
    limit: int | None = Field(default=None, ge=1)

    def of(self, questions: Sequence[Question]) -> list[Question]:
        """Choose among the questions of all files. Raises QuestionFileError when nothing is left or an id is not."""
        chosen = [
            question
            for question in questions
            if (not self.kinds or question.kind in self.kinds)
            and (not self.languages or question.lang in self.languages)
        ]
        if not chosen:
            kinds = ", ".join(sorted({question.kind or "(none)" for question in questions}))
            raise QuestionFileError("No question is of that kind and language.", f"The kinds are: {kinds}.")
        if self.ids is not None:
            self._require_ids(questions)
            wanted = set(self.ids)
            chosen = [q for q in chosen if q.id in wanted or f"{q.set}/{q.id}" in wanted]
        by_set: dict[str, list[Question]] = {}
        for question in chosen:
            by_set.setdefault(question.set, []).append(question)
        found: list[Question] = []
        for own in by_set.values():
            drawn = draw(own, self.sample, self.seed) if self.sample is not None else own
            found += drawn[: self.limit]
        if not found:
            raise QuestionFileError("No question is left to ask.", "Loosen --ids, --kind or --lang.")
        return found

    def _require_ids(self, questions: Sequence[Question]) -> None:
        known = {q.id for q in questions} | {f"{q.set}/{q.id}" for q in questions}
        missing = [name for name in self.ids or () if name not in known]
        if missing:
            more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
            raise QuestionFileError(
                f"The question files have no {', '.join(missing[:5])}{more}.",
                "Give the file the ids are of; an id is written alone or as set/id.",
            )


def draw(questions: Sequence[Question], size: int, seed: int) -> list[Question]:
    """Draw ``size`` questions, every kind with its share of them (largest remainders), in their own order.

    What is drawn of a kind are the questions with the smallest SHA-256 of seed, set and id, so that the same are
    drawn whatever their order, and a question that is added changes the sample little.
    """
    if size >= len(questions):
        return list(questions)
    counts = Counter(question.kind for question in questions)
    exact = {kind: size * count / len(questions) for kind, count in sorted(counts.items())}
    shares = {kind: int(share) for kind, share in exact.items()}
    for kind in sorted(exact, key=lambda kind: (shares[kind] - exact[kind], kind))[: size - sum(shares.values())]:
        shares[kind] += 1

    def lot(question: Question) -> str:
        return hashlib.sha256(f"{seed}/{question.set}/{question.id}".encode()).hexdigest()

    drawn: set[str] = set()
    for kind, share in shares.items():
        own = sorted((question for question in questions if question.kind == kind), key=lot)
        drawn |= {question.id for question in own[:share]}
    return [question for question in questions if question.id in drawn]


def read_ids(path: Path) -> tuple[str, ...]:
    """Read a file of ids, one a line; empty lines and lines that begin with # are skipped.

    Raises QuestionFileError when it cannot be read or holds none.
    """
    try:
        lines = [line.strip() for line in Path(path).read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.", "Give a text file, an id a line."
        ) from error
    ids = tuple(line for line in lines if line and not line.startswith("#"))
    if not ids:
        raise QuestionFileError(f"{path} holds no ids.", "Write one id a line.")
    return ids

"""Question files: JSON Lines of questions with their answers, pages and required facts, read and checked."""

import difflib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from index.errors import ReportQAError

Text = Annotated[str, StringConstraints(pattern=r"\S")]
PageNumber = Annotated[int, Field(ge=1)]


class QuestionFileError(ReportQAError):
    """A question file cannot be used. The message names the file and, where there is one, the line and the field."""

    exit_code = 2


class Fault(NamedTuple):
    """Something wrong with one line: the field ("" for the whole line), what is wrong, and what to do."""

    field: str
    what: str
    remedy: str


def normalise(text: str) -> str:
    """Fold a text to the form in which facts are compared: NFKC, lower case, no white space, no commas."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in folded if not c.isspace() and c != ",")


class _Line(BaseModel):
    """The fields of one line of a question file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Text
    lang: Literal["zh", "en"]
    question: Text
    kind: str = ""
    answer: str = ""
    report: str = ""
    pages: tuple[PageNumber, ...] = ()
    must_include: tuple[tuple[str, ...], ...] | None = None
    evidence: tuple[str, ...] = ()
    answerable: bool = True
    review: Literal["draft", "done"] | None = None
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> "_Line":
        for fault in _inconsistencies(self):
            raise PydanticCustomError("question", "the question {what}", fault._asdict())
        return self


def _inconsistencies(line: _Line) -> Iterator[Fault]:
    """What fields that are each well formed have against each other."""
    if line.pages and not line.report:
        yield Fault("pages", "has pages, but names no report", "Name the report's file in `report`.")
    if not line.answerable and line.pages:
        yield Fault("pages", "is not answerable, yet has pages", "Empty `pages`, or set `answerable` to true.")
    if not line.answerable and line.must_include:
        yield Fault("must_include", "is not answerable, yet requires facts", "Empty `must_include`.")
    for number, group in enumerate(line.must_include or (), start=1):
        if not any(normalise(alternative) for alternative in group) or not all(map(normalise, group)):
            yield Fault(
                "must_include",
                f"has an empty alternative, or none, in list {number}",
                "Every inner list holds one or more texts of which one must stand in the answer.",
            )


class Question(_Line):
    """One question. ``set`` is the stem of its file's name; ``set`` and ``id`` together are unique in a run.

    ``lang`` is the language of the question; ``pages`` are 1-based pages of the file ``report``, any one of which is
    right; of every inner list of ``must_include`` one alternative must stand in a right answer. ``must_include`` is
    None where the file gives none: such a question has no exact verdict. ``review`` is "draft" while no person has
    looked at the question; ``note`` is for people.
    """

    set: str

    def fields(self) -> dict[str, Any]:
        """Give the question's own fields as its file gave them."""
        return self.model_dump(mode="json", exclude_unset=True, exclude={"set"})


def lines(path: Path) -> list[tuple[int, str]]:
    """The lines of a question file that are not empty, with their numbers from 1.

    Raises QuestionFileError for a file that is missing, not UTF-8 or cannot be read.
    """
    path = Path(path)
    try:
        found = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError as error:
        raise QuestionFileError(f"There is no question file {path}.", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise QuestionFileError(f"{path} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from error
    except OSError as error:
        raise QuestionFileError(f"{path} cannot be read: {error.strerror}.", "Give a readable .jsonl file.") from error
    return [(number, text) for number, text in enumerate(found, start=1) if text.strip()]


def parse(text: str, name: str) -> tuple[Question | None, list[Fault]]:
    """The question of one line, of the set ``name``, or everything that is wrong with the line."""
    try:
        line = _Line.model_validate_json(text)
    except ValidationError as error:
        details = error.errors()
        if details[0]["type"] == "question":  # well formed: what its fields have against each other, all of it
            given = _Line.model_construct(**json.loads(text))
            return None, [fault._replace(what=f"the question {fault.what}") for fault in _inconsistencies(given)]
        return None, [_explain(detail) for detail in details]
    return Question(set=name, **line.model_dump(exclude_unset=True)), []


def load(path: Path) -> list[Question]:
    """Read the questions of one file in order; empty lines are skipped.

    Raises QuestionFileError naming the file, the line, the field and what to do, for a file that is missing, empty or
    not UTF-8, for a line that is not a question, and for an id that occurs twice.
    """
    path = Path(path)
    questions: list[Question] = []
    seen: dict[str, int] = {}
    for number, text in lines(path):
        question, faults = parse(text, path.stem)
        if question is None:
            field, what, remedy = faults[0]
            where = f"{path}, line {number}" + (f", field {field}" if field else "")
            raise QuestionFileError(f"{where}: {what}.", remedy)
        if question.id in seen:
            raise QuestionFileError(
                f'{path}, line {number}, field id: "{question.id}" already stands in line {seen[question.id]}.',
                "Give every question of a file its own id.",
            )
        seen[question.id] = number
        questions.append(question)
    if not questions:
        raise QuestionFileError(f"{path} holds no questions.", "Write one JSON object a line.")
    return questions


def load_all(paths: Iterable[Path], limit: int | None = None) -> list[Question]:
    """Read several files, of each the first ``limit`` questions, to be asked.

    Raises QuestionFileError for two files with one stem, and for drafts that nobody has reviewed.
    """
    if limit is not None and limit < 1:
        raise QuestionFileError(f"A limit of {limit} leaves no questions.", "Give --limit 1 or more.")
    questions: list[Question] = []
    stems: dict[str, Path] = {}
    for path in map(Path, paths):
        if path.stem in stems:
            raise QuestionFileError(
                f"{stems[path.stem]} and {path} would both be the set {path.stem}.", "Rename one, or give it once."
            )
        stems[path.stem] = path
        questions += load(path)[:limit]
    drafts = [f"{question.set}/{question.id}" for question in questions if question.review == "draft"]
    if drafts:
        named = ", ".join(drafts[:3]) + (f" and {len(drafts) - 3} more" if len(drafts) > 3 else "")
        raise QuestionFileError(
            f"Nobody has reviewed these drafts: {named}.",
            'Check question, answer, page and quote of each and set its `review` to "done", or delete its line.',
        )
    return questions


def _explain(error: ErrorDetails) -> Fault:
    """What is wrong with a field, of one error of pydantic's."""
    field, kind = _dotted(error["loc"]), error["type"]
    if kind == "json_invalid":
        return Fault("", f"not JSON ({error['ctx']['error']})", "Write one JSON object a line, in double quotes.")
    if kind == "model_type":
        return Fault("", "not a JSON object", 'Write one object a line, {"id": ..., "lang": ..., "question": ...}.')
    if kind == "missing":
        return Fault(field, "missing", f"Add `{field}`; id, lang and question are required.")
    if kind == "extra_forbidden":
        known = list(_Line.model_fields)
        close = difflib.get_close_matches(field, known, n=1)
        remedy = f"Did you mean `{close[0]}`?" if close else f"Remove it. Known: {', '.join(known)}."
        return Fault(field, "unknown", remedy)
    if kind == "string_pattern_mismatch":
        return Fault(field, "empty", f"Fill `{field}`.")
    message = error["msg"].removeprefix("Input ")
    return Fault(field, f"{message}, got {error['input']!r}", _EXPECTED.get(str(error["loc"][0]), "Mend its value."))


_EXPECTED = {
    "lang": 'Use "zh" or "en".',
    "pages": "Give a list of 1-based page numbers, such as [3] or [3, 4].",
    "must_include": 'Give a list of lists of texts, such as [["12.3%"], ["2024", "FY24"]].',
    "evidence": "Give a list of texts.",
    "answerable": "Use true or false.",
    "review": 'Use "draft" or "done", or leave it out.',
}


def _dotted(location: Sequence[int | str]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).removeprefix(".")

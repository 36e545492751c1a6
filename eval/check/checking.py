"""All checks of some question files, every problem listed."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from eval.check import duplicates, pages, single
from eval.check.problem import Located, Problem, Severity
from eval.questions import QuestionFileError, lines, parse

if TYPE_CHECKING:
    from index.library import Library


class Checked(BaseModel):
    """What the checks found. ``pages_checked`` counts the questions that were held against their report."""

    model_config = ConfigDict(frozen=True)

    files: int
    questions: int
    pages_checked: int
    problems: tuple[Problem, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many problems there are of each severity."""
        found = Counter(problem.severity for problem in self.problems)
        return {severity.value: found[severity] for severity in Severity}

    @property
    def kinds(self) -> dict[str, int]:
        """How many problems there are of each kind, most first."""
        return dict(Counter(problem.kind for problem in self.problems).most_common())

    @property
    def exit_code(self) -> int:
        """1 when something is wrong (an error), else 0."""
        return 1 if self.counts[Severity.ERROR] else 0


def check(files: Sequence[Path], library: "Library | None") -> Checked:
    """Check question files, with ``library`` also against the reports in its store.

    What cannot be read is a problem, too, and does not keep the rest from being checked.
    """
    located: list[Located] = []
    problems: list[Problem] = []
    for file in map(Path, files):
        own, faults = _read(file)
        located += own
        problems += faults
    stems = Counter(Path(file).stem for file in files)
    for file in map(Path, files):
        if stems[file.stem] > 1:
            problems.append(
                _of_file(file, 0, "", "set_twice", "", f"two files would be the set {file.stem}", "Rename one.")
            )
    texts = pages.PageTexts(library) if library else None
    for at in located:
        problems += single.faults(at)
        problems += pages.faults(at, texts) if texts else ()
    problems += duplicates.faults(located)
    order = {str(file): number for number, file in enumerate(files)}
    known = texts.entries if texts else {}
    return Checked(
        files=len(files),
        questions=len(located),
        pages_checked=sum(at.question.report in known for at in located),
        problems=tuple(
            sorted(problems, key=lambda p: (order.get(p.file, 0), p.line, list(Severity).index(p.severity)))
        ),
    )


def _read(file: Path) -> tuple[list[Located], list[Problem]]:
    """The questions of a file that are well formed, and what is wrong with the other lines."""
    try:
        texts = lines(file)
    except QuestionFileError as error:
        return [], [_of_file(file, 0, "", "file", "", error.message.rstrip("."), error.remedy)]
    if not texts:
        return [], [_of_file(file, 0, "", "empty", "", "there are no questions", "Write one JSON object a line.")]
    found: list[Located] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, text in texts:
        question, faults = parse(text, file.stem)
        problems += [_of_file(file, number, "", "format", f.field, f.what, f.remedy) for f in faults]
        if question is None:
            continue
        if question.id in seen:
            what = f'"{question.id}" already stands in line {seen[question.id]}'
            remedy = "Give every question of a file its own id."
            problems.append(_of_file(file, number, question.id, "id_twice", "id", what, remedy))
        seen.setdefault(question.id, number)
        found.append(Located(file, number, question))
    return found, problems


def _of_file(file: Path, line: int, name: str, kind: str, field: str, message: str, remedy: str) -> Problem:
    return Problem(
        severity=Severity.ERROR,
        kind=kind,
        file=str(file),
        line=line,
        id=name,
        field=field,
        message=message,
        remedy=remedy,
    )

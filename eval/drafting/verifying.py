"""What the program checks of a drafted question, and the facts that its answer must have."""

import json
import re
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.check.texts import alike, nearness, squeezed
from eval.grounded import Standing, agrees
from eval.measures.periods import parts, years
from eval.numbers import Number, numbers
from index.language import detect

LONGEST = 300  # characters of a question
_SHARED = 0.6  # of the words of an answer without figures that stand in its evidence
_SHORT = 24  # characters of an answer that is required word for word
_MOST_FACTS = 3
_LEANING = re.compile(
    r"本段|上述|上文|下文|该表|此表|本表|上表|下表|这段|该句|这句|文中|原文|该行|这一行"
    r"|\b(?:this|the|given|above) (?:passage|table|sentence|text|excerpt|paragraph|row|line|statement)\b|\babove\b",
    re.IGNORECASE,
)

_MONTH = re.compile(
    r"(?<!\d)\d{1,2}\s*月|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_RELATIVE = re.compile(
    r"本周|上周|本月|上月|今年|去年|年初|\b(?:this|last|current|prior) (?:week|month|quarter|year)", re.IGNORECASE
)


class Written(BaseModel):
    """What the model wrote."""

    model_config = ConfigDict(frozen=True, strict=True, str_strip_whitespace=True)

    question: str
    answer: str


def parse(text: str) -> Written | None:
    """The JSON object in what the model wrote, with whatever it put around it; None when there is none."""
    for match in re.finditer(r"\{", text):
        try:
            value, _ = json.JSONDecoder().raw_decode(text, match.start())
            return Written.model_validate(value)
        except (ValueError, ValidationError):
            continue
    return None


def fault(written: Written, evidence: str, language: str, earlier: Iterable[str]) -> str:
    """Why a draft is thrown away, as a code; "" when the program finds nothing wrong.

    ``evidence`` is the passage with its table's title and unit, ``earlier`` the questions drafted before.
    """
    question, answer = written.question, written.answer
    if not squeezed(question) or not squeezed(answer) or len(question) > LONGEST:
        return "empty_or_long"
    if detect(question) != language:
        return "language"
    if _LEANING.search(question):
        return "leans_on_text"
    figures = [number for number in numbers(answer) if number.counted]
    there = numbers(evidence)
    if any(_in(figure, there) is Standing.MISSING for figure in figures):
        return "figure_not_in_evidence"
    same_language = detect(evidence) == detect(answer)
    in_words = squeezed(answer) in squeezed(evidence) or nearness(answer, evidence) >= _SHARED
    if not figures and same_language and not in_words:
        return "not_in_evidence"
    given = numbers(question)
    if squeezed(answer) in squeezed(question) or (
        figures and all(_in(figure, given) is Standing.STANDS for figure in figures)
    ):
        return "gives_away_answer"
    if figures and _named(evidence) and not (_named(question) or _RELATIVE.search(question)):
        return "no_period"
    if any(alike(question, other) for other in earlier):
        return "asked_before"
    return ""


def _named(text: str) -> bool:
    """Whether a text names a year, a quarter, a half or a month."""
    return bool(years(text) or parts(text) or _MONTH.search(text))


def required(answer: str, evidence: str, question: str) -> tuple[tuple[str, ...], ...] | None:
    """The facts that a right answer must have: its figures in each form written, or a short answer itself.

    None where nothing can be required word for word.
    """
    given, there = numbers(question), numbers(evidence)
    groups = []
    for number in numbers(answer):
        if number.counted and _in(number, given) is not Standing.STANDS:
            forms = [number.text, *(other.text for other in there if agrees(number, other) is Standing.STANDS)]
            groups.append(tuple(dict.fromkeys(form.strip() for form in forms)))
    if groups:
        return tuple(dict.fromkeys(groups[:_MOST_FACTS]))
    plain = answer.strip().rstrip("。.")
    return ((plain,),) if len(plain) <= _SHORT and squeezed(plain) and squeezed(plain) in squeezed(evidence) else None


def _in(number: Number, others: Iterable[Number]) -> Standing:
    found = {agrees(number, other) for other in others}
    return next((s for s in (Standing.STANDS, Standing.DIGITS) if s in found), Standing.MISSING)

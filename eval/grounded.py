"""Figures of answers held against the evidence they cite: one simple comparison, apart from the one answers go through.

Nothing is taken from ``rag.checking``, so that a mistake there shows here. A figure *stands* in the cited evidence when
the evidence has the same value in the same kind of unit (nothing, %, percentage points, basis points), whatever the
scale it is written in: 12.5亿 is 1.25 billion; or a value of which it is a rounding. It stands *by its digits* when the
evidence has the number without a unit, as table cells do, whose unit stands in a header. It is *computed* when the
answer shows the calculation and that holds, from figures that stand. Figures that the question gives, and whole
numbers up to 12 without unit or scale, days of a month and numbers of pages are not counted.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from eval import formulas
from eval.numbers import SCALES, Number, flatten, numbers
from eval.predictions import Prediction, Reply

_MARK = re.compile(r"\s*[\[【](\d+)[\]】]")
_DAY = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\s*$", re.IGNORECASE
)
_PAGE = re.compile(r"(?:第|\bp(?:age|\.)) ?$", re.IGNORECASE)
_PCT = {"%", "pp"}
"""What "pct" stands for: percentage points in Chinese reports, percent in English ones."""

_SENTENCE = re.compile(r"(?<=[。！？!?;；\n])|(?<=[a-z)%\]\d]\.)(?<!\bp\.)\s+(?=[A-Z\d])")
_NUMERAL = re.compile(r"^\s*(?:\d{1,2}[.)、](?!\d)|[(]\d{1,2}[)])\s*", re.MULTILINE)


class Standing(StrEnum):
    """How a figure of an answer stands to the evidence cited for it."""

    STANDS = "stands"
    DIGITS = "digits"
    COMPUTED = "computed"
    MARKED = "marked"
    MISSING = "missing"


class Held(BaseModel):
    """One figure of an answer, the sentence it stands in, and how it stands to the evidence cited there."""

    model_config = ConfigDict(frozen=True)

    figure: str
    sentence: str
    standing: Standing


def agrees(ours: Number, theirs: Number) -> Standing:
    """Say whether a figure stands for one of the evidence (STANDS, DIGITS) or not (MISSING)."""
    if _same_kind(ours.kind, theirs.kind) and _rounds(ours, theirs.value, theirs.step):
        return Standing.STANDS
    bare = not theirs.kind and not theirs.scaled
    if bare and (ours.kind or ours.scaled):
        powers = (0,) if ours.kind and not ours.scaled else (0, 3, 4, 6, 8, 9)
        if any(_rounds(ours, theirs.digits.scaleb(power), theirs.step.scaleb(power)) for power in powers):
            return Standing.DIGITS
    if not ours.kind and not ours.scaled and ours.counted and ours.digits == theirs.digits:
        return Standing.DIGITS
    return Standing.MISSING


def _same_kind(ours: str, theirs: str) -> bool:
    return ours == theirs or any(loose in {ours, theirs} and bool(_PCT & {ours, theirs}) for loose in ("pct", "points"))


def _rounds(ours: Number, value: Decimal, step: Decimal) -> bool:
    """Whether ours is ``value``, or ``value`` rounded to two digits or more."""
    if ours.value == value:
        return True
    return ours.step > step and ours.value >= 10 * ours.step and abs(ours.value - value) <= ours.step / 2


def held(prediction: Prediction) -> list[Held]:
    """Hold every counted figure of an answer that was found against the evidence its sentence cites.

    The evidence cited is the quotes of the sentence's marks with sections and titles, and what the model was shown of
    those pages; of a sentence without marks, that of all citations.
    """
    reply = prediction.reply
    if reply is None or not reply.found or (reply.citations and not reply.citations_full):
        return []  # the last is a file of an earlier version, which did not keep what was cited
    given = numbers(prediction.question.question)
    marked = [number for text in reply.unsupported for number in numbers(text)]
    computed = _computed(reply, [*numbers(_cited(reply, ())), *given])
    found = []
    for sentence, marks in sentences(reply.predicted):
        evidence = numbers(_cited(reply, marks))
        years = _years(_cited(reply, marks))
        flat = flatten(sentence)
        for number in numbers(sentence):
            if (
                not number.counted
                or _said_of_place(flat[: number.start])
                or _standing(number, given) is Standing.STANDS
            ):
                continue
            if any(number.value == other.value and number.kind == other.kind for other in marked):
                standing = Standing.MARKED
            else:
                standing = _standing(number, evidence)
                if standing is Standing.MISSING and not number.kind and number.value in years:
                    standing = Standing.STANDS
                if standing is Standing.MISSING and any(_standing(number, [c]) is Standing.STANDS for c in computed):
                    standing = Standing.COMPUTED
            found.append(Held(figure=number.text, sentence=sentence.strip(), standing=standing))
    return found


def _said_of_place(before: str) -> bool:
    """Whether the words before a number make it a day of the month or a page that is cited."""
    return bool(_DAY.search(before) or _PAGE.search(before))


def _standing(number: Number, evidence: Sequence[Number]) -> Standing:
    found = {agrees(number, other) for other in evidence}
    return next((s for s in (Standing.STANDS, Standing.DIGITS) if s in found), Standing.MISSING)


def _computed(reply: Reply, evidence: Sequence[Number]) -> list[Number]:
    """Give the results of formulas that hold and whose operands stand in the evidence or are results themselves."""
    found: list[Number] = []
    for formula in formulas.find(unicodedata.normalize("NFKC", _MARK.sub("", reply.predicted))):
        operands = [number for number in numbers(formula.left) if number.counted and number.value != 100]
        results = numbers(formula.right)
        value = formulas.value(formula.left, SCALES)
        if value is None or not results:
            continue
        if any(_standing(operand, [*evidence, *found]) is Standing.MISSING for operand in operands):
            continue
        result = results[0]
        off = min(abs(abs(value) * factor - result.value) for factor in ((1, 100) if result.kind else (1,)))
        if off <= max(result.step / 2, result.value / 1000):
            found.append(result)
    return found


def sentences(answer: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each sentence without its marks and list numeral, with the numbers of its marks, also those after its stop."""
    parts: list[str] = []
    for part in _SENTENCE.split(answer):
        lead = re.match(r"(?:\s*[\[【]\d+[\]】])+", part)
        if lead and parts:
            parts[-1] += lead[0]
            part = part[lead.end() :]  # noqa: PLW2901
        if part.strip():
            parts.append(part)
    for part in parts:
        marks = tuple(dict.fromkeys(int(match[1]) for match in _MARK.finditer(part)))
        yield _NUMERAL.sub("", _MARK.sub("", part)), marks


def _cited(reply: Reply, marks: Sequence[int]) -> str:
    chosen = [c for c in reply.citations_full if not marks or c.n in marks]
    pages = {(c.report, c.page) for c in chosen} or (set() if marks else set(reply.citations))
    parts = [part for c in chosen for part in (c.quote, c.section, c.title, c.report.replace("_", " "))]
    shown = (part for e in reply.evidence_shown if (e.report, e.page) in pages for part in (e.text, e.section))
    return "\n".join((*parts, *shown))


def _years(text: str) -> set[Decimal]:
    """Years that a text gives by two digits: 24年, FY24, 25Q1, 1Q25."""
    short = re.findall(r"(?<!\d)(\d{2})(?=年|Q\d|H\d|E\b|A\b)|(?<=FY|[1-4]Q|[12]H)(\d{2})(?!\d)", text)
    return {Decimal(2000 + int(first or second)) for first, second in short}

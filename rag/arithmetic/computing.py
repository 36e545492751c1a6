"""Reckoned answers: from a question and its evidence to a value, its formula and the rows it stands on."""

import re
from collections.abc import Sequence
from decimal import Decimal

from rag.arithmetic.choosing import operands
from rag.arithmetic.combining import combined
from rag.arithmetic.computed import Computed
from rag.arithmetic.expressions import Expression, Part, lines, parse, reckon
from rag.arithmetic.names import names, names_share
from rag.arithmetic.operations import Kind, Operation, as_share, asks_for
from rag.arithmetic.periods import Period
from rag.arithmetic.statements import Statements
from rag.arithmetic.wording import said
from rag.types import Evidence

_CHANGES = re.compile(
    r"improv|declin|increas|decreas|chang|trend|ris(?:e|ing)|fall|grow|worsen|改善|提高|上升|下降|变化|恶化|趋势|增|减",
    re.IGNORECASE,
)


MOST_NAMES = 0.6  # of the names in a question, for a report to be the one that is meant


def compute(
    question: str,
    evidence: Sequence[Evidence],
    language: str,
    operation: Operation | None = None,
    *,
    scoped: bool = False,
) -> Computed | None:
    """The answer to a question that asks for something to be reckoned, in ``language`` ("zh" or "en").

    Operands are chosen by rule. None when nothing is to be reckoned, an operand is not there or not clear, units or
    periods do not fit, or the result makes no sense. ``scoped`` says that the evidence is of the report that the
    question means, so that its names need not stand there.
    """
    operation = operation or asks_for(question)
    if operation is None or not evidence:
        return None
    if operation.kind is Kind.RATIO:
        found = ratio(operation, evidence if scoped else of_the_named(operation, evidence), language)
        shared = as_share(operation) if found is None else None
        told = [item for item in evidence if " | " not in item.text]  # tables have been looked through
        choices = operands(shared, told) if shared else None
        return combined(shared, choices, language) if shared and choices else found
    choices = operands(operation, evidence)
    return combined(operation, choices, language) if choices else None


def of_the_named(operation: Operation, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The items of the one report that has the question's names, none where no report or several have."""
    wanted = names(operation)
    told: dict[str, str] = {}
    for item in evidence:
        told[item.report_id] = (
            f"{told.get(item.report_id, '')} {item.report.replace('_', ' ')} {item.title} {item.section}"
        )
    having = [report for report, text in told.items() if names_share(wanted, text) >= MOST_NAMES]
    return [item for item in evidence if item.report_id == having[0]] if len(having) == 1 else []


def ratio(operation: Operation, evidence: Sequence[Evidence], language: str) -> Computed | None:
    """A named or defined ratio from the lines of statements, for each period that is asked for."""
    statements = Statements(evidence, language)
    asked = list(operation.periods) or [p for p in (statements.newest(),) if p]
    if len(asked) == 1 and operation.ratio and _CHANGES.search(operation.question):
        asked = [Period(asked[0].year - 1, asked[0].part, text=_year_before(asked[0])), *asked]
    several = asked
    for formula in operation.formulas:
        asked = several
        parts = [reckon(formula, lambda line, p=period: statements.line(line, p)) for period in asked]  # type: ignore[misc]
        if len(asked) == 2 and not operation.compares and parts[0] is None:
            asked, parts = asked[1:], parts[1:]
        days = operation.ratio is not None and operation.ratio.unit == "days"
        if any(period.part or period.months not in {0, 12} for period in asked) and (days or _averages(formula)):
            return None
        amount = any(part is not None and part.dimension for part in parts)
        unit = operation.ratio.unit if operation.ratio else "money" if amount else "times"
        made = _values(parts, unit, operation)
        if made is None:
            continue
        name = operation.ratio.called(language) if operation.ratio else {"zh": "结果", "en": "Result"}[language]
        return _ratio_text(
            name, asked, [p for p in parts if p], made, unit, language, _beside(operation, statements, asked, language)
        )
    return None


def _averages(formula: Expression) -> bool:
    """Whether a formula sets a year's flow against a stock, so that a quarter's would mislead."""
    return any(line.over for line in lines(formula))


def _values(parts: Sequence[Part | None], unit: str, operation: Operation) -> list[Decimal] | None:
    """The values of a ratio in its unit; None where one is missing or cannot be."""
    values = []
    for part in parts:
        if part is None or part.dimension != (1 if unit == "money" else 0):
            return None
        if part.dimension and part.place:
            return None
        if operation.ratio and not operation.ratio.least <= part.value <= operation.ratio.most:
            return None
        values.append(part.value * 100 if unit == "%" else part.value)
    return values or None


def _beside(
    operation: Operation, statements: Statements, asked: Sequence[Period], language: str
) -> list[tuple[str, Part, str]]:
    """Other definitions of the ratio for the newest period: name, what it comes to, unit."""
    if operation.ratio is None or not asked or operation.formulas[:1] != (parse(operation.ratio.formula),):
        return []
    for zh, en, formula, unit in operation.ratio.beside:
        part = reckon(parse(formula), lambda line: statements.line(line, asked[-1]))
        if part is not None and part.dimension == 0:
            return [(zh if language == "zh" else en, part, unit)]
    return []


def _ratio_text(
    name: str,
    asked: Sequence[Period],
    parts: Sequence[Part],
    values: Sequence[Decimal],
    unit: str,
    language: str,
    beside: Sequence[tuple[str, Part, str]],
) -> Computed:
    shown = [
        said(value, unit if unit != "money" else part.unit, language, part.step)
        for value, part in zip(values, parts, strict=True)
    ]
    equations = [f"{part.shown} = {value}" for part, value in zip(parts, shown, strict=True)]
    when = [period.text.removeprefix("the ") for period in asked]
    quotes = tuple(dict.fromkeys(quote for part in parts for quote in part.quotes))
    zh = language == "zh"
    if len(parts) == 1:
        text = f"{when[0]}{name}为{shown[0]}：{equations[0]}。" if zh else f"{name}, {when[0]}: {equations[0]}."
    else:
        verb = _moved(values[0], values[-1], language)
        steps = ("；" if zh else "; ").join(
            f"{w}{'：' if zh else ': '}{e}" for w, e in zip(when, equations, strict=True)
        )
        if zh:
            text = f"{name}由{when[0]}的{shown[0]}{verb}{shown[-1]}（{when[-1]}）。{steps}。"
        else:
            text = f"{name} {verb} {shown[0]} ({when[0]}) to {shown[-1]} ({when[-1]}). {steps}."
    for label, part, other in beside:
        value = said(part.value * (100 if other == "%" else 1), other, language, part.step)
        if value in shown:
            continue
        equations.append(f"{part.shown} = {value}")
        quotes = tuple(dict.fromkeys((*quotes, *part.quotes)))
        text += (
            f"{label}（{when[-1]}）：{equations[-1]}。"
            if zh
            else f" {label[0].upper()}{label[1:]} ({when[-1]}): {equations[-1]}."
        )
    return Computed(tuple(values), unit, "\n".join(equations), text, quotes)


def _moved(first: Decimal, last: Decimal, language: str) -> str:
    up = (last > first) - (last < first)
    if language == "zh":
        return {1: "升至", -1: "降至", 0: "持平于"}[up]
    return {1: "rose from", -1: "fell from", 0: "was unchanged from"}[up]


def _year_before(period: Period) -> str:
    return (
        period.text.replace(str(period.year), str(period.year - 1)).replace(
            f"{period.year % 100:02d}", f"{period.year % 100 - 1:02d}"
        )
        if str(period.year) not in period.text
        else period.text.replace(str(period.year), str(period.year - 1))
    )

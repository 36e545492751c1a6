"""Whether evidence prints what a question asks to be reckoned, so that nothing need be."""

import re
from collections.abc import Sequence

from index.text import words
from rag.arithmetic.amounts import Amount, amounts
from rag.arithmetic.choosing import content
from rag.arithmetic.operations import Kind, Operation
from rag.arithmetic.periods import Period
from rag.arithmetic.statements import rows
from rag.types import Evidence

_SHARE = re.compile(
    r"占|比重|比例|份额|percent(?:age)? of|% of|share of|proportion|account(?:s|ed|ing)? for|represent|as a percent"
    r"|make up|made up",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"同比|环比|增长|增加|下降|减少|上升|回落|提高|降低|increas|decreas|grew|growth|rose|fell|declin|\bup\b"
    r"|\bdown\b|change",
    re.IGNORECASE,
)
_DIFFERS = re.compile(
    r"相差|差距|差额|之差|高出|多出|difference|gap|more than|higher than|lower than|less than|exceed", re.IGNORECASE
)
_TOGETHER = re.compile(r"合计|共计|总计|合共|total|combined|together", re.IGNORECASE)
_MEAN = re.compile(r"平均|均值|average|mean", re.IGNORECASE)
_TIMES = re.compile(r"倍|times|fold", re.IGNORECASE)
_COMPOUND = re.compile(r"复合|CAGR|compound", re.IGNORECASE)
LEAST = 0.75  # share of the question's words that the printed figure's sentence and section must have


def printed(operation: Operation, evidence: Sequence[Evidence]) -> bool:
    """Whether a figure of the kind asked for stands in the evidence beside the words of the question."""
    if operation.kind is Kind.RATIO:
        return _ratio_printed(operation, evidence)
    marks = {
        Kind.SHARE: _SHARE, Kind.GROWTH: _CHANGED, Kind.DIFFERENCE: _DIFFERS, Kind.SUM: _TOGETHER, Kind.AVERAGE: _MEAN,
        Kind.TIMES: _TIMES, Kind.CAGR: _COMPOUND,
    }.get(operation.kind)  # fmt: skip
    if marks is None:
        return False
    items = {item.n: item for item in evidence}
    wanted = content(" ".join(operation.operands)) or content(operation.question)
    years = {period.year for period in operation.periods if period.year}
    for amount in amounts(evidence):
        if operation.kind in {Kind.SHARE, Kind.CAGR} and amount.unit != "%":
            continue
        if operation.kind is Kind.GROWTH and not _is_change(amount):
            continue
        if not marks.search(f"{amount.label} {amount.column}" if amount.tabular else amount.label or amount.quote):
            continue
        if years and amount.period is not None and amount.period.year and amount.period.year not in years:
            continue
        item = items[amount.n]
        has = frozenset(words(f"{amount.quote} {item.section} {item.about} {item.title}"))
        if wanted and len(wanted & has) >= LEAST * len(wanted):
            return True
    return False


def _is_change(amount: Amount) -> bool:
    """Whether a figure can be by how much something changed."""
    return amount.is_share or bool(_CHANGED.search(amount.label))


def _ratio_printed(operation: Operation, evidence: Sequence[Evidence]) -> bool:
    """Whether a row or a sentence gives the ratio by its name for every period asked."""
    if operation.ratio is None:
        return False
    named = re.compile(operation.ratio.asked, re.IGNORECASE)
    asked: list[Period | None] = [*operation.periods] or [None]
    for row in rows(evidence):
        if row.standing and named.search(row.label) and all(row.at(period) is not None for period in asked):
            return True
    texts = [a for a in amounts(evidence) if not a.tabular and named.search(a.quote)]
    years = {period.year for period in operation.periods if period.year}
    found = {a.period.year for a in texts if a.period is not None}
    return bool(texts) and (not years or years <= found)

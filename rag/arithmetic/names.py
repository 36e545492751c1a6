"""Whose figures a question asks for: the names in it, and the reports that have them."""

import re
from collections.abc import Sequence

from index.text import fold, has_cjk, is_uncommon, words
from rag.arithmetic.definitions import before_definition
from rag.arithmetic.operations import Operation
from rag.arithmetic.periods import placed
from rag.checking.terms import is_name_like

_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9&]*(?:[-.][A-Za-z0-9]+)*")
_NO_NAMES = frozenset(
    "calculate compute define round give please consolidated q fy ebitda ebit cogs pp&e usd rmb us gaap non-gaap ratio "
    "cash net income revenue gross operating quarter fiscal yes no state explain answer roe roa dso dpo dio fcf capex "
    "r&d sg&a eps ceo cfo total sales".split(" ")
)


def names(operation: Operation) -> list[str]:
    """The names in a question, lower-cased, without those of the ratio and of periods."""
    text = before_definition(operation.question)
    if operation.ratio is not None:
        text = re.sub(operation.ratio.asked, " ", text, flags=re.IGNORECASE)
    for start, period in reversed(placed(text)):
        text = f"{text[:start]} {text[start + len(period.text) :]}"
    if has_cjk(text):
        return [word for word in words(text, whole=True) if is_name_like(word) and is_uncommon(word)]
    found = (name.lower() for name in _LATIN.findall(text))
    return [name for name in dict.fromkeys(found) if words(name) and name not in _NO_NAMES and len(name) > 1]


def names_share(wanted: Sequence[str], text: str) -> float:
    """The share of names that ``text`` has; 1 when there are none."""
    folded = fold(text)
    return sum(fold(name) in folded for name in wanted) / len(wanted) if wanted else 1.0

"""Figures of an answer against those of the gold answer: value, unit, currency and sign."""

import re
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from eval.measures.directions import Stated, stated, way
from eval.measures.required import MARK
from eval.numbers import Number, flatten, numbers
from eval.questions import Question

_DATE_BEHIND = re.compile(r"\s*(?:月|日|号|季度|月份)|(?:st|nd|rd|th)\b")
_NAME_BEFORE = re.compile(
    r"(?:第|图|表|附注|注|[（(]|page|pages|p\.|pp\.|note|item|figure|fig\.|table|section|chapter|"
    r"jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*)\.?\s*$",
    re.IGNORECASE,
)
_PLAIN_BRACKET = re.compile(r"[（(]\s*$")
_WHEN = re.compile(
    r"哪[一]?年|何时|什么时候|哪[个]?(?:月|季)|几年|哪天|何年|when|(?:which|what) (?:year|month|date|quarter|day)",
    re.IGNORECASE,
)
_UNIT_STATED = re.compile(
    r"单位\s*[:：为]|以[^，。]{0,8}(?:亿|万|百万|千)[^，。]{0,4}(?:计|为单位)|[（(](?:亿|万|百万|千)[^）)]{0,5}[）)]"
    r"|\b(?:in|USD|US\$|RMB|EUR|\$) ?(?:thousands|millions|billions)\b"
    r"|\bin (?:\w+ ){0,3}(?:thousands|millions|billions)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"增|减|升|降|涨|跌|变|较|比|幅|速|趋势|走势|chang|grow|grew|increas|decreas|declin|rise|rose|fall|fell|compar|higher|lower|move|trend",
    re.IGNORECASE,
)
_POWERS = (3, 4, 6, 8, 9)
_ALIKE = ({"pct", "%"}, {"pct", "pp"}, {"bp", "pp"}, {"points", "pp"}, {"points", ""})
"""Kinds of units that may be one: "points" are percentage points or those of an index."""


class Match(StrEnum):
    """How a figure of the gold answer is found in an answer."""

    AGREES = "agrees"
    SIGN = "sign"
    UNIT = "unit"
    MISSING = "missing"


def gold_figures(question: Question) -> list[Stated]:
    """Give the figures of the gold answer that the question does not itself give, without dates and small numerals.

    Years count where the question asks when.
    """
    given = numbers(question.question)
    return [f for f in told(question.answer, years=asks_when(question)) if not _known(f.number, given)]


def told(text: str, *, years: bool = False) -> list[Stated]:
    """Give the figures that a text states: none that are part of a date or name a page, and years only on demand."""
    return [figure for figure in stated(MARK.sub("", text)) if _states(figure, years=years)]


def asks_when(question: Question) -> bool:
    """Whether a year or date is what the question asks for."""
    return _WHEN.search(question.question) is not None


def _states(figure: Stated, *, years: bool) -> bool:
    number = figure.number
    if number.year:
        return years
    if _DATE_BEHIND.match(figure.text[number.end : number.end + 4]):
        return False
    before = figure.text[max(0, number.start - 12) : number.start]
    if not number.kind and not number.scaled and _NAME_BEFORE.search(before) and not _PLAIN_BRACKET.search(before):
        return False
    return number.counted or bool(number.measure or number.currency)


def match(gold: Stated, ours: Sequence[Stated], question: Question, answer: str) -> Match:
    """Say how a gold figure is found among the figures of an answer: the best that any of them gives.

    AGREES: the same value in the same kind of unit (12.5亿 is 1.25 billion; %, percentage points and basis points are
    three kinds, "pct" is % or points, 50 basis points are 0.5 points), or one a rounding of the other to two digits or
    more, with no other currency, thing counted, or sign. SIGN: all but the sign. UNIT: the same digits, but another
    scale, kind, currency or thing. A figure without unit agrees by its digits where the question or the answer states
    the unit elsewhere ("in USD millions", "单位：亿元"), or where the gold answer has none either.
    """
    return best(gold, ours, question, answer)[0]


def best(gold: Stated, ours: Sequence[Stated], question: Question, answer: str) -> tuple[Match, Stated | None]:
    """As :func:`match`, with the figure of the answer that it is about; None where it is missing."""
    given = bool(_UNIT_STATED.search(flatten(question.question)))
    loose = given or bool(_UNIT_STATED.search(flatten(answer)))
    found = [(_match(gold, figure, question, loose=loose, given=given), figure) for figure in ours]
    for kind in (Match.AGREES, Match.SIGN, Match.UNIT):
        for match_of, figure in found:
            if match_of is kind:
                return kind, figure
    return Match.MISSING, None


def asked_figures(question: Question, gold: Sequence[Stated]) -> Sequence[Stated]:
    """Give those figures of the gold answer that the question asks for: no changes where it asks for none."""
    if _CHANGE.search(question.question):
        return gold
    return [figure for figure in gold if not figure.direction or figure.level or figure.loss] or gold


def fact_figures(question: Question, gold: Sequence[Stated]) -> list[Stated]:
    """Give those figures of the gold answer that a required fact names."""
    named = [n for group in question.must_include or () for text in group for n in numbers(text)]
    return [f for f in gold if any(f.number.digits == number.digits or same(f.number, number) for number in named)]


def same(ours: Number, theirs: Number) -> bool:
    """Whether two figures are one by value and unit, signs apart."""
    return _unit(ours, theirs) and _value(ours, theirs)


def _match(gold: Stated, ours: Stated, question: Question, *, loose: bool, given: bool) -> Match:
    ours_n, gold_n = ours.number, gold.number
    agrees = _unit(ours_n, gold_n) and (_value(ours_n, gold_n) or _bare(ours_n, gold_n, loose=loose, given=given))
    if agrees:
        return Match.AGREES if way(gold, ours, question.question) else Match.SIGN
    return Match.UNIT if _digits(ours_n) == _digits(gold_n) else Match.MISSING


def _digits(number: Number) -> tuple[int, ...]:
    return number.digits.normalize().as_tuple().digits


def _unit(ours: Number, theirs: Number) -> bool:
    kinds = {ours.kind, theirs.kind}
    if len(kinds) > 1 and kinds not in _ALIKE:
        return False
    if ours.currency and theirs.currency and ours.currency != theirs.currency:
        return False
    return not (ours.measure and theirs.measure) or ours.measure == theirs.measure


def _value(ours: Number, theirs: Number) -> bool:
    mine, my_step = _in_base(ours, theirs)
    other, other_step = _in_base(theirs, ours)
    return mine == other or rounds(mine, my_step, other, other_step) or rounds(other, other_step, mine, my_step)


def rounds(value: Decimal, step: Decimal, exact: Decimal, exact_step: Decimal) -> bool:
    """Whether ``value``, whose last digit is ``step``, is ``exact`` rounded to two digits or more."""
    return step > exact_step and value >= 10 * step and abs(value - exact) <= step / 2


def _in_base(number: Number, other: Number) -> tuple[Decimal, Decimal]:
    factor = number.factor if number.measure and number.measure == other.measure else Decimal(1)
    if number.kind == "bp" and other.kind != "bp":
        factor = Decimal("0.01")
    return number.value * factor, number.step * factor


def _bare(ours: Number, gold: Number, *, loose: bool, given: bool) -> bool:
    """Whether figures of which one has no scale agree by their digits."""
    if ours.kind or gold.kind or ours.scaled == gold.scaled:
        return False
    plain, scaled = (ours, gold) if gold.scaled else (gold, ours)
    if plain is ours and not loose:
        return False
    if plain is gold and (gold.measure or gold.currency) and not given:
        return False
    return any(
        _near(plain.digits.scaleb(power), plain.step.scaleb(power), scaled.value, scaled.step) for power in _POWERS
    )


def _near(value: Decimal, step: Decimal, other: Decimal, other_step: Decimal) -> bool:
    return value == other or rounds(value, step, other, other_step) or rounds(other, other_step, value, step)


def _known(number: Number, given: Sequence[Number]) -> bool:
    return any(same(number, other) for other in given)

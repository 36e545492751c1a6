"""Operands put together: checked to fit each other, reckoned, and said with the formula."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from rag.arithmetic.choosing import Choice
from rag.arithmetic.computed import Computed
from rag.arithmetic.operations import Kind, Operation
from rag.arithmetic.wording import said

_PART_OF_YEAR = re.compile(r"quarter|half|month|\bq[1-4]\b|季|半年|月", re.IGNORECASE)
LONGEST_NAME = 60  # characters
MOST_TIMES = Decimal(10_000)


def combined(operation: Operation, choices: Sequence[Choice], language: str) -> Computed | None:
    """The answer from its operands, in the order of :func:`rag.arithmetic.choosing.operands`.

    None where they do not fit: one figure twice, different units, periods that should be one and are not, a share of
    more than everything.
    """
    if len(choices) < 2 or not _fit(operation, choices):
        return None
    make = {
        Kind.SHARE: _share,
        Kind.DIFFERENCE: _difference,
        Kind.GROWTH: _growth,
        Kind.CAGR: _cagr,
        Kind.SUM: _sum,
        Kind.AVERAGE: _average,
        Kind.TIMES: _times,
        Kind.RANK: _rank,
    }.get(operation.kind)
    if make is None:
        return None
    if operation.kind is Kind.DIFFERENCE and not operation.operands and _over_time(choices):
        make = _growth
    return make(operation, choices, language)


def _fit(operation: Operation, choices: Sequence[Choice]) -> bool:
    amounts = [choice.amount for choice in choices]
    if len({(a.quote, a.text, a.column) for a in amounts}) < len(amounts):
        return False
    if not operation.operands and all(a.tabular and a.period is None for a in amounts):
        return False  # nothing says what tells the columns apart
    units = {a.unit for a in amounts}
    if len(units) > 1 and not (units <= {"%", "pp"}):
        return False
    unsized = [c for c in choices if not c.amount.sized]
    if unsized and len({(c.item.report_id, c.item.page, c.item.about) for c in choices}) > 1:
        return False
    if operation.kind in {Kind.GROWTH, Kind.CAGR}:
        return not _same_period(choices) or bool(operation.operands)
    if len(operation.periods) > 1 or operation.kind in {Kind.AVERAGE, Kind.SUM}:
        return True
    if operation.kind is Kind.SHARE and _PART_OF_YEAR.search(operation.question) and _is_within(choices):
        return True
    known = [a.period for a in amounts if a.period is not None and a.period.year]
    return len({(p.year, p.part, p.date, p.months) for p in known}) <= 1


def _is_within(choices: Sequence[Choice]) -> bool:
    """Whether the first is of a part of the year that the last is of."""
    part, whole = choices[0].amount.period, choices[-1].amount.period
    return part is not None and whole is not None and part.year == whole.year and bool(part.part) and not whole.part


def _same_period(choices: Sequence[Choice]) -> bool:
    periods = [c.amount.period for c in choices]
    return any(p is not None and q is not None and p.is_same(q) for p, q in pairwise(periods))


def _over_time(choices: Sequence[Choice]) -> bool:
    return len(choices) == 2 and not _same_period(choices) and choices[0].item.n == choices[1].item.n


def _mark(choice: Choice, name: str = "") -> str:
    """An operand as the formula has it: its name, its figure, its item."""
    return f"{name + ' ' if name else ''}{choice.amount.shown} [{choice.amount.n}]"


def _name(choice: Choice) -> str:
    """What a row calls its figure, without its group."""
    return choice.amount.label.rsplit(": ", 1)[-1] if choice.amount.tabular else ""


def _when(choice: Choice) -> str:
    return choice.amount.column or (choice.amount.period.text if choice.amount.period else "")


def _quotes(choices: Sequence[Choice]) -> tuple[tuple[int, str], ...]:
    return tuple(dict.fromkeys((c.amount.n, c.amount.quote) for c in choices))


def _names(operation: Operation, choices: Sequence[Choice]) -> list[str]:
    given = operation.operands if len(operation.operands) == len(choices) else ()
    return [_short(given[i], choice) if given else _name(choice) for i, choice in enumerate(choices)]


def _short(given: str, choice: Choice) -> str:
    """An operand as the question names it; as its row or clause does where the question's words are too many."""
    if len(given) <= LONGEST_NAME and not re.search(r"[?？]", given):
        return given
    label = choice.amount.label.rsplit(": ", 1)[-1]
    return label if len(label) <= LONGEST_NAME else ""


def _said(value: Decimal, choices: Sequence[Choice], language: str) -> str:
    unit = choices[0].amount.unit
    return said(value, "pp" if unit == "%" else unit, language, max(c.amount.step for c in choices))


def _made(choices: Sequence[Choice], values: Sequence[Decimal], unit: str, formula: str, text: str) -> Computed:
    return Computed(tuple(values), unit, formula, text, _quotes(choices))


def _share(operation: Operation, choices: Sequence[Choice], language: str) -> Computed | None:
    part, whole = choices[0].amount, choices[1].amount
    if whole.value <= 0 or not 0 <= part.value <= whole.value or part.is_share:
        return None
    value = 100 * part.value / whole.value
    names = _names(operation, choices)
    result = said(value, "%", language)
    formula = f"{_mark(choices[0], names[0])} ÷ {_mark(choices[1], names[1])} = {result}"
    called = operation.ratio.called(language) if operation.ratio else {"zh": "占比", "en": "The share"}[language]
    text = f"{called}为{result}：{formula}。" if language == "zh" else f"{called} is {result}: {formula}."
    return _made(choices, [value], "%", formula, text)


def _difference(operation: Operation, choices: Sequence[Choice], language: str) -> Computed | None:
    if len(choices) != 2:
        return None
    pairs = zip(choices, _names(operation, choices), strict=True)
    (first, second), names = zip(*sorted(pairs, key=lambda pair: -pair[0].amount.value), strict=True)
    value = first.amount.value - second.amount.value
    result = _said(value, choices, language)
    formula = f"{_mark(first, names[0])} - {_mark(second, names[1])} = {result}"
    text = f"相差{result}：{formula}。" if language == "zh" else f"The difference is {result}: {formula}."
    return _made(choices, [value], "pp" if first.amount.unit == "%" else first.amount.unit, formula, text)


def _growth(operation: Operation, choices: Sequence[Choice], language: str) -> Computed | None:
    """A change from the first to the last, in its unit and, for amounts, in percent of the first."""
    first, last = choices[0], choices[-1]
    value = last.amount.value - first.amount.value
    result = _said(abs(value), choices, language)
    zh = language == "zh"
    formula = f"{_mark(last)} - {_mark(first)} = {_said(value, choices, language)}"
    values, percent = [value], ""
    if not first.amount.is_share and first.amount.value > 0:
        rate = 100 * value / first.amount.value
        values.append(rate)
        percent = said(abs(rate), "%", language)
        base = f"{first.amount.shown} [{first.amount.n}]"
        rated = said(rate, "%", language)
        formula += f"{'；' if zh else '; '}{_said(value, choices, language)} ÷ {base} = {rated}"
    name = _name(last)
    up = (value > 0) - (value < 0)
    if zh:
        verb = {1: "增加", -1: "减少", 0: "没有变化"}[up]
        body = f"{name}{'' if not up else '由' + _when(first) + '的' + first.amount.shown}{verb}{result if up else ''}"
        rate_said = f"（{percent}）" if percent and up else ""
        text = f"{body}{rate_said}，{_when(last)}为{last.amount.shown}：{formula}。"
    else:
        verb = {1: "rose by", -1: "fell by", 0: "did not change"}[up]
        rate_said = f" ({percent})" if percent and up else ""
        ends = f"from {first.amount.shown} ({_when(first)}) to {last.amount.shown} ({_when(last)})"
        text = f"{name or 'It'} {verb}{' ' + result if up else ''}{rate_said}, {ends}: {formula}."
    return _made(choices, values, "pp" if first.amount.is_share else first.amount.unit, formula, text)


def _cagr(operation: Operation, choices: Sequence[Choice], language: str) -> Computed | None:
    first, last = choices[0].amount, choices[-1].amount
    if first.period is None or last.period is None or first.is_share or min(first.value, last.value) <= 0:
        return None
    years = last.period.year - first.period.year
    if years < 1 or first.period.part != last.period.part:
        return None
    rate = Decimal(100) * (Decimal(float(last.value / first.value) ** (1 / years)) - 1)
    result = said(rate, "%", language)
    formula = f"({_mark(choices[-1])} ÷ {_mark(choices[0])})^(1/{years}) - 1 = {result}"
    text = f"年均复合增长率为{result}：{formula}。" if language == "zh" else f"The CAGR is {result}: {formula}."
    return _made((choices[0], choices[-1]), [rate], "%", formula, text)


def _sum(operation: Operation, choices: Sequence[Choice], language: str) -> Computed | None:
    if any(c.amount.is_share for c in choices) and operation.kind is Kind.SUM and len(operation.periods) > 1:
        return None
    value = sum((c.amount.value for c in choices), Decimal(0))
    unit = choices[0].amount.unit
    if unit == "%" and value > 100:
        return None
    names = _names(operation, choices)
    result = said(value, unit, language, max(c.amount.step for c in choices))
    formula = f"{' + '.join(_mark(c, name) for c, name in zip(choices, names, strict=True))} = {result}"
    text = f"合计{result}：{formula}。" if language == "zh" else f"Together {result}: {formula}."
    return _made(choices, [value], unit, formula, text)


def _average(operation: Operation, choices: Sequence[Choice], language: str) -> Computed | None:
    value = sum((c.amount.value for c in choices), Decimal(0)) / len(choices)
    unit = choices[0].amount.unit
    result = said(value, unit, language, max(c.amount.step for c in choices))
    formula = f"({' + '.join(_mark(c) for c in choices)}) ÷ {len(choices)} = {result}"
    text = f"平均为{result}：{formula}。" if language == "zh" else f"The average is {result}: {formula}."
    return _made(choices, [value], unit, formula, text)


def _times(operation: Operation, choices: Sequence[Choice], language: str) -> Computed | None:
    first, second = choices[0].amount, choices[1].amount
    if len(choices) != 2 or first.value <= 0 or second.value <= 0 or first.value / second.value > MOST_TIMES:
        return None
    value = first.value / second.value
    names = _names(operation, choices)
    result = said(value, "times", language)
    formula = f"{_mark(choices[0], names[0])} ÷ {_mark(choices[1], names[1])} = {result}"
    text = f"{result}倍：{formula}。" if language == "zh" else f"{result} times: {formula}."
    return _made(choices, [value], "times", formula, text)


def _rank(operation: Operation, choices: Sequence[Choice], language: str) -> Computed | None:
    names = _names(operation, choices)
    pairs = sorted(zip(choices, names, strict=True), key=lambda pair: pair[0].amount.value, reverse=not operation.least)
    if not all(names) or pairs[0][0].amount.value == pairs[1][0].amount.value:
        return None
    formula = f" {'<' if operation.least else '>'} ".join(_mark(choice, name) for choice, name in pairs)
    words = {"zh": ("最低", "最高"), "en": ("the lowest", "the highest")}[language]
    if len(pairs) == 2:
        words = {"zh": ("更低", "更高"), "en": ("lower", "higher")}[language]
    which = words[not operation.least]
    text = f"{pairs[0][1]}{which}：{formula}。" if language == "zh" else f"{pairs[0][1]} is {which}: {formula}."
    return _made(
        [choice for choice, _ in pairs], [c.amount.value for c, _ in pairs], choices[0].amount.unit, formula, text
    )

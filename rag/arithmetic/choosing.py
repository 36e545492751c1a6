"""Operands chosen by rule: the row or sentence that has the words, the measure and the period of what is named."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from index.text import words
from rag.arithmetic.amounts import Amount, amounts
from rag.arithmetic.operations import Kind, Operation
from rag.arithmetic.periods import Period, periods, placed
from rag.arithmetic.statements import Row, own_periods, rows
from rag.arithmetic.wording import SYMBOLS
from rag.checking.terms import measures
from rag.types import Evidence

_MONEY = re.compile(r"\bspen[dt]|\bspending|\bcosts?\b|花费|花了|支出|开支|金额", re.IGNORECASE)
_FORECAST = re.compile(r"outlook|guidance|forecast|expect|target|预[测计期]|指引|目标|(?:19|20)\d\dE", re.IGNORECASE)
LEAST = 0.6  # share of an operand's words that its row or sentence must have
AHEAD = 0.1  # by which the best must lead over the next that says something else
_NOISE = (
    "spend spent spending cagr compound compounded two three four five annually last into "
    "increase increased decrease decreased change changed drop dropped decline declined grow grew grown growth "
    "rise rose fall fell improve improved reduce reduced difference between compare compared from by percent "
    "percentage point share proportion ratio average total sum combined together more less higher lower larger "
    "greater year quarter month fiscal period end ended annual full million billion usd dollar balance sheet "
    "statement report reported company value amount level figure based calculate compute number many much "
    "please net overall group consolidated during over across since times lowest highest versus against "
    "respectively most recent latest yes rate 相差 差 差距 差额 之差 多 少 高 低 大 小 增长 增加 减少 下降 "
    "变化 变动 提高 上升 提升 合计 总共 一共 总和 加 之和 共计 比 比例 比重 占 占比 份额 百分比 几成 百分点 "
    "平均 均值 倍 倍数 总 额 总额 公司 业务 板块 部门 集团 算 计算 请 亿 万 亿元 万元 元 美元 年 季度 月 末 底 "
    "全年 年度 期间 报告 整体 实现 达到 达 为 约 比较 相比 较 更 最 同 增 减 量 值 数 数量 金额 规模 收 入 "
    "之间 存在 有没有 亿美元"
)
_WORDY = re.compile(r"(?:fy|q)?\d+q?(?:fy)?|[一二三四]季度|[上下]半年", re.IGNORECASE)


@cache
def _noise() -> frozenset[str]:
    return frozenset(words(_NOISE)) | frozenset(_NOISE.split(" "))


def content(text: str) -> frozenset[str]:
    """The words that say what is meant: no periods, no words of reckoning, nothing that stands in every question."""
    for start, period in reversed(placed(text)):
        text = f"{text[:start]} {text[start + len(period.text) :]}"
    text = re.sub(r"\b\w+-(?:year|quarter|month)\b", " ", text)
    return frozenset(word for word in words(text) if word not in _noise() and not _WORDY.fullmatch(word))


def subject(text: str) -> frozenset[str]:
    """The words that say whose or which: :func:`content` without the words of the measure, which is looked at apart."""
    return frozenset(word for word in content(text) if not measures(word) and word != "营业")


def names(row: str, wanted: frozenset[str]) -> bool:
    """Whether a table row's label, without its group, has words of ``wanted`` and no others."""
    label = frozenset(words(row.split(" | ", 1)[0].rsplit(": ", 1)[-1])) - _noise()
    return bool(label) and label <= wanted


@dataclass(frozen=True, slots=True)
class Choice:
    """An operand found: the figure, the item it stands in, how well it fits (0 to 1)."""

    amount: Amount
    item: Evidence
    fit: float


class Chooser:
    """Finds operands among the figures of one evidence."""

    def __init__(self, operation: Operation, evidence: Sequence[Evidence]) -> None:
        self.operation = operation
        self.items = {item.n: item for item in evidence}
        self.rows: list[Row] = rows(evidence)
        self.texts = [amount for amount in amounts(evidence) if not amount.tabular]
        self._around = {
            item.n: frozenset(words(f"{item.section} {item.about} {item.title} {item.report.replace('_', ' ')}"))
            for item in evidence
        }

    def series(self, asked: Sequence[Period]) -> list[Choice] | None:
        """One row's figures for each period, the row being the one that has all that the question names."""
        wanted = content(self.operation.question)
        best: list[tuple[tuple[int, int, int], Row, list[Amount]]] = []
        for row in self.rows:
            label = frozenset(words(row.label.rsplit(": ", 1)[-1])) - _noise()
            whole = frozenset(words(row.label)) | self._around[row.item.n]
            if not names(row.label, wanted) or not wanted <= whole:
                continue
            cells = [row.at(period) for period in asked]
            found = [cell for cell in cells if cell is not None]
            if len(found) == len(asked) and len({cell.unit for cell in found}) == 1:
                best.append(((-row.standing, -len(label), len(words(row.label))), row, found))
        if not best:
            return None
        best.sort(key=lambda candidate: candidate[0])
        key, row, cells_of = best[0]
        for other, _, theirs in best[1:]:
            if other[:2] == key[:2] and [c.value for c in theirs] != [c.value for c in cells_of]:
                return None
        return [Choice(cell, row.item, 1.0) for cell in cells_of]

    def find(
        self, phrase: str, others: Sequence[str] = (), after: Sequence[Choice] = (), whole: Choice | None = None
    ) -> Choice | None:
        """The figure that ``phrase`` names; None where there is none or it is not clear.

        ``others`` are the other operands: a figure labelled with one of their words is theirs. ``after`` are operands
        found already, which are not found again; ``whole`` is what it is to be a part of.
        """
        asked = periods(phrase) or (list(self.operation.periods) if len(self.operation.periods) == 1 else [])
        needs = measures(phrase) or measures(" ".join(others)) or measures(self.operation.question)
        same = not content(phrase)  # only another period of the same: "in the fourth quarter"
        wanted = subject(" ".join(others) if same else phrase)
        theirs = frozenset() if same else subject(" ".join(others)) - wanted
        money = bool(_MONEY.search(self.operation.question))
        taken = {(choice.amount.n, choice.amount.quote, choice.amount.text) for choice in after}
        found = []
        for amount in self._candidates(asked[0] if asked else None):
            if money and amount.unit not in SYMBOLS:
                continue
            if amount.is_share or (amount.n, amount.quote, amount.text) in taken:
                continue
            choice = self._fit(amount, wanted, theirs, needs, asked[0] if asked else None)
            if choice is not None and (whole is None or self._is_part_of(choice, whole)):
                found.append(choice)
        found.sort(key=lambda choice: -choice.fit)
        if not found or found[0].fit < LEAST:
            return None
        first = found[0]
        for other in found[1:]:
            if other.fit > first.fit - AHEAD and not _same(other.amount, first.amount):
                return None
        return first

    def _is_part_of(self, part: Choice, whole: Choice) -> bool:
        """Whether a part and its whole are of one company: what the whole is of stands with the part, too."""
        mine = frozenset(words(part.amount.quote)) | self._around[part.amount.n]
        theirs = frozenset(words(whole.amount.quote)) | self._around[whole.amount.n]
        return subject(self.operation.operands[-1]) & theirs <= mine

    def _candidates(self, asked: Period | None) -> list[Amount]:
        forecast = bool(_FORECAST.search(self.operation.question))
        cells = [row.at(asked) for row in self.rows]
        cells = [c for c in cells if c is not None and (forecast or not _FORECAST.search(c.column))]
        return [*(cell for cell in cells if cell is not None), *self.texts]

    def _fit(
        self, amount: Amount, wanted: frozenset[str], theirs: frozenset[str], needs: set[str], asked: Period | None
    ) -> Choice | None:
        label = frozenset(words(amount.label))
        if (
            (not wanted and not needs)
            or label & theirs
            or not needs <= measures(f"{amount.label} {self.items[amount.n].about if amount.tabular else ''}")
        ):
            return None
        if asked is not None and not amount.tabular and not _is_of(amount, asked, self.items[amount.n]):
            return None
        sentence, around = frozenset(words(amount.quote)), self._around[amount.n]
        has = sum(1.0 if w in label else 0.9 if w in sentence else 0.8 if w in around else 0.0 for w in wanted)
        own = label - _noise()
        exact = len(own & wanted) / len(own) if own else 1.0
        fit = (has / len(wanted) if wanted else 0.8) * (0.8 + 0.2 * exact)
        return Choice(amount, self.items[amount.n], fit - (0.05 if asked and amount.period is None else 0.0))


def renamed(period: Period, item: Evidence) -> Period:
    """A period under the report's own name for it, where its file's name calls the same quarter another year."""
    own = [p for p in own_periods(item) if p.year]
    same = [p for p in own if p.year == period.year]
    others = [p for p in own if p.year != period.year and any(p.part == s.part for s in same)]
    return Period(others[0].year, period.part, text=period.text) if others and same else period


def _is_of(amount: Amount, asked: Period, item: Evidence) -> bool:
    """Whether a figure of running text can be of a period: it says the same, or nothing."""
    if amount.period is None:
        return True
    if amount.period.part != asked.part or amount.period.date != asked.date:
        return False
    years = {asked.year, renamed(asked, item).year}
    return not amount.period.year or not asked.year or amount.period.year in years


def _same(one: Amount, other: Amount) -> bool:
    return one.unit == other.unit and abs(one.value - other.value) <= max(one.step, other.step) / 2


def operands(operation: Operation, evidence: Sequence[Evidence]) -> list[Choice] | None:
    """The figures to reckon with, in the order of the operation; None where one is not there or not clear.

    Of a change over time: the earlier one first.
    """
    chooser = Chooser(operation, evidence)
    if operation.operands and operation.kind is not Kind.GROWTH:
        named = list(operation.operands)
        if operation.kind is Kind.SHARE and len(named) == 2:
            whole = chooser.find(named[1], named[:1])
            part = chooser.find(named[0], named[1:], [whole], whole) if whole else None
            return [part, whole] if part and whole else None
        found: list[Choice] = []
        for phrase in named:
            others = [other for other in named if other != phrase]
            choice = chooser.find(phrase, others, found)
            if choice is None:
                return None
            found.append(choice)
        return found
    asked = list(operation.periods)
    if operation.kind is Kind.AVERAGE and len(asked) == 2 and all(not p.part and p.date == (0, 0) for p in asked):
        asked = [Period(year, text=str(year)) for year in range(asked[0].year, asked[1].year + 1)]
    if len(asked) < 2 or operation.kind not in {
        Kind.GROWTH,
        Kind.DIFFERENCE,
        Kind.CAGR,
        Kind.AVERAGE,
        Kind.SUM,
        Kind.TIMES,
    }:
        return None
    return chooser.series(asked)

"""Lines of financial statements looked up in evidence: by label and period, from the consolidated statement."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.arithmetic.amounts import Amount, amounts
from rag.arithmetic.expressions import Line, Part
from rag.arithmetic.items import ITEMS, Item, labels
from rag.arithmetic.periods import Period, column_of, placed
from rag.types import Evidence

_PARTIAL = re.compile(
    r"segment|held for sale|variable interest|plan assets|fair value|guarant(?:or|ee)|obligor|parent company"
    r"|consolidating|pro forma|by (?:region|geograph)|discontinued|acqui(?:red|sition)"
    r"|unconsolidated|母公司|分部|分产品|分地区|子公司|备考",
    re.IGNORECASE,
)
_NO_BALANCE = re.compile(r"cash flows?|现金流量|deferred|递延|\bchanges? in\b|acqui", re.IGNORECASE)
_NOW = re.compile(r"^(?:期末|本期|本年|年末|本报告期)")
_BEFORE = re.compile(r"^(?:期初|上期|上年|年初|上年同期)")
_TITLES = {
    "balance": re.compile(r"balance sheets?|financial (?:position|condition)|资产负债表", re.IGNORECASE),
    "income": re.compile(
        r"(?:statements?|results) of (?:\w+ )?(?:income|operations|earnings)|income statements?|利润表", re.I
    ),
    "cash": re.compile(r"cash flows?|现金流量表", re.IGNORECASE),
}
_SPEAKS_OF = re.compile(
    r"follow|\bour\b|recogni|include|supplement|reconcil|information|\bnotes?\b|如下|附注|补充", re.I
)
LONGEST_TITLE = 90
_ANYWHERE = frozenset({"debt", "ebitda", "research", "depreciation", "interest_expense", "capex", "dividends", "sga"})
_PER_SHARE = re.compile(r"per (?:\w+ )*share|每股|percent|%", re.IGNORECASE)
SUMMED = frozenset({"inventories", "receivables"})  # whose parts may stand without a total
_COMPARES = re.compile(r"change|increase|decrease|variance|\bvs\b|增减|变动|同比|增长", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """A table's row: its label, its cells with the period of each (year 0 where none is known), and its standing.

    ``standing`` is 2 for a consolidated statement, 1 where nothing is said, 0 for a segment or a subsidiary.
    """

    item: Evidence
    label: str
    cells: tuple[Amount, ...]
    periods: tuple[Period, ...]
    own: tuple[Period, ...]
    standing: int

    def at(self, asked: Period | None) -> Amount | None:
        """The cell of a period; of the report's own or else the newest one for None. None when that is not clear."""
        if len(self.cells) == 1 and asked is None:
            return self.cells[0]
        for wanted in (asked,) if asked else self.own:
            column = column_of(wanted, self.periods, self.own)
            if column is not None:
                return self.cells[column]
        if asked is not None:
            return None
        known = [i for i, period in enumerate(self.periods) if period.year]
        newest = sorted(known, key=lambda i: self.periods[i].order, reverse=True)
        if not newest or (len(newest) > 1 and self.periods[newest[0]].order == self.periods[newest[1]].order):
            return None
        return self.cells[newest[0]]

    def before(self, cell: Amount) -> Amount | None:
        """The cell of the period a year before, or the only other one."""
        index = self.cells.index(cell)
        now = self.periods[index]
        earlier = [
            i
            for i, p in enumerate(self.periods)
            if p.year == now.year - 1 and p.part == now.part and p.months == now.months and (p.date[0] == now.date[0])
        ]
        return self.cells[earlier[0]] if len(earlier) == 1 else None


def rows(evidence: Sequence[Evidence]) -> list[Row]:
    """The rows of tables among the evidence."""
    found: list[Row] = []
    for item in evidence:
        cells = [amount for amount in amounts([item]) if amount.tabular]
        own = own_periods(item)
        rank = standing(item.section, item.about)
        for row in dict.fromkeys(cell.row for cell in cells):
            here = tuple(c for c in cells if c.row == row and not (c.column and _COMPARES.search(c.column)))
            if here:
                times = tuple(c.period or _relative(c.column, own) for c in here)
                found.append(Row(item, here[0].label, here, times, own, rank))
    return found


def own_periods(item: Evidence) -> tuple[Period, ...]:
    """The periods that a report is about, by its name and title; a year that ended on a date is that year."""
    text = f"{item.report.rsplit('.', 1)[0].replace('_', ' ')} {item.title}"
    found = []
    for start, period in placed(text):
        if period.date == (0, 0):
            found.append(period)
        elif re.search(r"year (?:ended|ending)\s*$", text[:start], re.IGNORECASE):
            found.append(Period(period.year, text=str(period.year)))
    return tuple(found)


def standing(section: str, about: str) -> int:
    """Whose figures a table has: 2 for a consolidated statement, 0 for a segment's or a subsidiary's, 1 otherwise."""
    if _PARTIAL.search(f"{section.rsplit(' › ', 1)[-1]} {about}"):
        return 0
    return 2 if any(titled(statement, section, about) for statement in _TITLES) else 1


def titled(statement: str, section: str, about: str) -> bool:
    """Whether a table is a statement by its own title or its heading's, and not only speaks of one."""
    parts = [*about.split("; "), *section.split(" › ")[-2:]]
    if any(title.search(part) for part in parts[:-2] for title in _TITLES.values()):
        parts = parts[:-2]  # a table's own title counts more than the heading above it
    return any(
        _TITLES[statement].search(part) and len(part) <= LONGEST_TITLE and not _SPEAKS_OF.search(part) for part in parts
    )


def _relative(column: str, own: Sequence[Period]) -> Period:
    """The period of a column that says "this" or "last" one."""
    year = next((period.year for period in own if period.year), 0)
    if year and _NOW.match(column):
        return Period(year)
    return Period(year - 1) if year and _BEFORE.match(column) else Period(0)


class Statements:
    """The lines that evidence holds. Made for one question and one period after another."""

    def __init__(self, evidence: Sequence[Evidence], language: str) -> None:
        self.rows, self.language = [row for row in rows(evidence) if row.standing], language
        self._primary = {kind: self._page_of(kind) for kind in ("balance", "income", "cash")}

    def _page_of(self, statement: str) -> tuple[str, int] | None:
        """The page of a statement: of those of the whole company the one that has its name, then most of its lines."""
        items = [item for item in ITEMS.values() if item.statement == statement]
        held: dict[tuple[str, int], set[str]] = {}
        named: set[tuple[str, int]] = set()
        for row in self.rows:
            place = (row.item.report_id, row.item.page)
            if row.standing == 2:
                held.setdefault(place, set()).update(
                    item.key for item in items if not _is_elsewhere(item, row) and _rank(item, row.label) is not None
                )
                if titled(statement, row.item.section, row.item.about):
                    named.add(place)
        best = max(held, key=lambda place: (bool(held[place]), place in named, len(held[place])), default=None)
        return best if best is not None and held[best] else None

    def line(self, line: Line, asked: Period | None) -> Part | None:
        """A line of a period with its name, figure and mark; None where it is not there or not clear."""
        item = ITEMS.get(line.key)
        if item is None:
            return None
        now = self._find(item, asked)
        if not now:
            return None
        place = f"{now[0][0].item.report_id}:{now[0][0].item.page}"
        closing = _total(item, [cell for _, cell in now], self.language, place)
        if not line.over or closing is None:
            return closing
        earlier = [row.before(cell) for row, cell in now]
        opening = None
        if all(cell is not None for cell in earlier):
            opening = _total(item, [cell for cell in earlier if cell is not None], self.language, place)
        if opening is None or opening.unit != closing.unit:
            return closing if line.over == "avg" else None
        words = {"avg": ("average of", "期初期末平均", "and"), "change": ("change from", "变动", "to")}[line.over]
        value = (opening.value + closing.value) / 2 if line.over == "avg" else closing.value - opening.value
        if self.language == "zh":
            shown = f"{item.called('zh')}{words[1]}（{_bare(opening, item, 'zh')}、{_bare(closing, item, 'zh')}）"
        else:
            shown = (
                f"{words[0]} {item.called('en')} {_bare(opening, item, 'en')} {words[2]} {_bare(closing, item, 'en')}"
            )
        return Part(
            value,
            closing.unit,
            1,
            shown,
            tuple(dict.fromkeys((*opening.quotes, *closing.quotes))),
            closing.step,
            place=closing.place,
        )

    def newest(self) -> Period | None:
        """The period to take where the question names none: the report's own, or the newest year of a statement."""
        for row in self.rows:
            for own in row.own:
                if own.year and row.standing and row.at(own) is not None:
                    return own
        years = [p for row in self.rows if row.standing == 2 for p in row.periods if p.year and p.date == (0, 0)]
        return max(years, key=lambda period: period.order, default=None)

    def _find(self, item: Item, asked: Period | None) -> list[tuple[Row, Amount]]:
        """The row of a line with its cell, or the rows of a group that together are it: raw materials, finished goods.

        The statement's own page comes first, then the pages beside it. Empty where two rows of equal standing differ.
        """
        best: list[tuple[tuple[int, int, int, bool], list[tuple[Row, Amount]]]] = []
        groups: dict[tuple[str, int, str], list[tuple[Row, Amount]]] = {}
        for row in self.rows:
            if _is_elsewhere(item, row):
                continue
            rank = _rank(item, row.label)
            group = row.label.rpartition(": ")[0]
            part = rank is None and item.key in SUMMED and group and _rank(item, group) is not None
            cell = row.at(asked) if rank is not None or part else None
            if cell is None or cell.is_share:
                continue
            if rank is not None:
                far = self._distance(item, row)
                best.append(((far, -row.standing, rank, ", net" not in row.label.lower()), [(row, cell)]))
            else:
                groups.setdefault((row.item.report_id, row.item.page, group), []).append((row, cell))
        for members in groups.values():
            best.append(((self._distance(item, members[0][0]), -members[0][0].standing, 9, False), members))
        if not best:
            return []
        best.sort(key=lambda candidate: candidate[0])
        key, first = best[0]
        if key[0] == 2 and self._primary[item.statement] is not None and item.key not in _ANYWHERE:
            return []
        rivals = [members for other, members in best[1:] if other == key]
        if any(len(members) != len(first) or not _rounds_to(members[0][1], first[0][1]) for members in rivals):
            return []
        return first

    def _distance(self, item: Item, row: Row) -> int:
        """0 on the statement's page, 1 beside it, 2 elsewhere."""
        primary = self._primary[item.statement]
        if primary is None or primary[0] != row.item.report_id:
            return 2
        return min(2, abs(primary[1] - row.item.page))


def _rank(item: Item, label: str) -> int | None:
    """How well a row's label is a line, 0 for best; None when it is another."""
    return min((rank for form in labels(label) if (rank := item.rank(form)) is not None), default=None)


def _is_elsewhere(item: Item, row: Row) -> bool:
    """Whether a row only changes, taxes or acquires what a balance sheet has under the same name."""
    group = row.label.rpartition(": ")[0]
    if _PER_SHARE.search(group):
        return True
    if item.statement != "balance":
        return False
    place = f"{group} {row.item.section.rsplit(' › ', 1)[-1]} {row.item.about}"
    return bool(_NO_BALANCE.search(place)) and not re.search(r"balance sheet|资产负债表", place, re.IGNORECASE)


def _rounds_to(one: Amount, other: Amount) -> bool:
    step = max(one.step, other.step)
    return one.unit == other.unit and abs(abs(one.value) - abs(other.value)) <= step / 2


def _total(item: Item, cells: Sequence[Amount], language: str, place: str) -> Part | None:
    """Cells of one unit added up; what is spent is positive, however it is printed."""
    if len({cell.unit for cell in cells}) != 1:
        return None
    values = [abs(cell.value) if item.outflow or item.key == "cost_of_sales" else cell.value for cell in cells]
    figures = " + ".join(_positive(cell, value) + f" [{cell.n}]" for cell, value in zip(cells, values, strict=True))
    place = "" if all(cell.sized for cell in cells) else place
    shown = f"{item.called(language)} {figures if len(cells) == 1 else f'({figures})'}"
    quotes = tuple(dict.fromkeys((cell.n, cell.quote) for cell in cells))
    step = max(cell.step for cell in cells)
    return Part(sum(values, Decimal(0)), cells[0].unit, 1, shown, quotes, step, place=place)


def _positive(cell: Amount, value: Decimal) -> str:
    return cell.shown.lstrip("-") if value > 0 else cell.shown


def _bare(part: Part, item: Item, language: str) -> str:
    return part.shown.removeprefix(f"{item.called(language)} ")

"""The cells of tables as claims, and tables that print the same cells with other values."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.text import fold
from rag.checking.figures import Figure
from rag.conflicts import periods
from rag.conflicts.claims import Claim, Source
from rag.conflicts.kinds import kind_of, signed
from rag.conflicts.measured import find
from rag.conflicts.periods import Period
from rag.conflicts.terms import content, names

_SCALE = (
    (re.compile(r"in billions|十亿", re.IGNORECASE), 9), (re.compile(r"in millions|百万|\(millions\)"
        r"|\$ ?mn\b", re.IGNORECASE), 6),
    (re.compile(r"in thousands|\(thousands\)|千元", re.IGNORECASE), 3), (re.compile("万亿"), 12), (re.compile("亿"), 8),
    (re.compile("万"), 4),
)  # fmt: skip
_PER_ONE = re.compile(
    r"per share|per unit|eps|每股|[元$]/|率|占比|比重|份额|倍|%|ratio|percent|margin|number of|rate\b", re.IGNORECASE
)
_MONEY = (
    ("usd", re.compile(r"\$|美元|USD|dollars", re.IGNORECASE)), ("cny", re.compile(r"(?<![美欧日港])元|RMB|CNY"
        r"|人民币")),
    ("eur", re.compile(r"€|欧元|EUR")), ("hkd", re.compile("港元")), ("jpy", re.compile("日元")),
)  # fmt: skip
_UNIT = re.compile(r"[（(]([^（()）]{1,10})[）)]\s*$")
_COMPARED = re.compile(r"\bvs\b|change|变动|变化|增减|favou?rable|variance|difference", re.IGNORECASE)
_CELL = re.compile(r"^[-+−]?\s*[(（]?\s*[$¥￥€£]?\s*[(（]?[-+−]?\s*\d[\d,]*(?:\.\d+)?\s*[)）]?\s*[%％]?\s*[)）]?$")
AGREEING = 3  # cells that two tables must have in common and alike, for each one that differs


@dataclass(frozen=True, slots=True)
class _Cell:
    label: str
    column: str
    text: str


def cells(row: str) -> Iterator[_Cell]:
    """The cells of a row as the index writes it: "label | column: value | …"."""
    parts = row.split(" | ")
    label, rest = parts[0], parts[1:]
    _, found, value = label.rpartition(": ")
    if found and _CELL.match(value.strip()):
        label, rest = "", parts
    for part in rest:
        column, found, value = part.rpartition(": ")
        if found and not _CELL.match(value.strip()) and not re.search(r"\d", value):
            label = f"{label} {value}"  # 2 | company: X | … : the first words of a row may stand in its second column
        elif _CELL.match(value.strip()):
            yield _Cell(label.strip(), column.strip() if found else "", value.strip())


def claims(rows: Sequence[tuple[str, str]], source: Source, about: str) -> Iterator[Claim]:
    """The figures of a table's ``rows`` (text, quote). ``about`` is its title, unit and header."""
    for text, quote in rows:
        others = tuple(f for f in find(text) if f.checkable)
        for cell in cells(text):
            claim = _claim(cell, source, about, text, quote, others)
            if claim is not None:
                yield claim


def _claim(cell: _Cell, source: Source, about: str, row: str, quote: str, others: tuple[Figure, ...]) -> Claim | None:
    found = find(cell.text.replace("(", " ").replace("（", " "))
    if len(found) != 1 or not cell.label or _COMPARED.search(cell.column):
        return None
    named = f"{cell.label} {cell.column}"
    times = periods.find(cell.column, source.card) or periods.find(cell.label, source.card)
    years = {time.period.year for time in times if time.period.year}
    if len(years) > 1:
        return None
    period = times[0].period if times else Period()
    above = periods.find(about, source.card)
    if len(above) == 1:
        period = periods.filled(period, above[0].period) if period else replace(above[0].period, loose=True)
    figure, noun = _measured(found[0], cell, about)
    bare = periods.without(named, periods.find(named))
    clause = f"{bare} {cell.text}"
    start = len(bare) + 1
    kind = kind_of(
        clause, start, len(clause), figure.unit, "", about if re.search(r"预测|估计|forecast|guidance", about) else ""
    )
    if re.search(r"(?<=\d)[EF](?![a-z])", cell.column):
        kind = replace(kind, stances=kind.stances | {"forecast"})
    value = signed(figure.value, kind)
    core = content(bare)
    return Claim(
        source, row, figure, value, noun, kind, period, core, names(bare), names(bare),
        fold(f"{source.section}{row}{about}{source.title}"), content(f"{bare} {about} {source.section}"), others,
        table=f"{source.page} {about}", quote=quote or row,
    )  # fmt: skip


def _measured(figure: Figure, cell: _Cell, about: str) -> tuple[Figure, str]:
    """A cell's figure in ones, and what it counts, by what cell, column, label and title say of units."""
    own = f"{cell.column} {cell.label}"
    unit = figure.unit
    if (
        not unit
        and re.search(r"[（(]\s*[%％]\s*[）)]|[（(]单位[:：]\s*%", f"{own} {about}")
        and not re.search(r"[$¥亿万]", own)
    ):
        return replace(figure, unit="%"), "%"
    if unit:
        return figure, {"bp": "pp"}.get(unit, unit)
    told = own if any(pattern.search(own) for pattern, _ in _SCALE) else about
    scale = next((size for pattern, size in _SCALE if pattern.search(told)), 0)
    if figure.scaled or (_PER_ONE.search(own) and told is about):
        scale = 0
    factor = Decimal(10) ** scale
    figure = replace(figure, value=figure.value * factor, step=figure.step * factor, scaled=figure.scaled or scale > 0)
    noun = next((name for name, mark in _MONEY if mark.search(cell.text) or mark.search(told)), "")
    match = _UNIT.search(cell.column) or _UNIT.search(cell.label)
    if not noun and match:
        noun = fold(match[1]).lstrip("亿万")
    per = re.search(r"[/／]\s*([A-Za-z\u4e00-\u9fff]{1,6})", match[1]) if match else None
    return figure, f"{noun}/{per[1]}" if noun and per else noun


def twins(found: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Cells that two tables print under the same row and column with other values, where they agree on all else.

    Two tables of two businesses have rows and columns in common, too, but no figures.
    """
    tables: dict[str, dict[tuple[str, frozenset[str], Period], Claim]] = defaultdict(dict)
    for claim in found:
        if claim.table and claim.core and claim.period:
            label = fold(claim.sentence.split(" | ")[0])
            tables[claim.table].setdefault((label, claim.core, claim.period), claim)
    named = list(tables.items())
    for index, (_, one) in enumerate(named):
        for _, other in named[index + 1 :]:
            common = [key for key in one if key in other]
            if len(common) <= AGREEING:
                continue
            alike = [key for key in common if _is_equal(one[key].figure, other[key].figure)]
            unlike = [key for key in common if key not in alike and one[key].noun == other[key].noun]
            if unlike and len(alike) >= AGREEING * len(unlike):
                yield from ((one[key], other[key]) for key in unlike)


def _is_equal(one: Figure, other: Figure) -> bool:
    """Whether two cells agree, or print the same where only one of the tables says its scale."""
    return one.agrees(other) or re.sub(r"[^\d.]", "", one.text) == re.sub(r"[^\d.]", "", other.text)

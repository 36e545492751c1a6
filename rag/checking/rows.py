"""The claims of a table's rows: every cell's figure with its row, its column, and the unit that stands elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.checking.claims import Claim, of_sentence
from rag.checking.clauses import FAR
from rag.checking.figures import Figure, find
from rag.checking.periods import Period, find_periods
from rag.checking.units import currency_of, noun_of
from rag.checking.wording import Bag, tokens

_SIZES = (
    (10**12, r"万亿元?|\btrillions?\b"), (10**9, r"十亿元?|\bbillions?\b|\bbn\b"), (10**8, r"亿元?"),
    (10**6, r"百万元?|\bmillions?\b|\bmn\b|(?<=[$€£])m\b"), (10**4, r"万元?(?!股)|万[户吨台辆人]"),
    (10**3, r"千元|\bthousands?\b|\b000s\b"),
)  # fmt: skip
_SIZE = tuple((size, re.compile(pattern, re.IGNORECASE)) for size, pattern in _SIZES)
_OWN_UNIT = re.compile(
    r"[（(][^（()）]*?(?:元|%|％|[GMk]?W|吨|倍|次|年|天|户|股)[^（()）]*[)）]|%|％|per share|每股", re.IGNORECASE
)
_PERCENT = re.compile(r"[%％]|percent(?:age)?", re.IGNORECASE)
_ONLY_PERCENT = re.compile(r"[（(]\s*[%％]\s*[)）]|单位\s*[:：]\s*[%％]|\(?\bin percent(?:ages?)?\b", re.IGNORECASE)
_RATE = re.compile(r"率|比|占|增|涨|跌|幅|rate|margin|percent|growth|change|increase|decrease|yield|%", re.IGNORECASE)
_CHANGE_COLUMN = re.compile(
    r"同比|环比|增[速幅减长]|涨跌?幅?|变动|change|growth|increase|decrease|vs\.?", re.IGNORECASE
)


def size_of(text: str) -> int:
    """What a table's title or a column's name says that figures are in, as a factor; 0 when it says nothing."""
    for size, pattern in _SIZE:
        if pattern.search(text):
            return size
    return 0


def is_row(line: str) -> bool:
    """Whether a line of evidence is a table's row as the index writes them: "label | column: value"."""
    return " | " in line


def of_rows(lines: Sequence[str], about: str, inherited: Bag, periods: Sequence[Period], place: int) -> list[Claim]:
    """The claims of a table's rows. ``about`` is its title and unit, ``periods`` those of its place."""
    size = size_of(about)
    all_percent = bool(_ONLY_PERCENT.search(about))
    rows = [_cells(line) for line in lines]
    names = [_plain_header(lines, index) for index in range(len(lines))] if not any(map(is_row, lines)) else []
    percents = {key for row in rows for key, value in _keyed(row) if _PERCENT.search(value)}
    claims: list[Claim] = []
    start = 0
    for index, printed in enumerate(rows):
        row = names[index] or printed if names else printed
        label = " ".join(name or value for name, value in row if not name or not re.search(r"\d", value))
        if not any(name for name, _ in row):
            label = " ".join(value for _, value in row if not _is_figure(value))
        for key, value in _keyed(row):
            column = key[0]
            if not column and not _is_figure(value):
                claims += [replace(c, place=place, cell=True, size=0) for c in of_sentence(value, inherited, periods)]
                continue
            claims += _of_cell(
                label, column, value, size, key in percents, all_percent, about, inherited, periods, place, start
            )
        start += len(lines[index]) + 1
    return claims


def _of_cell(
    label: str,
    column: str,
    value: str,
    size: int,
    percent: bool,
    whole: bool,
    about: str,
    inherited: Bag,
    periods: Sequence[Period],
    place: int,
    start: int,
) -> list[Claim]:
    here = tuple(find_periods(column)) or tuple(find_periods(label))
    spans = find_periods(value)
    own = _OWN_UNIT.search(column) or _OWN_UNIT.search(label)
    named = size_of(column) or size_of(label)
    found: list[Claim] = []
    bag: Bag = {word: min(weight, FAR) for word, weight in inherited.items()}
    bag.update(dict.fromkeys(tokens(about), 0.5))
    bag.update(dict.fromkeys((*tokens(column), *tokens(label)), 1.0))
    rate = bool(_RATE.search(f"{column} {label} {about}"))
    for figure in find(value):
        if any(figure.start < p.end and figure.end > p.start for p in spans) and len(value) > 4:
            continue
        named_percent = bool(_PERCENT.search(f"{column} {label}"))
        bare = not figure.unit and not figure.scaled and not named
        percentage = figure.unit == "%" or (bare and (named_percent or (whole and not own)))
        unit = "%" if percentage else figure.unit
        factor = 1 if unit or figure.scaled else named or (1 if own else size)
        negative = figure.text[:1] in {"-", "−"} or bool(re.search(r"\(\s*[$€£¥]?\s*$", value[: figure.start]))
        change = bool(_CHANGE_COLUMN.search(column) or (_CHANGE_COLUMN.search(label) and not column))
        sign = (-1 if negative else 1) if change and figure.value else 0
        words = dict(bag)
        if change:
            words["@change"] = 1.0
        claims_unit = Figure(figure.text, start, start, figure.value, figure.step, unit, figure.scaled)
        found.append(
            Claim(
                claims_unit,
                words,
                here or tuple(periods),
                bool(here),
                currency_of(value, figure) or "",
                noun_of(value, figure),
                sign,
                "change" if change and unit == "%" else "",
                factor,
                True,
                place,
                rate or (percent and "," not in figure.text and "$" not in value),
            )
        )
    return found


def _cells(line: str) -> list[tuple[str, str]]:
    """The cells of a row as (column, value); the column is "" for the label and where none is named."""
    cells: list[tuple[str, str]] = []
    for index, part in enumerate(line.split(" | ")):
        name, colon, value = part.rpartition(": ")
        if colon and name and (index or (re.search(r"\d|—|-$", value) and find_periods(name))):
            cells.append((name.strip(), value.strip()))
        else:
            cells.append(("", part.strip()))
    return cells


def _keyed(row: Sequence[tuple[str, str]]) -> list[tuple[tuple[str, int], str]]:
    """Cells by their column and by how many of that name came before: a $ and a % column may share a name."""
    seen: dict[str, int] = {}
    keyed = []
    for name, value in row:
        keyed.append(((name, seen.get(name, 0)), value))
        seen[name] = seen.get(name, 0) + 1
    return keyed


def _is_figure(text: str) -> bool:
    return bool(re.match(r"^[\s$€£¥(（+\-−]*\d", text))


def _plain_header(lines: Sequence[str], index: int) -> list[tuple[str, str]]:
    """A row of white-space cells with the names of the first line, when it has as many cells and no figures."""
    header, cells = lines[0].split(), lines[index].split()
    if not index or len(header) != len(cells) or any(_is_figure(name) for name in header[1:]):
        return []
    return [("", cells[0]), *zip(header[1:], cells[1:], strict=True)]

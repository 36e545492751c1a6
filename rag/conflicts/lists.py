"""Figures told in a row ("A、B 分别为 1 和 2", "$3 and $2 in 2025 and 2024, respectively"): what each is of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.text import has_cjk, words
from rag.checking.figures import Figure
from rag.conflicts.periods import FoundPeriod, Period

_EACH = re.compile(r"分别|依次|\brespectively\b", re.IGNORECASE)
_JOINT = re.compile(
    r"^\s*(?:个|元|美元|亿美元|亿元|万元|欧元|户|人|家|台|吨|点|million|billion|GWh?|MWh?"
    r"|元/\w+)?\s*(?:[、/／和及与]|以及|,|，|\band\b|, and\b)\s*[-+$¥€£]*$",
    re.IGNORECASE,
)
_ITEMS = re.compile(r"[、/／]|和|与|及|以及|,\s*and\b|\band\b|,\s")
_START = re.compile(r"[，；。！？：\n（(]|;|:\s|\.(?=\s)")


@dataclass(frozen=True, slots=True)
class Share:
    """What one figure of a row is of: words of its own with those that all share, or a time of its own."""

    text: str = ""
    period: Period | None = None


def rows(text: str, figures: Sequence[Figure]) -> list[tuple[Figure, ...]]:
    """Figures that follow each other with nothing but a joint between, two or more of one unit."""
    found: list[list[Figure]] = []
    for figure in figures:
        last = found[-1][-1] if found else None
        if last is not None and last.unit == figure.unit and _JOINT.match(text[last.end : figure.start]):
            found[-1].append(figure)
        else:
            found.append([figure])
    return [tuple(row) for row in found if len(row) > 1]


def shares(text: str, row: Sequence[Figure], times: Sequence[FoundPeriod]) -> list[Share] | None:
    """What each figure of a row is of; None when the sentence does not say it clearly.

    ``text`` has blanks where ``times`` stand.
    """
    starts = [m.end() for m in _START.finditer(text, 0, row[0].start)]
    begin = starts[-1] if starts else 0
    rest = text[row[-1].end :]
    stops = [m.start() for m in re.finditer(r"[，；。]|;|\.(?=\s|$)|, (?:compared|while|and the)", rest)]
    end = row[-1].end + (stops[0] if stops else len(rest))
    each = _EACH.search(text, begin, row[0].start) or _EACH.search(text, row[-1].end, min(len(text), row[-1].end + 60))
    if not each:
        return None
    ahead = [t.period for t in times if begin <= t.start < row[0].start]
    behind = [t.period for t in times if row[-1].end <= t.start < max(end, each.end())]
    for dated in (behind, ahead):
        if len(dated) == len(row):
            return [Share(period=period) for period in dated]
    if not has_cjk(text) or each.start() > row[0].start:
        return None
    items = [item.strip() for item in _ITEMS.split(text[begin : each.start()])]
    if len(items) != len(row) or not all(items):
        return None
    last = words(items[-1], whole=True)
    if len(last) < 2:
        return None
    head, common = items[-1].partition(_as_printed(items[-1], last[0]))[1:]
    return [Share(f"{item} {common}") for item in (*items[:-1], head)]


def _as_printed(text: str, word: str) -> str:
    """``word``, which is folded, as it stands in ``text``."""
    at = text.lower().find(word)
    return text[at : at + len(word)] if at >= 0 else text

"""Periods that a question names, and whether a report is of one of them."""

import re
import unicodedata
from functools import lru_cache

from index.card.dates import days, find_date, find_period
from index.traditional import simplified
from index.types import Entry

_YEAR = re.compile(r"(?<![\d.,$¥])(?:19|20)\d\d(?=年|[^\d.,%A-Za-z]|[.,](?!\d)|$)")
_SHORT_YEAR = re.compile(r"(?<!\d)([12]\d)年(?!来|内|期|间|以)")
_WEEK = re.compile(r"第 ?(\d{1,2}) ?周|\bweek (\d{1,2})\b|\bW(\d{1,2})\b", re.IGNORECASE)
_MOST = 8  # periods of one question


def periods(text: str) -> tuple[str, ...]:
    """The periods and dates in ``text`` in the forms of a card (2024Q2, FY2023, 2025W18, 2025-05-06, 2024), each once.

    A week without its year is "W18".
    """
    rest = simplified(unicodedata.normalize("NFKC", text))
    found: list[tuple[int, str]] = []
    for look in (find_period, find_date):
        while len(found) < _MOST and (one := look(rest)):
            found.append((one.start, one.value))
            rest = f"{rest[: one.start]}{' ' * (one.end - one.start)}{rest[one.end :]}"
    weeks = [(match.start(), "W" + (match[1] or match[2] or match[3]).zfill(2)) for match in _WEEK.finditer(rest)]
    years = [(match.start(), match[0]) for match in _YEAR.finditer(rest)]
    years += [(match.start(), f"20{match[1]}") for match in _SHORT_YEAR.finditer(rest)]
    return tuple(dict.fromkeys(value for _, value in sorted([*found, *weeks, *years])))


def span(entry: Entry) -> tuple[str, str] | None:
    """The first and last day that a report is about, by period, date or file name; None when none says."""
    return days(entry.card.period) or days(entry.card.date) or days(named_period(entry.name))


@lru_cache(maxsize=4096)
def named_period(name: str) -> str:
    """The period in a file's name ("weekly_2025w18.pdf": 2025W18), "" when there is none."""
    stem = re.sub(r"[_\s]+", " ", name.rsplit(".", 1)[0])
    found = find_period(stem) or find_date(stem)
    return found.value if found else ""


def is_of(entry: Entry, period: str) -> bool:
    """Whether a report is about the period, a part of it, or more than it; or was published on that date."""
    if period.startswith("W"):
        return (entry.card.period or named_period(entry.name)).endswith(period)
    asked = days(period)
    own = [found for found in (span(entry), days(entry.card.date) if "-" in period else None) if found]
    return asked is not None and any(first <= asked[1] and asked[0] <= last for first, last in own)

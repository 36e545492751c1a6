"""Periods that a question names, whether a report is of one of them, and periods that are named by another."""

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

_BEFORE = re.compile(
    r"(?:此?前|上)一(?:个?财?年|年度|期)|前一年度?|上年同期|去年同期|(?:the )?(?:previous|prior"
    r"|preceding) (?:fiscal )?year"
    r"|the (?:fiscal )?year (?:before|prior|earlier)|a year (?:before|earlier)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[后下]一(?:个?财?年|年度)|次年|the (?:fiscal )?year after|the (?:following|next) (?:fiscal )?year", re.IGNORECASE
)
_QUARTER_BEFORE = re.compile(
    r"[上前]一?个?季度?|(?:the )?(?:previous|prior|preceding) quarter|the quarter (?:before|prior)", re.IGNORECASE
)
_QUARTER_AFTER = re.compile(r"[下后]一?个?季度?|the (?:following|next) quarter|the quarter after", re.IGNORECASE)
_DIGIT_CN = "一二三四"


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


def relative(value: str, base: str) -> str | None:
    """A period that is named by another ("the year before", 上一季度), counted from the earlier question's."""
    year = re.search(r"(?:19|20)\d\d", base)
    if _BEFORE.fullmatch(value.strip()) or _AFTER.fullmatch(value.strip()):
        step = -1 if _BEFORE.fullmatch(value.strip()) else 1
        return f"{base[: year.start()]}{int(year[0]) + step}{base[year.end() :]}" if year else None
    if _QUARTER_BEFORE.fullmatch(value.strip()) or _QUARTER_AFTER.fullmatch(value.strip()):
        step = -1 if _QUARTER_BEFORE.fullmatch(value.strip()) else 1
        return _next_quarter(base, year, step)
    if (
        re.fullmatch(
            r"[第前]?[一二三四1-4]个?季度|上半年|下半年|全年|\d{1,2}月(?:份|末|底)?|Q[1-4]|H[12]",
            value.strip(),
            re.IGNORECASE,
        )
        and year
    ):
        return f"{year[0]}年{value.strip()}" if "年" in base else f"{value.strip()} {year[0]}"
    return None


def _next_quarter(base: str, year: re.Match[str] | None, step: int) -> str | None:
    quarter = re.search(r"(?<=Q)[1-4]|[1-4](?=Q)|[一二三四](?=个?季)", base, re.IGNORECASE)
    if not quarter:
        return None
    chinese = quarter[0] in _DIGIT_CN
    number = (_DIGIT_CN.index(quarter[0]) + 1 if chinese else int(quarter[0])) + step
    turned = -1 if number < 1 else 1 if number > 4 else 0
    number = (number - 1) % 4 + 1
    text = f"{base[: quarter.start()]}{_DIGIT_CN[number - 1] if chinese else number}{base[quarter.end() :]}"
    if turned and not year:
        return None
    return re.sub(r"(?:19|20)\d\d", lambda found: str(int(found[0]) + turned), text, count=1)

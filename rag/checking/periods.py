"""Periods in text, in both languages: 1Q25 is 2025年一季度 is the first quarter of 2025."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ")
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_ORDINAL = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "一": 1, "二": 2,
    "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4, "one": 1, "two": 2, "three": 3, "six": 6, "nine": 9, "twelve": 12,
    "上": 1, "下": 2,
}  # fmt: skip
_YEAR = r"(?:19[5-9]|20[0-6])\d"
_SHORT = r"(?:0\d|1\d|2\d|3\d)"
_PATTERNS = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("iso", rf"(?<![\d.])(?P<y>{_YEAR})(?:[-/.](?P<m>0[1-9]|1[0-2]))(?:[-/.](?P<d>[0-3]\d))(?![\d.])"),
        ("us", rf"(?<![\d/.])(?P<m>1[0-2]|0?[1-9])/(?P<d>[0-3]?\d)/(?P<y>{_YEAR}|{_SHORT})(?![\d/])"),
        ("q", rf"(?<![A-Za-z\d.])(?P<p>[1-4])Q\s*(?P<y>{_YEAR}|{_SHORT})?(?![A-Za-z\d])"),
        ("q", rf"(?<![A-Za-z\d.])(?:FY)?(?P<y>{_YEAR}|{_SHORT})\s*年?\s*[-/]?Q(?P<p>[1-4])(?![A-Za-z\d])"),
        ("q", rf"(?<![A-Za-z\d])Q(?P<p>[1-4])(?:\s*(?:of\s+)?(?:fiscal\s+|FY\s*|['’])?(?P<y>{_YEAR}"
             rf"|(?<=['’Y]){_SHORT}))?(?![A-Za-z\d])"),
        ("h", rf"(?<![A-Za-z\d.])(?P<p>[12])H\s*(?P<y>{_YEAR}|{_SHORT})?(?![A-Za-z\d])"),
        ("h", rf"(?<![A-Za-z\d.])(?:(?P<y>{_YEAR}|{_SHORT})\s*年?)?\s*H(?P<p>[12])(?:"
             rf"\s+(?P<y2>{_YEAR}))?(?![A-Za-z\d])"),
        ("n", rf"(?:(?P<y>{_YEAR}|{_SHORT})\s*年)?\s*前(?P<p>[一二三])季度"),
        ("q", rf"(?:(?P<y>{_YEAR}|{_SHORT})\s*(?:财年|年度|年)?\s*)?第?(?P<p>[一二三四1-4])季(?:度|报)?"),
        ("h", rf"(?:(?P<y>{_YEAR}|{_SHORT})\s*年)?\s*(?P<p>[上下])半年"),
        ("ms", rf"(?:(?P<y>{_YEAR}|{_SHORT})\s*年\s*)?(?<!\d)(?P<a>1[0-2]|[1-9])\s*月?\s*[-—–~至到]+\s*(?P<b>1[0-2]"
             rf"|[1-9])\s*月(?!\d)"),
        ("m", rf"(?:(?P<y>{_YEAR}|{_SHORT})\s*年\s*)?(?<![\d.])(?P<m>1[0-2]|0?[1-9])\s*月(?:\s*(?P<d>[0-3]?\d)"
             rf"\s*[日号])?"),
        ("q", rf"\b(?P<p>first|second|third|fourth|1st|2nd|3rd|4th)[\s-]+(?:fiscal\s+)?quarter(?:\s+(?:of\s+)?"
             rf"(?:(?:the\s+)?fiscal\s+(?:year\s+)?)?(?P<y>{_YEAR}))?"),
        ("h", rf"\b(?P<p>first|second)[\s-]+half(?:\s+(?:of\s+)?(?:fiscal\s+(?:year\s+)?)?(?P<y>{_YEAR}))?"),
        ("span", r"\b(?:(?P<p>three|six|nine|twelve|3|6|9|12)[\s-]+months?|(?P<w>12|13|14|16|24|26|36|39|40|52"
             r"|53)[\s-]+weeks?)(?=\s+end(?:ed|ing))"),
        ("day", rf"\b(?P<mm>{_MONTH})\.?\s+(?P<d>[0-3]?\d)(?:\s*,\s*|\s+)(?P<y>{_YEAR})\b"),
        ("day", rf"\b(?P<d>[0-3]?\d)\s+(?P<mm>{_MONTH})\.?,?\s+(?P<y>{_YEAR})\b"),
        ("month", rf"\b(?P<mm>{_MONTH})\.?,?\s+(?:of\s+)?(?P<y>{_YEAR})\b"),
        ("day", rf"\b(?P<mm>{_MONTH})\.?\s+(?P<d>3[01]|[12]\d|[1-9])(?![\d,.]\d|\s*(?:%|million|billion))\b"),
        ("month", rf"(?:(?<=in )|(?<=of )|(?<=since )|(?<=from )|(?<=to )|(?<=end-)|(?<=late )"
             rf"|(?<=early ))(?P<mm>{_MONTH})\b"),
        ("y", rf"(?<![A-Za-z\d])(?:FY|fiscal(?:\s+year)?)\s*['’]?(?P<y>{_YEAR}|{_SHORT})(?![\d,.]\d|\d)"),
        ("y", rf"(?<![\dA-Za-z$¥€£])(?<!\d[.,])(?P<y>{_YEAR})(?=\s*[-—–~/、和至到]\s*(?:{_YEAR}|{_SHORT}\s*年))(?!\d)"),
        ("y", rf"(?<!\d)(?<!\d[.,])(?:(?P<y>{_YEAR})\s*(?:年|财年)|(?P<y2>{_SHORT})"
             rf"\s*(?:年(?!内|期|代|[以之]?[前后]|均)|财年))"),
        ("y", rf"(?<![\dA-Za-z$¥€£])(?<!\d[.,])(?P<y>{_YEAR})(?![\d%％]|[.,]\d|\s*(?:个|家|次|户|万|亿|元"
             rf"|吨|名|人|只|台|套|点"
             rf"|[GMKk]?[Ww]h?\b|million|billion|thousand|stores|shares))"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """A period where it stands in a text. ``year`` is None where none is named beside it.

    ``part`` is the part of the year: "" for all of it, "Q1", "H1", "M1-9" (the first nine months), "M3", or
    "S3" for a span of three months of which only its end is told. ``day`` is the day of the month for a date.
    """

    text: str
    start: int
    end: int
    year: int | None
    part: str
    day: int | None = None

    def fits(self, other: "Period") -> bool:
        """Whether both can mean one period: nothing that both of them name differs."""
        if self.year is not None and other.year is not None and self.year != other.year:
            return False
        if self.day is not None and other.day is not None and self.day != other.day:
            return False
        if not self.part or not other.part or self.part == other.part or "S" in (self.part[0], other.part[0]):
            return True if self.part[:1] != "S" or other.part[:1] != "S" else self.part == other.part
        mine, theirs = _months(self.part), _months(other.part)
        if "M" in (self.part[0], other.part[0]) and (len(mine) == 1 or len(theirs) == 1):
            at_an_end = max(mine) == max(theirs) or min(mine) == min(theirs)
            return at_an_end or (bool(self.day or other.day) and bool(set(mine) & set(theirs)))
        return mine == theirs


def _months(part: str) -> range:
    number = part[1:]
    if part[0] == "Q":
        return range(3 * int(number) - 2, 3 * int(number) + 1)
    if part[0] == "H":
        return range(6 * int(number) - 5, 6 * int(number) + 1)
    first, _, last = number.partition("-")
    return range(int(first), int(last or first) + 1)


def find_periods(text: str) -> list[Period]:
    """The periods of ``text`` in order, none over another. Positions are those in ``text``."""
    flat = text if text.isascii() else "".join(_flat(char) for char in text)
    if not any(char.isdigit() for char in flat) and not re.search(r"季|半年|quarter|half|months|in [A-Z]", flat):
        return []
    found: list[Period] = []
    taken: list[tuple[int, int]] = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(flat):
            start, end = match.span()
            if any(start < right and end > left for left, right in taken):
                continue
            if name == "h" and match["p"] in "12" and not match.groupdict().get("y") and "H20" in match[0]:
                continue
            taken.append((start, end))
            found.append(_period(name, match, text))
    found.sort(key=lambda period: period.start)
    return found


def _period(name: str, match: re.Match[str], text: str) -> Period:
    named = match.groupdict()
    year = named.get("y") or named.get("y2")
    number = int(year) if year else None
    if number is not None and number < 100:
        number += 2000
    day = int(named["d"]) if named.get("d") else None
    part = ""
    if name == "q":
        part = f"Q{_ORDINAL[named['p'].lower()]}"
    elif name == "h":
        part = f"H{_ORDINAL[named['p'].lower()]}"
    elif name == "n":
        part = f"M1-{3 * _ORDINAL[named['p']]}"
    elif name == "ms":
        part = f"M{named['a']}-{named['b']}"
    elif name == "span":
        months = {"12": 3, "13": 3, "14": 3, "16": 3, "24": 6, "26": 6, "36": 9, "39": 9, "40": 9}
        length = _length(named["p"]) if named["p"] else months.get(named["w"], 12)
        part = f"S{length}"
    elif named.get("mm"):
        part = f"M{_MONTHS.index(named['mm'][:3].lower()) + 1}"
    elif named.get("m"):
        part = f"M{int(named['m'])}"
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    return Period(text[start : match.end()], start, match.end(), number, part, day)


def _length(text: str) -> int:
    return int(text) if text.isdigit() else _ORDINAL[text.lower()]


def _flat(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def stands_among(period: Period, others: Sequence[Period]) -> bool:
    """Whether ``others`` name the year of ``period`` and its part of the year, together or apart."""
    if any(_same(period, other) for other in others):
        return True
    year = period.year is None or any(other.year == period.year for other in others)
    if not period.part or not year:
        return year
    ends = period.part[1:].split("-") if period.part[0] == "M" else [""]
    parts = [f"M{end}" for end in ends] if len(ends) == 2 else [period.part]
    return any(other.part and other.fits(period) for other in others) or (
        len(parts) == 2 and all(any(other.part == part for other in others) for part in parts)
    )


def _same(one: Period, other: Period) -> bool:
    return (one.year, one.part, one.day) == (other.year, other.part, other.day)

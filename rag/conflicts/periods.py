"""The time a figure is for: found in a sentence, in Chinese or English, and compared.

A period here is a year, a part of one and nothing more: "1Q25", "2025年一季度" and
"first quarter of 2025" are the same.
What a sentence leaves out stays empty, so that two periods may be known to differ, known to agree, or neither.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.types import Card

_DIGIT = {"一": "1", "二": "2", "三": "3", "四": "4", "first": "1", "second": "2", "third": "3", "fourth": "4"}
_ORDER = "january february march april may june july august september october november december".split(" ")
_MONTHS = {name: number for number, name in enumerate(_ORDER, 1)} | {
    name[:3]: number for number, name in enumerate(_ORDER, 1)
}
_MONTH = r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)[a-z]*|may"
_YEAR = r"(?:19|20)\d{2}"
_RELATIVE = (
    (
        r"(?:上年|去年|上一?年度?)(?!同期|末|底)|\b(?:the )?(?:prior|previous|last) (?:fiscal )?year\b(?!['’]s"
        r"|[- ](?:quarter|period|month|week))",
        "year",
        -1,
    ),
    (r"(?:今年|本年度?)|\b(?:this|the current) (?:fiscal )?year\b", "year", 0),
    (r"明年|下一?年度?(?!半)|\bnext (?:fiscal )?year\b", "year", 1),
    (r"上(?:一|个)?季度?|\b(?:last|previous|prior) quarter\b", "Q-", 0),
    (r"(?:本|当|该)季度?|\b(?:this|the current|the) quarter\b(?! of| ended)", "Q?", 0),
    (r"下(?:一|个)?季度?|\bnext quarter\b", "Q+", 0),
    (r"上个?月(?!末|底)|\blast month\b", "M-", 0),
    (r"(?:本|当)月|\bthis month\b", "M?", 0),
    (r"上(?:一|个)?周|\blast week\b", "W-", 0),
    (r"本周|当周|\bthis week\b", "W?", 0),
)
_HINT = re.compile(
    r"\d{4}|[年季月周]|\d\s?[HQ]|[HQ]\d|FY|\d\d?Q|\b(?:quarter|half|year|month|week|fiscal)", re.IGNORECASE
)
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (form, re.compile(pattern, re.IGNORECASE))
    for form, pattern in (
        ("D", rf"(?P<y>{_YEAR})\s*年\s*(?P<m>\d{{1,2}})\s*月\s*(?P<d>\d{{1,2}})\s*[日号]"),
        ("D", rf"(?<![\d.])(?P<y>{_YEAR})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?![\d.])"),
        (
            "L",
            rf"\b(?P<n>three|six|nine|twelve|thirteen|twenty-six|thirty-nine|fifty-two|13|26|39|52)[- ](?:months?"
            rf"|weeks?)"
            rf"(?: period)? ended (?P<m>{_MONTH})\.? \d{{1,2}},? (?P<y>{_YEAR})",
        ),
        ("L", rf"\b(?P<n>quarter|year)(?:ly period)? ended (?P<m>{_MONTH})\.? \d{{1,2}},? (?P<y>{_YEAR})"),
        ("D", rf"\b(?P<m>{_MONTH})\.? (?P<d>\d{{1,2}}),? (?P<y>{_YEAR})\b"),
        (
            "MM",
            rf"(?:(?P<y>{_YEAR})\s*年\s*)?(?<!\d)(?P<m>\d{{1,2}})\s*月?\s*[-—–~～至到]\s*(?P<d>\d{{1,2}})\s*月(?!\s*\d+\s*日)",
        ),
        ("NM", rf"(?:(?P<y>{_YEAR})\s*年\s*)?前\s*(?P<n>\d{{1,2}}|[一二三四五六七八九十]+)\s*个?月"),
        ("NQ", rf"(?:(?P<y>{_YEAR})\s*年?\s*)?前\s*(?P<n>[二三两23])\s*(?:个)?季度?"),
        ("Q", rf"(?P<f>FY)?(?P<y>{_YEAR}|(?<!\d)2\d)\s*(?P<f2>财)?年?\s*第?\s*(?P<n>[一二三四1-4])\s*财?季度?(?!\d)"),
        ("Q", rf"(?<![\d.])(?P<n>[1-4])Q\s*(?P<f>FY)?['’]?(?P<y>{_YEAR}|\d\d)(?!\d)"),
        ("Q", rf"(?P<f>FY)?(?<!\d)(?P<y>{_YEAR}|\d\d)\s*年?\s*Q(?P<n>[1-4])(?!\d)"),
        (
            "Q",
            rf"\bQ(?P<n>[1-4])\s*(?:of )?(?P<f>FY|fiscal(?: year)?)?[ '’]?(?P<y>{_YEAR}|(?<=FY)\d\d|(?<=['’])\d\d)\b",
        ),
        (
            "Q",
            r"\b(?P<n>first|second|third|fourth)[- ]quarter(?:,? (?:of |for )?(?:the )?"
            rf"(?P<f>fiscal(?: year)? )?(?P<y>{_YEAR}))?",
        ),
        ("Q", r"第?(?<![前\d.])(?P<n>[一二三四1-4])\s*财?季度?(?!\d)(?=[^\d度]|度|$)"),
        ("Q", r"\bQ(?P<n>[1-4])(?!\d)|(?<![\d.A-Za-z])(?P<n2>[1-4])Q(?!\d)"),
        ("H", rf"(?:(?P<y>{_YEAR})\s*年?\s*)(?P<n>上|下)半年|(?:(?P<y2>{_YEAR})\s*年?\s*)(?:半年报|中报|中期)"),
        ("H", r"(?P<n>上|下)半年"),
        (
            "H",
            rf"(?<![\d.])(?P<n>[12])H\s*['’]?(?P<y>{_YEAR}|\d\d)(?!\d)|(?P<y2>{_YEAR}|(?<!\d)\d\d)?H(?P<n2>[12])(?!\d)",
        ),
        ("H", rf"\b(?P<n>first|second)[- ]half(?: of)?(?: the)?(?P<f> fiscal)?(?: year)?(?: (?P<y>{_YEAR}))?"),
        ("M", rf"(?P<y>{_YEAR})\s*年\s*(?P<m>\d{{1,2}})\s*月(?:份)?"),
        ("M", r"(?<![\d.])(?P<m>\d{1,2})\s*月(?!\s*\d)(?:份(?!额))?"),
        ("M", rf"\b(?P<m>{_MONTH})\.?,? (?P<y>{_YEAR})\b"),
        ("F", rf"\b(?:fiscal(?: year)?|FY)\s?['’]?(?P<y>{_YEAR}|\d\d)\b|(?<!\d)(?P<y2>{_YEAR})\s*财年"),
        (
            "Y",
            rf"(?<![\d.,$])(?P<y>{_YEAR})\s*年(?:度|末|底)?"
            rf"|(?<![\d.,$¥-])(?P<y2>{_YEAR})(?:[AEF](?![a-z]))?(?![\d%％]|[.,]\d|\s*(?:亿|万|美元|元|million"
            rf"|billion))",
        ),
        *((f"R{part}{offset:+d}", pattern) for pattern, part, offset in _RELATIVE),
    )
)
_LENGTH = {
    "quarter": 3, "year": 12, "three": 3, "six": 6, "nine": 9, "twelve": 12, "thirteen": 3, "13": 3,
    "twenty-six": 6, "26": 6, "thirty-nine": 9, "39": 9, "fifty-two": 12, "52": 12,
}  # fmt: skip
_COUNT = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十一": 11,
}


@dataclass(frozen=True, slots=True)
class Period:
    """What is said of the time: ``year`` ("2025"), ``fiscal`` when it is called so, ``part`` of the year.

    A part is Q1..Q4, H1, H2, M1..M12, C2..C11 (the first so many months), 12 (all of it) or D6-30 (a day); with "?",
    "-" or "+" in place of the number it is the one the report was written in, the one before or after. "" is unknown.
    ``loose`` says that the sentence itself does not tell the time: it is that of the text above.
    """

    year: str = ""
    part: str = ""
    fiscal: bool = False
    loose: bool = False

    def __bool__(self) -> bool:
        return bool(self.year or self.part)


@dataclass(frozen=True, slots=True)
class FoundPeriod:
    """A period where it stands in a text."""

    period: Period
    start: int
    end: int


def find(text: str, card: Card | None = None) -> tuple[FoundPeriod, ...]:
    """The periods of a text in order. The report's card says which year "this year" and "last year" are."""
    return _find(text, report_year(card)) if _HINT.search(text) else ()


@lru_cache(maxsize=4096)
def _find(text: str, year: str) -> tuple[FoundPeriod, ...]:
    found: list[FoundPeriod] = []
    taken = [False] * len(text)
    for form, pattern in _FORMS:
        for match in pattern.finditer(text):
            if match.start() == match.end() or any(taken[match.start() : match.end()]):
                continue
            period = _period(form, {k: v for k, v in match.groupdict().items() if v}, year)
            if period:
                taken[match.start() : match.end()] = [True] * (match.end() - match.start())
                found.append(FoundPeriod(period, match.start(), match.end()))
    return tuple(sorted(found, key=lambda one: one.start))


def without(text: str, found: Sequence[FoundPeriod]) -> str:
    """``text`` with blanks where its periods stand, so that offsets stay."""
    for one in found:
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text


def report_year(card: Card | None) -> str:
    """The year a report is about or was written in, "" when its card does not say."""
    match = re.search(r"\d{4}", (card.period or card.date) if card else "")
    return match[0] if match else ""


def _period(form: str, parts: dict[str, str], now: str) -> Period | None:
    year = parts.get("y") or parts.get("y2") or ""
    year = f"20{year}" if len(year) == 2 else year
    number = parts.get("n") or parts.get("n2") or ""
    number = _DIGIT.get(number.lower(), number)
    fiscal = bool(parts.get("f") or parts.get("f2"))
    month = _month(parts.get("m", ""))
    if form.startswith("R"):
        return _relative(form[1:-2], int(form[-2:]), now)
    if form == "D":
        return Period(year, f"D{month}-{int(parts['d'])}") if 1 <= month <= 12 else None
    if form == "L":
        months = _LENGTH[number.lower()]
        return Period(year, _months(month - months + 1, month) if months < 12 else "12")
    if form == "MM":
        return Period(year, _months(month, int(parts["d"]))) if 1 <= month < int(parts["d"]) <= 12 else None
    if form == "NM":
        count = _COUNT.get(number, 0) or (int(number) if number.isdigit() else 0)
        return Period(year, _months(1, count)) if 2 <= count <= 11 else None
    if form == "NQ":
        return Period(year, _months(1, 9 if number in {"3"} else 6))
    if form == "M":
        return Period(year, f"M{month}") if 1 <= month <= 12 else None
    if form == "H":
        return Period(year, {"上": "H1", "下": "H2", "": "H1"}.get(number, f"H{number}"), fiscal)
    if form == "Q":
        return Period(year, f"Q{number}", fiscal)
    return Period(year, "", form == "F")


def _relative(part: str, offset: int, now: str) -> Period:
    if part != "year":
        return Period("", part)
    return Period(str(int(now) + offset)) if now else Period("", f"Y{offset:+d}")


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.get(text.lower(), _MONTHS.get(text.lower()[:3], 0))


def _months(first: int, last: int) -> str:
    """A run of months by the name of the part of the year it is."""
    if first == last:
        return f"M{first}"
    named = {(1, 3): "Q1", (4, 6): "Q2", (7, 9): "Q3", (10, 12): "Q4", (1, 6): "H1", (7, 12): "H2", (1, 12): "12"}
    return named.get((first, last)) or (f"C{last}" if first == 1 else f"M{first}-{last}")


def differ(one: Period, other: Period) -> bool:
    """Whether two periods are known not to be the same. One that is unknown differs from none."""
    if not one or not other:
        return False
    if one.year and other.year and (one.year != other.year or one.fiscal != other.fiscal):
        return one.year != other.year or "" not in {one.part, other.part}
    mine, theirs = one.part, other.part
    if mine == theirs or {mine, theirs} == {"12", ""}:
        return False
    if not mine or not theirs:  # a whole year, or a part whose year is told elsewhere
        whole, part = (one, theirs) if not mine else (other, mine)
        return bool(whole.year) and not whole.loose and part[0] not in "D1"
    if mine[0] == theirs[0] and "?" in mine + theirs:
        return mine.endswith(("-", "+")) or theirs.endswith(("-", "+"))
    return True


def same(one: Period, other: Period) -> bool:
    """Whether two periods are known to be the same."""
    return bool(one) and one.part == other.part and one.year == other.year and not (one.loose or other.loose)


def filled(period: Period, around: Period) -> Period:
    """``period`` with the year of what stands around it where it has none of its own: "一季度" after "2025年"."""
    return replace(period, year=around.year, fiscal=around.fiscal) if period.part and not period.year else period

"""Dates and periods as reports print them, in one form: 2025-05-06, 2025-05; 2024Q2, FY2023, 2025W18, 2024H1, 2024."""

import calendar
import datetime
import re
from collections import Counter
from typing import NamedTuple

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True))
_CN = "[零一二三四五六七八九十]"
_YEAR = "(?:19|20)\\d\\d"

# Half-width forms (see index.card.face.plain); the first that matches counts.
_FORMS = (
    re.compile(rf"(?P<y>{_YEAR}) ?年 ?(?P<m>\d{{1,2}}) ?月 ?(?P<d>\d{{1,2}}) ?日"),
    re.compile(rf"(?P<y>[零一二三四五六七八九]{{4}})年(?P<m>{_CN}{{1,2}})月(?P<d>{_CN}{{1,3}})日"),
    re.compile(rf"(?<![\d.])(?P<y>{_YEAR})(?P<s>[-./])(?P<m>0?[1-9]|1[0-2])(?P=s)(?P<d>0?[1-9]|[12]\d|3[01])(?![\d])"),
    re.compile(rf"\b(?P<m>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? ?(?P<y>{_YEAR})\b", re.IGNORECASE),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ -](?P<m>{_MONTH})\.?,?[ -](?P<y>{_YEAR})\b", re.IGNORECASE),
    re.compile(rf"(?P<y>{_YEAR}) ?年 ?(?P<m>\d{{1,2}}) ?月(?! ?\d)"),
    re.compile(rf"(?P<y>[零一二三四五六七八九]{{4}})年(?P<m>{_CN}{{1,2}})月(?!{_CN})"),
    re.compile(rf"\b(?P<m>{_MONTH})\.?,? (?P<y>{_YEAR})\b", re.IGNORECASE),
)


class Found(NamedTuple):
    """A value in its normal form and where it stands in the text."""

    value: str
    start: int
    end: int


def find_date(text: str) -> Found | None:
    """The first date of a text in half-width forms, as precise as it is printed."""
    found = []
    for form in _FORMS:
        for match in form.finditer(text):
            value = _date(match)
            if value:
                found.append(Found(value, match.start(), match.end()))
                break
    return min(found, key=lambda date: (date.start, -len(date.value)), default=None)


def only_date(text: str) -> str:
    """The date when a text says nothing else (a weekday aside), "" otherwise."""
    text = re.sub(r"^(?:[\u4e00-\u9fff]{2,4}, ?|发布于)|发布$", "", text.strip(" |·•,.:;()[]-"))
    found = find_date(text)
    if not found:
        return ""
    rest = text[: found.start] + text[found.end :]
    rest = re.sub(
        r"(?i)星期[一二三四五六日天]|周[一二三四五六日]|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", "", rest
    )
    return found.value if not rest.strip(" ,.()|·-") else ""


def _date(match: re.Match[str]) -> str:
    groups = match.groupdict()
    year, month, day = _number(groups["y"]), _number(groups["m"]), _number(groups.get("d") or "")
    try:
        if groups.get("d"):
            return datetime.date(year, month, day).isoformat()
        return datetime.date(year, month, 1).isoformat()[:7]
    except ValueError:
        return ""


def _number(text: str) -> int:
    if text.isascii():
        return int(text) if text.isdigit() else _MONTHS.get(text.lower(), 0)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
    return int("".join(str(_DIGITS.get(char, 0)) for char in text))


_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "一": 1, "二": 2, "三": 3, "四": 4}
_SPELLED_QUARTER = (
    r"(?P<q>first|second|third|fourth)[ -]quarter(?:(?: and|,| &) (?:the )?(?:full|fiscal)[ -]?year)?"
    rf"(?: of| for)?(?: the)?(?P<f> fiscal(?: year)?| FY)?,? ?(?P<y>{_YEAR})\b"
)
_SPELLED_FISCAL = re.compile(
    rf"(?P<q>first|second|third|fourth)[ -]quarter (?:of |for )?(?:the )?fiscal (?:year )?(?P<y>{_YEAR})", re.IGNORECASE
)
_PERIODS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (form, re.compile(pattern, re.IGNORECASE))
    for form, pattern in (
        ("W", rf"(?P<y>{_YEAR}) ?年? ?,?第? ?(?P<q>\d{{1,2}}) ?周(?!年)"),
        ("W", rf"\bweek (?P<q>\d{{1,2}})(?:,| of)? (?P<y>{_YEAR})\b|\b(?P<y2>{_YEAR})[ -]?W(?P<q2>\d\d?)\b"),
        (
            "..",
            rf"(?P<y>{_YEAR})[./年-](?P<m>\d{{1,2}})[./月-](?P<d>\d{{1,2}})日? ?(?:-|~|至|to) ?"
            rf"(?:(?P<y2>{_YEAR})[./年-])?(?:(?P<m2>\d{{1,2}})[./月-])?(?P<d2>\d{{1,2}})日?(?!\d)",
        ),
        (
            "Z",
            rf"截至 ?(?P<y>{_YEAR}) ?年 ?(?P<m>\d{{1,2}}) ?月 ?\d{{1,2}} ?日止 ?(?P<q>年度|十二个月|六个月"
            rf"|三个月|九个月)",
        ),
        ("Q", _SPELLED_QUARTER),
        ("Q", rf"\bQ(?P<q>[1-4]) ?(?P<f>FY|fiscal(?: year)?)?[ '’]?(?P<y>{_YEAR}|(?<=FY)\d\d|(?<=['’])\d\d)\b"),
        ("Q", rf"(?<![\d.])(?P<q>[1-4])Q ?(?P<f>FY)?['’]?(?P<y>{_YEAR}|\d\d)(?!\d)"),
        ("Q", rf"\b(?P<f>FY) ?(?P<y>{_YEAR}|\d\d) ?Q(?P<q>[1-4])\b"),
        ("Q", rf"(?<![\dA-Za-z])(?P<y>{_YEAR}|2\d) ?年?Q(?P<q>[1-4])(?!\d)"),
        ("Q", rf"(?P<y>{_YEAR}) ?年?度? ?[前第]? ?(?P<q>[一二三四1-4]) ?季(?:度|报)"),
        ("H1", rf"(?P<y>{_YEAR}) ?年? ?(?:半年|中期报告|中报|上半年)"),
        ("H2", rf"(?P<y>{_YEAR}) ?年? ?下半年"),
        ("H", rf"(?<![\d.])(?P<q>[12])H ?['’]?(?P<y>{_YEAR}|\d\d)(?!\d)|\bH(?P<q2>[12]) ?(?P<y2>{_YEAR})\b"),
        ("H", rf"\b(?P<q>first|second)[ -]half(?: of)?(?: the)?(?P<f> fiscal(?: year)?)? ?(?P<y>{_YEAR})\b"),
        ("H1", rf"\b(?:half[ -]year(?:ly)?|interim)(?: financial)? report,?(?: for)? (?P<y>{_YEAR})\b"),
        ("H1", rf"\b(?P<y>{_YEAR}) (?:half[ -]year(?:ly)?|interim)(?: financial)? (?:report|results)\b"),
        ("M", rf"(?P<y>{_YEAR}) ?年 ?(?P<q>\d{{1,2}}) ?月 ?(?:份|月报|月度|\))"),
        ("Y", rf"\b(?P<f>fiscal(?: year)?|FY) ?(?P<y>{_YEAR})\b"),
        ("Y", rf"(?P<y>{_YEAR}) ?年? ?(?:年度报告|年度|年报|度)"),
        ("Y", rf"(?P<y>{_YEAR}) ?年[^\d]{{0,8}}?(?:策略|展望)|(?P<y2>{_YEAR}) ?(?:社会责任|可持续|ESG)"),
        ("Y", rf"(?:展望|策略)[^\d]{{0,4}}(?P<y>{_YEAR})(?! ?年 ?\d)"),
        ("Y", rf"\b(?P<y>{_YEAR}) (?:(?:full|fiscal)[ -]year|annual|sustainability|ESG|integrated|outlook)\b"),
        (
            "Y",
            rf"\b(?:annual report(?: and accounts)?|full[ -]year|outlook|sustainability report)(?: for| of"
            rf"|,)? (?P<y>{_YEAR})\b",
        ),
    )
)
_MONTHS_LONG = {"年度": 12, "十二个月": 12, "九个月": 9, "六个月": 6, "三个月": 3}
ENDED = re.compile(
    r"\b(?P<what>fiscal year|year|quarterly period|quarter)(?: and (?:fiscal )?year)? ended:?", re.IGNORECASE
)


def find_period(text: str) -> Found | None:
    """The period a title or another short text names, in half-width forms; the finest when it names several."""
    for form, pattern in _PERIODS:
        match = pattern.search(text)
        if match:
            value = _period(form, {name: part for name, part in match.groupdict().items() if part})
            if value:
                return Found(value, match.start(), match.end())
    return None


def only_year(text: str) -> str:
    """The year when a text says nothing else ("（2024年）")."""
    match = re.fullmatch(rf"[(\[]?({_YEAR}) ?年?[)\]]?", text.strip())
    return match[1] if match else ""


def _period(form: str, parts: dict[str, str]) -> str:
    if form == "..":
        start = (int(parts["y"]), int(parts["m"]), int(parts["d"]))
        end = (int(parts.get("y2", parts["y"])), int(parts.get("m2", parts["m"])), int(parts["d2"]))
        try:
            first, last = datetime.date(*start), datetime.date(*end)
        except ValueError:
            return ""
        return f"{first}/{last}" if 0 < (last - first).days <= 366 else ""
    year = _number(parts.get("y") or parts["y2"])
    year += 2000 if year < 100 else 0
    part = parts.get("q") or parts.get("q2") or ""
    number = _ORDINAL.get(part.lower()) or (int(part) if part.isdigit() else 0)
    fiscal = "FY" if parts.get("f") else ""
    if form == "Z":
        return _ended_months(year, int(parts["m"]), part)
    if form == "W":
        return f"{year}W{number:02}" if 1 <= number <= 53 else ""
    if form == "M":
        return f"{year}-{number:02}" if 1 <= number <= 12 else ""
    return f"{fiscal}{year}{'' if form == 'Y' else form if form in {'H1', 'H2'} else f'{form}{number}'}"


def _ended_months(year: int, month: int, length: str) -> str:
    """The period of so many months up to the end of ``month``."""
    months = _MONTHS_LONG[length]
    if months == 12:
        return f"{year}" if month == 12 else f"FY{year}"
    if months == 6:
        return f"{year}H{month // 6}" if month in {6, 12} else ""
    return f"{year}Q{month // 3}" if month % 3 == 0 else ""


def find_ended(text: str, everything: str) -> Found | None:
    """The period of a filing that says when it ended ("For the quarterly period ended July 29, 2023").

    Only ``everything``, the report's whole text, can tell what a company calls a year that ends in January, or a
    quarter of a year that is not the calendar's; where it does not the value is empty, for it would be a guess.
    """
    match = ENDED.search(text)
    date = find_date(text[match.end() : match.end() + 40]) if match else None
    if not match or not date or len(date.value) < 10 or date.start > 8:
        return None
    end = datetime.date.fromisoformat(date.value)
    annual = "year" in match["what"].lower()
    value = _fiscal_year(end, everything) if annual else _fiscal_quarter(end, everything)
    return Found(value, match.start(), match.end() + date.end)


def _fiscal_year(end: datetime.date, everything: str) -> str:
    if end.month >= 3:
        return f"FY{end.year}"
    named = Counter(re.findall(rf"(?i)\bfiscal (?:year )?({end.year - 1}|{end.year})\b", everything))
    return f"FY{named.most_common(1)[0][0]}" if named else ""


def _fiscal_quarter(end: datetime.date, everything: str) -> str:
    named = Counter(
        (int(match["y"]), _ORDINAL[match["q"].lower()])
        for match in _SPELLED_FISCAL.finditer(everything)
        if abs(int(match["y"]) - end.year) <= 1
    )
    if named:
        most = max(named.values())
        year, quarter = max(key for key, count in named.items() if count >= 0.7 * most)
        return f"FY{year}Q{quarter}"
    near = end - datetime.timedelta(days=10)  # a quarter of 13 weeks may end a few days into the next month
    quarter = (near.month + 2) // 3
    return f"{near.year}Q{quarter}" if near.month % 3 == 0 and not re.search(r"(?i)\bfiscal 20\d\d", everything) else ""


def days(value: str) -> tuple[str, str] | None:
    """The first and last day of a date or period as this module writes them, ISO; None for anything else.

    A fiscal year counts as the calendar's, for reports do not say more of it.
    """
    if "/" in value:
        first, _, last = value.partition("/")
        ends = days(first), days(last)
        return (ends[0][0], ends[1][1]) if ends[0] and ends[1] else None
    match = re.fullmatch(r"(?:FY)?(\d{4})(?:Q([1-4])|H([12])|W(\d{1,2})|-(\d{1,2})(?:-(\d{1,2}))?)?", value)
    if not match:
        return None
    year = int(match[1])
    try:
        if match[4]:
            monday = datetime.date.fromisocalendar(year, int(match[4]), 1)
            return monday.isoformat(), (monday + datetime.timedelta(days=6)).isoformat()
        if match[6]:
            day = datetime.date(year, int(match[5]), int(match[6])).isoformat()
            return day, day
        first_month, last_month = 1, 12
        if match[2]:
            first_month, last_month = 3 * int(match[2]) - 2, 3 * int(match[2])
        elif match[3]:
            first_month, last_month = 6 * int(match[3]) - 5, 6 * int(match[3])
        elif match[5]:
            first_month = last_month = int(match[5])
        last_day = calendar.monthrange(year, last_month)[1]
        return datetime.date(year, first_month, 1).isoformat(), datetime.date(year, last_month, last_day).isoformat()
    except (ValueError, calendar.IllegalMonthError):
        return None

"""What kind of thing a question asks for, whether a text has one, and of which periods both speak."""

import re
from functools import cache

from rag.checking.figures import Figure, find, stands_in

_ASKED = {
    "percentage": (
        r"占比|比重|比例|比率|百分之|几成|增速|增长率|增幅|降幅|跌幅|涨幅|涨跌|同比|环比|利率|税率|收益率|毛利率"
        r"|(?:增长|下降|上升|提高|减少|增加|提升|回落)了?多少|百分点",
        r"per ?cent(?:age)?|percentage points?|growth(?: rate)?|by how much|what (?:share|proportion|fraction)|how fast"
        r"|(?:tax|interest|growth|unemployment|inflation) rates?|\w+ margin|year[- ]on[- ]year|yoy|grew|grow",
    ),
    "amount": (
        r"多少|多大|多高|几[个家款种项次名倍台座]|规模|总量|总额|数值|是几",
        r"how (?:many|much|large|big|high|long|far)|what (?:number|amount|size|level)|number of|total|size"
        r"|what (?:is|are|was|were) (?:the |its |their |\w+'s )?(?:\w+[ -]){0,6}?"
        r"(?:revenues?|sales|income|profits?|earnings|expenses?|costs?|price|value|debt|cash|dividends?|liabilities"
        r"|assets|index|average|capacity|shipments|forecast|guidance|estimate)\b",
    ),
    "date": (
        r"何时|什么时候|哪一?年|哪一?个?季度?|哪一?个?月|哪天|几月|日期|多久",
        r"\bwhen\b|(?:which|what) (?:year|quarter|month|date|day)|since when|how long",
    ),
    "person": (
        r"谁|哪位|何人|负责人|分析师|首席|董事长|总裁|作者",
        r"\bwho(?:m|se)?\b|chief \w+ officer|\bC[EFT]O\b|analysts?|authors?|chair(?:man|woman|person)?",
    ),
    "place": (r"地址|在哪|哪里|何处|哪个(?:国家|城市|地区)|总部", r"\bwhere\b|address|headquarter"),
    "reason": (
        r"为什么|为何|原因|因素|怎么回事|凭什么|由于什么|受什么|驱动|推动",
        r"\bwhy\b|reasons?|what (?:drove|drives|caused|causes|led|explains?|pushe[sd]|made|supported)|factors?|because",
    ),
}
_HAS = {
    "date": (
        r"\d{2,4}\s*年|\d{1,2}\s*月|季度|\d[Qq]\d|[Qq][1-4]|上半年|下半年|年初|年末|年中",
        r"(?:19|20)\d\d|january|february|march|april|may|june|july|august|september|october|november|december|quarter",
    ),
    "person": (
        r"董事长|总裁|主席|首席|理事长|行长|院长|总经理|分析师|创始人|部长|总统|总理|[CE]EO|CFO|CTO|公司|机构|联盟|银行|院|局",
        r"officer|president|chair|director|analyst|secretary|founder|minister|company|inc\b|corp|bank|agency|bureau",
    ),
    "place": (
        r"[省市区县]|[路街道]|号|楼|层|国|洲",
        r"street|avenue|road|floor|building|city|county|state|\b(?:in|at|near) [A-Z]",
    ),
    "reason": (
        r"由于|因为|因此|受.{0,30}(?:影响|拖累|推动|带动|支撑|冲击)|导致|得益于|受益于|推动|带动|驱动|拖累|支撑|使得?|促进|促使|主要[是系因]|原因|源于"
        r"|叠加|影响|抵消|有助于|随着|背景下",
        r"because|due to|owing to|as a result|result(?:ed|ing) (?:from|in)|driven|drove|reflect|attribut|thanks to"
        r"|led by|on the back|caused?|offset|supported|primarily|impact|benefit|contribut|pressure",
    ),
}
_TENTHS = re.compile(r"[一二三四五六七八九两半]成|过半|翻番|翻倍|[一二两三四五]倍")
_MONTHS = "january february march april may june july august september october november december".split(" ")
_QUARTERS = {"一": "1", "二": "2", "三": "3", "四": "4", "first": "1", "second": "2", "third": "3", "fourth": "4"}
_PERIOD = re.compile(
    r"(?<![\d.,])(?P<year>(?:19|20)\d\d)(?![\d.,]*\d|%|亿|万|家|个|只)|(?<!\d)(?P<short>\d\d)年|fy'?(?P<fy>\d\d)(?!\d)"
    r"|(?<!\d)(?P<qa>[1-4])q(?P<qay>\d\d)?(?!\d)|(?:(?<!\d)(?P<qby>\d\d))?q(?P<qb>[1-4])(?!\d)"
    r"|第?(?P<qc>[一二三四1-4])季度?|(?<![a-z])(?P<qd>first|second|third|fourth)[- ]quarter"
    r"|(?<!\d)(?P<from>1[0-2]|[1-9])\s*(?:[-—–~至到]\s*(?P<month>1[0-2]|[1-9])\s*)?月(?!活)"
    rf"|(?<![a-z])(?P<name>{'|'.join(_MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)(?![a-z])"
    r"|(?P<h1>上半年|first half|(?<!\d)1h(?!\w)|(?<![a-z])h1(?!\d))|(?P<h2>下半年|second half|(?<![a-z])h2(?!\d))",
    re.IGNORECASE,
)


@cache
def _patterns() -> tuple[dict[str, re.Pattern[str]], dict[str, re.Pattern[str]]]:
    asked, has = (
        {kind: re.compile(f"{chinese}|{english}", re.IGNORECASE) for kind, (chinese, english) in table.items()}
        for table in (_ASKED, _HAS)
    )
    return asked, has


def kinds_asked(question: str) -> frozenset[str]:
    """Of "percentage", "amount", "date", "person", "place" and "reason" those that ``question`` asks for."""
    asked, _ = _patterns()
    found = {kind for kind, pattern in asked.items() if pattern.search(question)}
    return frozenset(found - {"amount"} if "percentage" in found and "how many" not in question.lower() else found)


def kinds_share(asked: frozenset[str], question: str, text: str) -> float:
    """The share of the kinds asked that ``text`` has, 1 when none is asked. Figures of the question do not count."""
    if not asked:
        return 1.0
    figures = _new_figures(question, text) if asked & {"percentage", "amount"} else []
    return sum(_has(kind, text, figures) for kind in asked) / len(asked)


def _new_figures(question: str, text: str) -> list[Figure]:
    given = find(question)
    return [f for f in find(text) if (f.unit or not _is_year(f)) and not stands_in(f, given)]


def _is_year(figure: Figure) -> bool:
    return not figure.scaled and 1900 <= figure.value <= 2100 and figure.value == int(figure.value)


def _has(kind: str, text: str, figures: list[Figure]) -> bool:
    if kind == "percentage":
        return bool(_TENTHS.search(text)) or any(f.unit or " | " in text for f in figures)
    if kind == "amount":
        return any(f.checkable or " | " in text or f.text.isdigit() for f in figures)
    _, has = _patterns()
    return bool(has[kind].search(text))


def periods(text: str) -> frozenset[str]:
    """Years, quarters, half-years and months that ``text`` names, as "y2025", "q1", "h2", "m10"."""
    found: set[str] = set()
    for match in _PERIOD.finditer(text):
        part = match.groupdict()
        year = part["short"] or part["fy"] or part["qay"] or part["qby"]
        quarter = part["qa"] or part["qb"] or part["qc"] or part["qd"]
        if part["year"] or year:
            found.add(f"y{part['year'] or '20' + year}")
        if quarter:
            found.add(f"q{_QUARTERS.get(quarter.lower(), quarter)}")
        if part["from"]:
            found |= {f"m{month}" for month in range(int(part["from"]), int(part["month"] or part["from"]) + 1)}
        if part["name"]:
            found.add(f"m{1 + [m[:3] for m in _MONTHS].index(part['name'][:3].lower())}")
        found |= {half for half in ("h1", "h2") if part[half]}
    return frozenset(found)


def without_periods(text: str) -> str:
    """``text`` with a space for every period it names."""
    return _PERIOD.sub(" ", text)


def periods_met(asked: frozenset[str], named: frozenset[str]) -> tuple[float, float]:
    """The shares of the periods asked, by sort, that are among those ``named``, and that are contradicted by them.

    A sort (year, quarter, half, month) that is not named is neither.
    """
    sorts = {period[0] for period in asked}
    if not sorts:
        return 0.0, 0.0
    met = sum(any(p in named for p in asked if p[0] == sort) for sort in sorts)
    other = sum(
        any(p[0] == sort for p in named) and not any(p in named for p in asked if p[0] == sort) for sort in sorts
    )
    return met / len(sorts), other / len(sorts)

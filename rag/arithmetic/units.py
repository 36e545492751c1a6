"""The reader's units: 31.5亿元 as RMB 3.15 billion, $1.25 billion as 12.5亿美元."""

import re
from decimal import Decimal

_ZH_SCALES = {"万亿": 12, "亿": 8, "千万": 7, "百万": 6, "万": 4}
_EN_SCALES = {"trillion": 12, "tn": 12, "billion": 9, "bn": 9, "million": 6, "mn": 6, "thousand": 3}
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_TO = r"\s*(?:[-–—~～至到]|to)\s*"
_CHINESE = re.compile(
    rf"(?P<currency>US\$|HK\$|RMB\s?|[$¥￥€£])?(?P<first>(?<![\d.,A-Za-z]){_NUMBER})\s?(?P<scale1>万亿|亿|千万|百万"
    rf"|万)?"
    rf"(?:{_TO}(?P<second>{_NUMBER})\s?(?P<scale2>万亿|亿|千万|百万|万))?"
    r"(?P<unit>人民币|元人民币|美元|美金|港[元币]|欧元|日元|英镑|元|户|人次|人|个|家|台|条|部|辆|吨|股|件|套|次"
    r"|平方米|千瓦时)?"
)
_ENGLISH = re.compile(
    rf"(?P<currency>(?:US|HK|A|C)?\$|RMB\s?|CNY\s?|USD\s?|EUR\s?|GBP\s?|JPY\s?|HKD\s?|[¥€£])?\s?"
    rf"(?P<first>(?<![\d.,A-Za-z]){_NUMBER})(?:\s?(?P<scale1>trillion|billion|million|tn|bn|mn))?"
    rf"(?:{_TO}(?:(?:US|HK)?\$|RMB\s?|[¥€£])?(?P<second>{_NUMBER})\s?(?P<scale2>trillion|billion|million|tn|bn"
    rf"|mn))?(?![A-Za-z])"
    r"(?:\s(?P<unit>U\.?S\.? dollars|US dollars|dollars|yuan|euros|pounds|yen))?",
    re.IGNORECASE,
)
_TO_ENGLISH = {
    "美元": "USD", "美金": "USD", "港元": "HKD", "港币": "HKD", "欧元": "EUR", "日元": "JPY", "英镑": "GBP",
    "元": "CNY",
    "人民币": "CNY", "元人民币": "CNY",
}  # fmt: skip
_SYMBOLS = {"CNY": "RMB ", "USD": "$", "HKD": "HK$", "EUR": "€", "JPY": "JPY ", "GBP": "£"}
_TO_CHINESE = {
    "$": "美元", "us$": "美元", "usd": "美元", "hk$": "港元", "hkd": "港元", "€": "欧元", "eur": "欧元", "£": "英镑",
    "gbp": "英镑", "rmb": "元", "cny": "元", "¥": "元", "jpy": "日元", "a$": "澳元", "c$": "加元",
    "dollars": "美元", "u.s. dollars": "美元", "us dollars": "美元", "yuan": "元", "euros": "欧元", "pounds": "英镑",
    "yen": "日元",
}  # fmt: skip


def replaced(text: str, language: str) -> tuple[str, list[tuple[str, str]]]:
    """``text`` with its large figures in the reader's units, and each of these with its original.

    For "en" figures in 亿 and 万 are put into billion and million, for "zh" the other way. A figure that already has
    its other form beside it, as in "$1.25 billion (12.5亿美元)", stays as it is; so do percentages and plain numbers.
    """
    found: list[tuple[str, str]] = []
    return _said(text, language, found), found


def _said(text: str, language: str, found: list[tuple[str, str]]) -> str:
    pattern, say = (_CHINESE, _english) if language == "en" else (_ENGLISH, _chinese)
    parts: list[str] = []
    last = 0
    for match in pattern.finditer(text):
        if not (match["scale1"] or match["scale2"]) or _is_beside(text, match, language):
            continue
        if match["second"] and _is_change(text, match):
            cut = match.end("scale1") if match["scale1"] else match.end("first")
            parts += [text[last : match.start()], _said(text[match.start() : cut], language, found)]
            parts.append(_said(text[cut : match.end()], language, found))
            last = match.end()
            continue
        new = say(match)
        original = match[0].strip()
        lead = match[0][: len(match[0]) - len(match[0].lstrip())]
        left = text[match.start() - 1 : match.start()] if match.start() else ""
        space = " " if language == "en" and left and not left.isspace() and left not in '([（“"' and not lead else lead
        found.append((new, original))
        follows = text[match.end() : match.end() + 1]
        tail = " " if language == "en" and follows.isalnum() else ""
        parts += [text[last : match.start()], space, new, tail]
        last = match.end()
    return "".join(parts) + text[last:]


def _is_change(text: str, match: re.Match[str]) -> bool:
    """Whether two figures are no range: "from 2 to 3 billion", or a year before a figure."""
    if re.search(r"(?:\bfrom|[由从])\s*$", text[: match.start()], re.IGNORECASE):
        return True
    return not match["scale1"] and bool(re.fullmatch(r"(?:19|20)\d\d", match["first"]))


def _is_beside(text: str, match: re.Match[str], language: str) -> bool:
    """Whether the figure stands in brackets behind its other form, or that form in brackets behind it."""
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    other = _ENGLISH if language == "en" else _CHINESE
    if before.endswith(("(", "（")):
        shown = list(other.finditer(before[:-1]))
        if shown and not before[shown[-1].end() : -1].strip():
            return True
    if after.startswith(("(", "（")):
        inside = other.match(after, 1)
        return bool(inside and (inside["scale1"] or inside["scale2"]))
    return False


def _english(match: re.Match[str]) -> str:
    unit = match["unit"] or ""
    currency = (match["currency"] or "").strip().upper()
    symbol = _SYMBOLS.get(_TO_ENGLISH.get(unit, ""), "") or ("RMB " if currency in {"¥", "￥", "RMB"} else currency)
    values = _values(match, _ZH_SCALES)
    name, power = next(
        ((n, p) for n, p in (("trillion", 12), ("billion", 9), ("million", 6)) if max(values) >= 10**p), ("", 0)
    )
    shown = " to ".join(f"{_plain(value, power)}" for value in values)
    return f"{symbol}{shown}{' ' + name if name else ''}"


def _chinese(match: re.Match[str]) -> str:
    currency = _TO_CHINESE.get((match["unit"] or match["currency"] or "").strip().lower(), "")
    values = _values(match, _EN_SCALES)
    name, power = next(((n, p) for n, p in (("万亿", 12), ("亿", 8), ("万", 4)) if max(values) >= 10**p), ("", 0))
    return "至".join(_plain(value, power) for value in values) + name + currency


def _values(match: re.Match[str], scales: dict[str, int]) -> list[Decimal]:
    """One value, or the two ends of a range; the first end has the second's scale where it names none."""
    second = (match["scale2"] or "").lower()
    first = (match["scale1"] or second).lower()
    values = [Decimal(match["first"].replace(",", "")) * Decimal(10) ** scales[first]]
    if match["second"]:
        values.append(Decimal(match["second"].replace(",", "")) * Decimal(10) ** scales[second])
    return values


def _plain(value: Decimal, power: int) -> str:
    """A value in units of 10**power with all its digits and thousands separators."""
    number = (value / Decimal(10) ** power).normalize()
    exponent = number.as_tuple().exponent
    return f"{number:,.{max(0, -exponent) if isinstance(exponent, int) else 0}f}"

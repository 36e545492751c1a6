"""Which figures of a text say how much something is, and what they count."""

import re
from functools import lru_cache

from rag.checking.figures import SMALL, Figure
from rag.checking.figures import find as find_figures

_SCALED = r"(?:%|个?百分点|[亿万千]+)?"
_RANGE = re.compile(
    rf"^\s*{_SCALED}\s*(?:[-—–~～至到]|to\b|and(?= \$?\d[\d.,]* (?:million|billion|per)))\s*[$¥€£]?\d", re.IGNORECASE
)
_RANGE_BEFORE = re.compile(
    rf"(?:\d[\d.,]*\s*{_SCALED}\s*[-—–~～至到]|\d[\d.,]*\s*(?:million|billion|%)?\s+to\s+[$¥€£]?"
    r"|between [$¥€£]?[\d.,]+ (?:million |billion )?and [$¥€£]?)\s*$",
    re.IGNORECASE,
)
_NO_MEASURE = re.compile(
    r"^\s*(?:年(?!均)|月|日(?!活|均)|号|季度|期|章|节|版|页|[、.)）]\s|°|[A-Za-z]*[-/][A-Za-z])"
    r"|^\s*(?:months?|weeks?|days?|years?|quarters?|hours?)\b"
    r"|^\s*个?(?:月|季度|周|交易日|工作日|基点至)(?!活)",
    re.IGNORECASE,
)
_LABEL_BEFORE = re.compile(
    r"(?:图表?|表|第|No\.|\b(?:Note|Item|Figure|Table|Exhibit|Section|Page|Form|ASC|ASU|IFRS|IAS|Article|Chapter"
    r"|Schedule"
    r"|Clause|Paragraph|Regulation|Title|Law|Topic|Level|Tier|Part|Rule))\s*$",
    re.IGNORECASE,
)
_CURRENCIES = tuple(
    (name, re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE))
    for name, before, after in (
        ("hkd", r"(?:HK\$|HKD)\s*$", r"^\s*(?:港元|港币)"),
        ("usd", r"(?:US)?\$\s*\(?$|USD\s*$", r"^\)?\s*(?:美元|美金|USD|(?:U\.?S\.? )?dollars)"),
        ("cny", r"(?:RMB|CNY|[¥￥]|人民币)\s*$", r"^\s*(?:人民币|元|yuan|RMB)"),
        ("eur", r"(?:€|EUR)\s*$", r"^\s*(?:欧元|euros?)"),
        ("jpy", r"JPY\s*$", r"^\s*(?:日元|yen)"),
        ("gbp", r"(?:£|GBP)\s*$", r"^\s*(?:英镑|pounds?)"),
    )
)
MONEY = frozenset(name for name, _, _ in _CURRENCIES)
_SIGN_BEFORE = re.compile(r"(?:RMB|USD|US|CNY|EUR|HKD|\s[a-z]+)\s*$")
_PER = re.compile(r"^\s*(?:人民币|美元|元|欧元|日元|港元)?\s*[/／]\s*([A-Za-z\u4e00-\u9fff]{1,6})")
NOUN = re.compile(r"\s*(?:[-–]\s*)?([A-Za-z][A-Za-z/·]*|[\u4e00-\u9fff]{1,2})")
_NO_NOUN = frozenset(
    "of to in on at and or for from by with as was were is are the a an per than that which other".split(" ")
)
_CLASSIFIERS = frozenset("个户台辆吨人家名位项亩座件套颗片部张次倍艘架头股桶艇笔款场站天万亿元")
_SAME_CLASSIFIER = {"名": "人", "位": "人", "家": "个"}
COUNTED = 1000  # whole numbers below without a unit or a noun are numbers of things, not measures


@lru_cache(maxsize=4096)
def find(text: str) -> tuple[Figure, ...]:
    """The figures of a text; a sentence is looked at more than once."""
    return tuple(find_figures(text))


def measures(text: str, figure: Figure) -> bool:
    """Whether a figure of a text says how much something is: no date, no number of a note, no end of a range."""
    before, after = text[max(0, figure.start - 24) : figure.start], text[figure.end : figure.end + 16]
    if _NO_MEASURE.match(after) or _RANGE.match(after) or _RANGE_BEFORE.search(before) or _LABEL_BEFORE.search(before):
        return False
    if re.search(r"[A-Za-z][-/]?$", before) and not _SIGN_BEFORE.search(before):
        return False
    if figure.unit or figure.scaled:
        return True
    size = abs(figure.value)
    if re.match(r"[-/]\d", after):
        return False
    if (
        size == int(size)
        and "," not in figure.text
        and (size <= SMALL or (size < COUNTED and not noun_of(text, figure)))
    ):
        return False
    return not 1900 <= size <= 2100 or bool(noun_of(text, figure))


def noun_of(text: str, figure: Figure) -> str:
    """What a figure counts: its unit, a currency, or the noun after it; "" when nothing says."""
    if figure.unit:
        return {"bp": "pp"}.get(figure.unit, figure.unit)
    before, after = text[max(0, figure.start - 8) : figure.start], text[figure.end : figure.end + 40]
    for name, mark, word in _CURRENCIES:
        if mark.search(before) or word.match(after):
            per = _PER.match(after)
            return f"{name}/{per[1]}" if per else name
    match = NOUN.match(after)
    noun = match[1].lower() if match else ""
    if noun in _NO_NOUN:
        return ""
    if noun.isascii():
        return noun.rstrip("s") if len(noun) > 3 else noun
    return _SAME_CLASSIFIER.get(noun[0], noun[0]) if noun[0] in _CLASSIFIERS else noun

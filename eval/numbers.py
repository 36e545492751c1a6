"""The figures of a text with value, last digit, unit, currency and sign, read apart from the check of answers.

Nothing is taken from ``rag.checking``, so that a mistake there shows in the evaluation.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

SMALL = 12
"""Whole numbers up to here without unit or scale count things or number them."""

SCALES = {
    "万亿": 12, "trillion": 12, "tn": 12, "billion": 9, "bn": 9, "b": 9, "亿": 8, "千万": 7, "百万": 6, "million": 6,
    "mn": 6, "m": 6, "万": 4, "千": 3, "thousand": 3, "k": 3,
    "cents": -2, "cent": -2,
}  # fmt: skip
"""Powers of ten by name."""

_KINDS = {
    "%": "%", "percent": "%", "per cent": "%", "个百分点": "pp", "百分点": "pp", "percentage point": "pp",
    "percentage points": "pp", "pp": "pp", "ppt": "pp", "ppts": "pp", "pct": "pct", "个基点": "bp", "基点": "bp",
    "basis point": "bp", "basis points": "bp", "bp": "bp", "bps": "bp", "points": "points",
}  # fmt: skip
_MEASURES: dict[str, tuple[str, str]] = {
    "TWh": ("Wh", "1e12"), "GWh": ("Wh", "1e9"), "MWh": ("Wh", "1e6"), "kWh": ("Wh", "1e3"), "千瓦时": ("Wh", "1e3"),
    "度电": ("Wh", "1e3"), "GW": ("W", "1e9"), "MW": ("W", "1e6"), "兆瓦": ("W", "1e6"), "kW": ("W", "1e3"),
    "千瓦": ("W", "1e3"), "吉瓦": ("W", "1e9"), "吨": ("t", "1"), "tonnes": ("t", "1"), "tonne": ("t", "1"),
    "tons": ("t", "1"), "千克": ("t", "1e-3"), "公斤": ("t", "1e-3"), "kg": ("t", "1e-3"), "公里": ("m", "1e3"),
    "千米": ("m", "1e3"), "km": ("m", "1e3"), "平方米": ("m2", "1"), "sqm": ("m2", "1"), "桶": ("bbl", "1"),
    "barrels": ("bbl", "1"), "倍": ("x", "1"), "times": ("x", "1"), "x": ("x", "1"), "个月": ("months", "1"),
    "months": ("months", "1"), "周": ("weeks", "1"), "weeks": ("weeks", "1"), "天": ("days", "1"),
    "days": ("days", "1"), "小时": ("hours", "1"), "hours": ("hours", "1"), "years": ("years", "1"),
    "人": ("persons", "1"),
    "名": ("persons", "1"), "people": ("persons", "1"), "employees": ("persons", "1"), "户": ("households", "1"),
    "households": ("households", "1"), "家": ("companies", "1"), "座": ("sites", "1"), "台": ("pieces", "1"),
    "辆": ("vehicles", "1"), "vehicles": ("vehicles", "1"), "股": ("shares", "1"), "shares": ("shares", "1"),
    "stores": ("stores", "1"), "门店": ("stores", "1"), "年": ("years", "1"),
    "项": ("items", "1"), "种": ("items", "1"),
}  # fmt: skip
"""What a figure counts, by the word behind it: the thing or dimension and the factor to its base unit."""

_COUNTED = {"companies": "sites", "sites": "sites", "stores": "sites", "items": "sites", "pieces": "sites"}
"""Chinese measure words that English has no word for: they are no reason to call two counts different."""

_CURRENCIES = (
    ("HKD", r"HK\$|HKD|港元|港币"),
    ("USD", r"US\$|USD|美元|美金|US dollars?|dollars?|\$"),
    ("EUR", r"€|EUR|欧元|euros?"),
    ("GBP", r"£|GBP|英镑|pounds? sterling|pounds?"),
    ("JPY", r"JPY|日元|yen"),
    ("CNY", r"RMB|CNY|人民币|yuan|元|¥"),
)
_CURRENCY = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _CURRENCIES)
_BEFORE = re.compile(rf"(?:{_CURRENCY})\s*\(?[-−]?$", re.IGNORECASE)
_BEHIND = re.compile(rf"\s*(?:{_CURRENCY})(?![a-z])", re.IGNORECASE)


def _choice(words: Iterable[str]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word) + (r"(?![a-z])" if re.search("[A-Za-z]$", word) else "") for word in ordered)


_FIGURE = re.compile(
    r"(?<![\d.])(?<![A-Za-z_])(?<!\d,)(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d_]|Q\d)"
    rf"\s*[()]?\s*(?P<scale>(?!千(?:瓦|克|米|卡))(?:{_choice(SCALES)}))?\)?\s*(?P<kind>{_choice(_KINDS)})?",
    re.IGNORECASE,
)
_MEASURE = re.compile(rf"\s*-?(?:多|余)?(?P<measure>{_choice(_MEASURES)})", re.IGNORECASE)
_MEASURE_OF = {word.lower(): meaning for word, meaning in _MEASURES.items()}
_GLUED = re.compile(r"(?<=RMB|USD|CNY|EUR|HKD|GBP|JPY)(?=[\d(-])|(?<=US)(?=\$)", re.IGNORECASE)
_MINUS = re.compile(r"(?P<bracket>\()?\s*(?P<sign>[-−–])?\s*[$€£¥]?\s*$")
_RANGE = re.compile(r"\s*(?:[-–—~]|至|到|to)\s*(?:US\s?)?[$€£¥]?\s*")
_PERCENT_BEFORE = re.compile(r"百分之(负)?\s*(\d+(?:\.\d+)?|[一二三四五六七八九十]+)")
_CHINESE_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CHINESE_COUNT = re.compile(
    r"(?<![第\d一二两三四五六七八九十百千万亿])([一二两三四五六七八九]?十[一二三四五六七八九]?|[两三四五六七八九])"
    r"(?=个月|个百分点|个基点|家|座|台|辆|人|名|项|种|倍|天|年(?!报|级)|小时|周)"
)
_ENGLISH_COUNT = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?=[ -](?:years?|months?|weeks?|days?|hours?|"
    r"times|stores|plants?|sites?|companies|people|employees|percent|percentage|basis|provinces|regions|segments|products))",
    re.IGNORECASE,
)
_ENGLISH_DIGITS = "zero one two three four five six seven eight nine ten eleven twelve".split(" ")


@dataclass(frozen=True, slots=True)
class Number:
    """A figure where it stands in a flattened text (:func:`flatten`).

    ``value`` is in ones, without sign; ``step`` the size of its last digit; ``kind`` "", "%", "pp", "pct", "bp"
    or "points";
    ``digits`` the number as it is written, without its scale. ``sign`` is -1 where a minus or accounting brackets are
    written, +1 for a plus, else 0. ``currency`` is an ISO code or "". ``measure`` says what it counts ("Wh", "t",
    "persons") with ``factor`` to its base unit, or "".
    """

    text: str
    value: Decimal
    step: Decimal
    kind: str
    scaled: bool
    digits: Decimal
    start: int
    end: int
    sign: int = 0
    currency: str = ""
    measure: str = ""
    factor: Decimal = Decimal(1)

    @property
    def counted(self) -> bool:
        """Whether it is more than a small count or a numeral."""
        return bool(self.kind) or self.scaled or self.value > SMALL or self.value != int(self.value)

    @property
    def year(self) -> bool:
        """Whether it can only be a year: a bare whole number from 1900 to 2100."""
        bare = not (self.kind or self.scaled or self.currency or self.sign) and self.measure in {"", "years"}
        return bare and self.step == 1 and 1900 <= self.value <= 2100 and "," not in self.text


def flatten(text: str) -> str:
    """Give a text as figures are read in it: NFKC, small counts in words and 百分之 as digits."""
    flat = _GLUED.sub(" ", unicodedata.normalize("NFKC", text))
    flat = _PERCENT_BEFORE.sub(lambda m: f"{'-' * bool(m[1])}{_digits(m[2])}%", flat)
    flat = _CHINESE_COUNT.sub(lambda m: _digits(m[1]), flat)
    return _ENGLISH_COUNT.sub(lambda m: str(_ENGLISH_DIGITS.index(m[1].lower())), flat)


def _digits(numeral: str) -> str:
    if numeral[0].isdigit():
        return numeral
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return str(_CHINESE_DIGITS[numeral])
    return str(10 * _CHINESE_DIGITS.get(tens, 1) + _CHINESE_DIGITS.get(ones, 0))


@lru_cache(maxsize=4096)
def numbers(text: str) -> tuple[Number, ...]:
    """Find the figures of a text in order; full-width forms and thousands separators count.

    Places are those in ``flatten(text)``.
    """
    flat = flatten(text)
    found: list[Number] = []
    for match in _FIGURE.finditer(flat):
        digits = Decimal(match["number"].replace(",", ""))
        scale = Decimal(10) ** SCALES.get((match["scale"] or "").lower(), 0)
        exponent = digits.as_tuple().exponent
        assert isinstance(exponent, int)  # noqa: S101 - the pattern has neither NaN nor infinity
        text_of = match[0].strip() if match["kind"] else match[0].rstrip(" ()")
        end = match.start() + len(text_of)
        measure, factor = _measure(flat, end) if not match["kind"] else ("", Decimal(1))
        found.append(
            Number(
                text=text_of,
                value=digits * scale,
                step=Decimal(10) ** exponent * scale,
                kind=_KINDS.get((match["kind"] or "").lower(), ""),
                scaled=scale != 1,
                digits=digits,
                start=match.start(),
                end=end,
                sign=_sign(flat, match.start(), end, found[-1].end if found else 0),
                currency=_currency(flat, match.start(), end),
                measure=measure,
                factor=factor,
            )
        )
    return tuple(_ranged(flat, found))


def _ranged(flat: str, found: list[Number]) -> list[Number]:
    """Give the first end of a range the scale, unit and currency of its second: $64 to $72 billion, 80-90%."""
    for i in range(len(found) - 1, 0, -1):
        first, second = found[i - 1], found[i]
        plain = not (first.kind or first.scaled or first.measure or first.year) and first.digits < second.digits
        if plain and (second.kind or second.scaled) and _RANGE.fullmatch(flat[first.end : second.start]):
            size = second.value / second.digits
            found[i - 1] = replace(
                first,
                value=first.value * size,
                step=first.step * size,
                kind=second.kind,
                scaled=second.scaled,
                currency=first.currency or second.currency,
                measure=second.measure,
                factor=second.factor,
            )
    return found


def _sign(flat: str, start: int, end: int, before: int) -> int:
    """-1 for a minus or accounting brackets; a dash between two figures is no minus."""
    lead = flat[max(0, start - 6) : start]
    match = _MINUS.search(lead)
    if lead.endswith("+"):
        return 1
    if match is None:
        return 0
    if match["sign"]:
        place = start - len(lead) + match.start("sign")
        char = flat[place - 1] if place else " "
        ranged = before and place - before <= 3 and not flat[before:place].count(" ")
        return 0 if (char.isascii() and char.isalnum()) or ranged else -1
    if match["bracket"]:
        if flat[start:end].endswith("%") and ")" not in flat[start:end] and flat[:start].rstrip("( ")[-1:].isalpha():
            return 0  # "Services (20.1%)" is a remark, "(2.8)%" a minus
        behind = flat[end : end + 1]
        inside = flat[start:end]
        return -1 if (behind == ")" or ")" in inside) and re.fullmatch(r"[\d.,]+(?:\)\D*|\s*%?)", inside) else 0
    return 0


def _currency(flat: str, start: int, end: int) -> str:
    before = _BEFORE.search(flat[max(0, start - 14) : start])
    if before:
        return str(before.lastgroup)
    behind = _BEHIND.match(flat[end : end + 16].lstrip(")"))
    return str(behind.lastgroup) if behind else ""


def _measure(flat: str, end: int) -> tuple[str, Decimal]:
    match = _MEASURE.match(flat[end : end + 14].lstrip(")"))
    if not match:
        return "", Decimal(1)
    name, factor = _MEASURE_OF[match["measure"].lower()]
    return _COUNTED.get(name, name), Decimal(factor)
